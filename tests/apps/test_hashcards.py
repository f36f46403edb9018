"""The reader through hashcards."""

import pytest

from readers import Card, Refused, hashcards


def test_hashcards(sample):
    answer = "An answer of lines.\n\n```text\n A: no answer\n  - --\n```\n\n***\n\nCosts \\$5."
    picture = "no [gap], and ![a picture](dot.png)."
    pair = "Term: Term\n\nDefinition: Definition"
    assert hashcards.read(sample("hashcards")) == [
        Card(
            "What is `Q:`?\n Q: is no question here, as a blank is before it.",
            answer,
            "Traps::One",
        ),
        Card(f"A [...], {picture}", f"A gap, {picture}", "Traps::One", (), "cloze"),
        Card("Term: [...]\n\nDefinition: Definition", pair, "Traps::One", (), "cloze"),
        Card("Term: Term\n\nDefinition: [...]", pair, "Traps::One", (), "cloze"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "# A heading\n\nQ: a\nA: b\n",
        "Q: a\nA: b\nA: c\n",
        "Q: a\n---\nA: b\n",
        "Q: a\n",
        "C: no gap\n",
        "Q: a\nA: ![](missing.png)\n",
        "",
    ],
)
def test_hashcards_refuses(file, text):
    with pytest.raises(Refused):
        hashcards.read(file(text).parent)
