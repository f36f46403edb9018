"""The box into which Quizlet, Knowt, Memrise and Brainscape let cards be pasted. Sides are plain.

A line is a card, and its tab parts question and answer. There are no quotes and no escapes.
"""

from . import Card, Refused, files


def read(path) -> list[Card]:
    return [card(line) for line in files.text(path).split("\n") if line]


def card(line: str) -> Card:
    question, *answers = line.split("\t")
    if len(answers) != 1:
        raise Refused(f"A line has {len(answers)} tabs: {line!r}")
    if not question.strip() or not answers[0].strip():
        raise Refused(f"A side is empty: {line!r}")
    return Card(question, answers[0])
