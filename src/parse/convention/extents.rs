//! The ends of answers.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, CardBack};
use super::document::{self, Document, Heading};
use super::heuristics;
use super::labels;
use super::parts::Parts;
use super::two_sided;
use crate::config::Config;

/// Finds the line below each question and its answer.
pub(super) fn find_ends(
    doc: &Document<'_>,
    candidates: &[Candidate],
    config: &Config,
) -> Vec<usize> {
    let topic = find_topic_level(doc, candidates);
    let are_separated = are_separated(doc, candidates);
    let last = candidates.last().map_or(0, |candidate| candidate.line);
    let mut ends = Vec::with_capacity(candidates.len());
    for (at, candidate) in candidates.iter().enumerate() {
        let next =
            candidates.get(at + 1).map_or_else(|| heuristics::find_footer(doc), |next| next.line);
        let end = match &candidate.extent {
            AnswerExtent::Within { below, .. } | AnswerExtent::Card(CardBack { below, .. }) => {
                (*below).min(next.max(candidate.line + 1))
            }
            AnswerExtent::Below { line, level, column, beside, .. } => {
                let is_text = *level == 7;
                let from = doc.headings.partition_point(|heading| heading.line < *line);
                let mut inside = doc.headings[from..].iter().take_while(|h| h.line < next);
                let own = doc.heading_at(candidate.line).map(|heading| heading.level);
                let is_above = *level == 7 && own.is_some();
                let level = if *level == 7 { own.unwrap_or(topic) + 1 } else { *level };
                let is_within_file = is_above || candidate.line < last;
                let mut parts = Parts::new(doc, &config.answer_labels);
                let ends = |heading: &&Heading| {
                    !parts.hold(heading)
                        && ends_answer(doc, heading, level, *column, next, is_within_file)
                };
                let end = inside.find(ends).map_or(next, |heading| heading.line);
                let is_answered = !beside.is_empty();
                let find = || find_end(doc, *line..end, is_answered, are_separated, config);
                let cut = is_text.then(find);
                cut.flatten().unwrap_or(end)
            }
        };
        ends.push(end);
    }
    ends
}

/// Returns whether a thematic break stands right above most questions that are no headings.
fn are_separated(doc: &Document<'_>, candidates: &[Candidate]) -> bool {
    let is_text = |candidate: &&Candidate| {
        matches!(candidate.extent, AnswerExtent::Below { level: 7, .. })
            && doc.heading_at(candidate.line).is_none()
    };
    let texts = candidates.iter().filter(is_text).skip(1);
    let is_below_rule = |candidate: &&Candidate| {
        let mut above = (0..candidate.line).rev();
        let above = above.find(|line| !doc.line_text(*line).is_empty());
        above.is_some_and(|line| document::is_thematic_break(doc.open_text(line)))
    };
    let count = texts.clone().filter(is_below_rule).count();
    count > 0 && count * 2 > texts.count()
}

/// Finds the line that ends the answer: a thematic break, or the data of a scheduler. A thematic
/// break above the label of the answer is part of the question, unless they separate questions.
fn find_end(
    doc: &Document<'_>,
    lines: Range<usize>,
    is_answered: bool,
    are_separated: bool,
    config: &Config,
) -> Option<usize> {
    let is_label =
        |line: &usize| labels::answer(doc.open_text(*line), &config.answer_labels).is_some();
    let mut has_text = is_answered;
    let mut label: Option<Option<usize>> = None;
    if is_answered && two_sided::has_schedule(doc.line_text(lines.start - 1)) {
        return Some(lines.start);
    }
    for at in lines.clone() {
        let snippet = doc.line_text(at);
        let is_code = doc.lines[at].is_closed && !snippet.starts_with("<!--");
        let is_rule = || document::is_thematic_break(snippet) && doc.lines[at].column < 2;
        if is_code || snippet.is_empty() {
            has_text |= is_code;
        } else if two_sided::has_schedule(snippet) && !two_sided::is_schedule(snippet) {
            return Some(at + 1);
        } else if are_separated && is_rule() {
            return Some(at);
        } else if !has_text {
            has_text = true;
        } else if two_sided::is_schedule(snippet) {
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

/// Returns whether a heading ends the answer to the question above it, whose level is `level`.
fn ends_answer(
    doc: &Document<'_>,
    heading: &Heading,
    level: usize,
    column: usize,
    next: usize,
    is_within_file: bool,
) -> bool {
    if heading.is_item {
        // It is the next item of the question's list.
        return column > 0 && heading.column <= column;
    }
    if heading.level > level || (column > 0 && heading.column >= column.min(2)) {
        return false;
    }
    if heading.level < level {
        return true;
    }
    // A heading of the same level with its own text, between two questions, is part of the answer.
    let below = doc.next_nonblank(heading.below);
    let is_bare =
        below >= next || doc.heading_at(below).is_some_and(|below| below.level <= heading.level);
    is_bare || !is_within_file || heuristics::is_noise(doc, heading)
}

/// Returns the deepest level of the headings right above questions that are no headings.
fn find_topic_level(doc: &Document<'_>, candidates: &[Candidate]) -> usize {
    let is_text = |candidate: &&Candidate| {
        matches!(candidate.extent, AnswerExtent::Below { level: 7, .. })
            && doc.heading_at(candidate.line).is_none()
    };
    let texts = candidates.iter().filter(is_text);
    let above = texts.clone().filter_map(|candidate| {
        let after = doc.headings.partition_point(|heading| heading.line < candidate.line);
        let heading = &doc.headings[after.checked_sub(1)?];
        (doc.next_nonblank(heading.below) == candidate.line).then_some(heading.level)
    });
    let nearest = || {
        let first = candidates.iter().find(is_text)?;
        let after = doc.headings.partition_point(|heading| heading.line < first.line);
        Some(doc.headings[after.checked_sub(1)?].level)
    };
    above.max().or_else(nearest).unwrap_or(6)
}
