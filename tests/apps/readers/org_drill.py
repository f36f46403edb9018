"""org-drill itself, in an Emacs without a window: what it shows before and after a key is pressed.

Sides are Org as it is seen: without what is folded or hidden, and with `[...]` for a gap. Each side
of a card that has several is a card here, and so is each gap of a cloze.
"""

import json
import re
import subprocess
from pathlib import Path

from . import Card, Refused

SET_UP = '(progn (set-language-environment "UTF-8") (package-initialize))'
KINDS = {None: "qa", "simple": "qa", "twosided": "reverse", "multisided": "reverse"}


def read(path) -> list[Card]:
    script = Path(__file__).with_suffix(".el")
    # Started like this, it knows its Debian packages, but no settings of a user.
    command = ["emacs", "--batch", "-q", "--eval", SET_UP, "-l", script, path]
    run = subprocess.run(command, capture_output=True, encoding="utf-8")
    if run.returncode:
        raise Refused(run.stderr)
    return [card for item in json.loads(run.stdout) for card in cards(item)]


def cards(item: dict) -> list[Card]:
    if not item["asked"]:
        raise Refused(f"org-drill never asks {item['heading']!r}, as nothing stands below it")
    tags = tuple(tag for tag in item["tags"] if tag != "drill")
    kind = KINDS.get(item["type"], "cloze")
    return [
        Card(
            shown(side["question"]),
            shown(side["answer"]),
            "::".join(item["path"]),
            tags,
            "qa" if kind == "reverse" and at == 0 else kind,
        )
        for at, side in enumerate(item["sides"])
    ]


def shown(text: str) -> str:
    """What is seen, without the line of a folded drawer, and the stars and tags of its heading."""
    text = re.sub(r"^:PROPERTIES:\n", "", text, flags=re.MULTILINE)
    return re.sub(r"\A\*+ (.*?)(?:[ \t]+:\S+:)?$", r"\1", text, flags=re.MULTILINE).strip()
