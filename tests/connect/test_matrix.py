"""Everything that an author does, beside everything that a learner does.

One question for each edit of the author; the learner does one thing to all of them. Then nothing
that the learner did may be lost, and everything that the author did must have arrived.
"""

import pytest

HEAD = "# Bank\n## One\n"


def question(title: str, answer: str, attributes: str = "") -> str:
    return f"### Q: {title} {attributes}\n**Answer:** {answer}\n\n"


BEFORE = {
    "Stays": question("Stays as it is?", "yes"),
    "Reworded": question("Reworded when it is time?", "soon"),
    "Answered": question("Answered anew?", "old"),
    "Moved": question("Moved elsewhere?", "to two"),
    "Retired": question("Retired for good?", "never"),
    "Back": question("Back after a while?", "again"),
    "On": question("On both sides from now?", "front"),
    "Off": question("Off goes the other side?", "back", "{.reverse}"),
    "Gaps": question("Gaps are ==closed== now?", "so", "{.cloze}"),
}

AFTER = BEFORE | {
    "Reworded": question("Reworded when it is really time?", "soon"),
    "Answered": question("Answered anew?", "new"),
    "On": question("On both sides from now?", "front", "{.reverse}"),
    "Off": question("Off goes the other side?", "back"),
    "Gaps": question("Gaps are closed now?", "so"),
    "New": question("New in the bank?", "hello"),
}


def write(desk, questions: dict[str, str], without: set[str], moved: bool = False) -> None:
    here = [text for name, text in questions.items() if name not in without | {"Moved"}]
    there = "## Two\n" if moved else ""
    desk.write(HEAD + "".join(here) + there + questions["Moved"])


@pytest.fixture
def started(desk):
    """All questions pushed and reviewed, and one of them retired."""
    write(desk, BEFORE, set())
    desk.push()
    desk.review()
    write(desk, BEFORE, {"Back"})
    assert desk.push().ids("retired") == {desk.ids["Back"]}
    assert desk.note(desk.ids["Back"]).tags == ["deckpress::retired", "one"]
    desk.all = {name: desk.ids[name] for name in BEFORE}
    desk.all["Gaps"] += "+cloze"
    return desk


def edit_by_author(desk, *arguments, exit=0):
    write(desk, AFTER, {"Retired"}, moved=True)
    return desk.push(*arguments, exit=exit)


def check_arrival(desk, but=frozenset()):
    """Everything that the author did is there."""
    ids = desk.ids
    assert "really" in desk.note(ids["Reworded"])["Question"]
    assert desk.note(ids["New"])["Answer"] == "<p>hello</p>"
    if "Answered" not in but:
        assert desk.note(ids["Answered"])["Answer"] == "<p>new</p>"
    if "Moved" not in but:
        assert [desk.deck(card) for card in desk.cards(ids["Moved"])] == ["Bank::Two"]
    assert desk.note(ids["Moved"])["Topic"] == "Two"
    assert len(desk.cards(ids["On"])) == 2
    assert desk.note(ids["Gaps"])["Question"] == "Gaps are closed now?"
    for gone in [ids["Retired"], ids["Gaps"] + "+cloze"]:
        assert "deckpress::retired" in desk.note(gone).tags
        assert all(desk.is_suspended(card) for card in desk.cards(gone))
    assert "deckpress::retired" not in desk.note(ids["Back"]).tags
    # And there is nothing left to do.
    again = desk.push()
    assert [again.total[what] for what in ["added", "changed", "moved", "retired", "returned"]] == [
        0
    ] * 5


def test_nothing(started):
    before = started.history()
    pushed = edit_by_author(started)
    ids = started.ids
    assert pushed.ids("added") == {ids["New"], ids["Gaps"]}
    assert pushed.ids("changed") >= {ids["Reworded"], ids["Answered"], ids["Moved"], ids["On"]}
    assert ids["Stays"] not in pushed.ids("changed")
    assert pushed.ids("moved") == {ids["Moved"]}
    assert pushed.ids("retired") == {ids["Retired"], ids["Gaps"] + "+cloze"}
    assert pushed.ids("returned") == {ids["Back"]}
    assert pushed.ids("blank") == {ids["Off"]}
    check_arrival(started)
    started.check_history(before)
    assert not any(started.is_suspended(card) for card in started.cards(ids["Back"]))


