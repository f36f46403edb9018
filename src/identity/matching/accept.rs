//! Which of the likely pairs are made.
//!
//! The likeliest comes first. A pair is contested if another one is nearly as good: if two
//! questions want one entry, who goes without it has the next best that is left to it, or none.
//!
//! ```text
//!              entry a   entry b
//! question x      10        3        x–a and y–b are 19, x–b and y–a are 12:
//! question y       9        9        nothing contests x–a
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::identity::pairing::{Basis, Pairing};
use crate::identity::rarity::Feature;

/// The least evidence that makes a pair, in nats: about twelve to one.
pub(super) const ENOUGH: f64 = 2.5;

/// The least lead over the next best pair, in nats.
pub(super) const CLEAR: f64 = 1.0;

/// So many entries are named that a new question may have been.
const MOST_NAMED: usize = 3;

/// A question and an entry that may be the same.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Candidate {
    pub(super) question: usize,
    pub(super) entry: usize,
    /// All that speaks for it, in nats.
    pub(super) nats: f64,
    /// Keys that are equal for questions, and for entries, that are copies of each other: which of them
    /// is paired makes no difference.
    pub(super) copies: (Feature, Feature),
    /// Keys that are equal for questions, and for entries, of the same words in another order.
    pub(super) bags: (Feature, Feature),
    /// Whether the question holds all of the entry: of several that were joined, the one with the
    /// most in common is as good as any.
    pub(super) holds_old: bool,
    /// Whether the entry holds all of the question: the same of one that was split.
    pub(super) is_held: bool,
    /// Whether it rests on what needs no confirmation.
    pub(super) is_unique: bool,
    /// Whether it asks what it did, which is enough where nothing fits better.
    pub(super) is_same_question: bool,
    /// Whether it has the heading that it had, and no other card has that.
    pub(super) is_same_heading: bool,
    /// Whether it has an answer that no other card has.
    pub(super) is_same_answer: bool,
    /// Whether it is worth naming if it is not made.
    pub(super) is_notable: bool,
}

/// The candidates of each question and of each entry.
struct Choices<'c> {
    of_question: BTreeMap<usize, Vec<&'c Candidate>>,
    of_entry: BTreeMap<usize, Vec<&'c Candidate>>,
}

impl<'c> Choices<'c> {
    /// Returns the candidates that want the same question or entry as a pair.
    fn rivals(
        &self,
        pair: &Candidate,
        pairing: &Pairing,
    ) -> impl Iterator<Item = (&'c Candidate, f64, f64)> {
        let for_entry = self.of_entry[&pair.entry].iter().filter(|it| it.question != pair.question);
        let for_entry = for_entry.filter(|it| it.copies.0 != pair.copies.0);
        let for_entry = for_entry.filter(|it| !self.has_copy_of(it, pair, pairing));
        let for_entry = for_entry.map(|it| {
            let next =
                |question| next(&self.of_question[&question], pair.entry, |it| it.entry, pairing);
            (*it, next(it.question), next(pair.question))
        });
        let for_question =
            self.of_question[&pair.question].iter().filter(|it| it.entry != pair.entry);
        let for_question = for_question.filter(|it| it.copies.1 != pair.copies.1);
        let for_question = for_question.map(|it| {
            let next =
                |entry| next(&self.of_entry[&entry], pair.question, |it| it.question, pairing);
            (*it, next(it.entry), next(pair.entry))
        });
        let all: Vec<_> = for_entry.chain(for_question).collect();
        all.into_iter().filter(|(it, ..)| pairing.is_free(it.question, it.entry))
    }

    /// Returns whether a rival for an entry can have a copy of it that is as good.
    fn has_copy_of(&self, rival: &Candidate, pair: &Candidate, pairing: &Pairing) -> bool {
        self.of_question[&rival.question].iter().any(|it| {
            it.entry != pair.entry
                && it.copies.1 == pair.copies.1
                && pairing.is_free(it.question, it.entry)
        })
    }
}

