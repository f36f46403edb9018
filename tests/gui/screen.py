"""Runs the real Anki under Xvfb with the add-on in `probe/`, and judges what it saw."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DECKPRESS = Path(os.environ.get("DECKPRESS", ROOT / "target/release/deckpress")).resolve()
# Seconds after which Anki is stuck.
LIMIT = 600


def build(content, work):
    """The package and the notes of a content folder, which is left as it is."""
    out = work / "out"
    shutil.copytree(content, work / "content")
    command = [DECKPRESS, "build", work / "content", "--out", out, "--format", "apkg,json"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    [package] = out.glob("*.apkg")
    [data] = out.glob("*.json")
    return str(package), json.loads(data.read_text())["notes"]


def prepare_profile(base):
    """A profile as after the first start, so that Anki asks nothing."""
    lines = [
        "import pathlib, sys",
        "from aqt.profiles import ProfileManager",
        "manager = ProfileManager(pathlib.Path(sys.argv[1]))",
        "manager.setupMeta()",
        "manager.meta.update(firstRun=False, defaultLang='en_US', suppressUpdate=True, updates=False)",
        "manager.create('User 1')",
        "manager.openProfile('User 1')",
        "manager.save()",
    ]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    subprocess.run(
        [sys.executable, "-c", "\n".join(lines), base],
        check=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


def run_anki(work, the_plan):
    """Runs Anki to the end of the plan, and returns what it saw."""
    out = Path(the_plan["out"])
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    base = work / "anki"
    base.mkdir()
    prepare_profile(base)
    shutil.copytree(HERE / "probe", base / "addons21/probe")
    (work / "plan.json").write_text(json.dumps(the_plan))
    (work / "runtime").mkdir(mode=0o700)
    environment = os.environ | {
        # Otherwise it hands over to another one that runs.
        "ANKI_SINGLE_INSTANCE_KEY": work.name,
        "DECKPRESS_GUI_PLAN": str(work / "plan.json"),
        "HOME": str(work),
        "LANG": "C.UTF-8",
        "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "QT_QPA_PLATFORM": "xcb",
        "XDG_RUNTIME_DIR": str(work / "runtime"),
    }
    anki = Path(sys.executable).parent / "anki"
    command = ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 2000x9000x24"]
    command += [str(anki), "-b", str(base), "-p", "User 1", "-l", "en"]
    log = out / "anki.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            process.wait(LIMIT)
            ending = f"ended with {process.returncode}"
        except subprocess.TimeoutExpired:
            ending = f"did not end within {LIMIT} seconds"
        finally:
            # Whatever is left of the session that we started: the X server, Chromium's helpers.
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
    seen = out / "seen.json"
    if not seen.exists():
        pytest.fail(f"Anki {ending} and saw nothing:\n{log.read_text()[-4000:]}", pytrace=False)
    result = json.loads(seen.read_text())
    if "failed" in result:
        pytest.fail(f"the add-on failed:\n{result['failed']}", pytrace=False)
    return result


def judge(sides, problem):
    """Fails with one line for each side that `problem` says something about."""
    assert sides, "nothing was shown"
    lines = []
    for side in sides:
        what = problem(side)
        if what:
            place = f"{side['side']}, {side['theme']}, {side['width']} px"
            lines.append(f"{side['note']['question']['text'][:60]!r} ({place}): {what}")
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


def scrolls_sideways(side):
    wide, room = side["scrollWidth"], side["clientWidth"]
    return f"{wide} px on {room}: {side['sticking']}" if wide > room else None


def faint_text(side):
    """What WCAG AA asks of text is a contrast of 4.5."""
    faintest = side["faintest"]
    return f"{faintest['text']!r} has a contrast of {faintest['contrast']}" if faintest["contrast"] < 4.5 else None


def folded(text):
    return " ".join(text.split())
