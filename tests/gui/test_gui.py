"""Shows real cards in the real Anki and looks at what is there.

A package is built from `content/`, another from `tests/gui/content`; Anki runs
once under Xvfb with the add-on in `probe/`, which imports both, opens the
reviewer and shows cards by day and by night, on a desktop's width and on a
phone's. The tests then judge what it saw. Pictures stay in `target/gui/`; with
`QT_SCALE_FACTOR=2` they are twice as sharp, as those in the README.

Run it by `tests/run --all`, which sets `DECKPRESS` to the program.
"""

import re
import tempfile
from pathlib import Path

import pytest

from screen import HERE, ROOT, build, faint_text, folded, judge, run_anki, scrolls_sideways

PICTURES = ROOT / "target/gui"

DESKTOP = 720
PHONE = 360


def html(note):
    return note["answer"]["html"]


def first(notes, what):
    return next(note for note in notes if what in html(note))


def plan(work):
    """What to show, and the notes behind it by id."""
    package, notes = build(ROOT / "content", work / "real")
    wide_package, wide = build(HERE / "content", work / "wide")
    portraits = {
        "plain": notes[0],
        "formula": first(notes, "\\["),
        "code": first(notes, "<pre>"),
        "table": first(notes, "<table>"),
    }
    portraits |= {f"wide-{number}": note for number, note in enumerate(wide, 1)}
    both = ["light", "night"]
    shots = []
    for name, note in portraits.items():
        shots.append(shot(note, both, DESKTOP, name))
        shots.append(shot(note, both, PHONE, f"{name}-phone"))
    # No picture of the others, but no surprise either.
    shots += [shot(note, ["light"], PHONE, None) for note in notes]
    return (
        {"packages": [package, wide_package], "out": str(PICTURES), "shots": shots},
        {note["id"]: note for note in notes + wide},
        [len(notes), len(wide)],
    )


def shot(note, themes, width, picture):
    return {"guid": note["id"], "themes": themes, "width": width, "picture": picture}


@pytest.fixture(scope="session")
def session():
    with tempfile.TemporaryDirectory(prefix="deckpress-gui-") as folder:
        work = Path(folder)
        the_plan, notes, counts = plan(work)
        result = run_anki(work, the_plan)
    return the_plan, notes, counts, result


@pytest.fixture(scope="session")
def seen(session):
    """Every side that was shown, with its note."""
    _, notes, _, result = session
    return [side | {"note": notes[side["guid"]]} for side in result["seen"]]


def first_words(text):
    """The start of a text up to the first formula, bullet, quote, cell or link."""
    parts = (part.strip() for part in re.split(r"[$\n|>•\[]", text))
    return next(filter(None, parts), "")[:30].strip()


def test_every_note_is_imported(session):
    _, _, counts, result = session
    assert result["imported"] == counts


def test_every_side_is_shown(session):
    the_plan, _, _, result = session
    assert len(result["seen"]) == 2 * sum(len(shot["themes"]) for shot in the_plan["shots"])


def test_the_question_is_there(seen):
    def problem(side):
        question = folded(side["note"]["question"]["text"])
        return None if question in folded(side["text"]) else f"shows {side['text'][:120]!r}"

    judge(seen, problem)


def test_the_answer_and_its_key_points_are_there(seen):
    def problem(side):
        note = side["note"]
        parts = [note["answer"]["text"], *(point["text"] for point in note["key_points"])]
        plain = [first_words(part) for part in parts]
        missing = [start for start in plain if start not in folded(side["text"])]
        return f"does not show {missing}" if missing else None

    judge([side for side in seen if side["side"] == "answer"], problem)


def test_formulas_are_typeset(seen):
    def problem(side):
        note = side["note"]
        fields = [note["question"]]
        if side["side"] == "answer":
            fields += [note["answer"], *note["key_points"], *note["extra"]]
        wanted = sum(len(re.findall(r"\\[(\[]", field["html"])) for field in fields)
        if side["math"] < wanted or side["mathErrors"]:
            return f"{side['math']} of {wanted} typeset, {side['mathErrors']} with errors"
        return None

    with_math = [side for side in seen if "\\(" in html(side["note"]) or "\\[" in html(side["note"])]
    judge(with_math, problem)


def test_pictures_are_there(seen):
    with_images = [side for side in seen if side["images"]]
    judge(with_images, lambda side: f"{side['brokenImages']} broken" if side["brokenImages"] else None)


def test_night_is_night(seen):
    def problem(side):
        is_night = side["theme"] == "night"
        is_dark = sum(side["background"][:3]) < 3 * 128
        if side["night"] != is_night or is_dark != is_night:
            return f"nightMode is {side['night']}, the background {side['background']}"
        return None

    judge(seen, problem)


def test_all_text_stands_out(seen):
    judge(seen, faint_text)


def test_no_page_scrolls_sideways(seen):
    judge(seen, scrolls_sideways)


def test_no_picture_is_blank(seen):
    def problem(side):
        # Each side ends with a line of text, and letters have many shades.
        if side["lowest"] < 8 or side["colours"] < 10 or side["largest"] > 0.995:
            shades = f"{side['colours']} colours, {side['lowest']} of them at the bottom"
            return f"{side['picture']} has {shades}, one on {side['largest']:.1%}"
        return None

    judge([side for side in seen if "colours" in side], problem)
