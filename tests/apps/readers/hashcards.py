"""hashcards itself: what its check says and its export holds of a folder. Sides are Markdown."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import Card, Refused


def read(path) -> list[Card]:
    """The cards of a folder in the order of its files, each gap of a cloze a card of its own."""
    with tempfile.TemporaryDirectory() as work:
        # It keeps its reviews in the folder.
        copy = Path(work) / "deck"
        shutil.copytree(path, copy)
        command("check", copy)
        cards = json.loads(command("export", copy))["cards"]
    return [card(each) for each in sorted(cards, key=place)]


def command(name: str, folder: Path) -> str:
    program = os.environ["HASHCARDS"]
    run = subprocess.run([program, name, folder], capture_output=True, encoding="utf-8")
    if run.returncode:
        raise Refused(run.stderr.strip() or run.stdout.strip())
    return run.stdout


def place(card: dict) -> tuple:
    location, content = card["location"], card["content"]
    return location["filePath"], location["lineStart"], content.get("cloze", {}).get("start", 0)


def card(card: dict) -> Card:
    content, deck = card["content"], card["deckName"]
    if "basic" in content:
        return Card(content["basic"]["question"], content["basic"]["answer"], deck)
    cloze = content["cloze"]
    # The gap is told in bytes, its last one included.
    text = cloze["text"].encode()
    before, after = text[: cloze["start"]], text[cloze["end"] + 1 :]
    return Card((before + b"[...]" + after).decode(), cloze["text"], deck, (), "cloze")
