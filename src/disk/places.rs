//! Where a change of the content can be seen, and what there is our own doing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use ignore::{DirEntry, WalkBuilder};

use super::{PART, folder, follow, is_absent};
use crate::media::is_markdown;
use crate::parse::is_values;

/// The folders that a build reads from. All paths are absolute, without symbolic links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The content as it was named.
    named: PathBuf,
    /// The folder or file that this is.
    content: PathBuf,
    is_folder: bool,
    /// The output folder, if it is somewhere in the content.
    out: Option<PathBuf>,
    /// Further folders, not with what is in folders below them.
    others: BTreeSet<PathBuf>,
}

impl Places {
    /// Returns where the content is, its lock, and those of its files that are outside it by a
    /// symbolic link; `files` are all that a build wants, by their paths beside or below the
    /// content.
    #[must_use]
    pub fn find(content: &Path, out: &Path, lock: Option<&Path>, files: &[String]) -> Self {
        let full = resolve(content);
        let is_folder = full.is_dir();
        let root = if is_folder { full.clone() } else { folder(&full).to_owned() };
        let out = Some(resolve(out)).filter(|out| out.starts_with(&root) && *out != root);
        let mut others = BTreeSet::new();
        if !is_folder {
            // A link is another file when it leads elsewhere.
            others.insert(root.clone());
            others.insert(resolve(folder(content)));
        }
        let files = files.iter().map(|file| {
            let file = root.join(file);
            folder(&fs::canonicalize(&file).unwrap_or(file)).to_owned()
        });
        let lock = lock.into_iter().flat_map(|lock| [lock.to_owned(), follow(lock)]);
        for place in files.chain(lock.map(|lock| resolve(folder(&lock)))) {
            let folder = place.ancestors().find(|folder| folder.is_dir());
            others.extend(folder.map(Path::to_owned));
        }
        others.retain(|folder| !is_folder || !folder.starts_with(&root));
        Self { named: content.to_owned(), content: full, is_folder, out, others }
    }

    /// Returns whether the content is still there.
    #[must_use]
    pub fn are_there(&self) -> bool {
        is_there(&self.named)
    }

    /// Returns whether the content is where it was, and no link to it leads elsewhere now.
    #[must_use]
    pub fn are_the_same(&self) -> bool {
        self.are_there() && resolve(&self.named) == self.content
    }

    /// Returns the folders to watch, and whether what is in folders below them counts.
    pub fn folders(&self) -> impl Iterator<Item = (&Path, bool)> {
        let whole = self.is_folder.then_some((&*self.content, true));
        whole.into_iter().chain(self.others.iter().map(|folder| (&**folder, false)))
    }

    /// Returns whether a file changes by our own doing, or by that of Git; a build reads none of
    /// these.
    #[must_use]
    pub fn is_own(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_part = name.starts_with(PART.0) && name.ends_with(PART.1);
        let below = path.strip_prefix(&self.content).unwrap_or(path);
        let is_git = below.components().any(|part| part.as_os_str() == ".git");
        let is_out = self.out.as_ref().is_some_and(|out| path.starts_with(out));
        is_part || is_git || is_out
    }

    /// Returns whether the next build would read this output as content.
    #[must_use]
    pub fn would_read(&self, output: &Path) -> bool {
        let output = resolve(output);
        let name = output.to_string_lossy();
        let is_note = is_markdown(&name) || is_values(&name);
        is_note && output.starts_with(&self.content) && !self.is_own(&output)
    }

    /// Returns a hash of the names, sizes and times of all files, without opening them.
    #[must_use]
    pub fn state(&self) -> String {
        let mut state = blake3::Hasher::new();
        for (folder, is_deep) in self.folders() {
            let mut walk = WalkBuilder::new(folder);
            walk.standard_filters(false).follow_links(true).sort_by_file_name(Ord::cmp);
            walk.max_depth((!is_deep).then_some(1));
            let places = self.clone();
            walk.filter_entry(move |entry| !places.is_own(entry.path()));
            for entry in walk.build().flatten() {
                state.update(entry.path().as_os_str().as_encoded_bytes());
                state.update(describe(&entry).as_bytes());
            }
        }
        state.finalize().to_hex().to_string()
    }
}

/// Returns a file's size and time; a folder has neither.
fn describe(entry: &DirEntry) -> String {
    let metadata = entry.metadata().ok().filter(fs::Metadata::is_file);
    let size = metadata.as_ref().map(fs::Metadata::len);
    let time = metadata.and_then(|metadata| metadata.modified().ok());
    let time = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    format!(" {size:?} {time:?}\n")
}

/// Returns whether there is a file or folder.
#[must_use]
pub fn is_there(path: &Path) -> bool {
    !fs::metadata(path).is_err_and(|error| is_absent(&error))
}

/// Returns where a path leads, even if nothing is there yet.
fn resolve(path: &Path) -> PathBuf {
    match (fs::canonicalize(path), path.file_name()) {
        (Ok(full), _) => full,
        (Err(_), Some(name)) => resolve(folder(path)).join(name),
        (Err(_), None) => path.to_owned(),
    }
}
