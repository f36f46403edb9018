//! Reading a content folder and writing outputs.
//!
//! A file is written under another name and then renamed, so that a reader, or a build that is
//! killed, never leaves half a file. A file that would not change is not touched.
#![expect(clippy::disallowed_methods, reason = "this is where the program touches the disk")]

pub mod exclusive;
pub mod manifest;
pub mod media;
mod older;
pub mod places;
pub mod present;
pub mod staging;
pub mod stat;
pub mod vault;

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use ignore::WalkBuilder;
#[cfg(unix)]
use rayon::prelude::*;

use crate::config::{self, note_type};
use crate::identity::lock;
use crate::media::{extension, is_markdown};
use crate::parse::is_values;
use manifest::Files;

/// How the name of a file that is being written begins and ends.
const PART: (&str, &str) = (".deckpress-", ".part");

/// Why what never ends is not read.
const SPECIAL: &str = "it is a pipe, a socket or a device";

/// How many links after one another are followed, as many as Linux does.
const LINKS: usize = 40;

/// How much of a file is read by one core.
#[cfg(unix)]
const LONG: usize = 1 << 21;

/// What a content folder holds.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Paths below the root, with `/`, and their bytes; in path order, the configuration first.
    pub files: Vec<(String, Vec<u8>)>,
    /// The folder itself.
    pub root: PathBuf,
    /// What stands before a path when it is shown.
    pub prefix: String,
    /// The name of the folder, or of the only file without its extension.
    pub name: String,
    /// Paths of symbolic links that lead in a circle, which were passed over.
    pub circles: Vec<String>,
}

/// Reads a folder's notes and configuration, or a single file with the configuration beside it.
///
/// Below an output folder that is the content as well, `written` is no content.
///
/// # Errors
/// If something is not there or cannot be read.
pub fn read_content(content: &Path, out: &Path, written: &Files) -> anyhow::Result<Content> {
    let Ok(metadata) = fs::metadata(content) else {
        bail!("there is no file or folder `{}`", content.display());
    };
    let is_file = metadata.is_file();
    let root = root_of(content);
    let (mut paths, circles) =
        if is_file { (vec![content.to_owned()], Vec::new()) } else { notes(content, out)? };
    let circles = circles.iter().map(|path| below(root, path)).collect::<Result<_, _>>()?;
    // An output folder within the content is passed over; one that is the content holds both.
    if are_one(out, root) {
        paths.retain(|path| below(root, path).is_ok_and(|path| !written.contains_key(&path)));
    }
    if is_file {
        paths.extend(note_type_parts(root, out)?);
    }
    let settings = root.join(config::FILE_NAME);
    if settings.is_file() {
        paths.insert(0, settings);
    }
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let bytes = read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        files.push((below(root, &path)?, bytes));
    }
    let prefix = if root == Path::new(".") && !content.starts_with(".") {
        String::new()
    } else {
        format!("{}/", root.display().to_string().replace('\\', "/").trim_end_matches('/'))
    };
    let full = fs::canonicalize(content)
        .with_context(|| format!("cannot read `{}`", content.display()))?;
    let name = if is_file { full.file_stem() } else { full.file_name() };
    let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Content { files, root: root.to_owned(), prefix, name, circles })
}

/// Returns the folder of content that may be a single file.
#[must_use]
pub fn root_of(content: &Path) -> &Path {
    match content {
        file if file.is_file() => folder(file),
        folder if folder.as_os_str().is_empty() => Path::new("."),
        folder => folder,
    }
}

/// Returns what a file holds.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = fs::File::open(path)?;
    #[cfg(unix)]
    if let Some(bytes) = read_long(&file) {
        return Ok(bytes);
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns what a long file holds, read by all cores, as memory for so much is slow to come by;
/// nothing if it is short, or if that fails, as it does if the file becomes shorter meanwhile.
#[cfg(unix)]
fn read_long(file: &fs::File) -> Option<Vec<u8>> {
    use std::os::unix::fs::FileExt as _;
    let length = usize::try_from(file.metadata().ok()?.len()).ok().filter(|len| *len > LONG)?;
    let mut bytes = vec![0; length];
    let part = |(at, part): (usize, &mut [u8])| file.read_exact_at(part, (at * LONG) as u64);
    bytes.par_chunks_mut(LONG).with_max_len(1).enumerate().try_for_each(part).ok()?;
    Some(bytes)
}

/// Returns what a small file holds. A pipe may never end, so it is not opened.
fn read_small(path: &Path) -> io::Result<Vec<u8>> {
    if is_special(path) {
        return Err(io::Error::other(SPECIAL));
    }
    fs::read(path)
}

fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// Returns an ignore file of a folder that is a pipe or a device, so that reading it might never
/// end.
fn special_ignore(folder: &Path) -> Option<PathBuf> {
    [".gitignore", ".ignore"].map(|name| folder.join(name)).into_iter().find(|at| is_special(at))
}

/// Returns every file below a folder that may hold questions or make note types, and every symbolic
/// link that leads in a circle; both in path order.
fn notes(folder: &Path, out: &Path) -> anyhow::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    walk(folder, out, &|path| {
        let name = path.to_string_lossy();
        is_markdown(&name) || is_values(&name) || is_part(folder, path)
    })
}

