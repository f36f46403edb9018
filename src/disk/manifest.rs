//! The manifest: a file in each output folder that remembers what builds have written there.
//!
//! ```text
//! "files": {"obsidian-sr/01-a.md": {"size": 412, "hash": "…", "exports": ["obsidian-sr/"],
//!                                   "page": {"hash": …, "cards": [{"id": "…", "lines": […]}]}}}
//! "last":  what the last build read and reported
//! ```
//!
//! It answers whether a file is ours, whether somebody has edited it, and which build may take it
//! away. A build reads it once, with the outputs locked, and passes it on. Files that a build does
//! not make stay listed as they are, as long as they are there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path};

use anyhow::Context as _;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::{SPECIAL, is_special, read_lock, replace, stat};
use crate::export::PageRecord;
use crate::media::Stat;

/// Its name in the output folder.
pub const FILE_NAME: &str = ".deckpress-built";

/// The files that builds have written, by path below the output folder.
pub type Files = BTreeMap<String, WrittenFile>;

/// What is known of an output folder: its files, and in the driver's terms the last build.
#[derive(Clone, Debug, Serialize)]
pub struct Manifest<L> {
    /// What builds have written, as far as it is still there.
    pub files: Files,
    /// What the last build read and reported.
    pub last: Option<L>,
}

impl<L> Default for Manifest<L> {
    fn default() -> Self {
        Self { files: Files::new(), last: None }
    }
}

/// A file that builds have written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenFile {
    /// Its content; unknown if a version wrote it that did not note it down.
    #[serde(flatten)]
    pub output: Option<Output>,
    /// The paths of the exports that it belongs to; those of older versions are not known.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub exports: BTreeSet<String>,
    /// What was written on a page into which an app writes as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<PageRecord>,
}

/// The content of an output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Its size in bytes.
    pub size: u64,
    /// Its BLAKE3 hash as 64 hexadecimal digits.
    pub hash: String,
    /// What tells whether it still holds this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stat: Option<Stat>,
}

impl Output {
    /// Returns what a file holds.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn at(path: &Path) -> io::Result<Self> {
        let mut hasher = blake3::Hasher::new();
        if is_special(path) {
            return Err(io::Error::other(SPECIAL));
        }
        hasher.update_reader(fs::File::open(path)?)?;
        Ok(Self::of(&hasher))
    }

    /// Returns what was hashed.
    #[must_use]
    pub fn of(hasher: &blake3::Hasher) -> Self {
        let hash = hasher.finalize().to_hex().to_string();
        Self { size: hasher.count(), hash, stat: None }
    }

    /// Returns this with the state of a file that holds it; reads the file, unless it is as it was.
    #[must_use]
    pub fn check_at(&self, path: &Path) -> Option<Self> {
        if self.stat.as_ref().is_some_and(|it| stat::is_at(it, path)) {
            return Some(self.clone());
        }
        let stat = stat::read(path);
        self.is_at(path).then(|| Self { stat, ..self.clone() })
    }

    /// Returns this with what is known of a file that was written before, if it held the same.
    #[must_use]
    pub fn with_stat_of(self, before: Option<&Self>) -> Self {
        let same = before.filter(|before| before.hash == self.hash);
        Self { stat: same.and_then(|before| before.stat.clone()), ..self }
    }

    /// Returns whether a file holds this; reads it, unless it is as it was.
    #[must_use]
    pub fn is_at(&self, path: &Path) -> bool {
        let has_size = fs::metadata(path).is_ok_and(|metadata| metadata.len() == self.size);
        let is_as_it_was = || self.stat.as_ref().is_some_and(|it| stat::is_at(it, path));
        has_size && (is_as_it_was() || Self::at(path).is_ok_and(|output| output.hash == self.hash))
    }
}

/// The file as it is read. Older versions had two lists in place of `files`.
#[derive(Deserialize)]
#[serde(default)]
struct Stored<L> {
    files: Files,
    last: Option<L>,
    written: BTreeSet<String>,
    outputs: BTreeMap<String, Output>,
}

impl<L> Default for Stored<L> {
    fn default() -> Self {
        let (files, written, outputs) = (Files::new(), BTreeSet::new(), BTreeMap::new());
        Self { files, last: None, written, outputs }
    }
}

impl<L> From<Stored<L>> for Manifest<L> {
    fn from(stored: Stored<L>) -> Self {
        let Stored { mut files, last, written, outputs } = stored;
        for (path, output) in outputs {
            let file = WrittenFile { output: Some(output), ..WrittenFile::default() };
            files.entry(path).or_insert(file);
        }
        for path in written {
            files.entry(path).or_default();
        }
        files.retain(|path, _| is_below(path));
        Self { files, last }
    }
}

/// Returns whether a path stays in the folder: somebody may have edited the manifest.
fn is_below(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

impl<L: DeserializeOwned> Manifest<L> {
    /// Reads the manifest of an output folder; an empty one if there is none that can be read.
    #[must_use]
    pub fn read(out: &Path) -> Self {
        let bytes = read_lock(&out.join(FILE_NAME)).ok().flatten().unwrap_or_default();
        serde_json::from_slice::<Stored<L>>(&bytes).unwrap_or_default().into()
    }
}

impl<L: Serialize> Manifest<L> {
    /// Writes the manifest. Where that cannot be, the next build takes its time.
    ///
    /// # Errors
    /// If an app writes into one of the files: what it writes there hangs on the manifest.
    pub fn write(&self, out: &Path) -> anyhow::Result<()> {
        let path = out.join(FILE_NAME);
        let bytes = serde_json::to_vec(self)?;
        let written = replace(&path, &bytes);
        let is_needed = self.files.values().any(|file| file.page.is_some());
        if is_needed {
            written.with_context(|| "cannot note down what was written")
        } else {
            Ok(())
        }
    }
}

/// Returns the files among `paths`, all below a folder, that builds have written, each with the
/// output folder whose manifest lists it.
#[must_use]
pub fn among<'p>(
    folder: &Path,
    paths: impl Iterator<Item = &'p str>,
) -> BTreeMap<&'p str, &'p str> {
    let mut known: BTreeMap<&str, Files> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for path in paths {
        let ends = path.match_indices('/').map(|(end, _)| end);
        for end in std::iter::once(0).chain(ends) {
            let (out, below) = (&path[..end], path[end..].trim_start_matches('/'));
            let read = || Manifest::<IgnoredAny>::read(&folder.join(out)).files;
            if known.entry(out).or_insert_with(read).contains_key(below) {
                found.insert(path, out);
            }
        }
    }
    found
}
