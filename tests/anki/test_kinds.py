"""What each card of a cloze note shows: `kinds/`, and what it means written down a second time."""

import html
import re

import pytest

from desk import cards, import_package
from press import points, without_footnotes
from reading import math, words

SHOWN = {
    "gaps+cloze": {
        1: ("[...] is the capital of France, and [...] is not.", "Paris Lyon"),
        2: ("Paris is the capital of [a country], and Lyon is not.", "France"),
    },
    "code+cloze": {
        1: ("Rust calls [...] and JSX has style={{a: 1}}. It also has", "Vec::<Vec<u8>>::new()"),
        2: ("Rust calls Vec::<Vec<u8>>::new() and JSX has [code]. It also has }}", "style={{a: 1}}"),
        3: ("It also has [...], and {{c9::x}} is code.", "}}"),
        4: ("It also has }}, and [...] is code.", "{{c9::x}}"),
    },
    "tex+cloze": {
        1: (r"[...] and \(e^{ i\pi }\) and {{c8::no}}", r"\(\frac{a}{b_{c} } \)"),
        2: (r"\(\frac{a}{b_{c} } \) and \(e^{ [...] }\) and {{c8::no}}", r"i\pi"),
        3: (r"\[ \sum_{i=[...]}^{n} x_{i_{j}} \]", "1"),
    },
    "nested+cloze": {
        1: ("An [...] and another.", "outer inner one"),
        2: ("An outer [...] one and [...].", "inner another"),
    },
    "marks+cloze": {
        1: ("Water boils at 100 °C and freezes at 0 °C, if [...].", "pure"),
        2: ("Water boils at [...] and freezes at 0 °C, if pure.", "100 °C"),
        3: ("Water boils at 100 °C and freezes at [...], if pure.", "0 °C"),
    },
    "steps+cloze": {
        1: ("The client sends [...]. The server answers SYN-ACK.", "SYN"),
        2: ("The client sends SYN. The server answers [two flags]. who what client ACK", "SYN-ACK"),
        3: ("The server answers SYN-ACK. who what client [...]", "ACK"),
    },
    "classed+cloze": {1: ("[...] is the capital of France.", "Paris")},
    "classed+recall": {
        1: ("[…] is the capital of France. [...] not::the}}Rhine", "the Seine"),
        2: ("[…] is the capital of France. the Seine [...]", "not::the}}Rhine"),
    },
    "typed-gaps+cloze": {
        1: ("The key is [...], or [hint], said she.", "Ctrl & <C> a::b}}"),
        2: ("The key is Ctrl & <C>, or a::b}}, said [...].", "she"),
    },
    "harmless+cloze": {
        1: (r"[...] and [[type:Text]] and \(x\) and [latex]y[/latex]", "[sound:x.mp3]"),
        2: ("[sound:x.mp3] and [...] and [latex]y[/latex]", r"[[type:Text]] and \(x\)"),
        3: (r"[sound:x.mp3] and [[type:Text]] and \(x\) and [...]", "[latex]y[/latex]"),
    },
    "points+recall": {
        1: ("and {{c2::b}} in \\(x_{y_{z}}\\)? [...] the middle a::b}}", "the front end"),
        2: ("the front end [...] \\(\\frac", "the middle a::b}} with more"),
        3: ("with more [...] the back", r"\(\frac{a}{b_{c} } \) and {{c1::no gap}} }} ::"),
        4: ("{{c1::no gap}} }} :: [...] done", "the back with {{c3::x}} and $5"),
        5: ("and $5 [...]", "done, says a note1"),
    },
    "ar+recall": {
        1: ("ما هي الشبكة العصبية؟ [...] انحياز", "أوزان"),
        2: ("ما هي الشبكة العصبية؟ أوزان [...]", "انحياز"),
    },
    "ar-gap+cloze": {1: ("عاصمة فرنسا هي [...].", "باريس")},
}
"""By note and number: a part of what the front says, and what the back shows in place of it."""


def statement(side: str) -> str:
    """The text of a cloze note on one side of a card."""
    [text] = re.findall(r'<div class="statement">(.*?)\n(?:<hr>|<div class=|{{|</div>)', side, re.S)
    return text


