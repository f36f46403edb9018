//! What the last build made, and of what.
//!
//! The same inputs make the same outputs. So a build leaves a receipt beside its outputs, and as
//! long as that holds the next one has nothing to do but to say the same again. An edit on either
//! side makes it void, and so does another version of the program. It is no output: without it
//! nothing is lost but time.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::build::{Built, LockState, written};
use super::{Counts, Found, Job, LockPlace, Project};
use crate::diagnostic::Diagnostic;
use crate::disk::staging::Output;
use crate::disk::{self, Content};
use crate::identity::plan::{Item, Plan};
use crate::media::Problem;
use crate::source::Sources;
use crate::target::Target;

/// Its name in the output folder.
const FILE_NAME: &str = ".deckpress-built";

/// The hash of all that a build reads but the lock and what the content refers to, and that of the
/// lock.
#[derive(Clone, Debug)]
pub struct Inputs {
    content: String,
    lock: Option<String>,
}

impl Inputs {
    /// Those of a build for these targets; `None` if each such build makes something else.
    #[must_use]
    pub fn of(job: &Job, found: &Found, targets: &[Target]) -> Option<Self> {
        if job.refresh || job.lock == LockPlace::Nowhere {
            return None;
        }
        let Content { files, name, .. } = &found.content;
        let program = disk::program(&std::env::current_exe().ok()?)?;
        let texts = files.par_iter().map(|(path, bytes)| [path.clone(), hash(bytes)]);
        let known = (program, name, format!("{targets:?}"), texts.collect::<Vec<_>>());
        let content = hash(&serde_json::to_vec(&known).ok()?);
        Some(Self { content, lock: found.lock_hash() })
    }

    /// The same after a build, which may have written a lock with this hash.
    pub(super) fn after(&self, new_lock: Option<&str>) -> Self {
        let lock = new_lock.map(str::to_owned).or_else(|| self.lock.clone());
        Self { content: self.content.clone(), lock }
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
pub struct Receipt {
    inputs: String,
    /// By their path below the content folder, what the content refers to: the hash of the file, or
    /// why there is none.
    beside: BTreeMap<String, String>,
    outputs: BTreeMap<String, Output>,
    folders: Vec<String>,
    losses: Vec<Diagnostic>,
    counts: Counts,
    unchanged: usize,
    retired: Vec<Item>,
    diagnostics: Vec<Diagnostic>,
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

impl Receipt {
    /// That of a build that leaves nothing to do for the next one.
    pub(super) fn of(
        project: &Project,
        inputs: &Inputs,
        built: &Built,
        folders: Vec<String>,
        outputs: BTreeMap<String, Output>,
    ) -> Option<Self> {
        let Project { identities, diagnostics, beside, is_settled, .. } = project;
        let Plan { unchanged, retired_before, .. } = Plan::settled(&identities.lock);
        let is_kept = !matches!(built.lock, LockState::Impossible(..) | LockState::Unwanted);
        (*is_settled && is_kept).then_some(Self {
            inputs: inputs.to_text()?,
            beside: beside.clone(),
            outputs,
            folders,
            losses: built.losses.clone(),
            counts: built.counts,
            unchanged,
            retired: retired_before,
            diagnostics: diagnostics.clone(),
        })
    }

    /// Leaves it beside the outputs. Where that cannot be, the next build takes its time.
    pub(super) fn write(&self, out: &Path) {
        if let Ok(bytes) = serde_json::to_vec(self) {
            let _ = disk::replace(&out.join(FILE_NAME), &bytes);
        }
    }

    /// The one that the last build left, if a build of these inputs would make the same.
    #[must_use]
    pub fn read(job: &Job, found: &Found, inputs: &Inputs) -> Option<Self> {
        let bytes = disk::read_lock(&job.out.join(FILE_NAME)).ok()??;
        let receipt: Self = serde_json::from_slice(&bytes).ok()?;
        let is_same = |(path, known): (&String, &String)| {
            *known == beside(disk::media::read_one(&found.content.root, path).as_deref())
        };
        let is_there = |(path, output): (&String, &Output)| output.is_at(&job.out.join(path));
        let holds = inputs.to_text().as_ref() == Some(&receipt.inputs)
            && receipt.beside.par_iter().all(is_same)
            && receipt.outputs.par_iter().all(is_there);
        holds.then_some(receipt)
    }

    /// Says again what the last build said.
    ///
    /// # Errors
    /// If what an earlier build has left cannot be removed.
    pub fn again(self, job: &Job, found: Found) -> anyhow::Result<Again> {
        let Self { outputs, folders, losses, counts, unchanged, retired, diagnostics, .. } = self;
        let Content { files, prefix, .. } = found.content;
        let mut sources = Sources::new(&prefix);
        for (path, bytes) in files {
            sources.add_bytes(&path, bytes);
        }
        let plan = Plan { unchanged, retired_before: retired, ..Plan::default() };
        let removed = disk::remove_stale(&job.out, &folders, &outputs)?;
        let written = written(&job.out, &outputs);
        let lock = LockState::kept(&job.lock);
        let (out, kept) = (job.out.clone(), Vec::new());
        let new_lock = None;
        let built = Built { counts, out, written, removed, kept, lock, new_lock, losses };
        Ok(Again { sources, diagnostics, plan, built })
    }
}

/// What is remembered of a file beside the notes.
pub(super) fn beside(file: Result<&[u8], &Problem>) -> String {
    file.map_or_else(|problem| format!("{problem:?}"), hash)
}

fn hash(bytes: &[u8]) -> String {
    blake3::Hasher::new().update_rayon(bytes).finalize().to_hex().to_string()
}
