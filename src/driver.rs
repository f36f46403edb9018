//! What touches the machine around [`mod@compile`]: the disk, the clock, the lock and the last
//! build.
//!
//! ```text
//! find ─► compile ─► build: stage all outputs, then commit them, then the lock, then the manifest
//! ```

mod adoption;
pub mod build;
pub mod built;
pub mod collection;
mod fault;
pub mod import;
pub mod last_build;
pub mod locks;
mod origin;
pub mod pull;
pub mod push;
pub mod restore;
mod take_over;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;

use crate::compile::{self, Compiled, InputFile, Inputs, Role};
use crate::config::FILE_NAME;
use crate::config::selector::Selector;
use crate::diagnostic::Fix;
use crate::disk::exclusive::{self, FolderLock};
use crate::disk::vault::{self, VaultFolder};
use crate::disk::{self, Content};
use crate::media::Known;
use crate::progress::Progress;
use crate::source::FileId;
use crate::target::Target;
use fault::Faults;
use last_build::Manifest;

/// What to read, and how.
#[derive(Debug)]
pub struct Job {
    /// A content folder or a single file.
    pub content: PathBuf,
    /// The output folder; inside the content folder it is not content.
    pub out: PathBuf,
    /// Where the lock is.
    pub lock: LockPlace,
    /// Counts every note as changed.
    pub refresh: bool,
    /// Reads each media file and output again, even if its size and times are as they were.
    pub rehash: bool,
    /// Where the present phase is noted down.
    pub progress: Progress,
}

/// What to write.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// The targets; if empty, those of the settings.
    pub targets: &'w [Target],
    /// Which questions; if empty, all.
    pub only: &'w [Selector],
}

/// Where the lock is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LockPlace {
    /// Beside the content.
    #[default]
    Beside,
    /// In this file.
    At(PathBuf),
    /// Nowhere: every question is new.
    Nowhere,
}

/// What was found, not yet compiled.
#[derive(Clone, Debug, Default)]
pub struct Found {
    content: Content,
    vault: Option<VaultFolder>,
    lock: Option<PathBuf>,
    lock_bytes: Option<Vec<u8>>,
    manifest: Manifest,
    /// The files that the last build has read, by path.
    known: BTreeMap<String, Known>,
    /// Attachments that are to be written, by path.
    attachments: BTreeMap<String, Vec<u8>>,
}

impl Found {
    /// Returns the path of the vault that the content is or is in, as a person would type it.
    #[must_use]
    pub fn vault_path(&self, job: &Job) -> Option<PathBuf> {
        let vault = self.vault.as_ref()?;
        let mut path = disk::root_of(&job.content).to_owned();
        for _ in vault.prefix.matches('/') {
            let is_named = path.file_name().is_some();
            path = if is_named { disk::folder(&path).to_owned() } else { path.join("..") };
        }
        Some(path)
    }
}

/// Finds content and its lock.
///
/// # Errors
/// If something cannot be read.
pub fn find(job: &Job) -> anyhow::Result<Found> {
    let manifest = Manifest::of(job);
    let content = disk::read_content(&job.content, &job.out, &manifest.files)?;
    let vault = vault::find(&content.root, std::env::home_dir().as_deref());
    let lock = lock_of(job)?;
    let lock_bytes = lock.as_deref().map(disk::read_lock).transpose()?.flatten();
    let known = manifest.known_attachments();
    Ok(Found { content, vault, lock, lock_bytes, manifest, known, ..Found::default() })
}

/// Finds content and its lock as they will be when these files are there, too; the folder itself
/// need not be.
///
/// # Errors
/// If something cannot be read.
fn find_with(job: &Job, more: Vec<(String, Vec<u8>)>) -> anyhow::Result<Found> {
    let mut found = if job.content.exists() {
        find(job)?
    } else {
        let content = Content { root: job.content.clone(), ..Content::default() };
        Found { content, ..Found::default() }
    };
    let files = &mut found.content.files;
    files.retain(|(path, _)| more.iter().all(|(new, _)| new != path));
    files.extend(more);
    // The settings come first, as they do on the disk.
    files.sort_by(|(a, _), (b, _)| (a != FILE_NAME, a).cmp(&(b != FILE_NAME, b)));
    Ok(found)
}

