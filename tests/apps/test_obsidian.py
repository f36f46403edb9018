"""The readers by the rules of Obsidian's plugins."""

import pytest

from readers import Card, Refused, flashcards_obsidian, obsidian_sr, obsidian_to_anki


def test_obsidian_sr(sample):
    assert obsidian_sr.read(sample("obsidian-sr.md")) == [
        Card(
            "What is a *path*\nin Rust?",
            "It has colons: `std::vec`, or &#58;: in prose.",
            "Traps",
        ),
        Card("Both ways", "And back", "Traps"),
        Card("And back", "Both ways", "Traps", (), "reverse"),
        Card("One line", "of card", "Traps"),
        Card("Two ways", "of line", "Traps"),
        Card("of line", "Two ways", "Traps", (), "reverse"),
        *(
            Card(front, back, "Traps", (), "cloze")
            for front, back in [
                ("The [hint] and the other.", "The gap and the other."),
                ("The gap and the [...].", "The gap and the other."),
            ]
        ),
        Card("In another deck", "Yes", "Other"),
    ]


@pytest.mark.parametrize(
    "text, cards",
    [
        ("Q\n?\nA\n", []),
        ("#flashcards\n\nQ\n?\nstd::vec\n", [Card("std", "vec", "")]),
        ("#flashcards\n\nQ\n?\n`a::b` and ``c``\n", [Card("Q", "`a::b` and ``c``", "")]),
        ("#flashcards\n\nQ\n?\na\n\nb\n", [Card("Q", "a", "")]),
        ("#flashcards\n\nQ\n?\n  ```\n\n  b\n", [Card("Q", "  ```", "")]),
        ("#flashcards\n\nQ\n?\na\n<!-- b -->\nc\nd\n", [Card("Q", "a\nd", "")]),
        ("#flashcards\n\n<!-- a\n-->\nQ\n?\nA\n", []),
        ("#flashcards\n\n#tag Q\n?\nA\n", [Card("Q", "A", "tag")]),
        ("#flashcards\n\nQ\n?\n```\n?\n\na::b\n```\n", [Card("Q", "```\n?\n\na::b\n```", "")]),
    ],
)
def test_obsidian_sr_traps(file, text, cards):
    assert obsidian_sr.read(file(text)) == cards


def test_obsidian_to_anki(sample):
    deck = "Traps::Anki"
    assert obsidian_to_anki.read(sample("obsidian-to-anki.md")) == [
        Card(
            "What ends a note?\n END is safe after a blank.",
            "A line that begins with it.\n\nBack\\: an escape.",
            deck,
            ("one", "two", "all", "of"),
        ),
        Card("There", "and back", deck, ("all", "of")),
        Card("and back", "There", deck, ("all", "of"), "reverse"),
        Card("The {{c1::gap}}, not {this}.", "", deck, ("last", "all", "of"), "cloze"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "START\nBasic\nQ\nBack: ID: 12\nEND\n",
        "START\nBasik\nQ\nBack: A\nEND\n",
        "A STARTI [Basic] a Back: b ENDI\n",
        "DELETE\nID: 12\n",
    ],
)
def test_obsidian_to_anki_refuses(file, text):
    with pytest.raises(Refused):
        obsidian_to_anki.read(file(text))


def test_tags_that_are_empty_are_text(file):
    path = file("START\nBasic\nQ\nBack: A\nTags: \nEND\n")
    assert obsidian_to_anki.read(path) == [Card("Q", "A\nTags:", "Default")]


def test_a_line_that_begins_like_the_end_is_the_end(file):
    path = file("START\nBasic\nQ\nBack: A\nENDIF\nEND\n")
    assert obsidian_to_anki.read(path) == [Card("Q", "A", "Default")]


def test_flashcards_obsidian(sample):
    deck, tags = "Traps::Obsidian", ("all", "of::it")
    code = "```rust\nlet x = std::vec::Vec::<u8>::new(); {}\n```"
    assert flashcards_obsidian.read(sample("flashcards-obsidian.md")) == [
        Card(
            "Part > Which *words*?",
            "The answer,\nand its `code`.",
            deck,
            (*tags, "own::tag"),
        ),
        Card("Part > Section > Both?", code, deck, tags),
        Card(code, "Part > Section > Both?", deck, tags, "reverse"),
        Card("Part > Section > Left", "right", deck, tags),
        Card(
            "Part > Section > The {{c1::gap}} and {{c2::another}}.", "", deck, tags, "cloze"
        ),
    ]


@pytest.mark.parametrize(
    "text, cards",
    [
        ("Q #card\na\n\nb\n", [Card("Q", "a")]),
        ("Q #card\nuse `a::b`\n", [Card("use `a", "b`"), Card("Q", "use `a::b`")]),
        ("Q #card\n{x}\n", [Card("{{c1::x}}", kind="cloze"), Card("Q", "{x}")]),
        ("Q #card\n\nR #card\nA\n", [Card("Q", "R #card\nA")]),
    ],
)
def test_flashcards_obsidian_traps(file, text, cards):
    assert flashcards_obsidian.read(file(text)) == cards
