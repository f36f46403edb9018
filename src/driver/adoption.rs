//! Finds the notes that a collection has in another note type: as it had them before they were imported
//! into the content, or as a learner, or the content, has changed it.
//!
//! Such a note must not be in a package that is sent: the add-on has Anki merge note types, so Anki
//! would make one of both, and change all other notes of either.

use std::collections::{BTreeMap, BTreeSet};

use super::collection::Session;
use crate::compile::Compiled;
use crate::connect::collection::LiveNote;
use crate::export::package_notes::PackageNote;
use crate::identity::Note;
use crate::identity::lock::Entry;

/// Takes these notes out of what is known of the collection; returns them by their places in the notes
/// of the content.
///
/// # Errors
/// If Anki cannot be reached.
pub(super) fn take(
    session: &mut Session,
    compiled: &Compiled,
    questions: &[Note<'_>],
    notes: &[PackageNote],
) -> anyhow::Result<BTreeMap<usize, LiveNote>> {
    let entries = &compiled.identities.lock.entries;
    let entries: BTreeMap<&str, &Entry> = entries.iter().map(|it| (it.id.as_str(), it)).collect();
    let mut others = BTreeMap::new();
    let mut places: BTreeMap<i64, usize> = BTreeMap::new();
    for (at, note) in notes.iter().enumerate() {
        if let Some(live) = session.collection.notes.get(&note.id) {
            if live.note_type != note.note_type.id {
                others.extend(session.collection.notes.remove(&note.id).map(|live| (at, live)));
            }
            continue;
        }
        let sent = session.state.notes.get(&note.id).map(|base| base.nid);
        let origin = entries.get(questions[note.question].id).and_then(|entry| {
            let of_cloze = entry.cloze.as_ref().and_then(|cloze| cloze.guid.as_ref());
            let guid = of_cloze.or(entry.guid.as_ref()).unwrap_or(&entry.id);
            entry.nid.filter(|_| note.guid == *guid)
        });
        let nids = [sent, Some(note.created), origin].into_iter().flatten();
        places.extend(nids.filter(|nid| *nid != 0).map(|nid| (nid, at)));
    }
    let known: BTreeSet<i64> = session.collection.notes.values().map(|live| live.nid).collect();
    places.retain(|nid, _| !known.contains(nid));
    if !places.is_empty() {
        let nids: Vec<i64> = places.keys().copied().collect();
        for live in session.collection.read_notes(&session.client, &nids)? {
            let at = places[&live.nid];
            if live.note_type != notes[at].note_type.id {
                others.entry(at).or_insert(live);
            }
        }
    }
    Ok(others)
}
