//! The build stamp: what the last build made, and of what.
//!
//! The same inputs make the same outputs. So a build leaves a stamp beside its outputs, and as
//! long as that holds the next one has nothing to do but to say the same again. An edit on either
//! side makes it void, and so does another version of the program. It is no output: without it
//! nothing is lost but time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::built::{Built, LockState, list_written};
use super::{Found, Job, LockPlace, Wanted, claim_outputs};
use crate::compile::{Attachments as _, Compiled, Counts};
use crate::diagnostic::Diagnostic;
use crate::disk::places::is_there;
use crate::disk::staging::Output;
use crate::disk::written::{self, FILE_NAME};
use crate::disk::{self, Content};
use crate::identity::plan::{Item, Plan};
use crate::media::{Digest, Known, Problem};
use crate::source::{Sources, Span};
use crate::vault::hash_names;

/// The hash of all that a build reads but the lock and what the content refers to, and that of the
/// lock.
#[derive(Clone, Debug)]
pub struct InputHash {
    content: String,
    lock: Option<String>,
}

impl InputHash {
    /// Hashes what a build reads; `None` if each such build makes something else, or not all.
    #[must_use]
    pub fn of(job: &Job, found: &Found, wanted: Wanted<'_>) -> Option<Self> {
        let Wanted { targets, only } = wanted;
        if job.refresh || job.lock == LockPlace::Nowhere || !only.is_empty() {
            return None;
        }
        let Content { files, name, .. } = &found.content;
        let program = disk::stat::program(&std::env::current_exe().ok()?)?;
        let texts = files.par_iter().map(|(path, bytes)| [path.clone(), hash(bytes)]);
        let vault = found.vault.as_ref().map(|vault| &vault.prefix);
        let known = (program, name, vault, format!("{targets:?}"), texts.collect::<Vec<_>>());
        let content = hash(&serde_json::to_vec(&known).ok()?);
        Some(Self { content, lock: found.lock_hash() })
    }

    /// Returns the same after a build, which may have written a lock with this hash.
    pub(super) fn after(&self, new_lock: Option<&str>) -> Self {
        let lock = new_lock.map(str::to_owned).or_else(|| self.lock.clone());
        Self { content: self.content.clone(), lock }
    }

    /// Returns the hash of the lock, if there is one.
    pub(super) fn lock(&self) -> Option<&String> {
        self.lock.as_ref()
    }

    fn to_text(&self) -> Option<String> {
        Some(format!("{}-{}", self.content, self.lock.as_ref()?))
    }
}

impl Found {
    /// Returns the hash of the lock, if there is one.
    #[must_use]
    pub fn lock_hash(&self) -> Option<String> {
        self.lock_bytes.as_deref().map(hash)
    }
}

/// What a build made, and of what.
#[derive(Debug, Serialize, Deserialize)]
pub struct Stamp {
    /// What it was made of, if the next build of the same would make the same.
    inputs: Option<String>,
    /// What this build and those before have written, as far as it is still there.
    written: BTreeSet<String>,
    /// By their path below the content folder, what the content refers to.
    beside: BTreeMap<String, Beside>,
    /// A hash of the names of all files, if the content refers to one by its name.
    names: Option<String>,
    /// Whether the content was read as a vault, though nobody said so.
    is_vault: bool,
    outputs: BTreeMap<String, Output>,
    folders: Vec<String>,
    losses: Vec<Diagnostic>,
    counts: Counts,
    unchanged: usize,
    retired: Vec<Item>,
    diagnostics: Vec<Diagnostic>,
}

/// What is remembered of a file that the content refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Beside {
    /// What it was.
    File(Known),
    /// Why it cannot be had.
    Problem(String),
}

impl Beside {
    fn of(file: Result<Known, Problem>) -> Self {
        file.map_or_else(|problem| Self::Problem(format!("{problem:?}")), Self::File)
    }

