"""Texts to press: any number of questions, the same ones each time, in the conventions of several
programs.

The words mean nothing, but they are as long and as frequent as those of prose, so that the texts
compress like it. A question takes about 1.47 kB. Of 100 questions 15 hold code, 4 a table and 3 a
displayed formula; formulas, emphasis, inline code and letters beyond ASCII are in many more.
"""

import itertools
import multiprocessing
import os
import random
import re
from typing import NamedTuple

TITLE = "A corpus"
PER_TOPIC = 50
# Each block has a random seed of its own, so that several can be written at the same time, and so
# that a smaller corpus is the beginning of every larger one.
BLOCK = 1000

WORDS = """
the a of is to and in that it for as with by on are from or be an at which not one when than its
each can has only all has two this but more does if no into same after other before between such
value node table index key query lock page cache thread request server client memory block store
order state data type function model tree graph path edge list queue stack hash set map array loop
token field record row column file disk network packet socket buffer stream event message signal
process task worker job batch step stage phase limit cost time rate size length depth width count
number sum average variance error noise weight gradient layer vector matrix kernel tensor label
class sample feature train test score loss search sort merge split copy move write read append
update insert remove replace commit rollback retry replicate partition balance shard route proxy
balancer gateway endpoint header body cookie session password secret certificate signature cipher
compiler parser scanner grammar symbol scope closure variable constant pointer reference owner
borrow lifetime trait interface object method instance module package library framework runtime
garbage collector allocator heap arena pool slab fragment segment bitmap register instruction branch
pipeline prefetch latency throughput bandwidth bottleneck deadlock livelock starvation fairness
priority schedule deadline interrupt kernel driver device bus clock cycle core machine cluster
region zone replica leader follower quorum vote term log snapshot checkpoint recovery failure fault
timeout backoff jitter circuit breaker bulkhead throttle quota budget alert metric trace span probe
dashboard incident rotation runbook release rollout canary flag experiment variant control cohort
always never often rarely usually seldom quickly slowly safely twice once again together alone first
last next previous many few several most least every any some none both either neither half whole
small large short long early late cheap costly simple complex strict loose stable fragile exact
approximate random sorted unique empty full open closed hidden shared local remote global static
dynamic lazy eager mutable persistent volatile consistent eventual atomic isolated durable available
keep hold give take make find lose need use avoid prefer choose compare measure estimate predict
explain describe assume prove show hide call return raise catch throw wait start stop begin end grow
shrink double halve fill drain push pop peek scan skip visit mark sweep compact flush evict expire
refresh invalidate rebuild reuse share send receive accept reject drop forward redirect balance
encode decode compress encrypt sign verify parse print format validate sanitise escape normalise
because although therefore however instead rather while until unless since whether where why how
question answer reason example exception rule case detail property problem solution choice tradeoff
advantage drawback purpose meaning result effect cause condition requirement guarantee invariant
assumption boundary interval window threshold ratio fraction percent majority minority remainder
""".split()
# A few words are most of every text.
WEIGHTS = list(itertools.accumulate(1 / (rank + 4) ** 0.72 for rank in range(len(WORDS))))

ASKING = ["What is", "Why does", "How would you explain", "When do you prefer", "What limits"]
FORMULAS = [
    r"$O(n \log n)$", r"$x_i^2 + y_i^2$", r"$\frac{a_1}{b_2}$", r"$\sqrt{d_k}$", r"$P(x < 3 \mid y)$",
    r"$\sum_{k=0}^{n} 2^k$", r"$\nabla f(w) * \eta$",
]
BEYOND_ASCII = [
    "Größe", "naïveté", "façade", "“quoted”", "a – b", "α ≤ β", "Δx → 0", "数据库", "データ", "поиск", "🧭", "½ × ∞",
]

