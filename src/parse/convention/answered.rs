//! Candidates without an answer.

use std::collections::BTreeMap;

use super::candidate::{AnswerExtent, Candidate};
use super::document::Document;
use crate::model::Convention;

/// Returns whether a candidate has any text in the place of its answer; the next candidate is on
/// the line `next`.
pub(super) fn is_answered(doc: &Document<'_>, candidate: &Candidate, next: usize) -> bool {
    match &candidate.extent {
        AnswerExtent::Below { line, beside, .. } => {
            let below = doc.next_nonblank(*line);
            !beside.is_empty() || (below < next && doc.heading_at(below).is_none())
        }
        AnswerExtent::Within { rows, .. } => !rows.is_empty(),
        AnswerExtent::Card(_) => true,
    }
}

/// Removes the candidates of a convention in which hardly any has an answer, if another convention
/// has as many answered ones.
///
/// In a file of `## Q1` with answers, a list of lines that end with `?` is no list of questions.
pub(super) fn remove_unanswered(doc: &Document<'_>, candidates: &mut Vec<Candidate>) {
    let mut counts: BTreeMap<Convention, (usize, usize)> = BTreeMap::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let next = candidates.get(at + 1).map_or(doc.lines.len(), |next| next.line);
        let (all, answered) = counts.entry(candidate.convention).or_default();
        *all += 1;
        *answered += usize::from(is_answered(doc, candidate, next));
    }
    let most = counts.values().map(|(_, answered)| *answered).max().unwrap_or(0);
    candidates.retain(|candidate| {
        let (all, answered) = counts[&candidate.convention];
        answered * 10 > all || all > most
    });
}
