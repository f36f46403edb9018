//! How near two texts are, without keeping either.
//!
//! An answer is remembered as a sketch: its word pairs are dealt out to a few places, and each place
//! keeps the smallest hash of those that came there. The share of places where two sketches agree is
//! about the share of word pairs that the answers have in common (one permutation hashing, Li 2012).
//! A place to which no pair came takes part in another round, where they are dealt out and hashed
//! anew, so that short answers are told apart as well as long ones.

use super::base32;

/// How many places there are.
const PLACES: usize = 24;

/// What each of them says.
const SHARE: f64 = 1.0 / 24.0;

/// What keeps hashes of the same apart (`SplitMix64`).
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// How many letters of a word count.
const STEM: usize = 6;

/// How many bytes are looked at together: as many as there are bits for.
const BLOCK: usize = u64::BITS as usize;

/// What the hash of a word begins with.
const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// Ten bits per place, none for an empty answer; and how it was drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    places: Option<[u16; PLACES]>,
    drawn: Drawn,
}

/// How a sketch is drawn, with the number that the lock has for it; only those that are drawn in the
/// same way can be compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drawn {
    /// Each place has a hash function of its own (Broder 1997), which takes long. Locks of the first
    /// version have these.
    Slowly = 1,
    /// As the module says.
    #[default]
    Dealt = 2,
}

impl Drawn {
    /// Every way, the newest last.
    pub const ALL: [Drawn; 2] = [Drawn::Slowly, Drawn::Dealt];

    /// Returns the number that the lock has for it.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }

    /// Returns the way that has a number.
    #[must_use]
    pub fn numbered(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|drawn| drawn.number() == number)
    }
}

impl Sketch {
    /// The sketch of a text.
    #[must_use]
    pub fn of(text: &str, drawn: Drawn) -> Self {
        let words = tokens(text);
        if words.is_empty() {
            return Self { places: None, drawn };
        }
        let nexts = words.iter().skip(1).chain([&0]);
        let pairs = words.iter().zip(nexts).map(|(word, next)| mix(word ^ next.rotate_left(21)));
        let pairs: Vec<u64> = pairs.collect();
        let smallest = match drawn {
            Drawn::Slowly => slowly(pairs),
            Drawn::Dealt => dealt(&pairs),
        };
        Self { places: Some(smallest.map(|hash| (hash & 1023) as u16)), drawn }
    }

    /// Returns how it was drawn.
    #[must_use]
    pub fn drawn(&self) -> Drawn {
        self.drawn
    }

    /// Reads what [`Sketch::to_text`] wrote of a sketch that was drawn in this way.
    #[must_use]
    pub fn from_text(text: &str, drawn: Drawn) -> Option<Self> {
        let pairs = text.as_bytes().chunks(2);
        let place = |pair| {
            base32::decode(std::str::from_utf8(pair).ok()?).and_then(|n| u16::try_from(n).ok())
        };
        let places: Vec<u16> = pairs.map(place).collect::<Option<_>>()?;
        if places.is_empty() {
            return Some(Self { places: None, drawn });
        }
        Some(Self { places: Some(places.try_into().ok()?), drawn })
    }

    /// Two characters per place.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(2 * PLACES);
        self.places().iter().for_each(|&place| base32::push(&mut text, place.into(), 2));
        text
    }

    /// Values that near texts share some of, and others hardly any: two places at a time.
    pub fn features(&self) -> impl Iterator<Item = u64> {
        let pairs = self.places().windows(2).zip(0u64..);
        pairs.map(|(pair, at)| mix(at << 32 | u64::from(pair[0]) << 16 | u64::from(pair[1])))
    }

    /// The share of word pairs in common, from 0 to 1; nothing is known of sketches that were drawn
    /// in different ways.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f64 {
        if self.drawn != other.drawn {
            return 0.0;
        }
        let places = self.places().iter().zip(other.places());
        places.filter(|(a, b)| a == b).map(|_| SHARE).sum()
    }

    fn places(&self) -> &[u16] {
        self.places.as_ref().map_or(&[], |places| places)
    }
}