# Statements by language: `@a` and `@b` stand for words and `@n` for a number.
CODE = {
    "python": [
        "def @a(@b, limit=@n):", "    return [@a for @a in @b if @a > @n]", "import @a  # @b",
        '    @a["@b"] = f"{@a} of @n"', "class @a(@b):", "    with open(@a) as @b:",
    ],
    "rust": [
        "fn @a(@b: &str) -> Option<u32> {", "    let @a: Vec<_> = @b.iter().map(|x| x + @n).collect();",
        "    // The @a of @b.", '    println!("{@a} @b {}", @n);', "    match @a { @b::None => @n, _ => 0 }",
        "impl<'a> @a for @b<'a> {}",
    ],
    "javascript": [
        "const @a = async (@b) => await fetch(`/@a/${@b}`);", "for (const @a of @b) { total += @n; }",
        "// @a and @b", "export default { @a: @n, @b: null };", 'if (@a === "@b") throw new Error("@n");',
    ],
    "java": [
        "public final class @a extends @b {", "    private int @a = @n;", "    @Override",
        "    List<String> @a(Map<String, @b> of) { return null; }", "    /* @a @b */",
        '    if (@a != null) { @b.add("@n"); }',
    ],
    "c": [
        "#include <@a.h>", "static int @a(const char *@b, size_t n) {", "    for (int i = 0; i < @n; i++) @a[i] = @b;",
        '    printf("%d @a\\n", @n);', "struct @a { unsigned @b; };", "    /* @a: @b */",
    ],
    "go": [
        "func (@a *@b) Run(n int) error {", "    if err := @a.@b(@n); err != nil { return err }",
        "    go func() { @a <- @n }()", "type @a struct { @b map[string]int }", "    // @a @b",
    ],
    "sql": [
        "SELECT @a, count(*) FROM @b WHERE id < @n", "GROUP BY @a HAVING sum(@b) > @n;",
        "CREATE INDEX @a ON @b (@a);", "-- @a @b", "UPDATE @a SET @b = '@n' WHERE @b IS NULL;",
    ],
    "bash": [
        'for @a in "$@"; do', '    echo "${@a:-@b}" | grep -c @n', "done # @a @b", "if [[ -f @a.@b ]]; then exit @n; fi",
        "export @a=$(@b --limit @n)",
    ],
    "json": ['{"@a": @n, "@b": [true, null]},', '  "@a": {"@b": "@n"},', '  ["@a", "@b", @n.5],'],
    "yaml": ["@a:", "  - @b: @n", "  # @a", '  @a: "@b"', "@a: &@b [@n, @n]"],
}


class Question(NamedTuple):
    """One question, its parts as Markdown."""

    topic: str
    prompt: str
    answer: str
    key_points: list[str]

    def back(self):
        """Answer and key points together, for programs that know of two sides."""
        return f"{self.answer}\n\n**Key points to hit:**\n\n" + "".join(f"- {p}\n" for p in self.key_points)


def words(rng, count):
    return rng.choices(WORDS, cum_weights=WEIGHTS, k=count)


def sentence(rng, least, most):
    said = words(rng, rng.randint(least, most))
    if len(said) > 12:
        said[6] += ","
    return f"{' '.join(said).capitalize()}."


def code(rng, lines, language=None):
    """A block of code; each is another one, as its words and numbers are."""
    language = language or rng.choice(list(CODE))

    def fill(match):
        return str(rng.randrange(10_000)) if match[1] == "n" else words(rng, 1)[0]

    body = (re.sub(r"@([abn])\b", fill, rng.choice(CODE[language])) for _ in range(lines))
    return "\n".join([f"```{language}", *body, "```"])


def paragraph(rng):
    sentences = [sentence(rng, 8, 20) for _ in range(rng.randint(2, 4))]
    kind = rng.random()
    one, other = words(rng, 2)
    if kind < 0.4:
        sentences.insert(1, f"Call `{one}({other})` first.")
    elif kind < 0.55:
        sentences.insert(1, f"It is *{one}*, never **{other}**.")
    elif kind < 0.7:
        sentences.append(f"That takes {rng.choice(FORMULAS)} steps.")
    elif kind < 0.78:
        sentences.append(f"See {rng.choice(BEYOND_ASCII)} as well.")
    elif kind < 0.8:
        sentences.append("Write `{{ name }}` where `a < b && c > d`.")
    return " ".join(sentences)


