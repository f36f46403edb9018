"""What apps make of our Markdown decks, card by card beside what `json` says of the questions."""

import html
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from readers import flashcards_obsidian, hashcards, inka, mdanki, obsidian_sr, obsidian_to_anki

ROOT = Path(__file__).parents[2]
CONTENTS = ["tests/showcase", "content"]
READERS = {
    "hashcards": hashcards.read,
    "obsidian-sr": obsidian_sr.read,
    "obsidian-to-anki": obsidian_to_anki.read,
    "flashcards-obsidian": flashcards_obsidian.read,
    "inka2": inka.read,
    "mdanki": lambda folder: [
        card for page in sorted(folder.glob("*.md")) for card in mdanki.read(page)
    ],
}
HTML = {"inka2"}

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
CODE = re.compile(r"(^```.*?^```$|`[^`\n]*`)", re.DOTALL | re.MULTILINE)
MATH = re.compile(r"\$\$.+?\$\$|\$[^$\n]+?\$", re.DOTALL)
FOOTNOTE = re.compile(r"^(?:&lsqb;\d+&rsqb; |\[\^[\d-]+\]: )", re.MULTILINE)
REFERENCE = re.compile(r"\[\^\d+-(\d+)\]")
NOT_SEEN = re.compile(
    r"(?<=- )\[[ x]\] |!\[\[.*?\]\]|\[sound:.*?\]|\[[\w.-]+\]\(media/.*?\)|<a href=\"media/.*?</a>|[\u200b\u200c]"
)
"""Boxes, files by their names, and what has no width."""


@pytest.fixture(scope="module", params=CONTENTS)
def built(request, tmp_path_factory):
    """The folder with everything, and the questions as data."""
    out = tmp_path_factory.mktemp("out")
    command = [os.environ["DECKPRESS"], "build", "--no-lock", "--out", out, ROOT / request.param]
    command += ["--to", ",".join([*READERS, "json"])]
    run = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    [data] = out.glob("*.json")
    return out, json.loads(data.read_text(encoding="utf-8"))["notes"]


def of_markdown(side: str) -> list[str]:
    """The words that are seen, formulas as they are written."""
    formulas = []

    def hide(match: re.Match) -> str:
        formulas.append(html.escape(match[0]))
        return f" FORMULA{len(formulas) - 1}FORMULA "

    # A footnote's number is that of an item in HTML, and no word.
    side = REFERENCE.sub(r" \1 ", FOOTNOTE.sub("", side))
    parts = CODE.split(NOT_SEEN.sub("", side))
    parts[::2] = [MATH.sub(hide, part) for part in parts[::2]]
    shown = MARKDOWN.render("".join(parts))
    return of_html(re.sub(r"FORMULA(\d+)FORMULA", lambda match: formulas[int(match[1])], shown))


def of_html(side: str) -> list[str]:
    side = re.sub(r"<p>&lsqb;\d+&rsqb; |<p>\[\d+\] ", "<p>", side)
    side = re.sub(r"</?(?:p|li|br|t[dh]|tr|div|h\d|pre)\b[^>]*>", " ", NOT_SEEN.sub("", side))
    # A tag begins with a letter, whatever stands in a formula.
    shown = html.unescape(re.sub(r"</?[a-zA-Z!][^>]*>", "", side))
    return sorted(re.findall(r"\w+", shown.lower()))


def back(note: dict) -> list[str]:
    """All that is shown with the answer."""
    parts = [note["qualifier"] or "", note["answer"]["html"]]
    parts += [point["html"] for point in note["key_points"]]
    for extra in note["extra"]:
        parts += [extra["label"] or "", extra["html"]]
    return of_html(" ".join(parts))


@pytest.mark.parametrize("target", READERS)
def test_every_question_is_there_as_it_is(built, target):
    out, notes = built
    words = of_html if target in HTML else of_markdown
    cards = READERS[target](out / target)
    asked = [card for card in cards if card.kind == "qa"]
    gapped = [card for card in cards if card.kind == "cloze"]
    clozes = [note for note in notes if note["kind"] == "cloze"]
    # A question with gaps is asked as a whole where the app cannot have it otherwise.
    for note in notes:
        if note in clozes and not any(words(card.question) == front(note) for card in asked):
            assert gapped, note["question"]["text"]
            continue
        card = asked.pop(0)
        assert words(card.question) == front(note)
        found = words(without_tags(card.answer))
        if note in clozes:
            assert set(found) >= set(back(note))
        else:
            assert found == back(note), note["question"]["text"]
    assert not asked
    reversed = sum("reverse" in note["cards"] for note in notes)
    if target in ("obsidian-sr", "obsidian-to-anki", "flashcards-obsidian"):
        assert sum(card.kind == "reverse" for card in cards) == reversed


def front(note: dict) -> list[str]:
    side = note["question"]
    return of_html(html.escape(side["text"])) if note["kind"] == "cloze" else of_html(side["html"])


def without_tags(side: str) -> str:
    """The tags of an Obsidian note stand below all else."""
    return re.sub(r"\n <!-- -->\n#[^\s#]+(?: #[^\s#]+)*$", "", side)


@pytest.mark.parametrize("target", READERS)
def test_traps_make_no_cards(build, target):
    """The signs of all apps at once, wherever they can stand."""
    signs = [
        "::", ":::", "?", "??", "==x==", "#card", "#flashcards/x", "START", "ENDIF", "STARTI [Basic] a ENDI",
        "Back: x", "Tags: a b", "ID: 12", "^1234567890123", "Q: x", "A: y", "C: z", "%", "[#tag] b",
        "Deck: x", "TARGET DECK", "FROZEN - a:", "{x}", "{{c1::a}}", "[[w]]", "%%", "$5 and $6", "`a::b`",
        "``a`::b``", "`{x}`", "`$x`", "std::vec", "Vec<T>", "snake_case_name", "--flag", "<https://x.y/a::b>",
    ]
    code = "\n".join([*signs, "", "---", "## x", "# y", "> z", "1. n", "<!--ID: 12-->", "END"])
    blocks = [
        "\n\n".join(signs),
        "\n".join(f"- {sign}" for sign in signs),
        "\n".join(f"> {sign}\n>" for sign in signs),
        "| a | b |\n|---|---|\n" + "\n".join(f"| {sign} | b |" for sign in signs),
        f"```text\n{code}\n```",
        "- in a list\n\n" + "\n".join(f"  {line}" for line in ["```text", *code.split("\n"), "```"]),
        "$$\na :: b == c\n$$",
    ]
    text = "# Deck\n\n" + "\n".join(
        f"### Q: Which {number}?\n\n{block}\n\n**Answer:**\n\nThis {number}.\n\n{block}\n"
        for number, block in enumerate(blocks)
    )
    out = build(text, target)
    cards = READERS[target](out / target)
    assert len(cards) == len(blocks)
    for number, card in enumerate(cards):
        assert f"Which {number}?" in card.question
        assert f"This {number}." in card.answer
