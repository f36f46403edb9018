"""Pictures, sounds and films arrive in the collection: each file once, and nothing else."""

import os
import re
import subprocess
import unicodedata

import pytest

from desk import card, import_csvs, import_package
from press import press
from reading import attributes

COMPOSED, APART = (unicodedata.normalize(form, "Größe é 图") for form in ["NFC", "NFD"])

FILES = {
    "plot.png": b"plot",
    "a b.PNG": b"a blank",
    f"{COMPOSED}.png": b"composed on disk",
    f"{APART}.jpg": b"apart on disk",
    f"img/{APART}/x.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "notes/plot.png": b"another of that name",
    "notes/copy/plot.png": b"plot",
    "a&b (1) [2].gif": b"brackets",
    "50%.png": b"percent",
    "what? C#.png": b"signs of URLs",
    "speech.mp3": b"speech",
    "Ton 1.OGG": b"sound",
    "film.mp4": b"film",
    "raw.wav": b"raw sound",
    "raw.webm": b"raw film",
    "deck.png": b"on the page of the deck",
    "footnote.png": b"in a footnote",
    "linked.pdf": b"linked",
    "unasked.png": b"in text that reaches no deck",
    "unused.png": b"nobody refers to it",
}

NOTES = f"""# Media

![](../deck.png){{width=20}} ![a voice](../speech.mp3)

### Q: ![](../speech.mp3) ![](../plot.png) ![](plot.png) ![](copy/plot.png) {{#heading}}

![said](../Ton%201.OGG "a title") and <audio controls src="../raw.wav"></audio>

<video controls>
  <source src="../raw.webm">
</video>

### Q: What is it? ![a film](/film.mp4){{width=50%}} {{#names}}

![](../a%20b.PNG) ![](<../a b.PNG>) ![one](<../{APART}.png>) ![two](<../{COMPOSED}.jpg>)
![three](<../img/{COMPOSED}/x.svg>){{width=300 .wide}} ![four][ref] <img src='../a&amp;b (1) [2].gif'>

| a |
|---|
| ![](../50%.png){{height=10}} |

A note[^1] and [a link](../linked.pdf).

**Key points:**

- ![](../what%3F%20C%23.png)
  - ![](../speech.mp3)

[ref]: <../a&b (1) [2].gif>
[^1]: ![](../footnote.png)

## A topic without a question

![](../unasked.png)
"""

SHOWN = set(FILES) - {"linked.pdf", "unused.png", "deck.png", "unasked.png"}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    work = tmp_path_factory.mktemp("media")
    for name, content in FILES.items():
        path = work / "notes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (work / "notes/notes/notes.md").write_text(NOTES, encoding="utf-8")
    return press(work / "notes", work)


def held(col) -> dict[str, bytes]:
    folder = col.media.dir()
    return {name: open(os.path.join(folder, name), "rb").read() for name in os.listdir(folder)}


def referred(col) -> list[str]:
    fields = col.db.list("select flds from notes")
    sounds = [name for field in fields for name in re.findall(r"\[sound:(.*?)\]", field)]
    pictures = [name for field in fields for name in re.findall(r'src="(.*?)"', field)]
    return sounds + pictures


def test_each_file_arrives_once_and_no_other(outputs, col):
    import_package(col, outputs.package)
    files = held(col)
    assert set(referred(col)) == {name for name in files if not name.startswith("_")}
    contents = sorted(content for name, content in files.items() if not name.startswith("_"))
    assert contents == sorted({FILES[name] for name in SHOWN})
    for name in files:
        assert re.fullmatch(r"_?[a-z0-9-]+-[0-9a-f]{16}\.[a-z0-9]+", name), name
    found = col.media.check()
    assert not found.missing and not found.unused


def test_a_deck_has_its_picture_and_sound(outputs, col):
    import_package(col, outputs.package)
    description = col.decks.by_name("Media")["desc"]
    names = re.findall(r'src="(.*?)"', description)
    assert "[sound:" not in description and 'width="20"' in description
    assert [held(col)[name] for name in names] == [b"on the page of the deck", b"speech"]


