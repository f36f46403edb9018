//! `START`, the kind of note, its fields and `END`: the notes of `Obsidian_to_Anki`. On one line
//! they are `STARTI [Basic] Front Back: … ENDI`.

use std::ops::Range;

use super::candidate::{Candidate, CardBack, Row, RowKind};
use super::recognizer_input::RecognizerInput;
use super::two_sided::{self, is_schedule};
use super::vocabulary;
use crate::config::clean_tag;
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let mut candidates = Vec::new();
    let mut line = 0;
    while line < doc.lines.len() {
        let snippet = doc.open_text(line);
        let at = doc.lines[line].inner.start;
        if snippet == "START" && input.is_free(line) {
            let is_end = |line: &usize| matches!(doc.open_text(*line), "START" | "END");
            let end = (line + 1..doc.lines.len()).find(is_end);
            let kind = doc.open_text(line + 1);
            let is_note = |end: &usize| doc.open_text(*end) == "END" && *end > line + 2;
            if let Some(end) = end.filter(|end| is_note(end) && !kind.is_empty()) {
                let rows = two_sided::side_rows(doc, line + 2..end);
                candidates.extend(parse_note(input, line..end + 1, kind, rows));
                line = end;
            }
        } else if let Some(inner) = snippet.strip_prefix("STARTI [")
            && let Some(inner) = inner.strip_suffix("ENDI")
            && let Some((kind, text)) = inner.split_once(']')
            && input.is_free(line)
        {
            let start = at + snippet.len() - "ENDI".len() - text.len();
            let rows = split_fields(doc.text, start..start + text.len());
            candidates.extend(parse_note(input, line..line + 1, kind, rows));
        }
        line += 1;
    }
    candidates
}

/// Makes a candidate of the fields of a note.
fn parse_note(
    input: &RecognizerInput<'_>,
    lines: Range<usize>,
    kind: &str,
    rows: Vec<Row>,
) -> Option<Candidate> {
    let text = input.doc.text;
    let (mut front, mut back) = (Vec::new(), CardBack { below: lines.end, ..CardBack::default() });
    let kind = kind.to_lowercase();
    if kind.contains("reversed") {
        back.classes.push("reverse".to_owned());
    }
    if kind.contains("cloze") {
        back.classes.push("cloze".to_owned());
    }
    let mut is_front = true;
    for mut row in rows {
        let snippet = row.trimmed(text);
        let name = snippet.split_once(':').map(|(name, _)| name).filter(|_| !row.is_closed());
        let lower = name.unwrap_or_default().trim().to_lowercase();
        if is_schedule(snippet) || snippet.starts_with("ID:") {
            continue;
        }
        if lower == "tags" {
            let tags =
                snippet[name.unwrap_or_default().len() + 1..].split([' ', ',']).map(clean_tag);
            back.classes.extend(tags.filter(|tag| !tag.is_empty()));
            continue;
        }
        let is_back = vocabulary::BACK.contains(&&*lower);
        if is_back || vocabulary::FRONT.contains(&&*lower) || lower == "text" {
            is_front = !is_back;
            row.range.start = row.trimmed_range(text).start + name.unwrap_or_default().len() + 1;
        }
        if is_front { &mut front } else { &mut back.rows }.push(row);
    }
    two_sided::make_candidate(text, Convention::Cards, lines.start, front, back)
}

/// Splits a note on one line into its fields.
fn split_fields(text: &str, range: Range<usize>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut start = range.start;
    let mut at = start;
    for word in text[range.clone()].split_inclusive(' ') {
        let name = word.trim_end().strip_suffix(':').map(str::to_lowercase);
        let is_field = name.is_some_and(|name| {
            name == "tags"
                || vocabulary::BACK.contains(&&*name)
                || vocabulary::FRONT.contains(&&*name)
        });
        if is_field {
            rows.push(make_row(start..at));
            start = at;
        }
        at += word.len();
    }
    rows.push(make_row(start..range.end));
    rows.retain(|row| !row.trimmed(text).is_empty());
    rows
}

fn make_row(range: Range<usize>) -> Row {
    Row { kind: RowKind::Inline, ..Row::text(range) }
}
