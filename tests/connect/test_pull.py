"""What a learner edited in Anki comes home, into the words of the author."""

import json
import time
import subprocess

import pytest

BANK = """---
tags: [bank]
---
# Bank

Words *about* it.

## One

### Q: What is a   token? {#tok .extra}

<!-- a comment -->

**Answer:** A piece of *text* that a model
reads, see [the paper][p] and __this__.

**Key points to hit:**

*   first point
*   second point
    * deeper

**References:**

1. one
1. two

---

### Q: Second of two {.reverse}
**Answer:** two

**Hint:**

count

[p]: https://example.org "Paper"
"""


@pytest.fixture
def pushed(desk):
    desk.write(BANK)
    desk.push()
    desk.review()
    return desk


def edit(desk, id, field, old, new):
    html = desk.note(id)[field]
    assert old in html, html
    desk.edit(id, field, html.replace(old, new))


def check_settled(desk, is_spelled=True):
    """There is nothing left to do, in either direction, and nothing that a package would change."""
    total = desk.push().total
    if not is_spelled:
        total = desk.push().total
    assert all(total[what] == 0 for what in ["added", "changed", "moved", "retired", "in_conflict"])
    pulled = desk.pull().lines
    assert [line["reason"] for line in pulled] == ["pull"]
    desk.run("build", "-f", "apkg")
    before = desk.col.db.all("select * from notes")
    desk.anki.actions.importPackage(str(desk.root / "out/deck.apkg"))
    assert desk.col.db.all("select * from notes") == before


@pytest.mark.parametrize(
    "field,old,new,written",
    [
        ("Answer", "piece", "part", ("A piece", "A part")),
        ("Answer", "reads", "likes", ("reads", "likes")),
        ("Answer", "model", "<b>model</b>", ("model", "**model**")),
        ("Answer", ">the paper<", ">it<", ("the paper", "it")),
        ("Answer", "A piece", "*A* _piece_", ("A piece", "\\*A\\* \\_piece\\_")),
        ("Answer", "A piece", "2 * 3 * A piece", ("A piece", "2 * 3 * A piece")),
        ("Key Points", "second", "last", ("second", "last")),
        ("Key Points", "deeper", "below", ("deeper", "below")),
        ("Extra", "two", "2", ("1. two", "1. 2")),
        ("Question", "token", "lexeme", ("What is a   token", "What is a   lexeme")),
        ("Question", "token", "token or <code>x_y_z</code>", ("token", "token or `x_y_z`")),
    ],
)
def test_only_what_was_edited_is_written(pushed, field, old, new, written):
    token = pushed.ids["What"]
    edit(pushed, token, field, old, new)
    before = pushed.history()
    assert pushed.pull("--dry-run", exit=3).ids("pulled") == {token}
    assert pushed.read() == BANK
    assert pushed.pull().ids("pulled") == {token}
    assert pushed.read() == BANK.replace(*written, 1)
    check_settled(pushed, is_spelled="<b>" not in new)
    pushed.check_history(before)


def test_what_the_editor_writes(pushed):
    """Lines of the editor are paragraphs; the next push sends them as such."""
    second = pushed.ids["Second"]
    edit(pushed, second, "Answer", "<p>two</p>", "<p>two&nbsp;</p><div>or <i>zwei</i></div>more<br>")
    edit(pushed, second, "Hint", "<p>count</p>", "")
    assert pushed.pull().ids("pulled") == {second}
    text = BANK.replace("two\n\n**Hint:**\n\ncount\n", "two\n\nor *zwei*\n\nmore\n")
    assert pushed.read() == text
    assert pushed.push().ids("changed") == {second}
    assert pushed.note(second)["Answer"] == "<p>two</p>\n<p>or <em>zwei</em></p>\n<p>more</p>"
    check_settled(pushed)


def test_a_field_that_was_empty(pushed):
    second, token = pushed.ids["Second"], pushed.ids["What"]
    pushed.edit(token, "Hint", "mine<br>and yours")
    pushed.edit(second, "Key Points", "<ul><li>one</li><li>two</li></ul>")
    assert pushed.pull().ids("pulled") == {second, token}
    text = BANK.replace("1. two\n", "1. two\n\n**Hint:**\n\nmine\\\nand yours\n")
    assert pushed.read() == text.replace("count\n", "count\n\n**Key points:**\n\n- one\n- two\n")
    pushed.push()
    check_settled(pushed)