def test_anki_plays_the_sounds(outputs, col):
    import_package(col, outputs.package)
    files = held(col)

    def played(tags) -> list[bytes]:
        return [files[tag.filename] for tag in tags]

    heading, names = card(col, "heading"), card(col, "names")
    assert played(heading.question_av_tags()) == [b"speech"]
    assert b"sound" in played(heading.answer_av_tags())
    assert played(names.question_av_tags()) == [b"film"]
    assert b"speech" in played(names.answer_av_tags())
    answer = heading.render_output().answer_text
    assert '<span title="a title">said</span>' in answer
    assert "<audio controls" in answer and "<source src=" in answer
    assert "a film " in names.render_output().question_text


def test_sizes_are_attributes(outputs, col):
    import_package(col, outputs.package)
    note = card(col, "names").note()
    assert 'alt="three" width="300"' in note["Answer"]
    assert 'height="10"' in note["Answer"]
    assert "{" not in note["Question"] + note["Answer"]


def test_the_text_import_refers_to_the_same_files(outputs, new_collection):
    one, two = new_collection(), new_collection()
    import_package(one, outputs.package)
    import_package(two, outputs.package)
    import_csvs(two, outputs.csvs)
    assert referred(one) == referred(two)
    beside = {path.name: path.read_bytes() for path in (outputs.folder / "media").iterdir()}
    assert {name: beside[name] for name in referred(one)}.items() <= held(one).items()


def test_other_outputs_bring_what_they_refer_to(outputs):
    folder = outputs.folder / "markdown"
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.md"))
    names = set(re.findall(r"media/([a-z0-9.-]+)", text))
    assert names == {path.name for path in (folder / "media").iterdir()}
    contents = {path.read_bytes() for path in (folder / "media").iterdir()}
    brought = SHOWN | {"linked.pdf", "deck.png"}
    assert contents == {FILES[name] for name in brought}
    assert "{width=300 .wide}" in text


def test_a_new_picture_of_an_old_name_is_shown(outputs, new_collection, tmp_path):
    """It has another name in the package, and its note counts as changed, raw HTML or not."""
    col = new_collection()
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text(
        '### Q: One? {#one}\n![](x.png)\n### Q: Two? {#two}\n<img\nsrc="y.png">\n'
    )
    for content, epoch in [(b"old", 1_780_000_000), (b"new", 1_780_000_100)]:
        (notes / "x.png").write_bytes(content)
        (notes / "y.png").write_bytes(content + b"er")
        command = [os.environ["DECKPRESS"], "build", notes, "--out", tmp_path / "out", "-f", "apkg"]
        environment = os.environ | {"SOURCE_DATE_EPOCH": str(epoch)}
        subprocess.run(command, env=environment, check=True)
        [package] = (tmp_path / "out").glob("*.apkg")
        import_package(col, package)
    files = held(col)
    for guid, content in [("one", b"new"), ("two", b"newer")]:
        [source] = re.findall(r'src="(.*?)"', card(col, guid).note()["Answer"])
        assert files[source] == content


def test_nothing_of_the_text_plays(col, tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/x.mp3").write_bytes(b"x")
    (tmp_path / "notes/a.md").write_text(
        "### Q: [sound:a.mp3] \x0eb.mp3\x0f {#one}\n"
        '![[sound:c.mp3]](x.mp3 "[sound:d.mp3]") ![](x.mp3 "[anki:play:a:0]") &#14;e.mp3&#15;\n'
        '<b title="&#14;f.mp3&#15;">\x0eg.mp3\x0f</b>\n'
        "\n<div>\n&#14;h.mp3&#15; &#x0E;i.mp3&#xF; &#0014j.mp3&#0015 &#5;{c1}&#6; &&#14;#14;m.mp3\n</div>\n"
        "\n```\x0ek.mp3\x0f\n\x0el.mp3\x0f\n```\n"
    )
    import_package(col, press(tmp_path / "notes", tmp_path).package)
    shown = card(col, "one")
    assert not shown.question_av_tags()
    assert [tag.filename[:2] for tag in shown.answer_av_tags()] == ["x-", "x-"]
    html = shown.render_output().answer_text
    assert any("[sound:d.mp3]" in value for value in attributes(html))
    assert not set(map(chr, range(9))) & set(html) and not {"\x0e", "\x0f"} & set(html)
