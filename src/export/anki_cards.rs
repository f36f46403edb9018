//! The cards of a question as Anki shows them, for those who show them without Anki.

use super::anki_fields::{AnkiNote, build_notes};
use super::{Input, deck_name, tags};
use crate::anki::{self, CardSides, card_sides};
use crate::identity::Note;

/// A note of a question with its cards.
#[derive(Debug)]
pub struct ShownNote {
    /// The GUID.
    pub guid: String,
    /// The name of the note type.
    pub note_type: &'static str,
    /// The name of the deck.
    pub deck: String,
    /// The cards, in order.
    pub cards: Vec<CardSides>,
}

/// Returns the notes of a question with their cards.
#[must_use]
pub fn shown_notes(input: &Input<'_>, note: &Note<'_>) -> Vec<ShownNote> {
    let (deck, tags) = (deck_name(note.deck, note.topic), tags(note));
    let shown = |AnkiNote { id, kind, fields, .. }: AnkiNote| ShownNote {
        guid: id,
        note_type: anki::name(kind),
        deck: deck.clone(),
        cards: card_sides(kind, &fields, &tags, &deck),
    };
    build_notes(input, note).into_iter().map(shown).collect()
}