def test_ends_of_lines_stay(desk):
    text = BANK.replace("\n", "\r\n")
    (desk.content / "bank.md").write_bytes(text.encode())
    desk.push()
    edit(desk, desk.ids["What"], "Answer", "piece", "part")
    edit(desk, desk.ids["Second"], "Answer", "<p>two</p>", "<p>two</p><p>three</p>")
    desk.pull()
    new = text.replace("A piece", "A part").replace(" two\r\n\r\n**H", " two\r\n\r\nthree\r\n\r\n**H")
    assert desk.read() == new
    check_settled(desk)


def test_edits_of_many_at_once(desk):
    """One that cannot be written does not hold the others up."""
    text = "# Bank\n" + "".join(f"### Q: Number {n}?\n**Answer:** it is {n}\n\n" for n in range(30))
    desk.write(text)
    desk.push()
    ids = {nid: id for nid, id in desk.notes().items()}
    for nid, id in ids.items():
        note = desk.col.get_note(nid)
        number = note["Question"].split()[1].rstrip("?")
        new = "<font color=red>it</font> is" if number == "7" else "that was"
        desk.edit(id, "Answer", note["Answer"].replace("it is", new))
    pulled = desk.pull(exit=1)
    assert len(pulled.ids("pulled")) == 29
    left = [line for line in pulled.lines if line["reason"] == "left"]
    assert [line["question"] for line in left] == ["Number 7?"]
    assert left[0]["why"] and left[0]["hunk"]
    assert desk.read() == text.replace("it is", "that was").replace("that was 7", "it is 7")


def test_a_file_that_was_edited_since(pushed):
    token, second = pushed.ids["What"], pushed.ids["Second"]
    edit(pushed, token, "Answer", "piece", "part")
    text = BANK.replace("** two", "** 2")
    pushed.write(text)
    left = pushed.pull(exit=1).lines[0]
    assert (left["id"], left["field"]) == (token, "Answer")
    assert "was edited since the last build" in left["why"]
    assert pushed.read() == text
    assert pushed.push().ids("changed") == {second}
    pushed.pull()
    assert pushed.read() == text.replace("piece", "part")
    check_settled(pushed)


def test_what_both_have_edited(pushed):
    second = pushed.ids["Second"]
    pushed.edit(second, "Answer", "<p>zwei</p>")
    text = BANK.replace("** two", "** 2")
    pushed.write(text)
    pushed.run("build", "-f", "apkg")
    left = pushed.pull(exit=1).lines[0]
    assert left["id"] == second and "both sides" in left["why"]
    pushed.push("--conflicts", "anki")
    pushed.pull()
    assert pushed.read() == text.replace("** 2", "** zwei")
    check_settled(pushed)


def test_edited_again_and_again(pushed):
    second = pushed.ids["Second"]
    for old, new in [("two", "2"), ("2", "zwei"), ("zwei", "two")]:
        time.sleep(1.1)
        edit(pushed, second, "Answer", f"<p>{old}</p>", f"<p>{new}</p>")
        pushed.pull()
        assert pushed.read() == BANK.replace("** two", f"** {new}")
        check_settled(pushed)


def test_edited_back_after_a_pull(pushed):
    """The old text is an edit as any other."""
    second = pushed.ids["Second"]
    was = pushed.note(second)["Answer"]
    pushed.edit(second, "Answer", "<p>zwei</p>")
    pushed.pull()
    pushed.edit(second, "Answer", was)
    assert pushed.push().ids("edited") == {second}
    assert pushed.pull().ids("pulled") == {second}
    assert pushed.read() == BANK


def test_a_question_in_quite_other_words(pushed):
    """It is known by its note, and needs no confirmation."""
    second = pushed.ids["Second"]
    pushed.edit(second, "Question", "Name all there are after one and before three")
    pushed.edit(second, "Answer", "<p>Only a pair</p>")
    before = pushed.history()
    pushed.pull()
    assert "### Q: Name all there are after one and before three {.reverse}\n" in pushed.read()
    lock = [json.loads(line) for line in (pushed.content / "deckpress.lock").read_text().splitlines()]
    entry = next(line for line in lock if line.get("id") == second)
    assert entry["question"].startswith("Name all") and "open" not in entry
    check_settled(pushed)
    pushed.check_history(before)


