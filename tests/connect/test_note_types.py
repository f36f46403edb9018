"""Notes of the author's own types: they have no field of ours, so they are known by numbers."""

import json

import pytest

TYPE = """name = "Vocabulary"
fields = ["Word", "Reading", "Meaning"]

[[card]]
name = "Recognise"
front = "front.html"
back = "back.html"
"""

WORDS = """---
note_type: Vocabulary
---
# Words
## One
### Q: Haus
**Reading:** haos

**Meaning:** house

### Q: Baum
**Reading:** baom

**Meaning:** tree
"""


@pytest.fixture
def started(desk):
    folder = desk.content / "note-types"
    folder.mkdir()
    (folder / "vocabulary.toml").write_text(TYPE)
    (folder / "front.html").write_text("{{Word}}")
    (folder / "back.html").write_text("{{FrontSide}}<hr>{{Meaning}} {{Reading}}")
    desk.write(WORDS)
    assert desk.push().total["added"] == 2
    desk.review()
    return desk


def words(desk) -> dict[str, int]:
    return {
        desk.col.get_note(nid)["Word"]: nid for nid in desk.col.find_notes('note:"Vocabulary"')
    }


def edit(desk, word: str, field: str, html: str) -> None:
    note = desk.col.get_note(words(desk)[word])
    note[field] = html
    desk.col.update_note(note)


def test_they_arrive_once(started):
    assert set(words(started)) == {"Haus", "Baum"}
    assert started.push().total["unchanged"] == 2
    note = started.col.get_note(words(started)["Haus"])
    assert note.keys() == ["Word", "Reading", "Meaning"]
    assert "house" in note["Meaning"]


def test_edits_of_both_sides(started):
    edit(started, "Haus", "Reading", "mine")
    reviews = started.history()["reviews"]
    started.write(WORDS.replace("house", "home").replace("Baum", "Der Baum").replace("## One", "## Two"))
    pushed = started.push()
    assert pushed.total["changed"] == 2 and pushed.total["moved"] == 2 and not pushed.ids("conflict")
    assert set(words(started)) == {"Haus", "Der Baum"}
    note = started.col.get_note(words(started)["Haus"])
    assert note["Reading"] == "mine" and "home" in note["Meaning"]
    assert started.deck(note.cards()[0].id) == "Words::Two"
    assert started.history()["reviews"] == reviews
    started.write(WORDS.replace("haos", "house"))
    assert started.push(exit=1).ids("conflict")


def test_retired_and_back(started):
    started.write(WORDS.split("### Q: Baum")[0])
    assert len(started.push().ids("retired")) == 1
    baum = started.col.get_note(words(started)["Baum"])
    assert "deckpress::retired" in baum.tags and started.is_suspended(baum.cards()[0].id)
    started.write(WORDS)
    assert len(started.push().ids("returned")) == 1
    assert not started.is_suspended(baum.cards()[0].id)


def test_without_a_state(started):
    """As on another machine: they are known by their numbers."""
    for path in (started.root / "out").glob(".deckpress-pushed-*"):
        path.unlink()
    started.write(WORDS.replace("house", "home"))
    pushed = started.push()
    assert pushed.total["changed"] == 1 and pushed.total["added"] == 0
    assert len(words(started)) == 2


def test_others_of_the_same_type_are_not_touched(started):
    model = started.col.models.by_name("Vocabulary")
    theirs = started.col.new_note(model)
    theirs["Word"], theirs["Meaning"] = "Wald", "forest"
    started.col.add_note(theirs, started.col.decks.id("Words::One"))
    started.write(WORDS.split("### Q: Baum")[0])
    started.push("--retired", "delete", "--yes")
    assert set(words(started)) == {"Haus", "Wald"}
    assert started.col.get_note(theirs.id).tags == []


def test_notes_that_were_there_before(desk, started):
    """Where the lock knows the number that a note came with, as an import writes it."""
    lock = desk.content / "deckpress.lock"
    by_word = words(desk)
    lines = []
    for line in lock.read_text().splitlines():
        entry = json.loads(line)
        if "question" in entry:
            entry["nid"] = by_word[entry["question"]]
            entry["created"] += 5
        lines.append(json.dumps(entry, ensure_ascii=False))
    lock.write_text("\n".join(lines) + "\n")
    for path in (desk.root / "out").glob(".deckpress-pushed-*"):
        path.unlink()
    desk.write(WORDS.replace("house", "home"))
    assert desk.push().total["changed"] == 1
    assert len(words(desk)) == 2


def test_a_field_added_to_the_type_is_said(started):
    models = started.col.models
    model = models.by_name("Vocabulary")
    models.add_field(model, models.new_field("Mine"))
    models.update_dict(model)
    started.write(WORDS.replace("house", "home"))
    assert "has other fields or templates in Anki" in started.push(exit=2).stderr
