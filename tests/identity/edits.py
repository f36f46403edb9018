"""Every way to edit a folder, each with what a learner should see of it.

An edit is a function on a folder; the names of these functions are those of the tests. What is in
no part of its effect must not be touched at all.
"""

from dataclasses import dataclass

from content import CONCURRENCY, FIRST, OWNERSHIP, SECOND, Folder, Question, folder


@dataclass(frozen=True)
class Effect:
    """What an edit means for a learner; questions go by their keys."""

    updated: tuple[str, ...] = ()
    """Notes whose fields or tags are replaced."""
    added: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    revived: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    """Notes whose cards Anki leaves in a deck that is no longer theirs."""
    warning: str | None = None
    """The diagnostic that says on what evidence a question was found again."""
    arguments: tuple[str, ...] = ()
    """What the build is called with."""


NEW_ANSWER = (
    "A slice never owns anything: it remembers where its first byte is and how many follow, "
    "which makes passing it around free."
)


def answered_anew(of: Folder) -> Effect:
    of.questions["slice"].answer = NEW_ANSWER
    return Effect(updated=("slice",))


def answered_anew_once_more(of: Folder) -> Effect:
    of.questions["slice"].answer += " The string it points into must live longer."
    return Effect(updated=("slice",))


def reworded(of: Folder) -> Effect:
    of.questions["slice"].asks = "Of what does a `&str` consist, and what does it cost?"
    return Effect(updated=("slice",), warning="near-match")


def reworded_in_markup_alone(of: Folder) -> Effect:
    of.questions["slice"].asks = "Why are *string slices* a pair of numbers?"
    return Effect(updated=("slice",))


def reworded_and_answered_anew(of: Folder) -> Effect:
    question = of.questions["channel"]
    question.asks = "How does a bounded channel slow down a producer that is too fast?"
    question.answer = question.answer.replace("Once the buffer is full", "As soon as it is full")
    return Effect(updated=("channel",), warning="near-match")


def moved_to_another_topic(of: Folder) -> Effect:
    question = of.take("slice")
    question.topic = CONCURRENCY
    of.files[FIRST].append(question)
    return Effect(updated=("slice",), moved=("slice",))


def moved_to_another_file(of: Folder) -> Effect:
    of.files[SECOND].insert(0, of.take("slice"))
    return Effect()


def moved_to_another_topic_and_file(of: Folder) -> Effect:
    question = of.take("slice")
    question.topic = CONCURRENCY
    of.files[SECOND].insert(2, question)
    return Effect(updated=("slice",), moved=("slice",))


def reordered(of: Folder) -> Effect:
    for page in of.files.values():
        page.reverse()
    return Effect()


def file_renamed(of: Folder) -> Effect:
    of.files = {"a-new-name.md": of.files[FIRST], SECOND: of.files[SECOND]}
    return Effect()


def folder_renamed(of: Folder) -> Effect:
    of.files = {FIRST: of.files[FIRST], "chapters/two/concurrency.md": of.files[SECOND]}
    return Effect()


def topic_renamed(of: Folder) -> Effect:
    for question in of.files[FIRST]:
        question.topic = "Who owns what"
    keys = tuple(question.key for question in of.files[FIRST])
    return Effect(updated=keys, moved=keys)


def key_points_edited(of: Folder) -> Effect:
    of.questions["slice"].points[1:] = ["no byte is copied", "bounds are checked"]
    return Effect(updated=("slice",))


def tagged_by_its_author(of: Folder) -> Effect:
    of.questions["slice"].attributes = ".strings"
    return Effect(updated=("slice",))


def given_an_explicit_id(of: Folder) -> Effect:
    of.questions["slice"].attributes = "#my-own-id"
    return Effect()


def reworded_entirely_under_its_explicit_id(of: Folder) -> Effect:
    question = of.questions["slice"]
    question.asks, question.answer = "And now?", "Something else altogether, by name alone."
    question.points = ["nothing is left"]
    return Effect(updated=("slice",))


def twin_answered_anew(of: Folder) -> Effect:
    """Of two questions that read the same, the one that was edited is updated."""
    of.questions["twin-share"].answer = "They lock in another order than their neighbours do."
    return Effect(updated=("twin-share",), warning="near-match")


def twins_swap_places(of: Folder) -> Effect:
    """Of two that read the same, each is where its answer is: that is what a learner knows."""
    own, share = of.questions["twin-own"], of.questions["twin-share"]
    first, second = of.files[FIRST].index(own), of.files[SECOND].index(share)
    of.files[FIRST][first], of.files[SECOND][second] = share, own
    own.topic, share.topic = CONCURRENCY, OWNERSHIP
    keys = ("twin-own", "twin-share")
    return Effect(updated=keys, moved=keys)


def twin_reworded_and_its_place_taken(of: Folder) -> Effect:
    """One twin stands where the other stood, which asks otherwise now."""
    own, share = of.questions["twin-own"], of.take("twin-share")
    own.asks = "Why do beginners clone so much?"
    share.topic = OWNERSHIP
    of.files[FIRST].insert(of.files[FIRST].index(own), share)
    keys = ("twin-own", "twin-share")
    return Effect(updated=keys, moved=("twin-share",), warning="near-match")


