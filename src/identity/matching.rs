//! Which question of today is which question of the lock.
//!
//! Another card's reviews on a card are the worst that can happen, worse than a lost history. So a
//! pair is made
//!
//! 1. by the id that the author wrote;
//! 2. by the same words, question and answer, wherever they stand; of copies each where it was;
//! 3. by [`evidence`](super::evidence) from words, weighed by how rare they are in the whole bank, and
//!    from the place between known neighbours.
//!
//! What is paired is out of the game, so the third step looks only at what was edited. A pair
//! that rests on more than the same words is open: it is reported until somebody confirms it. Where
//! two candidates are nearly as likely, nothing is guessed.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::evidence::{self, Evidence, Profile, weigh_pair};
use super::facts::Facts;
use super::lock::Entry;
use super::place::{Place, Places};
use super::rarity::{Card, Feature, Rarity};

/// So much evidence makes a pair, in nats: about twelve to one.
const ENOUGH: f64 = 2.5;
/// So much better than any other it must be.
const CLEAR: f64 = 1.0;
/// What stands between the same neighbours, or next to one of them, or is alone there.
const SAME_PLACE: f64 = 1.5;
const NEAR_PLACE: f64 = 0.5;
/// So few entries are all looked at.
const FEW: usize = 100;
/// What more entries have than this leads to none of them.
const COMMON: usize = 32;

/// What a pair rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The id that the author wrote.
    Id,
    /// The same question and the same answer.
    SameWords,
    /// Those that it had when its pair was last certain.
    FormerWords,
    /// The same heading, or the same answer, and no other card has it.
    Unique,
    /// Evidence that somebody should confirm.
    Evidence,
}

/// A question of today and its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The index of the entry.
    pub entry: usize,
    /// What it rests on.
    pub basis: Basis,
}

/// What was found out.
#[derive(Debug, Default)]
pub struct Matching {
    /// For each question, its entry.
    pub pairs: Vec<Option<Pair>>,
    /// New questions, with the entries that they may have been.
    pub doubts: Vec<(usize, Vec<usize>)>,
    /// Questions whose written id is that of an entry, which another question has by its words.
    pub conflicts: Vec<(usize, usize)>,
}

/// What is paired so far.
#[derive(Debug)]
pub(super) struct Board {
    pub(super) pairs: Vec<Option<Pair>>,
    pub(super) taken: Vec<bool>,
}

impl Board {
    fn set(&mut self, question: usize, entry: usize, basis: Basis) {
        self.pairs[question] = Some(Pair { entry, basis });
        self.taken[entry] = true;
    }
}

