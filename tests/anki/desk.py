"""The boundary to Anki: collections, imports, and what a collection then holds."""

from dataclasses import dataclass
from pathlib import Path

from anki.cards import Card
from anki.collection import (
    Collection,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
    ImportCsvRequest,
)


@dataclass(frozen=True)
class Held:
    """A note as a learner has it."""

    notetype: str
    fields: dict[str, str]
    tags: list[str]
    cards: list[tuple[int, str]]
    """The template and the deck of each card."""


def import_package(col: Collection, path: Path):
    """Imports with the options that nobody has touched yet."""
    options = ImportAnkiPackageOptions()
    request = ImportAnkiPackageRequest(package_path=str(path), options=options)
    log = col.import_anki_package(request).log
    col.models._clear_cache()  # Or `models.get` would not see the new note types.
    return log


def import_csv(col: Collection, path: Path):
    """Imports as who clicks on nothing: with the settings that Anki reads out of the file."""
    metadata = col.get_csv_metadata(path=str(path), delimiter=None)
    return col.import_csv(ImportCsvRequest(path=str(path), metadata=metadata)).log


def import_csvs(col: Collection, paths: list[Path]) -> list:
    """Imports each file, one after the other."""
    return [import_csv(col, path) for path in paths]


def held(col: Collection) -> dict[str, Held]:
    """Every note by its guid, in the order in which a learner meets them."""
    ids = col.db.list("select nid from cards group by nid order by min(due)")
    notes = [col.get_note(nid) for nid in ids]
    assert len({note.guid for note in notes}) == len(notes) == col.note_count()
    return {
        note.guid: Held(
            notetype=note.note_type()["name"],
            fields=dict(note.items()),
            tags=sorted(note.tags),
            cards=[(card.ord, col.decks.name(card.did)) for card in note.cards()],
        )
        for note in notes
    }


def card(col: Collection, guid: str) -> Card:
    """The card of a note that has one."""
    [card] = cards(col, guid)
    return card


def cards(col: Collection, guid: str) -> list[Card]:
    return col.get_note(col.db.scalar("select id from notes where guid = ?", guid)).cards()


def delete_notes(col: Collection) -> None:
    """Leaves nothing of an import but its note types and media."""
    col.remove_notes(col.db.list("select id from notes"))
    col.decks.remove([deck.id for deck in col.decks.all_names_and_ids()])
