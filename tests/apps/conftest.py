import os
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def sample():
    """The path of a file or folder in `samples/`."""
    return Path(__file__).parent.joinpath("samples").joinpath


@pytest.fixture
def file(tmp_path):
    """Writes a file, and returns its path."""

    def write(text: str, name: str = "deck.md") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode())
        return path

    return write


@pytest.fixture
def build(tmp_path):
    """Builds a document in one format, and returns the folder with it."""

    def build(document: str, form: str, settings: str = "") -> Path:
        content, out = tmp_path / "content", tmp_path / "out"
        content.mkdir()
        (content / "words.md").write_text(document, encoding="utf-8")
        (content / "deckpress.toml").write_text(settings, encoding="utf-8")
        command = [os.environ["DECKPRESS"], "build", content, "--out", out, "--format", form]
        run = subprocess.run(command, capture_output=True, encoding="utf-8")
        assert run.returncode == 0, run.stderr
        return out

    return build
