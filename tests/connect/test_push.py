"""What arrives in a collection that only we write into."""

import subprocess

from desk import BINARY

BANK = """# Bank
## One
### Q: Stays as it is?
**Answer:** yes

### Q: Second of two {.reverse}
**Answer:** two
"""


def test_what_is_new_arrives_once(desk):
    desk.write(BANK)
    assert desk.push().total["added"] == 2
    stays, second = desk.ids["Stays"], desk.ids["Second"]
    assert desk.note(stays)["Answer"] == "<p>yes</p>"
    assert [desk.deck(card) for card in desk.cards(second)] == ["Bank::One", "Bank::One"]
    desk.anki.seen.clear()
    total = desk.push().total
    assert (total["added"], total["changed"], total["unchanged"]) == (0, 0, 2)
    assert "importPackage" not in desk.anki.seen


def test_a_package_by_hand_finds_nothing_to_do(desk):
    desk.write(BANK)
    desk.push()
    desk.write(BANK.replace("yes", "no").replace("two\n", "2\n"))
    desk.push()
    desk.run("build", "-f", "apkg")
    before = desk.col.db.all("select * from notes")
    desk.anki.actions.importPackage(str(desk.root / "out/deck.apkg"))
    assert desk.col.db.all("select * from notes") == before


def test_a_package_by_hand_before(desk):
    """What came by hand and nobody has edited is changed; the rest may be edited on both sides."""
    desk.write(BANK)
    desk.run("build", "-f", "apkg")
    desk.anki.actions.importPackage(str(desk.root / "out/deck.apkg"))
    desk.write(BANK.replace("yes", "no").replace("## One", "## Two"))
    pushed = desk.push()
    assert pushed.total["changed"] == 2 and pushed.total["moved"] == 2, pushed
    assert desk.note(desk.ids["Stays"])["Answer"] == "<p>no</p>"
    assert desk.deck(desk.cards(desk.ids["Stays"])[0]) == "Bank::Two"


def import_and_edit(desk):
    """A package by hand, and then an edit in Anki; returns the number of the note."""
    desk.run("build", "-f", "apkg")
    desk.anki.actions.importPackage(str(desk.root / "out/deck.apkg"))
    nid = next(nid for nid in desk.notes() if "Stays" in desk.col.get_note(nid)["Question"])
    note = desk.col.get_note(nid)
    note["Extra"] = "mine"
    desk.col.update_note(note)
    return nid


def test_a_package_by_hand_and_an_edit(desk):
    """A note that was never another one came like this."""
    desk.write(BANK)
    nid = import_and_edit(desk)
    assert desk.push().ids("edited") == {desk.ids["Stays"]}
    assert desk.col.get_note(nid)["Extra"] == "mine"
    desk.write(BANK.replace("yes", "no"))
    assert desk.push().ids("changed") == {desk.ids["Stays"]}
    assert (desk.col.get_note(nid)["Extra"], desk.col.get_note(nid)["Answer"]) == ("mine", "<p>no</p>")


def test_a_later_package_by_hand_and_an_edit(desk):
    """Which package it was is not known, so that is asked."""
    desk.write(BANK)
    desk.run("build", "-f", "apkg")
    desk.now += 86_400
    desk.write(BANK.replace("yes", "no"))
    nid = import_and_edit(desk)
    pushed = desk.push(exit=1)
    assert [line["fields"][0]["field"] for line in pushed.lines if line["reason"] == "conflict"] == [
        "Extra"
    ]
    desk.push("--conflicts", "anki")
    assert desk.col.get_note(nid)["Extra"] == "mine"
    # It has been decided, so nobody is asked again.
    assert desk.push().ids("edited") == {desk.ids["Stays"]}


def test_what_was_sent_is_forgotten(desk):
    """Then an edit that was kept beside those of the content is still one, and so is a tag."""
    desk.write(BANK)
    desk.push()
    stays = desk.ids["Stays"]
    desk.edit(stays, "Extra", "mine")
    desk.col.tags.bulk_add([desk.nid(stays)], "mine")
    desk.now = desk.col.get_note(desk.nid(stays)).mod
    desk.write(BANK.replace("yes", "no"))
    assert desk.push().ids("edited") == {stays}
    for path in (desk.root / "out").glob(".deckpress-pushed-*"):
        path.unlink()
    desk.write(BANK.replace("yes", "neither"))
    desk.push(exit=1)
    desk.push("--conflicts", "anki")
    note = desk.note(stays)
    assert (note["Extra"], "mine" in note.tags) == ("mine", True)


