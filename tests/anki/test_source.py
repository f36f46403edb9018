"""Documents of plain prose, read by a second reader that knows little of Markdown.

It shares nothing with deckpress, so what both agree on is what the author wrote.
"""

import re

import pytest

from conftest import INPUTS
from desk import held, import_package
from press import press
from reading import words

PLAIN = [name for name in ["content", "example"] if name in INPUTS]


def questions(text: str):
    """Topic, question, answer and key points of each question, in the document's Markdown."""
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        topic, *asked = re.split(r"^### Q: ", section, flags=re.MULTILINE)
        for block in asked:
            question, block = block.split("\n", 1)
            question = re.sub(r" \{[#.].*\}$", "", question)
            block = re.sub(r"^---$", "", block, flags=re.MULTILINE)
            answer, below = block.split("**Key points to hit:**")
            answer = re.sub(r"^\s*\*\*Answer(?: \((.*)\))?:\*\*", r"\1", answer)
            points = re.findall(r"^- (.*)$", below.split("\n**")[0], flags=re.MULTILINE)
            yield topic.split("\n")[0], question, answer, points


def prose(markdown: str) -> str:
    """What a text says that uses no mark but that of inline code."""
    return " ".join(markdown.replace("`", "").split())


def letters(markdown: str) -> str:
    """What a text says, whatever its marks: its letters and digits alone."""
    markdown = re.sub(r"^```\w+$|^\d+\. ", "", markdown, flags=re.MULTILINE)
    return "".join(filter(str.isalnum, markdown))


@pytest.mark.parametrize("name", PLAIN)
def test_each_card_reads_as_its_source(name, col, tmp_path):
    import_package(col, press(INPUTS[name], tmp_path).package)
    notes = list(held(col).values())
    files = sorted(INPUTS[name].glob("*.md"))
    written = [question for file in files for question in questions(file.read_text("utf-8"))]
    assert len(notes) == len(written) > 0
    says = prose if name == "example" else letters
    for note, (topic, question, answer, points) in zip(notes, written, strict=True):
        assert note.fields["Topic"] == topic.replace("&", "&amp;")
        assert note.cards[0][1].endswith(f"::{topic}")
        assert says(words(note.fields["Question"])) == says(question)
        assert says(words(note.fields["Answer"])) == says(answer)
        assert says(words(note.fields["Key Points"])) == says(" ".join(points))
        assert note.fields["Key Points"].count("<li>") == len(points)
    if name == "example":
        subdecks = {deck for note in notes for _, deck in note.cards}
        counted = (len(written), len(subdecks), sum(len(question[3]) for question in written))
        assert counted == (45, 7, 242)