/// Pairs questions with entries.
#[must_use]
pub fn pair(questions: &[Facts<'_>], entries: &[Entry]) -> Matching {
    let mut board = Board { pairs: vec![None; questions.len()], taken: vec![false; entries.len()] };
    let claims = pair_by_id(questions, entries, &mut board);
    pair_by_words(questions, entries, &mut board);
    let conflicts = find_conflicts(questions, entries, &board, &claims);
    let mut doubts = pair_by_evidence(questions, entries, &mut board);
    doubts.extend(find_displaced(questions, entries, &board));
    doubts.sort_unstable();
    Matching { pairs: board.pairs, doubts, conflicts }
}

/// Pairs by the id that the author wrote: the question's own, or its name for it.
fn pair_by_id(
    questions: &[Facts<'_>],
    entries: &[Entry],
    board: &mut Board,
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
    for (at, question) in questions.iter().enumerate() {
        let Some(id) = question.explicit else { continue };
        if let Some(&entry) = names.get(id).or_else(|| ids.get(id))
            && !board.taken[entry]
        {
            board.set(at, entry, Basis::Id);
            claims.push((at, entry));
        }
    }
    claims
}

/// The words of a card and where it stands: of copies, each is where it was, so place comes last.
type Key<'k> = (&'k str, Option<[u64; 2]>, &'k str, &'k [String]);

/// Pairs by the same question and the same answer: first where all is as it was, then within the
/// topic, then anywhere; what was taken out before comes last, and all in order.
fn pair_by_words(questions: &[Facts<'_>], entries: &[Entry], board: &mut Board) {
    // What a question was before a pair that nobody has confirmed is surer than what it became.
    let former = |entry: &'_ Entry| entry.open.is_some();
    if entries.iter().any(former) {
        for scope in SCOPES {
            step(questions, entries, board, scope, Basis::FormerWords);
        }
    }
    for scope in SCOPES {
        step(questions, entries, board, scope, Basis::SameWords);
    }
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

const SCOPES: [Scope; 4] = [Scope::File, Scope::Topic, Scope::Anywhere, Scope::Retired];

impl Scope {
    fn key<'k>(
        self,
        text: &'k str,
        answer: Option<[u64; 2]>,
        file: &'k str,
        topic: &'k [String],
    ) -> Key<'k> {
        match self {
            Scope::File => (text, answer, file, topic),
            Scope::Topic => (text, answer, "", topic),
            Scope::Anywhere | Scope::Retired => (text, answer, "", &[]),
        }
    }
}

/// Pairs what has the same key, in order.
fn step(questions: &[Facts<'_>], entries: &[Entry], board: &mut Board, scope: Scope, basis: Basis) {
    let free = (0..entries.len()).filter(|&at| !board.taken[at]);
    let free = free.filter(|&at| scope == Scope::Retired || entries[at].removed.is_none());
    let keyed = free.filter_map(|at| {
        let entry = &entries[at];
        let (text, fingerprint) = match (basis, &entry.open) {
            (Basis::FormerWords, former) => {
                former.as_deref().map(|it| (&it.question, it.fingerprint))?
            }
            _ => (&entry.question, entry.fingerprint),
        };
        Some((scope.key(text, fingerprint.answer(), &entry.file, &entry.topic), at))
    });
    let mut known: Vec<(Key<'_>, usize)> = keyed.collect();
    if known.is_empty() {
        return;
    }
    let free = (0..questions.len()).filter(|&at| board.pairs[at].is_none());
    let keyed = free.map(|at| {
        let Facts { text, fingerprint, file, topic, .. } = &questions[at];
        (scope.key(text, fingerprint.answer(), file, topic), at)
    });
    let mut asked: Vec<(Key<'_>, usize)> = keyed.collect();
    known.par_sort_unstable();
    asked.par_sort_unstable();
    let mut known = known.into_iter().peekable();
    for same in asked.chunk_by(|(a, _), (b, _)| a == b) {
        let key = same[0].0;
        while known.next_if(|(known, _)| *known < key).is_some() {}
        let mut candidates: Vec<usize> =
            std::iter::from_fn(|| known.next_if(|(known, _)| *known == key))
                .map(|(_, at)| at)
                .collect();
        for &(_, question) in same {
            let fits = |at: &usize| may_be(&questions[question], &entries[*at]);
            if let Some(at) = candidates.iter().position(fits) {
                board.set(question, candidates.remove(at), basis);
            }
        }
    }
}

/// Returns whether a question can be an entry at all: one that asks for a new id is only what it has
/// become by that.
fn may_be(question: &Facts<'_>, entry: &Entry) -> bool {
    !question.wants_new_id || entry.renewed
}

/// Finds the questions that still stand with the words of an entry whose id another one has written.
fn find_conflicts(
    questions: &[Facts<'_>],
    entries: &[Entry],
    board: &Board,
    claims: &[(usize, usize)],
) -> Vec<(usize, usize)> {
    let mut claimed: BTreeMap<(&str, Option<[u64; 2]>), (usize, usize)> = BTreeMap::new();
    for &(question, entry) in claims.iter().filter(|(_, entry)| entries[*entry].open.is_none()) {
        let Entry { question: text, fingerprint, .. } = &entries[entry];
        claimed.insert((text, fingerprint.answer()), (question, entry));
    }
    if claimed.is_empty() {
        return Vec::new();
    }
    let free = (0..questions.len()).filter(|&at| {
        board.pairs[at].is_none() && questions[at].explicit.is_none() && !questions[at].wants_new_id
    });
    let conflict = |at: usize| {
        let Facts { text, fingerprint, file, .. } = &questions[at];
        let &(other, entry) = claimed.get(&(text.as_str(), fingerprint.answer()))?;
        let (other_facts, entry) = (&questions[other], &entries[entry]);
        let is_other_elsewhere = *file == entry.file && other_facts.file != entry.file;
        let is_other_reworded =
            other_facts.text != *text || other_facts.fingerprint.answer() != fingerprint.answer();
        (entry.removed.is_none() && (is_other_elsewhere || is_other_reworded))
            .then_some((other, at))
    };
    free.filter_map(conflict).collect()
}

/// Finds the questions that were taken for another one, which is back now and has its id again.
fn find_displaced(
    questions: &[Facts<'_>],
    entries: &[Entry],
    board: &Board,
) -> Vec<(usize, Vec<usize>)> {
    let back = board.pairs.iter().flatten().filter(|pair| pair.basis == Basis::FormerWords);
    let back: BTreeMap<_, usize> = back
        .map(|pair| {
            let Entry { question, fingerprint, .. } = &entries[pair.entry];
            ((question.as_str(), fingerprint.answer()), pair.entry)
        })
        .collect();
    let new = (0..questions.len()).filter(|&at| !back.is_empty() && board.pairs[at].is_none());
    let displaced = |at: usize| {
        let Facts { text, fingerprint, .. } = &questions[at];
        Some((at, vec![*back.get(&(text.as_str(), fingerprint.answer()))?]))
    };
    new.filter_map(displaced).collect()
}

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
fn pair_by_evidence(
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
    let is_told_apart = evidence.has_same_words && evidence.below + evidence.answer >= ENOUGH;
    let is_unique = !is_retired
        && (is_same_heading && (is_letter_for_letter || evidence.answer >= 0.0)
            || is_told_apart
            || evidence.is_same_rest
                && evidence.replaced < evidence::SLIGHT
                && evidence.rarest > 0.0);
    if is_same_heading {
        nats = nats.max(ENOUGH + CLEAR);
    }
    if is_retired && !evidence.has_same_words && !evidence.is_same_rest {
        nats = f64::NEG_INFINITY;
    }
    // In a small bank nothing is rarer than that.
    let rare = evidence::RARE.min(rarity.most() / 2.0);
    let is_notable = nats >= ENOUGH || evidence.rarest >= rare || evidence.answer > ENOUGH;
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
            contested.into_iter().for_each(|entry| is_contested[entry] = true);
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
