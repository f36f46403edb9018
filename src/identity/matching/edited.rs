//! Pairs of what was edited, by evidence.
//!
//! Candidates come from an index of what both have, so that no question is compared with every
//! other; then each is weighed. What is paired first makes known neighbours for the rest, so there
//! are two rounds.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::accept::{CLEAR, Candidate, ENOUGH, accept, collect_doubts};
use super::may_pair;
use crate::identity::evidence::{self, Evidence, Profile, weigh_pair};
use crate::identity::facts::QuestionFacts;
use crate::identity::lock::Entry;
use crate::identity::pairing::{Basis, Pairing};
use crate::identity::place::{Neighbours, Place, Places};
use crate::identity::rarity::{Card, Feature, Rarity};
use crate::identity::reading;
use crate::model::CardKind;

/// What stands between the same neighbours gets so much, in nats.
const SAME_PLACE: f64 = 1.5;

/// What stands next to one of them.
const NEAR_PLACE: f64 = 0.5;

/// A question that has to be mended, or has no answer, reaches no learner: its line only stays as
/// it is, so weaker evidence is enough.
const LEFT_OUT: f64 = 3.0;

/// So many different words below a heading are not written twice by chance.
const LONG: usize = 8;

/// So few entries are all looked at.
const FEW: usize = 100;

/// What more entries have than this leads to none of them.
const COMMON: usize = 32;

/// So many candidates, found by what is rarest, are enough.
const ENOUGH_FOUND: usize = 12;

/// So many entries that are free at one place are all looked at.
const FEW_AT_PLACE: usize = 8;