    /// Returns whether the next build would make the same of both.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File(one), Self::File(other)) => one.digest == other.digest,
            _ => self == other,
        }
    }
}

/// Returns the files that the last build into this folder has read.
#[must_use]
pub fn known_attachments(out: &Path) -> BTreeMap<String, Known> {
    /// The part of the stamp that says so; the rest is passed over.
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Read {
        beside: BTreeMap<String, Beside>,
    }
    let Read { beside } = read_stamp(out).unwrap_or_default();
    known_files(&beside)
}

/// Reads the stamp, or a part of it, that the last build left, whatever it was of.
fn read_stamp<T: DeserializeOwned>(out: &Path) -> Option<T> {
    let bytes = disk::read_lock(&out.join(FILE_NAME)).ok()??;
    serde_json::from_slice(&bytes).ok()
}

/// Returns the files that could be had.
fn known_files(beside: &BTreeMap<String, Beside>) -> BTreeMap<String, Known> {
    let known = beside.iter().filter_map(|(path, beside)| match beside {
        Beside::File(known) => Some((path.clone(), known.clone())),
        Beside::Problem(_) => None,
    });
    known.collect()
}

/// A build for which there was nothing to do.
#[derive(Debug)]
pub struct Again {
    /// The texts.
    pub sources: Sources,
    /// Everything wrong with them, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// Nothing has changed.
    pub plan: Plan,
    /// What was built before.
    pub built: Built,
}

impl Stamp {
    /// Returns the stamp of a build, with its inputs if they are known.
    pub(super) fn of(
        compiled: &Compiled,
        inputs: Option<&InputHash>,
        built: &Built,
        folders: Vec<String>,
        outputs: BTreeMap<String, Output>,
    ) -> Self {
        let Compiled { identities, diagnostics, is_settled, .. } = compiled;
        let Plan { unchanged, retired_before, .. } = Plan::settled(&identities.lock);
        let is_kept = !matches!(built.lock, LockState::Impossible(..) | LockState::Unwanted);
        // What else is still there from earlier builds is no content either.
        let mut written = written::in_folder(&built.out);
        written.retain(|path| is_there(&built.out.join(path)));
        written.extend(outputs.keys().cloned());
        Self {
            inputs: inputs.filter(|_| *is_settled && is_kept).and_then(InputHash::to_text),
            written,
            beside: attachments_of(compiled),
            names: compiled.names.clone(),
            is_vault: built.vault.is_some(),
            outputs,
            folders,
            losses: built.losses.clone(),
            counts: built.counts,
            unchanged,
            retired: retired_before,
            diagnostics: diagnostics.clone(),
        }
    }

    /// Leaves it beside the outputs. Where that cannot be, the next build takes its time.
    pub(super) fn write(&self, out: &Path) {
        if let Ok(bytes) = serde_json::to_vec(self) {
            let _ = disk::replace(&out.join(FILE_NAME), &bytes);
        }
    }

    /// Reads the stamp that the last build left, if a build of these inputs would make the same.
    #[must_use]
    pub fn read(job: &Job, found: &Found, inputs: &InputHash) -> Option<Self> {
        let mut stamp: Self = read_stamp(&job.out)?;
        let is_of_inputs = stamp.inputs.is_some()
            && stamp.is_sound(&found.content.files)
            && inputs.to_text() == stamp.inputs;
        if !is_of_inputs {
            return None;
        }
        if job.rehash {
            stamp.outputs.values_mut().for_each(|output| output.stat = None);
        }
        let known = if job.rehash { BTreeMap::new() } else { known_files(&stamp.beside) };
        let Content { root, .. } = &found.content;
        let folder = disk::media::Folder::new(root, found.vault.clone(), &job.out, known);
        let has_names = |names: &String| *names == hash_names(&folder.names());
        if !stamp.names.as_ref().is_none_or(has_names) {
            return None;
        }
        let beside = stamp.beside.par_iter().map(|(path, known)| {
            let now = Beside::of(folder.find(path));
            now.is_same(known).then(|| (path.clone(), now))
        });
        let beside: BTreeMap<String, Beside> = beside.collect::<Option<_>>()?;
        let outputs = stamp.outputs.par_iter().map(|(path, output)| {
            let output = output.check_at(&job.out.join(path))?;
            Some((path.clone(), output))
        });
        let outputs: BTreeMap<String, Output> = outputs.collect::<Option<_>>()?;
        // What was read again need not be read the next time.
        if beside != stamp.beside || outputs != stamp.outputs {
            (stamp.beside, stamp.outputs) = (beside, outputs);
            stamp.write(&job.out);
        }
        Some(stamp)
    }