def test_edited_elsewhere(started):
    """Edits of a field that the author leaves alone stay beside those of the author."""
    for id in started.all.values():
        started.edit(id, "Hint", "<b>mine</b>")
    before = started.history()
    pushed = edit_by_author(started)
    assert not pushed.ids("conflict")
    assert pushed.ids("edited") == {
        started.ids[name] for name in AFTER if name not in {"New", "Retired", "Gaps"}
    }
    for id in started.all.values():
        assert started.note(id)["Hint"] == "<b>mine</b>"
    check_arrival(started)
    started.check_history(before)


def test_edited_in_the_same_field(started):
    """Then nothing is sent until somebody has decided."""
    mine = {name: started.note(id)["Answer"] + " mine" for name, id in started.all.items()}
    for name, id in started.all.items():
        started.edit(id, "Answer", mine[name])
    before, notes = started.history(), started.col.db.all("select * from notes")
    pushed = edit_by_author(started, exit=1)
    assert pushed.ids("conflict") == {started.ids["Answered"]}
    assert started.col.db.all("select * from notes") == notes
    edit_by_author(started, "--conflicts", "anki")
    for name, id in started.all.items():
        assert started.note(id)["Answer"] == mine[name], name
    check_arrival(started, but={"Answered"})
    started.check_history(before)


def test_the_content_wins_where_it_is_told_to(started):
    answered, stays = started.ids["Answered"], started.ids["Stays"]
    for id in [answered, stays]:
        started.edit(id, "Answer", "mine")
    before = started.history()
    edit_by_author(started, "--conflicts", f"content:{answered}")
    assert started.note(stays)["Answer"] == "mine"
    check_arrival(started)
    started.check_history(before)


def test_edited_alike_on_both_sides(started):
    started.edit(started.ids["Answered"], "Answer", "<p>new<br></p>".replace("<br>", ""))
    pushed = edit_by_author(started)
    assert started.ids["Answered"] not in pushed.ids("changed") | pushed.ids("conflict")
    check_arrival(started)


def test_written_anew_by_the_editor(started):
    """Another spelling of the same HTML is no edit."""
    for id in started.all.values():
        html = started.note(id)["Answer"]
        started.edit(id, "Answer", html.replace("<p>", "<P>").replace("</p>", ""))
    pushed = edit_by_author(started)
    assert not pushed.ids("edited") and not pushed.ids("conflict")
    check_arrival(started)


def test_tagged(started):
    """Theirs stay, ours come and go."""
    nids = [started.nid(id) for id in started.all.values()]
    started.col.tags.bulk_add(nids, "leech mine::too")
    before = started.history()
    edit_by_author(started)
    for id in started.all.values():
        assert {"leech", "mine::too"} <= set(started.note(id).tags)
    assert set(started.note(started.ids["Moved"]).tags) == {"leech", "mine::too", "two"}
    check_arrival(started)
    started.check_history(before)


def test_moved(started):
    deck = started.col.decks.id("Mine")
    cards = [card for id in started.all.values() for card in started.cards(id)]
    started.col.set_deck(cards, deck)
    before = started.history()
    pushed = edit_by_author(started)
    assert pushed.ids("elsewhere") == {started.ids["Moved"]}
    assert all(started.deck(card) == "Mine" for card in cards)
    check_arrival(started, but={"Moved"})
    started.check_history(before)


def test_a_deck_that_was_deleted_does_not_come_back(started):
    cards = [card for id in started.all.values() for card in started.cards(id)]
    started.col.set_deck(cards, started.col.decks.id("Mine"))
    started.col.decks.remove([started.col.decks.id("Bank")])
    changed = dict(BEFORE, Answered=AFTER["Answered"])
    write(started, changed, {"Back"})
    assert started.push().ids("changed") == {started.ids["Answered"]}
    assert not started.col.decks.by_name("Bank")


def test_suspended(started):
    """What the learner suspended stays so, and what we did does not."""
    mine = [card for id in started.all.values() for card in started.cards(id)]
    back = started.cards(started.ids["Back"])
    mine = [card for card in mine if card not in back]
    started.col.sched.suspend_cards(mine)
    before = started.history()
    edit_by_author(started)
    assert all(started.is_suspended(card) for card in mine)
    assert not any(started.is_suspended(card) for card in back)
    check_arrival(started)
    started.check_history(before)
    # A note that is retired and comes back is as suspended as it was.
    write(started, AFTER, {"Retired", "Stays"}, moved=True)
    assert started.push().ids("retired") == {started.ids["Stays"]}
    write(started, AFTER, {"Retired"}, moved=True)
    assert started.push().ids("returned") == {started.ids["Stays"]}
    assert all(started.is_suspended(card) for card in started.cards(started.ids["Stays"]))


