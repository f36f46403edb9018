"""Kinds of cards, turned on and off and edited: nothing lost, nothing doubled.

A note is known by its guid and a card by its number in it. So each card must ask what it asked
when it was reviewed, or nothing at all; and what a learner wrote into a note must stay there until
its author edits what the note shows.
"""

import re

import pytest
from adapter import IS_OLD, Desk
from kinds import CLOZE, QA, RECALL, STORIES, Scene
from press import Press
from story import HOUR, MINE, Story

WHAT = {QA: "question and answer", CLOZE: "cloze", RECALL: "recall list"}


class Learner:
    """What cards asked when they were reviewed, and what is expected of the next import."""

    def __init__(self, story: Story):
        self.story, self.desk, self.press = story, story.desk, story.press
        self.id = ""
        self.numbers: dict[tuple[str, str], int] = {}
        """By note and what it asks: the card that a learner knows it by."""
        self.blanks: dict[str, set[int]] = {}
        """By note: its cards that ask nothing more."""

    def build(self, scene: Scene):
        """Writes a scene down and builds it; returns what was planned."""
        content, now = self.press.content, self.story.now + HOUR
        self.story.now = now
        (content / "deckpress.toml").write_text(f'name = "deck"\n{scene.config}\n')
        text = "# Deck\n" if scene.retired else scene.write()
        (content / "page.md").write_text(text + NEIGHBOUR)
        if scene.is_lock_lost:
            self.press.lock.unlink()
        plan = self.press.plan(now)
        self.press.build(now)
        self.id = self.id or self.press.notes[0]["id"]
        return plan

    def live(self, scene: Scene) -> None:
        """The learner studies all cards, and writes into the notes that they were just sent.

        So they do into those that are no longer made.
        """
        self.desk.review_each()
        for guid in self.made() | {self.id + note for note in scene.unmade}:
            self.desk.edit(guid, "Extra", MINE)
            self.desk.tag(guid, "mine")
        self.story._settle()

    def made(self) -> set[str]:
        """The notes that the last build made of the question."""
        questions = {note["id"]: note for note in self.press.notes}
        question = questions.get(self.id)
        if question is None:
            return set()
        main = QA if question["kind"] == "qa" else CLOZE
        return {self.id + main} | {self.id + RECALL for kind in question["cards"] if kind == "recall"}

    def check_cards(self, scene: Scene) -> None:
        """Each card asks what it asked, and is as its learner left it."""
        same = dict(scene.same)
        blank, reviewed = 0, self.desk.reviewed()
        for guid in self.made():
            asked, cards = asks(self.desk, guid), self.desk.ords(guid)
            assert cards.keys() >= asked.keys(), "a card is missing"
            for ord, text in asked.items():
                known = self.numbers.get((guid, same.get(text, text)))
                if known is None:
                    assert cards[ord] not in reviewed, f"{text!r} got the reviews of another"
                else:
                    assert ord == known, f"{text!r} lost its reviews"
                self.numbers[guid, text] = ord
            gone = cards.keys() - asked.keys()
            blank += len(gone - self.blanks.get(guid, set()))
            self.blanks[guid] = gone
        assert blank == scene.blank

    def check_plan(self, scene: Scene, plan) -> None:
        def said(reason: str, key: str) -> list:
            return [line[key] for line in plan.lines if line["reason"] == reason]

        assert said("unmade", "note") == [WHAT[note] for note in scene.unmade]
        search = plan.summary["unmade_search"]
        found = self.desk.find(search) if search else set()
        assert found == {self.id + note for note in scene.unmade}
        assert plan.summary["blank_cards"] == sum(said("blank", "cards")) == scene.blank
        asked = [card for cards in said("blank", "asked") for card in cards]
        assert len(asked) == scene.blank
        known = {(ord, text) for (_, text), ord in self.numbers.items()}
        assert all((card["card"] - 1, card["text"]) in known for card in asked if card["text"])
        moves = [self.desk.find(search) for search in plan.summary["moves"].values()]
        assert bool(moves) == scene.moved
        assert all(found >= self.made() for found in moves)
        assert bool(plan.summary["retired"]) == scene.retired
        if scene.retired:
            theirs = {guid for guid in self.desk.snapshot().notes if guid.startswith(self.id)}
            assert self.desk.find(plan.summary["retired_search"]) == theirs


NEIGHBOUR = """
## Beside

### Q: Does anybody touch the neighbour? {.recall .reverse}

**Answer:** Nobody does.

**Key points:**

- nobody
- nothing

### Q: The neighbour has {{c1::gaps}} and {{c2::holes}}.
"""


def asks(desk: Desk, guid: str) -> dict[int, str]:
    """What each card of a note asks for, by number."""
    fields = desk.fields(guid)
    if "Question" in fields:
        return {0: "the answer"} | ({1: "the question"} if fields["Reverse"] else {})
    found: dict[int, list[str]] = {}
    for number, text in re.findall(r"\{\{c(\d+)::(.*?)\}\}", fields["Text"]):
        found.setdefault(int(number) - 1, []).append(text)
    return {ord: ", ".join(texts) for ord, texts in found.items()}


@pytest.fixture
def learner(story: Story):
    return Learner(story)


stories = pytest.mark.parametrize("name", STORIES)


@stories
def test_package_after_package(learner: Learner, name):
    """No note is touched but that of which its author edited what it shows."""
    desk = learner.desk
    for at, scene in enumerate(STORIES[name]):
        before = desk.snapshot()
        plan = learner.build(scene)
        log = learner.story.import_package()
        after = desk.snapshot()

        added = {learner.id + note for note in scene.added}
        if at == 0:
            added = set(after.notes)
        assert (log.new, log.conflicting) == (len(added), 0)
        assert after.notes.keys() - before.notes.keys() == added
        check_nothing_lost(before, after)
        changed = {guid for guid in before.notes if before.notes[guid] != after.notes[guid]}
        neighbour = {guid for guid in before.notes if not guid.startswith(learner.id)}
        expected = {learner.id + note for note in scene.updated}
        if scene.is_lock_lost:
            changed -= neighbour
        assert changed == expected
        learner.check_cards(scene)
        if at > 0 and not scene.is_lock_lost:
            learner.check_plan(scene, plan)
        learner.live(scene)
    assert learner.press.plan(learner.story.now).exit == 0
    assert not desk.problems()
    assert desk.empty_cards() == sum(map(bool, learner.blanks.values()))


@pytest.mark.skipif(IS_OLD, reason="its text import must be clicked through")
@stories
def test_package_then_text_then_package(learner: Learner, name):
    """Both channels in turn find the same notes and the same cards."""
    desk, story = learner.desk, learner.story
    for at, scene in enumerate(STORIES[name]):
        before = desk.snapshot()
        learner.build(scene)
        added = {learner.id + note for note in scene.added}
        if at > 0:
            logs = story.import_csvs()
            assert sum(log.new for log in logs) == len(added)
            assert not any(log.conflicting for log in logs)
        log = story.import_package()
        assert not log.conflicting and not (at and log.new)
        after = desk.snapshot()
        check_nothing_lost(before, after)
        learner.check_cards(scene)
        desk.review_each()
        story._settle()
    assert not desk.problems()


def check_nothing_lost(before, after) -> None:
    """No note or card is lost, doubled or made anew, and no review is lost."""
    assert {guid: after.notes[guid][:2] for guid in before.notes} == {
        guid: note[:2] for guid, note in before.notes.items()
    }, "a note has another note id or note type"
    assert {cid: after.cards[cid] for cid in before.cards} == before.cards
    assert after.revlog == before.revlog