def test_labels_and_what_is_made_by_deckpress(pushed):
    token = pushed.ids["What"]
    edit(pushed, token, "Extra", "References", "Books")
    pushed.edit(token, "Topic", "Else")
    left = pushed.pull(exit=1)
    assert {line["field"] for line in left.lines if line["reason"] == "left"} == {"Extra", "Topic"}
    assert pushed.read() == BANK


def test_tags(pushed):
    token, second = pushed.ids["What"], pushed.ids["Second"]
    pushed.col.tags.bulk_add([pushed.nid(token), pushed.nid(second)], "mine::too leech")
    assert [line["reason"] for line in pushed.pull().lines] == ["pull"]
    assert pushed.pull("--tags").ids("pulled") == {token, second}
    text = BANK.replace("{#tok .extra}", "{.mine::too #tok .extra}")
    text = text.replace("{.reverse}", "{.mine::too .reverse}")
    assert pushed.read() == text
    assert "leech" in pushed.note(token).tags
    check_settled(pushed)


def test_tags_that_were_taken_off(desk):
    """Those of the heading go there; others are said."""
    text = "---\ntags: [bank]\n---\n# Bank\n### Q: What? {.one #a .Two}\n**Answer:** x\n\n### Q: Who? {.one}\n**Answer:** y\n"
    desk.write(text)
    desk.push()
    what, who = desk.nid("a"), desk.nid(desk.ids["Who?"])
    desk.col.tags.bulk_remove([what, who], "one two bank")
    pulled = desk.pull("--tags", exit=1)
    assert pulled.ids("pulled") == {"a", desk.ids["Who?"]}
    left = [line for line in pulled.lines if line["reason"] == "left"]
    assert [(line["hunk"], "front matter" in line["why"]) for line in left] == [(["-bank"], True)] * 2
    assert desk.read() == text.replace("{.one #a .Two}", "{#a}").replace(" {.one}", "")
    desk.push()
    assert desk.col.get_note(what).tags == ["bank"] == desk.col.get_note(who).tags
    check_settled(desk)


def test_an_edit_of_the_list_for_recall(desk):
    """A mistake that is seen on the card of a key point is mended there."""
    desk.write(RECALL)
    desk.push()
    desk.review()
    before, id = desk.history(), desk.ids["What"]
    edit(desk, id + "+recall", "Text", "{{c2::Memory}}", "{{c2::Memory, <b>much</b> of it}}")
    edit(desk, id + "+recall", "Text", "must", "shall")
    desk.pull()
    text = RECALL.replace("Memory", "Memory, **much** of it").replace("must", "shall")
    assert desk.read() == text
    assert desk.push().ids("changed") == {id, id + "+recall"}
    assert "Memory, <strong>much</strong> of it" in desk.note(id)["Key Points"]
    check_settled(desk)
    desk.check_history(before)
    edit(desk, id + "+recall", "Text", "</ul>", "<li>{{c4::Cost}}</li></ul>")
    assert "key points" in desk.pull(exit=1).lines[0]["why"]
    assert desk.read() == text


WHY = {
    ("a[^1] b\n\n[^1]: note", '<sup class="footnote-ref">1</sup>', ""): "footnote",
    ("t\n\nAa\n: dd", "</dl>", "<dt>Bb</dt><dd>ee</dd></dl>"): "definitions",
    ("| a |\n|---|\n| 1 |", "<td>1", "<td>1<div>x</div>"): "table",
    ("a b", "b", '<font color="#ff0000">b</font>'): "font",
}


@pytest.mark.parametrize("case", WHY, ids=WHY.values())
def test_why_an_edit_stays_in_anki(desk, case):
    text, old, new = case
    bank = f"# Bank\n### Q: What?\n**Answer:**\n\n{text}\n"
    desk.write(bank)
    desk.push()
    edit(desk, desk.ids["What?"], "Answer", old, new)
    assert WHY[case] in desk.pull(exit=1).lines[0]["why"]
    assert desk.read() == bank


