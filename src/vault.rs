//! An Obsidian vault: which files it has, and which of them a name means.
//!
//! A link in Obsidian names a file by its path from the vault's root, by that from the note's own
//! folder, or by its bare name wherever it is. Paths here are those below the content folder; a
//! file of the vault that is not in the content folder has the path [`ABOVE`] and that from the
//! vault's root.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization as _;

use crate::config::Dialect;
use crate::media::is_markdown;

/// The folder in which the files of the vault appear that are not in the content folder.
pub const ABOVE: &str = "..vault/";

/// The vault of a build. Its files are listed when the first name is looked up, and its notes are
/// read when they are embedded.
pub struct Vault<'v> {
    /// The path of the content folder in it: empty, or ending with `/`.
    prefix: &'v str,
    /// Whether there is a folder of settings of Obsidian or Logseq.
    is_known: bool,
    list: Box<List<'v>>,
    read: Box<Read<'v>>,
    names: OnceLock<Names>,
}

impl fmt::Debug for Vault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// Returns the paths of all files.
type List<'v> = dyn Fn() -> Vec<String> + Sync + 'v;

/// Returns a file by its path.
type Read<'v> = dyn Fn(&str) -> Option<Vec<u8>> + Sync + 'v;

/// The files of a vault by their names, without regard to case.
#[derive(Debug, Default)]
struct Names {
    /// All paths from the vault's root, in order.
    all: Vec<String>,
    /// By the bare name in lower case, those that have it, the shortest path first.
    by_name: BTreeMap<String, Vec<usize>>,
    /// By the path in lower case.
    by_path: BTreeMap<String, usize>,
}

/// The file that a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The path of the file.
    pub path: String,
    /// Another file that the name means as well, as near as the first.
    pub other: Option<String>,
}

impl Vault<'static> {
    /// Returns a vault without files.
    #[must_use]
    pub fn empty() -> Self {
        Self::new("", false, Vec::new, |_| None)
    }
}

impl<'v> Vault<'v> {
    /// Returns the vault that has the content folder at `prefix`. `list` returns the paths of all
    /// files from the vault's root, `read` a file by its path below the content folder.
    pub fn new(
        prefix: &'v str,
        is_known: bool,
        list: impl Fn() -> Vec<String> + Sync + 'v,
        read: impl Fn(&str) -> Option<Vec<u8>> + Sync + 'v,
    ) -> Self {
        Self {
            prefix,
            is_known,
            list: Box::new(list),
            read: Box::new(read),
            names: OnceLock::new(),
        }
    }

    /// Returns the dialect of notes that do not name theirs.
    #[must_use]
    pub fn dialect(&self) -> Option<Dialect> {
        self.is_known.then_some(Dialect::Obsidian)
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::of((self.list)()))
    }

    /// Returns a hash of the names of all files, if any was looked up.
    #[must_use]
    pub fn names_hash(&self) -> Option<String> {
        self.names.get().map(|names| hash_names(&names.all))
    }

    /// Reads a file by its path.
    #[must_use]
    pub fn read(&self, path: &str) -> Option<Vec<u8>> {
        (self.read)(path)
    }

    /// Returns the file that a name means in the note at the path `from`: one with this path or
    /// name, or a note without its ending.
    #[must_use]
    pub fn find(&self, name: &str, from: &str) -> Option<Found> {
        let name = name.trim().replace('\\', "/");
        let name = name.trim_start_matches("./");
        if name.is_empty() {
            return Some(Found { path: from.to_owned(), other: None });
        }
        let from = self.path_from_root(from);
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let names = self.names();
        let found = |name: &str| names.find(name, folder);
        let note = || found(&format!("{name}.md")).or_else(|| found(&format!("{name}.markdown")));
        let (first, other) =
            if is_markdown(name) { found(name) } else { note().or_else(|| found(name)) }?;
        Some(Found {
            path: self.below_content(first),
            other: other.map(|at| self.below_content(at)),
        })
    }

    /// Returns a path of the vault that is not in the content folder as a person would type it
    /// there.
    #[must_use]
    pub fn show(&self, path: &str) -> String {
        let path = path.strip_prefix(ABOVE).unwrap_or(path);
        format!("{}{path}", "../".repeat(self.prefix.matches('/').count()))
    }

    /// Returns the path from the vault's root of one below the content folder.
    fn path_from_root(&self, path: &str) -> String {
        match path.strip_prefix(ABOVE) {
            Some(path) => path.to_owned(),
            None => format!("{}{path}", self.prefix),
        }
    }

    fn below_content(&self, path: &str) -> String {
        match path.strip_prefix(self.prefix) {
            Some(path) => path.to_owned(),
            None => format!("{ABOVE}{path}"),
        }
    }
}