def test_unsuspended_although_retired(started):
    """A learner may want it all the same."""
    back = started.cards(started.ids["Back"])
    started.col.sched.unsuspend_cards(back)
    started.push()
    assert not any(started.is_suspended(card) for card in back)


def test_in_a_filtered_deck(started):
    """Its cards stay there, and are moved when they are back."""
    moved = started.cards(started.ids["Moved"])
    deck = started.col.sched.get_or_create_filtered_deck(0)
    deck.name = "Cram"
    deck.config.search_terms[0].search = "deck:Bank::*"
    deck.config.search_terms[0].limit = 100
    deck.config.reschedule = False
    did = started.col.sched.add_or_update_filtered_deck(deck).id
    assert started.deck(moved[0]) == "Cram"
    reviews = started.history()["reviews"]
    pushed = edit_by_author(started)
    assert pushed.ids("filtered") == {started.ids["Moved"]}
    assert started.deck(moved[0]) == "Cram"
    assert started.push().ids("filtered") == {started.ids["Moved"]}
    started.col.sched.empty_filtered_deck(did)
    assert started.push().ids("moved") == {started.ids["Moved"]}
    check_arrival(started)
    assert started.history()["reviews"] == reviews


def test_deleted(started):
    """It stays so, whatever the author does with it."""
    gone = {started.nid(id) for id in started.all.values()}
    lost = {card for id in started.all.values() for card in started.cards(id)}
    before = started.history()
    keep = started.nid(started.ids["Stays"])
    started.col.remove_notes([nid for nid in gone if nid != keep])
    lost -= set(started.cards(started.ids["Stays"]))
    pushed = edit_by_author(started)
    assert set(started.notes().values()) == {
        started.ids[name] for name in ["Stays", "New", "Gaps"]
    }
    names = ["Reworded", "Answered", "Moved", "On", "Off", "Back"]
    assert pushed.ids("deleted") == {started.ids[name] for name in names}
    started.check_history(before, without=lost)
    moved = started.ids["Moved"]
    assert started.push("--conflicts", f"content:{moved}").ids("added") == {moved}
    assert started.deck(started.cards(moved)[0]) == "Bank::Two"


@pytest.mark.parametrize("place", [None, 0], ids=["last", "first"])
def test_a_field_added_to_the_note_type(started, place):
    """It stays, with what is in it, and no second note type comes of it."""
    models = started.col.models
    for mid in [1716482953417, 1716483107629]:
        model = models.get(mid)
        field = models.new_field("Mine")
        models.add_field(model, field)
        if place is not None:
            models.reposition_field(model, field, place)
        models.update_dict(model)
    started.anki.actions._col.models._clear_cache()
    for id in started.all.values():
        started.edit(id, "Mine", f"mine of {id}")
    before, kinds = started.history(), models.all_names_and_ids()
    pushed = edit_by_author(started)
    assert not pushed.ids("conflict")
    for id in started.all.values():
        assert started.note(id)["Mine"] == f"mine of {id}"
    assert started.note(started.ids["New"])["Mine"] == ""
    assert [kind.id for kind in models.all_names_and_ids()] == [kind.id for kind in kinds]
    check_arrival(started)
    started.check_history(before)


def test_a_template_added_to_the_note_type(started):
    models = started.col.models
    model = models.get(1716482953417)
    template = models.new_template("Mine")
    template["qfmt"], template["afmt"] = "{{Answer}}", "{{Question}}"
    models.add_template(model, template)
    models.update_dict(model)
    before, kinds = started.history(), models.all_names_and_ids()
    assert edit_by_author(started).ids("added") == {started.ids["New"], started.ids["Gaps"]}
    assert [kind.id for kind in models.all_names_and_ids()] == [kind.id for kind in kinds]
    started.check_history(before)


def test_a_field_taken_from_the_note_type(started):
    models = started.col.models
    model = models.get(1716482953417)
    field = next(field for field in model["flds"] if field["name"] == "Hint")
    models.rename_field(model, field, "Clue")
    models.update_dict(model)
    notes = started.col.db.all("select * from notes")
    pushed = edit_by_author(started, exit=2)
    assert "has no field `Hint` in Anki" in pushed.stderr
    assert started.col.db.all("select * from notes") == notes