def test_a_list_keeps_its_bullets(desk):
    text = "# Bank\n### Q: Which?\n**Answer:** these\n\n**Key points:**\n\n* one\n* two\n"
    desk.write(text)
    desk.push()
    edit(desk, desk.ids["Which?"], "Key Points", "<li>two</li>", "<li>two</li><li>three</li>")
    desk.pull()
    assert desk.read() == text + "* three\n"
    check_settled(desk)


RECALL = """# Bank
### Q: What must it have? {.recall}
**Answer:** this

**Key points:**

- Speed
- Memory
- A third matter
"""


@pytest.mark.parametrize(
    "old,new,written",
    [
        ("Speed", "Pace", RECALL.replace("Speed", "Pace")),
        ("<li>Memory</li>", "<li>Memory</li><li>Cost</li>", RECALL.replace("Memory\n", "Memory\n- Cost\n")),
        ("<li>Speed</li>\n<li>Memory</li>", "<li>Pace</li>\n<li>Room</li>",
         RECALL.replace("Speed", "Pace").replace("Memory", "Room")),
        ("<li>Speed</li>\n<li>Memory</li>", "<li>Memory</li>\n<li>Speed</li>",
         RECALL.replace("Speed\n- Memory", "Memory\n- Speed")),
    ],
)
def test_a_key_point_keeps_its_card(desk, old, new, written):
    """Whatever it says now: it was edited where it stands."""
    desk.write(RECALL)
    desk.push()
    desk.review()
    before, id = desk.history(), desk.ids["What"]
    edit(desk, id, "Key Points", old, new)
    desk.pull()
    assert desk.read() == written
    pushed = desk.push()
    assert pushed.ids("changed") >= {id + "+recall"} and not pushed.ids("blank")
    assert not desk.col.get_empty_cards().notes
    desk.check_history(before)
    text = desk.note(id + "+recall")["Text"]
    for number, point in enumerate(["Speed", "Memory", "A third matter"], start=1):
        is_reworded = point in old and point not in new
        point = {"Speed": "Pace", "Memory": "Room"}[point] if is_reworded else point
        assert f"{{{{c{number}::{point}}}}}" in text
    check_settled(desk)


def test_a_gap_keeps_its_card(desk):
    text = "# Bank\n### Q: The ==cat== sat on a ==mat::where== {.cloze}\n**Answer:** yes\n"
    desk.write(text)
    desk.push()
    desk.review()
    before = desk.history()
    id = next(iter(desk.notes().values()))
    edit(desk, id, "Text", "{{c1::cat}}", "{{c1::wombat}}")
    desk.pull()
    assert desk.read() == text.replace("==cat==", "==wombat==")
    check_settled(desk)
    desk.check_history(before)
    assert "{{c1::wombat}}" in desk.note(id)["Text"]


SPELLINGS = [
    ("a __deep__ end", "deep", "shallow"),
    ("a <b>deep</b> end", "deep", "shallow"),
    ("5&nbsp;km &ndash; far", "far", "near"),
    ("a \\* b  \nc end", "end", "beginning"),
    ("so:\n\n1) one\n1) two\n1) three", "two", "2"),
    ("so:\n\n    code of\n    old", "old", "old\nand new"),
    ("so:\n\n```py\nx = 1\n```", "1", "2"),
    ("> well\n> *done*\n>\n> yes", "yes", "no"),
    ("> [!NOTE]\n> well\n> done", "done", "out"),
    ("so:\n\n- [ ] one\n- [x] two", "two", "2"),
    ("a term\n: its definition", "definition", "meaning"),
    ("so:\n\n$$\na^2 < b\n$$", "a^2", "a^3"),
    ("see this[^1] of all\n\n[^1]: the *foot* note", "of all", "of none"),
    ("see this[^1] of all\n\n[^1]: the *lower* note", "lower", "last"),
    ("<details><summary>more</summary>\ninner text\n</details>", "inner", "outer"),
]


@pytest.mark.parametrize("text,old,new", SPELLINGS, ids=range(len(SPELLINGS)))
def test_spelling_stays_beside_an_edit(desk, text, old, new):
    bank = f"# Bank\n### Q: What?\n**Answer:**\n\n{text}\n"
    desk.write(bank)
    desk.push()
    edit(desk, desk.ids["What?"], "Answer", old, new)
    desk.pull()
    assert desk.read() == bank.replace(old, new.replace("\n", "\n    "))
    desk.push()
    check_settled(desk)


