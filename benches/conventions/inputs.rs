//! What is read: questions in every convention, and what may cost more than its length.
//!
//! Each input is a piece of text that is repeated. In it `{n}` is how often it came before,
//! `{fence}` a fence and `{indent}` an indent whose length grows with that for a while, and starts
//! anew.

/// An input of any length.
#[derive(Clone, Copy)]
pub(crate) struct Input {
    pub(crate) name: &'static str,
    /// What stands once above all.
    head: &'static str,
    piece: &'static str,
}

impl Input {
    /// A text of about so many lines; of pieces without a newline there are as many on one line.
    pub(crate) fn lines(&self, lines: usize) -> String {
        let count = lines / self.piece.matches('\n').count().max(1);
        let mut text = self.head.to_owned();
        for at in 0..count {
            let mut rest = self.piece;
            while let Some((before, after)) = rest.split_once('{') {
                text.push_str(before);
                rest = after;
                if let Some(after) = after.strip_prefix("n}") {
                    text.push_str(&at.to_string());
                    rest = after;
                } else if let Some(after) = after.strip_prefix("fence}") {
                    text.push_str(&"`".repeat(3 + at % 300));
                    rest = after;
                } else if let Some(after) = after.strip_prefix("indent}") {
                    text.push_str(&" ".repeat(2 * (at % 100)));
                    rest = after;
                } else {
                    text.push('{');
                }
            }
            text.push_str(rest);
        }
        text
    }
}

/// Every input: the conventions, then each of the others twice, alone and as an answer.
pub(crate) fn all() -> Vec<(String, Input)> {
    let one = |name, head, piece| Input { name, head, piece };
    let known = CONVENTIONS.iter().map(|(name, piece)| one(*name, "", *piece));
    let known = known.map(|input| (input.name.to_owned(), input));
    let alone = OTHERS.iter().map(|(name, piece)| one(*name, "", *piece));
    let alone = alone.map(|input| (format!("alone/{}", input.name), input));
    let told = OTHERS.iter().map(|(name, piece)| one(*name, QUESTIONS, *piece));
    let told = told.map(|input| (format!("answer/{}", input.name), input));
    known.chain(alone).chain(told).collect()
}

const QUESTIONS: &str = "## Q1: What is it?\n\nThis.\n\n## Q2: Why is it so?\n\n";

const CONVENTIONS: &[(&str, &str)] = &[
    ("native", "### Q: What is {n}?\n**Answer:** It is *this* one.\n\n"),
    ("question-word", "## Q{n}. What is it, and why?\n\n**Answer:** It is *this* one.\n\n"),
    ("question-word-bold", "**Q{n}:** What is it?\n\n**A:** It is *this* one.\n\n"),
    ("numbered", "#### {n}) What is it, and why?\n\nIt is *this* one.\n\n"),
    ("numbered-list", "{n}. ### What is it?\n\n    It is *this* one.\n\n"),
    ("details", "<details><summary>{n}. What is it?</summary>\n\nThis one.\n\n</details>\n\n"),
    (
        "spoiler",
        "What is {n}, and why?\n\n<details><summary>Answer</summary>\n\nIt.\n\n</details>\n\n",
    ),
    ("bold", "**What is {n}, and why?** 👶\n\nIt is *this* one.\n\n"),
    ("options", "### Question {n}: Which one?\n\n- [ ] This.\n- [x] That.\n\nBecause.\n\n"),
    ("letters", "##### {n}. Which one?\n\n- A: This\n- B: That\n\n#### Answer: B\n\nBecause.\n\n"),
    ("nested-list", "- **Question**: What is {n}?\n  - **Answer**: It is *this* one.\n"),
    ("qa-lines", "Q: What is {n}?\nA: It is *this* one.\n\n"),
    ("headings", "#### What is {n}?\n\nIt is *this* one.\n\n"),
    ("inline", "What is {n} :: It is *this* one.\n"),
    ("question-mark", "What is {n}\n?\nIt is *this* one.\n\n"),
    ("cards", "What is {n}?\n\n. . .\n\nIt is *this* one.\n\n---\n\n"),
    ("table", "| What is {n}? | It is *this* one. |\n"),
];

