//! Where cards are, and where they belong.

use crate::connect::collection::{Collection, LiveNote};
use crate::export::package_notes::PackageNote;

/// Returns the deck that a note is sent with. What is there already stays where it is, and a deck
/// that a learner has deleted must not come back for its sake.
pub(super) fn deck_of(note: &PackageNote, live: &LiveNote, collection: &Collection) -> String {
    let is_complete = note.ords.len() <= live.cards.len();
    let first = live.cards.first().filter(|card| !collection.filtered.contains(card));
    let deck = first.and_then(|card| collection.decks.get(card)).filter(|_| is_complete);
    deck.unwrap_or(&note.deck).clone()
}

/// Where the cards of a note are whose deck has changed.
#[derive(Debug, Default)]
pub(super) struct Placement {
    /// Those that are where we put them, and go to the new deck.
    pub(super) to_move: Vec<i64>,
    /// Whether some are in a filtered deck, where they stay.
    pub(super) is_filtered: bool,
    /// The deck into which a learner has put some, where they stay.
    pub(super) elsewhere: Option<String>,
}

impl Placement {
    /// Returns whether there is nothing to say.
    pub(super) fn is_quiet(&self) -> bool {
        self.to_move.is_empty() && !self.is_filtered && self.elsewhere.is_none()
    }
}

/// Compares where the cards of a note are with the deck that we put them into last.
pub(super) fn find_cards(
    note: &PackageNote,
    live: &LiveNote,
    last: &str,
    collection: &Collection,
) -> Placement {
    let mut placement = Placement::default();
    for card in &live.cards {
        if collection.filtered.contains(card) {
            placement.is_filtered = true;
        } else if collection.is_in(*card, last) {
            placement.to_move.push(*card);
        } else if !collection.is_in(*card, &note.deck) {
            placement.elsewhere = collection.decks.get(card).cloned();
        }
    }
    placement
}