/// Returns every file below a folder that is wanted, `.gitignore` honoured, and every symbolic link
/// that leads in a circle; both in path order.
fn walk(
    folder: &Path,
    out: &Path,
    is_wanted: &dyn Fn(&Path) -> bool,
) -> anyhow::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let full = fs::canonicalize(folder)?;
    let special = Arc::new(OnceLock::new());
    let refuse = |path: &PathBuf| anyhow!("cannot read `{}`: {SPECIAL}", path.display());
    let mut above = std::iter::once(folder).chain(full.ancestors().skip(1));
    if let Some(path) = above.find_map(special_ignore) {
        return Err(refuse(&path));
    }
    let out = fs::canonicalize(out).ok().filter(|out| out.starts_with(&full) && *out != full);
    let mut walk = WalkBuilder::new(folder);
    walk.require_git(false).follow_links(true);
    let found = Arc::clone(&special);
    walk.filter_entry(move |entry| {
        // The walk would wait for what is in a pipe.
        if entry.file_type().is_some_and(|kind| kind.is_dir())
            && let Some(path) = special_ignore(entry.path())
        {
            return found.set(path).is_err();
        }
        match &out {
            Some(out) => fs::canonicalize(entry.path()).is_ok_and(|path| path != *out),
            None => true,
        }
    });
    let (mut paths, mut circles) = (Vec::new(), Vec::new());
    for entry in walk.build() {
        let entry = match entry {
            Err(error) if is_broken_file(&error) => continue,
            Err(error) if circle(&error).is_some() => {
                circles.extend(circle(&error).map(Path::to_owned));
                continue;
            }
            entry => entry.with_context(|| format!("cannot read `{}`", folder.display()))?,
        };
        let path = entry.path();
        if is_wanted(path) && path.is_file() {
            paths.push(path.to_owned());
        }
    }
    if let Some(path) = special.get() {
        return Err(refuse(path));
    }
    paths.sort();
    circles.sort();
    Ok((paths, circles))
}

/// Returns the files of the note types that lie beside a single file.
fn note_type_parts(root: &Path, out: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folder = root.join(note_type::FOLDER);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    Ok(walk(&folder, out, &|path| is_part(root, path))?.0)
}

/// Returns whether a file is one of those that make note types.
fn is_part(root: &Path, path: &Path) -> bool {
    below(root, path).is_ok_and(|path| note_type::is_part(&path))
}

/// Returns the symbolic link that leads in a circle.
fn circle(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithDepth { err, .. } => circle(err),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::WithPath { path, .. } => {
            let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
            let leads = fs::metadata(path).err().is_none_or(|error| is_absent(&error));
            (is_link && !leads).then_some(path)
        }
        _ => None,
    }
}

/// Returns whether a symbolic link leads nowhere that could never have led to notes. Who refers to
/// it will hear of it.
fn is_broken_file(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::WithDepth { err, .. } => is_broken_file(err),
        ignore::Error::WithPath { path, .. } => {
            let name = path.to_string_lossy().replace('\\', "/");
            let is_file = extension(&name).is_some() && !is_markdown(&name);
            is_file && fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
        }
        _ => false,
    }
}

fn below(root: &Path, path: &Path) -> anyhow::Result<String> {
    let parts: Option<Vec<&str>> = path
        .strip_prefix(root)
        .unwrap_or(path)
        .components()
        .map(|part| part.as_os_str().to_str())
        .collect();
    let parts = parts.with_context(|| format!("the name `{}` is not UTF-8", path.display()))?;
    Ok(parts.join("/"))
}

/// Writes a file that is not there yet, with its folder; says whether it is new.
///
/// # Errors
/// If the system refuses.
pub fn write_new(path: &Path, bytes: &[u8]) -> anyhow::Result<bool> {
    make_folder(folder(path))?;
    let written = match fs::OpenOptions::new().write(true).create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        opened => opened.and_then(|mut file| io::Write::write_all(&mut file, bytes)),
    };
    written.with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(true)
}

