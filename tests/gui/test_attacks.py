"""Raw HTML, addresses and formulas that would do harm, in the real Anki.

`attacks/` holds a list of real attack strings, each in the places where an author can write. Anki
shows every card; the page is then provoked: everything is clicked, focused and sent events.
Nothing may come to life, leave the card, ask for anything or hide the author's text. What must
still be readable stands in code under *Reads*, at the end of a question.

A few cards that are not made harmless, `ALIVE`, show that all of this would be seen.
"""

import re
import tempfile
from html import unescape
from pathlib import Path

import pytest

from screen import HERE, ROOT, build, folded, judge, run_anki

WIDTH = 720

ALIVE = """# Alive

### Q: pwned <img src="data:image/png,x" onerror="window.pwned=1">

**Answer:** <b onclick="window.pwned=1">x</b>

### Q: pwned $\\href{javascript:void(window.pwned=1)}{x}$

**Answer:** <a href="javascript:void(window.pwned=1)">x</a>

### Q: fixed <b style="position:fixed;inset:0">x</b>

**Answer:** $x$ <b class="CtxtMenu_MenuFrame">x</b> $\\style{position:fixed}{x}$

### Q: request <img src="https://evil.invalid/x.png">

**Answer:** <link rel="stylesheet" href="https://evil.invalid/x.css">

### Q: dialog <img src="data:image/png,x" onerror="alert('a')">

**Answer:** <img src="data:image/png,x" onerror="confirm('a')">

### Q: order <img src="data:image/png,x" onerror="pycmd('pwned')">

**Answer:** <img src="data:image/png,x" onerror="pycmd('play:q:0')">

### Q: page <img src="data:image/png,x" onerror="location='https://example.org'">

**Answer:** <iframe src="https://evil.invalid"></iframe>

### Q: element <form></form><iframe></iframe>

**Answer:** <script>let x = 1</script> <base href="https://evil.invalid/"> <object></object>
"""


def shots(note):
    """A shot of each card of a note."""
    shot = {"guid": note["id"], "themes": ["light"], "width": WIDTH, "picture": None}
    if note["kind"] != "cloze":
        return [shot]
    texts = note["question"]["html"] + note["answer"]["html"]
    gaps = sorted({int(number) for number in re.findall(r"{{c(\d+)::", texts)})
    return [shot | {"guid": f"{note['id']}+cloze", "ord": gap - 1} for gap in gaps]


@pytest.fixture(scope="session")
def sides():
    """Every side that was shown, with its note; those of `ALIVE` apart."""
    with tempfile.TemporaryDirectory(prefix="deckpress-attacks-") as folder:
        work = Path(folder)
        package, attacks = build(HERE / "attacks", work / "attacks")
        (work / "source").mkdir()
        (work / "source/alive.md").write_text(ALIVE)
        (work / "source/deckpress.toml").write_text('html = "allow"\n')
        alive_package, alive = build(work / "source", work / "alive")
        the_plan = {
            "packages": [package, alive_package],
            "out": str(ROOT / "target/gui-attacks"),
            "shots": [shot for note in attacks + alive for shot in shots(note)],
            "provoke": True,
        }
        result = run_anki(work, the_plan)
    assert result["imported"] == [len(attacks), len(alive)]
    assert len(result["seen"]) == 2 * len(the_plan["shots"])
    notes = {note["id"]: note for note in attacks + alive}
    seen = [side | {"note": notes[side["guid"].removesuffix("+cloze")]} for side in result["seen"]]
    ids = {note["id"] for note in alive}
    return [s for s in seen if s["guid"] not in ids], [s for s in seen if s["guid"] in ids]


@pytest.fixture(scope="session")
def attacked(sides):
    return sides[0]


def our_scripts():
    """The scripts of the templates, which are the only ones on a card."""
    pages = [path.read_text() for path in (ROOT / "src/anki").glob("*.html")]
    return {script.strip() for page in pages for script in re.findall(r"<script>(.*?)</script>", page, re.S)}


def problems(side):
    """What is wrong with a side; nothing of it may be."""
    found = list(side["found"]) + side["watched"]
    if side["pwned"] is not None:
        found.append(f"pwned = {side['pwned']}")
    found += [f"a script: {script}" for script in side["scripts"] if script not in our_scripts()]
    if "evil" in side["base"] or "pwned" in side["title"]:
        found.append(f"the page is {side['title']} at {side['base']}")
    return found


def test_nothing_comes_to_life(attacked):
    judge(attacked, lambda side: "; ".join(problems(side)))


def test_the_author_s_text_is_there(attacked):
    def problem(side):
        reads = [extra["html"] for extra in side["note"]["extra"] if extra["label"] == "Reads"]
        wanted = [unescape(code) for html in reads for code in re.findall("<code>(.*?)</code>", html)]
        text = folded(side["text"])
        # Once where it was attacked with, once where it is said.
        missing = [words for words in wanted if text.count(folded(words)) < 2]
        return f"does not show {missing}" if missing else None

    judge([side for side in attacked if side["side"] == "answer"], problem)


def test_the_tests_see_what_is_alive(sides):
    """Otherwise nothing above could fail."""
    for side in sides[1]:
        assert problems(side), side["note"]["question"]["text"]
    everything = " ".join(problem for side in sides[1] for problem in problems(side))
    for kind in ["pwned = 1", "fixed", "a request", "a dialog", "an order", "a page", "an element", "a script"]:
        assert kind in everything