/// Returns where the lock is, or is to be.
///
/// # Errors
/// If the content is not there.
pub fn lock_of(job: &Job) -> anyhow::Result<Option<PathBuf>> {
    match &job.lock {
        LockPlace::Beside => Ok(Some(disk::lock_beside(&job.content)?)),
        LockPlace::At(path) => Ok(Some(path.clone())),
        LockPlace::Nowhere => Ok(None),
    }
}

/// Keeps other builds away from the lock of the content; called before it is read, and held until
/// it is written.
///
/// # Errors
/// If the content is not there, or another build has not come to its end in a few seconds.
pub fn claim(job: &Job) -> anyhow::Result<Option<FolderLock>> {
    let lock = lock_of(job)?;
    Ok(lock.map(|lock| exclusive::lock(disk::folder(&lock))).transpose()?.flatten())
}

/// Keeps other builds away from the outputs, unless the lock lies there, so that they are already.
fn claim_outputs(out: &Path, lock: Option<&Path>) -> anyhow::Result<Option<FolderLock>> {
    exclusive::lock_besides(out, lock.map(disk::folder))
}

/// Finds and compiles content.
///
/// # Errors
/// If something cannot be read.
pub fn read(job: &Job) -> anyhow::Result<Compiled> {
    compile(job, find(job)?)
}

/// Compiles what was found. A file at which the program fails has an error that says so.
///
/// # Errors
/// If the time is not known.
pub fn compile(job: &Job, found: Found) -> anyhow::Result<Compiled> {
    fault::catch(|| compile_but(job, found, &Faults::new()))
        .unwrap_or_else(|why| fault::compile_others(job, &why))
}

/// Compiles what was found, but for the files at which the program fails.
fn compile_but(job: &Job, found: Found, faults: &Faults) -> anyhow::Result<Compiled> {
    let Found { content, vault, lock, lock_bytes, known, attachments, .. } = found;
    let Content { files, root, prefix, circles, .. } = content;
    let paths: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
    let written = disk::manifest::among(&root, paths.iter().map(String::as_str));
    let file = |(path, bytes): (String, Vec<u8>)| {
        let role = match (faults.get(&path), written.get(path.as_str())) {
            (Some(why), _) => Role::Failing(why.clone()),
            (None, Some(folder)) => Role::Output((*folder).to_owned()),
            (None, None) => Role::Content,
        };
        if !matches!(role, Role::Failing(_)) {
            fault::provoke("read", &path);
        }
        InputFile { path, bytes, role }
    };
    let lock = lock.map(|path| path.display().to_string()).zip(lock_bytes);
    Ok(compile::compile(Inputs {
        prefix: &prefix,
        files: files.into_iter().map(file).collect(),
        circles: &circles,
        vault: vault.as_ref().map(|vault| vault.prefix.as_str()),
        attachments: &disk::media::Folder::new(&root, vault.clone(), &job.out, known)
            .with(attachments),
        lock,
        now: now()?,
        refresh: job.refresh,
        progress: &job.progress,
    }))
}

/// Makes the edits that mend what is wrong with the content; returns how many.
///
/// # Errors
/// If a file cannot be written.
pub fn fix(job: &Job, compiled: &Compiled) -> anyhow::Result<usize> {
    let root = disk::root_of(&job.content);
    let mut texts: BTreeMap<FileId, String> = BTreeMap::new();
    let fixes: Vec<&Fix> = compiled.diagnostics.iter().filter_map(|d| d.fix.as_ref()).collect();
    // From the end, so that the places before stay what they are.
    for Fix { span, text } in fixes.iter().rev() {
        let file = texts.entry(span.file);
        let source = file.or_insert_with(|| compiled.sources.original(span.file).to_owned());
        source.replace_range(span.range(), text);
    }
    for (file, text) in texts {
        disk::replace(&root.join(compiled.sources.path(file)), text.as_bytes())?;
    }
    Ok(fixes.len())
}

/// Returns the time of the build: `SOURCE_DATE_EPOCH` if it is set, else the clock's.
#[expect(clippy::disallowed_methods, reason = "time enters the program here and nowhere else")]
fn now() -> anyhow::Result<i64> {
    if let Ok(seconds) = std::env::var("SOURCE_DATE_EPOCH") {
        return seconds.trim().parse().context("SOURCE_DATE_EPOCH must be a number of seconds");
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Ok(i64::try_from(since.as_secs())?)
}
