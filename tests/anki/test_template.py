"""Both sides of every card, rendered by us and by Anki: `src/template/` and `deckpress preview`."""

import json
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from anki.collection import Collection
from anki.notes import Note

from desk import import_package
from press import Outputs, press
from reading import shape

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", Path(__file__).parents[2] / "target"))

RENDER = TARGET / "debug/examples/render"
"""`examples/render.rs`, as `cargo test` builds it."""


@contextmanager
def preview(content):
    """The address of a preview of this folder."""
    command = [os.environ["DECKPRESS"], "preview", content, "--message-format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        try:
            lines = map(json.loads, process.stdout)
            yield next(line["address"] for line in lines if line["reason"] == "preview")
        finally:
            process.terminate()
            process.stdout.close()


def ask(address: str) -> dict:
    with urlopen(address) as answer:
        return json.load(answer)


def shown(content) -> dict[tuple[str, int], tuple[str, str, dict]]:
    """The sides of each card by the guid of its note and its number, as Anki should render them."""
    found = {}
    with preview(content) as address:
        topics = [topic for deck in ask(f"{address}list")["decks"] for topic in deck["topics"]]
        for question in (question for topic in topics for question in topic["questions"]):
            for note in ask(f"{address}note?id={quote(question[0])}")["notes"]:
                for card in note["cards"]:
                    found[note["guid"], card["ordinal"]] = (*card["html"], note | card)
    return found


def rendered(col: Collection) -> dict[tuple[str, int], tuple[str, str]]:
    """The same by Anki."""
    cards = [col.get_card(cid) for cid in col.db.list("select id from cards")]
    outputs = [(card, card.render_output(browser=False)) for card in cards]
    return {
        (card.note().guid, card.ord): (output.question_text, output.answer_text)
        for card, output in outputs
    }


def test_every_card_is_the_same(source, tmp_path, new_collection):
    outputs: Outputs = press(source, tmp_path)
    col = new_collection()
    import_package(col, outputs.package)
    ours, theirs = shown(tmp_path / "content"), rendered(col)
    assert ours.keys() == theirs.keys() and ours
    for key, sides in theirs.items():
        for own, anki in zip(ours[key], sides):
            assert shape(own) == shape(anki), key


def test_what_is_shown_around_a_card(tmp_path, new_collection):
    """Decks and names of templates are those that Anki gives the cards."""
    content = tmp_path / "content"
    content.mkdir()
    (content / "a.md").write_text("# Deck\n## Topic\n### Q: One? {.reverse}\nA.\n", encoding="utf-8")
    (content / "b.md").write_text("# Deck\n### Q: {{c2::Two}} and {{c1::one}}.\n", encoding="utf-8")
    outputs = press(content, tmp_path / "work")
    col = new_collection()
    import_package(col, outputs.package)
    ours = shown(tmp_path / "work/content")
    cards = [col.get_card(cid) for cid in col.db.list("select id from cards")]
    assert len(cards) == len(ours) == 4
    for card in cards:
        _, _, own = ours[card.note().guid, card.ord]
        assert own["deck"] == col.decks.name(card.did)
        assert own["template"] == card.template()["name"]
        assert own["type"] == card.note_type()["name"]


TEMPLATES = [
    ("{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"),
    ("{{text:Front}} {{#Back}}b{{/Back}}{{^Back}}no{{/Back}}", "{{text:FrontSide}}"),
    ("{{furigana:Front}}|{{kana:Front}}|{{kanji:Front}}", "{{hint:Back}}{{hint:Empty}}"),
    ("{{Front}}{{tts en_US:Back}}", "{{tts ja_JP voices=A:kana:Front}}{{FrontSide}}"),
    ("{{type:Back}}{{Front}}", "{{type:nc:Back}}{{type:cloze:Back}}"),
    ("{{Front}} {{Tags}} {{Type}} {{Deck}} {{Subdeck}} {{Card}} {{CardFlag}}", "{{Tags}}"),
    ("<!-- {{Front}} --> {{ Front }} {{{Back}}}", "{{unknown:Front}} {{unknown:text:Front}} {{x:}}"),
    ("{{=<% %>=}}<%Front%> {{Back}}", "{{Front}}{{#Front}}{{^Empty}}{{Back}}{{/Empty}}{{/Front}}"),
    ("{{Front}}{{#c1}}1{{/c1}}{{#c2}}2{{/c2}}", "{{cloze:Front}}{{cloze-only:Front}}"),
    ("{{Front}} {{", "}} {{Back}"),
    ("{{text:furigana:Front}}{{furigana:text:Front}}", "{{::Front}}"),
]
FIELDS = [
    ("one", "two"),
    ("<b>漢字[かんじ]</b> 日本[にほん] x[sound:a.mp3]", "a &lt; b &amp; c&nbsp;d"),
    ("<style>x</style>a<!-- b -->[sound:x &amp; y.mp3]<script>1</script>", "<br> "),
    ("{{c1::a {{c2::b::hint}}}} \\({{c1::x<br>}}\\)", "{{c1,2::both}}"),
    ("a & b < c [x] [[y]] c[d e]f", "<div>\n</div>"),
    (
        "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:oi=1}}{{c2::image-occlusion:polygon:points=1,2 3,4}}",
        "{{c0::image-occlusion:text:text=a\\:b:scale=2:fs=.1}}{{c2::image-occlusion:ellipse:rx=.1:angle=9:x=1}}",
    ),
]


@pytest.mark.parametrize("front, back", TEMPLATES)
@pytest.mark.parametrize("is_cloze", [False, True])
def test_templates_of_an_authors_own(front, back, is_cloze, col, tmp_path):
    """Every filter, with fields that make trouble: by the crate's own test program."""
    kind = col.models.new("Mine")
    kind["type"] = int(is_cloze)
    for name in ["Front", "Back", "Empty"]:
        col.models.add_field(kind, col.models.new_field(name))
    template = col.models.new_template("A card")
    gaps = "{{cloze:Front}}" if is_cloze else ""
    other = gaps.replace("{{", "<%").replace("}}", "%>")
    template["qfmt"] = front + other if front.startswith("{{=") else gaps + front
    template["afmt"] = gaps + back
    kind["tmpls"].append(template)
    col.models.add_dict(kind)
    kind = col.models.by_name("Mine")
    for texts in FIELDS:
        note = Note(col, kind)
        note.fields = [*texts, ""]
        note.tags = ["one", "two::three"]
        deck = col.decks.id("A::B c")
        col.add_note(note, deck)
        for card in note.cards():
            output = card.render_output(browser=False)
            ask = {
                "front": template["qfmt"],
                "back": template["afmt"],
                "fields": [[name, text] for name, text in note.items()],
                "tags": "one two::three",
                "note_type": "Mine",
                "deck": "A::B c",
                "template": "A card",
                "ordinal": card.ord,
                "is_cloze": is_cloze,
            }
            result = subprocess.run(
                [RENDER], input=json.dumps(ask), capture_output=True, encoding="utf-8", check=True
            )
            sides = json.loads(result.stdout)
            if sides is None:
                blank = ["The front of this card is blank", "No cloze"]
                assert any(words in output.question_text for words in blank)
                continue
            assert shape(sides["front"]) == shape(output.question_text)
            assert shape(sides["back"]) == shape(output.answer_text)
