//! A `?` on a line of its own between a question and its answer; `??` asks both ways.
//!
//! Both sides end at a blank line, but for code, which may hold some; where the file ends its
//! cards with `+++`, the answer ends there. A card may be in a quote.

use std::ops::Range;

use super::candidate::{Candidate, CardBack};
use super::document::is_thematic_break;
use super::fold::unquote;
use super::inline;
use super::recognizer_input::RecognizerInput;
use super::two_sided::{self, is_schedule, side};
use crate::model::Convention;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let signs: Vec<usize> = (0..doc.lines.len())
        .filter(|line| matches!(unquoted(doc.open(*line)), "?" | "??") && search.is_free(*line))
        .collect();
    let ends = (0..doc.lines.len()).any(|line| doc.open(line) == "+++");
    let lines: Vec<usize> = match &signs[..] {
        [] => Vec::new(),
        _ => inline::find(search).into_iter().map(|mark| mark.line).collect(),
    };
    let mut marks = Vec::new();
    let mut floor = 0;
    for (at, sign) in signs.iter().copied().enumerate() {
        let next = signs.get(at + 1).copied().unwrap_or(doc.lines.len());
        let Some(first) = first(search, sign, floor, &lines) else { continue };
        let below = below(search, sign, next, ends);
        let is_quote = doc.line(sign).starts_with('>');
        let is_both = unquoted(doc.open(sign)) == "??";
        let classes = if is_both { vec!["reverse".to_owned()] } else { Vec::new() };
        let side = |lines: Range<usize>| {
            let mut rows = side(doc, lines);
            rows.iter_mut().filter(|_| is_quote).for_each(|row| unquote(doc.text, row));
            rows
        };
        let back = CardBack { rows: side(sign + 1..below), below, classes, ..CardBack::default() };
        let front = side(first..sign);
        marks.extend(two_sided::mark(doc.text, Convention::QuestionMark, first, front, back));
        floor = below;
    }
    let enough =
        if search.is_told || search.is_bank || two_sided::is_tagged(search) { 1 } else { 2 };
    if marks.len() >= enough { marks } else { Vec::new() }
}

/// A line without the sign of a quote before it.
fn unquoted(says: &str) -> &str {
    says.strip_prefix('>').map_or(says, str::trim_start)
}

/// Where the question above a sign begins; of some lines each is a card by itself.
fn first(
    search: &RecognizerInput<'_>,
    sign: usize,
    floor: usize,
    cards: &[usize],
) -> Option<usize> {
    let doc = search.doc;
    let mut first = None;
    for line in (floor..sign).rev() {
        let says = doc.line(line);
        let is_gap = says.is_empty() && !doc.lines[line].is_closed;
        if is_gap && first.is_none() && line + 1 == sign {
            continue;
        }
        if is_gap
            || is_schedule(says)
            || matches!(unquoted(says), "?" | "??")
            || !search.is_free(line)
        {
            break;
        }
        if doc.heading(line).is_some() {
            return first.or(Some(line));
        }
        let is_card = first.is_some() && cards.binary_search(&line).is_ok();
        if is_card || (is_thematic_break(says) && !doc.lines[line].is_closed) {
            break;
        }
        first = Some(line);
    }
    first
}

/// The line below an answer.
fn below(search: &RecognizerInput<'_>, sign: usize, next: usize, ends: bool) -> usize {
    let doc = search.doc;
    let start = doc.visible(sign + 1).min(sign + 2);
    let lines = start..next;
    if ends && let Some(end) = lines.clone().find(|line| doc.open(*line) == "+++") {
        return end;
    }
    for line in lines {
        let says = doc.line(line);
        let fenced = doc.lines[line].is_closed && !says.starts_with("<!--");
        let is_end = says.is_empty()
            || is_schedule(says)
            || doc.heading(line).is_some()
            || is_thematic_break(says);
        if is_end && !fenced {
            return line;
        }
    }
    next
}
