//! Pairs of what was edited, by evidence.
//!
//! Candidates come from an index of what both have, so that no question is compared with every other.
//! Each is weighed; then the pairs are made, the likeliest first, unless another is nearly as likely.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Basis, Board, may_be};
use crate::identity::evidence::{self, Evidence, Profile, Reasons, weigh_pair};
use crate::identity::facts::Facts;
use crate::identity::lock::{Entry, Former};
use crate::identity::place::{Place, Places};
use crate::identity::rarity::{Card, Feature, Rarity};

/// So much evidence makes a pair, in nats: about twelve to one.
const ENOUGH: f64 = 2.5;
/// So much better than any other it must be.
const CLEAR: f64 = 1.0;
/// What stands between the same neighbours, or next to one of them, or is alone there.
const SAME_PLACE: f64 = 1.5;
const NEAR_PLACE: f64 = 0.5;
/// A question that has to be mended, or has no answer, reaches no learner: its line only stays as it
/// is, so less will do.
const LEFT_OUT: f64 = 3.0;
/// So few entries are all looked at.
const FEW: usize = 100;
/// What more entries have than this leads to none of them.
const COMMON: usize = 32;

/// A question and an entry that may be the same.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    question: usize,
    entry: usize,
    /// All that speaks for it, in nats.
    nats: f64,
    /// Whether it rests on what needs no confirmation.
    is_unique: bool,
    /// Whether its heading is as it was, which is enough where nothing fits better.
    is_same_heading: bool,
    /// Whether it is worth naming if it is not made.
    is_notable: bool,
}

