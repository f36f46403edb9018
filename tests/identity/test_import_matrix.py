"""Every edit of the matrix on notes that were taken over from a collection, with their reviews.

The notes are of types of their own, whose fields are called as the sections of the folder are: one
with a card, one with twelve fields and two cards, and one with gaps. They are exported, imported as
content, and then the folder is written in place of that content: so each edit is one of notes that
deckpress did not make.
"""

import json
import re
import subprocess
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Form:
    """A note type, and how its notes are written."""

    fields: list[str]
    cards: list[tuple[str, str]]
    gap: tuple[str, str] = ("", "")
    """What is a gap in the HTML of an answer, and in its Markdown."""


BACK = "{{FrontSide}}<hr>{{Answer}}"
FORMS = {
    "one card": Form(FIELDS, [("{{Question}}", BACK)]),
    "two cards": Form(
        [*FIELDS, *(f"More {number}" for number in range(9))],
        [("{{Question}}", BACK), ("{{#Answer}}{{Answer}}{{/Answer}}", "{{Question}}{{More 3}}")],
    ),
    "gaps": Form(
        FIELDS,
        [("{{Question}}{{cloze:Answer}}", "{{Question}}{{cloze:Answer}}")],
        (r"^<p>(<code>.*?</code>|\S+)", r"^(\*\*Answer:\*\*) (\S+)"),
    ),
}


def collect(desk, notes, form: Form) -> None:
    """Puts the questions into a collection, as somebody typed them there."""
    col = desk.col
    kind = col.models.new("Interview")
    kind["type"] = int(any(form.gap))
    for name in form.fields:
        col.models.add_field(kind, col.models.new_field(name))
    for number, (front, back) in enumerate(form.cards, start=1):
        template = col.models.new_template(f"Card {number}")
        template["qfmt"], template["afmt"] = front, back
        col.models.add_template(kind, template)
    col.models.add(kind)
    for record in notes:
        note = col.new_note(col.models.by_name("Interview"))
        points = "".join(f"<li>{point['html']}</li>" for point in record["key_points"])
        answer = record["answer"]["html"]
        if any(form.gap):
            answer = re.sub(form.gap[0], r"<p>{{c1::\1}}", answer)
        note.fields[:3] = [record["question"]["html"], answer, f"<ul>{points}</ul>"]
        col.add_note(note, col.decks.id("::".join([record["deck"], *record["topic"]])))
    desk.review()
    col.db.execute("update notes set mod = ?", START)


class Taken:
    """A folder whose questions are the notes of a collection."""

    def __init__(self, root, desk, form: Form):
        from anki.collection import ExportAnkiPackageOptions

        self.desk, self.folder, self.now, self.form = desk, make_folder(), START, form
        first = make_press(root / "first")
        self.folder.write(first.content)
        first.build(self.now)
        collect(desk, first.notes, form)
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
        if any(self.form.gap):
            # Before other spellings, which may be those of labels.
            gap = {self.form.gap[1]: r"\1 {{c1::\2}}"}
            self.folder.respell = gap | self.folder.respell
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


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("edits", STORIES, ids=lambda edits: ", ".join(e.__name__ for e in edits))
def test_imported_notes(tmp_path, desk, edits, form):
    taken = Taken(tmp_path, desk, FORMS[form])
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
