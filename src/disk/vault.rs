//! Where the vault is that the content is in, and which files it has.

use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

/// A folder that Obsidian or Logseq keeps notes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultFolder {
    /// The folder, without symbolic links.
    pub root: PathBuf,
    /// Where the content folder is in it: empty, or a path that ends with `/`.
    pub prefix: String,
}

/// What says that a folder is a vault, or a graph of Logseq.
const MARKS: [&str; 2] = [".obsidian", "logseq/config.edn"];

/// Finds the vault that a content folder is or is in: the nearest folder that says it is one, at most
/// up to the root of the Git repository, and never the home folder.
#[must_use]
pub fn find(content: &Path, home: Option<&Path>) -> Option<VaultFolder> {
    let content = fs::canonicalize(content).ok()?;
    let home = home.and_then(|home| fs::canonicalize(home).ok());
    for folder in content.ancestors() {
        if Some(folder) == home.as_deref() || folder.parent().is_none() {
            return None;
        }
        if MARKS.iter().any(|mark| folder.join(mark).exists()) {
            let below = content.strip_prefix(folder).ok()?;
            let parts = below.iter().map(|part| part.to_str().map(|part| format!("{part}/")));
            let prefix = parts.collect::<Option<String>>()?;
            return Some(VaultFolder { root: folder.to_owned(), prefix });
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// How many files are looked at: content that is in no vault may lie anywhere.
const MOST: usize = 500_000;

/// Returns the paths of all files below a folder but hidden ones and those in an output folder.
pub(super) fn list(root: &Path, out: &Path) -> Vec<String> {
    let out = fs::canonicalize(out).ok().filter(|out| out != root);
    let mut walk = WalkBuilder::new(root);
    walk.standard_filters(false).hidden(true).follow_links(true);
    walk.filter_entry(move |entry| out.as_deref() != Some(entry.path()));
    let files = walk.build().flatten().take(MOST);
    let files = files.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let below = |path: &Path| {
        let path = path.strip_prefix(root).ok()?.to_str()?;
        Some(path.replace('\\', "/"))
    };
    files.filter_map(|entry| below(entry.path())).collect()
}
