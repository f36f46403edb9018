//! What a package knows of notes, written into the lines of the lock.

use std::collections::{BTreeMap, BTreeSet};

use crate::anki::Kind;
use crate::compile::Compiled;
use crate::config::note_type;
use crate::identity;
use crate::identity::lock::{Entry, Lock, LockedNoteType};
use crate::import::content::asked_words;
use crate::import::{Collection, Note, NoteType, ours};

/// The names of the note types that notes have in the content, by their positions in the
/// collection, and whether the lock does not know them yet.
pub(super) type NoteTypes = BTreeMap<usize, (String, bool)>;

/// Returns the lock as compiled, with what the collection knows of these notes, given by the ids of
/// their questions; what the old lock knows stays. `before` has the lines of notes whose questions
/// were edited since, as they were.
pub(super) fn write(
    compiled: &Compiled,
    old: &Lock,
    collection: &Collection,
    notes: &BTreeMap<&str, usize>,
    note_types: &NoteTypes,
    before: &BTreeMap<usize, Entry>,
) -> Lock {
    let mut lock = compiled.identities.lock.clone();
    add_lines(compiled, notes, &mut lock);
    let known: BTreeSet<&str> = old.entries.iter().map(|entry| entry.id.as_str()).collect();
    let old_entries = lock.entries.iter().filter(|entry| known.contains(entry.id.as_str()));
    let mut times: BTreeSet<i64> = old_entries.flat_map(Entry::times).collect();
    let by_guid: BTreeMap<&str, &Note> =
        collection.notes.iter().map(|note| (note.guid.as_str(), note)).collect();
    for entry in &mut lock.entries {
        let Some(at) = notes.get(entry.id.as_str()) else { continue };
        if known.contains(entry.id.as_str()) {
            continue;
        }
        if let Some(line) = before.get(at) {
            entry.question.clone_from(&line.question);
            (entry.fingerprint, entry.sketch) = (line.fingerprint, line.sketch.clone());
        }
        let note = &collection.notes[*at];
        let note_type = &collection.note_types[note.note_type];
        if note.id == 0 {
            name(entry, note, note_type);
            continue;
        }
        if ours::kind(note_type).is_some() {
            restore(entry, (note, note_type), &by_guid, &mut times);
            continue;
        }
        entry.nid = Some(note.id);
        let mut created = note.id;
        while !times.insert(created) {
            created += 1;
        }
        // A note of gaps can only become one of gaps.
        if let Some(cloze) = entry.cloze.as_deref_mut().filter(|_| entry.note_type.is_none()) {
            cloze.guid = Some(note.guid.clone());
            (cloze.created, cloze.modified) = (created, note.modified);
            continue;
        }
        entry.guid = (note.guid != entry.id).then(|| note.guid.clone());
        (entry.created, entry.modified) = (created, note.modified);
    }
    for (at, (name, is_new)) in note_types {
        let note_type = &collection.note_types[*at];
        if *is_new {
            let compiled = lock.note_types.iter().find(|known| known.name == *name);
            let hash = compiled.map(|known| known.hash.clone()).unwrap_or_default();
            lock.note_types.retain(|known| known.name != *name);
            lock.note_types.push(LockedNoteType {
                name: name.clone(),
                id: note_type.id,
                modified: note_type.modified,
                hash,
                is_cloze: note_type.is_cloze,
                fields: note_type.fields.clone(),
                cards: note_type.cards.iter().map(|it| (it.name.clone(), it.id)).collect(),
                settings: note_type.settings.clone().kept(),
                ..LockedNoteType::default()
            });
        }
    }
    lock.note_types.sort_by(|a, b| a.name.cmp(&b.name));
    lock
}

/// Gives a line the id and the GUID that a text knows of its note. It does not say when the note
/// was made, nor when it changed.
fn name(entry: &mut Entry, note: &Note, note_type: &NoteType) {
    if let Some(id) = ours::question_id(note, note_type) {
        id.clone_into(&mut entry.id);
    }
    if note.guid.is_empty() {
        return;
    }
    let cloze_id = identity::cloze_id(&entry.id);
    match entry.cloze.as_deref_mut().filter(|_| entry.note_type.is_none()) {
        Some(cloze) => cloze.guid = Some(note.guid.clone()).filter(|guid| *guid != cloze_id),
        None => entry.guid = Some(note.guid.clone()).filter(|guid| *guid != entry.id),
    }
}

