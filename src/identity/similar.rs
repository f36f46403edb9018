//! How near two texts are, without keeping either.
//!
//! An answer is remembered as a sketch: for each of a few hash functions the smallest hash of any
//! of its word pairs. The share of places where two sketches agree is about the share of word
//! pairs that the answers have in common (minhash, Broder 1997).

use super::base32;

/// How many hash functions there are.
const PLACES: usize = 24;

/// What each of them says.
const SHARE: f64 = 1.0 / 24.0;

/// How many word pairs are hashed side by side, as each hash waits for the one before it.
const ABREAST: usize = 4;

/// How many letters of a word count.
const STEM: usize = 6;

/// Ten bits per hash function; empty for an empty answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch(Option<[u16; PLACES]>);

impl Sketch {
    /// The sketch of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let words = tokens(text);
        if words.is_empty() {
            return Self::default();
        }
        let nexts = words.iter().skip(1).chain([&0]);
        let pairs = words.iter().zip(nexts).map(|(word, next)| mix(word ^ next.rotate_left(21)));
        let mut seeds: Vec<u64> = pairs.collect();
        // Of the same pair again the hashes are no smaller.
        seeds.resize(seeds.len().next_multiple_of(ABREAST), seeds[0]);
        let mut smallest = [u64::MAX; PLACES];
        for seeds in seeds.as_chunks_mut::<ABREAST>().0 {
            for smallest in &mut smallest {
                for seed in &mut *seeds {
                    *seed = mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15));
                    *smallest = (*smallest).min(*seed);
                }
            }
        }
        Self(Some(smallest.map(|hash| (hash & 1023) as u16)))
    }

    /// Reads what [`Sketch::to_text`] wrote.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let pairs = text.as_bytes().chunks(2);
        let place = |pair| {
            base32::decode(std::str::from_utf8(pair).ok()?).and_then(|n| u16::try_from(n).ok())
        };
        let places: Vec<u16> = pairs.map(place).collect::<Option<_>>()?;
        if places.is_empty() {
            return Some(Self(None));
        }
        Some(Self(Some(places.try_into().ok()?)))
    }

    /// Two characters per hash function.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.places().iter().map(|&place| base32::encode(u64::from(place), 2)).collect()
    }

    /// Values that near texts share some of, and others hardly any: two places at a time.
    pub fn features(&self) -> impl Iterator<Item = u64> {
        let pairs = self.places().windows(2).zip(0u64..);
        pairs.map(|(pair, at)| mix(at << 32 | u64::from(pair[0]) << 16 | u64::from(pair[1])))
    }

    /// The share of word pairs in common, from 0 to 1.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f64 {
        let places = self.places().iter().zip(other.places());
        places.filter(|(a, b)| a == b).map(|_| SHARE).sum()
    }

    fn places(&self) -> &[u16] {
        self.0.as_ref().map_or(&[], |places| places)
    }
}

/// The words of a text as hashes: folded in case, cut to their stem, and pairs of characters in
/// scripts that put no space between words.
#[must_use]
pub fn tokens(text: &str) -> Vec<u64> {
    let mut tokens = Vec::new();
    if text.is_ascii() {
        let words = text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
        tokens.extend(words.filter(|word| !word.is_empty()).map(stem));
        return tokens;
    }
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if word.is_ascii() {
            tokens.push(stem(word.as_bytes()));
            continue;
        }
        let letters: Vec<u32> = word.chars().flat_map(char::to_lowercase).map(u32::from).collect();
        if letters.iter().any(|&c| c >= 0x2e80) {
            let pairs = letters.windows(2.min(letters.len()));
            tokens.extend(pairs.map(|pair| token(pair.iter().copied())));
        } else {
            tokens.push(token(letters.into_iter().take(STEM)));
        }
    }
    tokens
}

/// The hash of a word in plain letters.
fn stem(word: &[u8]) -> u64 {
    token(word.iter().take(STEM).map(|byte| u32::from(byte.to_ascii_lowercase())))
}

fn token(letters: impl Iterator<Item = u32>) -> u64 {
    letters.fold(0xcbf2_9ce4_8422_2325, |hash, letter| mix(hash ^ u64::from(letter)))
}

/// A fixed mixing of bits (`SplitMix64`).
#[inline]
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Sketch, tokens};

    #[test]
    fn near_texts_have_near_sketches() {
        let text = "A transformer reads all tokens at once, and attention lets each of them look \
                    at every other, which is why training runs in parallel.";
        let near = text.replace("reads", "processes").replace("at once", "together");
        let other = "A database index is a tree whose leaves point at rows, so that a query need \
                     not read the whole table.";
        let similarity = |a: &str, b: &str| Sketch::of(a).similarity(&Sketch::of(b));
        assert!(similarity(text, text) > 0.99);
        assert!(similarity(text, &near) > 0.4, "{}", similarity(text, &near));
        assert!(similarity(text, other) < 0.15);
    }

    #[test]
    fn sketches_are_read_back() {
        for text in ["", "one", "what is a token, and why", "注意力机制"] {
            let sketch = Sketch::of(text);
            assert_eq!(Sketch::from_text(&sketch.to_text()), Some(sketch));
        }
        assert_eq!(Sketch::from_text("00"), None);
    }

    #[test]
    fn words_are_cut_to_their_stem() {
        assert_eq!(tokens("Transformers"), tokens("transformer"));
        assert_eq!(tokens("注意力").len(), 2);
    }
}