/// Says whether a folder is there and holds anything.
#[must_use]
pub fn has_entries(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

/// Writes a file, unless it holds the same already.
///
/// # Errors
/// If it cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let (_, pending) = staging::prepare(path, |out| Ok(out.write_all(bytes)?))?;
    pending.map_or(Ok(()), Pending::commit)
}

/// Says where the lock of a content folder, or of a single file, belongs.
///
/// # Errors
/// If there is no such folder or file.
pub fn lock_beside(content: &Path) -> anyhow::Result<PathBuf> {
    let Ok(metadata) = fs::metadata(content) else {
        bail!("there is no file or folder `{}`", content.display());
    };
    let is_file = metadata.is_file();
    Ok(if is_file {
        content.with_extension(lock::FILE_NAME)
    } else {
        content.join(lock::FILE_NAME)
    })
}

/// Returns whether two paths lead to one file that is there.
#[must_use]
pub fn are_one(one: &Path, other: &Path) -> bool {
    let [one, other] = [one, other].map(|path| fs::canonicalize(follow(path)).ok());
    one.is_some() && one == other
}

/// Says where a file is that has this path, if links lead to it; it may not be there yet.
fn follow(path: &Path) -> PathBuf {
    let next = |path: &PathBuf| Some(folder(path).join(fs::read_link(path).ok()?));
    let chain = std::iter::successors(Some(path.to_owned()), next);
    // Nobody has longer chains of links, and a circle has no end.
    chain.take(LINKS).last().unwrap_or_default()
}

/// Reads a lock, if there is one.
///
/// # Errors
/// If it is there and cannot be read.
pub fn read_lock(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    match read_small(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    }
}

/// Creates an empty file in a folder that is removed again when it is dropped, or by a later build.
///
/// # Errors
/// If the file system refuses.
pub fn scratch(folder: &Path) -> anyhow::Result<tempfile::NamedTempFile> {
    new_part(folder).with_context(|| format!("cannot write to `{}`", folder.display()))
}

/// Returns a path as every program finds it, whatever its folder.
#[must_use]
pub fn full_path(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// A file that is written but does not have its name yet.
#[derive(Debug)]
pub struct Pending {
    file: tempfile::TempPath,
    path: PathBuf,
}

impl Pending {
    /// Gives the file its name. One that was there before keeps who may read and write it.
    ///
    /// # Errors
    /// If the file system refuses.
    pub fn commit(self) -> anyhow::Result<()> {
        let Self { file, path } = self;
        if let (Ok(old), Ok(new)) = (fs::metadata(&path), fs::metadata(&file))
            && old.permissions() != new.permissions()
        {
            fs::set_permissions(&file, old.permissions())
                .with_context(|| format!("cannot write `{}`", path.display()))?;
        }
        file.persist(&path).with_context(|| format!("cannot write `{}`", path.display()))?;
        Ok(())
    }
}

/// Makes a folder, if it is not there.
///
/// # Errors
/// If the file system refuses.
pub fn make_folder(path: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(path).with_context(|| format!("cannot write to `{}`", path.display()))
}

/// Returns the folder that a file is in.
#[must_use]
pub fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Creates a temporary file in a folder, and the folder if it is not there.
fn new_part(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(PART.0).suffix(PART.1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Removes what builds that were killed have left.
///
/// A younger file may belong to a build that is running, and none takes an hour.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_part = name.starts_with(PART.0) && name.ends_with(PART.1);
        let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_part && age().is_some_and(|age| age > Duration::from_secs(3600)) {
            // Whatever is left is tried again by the next build.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn remove(path: &Path) -> anyhow::Result<()> {
    fs::remove_file(path).with_context(|| format!("cannot remove `{}`", path.display()))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    #[cfg(unix)]
    #[test]
    fn who_may_read_a_file_stays() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.md");
        std::fs::write(&path, "a").expect("a file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("a file");
        super::replace(&path, b"b").expect("a file");
        let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }

    #[test]
    fn files_are_read_whole() {
        for length in [0, 1, 1 << 21, (1 << 21) + 1, 5_000_000] {
            let bytes: Vec<u8> = (0..length).map(|at: u32| at.to_le_bytes()[1]).collect();
            let mut file = tempfile::NamedTempFile::new().expect("a file");
            file.write_all(&bytes).expect("a file");
            assert!(super::read(file.path()).expect("a file") == bytes, "{length}");
        }
    }
}
