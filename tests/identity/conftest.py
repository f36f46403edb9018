import pytest

pytest.register_assert_rewrite("adapter", "press", "story")

from adapter import Desk  # noqa: E402
from old_locks import NEWEST  # noqa: E402
from press import press  # noqa: E402
from story import Story  # noqa: E402


@pytest.fixture
def desk(tmp_path):
    """A collection as new as after the first start of Anki."""
    desk = Desk(tmp_path / "collection.anki2")
    yield desk
    desk.close()


def pytest_generate_tests(metafunc):
    """Every story begins with a lock of each version."""
    if "story" in metafunc.fixturenames:
        metafunc.parametrize("version", [1, 2, NEWEST], ids="lock{}".format)


@pytest.fixture
def version():
    return NEWEST


@pytest.fixture
def folder(tmp_path, version):
    """A content folder without a question."""
    return press(tmp_path, version)


@pytest.fixture
def story(folder, desk):
    """All questions, and nothing built."""
    return Story(folder, desk)