fn dealt(pairs: &[u64]) -> [u64; PLACES] {
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

fn slowly(mut seeds: Vec<u64>) -> [u64; PLACES] {
    std::array::from_fn(|_| {
        seeds.iter_mut().fold(u64::MAX, |smallest, seed| {
            *seed = mix(seed.wrapping_add(STEP));
            smallest.min(*seed)
        })
    })
}

/// The words of a text as hashes: folded in case, cut to their stem, and pairs of characters in
/// scripts that put no space between words.
///
/// Most words are in plain letters. They are found many bytes at a time, as to ask at each byte
/// whether a word ends there takes longer than all else.
#[must_use]
pub fn tokens(text: &str) -> Vec<u64> {
    let is_plain = text.is_ascii();
    let mut bytes = text.as_bytes().to_vec();
    // The last word ends in a block, and what is read of it is there.
    bytes.resize((text.len() / BLOCK + 1) * BLOCK + STEM, 0);
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut open = None;
    let mut before = 0;
    for (at, block) in (0..).step_by(BLOCK).zip(bytes.chunks_exact(BLOCK)) {
        let letters = letters(block);
        let mut edges = letters ^ (letters << 1 | before);
        before = letters >> (BLOCK - 1);
        while edges != 0 {
            let edge = at + edges.trailing_zeros() as usize;
            edges &= edges - 1;
            let Some(start) = open.take() else {
                open = Some(edge);
                continue;
            };
            if is_plain || text[start..edge].is_ascii() {
                tokens.push(stem(&bytes[start..start + STEM], edge - start));
            } else {
                push_words(&text[start..edge], &mut tokens);
            }
        }
    }
    tokens
}

/// A bit for each byte of a block: set if it is a letter or a digit, or not in ASCII.
fn letters(block: &[u8]) -> u64 {
    let mut letters = [0; BLOCK];
    for (letter, byte) in letters.iter_mut().zip(block) {
        *letter = u8::from(byte.is_ascii_alphanumeric() | !byte.is_ascii());
    }
    letters.as_chunks().0.iter().rev().fold(0, |letters, eight| {
        // This brings the lowest bits of eight bytes together, in the highest byte.
        letters << 8 | u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}

/// The hash of a word of so many plain letters, from the first of them.
fn stem(letters: &[u8], length: usize) -> u64 {
    letters.iter().enumerate().fold(SEED, |hash, (at, letter)| {
        // Of what is a letter or a digit, this bit tells small letters from capitals.
        let next = mix(hash ^ u64::from(letter | 0x20));
        if at < length { next } else { hash }
    })
}

/// Adds words in whatever letters.
fn push_words(text: &str, tokens: &mut Vec<u64>) {
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let letters: Vec<u32> = word.chars().flat_map(char::to_lowercase).map(u32::from).collect();
        if letters.iter().any(|&c| c >= 0x2e80) {
            let pairs = letters.windows(2.min(letters.len()));
            tokens.extend(pairs.map(|pair| token(pair.iter().copied())));
        } else {
            tokens.push(token(letters.into_iter().take(STEM)));
        }
    }
}

fn token(letters: impl Iterator<Item = u32>) -> u64 {
    letters.fold(SEED, |hash, letter| mix(hash ^ u64::from(letter)))
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
    use super::{BLOCK, Drawn, Sketch, push_words, tokens};

    #[test]
    fn near_texts_have_near_sketches() {
        let text = "A transformer reads all tokens at once, and attention lets each of them look \
                    at every other, which is why training runs in parallel.";
        let near = text.replace("reads", "processes").replace("at once", "together");
        let other = "A database index is a tree whose leaves point at rows, so that a query need \
                     not read the whole table.";
        for drawn in Drawn::ALL {
            let similarity = |a, b| Sketch::of(a, drawn).similarity(&Sketch::of(b, drawn));
            assert!(similarity(text, text) > 0.99);
            assert!(similarity(text, &near) > 0.4, "{}", similarity(text, &near));
            assert!(similarity(text, other) < 0.15);
        }
    }

    /// Of texts of any length, the similarity is on average the share of word pairs in common.
    #[test]
    fn a_sketch_is_about_the_share_in_common() {
        for drawn in Drawn::ALL {
            for length in [4u32, 12, 40, 200] {
                let text = |from: u32, of: u32| {
                    let words: Vec<String> =
                        (from..from + length).map(|n| format!("{of:03}{n:03}")).collect();
                    Sketch::of(&words.join(" "), drawn)
                };
                // Of so many pairs, all but a quarter stand in both; the last word has none.
                let shift = length / 4;
                let in_common = f64::from(length - shift - 1) / f64::from(length + shift + 1);
                let similarities = (0..400).map(|of| text(0, of).similarity(&text(shift, of)));
                let mean = similarities.sum::<f64>() / 400.0;
                assert!((mean - in_common).abs() < 0.03, "{drawn:?} {length}: {mean} {in_common}");
            }
        }
    }

    #[test]
    fn sketches_are_read_back() {
        for drawn in Drawn::ALL {
            assert_eq!(Drawn::numbered(drawn.number()), Some(drawn));
            for text in ["", "one", "what is a token, and why", "注意力机制"] {
                let sketch = Sketch::of(text, drawn);
                assert_eq!(Sketch::from_text(&sketch.to_text(), drawn), Some(sketch));
            }
        }
        assert_eq!(Sketch::from_text("00", Drawn::Dealt), None);
    }

    #[test]
    fn sketches_that_are_drawn_otherwise_have_nothing_in_common() {
        let text = "what is a token, and why";
        let [slow, dealt] = [Drawn::Slowly, Drawn::Dealt].map(|drawn| Sketch::of(text, drawn));
        assert!(slow.similarity(&dealt) < f64::EPSILON);
    }

    /// Wherever words begin and end, also at the ends of blocks.
    #[test]
    fn words_are_found() {
        let mut state = 7u64;
        for length in 0..4 * BLOCK {
            for letters in ["aZ09 @[`{/:x", "aéZ0Ⱥ 注—٣x-Ꭰ"] {
                let letters: Vec<char> = letters.chars().collect();
                let mut next = || {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    letters[usize::try_from(state >> 33).expect("a number") % letters.len()]
                };
                let text: String = std::iter::repeat_with(&mut next).take(length).collect();
                let mut expected = Vec::new();
                push_words(&text, &mut expected);
                assert_eq!(tokens(&text), expected, "{text}");
            }
        }
    }

    #[test]
    fn words_are_cut_to_their_stem() {
        assert_eq!(tokens("Transformers"), tokens("transformer"));
        assert_eq!(tokens("注意力").len(), 2);
    }
}