/// Pairs what is left by evidence; returns the new questions that may have been one of the entries.
pub(super) fn pair_by_evidence(
    questions: &[Facts<'_>],
    entries: &[Entry],
    board: &mut Board,
) -> Vec<(usize, Vec<usize>)> {
    // An id that the lock does not know says that the question is a new one.
    let is_free = |at: &usize| board.pairs[*at].is_none() && questions[*at].explicit.is_none();
    let free: Vec<usize> = (0..questions.len()).filter(is_free).collect();
    let known: Vec<usize> = (0..entries.len()).filter(|&at| !board.taken[at]).collect();
    if free.is_empty() || known.is_empty() {
        return Vec::new();
    }
    let asked: Vec<Card<'_>> = free.iter().map(|&at| questions[at].card()).collect();
    let faces: Vec<(usize, Card<'_>)> =
        known.iter().flat_map(|&at| cards(&entries[at]).map(move |card| (at, card))).collect();
    let in_doubt: Vec<Card<'_>> =
        asked.iter().chain(faces.iter().map(|(_, card)| card)).copied().collect();
    let everything: Vec<Card<'_>> = questions
        .iter()
        .map(Facts::card)
        .chain(entries.iter().filter_map(|entry| cards(entry).next()))
        .collect();
    let rarity = Rarity::count(&in_doubt, &everything);
    let news: Vec<Profile<'_>> = free
        .par_iter()
        .map(|&at| Profile::new(questions[at].card(), &questions[at].older, &rarity))
        .collect();
    let olds: Vec<Profile<'_>> =
        faces.par_iter().map(|(_, card)| Profile::new(*card, &[], &rarity)).collect();
    let mut index: Vec<(Feature, usize)> = olds
        .iter()
        .enumerate()
        .flat_map(|(face, old)| old.features().map(move |feature| (feature, face)))
        .collect();
    index.par_sort_unstable();
    let mut all = Vec::new();
    for _ in 0..2 {
        let places = Places::find(questions, entries, board);
        let crowds = Crowds::of(&places, &free, &known, board);
        let found =
            free.par_iter().zip(&news).filter(|(at, _)| board.pairs[**at].is_none()).flat_map_iter(
                |(&at, new)| {
                    let faces_of =
                        candidates(new, &index, faces.len(), crowds.near(&places, at), &faces);
                    let mut best: Vec<Candidate> = Vec::new();
                    for face in faces_of {
                        let (entry, _) = faces[face];
                        if board.taken[entry] || !may_be(&questions[at], &entries[entry]) {
                            continue;
                        }
                        let evidence = weigh_pair(new, &olds[face], &rarity);
                        let place = places.compare(questions, entries, at, entry);
                        let candidate = judge(
                            at,
                            entry,
                            &evidence,
                            place,
                            &questions[at],
                            &entries[entry],
                            &rarity,
                        );
                        match best.iter_mut().find(|known| known.entry == entry) {
                            Some(known) if known.nats >= candidate.nats => {}
                            Some(known) => *known = candidate,
                            None => best.push(candidate),
                        }
                    }
                    best
                },
            );
        all = found.collect::<Vec<Candidate>>();
        let profile_of = |question: usize| &news[free.binary_search(&question).unwrap_or(0)];
        let face_of = |entry: usize| &olds[faces.partition_point(|(at, _)| *at < entry)];
        let is_twin = |a: &Candidate, b: &Candidate| {
            if a.entry == b.entry {
                profile_of(a.question).is_copy_of(profile_of(b.question))
            } else {
                face_of(a.entry).is_copy_of(face_of(b.entry))
            }
        };
        accept(&all, is_twin, board);
    }
    collect_doubts(&all, entries, board)
}

/// Returns what an entry is compared by: as it reads now, and as it read when its pair was last
/// certain.
fn cards(entry: &Entry) -> impl Iterator<Item = Card<'_>> {
    let former = entry.open.iter().map(|it| Card::new(&it.question, it.fingerprint, &it.sketch));
    let now = Card::new(&entry.question, entry.fingerprint, &entry.sketch);
    let is_retired = entry.removed.is_some();
    std::iter::once(now).chain(former).map(move |card| Card { is_retired, ..card })
}

/// Weighs a candidate.
fn judge(
    question: usize,
    entry: usize,
    evidence: &Evidence,
    place: Place,
    facts: &Facts<'_>,
    known: &Entry,
    rarity: &Rarity,
) -> Candidate {
    let is_retired = known.removed.is_some();
    let mut nats = evidence.nats();
    nats += match place {
        Place::Same => SAME_PLACE,
        Place::Near => NEAR_PLACE,
        Place::Other => 0.0,
    };
    let is_same_heading = evidence.is_same_heading || evidence.is_same_question;
    let heading = |text: &str| text.split('\n').next().map(str::len);
    let is_letter_for_letter = heading(&facts.text) == heading(&known.question);
    // The same words above, and what stands below tells it from others that have them too.
    let is_told_apart = evidence.has_same_words
        && evidence.below >= 0.0
        && evidence.answer >= 0.0
        && evidence.below + evidence.answer >= ENOUGH;
    let is_unique = !is_retired
        && (is_same_heading && (is_letter_for_letter || evidence.answer >= 0.0)
            || is_told_apart
            || evidence.is_same_rest
                && evidence.replaced < evidence::SLIGHT
                && evidence.rarest > 0.0);
    if !facts.is_answered {
        nats += LEFT_OUT;
    }
    if is_same_heading {
        nats = nats.max(ENOUGH + CLEAR);
    }
    if is_retired && !evidence.has_same_words && !evidence.is_same_rest {
        nats = f64::NEG_INFINITY;
    }
    // In a small bank nothing is rarer than that.
    let rare = evidence::RARE.min(rarity.most() / 2.0);
    let is_notable = nats >= ENOUGH || evidence.rarest >= rare || evidence.answer >= rare;
    Candidate { question, entry, nats, is_unique, is_same_heading, is_notable }
}

/// The questions and entries that are free in each gap.
struct Crowds {
    entries: BTreeMap<(Option<usize>, Option<usize>), Vec<usize>>,
}

impl Crowds {
    fn of(places: &Places, _free: &[usize], known: &[usize], board: &Board) -> Self {
        let mut entries: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for &at in known.iter().filter(|&&at| !board.taken[at]) {
            entries.entry(places.gap_of_entry(at)).or_default().push(at);
        }
        Self { entries }
    }

    /// Returns the entries that are free where a question stands, if they are few.
    fn near(&self, places: &Places, question: usize) -> &[usize] {
        self.entries
            .get(&places.gap_of_question(question))
            .map_or(&[], |all| if all.len() <= 8 { all } else { &[] })
    }
}

/// Returns the cards that may be a question: those it shares something rare with, and those that
/// are free at its place.
fn candidates(
    new: &Profile<'_>,
    index: &[(Feature, usize)],
    all: usize,
    near: &[usize],
    faces: &[(usize, Card<'_>)],
) -> Vec<usize> {
    if all <= FEW {
        return (0..all).collect();
    }
    let holders = |feature: Feature| {
        let start = index.partition_point(|&(known, _)| known < feature);
        let same = index[start..].iter().take_while(move |&&(known, _)| known == feature);
        same.map(|&(_, face)| face).take(COMMON + 1).collect::<Vec<usize>>()
    };
    let led = new.leads().into_iter().map(holders).filter(|holders| holders.len() <= COMMON);
    let near = near.iter().map(|entry| faces.partition_point(|(at, _)| at < entry));
    let mut found: Vec<usize> = led.flatten().chain(near).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Makes the pairs that are likely enough, the likeliest first, and that nothing contests.
///
/// A pair is contested if another one is nearly as good: if both questions want an entry, who goes
/// without it has the next best that is left to it, or none.
fn accept(all: &[Candidate], is_twin: impl Fn(&Candidate, &Candidate) -> bool, board: &mut Board) {
    let mut order: Vec<&Candidate> = all.iter().filter(|it| it.nats >= ENOUGH).collect();
    order.sort_by(|a, b| {
        b.nats.total_cmp(&a.nats).then((a.question, a.entry).cmp(&(b.question, b.entry)))
    });
    let mut of_question: BTreeMap<usize, Vec<&Candidate>> = BTreeMap::new();
    let mut of_entry: BTreeMap<usize, Vec<&Candidate>> = BTreeMap::new();
    for candidate in &order {
        of_question.entry(candidate.question).or_default().push(candidate);
        of_entry.entry(candidate.entry).or_default().push(candidate);
    }
    let mut is_contested = vec![false; board.taken.len()];
    for pair in order {
        let is_free = |it: &Candidate, board: &Board| {
            board.pairs[it.question].is_none() && !board.taken[it.entry]
        };
        if !is_free(pair, board) || (is_contested[pair.entry] && !pair.is_same_heading) {
            continue;
        }
        // What is the next best for one that does not get this pair?
        let next_for_question = |question: usize, entry: usize| {
            let others =
                of_question[&question].iter().filter(|it| it.entry != entry && is_free(it, board));
            others.map(|it| it.nats).fold(ENOUGH, f64::max)
        };
        let next_for_entry = |entry: usize, question: usize| {
            let others =
                of_entry[&entry].iter().filter(|it| it.question != question && is_free(it, board));
            others.map(|it| it.nats).fold(ENOUGH, f64::max)
        };
        let rivals_for_entry = of_entry[&pair.entry]
            .iter()
            .filter(|it| it.question != pair.question && is_free(it, board) && !is_twin(it, pair));
        let mut contested = rivals_for_entry
            .filter(|rival| {
                let with = pair.nats + next_for_question(rival.question, pair.entry);
                let without = rival.nats + next_for_question(pair.question, pair.entry);
                with < without + CLEAR
            })
            .map(|rival| rival.entry)
            .collect::<Vec<_>>();
        let rivals_for_question = of_question[&pair.question]
            .iter()
            .filter(|it| it.entry != pair.entry && is_free(it, board) && !is_twin(it, pair));
        contested.extend(
            rivals_for_question
                .filter(|rival| {
                    let with = pair.nats + next_for_entry(rival.entry, pair.question);
                    let without = rival.nats + next_for_entry(pair.entry, pair.question);
                    with < without + CLEAR
                })
                .map(|rival| rival.entry),
        );
        if contested.is_empty() || pair.is_same_heading {
            let basis = if pair.is_unique { Basis::Unique } else { Basis::Evidence };
            board.set(pair.question, pair.entry, basis);
        } else {
            is_contested[pair.entry] = true;
            for entry in contested {
                is_contested[entry] = true;
            }
        }
    }
}

/// Returns the new questions that share something rare with entries that are gone since the last
/// build.
fn collect_doubts(all: &[Candidate], entries: &[Entry], board: &Board) -> Vec<(usize, Vec<usize>)> {
    let mut doubts: BTreeMap<usize, Vec<&Candidate>> = BTreeMap::new();
    for candidate in all {
        let is_open = board.pairs[candidate.question].is_none() && !board.taken[candidate.entry];
        if is_open && entries[candidate.entry].removed.is_none() && candidate.is_notable {
            doubts.entry(candidate.question).or_default().push(candidate);
        }
    }
    let named = |(question, mut list): (usize, Vec<&Candidate>)| {
        list.sort_by(|a, b| b.nats.total_cmp(&a.nats).then(a.entry.cmp(&b.entry)));
        (question, list.iter().take(3).map(|it| it.entry).collect())
    };
    doubts.into_iter().map(named).collect()
}

/// Returns, for each of these questions, the words that decide on its pair with how it read before.
pub(in crate::identity) fn explain(
    questions: &[Facts<'_>],
    entries: &[Entry],
    pairs: &[(usize, &Former)],
) -> Vec<Reasons> {
    let in_doubt: Vec<Card<'_>> = pairs
        .iter()
        .flat_map(|(at, former)| {
            [questions[*at].card(), Card::new(&former.question, former.fingerprint, &former.sketch)]
        })
        .collect();
    let everything: Vec<Card<'_>> = questions
        .iter()
        .map(Facts::card)
        .chain(entries.iter().filter_map(|entry| cards(entry).next()))
        .collect();
    let rarity = Rarity::count(&in_doubt, &everything);
    let profiles: Vec<Profile<'_>> =
        in_doubt.into_iter().map(|card| Profile::new(card, &[], &rarity)).collect();
    profiles.chunks_exact(2).map(|pair| evidence::explain(&pair[0], &pair[1])).collect()
}
