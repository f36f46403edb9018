"""A CSV as programs read it that follow RFC 4180, and as LibreOffice Calc shows it."""

import csv
import io
import subprocess
import tempfile
from pathlib import Path

from openpyxl import load_workbook

from . import Refused

USUAL = "44,34,UTF-8"
QUOTED_AS_TEXT = "44,34,UTF-8,1,,0,true,false"
"""Choices of Calc's import: what it takes at once, and with a tick at "Quoted field as text"."""


def read(path) -> list[dict[str, str]]:
    """The rows, each with the labels of the first one."""
    text = Path(path).read_bytes().decode("utf-8").removeprefix("\ufeff")
    labels, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    for row in rows:
        if len(row) != len(labels):
            raise Refused(f"{len(row)} cells below {len(labels)} labels: {row}")
    return [dict(zip(labels, row)) for row in rows]


def shown(path, choices: str = USUAL) -> list[list]:
    """The cells that Calc has after it opened the file: text, numbers, dates, but no formula."""
    with tempfile.TemporaryDirectory() as work:
        command = ["soffice", f"-env:UserInstallation=file://{work}/profile", "--headless"]
        command += [f"--infilter=CSV:{choices}", "--convert-to", "xlsx", "--outdir", work, path]
        run = subprocess.run(command, capture_output=True, encoding="utf-8")
        assert run.returncode == 0, run.stderr
        [sheet] = load_workbook(Path(work) / f"{Path(path).stem}.xlsx").worksheets
        return [[value(cell) for cell in row] for row in sheet.iter_rows()]


def value(cell):
    if cell.data_type == "f":
        raise Refused(f"{cell.coordinate} is a formula: {cell.value}")
    return "" if cell.value is None else cell.value
