"""Mnemosyne itself, without its windows: its import of TSV, SuperMemo text, and Anki packages.

The sides are HTML as it is stored; of a package, as Mnemosyne renders Anki's templates. It keeps
no decks: those of a package are tags.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import Card, Refused

SUITE = Path(__file__).parents[1]
FORMATS = {"tsv": "Tsv", "supermemo": "SuperMemo7Txt", "apkg": "Anki2"}


def read(path, form: str) -> list[Card]:
    """Imports a file in a process of its own, as a broken import leaves Mnemosyne unusable."""
    with tempfile.TemporaryDirectory() as work:
        command = [sys.executable, "-m", __name__, form, Path(path).absolute(), work]
        run = subprocess.run(command, cwd=SUITE, capture_output=True, encoding="utf-8")
    if run.returncode:
        raise Refused(run.stderr.strip().splitlines()[-1])
    cards = json.loads(run.stdout)
    return [Card(card["question"], card["answer"], None, tuple(card["tags"])) for card in cards]


def main(form: str, path: str, work: str):
    from mnemosyne.libmnemosyne import Mnemosyne
    from mnemosyne.libmnemosyne.ui_components.main_widget import MainWidget
    from mnemosyne.libmnemosyne.ui_components.review_widget import ReviewWidget

    class Window(MainWidget):
        """The least of a window, which ends the process at the first complaint."""

        def show_information(self, text):
            pass

        def show_error(self, text):
            sys.exit(text.replace("\n", " "))

        def set_progress_text(self, text):
            pass

        def set_progress_range(self, maximum):
            pass

        def set_progress_update_interval(self, interval):
            pass

        def increase_progress(self, step):
            pass

        def set_progress_value(self, value):
            pass

        def close_progress(self):
            pass

    class Review(ReviewWidget):
        def redraw_now(self):
            pass

    # Mnemosyne looks its components up by the name of a module.
    module = sys.modules["windowless"] = type(sys)("windowless")
    module.Window, module.Review = Window, Review
    translator = "mnemosyne.libmnemosyne.gui_translators.gettext_gui_translator"
    app = Mnemosyne(
        upload_science_logs=False, interested_in_old_reps=True, asynchronous_database=True
    )
    app.components.insert(0, (translator, "GetTextGuiTranslator"))
    app.components.append(("windowless", "Window"))
    app.gui_for_component["ScheduledForgottenNew"] = [("windowless", "Review")]
    app.gui_for_component["CramAll"] = [("windowless", "Review")]
    data = Path(work) / "data"
    app.initialise(str(data), automatic_upgrades=False)
    app.start_review()

    [importer] = [
        each
        for each in app.component_manager.all("file_format")
        if type(each).__name__ == FORMATS[form]
    ]
    importer.do_import(path)
    database = app.database()
    cards = []
    for card_id, _ in database.cards():
        card = database.card(card_id, is_id_internal=True)
        cards.append((card_id, sides(card, form), sorted(tag.name for tag in card.tags)))
    result = [
        {"question": question, "answer": answer, "tags": [t for t in tags if t != "__UNTAGGED__"]}
        for _, (question, answer), tags in sorted(cards)
    ]
    if any("MISSING_MEDIA" in card["tags"] for card in result):
        sys.exit("A file is missing")
    app.finalise()
    json.dump(result, sys.stdout)


def sides(card, form: str) -> tuple[str, str]:
    data = card.fact.data
    if form == "apkg":
        pages = card.question(), card.answer()
        if any("{{invalid template}}" in page for page in pages):
            sys.exit(f"A template that Mnemosyne cannot read: {card.fact_view.name}")
        return tuple(page.split('<body class="card">')[1].split("</body>")[0] for page in pages)
    if set(data) != {"f", "b"}:
        sys.exit(f"Not a card of two sides: {dict(data)}")
    return data["f"], data["b"]


if __name__ == "__main__":
    main(*sys.argv[1:])
