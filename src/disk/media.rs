//! The files that the notes refer to.
//!
//! A reference and a file's name may compose their letters differently: editors write `é` as one
//! character, macOS often as two. Either finds the other. Capital letters are never folded, as the
//! deck would then depend on the machine.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use unicode_normalization::UnicodeNormalization as _;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::stat;
use super::vault::VaultFolder;
use crate::compile::{Attachment, Attachments};
use crate::media::{Content, Digest, Known, LARGEST, Problem, is_media, refusal};
use crate::vault::ABOVE;

/// The files below a content folder.
pub struct Folder {
    /// The folder, without symbolic links.
    root: PathBuf,
    /// The vault that it is in.
    vault: Option<VaultFolder>,
    /// The output folder.
    out: PathBuf,
    /// What an earlier build has read, by path.
    known: BTreeMap<String, Known>,
    /// Files that are not on the disk yet, by path.
    new: BTreeMap<String, Vec<u8>>,
    ignores: Mutex<Ignores>,
}

impl Folder {
    /// Returns that at a path, with the vault that it is in. An earlier build has read these files.
    #[must_use]
    pub fn new(
        root: &Path,
        vault: Option<VaultFolder>,
        out: &Path,
        known: BTreeMap<String, Known>,
    ) -> Self {
        let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        let (new, ignores) = (BTreeMap::new(), Mutex::default());
        Self { root, vault, out: out.to_owned(), known, new, ignores }
    }

    /// Returns the same folder as it will be with these files.
    #[must_use]
    pub fn with(self, new: BTreeMap<String, Vec<u8>>) -> Self {
        Self { new, ..self }
    }

    /// Returns the folder that a path counts from, and the rest of the path.
    fn place<'p>(&self, path: &'p str) -> (&Path, &'p str) {
        match (path.strip_prefix(ABOVE), &self.vault) {
            (Some(path), Some(vault)) => (&vault.root, path),
            _ => (&self.root, path),
        }
    }

    /// Reads a file for its digest, unless it is as it was.
    ///
    /// # Errors
    /// If it cannot be had.
    pub fn find(&self, path: &str) -> Result<Known, Problem> {
        let (root, below) = self.place(path);
        self.find_at(path, &locate(root, below)?)
    }

    /// Returns what an earlier build has read, if the file is as it was.
    fn find_known(&self, path: &str, full: &Path) -> Option<&Known> {
        let is_same = |known: &&Known| known.stat.as_ref().is_some_and(|it| stat::is_at(it, full));
        self.known.get(path).filter(is_same)
    }

    fn find_at(&self, path: &str, full: &Path) -> Result<Known, Problem> {
        let file = open_file(full)?;
        if let Some(known) = self.find_known(path, full) {
            return Ok(known.clone());
        }
        // If it is written while it is read, its state will be another.
        let stat = stat::read(full);
        let digest = Digest::of_file(file).map_err(|error| unreadable(&error))?;
        Ok(Known { digest, stat })
    }
}

impl Attachments for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, Problem> {
        let (root, path) = self.place(path);
        read_file(&locate(root, path)?)
    }

    fn names(&self) -> Vec<String> {
        let root = self.vault.as_ref().map_or(&self.root, |vault| &vault.root);
        let mut names = super::vault::list(root, &self.out);
        names.extend(self.new.keys().cloned());
        names
    }

    fn find_shared(&self, path: &str) -> Result<Attachment, Problem> {
        if let Some(bytes) = self.new.get(path) {
            return Ok(Attachment::new(bytes.clone()));
        }
        let (root, below) = self.place(path);
        let full = locate(root, below)?;
        refuse(root, &full)?;
        let known = self.find_at(path, &full)?;
        let mut ignores = self.ignores.lock().unwrap_or_else(PoisonError::into_inner);
        let is_ignored = ignores.are_told_of(root, below);
        Ok(Attachment { known, content: Arc::new(OnDisk(full)), is_ignored })
    }

    fn size_unread(&self, path: &str) -> u64 {
        let (root, below) = self.place(path);
        let full = root.join(below);
        match self.find_known(path, &full) {
            Some(_) => 0,
            None => fs::metadata(&full).map_or(0, |metadata| metadata.len()),
        }
    }
}

/// A file on the disk.
#[derive(Debug)]
struct OnDisk(PathBuf);

impl Content for OnDisk {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        let file = File::open(&self.0).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot read `{}`: {error}", self.0.display()))
        })?;
        Ok(Box::new(file))
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.0)
    }
}

