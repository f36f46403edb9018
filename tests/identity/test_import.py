"""A collection that was not made by deckpress, taken over with its reviews.

Its notes are exported, imported as content, built, and imported into the collection that they came
from: nothing may change. Then the content is edited, and only what was edited may change.
"""

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest
from anki.collection import ExportAnkiPackageOptions
from adapter import Desk, Snapshot
from press import BINARY


HOUR = 60 * 60

FIELDS = {
    "plain": "A &amp; b &lt;c&gt;, 2 * 3, snake_case, $5 or $6, #5, 1. one, {x} and [y](z)",
    "blocks": "<div>one</div><div><b>two:</b> three</div><p>four</p>five<br>six<br><br>seven",
    "styles": "<b>a</b><i>b</i> <u>c</u> H<sub>2</sub>O x<sup>2</sup> <span style='color: red'>d</span>"
    "<font color='#00f'>e</font> <s>f</s> <strong>g </strong><em>h</em>&nbsp;i<span>j</span>",
    "lists": "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><ol start=3><li>d</li></ol>",
    "tables": "<table><tr><th>a</th><th>b</th></tr><tr><td>1 | 2</td><td>x<br>y</td></tr></table>"
    "<table><tr><td colspan=2>c</td></tr><tr><td>d</td><td><ul><li>e</li></ul></td></tr></table>",
    "code": "<pre><code class='language-rust'>a &lt; b\n  c</code></pre><code>x_1</code><hr>end",
    "ruby": "<ruby>漢字<rt>かんじ</rt></ruby> and 漢字[かんじ]",
    "math": r"\(x^2 &lt; y\), so\(\alpha\)s, \[\sum_i\] and [$]a_1[/$] [latex]$b_2$[/latex]",
    "media": '<img src="a b.png" width="20"> [sound:tone.mp3] <a href="https://example.org/x_y">z</a>',
    "labels": "<b>Answer:</b> no<br><b>Back:</b><br># heading<br>- dash<br>---<br>&gt; quote",
    "markup": "**not bold** _it_ `code` ==x== {{c1::no}} \\(no [[type:no]] <style>.x{}</style>",
    "heading": "<h1>One</h1>two<blockquote>three<br>four</blockquote>",
}
CLOZES = [
    "{{c1::Paris}} is in {{c2::France::a country}}",
    "<div>{{c1::a</div><div>b}}</div> and {{c3::\\(x^2\\)}}",
    "{{c1::<ul><li>a</li><li>b</li></ul>}} {{c2::<b>c</b> {{c3::d}}}}",
]


