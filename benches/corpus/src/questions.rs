//! Any number of questions, the same ones each time; the first of many are those of few.
//!
//! The words mean nothing, but they are as long and as frequent as those of prose, so that the texts
//! compress like it. A question takes about 1.5 kB. Of 100 questions 15 hold code, 4 a table and 3 a
//! displayed formula; formulas, emphasis, inline code and letters beyond ASCII are in many more.

use std::fmt::Write as _;
use std::iter;
use std::sync::LazyLock;

/// What the deck is called.
pub(crate) const TITLE: &str = "A corpus";

const PER_TOPIC: usize = 50;

/// The words, each with the sum of the weights so far: a few are most of every text.
static WORDS: LazyLock<Vec<(&str, u64)>> = LazyLock::new(|| {
    let ranks = (4u64..).scan(0, |sum, rank| {
        *sum += 1_000_000_000 / (rank.pow(3) * 1_000_000_000_000).isqrt().isqrt();
        Some(*sum)
    });
    include_str!("words.txt").split_whitespace().zip(ranks).collect()
});

const ASKING: &[&str] =
    &["What is", "Why does", "How would you explain", "When do you prefer", "What limits"];

const FORMULAS: &[&str] = &[
    r"$O(n \log n)$",
    r"$x_i^2 + y_i^2$",
    r"$\frac{a_1}{b_2}$",
    r"$\sqrt{d_k}$",
    r"$P(x < 3 \mid y)$",
    r"$\sum_{k=0}^{n} 2^k$",
    r"$\nabla f(w) * \eta$",
];

const BEYOND_ASCII: &[&str] = &[
    "Größe",
    "naïveté",
    "“quoted”",
    "a – b",
    "α ≤ β",
    "Δx → 0",
    "数据库",
    "データ",
    "поиск",
    "🧭",
    "½ × ∞",
];

/// Lines by language: `@a` and `@b` stand for words and `@n` for a number.
const CODE: &[(&str, &[&str])] = &[
    (
        "python",
        &[
            "def @a(@b, limit=@n):",
            "    return [@a for @a in @b if @a > @n]",
            "import @a  # @b",
            "    @a[\"@b\"] = f\"{@a} of @n\"",
            "    with open(@a) as @b:",
        ],
    ),
    (
        "rust",
        &[
            "fn @a(@b: &str) -> Option<u32> {",
            "    let @a: Vec<_> = @b.iter().map(|x| x + @n).collect();",
            "    // The @a of @b.",
            "    println!(\"{@a} @b {}\", @n);",
            "impl<'a> @a for @b<'a> {}",
        ],
    ),
    (
        "javascript",
        &[
            "const @a = async (@b) => await fetch(`/@a/${@b}`);",
            "for (const @a of @b) { total += @n; }",
            "// @a and @b",
            "if (@a === \"@b\") throw new Error(\"@n\");",
        ],
    ),
    (
        "java",
        &[
            "public final class @a extends @b {",
            "    private int @a = @n;",
            "    List<String> @a(Map<String, @b> of) { return null; }",
            "    /* @a @b */",
            "    if (@a != null) { @b.add(\"@n\"); }",
        ],
    ),
    (
        "c",
        &[
            "#include <@a.h>",
            "static int @a(const char *@b, size_t n) {",
            "    for (int i = 0; i < @n; i++) @a[i] = @b;",
            "    printf(\"%d @a\\n\", @n);",
            "    /* @a: @b */",
        ],
    ),
    (
        "go",
        &[
            "func (@a *@b) Run(n int) error {",
            "    if err := @a.@b(@n); err != nil { return err }",
            "type @a struct { @b map[string]int }",
            "    // @a @b",
        ],
    ),
    (
        "sql",
        &[
            "SELECT @a, count(*) FROM @b WHERE id < @n",
            "GROUP BY @a HAVING sum(@b) > @n;",
            "-- @a @b",
            "UPDATE @a SET @b = '@n' WHERE @b IS NULL;",
        ],
    ),
    (
        "bash",
        &[
            "for @a in \"$@\"; do",
            "    echo \"${@a:-@b}\" | grep -c @n",
            "done # @a @b",
            "export @a=$(@b --limit @n)",
        ],
    ),
    ("json", &["{\"@a\": @n, \"@b\": [true, null]},", "  [\"@a\", \"@b\", @n.5],"]),
    ("yaml", &["@a:", "  - @b: @n", "  # @a", "  @a: \"@b\"", "@a: &@b [@n, @n]"]),
];

/// One question, its parts as Markdown.
pub(crate) struct Question {
    pub(crate) topic: String,
    pub(crate) prompt: String,
    pub(crate) answer: String,
    pub(crate) key_points: Vec<String>,
}

