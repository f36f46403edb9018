//! `C: The [capital] of France is [Paris].`, beside `Q:` and `A:` lines: a text with gaps.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, CardBack, Row, RowKind};
use super::recognizer_input::RecognizerInput;
use super::two_sided::side;
use crate::markdown::cloze;
use crate::model::Convention;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let begins = |line: usize, word: &str| doc.open(line).starts_with(word);
    let count = |word: &str| (0..doc.lines.len()).filter(|line| begins(*line, word)).count();
    let all = count("C:");
    // Options have letters, too.
    let is_choice = count("B:") * 2 >= all || count("D:") * 2 >= all;
    let is_deck = count("Q:") > 0 || search.is_told || search.is_bank || all >= 3;
    if all == 0 || is_choice || !is_deck {
        return Vec::new();
    }
    let (mut marks, mut has_gaps) = (Vec::new(), false);
    let mut line = 0;
    while line < doc.lines.len() {
        if !begins(line, "C:") || !search.is_free(line) {
            line += 1;
            continue;
        }
        let ends = |line: &usize| {
            let says = doc.line(*line);
            let begins = ["Q:", "A:", "C:", "<!--"].iter().any(|word| says.starts_with(word));
            begins || super::document::is_thematic_break(says) || doc.heading(*line).is_some()
        };
        let below = (line + 1..doc.lines.len()).find(ends).unwrap_or(doc.lines.len());
        let mut rows = side(doc, line..below);
        rows[0].range.start = doc.lines[line].inner.start + 2;
        let (mark, count) = mark(search, line, below, rows);
        has_gaps |= count > 0;
        marks.push(mark);
        line = below;
    }
    if has_gaps { marks } else { Vec::new() }
}

/// A question of some rows, and how many gaps there are in them; without any it has no answer.
fn mark(
    search: &RecognizerInput<'_>,
    line: usize,
    below: usize,
    mut rows: Vec<Row>,
) -> (Candidate, u16) {
    let text = search.doc.text;
    while rows.last().is_some_and(|row| row.says(text).is_empty()) {
        rows.pop();
    }
    let mut number = 1;
    for row in rows.iter_mut().filter(|row| !row.is_closed()) {
        row.skips = gaps(text, row.range.clone());
        row.skips.truncate(2 * usize::from((cloze::LAST + 1).saturating_sub(number)));
        if !row.skips.is_empty() {
            row.kind = RowKind::ClozeMode(number);
            number += u16::try_from(row.skips.len() / 2).unwrap_or_default();
        }
    }
    let extent = AnswerExtent::Card(CardBack { below, ..CardBack::default() });
    let convention = Convention::QaLines;
    let asked = if number == 1 { rows.drain(..1).collect() } else { Vec::new() };
    let prompt = asked.iter().map(|row: &Row| row.inner(text)).collect();
    (Candidate { convention, line, prompt, more: rows, extent }, number - 1)
}

/// The brackets around gaps, each opening one before the one that closes it. Those of a picture, a
/// link or code are none.
fn gaps(text: &str, range: Range<usize>) -> Vec<usize> {
    let bytes = &text.as_bytes()[..range.end];
    let mut found = Vec::new();
    let mut open = None;
    let (mut is_code, mut at) = (false, range.start);
    while at < range.end {
        match bytes[at] {
            b'\\' => at += 1,
            b'`' => is_code = !is_code,
            b'[' if !is_code && open.is_none() => {
                open = Some((at, at > range.start && bytes[at - 1] == b'!'));
            }
            b']' if !is_code => {
                let is_link = bytes.get(at + 1) == Some(&b'(');
                if let Some((start, is_picture)) = open.take()
                    && !is_picture
                    && !is_link
                    && at > start + 1
                {
                    found.extend([start, at]);
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}
