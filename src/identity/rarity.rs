//! How rare a word, or a whole text, is in the bank.
//!
//! What two questions have in common says the more, the fewer others have it. So everything is
//! counted over the whole bank: old and new, paired or free. Only what stands in one of the
//! questions in doubt is counted, as nothing else is ever asked for.

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

/// Adds what is counted in a card and wanted, each once.
fn push_features(card: &Card<'_>, is_wanted: impl Fn(Feature) -> bool, found: &mut Vec<Feature>) {
    let start = found.len();
    let (heading, below) = (words(card.heading), words(card.below));
    let wholes = Wholes::of(card);
    let heading = heading.iter().map(|found| word(Part::Heading, found.hash));
    let below = below.iter().map(|found| word(Part::Below, found.hash));
    let answer = card.sketch.words().iter().map(|&hash| word(Part::Answer, hash.into()));
    // A heading that was there years ago does not make today's one less telling; an answer does.
    let live = [wholes.heading, wholes.question].into_iter().flatten().filter(|_| !card.is_retired);
    let whole = [wholes.below, wholes.answer].into_iter().flatten().chain(live);
    found.extend(heading.chain(below).chain(answer).chain(whole).filter(|it| is_wanted(*it)));
    found[start..].sort_unstable();
    let mut kept = start;
    for at in start..found.len() {
        if at == start || found[at] != found[kept - 1] {
            found[kept] = found[at];
            kept += 1;
        }
    }
    found.truncate(kept);
}

/// How many cards have a feature.
#[derive(Debug)]
pub(super) struct Rarity {
    counts: Vec<(Feature, u32)>,
    total: f64,
}

/// Added to the cards that are counted, as if so many more were known: of three cards, no word is
/// as rare as of three hundred.
const PRIOR: f64 = 2.0;

impl Rarity {
    /// Counts, over all cards and how many times each is there, what the cards in doubt have.
    pub(super) fn count(in_doubt: &[Card<'_>], all: &[(Card<'_>, usize)]) -> Self {
        let of = |cards: &[(Card<'_>, usize)], is_wanted: &(dyn Fn(Feature) -> bool + Sync)| {
            let parts = cards.par_chunks(512).map(|cards| {
                let mut features = Vec::new();
                for (card, times) in cards {
                    let start = features.len();
                    push_features(card, is_wanted, &mut features);
                    let once = start..features.len();
                    (1..*times).for_each(|_| features.extend_from_within(once.clone()));
                }
                features
            });
            let mut features = parts.collect::<Vec<_>>().concat();
            features.par_sort_unstable();
            features
        };
        let mut wanted = of(&in_doubt.iter().map(|card| (*card, 1)).collect::<Vec<_>>(), &|_| true);
        // What stands below a heading may be compared with an answer.
        let below = in_doubt.par_iter().flat_map_iter(|card| {
            words(card.below).into_iter().map(|found| word(Part::Answer, short(found.hash).into()))
        });
        wanted.par_extend(below);
        wanted.par_sort_unstable();
        wanted.dedup();
        let filter = Filter::of(&wanted);
        let found = of(all, &|feature| filter.may_hold(feature));
        let runs = found.chunk_by(|a, b| a == b);
        let counts = runs.map(|run| (run[0], u32::try_from(run.len()).unwrap_or(u32::MAX)));
        Self {
            counts: counts.collect(),
            total: from_count(all.iter().map(|(_, times)| times).sum()),
        }
    }

    /// Returns how many cards have a feature.
    pub(super) fn cards_with(&self, feature: Feature) -> u32 {
        let at = self.counts.binary_search_by_key(&feature, |(known, _)| *known);
        at.map_or(0, |at| self.counts[at].1)
    }

    /// Returns how much a feature says, in nats: the logarithm of how many times fewer cards have it.
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

/// A set of features that may hold a few more.
struct Filter {
    bits: Vec<u64>,
}

impl Filter {
    fn of(features: &[Feature]) -> Self {
        let mut bits = vec![0; (features.len() / 8).next_power_of_two()];
        for feature in features {
            let (at, bit) = Self::place(bits.len(), *feature);
            bits[at] |= bit;
        }
        Self { bits }
    }

    fn may_hold(&self, feature: Feature) -> bool {
        let (at, bit) = Self::place(self.bits.len(), feature);
        self.bits[at] & bit != 0
    }

    fn place(length: usize, feature: Feature) -> (usize, u64) {
        ((feature >> 6) as usize & (length - 1), 1 << (feature & 63))
    }
}