def cram(desk):
    """Puts all cards into a filtered deck, and returns its number."""
    deck = desk.col.sched.get_or_create_filtered_deck(0)
    deck.name = "Cram"
    deck.config.search_terms[0].search = "deck:Bank::*"
    deck.config.search_terms[0].limit = 100
    deck.config.reschedule = False
    return desk.col.sched.add_or_update_filtered_deck(deck).id


def test_in_a_filtered_deck(pushed):
    """A pull touches no card, and a move that waits for its cards is not forgotten over it."""
    token, second = pushed.ids["What"], pushed.ids["Second"]
    did = cram(pushed)
    rows = "select id, nid, did, odid, ord, type, queue, due, odue, ivl, reps from cards order by id"
    cards, reviews = pushed.col.db.all(rows), pushed.history()["reviews"]
    pushed.write(BANK.replace("## One", "## Two"))
    assert pushed.push().ids("filtered") == {token, second}
    edit(pushed, token, "Answer", "piece", "part")
    pushed.pull()
    pushed.push()
    assert pushed.col.db.all(rows) == cards
    pushed.col.sched.empty_filtered_deck(did)
    assert pushed.push().ids("moved") == {token, second}
    assert [pushed.deck(card) for card in pushed.cards(token)] == ["Bank::Two"]
    assert pushed.history()["reviews"] == reviews
    check_settled(pushed)


def test_a_move_that_was_built_and_not_pushed(pushed):
    token = pushed.ids["What"]
    pushed.write(BANK.replace("## One", "## Two"))
    pushed.run("build", "-f", "apkg")
    edit(pushed, token, "Answer", "piece", "part")
    pushed.pull()
    assert token in pushed.push().ids("moved")
    assert [pushed.deck(card) for card in pushed.cards(token)] == ["Bank::Two"]


GAPS = "# Bank\n### Q: A ==std::vec== is a ==list== in `[sound:a.mp3]` {.cloze}\n**Answer:** yes\n"


def test_a_hint_that_was_given_to_a_gap(desk):
    """It is a hint in the file as well, and no text."""
    text = "# Bank\n### Q: A ==vector== is a ==list== {.cloze}\n**Answer:** yes\n"
    desk.write(text)
    desk.push()
    id = next(iter(desk.notes().values()))
    edit(desk, id, "Text", "{{c2::list}}", "{{c2::list::what}}")
    desk.pull()
    assert "{{c2::list::what}}" in desk.read()
    check_settled(desk)
    assert "{{c2::list::what}}" in desk.note(id)["Text"]


@pytest.mark.parametrize("live", ["std&#58;&#58;vec::kind", "std::vec&#58;&#58;kind"])
def test_a_hint_beside_signs_that_are_text(desk, live):
    """It is never written with another one for the hint; where it cannot be written it stays, and is said."""
    text = "# Bank\n### Q: Alpha is ==std::vec==.\n"
    desk.write(text)
    desk.push()
    id = next(iter(desk.notes().values()))
    edit(desk, id, "Text", "std&#58;&#58;vec", live)
    assert desk.push().ids("edited") == {id}
    pulled = desk.run("pull", "--url", desk.anki.url)
    expect = f"Alpha is {{{{c1::{live}}}}}."
    if pulled.exit == 0:
        check_settled(desk)
    else:
        assert desk.read() == text
        assert desk.push().ids("edited") == {id}
    assert desk.note(id)["Text"] == expect


def test_text_that_the_editor_makes_signs_of_anki_of(desk):
    """It writes `::` for `&#58;&#58;`, so Anki takes text for a hint. A push mends that."""
    desk.write(GAPS)
    desk.push()
    id = next(iter(desk.notes().values()))
    html = desk.note(id)["Text"]
    assert "std&#58;&#58;vec" in html and "&#91;sound:" in html
    live = html.replace("&#58;", ":").replace("&#91;", "[").replace("is a", "was a")
    desk.edit(id, "Text", live)
    assert desk.push().ids("edited") == {id}
    desk.pull()
    assert desk.read() == GAPS.replace("is a", "was a")
    assert desk.push().ids("changed") == {id}
    assert desk.note(id)["Text"] == html.replace("is a", "was a")
    check_settled(desk)
    # Who only looks into the field there has edited nothing.
    desk.edit(id, "Text", live)
    assert [line["reason"] for line in desk.pull().lines] == ["pull"]
    pushed = desk.push()
    assert pushed.ids("changed") == {id} and not pushed.ids("edited")
    assert desk.note(id)["Text"] == html.replace("is a", "was a")