def test_a_package_by_hand_leaves_what_was_kept(desk):
    desk.write(BANK)
    desk.push()
    stays = desk.ids["Stays"]
    desk.edit(stays, "Answer", "mine")
    desk.now = desk.note(stays).mod + 5
    desk.write(BANK.replace("yes", "no"))
    desk.push(exit=1)
    assert desk.push("--conflicts", "anki").ids("edited") == {stays}
    assert not desk.push("--dry-run").ids("changed")
    desk.run("build", "-f", "apkg")
    before = desk.col.db.all("select * from notes")
    desk.anki.actions.importPackage(str(desk.root / "out/deck.apkg"))
    assert desk.col.db.all("select * from notes") == before
    assert desk.note(stays)["Answer"] == "mine"


def test_a_card_left_blank_is_said_at_once(desk):
    """Also where another card comes at the same time."""
    text = "# Bank\n### Q: What must it have? {.recall}\n**Answer:** this\n\n**Key points:**\n\n- Speed\n- Memory\n"
    desk.write(text)
    desk.push()
    recall = desk.ids["What"] + "+recall"
    desk.write(text.replace("Speed", "Latency of calls"))
    assert desk.push("--dry-run", exit=3).ids("blank") == {recall}
    assert desk.push().ids("blank") == {recall}
    assert desk.push().ids("blank") == {recall}
    desk.col.remove_cards_and_orphaned_notes(desk.col.get_empty_cards().notes[0].card_ids)
    assert not desk.push().ids("blank")


def test_a_gap_that_a_learner_added_is_not_blank(desk):
    desk.write("# Bank\n### Q: The {{c1::cat}} sat on the mat.\n")
    desk.push()
    id = next(iter(desk.notes().values()))
    desk.edit(id, "Text", "The {{c1::cat}} sat on the {{c2::mat}}.")
    assert len(desk.cards(id)) == 2
    pushed = desk.push()
    assert pushed.ids("edited") == {id} and not pushed.ids("blank")


def test_text_that_becomes_a_hint(desk):
    """A browser shows both alike, but Anki does not."""
    text = "# Bank\n### Q: A {{c1::list\\::what}} of all\n"
    desk.write(text)
    desk.push()
    id = next(iter(desk.notes().values()))
    assert "list&#58;&#58;what" in desk.note(id)["Text"]
    desk.write(text.replace("\\", ""))
    assert desk.push().ids("changed") == {id}
    assert "{{c1::list::what}}" in desk.note(id)["Text"]


def test_the_tag_of_what_is_retired_in_the_content(desk):
    """A deck that was imported with it has it for good."""
    desk.write(BANK.replace("Stays as it is?", "Stays as it is? {.deckpress::retired}"))
    desk.push()
    pushed = desk.push()
    assert not pushed.ids("returned") and pushed.total["unchanged"] == 2
    assert "deckpress::retired" in desk.note(desk.ids["Stays"]).tags


def test_media_arrive(desk):
    png = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
    (desk.content / "a.png").write_bytes(png)
    desk.write(BANK.replace("yes", "![](a.png)"))
    desk.push()
    html = desk.note(desk.ids["Stays"])["Answer"]
    name = html.split('src="')[1].split('"')[0]
    assert (desk.root / "collection.media" / name).read_bytes() == png


def test_what_others_made_with_our_note_types_is_not_touched(desk):
    desk.write(BANK)
    desk.push()
    nid = desk.nid(desk.ids["Stays"])
    copy = desk.col.new_note(desk.col.models.get(1716482953417))
    copy["Question"], copy["Answer"], copy["ID"] = "theirs", "theirs", "someoneelse1"
    desk.col.add_note(copy, desk.col.decks.id("Bank::One"))
    desk.write("# Bank\n## One\n### Q: Second of two {.reverse}\n**Answer:** two\n")
    assert desk.push().ids("retired") == {desk.ids["Stays"]}
    assert copy.tags == [] and not desk.is_suspended(copy.cards()[0].id)
    desk.push("--retired", "delete", "--yes")
    assert set(desk.notes().values()) == {"someoneelse1", desk.ids["Second"]}
    assert not desk.col.find_notes(f"nid:{nid}")


