"""Every edit of the matrix on notes that were taken over from a collection, with their reviews.

The notes are of a type of their own, whose fields are called as the sections of the folder are. They
are exported, imported as content, and then the folder is written in place of that content: so each
edit is one of notes that deckpress did not make.
"""

import json
import subprocess

import pytest
from adapter import IS_OLD
from content import folder as make_folder
from edits import STORIES
from press import BINARY
from press import press as make_press

HOUR = 60 * 60
START = 1_780_000_000
FIELDS = ["Question", "Answer", "Key points to hit"]

pytestmark = pytest.mark.skipif(IS_OLD, reason="the old library exports otherwise")


def collect(desk, notes) -> None:
    """Puts the questions into a collection, as somebody typed them there."""
    col = desk.col
    kind = col.models.new("Interview")
    for name in FIELDS:
        col.models.add_field(kind, col.models.new_field(name))
    template = col.models.new_template("Card 1")
    template["qfmt"], template["afmt"] = "{{Question}}", "{{FrontSide}}<hr>{{Answer}}"
    col.models.add_template(kind, template)
    col.models.add(kind)
    for record in notes:
        note = col.new_note(col.models.by_name("Interview"))
        points = "".join(f"<li>{point['html']}</li>" for point in record["key_points"])
        note.fields = [record["question"]["html"], record["answer"]["html"], f"<ul>{points}</ul>"]
        col.add_note(note, col.decks.id("::".join([record["deck"], *record["topic"]])))
    desk.review()
    col.db.execute("update notes set mod = ?", START)


class Taken:
    """A folder whose questions are the notes of a collection."""

    def __init__(self, root, desk):
        from anki.collection import ExportAnkiPackageOptions

        self.desk, self.folder, self.now = desk, make_folder(), START
        first = make_press(root / "first")
        self.folder.write(first.content)
        first.build(self.now)
        collect(desk, first.notes)
        self.press = make_press(root / "taken")
        package = str(self.press.root / "export.apkg")
        options = ExportAnkiPackageOptions(
            with_scheduling=True, with_deck_configs=True, with_media=True, legacy=True
        )
        desk.col.export_anki_package(out_path=package, options=options, limit=None)
        subprocess.run([str(BINARY), "import", "export.apkg", "-q"], cwd=self.press.root, check=True)
        settings = 'name = "deck"\nnote_type = "Interview"\n'
        (self.press.content / "deckpress.toml").write_text(settings)
        self.guids = {}

    def build(self, *arguments: str) -> list[str]:
        self.folder.write(self.press.content)
        self.now += HOUR
        warnings = self.press.build(self.now, *arguments)
        lines = self.press.lock.read_text(encoding="utf-8").splitlines()
        for line in map(json.loads, lines):
            if "fingerprint" in line:
                self.guids[line["id"]] = line.get("guid", line["id"])
        return warnings

    def keys(self) -> dict[str, str]:
        """The GUID of every question that is there, by its key; of two that read the same, of one."""
        found = {
            (note["question"]["text"], *note["topic"]): note["id"] for note in self.press.notes
        }
        plain = lambda text: text.replace("*", "").replace("`", "")
        return {
            key: self.guids[found[plain(question.asks), question.topic]]
            for key, question in self.folder.questions.items()
            if (plain(question.asks), question.topic) in found
        }


@pytest.mark.parametrize("edits", STORIES, ids=lambda edits: ", ".join(e.__name__ for e in edits))
def test_imported_notes(tmp_path, desk, edits):
    taken = Taken(tmp_path, desk)
    before = desk.snapshot()
    assert len(before.revlog) > 0
    taken.build()
    log = desk.import_package(taken.press.package)
    assert (log.new, log.updated, log.conflicting) == (0, 0, 0)
    assert desk.snapshot() == before
    known = taken.keys()
    for edit in edits:
        desk.col.db.execute("update notes set mod = min(mod, ?)", taken.now)
        before = desk.snapshot()
        effect = edit(taken.folder)
        warnings = taken.build(*effect.arguments)
        log = desk.import_package(taken.press.package)
        after = desk.snapshot()
        known = taken.keys() | known
        assert (log.new, log.conflicting) == (len(effect.added), 0)
        changed = {guid for guid in before.notes if before.notes[guid] != after.notes[guid]}
        assert changed == {known[key] for key in effect.updated}
        assert after.revlog == before.revlog
        assert {cid: after.cards[cid] for cid in before.cards} == before.cards
        assert after.notetypes == before.notetypes
        assert len(after.notes) == len(before.notes) + len(effect.added)
        if "near-match" in warnings:
            assert taken.press.accept().returncode == 0
    assert not desk.problems()
    assert not desk.empty_cards()
