"""Every way to turn a kind of cards on and off, and to edit what its cards ask.

A scene is a page with one question, and what an import of it means for a learner. Which card asks
what is read out of Anki, so a scene says only which notes are made, touched or left, and which
texts are the same in other words.
"""

from dataclasses import dataclass, replace

QA, CLOZE, RECALL = "", "+cloze", "+recall"
"""The notes of a question, by what their guids add to its id."""


@dataclass(frozen=True)
class Scene:
    """A question as it stands now."""

    classes: str = ""
    asks: str = "Of which parts is a compiler made?"
    answer: str = "\n\n**Answer:** Of ==three==: they are {{c1::chained}}, and each may be replaced."
    points: tuple[str, ...] = ("the front end", "a middle end", "code generation")
    matter: str = ""
    config: str = ""
    topic: str = "Tools"
    is_lock_lost: bool = False

    added: tuple[str, ...] = ()
    """Notes that are new."""
    updated: tuple[str, ...] = ()
    """Notes whose fields are replaced."""
    unmade: tuple[str, ...] = ()
    """Notes that are left."""
    blank: int = 0
    """How many cards of the notes that stay ask nothing more."""
    same: tuple[tuple[str, str], ...] = ()
    """Texts on cards that were reworded: the new and the old one."""
    moved: bool = False
    retired: bool = False

    def then(self, **changes) -> "Scene":
        """The next scene, of which no more is expected than is said."""
        calm = {name: getattr(Scene, name) for name in EFFECTS}
        return replace(self, **(calm | changes))

    def write(self) -> str:
        matter = f"---\n{self.matter}\n---\n\n" if self.matter else ""
        classes = f" {{{self.classes}}}" if self.classes else ""
        points = "".join(f"- {point}\n" for point in self.points)
        points = f"\n\n**Key points:**\n\n{points}" if points else ""
        return (
            f"{matter}# Deck\n\n## {self.topic}\n\n### Q: {self.asks}{classes}{self.answer}{points}\n"
        )


EFFECTS = ["added", "updated", "unmade", "blank", "same", "moved", "retired", "is_lock_lost"]

BASE = Scene(added=(QA,))
WAYS = {
    "class": {"recall": {"classes": ".recall"}, "reverse": {"classes": ".reverse"}},
    "front matter": {
        "recall": {"matter": "key_points: recall"},
        "reverse": {"matter": "reverse: true"},
    },
    "config": {
        "recall": {"config": 'key_points = "recall"'},
        "reverse": {"config": "reverse = true"},
    },
}
OFF = {"classes": "", "matter": "", "config": ""}


def recall(way: str) -> list[Scene]:
    on = WAYS[way]["recall"]
    one = BASE.then(**on, added=(RECALL,))
    two = one.then(**OFF, unmade=(RECALL,))
    return [BASE, one, two, two.then(**on), one.then(classes=".no-recall", unmade=(RECALL,))]


def reverse(way: str) -> list[Scene]:
    on = WAYS[way]["reverse"]
    one = BASE.then(**on, updated=(QA,))
    two = one.then(**OFF, updated=(QA,), blank=1)
    last = one.then(classes=".no-reverse", updated=(QA,), blank=1)
    return [BASE, one, two, two.then(**on, updated=(QA,)), last]


def typed() -> list[Scene]:
    on = BASE.then(classes=".type", updated=(QA,))
    off = on.then(classes="", updated=(QA,))
    return [BASE, on, off, on]


def all_at_once() -> list[Scene]:
    every = ".reverse .type .recall"
    first = replace(BASE, classes=every, added=(QA, RECALL))
    none = first.then(classes="", updated=(QA,), unmade=(RECALL,), blank=1)
    return [first, none, none.then(classes=every, updated=(QA,))]


GAPS = replace(BASE, asks="A {{c1::lexer}} makes {{c2::tokens}} of text.")


def cloze_by_class() -> list[Scene]:
    on = GAPS.then(classes=".cloze", added=(CLOZE,), unmade=(QA,))
    off = on.then(classes="", unmade=(CLOZE,))
    return [GAPS, on, off, off.then(classes=".cloze", unmade=(QA,))]


