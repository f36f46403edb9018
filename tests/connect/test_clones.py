"""Two folders of the same content, one of them older, and one collection."""

import shutil

import pytest

OLD = """# Bank
## One
### Q: Alpha first?
**Answer:** a1

### Q: Beta second?
**Answer:** b1

### Q: Gamma third?
**Answer:** c1
"""
NEW = """# Bank
## Two
### Q: Alpha first?
**Answer:** a2

## One
### Q: Gamma third?
**Answer:** c1

### Q: Delta fourth?
**Answer:** d1
"""


def states(desk):
    return list((desk.root / "out").glob(".deckpress-pushed-*"))


@pytest.fixture
def clones(desk):
    """Switches to the older or the newer content, which the collection has got last."""
    folders = {}
    for name, text in [("old", OLD), ("new", NEW)]:
        desk.write(text)
        desk.push()
        folders[name] = desk.root / name
        shutil.copytree(desk.content, folders[name])
        if name == "old":
            desk.older_state = states(desk)[0].read_bytes()

    def switch(name):
        shutil.rmtree(desk.content)
        shutil.copytree(folders[name], desk.content)

    desk.switch = switch
    return desk


@pytest.mark.parametrize("has_pushed", [False, True])
def test_an_older_clone_overwrites_nothing(clones, has_pushed):
    """It takes what is newer for edits in Anki."""
    (state,) = states(clones)
    newer = state.read_bytes()
    state.write_bytes(clones.older_state)
    if not has_pushed:
        state.unlink()
    clones.switch("old")
    alpha, beta, delta = (clones.ids[name] for name in ["Alpha", "Beta", "Delta"])
    pushed = clones.push()
    assert pushed.ids("edited") == {alpha} and pushed.ids("returned") == {beta}
    assert clones.note(alpha)["Answer"] == "<p>a2</p>"
    assert clones.deck(clones.cards(alpha)[0]) == "Bank::Two"
    assert clones.note(delta)["Answer"] == "<p>d1</p>"
    # Who has suspended the cards is not known here, so that is said.
    returned = next(line for line in pushed.lines if line["reason"] == "returned")
    assert returned["suspended"] and clones.is_suspended(clones.cards(beta)[0])
    # With the newer content it is retired again.
    clones.switch("new")
    assert clones.push().ids("retired") == {beta}
    assert clones.push().total["unchanged"] == 3
    # The machine that had pushed it finds nothing to do.
    states(clones)[0].write_bytes(newer)
    assert clones.push().total["unchanged"] == 3


def test_an_older_checkout_is_said(clones):
    """The content is what it is, but that it is older is said."""
    clones.switch("old")
    alpha = clones.ids["Alpha"]
    pushed = clones.push("--dry-run", exit=3)
    older = {line["id"] for line in pushed.lines if line.get("older")}
    assert older == {alpha}
    assert clones.push().ids("changed") >= {alpha}
    assert clones.note(alpha)["Answer"] == "<p>a1</p>"
    clones.switch("new")
    pushed = clones.push()
    assert not any(line.get("older") for line in pushed.lines)
    assert clones.note(alpha)["Answer"] == "<p>a2</p>"
    assert clones.push().total["unchanged"] == 3


def test_what_an_older_checkout_does_not_know_is_not_forgotten(clones):
    """A note that was deleted meanwhile stays deleted, and an edit stays one."""
    gamma, delta = clones.ids["Gamma"], clones.ids["Delta"]
    clones.switch("old")
    clones.push()
    clones.col.remove_notes([clones.nid(delta)])
    clones.edit(gamma, "Answer", "mine")
    clones.push()
    clones.switch("new")
    pushed = clones.push()
    assert pushed.ids("deleted") == {delta} and pushed.ids("edited") == {gamma}
    assert delta not in clones.notes().values()
    assert clones.note(gamma)["Answer"] == "mine"


def test_profiles_do_not_decide_for_each_other(desk, tmp_path):
    """Also where their names make the same file name, but for its end."""
    from fake_connect import FakeConnect

    other = FakeConnect(tmp_path / "other.anki2", "user-1")
    desk.write(OLD)
    desk.push()
    desk.run("push", "--url", other.url)
    alpha = desk.ids["Alpha"]
    desk.edit(alpha, "Answer", "<p>mine</p>")
    desk.write(OLD.replace("a1", "a2"))
    desk.now += 86_400
    assert desk.run("push", "--url", other.url).ids("changed") == {alpha}
    assert desk.push(exit=1).ids("conflict") == {alpha}
    desk.push("--conflicts", "anki")
    assert [line["reason"] for line in desk.run("pull", "--url", other.url).lines] == ["pull"]
    desk.pull()
    assert desk.read() == OLD.replace("a1", "mine")
    desk.now += 86_400
    assert desk.run("push", "--url", other.url).ids("changed") == {alpha}
    assert desk.push().total["unchanged"] == 3
    other.close()


@pytest.mark.parametrize("off", [-86_400 * 365, -1, 0, 1, 86_400 * 3650])
def test_clocks_decide_nothing(desk, off):
    """An edit is one at whatever time the clock of its machine has set."""
    desk.write(OLD.replace("c1", "c1\n\n**Hint:** h1"))
    desk.push()
    alpha, gamma = desk.ids["Alpha"], desk.ids["Gamma"]
    for id in [alpha, gamma]:
        time = desk.note(id).mod + off
        desk.edit(id, "Answer", "<p>mine</p>")
        desk.col.db.execute("update notes set mod = ? where id = ?", time, desk.nid(id))
    desk.write(OLD.replace("c1", "c1\n\n**Hint:** h2").replace("a1", "a2"))
    assert desk.push(exit=1).ids("conflict") == {alpha}
    desk.push("--conflicts", "anki")
    assert (desk.note(gamma)["Answer"], desk.note(gamma)["Hint"]) == ("<p>mine</p>", "<p>h2</p>")
    assert desk.note(alpha)["Answer"] == "<p>mine</p>"
    desk.pull()
    assert desk.read() == OLD.replace("c1", "mine\n\n**Hint:** h2").replace("a1", "mine")
    assert desk.push().total["unchanged"] == 3
    # A package by hand finds the same.
    desk.run("build", "-f", "apkg")
    before = desk.col.db.all("select id, flds, tags from notes")
    desk.anki.actions.importPackage(str(desk.root / "out/deck.apkg"))
    assert desk.col.db.all("select id, flds, tags from notes") == before


def test_a_clock_that_is_behind(desk):
    desk.now += 86_400 * 100
    desk.write(OLD)
    desk.push()
    desk.now -= 86_400 * 100
    for text in ["a2", "a3"]:
        desk.write(OLD.replace("a1", text))
        desk.push()
        assert desk.note(desk.ids["Alpha"])["Answer"] == f"<p>{text}</p>"
