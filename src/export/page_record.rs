//! What a build remembers of a page into which an app writes as well, so that the next one can tell
//! what the app has written there, and whether a person has edited it.

use serde::{Deserialize, Serialize};

/// A page as a build wrote it, without what apps write into it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRecord {
    /// The hash of its text, by the rules of the app: of its words or of its lines.
    pub hash: String,
    /// The cards from top to bottom, where the app gives them no ids of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<CardRecord>,
}

/// A card as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardRecord {
    /// The question's id.
    pub id: String,
    /// A hash of each line.
    pub lines: Vec<u64>,
}

impl PageRecord {
    /// Returns a page of which only the hash is known.
    pub(super) fn of_hash(hash: String) -> Self {
        Self { hash, cards: Vec::new() }
    }
}

/// Returns the record of cards, each with what stands above it and its two parts, and of the text
/// below them.
pub(super) fn record_cards<'c>(
    cards: impl Iterator<Item = (&'c str, [&'c str; 3])> + Clone,
    end: &'c str,
) -> PageRecord {
    let texts = cards.clone().flat_map(|(_, texts)| texts).chain([end]);
    let hash = hash_lines(texts.flat_map(str::lines));
    let card = |(id, [_, before, after]): (&str, [&str; 3])| {
        let lines = before.lines().chain(after.lines()).map(hash_line).collect();
        CardRecord { id: id.to_owned(), lines }
    };
    PageRecord { hash, cards: cards.map(card).collect() }
}

/// Hashes the words of some lines. White space does not count, as apps and editors change it; the
/// caller leaves out the lines that an app writes.
pub(super) fn hash_words(lines: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut hasher = blake3::Hasher::new();
    for line in lines {
        for word in line.as_ref().split_whitespace() {
            hasher.update(word.as_bytes());
            hasher.update(b" ");
        }
    }
    shorten(&hasher)
}

/// Hashes some lines without trailing white space and empty lines, which apps and editors change.
pub(super) fn hash_lines<'t>(lines: impl Iterator<Item = &'t str>) -> String {
    let mut hasher = blake3::Hasher::new();
    for line in lines.map(str::trim_end).filter(|line| !line.is_empty()) {
        hasher.update(line.as_bytes());
        hasher.update(b"\n");
    }
    shorten(&hasher)
}

/// Hashes a line without trailing white space.
pub(super) fn hash_line(line: &str) -> u64 {
    let hash = blake3::hash(line.trim_end().as_bytes());
    let (first, _) = hash.as_bytes().split_first_chunk().unwrap_or((&[0; 8], &[]));
    u64::from_le_bytes(*first)
}

fn shorten(hasher: &blake3::Hasher) -> String {
    hasher.finalize().to_hex()[..16].to_owned()
}
