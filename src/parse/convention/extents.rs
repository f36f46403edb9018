//! Where the answers of questions end.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, CardBack};
use super::document::{self, Document, Heading};
use super::heuristics;
use super::labels;
use super::parts::Parts;
use super::two_sided;
use crate::config::Config;

/// The line below each question.
pub(super) fn limits(doc: &Document<'_>, marks: &[Candidate], config: &Config) -> Vec<usize> {
    let topic = topic_level(doc, marks);
    let last = marks.last().map_or(0, |mark| mark.line);
    let mut ends = Vec::with_capacity(marks.len());
    for (at, mark) in marks.iter().enumerate() {
        let next = marks.get(at + 1).map_or_else(|| heuristics::footer(doc), |next| next.line);
        let end = match &mark.extent {
            AnswerExtent::Within { below, .. } | AnswerExtent::Card(CardBack { below, .. }) => {
                (*below).min(next.max(mark.line + 1))
            }
            AnswerExtent::Below { line, level, column, beside, .. } => {
                let is_text = *level == 7;
                let from = doc.headings.partition_point(|heading| heading.line < *line);
                let mut inside = doc.headings[from..].iter().take_while(|h| h.line < next);
                let own = doc.heading(mark.line).map(|heading| heading.level);
                let is_above = *level == 7 && own.is_some();
                let level = if *level == 7 { own.unwrap_or(topic) + 1 } else { *level };
                let is_within_file = is_above || mark.line < last;
                let mut parts = Parts::new(doc, &config.answer_labels);
                let ends = |heading: &&Heading| {
                    !parts.hold(heading)
                        && ends_answer(doc, heading, level, *column, next, is_within_file)
                };
                let end = inside.find(ends).map_or(next, |heading| heading.line);
                let cut = is_text.then(|| end_of(doc, *line..end, !beside.is_empty(), config));
                cut.flatten().unwrap_or(end)
            }
        };
        ends.push(end);
    }
    ends
}

/// The line that ends the answer in some lines: a rule, or what a scheduler leaves below a card. A
/// rule above what says that the answer follows is only drawn across the question.
fn end_of(
    doc: &Document<'_>,
    lines: Range<usize>,
    is_answered: bool,
    config: &Config,
) -> Option<usize> {
    let is_label = |line: &usize| labels::answer(doc.open(*line), &config.answer_labels).is_some();
    let mut has_text = is_answered;
    let mut label: Option<Option<usize>> = None;
    if is_answered && two_sided::has_schedule(doc.line(lines.start - 1)) {
        return Some(lines.start);
    }
    for at in lines.clone() {
        let says = doc.line(at);
        let is_code = doc.lines[at].is_closed && !says.starts_with("<!--");
        let is_rule = || document::is_thematic_break(says) && doc.lines[at].column < 2;
        if is_code || says.is_empty() {
            has_text |= is_code;
        } else if two_sided::has_schedule(says) && !two_sided::is_schedule(says) {
            return Some(at + 1);
        } else if !has_text {
            has_text = true;
        } else if two_sided::is_schedule(says) {
            return Some(at);
        } else if is_rule() {
            let first = || lines.clone().find(is_label);
            let is_above = label.get_or_insert_with(first).is_none_or(|label| label < at);
            if is_answered || is_above {
                return Some(at);
            }
        }
    }
    None
}

/// Whether a heading ends the answer to a question of a level above it.
fn ends_answer(
    doc: &Document<'_>,
    heading: &Heading,
    level: usize,
    column: usize,
    next: usize,
    is_within_file: bool,
) -> bool {
    if heading.is_item {
        // The next item of the list that the question is in.
        return column > 0 && heading.column <= column;
    }
    if heading.level > level || (column > 0 && heading.column >= column.min(2)) {
        return false;
    }
    if heading.level < level {
        return true;
    }
    // One of the same level with text of its own, between two questions, is part of the answer.
    let below = doc.visible(heading.below);
    let is_bare =
        below >= next || doc.heading(below).is_some_and(|below| below.level <= heading.level);
    is_bare || !is_within_file || heuristics::is_noise(doc, heading)
}

/// The deepest level of a heading right above a question that is itself no heading.
fn topic_level(doc: &Document<'_>, marks: &[Candidate]) -> usize {
    let is_text = |mark: &&Candidate| {
        matches!(mark.extent, AnswerExtent::Below { level: 7, .. })
            && doc.heading(mark.line).is_none()
    };
    let texts = marks.iter().filter(is_text);
    let above = texts.clone().filter_map(|mark| {
        let after = doc.headings.partition_point(|heading| heading.line < mark.line);
        let heading = &doc.headings[after.checked_sub(1)?];
        (doc.visible(heading.below) == mark.line).then_some(heading.level)
    });
    let nearest = || {
        let first = marks.iter().find(is_text)?;
        let after = doc.headings.partition_point(|heading| heading.line < first.line);
        Some(doc.headings[after.checked_sub(1)?].level)
    };
    above.max().or_else(nearest).unwrap_or(6)
}
