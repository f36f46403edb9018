//! The cards of a question as Anki shows them, for those who show them without Anki.

use super::anki_fields::{AnkiNote, build_notes};
use super::{Input, anki_note_types, deck_name, tags};
use crate::anki::{self, CardSides, OwnCards, card_sides, own_card_sides};
use crate::identity::Note;

/// A note of a question with its cards.
#[derive(Debug)]
pub struct ShownNote {
    /// The GUID.
    pub guid: String,
    /// The name of the note type.
    pub note_type: String,
    /// The style sheet, if the note type is the author's own.
    pub css: Option<String>,
    /// Whether the cards are numbered.
    pub is_cloze: bool,
    /// The name of the deck.
    pub deck: String,
    /// The cards, in order.
    pub cards: Vec<CardSides>,
}

/// Returns the notes of a question with their cards.
#[must_use]
pub fn shown_notes<'b>(input: &Input<'b>, note: &'b Note<'b>) -> Vec<ShownNote> {
    let (deck, tags) = (deck_name(note.deck, note.topic), tags(note));
    let own = anki_note_types::used(&Input { notes: std::slice::from_ref(note), ..*input });
    if let [(_, own)] = &own[..] {
        let fields = anki_note_types::fields(input, note, own);
        return vec![ShownNote {
            guid: note.guid.to_owned(),
            note_type: own.name.to_owned(),
            css: Some(own.css.to_owned()),
            is_cloze: own.is_cloze,
            cards: own_card_sides(&OwnCards::new(own), &fields, &tags, &deck),
            deck,
        }];
    }
    let shown = |AnkiNote { guid, kind, fields, .. }: AnkiNote| ShownNote {
        guid,
        note_type: anki::name(kind).to_owned(),
        css: None,
        is_cloze: kind == anki::Kind::Cloze,
        deck: deck.clone(),
        cards: card_sides(kind, &fields, &tags, &deck),
    };
    build_notes(input, note).into_iter().map(shown).collect()
}