def test_a_line_that_was_begun_in_code(desk):
    """Return within code makes two of it in Anki's editor."""
    bank = "# Bank\n### Q: What?\n**Answer:** so:\n\n```rust\nlet a = 1;\nlet b = 2;\n```\n"
    desk.write(bank)
    desk.push()
    id = desk.ids["What?"]
    cut = '</code></pre><pre><code class="language-rust">'
    html = desk.note(id)["Answer"]
    at = html.index(";") + 1
    at = html.index("\n", at)
    desk.edit(id, "Answer", html[:at] + cut + "let x = 3;" + html[at:])
    desk.pull()
    assert desk.read() == bank.replace("let b", "let x = 3;\nlet b")
    assert desk.push().ids("changed") == {id}
    assert desk.note(id)["Answer"].count("<pre>") == 1
    check_settled(desk)


def test_what_was_pulled_is_forgotten(pushed):
    """What the learner has beside it is not taken for the content's."""
    token = pushed.ids["What"]
    pushed.col.tags.bulk_add([pushed.nid(token)], "mine")
    edit(pushed, token, "Answer", "piece", "part")
    edit(pushed, token, "Extra", "References", "Books")
    pushed.pull(exit=1)
    for path in (pushed.root / "out").glob(".deckpress-pushed-*"):
        path.unlink()
    assert pushed.push(exit=1).ids("conflict") == {token}
    pushed.push("--conflicts", "anki")
    note = pushed.note(token)
    assert "mine" in note.tags and "Books" in note["Extra"]


def test_code_edited_there_and_back(desk):
    """What is edited again before a push is an edit of one side."""
    bank = "# Bank\n### Q: What?\n\n```rust\nlet a = 1;\n```\n"
    desk.write(bank)
    desk.push()
    was = desk.note(desk.ids["What?"])["Answer"]
    desk.edit(desk.ids["What?"], "Answer", was.replace("let", "var"))
    desk.pull()
    assert "var a = 1;" in desk.read()
    time.sleep(1.1)
    desk.edit(desk.ids["What?"], "Answer", was)
    assert desk.push().ids("edited") == {desk.ids["What?"]}
    desk.pull()
    assert desk.read() == bank
    desk.push()
    check_settled(desk)


def test_a_package_by_hand_and_no_push(desk):
    desk.write(BANK)
    desk.run("build", "-f", "apkg")
    desk.anki.actions.importPackage(str(desk.root / "out/deck.apkg"))
    desk.review()
    before = desk.history()
    for nid in desk.notes():
        note = desk.col.get_note(nid)
        note["Answer"] = note["Answer"].replace("piece", "part")
        desk.col.update_note(note)
    desk.pull()
    assert desk.read() == BANK.replace("A piece", "A part")
    check_settled(desk)
    desk.check_history(before)


def test_gaps_stay_as_they_are_written(desk):
    desk.write("# Bank\n### Q: The ==cat== sat on a ==mat::where== {.cloze}\n**Answer:** yes\n")
    desk.push()
    id = next(iter(desk.notes().values()))
    edit(desk, id, "Text", "sat", "slept")
    desk.pull()
    assert "### Q: The ==cat== slept on a ==mat::where== {.cloze}" in desk.read()
    check_settled(desk)


def test_pictures_keep_their_names(desk):
    png = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
    (desk.content / "img").mkdir()
    (desk.content / "img/a b.png").write_bytes(png)
    desk.write("# Bank\n### Q: Which?\n**Answer:** ![the one](img/a%20b.png) it\n")
    desk.push()
    edit(desk, desk.ids["Which?"], "Answer", " it", " <b>it</b>")
    desk.pull()
    assert desk.read().endswith("**Answer:** ![the one](img/a%20b.png) **it**\n")
    check_settled(desk, is_spelled=False)


PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")


def paste(desk, id, html="", name="paste-1 a.png", data=PNG):
    """As who pastes a picture in Anki's editor, which takes the name that the file then has."""
    name = desk.col.media.write_data(name, data)
    edit(desk, id, "Answer", "</p>", f' <img src="{name.replace(" ", "%20")}"></p>{html}')
    return name


