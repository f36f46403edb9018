"""flashcards-obsidian by its rules and first settings. Sides are Markdown, of a cloze Anki's.

All that it would send to Anki is here, also what was meant as no card.
"""

import re

from . import Card, Refused, files

RUN = r"(?:[^\n]\n?)"
"""A character, and with it the end of its line: such runs end at an empty line."""
ITEM = r"(?P<heading> {0,3}#{0,6})?(?:[\t ]*(?:\d.|[-+*]|#{1,6}))?"
ID = r"\^\d{13}"
WORD = r"(?:[^\W\d]|[-/])"

TAGGED = re.compile(
    rf"(?P<heading> {{0,3}}#*)(?P<question>{RUN}+?)#card(?P<back>[/-]reverse)?"
    rf"(?P<tags>(?: *#[\w/-]+)*) *\n+(?P<answer>{RUN}*?)(?={ID}|$)(?:{ID})?",
    re.MULTILINE | re.IGNORECASE,
)
INLINE = re.compile(
    rf"{ITEM}(?P<question>.+?) ?(?P<by>:::|::) ?(?P<answer>.+?)"
    rf"(?P<tags>(?: *#{WORD}+)+|$)(?:\n{ID})?",
    re.MULTILINE,
)
CLOZE = re.compile(
    rf"{ITEM}(?P<text>.*?(?:==.+?==|\{{.+?\}}).*?)(?P<tags>(?: *#[a-zA-Z0-9_/-]+)+|$)(?:\n{ID})?",
    re.MULTILINE,
)
GAP = re.compile(r"\{(?:(\d):?)?(.+?)\}")
HEADING = re.compile(r"^ {0,3}(#{1,6}) +([^\n]+?) ?(?: *#\S+)* *$", re.MULTILINE)
MATH = [re.compile(r"\$\$.*?\$\$", re.DOTALL), re.compile(r"\$.*?\$")]
FENCE = re.compile(r"```[\s\S]*?```(?=\n|$)\n?", re.MULTILINE)


def read(path) -> list[Card]:
    return [card for file in files.markdown(path) for card in note(files.text(file))]


def note(text: str) -> list[Card]:
    text = text if text.endswith("\n") else f"{text}\n"
    if re.search(r"#card[/-]spaced", text, re.IGNORECASE):
        raise Refused("A card of one side")
    math = [each.span() for pattern in MATH for each in pattern.finditer(text)]
    blocks = [each.span() for each in FENCE.finditer(text)] + math
    matches = [
        *((match, both) for match in TAGGED.finditer(text)),
        *((match, both) for match in INLINE.finditer(text)),
        *((match, cloze) for match in CLOZE.finditer(text)),
    ]
    deck, tags = deck_of(text), global_tags(text)
    cards = []
    for match, sides in sorted(matches, key=lambda each: each[0].end()):
        if not within(match.span(), blocks):
            own = [tag.strip().replace("/", "::") for tag in match["tags"].split("#")]
            for card in sides(match, text, math):
                cards.append(card._replace(deck=deck, tags=(*tags, *filter(None, own))))
    return cards


def both(match: re.Match, text: str, _) -> list[Card]:
    groups = match.groupdict()
    if "by" in groups and match["question"].lower().startswith(("cards-deck", "tags")):
        return []
    question, answer = in_context(match, match["question"], text), match["answer"].strip()
    cards = [Card(question, answer)]
    if groups.get("back") or groups.get("by") == ":::":
        cards.append(Card(answer, question, kind="reverse"))
    return cards


def cloze(match: re.Match, text: str, math: list) -> list[Card]:
    def gap(found):
        start = match.start() + found.start()
        if within((start, start + len(found[0])), math):
            return found[0]
        return f"{{{{c{found[1] or 1}::{found[2]}}}}}"

    clozed = re.sub(r"==(.+?)==", r"{{c1::\1}}", GAP.sub(gap, match["text"]))
    if clozed == match["text"]:
        return []
    return [Card(in_context(match, clozed, text), kind="cloze")]


def in_context(match: re.Match, question: str, text: str) -> str:
    """The headings above a question stand before it."""
    mark = match["heading"] or ""
    headings = [each for each in HEADING.finditer(text) if each.start() < match.start() - 1]
    titles, level = [], len(mark.strip() and (mark if "back" in match.groupdict() else mark.strip()))
    if not level and headings:
        level = len(headings[-1][1])
        titles.append(headings[-1][2].strip())
        headings.pop()
    # A heading counts only if it is exactly one level higher than what stands below it.
    for heading in reversed(headings):
        if len(heading[1]) == level - 1:
            level -= 1
            titles.insert(0, heading[2].strip())
    return " > ".join([*titles, question.strip()])


def within(span: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)


def deck_of(text: str) -> str | None:
    match = re.match(r"---\n(?:.*\n)*?cards-deck: *(.*)\n(?:.*\n)*?---\n", text)
    return match and match[1].strip("\"'")


def global_tags(text: str) -> list[str]:
    """The words after the first `tags:`, wherever it stands."""
    line = re.search(r"tags: ?(.*)", text, re.IGNORECASE)
    words = re.findall(r"\[\[.*?\]\]|#?[\w:/-]+", line[1]) if line else []
    return [word.strip("#[]").replace("/", "::").replace(" ", "-") for word in words]
