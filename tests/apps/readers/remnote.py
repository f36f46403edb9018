"""RemNote's Markdown by its manual. Sides are Markdown.

What RemNote does with its signs in code is not known, so they are none there. Anywhere else a
second one would be another card, and is refused.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from . import Card, Refused, files

CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
SIGN = re.compile(r">>>|>>1\.|>>A\)|>>|<<|<>|==|::|;;")
BULLET = re.compile(r"(?P<indent>[ \t]*)[-*+] (?P<text>.*)")
KINDS = {">>A)": "choice"}
TWO_WAYS = ("<>", "::")


@dataclass
class Rem:
    """A bullet and what stands below it."""

    depth: int
    text: str
    below: list["Rem"] = field(default_factory=list)


def read(path) -> list[Card]:
    return [
        card._replace(deck=Path(file).stem)
        for file in files.markdown(path)
        for rem in rems(files.text(file))
        for card in cards(rem)
    ]


def rems(text: str) -> list[Rem]:
    """The outline. A line without a bullet belongs to the one above, a fence with all its lines."""
    top = Rem(-1, "")
    path, fence, owner = [top], None, top
    for line in text.split("\n"):
        bullet = None if fence else BULLET.fullmatch(line)
        if bullet:
            depth = len(bullet["indent"].expandtabs(4))
            while path[-1].depth >= depth:
                path.pop()
            rem = Rem(depth, bullet["text"])
            path[-1].below.append(rem)
            path.append(rem)
            line, owner = bullet["text"], rem
        elif line.startswith("#") and not fence:
            path = [top]
        elif line.strip():
            if not fence:
                indent = len(line) - len(line.lstrip())
                owner = next(rem for rem in reversed(path) if rem.depth < max(indent, 1))
            owner.text += f"\n{line[owner.depth + 2 :]}"
        mark = re.match(r"\s*(`{3,}|~{3,})", line)
        if mark:
            fence = None if fence and mark[1].startswith(fence) else fence or mark[1]
    return top.below


def cards(rem: Rem) -> list[Card]:
    below = [card for each in rem.below for card in cards(each)]
    bare = CODE.sub(lambda code: "x" * len(code[0]), rem.text)
    signs = list(SIGN.finditer(bare))
    if not signs:
        is_cloze = re.search(r"\{\{.+?\}\}", bare, re.DOTALL)
        return [*([Card(rem.text, outline(rem.below), kind="cloze")] if is_cloze else []), *below]
    if len(signs) > 1 or below:
        raise Refused(f"A sign too many: {rem.text!r}")
    [sign] = signs
    question, answer = rem.text[: sign.start()].strip(), rem.text[sign.end() :].strip()
    answer = "\n".join(filter(None, [answer, outline(rem.below)]))
    if not question or not answer:
        raise Refused(f"A side is empty: {rem.text!r}")
    there, again = Card(question, answer), Card(answer, question, kind="reverse")
    if sign[0] == "<<":
        return [again]
    there = there._replace(kind=KINDS.get(sign[0], "qa"))
    return [there, again] if sign[0] in TWO_WAYS else [there]


def outline(rems: list[Rem], depth: int = 0) -> str:
    lines = []
    for rem in rems:
        indent = "  " * depth
        lines.append(f"{indent}- " + rem.text.replace("\n", f"\n{indent}  "))
        lines += [outline(rem.below, depth + 1)] if rem.below else []
    return "\n".join(lines)
