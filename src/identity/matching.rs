//! Which question of today is which question of the lock.
//!
//! Another card's reviews on a card are the worst that can happen, worse than a lost history. So a
//! pair is made
//!
//! 1. by the id that the author wrote;
//! 2. by the same words, question and answer, wherever they stand; of copies each where it was;
//! 3. by `evidence` from words, weighed by how rare they are in the whole bank, and
//!    from the place between known neighbours.
//!
//! What is paired is out of the game, so the third step looks only at what was edited. A pair
//! that rests on more than the same words is open: it is reported until somebody confirms it. Where
//! two candidates are nearly as likely, nothing is guessed.

mod accept;
mod edited;

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::facts::QuestionFacts;
use super::lock::Entry;
use super::pairing::{Basis, Pair, Pairing};

/// What was found out.
#[derive(Debug, Default)]
pub struct Matching {
    /// For each question, its entry.
    pub pairs: Vec<Option<Pair>>,
    /// New questions, with the entries that they may have been.
    pub doubts: Vec<(usize, Vec<usize>)>,
    /// New questions that were taken for an earlier one until now, with that one.
    pub displaced: Vec<(usize, usize)>,
    /// Pairs of questions: the id of an entry is written on the first, and the second has its wording.
    pub conflicts: Vec<(usize, usize)>,
}

/// Pairs questions with entries.
#[must_use]
pub fn pair(questions: &[QuestionFacts<'_>], entries: &[Entry], today: &str) -> Matching {
    let mut pairing = Pairing::new(questions.len(), entries.len());
    let claims = pair_by_id(questions, entries, &mut pairing);
    pair_by_words(questions, entries, &mut pairing);
    let mut conflicts = find_conflicts(questions, entries, &claims, &pairing);
    let doubts = edited::pair_by_evidence(questions, entries, &mut pairing, today);
    conflicts.extend(edited::find_conflicts(questions, entries, &pairing, &claims));
    conflicts.sort_unstable();
    conflicts.dedup_by_key(|(by_id, _)| *by_id);
    let displaced = find_displaced(questions, entries, &pairing);
    Matching { pairs: pairing.pairs, doubts, displaced, conflicts }
}

/// Pairs by the id that the author wrote: the question's own, or its name for it.
fn pair_by_id(
    questions: &[QuestionFacts<'_>],
    entries: &[Entry],
    pairing: &mut Pairing,
) -> Vec<(usize, usize)> {
    let mut claims = Vec::new();
    if questions.iter().all(|question| question.explicit.is_none()) {
        return claims;
    }
    let ids: BTreeMap<&str, usize> =
        entries.iter().enumerate().map(|(at, entry)| (entry.id.as_str(), at)).collect();
    let names: BTreeMap<&str, usize> = entries
        .iter()
        .enumerate()
        .filter_map(|(at, entry)| Some((entry.name.as_deref()?, at)))
        .collect();
    // A name comes first: the id that it stands for may be written elsewhere now.
    for known in [names, ids] {
        for (at, question) in questions.iter().enumerate() {
            let entry = question.explicit.and_then(|id| known.get(id));
            if let Some(&entry) = entry.filter(|entry| pairing.is_free(at, **entry)) {
                pairing.set(at, entry, Basis::Id);
                claims.push((at, entry));
            }
        }
    }
    claims
}

/// The words of a card, and where it stands. The hashes come first, since they are quick to
/// compare.
type Key<'k> = ([u64; 3], &'k str, &'k str, &'k [String]);

/// Pairs by the same question and the same answer: first where all is as it was, then within the
/// topic, then anywhere; what was taken out before comes last, and all in order.
fn pair_by_words(questions: &[QuestionFacts<'_>], entries: &[Entry], pairing: &mut Pairing) {
    let is_open = |entry: &Entry| entry.open.is_some();
    if entries.iter().any(is_open) {
        // What a question was before a pair that nobody has confirmed is surer than what it became,
        // but what never was in doubt is surer still.
        for scope in [Scope::File, Scope::Topic, Scope::Anywhere] {
            step(questions, entries, pairing, scope, Words::Certain);
        }
        for scope in Scope::ALL {
            step(questions, entries, pairing, scope, Words::Former);
        }
    }
    for scope in Scope::ALL {
        step(questions, entries, pairing, scope, Words::Present);
    }
}

/// Which words of an entry are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// Those of an entry whose pair is certain.
    Certain,
    /// Those that it had when its pair was last certain.
    Former,
    /// Those that it has.
    Present,
}

/// How much of its place a question must have kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    File,
    Topic,
    Anywhere,
    /// Anywhere, and also what was taken out before.
    Retired,
}

