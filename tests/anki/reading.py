"""HTML as its readers see it: a person, and MathJax."""

import re
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "source", "wbr"}
INLINE = {"a", "b", "code", "del", "em", "i", "kbd", "span", "strong", "sub", "sup", "u"}


def shape(html: str) -> list:
    """Tags, attributes and texts, however entities and quotes are written."""
    reader = Reader(html)
    return reader.shape


def words(html: str) -> str:
    """What a reader reads, with each run of white space as one space."""
    gap = {name: "" for name in INLINE}
    parts = shape(html)
    texts = [part if isinstance(part, str) else gap.get(part[1], " ") for part in parts]
    return " ".join("".join(texts).split())


def attributes(html: str) -> list[str]:
    """The values of all attributes."""
    return [value for part in shape(html) if part[0] == "open" for value in part[2].values()]


def math(html: str) -> list[str]:
    r"""The TeX that MathJax would typeset.

    As its `FindTeX` and `HTMLDomStrings` do with Anki's settings: only `\(…\)` and `\[…\]`, never
    in code, and only within one text, where `<br>` and comments are no end of a text.
    """
    texts = [""]
    code = 0
    for part in Reader(re.sub(r"<br ?/?>", "\n", html)).shape:
        if isinstance(part, str):
            texts[-1] += "" if code else part
        else:
            code += (part[0] == "open") * (part[1] in {"code", "pre"})
            code -= (part[0] == "close") * (part[1] in {"code", "pre"})
            texts.append("")
    delimited = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
    found = [match for text in texts for match in delimited.finditer(text)]
    return [match[1] or match[2] for match in found]


class Reader(HTMLParser):
    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.shape: list = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        self.shape.append(("open", tag, values))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        self.shape.append(("close", tag))

    def handle_data(self, data):
        if self.shape and isinstance(self.shape[-1], str):
            data = self.shape.pop() + data
        self.shape.append(data)
