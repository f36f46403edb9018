//! Questions without the form of the others: between labelled questions whose headings ask, a heading
//! of their level that asks is a question, too.

use super::candidate::Candidate;
use super::document::{Document, Heading};
use super::prompt::{strip_decoration, strip_wrappers};
use super::question_form::has_question_mark;
use super::{headings, heuristics};
use crate::model::Convention;

/// How many headings of a level must be questions.
const ENOUGH: usize = 2;

/// Finds the headings below the first question that ask, have text right below, are in no answer,
/// and have the level of questions that were recognised by something else below their headings.
pub(super) fn find_siblings(
    doc: &Document<'_>,
    candidates: &[Candidate],
    ends: &[usize],
) -> Vec<Candidate> {
    let mut counts = [0; 7];
    for candidate in candidates {
        let heading = doc.heading_at(candidate.line).filter(|heading| !heading.is_item);
        let heading = heading.filter(|_| candidate.convention != Convention::Headings);
        if let Some(heading) = heading.filter(|heading| is_whole_title(doc, candidate, heading)) {
            counts[heading.level] += 1;
        }
    }
    let is_free = |line: usize| {
        let after = candidates.partition_point(|candidate| candidate.line <= line);
        after.checked_sub(1).is_some_and(|before| ends[before] <= line)
    };
    let is_sibling = |heading: &&Heading| {
        let below = doc.next_nonblank(heading.below);
        counts[heading.level] >= ENOUGH
            && !heading.is_item
            && has_question_mark(&doc.text[heading.title.clone()])
            && is_free(heading.line)
            && below < doc.lines.len()
            && doc.heading_at(below).is_none()
            && !heuristics::is_noise(doc, heading)
    };
    let siblings = doc.headings.iter().filter(is_sibling);
    siblings.map(|heading| headings::make_candidate(doc, heading)).collect()
}

/// Returns whether the title of a heading asks by itself, without a number or a label.
fn is_whole_title(doc: &Document<'_>, candidate: &Candidate, heading: &Heading) -> bool {
    let title = strip_decoration(doc.text, strip_wrappers(doc.text, heading.title.clone()));
    candidate.prompt.first().is_some_and(|first| *first == title)
        && has_question_mark(&doc.text[title])
}
