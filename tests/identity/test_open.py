"""Pairs that rest on evidence alone: warned of until their author says who is who."""

import pytest
from edits import reworded_and_answered_anew
from press import Press
from story import Story

OPEN = "near-match"
"""What a build says of an open pair."""


@pytest.fixture
def pair(story: Story) -> Story:
    """A story whose question `channel` has just been rewritten on both sides, and built again.

    Every card was reviewed before.
    """
    story.build()
    story.import_package()
    story.desk.review()
    reworded_and_answered_anew(story.folder)
    assert story.build() == [OPEN]
    return story


def test_a_pair_is_open_until_it_is_accepted(pair: Story):
    """A build more, as in an editor that saves by itself, does not settle it."""
    known = pair.ids["channel"]
    for _ in range(3):
        assert pair.build() == [OPEN]
        assert [line["code"] for line in pair.plan().lines if "code" in line] == [OPEN]
    accept(pair.press)
    check_settled(pair)
    assert id_of(pair, "channel") == known


def test_one_pair_is_accepted_by_its_id(pair: Story):
    question = pair.folder.questions["slice"]
    question.asks = "Which pair of numbers is a string slice made of?"
    question.answer = question.answer.replace("without copying any bytes", "and copy no byte")
    assert pair.build() == [OPEN, OPEN]
    accept(pair.press, pair.ids["slice"])
    assert pair.build() == [OPEN]
    accept(pair.press, pair.ids["channel"])
    check_settled(pair)


def test_check_writes_the_id_of_an_open_pair(pair: Story):
    known = pair.ids["channel"]
    assert pair.press.run(pair.now, "check", "--fix").returncode == 0
    page = "".join(path.read_text() for path in pair.press.content.rglob("*.md"))
    assert page.count("{#") == page.count(f"{{#{known}}}") == 1
    pair.folder.questions["channel"].attributes = f"#{known}"
    check_settled(pair)


def test_an_author_says_that_it_is_a_new_question(pair: Story):
    """Its reviews stay with what they are of, on a note that the plan finds as retired."""
    desk, old = pair.desk, pair.ids.pop("channel")
    before = desk.snapshot()
    pair.folder.questions["channel"].attributes = "id=new"
    assert pair.build() == []
    new = pair.ids["channel"]
    assert new != old
    log = pair.import_package()
    assert (log.new, log.updated, log.conflicting) == (1, 0, 0)
    after = desk.snapshot()
    assert {card: after.cards[card] for card in before.cards} == before.cards
    assert after.notes.keys() == before.notes.keys() | {new}
    assert not desk.reviewed() & set(desk.ords(new).values())
    assert desk.find(pair.plan().summary["retired_search"]) == {old}

    check_settled(pair)
    assert id_of(pair, "channel") == new, "it acts once"
    pair.folder.questions["channel"].asks += " And a slow one?"
    pair.build()
    assert id_of(pair, "channel") == new, "it acts once, also when the question is edited"


def test_an_author_says_that_it_is_the_retired_question(pair: Story):
    """Who took it for a new question first gets the reviews back."""
    desk, old = pair.desk, pair.ids.pop("channel")
    question = pair.folder.questions["channel"]
    question.attributes = "id=new"
    pair.build()
    new = pair.ids["channel"]
    pair.import_package()

    question.attributes = f"#{old}"
    assert pair.build() == []
    assert id_of(pair, "channel") == old
    log = pair.import_package()
    assert (log.new, log.conflicting) == (0, 0)
    assert desk.reviewed() >= set(desk.ords(old).values())
    pair.ids["channel"] = old
    pair.check_texts(["channel"])
    assert desk.find(pair.plan().summary["retired_search"]) == {new}
    check_settled(pair)


def test_a_question_is_replaced_and_put_back(pair: Story):
    """As editors do that save by themselves, with a build after each save."""
    accept(pair.press)
    question = pair.folder.questions["channel"]
    known, asks, answer = pair.ids["channel"], question.asks, question.answer
    question.asks, question.answer = "Who sweeps the floor?", "Whoever comes last."
    pair.build()
    assert id_of(pair, "channel") != known
    question.asks, question.answer = asks, answer
    assert pair.build() == []
    assert id_of(pair, "channel") == known


def accept(press: Press, *ids: str) -> None:
    """Confirms open pairs, all of them if none is named."""
    result = press.accept(*ids)
    assert result.returncode == 0, result.stdout + result.stderr


def check_settled(story: Story) -> None:
    """Nothing is warned of any more, nor would anything change."""
    assert story.build() == []
    assert story.plan().exit == 0


def id_of(story: Story, key: str) -> str:
    """Returns the id that a question has since the last build."""
    pages = sorted(story.folder.files.items())
    places = [question.key for _, page in pages for question in page]
    return story.press.notes[places.index(key)]["id"]
