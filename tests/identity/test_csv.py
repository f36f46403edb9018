"""The same stories by Anki's text import, alone and between two packages.

A text import knows no modification times: it writes every row that differs from the note. So a
learner's own words and tags are safe only as long as packages are imported; here it is ids,
counts and reviews that are kept, and after each import every note is as its author wrote it.
"""

import pytest
from edits import STORIES
from story import Story

stories = pytest.mark.parametrize(
    "edits", STORIES, ids=lambda edits: ", ".join(e.__name__ for e in edits)
)


@stories
def test_package_then_text_then_package(story: Story, edits):
    """Whoever changes channels finds the same notes; the package has nothing left to say."""
    story.build()
    story.import_package()
    tell(story, edits, and_package=True)


@stories
def test_text_after_text(story: Story, edits):
    """Our note types come from a package once, as a text file cannot bring them along."""
    story.build()
    story.import_package()
    story.desk.remove_notes()
    log = story.import_csv()
    assert (log.new, log.conflicting) == (len(story.ids), 0)
    tell(story, edits, and_package=False)


def tell(story: Story, edits, and_package: bool):
    desk = story.desk
    story.check_texts(story.ids)
    desk.review()
    story.annotate(edits)
    for edit in edits:
        before = desk.snapshot()
        effect = edit(story.folder)
        plan = story.plan(*effect.arguments)
        story.build(*effect.arguments)
        log = story.import_csv()
        after = desk.snapshot()

        story.check_history(before, after, effect, log)
        story.check_texts(story.folder.questions)
        left = story.of(story.ids.keys() - story.folder.questions.keys())
        assert all(after.notes[guid] == before.notes[guid] for guid in left)
        story.check_plan(plan, effect)
        story.check_retired(plan)
        if and_package:
            log = story.import_package()
            assert (log.new, log.conflicting) == (0, 0)
            assert texts(desk.snapshot()) == texts(after)
            assert desk.snapshot().cards == after.cards
    story.check_health()


def texts(snapshot):
    """All of the notes but the times at which they were written."""
    return {guid: (nid, mid, *rest) for guid, (nid, mid, _, *rest) in snapshot.notes.items()}
