//! Documents that somebody might have written, from a grammar of the native convention.
//!
//! The strategies choose the shape; a [`Writer`] then puts words into it, each one only once, so
//! that it is known which part of which question a word belongs to.

use proptest::collection::vec;
use proptest::prelude::*;

/// A document, and what its questions hold.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) text: String,
    /// The parts of each question with the words in them.
    pub(crate) questions: Vec<Vec<(Part, Vec<String>)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Prompt,
    Answer,
    KeyPoints,
    Extra,
}

#[derive(Clone, Debug)]
enum Inline {
    Plain,
    /// A word between two pieces of markup.
    Marked(&'static str, &'static str),
    /// Text that must come through as it is.
    Fixed(&'static str),
    SoftBreak,
    HardBreak(&'static str),
}

#[derive(Clone, Debug)]
enum Block {
    Paragraph(Vec<Inline>),
    Heading(Vec<Inline>),
    Fenced(&'static str, Vec<&'static str>),
    Indented(Vec<&'static str>),
    Html(&'static str, &'static str),
    Math,
    List {
        marker: &'static str,
        loose: bool,
        items: Vec<Vec<Block>>,
    },
    Quote(Vec<Block>),
    Table(Vec<Vec<Inline>>),
    Rule,
    Alert(&'static str, Vec<Block>),
    /// A term and what it means.
    Definition(Vec<Inline>, Vec<Vec<Block>>),
    /// A reference and, below it, what it refers to.
    Footnote,
}

#[derive(Clone, Debug)]
struct Asked {
    heading: Vec<Inline>,
    attributes: Option<(bool, Vec<&'static str>)>,
    prompt: Vec<Block>,
    label: &'static str,
    answer: Vec<Block>,
    points: Option<Block>,
    extra: Vec<(&'static str, Vec<Block>)>,
    separated: bool,
}

const CODE: &[&str] = &[
    "### Q: no question",
    "**Answer:** no",
    "---",
    "# no deck",
    "    deeper",
    "",
    "$x$ and $5",
    "[sound:x.mp3]",
    "<b>&amp;</b>",
    "\\(x\\)",
    "- no item",
    "[^a] [r]",
    "\ttab",
    "| a |",
];

const SEPARATE: &[&str] = &[
    "`[^a]`",
    "`**Answer:**`",
    "`<b>`",
    "$5",
    "$x^2$",
    "$a_1 * b_1$",
    "\\*",
    "&amp;",
    "[^a]",
    "[^b]",
    "[r]",
    "<https://example.org/>",
    "注意",
    "naïve",
    "{x}",
    "<br>",
    "1 < 2",
    "`$x`",
    "\\$y\\$",
    "\\(x_1 * y_2\\)",
    "\\[ a = b \\]",
    "\\[1\\]",
    "![alt][i]",
    "[sound:x]",
    "\\\\(z\\\\)",
    "\"q\"",
    "a: b",
];

fn inlines() -> impl Strategy<Value = Vec<Inline>> {
    let marks = [
        ("*", "*"),
        ("**", "**"),
        ("`", "`"),
        ("~~", "~~"),
        ("[", "](https://example.org)"),
        ("[", "][r]"),
        ("[*", "*][R]"),
        ("<sub>", "</sub>"),
        ("$", "$"),
        ("\\(x_1 * ", "\\)"),
        ("![", "](i%20i.png){width=20}"),
    ];
    let inline = prop_oneof![
        4 => Just(Inline::Plain),
        2 => proptest::sample::select(marks.to_vec()).prop_map(|(open, close)| Inline::Marked(open, close)),
        2 => proptest::sample::select(SEPARATE).prop_map(Inline::Fixed),
    ];
    vec(inline, 1..5)
}

fn lines() -> impl Strategy<Value = Vec<Inline>> {
    let end = proptest::sample::select(vec![
        Inline::SoftBreak,
        Inline::HardBreak("\\"),
        Inline::HardBreak("  "),
    ]);
    (inlines(), proptest::option::of((end, inlines()))).prop_map(|(mut first, more)| {
        if let Some((end, more)) = more {
            first.push(end);
            // A line that begins with a word begins no block and no label.
            first.push(Inline::Plain);
            first.extend(more);
        }
        first
    })
}

fn leaf() -> impl Strategy<Value = Block> {
    let code = || vec(proptest::sample::select(CODE), 1..5);
    prop_oneof![
        6 => lines().prop_map(Block::Paragraph),
        1 => inlines().prop_map(Block::Heading),
        2 => (proptest::sample::select(vec!["```", "~~~", "````rust"]), code())
            .prop_map(|(fence, lines)| Block::Fenced(fence, lines)),
        1 => code().prop_map(Block::Indented),
        1 => proptest::sample::select(vec![("<div>", "</div>"), ("<pre>", "</pre>"), ("<!--", "-->")])
            .prop_map(|(open, close)| Block::Html(open, close)),
        1 => Just(Block::Math),
        1 => vec(inlines(), 1..4).prop_map(Block::Table),
        1 => Just(Block::Rule),
    ]
}

fn list(item: impl Strategy<Value = Vec<Block>>) -> impl Strategy<Value = Block> {
    let marker = proptest::sample::select(vec!["- ", "* ", "1. ", "-   ", "- [x] "]);
    (marker, any::<bool>(), vec(item, 1..4)).prop_map(|(marker, loose, items)| Block::List {
        marker,
        loose,
        items,
    })
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let block = leaf().prop_recursive(3, 12, 3, |inner| {
        // An item begins with a paragraph, as its bullet would else mean something different.
        let footnote = proptest::option::weighted(0.1, Just(Block::Footnote));
        let item = (lines(), vec(inner.clone(), 0..3), footnote).prop_map(|(first, more, note)| {
            [vec![Block::Paragraph(first)], more, note.into_iter().collect()].concat()
        });
        let kind = proptest::sample::select(vec!["NOTE", "Warning"]);
        let meaning = (lines(), vec(inner.clone(), 0..2))
            .prop_map(|(first, more)| [vec![Block::Paragraph(first)], more].concat());
        let one_line = inlines();
        prop_oneof![
            4 => list(item),
            2 => vec(inner.clone(), 1..3).prop_map(Block::Quote),
            1 => (kind, vec(inner, 1..3)).prop_map(|(kind, blocks)| Block::Alert(kind, blocks)),
            1 => (one_line, vec(meaning, 1..3))
                .prop_map(|(term, meanings)| Block::Definition(term, meanings)),
        ]
    });
    (lines(), vec(block, 0..4))
        .prop_map(|(first, more)| [vec![Block::Paragraph(first)], more].concat())
}

fn asked() -> impl Strategy<Value = Asked> {
    let points = list(lines().prop_map(|line| vec![Block::Paragraph(line)]));
    let tags = proptest::sample::subsequence(
        vec![".one", ".two::three", ".t_a_g", "lang=de", "dir=rtl"],
        0..5,
    );
    let label = proptest::sample::select(vec![
        "**Answer:** ",
        "**Answer:**\n",
        "**Answer:**\n\n",
        "**Answer (short & *sweet*):** ",
        "__Answer__: ",
        "",
    ]);
    let name = proptest::sample::select(vec![
        "**Follow-ups:**\n\n",
        "**A `b` & *c*?:**\n",
        "__See__:\\\n",
    ]);
    (
        (lines(), proptest::option::of((any::<bool>(), tags)), proptest::option::of(blocks())),
        (label, blocks(), proptest::option::of(points), vec((name, blocks()), 0..2), any::<bool>()),
    )
        .prop_map(
            |((heading, attributes, prompt), (label, answer, points, extra, separated))| Asked {
                heading: heading.into_iter().filter(|part| !is_break(part)).collect(),
                attributes,
                prompt: prompt.filter(|_| !label.is_empty()).unwrap_or_default(),
                label,
                answer,
                points,
                extra,
                separated,
            },
        )
}

fn is_break(inline: &Inline) -> bool {
    matches!(inline, Inline::SoftBreak | Inline::HardBreak(_))
}

/// Any document.
pub(crate) fn document() -> impl Strategy<Value = Document> {
    let topic = (any::<bool>(), proptest::option::of(lines()), vec(asked(), 1..4));
    let ends = proptest::sample::select(vec!["\n", "\r\n"]);
    let head = proptest::sample::select(vec![
        "",
        "---\ntags: [all, other]\n---\n",
        "+++\nlang = \"he\"\n+++\n",
        "---\ntopic: Above\n---\n",
    ]);
    let mark = proptest::sample::select(vec!["", "\u{feff}"]);
    (mark, head, vec(topic, 1..3), ends).prop_map(|(mark, head, topics, ends)| {
        let mut writer = Writer::default();
        writer.text.push_str(head);
        writer.text.push_str("# The *deck* & more\n\n");
        if !head.contains("topic") {
            writer.text.push_str("About it[^a].\n\n");
        }
        for (number, (named, description, questions)) in topics.into_iter().enumerate() {
            if named || number > 0 {
                writer.text.push_str(&format!("## Topic {number} \\* `x`\n\n"));
                if let Some(text) = description {
                    let lines = writer.block(&Block::Paragraph(text));
                    writer.lines(&lines);
                }
            }
            for question in &questions {
                writer.question(question);
            }
        }
        writer
            .text
            .push_str("[^a]: Note *one*[^b].\n\n[^b]: Note two.\n\n    Its second paragraph.\n\n");
        writer.text.push_str("[r]: https://example.org/r \"A title\"\n[i]: <i i.png>\n");
        let text = format!("{mark}{}", writer.text.replace('\n', ends));
        Document { text, questions: writer.questions }
    })
}

/// The words of a text that a [`Writer`] put there.
pub(crate) fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_ours = |word: &&str| {
        let number = word.strip_prefix('w').and_then(|word| word.strip_suffix('q'));
        number.is_some_and(|number| number.parse::<u32>().is_ok())
    };
    parts.filter(is_ours).map(str::to_owned).collect()
}

#[derive(Default)]
struct Writer {
    text: String,
    questions: Vec<Vec<(Part, Vec<String>)>>,
    count: u32,
}

impl Writer {
    fn word(&mut self) -> String {
        self.count += 1;
        format!("w{}q", self.count)
    }

    fn lines(&mut self, lines: &[String]) {
        for line in lines {
            self.text.push_str(line);
            self.text.push('\n');
        }
        self.text.push('\n');
    }

    fn question(&mut self, asked: &Asked) {
        let heading = self.inline(&asked.heading);
        let mut prompt = words(&heading);
        // The end of the heading is a word, so that only our own braces are attributes.
        let end = if self.questions.is_empty() { "end[^a][^b]?" } else { "end?" };
        self.text.push_str(&format!("### Q: {heading} {end}"));
        if let Some((has_id, attributes)) = &asked.attributes {
            let id = format!("#id-{}", self.questions.len());
            let id = has_id.then_some(id.as_str());
            let all: Vec<&str> = attributes.iter().copied().chain(id).collect();
            if !all.is_empty() {
                self.text.push_str(&format!(" {{{}}}", all.join(" ")));
            }
        }
        self.text.push_str("\n\n");
        prompt.extend(self.blocks(&asked.prompt));
        let mut parts = vec![(Part::Prompt, prompt)];
        self.text.push_str(asked.label);
        parts.push((Part::Answer, self.blocks(&asked.answer)));
        if let Some(list) = &asked.points {
            self.text.push_str("**Key points to hit:**\n");
            parts.push((Part::KeyPoints, self.blocks(std::slice::from_ref(list))));
        }
        for (name, blocks) in &asked.extra {
            self.text.push_str(name);
            parts.push((Part::Extra, self.blocks(blocks)));
        }
        if asked.separated {
            self.text.push_str("---\n\n");
        }
        self.questions.push(parts);
    }

    /// Writes blocks and says which words they hold.
    fn blocks(&mut self, blocks: &[Block]) -> Vec<String> {
        let lines = self.apart(blocks);
        self.lines(&lines);
        words(&lines.join("\n"))
    }

    fn apart(&mut self, blocks: &[Block]) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for block in blocks {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(self.block(block));
        }
        lines
    }

    fn block(&mut self, block: &Block) -> Vec<String> {
        match block {
            Block::Paragraph(inline) => {
                let text = self.inline(inline);
                text.split('\n').map(str::to_owned).collect()
            }
            Block::Heading(inline) => vec![format!("#### {}", self.inline(inline))],
            Block::Fenced(fence, code) => {
                let close = fence.trim_end_matches("rust");
                let inner = code.iter().map(|line| (*line).to_owned());
                [vec![(*fence).to_owned()], inner.collect(), vec![close.to_owned()]].concat()
            }
            Block::Indented(code) => {
                let first = format!("    {}", self.word());
                let rest = code.iter().map(|line| format!("    {line}").trim_end().to_owned());
                let last = format!("    {}", self.word());
                std::iter::once(first).chain(rest).chain([last]).collect()
            }
            Block::Html(open, close) => {
                // A comment at the end of a section is no part of it.
                let word = if *open == "<!--" { "hidden".to_owned() } else { self.word() };
                vec![(*open).to_owned(), format!("{word} **x:**"), (*close).to_owned()]
            }
            Block::Math => {
                vec!["$$".to_owned(), format!("{}_1 < x * y * z", self.word()), "$$".to_owned()]
            }
            Block::List { marker, loose, items } => {
                let mut lines = Vec::new();
                for item in items {
                    let indent = " ".repeat(marker.trim_end_matches("[x] ").len());
                    for (at, line) in self.apart(item).into_iter().enumerate() {
                        let lead = if at == 0 { marker } else { indent.as_str() };
                        lines.push(format!("{lead}{line}").trim_end_matches('\t').to_owned());
                    }
                    if *loose {
                        lines.push(String::new());
                    }
                }
                while lines.last().is_some_and(String::is_empty) {
                    lines.pop();
                }
                lines
            }
            Block::Quote(blocks) => {
                self.apart(blocks).into_iter().map(|line| format!("> {line}")).collect()
            }
            Block::Alert(kind, blocks) => {
                let lines = self.apart(blocks).into_iter().map(|line| format!("> {line}"));
                std::iter::once(format!("> [!{kind}]")).chain(lines).collect()
            }
            Block::Definition(term, meanings) => {
                let mut lines = vec![self.inline(term)];
                for meaning in meanings {
                    for (at, line) in self.apart(meaning).into_iter().enumerate() {
                        lines.push(format!("{}{line}", if at == 0 { ": " } else { "  " }));
                    }
                }
                lines
            }
            Block::Table(cells) => {
                let row: Vec<String> =
                    cells.iter().map(|cell| self.inline(cell).replace('\n', " ")).collect();
                let rule = "|---".repeat(row.len()) + "|";
                let head = format!("| {} |", vec!["h"; row.len()].join(" | "));
                vec![head, rule, format!("| {} |", row.join(" | "))]
            }
            Block::Rule => vec!["***".to_owned()],
            Block::Footnote => {
                let (label, word) = (self.word(), self.word());
                vec![format!("[^{label}]"), String::new(), format!("[^{label}]: {word}")]
            }
        }
    }

    fn inline(&mut self, inlines: &[Inline]) -> String {
        let mut text = self.word();
        for inline in inlines {
            match inline {
                Inline::Plain => text.push_str(&format!(" {}", self.word())),
                Inline::Marked(open, close) => {
                    text.push_str(&format!(" {open}{}{close}", self.word()));
                }
                Inline::Fixed(fixed) => text.push_str(&format!(" {fixed}")),
                Inline::SoftBreak => text.push('\n'),
                Inline::HardBreak(end) => text.push_str(&format!("{end}\n")),
            }
            if is_break(inline) {
                let word = self.word();
                text.push_str(&word);
            }
        }
        text
    }
}
