"""Output files, in the order in which their names sort."""

from pathlib import Path

from . import Refused


def markdown(path) -> list[Path]:
    """A Markdown file itself, or all those in a folder."""
    path = Path(path)
    return [path] if path.is_file() else sorted(path.rglob("*.md"))


def text(path) -> str:
    """A file that every app takes: UTF-8 without a mark at its start, with plain line ends."""
    text = Path(path).read_bytes().decode("utf-8")
    if text.startswith("\ufeff"):
        raise Refused(f"{path} begins with a byte order mark")
    if "\r" in text:
        raise Refused(f"{path} has a carriage return")
    return text
