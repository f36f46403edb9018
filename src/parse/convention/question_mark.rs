//! Cards with `?` on a line of its own between question and answer; `??` makes a reversed card,
//! too.
//!
//! Both sides end at a blank line outside code; in a file with `+++` lines, answers end there. A
//! card may be in a quote.

use std::ops::Range;

use super::candidate::{Candidate, CardBack};
use super::document::is_thematic_break;
use super::fold::remove_quote_sign;
use super::inline;
use super::recognizer_input::RecognizerInput;
use super::two_sided::{self, is_schedule, side_rows};
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let signs: Vec<usize> = (0..doc.lines.len())
        .filter(|line| matches!(unquoted(doc.open_text(*line)), "?" | "??") && input.is_free(*line))
        .collect();
    let ends = (0..doc.lines.len()).any(|line| doc.open_text(line) == "+++");
    let lines: Vec<usize> = match &signs[..] {
        [] => Vec::new(),
        _ => inline::find(input).into_iter().map(|candidate| candidate.line).collect(),
    };
    let mut candidates = Vec::new();
    let mut floor = 0;
    for (at, sign) in signs.iter().copied().enumerate() {
        let next = signs.get(at + 1).copied().unwrap_or(doc.lines.len());
        let Some(first) = first(input, sign, floor, &lines) else { continue };
        let below = below(input, sign, next, ends);
        let is_quote = doc.line_text(sign).starts_with('>');
        let is_both = unquoted(doc.open_text(sign)) == "??";
        let classes = if is_both { vec!["reverse".to_owned()] } else { Vec::new() };
        let side = |lines: Range<usize>| {
            let mut rows = side_rows(doc, lines);
            rows.iter_mut().filter(|_| is_quote).for_each(|row| remove_quote_sign(doc.text, row));
            rows
        };
        let back = CardBack { rows: side(sign + 1..below), below, classes, ..CardBack::default() };
        let front = side(first..sign);
        candidates.extend(two_sided::make_candidate(
            doc.text,
            Convention::QuestionMark,
            first,
            front,
            back,
        ));
        floor = below;
    }
    let enough = if input.is_requested || input.is_question_bank || two_sided::is_tagged(input) {
        1
    } else {
        2
    };
    if candidates.len() >= enough { candidates } else { Vec::new() }
}

/// Returns a line without the `>` of a quote.
fn unquoted(snippet: &str) -> &str {
    snippet.strip_prefix('>').map_or(snippet, str::trim_start)
}

/// Finds the line that the question above a `?` begins on; the lines `cards` are cards by
/// themselves.
fn first(input: &RecognizerInput<'_>, sign: usize, floor: usize, cards: &[usize]) -> Option<usize> {
    let doc = input.doc;
    let mut first = None;
    for line in (floor..sign).rev() {
        let snippet = doc.line_text(line);
        let is_gap = snippet.is_empty() && !doc.lines[line].is_closed;
        if is_gap && first.is_none() && line + 1 == sign {
            continue;
        }
        if is_gap
            || is_schedule(snippet)
            || matches!(unquoted(snippet), "?" | "??")
            || !input.is_free(line)
        {
            break;
        }
        if doc.heading_at(line).is_some() {
            return first.or(Some(line));
        }
        let is_card = first.is_some() && cards.binary_search(&line).is_ok();
        if is_card || (is_thematic_break(snippet) && !doc.lines[line].is_closed) {
            break;
        }
        first = Some(line);
    }
    first
}

/// Returns the line below an answer.
fn below(input: &RecognizerInput<'_>, sign: usize, next: usize, ends: bool) -> usize {
    let doc = input.doc;
    let start = doc.next_nonblank(sign + 1).min(sign + 2);
    let lines = start..next;
    if ends && let Some(end) = lines.clone().find(|line| doc.open_text(*line) == "+++") {
        return end;
    }
    for line in lines {
        let snippet = doc.line_text(line);
        let fenced = doc.lines[line].is_closed && !snippet.starts_with("<!--");
        let is_end = snippet.is_empty()
            || is_schedule(snippet)
            || doc.heading_at(line).is_some()
            || is_thematic_break(snippet);
        if is_end && !fenced {
            return line;
        }
    }
    next
}
