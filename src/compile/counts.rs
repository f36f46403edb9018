//! How much there is in what was compiled.

use serde::{Deserialize, Serialize};

use super::Compiled;
use crate::identity::Note;

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Decks with a question.
    pub decks: usize,
    /// Topics with a question.
    pub topics: usize,
    /// Questions that reach the outputs.
    pub questions: usize,
    /// Anki cards.
    pub cards: usize,
    /// Key points.
    pub key_points: usize,
}

impl Compiled {
    /// Counts what reaches the outputs.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let notes = self.notes();
        let mut counts = Counts {
            questions: notes.len(),
            cards: notes.iter().map(Note::cards).sum(),
            key_points: self.key_points,
            ..Counts::default()
        };
        for (at, note) in notes.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| &notes[before]);
            let is_new_deck = before.is_none_or(|before| !std::ptr::eq(before.deck, note.deck));
            let is_new_topic = before.is_none_or(|before| !std::ptr::eq(before.topic, note.topic));
            counts.decks += usize::from(is_new_deck);
            counts.topics += usize::from(is_new_topic && !note.topic.path.is_empty());
        }
        counts
    }
}
