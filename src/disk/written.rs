//! What builds have written, and where: a file in each output folder remembers it.
//!
//! It is the receipt of the last build, of which only the list is read here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use super::staging::Output;

/// Its name in the output folder.
pub const FILE_NAME: &str = ".deckpress-built";

/// The part of it that says what was written.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Written {
    /// By this build and those before.
    written: BTreeSet<String>,
    /// By this build.
    outputs: BTreeMap<String, Output>,
}

/// Returns the paths below an output folder of what builds have written there.
#[must_use]
pub fn in_folder(out: &Path) -> BTreeSet<String> {
    let known = read(out);
    known.written.into_iter().chain(known.outputs.into_keys()).collect()
}

/// Returns what the last build has written into an output folder.
#[must_use]
pub fn last(out: &Path) -> BTreeMap<String, Output> {
    read(out).outputs
}

fn read(out: &Path) -> Written {
    let bytes = super::read_lock(&out.join(FILE_NAME)).ok().flatten().unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Returns the files among `paths`, all below a folder, that builds have written, each with the
/// output folder that says so.
#[must_use]
pub fn among<'p>(
    folder: &Path,
    paths: impl Iterator<Item = &'p str>,
) -> BTreeMap<&'p str, &'p str> {
    let mut known: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for path in paths {
        let ends = path.match_indices('/').map(|(end, _)| end);
        for end in std::iter::once(0).chain(ends) {
            let (out, below) = (&path[..end], path[end..].trim_start_matches('/'));
            let written = known.entry(out).or_insert_with(|| in_folder(&folder.join(out)));
            if written.contains(below) {
                found.insert(path, out);
            }
        }
    }
    found
}
