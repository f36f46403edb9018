"""Obsidian_to_Anki by its rules and first settings. Sides are Markdown, of a cloze Anki's."""

import re

from . import Card, Refused, files

FIELDS = {
    "Basic": ["Front", "Back"],
    "Basic (and reversed card)": ["Front", "Back"],
    "Cloze": ["Text", "Back Extra"],
}
"""The note types that every Anki has."""


def read(path) -> list[Card]:
    return [card for file in files.markdown(path) for card in note(files.text(file))]


def note(text: str) -> list[Card]:
    if re.search(r"STARTI.*?ENDI", text):
        raise Refused("A note within a line")
    if re.search(r"DELETE\n?(?:<!--)?ID: \d", text) or re.search(r"FROZEN - .*?:\n[^\n]", text):
        raise Refused("A line that deletes notes, or adds to all")
    deck = re.search(r"^TARGET DECK(?:\n|: )(.*)", text, re.MULTILINE)
    tags = re.search(r"^FILE TAGS(?:\n|: )(.*)", text, re.MULTILINE)
    blocks = re.findall(r"^START\n(.*?\n)END", text, re.MULTILINE | re.DOTALL)
    return [
        card._replace(
            deck=deck[1] if deck else "Default",
            tags=tuple(filter(None, [*card.tags, *(tags[1] if tags else "").split(" ")])),
        )
        for block in blocks
        for card in cards(block.strip().split("\n"))
    ]


def cards(lines: list[str]) -> list[Card]:
    if re.search(r"(?:<!--)?ID: \d", lines[-1]):
        raise Refused(f"The id of no note in Anki: {lines[-1]}")
    tags = lines.pop()[len("Tags: ") :].split(" ") if lines[-1].startswith("Tags: ") else []
    kind, *lines = lines or [""]
    if kind not in FIELDS:
        raise Refused(f"No type of notes: {kind}")
    fields = dict.fromkeys(FIELDS[kind], "")
    current = FIELDS[kind][0]
    for line in lines:
        starts = [name for name in fields if line.startswith(f"{name}:")]
        if starts:
            current = starts[0]
            line = line[len(current) + 1 :]
        fields[current] += f"{line}\n"
    front, back = [field.strip() for field in fields.values()]
    if kind == "Cloze":
        return [Card(front, back, None, tuple(tags), "cloze")]
    there = Card(front, back, None, tuple(tags))
    again = Card(back, front, None, tuple(tags), "reverse")
    return [there] if kind == "Basic" else [there, again]