def cloze_by_class_and_edited_while_off() -> list[Scene]:
    """What has changed in the meantime arrives."""
    on = GAPS.then(classes=".cloze", added=(CLOZE,), unmade=(QA,))
    off = on.then(classes="", unmade=(CLOZE,))
    edited = off.then(asks="A {{c1::lexer}} makes {{c2::tokens}} of a text.", updated=(QA,))
    back = edited.then(classes=".cloze", updated=(CLOZE,), unmade=(QA,))
    return [GAPS, on, off, edited, back, back.then(classes="", unmade=(CLOZE,))]


def cloze_with_every_other_kind() -> list[Scene]:
    first = replace(GAPS, classes=".cloze .type .recall", added=(CLOZE, RECALL))
    qa = first.then(classes=".type .recall", added=(QA,), unmade=(CLOZE,))
    cloze = qa.then(classes=".cloze", updated=(CLOZE,), unmade=(QA, RECALL))
    return [first, qa, cloze, cloze.then(classes=".cloze .type .recall", updated=(CLOZE,))]


BARE = Scene(
    asks="The handshake",
    answer="\n\nThe client sends {{c1::SYN}}, and the server answers {{c2::SYN-ACK}} to that.",
    points=("three steps", "both count"),
    added=(CLOZE,),
)


def cloze_without_answer() -> list[Scene]:
    """Without its gaps the text below the heading is an answer."""
    off = BARE.then(classes=".no-cloze", added=(QA,), unmade=(CLOZE,))
    return [BARE, off, off.then(classes="", unmade=(QA,)), off.then(unmade=(CLOZE,))]


def gaps_come_and_go() -> list[Scene]:
    plain = BARE.answer.replace("{{c1::", "").replace("{{c2::", "").replace("}}", "")
    qa = replace(BARE, answer=plain, added=(QA,))
    cloze = qa.then(answer=BARE.answer, added=(CLOZE,), unmade=(QA,))
    return [qa, cloze, qa.then(unmade=(CLOZE,), updated=()), cloze.then(unmade=(QA,))]


def heading_alone_with_gaps() -> list[Scene]:
    """Without its gaps it asks nothing, so nothing of it is made, and all of it comes back."""
    one = Scene(asks="{{c1::Paris}} is in {{c2::France}}.", answer="", points=(), added=(CLOZE,))
    return [one, one.then(classes=".no-cloze"), one.then()]


def explicit_gaps() -> list[Scene]:
    def asks(text: str) -> dict:
        return {"asks": text, "answer": "", "points": ()}

    one = Scene(**asks("{{c1::A}}, {{c2::B}} and {{c3::C}} are letters."), added=(CLOZE,))
    two = one.then(**asks("{{c1::A}} and {{c3::C}} are letters."), updated=(CLOZE,), blank=1)
    three = two.then(
        **asks("{{c1::A}}, ==new== and {{c3::C}} are letters."), updated=(CLOZE,)
    )
    four = three.then(
        **asks("{{c1::A}}, {{c2::B}}, ==new== and {{c3::C}} are letters."), updated=(CLOZE,)
    )
    return [one, two, three, four]


def explicit_gap_becomes_a_highlight() -> list[Scene]:
    one = Scene(asks="{{c1::Apples}} and {{c2::berries}} are fruit.", answer="", added=(CLOZE,))
    two = one.then(asks="==Apples== and ==berries== are fruit.", updated=(CLOZE,))
    three = two.then(asks="==Figs==, ==apples== and ==berries== are fruit.", updated=(CLOZE,))
    return [one, two, replace(three, same=(("apples", "Apples"),))]


def explicit_gap_taken_out() -> list[Scene]:
    """Its number is not given to a highlight that comes later, but to itself as one."""
    one = Scene(asks="{{c1::Apples}} and {{c2::berries}} are fruit.", answer="", added=(CLOZE,))
    two = one.then(asks="{{c1::Apples}} are fruit.", updated=(CLOZE,), blank=1)
    three = two.then(asks="{{c1::Apples}}, and ==figs==, are fruit.", updated=(CLOZE,))
    four = three.then(asks="{{c1::Apples}}, ==figs==, ==berries== are fruit.", updated=(CLOZE,))
    return [one, two, three, four]


