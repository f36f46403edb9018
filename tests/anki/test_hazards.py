r"""What an author wrote is what a learner reads, whatever it means to Anki.

Each piece of text that Anki or MathJax could take for its own stands once in every place that
text can stand in. A card must neither play, typeset nor ask for anything, and must read as the
source does.
"""

import re

import pytest
from anki.collection import Collection

from desk import card, import_package
from press import press
from reading import attributes, math, words

HAZARDS = {
    "sound": "[sound:x.mp3]",
    "sound-upper": "[SOUND:x.mp3]",
    "speech": "[anki:tts lang=en_US]say[/anki:tts]",
    "latex": "[latex]x[/latex]",
    "latex-upper": "[LaTeX]x[/LaTeX]",
    "inline-latex": "[$]x[/$]",
    "display-latex": "[$$]x[/$$]",
    "latex-twice": "[$]x[/$] and [$]y[/$]",
    "type": "[[type:Answer]]",
    "type-cloze": "[[type:cloze:Text]]",
    "inline-math": r"\(x\)",
    "display-math": r"\[x\]",
    "escaped-math": r"\\(x\\)",
    "math-around-sound": r"\[sound:x.mp3\]",
    "sound-after-backslash": r"\[sound:x.mp3]",
    "field": "{{Question}}",
    "filter": "{{type:Answer}}",
    "section": "{{#Answer}}x{{/Answer}}",
    "cloze": "{{c1::x::y}} and }} and {{",
    "entity": "&#91;sound:x.mp3]",
    "comment": "<!-- x --> and <b>",
}

LATEX = "<img class=latex"
TYPE_BOX = "[[type:"

LITERAL = {
    "code": "a `HAZARD` b",
    "fence": "```\nHAZARD\n```",
    "fence-in-list": "- item\n\n  ```text\n  HAZARD\n  ```",
    "indented": "    HAZARD",
}

ESCAPED = {
    "prose": "a HAZARD b",
    "emphasis": "*HAZARD*",
    "heading": "#### HAZARD",
    "list": "- HAZARD",
    "table": "| HAZARD |\n|---|\n| HAZARD |",
    "link": "[a HAZARD b](https://example.org)",
    "link-title": '[word](https://example.org "HAZARD")',
    "image-alt": "![HAZARD](dot.png)",
    "image-title": "![dot](dot.png 'HAZARD')",
    "footnote": "note[^LABEL]\n\n[^LABEL]: HAZARD",
    "beside-html": "<u>a</u> HAZARD <kbd>b</kbd>",
}

RAW = {
    "html": "<div>\n<p>a HAZARD b</p>\n</div>",
    "html-attribute": '<div>\n<p title="HAZARD">a</p>\n</div>',
}

BRACKETED = {"link", "image-alt"}
IN_ATTRIBUTE = {"link-title", "image-alt", "image-title", "html-attribute"}
PLACES = LITERAL | ESCAPED | RAW


def markdown(place: str, hazard: str) -> str:
    """The hazard as an author writes it there, so that a reader of Markdown sees it as it is."""
    if place in ESCAPED:
        special = r"[\\&<\[\]]" if place in BRACKETED else r"[\\&<]"
        hazard = re.sub(special, r"\\\g<0>", hazard)
    if place in RAW:
        hazard = hazard.replace("&", "&amp;").replace("<", "&lt;")
    return PLACES[place].replace("HAZARD", hazard)


@pytest.fixture(scope="module")
def notes(tmp_path_factory):
    """A folder with a note per hazard and place, named after both."""
    folder = tmp_path_factory.mktemp("hazards")
    notes = ["# Deck"]
    for name, hazard in HAZARDS.items():
        for place in PLACES:
            guid = f"{name}.{place}"
            text = markdown(place, hazard).replace("LABEL", guid)
            notes += [f"### Q: Is {guid} harmless? {{#{guid}}}", f"**Answer:**\n\n{text}"]
    (folder / "notes.md").write_text("\n\n".join(notes), encoding="utf-8")
    (folder / "dot.png").write_bytes(b"dot")
    return folder


@pytest.fixture(scope="module")
def live(notes, tmp_path_factory):
    """A collection with all of these notes."""
    work = tmp_path_factory.mktemp("live")
    col = Collection(str(work / "collection.anki2"))
    import_package(col, press(notes, work).package)
    yield col
    col.close()


def assert_inert(col, guid: str) -> None:
    sides = card(col, guid).render_output()
    assert not sides.question_av_tags and not sides.answer_av_tags
    for html in [sides.question_text, sides.answer_text]:
        assert LATEX not in html and TYPE_BOX not in html
        assert not math(html)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", HAZARDS)
def test_text_stays_text(live, name, place):
    guid = f"{name}.{place}"
    assert_inert(live, guid)
    html = card(live, guid).note()["Answer"]
    if place in IN_ATTRIBUTE:
        assert HAZARDS[name] in attributes(html)
    else:
        assert HAZARDS[name] in words(html)


@pytest.mark.parametrize("html", ["escape", "allow"])
def test_no_setting_for_html_brings_text_to_life(html, notes, col, tmp_path):
    outputs = press(notes, tmp_path, f'html = "{html}"\n')
    import_package(col, outputs.package)
    for guid in outputs.notes:
        assert_inert(col, guid)


@pytest.mark.parametrize("name", HAZARDS)
def test_names_stay_names(name, col, tmp_path):
    """Titles, labels and captions are shown on the card, too."""
    hazard = HAZARDS[name]
    text = re.sub(r"[\\&<]", r"\\\g<0>", hazard)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/[sound:x] $ \\(x\\).md").write_text(
        f"# Deck {text}\n\n## Topic {text}\n\n### Q: Question {text}? {{#id}}\n\n"
        f"**Answer (said {text}):** x\n\n**Label {text}:**\n\ny\n"
    )
    import_package(col, press(tmp_path / "notes", tmp_path).package)
    assert_inert(col, "id")
    note = card(col, "id").note()
    assert words(note["Question"]) == f"Question {hazard}?"
    assert words(note["Answer"]) == f"said {hazard} x"
    assert words(note["Extra"]) == f"Label {hazard} y"
    levels = f"Deck {hazard}".split("::")[1:] + f"Topic {hazard}".split("::")
    assert words(note["Topic"]) == " › ".join(levels)
    assert words(note["Source"]) == "[sound:x] $ \\(x\\).md"


def test_the_tests_see_what_is_live(col):
    """Otherwise nothing above could fail."""
    note = col.new_note(col.models.by_name("Basic"))
    note["Front"] = (
        r"[sound:x.mp3] [latex]x[/latex] [[type:Back]] \(x\) <p>\[y\]</p> <code>\(z\)</code>"
    )
    col.add_note(note, col.decks.get_current_id())
    sides = note.cards()[0].render_output()
    assert len(sides.question_av_tags) == 1
    assert LATEX in sides.question_text and TYPE_BOX in sides.question_text
    assert math(sides.question_text) == ["x", "y"]