def gaps(html: str) -> list[str]:
    """What is marked as the gap of this card, from the front or from the back."""
    found, at = [], 0
    while start := re.compile(r'<span class="cloze"[^>]*>').search(html, at):
        at, depth = start.end(), 1
        while depth:
            tag = re.compile(r"<(/?)span[^>]*>").search(html, at)
            depth += -1 if tag[1] else 1
            at = tag.end()
        found.append(html[start.end() : tag.start()])
    return found


@pytest.fixture
def collection(kinds, col):
    """A collection with every kind of cards."""
    import_package(col, kinds.package)
    return col


HIDDEN = re.compile(r"\[(?:\.\.\.|a country|code|two flags|hint)\]")


def test_each_gap_is_hidden_and_shown(collection):
    for guid, numbers in SHOWN.items():
        made = {card.ord + 1: card for card in cards(collection, guid)}
        assert made.keys() == numbers.keys(), guid
        for number, (front, hidden) in numbers.items():
            sides = made[number].render_output()
            asked, told = sides.question_text, sides.answer_text
            assert front in words(asked), f"{guid} {number}"
            # In a formula Anki marks nothing.
            filled = [words(gap) for gap in gaps(told)] or [hidden]
            assert " ".join(filled) == hidden, f"{guid} {number}"
            back = HIDDEN.sub(lambda _: filled.pop(0), front)
            assert back in words(told), f"{guid} {number}"


def test_all_cloze_notes_are_looked_at(kinds):
    notes = {guid for guid, (_, kind) in kinds.made.items() if kind != "qa"}
    assert notes - SHOWN.keys() == {"everything+recall", "options+recall"}


def squeezed(tex: str) -> str:
    """Spaces keep braces in TeX from ending a gap, and mean nothing there."""
    return tex.replace(" ", "")


def test_a_recall_list_has_all_points(kinds, collection):
    for guid, (note, kind) in kinds.made.items():
        if kind != "recall":
            continue
        expected = [words(without_footnotes(point)) for point in points(note)]
        told = [gaps(card.render_output().answer_text) for card in cards(collection, guid)]
        got = [words(without_footnotes(gap)) for [gap] in told]
        assert list(map(squeezed, got)) == list(map(squeezed, expected))


def test_only_math_is_typeset(collection):
    for cid in collection.db.list("select id from cards"):
        card = collection.get_card(cid)
        sides = card.render_output()
        assert not sides.question_av_tags and not sides.answer_av_tags
        assert "class=latex" not in sides.answer_text
        guid = card.note().guid
        has_math = guid.split("+")[0] in {"tex", "points"}
        assert bool(math(sides.answer_text)) == has_math, guid


TYPED = {
    "typed": {0: 'ls -a <dir> & "x"'},
    "everything": {0: "on & off", 1: None},
    "typed-gaps+cloze": {0: "Ctrl & <C>, a::b}}", 1: "she"},
}


def test_typed_answers_are_compared(collection):
    """What a learner types is compared as the reviewer does: see `qt/aqt/reviewer.py`."""
    for guid, expected in TYPED.items():
        for card in cards(collection, guid):
            sides = card.render_output()
            fields = set(re.findall(r"\[\[type:(.+?)\]\]", sides.question_text))
            assert fields == set(re.findall(r"\[\[type:(.+?)\]\]", sides.answer_text))
            if expected[card.ord] is None:
                assert not fields
                continue
            [field] = fields
            is_cloze = field.startswith("cloze:")
            correct = card.note()[field.removeprefix("cloze:")]
            if is_cloze:
                correct = collection.extract_cloze_for_typing(correct, card.ord + 1)
            shown = collection.compare_answer(correct, expected[card.ord])
            assert "typeBad" not in shown and "typeMissed" not in shown, (guid, correct)
            assert html.unescape(re.sub("<.*?>", "", shown)) == expected[card.ord]
            assert "typeBad" in collection.compare_answer(correct, "wrong")


def test_nothing_is_typed_elsewhere(kinds, collection):
    for guid, (note, _) in kinds.made.items():
        if "type" not in note["cards"]:
            assert not any("[[type:" in card.question() for card in cards(collection, guid))
