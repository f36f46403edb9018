//! Files in foreign conventions, in mixtures that nobody would write.
//!
//! Words of the author's begin with `zz`, and no others do: so it is known what must not get lost.

use proptest::prelude::*;

/// Questions, or parts of some.
const QUESTIONS: &[&str] = &[
    "### Q: zzwhat is it?",
    "## Q1. zzwhy is it?",
    "#### Question 5: zzhow? ####",
    "**Q3:** zzwhat is **zzbold**?",
    "**Question:** zzwhat? **A:** zzthis",
    "## 📌 Q112: zzwhat?",
    "Q: zzwhat is it",
    "Q7) zzwhat is it?",
    "A: zzthis",
    "Answer: zzthis",
    "**Answer:**",
    "**Ans**: zzthis",
    "### ✅ Answer",
    "#### Answer: B",
    "**Key points:**",
    "### 1. Why zzone?",
    "### 2. Why zztwo?",
    "### 3) Why zzthree?",
    "1. ### What is zzone?",
    "2. ### What is zztwo?",
    "    zzanswer, indented",
    "<details><summary>What is zzone?</summary>",
    "<details>\n<summary><b>2. What is zztwo?</b></summary><p>",
    "<details><summary>Answer</summary>",
    "<details open><summary>zzopen",
    "</summary>",
    "</details>",
    "</p></details> zzbehind",
    "**What is zzbold?** 👶",
    "**Why is it zzbold?**<br>",
    "- [ ] zzwrong",
    "- [x] zzright",
    "- A: zzwrong",
    "- B: zzright",
    "C. zzletter",
    "- **Question**: zzwhat?",
    "  - **Answer**: zzthis",
    "- What is zzitem?",
    "  - zzbelow",
    "zzone :: zztwo",
    "?",
    ". . .",
    "#### What is zzasked?",
    "#### How does zzasking work?",
];

/// What stands around and within them.
const OTHERS: &[&str] = &[
    "zzprose of a line",
    "zzprose ends.\\",
    "# zztitle",
    "## zztopic",
    "#### zzpart ####",
    "zzunder\n===",
    "zzunder\n---",
    "- zzitem",
    "1. zznumber",
    "      zzdeeper",
    "\tzztab",
    "> zzquote",
    "> > - zznested",
    "| zza | zzb |",
    "|---|---|",
    "```",
    "````js",
    "~~~",
    "- ```",
    "zzcode();",
    "<!--",
    "<!-- zzcomment -->",
    "-->",
    "<pre>",
    "</pre> zzpre",
    "<script>",
    "<div align=\"right\">",
    "</div>",
    "<b>zztags</b><br>",
    "<br><br>",
    "![zzpicture](x.png)",
    "<img src=\"x.png\">",
    "[⬆ Back to Top](#top)",
    "[zzdefined]: x.md",
    "zzrefers [zzdefined] [^1]",
    "[^1]: zzfoot",
    "---",
    "***",
    "===",
    "$$",
    "\\[ zzmath_1 \\]",
    "costs $5 and zz$6",
    "Term zzterm\n: zzmeans",
    "**zzlabel:**",
    "__zzlabel__: zztext",
    "TODO",
    "## Table of Contents",
    "## License",
    "{#zzid .tag}",
    "zz==marked== {{c1::zzgap}}",
    "zz注意，问题是什么？",
    "问：zz什么",
    "答：zz这个",
    "zz😀 1️⃣ 🔝",
    "\u{a0}zzspace\u{2028}zzline",
    "\u{feff}zzmark",
    "zznul\0",
    "zzE\u{301} İ ß",
    "**",
    "\\",
    "`zztick",
];

const ENDS: &[&str] = &["\n", "\n", "\n\n", "\n\n", "\r\n", "\r\n\r\n", "\r", " ", "", "\n    "];

fn pieces(
    pieces: impl Strategy<Value = &'static str>,
    count: std::ops::Range<usize>,
) -> impl Strategy<Value = String> {
    let line = (pieces, proptest::sample::select(ENDS)).prop_map(|(piece, end)| [piece, end]);
    proptest::collection::vec(line, count).prop_map(|lines| lines.concat().concat())
}

