//! From a package of Anki to a content folder: media, note types and Markdown, and then the lock.
//!
//! The Markdown is compiled like any other before it is written, so that each note has a line in
//! the lock as it would have after a build; the line then gets what the package knows of the note.
//! So the first build finds every note as it was, and Anki finds it unchanged.
//!
//! The lock is written before the texts. If the program is killed between the two, the next import
//! finds lines whose files are not there, and brings their notes again; the other way around it
//! would find questions without GUIDs, and bring every note a second time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, bail};

use super::origin::{self, Origin};
use super::{Job, LockPlace, claim, compile, find_with, lock_of, locks, take_over};
use crate::compile::{Compiled, REPORT_IT};
use crate::config::Dialect;
use crate::config::note_type::NoteField;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::disk::staging::Staging;
use crate::disk::{self, present as on_disk};
use crate::export::Outputs as _;
use crate::html_to_markdown::safe_name;
use crate::identity;
use crate::identity::lock::{Entry, Lock};
use crate::import::content::{self, Content, Form, Present, TextFile};
use crate::import::{self, Collection, MediaFile, NoteType};
use crate::model::Convention;
use crate::progress::Progress;
use crate::source::Span;

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
    /// How many of these were taken out of the content.
    pub retired: usize,
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
    let unreadable = || origin::cannot(package);
    let mut origin = Origin::open(package)?;
    let job = job(root);
    let _claim = if is_dry || !root.exists() { None } else { claim(&job)? };
    let lock = read_lock(root)?;
    let (mut present, own) = find_present(&job, &lock)?;
    let collection = origin.read(&own).with_context(unreadable)?;
    let media = origin.media().with_context(unreadable)?;
    present.form = form;
    present.media_folder = find_media_folder(root, &mut origin, &media)?;
    let content = content::write(&collection, &present);
    let wanted = wanted_media(&content, &media);
    let is_new = !root.exists();
    if !is_dry {
        disk::make_folder(root)?;
    }
    let _claim_of_new = if !is_dry && is_new { claim(&job)? } else { None };
    if !is_dry && !content.files.is_empty() {
        let staging = Staging::without_manifest(root, &job.progress);
        let outputs = staging.of(String::new());
        for file in &wanted {
            let path = format!("{}{}", content.media_folder, safe_name(&file.name));
            outputs.add(&path, |out| origin.copy_media(file, out)).with_context(unreadable)?;
        }
        staging.commit(false, |_| Ok(()))?;
    }
    let (content, compiled) = write_content(&job, &collection, content, present)?;
    let mut imported = describe(&collection, &content);
    imported.media = wanted_media(&content, &media).len();
    imported.missing = missing_media(root, &content, &media);
    if is_dry || content.files.is_empty() {
        return Ok(imported);
    }
    let notes = pair_notes(&compiled, &content)?.into_iter();
    let notes = notes.map(|Pair { id, note, .. }| (id, note)).collect();
    let before = BTreeMap::new();
    let types = &content.note_types;
    let lock = take_over::write(&compiled, &lock, &collection, &notes, types, &before);
    write_texts(&job, &content, &lock)?;
    Ok(imported)
}

/// Writes the notes as content and compiles it, again until each file is read as it is written and no
/// further note is refused.
pub(super) fn write_content(
    job: &Job,
    collection: &Collection,
    mut content: Content,
    mut present: Present,
) -> anyhow::Result<(Content, Compiled)> {
    let mut compiled = compile_with(job, &content)?;
    while is_changed(&compiled, &content, &mut present)? {
        content = content::write(collection, &present);
        compiled = compile_with(job, &content)?;
    }
    Ok((content, compiled))
}

/// Compiles the content folder as it will be.
fn compile_with(job: &Job, content: &Content) -> anyhow::Result<Compiled> {
    let texts = content.texts().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    compile(job, find_with(job, texts.collect())?)
}

