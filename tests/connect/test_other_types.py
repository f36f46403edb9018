"""A note that has another note type in Anki is not sent: Anki would merge the two note types, and with
them change notes that nobody has edited."""

import shutil

import pytest

CONTENT = """# Deck

### Q: Alpha asks?

**Answer:** first

**Key points:**

- one

### Q: Beta asks?

**Answer:** second

### Q: Gamma asks?

**Answer:** third
"""
ALL = ["Alpha", "Beta", "Gamma"]


def own_type(desk):
    """A note type of the learner's own, with a note of it."""
    col = desk.col
    if found := col.models.by_name("Mine"):
        return found
    made = col.models.new("Mine")
    for name in ("Front", "Back", "More"):
        col.models.add_field(made, col.models.new_field(name))
    template = col.models.new_template("Card 1")
    template["qfmt"], template["afmt"] = "{{Front}}", "{{FrontSide}}{{Back}}{{More}}"
    col.models.add_template(made, template)
    col.models.add_dict(made)
    note = col.new_note(col.models.by_name("Mine"))
    note["Front"], note["Back"], note["More"] = "private", "mine", "more"
    col.add_note(note, col.decks.id("Private"))
    return col.models.by_name("Mine")


def change_type(desk, nids):
    old, new = desk.col.get_note(nids[0]).note_type(), own_type(desk)
    info = desk.col.models.change_notetype_info(old_notetype_id=old["id"], new_notetype_id=new["id"])
    request = info.input
    request.note_ids.extend(nids)
    del request.new_fields[:]
    request.new_fields.extend([0, 1, 2])
    del request.new_templates[:]
    request.new_templates.extend([0])
    desk.col.models.change_notetype_of_notes(request)


def everything(desk):
    """All fields of all notes, and of all note types."""
    col = desk.col
    types = [col.models.get(it.id) for it in col.models.all_names_and_ids()]
    return {
        "notes": col.db.all("select id, guid, mid, flds, tags from notes order by id"),
        "types": [(it["id"], [f["name"] for f in it["flds"]], [t["qfmt"] for t in it["tmpls"]]) for it in types],
        "history": desk.history(),
    }


@pytest.mark.parametrize("changed", [["Beta"], ALL], ids=["one", "all"])
@pytest.mark.parametrize("has_state", [True, False], ids=["state", "no-state"])
@pytest.mark.parametrize("options", [(), ("--conflicts", "content")], ids=["plain", "content"])
def test_a_note_of_another_type_is_not_sent(desk, changed, has_state, options):
    desk.write(CONTENT)
    desk.push()
    desk.review()
    nids = {name: desk.nid(desk.ids[name]) for name in ALL}
    change_type(desk, [nids[name] for name in changed])
    if not has_state:
        shutil.rmtree(desk.root / "out")
    before = everything(desk)
    for conflicts in [options, options and ("--conflicts", f"content:{desk.ids['Beta']}")]:
        pushed = desk.push(*conflicts)
        assert pushed.ids("of another type") == {desk.ids[name] for name in changed}
        assert not pushed.ids("added") and not pushed.ids("deleted")
        assert everything(desk) == before
    # What is edited of others arrives, and of those it does not.
    desk.write(CONTENT.replace("second", "the second").replace("third", "the third"))
    desk.push()
    after = everything(desk)
    assert after["types"] == before["types"] and after["history"] == before["history"]
    assert desk.col.get_note(nids["Beta"]).values() == ["Beta asks?", "<p>second</p>", ""]
    if "Gamma" not in changed:
        assert desk.col.get_note(nids["Gamma"])["Answer"] == "<p>the third</p>"
    assert desk.pull().ids("edited") == set()
    assert everything(desk) == after


def test_it_gets_its_type_back(desk):
    desk.write(CONTENT)
    desk.push()
    desk.review()
    nid = desk.nid(desk.ids["Beta"])
    change_type(desk, [nid])
    before = everything(desk)
    assert desk.push("--adopt").ids("adopted") == {desk.ids["Beta"]}
    after = everything(desk)
    assert after["types"] == before["types"] and after["history"] == before["history"]
    assert desk.nid(desk.ids["Beta"]) == nid
    assert desk.push().total["changed"] == 0


def test_a_question_that_takes_another_note_type(desk):
    types = desk.content / "note-types"
    types.mkdir()
    for name, fields in (("word", ["Word", "Meaning", "Note"]), ("plain", ["Front", "Answer"])):
        listed = ", ".join(f'"{field}"' for field in fields)
        (types / f"{name}.toml").write_text(
            f'fields = [{listed}]\n[[card]]\nname = "Card 1"\nfront = "{name}.html"\nback = "{name}.html"\n'
        )
        (types / f"{name}.html").write_text("".join(f"{{{{{field}}}}}" for field in fields))
    text = "### Q: pax {type=plain}\n\n**Answer:** peace\n\n### Q: nox {type=word}\n\n**Meaning:** night\n\n**Note:** f.\n"
    desk.write(text)
    desk.push()
    desk.review()
    before = everything(desk)
    desk.write(text.replace("{type=plain}\n\n**Answer:**", "{type=word}\n\n**Meaning:**"))
    for has_state in (True, False):
        if not has_state:
            shutil.rmtree(desk.root / "out")
        for conflicts in [(), ("--conflicts", f"content:{desk.ids['pax']}")]:
            assert desk.push(*conflicts).ids("of another type") == {desk.ids["pax"]}
            assert everything(desk) == before
