"""inka2 itself, up to the fields that it would hand to Anki. Sides are HTML."""

import tempfile
from pathlib import Path

import mistune
from inka2.mistune_plugins.mathjax3 import plugin_mathjax3
from inka2.models import converter
from inka2.models.config import Config
from inka2.models.notes.cloze_note import ClozeNote
from inka2.models.parser import Parser

from . import Card, Refused, files

MARKDOWN = ["strikethrough", "footnotes", "table", plugin_mathjax3]


def read(path) -> list[Card]:
    return [card for file in files.markdown(path) for card in cards(file)]


def cards(file: Path) -> list[Card]:
    files.text(file)
    with tempfile.TemporaryDirectory() as work:
        config = Config(Path(work) / "config.ini")
        try:
            notes = Parser(config, file, "Default").collect_notes()
        except ValueError as error:
            raise Refused(str(error)) from error
    clozes = [note for note in notes if isinstance(note, ClozeNote)]
    converter.convert_cloze_deletions_to_anki_format(clozes)
    converter.convert_notes_to_html(notes, mistune.create_markdown(plugins=MARKDOWN, escape=False))
    return [
        Card(note.text_html, "", note.deck_name, tuple(note.tags), "cloze")
        if isinstance(note, ClozeNote)
        else Card(note.front_html, note.back_html, note.deck_name, tuple(note.tags))
        for note in notes
    ]
