//! List items that ask and answer in one: `- What is a bend? -> It joins two ropes.`
//!
//! Any item may ask a question and go on. So nearly all items of a section must be like this, and
//! the file or the heading above them must promise questions, or the file consist of them. Without
//! an arrow, a dash or a colon between question and answer, all items must be.
//!
//! ```text
//! 1. What is a bend? It joins two ropes.
//! 2. *What is a hitch?* → It ties a rope to a thing.
//! ```

use std::collections::BTreeMap;
use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, Row, rows};
use super::document::{Document, is_thematic_break, marker};
use super::heuristics::{self, find_link_target};
use super::prompt::{number_width, strip_decoration, strip_wrappers};
use super::question_form::in_brackets;
use super::recognizer_input::RecognizerInput;
use super::vocabulary::{self, MARKS};
use crate::model::Convention;

/// How many such items a section must have.
const ENOUGH: usize = 3;

/// How many it must have if nothing else stands between question and answer than a space.
const MANY: usize = 5;

/// What may stand between a question and its answer.
const SEPARATORS: &[&str] = &["->", "=>", "→", "⇒", "➜", "—", "–", "-", ":", "：", "="];

/// Those that stand between nothing else.
const ARROWS: &[&str] = &["->", "=>", "→", "⇒", "➜"];

/// What may close behind a question mark.
const CLOSING: &[char] = &['*', '_', '`', '"', '”', '»', ')', '）', '」'];

/// An item of a list.
struct Item {
    line: usize,
    width: usize,
    split: Option<Split>,
}

/// The question and the answer of an item.
struct Split {
    prompt: Range<usize>,
    answer: Range<usize>,
    /// The sign between them, if there is one.
    sign: Option<&'static str>,
}

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let mut sections: BTreeMap<usize, Vec<Item>> = BTreeMap::new();
    for line in 0..doc.lines.len() {
        let Some(width) = marker(doc.open_text(line)).filter(|_| input.is_free(line)) else {
            continue;
        };
        if doc.lines[line].column <= 1 && doc.heading_at(line).is_none() {
            let section = doc.headings.partition_point(|heading| heading.line <= line);
            let split = split_line(doc, line, width);
            sections.entry(section).or_default().push(Item { line, width, split });
        }
    }
    let mut candidates = Vec::new();
    for (section, items) in sections {
        let splits = || items.iter().filter_map(|item| item.split.as_ref());
        let count = splits().count();
        let separated = splits().filter(|split| split.sign.is_some()).count();
        let is_clear = separated * 5 >= count * 4 && count * 5 >= items.len() * 4;
        if !input.is_requested
            && (count < ENOUGH || !(is_clear || (count == items.len() && count >= MANY)))
        {
            continue;
        }
        let arrow = splits().find_map(|split| split.sign).filter(|sign| ARROWS.contains(sign));
        // The others are questions, too, if the same arrow is in them.
        let split = |mut item: Item| {
            let at_arrow = |sign| split_at_arrow(doc, item.line, item.width, sign);
            item.split = item.split.or_else(|| arrow.and_then(at_arrow));
            make_candidate(doc, item)
        };
        let own: Vec<Candidate> = items.into_iter().filter_map(split).collect();
        let title = section.checked_sub(1).map(|at| doc.plain_title(&doc.headings[at]));
        let is_promised = title.is_some_and(|title| {
            let lower = title.to_lowercase();
            vocabulary::BANK.iter().any(|word| lower.contains(word))
        });
        if input.is_requested
            || input.is_question_bank
            || is_promised
            || heuristics::covers_enough(input, &own, 2)
        {
            candidates.extend(own);
        }
    }
    candidates
}

