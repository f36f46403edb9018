"""The completion scripts in real shells: a terminal, and somebody who presses Tab."""

import os
import pty
import re
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest

PROGRAM = os.environ["DECKPRESS"]

# What is typed before Tab, and what the program is then called with.
TYPED = [
    ("comp", "completions"),
    ("completions elv", "completions elvish"),
    ("explain empty-k", "explain empty-key-points"),
    ("build --to spread", "build --to spreadsheet"),
    ("check --mess", "check --message-format"),
    ("check sorting-n", "check sorting-notes"),
]

SHELLS = {
    "bash": (
        ["bash", "--norc", "--noprofile", "-i"],
        "deckpress.bash",
        "source ./deckpress.bash",
    ),
    "fish": (
        ["fish", "-i"],
        ".config/fish/completions/deckpress.fish",
        "",
    ),
    "zsh": (
        ["zsh", "-f", "-i"],
        "functions/_deckpress",
        "fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -D",
    ),
}

# A shell that says nothing for so long has nothing more to say.
PAUSE = 1.0
PATIENCE = 60


class Terminal:
    def __init__(self, command, folder):
        environment = {
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "PATH": f"{folder}/bin:{os.environ['PATH']}",
            "TERM": "dumb",
        }
        self.process, self.stream = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)

    def type(self, keys):
        os.write(self.stream, keys.encode())
        return self.read(PAUSE)

    def read(self, pause, until=None):
        """What comes until there is a pause, or what is waited for."""
        text, end = "", time.monotonic() + PATIENCE
        while time.monotonic() < end:
            wait = PATIENCE if until and not re.search(until, text) else pause
            if not select.select([self.stream], [], [], wait)[0]:
                break
            text += os.read(self.stream, 65536).decode(errors="replace")
        return text

    def close(self):
        os.write(self.stream, b"\x03exit\r")
        os.close(self.stream)
        os.waitpid(self.process, 0)


@pytest.fixture(params=SHELLS)
def shell(request, tmp_path):
    command, path, setup = SHELLS[request.param]
    assert shutil.which(command[0]), f"there is no {command[0]}"
    script = subprocess.run([PROGRAM, "completions", request.param], check=True, stdout=subprocess.PIPE).stdout
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_bytes(script)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/deckpress").write_text("#!/bin/sh\nprintf 'called<%s>\\n' \"$*\"\n")
    (tmp_path / "bin/deckpress").chmod(0o755)
    (tmp_path / "sorting-notes").mkdir()
    terminal = Terminal(command, tmp_path)
    terminal.type(f"{setup}\r")
    terminal.type("echo rea''dy\r")
    yield terminal
    terminal.close()


def test_tab_completes(shell):
    for typed, expected in TYPED:
        shell.type(f"deckpress {typed}\t")
        os.write(shell.stream, b"\r")
        said = shell.read(PAUSE, until=r"called<.*>")
        called = re.findall(r"called<(.*?)>", said)
        assert called, (typed, said)
        assert called[-1].rstrip(" /") == expected


def test_pages_for_man(tmp_path):
    subprocess.run([PROGRAM, "man", tmp_path], check=True)
    pages = sorted(Path(tmp_path).iterdir())
    assert len(pages) > 10
    for page in pages:
        shown = subprocess.run(["mandoc", "-W", "error", "-T", "utf8", page], stdout=subprocess.PIPE, check=True)
        assert "SYNOPSIS" in re.sub(".\b", "", shown.stdout.decode()), page