/// Chance that is the same each time (splitmix64), anew for each question.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn of(number: usize) -> Self {
        Self((number as u64) << 32)
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.number() % end as u64).unwrap_or(0)
    }

    fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn word(&mut self) -> &'static str {
        let total = WORDS[WORDS.len() - 1].1;
        let place = self.number() % total;
        WORDS[WORDS.partition_point(|(_, sum)| *sum <= place)].0
    }

    fn words(&mut self, least: usize, most: usize) -> String {
        let words: Vec<&str> = (0..self.between(least, most)).map(|_| self.word()).collect();
        words.join(" ")
    }

    pub(crate) fn sentence(&mut self, least: usize, most: usize) -> String {
        let said = self.words(least, most);
        format!("{}{}.", said[..1].to_uppercase(), &said[1..])
    }

    /// A block of code; each is another one, as its words and numbers are.
    pub(crate) fn code(&mut self, language: usize, lines: usize) -> String {
        let (name, patterns) = CODE[language % CODE.len()];
        let mut code = format!("```{name}\n");
        for _ in 0..lines {
            let mut pieces = self.one(patterns).split('@');
            code.push_str(pieces.next().unwrap_or_default());
            for piece in pieces {
                match piece.split_at_checked(1) {
                    Some(("a" | "b", rest)) => code.extend([self.word(), rest]),
                    Some(("n", rest)) => _ = write!(code, "{}{rest}", self.below(10_000)),
                    _ => code.extend(["@", piece]),
                }
            }
            code.push('\n');
        }
        code.push_str("```");
        code
    }

    fn paragraph(&mut self) -> String {
        let sentences = self.between(2, 4);
        let mut sentences: Vec<String> = (0..sentences).map(|_| self.sentence(8, 20)).collect();
        let (one, other) = (self.word(), self.word());
        sentences.push(match self.below(100) {
            0..40 => format!("Call `{one}({other})` first."),
            40..55 => format!("It is *{one}*, never **{other}**."),
            55..70 => format!("That takes {} steps.", self.one(FORMULAS)),
            70..78 => format!("See {} as well.", self.one(BEYOND_ASCII)),
            78..80 => "Write `{{ name }}` where `a < b && c > d`.".to_owned(),
            _ => return sentences.join(" "),
        });
        sentences.join(" ")
    }

    fn question(&mut self, number: usize) -> Question {
        let (mut blocks, mut length, wanted) = (Vec::new(), 0, self.between(730, 1120));
        while length < wanted {
            blocks.push(self.paragraph());
            length += blocks[blocks.len() - 1].len();
        }
        if self.below(100) < 15 {
            let (language, lines) = (self.below(CODE.len()), self.between(3, 8));
            blocks.insert(1, self.code(language, lines));
        }
        if self.below(100) < 4 {
            let row = |_| format!("| {} | {} |", self.word(), self.below(100));
            let rows: Vec<String> = (0..4).map(row).collect();
            blocks.push(format!("{}\n|---|---:|\n{}", rows[0], rows[1..].join("\n")));
        }
        if self.below(100) < 3 {
            blocks.push(format!("$$\n\\int_0^{{{}}} f(x) \\, dx\n$$", self.below(100)));
        }
        let asked = self.words(5, 11);
        Question {
            topic: topic(number),
            prompt: format!("{} {asked} in case {number}?", self.one(ASKING)),
            answer: blocks.join("\n\n"),
            key_points: (0..5).map(|_| self.sentence(5, 11)).collect(),
        }
    }
}

/// The topic of a question.
pub(crate) fn topic(number: usize) -> String {
    format!("Topic {}", number / PER_TOPIC + 1)
}

/// So many questions.
pub(crate) fn questions(count: usize) -> impl Iterator<Item = Question> {
    (0..count).map(|number| Chance::of(number).question(number))
}

/// A text in our own convention, in pieces.
pub(crate) fn native(questions: impl Iterator<Item = Question>) -> impl Iterator<Item = String> {
    let mut topic = String::new();
    let pieces = questions.map(move |question| {
        let mut text = String::new();
        if topic != question.topic {
            topic.clone_from(&question.topic);
            _ = write!(text, "## {topic}\n\n");
        }
        let Question { prompt, answer, key_points, .. } = question;
        let points = key_points.join("\n- ");
        _ = write!(text, "### Q: {prompt}\n\n**Answer:** {answer}\n\n");
        _ = write!(text, "**Key points to hit:**\n- {points}\n\n---\n\n");
        text
    });
    iter::once(format!("# {TITLE}\n\n")).chain(pieces)
}