const OTHERS: &[(&str, &str)] = &[
    ("details-unclosed", "<details>\n"),
    ("details-closed", "</details>\n"),
    ("details-indented", "{indent}<details>\n"),
    ("details-line", "<details></details>"),
    ("details-word-line", "details "),
    ("details-summaries", "<details><summary>What is {n}?</summary>\n"),
    ("details-code", "<details><summary>\n```\nx\n```\n</summary>\n"),
    ("summary-unclosed", "<details><summary>What is {n}?\n"),
    ("summary-alone", "<summary>\n"),
    ("answer-folds", "<details><summary>Answer</summary>\n"),
    ("folds-within", "<details><summary>Answer</summary>\n<details>\n</details>\n"),
    ("bold", "**\n"),
    ("bold-line", "**"),
    ("bold-labels", "**Word {n}:**\n"),
    ("bold-label-comments", "**Word:** <!-- x\n"),
    ("bold-asking", "**Is it {n}?** x\n"),
    ("boxes", "- [ ]\n"),
    ("boxes-ticked", "- [x] x {n}\n"),
    ("letters", "A.\n"),
    ("letters-list", "- A: x\n"),
    ("answer-items", "- Answer: x\n"),
    ("asked", "Q:\n"),
    ("asked-answered", "Q: x? A: y **A:** z\n"),
    ("answers", "Answer:\n"),
    ("answer-headings", "### Answer\n"),
    ("numbered-headings", "1. ### x\n"),
    ("fences-growing", "{fence}\n"),
    ("fences-growing-words", "{fence} word\n"),
    ("fences-shrinking", "````` a\nx\n```` a\nx\n``` a\n"),
    ("fences-list", "- ```\n"),
    ("fences-quoted", "> ```\n"),
    ("tildes", "~~~ a\n"),
    ("backticks-line", "`` ` ``` "),
    ("comments", "<!--\n"),
    ("comments-line", "<!--"),
    ("comments-closed", "-->\n"),
    ("pre", "<pre\n"),
    ("pre-closed", "<pre>\nx\n</pre\n"),
    ("script", "<script>\n"),
    ("quotes", "> x\n"),
    ("quotes-nested", "> > > > > > > > x\n"),
    ("quotes-line", "> "),
    ("definitions", "[x{n}]: y\n"),
    ("definitions-same", "[x]: y\n"),
    ("references", "[x{n}][x{n}]\n"),
    ("footnotes", "[^{n}]: x [^{n}]\n\n"),
    ("pipes", "|\n"),
    ("pipes-line", "|"),
    ("tables", "| a | b |\n|---|---|\n| c | d |\n"),
    ("rules", "---\n"),
    ("rules-apart", "x {n}\n\n---\n\n"),
    ("colons", "::\n"),
    ("colons-line", ":a:"),
    ("colons-inline", "a :: b\n"),
    ("terms", "Term {n}\n: means\n"),
    ("hashes", "#\n"),
    ("hashes-line", "#"),
    ("headings", "## Word {n}\n"),
    ("headings-deep", "###### Is it {n}?\n"),
    ("headings-indented", "{indent}## Word {n}\n"),
    ("headings-html", "<h3>Is it?</h3>\n"),
    ("lists-deep", "{indent}- x\n"),
    ("lists-asking", "{indent}- Is it {n}?\n"),
    ("lists-line", "- "),
    ("numbers-line", "1. "),
    ("items", "- x\n\n"),
    ("items-far", "- Is it?\n\n  x\n\n"),
    ("tags-line", "<b>"),
    ("tags-apart-line", "<b> "),
    ("tags-closed-line", "</b>"),
    ("tags-around-line", "<b></b>"),
    ("anchors-line", "<a id=\"x\">"),
    ("anchors-empty-line", "<a id=\"x\"></a>"),
    ("anchors-end-line", "<a href=\"#top\">top</a>"),
    ("angles-line", "<a"),
    ("breaks-line", "<br>"),
    ("breaks", "<br>\n"),
    ("tags", "<b>\n"),
    ("divs", "<div>\n"),
    ("divs-closed", "</div>\n"),
    ("pictures", "<img src=\"x.png\">\n"),
    ("pictures-line", "<img src=\"x.png\">"),
    ("prose-line", "word words of a line that has no end, not even one "),
    ("digits-line", "1"),
    ("asking-line", "is it? "),
    ("underlines", "x\n=\n"),
    ("underlines-apart", "x\n===\n\n"),
    ("equals", "=\n"),
    ("brackets-line", "["),
    ("brackets-closed-line", "]("),
    ("brackets", "[[[[\n"),
    ("links-line", "[a](#b)"),
    ("links-top", "[Back to top](#top)\n"),
    ("links-top-apart", "[⬆](#top)\n\n"),
    ("emoji", "🎉 😀 🔝\n"),
    ("emoji-line", "🎉"),
    ("keycaps-line", "1️⃣"),
    ("blank", "\n"),
    ("blank-spaces", "    \n"),
    ("code-indented", "\n    x\n"),
    ("carriage-returns", "x\r\n"),
    ("backslashes", "\\\n"),
    ("backslashes-line", "\\"),
    ("brackets-math-line", "\\(x\\) "),
    ("brackets-math-open-line", "\\("),
    ("dollars-line", "$"),
    ("dollars-apart-line", "$x "),
    ("dollars-math-line", "$x$ a$b "),
    ("dollars", "costs $5 and $x$\n"),
    ("braces-line", "{{c1::"),
    ("highlights-line", "==x "),
    ("stars-line", "*a "),
    ("underscores-line", "_a _"),
    ("nul", "\0\n"),
    ("placeholders", "TODO\n"),
    ("back-words", "top\n"),
];
