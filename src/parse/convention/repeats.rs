//! Sections that only repeat the questions of other sections: solutions of exercises, and overviews
//! of the questions to come.

use std::collections::BTreeMap;
use std::ops::Range;

use super::answered::is_answered;
use super::candidate::{AnswerExtent, Candidate};
use super::document::Document;
use super::prompt::{longest_prefix, plain_text};
use super::vocabulary;

/// Removes the candidates of sections that only repeat what is answered elsewhere; returns the
/// lines of these sections.
pub(super) fn remove_repeats(
    doc: &Document<'_>,
    candidates: &mut Vec<Candidate>,
) -> Vec<Range<usize>> {
    let snippet = |candidate: &Candidate| {
        let pieces = candidate
            .prompt
            .iter()
            .map(|piece| plain_text(&doc.text[piece.clone()]).to_lowercase());
        pieces.collect::<String>()
    };
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let snippet = snippet(candidate);
        if !snippet.is_empty() && !matches!(candidate.extent, AnswerExtent::Card(_)) {
            places.entry(snippet).or_default().push(at);
        }
    }
    let mut twins: BTreeMap<usize, usize> = BTreeMap::new();
    for pair in places.into_values().filter(|places| places.len() == 2) {
        twins.extend([(pair[0], pair[1]), (pair[1], pair[0])]);
    }
    if twins.len() < 2 * REPEATED {
        return Vec::new();
    }
    let is_candidate =
        |line: usize| candidates.binary_search_by_key(&line, |candidate| candidate.line).is_ok();
    let next = |at: usize| candidates.get(at + 1).map_or(doc.lines.len(), |next| next.line);
    let answered = |at: usize| is_answered(doc, &candidates[at], next(at));
    let mut repeats: Vec<Range<usize>> = Vec::new();
    for (at, heading) in doc.headings.iter().enumerate() {
        let mut after = doc.headings[at + 1..].iter();
        let end = after.find(|other| other.level <= heading.level);
        let end = end.map_or(doc.lines.len(), |other| other.line);
        let first = candidates.partition_point(|candidate| candidate.line <= heading.line);
        let below = first..candidates.partition_point(|candidate| candidate.line < end);
        let is_inside = repeats.last().is_some_and(|repeat| repeat.contains(&heading.line));
        if is_inside || is_candidate(heading.line) || below.len() < REPEATED {
            continue;
        }
        let title = doc.plain_title(heading);
        let is_key = longest_prefix(&title, vocabulary::ANSWER.iter().copied()).is_some();
        let is_repeat = |at: usize| {
            twins.get(&at).is_some_and(|twin| {
                let is_more = is_key && *twin < at;
                !below.contains(twin) && answered(*twin) && (is_more || !answered(at))
            })
        };
        if below.clone().all(is_repeat) {
            repeats.push(heading.line..end);
        }
    }
    candidates.retain(|candidate| !is_within(&repeats, candidate.line));
    repeats
}

/// Returns whether a line is in one of some ranges, which are in order.
pub(super) fn is_within(ranges: &[Range<usize>], line: usize) -> bool {
    let after = ranges.partition_point(|range| range.start <= line);
    after.checked_sub(1).is_some_and(|before| ranges[before].contains(&line))
}

/// How many questions a section must repeat.
const REPEATED: usize = 2;
