"""The boundary to deckpress: a folder goes in; outputs, lock and plan come out."""

import json
import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import old_locks

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = REPOSITORY / os.environ["DECKPRESS"]
FORMATS = "apkg,anki-csv,csv,markdown,json"
RECEIPT = ".deckpress-built"
"""What the next build knows the last one by; it is no output."""


@dataclass(frozen=True)
class Plan:
    """What `plan` says that a build would do."""

    lines: list[dict]
    exit: int

    def ids(self, *reasons: str) -> set[str]:
        return {line["id"] for line in self.lines if line["reason"] in reasons}

    @property
    def summary(self) -> dict:
        return self.lines[-1]


@dataclass(frozen=True)
class Press:
    """A content folder, and the outputs beside it."""

    root: Path
    version: int = old_locks.NEWEST
    """That of the lock with which the second build begins."""

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def lock(self) -> Path:
        return self.content / "deckpress.lock"

    @cached_property
    def package(self) -> Path:
        return self.root / "out/deck.apkg"

    @cached_property
    def csv(self) -> Path:
        return self.root / "out/deck.anki.csv"

    @property
    def csvs(self) -> list[Path]:
        """The files for the text import: one per note type."""
        return sorted(self.out.glob("deck.anki*.csv"))

    @property
    def notes(self) -> list[dict]:
        """The notes of the JSON output, in source order."""
        return json.loads((self.out / "deck.json").read_text(encoding="utf-8"))["notes"]

    def command(self, name: str, *arguments: str) -> list[str]:
        return [str(BINARY), name, "content", "--message-format", "json", *arguments]

    def run(self, epoch: int, name: str, *arguments: str, **options):
        """Runs a command at a moment, whatever the clock says."""
        environment = os.environ | {"SOURCE_DATE_EPOCH": str(epoch)}
        return subprocess.run(
            self.command(name, *arguments),
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            **options,
        )

    def accept(self, *ids: str):
        """Confirms pairs that a build has left open."""
        command = [str(BINARY), "lock", "accept", *ids]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True)

    def build(self, epoch: int, *arguments: str) -> list[str]:
        """Builds all formats; returns the codes of what it warned of."""
        is_first = not self.lock.exists()
        result = self.run(epoch, "build", "--format", FORMATS, *arguments)
        assert result.returncode == 0, result.stdout + result.stderr
        if is_first and self.lock.exists():
            old_locks.age(self.lock, self.version)
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        return [line["code"] for line in lines if line["reason"] == "diagnostic"]

    def plan(self, epoch: int, *arguments: str) -> Plan:
        result = self.run(epoch, "plan", *arguments)
        assert result.returncode in (0, 3), result.stdout + result.stderr
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        return Plan(lines, result.returncode)

    def files(self) -> dict[str, bytes]:
        """All outputs, and the lock."""
        paths = [path for path in self.out.rglob("*") if path.is_file() and path.name != RECEIPT]
        paths += [path for path in [self.lock] if path.exists()]
        return {str(path.relative_to(self.root)): path.read_bytes() for path in paths}


def press(root: Path, version: int = old_locks.NEWEST) -> Press:
    """A new folder whose outputs have names that do not change with the deck's title."""
    made = Press(root, version)
    made.content.mkdir(parents=True)
    (made.content / "deckpress.toml").write_text('name = "deck"\n')
    return made
