//! How locks of version 1 and 2 drew their sketches: from pairs of words.
//!
//! The words of what was taken out are gone, so its sketch stays as it is for ever, and what it is
//! compared with is drawn in its way.

use super::SketchVersion;
use crate::identity::base32;
use crate::identity::words::mix;

/// How many places there are.
const PLACES: usize = 24;

/// What each of them says.
const SHARE: f64 = 1.0 / 24.0;

/// What keeps hashes of the same word pair apart (`SplitMix64`).
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// How many letters of a word count.
const STEM: usize = 6;

/// What the hash of a word begins with.
const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// Ten bits of the smallest hash per place; `None` for an empty answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pairs(Option<Box<[u16; PLACES]>>);

impl Pairs {
    pub(super) fn of(text: &str, drawn: SketchVersion) -> Self {
        let words = stems(text);
        if words.is_empty() {
            return Self(None);
        }
        let nexts = words.iter().skip(1).chain([&0]);
        let pairs = words.iter().zip(nexts).map(|(word, next)| mix(word ^ next.rotate_left(21)));
        let pairs: Vec<u64> = pairs.collect();
        let smallest =
            if drawn == SketchVersion::MinHash { min_hash(pairs) } else { one_permutation(&pairs) };
        Self(Some(Box::new(smallest.map(|hash| (hash & 1023) as u16))))
    }

    pub(super) fn from_text(text: &str) -> Option<Self> {
        let pairs = text.as_bytes().chunks(2);
        let place = |pair| {
            base32::decode(std::str::from_utf8(pair).ok()?).and_then(|n| u16::try_from(n).ok())
        };
        let places: Vec<u16> = pairs.map(place).collect::<Option<_>>()?;
        if places.is_empty() {
            return Some(Self(None));
        }
        Some(Self(Some(Box::new(places.try_into().ok()?))))
    }

    pub(super) fn push_to(&self, text: &mut String) {
        self.places().iter().for_each(|&place| base32::push(text, place.into(), 2));
    }

    /// Returns the share of word pairs in common, from 0 to 1.
    pub(super) fn similarity(&self, other: &Self) -> f64 {
        let places = self.places().iter().zip(other.places());
        places.filter(|(a, b)| a == b).map(|_| SHARE).sum()
    }

    fn places(&self) -> &[u16] {
        self.0.as_ref().map_or(&[], |places| &places[..])
    }
}

/// Version 2: pairs are dealt out to places, each of which keeps the smallest hash; a place to
/// which none came takes part in another round (one permutation hashing, Li 2012).
fn one_permutation(pairs: &[u64]) -> [u64; PLACES] {
    let mut smallest = [u64::MAX; PLACES];
    // In so many rounds every pair comes to every place.
    for round in 0..PLACES {
        let is_open = smallest.map(|hash| hash == u64::MAX);
        if !is_open.contains(&true) {
            break;
        }
        let salt = STEP.wrapping_mul(round as u64 + 1);
        for pair in pairs {
            let place = (((pair >> 32) * PLACES as u64) >> 32) as usize;
            let place = (place + round) % PLACES;
            if is_open[place] {
                smallest[place] = smallest[place].min(mix(pair.wrapping_add(salt)));
            }
        }
    }
    smallest
}

/// Version 1: each place has a hash function of its own (Broder 1997).
fn min_hash(mut seeds: Vec<u64>) -> [u64; PLACES] {
    std::array::from_fn(|_| {
        seeds.iter_mut().fold(u64::MAX, |smallest, seed| {
            *seed = mix(seed.wrapping_add(STEP));
            smallest.min(*seed)
        })
    })
}

/// Returns the words as hashes: folded in case, cut to six letters, and pairs of characters in
/// scripts that put no space between words.
fn stems(text: &str) -> Vec<u64> {
    let mut stems = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let letters: Vec<u32> = word.chars().flat_map(char::to_lowercase).map(u32::from).collect();
        if letters.iter().any(|&c| c >= 0x2e80) {
            let pairs = letters.windows(2.min(letters.len()));
            stems.extend(pairs.map(|pair| stem(pair.iter().copied())));
        } else {
            stems.push(stem(letters.into_iter().take(STEM)));
        }
    }
    stems
}

fn stem(letters: impl Iterator<Item = u32>) -> u64 {
    letters.fold(SEED, |hash, letter| mix(hash ^ u64::from(letter)))
}

#[cfg(test)]
mod tests {
    use super::Pairs;
    use crate::identity::sketch::SketchVersion;

    /// Locks hold such sketches for years: this must never change.
    #[test]
    fn older_sketches_are_frozen() {
        let text = "A stack and registers that the scheduler runs.";
        let check = |drawn, expect: &str| {
            let mut found = String::new();
            Pairs::of(text, drawn).push_to(&mut found);
            assert_eq!(found, expect);
        };
        check(SketchVersion::MinHash, "5x1szzthybtejnvfgjf2wef9rspd0jqx2zxzt42xv3p6x7ce");
        check(SketchVersion::OnePermutation, "knfy3y7x0wwz92bmqea2c0035zzs0k5x9kpha6myzmx728vg");
    }
}