def test_a_copy_of_a_note_is_not_taken_for_it(desk):
    desk.write(BANK)
    desk.push()
    nid = desk.nid(desk.ids["Stays"])
    original = desk.col.get_note(nid)
    copy = desk.col.new_note(desk.col.models.get(1716482953417))
    for name in original.keys():
        copy[name] = original[name]
    desk.col.add_note(copy, desk.col.decks.id("Elsewhere"))
    desk.write(BANK.replace("yes", "no"))
    desk.push()
    assert desk.col.get_note(nid)["Answer"] == "<p>no</p>"
    assert desk.col.get_note(copy.id)["Answer"] == "<p>yes</p>"


def test_an_emptied_id_is_written_again(desk):
    desk.write(BANK)
    desk.push()
    stays = desk.ids["Stays"]
    nid = desk.nid(stays)
    desk.edit(stays, "ID", "")
    desk.write(BANK.replace("yes", "no"))
    desk.push()
    assert desk.col.get_note(nid)["Answer"] == "<p>no</p>"


def test_another_collection_under_the_same_name_gets_all(desk):
    desk.write(BANK)
    desk.push()
    desk.col.remove_notes(list(desk.notes()))
    assert desk.push().total["added"] == 2


def test_a_dry_run_changes_nothing(desk):
    desk.write(BANK)
    desk.push("--dry-run", exit=3)
    assert not desk.notes() and not (desk.content / "deckpress.lock").exists()
    assert not (desk.root / "out").exists()
    desk.push()
    desk.push("--dry-run")
    desk.write(BANK.replace("yes", "no"))
    before = desk.col.db.all("select * from notes")
    assert desk.push("--dry-run", exit=3).total["changed"] == 1
    assert desk.col.db.all("select * from notes") == before


def test_a_note_that_was_deleted_is_named_once(desk):
    """To a person; a dry run names it always, and a program learns of it each time."""
    desk.write(BANK)
    desk.push()
    desk.col.remove_notes([desk.nid(desk.ids["Stays"])])
    seen = []
    for arguments in [["--dry-run"], [], [], ["--dry-run"]]:
        line = [BINARY, "push", "content", "--url", desk.anki.url, *arguments]
        done = subprocess.run(line, cwd=desk.root, capture_output=True, text=True)
        assert done.returncode == 0
        seen.append("Deleted in Anki, and left so\n  = Stays as it is?" in done.stdout)
        assert done.stdout.endswith("User 1: 1 deleted in Anki, 1 unchanged\n")
    assert seen == [True, True, False, True]
    pushed = desk.push()
    assert pushed.ids("deleted") == {desk.ids["Stays"]} and pushed.total["deleted_in_anki"] == 1
    # Who brings it back and deletes it again is told again.
    desk.push("--conflicts", "content")
    desk.col.remove_notes([desk.nid(desk.ids["Stays"])])
    line = [BINARY, "push", "content", "--url", desk.anki.url]
    assert b"Deleted in Anki" in subprocess.run(line, cwd=desk.root, capture_output=True).stdout


def test_a_decision_for_a_note_that_there_is_not(desk):
    desk.write(BANK)
    desk.push()
    stays = desk.ids["Stays"]
    pushed = desk.push("--conflicts", f"content:{stays},nosuch", exit=2)
    assert "no note has the id `nosuch`" in pushed.stderr
    desk.push("--conflicts", f"content:{stays}")


def test_a_profile(desk):
    desk.write(BANK)
    pushed = desk.push("--profile", "Somebody", exit=2)
    assert "the profile `User 1` open, not `Somebody`" in pushed.stderr
    desk.push("--profile", "User 1")


def test_deletion_needs_a_word(desk):
    desk.write(BANK)
    desk.push()
    desk.review()
    desk.write(BANK.split("### Q: Second")[0])
    assert "needs `--yes`" in desk.push("--retired", "delete", exit=2).stderr
    assert len(desk.notes()) == 2
    assert desk.push("--retired", "keep").ids("kept") == {desk.ids["Second"]}
    assert not any(desk.is_suspended(card) for card in desk.cards(desk.ids["Second"]))
    desk.push("--retired", "delete", "--yes")
    assert list(desk.notes().values()) == [desk.ids["Stays"]]
    assert desk.col.decks.by_name("Bank::One")


