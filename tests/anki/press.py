"""The boundary to deckpress: a content folder goes in, outputs come out.

What the outputs should hold is taken from the JSON output, which shares no code with Anki's
formats above the rendering of a single piece of text.
"""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

ALL = "apkg,anki-csv,csv,markdown,json"
EPOCH = 1_780_000_000


@dataclass(frozen=True)
class Outputs:
    """The output folder of one build."""

    folder: Path

    def only(self, pattern: str) -> Path:
        [path] = self.folder.glob(pattern)
        return path

    @property
    def package(self) -> Path:
        return self.only("*.apkg")

    @property
    def csvs(self) -> list[Path]:
        """The files for the text import: one per note type."""
        return sorted(self.folder.glob("*.anki*.csv"))

    @cached_property
    def json(self) -> dict:
        return json.loads(self.only("*.json").read_text(encoding="utf-8"))

    @property
    def notes(self) -> dict[str, dict]:
        """The questions by id, in source order."""
        return {note["id"]: note for note in self.json["notes"]}

    @property
    def made(self) -> dict[str, tuple[dict, str]]:
        """The notes that Anki should have, by guid: of which question, and what kind of note."""
        return {
            guid: (note, kind)
            for note in self.notes.values()
            for guid, kind in guids(note).items()
        }


def press(content: Path, work: Path, settings: str = "") -> Outputs:
    """Builds a copy of a content folder, as a build writes its lock into the folder."""
    copy = work / "content"
    shutil.copytree(content, copy, ignore=shutil.ignore_patterns("deckpress.lock"))
    if settings:
        toml = copy / "deckpress.toml"
        own = toml.read_text(encoding="utf-8") if toml.exists() else ""
        # What stands first belongs to no table.
        toml.write_text(settings + own, encoding="utf-8")
    return press_in_place(copy, work / "out")


def press_in_place(content: Path, out: Path, epoch: int = EPOCH) -> Outputs:
    """Builds a folder that is a test's own."""
    command = [os.environ["DECKPRESS"], "build", content, "--out", out, "--format", ALL]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(epoch)}
    result = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8")
    assert result.returncode == 0, result.stderr
    return Outputs(out)


def deck_name(note: dict) -> str:
    """Where a note's card belongs: a `::` within a title must not make two decks of it."""
    return "::".join(title.replace("::", "∷") for title in [note["deck"], *note["topic"]])


def guids(note: dict) -> dict[str, str]:
    """The notes of a question: `qa` or `cloze`, and `recall` beside it."""
    main = {note["id"]: "qa"} if note["kind"] == "qa" else {f"{note['id']}+cloze": "cloze"}
    return main | ({f"{note['id']}+recall": "recall"} if "recall" in note["cards"] else {})


def ords(note: dict, kind: str) -> list[int]:
    """Which cards a note has."""
    if kind == "qa":
        return [0, 1] if "reverse" in note["cards"] else [0]
    if kind == "recall":
        return [at for at, _ in enumerate(note["key_points"])]
    return sorted({int(number) - 1 for number in GAP.findall(note["question"]["html"])})


GAP = re.compile(r"\{\{c(\d+)::")


def fields(note: dict, kind: str = "qa") -> dict[str, str]:
    """The fields that hold one piece of HTML, or a plain text, each as HTML."""
    [guid] = [guid for guid, its in guids(note).items() if its == kind] or [note["id"]]
    frame = {
        "Topic": escape(" › ".join(note["topic"])),
        "Source": escape(note["source"]["file"]),
        "ID": escape(guid),
    }
    if kind == "recall":
        return frame | dict.fromkeys(["Answer", "Extra", "Hint", "Type"], "")
    hints = [extra["html"] for extra in note["extra"] if extra["label"] == "Hint"]
    sections = [
        f'<section class="extra">\n{label(extra["label"])}{extra["html"]}\n</section>'
        for extra in note["extra"]
        if extra["label"] != "Hint"
    ]
    html = {
        "Answer": caption(note["qualifier"]) + note["answer"]["html"],
        "Extra": "\n".join(sections),
        "Hint": "\n".join(hints),
    }
    is_typed = "type" in note["cards"]
    if kind == "cloze":
        html["Text"] = note["question"]["html"]
        frame["Type"] = "yes" if is_typed else ""
    else:
        html["Question"] = note["question"]["html"]
        first_block = " ".join(note["answer"]["text"].split("\n\n")[0].split())
        frame["Type"] = escape(first_block) if is_typed else ""
        frame["Reverse"] = "yes" if "reverse" in note["cards"] else ""
    return frame | {name: in_language(note, text) for name, text in html.items()}


def points(note: dict) -> list[str]:
    """The key points as HTML, without their footnotes."""
    return [without_footnotes(point["html"]) for point in note["key_points"]]


def points_alone(field: str) -> str:
    """The Key Points field without what is no point's own: footnotes, and boxes to tick."""
    return re.sub(r"<input[^>]*>\n?", "", without_footnotes(field))


def without_footnotes(html: str) -> str:
    """All but the footnotes, which stand once below a field, but below each point in the JSON."""
    return re.sub(r'<div class="footnotes">.*?</div>', "", html, flags=re.DOTALL)


def caption(qualifier: str | None) -> str:
    return f'<p class="qualifier">{escape(qualifier)}</p>\n' if qualifier else ""


def label(text: str | None) -> str:
    return f'<h4 class="extra-label">{escape(text)}</h4>\n' if text else ""


def in_language(note: dict, html: str) -> str:
    direction = note["dir"] or ("rtl" if note["lang"] in ("ar", "fa") else None)
    if not ((note["lang"] or direction) and html):
        return html
    attributes = {"lang": note["lang"], "dir": direction}
    written = "".join(f' {name}="{value}"' for name, value in attributes.items() if value)
    return f"<div{written}>{html}</div>"
