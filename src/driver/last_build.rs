//! What the manifest remembers of the last build: what it read, and what it reported.
//!
//! The same inputs make the same outputs. So as long as inputs and outputs are as the last build had
//! them, the next one has nothing to do but to say the same again. An edit on either side makes the
//! memory void, and so does another version of the program.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::built::{Built, LockState, list_written};
use super::{Found, Job, LockPlace, Wanted};
use crate::compile::{Attachments as _, Compiled, Counts};
use crate::diagnostic::Diagnostic;
use crate::disk::{self, Content, manifest};
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
    /// Hashes what a build reads; `None` if the result cannot be reused: with
    /// `refresh`, without a lock, or for a selection.
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

/// The manifest of an output folder.
pub type Manifest = manifest::Manifest<LastBuild>;

/// What a build read, and what it reported.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LastBuild {
    /// What it was made of, if the next build of the same would make the same.
    inputs: Option<String>,
    /// By their path below the content folder, the files that the content refers to.
    attachments: BTreeMap<String, Attachment>,
    /// A hash of the names of all files, if the content refers to one by its name.
    names: Option<String>,
    /// Whether the content was read as a vault, though nobody said so.
    is_vault: bool,
    /// The paths of the outputs that it made.
    made: BTreeSet<String>,
    losses: Vec<Diagnostic>,
    counts: Counts,
    unchanged: usize,
    retired: Vec<Item>,
    diagnostics: Vec<Diagnostic>,
}

/// What is remembered of a file that the content refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Attachment {
    /// What it was.
    File(Known),
    /// Why it cannot be had.
    Problem(String),
}

impl Attachment {
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

impl Manifest {
    /// Reads the manifest of the output folder. If everything is to be read again, no file counts as
    /// unchanged by its size and times.
    #[must_use]
    pub(super) fn of(job: &Job) -> Self {
        let mut manifest = Self::read(&job.out);
        if job.rehash {
            let outputs = manifest.files.values_mut().filter_map(|file| file.output.as_mut());
            outputs.for_each(|output| output.stat = None);
            let attachments =
                manifest.last.iter_mut().flat_map(|last| last.attachments.values_mut());
            attachments.for_each(|attachment| {
                if let Attachment::File(known) = attachment {
                    known.stat = None;
                }
            });
        }
        manifest
    }

    /// Returns the files that the last build has read.
    pub(super) fn known_attachments(&self) -> BTreeMap<String, Known> {
        let all = self.last.iter().flat_map(|last| &last.attachments);
        let known = all.filter_map(|(path, attachment)| match attachment {
            Attachment::File(known) => Some((path.clone(), known.clone())),
            Attachment::Problem(_) => None,
        });
        known.collect()
    }

    /// Returns this with the files that a build is about to write and without the hash of its inputs,
    /// so that an interrupted build is not taken for complete.
    pub(super) fn interrupted(&self, files: manifest::Files) -> Self {
        let last = self.last.clone().map(|last| LastBuild { inputs: None, ..last });
        Self { files, last }
    }