/// Pairs what is left by evidence; returns the new questions that may have been one of the entries.
pub(super) fn pair_by_evidence(
    questions: &[QuestionFacts<'_>],
    entries: &[Entry],
    pairing: &mut Pairing,
    today: &str,
) -> Vec<(usize, Vec<usize>)> {
    // An id that the lock does not know says that the question is a new one.
    let is_free = |at: &usize| pairing.pairs[*at].is_none() && questions[*at].explicit.is_none();
    let free: Vec<usize> = (0..questions.len()).filter(is_free).collect();
    let known: Vec<usize> = (0..entries.len()).filter(|&at| !pairing.taken[at]).collect();
    if free.is_empty() || known.is_empty() {
        return Vec::new();
    }
    let edited = Edited::new(questions, entries, free, &known, pairing, today);
    let mut all = Vec::new();
    for _ in 0..2 {
        all = edited.weigh(pairing);
        accept(&all, pairing);
    }
    collect_doubts(&all, pairing)
}

/// Finds the ids that were written to another question than the one which has more in common with
/// their entry. An id that stood there at the last build stays where it is.
pub(super) fn find_conflicts(
    questions: &[QuestionFacts<'_>],
    entries: &[Entry],
    pairing: &Pairing,
    claims: &[(usize, usize)],
) -> Vec<(usize, usize)> {
    let is_new = |(question, entry): &&(usize, usize)| {
        let (question, entry) = (&questions[*question], &entries[*entry]);
        let is_certain = entry.open.is_none() && entry.removed.is_none();
        is_certain && question.text != entry.question && entry.name.as_deref() != question.explicit
    };
    let claims: BTreeMap<usize, usize> =
        claims.iter().filter(is_new).map(|&(question, entry)| (entry, question)).collect();
    let is_free = |at: &usize| {
        let QuestionFacts { explicit, wants_new_id, .. } = &questions[*at];
        pairing.pairs[*at].is_none() && explicit.is_none() && !wants_new_id
    };
    let free: Vec<usize> = (0..questions.len()).filter(is_free).collect();
    if claims.is_empty() || free.is_empty() {
        return Vec::new();
    }
    let known: Vec<usize> = claims.keys().copied().collect();
    // As if these ids had not been written.
    let mut undone = pairing.clone();
    for (&entry, &question) in &claims {
        undone.pairs[question] = None;
        undone.taken[entry] = false;
    }
    let claimers: BTreeSet<usize> = claims.values().copied().collect();
    let all: BTreeSet<usize> = free.into_iter().chain(claimers.iter().copied()).collect();
    let all = all.into_iter().collect();
    let edited = Edited::new(questions, entries, all, &known, &undone, "");
    let weighed = edited.weigh(&undone);
    let of_claimer = |entry: usize| {
        let own = weighed.iter().filter(|it| it.entry == entry && it.question == claims[&entry]);
        own.map(|it| it.nats).fold(0.0, f64::max)
    };
    let stands = weighed.iter().filter(|it| !claimers.contains(&it.question));
    let stands = stands.filter(|it| it.nats >= ENOUGH && it.nats >= of_claimer(it.entry) + CLEAR);
    stands.map(|it| (claims[&it.entry], it.question)).collect()
}

/// The questions and entries that are in doubt, ready to be compared.
struct Edited<'e> {
    questions: &'e [QuestionFacts<'e>],
    entries: &'e [Entry],
    rarity: Rarity,
    /// The questions.
    new: Vec<(usize, Profile<'e>)>,
    /// The entries, by their index; twice if their last pair is not confirmed.
    old: Vec<(usize, Profile<'e>)>,
    /// Which of `old` have a feature.
    index: Vec<(Feature, usize)>,
    /// Texts whose free entries are all copies of one card, with no more questions than entries.
    copied: BTreeSet<&'e str>,
    /// The headings that one question and one entry of a file have.
    alone: BTreeSet<(&'e str, &'e str)>,
    /// The day of the build.
    today: &'e str,
}

impl<'e> Edited<'e> {
    fn new(
        questions: &'e [QuestionFacts<'e>],
        entries: &'e [Entry],
        free: Vec<usize>,
        known: &[usize],
        pairing: &Pairing,
        today: &'e str,
    ) -> Self {
        let asked = free.iter().map(|&at| questions[at].card());
        let faces: Vec<(usize, Card<'_>)> =
            known.iter().flat_map(|&at| cards(&entries[at]).map(move |card| (at, card))).collect();
        let in_doubt: Vec<Card<'_>> = asked.chain(faces.iter().map(|(_, card)| *card)).collect();
        let rarity = Rarity::count(&in_doubt, &all_cards(questions, entries, pairing));
        let copied = find_copied(questions, entries, &free, pairing);
        let alone = find_alone(questions, entries, &free);
        let new = free
            .into_par_iter()
            .map(|at| (at, Profile::new(questions[at].card(), &questions[at].older, &rarity)));
        let new = new.collect();
        let old = faces.into_par_iter().map(|(at, card)| (at, Profile::new(card, &[], &rarity)));
        let old: Vec<(usize, Profile<'_>)> = old.collect();
        let features = old.iter().enumerate().flat_map(|(face, (_, profile))| {
            profile.features().map(move |feature| (feature, face))
        });
        let mut index: Vec<(Feature, usize)> = features.collect();
        index.par_sort_unstable();
        Self { questions, entries, rarity, new, old, index, copied, alone, today }
    }

    /// Returns every candidate that is free, weighed.
    fn weigh(&self, pairing: &Pairing) -> Vec<Candidate> {
        let places = Places::find(self.questions, self.entries, pairing);
        let mut at_place: BTreeMap<Neighbours, Vec<usize>> = BTreeMap::new();
        for (face, (entry, _)) in self.old.iter().enumerate() {
            if !pairing.taken[*entry] {
                at_place.entry(places.of_entry[*entry]).or_default().push(face);
            }
        }
        let open = self.new.par_iter().filter(|(at, _)| pairing.pairs[*at].is_none());
        let weighed = open.flat_map_iter(|(at, new)| {
            let near = at_place.get(&places.of_question[*at]);
            let near = near.filter(|near| near.len() <= FEW_AT_PLACE).map_or(&[][..], |near| near);
            let mut best: Vec<Candidate> = Vec::new();
            for face in self.find(new, near) {
                let (entry, old) = &self.old[face];
                if pairing.taken[*entry] || !may_pair(&self.questions[*at], &self.entries[*entry]) {
                    continue;
                }
                let place = places.compare(self.questions, self.entries, *at, *entry);
                let evidence = weigh_pair(new, old, &self.rarity);
                let candidate = self.judge((*at, *entry), (new, old), &evidence, place);
                // Of the two versions of an entry, current and last confirmed, the better one counts.
                match best.last_mut().filter(|known| known.entry == *entry) {
                    Some(known) if known.nats >= candidate.nats => {}
                    Some(known) => *known = candidate,
                    None => best.push(candidate),
                }
            }
            best
        });
        weighed.collect()
    }

    /// Returns the entries that may be a question: those with which it shares something rare, and
    /// those that are free at its place.
    fn find(&self, new: &Profile<'_>, near: &[usize]) -> Vec<usize> {
        if self.old.len() <= FEW {
            return (0..self.old.len()).collect();
        }
        let holders = |feature: Feature| {
            let start = self.index.partition_point(|&(known, _)| known < feature);
            let same = self.index[start..].iter().take_while(move |(known, _)| *known == feature);
            same.map(|&(_, face)| face).take(COMMON + 1).collect::<Vec<usize>>()
        };
        let mut found: Vec<usize> = near.to_vec();
        for holders in new.leads().into_iter().map(holders) {
            if holders.len() <= COMMON {
                found.extend(holders);
            }
            if found.len() >= ENOUGH_FOUND {
                break;
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Adds up what speaks for a pair, and says what it would rest on.
    fn judge(
        &self,
        (question, entry): (usize, usize),
        (new, old): (&Profile<'_>, &Profile<'_>),
        evidence: &Evidence,
        place: Place,
    ) -> Candidate {
        let (facts, known) = (&self.questions[question], &self.entries[entry]);
        let is_retired = known.removed.is_some();
        let is_here = *facts.file == known.file;
        let (new_heading, old_heading) = (heading(&facts.text), heading(&known.question));
        let is_unique_question = evidence.is_same_heading || evidence.is_same_question;
        let is_alone = is_here
            && self.alone.contains(&(facts.file, new_heading))
            && new_heading == old_heading;
        let is_copied = self.copied.contains(&*facts.text) && facts.text == known.question;
        let rest = evidence.below + evidence.answer;
        // The same question, unless all else is another one.
        let is_left = is_unique_question
            && (rest >= 0.0 || (is_here && (evidence.below >= 0.0 || evidence.answer >= 0.0)));
        // The same words above, and what stands below tells it from others that have them too.
        let is_told_apart = evidence.reads_same
            && evidence.replaced_below < evidence::SLIGHT
            && evidence.answer >= 0.0
            && rest >= ENOUGH;
        // In a small bank nothing is rarer than that.
        let rare = evidence::RARE.min(self.rarity.most() / 2.0);
        // The same answer, which no other card has, below a heading that is no cloze: nothing rare
        // is gone from one that is long; or the answer is long, and nothing rare was replaced.
        let is_touched = || {
            let is_kept =
                evidence.gone < evidence::SLIGHT && reading::is_kept(old_heading, new_heading);
            let is_long = evidence.words_below >= LONG;
            let is_reworded = evidence.heading >= 0.0 && evidence.rarest_replaced < rare;
            (is_kept || (is_long && is_reworded)) && !facts.kinds.contains(&CardKind::Cloze)
        };
        let [.., old_media] = known.fingerprint.words();
        let [.., new_media] = facts.fingerprint.words();
        let is_same_answer = evidence.is_same_rest
            && old_media == new_media
            && (evidence.reads_same || is_touched());
        let mut nats = evidence.nats();
        nats += match place {
            Place::Same => SAME_PLACE,
            Place::Near => NEAR_PLACE,
            Place::Other => 0.0,
        };
        if !facts.is_answered {
            nats += LEFT_OUT;
        }
        if is_unique_question || is_copied {
            nats = nats.max(ENOUGH + CLEAR);
        } else if is_alone {
            nats = nats.max(ENOUGH);
        }
        let is_rare = evidence.rarest >= rare || evidence.answer >= rare;
        let is_recent = known.removed.as_deref().is_none_or(|day| day == self.today);
        let is_notable = nats >= ENOUGH || (is_recent && is_rare);
        if is_retired && !evidence.has_same_words && !evidence.is_same_rest {
            nats = f64::NEG_INFINITY;
        }
        Candidate {
            question,
            entry,
            nats,
            copies: (new.copy_key(), old.copy_key()),
            bags: (new.bag, old.bag),
            holds_old: evidence.holds_old,
            is_held: evidence.is_held,
            is_unique: !is_retired && (is_left || is_told_apart || is_same_answer),
            is_same_question: is_unique_question || is_copied || is_alone,
            is_same_heading: is_unique_question && !is_retired,
            is_same_answer: evidence.is_same_rest,
            is_notable,
        }
    }
}

/// Returns the first line of what is asked.
fn heading(text: &str) -> &str {
    text.split('\n').next().unwrap_or_default()
}

/// Finds the headings that, in their file, one question and one entry have: what stands below may
/// be written anew.
fn find_alone<'e>(
    questions: &'e [QuestionFacts<'e>],
    entries: &[Entry],
    free: &[usize],
) -> BTreeSet<(&'e str, &'e str)> {
    let place = |at: usize| (questions[at].file, heading(&questions[at].text));
    let mut counts: BTreeMap<(&'e str, &'e str), usize> =
        free.iter().map(|&at| (place(at), 0)).collect();
    for at in 0..questions.len() {
        if let Some(now) = counts.get_mut(&place(at)) {
            *now += 1;
        }
    }
    let live = entries.iter().filter(|entry| entry.removed.is_none());
    let mut before: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for entry in live {
        *before.entry((&*entry.file, heading(&entry.question))).or_default() += 1;
    }
    let is_alone =
        |(place, now): &((&'e str, &'e str), usize)| *now == 1 && before.get(place) == Some(&1);
    counts.into_iter().filter(is_alone).map(|(place, _)| place).collect()
}

/// Finds the texts that only copies of one card ask in the lock, and no more questions than entries
/// that are free: whichever of them was answered anew, it is that card.
fn find_copied<'e>(
    questions: &'e [QuestionFacts<'_>],
    entries: &[Entry],
    free: &[usize],
    pairing: &Pairing,
) -> BTreeSet<&'e str> {
    let mut texts: BTreeMap<&str, (usize, Vec<usize>)> = BTreeMap::new();
    for &at in free {
        texts.entry(&questions[at].text).or_default().0 += 1;
    }
    for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.removed.is_none()) {
        if let Some((_, asked_by)) = texts.get_mut(&*entry.question) {
            asked_by.push(at);
        }
    }
    let answer = |at: &usize| entries[*at].fingerprint.answer();
    let copied = texts.into_iter().filter(|(_, (asking, asked_by))| {
        let left = asked_by.iter().filter(|at| !pairing.taken[**at]).count();
        let is_copied = asked_by.windows(2).all(|pair| answer(&pair[0]) == answer(&pair[1]));
        asked_by.len() > 1 && is_copied && *asking <= left
    });
    copied.map(|(text, _)| text).collect()
}

