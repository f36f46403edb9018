//! What is there already, before something is imported.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context as _;
use ignore::WalkBuilder;

use super::{SPECIAL, below, is_special, read_small};

/// A file that is read.
pub type File = fs::File;

/// Opens a file to read it.
///
/// # Errors
/// If it is not there, or never ends.
pub fn open(path: &Path) -> anyhow::Result<fs::File> {
    let opened =
        if is_special(path) { Err(io::Error::other(SPECIAL)) } else { fs::File::open(path) };
    opened.with_context(|| format!("cannot read `{}`", path.display()))
}

/// Returns whether a file holds these bytes.
#[must_use]
pub fn holds(path: &Path, bytes: &[u8]) -> bool {
    let has_size = fs::metadata(path).is_ok_and(|it| it.len() == bytes.len() as u64);
    has_size && read_small(path).is_ok_and(|found| found == bytes)
}

/// Returns the paths of all files below a folder, with `/`; none if it is not there.
///
/// # Errors
/// If the folder cannot be read.
pub fn paths_below(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut paths = Vec::new();
    if !root.is_dir() {
        return Ok(paths);
    }
    for entry in WalkBuilder::new(root).standard_filters(false).build() {
        let entry = entry.with_context(|| format!("cannot read `{}`", root.display()))?;
        if entry.file_type().is_some_and(|kind| !kind.is_dir()) {
            paths.push(below(root, entry.path())?);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Returns whether a database is open in a program that writes to it: what was written last is in a
/// file beside it.
#[must_use]
pub fn is_open_database(path: &Path) -> bool {
    let log = path.file_name().map(|name| {
        let mut name = name.to_os_string();
        name.push("-wal");
        path.with_file_name(name)
    });
    log.is_some_and(|log| fs::metadata(log).is_ok_and(|log| log.len() > 0))
}
