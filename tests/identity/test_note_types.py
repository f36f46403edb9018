"""Note types of the author's own: build, import, review, edit, build, import.

A note is known by its GUID alone, and its note type by the id and layout in the lock.
"""

import json
import time

import pytest

FIELDS = ["Word", "Reading", "Meaning", *[f"Extra {number}" for number in range(1, 10)]]
"""Twelve of them."""

FIRST = 1_780_000_000

TOML = f"""
name = "Word"
fields = {json.dumps(FIELDS)}
labels = {{ Meaning = ["Answer", "Meaning"] }}
css = "word.css"
[[card]]
name = "Recognise"
front = "recognise.front.html"
back = "recognise.back.html"
[[card]]
name = "Recall"
front = "recall.front.html"
back = "recognise.back.html"
"""

TEMPLATES = {
    "word.css": ".card { font-family: kana; }\n@font-face { src: url(_kana.woff2); }\n",
    "recognise.front.html": "<b>{{Word}}</b>\n",
    "recognise.back.html": "{{FrontSide}}<hr id=answer>{{Reading}} {{Meaning}} {{Extra 9}}\n",
    "recall.front.html": "{{#Meaning}}{{^Extra 1}}What is {{Meaning}}?{{/Extra 1}}{{/Meaning}}\n",
    "_kana.woff2": "a font",
}

GAPS = """
name = "Gaps"
cloze = true
fields = ["Text", "More"]
[[card]]
front = "gaps.html"
back = "gaps.html"
"""

NOTES = """
# Japanese
## Animals
### Q: 猫 {type=word}
**Reading:** ねこ

**Meaning:** cat

### Q: 犬 {type=word #dog}
A picture: ![](dog.png)

**Meaning:**

- dog
- hound

### Q: 鳥 {type=word}
**Reading:** とり

### Q: 魚 {type=word .fish}
**Meaning:** fish

**Extra 1:** no second card

### Q: The capital of {{c1::France}} is {{c3::Paris::city}}. {type=gaps}
**More:** {{c2::Seine}}

### Q: What is plain?
**Answer:** This.
"""

CARDS = {"猫": {0, 1}, "犬": {0, 1}, "鳥": {0}, "魚": {0}, "The": {0, 1, 2}, "What": {0}}
"""The cards of each note, by the first word of its first field."""


@pytest.fixture(params=["legacy", "latest"])
def folder(folder, request):
    (folder.content / "deckpress.toml").write_text(
        f'name = "deck"\n[anki]\nformat = "{request.param}"\n'
    )
    types = folder.content / "note-types"
    types.mkdir()
    (types / "word.toml").write_text(TOML)
    (types / "gaps.toml").write_text(GAPS)
    (types / "gaps.html").write_text("{{cloze:Text}} {{cloze:More}}")
    for name, text in TEMPLATES.items():
        (types / name).write_text(text)
    (folder.content / "dog.png").write_bytes(b"a dog")
    write(folder, NOTES)
    return folder


def write(folder, text):
    (folder.content / "words.md").write_text(text, encoding="utf-8")


def words(desk):
    """The guid of each note by the first word of its first field."""
    rows = desk.col.db.all("select guid, flds from notes")
    first = {guid: fields.split("\x1f")[0] for guid, fields in rows}
    return {text.removeprefix("<p>").split("<")[0].split()[0]: guid for guid, text in first.items()}


def check_health(desk):
    names = [kind.name for kind in desk.col.models.all_names_and_ids()]
    assert not [name for name in names if name.endswith("+")], names
    assert desk.problems() == ""
    assert desk.empty_cards() == 0


def test_notes_are_made_as_anki_makes_them(folder, desk):
    folder.build(FIRST)
    log = desk.import_package(folder.package)
    assert (log.new, log.conflicting) == (len(CARDS), 0)
    guids = words(desk)
    assert {word: set(desk.ords(guid)) for word, guid in guids.items()} == CARDS
    assert list(desk.fields(guids["猫"])) == FIELDS, "no field of ours"
    assert desk.fields(guids["猫"]) | {"Reading": "", "Meaning": ""} == dict.fromkeys(
        FIELDS, ""
    ) | {"Word": "猫"}
    assert desk.fields(guids["猫"])["Reading"] == "ねこ"
    assert guids["犬"] == "dog"
    assert "<li>dog</li>" in desk.fields("dog")["Meaning"]
    assert desk.tags(guids["魚"]) == ["animals", "fish"]
    notetype = desk.col.models.by_name("Word")
    assert notetype["tmpls"][0]["qfmt"] == "<b>{{Word}}</b>"
    assert notetype["css"] == TEMPLATES["word.css"].rstrip("\n")
    media = desk.col.media.dir()
    assert "_kana.woff2" in __import__("os").listdir(media)
    # Anki itself would make no other cards.
    before = desk.snapshot().cards
    for guid in guids.values():
        note = desk._note(guid)
        note.flush() if not hasattr(desk.col, "update_note") else desk.col.update_note(note)
    assert desk.snapshot().cards.keys() == before.keys()
    check_health(desk)


