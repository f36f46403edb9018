"""A build that is killed, and one that finds no room on the disk.

Every file is as before or as after, never half; the lock is the last that changes, so that what
it says has been written has been written.
"""

import os
import random
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest
from press import FORMATS, Press

OLD, NEW = 1_780_000_000, 1_780_086_400
LOCK = "content/deckpress.lock"


def write(folder: Press, count: int, edition: str) -> None:
    """Many questions; in the second edition every fifth is reworded and one is inserted."""
    for at in range(0, count, 500):
        text = f"# Deck\n\n## Part {at}\n"
        if edition == "new":
            text += f"\n### Q: What is new in part {at}?\n\n**Answer:** This question.\n"
        for n in range(at, at + 500):
            word = "means" if n % 5 or edition == "old" else "stands for"
            facts = " ".join(f"fact{n * 7919 % (k + 900)}" for k in range(25))
            text += f"\n### Q: What is it that number {n} {word}?\n\n**Answer:** {n}: {facts}.\n"
            text += f"\n**Key points to hit:**\n\n- point {n}\n- {facts[:40]}\n"
        (folder.content / f"{at}.md").write_text(text)


class Editions:
    """One folder in its old and its new edition, each built to its end once."""

    def __init__(self, folder: Press, count: int, is_first: bool):
        self.folder = folder
        self.old: dict[str, bytes] = {}
        if not is_first:
            write(folder, count, "old")
            folder.build(OLD)
            self.old = folder.files()
        write(folder, count, "new")
        start = time.monotonic()
        folder.build(NEW)
        self.duration = time.monotonic() - start
        self.new = folder.files()
        assert self.old.get(LOCK) != self.new[LOCK]

    def restore(self) -> None:
        """The old outputs, the old lock and the new content."""
        for name in self.folder.files():
            (self.folder.root / name).unlink()
        for name, data in self.old.items():
            (self.folder.root / name).write_bytes(data)

    def check_whole(self, files: dict[str, bytes]) -> None:
        """Every file is one of two, and the lock is not ahead of an output."""
        assert self.old.keys() <= files.keys() <= self.new.keys()
        for name, data in files.items():
            assert data in (self.old.get(name), self.new[name]), name
        if files.get(LOCK) == self.new[LOCK]:
            assert files == self.new, "the lock came before an output"


def parts(folder: Press) -> list[Path]:
    """Files that do not have their names yet."""
    return [*folder.root.rglob("*.part")]


@pytest.mark.parametrize(("is_first", "kills"), [(False, 25), (True, 10)])
def test_killed_at_any_instant(folder, is_first, kills):
    editions = Editions(folder, 3000, is_first)
    chance = random.Random(26)
    ends = []
    for kill in range(kills):
        editions.restore()
        process = subprocess.Popen(
            folder.command("build", "--format", FORMATS),
            cwd=folder.root,
            env=os.environ | {"SOURCE_DATE_EPOCH": str(NEW)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(editions.duration * (kill + chance.random()) / kills)
        process.send_signal(signal.SIGKILL)
        ends.append(process.wait())
        left = parts(folder)
        for part in left:
            # As if the next build came later: a younger one may belong to a build that is running.
            os.utime(part, (OLD, OLD))
        files = folder.files()
        for part in left:
            files.pop(str(part.relative_to(folder.root)), None)
        editions.check_whole(files)

        folder.build(NEW)
        assert not parts(folder)
        assert folder.files() == editions.new
    assert -signal.SIGKILL in ends, "no kill came in time"


def build_in(folder: Press, room: int):
    """Builds where no file can be larger than this, which fails as on a full disk."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    return folder.run(NEW, "build", "--format", FORMATS, preexec_fn=limit)


def test_a_disk_without_room(folder):
    """Whichever file it is that does not fit, it is named, and nothing is lost."""
    editions = Editions(folder, 1000, is_first=False)
    sizes = sorted(len(data) for data in editions.new.values())
    [package] = [name for name in editions.new if name.endswith(".apkg")]
    named = set()
    for room in [0, 1, *[size - 1 for size in sizes]]:
        editions.restore()
        result = build_in(folder, room)
        assert result.returncode == 2, room
        failed = [name for name in editions.old if f"`{name}`" in result.stderr]
        assert len(failed) == 1, result.stderr
        # A package is compressed: what it is made of needs more room.
        assert len(editions.new[failed[0]]) > room or failed == [package]
        named.update(failed)
        assert not parts(folder)
        files = folder.files()
        assert files[LOCK] == editions.old[LOCK]
        assert files[failed[0]] == editions.old[failed[0]]
        editions.check_whole(files)
    assert len(named) > 1
    folder.build(NEW)
    assert folder.files() == editions.new


def test_a_disk_without_room_the_first_time(folder):
    write(folder, 500, "old")
    result = build_in(folder, 1000)
    assert result.returncode == 2
    assert "out/deck" in result.stderr
    assert not folder.files() and not parts(folder)
