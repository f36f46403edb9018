"""Build, import, review, edit, build, import: nothing lost, nothing doubled."""

import pytest
import retyping
from edits import STORIES
from story import Story


@pytest.mark.parametrize("edits", STORIES, ids=lambda edits: ", ".join(e.__name__ for e in edits))
def test_package_after_package(story: Story, edits):
    """Only what the author edited is touched, and of that only fields and tags.

    In all other notes not a byte differs: what the learner wrote there is safe.
    """
    desk = story.desk
    story.build()
    first = story.import_package()
    assert (first.new, first.conflicting) == (len(story.ids), 0)
    story.check_texts(story.ids)
    desk.review()
    story.annotate(edits)
    for edit in edits:
        before = desk.snapshot()
        effect = edit(story.folder)
        plan = story.plan(*effect.arguments)
        warnings = story.build(*effect.arguments)
        log = story.import_package()
        after = desk.snapshot()

        story.check_history(before, after, effect, log)
        assert log.updated == len(effect.updated)
        changed = {guid for guid in before.notes if before.notes[guid] != after.notes[guid]}
        assert changed == story.of(effect.updated)
        story.check_texts(effect.updated + effect.added)
        story.check_plan(plan, effect)
        story.check_retired(plan)
        assert warnings == [effect.warning] * (effect.warning is not None)
        if "near-match" in warnings:
            assert story.press.accept().returncode == 0
    again = story.plan()
    assert again.exit == 0
    story.check_retired(again)
    story.check_health()


def test_another_hand_changes_nothing(folder, desk):
    """The same said in other ways of writing Markdown is no edit, whoever's editor wrote it."""
    page = folder.content / "page.md"
    page.write_text(retyping.ONE, encoding="utf-8")
    folder.build(1_780_000_000)
    assert desk.import_package(folder.package).new == 2
    before = desk.snapshot()
    lock = folder.lock.read_bytes()
    page.write_bytes(b"\xef\xbb\xbf" + retyping.OTHER.replace("\n", "\r\n").encode())
    assert folder.plan(1_780_000_600).exit == 0
    folder.build(1_780_000_600)
    assert desk.import_package(folder.package).updated == 0
    assert desk.snapshot() == before
    assert folder.lock.read_bytes() == lock