impl Names {
    fn of(mut all: Vec<String>) -> Self {
        all.sort();
        let mut names = Self { all, ..Self::default() };
        for (at, path) in names.all.iter().enumerate() {
            let lower = fold(path);
            let name = lower.rsplit('/').next().unwrap_or_default().to_owned();
            names.by_name.entry(name).or_default().push(at);
            names.by_path.entry(lower).or_insert(at);
        }
        let depth = |at: usize| names.all[at].matches('/').count();
        for places in names.by_name.values_mut() {
            places.sort_by_key(|at| (depth(*at), *at));
        }
        names
    }

    /// Returns the file of a name, seen from a folder, and another one that is as near.
    fn find(&self, name: &str, folder: &str) -> Option<(&str, Option<&str>)> {
        let lower = fold(name);
        let at = |path: &str| {
            let path = path.trim_start_matches('/');
            // One with the same case comes before others.
            let exact = self.all.binary_search_by(|known| known.as_str().cmp(path)).ok();
            exact.or_else(|| self.by_path.get(&fold(path)).copied())
        };
        let beside = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let relative = || join(folder, name).and_then(|path| at(&path));
        if let Some(found) = at(name).or_else(relative) {
            return Some((&self.all[found], None));
        }
        if name.starts_with("../") {
            return None;
        }
        let bare = lower.rsplit('/').next().unwrap_or_default();
        let ending = format!("/{}", lower.trim_start_matches(['.', '/']));
        let is_below = |at: &&usize| format!("/{}", fold(&self.all[**at])).ends_with(&ending);
        let places: Vec<usize> = self.by_name.get(bare)?.iter().filter(is_below).copied().collect();
        let first = *places.first()?;
        let depth = |at: usize| self.all[at].matches('/').count();
        let mut near = places[1..].iter().filter(|at| depth(**at) == depth(first)).copied();
        let is_beside = |at: usize| !beside.is_empty() && self.all[at].starts_with(&beside);
        let best =
            if is_beside(first) { None } else { places.iter().copied().find(|at| is_beside(*at)) };
        match best {
            Some(best) => Some((&self.all[best], None)),
            None => Some((&self.all[first], near.next().map(|at| self.all[at].as_str()))),
        }
    }
}

/// Returns a name in lower case, its letters composed: macOS takes them apart.
fn fold(name: &str) -> String {
    if name.is_ascii() { name.to_ascii_lowercase() } else { name.to_lowercase().nfc().collect() }
}

/// Joins a relative path to a folder; nothing if it leads out of the root.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Returns a hash of the names of files.
#[must_use]
pub fn hash_names(names: &[String]) -> String {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort();
    let mut hash = blake3::Hasher::new();
    for name in sorted {
        hash.update(&(name.len() as u64).to_le_bytes());
        hash.update(name.as_bytes());
    }
    hash.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::{Found, Vault};

    fn vault<'v>(prefix: &'v str, files: &'v [&str]) -> Vault<'v> {
        Vault::new(prefix, true, || files.iter().map(|&file| file.to_owned()).collect(), |_| None)
    }

    #[test]
    fn names_are_found_as_in_obsidian() {
        let files = ["A.md", "x/B.md", "x/y/C.md", "z/y/D.md", "img/Heart.PNG", "x/img/own.png"];
        let vault = vault("", &files);
        let check = |name, from, path: Option<&str>| {
            let found = vault.find(name, from).map(|found| found.path);
            assert_eq!(found.as_deref(), path, "{name} from {from}");
        };
        check("A", "x/B.md", Some("A.md"));
        check("x/B", "A.md", Some("x/B.md"));
        check("b", "A.md", Some("x/B.md"));
        check("B.md", "A.md", Some("x/B.md"));
        check("y/D", "A.md", Some("z/y/D.md"));
        check("../B", "x/y/C.md", Some("x/B.md"));
        check("img/own.png", "x/B.md", Some("x/img/own.png"));
        check("heart.png", "z/y/D.md", Some("img/Heart.PNG"));
        check("", "x/B.md", Some("x/B.md"));
        check("E", "A.md", None);
        check("../../A", "x/B.md", None);
    }

    #[test]
    fn the_shortest_path_comes_first() {
        let files = ["a/b/N.md", "c/N.md", "d/M.md", "e/M.md"];
        let vault = vault("", &files);
        let found = |path: &str, other: Option<&str>| {
            Some(Found { path: path.to_owned(), other: other.map(str::to_owned) })
        };
        assert_eq!(vault.find("N", "x.md"), found("c/N.md", None));
        assert_eq!(vault.find("N", "a/b/x.md"), found("a/b/N.md", None));
        assert_eq!(vault.find("M", "x.md"), found("d/M.md", Some("e/M.md")));
    }

    #[test]
    fn the_content_may_be_a_part_of_it() {
        let files = ["cards/A.md", "notes/B.md"];
        let vault = vault("cards/", &files);
        let path = |name, from| vault.find(name, from).map(|found| found.path);
        assert_eq!(path("A", "x.md").as_deref(), Some("A.md"));
        assert_eq!(path("B", "A.md").as_deref(), Some("..vault/notes/B.md"));
        assert_eq!(path("B", "..vault/notes/C.md").as_deref(), Some("..vault/notes/B.md"));
    }
}
