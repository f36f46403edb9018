"""The text import of Anki, with nothing to click, alone and together with the package."""

import re
from html import escape

import pytest

from desk import delete_notes, held, import_csv, import_csvs, import_package
from press import deck_name, fields, points, press, press_in_place, without_footnotes
from reading import shape, words


def test_text_over_package_changes_nothing(built, col):
    import_package(col, built.package)
    before = held(col)
    logs = import_csvs(col, built.csvs)
    for log in logs:
        assert not (log.new or log.updated or log.conflicting or log.empty_first_field)
        assert len(log.duplicate) == log.found_notes
    assert sum(log.found_notes for log in logs) == len(before)
    assert held(col) == before


def test_text_alone_makes_the_same_notes(built, col):
    import_package(col, built.package)
    expected = held(col)
    delete_notes(col)
    logs = import_csvs(col, built.csvs)
    assert all(len(log.new) == log.found_notes for log in logs)
    assert sum(log.found_notes for log in logs) == len(expected)
    assert held(col) == expected


def test_package_text_package_makes_no_duplicate(built, col):
    """Whoever changes from one to the other and back keeps one note per question."""
    import_package(col, built.package)
    before = held(col)
    delete_notes(col)
    import_csvs(col, built.csvs)
    log = import_package(col, built.package)
    assert not (log.new or log.conflicting)
    assert len(log.updated) + len(log.duplicate) == len(before)
    assert held(col) == before


def test_an_edit_arrives_by_text_in_place(col, tmp_path):
    content = tmp_path / "content"
    content.mkdir()
    notes = content / "notes.md"
    notes.write_text("# Deck\n\n### Q: One?\n\n**Answer:** first\n\n### Q: Two?\n\n**Answer:** x\n")
    import_package(col, press_in_place(content, tmp_path / "out").package)
    before = held(col)
    notes.write_text(notes.read_text().replace("first", "second"))
    [log] = import_csvs(col, press_in_place(content, tmp_path / "out").csvs)
    after = held(col)
    assert (len(log.new), len(log.updated), len(log.duplicate)) == (0, 1, 1)
    assert list(after) == list(before)
    assert [note.fields["Answer"] for note in after.values()] == ["<p>second</p>", "<p>x</p>"]


@pytest.fixture
def basic(source, tmp_path):
    """The outputs for Anki's own note type."""
    return press(source, tmp_path, 'anki.csv_notetype = "Basic"\n')


def test_basic_needs_no_note_type_of_ours(basic, col):
    """One note per question, and of a cloze question all gaps at once."""
    [log] = import_csvs(col, basic.csvs)
    notes = held(col)
    assert len(log.new) == log.found_notes == len(basic.notes)
    assert list(notes) == list(basic.notes)
    for guid, note in basic.notes.items():
        got = notes[guid]
        assert got.notetype == "Basic"
        assert got.cards == [(0, deck_name(note))]
        assert got.tags == sorted(note["tags"])
        html = fields(note, note["kind"])
        hint = f"<h4>Hint</h4>{html['Hint']}" if html["Hint"] else ""
        back = [html["Answer"], *points(note), html["Extra"], hint]
        if note["kind"] == "cloze":
            assert letters(got.fields["Front"]) == letters(escape(note["question"]["text"]))
            back.insert(0, filled(html["Text"]))
            assert "c1::" not in "".join(got.fields.values()).replace("{c1::", "")
        else:
            assert shape(got.fields["Front"]) == shape(html["Question"])
        assert said(got.fields["Back"]) == said("\n".join(back))


def said(html: str) -> str:
    return words(without_footnotes(html)).replace("} }", "}}").replace(" \\)", "\\)")


def letters(html: str) -> str:
    """What is left of HTML and of plain text alike."""
    return "".join(filter(str.isalnum, words(html)))


PLAIN = r"(?:(?!\{\{c\d+::|\}\}|::).)*"
INNERMOST = re.compile(rf"\{{\{{c\d+::({PLAIN})(?:::{PLAIN})?\}}\}}", re.DOTALL)


def filled(html: str) -> str:
    """A text with its gaps filled in, as far as they are Anki's."""
    before = None
    while before != html:
        before, html = html, INNERMOST.sub(r"\1", html)
    return html.replace("} }", "}}")
