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

/// Something like the answer to a native question: no heading that would end it.
pub(crate) fn answer() -> impl Strategy<Value = String> {
    let all = QUESTIONS.iter().chain(OTHERS).copied();
    let ends = |piece: &str| {
        piece.trim_start_matches('#').len() + 3 >= piece.len() && piece.starts_with('#')
    };
    let kept: Vec<&str> = all.filter(|piece| !ends(piece)).collect();
    pieces(proptest::sample::select(kept), 0..20)
}
