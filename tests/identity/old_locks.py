"""Locks as older versions of deckpress wrote them.

A sketch of an answer cannot be turned into one of another way of drawing. So `sketches.json` has,
for every answer with which a story begins, those that the two older versions drew. For a story
with other answers, build the last commit that wrote locks of version 2 (280c494), and let it add
them:

    python old_locks.py ITS/target/release/deckpress FOLDER…

A test that fails for lack of a sketch leaves its folder in pytest's temporary one.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

TABLE = Path(__file__).with_name("sketches.json")
NEWEST = 3


def answer(line: dict) -> str:
    """What of a fingerprint stands for the answer."""
    return line["fingerprint"].split("-")[1]


def age(lock: Path, version: int) -> None:
    """Writes a lock of the newest version as an older one would have."""
    if version == NEWEST:
        return
    sketches = json.loads(TABLE.read_text())
    header, *lines, end = map(json.loads, lock.read_text(encoding="utf-8").splitlines())
    assert (header["deckpress_lock"], end) == (NEWEST, {"end": True})
    for line in lines:
        drawn = sketches.get(answer(line))
        assert drawn, f"no old sketch of the answer to {line['question']!r}: see old_locks.py"
        line["sketch"] = drawn[version - 1]
        line.pop("drawn", None)
        assert not line.keys() & {"open", "new"}, "a first build leaves nothing open"
    header["deckpress_lock"] = version
    texts = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in [header, *lines]]
    lock.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")


def draw(binary: str, folder: str, version: int) -> dict[str, str]:
    """The sketches that a binary draws of all answers, for a lock of that version."""
    with tempfile.TemporaryDirectory() as outputs:
        lock = Path(outputs) / "lock"
        lock.write_text(f'{{"deckpress_lock":{version}}}\n')
        command = [binary, "build", folder, "--lock", lock, "--out", outputs, "-q"]
        subprocess.run(command, check=True)
        header, *lines = map(json.loads, lock.read_text(encoding="utf-8").splitlines())
    assert header["deckpress_lock"] == version
    return {answer(line): line["sketch"] for line in lines}


def add(binary: str, folders: list[str]) -> None:
    table = json.loads(TABLE.read_text()) if TABLE.exists() else {}
    for folder in folders:
        first, second = draw(binary, folder, 1), draw(binary, folder, 2)
        table |= {key: [first[key], second[key]] for key in first}
    entries = [f"{json.dumps(key)}: {json.dumps(table[key])}" for key in sorted(table)]
    TABLE.write_text("{\n" + ",\n".join(entries) + "\n}\n")


if __name__ == "__main__":
    add(sys.argv[1], sys.argv[2:])