/// Returns what an entry is compared by: as it reads now, and as it read when its pair was last
/// certain.
fn cards(entry: &Entry) -> impl Iterator<Item = Card<'_>> {
    let former = entry.open.iter().map(|it| Card::new(&it.question, it.fingerprint, &it.sketch));
    let now = Card::new(&entry.question, entry.fingerprint, &entry.sketch);
    let is_retired = entry.removed.is_some();
    std::iter::once(now).chain(former).map(move |card| Card { is_retired, ..card })
}

/// Returns the whole bank, old and new, and how many times each card is there: what is as it was is
/// looked at once.
fn all_cards<'a>(
    questions: &'a [QuestionFacts<'_>],
    entries: &'a [Entry],
    pairing: &Pairing,
) -> Vec<(Card<'a>, u32)> {
    let mut is_counted = vec![false; entries.len()];
    let mut all = Vec::with_capacity(questions.len());
    for (question, pair) in questions.iter().zip(&pairing.pairs) {
        let same = pair.filter(|pair| pair.basis == Basis::SameWords);
        let same = same.filter(|pair| entries[pair.entry].removed.is_none());
        all.push((question.card(), 1 + u32::from(same.is_some())));
        if let Some(pair) = same {
            is_counted[pair.entry] = true;
        }
    }
    let rest = entries.iter().zip(is_counted).filter(|(_, is_counted)| !is_counted);
    all.extend(rest.filter_map(|(entry, _)| Some((cards(entry).next()?, 1))));
    all
}
