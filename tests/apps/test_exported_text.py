"""What apps make of our tables and lines, card by card beside what `json` says of the questions."""

import html
import json
import os
import re
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import pytest

from readers import brainscape, jsonl, mnemosyne, paste, spreadsheet

ROOT = Path(__file__).parents[2]
CONTENTS = ["tests/showcase", "content"]
PASTE = ["quizlet", "knowt", "memrise", "brainscape-paste"]
TARGETS = [*PASTE, "spreadsheet", "brainscape", "mnemosyne", "supermemo", "jsonl", "json", "apkg"]

WIDTHLESS = re.compile("[\u200b\u200c]")
FORMULA = re.compile(r"<(\$\$?)>(.*?)</\1>", re.DOTALL)
MATHJAX = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
CODE = re.compile(r"(<code.*?</code>)", re.DOTALL)


@pytest.fixture(scope="module", params=CONTENTS)
def built(request, tmp_path_factory):
    """The folder with everything, and the questions as data."""
    out = tmp_path_factory.mktemp("out")
    command = [os.environ["DECKPRESS"], "build", "--no-lock", "--out", out, ROOT / request.param]
    run = subprocess.run([*command, "--to", ",".join(TARGETS)], capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return out, json.loads(one(out, ".json").read_text(encoding="utf-8"))["notes"]


def one(folder: Path, suffix: str) -> Path:
    """The file whose name ends so, behind a base name without dots."""
    [path] = [path for path in folder.iterdir() if path.name == path.name.split(".")[0] + suffix]
    return path


def back(note: dict, form: str) -> str:
    """All that is shown with the answer, but for what a gap's question says again."""
    qualifier = "({})" if form == "text" else "{}"
    point = "• {}" if form == "text" else "{}"
    parts = [qualifier.format(note["qualifier"])] if note["qualifier"] else []
    parts += [note["answer"][form]]
    parts += [point.format(each[form]) for each in note["key_points"]]
    for extra in note["extra"]:
        parts += [extra["label"] + ":"] if extra["label"] else []
        parts += [extra[form]]
    return "\n".join(parts)


def words(text: str) -> list[str]:
    """The words in alphabetical order, as HTML has the hint below the rest."""
    return sorted(re.findall(r"\w+", WIDTHLESS.sub("", text)))


def folded(text: str) -> str:
    return " ".join(WIDTHLESS.sub("", text).replace("\xa0", " ").split())


def same(found: str, note: dict, expected: str, by) -> bool:
    """A question with gaps stands above its answer again, with the gaps filled."""
    if note["kind"] == "cloze":
        return set(by(found)) >= set(by(expected))
    return by(found) == by(expected)


def plain(side: str) -> str:
    """The words of HTML, with formulas as TeX."""
    side = FORMULA.sub(lambda match: html.escape(match[2]), side)
    return html.unescape(re.sub(r"<[^>]*>", " ", side))


def anki(side: str) -> str:
    """The same of HTML for Anki."""
    parts = CODE.split(re.sub(r"\[sound:[^]]*\]", "", side))
    parts[::2] = [MATHJAX.sub(lambda match: match[1] or match[2], part) for part in parts[::2]]
    return html.unescape(re.sub(r"<[^>]*>", " ", "".join(parts)))


def test_jsonl(built):
    out, notes = built
    assert jsonl.read(one(out, ".jsonl")) == notes


@pytest.mark.parametrize("target", ["quizlet", "knowt", "memrise", "brainscape"])
def test_paste(built, target):
    out, notes = built
    cards = paste.read(one(out, f".{target}.txt"))
    assert len(cards) == len(notes)
    for card, note in zip(cards, notes):
        assert words(card.question) == words(note["question"]["text"])
        assert same(card.answer, note, back(note, "text"), words), card.answer


def test_spreadsheet(built):
    out, notes = built
    rows = spreadsheet.read(one(out, ".spreadsheet.csv"))
    assert len(rows) == len(notes)
    for row, note in zip(rows, notes):
        assert row["question"].removeprefix("'") == note["question"]["text"].replace("\t", "    ")
        parts = [row[name] for name in ("answer", "key_points", "extra", "hint")]
        assert set(words("\n".join(parts))) >= set(words(back(note, "text"))) - {"Hint"}
        assert row["id"] == note["id"]
        assert row["topic"] == " / ".join(note["topic"])
        assert row["tags"].split() == note["tags"]
        assert row["source"] == f"{note['source']['file']}:{note['source']['line']}"


@pytest.mark.debian
def test_calc_shows_what_is_written(built):
    path = one(built[0], ".spreadsheet.csv")
    labels, *rows = spreadsheet.shown(path)
    assert [dict(zip(labels, row)) for row in rows] == spreadsheet.read(path)


def test_brainscape(built):
    out, notes = built
    cards = brainscape.read(one(out, ".brainscape.csv"))
    assert len(cards) == len(notes)
    for card, note in zip(cards, notes):
        assert set(words(card.question)) >= set(words(note["question"]["text"]))
        shown = words(card.question + "\n" + card.answer)
        assert set(shown) >= set(words(back(note, "text"))) - {"Hint"}


def test_mnemosyne(built):
    out, notes = built
    cards = mnemosyne.read(one(out, ".mnemosyne.txt"), "tsv")
    assert len(cards) == len(notes)
    for card, note in zip(cards, notes):
        assert not card.tags, "a file is missing"
        if note["kind"] != "cloze":
            assert words(plain(card.question)) == words(anki(note["question"]["html"]))
        assert same(plain(card.answer), note, anki(back(note, "html")), words), card.answer


def test_package_in_mnemosyne(built):
    out, notes = built
    path = one(out, ".apkg")
    cards = mnemosyne.read(path, "apkg")
    with zipfile.ZipFile(path) as package, sqlite3.connect(":memory:") as collection:
        collection.deserialize(package.read("collection.anki2"))
        [count] = collection.execute("select count() from cards").fetchone()
    assert len(cards) == count
    sides = [(set(words(plain(card.question))), set(words(plain(card.answer)))) for card in cards]
    for note in notes:
        # A card leaves one gap open, and shows the others filled.
        is_cloze, question = note["kind"] == "cloze", note["question"]
        front = re.sub(r"\[[^]]*\]", "", question["text"]) if is_cloze else anki(question["html"])
        asked, told = set(words(front)), set(words(anki(back(note, "html"))))
        found = [front for front, whole in sides if asked <= front and told <= front | whole]
        assert found, note["question"]["text"]


def test_supermemo(built):
    out, notes = built
    cards = mnemosyne.read(one(out, ".supermemo.txt"), "supermemo")
    assert len(cards) == len(notes)
    for card, note in zip(cards, notes):
        assert folded(html.unescape(card.question)) == folded(note["question"]["text"])
        found = folded(html.unescape(card.answer))
        assert found.endswith(folded(back(note, "text"))), found


NASTY = """# Nasty

### Q: `&#91;`, &#91;, `&#foo;`, &\\#9; and `src="x.png"`, a\ttab

`data=1` and `SRC = "y"`

```html
<img src="missing.png">
\t&#x41; <b>

Q: A:
```

![Far](https://example.org/x.png?src=1) and $a < b & c$.

### Q: =1+1

- =1+1

### Q: @SUM(A1), Vec<T>, &lt;b&gt;, &amp;lt; and\u2028a line

1/2

### Q: -print0

007
"""


@pytest.mark.parametrize("target", [*PASTE, "mnemosyne", "supermemo", "brainscape", "jsonl"])
def test_nasty(build, target):
    out = build(NASTY, target)
    [path] = [path for path in out.iterdir() if path.is_file() and path.name[0] != "."]
    read = {
        "mnemosyne": lambda path: mnemosyne.read(path, "tsv"),
        "supermemo": lambda path: mnemosyne.read(path, "supermemo"),
        "brainscape": brainscape.read,
        "jsonl": jsonl.read,
    }
    cards = read.get(target, paste.read)(path)
    assert len(cards) == 4


@pytest.mark.debian
def test_nothing_is_calculated(build):
    [path] = build(NASTY, "spreadsheet").glob("*.csv")
    labels, *rows = spreadsheet.shown(path)
    assert [row[:2] for row in rows[1:]] == [
        ["'=1+1", "• =1+1"],
        ["'@SUM(A1), Vec<T>, <b>, &lt; and\u2028a line", "'1/2"],
        ["'-print0", "'007"],
    ]
