//! From a package of Anki to a content folder: media, note types and Markdown, and then the lock.
//!
//! The Markdown is compiled like any other, so that each note has a line in the lock as it would
//! have after a build; the line then gets what the package knows of the note. So the first build
//! finds every note as it was, and Anki finds it unchanged.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use tempfile::NamedTempFile;

use super::{Job, LockPlace, claim, lock_of, read};
use crate::compile::{self, Compiled};
use crate::disk::staging::{self, Staging};
use crate::disk::{self, Pending};
use crate::export::Outputs as _;
use crate::html_to_markdown::safe_name;
use crate::identity;
use crate::identity::lock::{Entry, Lock, LockedNoteType};
use crate::import::content::{self, Content, Form, Present};
use crate::import::{self, Collection, Container, MediaFile, Note, NoteType, ours};
use crate::progress::Progress;
use crate::source::Sources;

/// What an import brings, or would bring.
#[derive(Debug, Default)]
pub struct Imported {
    /// The notes that were not there.
    pub notes: usize,
    /// The decks that they are in.
    pub decks: usize,
    /// The files that are written, below the content folder.
    pub files: Vec<String>,
    /// The note types that are new, with the number of their notes.
    pub note_types: Vec<(String, usize)>,
    /// How many files of media are written.
    pub media: usize,
    /// Files of media that notes refer to, and that are nowhere.
    pub missing: Vec<String>,
    /// How many notes were there already.
    pub known: usize,
    /// How many reviews the package holds.
    pub reviews: i64,
    /// What is lost, with the number of notes and the first of them.
    pub losses: BTreeMap<&'static str, (usize, String)>,
}

/// Imports a package into a content folder, or says what that would bring.
///
/// # Errors
/// If the package is damaged, or something cannot be read or written.
pub fn import(package: &Path, root: &Path, form: Form, is_dry: bool) -> anyhow::Result<Imported> {
    let unreadable = || format!("`{}` cannot be imported", package.display());
    let mut container = Container::open(disk::open(package)?).with_context(unreadable)?;
    let collection = read_collection(&mut container).with_context(unreadable)?;
    let media = container.media().with_context(unreadable)?;
    let job = Job {
        content: root.to_owned(),
        out: root.join("out"),
        lock: LockPlace::Beside,
        refresh: false,
        progress: Progress::default(),
    };
    if !is_dry {
        disk::make_folder(root)?;
    }
    let _claim = if is_dry { None } else { claim(&job)? };
    let lock = read_lock(root)?;
    let mut present = find_present(root, &lock)?;
    present.form = form;
    present.media_folder = find_media_folder(root, &mut container, &media)?;
    let content = content::write(&collection, &present);
    let mut imported = describe(&collection, &content);
    let wanted = wanted_media(&content, &media);
    imported.media = wanted.len();
    imported.missing = missing_media(root, &content, &media);
    if is_dry || content.files.is_empty() {
        return Ok(imported);
    }
    let staging = Staging::new(root);
    for file in &wanted {
        let path = format!("{}{}", content.media_folder, safe_name(&file.name));
        staging.add(&path, |out| container.copy_media(file, out)).with_context(unreadable)?;
    }
    let parts = content.parts.iter().map(|(path, text)| (path, text));
    for (path, text) in parts.chain(content.files.iter().map(|file| (&file.path, &file.text))) {
        staging.add(path, |out| Ok(out.write_all(text.as_bytes())?))?;
    }
    staging.commit()?;
    let compiled = read(&job)?;
    let lock = make_lock(&compiled, &lock, &collection, &content)?;
    if let Some(path) = lock_of(&job)? {
        let (_, pending) = staging::prepare(&path, |out| lock.write(out))?;
        pending.map_or(Ok(()), Pending::commit)?;
    }
    Ok(imported)
}

/// Copies the database out of a package and reads it.
fn read_collection<R: std::io::Read + std::io::Seek>(
    container: &mut Container<R>,
) -> anyhow::Result<Collection> {
    let mut file = NamedTempFile::new().context("there is no room for its database")?;
    container.copy_collection(&mut file)?;
    if file.as_file().metadata()?.len() >= 100 {
        // The header says that there is a log of writes beside it, which there is not.
        file.seek(SeekFrom::Start(18))?;
        file.write_all(&[1, 1])?;
    }
    file.flush()?;
    import::read(file.path())
}

/// Reads the lock of a content folder.
fn read_lock(root: &Path) -> anyhow::Result<Lock> {
    let path = root.join(identity::lock::FILE_NAME);
    let Some(bytes) = disk::read_lock(&path)? else { return Ok(Lock::default()) };
    let (mut sources, mut diagnostics) = (Sources::default(), Vec::new());
    let lock = Some((path.display().to_string(), bytes));
    match compile::read_lock(&mut sources, lock, &mut diagnostics) {
        Some(lock) if diagnostics.is_empty() => Ok(lock),
        _ => bail!("`{}` is damaged; `deckpress check` says where", path.display()),
    }
}

