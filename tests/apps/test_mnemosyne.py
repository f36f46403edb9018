"""The reader through Mnemosyne."""

import re

import pytest

from readers import Card, Refused, mnemosyne


def test_tsv(sample):
    assert mnemosyne.read(sample("mnemosyne.tsv"), "tsv") == [
        Card("What is <b>bold</b> in HTML?", '&lt;b&gt; and &lt;/b&gt;<br>two lines, "quotes"'),
        Card("A number?", "&amp;#60; is 60"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "one column\n",
        "a\t\n",
        "\tb\n",
        "three\tcolumns\there\n",
        "a column more&#9;here\tb\n",
        "a &#foo; b\tc\n",
        'a\t<img src="missing.png">\n',
    ],
)
def test_tsv_refuses(file, text):
    with pytest.raises(Refused):
        mnemosyne.read(file(text, "deck.tsv"), "tsv")


def test_supermemo(sample):
    assert mnemosyne.read(sample("supermemo.txt"), "supermemo") == [
        Card(
            "Who asks?\nA: is no answer here.",
            "Q: is no question here.\n\nif a &lt; b &amp;&amp; c:\nIndents are lost.",
        ),
        Card("Next?", "Yes"),
    ]


@pytest.mark.parametrize("text", ["Q: a\n\nA: b\n", "Q: a\nno A\n", "Q: a\nA: &#x41;\n", "a\n"])
def test_supermemo_refuses(file, text):
    with pytest.raises(Refused):
        mnemosyne.read(file(text, "deck.txt"), "supermemo")


def test_package(build):
    folder = build(
        "---\ndeck: Words\n---\n\n## Topic\n\n### Q: What is `a < b`?\n\nA **test**.\n\n"
        "### Q: The {{c1::capital::which?}} of France\n",
        "apkg",
        'anki.format = "legacy"\n',
    )
    [path] = folder.glob("*.apkg")
    first, second = mnemosyne.read(path, "apkg")
    assert "What is <code>a &lt; b</code>?" in first.question
    assert "A <strong>test</strong>." in first.answer
    assert "[which?]" in re.sub(r"<[^>]*>", "", second.question)
    assert "Words::Topic" in first.tags
