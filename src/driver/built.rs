//! What a build has written, for those who report it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::LockPlace;
use crate::compile::Counts;
use crate::diagnostic::Diagnostic;
use crate::disk::staging::Output;

/// A finished build.
#[derive(Debug)]
pub struct Built {
    /// How much there is.
    pub counts: Counts,
    /// How many of the questions were chosen, if not all were.
    pub chosen: Option<usize>,
    /// Where it was written.
    pub out: PathBuf,
    /// What was written, with its size in bytes.
    pub written: Vec<(PathBuf, u64)>,
    /// What an earlier build had written and is no more.
    pub removed: Vec<PathBuf>,
    /// What somebody had edited in an output, and where it is now.
    pub kept: Vec<(PathBuf, PathBuf)>,
    /// What became of the lock.
    pub lock: LockState,
    /// The hash of the lock, if it is another than before.
    pub new_lock: Option<String>,
    /// What targets could not hold, sorted.
    pub losses: Vec<Diagnostic>,
    /// The Obsidian vault that the content was read as, though nobody said so.
    pub vault: Option<PathBuf>,
}

/// What became of the lock.
#[derive(Debug, PartialEq, Eq)]
pub enum LockState {
    /// It was there, and holds this build now.
    Kept,
    /// The same, in a file that is not beside the content.
    KeptApart(PathBuf),
    /// There was none, and now there is.
    Made(PathBuf),
    /// There was none, and none could be made.
    Impossible(PathBuf, String),
    /// None was wanted.
    Unwanted,
}

impl LockState {
    /// Returns the state of a lock that was there before the build.
    pub(super) fn kept(place: &LockPlace) -> Self {
        match place {
            LockPlace::At(path) => LockState::KeptApart(path.clone()),
            LockPlace::Beside | LockPlace::Nowhere => LockState::Kept,
        }
    }
}

/// Returns every output with its size.
pub(super) fn list_written(out: &Path, outputs: &BTreeMap<String, Output>) -> Vec<(PathBuf, u64)> {
    outputs.iter().map(|(path, output)| (out.join(path), output.size)).collect()
}
