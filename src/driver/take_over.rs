//! What a package knows of notes, written into the lines of the lock.

use std::collections::{BTreeMap, BTreeSet};

use crate::compile::Compiled;
use crate::config::note_type;
use crate::html_to_markdown::{Notation, convert};
use crate::identity;
use crate::identity::lock::{Entry, Lock, LockedNoteType};
use crate::import::{Collection, Note, NoteType, ours};

/// The names of the note types that notes have in the content, by their positions in the
/// collection, and whether the lock does not know them yet.
pub(super) type NoteTypes = BTreeMap<usize, (String, bool)>;

/// Returns the lock as compiled, with what the collection knows of these notes, given by the ids of
/// their questions; what the old lock knows stays.
pub(super) fn write(
    compiled: &Compiled,
    old: &Lock,
    collection: &Collection,
    notes: &BTreeMap<&str, usize>,
    note_types: &NoteTypes,
) -> Lock {
    let mut lock = compiled.identities.lock.clone();
    let known: BTreeSet<&str> = old.entries.iter().map(|entry| entry.id.as_str()).collect();
    let old_entries = lock.entries.iter().filter(|entry| known.contains(entry.id.as_str()));
    let mut times: BTreeSet<i64> = old_entries.flat_map(Entry::times).collect();
    let by_guid: BTreeMap<&str, &Note> =
        collection.notes.iter().map(|note| (note.guid.as_str(), note)).collect();
    for entry in &mut lock.entries {
        let Some(note) = notes.get(entry.id.as_str()) else { continue };
        if known.contains(entry.id.as_str()) {
            continue;
        }
        let note = &collection.notes[*note];
        let note_type = &collection.note_types[note.note_type];
        if ours::kind(note_type).is_some() {
            restore(entry, (note, note_type), &by_guid, &mut times);
            continue;
        }
        entry.guid = (note.guid != entry.id).then(|| note.guid.clone());
        entry.note_type = note_types.get(&note.note_type).map(|(name, _)| name.clone());
        entry.nid = Some(note.id);
        entry.created = note.id;
        while !times.insert(entry.created) {
            entry.created += 1;
        }
        entry.modified = note.modified;
    }
    for (at, (name, is_new)) in note_types {
        let note_type = &collection.note_types[*at];
        if *is_new {
            lock.note_types.retain(|known| known.name != *name);
            lock.note_types.push(LockedNoteType {
                name: name.clone(),
                id: note_type.id,
                modified: note_type.modified,
                is_cloze: note_type.is_cloze,
                fields: note_type.fields.clone(),
                cards: note_type.cards.iter().map(|it| (it.name.clone(), it.id)).collect(),
                ..LockedNoteType::default()
            });
        }
    }
    lock.note_types.sort_by(|a, b| a.name.cmp(&b.name));
    lock
}

/// Gives a line the id and the times that an earlier build gave to the notes of its question.
fn restore(
    entry: &mut Entry,
    (note, note_type): (&Note, &NoteType),
    by_guid: &BTreeMap<&str, &Note>,
    times: &mut BTreeSet<i64>,
) {
    if let Some(id) = ours::question_id(note, note_type) {
        id.clone_into(&mut entry.id);
    }
    let others = [identity::cloze_id(&entry.id), identity::recall_id(&entry.id)];
    let mut take = |created: &mut i64, modified: &mut i64, note: &Note| {
        if times.insert(note.id) {
            *created = note.id;
        }
        *modified = note.modified;
    };
    if !others.contains(&note.guid) {
        take(&mut entry.created, &mut entry.modified, note);
        // A note that was taken over as one of ours has the GUID of its origin.
        entry.guid = (note.guid != entry.id).then(|| note.guid.clone());
    }
    for (series, guid) in [&mut entry.cloze, &mut entry.recall].into_iter().zip(others) {
        if let Some(series) = series
            && let Some(note) = by_guid.get(guid.as_str())
        {
            take(&mut series.created, &mut series.modified, note);
        }
    }
    entry.modified = entry.modified.min(note.modified);
}

/// Returns the note of each question that the old lock does not know, by the question's id: the one
/// that has this id, or else the only one that asks in the same words.
pub(super) fn find<'c>(
    compiled: &'c Compiled,
    old: &Lock,
    collection: &Collection,
) -> BTreeMap<&'c str, usize> {
    let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_words: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for (at, note) in collection.notes.iter().enumerate() {
        let note_type = &collection.note_types[note.note_type];
        if ours::is_recall_list(note, note_type) {
            continue;
        }
        by_id.insert(ours::question_id(note, note_type).unwrap_or(&note.guid), at);
        let notation = Notation { has_gaps: note_type.is_cloze, ..Notation::default() };
        let asked = note.fields.first().map_or("", String::as_str);
        let words = words(&convert(asked, notation).body);
        by_words.entry(words).and_modify(|found| *found = None).or_insert(Some(at));
    }
    let known: BTreeSet<&str> = old.entries.iter().map(|entry| entry.id.as_str()).collect();
    let asked: BTreeMap<&str, &str> = compiled
        .identities
        .lock
        .entries
        .iter()
        .map(|entry| (entry.id.as_str(), entry.question.as_str()))
        .collect();
    let mut found = BTreeMap::new();
    let mut taken = BTreeSet::new();
    let new = compiled.identities.of.iter().map(|identity| identity.id.as_str());
    let new: Vec<&str> = new.filter(|id| !known.contains(id)).collect();
    for id in &new {
        if let Some(at) = by_id.get(id)
            && taken.insert(*at)
        {
            found.insert(*id, *at);
        }
    }
    for id in new {
        let words = asked.get(id).map(|question| words(question)).unwrap_or_default();
        if !found.contains_key(id)
            && !words.is_empty()
            && let Some(Some(at)) = by_words.get(&words)
            && taken.insert(*at)
        {
            found.insert(id, *at);
        }
    }
    found
}

/// Returns the letters and digits of a text.
fn words(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns the note types of the content that a collection has under the same name.
pub(super) fn note_types(compiled: &Compiled, collection: &Collection) -> NoteTypes {
    let locked = &compiled.identities.lock.note_types;
    let name = |(at, note_type): (usize, &NoteType)| {
        let found = note_type::find(&compiled.config.note_types, &note_type.name)?;
        let is_new = locked.iter().all(|known| known.name != found.name);
        Some((at, (found.name.clone(), is_new)))
    };
    collection.note_types.iter().enumerate().filter_map(name).collect()
}
