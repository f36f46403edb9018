//! `<details>` with a `<summary>`, and the callouts of Obsidian, `> [!question]- …`: what a page folds
//! away.

use std::ops::Range;

use super::candidate::{Row, rows};
use super::document::Document;
use super::prompt::{asks, has_mark, is_back, longest, plain, unwrapped};
use super::vocabulary;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parse) struct Fold {
    /// From `<details>` to `</details>`, both included.
    pub whole: Range<usize>,
    /// What the summary says.
    pub summary: Range<usize>,
    /// What is folded away.
    pub content: Range<usize>,
    /// How many are around it.
    pub depth: usize,
    /// Whether it is a callout, whose lines are those of a quote.
    pub is_callout: bool,
}

/// What a summary is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parse) enum Summary {
    /// It says no more than that an answer is below.
    Answer,
    /// It names a part of an answer.
    Part,
    /// It says something of its own.
    Own,
}

impl Fold {
    /// What its summary is.
    pub(in crate::parse) fn means(&self, text: &str, answers: &[String]) -> Summary {
        let says = plain(&text[unwrapped(text, self.summary.clone())]).to_lowercase();
        let says = says.trim_matches(|c: char| !c.is_alphanumeric() && c != '?' && c != '？');
        // `3번 정답`, `2nd answer`
        let first =
            says.split_once(' ').filter(|(first, _)| first.contains(|c: char| c.is_numeric()));
        let says = first.map_or(says, |(_, rest)| rest);
        let words = vocabulary::ANSWER.iter().copied().chain(answers.iter().map(String::as_str));
        let numbered = |width: usize| {
            says[width..].chars().all(|c| c.is_ascii_digit() || !c.is_alphanumeric())
        };
        if says.is_empty()
            || vocabulary::REVEAL.contains(&says)
            || longest(says, words).is_some_and(numbered)
        {
            return Summary::Answer;
        }
        if self.is_callout {
            return self.callout(text);
        }
        if has_mark(says) {
            return Summary::Own;
        }
        let reveals = ["show", "see", "view", "reveal", "toggle", "expand", "click", "open"];
        let is_short = says.split_whitespace().count() <= 6;
        if is_short && !says.contains("deep") && answer_within(says) {
            return Summary::Answer;
        }
        let is_part = vocabulary::PART.iter().any(|part| {
            says == *part
                || says.strip_prefix(part).is_some_and(|rest| rest.starts_with([' ', ':']))
        });
        if is_part || is_back(says) || reveals.iter().any(|word| says.starts_with(word)) {
            return Summary::Part;
        }
        Summary::Own
    }

    /// What a callout is whose title is more than a word for an answer: it asks if it is of a kind that
    /// does and its title does.
    fn callout(&self, text: &str) -> Summary {
        let says = &text[self.summary.clone()];
        let kind = text[self.whole.start..self.summary.start].to_lowercase();
        let is_question =
            vocabulary::CALLOUT.iter().any(|word| kind.contains(&format!("[!{word}]")));
        let hides = || says.split_whitespace().count() <= 3 && answer_within(&says.to_lowercase());
        match is_question && asks(says) {
            true => Summary::Own,
            false if !has_mark(says) && hides() => Summary::Answer,
            false => Summary::Part,
        }
    }

    /// The rows of what is folded away, without the signs of a quote around it.
    pub(in crate::parse) fn rows(&self, doc: &Document<'_>) -> Vec<Row> {
        let mut rows = rows(doc, self.content.clone());
        if self.is_callout {
            for row in &mut rows {
                unquote(doc.text, row);
            }
        }
        rows
    }
}

/// Takes the sign of a quote off a row.
pub(in crate::parse) fn unquote(text: &str, row: &mut Row) {
    let inner = row.inner(text);
    if let Some(rest) = text[inner.clone()].strip_prefix('>') {
        row.range.start = inner.end - rest.strip_prefix(' ').unwrap_or(rest).len();
    }
}

/// Whether a title holds a word for an answer.
fn answer_within(lower: &str) -> bool {
    let hides = ["answer", "solution", "ответ", "respuesta", "resposta", "antwort", "答案"];
    hides.iter().any(|word| lower.contains(word))
}

/// All folds of a document, in order. One that nobody closes ends where the next begins.
pub(in crate::parse) fn folds(doc: &Document<'_>) -> Vec<Fold> {
    let mut folds: Vec<Fold> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let tags = tags(doc);
    for (at, (is_opening, tag)) in tags.iter().enumerate() {
        if *is_opening {
            let next = tags.get(at + 1).map_or(doc.text.len(), |(_, next)| next.start);
            let (summary, content) = summary(doc, tag.end..next);
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
        let heading = doc.headings.partition_point(|heading| doc.start(heading.line) < start);
        let heading = doc.headings.get(heading).map(|heading| doc.start(heading.line));
        let end = [next, heading].into_iter().flatten().min().unwrap_or(doc.text.len());
        folds[at].whole.end = end;
        folds[at].content.end = end;
    }
    folds.extend(callouts(doc));
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

/// The quotes that begin with the kind of a callout in brackets and have something below its title.
fn callouts(doc: &Document<'_>) -> Vec<Fold> {
    let is_quote = |line: usize| doc.line(line).starts_with('>');
    let mut found = Vec::new();
    let mut line = 0;
    while line < doc.lines.len() {
        let end = line + (line..doc.lines.len()).take_while(|at| is_quote(*at)).count();
        let summary = doc.open(line).strip_prefix('>').and_then(|says| {
            let inner = says.trim_start().strip_prefix("[!")?;
            let (kind, rest) = inner.split_once(']')?;
            let title = rest.trim_start_matches(['+', '-']).trim_start();
            let at = doc.lines[line].inner.end;
            // Without a title its kind is one.
            let kind = at - rest.len() - 1 - kind.len()..at - rest.len() - 1;
            Some(if title.is_empty() { kind } else { at - title.len()..at })
        });
        if let Some(summary) = summary.filter(|_| line + 1 < end) {
            let whole = doc.lines[line].inner.start..doc.lines[end - 1].inner.end;
            let content = doc.start(line + 1)..whole.end;
            found.push(Fold { whole, summary, content, depth: 0, is_callout: true });
        }
        line = end.max(line + 1);
    }
    found
}

/// Every tag of a fold outside code, and whether it opens.
fn tags(doc: &Document<'_>) -> Vec<(bool, Range<usize>)> {
    let mut tags = Vec::new();
    for line in doc.lines.iter().filter(|line| !line.is_closed) {
        let says = &doc.text[line.inner.clone()];
        if !says.contains("details") && !says.contains("DETAILS") {
            continue;
        }
        let lower = says.to_ascii_lowercase();
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

/// The summary of a fold, and where its content begins: somewhere between its tag and the next.
fn summary(doc: &Document<'_>, between: Range<usize>) -> (Range<usize>, usize) {
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
    let line = doc.line_of(start);
    let end = doc.lines.get(line).map_or(start, |line| line.inner.end.max(start));
    (start..end, end)
}

/// The width of an opening tag at the beginning of a text.
fn strip_tag(text: &str, name: &str) -> Option<usize> {
    let rest = text.strip_prefix('<')?;
    let is_named = rest.get(..name.len())?.eq_ignore_ascii_case(name);
    let after = &rest[name.len()..];
    let end = after.find('>')?;
    (is_named && (end == 0 || after.starts_with([' ', '\n']))).then_some(1 + name.len() + end + 1)
}
