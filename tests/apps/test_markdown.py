"""The readers of Markdown decks, but for those of Obsidian."""

import zipfile

import pytest

from readers import Card, Refused, inka, logseq, mdanki, mochi, remnote


def test_inka(sample):
    tags = ("one", "two")
    assert inka.read(sample("inka.md")) == [
        Card(
            "<p>What is <em>this</em>?\nDeck: no deck, as a blank is before it.</p>",
            "<p>An answer, \\(a<b\\):</p>"
            '<pre><code class="language-c">if (a[0]) {}</code></pre>'
            "<ol><li>No question</li></ol>",
            "Traps::Inka",
            tags,
        ),
        Card(
            "<p>The {{c1::gap}}, <code>{code}</code>, and {{c2::another}}.</p>",
            "",
            "Traps::Inka",
            tags,
            "cloze",
        ),
    ]


@pytest.mark.parametrize("line", ["Deck: another", "Tags: more"])
def test_inka_refuses(file, line):
    with pytest.raises(Refused):
        inka.read(file(f"---\nDeck: A\nTags: b\n\n1. Q\n{line}\n> A\n---\n"))


def test_mdanki(sample):
    assert mdanki.read(sample("mdanki.md")) == [
        Card(
            "## What is `##`?",
            " ## A heading is none after a blank.\n\n\n### This is none either\n\n"
            "```sh\n %\n# a comment\n```",
            "Traps",
            ("one", "two"),
        ),
        Card("## Two lines\non the front", "The back", "Traps"),
    ]


def test_mdanki_makes_a_card_of_a_title_with_text(file):
    assert mdanki.read(file("# Title\nText\n## Q\nA\n")) == [
        Card("# Title", "Text", "TitleText"),
        Card("## Q", "A", "TitleText"),
    ]


@pytest.mark.parametrize("text", ["## Q\n[#tag] word\nA\n", "## Q\n![](missing.png)\n"])
def test_mdanki_refuses(file, text):
    with pytest.raises(Refused):
        mdanki.read(file(text))


def test_remnote(sample):
    assert remnote.read(sample("remnote.md")) == [
        Card("What is `::`?", "A sign, `a >> b` is code", "remnote"),
        Card(
            "Many lines", "- one\n- two\n  ```c\n  - x << 1;\n  ```\n  - deeper", "remnote"
        ),
        Card("Both", "ways", "remnote"),
        Card("ways", "Both", "remnote", (), "reverse"),
        Card("front", "Back", "remnote", (), "reverse"),
        Card("Concept", "its definition", "remnote"),
        Card("its definition", "Concept", "remnote", (), "reverse"),
        Card("Which?", "- right\n- wrong", "remnote", (), "choice"),
        Card("The {{gap}} of it", "", "remnote", (), "cloze"),
    ]


@pytest.mark.parametrize("text", ["- a >> b :: c\n", "- a >>\n", "- >> b\n", "- a >>>\n  - b == c\n"])
def test_remnote_refuses(file, text):
    with pytest.raises(Refused):
        remnote.read(file(text))


def test_logseq(sample):
    deck = "Traps/Logseq"
    assert logseq.read(sample("logseq.md")) == [
        Card(
            "What is `#card`?  #[[two words]]\nÄ line more",
            "- The answer\n  ```c\n  - a::b {{x}} #card\n  ```\n- and more\n  - deeper",
            deck,
            ("two words",),
        ),
        Card("The (cue) and [...]", "The gap, of two and another", deck, (), "cloze"),
    ]


def test_logseq_refuses_other_macros(file):
    with pytest.raises(Refused):
        logseq.read(file("- Q #card\n\t- {{query x}}\n"))


@pytest.mark.parametrize("text", ["- a:: b #card\n\t- A\n", "- a\n  b:: c #card\n\t- A\n"])
def test_logseq_takes_words_for_properties(file, text):
    assert "b" not in "".join(card.question for card in logseq.read(file(text)))


def package(tmp_path, data: str, *media: str):
    path = tmp_path / "deck.mochi"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("data.edn", data)
        for name in media:
            file.writestr(name, b"")
    return path


def test_mochi(sample, tmp_path):
    data = sample("mochi.edn").read_text(encoding="utf-8")
    assert mochi.read(package(tmp_path, data, "a.png")) == [
        Card(
            'A "quote", a \\ and a tab\t', "![a picture](@media/a.png)", "Traps", ("one", "two")
        ),
        Card("The {{gap}}.", "", "Traps::Deeper", (), "cloze"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        "{:decks []}",
        '{:version 2 :decks [{:name "A" :cards [{:content "one side"}]}]}',
        '{:version 2 :decks [{:name "A" :cards [{:content "a\\n---\\n![](@media/b.png)"}]}]}',
        '{:version 2 :decks [{:name "A" :id :short :cards []}]}',
    ],
)
def test_mochi_refuses(tmp_path, data):
    with pytest.raises(Refused):
        mochi.read(package(tmp_path, data))


def test_mochi_markdown(sample):
    assert mochi.read_markdown(sample("mochi-md")) == [
        Card("What is `---`?", "A line.\n\n - ---", "mochi-md"),
        Card("The {{1::gap}}.", "", "mochi-md", (), "cloze"),
    ]
