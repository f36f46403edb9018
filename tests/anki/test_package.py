"""A learner imports the package: all that was written is there, and nothing else."""

import re
import sqlite3
import zipfile

from desk import card, held, import_package
from press import (
    EPOCH,
    Outputs,
    deck_name,
    fields,
    ords,
    points,
    points_alone,
    press,
    press_in_place,
)
from reading import shape, words


SOUND = re.compile(r"\[sound:[^\]]*\]")
PLAYER = re.compile(r"\[anki:play:[aq]:\d+\]")
NOTETYPES = {"qa": "Deckpress Q&A", "cloze": "Deckpress Cloze", "recall": "Deckpress Cloze"}


def test_every_note_is_as_the_json_says(built, col):
    log = import_package(col, built.package)
    notes = held(col)
    assert len(log.new) == log.found_notes == len(built.made) > 0
    assert list(notes) == list(built.made), "not in source order"
    for guid, (note, kind) in built.made.items():
        got = notes[guid]
        assert got.notetype == NOTETYPES[kind]
        assert got.cards == [(ord, deck_name(note)) for ord in ords(note, kind)]
        assert got.tags == sorted(note["tags"])
        expected = fields(note, kind)
        assert got.fields.keys() - expected.keys() <= {"Key Points", "Text"}
        for name, html in expected.items():
            assert shape(got.fields[name]) == shape(html), f"{guid}: {name}"


def test_key_points_are_complete_and_in_order(built, col):
    import_package(col, built.package)
    notes = held(col)
    assert any(note["key_points"] for note in built.notes.values())
    for guid, (note, kind) in built.made.items():
        field = points_alone(notes[guid].fields["Key Points"])
        if kind == "recall":
            assert not field
            continue
        at = 0
        for point in points(note):
            at = field.index(point, at) + len(point)
        assert words(field) == " ".join(map(words, points(note)))


def test_decks_have_their_descriptions(built, col):
    import_package(col, built.package)
    for deck in built.json["decks"]:
        description = col.decks.by_name(deck["title"])["desc"]
        assert shape(description) == shape(deck["description"]["html"])
    assert any(deck["description"]["html"] for deck in built.json["decks"])


def test_both_sides_of_each_card_show_all_fields(built, col):
    """Anki shows an error as the text of a card, so the text is what is looked at.

    What a card of a cloze note shows of its text is in `test_kinds.py`.
    """
    import_package(col, built.package)
    for cid in col.db.list("select id from cards"):
        shown = col.get_card(cid)
        sides = shown.render_output()
        got = {name: SOUND.sub("", html) for name, html in shown.note().items()}
        asked, told_html = (PLAYER.sub("", html) for html in [sides.question_text, sides.answer_text])
        asks = {"Recall": "Question", "Reverse": "Answer"}.get(shown.template()["name"])
        told = {"Question", "Answer", "Extra", "Topic", "Source"} & got.keys()
        if asks != "Answer":
            told.add("Key Points")
            assert ('class="key-points"' in told_html) == bool(got["Key Points"])
            assert got["Hint"] in asked
        for name in told:
            assert got[name] in told_html, name
            hidden = got[name] and name in {"Question", "Answer", "Key Points", "Extra"} - {asks}
            assert not hidden or got[name] not in asked, name
        assert asks is None or got[asks] in asked
        assert ".sheet" in sides.css


def test_anki_finds_nothing_to_mend(built, col):
    import_package(col, built.package)
    report, fine = col.fix_integrity()
    assert fine and report == "Database rebuilt and optimized."
    assert not col.get_empty_cards().notes
    media = col.media.check()
    assert not media.missing and not media.unused


def test_sort_field_and_checksum_are_those_of_anki(source, col, tmp_path):
    """Anki computes them again on import; other readers take them from the legacy package."""
    built = press(source, tmp_path)
    with zipfile.ZipFile(built.package) as package:
        package.extract("collection.anki2", tmp_path)
    query = "select guid, sfld, csum from notes order by guid"
    ours = sqlite3.connect(tmp_path / "collection.anki2").execute(query).fetchall()
    import_package(col, built.package)
    assert ours == [tuple(row) for row in col.db.all(query)]


def test_a_second_import_changes_nothing(built, col):
    import_package(col, built.package)
    before = held(col)
    log = import_package(col, built.package)
    assert len(log.duplicate) == log.found_notes == len(before)
    assert held(col) == before


def test_the_same_moment_gives_the_same_bytes(source, settings, built, tmp_path):
    again = press(source, tmp_path, settings)
    assert contents(built) == contents(again)


def contents(outputs: Outputs) -> dict[str, bytes]:
    files = [path for path in outputs.folder.rglob("*") if path.is_file()]
    assert files
    return {str(path.relative_to(outputs.folder)): path.read_bytes() for path in files}


def test_an_edit_arrives_and_nothing_else_is_touched(col, tmp_path):
    """What a learner added to a note lives as long as its author leaves that note alone."""
    notes = tmp_path / "content/notes.md"
    notes.parent.mkdir()
    notes.write_text("# Deck\n\n### Q: One?\n\n**Answer:** old\n\n### Q: Two?\n\n**Answer:** x\n")
    old = press_in_place(notes.parent, tmp_path / "old")
    import_package(col, old.package)
    one, two = [card(col, guid) for guid in old.notes]
    mine = two.note()
    mine["Answer"] = "<p>mine</p>"
    mine.add_tag("mine")
    col.update_note(mine)
    col.sched.set_due_date([one.id], "5")
    due = col.get_card(one.id).due

    notes.write_text(notes.read_text().replace("old", "new"))
    new = press_in_place(notes.parent, tmp_path / "new", EPOCH + 60)
    log = import_package(col, new.package)
    assert (len(log.new), len(log.updated), len(log.duplicate)) == (0, 1, 1)
    after = held(col)
    assert after.keys() == old.notes.keys()
    assert col.get_card(one.id).note()["Answer"] == "<p>new</p>"
    assert col.get_card(one.id).due == due
    assert col.get_card(two.id).note()["Answer"] == "<p>mine</p>"
    assert "mine" in col.get_card(two.id).note().tags


def test_topics_that_differ_in_case_alone_share_a_deck(col, tmp_path):
    """Anki would put an underscore after the second one."""
    notes = tmp_path / "notes"
    notes.mkdir()
    for name, topic in [("1", "RAG"), ("2", "Rag")]:
        text = f"# Deck\n\n## {topic}\n\n### Q: {name}?\n\n**Answer:** {name}\n"
        (notes / f"{name}.md").write_text(text)
    import_package(col, press(notes, tmp_path).package)
    assert [note.cards for note in held(col).values()] == [[(0, "Deck::RAG")]] * 2
