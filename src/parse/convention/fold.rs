//! Content that a page folds away: `<details>` with a `<summary>`, and Obsidian's callouts,
//! `> [!question]- …`.

use std::ops::Range;

use super::candidate::{Row, rows};
use super::document::Document;
use super::prompt::{is_back_link, longest_prefix, plain_text, strip_wrappers};
use super::question_form::{has_question_mark, is_question_like};
use super::vocabulary;

/// A `<details>` element or a callout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parse) struct Fold {
    /// All of it, from `<details>` to `</details>`.
    pub whole: Range<usize>,
    /// The text of the summary, or the title of the callout.
    pub summary: Range<usize>,
    /// The text that is folded away.
    pub content: Range<usize>,
    /// The number of folds around it.
    pub depth: usize,
    /// Whether it is a callout, whose lines begin with `>`.
    pub is_callout: bool,
}

/// The meaning of a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parse) enum SummaryKind {
    /// A label for an answer: `Show answer`.
    Answer,
    /// The name of a part of an answer: `Example`.
    Part,
    /// Any other text, which may be a question.
    Other,
}

impl Fold {
    /// Determines the meaning of its summary.
    pub(in crate::parse) fn summary_kind(&self, text: &str, answers: &[String]) -> SummaryKind {
        let snippet = plain_text(&text[strip_wrappers(text, self.summary.clone())]).to_lowercase();
        let snippet = snippet.trim_matches(|c: char| !c.is_alphanumeric() && c != '?' && c != '？');
        // `3번 정답`, `2nd answer`
        let first =
            snippet.split_once(' ').filter(|(first, _)| first.contains(|c: char| c.is_numeric()));
        let snippet = first.map_or(snippet, |(_, rest)| rest);
        let words = vocabulary::ANSWER.iter().copied().chain(answers.iter().map(String::as_str));
        let numbered = |width: usize| {
            snippet[width..].chars().all(|c| c.is_ascii_digit() || !c.is_alphanumeric())
        };
        if snippet.is_empty()
            || vocabulary::REVEAL.contains(&snippet)
            || longest_prefix(snippet, words).is_some_and(numbered)
        {
            return SummaryKind::Answer;
        }
        if self.is_callout {
            return self.callout_kind(text);
        }
        if has_question_mark(snippet) {
            return SummaryKind::Other;
        }
        let reveals = ["show", "see", "view", "reveal", "toggle", "expand", "click", "open"];
        let is_short = snippet.split_whitespace().count() <= 6;
        if is_short && !snippet.contains("deep") && has_answer_word(snippet) {
            return SummaryKind::Answer;
        }
        let is_part = vocabulary::PART.iter().any(|part| {
            snippet == *part
                || snippet.strip_prefix(part).is_some_and(|rest| rest.starts_with([' ', ':']))
        });
        if is_part || is_back_link(snippet) || reveals.iter().any(|word| snippet.starts_with(word))
        {
            return SummaryKind::Part;
        }
        SummaryKind::Other
    }

    /// Determines the meaning of a callout's title that is no label for an answer. It may be a
    /// question only in a callout of a kind such as `question`.
    fn callout_kind(&self, text: &str) -> SummaryKind {
        let snippet = &text[self.summary.clone()];
        let kind = text[self.whole.start..self.summary.start].to_lowercase();
        let is_question =
            vocabulary::CALLOUT.iter().any(|word| kind.contains(&format!("[!{word}]")));
        let hides =
            || snippet.split_whitespace().count() <= 3 && has_answer_word(&snippet.to_lowercase());
        match is_question && is_question_like(snippet) {
            true => SummaryKind::Other,
            false if !has_question_mark(snippet) && hides() => SummaryKind::Answer,
            false => SummaryKind::Part,
        }
    }

    /// Returns the rows of its content, without the `>` of a callout.
    pub(in crate::parse) fn rows(&self, doc: &Document<'_>) -> Vec<Row> {
        let mut rows = rows(doc, self.content.clone());
        if self.is_callout {
            for row in &mut rows {
                remove_quote_sign(doc.text, row);
            }
        }
        rows
    }
}

/// Removes the `>` of a quote from a row.
pub(in crate::parse) fn remove_quote_sign(text: &str, row: &mut Row) {
    let inner = row.trimmed_range(text);
    if let Some(rest) = text[inner.clone()].strip_prefix('>') {
        row.range.start = inner.end - rest.strip_prefix(' ').unwrap_or(rest).len();
    }
}

/// Returns whether a title holds a word for an answer.
fn has_answer_word(lower: &str) -> bool {
    let hides = ["answer", "solution", "ответ", "respuesta", "resposta", "antwort", "答案"];
    hides.iter().any(|word| lower.contains(word))
}