/// Returns whether two candidates are of a question that was split, or of several that were joined:
/// either is right then, but a guess. Parts of the same words are twins, of which one is wrong.
fn are_parts(a: &Candidate, b: &Candidate) -> bool {
    if a.question == b.question {
        a.holds_old && b.holds_old && a.bags.1 != b.bags.1
    } else {
        a.is_held && b.is_held && a.bags.0 != b.bags.0
    }
}

/// Returns the next best evidence for one that does not get `but`, or what makes no pair.
fn next(
    choices: &[&Candidate],
    but: usize,
    other: impl Fn(&Candidate) -> usize,
    pairing: &Pairing,
) -> f64 {
    let left =
        choices.iter().filter(|it| other(it) != but && pairing.is_free(it.question, it.entry));
    left.map(|it| it.nats).fold(ENOUGH, f64::max)
}

/// Makes the pairs that are likely enough and that nothing contests.
pub(super) fn accept(all: &[Candidate], pairing: &mut Pairing) {
    let mut order: Vec<&Candidate> = all.iter().filter(|it| it.nats >= ENOUGH).collect();
    order.sort_by(|a, b| {
        // A question whose heading still stands is that question, whoever has its answer now.
        let heading = b.is_same_heading.cmp(&a.is_same_heading);
        let likely = b.nats.total_cmp(&a.nats);
        heading.then(likely).then((a.question, a.entry).cmp(&(b.question, b.entry)))
    });
    let mut choices = Choices { of_question: BTreeMap::new(), of_entry: BTreeMap::new() };
    for &candidate in &order {
        choices.of_question.entry(candidate.question).or_default().push(candidate);
        choices.of_entry.entry(candidate.entry).or_default().push(candidate);
    }
    let same_answers = all.iter().filter(|it| it.is_same_answer);
    let same_answers: BTreeSet<(usize, usize)> =
        same_answers.map(|it| (it.entry, it.question)).collect();
    let by_question: BTreeSet<(usize, usize)> =
        same_answers.iter().map(|&(entry, question)| (question, entry)).collect();
    let has_another = |set: &BTreeSet<(usize, usize)>, at: usize, but: usize| {
        set.range((at, 0)..=(at, usize::MAX)).any(|it| it.1 != but)
    };
    let mut is_contested = vec![false; pairing.taken.len()];
    for pair in order {
        if !pairing.is_free(pair.question, pair.entry) {
            continue;
        }
        let is_near = |(rival, its_next, own_next): &(&Candidate, f64, f64)| {
            pair.nats + its_next < rival.nats + own_next + CLEAR
        };
        let near = choices.rivals(pair, pairing).filter(is_near).map(|(rival, ..)| rival);
        let (parts, contested): (Vec<&Candidate>, Vec<&Candidate>) =
            near.partition(|rival| are_parts(pair, rival));
        let is_clear = contested.is_empty() && !is_contested[pair.entry];
        if pair.is_same_question || is_clear {
            // Another question may have its answer, or it that of another entry.
            let has_other = has_another(&same_answers, pair.entry, pair.question)
                || has_another(&by_question, pair.question, pair.entry);
            let is_whole = is_clear && parts.is_empty();
            let is_sure = pair.is_unique && is_whole && (!has_other || pair.is_same_answer);
            let basis = if is_sure { Basis::Unique } else { Basis::Evidence };
            pairing.set(pair.question, pair.entry, basis);
        } else {
            is_contested[pair.entry] = true;
            for rival in contested {
                is_contested[rival.entry] = true;
            }
        }
    }
}

/// Returns the new questions that may have been entries which are gone.
pub(super) fn collect_doubts(all: &[Candidate], pairing: &Pairing) -> Vec<(usize, Vec<usize>)> {
    let mut doubts: BTreeMap<usize, Vec<&Candidate>> = BTreeMap::new();
    for candidate in all {
        let is_free = pairing.is_free(candidate.question, candidate.entry);
        if is_free && candidate.is_notable {
            doubts.entry(candidate.question).or_default().push(candidate);
        }
    }
    let named = |(question, mut list): (usize, Vec<&Candidate>)| {
        list.sort_by(|a, b| b.nats.total_cmp(&a.nats).then(a.entry.cmp(&b.entry)));
        (question, list.iter().take(MOST_NAMED).map(|it| it.entry).collect())
    };
    doubts.into_iter().map(named).collect()
}
