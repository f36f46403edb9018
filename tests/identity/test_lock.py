"""One id everywhere; what the lock is for, and what is left without it."""

import csv
import re
import subprocess
from copy import deepcopy

import pytest
from adapter import Desk
from edits import (
    answered_anew,
    deleted,
    inserted_above,
    inserted_with_the_words_of_another,
    moved_to_another_topic,
    reworded,
    reworded_and_answered_anew,
)
from press import Press
from story import HOUR, Story


def test_one_id_in_every_format(story: Story):
    """So a learner may change from one to another without a duplicate."""
    story.folder.questions["slice"].attributes = "#my-own-id"
    story.build()
    ids = [note["id"] for note in story.press.notes]
    assert len(set(ids)) == len(ids) == len(story.folder.questions)
    assert story.ids["slice"] == "my-own-id"

    rows = [line for line in story.press.csv.read_text().splitlines() if not line.startswith("#")]
    anki_csv = list(csv.reader(rows, delimiter="\t"))
    assert [row[0] for row in anki_csv] == ids, "the guid column"
    assert [row[-1] for row in anki_csv] == ids, "the ID field"
    with open(story.press.out / "deck.csv", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ids
    pages = sorted(story.press.out.glob("markdown/*.md"))
    anchors = [re.findall(r"^###.*\{#([^ }]+)", page.read_text(), re.M) for page in pages]
    assert sorted(sum(anchors, [])) == sorted(ids)
    locked = re.findall(r'^\{"id":"([^"]+)"', story.press.lock.read_text(), re.M)
    assert locked == ids

    story.import_package()
    assert story.desk.snapshot().notes.keys() == set(ids)
    assert {story.desk.fields(guid)["ID"] for guid in ids} == set(ids)


HARD_IDS = ["a_b", "axb", "a-b", "a.b", "a:b", "re:a.b", "nc:über", "12", "é", "or", "-", "_", "A"]


@pytest.mark.parametrize("gone", HARD_IDS)
def test_a_search_finds_only_what_is_gone(folder: Press, desk: Desk, gone):
    """Whatever is special in Anki's searches may stand in an id."""
    texts = {id: f"\n### Q: Is it {n}? {{#{id}}}\n\nIt is.\n" for n, id in enumerate(HARD_IDS)}
    page = folder.content / "a.md"
    page.write_text("# Deck\n" + "".join(texts.values()))
    folder.build(1_780_000_000)
    desk.import_package(folder.package)
    assert desk.snapshot().notes.keys() == set(HARD_IDS)
    page.write_text("# Deck\n" + "".join(texts[id] for id in HARD_IDS if id != gone))
    assert desk.find(folder.plan(1_780_000_001).summary["retired_search"]) == {gone}


@pytest.mark.parametrize("edit", [answered_anew, reworded, moved_to_another_topic, inserted_above])
def test_locked_writes_nothing(story: Story, edit):
    story.build()
    story.build()  # This raises a lock of an older version.
    before = story.press.files()
    assert story.press.run(story.now + 1, "build", "--locked").returncode == 0
    edit(story.folder)
    story.folder.write(story.press.content)
    result = story.press.run(story.now + 1, "build", "--locked")
    assert result.returncode == 1
    assert '"reason":"plan"' in result.stdout, "it says what would change"
    assert story.press.files() == before


def test_locked_without_a_lock(story: Story):
    story.folder.write(story.press.content)
    assert story.press.run(story.now, "build", "--locked").returncode == 1
    assert not story.press.files()


def test_a_lost_lock_costs_rewordings_and_times_alone(story: Story):
    """Every other question is itself again, so that no review is lost for it.

    That all of them count as changed is the price: learners lose what they wrote into the notes.
    """
    desk = story.desk
    story.build()
    story.import_package()
    desk.review()
    reworded(story.folder)
    story.build()
    story.import_package()
    before = desk.snapshot()

    inserted_above(story.folder)
    old = story.ids.pop("slice")
    story.press.lock.unlink()
    story.build()
    assert story.ids["slice"] != old
    log = story.import_package()
    after = desk.snapshot()
    assert (log.new, log.conflicting, log.updated) == (2, 0, len(story.ids) - 2)
    assert after.notes.keys() == {old, *story.ids.values()}
    assert after.notes[old] == before.notes[old]
    assert {cid: after.cards[cid] for cid in before.cards} == before.cards
    assert after.revlog == before.revlog
    story.check_texts(story.ids)
    story.check_health()


BRANCHES = [
    (reworded, reworded_and_answered_anew, True),
    (deleted, reworded_and_answered_anew, True),
    (inserted_above, deleted, True),
    (inserted_above, inserted_with_the_words_of_another, True),
    # Both add a line after the last question.
    (deleted, inserted_with_the_words_of_another, False),
]


@pytest.mark.parametrize(("ours", "theirs", "is_clean"), BRANCHES)
def test_branches_are_merged(story: Story, ours, theirs, is_clean):
    """Two authors edit different questions, build, commit and merge: no id is lost."""

    def git(*arguments: str) -> int:
        author = ["-c", "user.name=An author", "-c", "user.email=an@author.example"]
        return subprocess.run(["git", *author, *arguments], cwd=story.press.root).returncode

    def ids() -> set[str]:
        return set(re.findall(r'^\{"id":"([^"]+)"', story.press.lock.read_text(), re.M))

    story.build()
    story.build()  # This raises a lock of an older version.
    assert git("init", "--quiet", "--initial-branch=main") == 0
    git("add", "content")
    git("commit", "--quiet", "--message=Before")
    before, known = story.folder, set()
    for edit in ours, theirs:
        git("checkout", "--quiet", "-b", edit.__name__, "main")
        story.folder = deepcopy(before)
        edit(story.folder)
        story.build()
        known |= ids()
        git("add", "content")
        git("commit", "--quiet", "--message=After")

    assert (git("merge", "--quiet", ours.__name__) == 0) == is_clean
    lock = story.press.lock.read_text()
    marks = re.findall(r"^(?:<<<<<<<|=======|>>>>>>>).*\n", lock, re.M)
    assert bool(marks) != is_clean
    for mark in marks:
        lock = lock.replace(mark, "")
    story.press.lock.write_text(lock)
    story.press.build(story.now + HOUR)
    assert ids() == known
    pages = "".join(page.read_text() for page in story.press.content.rglob("*.md"))
    assert "<<<<<<<" not in pages and len(story.press.notes) == pages.count("### Q:")
    assert story.press.plan(story.now + HOUR).exit == 0