/// Finds all folds of a document, in order. One without a closing tag ends where the next fold or
/// heading begins.
pub(in crate::parse) fn find_folds(doc: &Document<'_>) -> Vec<Fold> {
    let mut folds: Vec<Fold> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let tags = find_tags(doc);
    for (at, (is_opening, tag)) in tags.iter().enumerate() {
        if *is_opening {
            let next = tags.get(at + 1).map_or(doc.text.len(), |(_, next)| next.start);
            let (summary, content) = parse_summary(doc, tag.end..next);
            open.push(folds.len());
            folds.push(Fold {
                whole: tag.start..usize::MAX,
                summary,
                content: content..usize::MAX,
                depth: 0,
                is_callout: false,
            });
        } else if let Some(at) = open.pop() {
            folds[at].content.end = tag.start.max(folds[at].content.start);
            folds[at].whole.end = tag.end;
        }
    }
    for at in open {
        let start = folds[at].content.start;
        let next = folds[at + 1..].iter().map(|fold| fold.whole.start).find(|next| *next >= start);
        let heading = doc.headings.partition_point(|heading| doc.line_start(heading.line) < start);
        let heading = doc.headings.get(heading).map(|heading| doc.line_start(heading.line));
        let end = [next, heading].into_iter().flatten().min().unwrap_or(doc.text.len());
        folds[at].whole.end = end;
        folds[at].content.end = end;
    }
    folds.extend(find_callouts(doc));
    folds.sort_by_key(|fold| fold.whole.start);
    // One that is within another ends no later.
    let mut around: Vec<usize> = Vec::new();
    for fold in &mut folds {
        while around.pop_if(|end| *end <= fold.whole.start).is_some() {}
        fold.depth = around.len();
        around.push(fold.whole.end);
    }
    folds
}

/// Finds the callouts of a document that have content below their title.
fn find_callouts(doc: &Document<'_>) -> Vec<Fold> {
    let is_quote = |line: usize| doc.line_text(line).starts_with('>');
    let mut found = Vec::new();
    let mut line = 0;
    while line < doc.lines.len() {
        let end = line + (line..doc.lines.len()).take_while(|at| is_quote(*at)).count();
        let summary = doc.open_text(line).strip_prefix('>').and_then(|snippet| {
            let inner = snippet.trim_start().strip_prefix("[!")?;
            let (kind, rest) = inner.split_once(']')?;
            let title = rest.trim_start_matches(['+', '-']).trim_start();
            let at = doc.lines[line].inner.end;
            // A callout without a title shows its kind.
            let kind = at - rest.len() - 1 - kind.len()..at - rest.len() - 1;
            Some(if title.is_empty() { kind } else { at - title.len()..at })
        });
        if let Some(summary) = summary.filter(|_| line + 1 < end) {
            let whole = doc.lines[line].inner.start..doc.lines[end - 1].inner.end;
            let content = doc.line_start(line + 1)..whole.end;
            found.push(Fold { whole, summary, content, depth: 0, is_callout: true });
        }
        line = end.max(line + 1);
    }
    found
}

/// Finds the `<details>` and `</details>` tags outside code; `true` stands for an opening one.
fn find_tags(doc: &Document<'_>) -> Vec<(bool, Range<usize>)> {
    let mut tags = Vec::new();
    for line in doc.lines.iter().filter(|line| !line.is_closed) {
        let snippet = &doc.text[line.inner.clone()];
        if !snippet.contains("details") && !snippet.contains("DETAILS") {
            continue;
        }
        let lower = snippet.to_ascii_lowercase();
        let (mut at, mut seen, mut is_code) = (0, 0, false);
        while let Some(found) = lower[at..].find("details") {
            let word = at + found;
            at = word + "details".len();
            is_code ^= lower[seen..word].bytes().filter(|byte| *byte == b'`').count() % 2 == 1;
            seen = word;
            let is_opening = lower[..word].ends_with('<');
            let is_closing = lower[..word].ends_with("</");
            let is_tag = lower[at..].starts_with(['>', ' ', '/']);
            if is_code || !is_tag || !(is_opening || is_closing) {
                continue;
            }
            let Some(end) = lower[at..].find('>').map(|end| at + end + 1) else { break };
            let start = word - 1 - usize::from(is_closing);
            tags.push((is_opening, line.inner.start + start..line.inner.start + end));
            at = end;
        }
    }
    tags
}

/// Finds the summary of a fold and the beginning of its content, in the text `between` its opening
/// tag and the next tag.
fn parse_summary(doc: &Document<'_>, between: Range<usize>) -> (Range<usize>, usize) {
    let from = between.start;
    let nothing = (from..from, from);
    // A summary comes first, and is not long.
    let mut limit = between.end.min(from + 20_000);
    while !doc.text.is_char_boundary(limit) {
        limit -= 1;
    }
    let rest = &doc.text[from..limit];
    let mut shown = rest.trim_start();
    while let Some(width) = strip_tag(shown, "br").or_else(|| strip_tag(shown, "br/")) {
        shown = shown[width..].trim_start();
    }
    let Some(open) = strip_tag(shown, "summary") else { return nothing };
    let start = from + rest.len() - shown.len() + open;
    let rest = &doc.text[start..limit];
    let lower_end = |name: &str| rest.find(name);
    let end = lower_end("</summary>").or_else(|| lower_end("</SUMMARY>"));
    let stray = || lower_end("<summary>");
    // Some close a summary by opening it again.
    let close = end.map(|end| (end, "</summary>")).or_else(|| Some((stray()?, "<summary>")));
    if let Some((end, tag)) = close {
        return (start..start + end, start + end + tag.len());
    }
    let line = doc.line_at(start);
    let end = doc.lines.get(line).map_or(start, |line| line.inner.end.max(start));
    (start..end, end)
}

/// Returns the width of an opening tag at the beginning of a text.
fn strip_tag(text: &str, name: &str) -> Option<usize> {
    let rest = text.strip_prefix('<')?;
    let is_named = rest.get(..name.len())?.eq_ignore_ascii_case(name);
    let after = &rest[name.len()..];
    let end = after.find('>')?;
    (is_named && (end == 0 || after.starts_with([' ', '\n']))).then_some(1 + name.len() + end + 1)
}