def question(rng, number):
    blocks, wanted = [], rng.randint(730, 1120)
    while wanted > 0:
        blocks.append(paragraph(rng))
        wanted -= len(blocks[-1])
    if rng.random() < 0.15:
        blocks.insert(1, code(rng, rng.randint(3, 8)))
    if rng.random() < 0.04:
        rows = (f"| {word} | {rng.randrange(100)} |" for word in words(rng, 3))
        blocks.append("\n".join([f"| {words(rng, 1)[0]} | count |", "|---|---:|", *rows]))
    if rng.random() < 0.03:
        blocks.append(f"$$\n\\int_0^{{{rng.randrange(100)}}} f(x) \\, dx\n$$")
    topic = f"Topic {(number - 1) // PER_TOPIC + 1}"
    asked = f"{rng.choice(ASKING)} {' '.join(words(rng, rng.randint(5, 11)))} in case {number}?"
    points = [" ".join(words(rng, rng.randint(5, 11))).capitalize() for _ in range(5)]
    return Question(topic, asked, "\n\n".join(blocks), points)


def questions(count, first=1):
    """So many questions from one with a number on, which begins a block."""
    for start in range(first, first + count, BLOCK):
        rng = random.Random(start)
        for number in range(start, min(start + BLOCK, first + count)):
            yield question(rng, number)


def code_questions(count, is_coloured):
    """So many questions with ten lines of code each, in languages or in none."""
    rng = random.Random(0)
    for number, language in zip(range(1, count + 1), itertools.cycle(CODE)):
        block = code(rng, 10, language)
        block = block if is_coloured else block.replace(language, "", 1)
        answer = f"{sentence(rng, 8, 20)}\n\n{block}"
        topic = f"Topic {(number - 1) // PER_TOPIC + 1}"
        yield Question(topic, f"What does code {number} do?", answer, [sentence(rng, 5, 9)])


def by_topic(asked):
    return itertools.groupby(asked, key=lambda question: question.topic)


def write(path, texts):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(texts)


def native_text(asked):
    """Our own convention, without the title."""
    for topic, of_topic in by_topic(asked):
        yield f"## {topic}\n\n"
        for question in of_topic:
            yield f"### Q: {question.prompt}\n\n**Answer:** {question.answer}\n\n**Key points to hit:**\n"
            yield "".join(f"- {point}\n" for point in question.key_points) + "\n---\n\n"


def native_block(place):
    first, count = place
    return "".join(native_text(questions(count, first)))


def native(path, count):
    """A file in our own convention."""
    places = [(start, min(BLOCK, count - start + 1)) for start in range(1, count + 1, BLOCK)]
    with multiprocessing.Pool(os.cpu_count()) as pool:
        write(path, itertools.chain([f"# {TITLE}\n\n"], pool.imap(native_block, places)))


def native_files(folder, count, files):
    """The same in so many files."""
    asked = questions(count)
    for number in range(files):
        text = native_text(itertools.islice(asked, count // files))
        write(folder / f"{number:03}.md", itertools.chain([f"# {TITLE}\n\n"], text))


def native_code(path, count, is_coloured):
    """A file in our own convention that is code for the most part."""
    write(path, itertools.chain([f"# {TITLE}\n\n"], native_text(code_questions(count, is_coloured))))


def ankdown(folder, count):
    """A folder per deck; `%` between the sides, `---` between the cards."""
    for topic, of_topic in by_topic(questions(count)):
        cards = (f"{question.prompt}\n\n%\n\n{question.back()}" for question in of_topic)
        write(folder / topic / "cards.md", ["\n---\n\n".join(cards)])


def markdown_anki_decks(folder, count):
    """A file per deck, which is its title; a question is a heading of the second level."""
    for topic, of_topic in by_topic(questions(count)):
        cards = (f"## {question.prompt}\n\n{question.back()}\n" for question in of_topic)
        write(folder / f"{topic}.md", [f"# {TITLE}::{topic}\n\n", *cards])