/// Writes the lock, and then the texts: note types before the notes that have them, and what a note
/// type is made of before it.
fn write_texts(job: &Job, content: &Content, lock: &Lock) -> anyhow::Result<()> {
    let rank = |path: &str| match path.rsplit_once('.') {
        Some((_, "md")) => 2,
        Some((_, "toml")) => 1,
        _ => 0,
    };
    let stagings: Vec<Staging<'_>> =
        (0..3).map(|_| Staging::without_manifest(&job.content, &job.progress)).collect();
    for (path, text) in content.texts() {
        let outputs = stagings[rank(path)].of(String::new());
        outputs.add(path, |out| Ok(out.write_all(text.as_bytes())?))?;
    }
    commit(job, lock)?;
    stagings.into_iter().try_for_each(|staging| staging.commit(false, |_| Ok(())).map(|_| ()))
}

/// Adds the files and notes that have to be written differently to `present`; returns whether there
/// are new ones.
fn is_changed(
    compiled: &Compiled,
    content: &Content,
    present: &mut Present,
) -> anyhow::Result<bool> {
    let before = (present.foreign.len(), present.refused.len());
    present.foreign.extend(foreign_files(compiled, content));
    if present.foreign.len() == before.0 {
        present.refused.extend(refused_notes(compiled, content)?);
    }
    Ok((present.foreign.len(), present.refused.len()) != before)
}

/// Returns the paths of the files of which something would be read in another convention.
fn foreign_files(compiled: &Compiled, content: &Content) -> BTreeSet<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (.., question) in compiled.library.questions() {
        let path = compiled.sources.path(question.span.file);
        *counts.entry(path).or_default() += usize::from(question.convention == Convention::Native);
    }
    let is_foreign =
        |file: &&TextFile| counts.get(&*file.path).is_none_or(|count| *count != file.notes.len());
    content.files.iter().filter(is_foreign).map(|file| file.path.clone()).collect()
}

/// Returns the notes whose questions a build would refuse, and why. What is not in the package is
/// no fault of a note.
fn refused_notes(
    compiled: &Compiled,
    content: &Content,
) -> anyhow::Result<BTreeMap<usize, &'static str>> {
    let pairs = pair_notes(compiled, content)?;
    let errors = compiled
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error && found.code != Code::MissingMedia);
    let note = |found: &Diagnostic| {
        let place = (found.span.file, found.span.start);
        let at = pairs.partition_point(|pair| (pair.span.file, pair.span.start) <= place);
        let pair = pairs[..at].last().filter(|pair| pair.span.file == found.span.file)?;
        let why = match found.code {
            Code::BrokenCloze => "gaps that a build would refuse: these notes are left out",
            Code::NoteWithoutCards => "gaps without a card: these notes are left out",
            _ => "what a build would refuse: these notes are left out",
        };
        Some((pair.note, why))
    };
    Ok(errors.filter_map(note).collect())
}

/// Reads the lock of a content folder.
pub(super) fn read_lock(root: &Path) -> anyhow::Result<Lock> {
    let path = root.join(identity::lock::FILE_NAME);
    match locks::read_if_there(&path)? {
        Ok(lock) => Ok(lock.unwrap_or_default()),
        Err(_) => bail!("`{}` is damaged; `deckpress check` says where", path.display()),
    }
}

