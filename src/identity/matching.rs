//! Which question of today is which question of the lock.
//!
//! Pairs are made from the surest evidence to the weakest; what is paired is out of the game.
//! Where two candidates are equally near nothing is guessed: both are reported.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::facts::{Facts, is_telling};
use super::lock::Entry;
use super::similar::tokens;

/// Two candidates closer than this are equally near.
const CLEAR: f64 = 0.1;
/// What a near match needs at least.
const NEAR: f64 = 0.5;
/// So few entries are all looked at.
const FEW: usize = 100;
/// Evidence that more questions share than this says nothing.
const COMMON: usize = 32;
/// Of a question's words, this many of the rarest lead to candidates.
const TELLING: usize = 3;

/// How a pair was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// By the id that the author wrote, or by the same words.
    Sure,
    /// The question reads otherwise, the answer is the same.
    SameAnswer,
    /// Both read otherwise, and no other pair is as near.
    Near,
}

/// What was found out.
#[derive(Debug, Default)]
pub struct Matching {
    /// For each question, the index of its entry.
    pub pairs: Vec<Option<(usize, Evidence)>>,
    /// Questions with the entries that are equally near.
    pub ambiguous: Vec<(usize, Vec<usize>)>,
}

/// Pairs questions with entries.
#[must_use]
pub fn pair(questions: &[Facts<'_>], entries: &[Entry]) -> Matching {
    let mut board = Board { pairs: vec![None; questions.len()], taken: vec![false; entries.len()] };
    explicit(questions, entries, &mut board);
    // Of questions that read the same, each is where its answer is; its place says less.
    let same: [fn(View<'_>) -> Key<'_>; 3] = [
        |v| (v.answer, v.question, v.file, v.topic),
        |v| (v.answer, v.question, "", v.topic),
        |v| (v.answer, v.question, "", NO_TOPIC),
    ];
    let answered_anew: [fn(View<'_>) -> Key<'_>; 3] = [
        |v| (None, v.question, v.file, v.topic),
        |v| (None, v.question, "", v.topic),
        |v| (None, v.question, "", NO_TOPIC),
    ];
    for key in same {
        board.step(questions, entries, Scope::All, &key, true);
    }
    let mut ambiguous = Vec::new();
    // No place speaks for a question that was taken out as long as one is there.
    for scope in [Scope::Live, Scope::All] {
        for key in answered_anew {
            ambiguous = board.step(questions, entries, scope, &key, false);
        }
    }
    let same_answer: [fn(View<'_>) -> Key<'_>; 2] =
        [|v| (v.answer, "", v.file, v.topic), |v| (v.answer, "", "", NO_TOPIC)];
    for key in same_answer {
        board.only(questions, entries, &key);
    }
    another_heading(questions, entries, &mut board);
    below_the_heading(questions, entries, &mut board);
    near(questions, entries, &mut board, &mut ambiguous);
    ambiguous.retain(|(question, _)| board.pairs[*question].is_none());
    ambiguous.sort();
    ambiguous.dedup_by_key(|(question, _)| *question);
    Matching { pairs: board.pairs, ambiguous }
}

const NO_TOPIC: &[String] = &[];

/// What tells most apart comes first.
type Key<'k> = (Option<[u64; 2]>, &'k str, &'k str, &'k [String]);

/// Which entries are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Those that were not taken out.
    Live,
    All,
}

/// What both a question and an entry have.
#[derive(Clone, Copy)]
struct View<'v> {
    file: &'v str,
    topic: &'v [String],
    question: &'v str,
    answer: Option<[u64; 2]>,
}

fn view_question<'v>(question: &'v Facts<'v>) -> View<'v> {
    let Facts { file, topic, text, fingerprint, .. } = question;
    View { file, topic, question: text, answer: fingerprint.answer() }
}

fn view_entry(entry: &Entry) -> View<'_> {
    let Entry { file, topic, question, fingerprint, .. } = entry;
    View { file, topic, question, answer: fingerprint.answer() }
}

/// What is paired so far.
struct Board {
    pairs: Vec<Option<(usize, Evidence)>>,
    taken: Vec<bool>,
}

/// The free questions and entries with one key.
type Group = (Vec<usize>, Vec<usize>);

