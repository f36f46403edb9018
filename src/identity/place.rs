//! Where a question stands among those that are known already.
//!
//! An edited question mostly stays where it was: between the same two neighbours. That is no proof,
//! since a question may be taken out and another put in its place, but it tells likely pairs from
//! unlikely ones.

use super::facts::QuestionFacts;
use super::lock::Entry;
use super::pairing::Pairing;

/// The nearest known neighbours above and below in the same file, as indexes of entries.
pub(super) type Neighbours = (Option<usize>, Option<usize>);

/// The known neighbours of each question and each entry, and what is free between them.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) of_question: Vec<Neighbours>,
    pub(super) of_entry: Vec<Neighbours>,
}

/// How much of its place two questions have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Between the same two neighbours, or ends of the file.
    Same,
    /// Next to one that it stood next to.
    Near,
    /// Elsewhere.
    Other,
}

impl Places {
    /// Finds the neighbours of each question and entry.
    pub(super) fn find(
        questions: &[QuestionFacts<'_>],
        entries: &[Entry],
        pairing: &Pairing,
    ) -> Self {
        let known = |at: usize| pairing.pairs[at].map(|pair| pair.entry);
        let of_question = gaps(questions.len(), |at| questions[at].file, known);
        let live = entries.iter().take_while(|entry| entry.removed.is_none()).count();
        let known = |at: usize| pairing.taken[at].then_some(at);
        let mut of_entry = gaps(live, |at| entries[at].file.as_str(), known);
        of_entry.resize(entries.len(), (None, None));
        Self { of_question, of_entry }
    }

    /// Returns what a question has in common with an entry.
    pub(super) fn compare(
        &self,
        questions: &[QuestionFacts<'_>],
        entries: &[Entry],
        question: usize,
        entry: usize,
    ) -> Place {
        let (above, below) = self.of_question[question];
        let (was_above, was_below) = self.of_entry[entry];
        if entries[entry].removed.is_some() {
            return Place::Other;
        }
        let is_same_file = questions[question].file == entries[entry].file;
        let is_known = above.is_some() || below.is_some();
        let is_same = |now: Option<usize>, was| now == was && (now.is_some() || is_same_file);
        match (is_same(above, was_above), is_same(below, was_below)) {
            (true, true) if is_known || is_same_file => Place::Same,
            (true, _) if above.is_some() => Place::Near,
            (_, true) if below.is_some() => Place::Near,
            _ => Place::Other,
        }
    }
}

/// Returns the gap of each question or entry.
fn gaps<'f>(
    count: usize,
    file: impl Fn(usize) -> &'f str,
    known: impl Fn(usize) -> Option<usize>,
) -> Vec<Neighbours> {
    let mut gaps = vec![(None, None); count];
    let mut last = None;
    for (at, gap) in gaps.iter_mut().enumerate() {
        if at > 0 && file(at) != file(at - 1) {
            last = None;
        }
        gap.0 = last;
        last = known(at).or(last);
    }
    last = None;
    for (at, gap) in gaps.iter_mut().enumerate().rev() {
        if at + 1 < count && file(at) != file(at + 1) {
            last = None;
        }
        gap.1 = last;
        last = known(at).or(last);
    }
    gaps
}