/// Returns what is in a content folder already. A line of the lock whose file is not there, and
/// whose question is nowhere else, is of an import that was killed.
fn find_present(job: &Job, lock: &Lock) -> anyhow::Result<(Present, Vec<NoteType>)> {
    let compiled = compile(job, find_with(job, Vec::new())?)?;
    let paths = on_disk::paths_below(&job.content)?;
    let files: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
    let live = compiled.identities.lock.entries.iter().filter(|entry| entry.removed.is_none());
    let live: BTreeSet<&str> = live.map(|entry| entry.id.as_str()).collect();
    let is_there = |entry: &&Entry| {
        entry.removed.is_some()
            || live.contains(entry.id.as_str())
            || files.contains(entry.file.as_str())
    };
    let retired = lock.entries.iter().filter(|entry| entry.removed.is_some());
    let config = &compiled.config;
    let locked = &compiled.identities.lock.note_types;
    let is_written = |name: &str| {
        config.note_types.iter().any(|it| it.name == name)
            || config.broken_note_types.contains(&name.to_lowercase())
    };
    let written = config.note_types.iter().map(|it| it.name.to_lowercase());
    let ids = |entry: &Entry| {
        let names = [Some(entry.id.clone()), entry.name.clone()].into_iter().flatten();
        names.chain(entry.guids()).collect::<Vec<_>>()
    };
    let id = |name: &str| locked.iter().find(|line| line.name == name).map(|line| line.id);
    let labels = config.note_types.iter().filter_map(|own| {
        let label = |field: &NoteField| field.label().to_owned();
        Some((id(&own.name)?, own.fields.iter().map(label).collect()))
    });
    let labels = labels.collect();
    let own =
        config.note_types.iter().filter_map(|own| Some(import::written_type(own, id(&own.name)?)));
    let own = own.collect();
    let present = Present {
        guids: lock.entries.iter().filter(is_there).flat_map(ids).collect(),
        retired: retired.flat_map(ids).collect(),
        labels,
        questions: lock
            .entries
            .iter()
            .filter(is_there)
            .map(|entry| take_over::words(&entry.question))
            .collect(),
        names: written.chain(config.broken_note_types.iter().cloned()).collect(),
        note_types: locked
            .iter()
            .filter(|it| is_written(&it.name))
            .map(|it| (it.id, it.name.clone()))
            .collect(),
        paths: paths.iter().map(|path| path.to_lowercase()).collect(),
        is_obsidian: match config.dialect {
            Some(dialect) => dialect == Dialect::Obsidian,
            None => compiled.vault.is_some(),
        },
        config: config.clone(),
        ..Present::default()
    };
    Ok((present, own))
}

/// Returns the folder for media: one in which no file of the same name holds something else.
fn find_media_folder(
    root: &Path,
    origin: &mut Origin,
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
                origin.copy_media(file, &mut bytes)?;
                if !on_disk::holds(&there, &bytes) {
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
    // Fonts and scripts that a template or a style sheet names.
    let is_named = |name: &str| {
        name.starts_with('_') && content.parts.iter().any(|(_, text)| text.contains(name))
    };
    let is_wanted =
        |file: &&MediaFile| content.media.contains(&safe_name(&file.name)) || is_named(&file.name);
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
        retired: content.retired,
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

/// A question that was written, and its note in the collection.
pub(super) struct Pair<'c> {
    span: Span,
    pub(super) id: &'c str,
    pub(super) note: usize,
}

/// Returns the note of each question that was written, in the order of their places.
pub(super) fn pair_notes<'c>(
    compiled: &'c Compiled,
    content: &Content,
) -> anyhow::Result<Vec<Pair<'c>>> {
    let mut written: BTreeMap<&str, Vec<(Span, &str)>> = BTreeMap::new();
    for ((.., question), identity) in compiled.library.questions().zip(&compiled.identities.of) {
        let path = compiled.sources.path(question.span.file);
        written.entry(path).or_default().push((question.span, &identity.id));
    }
    let mut pairs = Vec::new();
    for file in &content.files {
        let found = written.remove(file.path.as_str()).unwrap_or_default();
        if found.len() != file.notes.len() {
            bail!(
                "`{}` would have {} questions for {} notes, so nothing was written; {}",
                file.path,
                found.len(),
                file.notes.len(),
                REPORT_IT
            );
        }
        let notes = found.into_iter().zip(&file.notes);
        pairs.extend(notes.map(|((span, id), note)| Pair { span, id, note: *note }));
    }
    pairs.sort_by_key(|pair| (pair.span.file, pair.span.start));
    Ok(pairs)
}

pub(super) fn commit(job: &Job, lock: &Lock) -> anyhow::Result<()> {
    let Some(path) = lock_of(job)? else { return Ok(()) };
    locks::write(&path, lock)
}

pub(super) fn job(root: &Path) -> Job {
    Job {
        content: root.to_owned(),
        out: root.join("out"),
        lock: LockPlace::Beside,
        refresh: false,
        rehash: false,
        progress: Progress::default(),
    }
}