impl Board {
    fn set(&mut self, question: usize, entry: usize, evidence: Evidence) {
        self.pairs[question] = Some((entry, evidence));
        self.taken[entry] = true;
    }

    /// What is free, by its key, in the order of the keys.
    fn groups<'g>(
        &self,
        questions: &'g [Facts<'g>],
        entries: &'g [Entry],
        scope: Scope,
        key: &impl Fn(View<'g>) -> Key<'g>,
    ) -> Vec<(Key<'g>, Group)> {
        let free = (0..entries.len()).filter(|&at| !self.taken[at]);
        let free = free.filter(|&at| scope == Scope::All || entries[at].removed.is_none());
        let mut known: Vec<_> = free.map(|at| (key(view_entry(&entries[at])), at)).collect();
        if known.is_empty() {
            return Vec::new();
        }
        let free = (0..questions.len()).filter(|&at| self.pairs[at].is_none());
        let mut asked: Vec<_> = free.map(|at| (key(view_question(&questions[at])), at)).collect();
        known.par_sort_unstable();
        asked.par_sort_unstable();
        let mut known = known.into_iter().peekable();
        let mut groups = Vec::new();
        for found in asked.chunk_by(|(a, _), (b, _)| a == b) {
            let key = found[0].0;
            while known.next_if(|(known, _)| *known < key).is_some() {}
            let candidates = std::iter::from_fn(|| known.next_if(|(known, _)| *known == key));
            let candidates: Vec<usize> = candidates.map(|(_, at)| at).collect();
            if !candidates.is_empty() {
                groups.push((key, (found.iter().map(|(_, at)| *at).collect(), candidates)));
            }
        }
        groups
    }

    /// Pairs what has the same key, in order; returns the questions where the numbers differ and
    /// nothing says which is which.
    fn step<'g>(
        &mut self,
        questions: &'g [Facts<'g>],
        entries: &'g [Entry],
        scope: Scope,
        key: &impl Fn(View<'g>) -> Key<'g>,
        has_answer: bool,
    ) -> Vec<(usize, Vec<usize>)> {
        let mut left = Vec::new();
        for (_, (found, candidates)) in self.groups(questions, entries, scope, key) {
            let live: Vec<usize> =
                candidates.iter().copied().filter(|&at| entries[at].removed.is_none()).collect();
            let candidates = if live.is_empty() { candidates } else { live };
            if has_answer || found.len() == candidates.len() {
                for (&question, &entry) in found.iter().zip(&candidates) {
                    self.set(question, entry, Evidence::Sure);
                }
            } else {
                left.extend(found.into_iter().map(|question| (question, candidates.clone())));
            }
        }
        left
    }

    /// Pairs by the answer, where no other question and no other entry has it.
    fn only<'g>(
        &mut self,
        questions: &'g [Facts<'g>],
        entries: &'g [Entry],
        key: &impl Fn(View<'g>) -> Key<'g>,
    ) {
        let groups = self.groups(questions, entries, Scope::All, key);
        for ((answer, ..), (found, candidates)) in groups {
            if let ([question], [entry], Some(_)) = (&found[..], &candidates[..], answer)
                && questions[*question].explicit.is_none()
                && questions[*question].is_telling
            {
                self.set(*question, *entry, Evidence::SameAnswer);
            }
        }
    }
}