def test_a_pasted_picture(pushed):
    second = pushed.ids["Second"]
    paste(pushed, second)
    assert pushed.pull("--dry-run", exit=3).ids("pulled") == {second}
    assert not (pushed.content / "media").exists()
    pulled = pushed.pull()
    assert [line["file"] for line in pulled.lines if line["reason"] == "media"] == [
        "content/media/paste-1 a.png"
    ]
    assert pushed.read() == BANK.replace("** two", "** two ![](<media/paste-1 a.png>)")
    assert (pushed.content / "media/paste-1 a.png").read_bytes() == PNG
    assert pushed.push().ids("changed") == {second}
    assert "paste-1-a-" in pushed.note(second)["Answer"]
    check_settled(pushed)


def test_a_pasted_picture_beside_others(desk):
    """It goes where those of the file are, and takes no name that is taken."""
    (desk.content / "sub/img").mkdir(parents=True)
    (desk.content / "sub/img/old.png").write_bytes(PNG)
    (desk.content / "sub/img/new.png").write_bytes(b"another")
    (desk.content / "sub/img/same.png").write_bytes(PNG + b"same")
    text = "# Bank\n### Q: Which?\n**Answer:** ![](img/old.png) it\n"
    desk.write(text, "sub/bank.md")
    desk.push()
    id = desk.ids["Which?"]
    paste(desk, id, name="new.png", data=PNG + b"new")
    paste(desk, id, name="same.png", data=PNG + b"same")
    pulled = desk.pull()
    files = [line["file"] for line in pulled.lines if line["reason"] == "media"]
    assert files == ["content/sub/img/new-2.png"]
    assert desk.read("sub/bank.md") == text.replace("it", "it ![](img/same.png) ![](img/new-2.png)") or (
        desk.read("sub/bank.md") == text.replace("it", "it ![](img/new-2.png) ![](img/same.png)")
    )
    assert (desk.content / "sub/img/new.png").read_bytes() == b"another"
    desk.push()
    check_settled(desk)


def test_a_sound_and_a_picture_that_is_not_there(pushed):
    second, token = pushed.ids["Second"], pushed.ids["What"]
    pushed.col.media.write_data("voice.mp3", b"sound")
    edit(pushed, second, "Answer", "two", "two [sound:voice.mp3]")
    edit(pushed, token, "Answer", "piece", 'piece <img src="gone.png">')
    pulled = pushed.pull(exit=1)
    assert pulled.ids("pulled") == {second} and pulled.ids("left") == {token}
    assert "gone.png" in next(line["why"] for line in pulled.lines if line["reason"] == "left")
    assert pushed.read() == BANK.replace("** two", "** two ![](media/voice.mp3)")
    assert (pushed.content / "media/voice.mp3").read_bytes() == b"sound"


def test_options(desk):
    text = "# Bank\n### Q: Which is it?\n\n- [x] This\n- [ ] That\n\n**Answer:** because\n"
    desk.write(text)
    desk.push()
    id = desk.ids["Which"]
    edit(desk, id, "Question", "This", "These")
    desk.pull()
    assert desk.read() == text.replace("This", "These")
    assert desk.push().ids("changed") == {id}
    assert "These" in desk.note(id)["Answer"]
    check_settled(desk)
    edit(desk, id, "Answer", "These", "Those")
    left = desk.pull(exit=1).lines[0]
    assert "right options" in left["why"], left


def test_a_word_selected_with_its_blank(pushed):
    edit(pushed, pushed.ids["What"], "Answer", "piece of", "<b>piece </b>of")
    pushed.pull()
    assert pushed.read() == BANK.replace("A piece", "A **piece**")
    check_settled(pushed, is_spelled=False)


FOREIGN = {
    "Q: What is one?\nA: the first\n\nQ: What is two?\nA: the second\n": ("second", "2nd"),
    "1. ### What is one?\n\n   the first\n   of all\n\n2. ### What is two?\n\n   the second\n": (
        "of all",
        "of them",
    ),
    "**Question:** What is one?\n\n> **Answer:** the first\n> of all\n": ("of all", "of them"),
    "<details><summary>What is one?</summary>\n\nthe first\n\n</details>\n\n"
    "<details><summary>What is two?</summary>\n\nthe second\n\n</details>\n": ("first", "1st"),
    "| Question | Answer |\n|---|---|\n| What is one? | the first |\n| What is two? | 2 |\n": (
        "first",
        "1st",
    ),
    "What is one? :: the first\nWhat is two? :: the second\nWhat is it? :: third\n": (
        "second",
        "2nd",
    ),
}


