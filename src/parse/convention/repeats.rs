//! Sections that only ask once more what is asked elsewhere: keys to exercises, and lists of what is to
//! come.

use std::collections::BTreeMap;
use std::ops::Range;

use super::answered::is_answered;
use super::candidate::{AnswerExtent, Candidate};
use super::document::Document;
use super::prompt::{longest, plain};
use super::vocabulary;

/// Takes out the sections that only ask once more what is answered elsewhere, and says where they
/// are: keys to exercises, and lists of what is to come.
pub(super) fn without_repeats(doc: &Document<'_>, marks: &mut Vec<Candidate>) -> Vec<Range<usize>> {
    let says = |mark: &Candidate| {
        let pieces = mark.prompt.iter().map(|piece| plain(&doc.text[piece.clone()]).to_lowercase());
        pieces.collect::<String>()
    };
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, mark) in marks.iter().enumerate() {
        let says = says(mark);
        if !says.is_empty() && !matches!(mark.extent, AnswerExtent::Card(_)) {
            places.entry(says).or_default().push(at);
        }
    }
    let mut twins: BTreeMap<usize, usize> = BTreeMap::new();
    for pair in places.into_values().filter(|places| places.len() == 2) {
        twins.extend([(pair[0], pair[1]), (pair[1], pair[0])]);
    }
    if twins.len() < 2 * REPEATED {
        return Vec::new();
    }
    let is_mark = |line: usize| marks.binary_search_by_key(&line, |mark| mark.line).is_ok();
    let next = |at: usize| marks.get(at + 1).map_or(doc.lines.len(), |next| next.line);
    let answered = |at: usize| is_answered(doc, &marks[at], next(at));
    let mut repeats: Vec<Range<usize>> = Vec::new();
    for (at, heading) in doc.headings.iter().enumerate() {
        let mut after = doc.headings[at + 1..].iter();
        let end = after.find(|other| other.level <= heading.level);
        let end = end.map_or(doc.lines.len(), |other| other.line);
        let first = marks.partition_point(|mark| mark.line <= heading.line);
        let below = first..marks.partition_point(|mark| mark.line < end);
        let is_inside = repeats.last().is_some_and(|repeat| repeat.contains(&heading.line));
        if is_inside || is_mark(heading.line) || below.len() < REPEATED {
            continue;
        }
        let title = doc.plain_title(heading);
        let is_key = longest(&title, vocabulary::ANSWER.iter().copied()).is_some();
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
    marks.retain(|mark| !is_within(&repeats, mark.line));
    repeats
}

/// Whether a line is in one of some ranges, which are in order.
pub(super) fn is_within(ranges: &[Range<usize>], line: usize) -> bool {
    let after = ranges.partition_point(|range| range.start <= line);
    after.checked_sub(1).is_some_and(|before| ranges[before].contains(&line))
}

/// How many questions a section repeats at least.
const REPEATED: usize = 2;
