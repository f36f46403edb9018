"""Every card of the showcase, which holds every construct and every kind of cards, in the real Anki.

Each side is shown by day and by night and on a phone, and measured; a few are photographed into
`target/gui-showcase/`, two of them for the README and the book (with `QT_SCALE_FACTOR=2`).
"""

import tempfile
from pathlib import Path

import pytest

from screen import ROOT, build, faint_text, judge, run_anki, scrolls_sideways

PICTURES = ROOT / "target/gui-showcase"
SHOWCASE = ROOT / "tests/showcase"

# The cards in pictures, by words of their questions.
PORTRAITS = {
    "code": "not compile",
    "formula": "absolute value",
    "options": "expressions are true",
    "alerts": "shared Git branch",
    "recall": "noble gases",
    "table": "HTTP methods",
}

# The card whose key points are ticked, and the keys for that.
TICKED = "surprising about it"
KEYS = "xjxkx"


def cards(note):
    """The ids and ordinals of the cards that a question makes."""
    made = [(note["id"], 0)]
    if note["kind"] == "cloze":
        made = [(f"{note['id']}+cloze", 0)]
    if "reverse" in note["cards"]:
        made.append((note["id"], 1))
    if "recall" in note["cards"]:
        made += [(f"{note['id']}+recall", ord) for ord in range(len(note["key_points"]))]
    return made


@pytest.fixture(scope="session")
def session():
    with tempfile.TemporaryDirectory(prefix="deckpress-showcase-") as folder:
        work = Path(folder)
        package, notes = build(SHOWCASE, work / "showcase")
        shots, behind = [], {}
        for note in notes:
            for guid, ord in cards(note):
                behind[guid, ord] = note
                shot = {"guid": guid, "ord": ord, "picture": None}
                shots.append(shot | {"width": 720, "themes": ["light"]})
                shots.append(shot | {"width": 360, "themes": ["night"]})
        for name, words in PORTRAITS.items():
            note = next(note for note in notes if words in note["question"]["text"])
            for guid, ord in cards(note)[:2]:
                shot = {"guid": guid, "ord": ord, "themes": ["light", "night"]}
                shots.append(shot | {"width": 720, "picture": f"{name}-{ord}"})
        ticking = next(note for note in notes if TICKED in note["question"]["text"])
        shot = {"guid": ticking["id"], "ord": 0, "themes": ["light", "night"], "width": 720}
        shots.append(shot | {"keys": KEYS, "picture": "points"})
        result = run_anki(work, {"packages": [package], "out": str(PICTURES), "shots": shots})
    assert len(result["seen"]) == 2 * sum(len(shot["themes"]) for shot in shots)
    return [side | {"note": behind[side["guid"], side["ord"]]} for side in result["seen"]], ticking


@pytest.fixture(scope="session")
def seen(session):
    return session[0]


def test_no_page_scrolls_sideways(seen):
    judge(seen, scrolls_sideways)


def test_all_text_stands_out(seen):
    judge(seen, faint_text)


def test_formulas_and_pictures_are_there(seen):
    def problem(side):
        if side["mathErrors"] or side["brokenImages"]:
            return f"{side['mathErrors']} formulas with errors, {side['brokenImages']} broken pictures"
        return None

    judge(seen, problem)
    assert any(side["math"] for side in seen) and any(side["images"] for side in seen)


def test_a_recall_card_shows_what_comes_before_alone(seen):
    def problem(side):
        points = [point["text"] for point in side["note"]["key_points"]]
        known = points[: side["ord"] + (side["side"] == "answer")]
        shown = [point for point in points if point in side["text"]]
        return f"shows {shown} in place of {known}" if shown != known else None

    judge([side for side in seen if side["guid"].endswith("+recall")], problem)


def test_options_are_marked_on_the_back_alone(seen):
    def problem(side):
        is_marked = "✓" in side["text"]
        return None if is_marked == (side["side"] == "answer") else f"marked: {is_marked}"

    judge([side for side in seen if "choice" in side["note"]["cards"]], problem)


def test_key_points_are_ticked_by_keys_and_by_a_tap(session):
    seen, ticking = session
    points = len(ticking["key_points"])
    # The first; focused, and unticked; ticked again; and the last one by a tap.
    expected = [1, 1, 0, 0, 1, 2, f"2 of {points} hit"]
    assert [side["ticks"] for side in seen if "ticks" in side] == [expected, expected]
