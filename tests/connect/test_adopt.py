"""Notes of a deck that the learner has had for long get our note type, and keep all else."""

import subprocess
import time

import pytest
from anki.collection import DeckIdLimit, ExportAnkiPackageOptions

from desk import BINARY
from test_killed import kill_at

NOTES = {"One?": "the first", "Two?": "the <b>second</b>", "Three?": "the third"}


def prepare(desk):
    """A deck of Anki's own, reviewed, and imported into the content."""
    col = desk.col
    deck = col.decks.id("Old::Deck")
    for front, back in NOTES.items():
        note = col.new_note(col.models.by_name("Basic (and reversed card)"))
        note["Front"], note["Back"], note.tags = front, back, ["mine"]
        col.add_note(note, deck)
    desk.review()
    package = str(desk.root / "old.apkg")
    options = ExportAnkiPackageOptions(with_scheduling=True, with_media=False, legacy=True)
    col.export_anki_package(out_path=package, options=options, limit=DeckIdLimit(deck))
    line = [BINARY, "import", package, "-o", "content", "--as", "qa"]
    subprocess.run(line, cwd=desk.root, check=True, capture_output=True)
    return {desk.col.get_note(nid).fields[0]: nid for nid in col.find_notes("")}


def check_adopted(desk, nids, before):
    assert desk.history() == before
    assert set(desk.notes()) == set(nids.values())
    for front, nid in nids.items():
        note = desk.col.get_note(nid)
        assert note.mid == 1716482953417 and note["Question"] == front
        assert "mine" in note.tags
        assert {desk.deck(card.id) for card in note.cards()} == {"Old::Deck"}
    assert "the <strong>second</strong>" in desk.col.get_note(nids["Two?"])["Answer"]
    fixed, is_fine = desk.col.fix_integrity()
    assert is_fine, fixed


def test_adopted(desk):
    nids = prepare(desk)
    before = desk.history()
    left = desk.push()
    assert len(left.ids("of another type")) == 3 and left.total["added"] == 0
    assert desk.history() == before and not desk.notes()
    assert len(desk.push("--adopt", "--dry-run", exit=3).ids("adopted")) == 3
    assert desk.history() == before and not desk.notes()
    assert len(desk.push("--adopt").ids("adopted")) == 3
    check_adopted(desk, nids, before)
    again = desk.push("--adopt").total
    assert (again["taken_over"], again["changed"], again["added"]) == (0, 0, 0)
    # From now on they are as any other.
    path = next(desk.content.glob("*.md"))
    path.write_text(path.read_text().replace("the third", "the last"))
    assert desk.push().total["changed"] == 1
    assert "the last" in desk.col.get_note(nids["Three?"])["Answer"]
    assert desk.history() == before
    desk.run("build", "-f", "apkg")
    notes = desk.col.db.all("select id, mod, flds, tags from notes")
    package = next((desk.root / "out").glob("*.apkg"))
    desk.anki.actions.importPackage(str(package))
    assert desk.col.db.all("select id, mod, flds, tags from notes") == notes


def test_gaps(desk):
    note = desk.col.new_note(desk.col.models.by_name("Cloze"))
    note["Text"], note["Back Extra"] = "{{c1::Paris}} is in {{c2::France::where}}", "so it is"
    desk.col.add_note(note, desk.col.decks.id("Old::Deck"))
    nids = prepare(desk)
    before = desk.history()
    assert len(desk.push().ids("of another type")) == 4
    assert len(desk.push("--adopt").ids("adopted")) == 4
    assert desk.history() == before and len(before["reviews"]) == 8
    assert set(desk.notes()) == set(nids.values())
    note = desk.col.get_note(note.id)
    assert note["Text"] == "{{c1::Paris}} is in {{c2::France::where}}" and note.mid == 1716483107629
    fixed, is_fine = desk.col.fix_integrity()
    assert is_fine, fixed
    path = next(desk.content.glob("*.md"))
    path.write_text(path.read_text().replace("Paris", "Lyon"))
    assert desk.push().total["changed"] == 1
    assert "Lyon" in desk.col.get_note(note.id)["Text"] and desk.history() == before


@pytest.mark.parametrize("edit", ["first", "the FIRST", "the first.", "first the", "the first<img src=a.png>"])
def test_edits_without_a_new_word(desk, edit):
    nids = prepare(desk)
    note = desk.col.get_note(nids["One?"])
    time.sleep(1.1)
    note["Back"] = edit
    desk.col.update_note(note)
    before = desk.history()
    assert len(desk.push("--adopt", exit=1).ids("conflict")) == 1
    assert len(desk.push("--adopt", "--conflicts", "anki").ids("adopted")) == 2
    assert desk.history() == before and desk.col.get_note(note.id)["Back"] == edit


def test_more_cards_than_the_question_makes(desk):
    kind = desk.col.models.new("Three")
    for name in ["Front", "Back"]:
        desk.col.models.add_field(kind, desk.col.models.new_field(name))
    for name in ["A", "B", "C"]:
        template = desk.col.models.new_template(name)
        template["qfmt"], template["afmt"] = "{{Front}} " + name, "{{Back}}"
        desk.col.models.add_template(kind, template)
    desk.col.models.add(kind)
    note = desk.col.new_note(desk.col.models.by_name("Three"))
    note["Front"], note["Back"] = "Four?", "the fourth"
    desk.col.add_note(note, desk.col.decks.id("Old::Deck"))
    prepare(desk)
    before = desk.history()
    assert len(desk.push("--adopt", exit=1).ids("conflict")) == 1
    assert len(desk.push("--adopt", "--conflicts", "anki").ids("adopted")) == 3
    assert desk.history() == before and len(note.cards()) == 3
    fixed, is_fine = desk.col.fix_integrity()
    assert is_fine, fixed


def test_beside_notes_of_ours(desk):
    """The note type is there already."""
    desk.write("# Other\n### Q: Mine?\n**Answer:** yes\n", "other.md")
    desk.push()
    nids = prepare(desk)
    del nids["Mine?"]
    before = desk.history()
    assert len(desk.push("--adopt").ids("adopted")) == 3
    assert desk.history() == before
    assert {desk.col.get_note(nid).mid for nid in nids.values()} == {1716482953417}


def test_edited_since(desk):
    """What has been written in Anki since the import is not overwritten unasked."""
    nids = prepare(desk)
    time.sleep(1.1)
    note = desk.col.get_note(nids["One?"])
    note["Back"] = "the first, and nobody knew"
    desk.col.update_note(note)
    before = desk.history()
    pushed = desk.push("--adopt", exit=1)
    conflict = next(line for line in pushed.lines if line["reason"] == "conflict")
    assert "nobody knew" in conflict["fields"][0]["anki"]
    assert not desk.notes()
    desk.push("--adopt", "--conflicts", f"anki:{conflict['id']}")
    assert set(desk.notes()) == {nids["Two?"], nids["Three?"]}
    assert desk.col.get_note(nids["One?"])["Back"] == "the first, and nobody knew"
    desk.push("--adopt", "--conflicts", f"content:{conflict['id']}")
    check_adopted(desk, nids, before)


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
def test_killed_at_every_request(tmp_path, is_done):
    from desk import Desk

    number = 0
    while True:
        number += 1
        root = tmp_path / str(number)
        root.mkdir()
        desk = Desk(root)
        nids = prepare(desk)
        before = desk.history()
        was_killed = kill_at(desk, number, is_done, "--adopt")
        desk.push("--adopt")
        check_adopted(desk, nids, before)
        assert desk.push().total["changed"] == 0
        desk.close()
        if not was_killed:
            break
    assert number > 6