def test_without_a_lock_nothing_is_ours(desk):
    desk.write(BANK)
    assert "needs the lock" in desk.push("--no-lock", exit=2).stderr


def test_where_a_question_stands_is_no_edit(desk):
    """Also where it is not known any more what was sent."""
    desk.write(BANK)
    desk.push()
    (desk.content / "bank.md").rename(desk.content / "deck.md")
    next((desk.root / "out").glob(".deckpress-pushed-*")).unlink()
    desk.edit(desk.ids["Stays"], "Hint", "mine")
    desk.push("--conflicts", "anki")
    for _ in range(2):
        assert {part for line in desk.push().lines for part in line.get("parts", [])} == {"Hint"}


def test_a_question_that_was_emptied(desk):
    """Anki takes no note without a card; so what becomes of it is asked, and all else arrives."""
    desk.write(BANK)
    desk.push()
    stays, second = desk.ids["Stays"], desk.ids["Second"]
    nid = desk.nid(stays)
    desk.edit(stays, "Question", "")
    assert desk.push().ids("edited") == {stays}
    desk.write(BANK.replace("yes", "no").replace("two\n", "2\n"))
    conflict = next(line for line in desk.push(exit=1).lines if line["reason"] == "conflict")
    assert conflict["id"] == stays and conflict["fields"][0]["field"] == "Question"
    assert desk.push("--conflicts", f"anki:{stays}").ids("changed") == {second}
    assert (desk.col.get_note(nid)["Question"], desk.note(second)["Answer"]) == ("", "<p>2</p>")
    desk.push("--conflicts", "content")
    note = desk.col.get_note(nid)
    assert (note["Question"], note["Answer"]) == ("Stays as it is?", "<p>no</p>")
    assert desk.push().total["unchanged"] == 2


def test_a_lock_that_was_lost(desk):
    """What it alone knows is not sent once more unasked."""
    desk.write(BANK)
    desk.push()
    desk.write(BANK.replace("Stays as it is?", "Stays just as it is?"))
    desk.push()
    lock = desk.content / "deckpress.lock"
    text = lock.read_text()
    lock.unlink()
    for arguments in [[], ["--dry-run"]]:
        stderr = desk.push(*arguments, exit=2).stderr
        assert "1 of the notes" in stderr and "--lock-only" in stderr
    assert len(desk.notes()) == 2 and not lock.exists()
    lock.write_text(text)
    assert desk.push().total["unchanged"] == 2
    lock.unlink()
    next((desk.root / "out").glob(".deckpress-pushed-*")).unlink()
    assert desk.push("--conflicts", "anki").total["added"] == 1


def test_where_anki_does_not_see_our_files(desk):
    """Then the package goes through its media folder."""
    seen = desk.anki.actions.importPackage
    path = []

    def sandboxed(**params):
        path.append(params["path"])
        if str(desk.root / "out") in params["path"]:
            raise FileNotFoundError(2, "No such file or directory")
        return seen(**params)

    desk.anki.actions.importPackage = sandboxed
    desk.write(BANK)
    desk.push()
    assert len(path) == 2 and "collection.media" in path[1]
    assert not list((desk.root / "collection.media").glob("*deckpress*"))
    assert len(desk.notes()) == 2


def test_a_note_that_is_open_in_the_editor(desk):
    """The editor writes back what it shows; the push says so, and the next one sends it again."""
    desk.write(BANK)
    desk.push()
    stays = desk.ids["Stays"]
    shown = desk.note(stays)["Answer"]

    def write_back(name):
        if name == "importPackage":
            desk.edit(stays, "Answer", shown)

    desk.anki.after = write_back
    desk.write(BANK.replace("yes", "no"))
    pushed = desk.push(exit=2)
    assert pushed.ids("refused") == {stays} and desk.note(stays)["Answer"] == shown
    desk.anki.after = lambda name: None
    assert desk.push().ids("changed") == {stays}
    assert desk.note(stays)["Answer"] == "<p>no</p>"
