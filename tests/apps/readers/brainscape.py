"""A CSV with Brainscape's labels. Sides are plain text."""

from . import Card, Refused, spreadsheet

SIDES = {
    "question": ["Q. Prompt", "Q. Body", "Q. Clarifier", "Q. Footnote"],
    "answer": ["A. Body", "A. Clarifier", "A. Footnote"],
}


def read(path) -> list[Card]:
    return [card(row) for row in spreadsheet.read(path)]


def card(row: dict[str, str]) -> Card:
    unknown = set(row) - {label for labels in SIDES.values() for label in labels}
    if unknown:
        raise Refused(f"Brainscape has no {', '.join(sorted(unknown))}")
    for body in ("Q. Body", "A. Body"):
        if not row.get(body, "").strip():
            raise Refused(f"{body} is empty: {row}")
    sides = {
        side: "\n".join(row[label] for label in labels if row.get(label))
        for side, labels in SIDES.items()
    }
    return Card(**sides)