def marks(*texts: str) -> dict:
    return {"asks": "Remember " + ", ".join(f"=={text}==" for text in texts) + ".", "answer": ""}


def highlights() -> list[Scene]:
    one = Scene(**marks("the lexer", "a parser", "some tree"), points=(), added=(CLOZE,))
    above = one.then(**marks("source text", "the lexer", "a parser", "some tree"), updated=(CLOZE,))
    mixed = one.then(**marks("some tree", "source text", "a parser", "the lexer"), updated=(CLOZE,))
    removed = one.then(**marks("some tree", "source text", "the lexer"), updated=(CLOZE,), blank=1)
    reworded = one.then(
        **marks("some trees", "source text", "the lexer"),
        updated=(CLOZE,),
        same=(("some trees", "some tree"),),
    )
    back = one.then(
        **marks("some trees", "a parser", "source text", "the lexer"), updated=(CLOZE,)
    )
    return [one, above, mixed, removed, reworded, back]


def highlights_together() -> list[Scene]:
    """One card for all is that of the first; each for itself, all are what they were."""
    together = {"config": 'highlights = "together"'}
    one = Scene(**marks("the lexer", "a parser", "some tree"), points=(), added=(CLOZE,))
    joint = one.then(
        **together,
        updated=(CLOZE,),
        blank=2,
        same=(("the lexer, a parser, some tree", "the lexer"),),
    )
    more = joint.then(
        **marks("source text", "the lexer", "a parser", "some tree"),
        updated=(CLOZE,),
        same=(("source text, the lexer, a parser, some tree", "the lexer"),),
    )
    each = more.then(config="", updated=(CLOZE,))
    return [one, joint, one.then(updated=(CLOZE,)), joint.then(updated=(CLOZE,), blank=2), more, each]


LIST = replace(BASE, classes=".recall", added=(QA, RECALL))
POINTS = LIST.points
BOTH = (QA, RECALL)


def key_points() -> list[Scene]:
    above = LIST.then(points=("an entirely new one", *POINTS), updated=BOTH)
    turned = above.then(points=(*reversed(POINTS), "an entirely new one"), updated=BOTH)
    removed = turned.then(points=(POINTS[2], POINTS[0], "an entirely new one"), updated=BOTH, blank=1)
    reworded = removed.then(
        points=(POINTS[2], "a front end", "an entirely new one"),
        updated=BOTH,
        same=(("a front end", "the front end"),),
    )
    back = reworded.then(
        points=(POINTS[2], "a front end", "an entirely new one", POINTS[1]), updated=BOTH
    )
    return [LIST, above, turned, removed, reworded, back]


def key_points_edited_while_off() -> list[Scene]:
    off = LIST.then(classes="", unmade=(RECALL,))
    edited = off.then(points=("linking", *reversed(POINTS)), updated=(QA,))
    return [LIST, off, edited, edited.then(classes=".recall", updated=(RECALL,))]


def key_point_removed_while_off() -> list[Scene]:
    off = LIST.then(classes="", unmade=(RECALL,))
    edited = off.then(points=POINTS[1:], updated=(QA,))
    return [LIST, off, edited, edited.then(classes=".recall", updated=(RECALL,), blank=1)]


def last_key_point_replaced() -> list[Scene]:
    """Taken out first, its number is not given to the next."""
    fewer = LIST.then(points=POINTS[:2], updated=BOTH, blank=1)
    return [LIST, fewer, fewer.then(points=(*POINTS[:2], "a linker"), updated=BOTH)]


def key_point_replaced_in_place() -> list[Scene]:
    """By another one, of the same form or none in common: it gets no reviews of the old one."""
    other = LIST.then(points=(POINTS[0], "a linker", POINTS[2]), updated=BOTH, blank=1)
    alike = other.then(points=("the back end", *other.points[1:]), updated=BOTH, blank=1)
    back = alike.then(points=POINTS, updated=BOTH, blank=2)
    return [LIST, other, alike, back]


