"""An author's own style sheet reaches the learner's note types, and so does each change of it."""

from desk import import_package
from press import press_in_place

DAY = 24 * 60 * 60
# Later than the note types themselves.
EPOCH = 1_800_000_000


def test_a_style_sheet_is_added_and_changed_and_taken_out(tmp_path, col):
    content = tmp_path / "content"
    content.mkdir()
    (content / "a.md").write_text("### Q: One?\n\nA.\n\n### Q: {{c1::Two}}\n")

    def styles(day: int, css: str | None) -> list[str]:
        settings = content / "deckpress.toml"
        settings.write_text("" if css is None else 'css = "extra.css"\n')
        (content / "extra.css").write_text(css or "")
        outputs = press_in_place(content, tmp_path / f"out{day}", EPOCH + day * DAY)
        import_package(col, outputs.package)
        names = ["Deckpress Q&A", "Deckpress Cloze"]
        return [col.models.by_name(name)["css"] for name in names]

    ours = styles(0, None)
    assert styles(1, ".mine { color: red }\n") == [css + ".mine { color: red }\n" for css in ours]
    assert styles(2, ".mine { color: blue }\n") == [css + ".mine { color: blue }\n" for css in ours]
    # An older package brings nothing back.
    import_package(col, next((tmp_path / "out1").glob("*.apkg")))
    assert "blue" in col.models.by_name("Deckpress Q&A")["css"]
    assert styles(3, None) == ours
    names = sorted(entry.name for entry in col.models.all_names_and_ids())
    assert [name for name in names if name.startswith("Deckpress")] == ["Deckpress Cloze", "Deckpress Q&A"]