/// Returns what is in a content folder already.
fn find_present(root: &Path, lock: &Lock) -> anyhow::Result<Present> {
    let guid = |entry: &Entry| entry.guid.clone().unwrap_or_else(|| entry.id.clone());
    Ok(Present {
        guids: lock.entries.iter().map(guid).collect(),
        paths: disk::paths_below(root)?.iter().map(|path| path.to_lowercase()).collect(),
        note_types: lock.note_types.iter().map(|it| (it.name.to_lowercase(), it.id)).collect(),
        ..Present::default()
    })
}

/// Returns the folder for media: one in which no file of the same name holds something else.
fn find_media_folder<R: std::io::Read + std::io::Seek>(
    root: &Path,
    container: &mut Container<R>,
    media: &[MediaFile],
) -> anyhow::Result<String> {
    let folders = std::iter::once("media/".to_owned());
    let folders = folders.chain((2..).map(|number| format!("media-{number}/")));
    'folders: for folder in folders {
        let path = root.join(&folder);
        if !disk::has_entries(&path) {
            return Ok(folder);
        }
        for file in media {
            let there = path.join(safe_name(&file.name));
            if there.exists() {
                let mut bytes = Vec::new();
                container.copy_media(file, &mut bytes)?;
                if !disk::holds(&there, &bytes) {
                    continue 'folders;
                }
            }
        }
        return Ok(folder);
    }
    Ok("media/".to_owned())
}

/// Returns the media that notes refer to, each name once.
fn wanted_media<'m>(content: &Content, media: &'m [MediaFile]) -> Vec<&'m MediaFile> {
    let mut names = BTreeSet::new();
    let is_wanted = |file: &&MediaFile| content.media.contains(&safe_name(&file.name));
    media.iter().filter(is_wanted).filter(|file| names.insert(safe_name(&file.name))).collect()
}

fn missing_media(root: &Path, content: &Content, media: &[MediaFile]) -> Vec<String> {
    let there: BTreeSet<String> = media.iter().map(|file| safe_name(&file.name)).collect();
    let is_missing = |name: &&String| {
        !there.contains(*name) && !root.join(&content.media_folder).join(name).exists()
    };
    content.media.iter().filter(is_missing).cloned().collect()
}

fn describe(collection: &Collection, content: &Content) -> Imported {
    let notes = || content.files.iter().flat_map(|file| &file.notes);
    let decks: BTreeSet<&Vec<String>> = notes().map(|note| &collection.notes[*note].deck).collect();
    let mut imported = Imported {
        notes: notes().count(),
        decks: decks.len(),
        known: content.known,
        reviews: collection.reviews,
        losses: content.losses.clone(),
        ..Imported::default()
    };
    let parts = content.parts.iter().map(|(path, _)| path);
    imported.files = parts.chain(content.files.iter().map(|file| &file.path)).cloned().collect();
    for (at, (name, is_new)) in &content.note_types {
        let count = notes().filter(|note| collection.notes[**note].note_type == *at).count();
        if *is_new {
            imported.note_types.push((name.clone(), count));
        }
    }
    if collection.orphans > 0 {
        let what = "notes whose note type is not in the package, which are left out";
        imported.losses.insert(what, (collection.orphans, String::new()));
    }
    imported
}

/// Returns the lock as compiled, with what the package knows of the new notes.
fn make_lock(
    compiled: &Compiled,
    old: &Lock,
    collection: &Collection,
    content: &Content,
) -> anyhow::Result<Lock> {
    let mut lock = compiled.identities.lock.clone();
    let mut ids: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
    for ((.., question), identity) in compiled.library.questions().zip(&compiled.identities.of) {
        let path = compiled.sources.path(question.span.file);
        ids.entry(path).or_default().push((question.span.start, &identity.id));
    }
    let mut notes: BTreeMap<&str, usize> = BTreeMap::new();
    for file in &content.files {
        let mut found = ids.remove(file.path.as_str()).unwrap_or_default();
        found.sort_unstable();
        if found.len() != file.notes.len() {
            bail!(
                "`{}` has {} questions for {} notes; it was written, and the lock was not",
                file.path,
                found.len(),
                file.notes.len()
            );
        }
        notes.extend(found.into_iter().map(|(_, id)| id).zip(file.notes.iter().copied()));
    }
    let known: BTreeSet<&str> = old.entries.iter().map(|entry| entry.id.as_str()).collect();
    let mut times: BTreeSet<i64> = lock
        .entries
        .iter()
        .filter(|entry| known.contains(entry.id.as_str()))
        .flat_map(Entry::times)
        .collect();
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
        entry.note_type = content.note_types.get(&note.note_type).map(|(name, _)| name.clone());
        entry.nid = Some(note.id);
        entry.created = note.id;
        while !times.insert(entry.created) {
            entry.created += 1;
        }
        entry.modified = note.modified;
    }
    for (at, (name, is_new)) in &content.note_types {
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
    Ok(lock)
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
    if note.guid == entry.id {
        take(&mut entry.created, &mut entry.modified, note);
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
