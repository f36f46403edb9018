"""Short cards that look alike: no reviews on another card, and none lost for a word."""

from random import Random

import pytest
from adapter import Desk
from banks import SIZE, STORIES, Bank
from press import Press
from story import HOUR, plain, words

START = 1_780_000_000


@pytest.mark.parametrize(
    ("bank", "edit"), STORIES, ids=[f"{bank.__name__}, {edit.__name__}" for bank, edit in STORIES]
)
def test_reviews_stay_with_what_they_are_of(folder: Press, desk: Desk, bank, edit):
    """Every card that a learner reviewed asks for the same fact as before, or is out of use."""
    before, spare = bank()[:SIZE], bank()[SIZE:]
    after = edit(Random(f"{bank.__name__} {edit.__name__}"), before, spare)

    facts = build(folder, before, START)
    assert desk.import_package(folder.package).new == len(before)
    desk.review_each()
    reviewed = of_cards(desk, facts)
    assert reviewed.keys() == desk.reviewed()
    old = desk.snapshot()

    facts = build(folder, after, START + HOUR)
    log = desk.import_package(folder.package)
    asks = of_cards(desk, facts)
    pairs = {(reviewed[card], fact) for card, fact in asks.items() if card in reviewed}
    assert not {(was, fact) for was, fact in pairs if was != fact}, "reviews are of another card"
    known = [card.fact for card in before]
    lost = {fact for card, fact in asks.items() if card not in reviewed and fact in known}
    assert not lost, "a card lost its reviews"
    added = [card for card in after if card.fact not in known]
    assert (log.new, log.conflicting) == (len(added), 0)

    new = desk.snapshot()
    assert new.notes.keys() == old.notes.keys() | facts.keys()
    assert {card: new.cards[card] for card in old.cards} == old.cards
    assert new.revlog == old.revlog
    for guid, card in zip(ids(folder), in_order(after), strict=True):
        assert words(desk.fields(guid)["Answer"]).endswith(plain(card.answer))
    assert not desk.problems()


def build(press: Press, bank: Bank, now: int) -> dict[str, str]:
    """Builds a bank; returns the fact that each note is about."""
    for page in press.content.glob("*.md"):
        page.unlink()
    for name in {card.file for card in bank}:
        page = "".join(card.source() for card in bank if card.file == name)
        (press.content / name).write_text(f"# Bank\n\n## Cards\n\n{page}", encoding="utf-8")
    press.build(now)
    return dict(zip(ids(press), (card.fact for card in in_order(bank)), strict=True))


def in_order(bank: Bank) -> Bank:
    """Returns the cards as a build reads them, file by file."""
    return sorted(bank, key=lambda card: card.file)


def ids(press: Press) -> list[str]:
    return [note["id"] for note in press.notes]


def of_cards(desk: Desk, facts: dict[str, str]) -> dict[int, str]:
    """Returns the facts that cards in Anki ask for, as their notes are known."""
    return {card: fact for guid, fact in facts.items() for card in desk.ords(guid).values()}