def fill(desk: Desk) -> None:
    """Makes a collection as people have them."""
    col = desk.col
    col.media.write_data("a b.png", b"png")
    col.media.write_data("tone.mp3", b"mp3")
    decks = [col.decks.id(name) for name in ("Languages", "Languages::Spanish::Verbs", "Other")]

    def add(name: str, fields: list[str], deck: int, tags: list[str]) -> None:
        note = col.new_note(col.models.by_name(name))
        note.fields[: len(fields)] = fields
        note.tags = tags
        col.add_note(note, deck)

    for at, (name, html) in enumerate(FIELDS.items()):
        add("Basic", [f"About {name}", html], decks[at % 3], [name, "cloze"])
        add("Basic (and reversed card)", [html, f"behind {name}"], decks[at % 2], [])
    add("Basic (type in the answer)", ["What?", "this"], decks[0], ["a::b"])
    add("Basic", ["About plain", "the same question"], decks[1], [])
    for text in CLOZES:
        add("Cloze", [text, "<i>extra</i>"], decks[1], ["gap"])
    wide = col.models.new("Twelve")
    for number in range(12):
        col.models.add_field(wide, col.models.new_field(f"Field {number}"))
    for name, front, back in [("A", "{{Field 0}}", "{{FrontSide}}{{Field 1}}<a href='{{Field 3}}'>x</a>"),
                              ("B", "{{#Field 2}}{{Field 2}}{{/Field 2}}", "{{hint:Field 4}}{{Field 0}}")]:
        template = col.models.new_template(name)
        template["qfmt"], template["afmt"] = front, back
        col.models.add_template(wide, template)
    wide["css"] = ".card { color: green }\n"
    wide["sortf"], wide["latexPre"] = 1, "\\documentclass{minimal}"
    wide["flds"][2] |= {"rtl": True, "font": "Noto Sans", "size": 30, "sticky": True}
    wide["tmpls"][0]["bqfmt"] = "{{Field 1}}"
    col.models.add(wide)
    for number in range(3):
        html = list(FIELDS.values())
        add("Twelve", [f"Twelve {number}", *html[number : number + 9], "", "kept"], decks[2], ["t"])
    # Cards of one note in two decks, and some in a filtered deck.
    first = col.db.scalar("select id from cards where ord = 1 limit 1")
    col.set_deck([first], decks[2])
    desk.review_each()
    filtered = col.sched.get_or_create_filtered_deck(0)
    filtered.name = "Filtered"
    del filtered.config.search_terms[:]
    filtered.config.search_terms.add(search="deck:Other", limit=3, order=0)
    col.sched.add_or_update_filtered_deck(filtered)
    col.db.execute("update notes set mod = mod - ?", 1000 * HOUR)
    col.fix_integrity()


