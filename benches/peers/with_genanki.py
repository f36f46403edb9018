"""with_genanki.py IN.md OUT.apkg: what one would write with genanki and Python-Markdown."""

import itertools
import re
import sys
from pathlib import Path

import genanki
import markdown

FIELDS = ["Question", "Answer", "Key Points"]
BACK = "{{Question}}<hr>{{Answer}}<hr>{{Key Points}}"
MODEL = genanki.Model(
    1_700_000_001,
    "Peer",
    fields=[{"name": name} for name in FIELDS],
    templates=[{"name": "Recall", "qfmt": "{{Question}}", "afmt": BACK}],
)


def html(text):
    return markdown.markdown(text, extensions=["fenced_code", "tables"])


def notes(text):
    """Every note with its topic. The corpora have no line of code that looks like a heading."""
    for topic in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, *asked = re.split(r"^### Q: ", topic, flags=re.MULTILINE)
        for question in asked:
            prompt, _, rest = question.partition("\n")
            answer, _, points = rest.partition("**Key points to hit:**\n")
            answer = answer.strip().removeprefix("**Answer:** ")
            points = points.rstrip().removesuffix("---")
            tags = [title.strip().replace(" ", "-")]
            fields = [html(prompt), html(answer), html(points)]
            yield title.strip(), genanki.Note(model=MODEL, fields=fields, tags=tags)


def main():
    source, target = sys.argv[1:]
    decks = []
    grouped = itertools.groupby(notes(Path(source).read_text("utf-8")), key=lambda pair: pair[0])
    for number, (title, pairs) in enumerate(grouped):
        deck = genanki.Deck(1_600_000_000 + number, title)
        for _, note in pairs:
            deck.add_note(note)
        decks.append(deck)
    genanki.Package(decks).write_to_file(target)


main()
