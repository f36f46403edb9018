"""A .mochi package by the reference of its format, and Mochi's Markdown. Sides are Markdown."""

import re
import zipfile

import edn_format
from edn_format import Keyword

from . import Card, Refused, files

ID = re.compile(r"[0-9A-Za-z]{8,}")


def read(path) -> list[Card]:
    """The cards of a package."""
    with zipfile.ZipFile(path) as package:
        if package.testzip():
            raise Refused("A member is damaged")
        names = package.namelist()
        if len(names) != len(set(names)):
            raise Refused(f"A member stands twice: {names}")
        data = plain(edn_format.loads(package.read("data.edn").decode("utf-8")))
    if data.get("version") != 2:
        raise Refused(f"The version is {data.get('version')!r}")
    names = set(names) - {"data.edn"}
    decks = data["decks"]
    paths = {deck["id"]: deck for deck in decks if "id" in deck}
    found = [(deck, card) for deck in decks for card in deck.get("cards", [])]
    found += [(paths[card["deck-id"]], card) for card in data.get("cards", [])]
    ids = [each["id"] for each in [*decks, *(card for _, card in found)] if "id" in each]
    if len(ids) != len(set(ids)) or not all(ID.fullmatch(each) for each in ids):
        raise Refused(f"An id stands twice, or is none: {ids}")
    cards = [
        side_by_side(card["content"], path_of(deck, paths), tuple(sorted(card.get("tags", ()))))
        for deck, card in found
    ]
    media = {name for _, card in found for name in re.findall(r"@media/([^)\s]+)", card["content"])}
    if media != names:
        raise Refused(f"Media that are only named, or only there: {sorted(media ^ names)}")
    return cards


def read_markdown(path) -> list[Card]:
    """The files of a folder, each of which is a card."""
    return [side_by_side(files.text(file), file.parent.name) for file in files.markdown(path)]


def side_by_side(content: str, deck: str | None, tags=()) -> Card:
    """A line of three dashes parts the sides, wherever it stands."""
    sides = [side.strip("\n") for side in re.split(r"(?m)^---$", content.strip("\n"))]
    if not all(side.strip() for side in sides):
        raise Refused(f"A side is empty: {content!r}")
    is_cloze = re.search(r"\{\{.+?\}\}", sides[0], re.DOTALL)
    if not is_cloze and len(sides) == 1:
        raise Refused(f"A card has one side: {content!r}")
    return Card(sides[0], "\n---\n".join(sides[1:]), deck, tags, "cloze" if is_cloze else "qa")


def path_of(deck: dict, decks: dict) -> str:
    """The names of a deck and of those above it."""
    above = decks[deck["parent-id"]] if deck.get("parent-id") else None
    return f"{path_of(above, decks)}::{deck['name']}" if above else deck["name"]


def plain(value):
    """EDN as Python has it, keywords as their names."""
    if isinstance(value, Keyword):
        return value.name
    if isinstance(value, str):
        return value
    if hasattr(value, "items"):
        return {plain(key): plain(each) for key, each in value.items()}
    if isinstance(value, (frozenset, set)):
        return {plain(each) for each in value}
    return [plain(each) for each in value] if hasattr(value, "__iter__") else value