def twins_in_one_topic(of: Folder) -> Effect:
    question = of.take("twin-share")
    question.topic = OWNERSHIP
    of.files[FIRST].insert(0, question)
    keys = ("twin-share",)
    return Effect(updated=keys, moved=keys, warning="duplicate-question")


def twin_deleted(of: Folder) -> Effect:
    of.take("twin-own")
    return Effect(deleted=("twin-own",))


def twin_moved_to_where_the_other_was(of: Folder) -> Effect:
    """It stays itself: a question that is gone is no better match for standing at the place."""
    question = of.take("twin-share")
    question.topic = OWNERSHIP
    of.files[FIRST].append(question)
    return Effect(updated=("twin-share",), moved=("twin-share",))


def file_split_in_two(of: Folder) -> Effect:
    page = of.files[FIRST]
    of.files = {"1.md": page[:2], "2.md": page[2:], SECOND: of.files[SECOND]}
    return Effect()


def files_merged(of: Folder) -> Effect:
    of.files = {"all.md": [question for page in of.files.values() for question in page]}
    return Effect()


def two_questions_swapped(of: Folder) -> Effect:
    page = of.files[FIRST]
    page[0], page[2] = page[2], page[0]
    return Effect()


def retyped(of: Folder) -> Effect:
    """Line endings, wrapping and ways to write the same markup are not content."""
    of.newline = "\r\n"
    of.respell = {
        r"^- ": "* ",
        r"(?<![*\w])\*(\w[^*\n]*\w)\*(?!\*)": r"_\1_",
        r"^\*\*(Answer|Key points to hit):\*\*": r"__\1:__",
        r"^(?!#)(.*?[,;]) ": "\\1\n",
        r"^---$": "***",
    }
    return Effect()


def inserted_above(of: Folder) -> Effect:
    question = Question(
        "stack",
        "Which values live on the stack?",
        "Those whose size is known when the program is compiled, unless they are put in a box.",
        ["size known at compile time"],
        OWNERSHIP,
    )
    of.files[FIRST].insert(0, question)
    return Effect(added=("stack",))


def inserted_with_the_words_of_another(of: Folder) -> Effect:
    """A third question that reads as two others do takes nothing from them."""
    question = Question(
        "triplet",
        "What is the classic mistake here?",
        "To write unit tests for each line of unsafe code and no sentence on why it is sound.",
        ["say why it is sound"],
        "Unsafe code",
    )
    of.files[SECOND].append(question)
    return Effect(added=("triplet",))


def deck_title_renamed(of: Folder) -> Effect:
    of.title = "Rust, the hard parts"
    return Effect(moved=tuple(of.questions))


def deleted(of: Folder) -> Effect:
    of.take("slice")
    return Effect(deleted=("slice",))


def brought_back(of: Folder) -> Effect:
    of.files[SECOND].append(folder().questions["slice"])
    return Effect(revived=("slice",))


def brought_back_with_another_answer(of: Folder) -> Effect:
    question = folder().questions["slice"]
    question.answer = NEW_ANSWER
    of.files[FIRST].insert(0, question)
    return Effect(revived=("slice",), updated=("slice",), warning="near-match")


def retired(of: Folder) -> Effect:
    of.questions["slice"].attributes = ".retired"
    return Effect(updated=("slice",))


def nothing_edited(of: Folder) -> Effect:
    return Effect()


def refreshed(of: Folder) -> Effect:
    """Everything goes out once more; a learner's own edits go with it, as was asked for."""
    return Effect(updated=tuple(of.questions), arguments=("--refresh",))


STORIES = [
    [answered_anew],
    [answered_anew, answered_anew_once_more],
    [reworded],
    [reworded_in_markup_alone],
    [reworded_and_answered_anew],
    [moved_to_another_topic],
    [moved_to_another_file],
    [moved_to_another_topic_and_file],
    [reordered],
    [file_renamed],
    [folder_renamed],
    [topic_renamed],
    [key_points_edited],
    [tagged_by_its_author],
    [given_an_explicit_id],
    [given_an_explicit_id, reworded_entirely_under_its_explicit_id],
    [twin_answered_anew],
    [twins_swap_places],
    [twin_reworded_and_its_place_taken],
    [twins_in_one_topic],
    [twin_deleted, twin_moved_to_where_the_other_was],
    [file_split_in_two],
    [files_merged],
    [two_questions_swapped],
    [retyped],
    [inserted_above],
    [inserted_with_the_words_of_another],
    [deck_title_renamed],
    [deleted],
    [deleted, brought_back],
    [deleted, brought_back_with_another_answer],
    [deleted, inserted_above, file_renamed, brought_back],
    [retired],
    [nothing_edited],
    [refreshed],
    [
        given_an_explicit_id,
        reordered,
        topic_renamed,
        reworded_and_answered_anew,
        deck_title_renamed,
        inserted_above,
        key_points_edited,
        files_merged,
        twin_answered_anew,
        retyped,
        deleted,
        nothing_edited,
    ],
]
"""Edits one after the other, with a build and an import after each."""
