//! Cloze lines, beside `Q:` and `A:` lines: `C: The [capital] of France is [Paris].`

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, CardBack, Row, RowKind};
use super::recognizer_input::RecognizerInput;
use super::two_sided::side_rows;
use crate::markdown::cloze;
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let begins = |line: usize, word: &str| doc.open_text(line).starts_with(word);
    let count = |word: &str| (0..doc.lines.len()).filter(|line| begins(*line, word)).count();
    let all = count("C:");
    // Options have letters, too.
    let is_choice = count("B:") * 2 >= all || count("D:") * 2 >= all;
    let is_deck = count("Q:") > 0 || input.is_requested || input.is_question_bank || all >= 3;
    if all == 0 || is_choice || !is_deck {
        return Vec::new();
    }
    let (mut candidates, mut has_gaps) = (Vec::new(), false);
    let mut line = 0;
    while line < doc.lines.len() {
        if !begins(line, "C:") || !input.is_free(line) {
            line += 1;
            continue;
        }
        let ends = |line: &usize| {
            let snippet = doc.line_text(*line);
            let begins = ["Q:", "A:", "C:", "<!--"].iter().any(|word| snippet.starts_with(word));
            begins || super::document::is_thematic_break(snippet) || doc.heading_at(*line).is_some()
        };
        let below = (line + 1..doc.lines.len()).find(ends).unwrap_or(doc.lines.len());
        let mut rows = side_rows(doc, line..below);
        rows[0].range.start = doc.lines[line].inner.start + 2;
        while rows.last().is_some_and(|row| row.trimmed(doc.text).is_empty()) {
            rows.pop();
        }
        if !rows.is_empty() {
            let (candidate, count) = make_candidate(input, line, below, rows);
            has_gaps |= count > 0;
            candidates.push(candidate);
        }
        line = below;
    }
    if has_gaps { candidates } else { Vec::new() }
}

/// Makes a candidate of one or more rows, and returns it with the number of clozes in them.
fn make_candidate(
    input: &RecognizerInput<'_>,
    line: usize,
    below: usize,
    mut rows: Vec<Row>,
) -> (Candidate, u16) {
    let text = input.doc.text;
    let mut number = 1;
    for row in rows.iter_mut().filter(|row| !row.is_closed()) {
        row.skips = find_brackets(text, row.range.clone());
        row.skips.truncate(2 * usize::from((cloze::LAST + 1).saturating_sub(number)));
        if !row.skips.is_empty() {
            row.kind = RowKind::Cloze(number);
            number += u16::try_from(row.skips.len() / 2).unwrap_or_default();
        }
    }
    let extent = AnswerExtent::Card(CardBack { below, ..CardBack::default() });
    let convention = Convention::QaLines;
    let asked = if number == 1 { rows.drain(..1).collect() } else { Vec::new() };
    let prompt = asked.iter().map(|row: &Row| row.trimmed_range(text)).collect();
    (Candidate { convention, line, prompt, more: rows, extent }, number - 1)
}

/// Returns the places of the brackets around clozes, in pairs. Those of images, links and code are
/// none.
fn find_brackets(text: &str, range: Range<usize>) -> Vec<usize> {
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
