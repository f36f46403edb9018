"""From one version of the package to the other and back: nothing is lost, nothing doubled."""

import zipfile

import pytest

from desk import cards, held, import_package
from press import EPOCH, press_in_place

TEXT = """# Deck
## Topic
### Q: One? {.kept}
**Answer:** ![](x.png)
### Q: Two? {.reverse}
**Answer:** b
### Q: ==Three== and four? {.cloze}
### Q: Five? {.recall}
**Answer:** e
**Key points:**
- f
- g
"""
ORDERS = [["legacy", "latest", "legacy"], ["latest", "legacy", "latest"]]


def study(col):
    """Every card is answered, as easy as can be."""
    col.decks.select(col.decks.id("Deck"))
    while card := col.sched.getCard():
        col.sched.answerCard(card, 4)
    assert col.db.scalar("select count() from revlog") == col.card_count() == 7
    # Cards that are answered within one second may lack the time of it, which Anki adds.
    col.fix_integrity()


def desk(col):
    """All that a learner would miss."""
    due = col.db.all("select id, nid, did, ord, type, queue, due from cards order by id")
    reviews = col.db.all("select id, cid, ease from revlog order by id")
    return [tuple(row) for row in due], [tuple(row) for row in reviews]


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_the_format_may_change(order, col, tmp_path):
    content = tmp_path / "content"
    content.mkdir()
    (content / "x.png").write_bytes(b"png")
    notes = content / "notes.md"
    text = TEXT
    for turn, form in enumerate(order):
        text = text.replace("**Answer:** b", f"**Answer:** b{turn}")
        notes.write_text(text)
        (content / "deckpress.toml").write_text(f'anki.format = "{form}"\n')
        built = press_in_place(content, tmp_path / str(turn), EPOCH + 60 * turn)
        members = zipfile.ZipFile(built.package).namelist()
        name = {"legacy": "collection.anki2", "latest": "collection.anki21b"}[form]
        assert name in members and len(members) == {"legacy": 3, "latest": 4}[form]

        before = desk(col) if turn else None
        log = import_package(col, built.package)
        if turn == 0:
            assert len(log.new) == len(built.made) == 5
            study(col)
        else:
            assert not log.new and not log.conflicting and len(log.updated) == 1
            assert desk(col) == before
        after = held(col)
        assert after.keys() == built.made.keys()
        [two] = [guid for guid, note in built.notes.items() if note["question"]["text"] == "Two?"]
        assert f"b{turn}" in after[two].fields["Answer"]
        assert len(cards(col, two)) == 2
        assert sum("kept" in note.tags for note in after.values()) == 1
        assert {deck for note in after.values() for _, deck in note.cards} == {"Deck::Topic"}
    names = [model["name"] for model in col.models.all() if "Deckpress" in model["name"]]
    assert sorted(names) == ["Deckpress Cloze", "Deckpress Q&A"]
    media = col.media.check()
    assert not media.missing and not media.unused
    report, fine = col.fix_integrity()
    assert fine and report == "Database rebuilt and optimized.", report
