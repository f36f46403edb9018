"""An add-on for Anki that shows cards, photographs them and measures them.

The environment names a plan in JSON: the packages to import, the cards to show
and where to put what was seen. Anki ends by itself when the plan is done. What
goes wrong is written in place of the results, so that the test can say it.
"""

import json
import os
import traceback
from collections import Counter
from pathlib import Path

from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from aqt import gui_hooks, mw
from aqt.qt import QTimer
from aqt.theme import Theme
from PyQt6.QtTest import QTest

from . import watch

PLAN = json.loads(Path(os.environ["DECKPRESS_GUI_PLAN"]).read_text())
OUT = Path(PLAN["out"])
THEMES = {"light": Theme.LIGHT, "night": Theme.DARK}
MEASURE = (Path(__file__).parent / "measure.js").read_text()
ATTACK = (Path(__file__).parent / "attack.js").read_text()

# How long a card may take to be there, in milliseconds.
PATIENCE = 20_000
# What a picture may lag behind the page.
PAINT = 250
# After which something provoked has happened.
REACTION = 250


def steps():
    """Everything to do, in order.

    What it yields is waited for: a number is milliseconds, a text is JavaScript
    whose value comes back.
    """
    imported = [import_package(path) for path in PLAN["packages"]]
    mw.resize(1000, 900)
    mw.col.decks.select(mw.col.db.scalar("select did from cards limit 1"))
    mw.moveToState("review")
    yield 1000
    seen = []
    for theme, value in THEMES.items():
        mw.set_theme(value)
        yield 500
        for shot in PLAN["shots"]:
            if theme in shot["themes"]:
                seen += yield from show(shot, theme)
    return {"imported": imported, "seen": seen}


def import_package(path):
    request = ImportAnkiPackageRequest(
        package_path=path, options=ImportAnkiPackageOptions()
    )
    return len(mw.col.import_anki_package(request).log.new)


def show(shot, theme):
    """Both sides of a card at a width."""
    # A fixed height that is more than enough would hide a scroll bar's width.
    mw.web.setFixedSize(shot["width"], 900)
    yield PAINT
    card = mw.col.get_card(
        mw.col.db.scalar(
            "select c.id from cards c join notes n on n.id = c.nid where n.guid = ? and c.ord = ?",
            shot["guid"],
            shot.get("ord", 0),
        )
    )
    card.start_timer()
    mw.reviewer.card = card
    found = []
    for side in ["question", "answer"]:
        if side == "question":
            mw.reviewer._showQuestion()
        else:
            mw.reviewer._showAnswer()
        state = yield from settled(side, card.id)
        result = {"theme": theme, "side": side} | {
            key: shot[key] for key in ["guid", "ord", "width"] if key in shot
        }
        if side == "answer" and "keys" in shot:
            result["ticks"] = yield from ticked(shot["keys"])
        if PLAN.get("provoke"):
            result |= yield from provoked()
        if shot["picture"]:
            yield from grown(state["height"])
            # Without a scroll bar there is more room, and the page is shorter.
            yield from grown(json.loads((yield MEASURE))["height"])
            name = f"{shot['picture']}-{side}-{theme}.png"
            result |= photograph(OUT / name)
            mw.web.setFixedHeight(900)
        found.append(state | result)
    return found


def ticked(keys):
    """How many key points are ticked after each key, and after a click on the last one."""
    count = "document.querySelectorAll('.key-points .hit').length"
    ticks = []
    for key in keys:
        QTest.keyClick(mw.web.focusProxy(), key)
        yield PAINT
        ticks.append((yield count))
    yield "[...document.querySelectorAll('.key-points > ul > li')].pop().click(); 0"
    ticks.append((yield count))
    ticks.append((yield "document.querySelector('.key-points > .label').dataset.count"))
    return ticks


def provoked():
    """What comes to life on the card, and what it should not hold."""
    result = json.loads((yield ATTACK))
    yield REACTION
    state = "JSON.stringify([window.pwned, document.title, document.baseURI])"
    pwned, title, base = json.loads((yield state))
    yield "delete window.pwned; document.activeElement?.blur(); 0"
    result |= {"pwned": pwned, "title": title, "base": base, "watched": watch.take()}
    return result


def settled(side, card_id):
    """Waits until the side is there, typeset and with its pictures, and measures it."""
    waited = 0
    while True:
        state = json.loads((yield MEASURE))
        if state["ready"] and state["isAnswer"] == (side == "answer"):
            # Typesetting may change the size once more.
            yield PAINT
            again = json.loads((yield MEASURE))
            if again == state:
                return state
        if waited > PATIENCE:
            raise TimeoutError(f"{side} of card {card_id} is not ready: {state}")
        yield 100
        waited += 100 + PAINT


def grown(height):
    """Waits until the page has a height, and has been painted at it."""
    mw.web.setFixedHeight(height)
    for _ in range(PATIENCE // 50):
        yield 50
        if (yield "scrollTo(0, 0); innerHeight") == height:
            break
    yield "painted = 0; requestAnimationFrame(() => requestAnimationFrame(() => painted = 1)); 0"
    for _ in range(PATIENCE // 50):
        yield 50
        if (yield "painted"):
            break
    yield PAINT


def photograph(path):
    """Saves a picture, and counts the colours of all of it and of its lowest lines."""
    picture = mw.web.grab()
    if not picture.save(str(path)):
        raise OSError(f"cannot write {path}")
    image = picture.toImage()
    bottom = image.height() - round(110 * picture.devicePixelRatio())
    colours = Counter()
    lowest = set()
    for y in range(0, image.height(), 2):
        row = [image.pixel(x, y) for x in range(0, image.width(), 2)]
        colours.update(row)
        if y > bottom:
            lowest.update(row)
    return {
        "picture": path.name,
        "colours": len(colours),
        "largest": colours.most_common(1)[0][1] / colours.total(),
        "lowest": len(lowest),
    }


def finish(result):
    (OUT / "seen.json").write_text(json.dumps(result, indent=1, ensure_ascii=False))
    # Leaving politely would ask to sync, back up and close; none of it is tested.
    os._exit(0)


def advance(script, value=None):
    try:
        wanted = script.send(value)
    except StopIteration as done:
        finish(done.value)
    except BaseException:
        finish({"failed": traceback.format_exc()})
    if isinstance(wanted, int):
        QTimer.singleShot(wanted, lambda: advance(script))
    else:
        mw.web.evalWithCallback(wanted, lambda result: advance(script, result))


if PLAN.get("provoke"):
    watch.begin()
gui_hooks.main_window_did_init.append(
    lambda: QTimer.singleShot(1500, lambda: advance(steps()))
)
