//! What was highlighted lately. `deckpress watch` runs for days, so only so much is held.
//!
//! There are two generations. When the young one is full, it becomes the old one, and what was in
//! that and has not been asked for since is dropped.

use std::collections::BTreeMap;
use std::mem;

/// How many bytes of HTML a generation holds: the code of some ten thousand questions.
const LARGEST: usize = 1 << 25;

/// The hash of a block's language and code.
type Key = [u8; 32];

/// A highlighted block; `None` if it cannot be highlighted.
type Block = Option<String>;

type Blocks = BTreeMap<Key, Block>;

pub(super) struct Cache {
    young: Blocks,
    old: Blocks,
    /// The size of the young generation.
    size: usize,
}

impl Cache {
    pub(super) const fn new() -> Self {
        Self { young: Blocks::new(), old: Blocks::new(), size: 0 }
    }

    /// Returns a block, if it is held.
    pub(super) fn get(&mut self, key: &Key) -> Option<Block> {
        if let Some(found) = self.young.get(key) {
            return Some(found.clone());
        }
        let found = self.old.remove(key)?;
        self.insert(*key, found.clone());
        Some(found)
    }

    /// Adds a block.
    pub(super) fn insert(&mut self, key: Key, html: Block) {
        self.size += mem::size_of::<Key>() + html.as_ref().map_or(0, String::len);
        self.young.insert(key, html);
        if self.size > LARGEST {
            self.old = mem::take(&mut self.young);
            self.size = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cache, LARGEST};

    fn key(number: usize) -> [u8; 32] {
        *blake3::hash(&number.to_le_bytes()).as_bytes()
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let html = "x".repeat(LARGEST / 50);
        let mut cache = Cache::new();
        cache.insert(key(0), None);
        for number in 1..1_000 {
            cache.insert(key(number), Some(html.clone()));
            assert_eq!(cache.get(&key(0)), Some(None));
            assert_eq!(cache.get(&key(number)), Some(Some(html.clone())));
            assert!(cache.young.len() + cache.old.len() <= 104, "{number}");
        }
        assert_eq!(cache.get(&key(1)), None);
    }
}
