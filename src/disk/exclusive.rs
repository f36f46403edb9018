//! Keeping two builds apart.
//!
//! A build reads `deckpress.lock` and later writes it again, and it stages its outputs beside those
//! of the last one. Another build that does so meanwhile would lose one of two new ids, or remove
//! what is staged. So a build holds an advisory lock on both folders. The operating system lets go
//! of it when the process ends, however that comes.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;
use std::{fs, io, thread};

use anyhow::bail;

use super::are_one;

/// The longest wait for another build: most take less.
const PATIENCE: Duration = Duration::from_secs(5);

/// The wait between two attempts.
const PAUSE: Duration = Duration::from_millis(20);

/// A folder that no other process of this program writes into as long as this lives.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

/// Waits until no other process holds a folder, and holds it. Where the file system knows no such
/// locks there is none.
///
/// # Errors
/// If another process has not let go of it within a few seconds.
pub fn lock(folder: &Path) -> anyhow::Result<Option<FolderLock>> {
    let Ok(file) = open(folder) else { return Ok(None) };
    for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
        match file.try_lock() {
            Ok(()) => return Ok(Some(FolderLock { _file: file })),
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
    bail!(
        "another `deckpress` is writing in `{}`; begin this one again when that has ended",
        folder.display()
    )
}

/// Locks a folder as [`lock`] does, unless it is one that this process holds already.
///
/// # Errors
/// If another process has not let go of it within a few seconds.
pub fn lock_besides(folder: &Path, held: Option<&Path>) -> anyhow::Result<Option<FolderLock>> {
    if held.is_some_and(|held| are_one(held, folder)) { Ok(None) } else { lock(folder) }
}

/// Opens what stands for a folder: itself.
#[cfg(unix)]
fn open(folder: &Path) -> io::Result<File> {
    File::open(fs::canonicalize(folder)?)
}

/// Opens what stands for a folder: a file in it, as a folder cannot be opened here.
#[cfg(not(unix))]
fn open(folder: &Path) -> io::Result<File> {
    File::create(folder.join(".deckpress-building"))
}