/// Splits an item behind its question. Several questions in a row are one.
fn split_line(doc: &Document<'_>, line: usize, width: usize) -> Option<Split> {
    let inner = doc.lines[line].inner.clone();
    let start = inner.start + width;
    let snippet = &doc.text[start..inner.end];
    // Bold questions have a recognizer of their own.
    if snippet.starts_with("**") || snippet.starts_with("__") || snippet.starts_with('<') {
        return None;
    }
    let mut cut = find_mark(snippet, 0)?;
    let is_second_sentence = snippet[..cut].contains(". ");
    while let Some(next) = find_mark(snippet, cut) {
        let between = &snippet[cut..next];
        let opens = SEPARATORS.iter().any(|sign| between.trim_start().starts_with(sign));
        if opens || between.contains(['.', '!', '。', '`']) {
            break;
        }
        cut = next;
    }
    let shown = &snippet[cut..];
    let gap = shown.len() - shown.trim_start().len();
    let mut rest = shown.trim_start();
    let is_apart = gap > 0 || !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    let mut found = None;
    while let Some(sign) = SEPARATORS.iter().find(|sign| rest.starts_with(**sign)) {
        rest = rest[sign.len()..].trim_start();
        found = found.or(Some(*sign));
    }
    let has_text = rest.contains(char::is_alphanumeric) && !(is_second_sentence && found.is_none());
    if !is_apart || !has_text || in_brackets(rest) || find_link_target(rest).is_some() {
        return None;
    }
    let prompt = strip_signs(doc.text, start..start + cut);
    Some(Split { prompt, answer: inner.end - rest.len()..inner.end, sign: found })
}

/// Splits an item at an arrow, whatever stands before it.
fn split_at_arrow(
    doc: &Document<'_>,
    line: usize,
    width: usize,
    arrow: &'static str,
) -> Option<Split> {
    let inner = doc.lines[line].inner.clone();
    let start = inner.start + width;
    let (before, behind) = doc.text[start..inner.end].split_once(arrow)?;
    let prompt = strip_signs(doc.text, start..start + before.trim_end().len());
    let answer = inner.end - behind.trim_start().len()..inner.end;
    (!prompt.is_empty() && !answer.is_empty()).then_some(Split {
        prompt,
        answer,
        sign: Some(arrow),
    })
}

/// Finds the end of the next question from a byte on, behind what closes after its mark.
fn find_mark(snippet: &str, from: usize) -> Option<usize> {
    let at = from + snippet[from..].find(MARKS)?;
    let behind = snippet[at..].trim_start_matches(MARKS).trim_start_matches(CLOSING);
    let end = snippet.len() - behind.len();
    // The mark in an address or in code is none.
    let is_end = !behind.starts_with(|c: char| c.is_ascii_alphanumeric() || "/.,=&".contains(c));
    is_end.then_some(end)
}

/// Strips decoration, emphasis and the signs of code from around a whole text.
fn strip_signs(text: &str, range: Range<usize>) -> Range<usize> {
    let range = strip_decoration(text, strip_wrappers(text, range));
    let snippet = &text[range.clone()];
    let inner = snippet.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
    let is_whole = inner.is_some_and(|inner| !inner.is_empty() && !inner.contains('`'));
    if is_whole { range.start + 1..range.end - 1 } else { range }
}

fn make_candidate(doc: &Document<'_>, item: Item) -> Option<Candidate> {
    let Item { line, width, split } = item;
    let Split { mut prompt, answer, .. } = split?;
    prompt.start += number_width(&doc.text[prompt.clone()]).unwrap_or_default();
    let column = doc.lines[line].column + width;
    let below = find_end(doc, line, column);
    let mut all = vec![Row::text(answer)];
    all.extend(rows(doc, doc.line_start(line + 1)..doc.line_start(below)));
    Some(Candidate {
        convention: Convention::NestedList,
        line,
        prompt: vec![prompt],
        more: Vec::new(),
        extent: AnswerExtent::Within { rows: all, column, below },
    })
}

/// Returns the line below an item whose text begins in a column.
fn find_end(doc: &Document<'_>, line: usize, column: usize) -> usize {
    let mut last = line;
    for next in line + 1..doc.lines.len() {
        let snippet = doc.line_text(next);
        if snippet.is_empty() {
            continue;
        }
        let is_lazy = last + 1 == next && marker(snippet).is_none() && !is_thematic_break(snippet);
        let is_inside = doc.lines[next].column >= column.min(2) || is_lazy;
        if doc.heading_at(next).is_some() || !is_inside {
            break;
        }
        last = next;
    }
    last + 1
}
