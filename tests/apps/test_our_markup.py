"""Our own files for Mochi, RemNote, Logseq and org-drill, held against what our JSON says.

Each app must see every question once, and on the right side every word that the text has.
"""

import html
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from readers import logseq, mochi, org_drill, remnote

ROOT = Path(__file__).parents[2]
CORPORA = ["tests/showcase", "tests/anki/nasty", "content"]

LONG = "An answer that no other question has, by which it is known again."

TARGETS = [
    pytest.param("org-drill", org_drill.read, "*.org", marks=pytest.mark.debian),
    ("logseq", logseq.read, "logseq"),
    ("mochi", mochi.read, "*.mochi"),
    ("mochi-md", mochi.read_markdown, "mochi-md"),
    ("remnote", remnote.read, "*.remnote.md"),
    ("remnote-md", remnote.read, "remnote-md"),
]


def build(content: Path, out: Path, target: str):
    command = [os.environ["DECKPRESS"], "build", content, "--out", out, "--no-lock", "--to", target]
    run = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("corpus", CORPORA)
@pytest.mark.parametrize("target, read, name", TARGETS)
def test_the_app_sees_every_question(corpus, target, read, name, tmp_path):
    for each in ["json", target]:
        build(ROOT / corpus, tmp_path, each)
    [data] = tmp_path.glob("*.json")
    [path] = tmp_path.glob(name)
    notes = json.loads(data.read_text())["notes"]
    cards = [card for card in read(path) if card.kind != "reverse"]
    # org-drill asks for each gap by itself.
    seen = list(dict.fromkeys((card.kind == "cloze" and card.answer) or card for card in cards))
    recalls = sum("recall" in note["cards"] for note in notes) if "remnote" in target else 0
    assert len(seen) == len(notes) + recalls

    sides = [(words(card.question), words(f"{card.question}\n{card.answer}")) for card in cards]
    for note in notes:
        # Footnotes of the question stand where the app has room for them.
        question, *_ = re.split(r"\n\n\[\d+\] ", note["question"]["text"])
        asked = words(question)
        parts = [note["answer"], *note["key_points"], *note["extra"]]
        told = words("\n".join(part["text"] for part in parts)) | words(note["qualifier"] or "")
        if note["kind"] == "cloze":
            # What a gap is blank for differs; the rest of the question does not.
            asked = set()
        elif "remnote" in target or "![" in note["question"]["markdown"]:
            # Code that a question shows stands above it; text for a picture may be hidden.
            asked = words(re.sub(r"\[.*|\n.*", "", question, flags=re.DOTALL))
        lost = [(asked - front) | (told - whole) for front, whole in sides]
        assert set() in lost, (note["id"], min(lost, key=len))


@pytest.mark.debian
def test_org_drill_finds_its_schedule_again(tmp_path):
    note = tmp_path / "content" / "a.md"
    note.parent.mkdir()
    note.write_text(f"### Q: Rated?\n{LONG}\n\n### Q: Not rated?\nNo.\n")
    command = [os.environ["DECKPRESS"], "build", "--to", "org-drill", note.parent]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    [deck] = tmp_path.glob("out/*.org")
    rate = """(when (string-match "^Rated" (org-get-heading t t))
      (org-drill-smart-reschedule 4 (nth 4 (org-drill-hypothetical-next-review-dates))))"""
    emacs(deck, rate, "(save-buffer)")
    note.write_text(
        f"### Q: New?\nYes.\n\n### Q: Not rated?\nNo.\n\n### Q: Rated, reworded?\n{LONG}\n"
    )
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    status = """(princ (format "%s %s %s\\n" (org-get-heading t t)
      (car (org-drill-entry-status session)) (org-entry-get (point) "DRILL_LAST_INTERVAL")))"""
    assert emacs(deck, status).splitlines() == [
        "New? :new nil",
        "Not rated? :new nil",
        "Rated, reworded? :future 4.0",
    ]


def emacs(deck: Path, each: str, end: str = "") -> str:
    """What Emacs prints that evaluates something at each item of a deck."""
    program = f"""(progn (package-initialize) (require 'org) (require 'org-drill)
      (find-file "{deck}")
      (let ((session (org-drill-session)))
        (org-map-entries (lambda () (when (org-drill-entry-p) {each}))))
      {end} (kill-emacs 0))"""
    run = subprocess.run(
        ["emacs", "--batch", "-q", "--eval", program], capture_output=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def words(text: str) -> set[str]:
    """The words of a text, without what only its markup says, and without names of media."""
    text = re.sub(r"[(\[][^()\[\]\n]*\.(?:png|svg|wav)[)\]]", " ", html.unescape(text))
    text = text.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
    text = re.sub(r"[\u200b\u2060]|</?(?:su[bp]|kbd|[bui])>|[`*_~/+=\\]", "", text)
    return set(re.findall(r"[^\W\d_]{2,}", text))
