"""Well-known repositories of questions, as their authors wrote them.

They are not ours to publish: used where they are at hand. What each holds was read by plain
patterns that share nothing with deckpress; so does the reader of lines below.
"""

import json
import os
import re
import subprocess
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from desk import held, import_package
from press import press

CORPORA = Path(__file__).parents[3] / "shared/corpora"
FILES = sorted(CORPORA.glob("*.md"))
UNSEEN = {"details", "summary", "br", "div", "b", "a", "answer", "q", "p"}
"""Words that are marks, and no words of an answer."""

pytestmark = pytest.mark.skipif(not FILES, reason="the corpora are not at hand")


def plain(text: str) -> str:
    """A text whatever its marks: letters, digits and signs, without spaces."""
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"<[^>]*>", "", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[\s`*_\\#\u200d\ufe0f]", "", text).lower()


def words(text: str) -> Counter:
    """The words of a text, without tags and entities."""
    text = re.sub(r"<[^>]*>|&\w+;|&#\d+;", " ", text)
    found = Counter(word.lower() for word in re.findall(r"[^\W_]+", text))
    return Counter({word: count for word, count in found.items() if word not in UNSEEN})


def texts(data) -> list[str]:
    """Every text in a record."""
    if isinstance(data, str):
        return [data]
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else []
    return [text for part in parts for text in texts(part)]


def inspect(file: Path) -> tuple[list[dict], list[dict]]:
    """The questions that are recognised, and what is left out."""
    command = [os.environ["DECKPRESS"], "inspect", str(file), "--message-format", "json"]
    run = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert run.returncode == 0, run.stderr
    records = [json.loads(line) for line in run.stdout.splitlines()]
    kinds = [[r for r in records if r.get("reason") == kind] for kind in ("question", "left-out")]
    return kinds[0], kinds[1]


def name(file: Path) -> str:
    return file.stem


@pytest.mark.parametrize("file", FILES, ids=name)
def test_its_questions_are_found(file):
    truth = (CORPORA / "truth" / f"{file.stem}.txt").read_text("utf-8").splitlines()
    found, _ = inspect(file)
    said = [plain(question["question"].strip().split("\n")[0]) for question in found]
    asked = [plain(line) for line in truth if line.strip()]
    same = sum(
        sum(here == there for here, there in zip(said[a:b], asked[c:d], strict=False))
        if kind == "equal"
        # The first line of a summary is all that the patterns saw.
        else sum(here.startswith(there) for here, there in zip(said[a:b], asked[c:d], strict=False))
        for kind, a, b, c, d in SequenceMatcher(None, said, asked, autojunk=False).get_opcodes()
    )
    assert same >= 0.99 * len(asked)
    assert len(said) - same <= 0.01 * len(asked)


@pytest.mark.parametrize("file", FILES, ids=name)
def test_its_answers_are_whole_and_reach_anki(file, col, tmp_path):
    content = tmp_path / "content"
    content.mkdir()
    (content / file.name).write_bytes(file.read_bytes())
    outputs = press(content, tmp_path / "out")
    import_package(col, outputs.package)
    assert set(held(col)) == set(outputs.made)
    found, left = inspect(content / file.name)
    out = {line for gap in left for line in range(gap["line"], gap["end_line"] + 1)}
    lines = file.read_text("utf-8").splitlines()
    starts = [question["line"] for question in found]
    notes = {note["source"]["line"]: note for note in outputs.notes.values()}
    unanswered = {question["line"] for question in found if not question["answer_length"]}
    for start, end in zip(starts, [*starts[1:], len(lines) + 1], strict=True):
        if start not in notes:
            assert start in unanswered
            continue
        source = "\n".join(lines[at - 1] for at in range(start, end) if at not in out)
        # A topic may stand between an answer and the next question, and a picture has a new name.
        source = re.sub(r"\n#{2,4} [^\n]*\s*\Z|<img[^>]*>|!\[[^\]]*\]\([^)]*\)", "", source)
        lost = words(source) - words(" ".join(texts(notes[start])))
        assert lost.total() <= 4, (start, lost)
