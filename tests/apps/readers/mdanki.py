"""mdanki by its rules. Sides are Markdown, as it gives them to its renderer."""

import re
from pathlib import Path

from . import Card, Refused, files


def read(path) -> list[Card]:
    """The cards of a file, which is one deck. A side that links a missing picture ends the run."""
    pieces = [piece.strip() for piece in re.split(r"(?m)(?=^##\s)", files.text(path))]
    titles = [piece for piece in pieces if re.match(r"#\s", piece)]
    # The name is all that stands before the first card, in one line.
    deck = re.sub(r"#\s|\n", "", titles[0]) if titles else "mdanki"
    cards = [card(piece, deck) for piece in pieces]
    cards = [card for card in cards if card]
    for each in cards:
        for link in re.findall(r"!\[[^\]]*\]\(<?([^)>\s]+)", each.question + each.answer):
            if not (Path(path).parent / link).exists():
                raise Refused(f"There is no {link}")
    return cards


def card(piece: str, deck: str) -> Card | None:
    """The title of the deck is a piece like the others, and a card if there is text below it."""
    front, *more = [side.split("\n") for side in re.split(r"(?m)^%$", piece)]
    front = [line.rstrip() for line in front]
    if more:
        back = more[0]
    else:
        front = trimmed(front)
        front, back = front[:1], front[1:]
    back = trimmed([line.rstrip() for line in back])
    tags = [line for line in back if line.startswith("[#") and re.match(r"\[#.*\]", line)]
    back = trimmed([line for line in back if line not in tags])
    names = [name for line in tags for name in tags_of(line)]
    if not "".join(front) or not "".join(back):
        return None
    return Card("\n".join(trimmed(front)), "\n".join(back), deck, tuple(names))


def tags_of(line: str) -> list[str]:
    found = [re.match(r"\[#(.*)\]", word) for word in line.split(" ")]
    if None in found:
        raise Refused(f"mdanki falls over a word that is no tag: {line}")
    return [match[1] for match in found if match[1]]


def trimmed(lines: list[str]) -> list[str]:
    """Without the empty lines around."""
    while lines and not lines[0]:
        lines = lines[1:]
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines
