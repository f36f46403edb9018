from pathlib import Path

import pytest
from anki.collection import Collection

from press import press

HERE = Path(__file__).parent
INPUTS = {
    "content": HERE.parents[1] / "content",
    "nasty": HERE / "nasty",
    "kinds": HERE / "kinds",
    "showcase": HERE.parent / "showcase",
    "foreign": HERE.parent / "foreign",
}
EXAMPLES = {"example": HERE.parents[2] / "shared/example"}
"""A user's own notes, which are not ours to publish: used where they are at hand."""
INPUTS |= {name: folder for name, folder in EXAMPLES.items() if folder.exists()}


@pytest.fixture(scope="session", params=INPUTS)
def source(request):
    """Each folder of notes that there is."""
    return INPUTS[request.param]


@pytest.fixture(scope="session", params=["legacy", "latest"])
def settings(request):
    """Each version of the package."""
    return f'anki.format = "{request.param}"\n'


@pytest.fixture(scope="session")
def built(source, settings, tmp_path_factory):
    """All outputs of a folder."""
    return press(source, tmp_path_factory.mktemp("built"), settings)


@pytest.fixture(scope="session")
def nasty(settings, tmp_path_factory):
    """All outputs of the document in which everything is difficult."""
    return press(INPUTS["nasty"], tmp_path_factory.mktemp("nasty"), settings)


@pytest.fixture(scope="session")
def kinds(settings, tmp_path_factory):
    """All outputs of the document with every kind of cards."""
    return press(INPUTS["kinds"], tmp_path_factory.mktemp("kinds"), settings)


@pytest.fixture
def new_collection(tmp_path_factory):
    """Makes collections as new as after the first start of Anki."""
    collections = []

    def new() -> Collection:
        col = Collection(str(tmp_path_factory.mktemp("anki") / "collection.anki2"))
        collections.append(col)
        return col

    yield new
    for col in collections:
        col.close()


@pytest.fixture
def col(new_collection):
    """One new collection."""
    return new_collection()
