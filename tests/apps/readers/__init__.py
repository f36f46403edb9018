"""The readers: each turns an output into the cards that its app makes of it."""

from typing import NamedTuple


class Card(NamedTuple):
    """A card as its app has it: in the app's own markup, and without what the app does not know."""

    question: str
    answer: str = ""
    deck: str | None = None
    tags: tuple[str, ...] = ()
    kind: str = "qa"
    """`qa`, `reverse` (the way back of a `qa` card), `cloze`, or `choice`."""


class Refused(Exception):
    """The app does not take the file, or would not take all of it."""