/// Adds lines for questions that have none, as they are not answered yet, each behind that of the
/// question before it.
fn add_lines(compiled: &Compiled, notes: &BTreeMap<&str, usize>, lock: &mut Lock) {
    let has_line: BTreeSet<&str> = lock.entries.iter().map(|entry| entry.id.as_str()).collect();
    if notes.keys().all(|id| has_line.contains(id)) {
        return;
    }
    let Compiled { sources, library, media, config, identities, .. } = compiled;
    let facts = identity::facts(sources, library, media, &config.note_types, &Lock::default());
    let mut at = 0;
    for (question, found) in facts.iter().zip(&identities.of) {
        match lock.entries[at..].iter().position(|entry| entry.id == found.id) {
            Some(ahead) => at += ahead + 1,
            None if notes.contains_key(found.id.as_str()) => {
                lock.entries.insert(at, identity::first_line(question, found));
                at += 1;
            }
            None => {}
        }
    }
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
    let has_gaps = ours::kind(note_type) == Some(Kind::Cloze);
    // A note that was taken over as one of ours has the GUID of its origin.
    if let Some(series) = entry.cloze.as_deref_mut()
        && has_gaps
        && !others.contains(&note.guid)
    {
        take(&mut series.created, &mut series.modified, note);
        series.guid = Some(note.guid.clone());
    } else if !others.contains(&note.guid) {
        take(&mut entry.created, &mut entry.modified, note);
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
/// that has this id, or else the only one of its note type that asks in the same words. Notes that
/// ask in the same words were given their ids in the collection when they were imported.
pub(super) fn find<'c>(
    compiled: &'c Compiled,
    old: &Lock,
    collection: &Collection,
    names: &NoteTypes,
) -> BTreeMap<&'c str, usize> {
    let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
    let mut by_words: BTreeMap<(Option<&str>, String), Option<usize>> = BTreeMap::new();
    for (at, note) in collection.notes.iter().enumerate() {
        by_id.insert(note.id.to_string(), at);
    }
    for (at, note) in collection.notes.iter().enumerate() {
        let note_type = &collection.note_types[note.note_type];
        if ours::is_recall_list(note, note_type) {
            continue;
        }
        by_id.insert(ours::question_id(note, note_type).unwrap_or(&note.guid).to_owned(), at);
        let words = asked_words(note, note_type);
        let own = names.get(&note.note_type).map(|(name, _)| name.as_str());
        // Notes of any type may have become questions of ours.
        for key in [None, own].into_iter().take(1 + usize::from(own.is_some())) {
            let found = by_words.entry((key, words.clone()));
            found.and_modify(|found| *found = None).or_insert(Some(at));
        }
    }
    let known: BTreeSet<&str> = old.entries.iter().map(|entry| entry.id.as_str()).collect();
    let entries = compiled.identities.lock.entries.iter();
    let asked: BTreeMap<&str, &Entry> = entries.map(|entry| (entry.id.as_str(), entry)).collect();
    let mut found = BTreeMap::new();
    let mut taken = BTreeSet::new();
    let new = compiled.identities.of.iter().map(|identity| identity.id.as_str());
    let new: Vec<&str> = new.filter(|id| !known.contains(id)).collect();
    for id in &new {
        if let Some(at) = by_id.get(*id)
            && taken.insert(*at)
        {
            found.insert(*id, *at);
        }
    }
    for id in new {
        let Some(entry) = asked.get(id) else { continue };
        let words = words(&entry.question);
        if !found.contains_key(id)
            && !words.is_empty()
            && let Some(Some(at)) = by_words.get(&(entry.note_type.as_deref(), words))
            && taken.insert(*at)
        {
            found.insert(id, *at);
        }
    }
    found
}

/// Returns the letters and digits of a text.
pub(super) fn words(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns the note types of the content that a collection has under the same name, and with the
/// same fields: another one would not be that of its notes.
pub(super) fn note_types(compiled: &Compiled, old: &Lock, collection: &Collection) -> NoteTypes {
    let name = |(at, note_type): (usize, &NoteType)| {
        let found = note_type::find(&compiled.config.note_types, &note_type.name)?;
        let names = || found.fields.iter().map(|field| &field.name);
        let is_same = names().eq(note_type.fields.iter().map(|(name, _)| name));
        let is_new = old.note_types.iter().all(|known| known.name != found.name);
        is_same.then(|| (at, (found.name.clone(), is_new)))
    };
    collection.note_types.iter().enumerate().filter_map(name).collect()
}
