//! Notes that a collection has in another note type, as it had them before they were imported into
//! the content.
//!
//! A package cannot change the note type of a note, so these are changed one by one; their cards
//! stay, with all reviews. What a learner has edited since has no field to go to, so that is asked.

use std::collections::{BTreeMap, BTreeSet};

use super::collection::LiveNote;
use super::plan::{Before, Conflict, Conflicts, Side};
use crate::export::package_notes::PackageNote;

/// Decisions about notes that have another note type in Anki. A `usize` is an index into the notes of
/// the content.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Adoption {
    /// Those that get our note type.
    pub adopted: Vec<usize>,
    /// Those that stay as they are.
    pub others: BTreeSet<usize>,
    /// Those of which an edit or a card would be lost.
    pub conflicts: Vec<Conflict>,
}

/// Decides about notes that are of another note type in Anki.
#[must_use]
pub fn decide(
    notes: &[PackageNote],
    found: &BTreeMap<usize, LiveNote>,
    before: &BTreeMap<String, Before>,
    conflicts: &Conflicts,
    is_wanted: bool,
    shows_same: fn(&str, &str) -> bool,
) -> Adoption {
    let mut adoption = Adoption::default();
    for (&at, live) in found {
        let note = &notes[at];
        let is_unedited =
            before.get(&note.id).is_some_and(|before| before.modified == live.modified);
        let winner = conflicts.winner(&note.id);
        // The note types of the author's own are not given to any note.
        let is_wanted = is_wanted && note.note_type.kind.is_some();
        let is_whole = live.cards.len() <= note.ords.len()
            && (is_unedited || holds_all(note, live, shows_same));
        if is_wanted && (is_whole || winner == Some(Side::Content)) {
            adoption.adopted.push(at);
            continue;
        }
        adoption.others.insert(at);
        if is_wanted && winner.is_none() {
            let shown: Vec<&str> = live.fields.values().map(String::as_str).collect();
            let new: Vec<&str> = note.fields.iter().take(5).map(String::as_str).collect();
            let texts = (shown.join("<br>"), new.join("<br>"));
            let mut fields = vec![("all fields".to_owned(), texts.0, texts.1)];
            if live.cards.len() > note.ords.len() {
                let counts = (live.cards.len().to_string(), note.ords.len().to_string());
                fields.push(("cards".to_owned(), counts.0, counts.1));
            }
            adoption.conflicts.push(Conflict { note: at, fields });
        }
    }
    adoption
}

/// Returns a note as it is after it got our note type.
#[must_use]
pub fn adopt(note: &PackageNote, live: &LiveNote) -> LiveNote {
    let fields = note.named_fields().map(|(name, html)| (name.to_owned(), html.to_owned()));
    let (note_type, first) = (note.note_type.id, String::new());
    LiveNote { note_type, first, fields: fields.collect(), ..live.clone() }
}

/// Returns whether the content has what each field shows, so that nothing is lost.
fn holds_all(note: &PackageNote, live: &LiveNote, shows_same: fn(&str, &str) -> bool) -> bool {
    let mut shown = live.fields.values().filter(|html| !html.is_empty());
    shown.all(|html| note.fields.iter().any(|new| shows_same(html, new)))
}
