//! How rare a word, or a whole text, is in the bank.
//!
//! What two questions have in common says the more, the fewer others have it. So everything is
//! counted over the whole bank: old and new, paired or free. Only what stands in one of the
//! questions in doubt is counted, as nothing else is ever asked for.

use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use super::fingerprint::Fingerprint;
use super::reading;
use super::sketch::{Sketch, short};
use super::words::{mix, words};

/// A question as it is compared: today's, or one of the lock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Card<'c> {
    /// The first line of what it asks.
    pub(super) heading: &'c str,
    /// The rest of that, such as options or code.
    pub(super) below: &'c str,
    /// Hashes of answer and key points; `None` if both are empty.
    pub(super) answer: Option<[u64; 2]>,
    /// What the answer is like.
    pub(super) sketch: &'c Sketch,
    /// Whether it was taken out of the content before.
    pub(super) is_retired: bool,
}

impl<'c> Card<'c> {
    pub(super) fn new(text: &'c str, fingerprint: Fingerprint, sketch: &'c Sketch) -> Self {
        let (heading, below) = text.split_once('\n').unwrap_or((text, ""));
        Self { heading, below, answer: fingerprint.answer(), sketch, is_retired: false }
    }
}

/// A part of a card: the same word says different things in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The first line of what it asks.
    Heading,
    /// The rest of that.
    Below,
    /// Heading and the rest together.
    Question,
    /// Answer and key points.
    Answer,
}

/// What can be counted: a word in a part of a card, or the whole part.
pub(super) type Feature = u64;

/// Returns the feature of a word in a part.
pub(super) fn word(part: Part, hash: u64) -> Feature {
    mix(hash.wrapping_add(part as u64))
}

/// The features of whole parts, the same for those that read the same; `None` if one is empty.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wholes {
    pub(super) heading: Option<Feature>,
    pub(super) below: Option<Feature>,
    pub(super) question: Option<Feature>,
    pub(super) answer: Option<Feature>,
}

impl Wholes {
    /// Returns those of a card.
    pub(super) fn of(card: &Card<'_>) -> Self {
        let (heading, below) = (reading::hash(card.heading), reading::hash(card.below));
        let question = heading.unwrap_or(0).rotate_left(1) ^ below.unwrap_or(0);
        let answer = card.answer.map(|[answer, points]| answer ^ points.rotate_left(20));
        let feature =
            |part, hash: Option<u64>| hash.map(|hash| mix(mix(hash ^ WHOLE) ^ part as u64));
        Self {
            heading: feature(Part::Heading, heading),
            below: feature(Part::Below, below),
            question: feature(Part::Question, Some(question)),
            answer: feature(Part::Answer, answer),
        }
    }
}

/// What keeps whole parts apart from words.
const WHOLE: u64 = 0x5bd1_e995_0000_0000;

/// Puts what is counted in a card, each once, in place of what was found before.
fn find_features(card: &Card<'_>, found: &mut Vec<Feature>) {
    found.clear();
    for (part, text) in [(Part::Heading, card.heading), (Part::Below, card.below)] {
        found.extend(words(text).iter().map(|found| word(part, found.hash)));
    }
    found.sort_unstable();
    found.dedup();
    found.extend(card.sketch.words().iter().map(|&hash| word(Part::Answer, hash.into())));
    let wholes = Wholes::of(card);
    // A heading that was there years ago does not make today's one less telling; an answer does.
    let live = [wholes.heading, wholes.question].into_iter().flatten().filter(|_| !card.is_retired);
    found.extend([wholes.below, wholes.answer].into_iter().flatten().chain(live));
}

/// How many cards have a feature.
#[derive(Debug)]
pub(super) struct Rarity {
    counts: Counts,
    total: f64,
}

/// Added to the cards that are counted, as if so many more were known: of three cards, no word is
/// as rare as of three hundred.
const PRIOR: f64 = 2.0;

impl Rarity {
    /// Counts, over all cards and how many times each is there, what the cards in doubt have.
    pub(super) fn count(in_doubt: &[Card<'_>], all: &[(Card<'_>, u32)]) -> Self {
        let wanted = in_doubt.par_chunks(512).map(|cards| {
            let (mut wanted, mut features) = (Vec::new(), Vec::new());
            for card in cards {
                find_features(card, &mut features);
                wanted.append(&mut features);
                // What stands below a heading may be compared with an answer.
                let below = words(card.below).into_iter();
                wanted.extend(below.map(|found| word(Part::Answer, short(found.hash).into())));
            }
            wanted
        });
        let counts = Counts::of(&wanted.collect::<Vec<_>>());
        all.par_chunks(512).for_each(|cards| {
            let mut features = Vec::new();
            for (card, times) in cards {
                find_features(card, &mut features);
                for &feature in &features {
                    counts.add(feature, *times);
                }
            }
        });
        let total = all.iter().map(|(_, times)| f64::from(*times)).sum();
        Self { counts, total }
    }

    /// Returns how many cards have a feature.
    pub(super) fn cards_with(&self, feature: Feature) -> u32 {
        self.counts.get(feature)
    }

    /// Returns how much a feature says, in nats: the logarithm of how many times fewer cards have
    /// it.
    pub(super) fn of(&self, feature: Feature) -> f64 {
        // What one old and one new card have is as rare as can be.
        let count = f64::from(self.cards_with(feature).max(2));
        ((self.total + PRIOR) / count).ln().max(0.02)
    }

    /// Returns how much it says that nothing else in the bank has a feature.
    pub(super) fn most(&self) -> f64 {
        self.total.midpoint(PRIOR).ln()
    }

    /// Returns whether no more than this number of cards have a feature.
    pub(super) fn is_in_at_most(&self, cards: u32, feature: Feature) -> bool {
        self.cards_with(feature) <= cards
    }
}

/// Returns a number of things as a weight.
pub(super) fn from_count(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A number for each feature that is wanted: a table with open addressing, in which all cores
/// count.
#[derive(Debug)]
struct Counts {
    /// The features, each at the first free place from where its last bits lead.
    features: Vec<Feature>,
    numbers: Vec<AtomicU32>,
}

/// Marks a place of the table that is free.
const FREE: Feature = 0;

impl Counts {
    fn of(wanted: &[Vec<Feature>]) -> Self {
        let (mut features, mut held) = (vec![FREE; 64], 0);
        for &feature in wanted.iter().flatten() {
            let at = Self::place(&features, feature);
            held += usize::from(features[at] == FREE);
            features[at] = feature;
            // The search for a place is short while half of them are free.
            if 2 * held > features.len() {
                let twice = vec![FREE; 2 * features.len()];
                for feature in std::mem::replace(&mut features, twice) {
                    let at = Self::place(&features, feature);
                    features[at] = feature;
                }
            }
        }
        let numbers = features.iter().map(|_| AtomicU32::new(0)).collect();
        Self { features, numbers }
    }

    /// Returns where a feature is, or the place that is free for it.
    fn place(features: &[Feature], feature: Feature) -> usize {
        let last = features.len() - 1;
        let mut at = usize::try_from(feature & last as u64).unwrap_or(0);
        while features[at] != feature && features[at] != FREE {
            at = (at + 1) & last;
        }
        at
    }

    fn add(&self, feature: Feature, times: u32) {
        let at = Self::place(&self.features, feature);
        if self.features[at] != FREE {
            self.numbers[at].fetch_add(times, Ordering::Relaxed);
        }
    }

    fn get(&self, feature: Feature) -> u32 {
        self.numbers[Self::place(&self.features, feature)].load(Ordering::Relaxed)
    }
}
