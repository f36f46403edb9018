"""What answers otherwise than it should, and what a user then reads."""

import socket
import time

BANK = "# Bank\n### Q: Stays?\n**Answer:** yes\n"


def test_nobody_is_there(desk):
    desk.write(BANK)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    pushed = desk.run("push", "--url", f"http://127.0.0.1:{port}")
    assert pushed.exit == 2
    assert f"there is no Anki at http://127.0.0.1:{port}" in pushed.stderr
    assert "2055492159" in pushed.stderr
    assert not (desk.content / "deckpress.lock").exists()


def test_no_address(desk):
    desk.write(BANK)
    for url in ["127.0.0.1:8765", "http://", "https://127.0.0.1:8765"]:
        assert "begins with `http://`" in desk.run("push", "--url", url).stderr


def test_it_does_not_answer(desk):
    desk.write(BANK)
    desk.anki.after = lambda name: time.sleep(6)
    started = time.time()
    pushed = desk.push(exit=2)
    assert "has not answered for 5 seconds" in pushed.stderr and "dialogs" in pushed.stderr
    assert time.time() - started < 6


def test_it_answers_garbage(desk):
    desk.write(BANK)
    for garbage in [b"", b"<html>", b"[]", b"null", b'{"result": {}}', b'{"result": 1, "error": null}']:
        desk.anki.answer = lambda _, garbage=garbage: garbage
        pushed = desk.push(exit=2)
        assert "is not AnkiConnect" in pushed.stderr, (garbage, pushed.stderr)
        assert "panicked" not in pushed.stderr
    assert not (desk.content / "deckpress.lock").exists()


def test_it_answers_garbage_later(desk):
    """At any request: nothing panics, and the next push mends it."""
    desk.write(BANK)
    number = 0
    while True:
        number += 1
        count = 0

        def spoil(reply):
            nonlocal count
            count += 1
            return b'{"result": [{"x": [1]}], "error": null}' if count == number else reply

        desk.write(BANK.replace("yes", f"yes {number}"))
        desk.anki.answer = spoil
        desk.now += 86_400
        pushed = desk.run("push", "--url", desk.anki.url)
        assert "panicked" not in pushed.stderr
        if count < number:
            break
        assert pushed.exit in (0, 2)
        desk.anki.answer = lambda reply: reply
        desk.push()
        note = desk.note(desk.ids["Stays?"])
        assert note["Answer"] == f"<p>yes {number}</p>"
    assert number > 4


def test_a_pull_gets_garbage(desk):
    """At any request: nothing panics, and nothing is written."""
    desk.write(BANK)
    desk.push()
    desk.col.media.write_data("a.png", b"picture")
    desk.edit(desk.ids["Stays?"], "Answer", '<p>no <img src="a.png"></p>')
    for garbage in [b"<html>", b'{"result": [{"x": [1]}], "error": null}', b'{"result": "!", "error": null}']:
        number = 0
        while True:
            number += 1
            count = 0

            def spoil(reply):
                nonlocal count
                count += 1
                return garbage if count == number else reply

            desk.anki.answer = spoil
            pulled = desk.run("pull", "--dry-run", "--url", desk.anki.url)
            assert "panicked" not in pulled.stderr
            assert desk.read() == BANK and not (desk.content / "media").exists()
            if count < number:
                assert pulled.exit == 3
                break
            assert pulled.exit in (0, 1, 2, 3), pulled
        assert number > 4


def test_it_cannot(desk):
    """Each action fails once: the error names it, and the next push mends it."""
    desk.write(BANK)
    desk.push()
    desk.write(BANK + "### Q: More?\n**Answer:** more\n")
    for name in ["notesInfo", "getDecks", "findNotes", "importPackage"]:
        real = getattr(desk.anki.actions, name)

        def fail(*_, **__):
            raise Exception("out of order")

        setattr(desk.anki.actions, name, fail)
        pushed = desk.push(exit=2)
        assert f"Anki cannot do `{name}`: out of order" in pushed.stderr, pushed.stderr
        setattr(desk.anki.actions, name, real)
    assert desk.push().total["unchanged"] == 1
    assert len(desk.notes()) == 2


def test_an_add_on_that_is_too_old(desk):
    desk.write(BANK)
    desk.anki.actions._missing.add("findModelsById")
    assert "up to date" in desk.push(exit=2).stderr


def test_no_profile_is_open(desk):
    desk.write(BANK)
    desk.anki.actions._profile = None
    assert "no profile is open" in desk.push(exit=2).stderr


def test_a_key(desk, monkeypatch):
    desk.write(BANK)
    desk.anki.actions._key = "secret"
    assert "wants a key" in desk.push(exit=2).stderr
    (desk.content / "deckpress.toml").write_text('anki.key_file = "../key"\n')
    assert "cannot read the key" in desk.push(exit=2).stderr
    (desk.root / "key").write_text("wrong\n")
    assert "is not `apiKey`" in desk.push(exit=2).stderr
    (desk.root / "key").write_text("secret\n")
    assert desk.push().total["added"] == 1


def test_what_anki_does_not_take_is_said(desk):
    desk.write(BANK)
    desk.anki.actions.importPackage = lambda path: True
    pushed = desk.push(exit=2)
    assert pushed.ids("refused") and not desk.notes()
    del desk.anki.actions.importPackage
    assert desk.push().total["added"] == 1