/// Pairs by the id that the author wrote: the question's own, or its name for it.
fn explicit(questions: &[Facts<'_>], entries: &[Entry], board: &mut Board) {
    if questions.iter().all(|question| question.explicit.is_none()) {
        return;
    }
    let ids: BTreeMap<&str, usize> =
        entries.iter().enumerate().map(|(at, entry)| (entry.id.as_str(), at)).collect();
    let names: BTreeMap<&str, usize> = entries
        .iter()
        .enumerate()
        .filter_map(|(at, entry)| Some((entry.name.as_deref()?, at)))
        .collect();
    for (at, question) in questions.iter().enumerate() {
        let Some(id) = question.explicit else { continue };
        if let Some(&entry) = names.get(id).or_else(|| ids.get(id))
            && !board.taken[entry]
        {
            board.set(at, entry, Evidence::Sure);
        }
    }
}

/// Pairs by what stands below the heading and still is the question, as options do: that tells as
/// much as an answer.
fn another_heading(questions: &[Facts<'_>], entries: &[Entry], board: &mut Board) {
    let groups = board.groups(questions, entries, Scope::All, &|v: View<'_>| {
        (None, v.question.split_once('\n').map_or("", |(_, below)| below), "", NO_TOPIC)
    });
    for ((_, below, ..), (found, candidates)) in groups {
        if let ([question], [entry]) = (&found[..], &candidates[..])
            && questions[*question].explicit.is_none()
            && is_telling(below)
        {
            board.set(*question, *entry, Evidence::SameAnswer);
        }
    }
}

/// Pairs by the heading, where of two only one has more of its question below it: what stood there
/// was its answer until it got gaps or options, or has become that.
fn below_the_heading(questions: &[Facts<'_>], entries: &[Entry], board: &mut Board) {
    let heading = |view: View<'_>| view.question.split('\n').next().map_or(0, str::len);
    let groups = board.groups(questions, entries, Scope::All, &|v: View<'_>| {
        (None, &v.question[..heading(v)], v.file, v.topic)
    });
    for (_, (found, candidates)) in groups {
        if let ([question], [entry]) = (&found[..], &candidates[..])
            && questions[*question].explicit.is_none()
            && questions[*question].text.contains('\n') != entries[*entry].question.contains('\n')
        {
            board.set(*question, *entry, Evidence::Sure);
        }
    }
}

/// Pairs what is left by how near question and answer are.
///
/// Candidates come from an index of rare words and of the answers' sketches, so that no question
/// is compared with every other.
fn near(
    questions: &[Facts<'_>],
    entries: &[Entry],
    board: &mut Board,
    ambiguous: &mut Vec<(usize, Vec<usize>)>,
) {
    let free_questions = (0..questions.len()).filter(|&at| board.pairs[at].is_none());
    // An id that the lock does not know says that the question is a new one.
    let free_questions: Vec<usize> =
        free_questions.filter(|&at| questions[at].explicit.is_none()).collect();
    let free_entries: Vec<usize> = (0..entries.len()).filter(|&at| !board.taken[at]).collect();
    if free_questions.is_empty() || free_entries.is_empty() {
        return;
    }
    let weights = Weights::of(questions, entries);
    let bags: Vec<Bag> =
        free_entries.iter().map(|&at| weights.bag(&entries[at].question)).collect();
    let mut index: Vec<(u64, usize)> = Vec::new();
    for (place, &at) in free_entries.iter().enumerate() {
        let words = bags[place].words.iter().map(|&(word, _)| word);
        index.extend(words.chain(entries[at].sketch.features()).map(|feature| (feature, place)));
    }
    index.sort_unstable();
    let holders = |feature: u64| {
        let start = index.partition_point(|&(known, _)| known < feature);
        let all = index[start..].iter().take_while(move |&&(known, _)| known == feature);
        all.map(|&(_, place)| place).take(COMMON + 1).collect::<Vec<usize>>()
    };
    let mut found: Vec<Candidate> = Vec::new();
    for &at in &free_questions {
        let question = &questions[at];
        let words = weights.bag(&question.text);
        let mut candidates: Vec<usize> = if free_entries.len() <= FEW {
            (0..free_entries.len()).collect()
        } else {
            let mut by_word: Vec<Vec<usize>> =
                words.words.iter().map(|&(word, _)| holders(word)).collect();
            by_word.retain(|holders| !holders.is_empty());
            by_word.sort_by_key(Vec::len);
            by_word.truncate(TELLING);
            let by_answer = question.sketch.features().map(holders);
            let all = by_word.into_iter().chain(by_answer);
            all.filter(|holders| holders.len() <= COMMON).flatten().collect()
        };
        candidates.sort_unstable();
        candidates.dedup();
        for place in candidates {
            let entry = free_entries[place];
            let asks = words.similarity(&bags[place]);
            let answers = question.sketch.similarity(&entries[entry].sketch);
            let score = 1.0 - (1.0 - asks) * (1.0 - answers);
            if score >= NEAR {
                let is_elsewhere =
                    question.file != entries[entry].file || entries[entry].removed.is_some();
                found.push(Candidate { is_elsewhere, score, question: at, entry });
            }
        }
    }
    accept(found, board, ambiguous);
}

struct Candidate {
    /// Whether it is in another file, or was taken out before.
    is_elsewhere: bool,
    score: f64,
    question: usize,
    entry: usize,
}

/// Accepts the best pair, then the best of what is left, as long as it is clearly the best.
fn accept(mut found: Vec<Candidate>, board: &mut Board, ambiguous: &mut Vec<(usize, Vec<usize>)>) {
    found.sort_by(|a, b| {
        let nearest = b.score.total_cmp(&a.score);
        let place = (a.question, a.entry).cmp(&(b.question, b.entry));
        a.is_elsewhere.cmp(&b.is_elsewhere).then(nearest).then(place)
    });
    let mut by_question: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut by_entry: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, candidate) in found.iter().enumerate() {
        by_question.entry(candidate.question).or_default().push(at);
        by_entry.entry(candidate.entry).or_default().push(at);
    }
    let mut doubtful = vec![false; board.taken.len()];
    for candidate in &found {
        let Candidate { is_elsewhere, score, question, entry } = *candidate;
        if board.pairs[question].is_some() || board.taken[entry] || doubtful[entry] {
            continue;
        }
        let rivals = |list: &Vec<usize>| -> Vec<&Candidate> {
            let candidates = list.iter().map(|&at| &found[at]);
            candidates
                .filter(|rival| {
                    (rival.question, rival.entry) != (question, entry)
                        && rival.is_elsewhere == is_elsewhere
                        && (score - rival.score).abs() < CLEAR
                        && board.pairs[rival.question].is_none()
                        && !board.taken[rival.entry]
                })
                .collect()
        };
        let mut entries = vec![entry];
        entries.extend(rivals(&by_question[&question]).iter().map(|rival| rival.entry));
        let others: Vec<usize> =
            rivals(&by_entry[&entry]).iter().map(|rival| rival.question).collect();
        if entries.len() == 1 && others.is_empty() {
            board.set(question, entry, Evidence::Near);
            continue;
        }
        for &entry in &entries {
            doubtful[entry] = true;
        }
        ambiguous.push((question, entries));
        ambiguous.extend(others.into_iter().map(|question| (question, vec![entry])));
    }
}

/// The words of a question, each once, in order, and how much each says.
struct Bag {
    words: Vec<(u64, f64)>,
    weight: f64,
}

impl Bag {
    /// The share of weight that two bags have in common.
    fn similarity(&self, other: &Self) -> f64 {
        let mut common = 0.0;
        let mut others = other.words.iter().peekable();
        for &(word, weight) in &self.words {
            while others.next_if(|&&(other, _)| other < word).is_some() {}
            if others.peek().is_some_and(|&&(other, _)| other == word) {
                common += weight;
            }
        }
        let all = self.weight + other.weight - common;
        if all > 0.0 { common / all } else { 0.0 }
    }
}

/// How many questions, old and new, have a word: the fewer, the more it says.
struct Weights {
    counts: BTreeMap<u64, u32>,
    total: f64,
}

impl Weights {
    fn of(questions: &[Facts<'_>], entries: &[Entry]) -> Self {
        let texts = questions.iter().map(|question| question.text.as_str());
        let texts = texts.chain(entries.iter().map(|entry| entry.question.as_str()));
        let mut all = Vec::new();
        let mut total = 0;
        for text in texts {
            total += 1;
            all.extend(distinct(text));
        }
        all.sort_unstable();
        let runs = all.chunk_by(|a, b| a == b);
        let counts = runs.map(|run| (run[0], u32::try_from(run.len()).unwrap_or(u32::MAX)));
        Self { counts: counts.collect(), total: f64::from(total) }
    }

    fn bag(&self, text: &str) -> Bag {
        let words: Vec<(u64, f64)> =
            distinct(text).into_iter().map(|word| (word, self.of_word(word))).collect();
        let weight = words.iter().map(|(_, weight)| weight).sum();
        Bag { words, weight }
    }

    fn of_word(&self, word: u64) -> f64 {
        // A word that stands in one old and one new question is as rare as can be.
        let count = self.counts.get(&word).copied().unwrap_or(1).max(2);
        (self.total.max(4.0) / f64::from(count)).ln().max(0.05)
    }
}

fn distinct(text: &str) -> Vec<u64> {
    let mut words = tokens(text);
    words.sort_unstable();
    words.dedup();
    words
}
