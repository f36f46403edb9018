"""Banks of short cards that look alike, and edits of which it is known which card is which.

A bank is a list of cards and an edit a function on it. What a card is about, its fact, says which
card is which: an edit that means another fact makes another card, however alike both read, and all
others leave it the card that it was. Copies are about the same fact.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random


@dataclass(frozen=True)
class Card:
    """One card; `fact` is what the tests know it by, and never reaches the source."""

    fact: str
    asks: str
    answer: str
    file: str = "bank.md"

    def source(self) -> str:
        return f"### Q: {self.asks}\n\n**Answer:** {self.answer}\n\n"


Bank = list[Card]
Edit = Callable[[Random, Bank, Bank], Bank]
"""Returns a bank as it is after an edit, to which new cards may come from a second one."""

SIZE = 14
"""So many cards a bank has at first; the rest may come later."""
EDITED = 3
"""So many cards an edit is about, but for those that are about all."""


def cards(*sides: tuple[str, str]) -> Bank:
    return [Card(asks, asks, answer) for asks, answer in sides]


def vocabulary() -> Bank:
    return cards(
        *[("Ziegel", "brick"), ("Geländer", "railing"), ("Dachboden", "attic")],
        *[("Schwelle", "threshold"), ("Riegel", "bolt"), ("Fuge", "joint")],
        *[("Estrich", "screed"), ("Gesims", "ledge"), ("Spalier", "trellis")],
        *[("Zarge", "frame"), ("Leiste", "moulding"), ("Klinke", "latch")],
        *[("Nische", "alcove"), ("Erker", "oriel"), ("Giebel", "gable")],
        *[("Rinne", "gutter"), ("Sims", "sill"), ("Kamin", "fireplace")],
    )


def capitals() -> Bank:
    towns = (
        "Norway Oslo, Latvia Riga, Peru Lima, Kenya Nairobi, Ghana Accra, Nepal Kathmandu, "
        "Qatar Doha, Cuba Havana, Fiji Suva, Chad Ndjamena, Mali Bamako, Oman Muscat, "
        "Laos Vientiane, Togo Lomé, Malta Valletta, Samoa Apia, Benin Porto-Novo, Tonga Nukualofa"
    )
    rows = [row.split() for row in towns.split(", ")]
    return cards(*[(f"What is the capital of {land}?", town) for land, town in rows])


def yes_or_no() -> Bank:
    """Every card has one of two answers."""
    right = "whale a mammal, bat a mammal, tomato a fruit, newt an amphibian, penguin a bird, "
    right += "spruce a conifer, coral an animal, yeast a fungus, fig a fruit"
    wrong = "spider an insect, shark a mammal, mushroom a plant, bamboo a tree, lizard a mammal, "
    wrong += "peanut a nut, eel a snake, panda a cat, banana a herb"
    both = zip(right.split(", "), wrong.split(", "), strict=True)
    return cards(*[(f"Is the {x}?", y) for pair in both for x, y in zip(pair, ["Yes.", "No."])])


def opposites() -> Bank:
    """For each card there is one that differs from it in two letters, and says the contrary."""
    words = "afferent efferent, abducting adducting, hypertonic hypotonic, ascending descending, "
    words += "exogenous endogenous, inhaled exhaled, anabolic catabolic, immersed emersed, "
    words += "inward outward"
    answers = ["towards the middle", "away from the middle"]
    pairs = [zip(pair.split(), answers, strict=True) for pair in words.split(", ")]
    return cards(*[(f"Where does {x} lead?", f"It leads {y}.") for pair in pairs for x, y in pair])


def sums() -> Bank:
    """Cards of numbers alone."""
    factors = [(a, b) for a in (6, 7, 8) for b in range(11, 17)]
    return cards(*[(f"{a} × {b}", str(a * b)) for a, b in factors])


def programs() -> Bank:
    """All headings are the same; the code below tells which card it is."""
    forms = ["print({a} + {b})", "print({b} % {a})", "for i in range({a}):\n    print(i * {b})"]
    codes = [form.format(a=a, b=a * a + 3) for a in range(2, 8) for form in forms]
    asked = [f"What does it print?\n\n```python\n{code}\n```" for code in codes]
    return cards(*[(asks, f"`{n * n + 41}`") for n, asks in enumerate(asked)])


def options() -> Bank:
    """Every card has the same options and no explanation worth the name."""
    things = "heap trie stack queue graph matroid lattice bitmap rope deque treap zipper monoid "
    things += "ring field group module ideal"
    chosen = "\n\n- [ ] always\n- [x] under conditions\n- [ ] never"
    asked = [f"When does a {thing} commute?{chosen}" for thing in things.split()]
    return cards(*[(asks, "As the lecture said.") for asks in asked])


def chapters() -> Bank:
    """Every card has the same answer, which is long."""
    answer = "See the table in the fourth chapter of the course book, and what follows below it."
    things = "osmosis diffusion turgor plasmolysis mitosis meiosis transpiration respiration "
    things += "budding grafting pollination germination dormancy symbiosis parasitism succession "
    things += "erosion decay"
    return cards(*[(f"Where is {thing} explained?", answer) for thing in things.split()])


def copies() -> Bank:
    """Every card is there twice."""
    return [card for card in vocabulary()[: (SIZE + EDITED) // 2 + 1] for _ in range(2)]


def prose() -> Bank:
    """Cards with long answers of two sentences, the second the shorter one."""
    says = (
        "{0} keep their balance because two opposite movements meet halfway, and neither of them "
        "gains as long as {1} hold them together. They need {2} now and then."
    )
    rows = (
        "bridges cables paint, tents poles rope, kites tails wind, rafts ballast tar, "
        "wheels spokes grease, clocks springs oil, domes ribs plaster, cranes counterweights steel, "
        "canoes paddles varnish, swings chains hooks, scales beams weights, gliders struts canvas, "
        "piers piles timber, masts stays pitch, looms treadles wax, mills sails stones, "
        "dams buttresses clay, sledges runners soap"
    )
    parts = [row.split() for row in rows.split(", ")]
    return cards(*[(f"Why do {it[0]} not topple?", says.format(*it).capitalize()) for it in parts])


BANKS = [vocabulary, capitals, yes_or_no, opposites, sums]
BANKS += [programs, options, chapters, copies, prose]

FILLERS = "exactly today again usually nearly roughly mostly rather hardly always truly".split()


def replaced(of: Random, bank: Bank, new: Bank) -> Bank:
    """Others stand where some stood."""
    places = dict(zip(choose(of, bank), new))
    return [places.get(at, card) for at, card in enumerate(bank)]


def one_replaced(of: Random, bank: Bank, new: Bank) -> Bank:
    """Another stands where one stood, so that it is the only one that could be that one."""
    at = of.randrange(len(bank))
    return [*bank[:at], new[0], *bank[at + 1 :]]


def replaced_elsewhere(of: Random, bank: Bank, new: Bank) -> Bank:
    """Some are deleted, and as many others written somewhere."""
    gone = choose(of, bank)
    left = [card for at, card in enumerate(bank) if at not in gone]
    for card in new[: len(gone)]:
        left.insert(of.randrange(len(left) + 1), card)
    return left


def reworded(of: Random, bank: Bank, _: Bank) -> Bank:
    """Some fronts get a word more."""
    return change(bank, choose(of, bank), lambda card: replace(card, asks=lengthen(of, card.asks)))


def all_reworded(of: Random, bank: Bank, _: Bank) -> Bank:
    """All fronts get a word more, each another one."""
    return change(bank, range(len(bank)), lambda card: replace(card, asks=lengthen(of, card.asks)))


def answered_anew(of: Random, bank: Bank, _: Bank) -> Bank:
    """Some backs are written anew."""
    answers = iter(["All of them.", "Nobody has found out.", "What remains when it is over."])
    return change(bank, choose(of, bank), lambda card: replace(card, answer=next(answers)))


def edited_on_both_sides(of: Random, bank: Bank, _: Bank) -> Bank:
    """Some cards get a word more in front, and one at the back."""
    return change(bank, choose(of, bank), lambda card: edit_both(of, card))


def deleted_and_reworded(of: Random, bank: Bank, _: Bank) -> Bank:
    """Some are deleted, and as many of the others get a word more in front."""
    places = choose(of, bank)
    changed = change(bank, places, lambda card: replace(card, asks=lengthen(of, card.asks)))
    gone = of.sample([at for at in range(len(bank)) if at not in places], EDITED)
    return [card for at, card in enumerate(changed) if at not in gone]


def moved_and_reworded(of: Random, bank: Bank, _: Bank) -> Bank:
    """All change their places, and some get a word more in front and come to another file."""
    changed = change(
        bank,
        choose(of, bank),
        lambda card: replace(card, asks=lengthen(of, card.asks), file="other.md"),
    )
    return of.sample(changed, len(changed))


def retyped(_: Random, bank: Bank, __: Bank) -> Bank:
    """All fronts are written in other letters, without a full stop or question mark."""

    def retype(card: Card) -> Card:
        head, rest = split_front(card.asks)
        return replace(card, asks=head.lower().rstrip("?") + rest)

    return change(bank, range(len(bank)), retype)


def copied(of: Random, bank: Bank, _: Bank) -> Bank:
    """Some are copied, and the copies edited on both sides to ask something else."""
    places = choose(of, bank)

    def copy(card: Card) -> Card:
        return edit_both(of, replace(card, fact=f"a copy of {card.fact}"))

    both = [[card, copy(card)] if at in places else [card] for at, card in enumerate(bank)]
    return [card for cards in both for card in cards]


def split(of: Random, bank: Bank, _: Bank) -> Bank:
    """Some are two: one asks for the first sentence, which is the longer one, one for the other."""
    places = choose(of, bank)

    def halves(at: int, card: Card) -> Bank:
        if at not in places:
            return [card]
        first, second = card.answer.split(". ")
        rest = Card(f"the rest of {card.fact}", card.asks.replace("Why", "With what care"), second)
        return [replace(card, answer=f"{first}."), rest]

    return [half for at, card in enumerate(bank) for half in halves(at, card)]


def joined(of: Random, bank: Bank, _: Bank) -> Bank:
    """Some take in the question that follows, and the shorter half of its answer."""
    places = of.sample(range(0, len(bank) - 1, 2), EDITED)

    def join(at: int) -> Bank:
        card, other = bank[at : at + 2]
        asks = f"{card.asks} {other.asks}"
        return [replace(card, asks=asks, answer=f"{card.answer} {other.answer.split('. ')[1]}")]

    pairs = range(0, len(bank), 2)
    return [card for at in pairs for card in (join(at) if at in places else bank[at : at + 2])]


EDITS = [
    replaced,
    one_replaced,
    replaced_elsewhere,
    reworded,
    all_reworded,
    answered_anew,
    edited_on_both_sides,
]
EDITS += [deleted_and_reworded, moved_and_reworded, retyped, copied]
STORIES = [(bank, edit) for bank in BANKS for edit in EDITS] + [(prose, split), (prose, joined)]


def choose(of: Random, bank: Bank) -> list[int]:
    """Returns places in a bank, no two of them of one fact."""
    facts = {card.fact: at for at, card in enumerate(bank)}
    return of.sample(sorted(facts.values()), EDITED)


def change(bank: Bank, places, edit: Callable[[Card], Card]) -> Bank:
    """Edits the cards at some places."""
    return [edit(card) if at in places else card for at, card in enumerate(bank)]


def edit_both(of: Random, card: Card) -> Card:
    """Puts a word into each side."""
    return replace(card, asks=lengthen(of, card.asks), answer=lengthen(of, card.answer))


def lengthen(of: Random, text: str) -> str:
    """Puts a word into the first line of a text, behind its first word or a later one."""
    head, rest = split_front(text)
    words = head.split()
    words.insert(of.randint(1, max(1, len(words) - 1)), of.choice(FILLERS))
    return " ".join(words) + rest


def split_front(text: str) -> tuple[str, str]:
    """Returns the heading of a front, and what is below it."""
    head, blank, rest = text.partition("\n\n")
    return head, blank + rest