/// Refuses a file that a link may have led to; Git's own holds pictures for some of its extensions.
fn refuse(root: &Path, full: &Path) -> Result<(), Problem> {
    let below = full.strip_prefix(root).unwrap_or(full).to_string_lossy().replace('\\', "/");
    match refusal(&below, false) {
        Some(Problem::Git) if is_media(&below) => Ok(()),
        Some(problem) => Err(problem),
        None => Ok(()),
    }
}

/// What the `.gitignore` of each folder says that was asked for.
#[derive(Default)]
struct Ignores(BTreeMap<PathBuf, Gitignore>);

impl Ignores {
    /// Returns whether Git leaves a file out, or a folder that it is in.
    fn are_told_of(&mut self, root: &Path, path: &str) -> bool {
        let file = root.join(path);
        let mut at = Some(&*file);
        while let Some(place) = at.filter(|place| *place != root) {
            if self.name(place, place != file) {
                return true;
            }
            at = place.parent();
        }
        false
    }

    /// Returns whether the folders above name this file or folder; the nearest one decides.
    fn name(&mut self, place: &Path, is_folder: bool) -> bool {
        for folder in place.ancestors().skip(1) {
            let rules = self.0.entry(folder.to_owned()).or_insert_with(|| rules(folder));
            match rules.matched(place, is_folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None if is_there(&folder.join(".git")) => return false,
                Match::None => {}
            }
        }
        false
    }
}

fn rules(folder: &Path) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    let file = folder.join(".gitignore");
    if file.is_file() {
        // What cannot be read says nothing.
        let _ = builder.add(file);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// Returns where a file below the content folder is, without symbolic links.
fn locate(root: &Path, path: &str) -> Result<PathBuf, Problem> {
    let file = find(root, path)?;
    let full = fs::canonicalize(&file).map_err(|error| unreachable(&file, &error))?;
    if !full.starts_with(root) {
        return Err(Problem::Outside);
    }
    Ok(full)
}

fn read_file(full: &Path) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    open_file(full)?.read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    Ok(bytes)
}

fn open_file(full: &Path) -> Result<File, Problem> {
    let metadata = fs::metadata(full).map_err(|error| unreadable(&error))?;
    if metadata.is_dir() {
        return Err(Problem::Folder);
    }
    // Whoever opens a pipe waits for somebody to write into it.
    if !metadata.is_file() {
        return Err(Problem::Special);
    }
    if metadata.len() > LARGEST {
        return Err(Problem::Large(metadata.len()));
    }
    File::open(full).map_err(|error| unreadable(&error))
}

fn unreadable(error: &io::Error) -> Problem {
    Problem::Unreadable(error.to_string())
}

/// Returns the problem with a path at which nothing can be read.
fn unreachable(file: &Path, error: &io::Error) -> Problem {
    let is_link = fs::symlink_metadata(file).is_ok_and(|metadata| metadata.is_symlink());
    match error.kind() {
        io::ErrorKind::NotFound if is_link => Problem::Dangling,
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Problem::Absent(None),
        io::ErrorKind::PermissionDenied => unreadable(error),
        _ if is_link => Problem::Circle,
        _ => unreadable(error),
    }
}

/// Returns the file of that path, or one whose name is the same in another composition.
fn find(root: &Path, path: &str) -> Result<PathBuf, Problem> {
    let mut found = root.to_owned();
    let mut is_exact = true;
    for name in path.split('/') {
        let next = found.join(name);
        if is_there(&next) {
            found = next;
            continue;
        }
        let names = names(&found)?;
        let composed: String = name.nfc().collect();
        let same = names.iter().find(|other| other.nfc().eq(composed.chars()));
        let folded = composed.to_lowercase();
        let is_similar = |other: &&String| other.nfc().collect::<String>().to_lowercase() == folded;
        match (same, names.iter().find(is_similar)) {
            (Some(same), _) => found.push(same),
            (None, Some(similar)) => {
                is_exact = false;
                found.push(similar);
            }
            (None, None) => return Err(Problem::Absent(None)),
        }
    }
    if is_exact {
        return Ok(found);
    }
    let similar = found.strip_prefix(root).unwrap_or(&found);
    Err(Problem::Absent(Some(similar.to_string_lossy().replace('\\', "/"))))
}

/// Returns whether something has that name, even a dangling link.
fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Returns what a folder holds, in the order of the names.
fn names(folder: &Path) -> Result<Vec<String>, Problem> {
    let entries = fs::read_dir(folder).map_err(|error| unreachable(folder, &error))?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.collect();
    names.sort();
    Ok(names)
}
