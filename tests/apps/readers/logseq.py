"""Logseq's own parser, and its rules of cards in graphs of files. Sides are its Markdown.

A block that refers to the page `card` is a card, and what stands below it is the answer.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from . import Card, Refused, files, node


CARD = re.compile(
    r"(?P<code>(`+)(?!`).*?(?<!`)\2(?!`))|(?<!\\)#(?:card\b|\[\[card\]\])",
    re.DOTALL | re.IGNORECASE,
)
"""The tag that makes a card, and code, in which it makes none."""


@dataclass
class Block:
    """A bullet, and what stands below it."""

    level: int
    text: str
    refs: list[str]
    macros: list[str]
    below: list["Block"] = field(default_factory=list)


def read(path) -> list[Card]:
    return [card for file in files.markdown(path) for card in page(file)]


def page(file: Path) -> list[Card]:
    text = files.text(file)
    title = re.match(r"title:: (.*)", text)
    name = title[1] if title else file.stem.replace("___", "/")
    return [card._replace(deck=name) for block in blocks(text) for card in cards(block)]


def blocks(text: str) -> list[Block]:
    """The outline, whose first bullets stand below what is above any."""
    source, parts = text.encode(), node.run("mldoc.js", text)
    starts = [at for at, ((kind, *_), _) in enumerate(parts) if kind == "Heading"]
    path = [Block(0, "", [], [])]
    for start, end in zip(starts, [*starts[1:], len(parts)]):
        (_, heading), _ = parts[start]
        lines = "".join(
            source[where["start_pos"] : where["end_pos"]].decode()
            for (kind, *_), where in parts[start:end]
            if kind != "Property_Drawer"
        )
        block = Block(heading["level"], unindented(lines), [], [])
        gather([part for part, _ in parts[start:end]], block)
        while path[-1].level >= block.level:
            path.pop()
        path[-1].below.append(block)
        path.append(block)
    return path[0].below


def unindented(text: str) -> str:
    first, *lines = text.rstrip("\n").split("\n")
    indent, _, first = re.match(r"([ \t]*)([-*+] )?(.*)", first).groups()
    lines = [re.sub(r"^  ", "", line.removeprefix(indent)) for line in lines]
    return "\n".join([first, *lines])


def gather(syntax, block: Block):
    """The pages that a block refers to, and its macros, from all of its syntax."""
    match syntax:
        case ["Tag", [["Plain", name]]] | ["Page_ref", str(name)]:
            block.refs.append(name)
        case ["Macro", {"name": name, "arguments": arguments}]:
            if name != "cloze":
                raise Refused(f"A macro that is no cloze: {name} {arguments}")
            block.macros.append(", ".join(arguments))
        case list():
            for each in syntax:
                gather(each, block)
        case dict():
            for each in syntax.values():
                gather(each, block)


def cards(block: Block) -> list[Card]:
    below = [card for each in block.below for card in cards(each)]
    if "card" not in [ref.lower() for ref in block.refs]:
        return below
    tags = tuple(ref for ref in block.refs if ref.lower() != "card")
    text = CARD.sub(lambda found: found["code"] or "", block.text).strip()
    if not block.macros:
        return [Card(text, outline(block.below), tags=tags), *below]
    hidden, whole = text, text
    for macro in block.macros:
        answer, parted, cue = macro.rpartition("\\\\")
        shape = r"\{\{cloze " + re.escape(macro).replace(r",\ ", r",\s*") + r"\s*\}\}"
        hole = f"({cue.strip()})" if parted else "[...]"
        hidden = re.sub(shape, lambda _: hole, hidden, count=1)
        whole = re.sub(shape, lambda _: (answer.rstrip() if parted else macro), whole, count=1)
    answer = "\n".join(filter(None, [whole, outline(block.below)]))
    return [Card(hidden, answer, tags=tags, kind="cloze"), *below]


def outline(blocks: list[Block], depth: int = 0) -> str:
    lines = []
    for block in blocks:
        indent = "  " * depth
        lines.append(f"{indent}- " + block.text.replace("\n", f"\n{indent}  "))
        lines += [outline(block.below, depth + 1)] if block.below else []
    return "\n".join(lines)