/// Something like a foreign file, now and then with a long line.
pub(crate) fn file() -> impl Strategy<Value = String> {
    let question = proptest::sample::select(QUESTIONS);
    let piece = prop_oneof![question, proptest::sample::select(OTHERS)];
    let start = proptest::sample::select(vec!["", "", "\u{feff}", "---\ntags: [a]\n---\n"]);
    let long = prop_oneof![9 => Just(0usize), 1 => 1000..3000usize];
    (start, pieces(piece, 1..40), long, proptest::sample::select(OTHERS)).prop_map(
        |(start, mut text, long, other)| {
            text.push_str(&other.repeat(long / other.len()));
            format!("{start}{text}")
        },
    )
}

/// Ways to ask something and to answer it, where `@` stands for a word of the question's own and `#`
/// for what opens beside its label; and what stands above all of them.
const WAYS: &[(&str, &str)] = &[
    ("Q: What is @?\nA: #", ""),
    ("Q: @\nA: #\n---", ""),
    ("Q1) What is @?\nAnswer: #", ""),
    ("**Q:** What is @?\n**A:** #", ""),
    ("**Question:** What is @?\n\n**Answer:** #", ""),
    ("### Question 1: What is @?\n\n**Answer:** #", ""),
    ("## Q1. What is @?\nAns: #", ""),
    ("### 1. What is @?\n**Answer**: #", ""),
    ("**What is @?** #", ""),
    ("**What is @?**\n\n#", ""),
    ("<details><summary>What is @?</summary>#\n</details>", ""),
    ("<details><summary>What is @?</summary>\n\n#\n</details>", ""),
    ("### What is @?\n\n<details><summary>Answer</summary>#\n</details>", ""),
    ("What is @?\n<details><summary>Show answer</summary>\n\n#\n\n</details>", ""),
    ("- **Question**: What is @?\n  - **Answer**: #", ""),
    ("What is @? :: #", "#flashcards\n\n"),
    ("What is @?\n?\n#", "#flashcards\n\n"),
    ("#### What is @?\n\nAnswer: #", ""),
    ("What is @?\n---\n#\n***", "# Flashcards\n\n"),
];

/// What opens there and closes, each line but the first below it. No blank lines, as some ways end
/// there.
pub(crate) const CLOSED: &[&str] = &[
    "zzplain",
    "```bash\nzzcode\n```",
    "```\nzzcode\n# zzcomment\nQ: zzcode\n```",
    "```math\nzzmath\n```",
    "~~~ py\nzzcode\n~~~",
    "~~~\nzzcode\n```\nzzcode\n~~~",
    "````\n```\nzzcode\n```\n````",
    "<pre>\nzzcode\n</pre>",
    "<PRE>\nzzcode\n</PRE>",
    "<!-- hidden\nhidden -->\nzzplain",
    "$$\nzzmath\n$$",
    "zzplain $$zzmath$$",
    "| zzcell | zzcell |\n|---|---|\n| zzcell | zzcell |",
    "- zzitem\n- zzitem",
    "1. zzitem\n2. zzitem",
    "> zzquote\n> zzquote",
    "`zzcode`",
    "```zzcode```",
    "<b>zzbold</b>",
    "zzplain\n```js\nzzcode\n```",
    "zzplain: ```js\nzzcode\n```",
];

/// What opens there and may never close.
const OPEN: &[&str] = &[
    "```bash\nzzcode",
    "~~~\nzzcode",
    "```\nzzcode\n~~~",
    "```\nzzcode\n\n### zzcode\n```js",
    "```math\nzzmath",
    "<!-- zzhidden",
    "<pre>\nzzcode",
    "<script>\nzzcode",
    "<style>zzcode",
    "<textarea>\nzzcode\n</pre>",
    "<? zzcode",
    "<!x zzcode",
    "<![CDATA[ zzcode",
    "$$\nzzmath",
    "<div>\nzzplain",
    "<table><tr><td>zzcell",
    "<ul>\n<li>zzitem",
    "[^1]: zzfoot",
    "    zzcode\n\n    ```",
    "- ```\n  zzcode",
    "> ```\n> zzcode",
    "# zzheading",
    "zzheading\n===",
    "zzheading\n---",
    "### Q: zzheading",
    "**zzlabel:**",
    "`zzcode",
    "[zzlink](zz",
    "Term\n: ```\n  zzcode",
];