def highlight_replaced_in_place() -> list[Scene]:
    """What hides another fact is another card; a slip that is mended is none."""
    one = Scene(**marks("Paris", "afferent", "Serivce"), points=(), added=(CLOZE,))
    two = one.then(**marks("Rome", "efferent", "Serivce"), updated=(CLOZE,), blank=2)
    three = two.then(
        **marks("Rome", "efferent", "Service"), updated=(CLOZE,), same=(("Service", "Serivce"),)
    )
    return [one, two, three]


def answer_edited_beside_a_list() -> list[Scene]:
    """The list does not show it, so what a learner wrote there is safe."""
    edited = LIST.then(answer="\n\n**Answer:** Of three parts, or four.", updated=(QA,))
    extra = edited.then(points=(*POINTS[:2], f"{POINTS[2]}\n\n**Follow-ups:** Why?"), updated=(QA,))
    off = extra.then(classes="", unmade=(RECALL,))
    again = off.then(answer="\n\n**Answer:** Of five parts, as it seems.", updated=(QA,))
    return [LIST, edited, extra, off, again, again.then(classes=".recall")]


def asked_in_other_words() -> list[Scene]:
    two = LIST.then(asks="What are the parts of a compiler?", updated=BOTH)
    three = two.then(topic="Languages", updated=BOTH, moved=True)
    every = ".reverse .type .recall"
    four = three.then(classes=every, updated=(QA,))
    five = four.then(asks="Of what does any compiler consist?", updated=BOTH)
    return [LIST, two, three, four, five, five.then(topic="Tools", updated=BOTH, moved=True)]


def gaps_in_other_words() -> list[Scene]:
    on = replace(GAPS, classes=".cloze", added=(CLOZE,))
    two = on.then(
        asks="Any {{c1::scanner}} makes {{c2::tokens}} of its text.",
        updated=(CLOZE,),
        same=(("scanner", "lexer"),),
    )
    return [on, two, two.then(topic="Languages", updated=(CLOZE,), moved=True)]


CHOICES = f"\n\n- [ ] two\n- [x] three\n- [ ] four{BASE.answer}"


def options() -> list[Scene]:
    on = BASE.then(answer=CHOICES, updated=(QA,))
    right = on.then(answer=CHOICES.replace("[ ] four", "[x] four"), updated=(QA,))
    return [BASE, on, right, right.then(answer=BASE.answer, updated=(QA,)), on]


def taken_out_and_brought_back() -> list[Scene]:
    one = replace(LIST, classes=".recall .reverse")
    return [one, one.then(retired=True), one.then()]


def lock_lost() -> list[Scene]:
    """Every id is the same again; that all counts as changed is the price."""
    one = replace(LIST, asks=GAPS.asks, classes=".recall .reverse")
    two = one.then(classes=".recall .reverse .cloze", added=(CLOZE,), unmade=(QA,), blank=0)
    lost = two.then(is_lock_lost=True, updated=(CLOZE, RECALL))
    qa = lost.then(classes=".recall .reverse", updated=(QA,), unmade=(CLOZE,))
    return [one, two, lost, qa]


STORIES = {
    **{f"recall by {way}": recall(way) for way in WAYS},
    **{f"reverse by {way}": reverse(way) for way in WAYS},
} | {
    story.__name__: story()
    for story in [
        typed,
        all_at_once,
        cloze_by_class,
        cloze_by_class_and_edited_while_off,
        cloze_with_every_other_kind,
        cloze_without_answer,
        gaps_come_and_go,
        heading_alone_with_gaps,
        explicit_gaps,
        explicit_gap_becomes_a_highlight,
        explicit_gap_taken_out,
        highlights,
        highlights_together,
        key_points,
        key_points_edited_while_off,
        key_point_removed_while_off,
        last_key_point_replaced,
        key_point_replaced_in_place,
        highlight_replaced_in_place,
        answer_edited_beside_a_list,
        asked_in_other_words,
        gaps_in_other_words,
        options,
        taken_out_and_brought_back,
        lock_lost,
    ]
}
