//! What an answer is like, without keeping it.
//!
//! An answer is remembered by a sample of its words: those whose hashes are the smallest. What two
//! answers share of them is what they share of all their words, however long they are, since both
//! sample alike; and a short answer is remembered whole (bottom-k sketches, Cohen & Kaplan 2007).
//!
//! ```text
//! A stack and registers      → 3 of 4 hashes below 24: all are kept, the sample is complete
//! 300 different words        → the 24 smallest hashes, about every twelfth word
//! ```

mod older;

use super::base32;
use super::words::{mix, words};

/// How many words are kept.
const WORDS: usize = 24;

/// How many digits in base 32 a hash has: 20 bits.
const DIGITS: usize = 4;

/// A sample of the words of an answer; empty for an empty answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch(Sample);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Sample {
    Words(Vec<u32>),
    Pairs(SketchVersion, older::Pairs),
}

/// How a sketch is drawn; only those that are drawn in the same way can be compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SketchVersion {
    /// From pairs of words, each place with a hash function of its own: locks of version 1.
    MinHash,
    /// From pairs of words, dealt out to the places by one hash function: locks of version 2.
    OnePermutation,
    /// From words, as the module says.
    #[default]
    Words,
}

impl SketchVersion {
    /// Every way, the oldest first.
    pub const ALL: [SketchVersion; 3] =
        [SketchVersion::MinHash, SketchVersion::OnePermutation, SketchVersion::Words];

    /// Returns the version of the lock that began to draw so.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// Returns the version of sketches that began with a version of the lock.
    #[must_use]
    pub fn numbered(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|drawn| drawn.number() == number)
    }
}

impl Default for Sketch {
    fn default() -> Self {
        Self(Sample::Words(Vec::new()))
    }
}

impl Sketch {
    /// Returns the sketch of a text.
    #[must_use]
    pub fn of(text: &str, drawn: SketchVersion) -> Self {
        if drawn != SketchVersion::Words {
            return Self(Sample::Pairs(drawn, older::Pairs::of(text, drawn)));
        }
        let mut sample: Vec<u32> = words(text).iter().map(|word| short(word.hash)).collect();
        sample.sort_unstable();
        sample.dedup();
        sample.truncate(WORDS);
        sample.shrink_to_fit();
        Self(Sample::Words(sample))
    }

    /// Reads what [`Sketch::to_text`] wrote; `None` if it is damaged.
    #[must_use]
    pub fn from_text(text: &str, drawn: SketchVersion) -> Option<Self> {
        if drawn != SketchVersion::Words {
            return Some(Self(Sample::Pairs(drawn, older::Pairs::from_text(text)?)));
        }
        let words = text.as_bytes().chunks(DIGITS).map(|digits| {
            let is_whole = digits.len() == DIGITS;
            let number = is_whole.then(|| base32::decode(std::str::from_utf8(digits).ok()?))??;
            u32::try_from(number).ok()
        });
        let words: Vec<u32> = words.collect::<Option<_>>()?;
        let is_sample = words.len() <= WORDS && words.is_sorted_by(|a, b| a < b);
        is_sample.then_some(Self(Sample::Words(words)))
    }

    /// Writes it down for the lock.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        match &self.0 {
            Sample::Words(words) => {
                text.reserve(DIGITS * words.len());
                for &word in words {
                    base32::push(&mut text, word.into(), DIGITS);
                }
            }
            Sample::Pairs(_, pairs) => pairs.push_to(&mut text),
        }
        text
    }

    /// Returns how it was drawn.
    #[must_use]
    pub fn drawn(&self) -> SketchVersion {
        match &self.0 {
            Sample::Words(_) => SketchVersion::Words,
            Sample::Pairs(drawn, _) => *drawn,
        }
    }

    /// Returns the words that are kept, in ascending order; none of an older sketch.
    #[must_use]
    pub fn words(&self) -> &[u32] {
        match &self.0 {
            Sample::Words(words) => words,
            Sample::Pairs(..) => &[],
        }
    }

    /// Returns up to where the sample holds every word: beyond the last one if it is complete.
    #[must_use]
    pub fn reach(&self) -> u32 {
        let words = self.words();
        if words.len() < WORDS { u32::MAX } else { words.last().copied().unwrap_or(u32::MAX) }
    }

    /// Returns the share of word pairs in common, from 0 to 1, of two older sketches that were
    /// drawn in the same way.
    #[must_use]
    pub fn share_of_pairs(&self, other: &Self) -> Option<f64> {
        match (&self.0, &other.0) {
            (Sample::Pairs(a, mine), Sample::Pairs(b, theirs)) if a == b => {
                Some(mine.similarity(theirs))
            }
            _ => None,
        }
    }
}

/// Returns the 20 bits by which a word is sampled and kept.
pub(super) fn short(hash: u64) -> u32 {
    (mix(hash) >> 44) as u32
}

#[cfg(test)]
mod tests {
    use super::{Sketch, SketchVersion, WORDS};
    use crate::identity::rarity::from_count;

    #[test]
    fn sketches_are_read_back() {
        let long: Vec<String> = (0..400).map(|n| format!("word{n}")).collect();
        for drawn in SketchVersion::ALL {
            for text in ["", "one", "what is a token, and why", "注意力机制", &long.join(" ")]
            {
                let sketch = Sketch::of(text, drawn);
                assert_eq!(Sketch::from_text(&sketch.to_text(), drawn), Some(sketch));
            }
            assert_eq!(Sketch::from_text("00", drawn), None);
        }
    }

    #[test]
    fn damage_is_noticed() {
        let text = Sketch::of("a stack and registers", SketchVersion::Words).to_text();
        let swapped = format!("{}{}{}", &text[4..8], &text[..4], &text[8..]);
        for damaged in [&text[1..], &swapped, &text.replace(&text[..1], "!"), &text.repeat(2)] {
            assert_eq!(Sketch::from_text(damaged, SketchVersion::Words), None, "{damaged}");
        }
    }

    /// Of texts of any length, what two samples share is what the texts share.
    #[test]
    fn a_sample_is_like_the_whole() {
        for length in [4u32, 20, 100, 400] {
            let mut shared = 0.0;
            let mut all = 0.0;
            for of in 0..200 {
                let text = |from: u32| {
                    let words = (from..from + length).map(|n| format!("{of:03}{n:03}"));
                    Sketch::of(&words.collect::<Vec<_>>().join(" "), SketchVersion::Words)
                };
                let (a, b) = (text(0), text(length / 4));
                let reach = a.reach().min(b.reach());
                let within = |sketch: &Sketch| -> Vec<u32> {
                    sketch.words().iter().copied().filter(|&word| word <= reach).collect()
                };
                let (a, b) = (within(&a), within(&b));
                assert!(a.len() <= WORDS && b.len() <= WORDS);
                let both = a.iter().filter(|word| b.contains(word)).count();
                shared += from_count(both);
                all += from_count(a.len() + b.len() - both);
            }
            let expected = f64::from(length - length / 4) / f64::from(length + length / 4);
            assert!((shared / all - expected).abs() < 0.03, "{length}: {}", shared / all);
        }
    }
}
