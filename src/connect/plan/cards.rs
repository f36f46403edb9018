//! The cards that a note makes, and no longer makes.

use std::collections::BTreeSet;

use crate::anki;
use crate::connect::collection::LiveNote;
use crate::connect::state::Base;
use crate::export::package_notes::PackageNote;

/// Returns whether a note makes a card whose fields hold this.
pub(super) fn are_made(note: &PackageNote, merged: &[String]) -> bool {
    note.note_type.kind.is_none_or(|kind| !anki::card_ords(kind, merged).is_empty())
}

/// Returns whether a note has cards in Anki that it does not make once its fields hold this.
///
/// The fields are compared, not the numbers of cards: AnkiConnect says how many there are and not
/// which, and one card may go while another one comes.
pub(super) fn are_left_blank(
    note: &PackageNote,
    live: &LiveNote,
    merged: &[String],
    base: Option<&Base>,
) -> bool {
    let (was, is): (Vec<u16>, Vec<u16>) = match note.note_type.kind {
        Some(kind) => {
            let of_live = |name: &String| live.fields.get(name).cloned().unwrap_or_default();
            let shown: Vec<String> = note.note_type.fields.iter().map(of_live).collect();
            (anki::card_ords(kind, &shown), anki::card_ords(kind, merged))
        }
        // What a learner's edits make of the author's own templates is not known.
        None if merged != note.fields => return false,
        None => (base.map_or_else(Vec::new, |base| base.cards.clone()), note.ords.clone()),
    };
    let is: BTreeSet<u16> = is.into_iter().collect();
    // A note always has a card, and be it blank.
    was.iter().any(|ord| !is.contains(ord)) || live.cards.len() > is.len().max(1)
}
