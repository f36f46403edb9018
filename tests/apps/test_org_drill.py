"""The reader through org-drill."""

import pytest

from readers import Card, Refused, org_drill

pytestmark = pytest.mark.debian


def test_org_drill(sample):
    tags = ("book",)
    gaps = "The [capital] of [France] is [Paris]."
    assert org_drill.read(sample("deck.org")) == [
        Card(
            "Brackets\nWhat is =a[...]= in\n\nint a[2];\n,* no heading\n\n"
            "with [[https://example.org][a link]], and \\(x[1]\\)?\n*** Answer",
            "Brackets\nWhat is =a[0]= in\n#+begin_src c\nint a[2];\n,* no heading\n#+end_src\n"
            "with [[https://example.org][a link]], and \\(x[1]\\)?\n*** Answer\n"
            "The first: a[0].\n# a comment\n**** Deeper",
            "Topic",
            ("book", "easy"),
        ),
        *(
            Card(front, "Two sides\n*** Word\nWort\n*** Meaning\nword", "Topic", tags, kind)
            for kind, front in [
                ("qa", "Two sides\n*** Word\nWort\n*** Meaning"),
                ("reverse", "Two sides\n*** Word\n*** Meaning\nword"),
            ]
        ),
        *(
            Card(f"Gaps\n{front}", f"Gaps\n{gaps}", "Topic", tags, "cloze")
            for front in [
                "The [which city...] of [France] is [Paris].",
                "The [capital] of [...] is [Paris].",
                "The [capital] of [France] is [...].",
            ]
        ),
    ]


def test_a_question_in_the_heading_alone_is_never_asked(file):
    with pytest.raises(Refused):
        org_drill.read(file("* Question? :drill:\n** Answer\nYes.\n", "deck.org"))