impl Scope {
    const ALL: [Scope; 4] = [Scope::File, Scope::Topic, Scope::Anywhere, Scope::Retired];

    fn key<'k>(
        self,
        text: &'k str,
        answer: [u64; 3],
        file: &'k str,
        topic: &'k [String],
    ) -> Key<'k> {
        match self {
            Scope::File => (answer, text, file, topic),
            Scope::Topic => (answer, text, "", topic),
            Scope::Anywhere | Scope::Retired => (answer, text, "", &[]),
        }
    }
}

/// Pairs what has the same key, in order.
fn step(
    questions: &[QuestionFacts<'_>],
    entries: &[Entry],
    pairing: &mut Pairing,
    scope: Scope,
    words: Words,
) {
    let basis = if words == Words::Former { Basis::FormerWords } else { Basis::SameWords };
    let free = (0..entries.len()).filter(|&at| !pairing.taken[at]);
    let free = free.filter(|&at| scope == Scope::Retired || entries[at].removed.is_none());
    let keyed = free.filter_map(|at| {
        let entry = &entries[at];
        let (text, fingerprint) = match (words, entry.open.as_deref()) {
            (Words::Certain, Some(_)) | (Words::Former, None) => return None,
            (Words::Former, Some(former)) => (&former.question, former.fingerprint),
            (Words::Certain, None) | (Words::Present, _) => (&entry.question, entry.fingerprint),
        };
        Some((scope.key(text, fingerprint.words(), &entry.file, &entry.topic), at))
    });
    let mut known: Vec<(Key<'_>, usize)> = keyed.collect();
    if known.is_empty() {
        return;
    }
    let free = (0..questions.len()).filter(|&at| pairing.pairs[at].is_none());
    let keyed = free.map(|at| {
        let QuestionFacts { text, fingerprint, file, topic, .. } = &questions[at];
        (scope.key(text, fingerprint.words(), file, topic), at)
    });
    let mut asked: Vec<(Key<'_>, usize)> = keyed.collect();
    known.par_sort_unstable();
    asked.par_sort_unstable();
    let fits = |question: usize, entry: usize| may_pair(&questions[question], &entries[entry]);
    let mut known = known.into_iter().peekable();
    for same in asked.chunk_by(|(a, _), (b, _)| a == b) {
        let key = same[0].0;
        while known.next_if(|(known, _)| *known < key).is_some() {}
        let mut candidates: Vec<usize> =
            std::iter::from_fn(|| known.next_if(|(known, _)| *known == key))
                .map(|(_, at)| at)
                .collect();
        let mut left: Vec<usize> = same.iter().map(|(_, question)| *question).collect();
        if left.len() > 1 || candidates.len() > 1 {
            let is_there = |question, entry| has_neighbours(questions, entries, question, entry);
            let is_equal = |question: usize, entry: usize| {
                details(&entries[entry], words) == questions[question].fingerprint.details()
            };
            pair_in_order(&mut left, &mut candidates, pairing, basis, |question, entry| {
                fits(question, entry) && is_equal(question, entry) && is_there(question, entry)
            });
            pair_in_order(&mut left, &mut candidates, pairing, basis, |question, entry| {
                fits(question, entry) && is_equal(question, entry)
            });
            pair_in_order(&mut left, &mut candidates, pairing, basis, |question, entry| {
                fits(question, entry) && is_there(question, entry)
            });
        }
        pair_in_order(&mut left, &mut candidates, pairing, basis, fits);
    }
}

/// Returns what tells an entry from others of the same words.
fn details(entry: &Entry, words: Words) -> [u64; 3] {
    let former = entry.open.as_deref().filter(|_| words == Words::Former);
    former.map_or(entry.fingerprint, |former| former.fingerprint).details()
}

/// Pairs what fits, in order, and leaves the rest.
fn pair_in_order(
    questions: &mut Vec<usize>,
    entries: &mut Vec<usize>,
    pairing: &mut Pairing,
    basis: Basis,
    fits: impl Fn(usize, usize) -> bool,
) {
    questions.retain(|&question| {
        let Some(at) = entries.iter().position(|&entry| fits(question, entry)) else { return true };
        pairing.set(question, entries.remove(at), basis);
        false
    });
}

/// Returns whether a question stands between two that read as those did between which the entry
/// stood: of copies, that is the one which was there.
fn has_neighbours(
    questions: &[QuestionFacts<'_>],
    entries: &[Entry],
    question: usize,
    entry: usize,
) -> bool {
    let is_same = |question: Option<usize>, entry: Option<usize>| {
        let file = |at: usize| (questions[at].file, questions[at].text.as_str());
        let now = question.filter(|at| *at < questions.len()).map(file);
        let before = entry.and_then(|at| entries.get(at)).filter(|it| it.removed.is_none());
        now.map(|(_, text)| text) == before.map(|it| it.question.as_str())
    };
    is_same(question.checked_sub(1), entry.checked_sub(1))
        && is_same(Some(question + 1), Some(entry + 1))
}

/// Returns whether a question may be paired with an entry: one with `{id=new}` only with an entry that
/// was made for it.
fn may_pair(question: &QuestionFacts<'_>, entry: &Entry) -> bool {
    !question.wants_new_id || entry.renewed
}

/// Finds ids that are written on a question although another one has the wording of their entry, or
/// has them by another name.
fn find_conflicts(
    questions: &[QuestionFacts<'_>],
    entries: &[Entry],
    claims: &[(usize, usize)],
    pairing: &Pairing,
) -> Vec<(usize, usize)> {
    let is_certain = |entry: &Entry| entry.open.is_none() && entry.removed.is_none();
    let claims = claims.iter().filter(|(_, entry)| is_certain(&entries[*entry]));
    let claimed: BTreeMap<&str, (usize, usize)> =
        claims.map(|&(question, entry)| (&*entries[entry].question, (question, entry))).collect();
    let conflict = |at: usize| {
        let question = &questions[at];
        let &(other, claimed) = claimed.get(&*question.text)?;
        let (claimer, entry) = (&questions[other], &entries[claimed]);
        // Of twins each is its own entry.
        let is_twin = pairing.pairs[at].is_some_and(|pair| {
            pair.entry != claimed && entries[pair.entry].question == question.text
        });
        let is_other_reworded = claimer.text != question.text;
        // Of two with the same words, the one that stands where the question stood has it.
        let is_other_elsewhere = question.file == entry.file && claimer.file != entry.file;
        let is_free = question.explicit.is_none() && !question.wants_new_id;
        let answers = |question: &QuestionFacts<'_>| {
            question.fingerprint.words() == entry.fingerprint.words()
        };
        let is_other_answer =
            entry.name.as_deref() != claimer.explicit && answers(question) && !answers(claimer);
        let is_conflict = is_other_reworded || (is_free && (is_other_elsewhere || is_other_answer));
        (at != other && is_conflict && !is_twin && !question.wants_new_id).then_some((other, at))
    };
    let by_words = (0..questions.len()).filter_map(conflict);
    by_words.chain(find_reused(questions, entries, pairing)).collect()
}

/// Finds the ids that were written to a new question while another one has them by another name.
fn find_reused(
    questions: &[QuestionFacts<'_>],
    entries: &[Entry],
    pairing: &Pairing,
) -> impl Iterator<Item = (usize, usize)> {
    let free = (0..questions.len()).filter(|&at| pairing.pairs[at].is_none());
    let written = free.filter_map(|at| Some((questions[at].explicit?, at)));
    let written: BTreeMap<&str, usize> = written.collect();
    let pairs = pairing.pairs.iter().enumerate();
    pairs.filter_map(move |(other, pair)| {
        let id = &*entries[(*pair)?.entry].id;
        Some((*written.get(id)?, other))
    })
}

/// Finds the questions that were taken for another one, which is back now and has its id again.
fn find_displaced(
    questions: &[QuestionFacts<'_>],
    entries: &[Entry],
    pairing: &Pairing,
) -> Vec<(usize, usize)> {
    let pairs = pairing.pairs.iter().enumerate();
    let back = pairs.filter_map(|(at, pair)| Some((at, (*pair)?)));
    let back = back.filter(|(_, pair)| pair.basis == Basis::FormerWords);
    let back = back.map(|(at, pair)| {
        let Entry { question, fingerprint, .. } = &entries[pair.entry];
        (Scope::Anywhere.key(question, fingerprint.words(), "", &[]), at)
    });
    let back: BTreeMap<Key<'_>, usize> = back.collect();
    let new = (0..questions.len()).filter(|&at| !back.is_empty() && pairing.pairs[at].is_none());
    let displaced = |at: usize| {
        let QuestionFacts { text, fingerprint, .. } = &questions[at];
        Some((at, *back.get(&Scope::Anywhere.key(text, fingerprint.words(), "", &[]))?))
    };
    new.filter_map(displaced).collect()
}