EDITS = {
    "a field": (NOTES.replace("** ねこ", "** ネコ"), ["猫"]),
    "a heading": (NOTES.replace("Q: 鳥", "Q: 鳥 (bird)").replace("とり", "とり"), ["鳥"]),
    "another order": (
        "".join(
            part if at == 0 else "### Q:" + part
            for at, part in enumerate([NOTES.split("### Q:")[0], *NOTES.split("### Q:")[:0:-1]])
        ),
        [],
    ),
    "a field more": (NOTES.replace("** fish", "** fish\n\n**Reading:** さかな"), ["魚"]),
}


@pytest.mark.parametrize("edit", EDITS)
def test_edits_arrive_and_reviews_stay(folder, desk, edit):
    folder.build(FIRST)
    desk.import_package(folder.package)
    desk.review()
    before = desk.snapshot()
    text, expect = EDITS[edit]
    write(folder, text)
    moment = int(time.time()) + 100  # Older versions of Anki stamp what they import with the time.
    folder.build(moment)
    log = desk.import_package(folder.package)
    after = desk.snapshot()
    assert (log.new, log.updated, log.conflicting) == (0, len(expect), 0)
    changed = {guid for guid in before.notes if before.notes[guid] != after.notes[guid]}
    assert len(changed) == len(expect)
    assert after.cards == before.cards
    assert after.revlog == before.revlog
    assert after.notetypes == before.notetypes
    check_health(desk)


def test_templates_arrive_and_the_layout_stays(folder, desk):
    folder.build(FIRST)
    desk.import_package(folder.package)
    desk.review()
    before = desk.snapshot()
    types = folder.content / "note-types"
    (types / "word.css").write_text(".card { color: red; }")
    (types / "recognise.back.html").write_text("{{FrontSide}}<hr id=answer>{{Kana}} {{Meaning}}")
    (types / "word.toml").write_text(
        TOML.replace('"Reading"', '{ name = "Kana", was = "Reading" }').replace(
            'name = "Recall"', 'name = "From English"\nwas = "Recall"'
        )
    )
    write(folder, NOTES.replace("**Reading:**", "**Kana:**"))
    moment = int(time.time()) + 100
    folder.build(moment)
    log = desk.import_package(folder.package)
    after = desk.snapshot()
    assert (log.new, log.conflicting) == (0, 0)
    assert (after.cards, after.revlog) == (before.cards, before.revlog)
    assert after.notetypes == before.notetypes
    notetype = desk.col.models.by_name("Word")
    assert notetype["css"] == ".card { color: red; }"
    assert [field["name"] for field in notetype["flds"]][:3] == ["Word", "Kana", "Meaning"]
    assert [card["name"] for card in notetype["tmpls"]] == ["Recognise", "From English"]
    check_health(desk)

    (types / "word.toml").write_text(TOML.replace('"Reading"', '"Reading", "New"'))
    result = folder.run(moment + 1, "build")
    assert result.returncode == 1
    assert "note-type-changed" in result.stdout


def test_an_unedited_build_changes_nothing(folder, desk):
    folder.build(FIRST)
    desk.import_package(folder.package)
    before = desk.snapshot()
    lock = folder.lock.read_bytes()
    assert folder.plan(FIRST + 9).exit == 0
    folder.build(FIRST + 9)
    assert desk.import_package(folder.package).updated == 0
    assert desk.snapshot() == before
    assert folder.lock.read_bytes() == lock


def test_what_is_taken_out_is_found(folder, desk):
    folder.build(FIRST)
    desk.import_package(folder.package)
    guids = words(desk)
    write(folder, NOTES.replace("### Q: 鳥 {type=word}\n**Reading:** とり\n", ""))
    plan = folder.plan(FIRST + 9)
    search = next(line["search"] for line in plan.lines if line.get("search"))
    assert desk.find(search) == {guids["鳥"]}


def test_text_import_makes_the_same_notes(folder, desk):
    """The files for Anki's text import name each note type."""
    folder.build(FIRST)
    desk.import_package(folder.package)
    before = desk.snapshot()
    write(folder, NOTES.replace("** ねこ", "** ネコ"))
    folder.build(FIRST + 9)
    if not hasattr(desk.col, "import_csv"):
        pytest.skip("this version of Anki has another text import")
    log = desk.import_csv(folder.out / "deck.anki-word.csv")
    assert (log.new, log.updated, log.conflicting) == (0, 1, 0)
    assert desk.snapshot().cards == before.cards
    assert desk.fields(words(desk)["猫"])["Reading"] == "ネコ"
