"""A small content folder, kept as a value so that an edit is a function on it."""

import re
from dataclasses import dataclass, field
from pathlib import Path

DECK = "Rust by heart"
OWNERSHIP, CONCURRENCY = "Ownership", "Concurrency"
FIRST, SECOND = "ownership.md", "parts/concurrency.md"


@dataclass
class Question:
    """One question; `key` is what the tests call it, and never reaches the source."""

    key: str
    asks: str
    answer: str
    points: list[str]
    topic: str
    attributes: str = ""

    def source(self) -> str:
        braces = f" {{{self.attributes}}}" if self.attributes else ""
        points = "".join(f"- {point}\n" for point in self.points)
        return (
            f"### Q: {self.asks}{braces}\n\n**Answer:** {self.answer}\n\n"
            f"**Key points to hit:**\n\n{points}\n---\n\n"
        )


@dataclass
class Folder:
    """The questions of each file, in order, and what all files have in common."""

    files: dict[str, list[Question]]
    title: str = DECK
    respell: dict[str, str] = field(default_factory=dict)
    """Other spellings of the same markup, applied to the finished text."""
    newline: str = "\n"

    @property
    def questions(self) -> dict[str, Question]:
        """Every question by its key."""
        return {question.key: question for page in self.files.values() for question in page}

    def take(self, key: str) -> Question:
        """Takes a question out."""
        page = next(page for page in self.files.values() if self.questions[key] in page)
        question = self.questions[key]
        page.remove(question)
        return question

    def write(self, root: Path) -> None:
        """Makes the Markdown files of a folder these and no others."""
        for old in root.rglob("*.md"):
            old.unlink()
        for name, page in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.text(page).replace("\n", self.newline).encode())

    def text(self, page: list[Question]) -> str:
        text = f"# {self.title}\n\n"
        topic = None
        for question in page:
            if question.topic != topic:
                topic = question.topic
                text += f"## {topic}\n\n"
            text += question.source()
        for pattern, replacement in self.respell.items():
            text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
        return text


def folder() -> Folder:
    """Eight questions in two topics and two files; two of them read the same."""
    own = [
        Question(
            "owner",
            "What does it mean that every value has an owner?",
            "Each value belongs to exactly one *variable*, and when that variable goes out of "
            "scope the value is dropped, so memory is freed without a garbage collector and "
            "without a call to `free`.",
            ["exactly one owner", "dropped at the end of the scope"],
            OWNERSHIP,
        ),
        Question(
            "borrow",
            "When may you borrow a value mutably?",
            "A mutable borrow is allowed only while *no other* reference to the value is alive, "
            "which rules out data races and iterators that point into a vector somebody else "
            "has just made longer.",
            ["only one at a time", "no shared borrow beside it"],
            OWNERSHIP,
        ),
        Question(
            "slice",
            "Why are string slices a pair of numbers?",
            "A slice holds a pointer and a length, so that it can look at part of a string that "
            "somebody else owns without copying any bytes, and it checks its bounds whenever it "
            "is *indexed*.",
            ["pointer and length", "nothing is copied"],
            OWNERSHIP,
        ),
        Question(
            "twin-own",
            "What is the classic mistake here?",
            "People clone everything until the compiler is quiet, which hides the question of "
            "who should hold the data; drawing the *tree of owners* first makes most clones "
            "unnecessary.",
            ["needless clones", "draw the tree of owners"],
            OWNERSHIP,
        ),
    ]
    share = [
        Question(
            "send",
            "What do the marker traits Send and Sync promise?",
            "`Send` says that a value may move to another thread and `Sync` that references to "
            "it may be shared between threads; the compiler *derives* both from the parts a "
            "type is made of.",
            ["moved versus shared", "derived from the parts"],
            CONCURRENCY,
        ),
        Question(
            "twin-share",
            "What is the classic mistake here?",
            "Holding a mutex guard across a slow network request makes every other worker wait "
            "for the socket; *copy* what you need out of the lock, release it, and only then go "
            "to the network.",
            ["guards held too long", "copy, release, then wait"],
            CONCURRENCY,
        ),
        Question(
            "channel",
            "How does a bounded channel slow a fast producer down?",
            "Once the buffer is full, sending blocks until a consumer has taken something out, "
            "so pressure travels *upstream* and memory stays limited even if the consumer "
            "crawls.",
            ["sending blocks when full", "pressure travels upstream"],
            CONCURRENCY,
        ),
        Question(
            "atomic",
            "Which memory ordering does a simple counter need?",
            "Relaxed ordering is enough for statistics, because nothing else is *published* "
            "through the counter; acquire and release matter once another thread reads data "
            "that the flag is meant to guard.",
            ["relaxed for statistics", "acquire and release to publish"],
            CONCURRENCY,
        ),
    ]
    return Folder({FIRST: own, SECOND: share})
