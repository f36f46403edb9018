"""A question's way from an author to a learner, again and again.

Time is a value. The author's is that of `SOURCE_DATE_EPOCH`; what Anki stamps with the clock of
the machine is set to the moment at which it happens in the story, so that an hour takes none. It
matters: Anki up to 24.11 stamps a note that it updates with the time of the import.
"""

import re
import time
from collections.abc import Callable
from copy import deepcopy
from html.parser import HTMLParser

from adapter import Desk, Log, Snapshot
from content import Folder, Question, folder
from edits import Effect
from press import Plan, Press

HOUR = 60 * 60
MINE = "<p>What I want to remember.</p>"
"""A learner's own words."""

Edit = Callable[[Folder], Effect]


class Story:
    """One author, one learner."""

    def __init__(self, press: Press, desk: Desk):
        self.press, self.desk = press, desk
        self.folder: Folder = folder()
        self.ids: dict[str, str] = {}
        """The id of every question that ever was, by its key."""
        self.start = int(time.time())
        self.now = self.start - 1000 * HOUR

    def build(self, *arguments: str) -> list[str]:
        """Writes the folder down and builds it; new questions become known by their ids."""
        self.folder.write(self.press.content)
        self.now += HOUR
        warnings = self.press.build(self.now, *arguments)
        self._learn_ids()
        return warnings

    def _learn_ids(self) -> None:
        found = {
            (note["question"]["text"], *note["topic"]): note["id"] for note in self.press.notes
        }
        for key, question in self.folder.questions.items():
            self.ids.setdefault(key, found[plain(question.asks), question.topic])

    def plan(self, *arguments: str) -> Plan:
        self.folder.write(self.press.content)
        return self.press.plan(self.now, *arguments)

    def import_package(self) -> Log:
        log = self.desk.import_package(self.press.package)
        self._settle()
        return log

    def import_csv(self) -> Log:
        log = self.desk.import_csv(self.press.csv)
        self._settle()
        return log

    def import_csvs(self) -> list[Log]:
        """Imports a file per note type."""
        logs = [self.desk.import_csv(path) for path in self.press.csvs]
        self._settle()
        return logs

    def _settle(self) -> None:
        """What has just happened at the desk happened an hour after what was before it."""
        self.now += HOUR
        self.desk.restamp(self.start, self.now)

    def of(self, keys) -> set[str]:
        """The ids of questions."""
        return {self.ids[key] for key in keys}

    def annotate(self, edits: list[Edit]) -> None:
        """The learner rewrites one note and tags another that the author will leave alone.

        A third, which the author will change, is edited too: there the author wins.
        """
        future = deepcopy(self.folder)
        effects = [edit(future) for edit in edits]
        touched = {key for e in effects for key in e.updated + e.deleted + e.revived}
        untouched = [key for key in self.ids if key not in touched]
        updated = [key for effect in effects for key in effect.updated]
        for key in untouched[:1] + updated[:1]:
            self.desk.edit(self.ids[key], "Answer", MINE)
            self.desk.tag(self.ids[key], "mine")
        for key in untouched[1:2]:
            self.desk.tag(self.ids[key], "mine")
        self._settle()

    def check_texts(self, keys) -> None:
        """These notes say what the author wrote, and nothing else."""
        for key in keys:
            question, guid = self.folder.questions[key], self.ids[key]
            got = self.desk.fields(guid)
            assert words(got["Question"]) == plain(question.asks)
            assert words(got["Answer"]) == plain(question.answer)
            assert words(got["Key Points"]) == plain(" ".join(question.points))
            assert got["Topic"] == question.topic
            assert got["ID"] == guid
            assert self.desk.tags(guid) == sorted(tags(question))

    def check_history(self, before: Snapshot, after: Snapshot, effect: Effect, log: Log) -> None:
        """No note is lost, doubled or made anew, and no review is lost."""
        assert after.notes.keys() == set(self.ids.values())
        assert {guid: after.notes[guid][:2] for guid in before.notes} == {
            guid: note[:2] for guid, note in before.notes.items()
        }, "a note has another note id or note type"
        assert {cid: after.cards[cid] for cid in before.cards} == before.cards
        assert len(after.cards) == len(after.notes)
        assert after.revlog == before.revlog
        assert after.notetypes == before.notetypes
        assert (log.new, log.conflicting) == (len(effect.added), 0)

    def check_plan(self, plan: Plan, effect: Effect) -> None:
        """The plan has said it all before it was done, and its searches find exactly that."""
        assert plan.ids("added") == self.of(effect.added)
        assert plan.ids("retired") == self.of(effect.deleted)
        assert plan.ids("revived") == self.of(effect.revived)
        assert plan.ids("moved") == self.of(effect.moved)
        assert plan.ids("reworded", "changed") | self.of(effect.moved) >= self.of(effect.updated)
        assert plan.ids("reworded", "changed") <= self.of(effect.updated)
        noticed = {*effect.added, *effect.revived, *effect.moved, *effect.updated}
        assert plan.summary["unchanged"] == len(self.folder.questions) - len(noticed)
        searches = plan.summary["moves"].values()
        assert set().union(*map(self.desk.find, searches)) == self.of(effect.moved)

    def check_retired(self, plan: Plan) -> None:
        """Whatever was taken out, now or before, is found by one search."""
        gone = self.of(self.ids.keys() - self.folder.questions.keys())
        search = plan.summary["retired_search"]
        assert (self.desk.find(search) if search else set()) == gone

    def check_health(self) -> None:
        assert not self.desk.problems()
        assert not self.desk.empty_cards()


def tags(question: Question) -> list[str]:
    own = re.findall(r"\.([\w-]+)", question.attributes)
    return [re.sub(r"\W+", "-", question.topic.lower()), *own]


def plain(markdown: str) -> str:
    return re.sub(r"[*`]", "", markdown)


def words(html: str) -> str:
    """What a reader reads."""
    texts: list[str] = []
    reader = HTMLParser()
    reader.handle_data = texts.append
    reader.feed(html)
    return " ".join("".join(texts).split())
