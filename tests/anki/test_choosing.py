"""Packages made of a selection: what they leave out stays as it is in Anki."""

import os
import subprocess

import pytest
from desk import held, import_package
from press import EPOCH

CONTENT = {
    "a.md": """\
# LLM
## RAG
### Q: One? {#one .interview}
Uno.
### Q: Two? {#two}
![two](two.png)
## Evaluation
### Q: Three {{c1::gaps}} {#three .cloze .draft}
Tres.
""",
    "b.md": """\
# Rust
### Q: Four? {#four .interview .reverse}
Cuatro.
""",
    "two.png": "two",
}


@pytest.fixture
def bank(tmp_path):
    for name, text in CONTENT.items():
        (tmp_path / "content" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "content" / name).write_text(text, encoding="utf-8")
    return tmp_path


def build(bank, *args, epoch=EPOCH):
    command = [os.environ["DECKPRESS"], "build", bank / "content", "--out", bank / "out", *args]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(epoch)}
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return bank / "out"


def guids(notes):
    return {guid.removesuffix("+cloze") for guid in notes}


def test_a_selection_touches_no_other_note(bank, col):
    out = build(bank, "--to", "apkg")
    import_package(col, out / "content.apkg")
    before = held(col)
    cards = col.db.all("select id, nid, did, ord, due, mod from cards order by id")
    assert guids(before) == {"one", "two", "three", "four"}
    text = CONTENT["a.md"].replace("Uno.", "One.").replace("Tres.", "Three.")
    (bank / "content" / "a.md").write_text(text, encoding="utf-8")
    build(bank, "--to", "apkg", "--only", "topic:RAG", epoch=EPOCH + 100)
    log = import_package(col, out / "content.apkg")
    assert (len(log.new), len(log.updated), log.found_notes) == (0, 1, 2)
    after = held(col)
    assert "One." in after["one"].fields["Answer"]
    del before["one"], after["one"]
    assert after == before
    assert col.db.all("select id, nid, did, ord, due, mod from cards order by id") == cards
    # What was edited besides comes with the next whole build.
    build(bank, "--to", "apkg", epoch=EPOCH + 200)
    log = import_package(col, out / "content.apkg")
    assert (len(log.new), len(log.updated), log.found_notes) == (0, 1, 4)
    assert "Three." in "".join(held(col)["three+cloze"].fields.values())


def test_packages_of_decks_and_tags_make_the_whole(bank, col):
    settings = """\
formats = ["apkg"]
[[export]]
to = "apkg"
split = "deck"
name = "deck"
except = "tag:draft"
[[export]]
to = "apkg"
name = "drafts"
only = "tag:draft"
"""
    (bank / "content" / "deckpress.toml").write_text(settings, encoding="utf-8")
    out = build(bank)
    import_package(col, out / "deck-rust.apkg")
    assert guids(held(col)) == {"four"}
    assert {deck.name for deck in col.decks.all_names_and_ids()} == {"Default", "Rust"}
    import_package(col, out / "deck-llm.apkg")
    assert guids(held(col)) == {"one", "two", "four"}
    import_package(col, out / "drafts.apkg")
    parts = held(col)
    log = import_package(col, out / "content.apkg")
    assert (len(log.new), len(log.updated)) == (0, 0)
    assert held(col) == parts and guids(parts) == {"one", "two", "three", "four"}
