"""genanki-rs writes the same notes, and Anki makes the same of them.

What the two writers agree on, the field texts, the cards, the decks and the tags, is no
misunderstanding of ours about the format. It makes no recall lists. See `tests/genanki-witness`.
"""

import os
import subprocess

from desk import held, import_package
from press import points_alone
from reading import shape, words


def test_both_packages_become_the_same_notes(built, new_collection, tmp_path):
    package = tmp_path / "witness.apkg"
    json = built.only("*.json").read_bytes()
    subprocess.run([os.environ["GENANKI_WITNESS"], package], input=json, check=True)
    ours, theirs = new_collection(), new_collection()
    import_package(ours, built.package)
    import_package(theirs, package)
    assert decks(ours) == decks(theirs)
    notes, witnessed = held(ours), held(theirs)
    known = {guid for guid, (_, kind) in built.made.items() if kind != "recall"}
    assert known == witnessed.keys() and known
    for guid, other in witnessed.items():
        note = notes[guid]
        assert note.cards == other.cards
        assert note.tags == other.tags
        assert list(note.fields) == list(other.fields)
        points, others = note.fields.pop("Key Points"), other.fields.pop("Key Points")
        assert words(points_alone(points)) == words(points_alone(others))
        for name in note.fields:
            assert shape(note.fields[name]) == shape(other.fields[name]), f"{guid}: {name}"


def decks(col) -> list[str]:
    return sorted(deck.name for deck in col.decks.all_names_and_ids())
