"""The boundary to Anki: one desk for every generation of its library.

Two generations differ in their importer: since 2.1.55 it is written in Rust and takes requests,
before that it is a Python class. What a collection holds is read from its tables, which have been
the same all the time.
"""

from dataclasses import dataclass
from pathlib import Path

from anki.collection import Collection

try:
    from anki.collection import (
        ImportAnkiPackageOptions,
        ImportAnkiPackageRequest,
        ImportCsvRequest,
    )

    IS_OLD = False
except ImportError:
    from anki.importing.apkg import AnkiPackageImporter

    IS_OLD = True


@dataclass(frozen=True)
class Log:
    """What an import says that it did."""

    new: int
    updated: int
    duplicate: int
    conflicting: int


@dataclass(frozen=True)
class Snapshot:
    """Everything a learner would miss."""

    notes: dict[str, tuple]
    """By guid: note id, note type, modification time, tags, fields."""
    cards: dict[int, tuple]
    """By card id: its note, template and deck, and all that scheduling knows of it."""
    revlog: list[tuple]
    notetypes: dict[int, str]


class Desk:
    """A learner's collection."""

    def __init__(self, path: Path):
        self.col = Collection(str(path))

    def close(self) -> None:
        self.col.close()

    def import_package(self, path: Path) -> Log:
        """Imports with the options that nobody has touched yet."""
        if IS_OLD:
            importer = AnkiPackageImporter(self.col, str(path))
            importer.run()
            ignored = len(importer._ignoredGuids)
            return Log(importer.added, importer.updated, importer.dupes, ignored)
        request = ImportAnkiPackageRequest(
            package_path=str(path), options=ImportAnkiPackageOptions()
        )
        return self._log(self.col.import_anki_package(request).log)

    def import_csv(self, path: Path) -> Log:
        """Imports as who clicks on nothing: with the settings that Anki reads out of the file."""
        metadata = self.col.get_csv_metadata(path=str(path), delimiter=None)
        request = ImportCsvRequest(path=str(path), metadata=metadata)
        return self._log(self.col.import_csv(request).log)

    def _log(self, log) -> Log:
        self.col.models._clear_cache()  # Or `models.get` would not see new note types.
        return Log(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))

    def snapshot(self) -> Snapshot:
        db = self.col.db
        notes = db.all("select guid, id, mid, mod, tags, flds from notes order by id")
        cards = db.all(
            "select id, nid, ord, did, type, queue, due, ivl, factor, reps, lapses, left, odue, "
            "odid, flags, data from cards order by id"
        )
        revlog = db.all("select * from revlog order by id")
        assert len({guid for guid, *_ in notes}) == len(notes), "two notes have one guid"
        return Snapshot(
            notes={guid: tuple(rest) for guid, *rest in notes},
            cards={cid: tuple(rest) for cid, *rest in cards},
            revlog=[tuple(row) for row in revlog],
            notetypes={kind.id: kind.name for kind in self.col.models.all_names_and_ids()},
        )

    def fields(self, guid: str) -> dict[str, str]:
        return dict(self._note(guid).items())

    def tags(self, guid: str) -> list[str]:
        return sorted(self._note(guid).tags)

    def edit(self, guid: str, field: str, html: str) -> None:
        """Edits a field as in Anki's browser."""
        note = self._note(guid)
        note[field] = html
        self.col.update_note(note)

    def tag(self, guid: str, tag: str) -> None:
        note = self._note(guid)
        note.add_tag(tag)
        self.col.update_note(note)

    def _note(self, guid: str):
        return self.col.get_note(self.col.db.scalar("select id from notes where guid = ?", guid))

    def restamp(self, since: int, moment: int) -> None:
        """Sets the time of all notes that were touched since then."""
        self.col.db.execute("update notes set mod = ? where mod >= ?", moment, since)

    def find(self, search: str) -> set[str]:
        """The guids of what Anki's browser finds."""
        return {self.col.get_note(nid).guid for nid in self.col.find_notes(search)}

    def remove_notes(self) -> None:
        """Leaves nothing of an import but its note types."""
        self.col.remove_notes(self.col.db.list("select id from notes"))
        self.col.decks.remove([deck.id for deck in self.col.decks.all_names_and_ids()])

    def review(self) -> None:
        """Learns every card, so that each has a history worth losing; no two are alike.

        One is still being learned, one is old, one has lapsed, one is suspended; some have flags.
        """
        top = min(self.col.decks.all_names_and_ids(), key=lambda deck: deck.name == "Default")
        self.col.decks.select(top.id)
        cards = self.col.db.list("select id from cards order by due")
        easy, good, again = 4, 3, 1
        for rating in [easy, good, *[easy] * (len(cards) - 2)]:
            self._answer(rating)
        old, lapsed = cards[2:4]
        self.col.sched.set_due_date([old, lapsed], "0")
        self.col.db.execute("update cards set ivl = 40 where id in (?, ?)", old, lapsed)
        for rating in [good, again]:
            self._answer(rating)
        self.col.sched.set_due_date([cards[4]], "123!")
        self.col.sched.suspend_cards([cards[5]])
        for flag, cid in enumerate(cards[:14:2], start=1):
            self.col.set_user_flag_for_cards(flag, [cid])
        # Newer Anki mends the times of reviews between which a second ended; no import's fault.
        self.col.fix_integrity()

    def _answer(self, rating: int) -> None:
        if IS_OLD:
            self.col.reset()
        self.col.sched.answerCard(self.col.sched.getCard(), rating)

    def review_each(self) -> None:
        """Makes every card due on a day of its own, which Anki writes down as a review."""
        for day, cid in enumerate(self.col.db.list("select id from cards order by id"), start=1):
            self.col.sched.set_due_date([cid], str(day))
            self.col.set_user_flag_for_cards(day % 5, [cid])
        self.col.fix_integrity()

    def reviewed(self) -> set[int]:
        """The ids of the cards that have reviews."""
        return set(self.col.db.list("select cid from revlog"))

    def ords(self, guid: str) -> dict[int, int]:
        """The cards of a note by their numbers."""
        return {card.ord: card.id for card in self._note(guid).cards()}

    def problems(self) -> str:
        """What Anki's check of the database finds, or nothing."""
        report, fine = self.col.fix_integrity()
        return "" if fine and "\n" not in report else report

    def empty_cards(self) -> int:
        return len(self.col.get_empty_cards().notes)