    /// Returns whether it names no place that these files do not have, and no path that leads out
    /// of the output folder: somebody may have edited it.
    fn is_sound(&self, files: &[(String, Vec<u8>)]) -> bool {
        let spans = self.diagnostics.iter().chain(&self.losses).flat_map(Diagnostic::spans);
        let spans: BTreeSet<Span> = spans.collect();
        let named: BTreeSet<usize> = spans.iter().map(|span| span.file.index()).collect();
        let mut sources = Sources::new("");
        for (at, (path, bytes)) in files.iter().enumerate() {
            let bytes = if named.contains(&at) { bytes.clone() } else { Vec::new() };
            sources.add_bytes(path, bytes);
        }
        let is_below = |path: &String| {
            Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
        };
        spans.into_iter().all(|span| sources.has(span))
            && self.outputs.keys().chain(&self.folders).all(is_below)
    }

    /// Says again what the last build said.
    ///
    /// # Errors
    /// If what an earlier build has left cannot be removed.
    pub fn again(self, job: &Job, found: Found) -> anyhow::Result<Again> {
        let vault = found.vault_path(job).filter(|_| self.is_vault);
        let Self { outputs, folders, losses, counts, unchanged, retired, diagnostics, .. } = self;
        let _claim = claim_outputs(&job.out, found.lock.as_deref())?;
        let Content { files, prefix, .. } = found.content;
        let mut sources = Sources::new(&prefix);
        for (path, bytes) in files {
            sources.add_bytes(&path, bytes);
        }
        let plan = Plan { unchanged, retired_before: retired, ..Plan::default() };
        let removed = disk::remove_stale(&job.out, &folders, &outputs)?;
        let written = list_written(&job.out, &outputs);
        let lock = LockState::kept(&job.lock);
        let (out, kept) = (job.out.clone(), Vec::new());
        let (new_lock, chosen) = (None, None);
        let built =
            Built { counts, chosen, out, written, removed, kept, lock, new_lock, losses, vault };
        Ok(Again { sources, diagnostics, plan, built })
    }
}

/// Returns what is remembered of each file that the texts refer to.
fn attachments_of(compiled: &Compiled) -> BTreeMap<String, Beside> {
    let Compiled { media, problems, config, css, .. } = compiled;
    let found = media.iter().map(|(path, file)| (path, Ok(file.known.clone())));
    let missed = problems.iter().filter(|(_, problem)| **problem != Problem::Ignored);
    let missed = missed.map(|(path, problem)| (path.as_str(), Err(problem.clone())));
    let css = config.css.as_ref().map(|(path, _)| (path.as_str(), css.as_str()));
    let texts = css.into_iter().chain(compiled.notes_beside());
    let texts = texts
        .map(|(path, text)| (path, Ok(Known { digest: Digest::of(text.as_bytes()), stat: None })));
    let all = found.chain(missed).chain(texts);
    all.map(|(path, file)| (path.to_owned(), Beside::of(file))).collect()
}

fn hash(bytes: &[u8]) -> String {
    blake3::Hasher::new().update_rayon(bytes).finalize().to_hex().to_string()
}
