import pytest

pytest.register_assert_rewrite("desk", "fake_connect")

from desk import Desk  # noqa: E402


@pytest.fixture
def desk(tmp_path):
    """A content folder, and a running Anki with a collection that is as new as can be."""
    desk = Desk(tmp_path)
    yield desk
    desk.close()
