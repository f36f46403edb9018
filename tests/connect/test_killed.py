"""A push that is stopped at any request, and begun again, ends as one that was not."""

import os
import signal

import pytest

import test_matrix
from desk import Desk


def outcome(desk) -> dict:
    """All that there is in the end, but for when it was done."""
    notes = {}
    for nid, id in desk.notes().items():
        note = desk.col.get_note(nid)
        cards = [(desk.deck(card.id), card.queue == -1) for card in note.cards()]
        notes[id] = (sorted(note.tags), note.fields, cards)
    return {"notes": notes, "reviews": desk.col.db.scalar("select count() from revlog")}


def prepare(root) -> Desk:
    root.mkdir()
    desk = Desk(root)
    test_matrix.write(desk, test_matrix.BEFORE, set())
    desk.push()
    desk.review()
    test_matrix.write(desk, test_matrix.BEFORE, {"Back"})
    desk.push()
    desk.edit(desk.ids["Stays"], "Hint", "mine")
    desk.col.tags.bulk_add([desk.nid(desk.ids["Moved"])], "mine")
    test_matrix.write(desk, test_matrix.AFTER, {"Retired"}, moved=True)
    return desk


def kill_at(desk, number: int, is_done: bool, *arguments: str, command: str = "push") -> bool:
    """Pushes or pulls, and kills that at a request, before or after it is done; whether there is one."""
    count = 0
    killed = False
    process = None

    def die(name):
        nonlocal count, killed
        count += 1
        if count == number:
            killed = True
            os.kill(process.pid, signal.SIGKILL)
            process.wait()

    if is_done:
        desk.anki.after = die
    else:
        real = desk.anki.actions._run

        def run(request):
            die(request["action"])
            return {"result": None, "error": "nobody asks"} if killed else real(request)

        desk.anki.run = run
    desk.now += 86_400
    process = desk.start(command, "--url", desk.anki.url, *arguments)
    process.communicate(timeout=60)
    desk.anki.after = lambda name: None
    desk.anki.run = desk.anki.actions._run
    return killed


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
def test_at_every_request(tmp_path, is_done):
    whole = prepare(tmp_path / "whole")
    whole.push()
    expected = outcome(whole)
    whole.close()
    number = 0
    while True:
        number += 1
        desk = prepare(tmp_path / str(number))
        was_killed = kill_at(desk, number, is_done)
        desk.push()
        assert outcome(desk) == expected, number
        assert desk.push().total["changed"] == 0
        # What was suspended by us is known as such, whenever that was written down.
        test_matrix.write(desk, test_matrix.AFTER, set(), moved=True)
        desk.push()
        assert not any(desk.is_suspended(card) for card in desk.cards(desk.ids["Retired"]))
        desk.close()
        if not was_killed:
            break
    assert number > 8


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
def test_a_pull_at_every_request(tmp_path, is_done):
    """Nothing is written before all is known; begun again it ends as one that was not stopped."""
    png = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
    text = "# Bank\n### Q: Stays?\n**Answer:** yes\n"
    number = 0
    while True:
        number += 1
        root = tmp_path / str(number)
        root.mkdir()
        desk = Desk(root)
        desk.write(text)
        desk.push()
        name = desk.col.media.write_data("a.png", png)
        desk.edit(desk.ids["Stays?"], "Answer", f'<p>no <img src="{name}"></p>')
        notes = desk.col.db.all("select * from notes")
        was_killed = kill_at(desk, number, is_done, command="pull")
        if was_killed:
            assert desk.read() == text and not (desk.content / "media").exists()
        desk.pull()
        assert desk.read() == text.replace("yes", "no ![](media/a.png)")
        assert (desk.content / "media/a.png").read_bytes() == png
        assert desk.col.db.all("select * from notes") == notes
        desk.close()
        if not was_killed:
            break
    assert number > 4