@pytest.mark.parametrize("text", FOREIGN, ids=range(len(FOREIGN)))
def test_foreign_conventions(desk, text):
    old, new = FOREIGN[text]
    desk.write("# Bank\n\n" + text)
    desk.push()
    note = next(it for it in map(desk.col.get_note, desk.notes()) if old in it["Answer"])
    note["Answer"] = note["Answer"].replace(old, new)
    desk.col.update_note(note)
    desk.pull()
    assert desk.read() == "# Bank\n\n" + text.replace(old, new)
    check_settled(desk)


VALUES = 'Question,Answer\n"One, or none?","the ""first"" of all"\nTwo?,second\nThree?,third\n'


@pytest.mark.parametrize(
    "first,old,new,written",
    [
        ("Two", "second", "2nd", ("second", "2nd")),
        ("Two", "second", 'the "2nd", or so', ("second", '"the ""2nd"", or so"')),
        ("Two", "second", "second; third", ("second", '"second; third"')),
        ("Two", "second", "second<br>line", ("second", '"second\nline"')),
        ("One", "of all", 'of "all"', ("of all", 'of ""all""')),
        ("Two", "second", "the&lt;br&gt; second, last", ("second", '"the<br> second, last"')),
    ],
)
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_table_of_values(desk, first, old, new, written, sign):
    text = VALUES.replace(",", sign).replace(f"One{sign}", "One,")
    desk.write(text, "cards.csv")
    desk.push()
    note = next(it for it in map(desk.col.get_note, desk.notes()) if first in it["Question"])
    note["Answer"] = note["Answer"].replace(old, new).replace("the <strong>", "the ")
    desk.col.update_note(note)
    desk.pull()
    assert desk.read("cards.csv") == text.replace(*written)
    check_settled(desk)


def test_text_that_is_embedded(desk):
    (desk.content / ".obsidian").mkdir()
    desk.write("# Other\n\nembedded words\n", "other.md")
    desk.write("# Bank\n### Q: What is there?\n**Answer:** here\n\n![[other#Other]]\n")
    desk.push()
    id = desk.ids["What"]
    edit(desk, id, "Answer", "embedded words", "other words")
    left = desk.pull(exit=1).lines[0]
    assert left["id"] == id and "embedded" in left["why"], left
    assert desk.read("other.md") == "# Other\n\nembedded words\n"


def test_killed_before_the_lock(pushed):
    """What is written is there; the next push or pull finds it as it is in Anki."""
    edit(pushed, pushed.ids["What"], "Answer", "piece", "part")
    lock = (pushed.content / "deckpress.lock").read_bytes()
    state = {path: path.read_bytes() for path in (pushed.root / "out").glob(".deckpress-pushed*")}
    pushed.pull()
    (pushed.content / "deckpress.lock").write_bytes(lock)
    for path, bytes in state.items():
        path.write_bytes(bytes)
    assert [line["reason"] for line in pushed.pull().lines] == ["pull"]
    total = pushed.push().total
    assert (total["changed"], total["in_conflict"]) == (0, 0)


def test_what_a_person_reads(pushed):
    edit(pushed, pushed.ids["What"], "Answer", "piece", "part")
    edit(pushed, pushed.ids["What"], "Extra", "References", "Books")
    line = [pushed_binary(), "pull", "content", "--dry-run", "--url", pushed.anki.url]
    done = subprocess.run(line, cwd=pushed.root, capture_output=True, text=True)
    assert done.returncode == 1
    out = done.stdout
    assert "Edited in Anki\n  What is a token? (Answer)  content/bank.md:" in out
    assert "  - **Answer:** A piece of *text* that a model\n" in out
    assert "  + **Answer:** A part of *text* that a model\n" in out
    assert "Extra: the edit is outside of any section, or of its label\n" in out
    assert out.endswith("User 1: 1 edit would be brought home, 1 left\n")


def pushed_binary():
    from desk import BINARY

    return BINARY
