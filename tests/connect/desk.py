"""An author who pushes, and the learner in whose Anki it arrives."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from anki.collection import Collection
from fake_connect import FakeConnect

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = REPOSITORY / os.environ["DECKPRESS"]
OURS = {1716482953417: "Q&A", 1716483107629: "Cloze"}
EPOCH = 1_764_000_000
"""The time of the first push; each later one is a day after the one before."""


@dataclass(frozen=True)
class Pushed:
    exit: int
    lines: list[dict]
    stderr: str

    def ids(self, reason: str) -> set[str]:
        return {line["id"] for line in self.lines if line["reason"] == reason}

    @property
    def total(self) -> dict:
        return next(line for line in self.lines if line["reason"] == "push")


class Desk:
    def __init__(self, root: Path):
        self.root = root
        self.content = root / "content"
        self.content.mkdir()
        (self.content / "deckpress.toml").write_text('name = "deck"\n')
        self.anki = FakeConnect(root / "collection.anki2")
        self.now = EPOCH
        self.ids: dict[str, str] = {}
        """The id of each question by its first word."""

    def close(self) -> None:
        self.anki.close()

    @property
    def col(self) -> Collection:
        return self.anki.col

    # The author

    def write(self, text: str, name: str = "bank.md") -> None:
        (self.content / name).write_text(text)

    def start(self, command: str, *arguments: str) -> subprocess.Popen:
        line = [BINARY, command, "content", "--message-format", "json", *arguments]
        environment = os.environ | {"SOURCE_DATE_EPOCH": str(self.now)}
        environment.pop("DECKPRESS_ANKI_KEY", None)
        pipe = subprocess.PIPE
        return subprocess.Popen(
            line, cwd=self.root, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe
        )

    def run(self, command: str, *arguments: str) -> Pushed:
        process = self.start(command, *arguments)
        out, error = process.communicate(timeout=60)
        lines = [json.loads(line) for line in out.splitlines()]
        return Pushed(process.returncode, lines, error.decode())

    def push(self, *arguments: str, exit: int = 0) -> Pushed:
        self.now += 86_400
        pushed = self.run("push", "--url", self.anki.url, *arguments)
        assert pushed.exit == exit, pushed
        if not exit:
            lock = (self.content / "deckpress.lock").read_text().splitlines()
            entries = [json.loads(line) for line in lock]
            self.ids |= {it["question"].split()[0]: it["id"] for it in entries if "question" in it}
        return pushed

    def pull(self, *arguments: str, exit: int = 0) -> Pushed:
        pulled = self.run("pull", "--url", self.anki.url, *arguments)
        assert pulled.exit == exit, pulled
        return pulled

    def read(self, name: str = "bank.md") -> str:
        return (self.content / name).read_bytes().decode()

    # The learner

    def nid(self, id: str) -> int:
        """The note with this id; there must be one, and only one."""
        found = [nid for nid, its in self.notes().items() if its == id]
        assert len(found) == 1, (id, found)
        return found[0]

    def notes(self) -> dict[int, str]:
        """The ids of all notes."""
        nids = self.col.find_notes(" OR ".join(f"mid:{mid}" for mid in OURS))
        return {nid: self.col.get_note(nid)["ID"] for nid in nids}

    def note(self, id: str):
        return self.col.get_note(self.nid(id))

    def cards(self, id: str) -> list[int]:
        return self.col.db.list("select id from cards where nid = ? order by ord", self.nid(id))

    def deck(self, card: int) -> str:
        return self.col.decks.name(self.col.get_card(card).did)

    def is_suspended(self, card: int) -> bool:
        return self.col.get_card(card).queue == -1

    def edit(self, id: str, field: str, html: str) -> None:
        note = self.note(id)
        note[field] = html
        self.col.update_note(note)

    def review(self) -> None:
        """Gives every card a review, and a due date of its own."""
        for day, card in enumerate(self.col.db.list("select id from cards order by id"), start=1):
            self.col.sched.set_due_date([card], str(day))

    def history(self) -> dict[str, list]:
        """All that a learner has done: the reviews, and what is known of each card from them."""
        cards = "select id, nid, ord, type, due, ivl, factor, reps, lapses from cards where odid = 0"
        return {
            "reviews": self.col.db.all("select * from revlog order by id"),
            "cards": self.col.db.all(cards + " order by id"),
        }

    def check_history(self, before: dict[str, list], without: set[int] = frozenset()) -> None:
        """Nothing is lost, but for the cards that the learner has taken out."""
        after = self.history()
        assert after["reviews"] == before["reviews"]
        cards = {card[0]: card for card in after["cards"]}
        for card in before["cards"]:
            if card[0] not in without:
                assert cards[card[0]] == card
        seen = [(nid, order) for _, nid, order, *_ in after["cards"]]
        assert len(set(seen)) == len(seen)
        ids = list(self.notes().values())
        assert len(set(ids)) == len(ids), "a note is doubled"
