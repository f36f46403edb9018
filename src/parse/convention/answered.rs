//! Which questions have something where their answer is.

use std::collections::BTreeMap;

use super::candidate::{AnswerExtent, Candidate};
use super::document::Document;
use crate::model::Convention;

/// Whether there is something where the answer of a question is, with another on the line `next`.
pub(super) fn is_answered(doc: &Document<'_>, mark: &Candidate, next: usize) -> bool {
    match &mark.extent {
        AnswerExtent::Below { line, beside, .. } => {
            let below = doc.visible(*line);
            !beside.is_empty() || (below < next && doc.heading(below).is_none())
        }
        AnswerExtent::Within { rows, .. } => !rows.is_empty(),
        AnswerExtent::Card(_) => true,
    }
}

/// Takes out the questions of a convention in which none has an answer, beside another in which
/// most have.
pub(super) fn without_unanswered(doc: &Document<'_>, marks: &mut Vec<Candidate>) {
    let mut counts: BTreeMap<Convention, (usize, usize)> = BTreeMap::new();
    for (at, mark) in marks.iter().enumerate() {
        let next = marks.get(at + 1).map_or(doc.lines.len(), |next| next.line);
        let (all, answered) = counts.entry(mark.convention).or_default();
        *all += 1;
        *answered += usize::from(is_answered(doc, mark, next));
    }
    let most = counts.values().map(|(_, answered)| *answered).max().unwrap_or(0);
    marks.retain(|mark| {
        let (all, answered) = counts[&mark.convention];
        answered * 10 > all || all > most
    });
}