/// A file in one convention, and for each question its word and what opens beside its label.
pub(crate) fn library(
    blocks: impl Strategy<Value = &'static str>,
) -> impl Strategy<Value = (String, Vec<(String, &'static str)>)> {
    let way = proptest::sample::select(WAYS);
    (way, proptest::collection::vec(blocks, 3..7), any::<bool>()).prop_map(
        |((way, above), blocks, is_tight)| {
            let mut text = above.to_owned();
            let mut questions = Vec::new();
            for (at, block) in blocks.into_iter().enumerate() {
                let word = format!("zzq{at}q");
                // Below an item, what belongs to it is as far to the right as its text.
                let is_line = way.contains("::");
                let indent = match way {
                    _ if way.contains("\n  -") => "\n    ",
                    _ if way.starts_with("- ") || is_line => "\n  ",
                    _ => "\n",
                };
                // What a scheduler writes ends a line of two sides.
                let block = if is_line && block.starts_with("<!--") { "zzplain" } else { block };
                let own = way.replace('1', &(at + 1).to_string()).replace('@', &word);
                let (before, after) = own.rsplit_once('#').unwrap();
                text += &[before, &block.replace('\n', indent), after].concat();
                text += if is_tight && !way.contains('?') { "\n" } else { "\n\n" };
                questions.push((word, block));
            }
            (text, questions)
        },
    )
}

/// What is left open above questions.
const LEFT_OPEN: &[&str] = &[
    "```",
    "```math\nx",
    "```sh\nx",
    "~~~",
    "````",
    "```\nx\n~~~",
    "~~~ x\nx\n```",
    "<!--",
    "<!-- x\n",
    "<pre>",
    "<PRE>\n",
    "<script>",
    "<style>\nx",
    "<textarea>\n",
    "<?",
    "<![CDATA[",
    "<!x",
    "$$\nx",
    "\\[",
    "<div>",
    "<details>\n<summary>x</summary>",
    "<table>\n",
    "`",
    "**",
    "| a |\n|---|",
    "> ```",
    "- ```\n  x",
    "[^1]: x",
    "Term\n: ```",
    "[x]: (",
    "    ```",
];

/// What stands in the answers below, and is closed.
const BELOW: &[&str] = &[
    "x",
    "x",
    "```js\nx\n```",
    "```\nx\n```",
    "~~~\nx\n~~~",
    "````\nx\n````",
    "x\n<!-- x -->",
    "<pre>x</pre>",
    "<pre>\nx\n</PRE>",
    "<script>\nx\n</script>",
    "<div>\n\nx\n\n</div>",
    "$$\nx\n$$",
    "- x",
];

/// A file with a block that is left open above questions, and how many there are.
pub(crate) fn swallower(asked: &'static str) -> impl Strategy<Value = (String, usize)> {
    let (open, below) = (proptest::sample::select(LEFT_OPEN), proptest::sample::select(BELOW));
    (open, proptest::collection::vec((below, any::<bool>()), 1..6)).prop_map(
        move |(open, answers)| {
            let mut text = asked.replace('@', "first").replace('%', "x\n") + open + "\n";
            let count = answers.len() + 1;
            for (at, (below, is_apart)) in answers.into_iter().enumerate() {
                text += if is_apart { "\n" } else { "" };
                text += &asked.replace('@', &format!("number {at}")).replace('%', below);
                text += "\n";
            }
            (text, count)
        },
    )
}

/// What opens beside a label, closed or not.
pub(crate) fn block() -> impl Strategy<Value = &'static str> {
    proptest::sample::select([CLOSED, OPEN].concat())
}

/// Something like the answer to a native question: no heading that would end it.
pub(crate) fn answer() -> impl Strategy<Value = String> {
    let all = QUESTIONS.iter().chain(OTHERS).copied();
    let ends = |piece: &str| {
        piece.trim_start_matches('#').len() + 3 >= piece.len() && piece.starts_with('#')
    };
    let kept: Vec<&str> = all.filter(|piece| !ends(piece)).collect();
    pieces(proptest::sample::select(kept), 0..20)
}
