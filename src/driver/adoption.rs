//! Finds the notes that a collection has in another note type, as it had them before they were
//! imported into the content.

use std::collections::BTreeMap;

use super::collection::Session;
use crate::compile::Compiled;
use crate::connect::collection::LiveNote;
use crate::export::package_notes::PackageNote;
use crate::identity::Note;
use crate::identity::lock::Entry;

/// Returns these notes, by their places in the notes of the content.
///
/// # Errors
/// If Anki cannot be reached.
pub(super) fn find(
    session: &Session,
    compiled: &Compiled,
    questions: &[Note<'_>],
    notes: &[PackageNote],
) -> anyhow::Result<BTreeMap<usize, LiveNote>> {
    let entries = &compiled.identities.lock.entries;
    let entries: BTreeMap<&str, &Entry> = entries.iter().map(|it| (it.id.as_str(), it)).collect();
    let place = |(at, note): (usize, &PackageNote)| {
        let entry = entries.get(questions[note.question].id)?;
        let of_cloze = entry.cloze.as_ref().and_then(|cloze| cloze.guid.as_ref());
        let guid = of_cloze.or(entry.guid.as_ref()).unwrap_or(&entry.id);
        let is_ours = note.note_type.kind.is_some() && note.guid == *guid;
        let is_there = session.collection.notes.contains_key(&note.id);
        entry.nid.filter(|_| is_ours && !is_there).map(|nid| (nid, at))
    };
    let places: BTreeMap<i64, usize> = notes.iter().enumerate().filter_map(place).collect();
    if places.is_empty() {
        return Ok(BTreeMap::new());
    }
    let nids: Vec<i64> = places.keys().copied().collect();
    let live = session.collection.read_notes(&session.client, &nids)?.into_iter();
    // The note types that the content knows are found in another way.
    let others = live.filter(|live| live.note_type == 0);
    Ok(others.map(|live| (places[&live.nid], live)).collect())
}