class TakenOver:
    """A collection, and the content that its notes became."""

    def __init__(self, root: Path, legacy: bool):
        self.root = root
        self.desk = Desk(root / "collection.anki2")
        fill(self.desk)
        options = ExportAnkiPackageOptions(
            with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy
        )
        package = str(root / "export.apkg")
        self.desk.col.export_anki_package(out_path=package, options=options, limit=None)
        self.now = int(time.time()) - 500 * HOUR
        self.run("import", "export.apkg")

    def run(self, *arguments: str) -> list[dict]:
        self.now += HOUR
        result = subprocess.run(
            [str(BINARY), *arguments, "--message-format", "json"],
            cwd=self.root,
            env=os.environ | {"SOURCE_DATE_EPOCH": str(self.now)},
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return [json.loads(line) for line in result.stdout.splitlines()]

    def round(self):
        """Builds the content and imports it into the collection."""
        self.run("build", "content", "--format", "apkg")
        [package] = (self.root / "out").glob("*.apkg")
        return self.desk.import_package(package)

    def edit(self, old: str, new: str) -> None:
        """Replaces a text, which must stand in one file."""
        [path] = [path for path in self.pages if old in path.read_text(encoding="utf-8")]
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    @property
    def pages(self) -> list[Path]:
        return sorted((self.root / "content").glob("*.md"))

    def guid(self, search: str) -> str:
        [guid] = self.desk.find(search)
        return guid


@pytest.fixture(params=[True, False], ids=["legacy", "latest"])
def taken(tmp_path, request):
    taken = TakenOver(tmp_path, request.param)
    yield taken
    taken.desk.close()


def check(before: Snapshot, after: Snapshot, edited: set[str], new: int = 0) -> None:
    """No review is lost, no note doubled, no second note type; other notes are as they were."""
    assert after.revlog == before.revlog
    assert {cid: after.cards.get(cid) for cid in before.cards} == before.cards
    assert after.notetypes == before.notetypes
    assert len(after.notes) == len(before.notes) + new
    changed = {guid for guid in before.notes if before.notes[guid] != after.notes.get(guid)}
    assert changed == edited
    for guid in edited:
        assert after.notes[guid][:2] == before.notes[guid][:2]


def test_nothing_changes_without_an_edit(taken):
    before = taken.desk.snapshot()
    log = taken.round()
    assert (log.new, log.updated, log.conflicting) == (0, 0, 0)
    assert log.duplicate == len(before.notes)
    check(before, taken.desk.snapshot(), set())
    assert taken.desk.problems() == ""
    # A second import knows all of it.
    [said] = taken.run("import", "export.apkg")
    assert (said["notes"], said["known"]) == (0, len(before.notes))


def test_only_what_is_edited_changes(taken):
    before = taken.desk.snapshot()
    guid = taken.guid('"About lists"')
    tags = taken.desk.tags(guid)
    taken.edit("### Q: About lists", "### Q: About all lists")
    taken.round()
    after = taken.desk.snapshot()
    check(before, after, {guid})
    fields = taken.desk.fields(guid)
    assert fields["Front"] == "About all lists"
    assert re.sub(r"\s", "", fields["Back"]) == re.sub(r"\s", "", FIELDS["lists"].replace("start=3", 'start="3"'))
    assert taken.desk.tags(guid) == tags


EDITS = {
    "a field": ("the same question", "another answer"),
    "a gap's text": ("{{c1::Paris}}", "{{c1::Lyon}}"),
    "a typed answer": ("**Answer:** this", "**Answer:** that"),
    "a field of twelve": ("### Q: Twelve 1", "### Q: Twelve and one"),
    "a question of two cards": ("behind lists", "behind all of the lists"),
    "a tag": ("### Q: What? {", "### Q: What? {.more "),
}


@pytest.mark.parametrize("name", EDITS)
def test_edits(taken, name):
    taken.round()
    before = taken.desk.snapshot()
    taken.edit(*EDITS[name])
    log = taken.round()
    assert (log.new, log.updated, log.conflicting) == (0, 1, 0)
    after = taken.desk.snapshot()
    changed = {guid for guid in before.notes if before.notes[guid] != after.notes[guid]}
    assert len(changed) == 1
    check(before, after, changed)
    assert taken.desk.problems() == ""


def test_a_style_sheet_changes_nothing_else_of_its_note_type(taken):
    taken.round()
    models = taken.desk.col.models
    before = models.by_name("Twelve")
    [css] = (taken.root / "content/note-types").glob("twelve.css")
    css.write_text(".card { color: blue }\n")
    taken.round()
    models._clear_cache()
    after = models.by_name("Twelve")
    assert after["css"].strip() == ".card { color: blue }"
    assert kept(after) == kept(before)


def kept(note_type: dict) -> list:
    """What Anki keeps of a note type beside its layout, templates and style sheet."""
    of_fields = ["name", "rtl", "font", "size", "sticky", "description"]
    return [
        *(note_type[key] for key in ("id", "name", "sortf", "latexPre", "latexPost", "latexsvg")),
        *([field.get(key) for key in of_fields] for field in note_type["flds"]),
        *([card[key] for key in ("name", "bqfmt", "bafmt")] for card in note_type["tmpls"]),
    ]


def test_questions_move_come_and_go(taken):
    taken.round()
    before = taken.desk.snapshot()
    # One moves to another file, one goes, one comes.
    pages = {path: path.read_text(encoding="utf-8") for path in taken.pages}
    [source] = [path for path, text in pages.items() if "### Q: What?" in text]
    found = re.search(r"\n### Q: What\?.*?(?=\n##|\Z)", pages[source], re.DOTALL)
    source.write_text(pages[source].replace(found[0], ""), encoding="utf-8")
    other = next(path for path in pages if path != source)
    added = found[0] + "\n### Q: New?\n\n**Answer:** Yes.\n"
    other.write_text(other.read_text(encoding="utf-8") + added, encoding="utf-8")
    log = taken.round()
    assert (log.new, log.conflicting) == (1, 0)
    after = taken.desk.snapshot()
    changed = {guid for guid in before.notes if before.notes[guid] != after.notes[guid]}
    assert changed <= {taken.guid('"What?"')}
    check(before, after, changed, new=1)
    assert taken.desk.problems() == ""