    /// Returns whether a build of these inputs would make what the last one made. What had to be read
    /// for that is noted down for the next time.
    pub(super) fn holds(&mut self, job: &Job, found: &Found, inputs: &InputHash) -> bool {
        let Some(last) = self.last.as_mut().filter(|last| last.is_of(&found.content, inputs))
        else {
            return false;
        };
        let (root, vault) = (&found.content.root, found.vault.clone());
        let folder = disk::media::Folder::new(root, vault, &job.out, found.known.clone());
        let has_names = |names: &String| *names == hash_names(&folder.names());
        if !last.names.as_ref().is_none_or(has_names) {
            return false;
        }
        let attachments = last.attachments.par_iter().map(|(path, known)| {
            let now = Attachment::of(folder.find(path));
            now.is_same(known).then(|| (path.clone(), now))
        });
        let Some(attachments) = attachments.collect::<Option<BTreeMap<_, _>>>() else {
            return false;
        };
        let outputs = last.made.par_iter().map(|path| {
            let file = self.files.get(path)?;
            let output = file.output.as_ref()?.check_at(&job.out.join(path))?;
            Some((path.clone(), output))
        });
        let Some(outputs) = outputs.collect::<Option<Vec<_>>>() else { return false };
        let mut is_changed = attachments != last.attachments;
        last.attachments = attachments;
        for (path, output) in outputs {
            if let Some(file) = self.files.get_mut(&path) {
                is_changed |= file.output.as_ref() != Some(&output);
                file.output = Some(output);
            }
        }
        if is_changed {
            // Without it, the next build reads them again.
            let _ = self.write(&job.out);
        }
        true
    }
}

impl LastBuild {
    /// Returns what is to be remembered of a build, with its inputs if they are known.
    pub(super) fn of(
        compiled: &Compiled,
        inputs: Option<&InputHash>,
        built: &Built,
        made: BTreeSet<String>,
    ) -> Self {
        let Compiled { identities, diagnostics, is_settled, .. } = compiled;
        let Plan { unchanged, retired_before, .. } = Plan::settled(&identities.lock);
        let is_kept = !matches!(built.lock, LockState::Impossible(..) | LockState::Unwanted);
        Self {
            inputs: inputs.filter(|_| *is_settled && is_kept).and_then(InputHash::to_text),
            attachments: attachments_of(compiled),
            names: compiled.names.clone(),
            is_vault: built.vault.is_some(),
            made,
            losses: built.losses.clone(),
            counts: built.counts,
            unchanged,
            retired: retired_before,
            diagnostics: diagnostics.clone(),
        }
    }

    /// Returns whether it was made of these inputs, and names no place that they do not have:
    /// somebody may have edited the manifest.
    fn is_of(&self, content: &Content, inputs: &InputHash) -> bool {
        if self.inputs.is_none() || self.inputs != inputs.to_text() {
            return false;
        }
        let spans = self.diagnostics.iter().chain(&self.losses).flat_map(Diagnostic::spans);
        let spans: BTreeSet<Span> = spans.collect();
        let named: BTreeSet<usize> = spans.iter().map(|span| span.file.index()).collect();
        let mut sources = Sources::new("");
        for (at, (path, bytes)) in content.files.iter().enumerate() {
            let bytes = if named.contains(&at) { bytes.clone() } else { Vec::new() };
            sources.add_bytes(path, bytes);
        }
        spans.into_iter().all(|span| sources.has(span))
    }

    /// Says again what the build said.
    pub(super) fn again(self, job: &Job, found: Found) -> Again {
        let vault = found.vault_path(job).filter(|_| self.is_vault);
        let Self { made, losses, counts, unchanged, retired, diagnostics, .. } = self;
        let Content { files, prefix, .. } = found.content;
        let mut sources = Sources::new(&prefix);
        for (path, bytes) in files {
            sources.add_bytes(&path, bytes);
        }
        let plan = Plan { unchanged, retired_before: retired, ..Plan::default() };
        let written = list_written(&job.out, &found.manifest.files, &made);
        let lock = LockState::kept(&job.lock);
        let (out, removed, kept) = (job.out.clone(), Vec::new(), Vec::new());
        let (new_lock, chosen) = (None, None);
        let built =
            Built { counts, chosen, out, written, removed, kept, lock, new_lock, losses, vault };
        Again { sources, diagnostics, plan, built }
    }
}

/// Returns what is remembered of each file that the texts refer to.
fn attachments_of(compiled: &Compiled) -> BTreeMap<String, Attachment> {
    let Compiled { media, problems, config, css, .. } = compiled;
    let found = media.iter().map(|(path, file)| (path, Ok(file.known.clone())));
    let missed = problems.iter().filter(|(_, problem)| **problem != Problem::Ignored);
    let missed = missed.map(|(path, problem)| (path.as_str(), Err(problem.clone())));
    let css = config.css.as_ref().map(|(path, _)| (path.as_str(), css.as_str()));
    let texts = css.into_iter().chain(compiled.notes_beside());
    let texts = texts
        .map(|(path, text)| (path, Ok(Known { digest: Digest::of(text.as_bytes()), stat: None })));
    let all = found.chain(missed).chain(texts);
    all.map(|(path, file)| (path.to_owned(), Attachment::of(file))).collect()
}

fn hash(bytes: &[u8]) -> String {
    blake3::Hasher::new().update_rayon(bytes).finalize().to_hex().to_string()
}
