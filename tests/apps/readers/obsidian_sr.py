"""obsidian-spaced-repetition by its rules, and its own library for clozes. Sides are Markdown."""

import re

from . import Card, files, node

TAG = re.compile(r"(?<!\S)#(flashcards(?:/[^\s#]+)*)(?!\S)")


def read(path) -> list[Card]:
    return [card for file in files.markdown(path) for card in note(files.text(file))]


def note(text: str) -> list[Card]:
    """The cards of a note: none without a tag that makes it one of flashcards."""
    lines, properties = without_properties(text.split("\n"))
    blocks = parse(lines)
    inside = {number for _, _, first, last in blocks for number in range(first, last + 1)}
    tags = [(-1, f"#{tag}") for tag in properties] + [
        (number, found[0])
        for number, line in enumerate(lines)
        for found in [TAG.search(line)]
        if found and number not in inside
    ]
    if not tags:
        return []
    cloze_texts = [body for kind, body, _, _ in blocks if kind == "cloze"]
    clozes = iter(node.run("clozecraft.js", {"lines": [], "texts": cloze_texts})["texts"])
    cards = []
    for kind, body, first, _ in blocks:
        above = [tag for number, tag in tags if number < first]
        deck = above[-1] if above else tags[0][1]
        own = re.match(r"\s*(#[^\s#]+)\s*", body)
        if own:
            deck, body = own[1], body[own.end() :]
        body = re.sub(r"<!--SR:.+-->", "", body).rstrip()
        body = re.sub(r" \^[a-zA-Z0-9-]+$", "", body).rstrip()
        deck = "::".join(deck.removeprefix("#flashcards").strip("#/").split("/"))
        if kind == "cloze":
            cards += [Card(front, back, deck, (), "cloze") for front, back in next(clozes)]
            continue
        front, back = split(kind, body)
        cards.append(Card(front, back, deck))
        if kind in (":::", "??"):
            cards.append(Card(back, front, deck, (), "reverse"))
    return cards


def split(kind: str, body: str) -> tuple[str, str]:
    if kind in ("::", ":::"):
        front, _, back = body.partition(kind)
        return front, back
    lines = body.split("\n")
    at = [line.strip() for line in lines].index(kind)
    return "\n".join(lines[:at]), "\n".join(lines[at + 1 :])


def without_properties(lines: list[str]) -> tuple[list[str], list[str]]:
    """The note with its front matter emptied, and the flashcard tags that this held."""
    if lines[0] != "---" or "---" not in lines[1:]:
        return lines, []
    end = lines.index("---", 1)
    tags = [
        word.removeprefix("#")
        for line in lines[1:end]
        for word in re.findall(r"[^\s,\[\]\"'-][^\s,\[\]\"']*", line)
    ]
    tags = [tag for tag in tags if re.fullmatch(r"flashcards(/.+)?", tag)]
    return [""] * (end + 1) + lines[end + 1 :], tags


def parse(lines: list[str]) -> list[tuple[str, str, int, int]]:
    """The blocks that are cards: what parts them, their text, their first and last line."""
    is_cloze = node.run("clozecraft.js", {"lines": lines, "texts": []})["lines"]
    blocks = []
    kind, gathered, first = None, [], 0
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("<!--") and not line.startswith("<!--SR:"):
            # A comment that does not end in its first line has no end at all.
            at = at + 2 if "-->" in line else len(lines) + 1
            continue
        if not line.strip():
            if kind:
                blocks.append((kind, "\n".join(gathered).rstrip(), first, at - 1))
            kind, gathered, first = None, [], at + 1
            at += 1
            continue
        gathered.append(line.rstrip())
        inline = next((each for each in (":::", "::") if parts(line, each)), None)
        if inline:
            body, first, last = [line], at, at
            if at + 1 < len(lines) and lines[at + 1].startswith("<!--SR:"):
                last = at + 1
                body.append(lines[last])
            blocks.append((inline, "\n".join(body), first, last))
            kind, gathered = None, []
            at = last
        elif line.strip() in ("?", "??"):
            if len("\n".join(gathered)) > 1:
                kind = line.strip()
        elif line.startswith(("```", "~~~")):
            fence = re.match(r"`+|~+", line)[0]
            while at + 1 < len(lines) and not lines[at + 1].startswith(fence):
                at += 1
                gathered.append(lines[at])
            gathered.append(fence)
            at += 1
        elif kind is None and is_cloze[at]:
            kind = "cloze"
        at += 1
    if kind and gathered:
        blocks.append((kind, "\n".join(gathered).rstrip(), first, len(lines) - 1))
    return blocks


def parts(line: str, separator: str) -> bool:
    """Whether the first such separator of a line is outside code."""
    before, found, after = line.partition(separator)
    return bool(found) and not (before.count("`") % 2 and after.count("`") % 2)
