//! Outputs that are written under other names until all of them are there.
//!
//! So a build that fails or is killed leaves the outputs of the last one as they were. A file that
//! would not change is not touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::stat;
use super::{
    Pending, SPECIAL, folder, follow, is_absent, is_special, new_part, read_small, remove, replace,
    sweep,
};
use crate::export::Outputs;
use crate::media::{Digest, MediaFile, Stat};
use crate::progress::Progress;

/// How much of a file is kept in memory before it is written: most pages are not longer, and need
/// no file if they are as they were.
const KEPT: usize = 1 << 18;

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Its size in bytes.
    pub size: u64,
    hash: String,
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

    fn of(hasher: &blake3::Hasher) -> Self {
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
    fn with_stat_of(self, before: Option<&Self>) -> Self {
        let same = before.filter(|before| before.hash == self.hash);
        Self { stat: same.and_then(|before| before.stat.clone()), ..self }
    }

    /// Returns the hash of what it holds.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns whether a file holds this; reads it, unless it is as it was.
    #[must_use]
    pub fn is_at(&self, path: &Path) -> bool {
        let has_size = fs::metadata(path).is_ok_and(|metadata| metadata.len() == self.size);
        let is_as_it_was = || self.stat.as_ref().is_some_and(|it| stat::is_at(it, path));
        has_size && (is_as_it_was() || Self::at(path).is_ok_and(|output| output.hash == self.hash))
    }
}

/// What has become of the outputs.
#[derive(Debug)]
pub struct Committed {
    /// What was written, by its path.
    pub outputs: BTreeMap<String, Output>,
    /// What is no more.
    pub removed: Vec<PathBuf>,
    /// What somebody had edited, and where it is now.
    pub kept: Vec<(PathBuf, PathBuf)>,
}

/// Copies a file to a name beside its own under which no app reads it.
fn keep(path: &Path) -> anyhow::Result<(PathBuf, PathBuf)> {
    let context = || format!("cannot keep what was edited in `{}`", path.display());
    let bytes = read_small(path).with_context(context)?;
    let numbers = std::iter::once(String::new()).chain((2..).map(|number| format!("-{number}")));
    let mut names = numbers.map(|number| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".edited{number}"));
        PathBuf::from(name)
    });
    let is_free = |name: &PathBuf| {
        read_small(name).map_or_else(|error| is_absent(&error), |other| other == bytes)
    };
    let name = names.find(is_free).with_context(context)?;
    replace(&name, &bytes)?;
    Ok((path.to_owned(), name))
}

/// A file that was written, and that has still to get its name unless it was there already.
pub type Prepared = (Output, Option<Pending>);

/// Outputs below a folder.
#[derive(Debug)]
pub struct Staging<'o> {
    out: &'o Path,
    /// What the last build has written.
    before: BTreeMap<String, Output>,
    files: Mutex<BTreeMap<String, Prepared>>,
    /// What goes, and whether somebody has edited it.
    retired: Mutex<BTreeMap<String, bool>>,
    swept: Mutex<BTreeSet<PathBuf>>,
    progress: &'o Progress,
}

impl<'o> Staging<'o> {
    /// Returns none yet, below a folder into which the last build has written these.
    #[must_use]
    pub fn new(out: &'o Path, before: BTreeMap<String, Output>, progress: &'o Progress) -> Self {
        let (files, retired, swept) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { out, before, files, retired, swept, progress }
    }

    /// Gives all files their names, and takes away what was retired.
    ///
    /// # Errors
    /// If the file system refuses.
    pub fn commit(self) -> anyhow::Result<Committed> {
        let files = self.files.into_inner().unwrap_or_else(PoisonError::into_inner);
        let retired = self.retired.into_inner().unwrap_or_else(PoisonError::into_inner);
        let kept = retired.iter().filter(|(_, is_edited)| **is_edited);
        let kept = kept.map(|(path, _)| keep(&self.out.join(path))).collect::<Result<_, _>>()?;
        let mut outputs = BTreeMap::new();
        for (path, (output, pending)) in files {
            pending.map(Pending::commit).transpose()?;
            outputs.insert(path, output);
        }
        let gone = retired.into_keys().filter(|path| !outputs.contains_key(path));
        let removed: Vec<PathBuf> = gone.map(|path| self.out.join(path)).collect();
        removed.iter().try_for_each(|path| remove(path))?;
        Ok(Committed { outputs, removed, kept })
    }
}

/// Writes a file under another name, beside its own, if it holds something else. A link stays, and
/// what it leads to is written.
///
/// # Errors
/// If it cannot be written.
pub fn prepare(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<Prepared> {
    let path = follow(path);
    sweep(folder(&path));
    stage(&path, None, write)
}

/// Writes a file under another name, if it holds something else than what is there, of which
/// something may be known.
fn stage(
    path: &Path,
    before: Option<&Output>,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<Prepared> {
    let folder = folder(path);
    let mut file = Part { folder, kept: Vec::new(), file: None, hasher: blake3::Hasher::new() };
    let written = write(&mut file).map(|()| Output::of(&file.hasher)).and_then(|output| {
        let output = output.with_stat_of(before);
        if output.is_at(path) {
            return Ok((output, None));
        }
        let output = Output { stat: None, ..output };
        let file = file.finish()?.into_temp_path();
        Ok((output, Some(Pending { file, path: path.to_owned() })))
    });
    written.with_context(|| format!("cannot write `{}`", path.display()))
}

/// Copies a file under another name, without its bytes passing through here where the file system
/// can share or copy them; not at all if it is there.
fn copy(path: &Path, before: Option<&Output>, file: &MediaFile) -> anyhow::Result<Prepared> {
    let Digest { size, hash, .. } = file.known.digest.clone();
    let output = Output { size, hash, stat: None }.with_stat_of(before);
    if output.is_at(path) {
        return Ok((output, None));
    }
    let mut part = new_part(folder(path))?;
    match (file.path(), &file.known.stat) {
        (Some(from), Some(stat)) => {
            io::copy(&mut fs::File::open(from)?, part.as_file_mut())?;
            if !stat::is_at(stat, from) {
                return Err(file.change().into());
            }
        }
        _ => {
            io::copy(&mut file.open()?, part.as_file_mut())?;
        }
    }
    let pending = Pending { file: part.into_temp_path(), path: path.to_owned() };
    Ok((Output { stat: None, ..output }, Some(pending)))
}

impl Staging<'_> {
    /// Returns where a file is to be written, in a folder without leftovers.
    fn begin(&self, path: &str) -> PathBuf {
        let full = self.out.join(path);
        let folder = folder(&full);
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if swept.insert(folder.to_owned()) {
            sweep(folder);
        }
        full
    }

    fn end(&self, path: &str, staged: Prepared) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(path.to_owned(), staged);
    }
}

impl Outputs for Staging<'_> {
    fn add(
        &self,
        path: &str,
        write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let full = self.begin(path);
        let write = |out: &mut dyn Write| write(&mut Counted { out, progress: self.progress });
        self.end(path, stage(&full, self.before.get(path), write)?);
        Ok(())
    }

    fn add_media(&self, path: &str, file: &MediaFile) -> anyhow::Result<()> {
        let full = self.begin(path);
        let staged = copy(&full, self.before.get(path), file);
        self.end(path, staged.with_context(|| format!("cannot write `{}`", full.display()))?);
        self.progress.advance(file.size());
        Ok(())
    }

    fn expect(&self, bytes: u64) {
        self.progress.expect(bytes);
    }

    fn previous(&self, path: &str) -> Option<Vec<u8>> {
        read_small(&self.out.join(path)).ok()
    }

    fn remove(&self, path: &str, is_edited: bool) {
        let mut retired = self.retired.lock().unwrap_or_else(PoisonError::into_inner);
        retired.insert(path.to_owned(), is_edited);
    }

    fn scratch(&self) -> anyhow::Result<NamedTempFile> {
        super::scratch(self.out)
    }
}

/// A writer that notes down how much it has written.
struct Counted<'w> {
    out: &'w mut dyn Write,
    progress: &'w Progress,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.progress.advance(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A file that is being written: in memory as long as it is short.
struct Part<'p> {
    folder: &'p Path,
    kept: Vec<u8>,
    file: Option<NamedTempFile>,
    hasher: blake3::Hasher,
}

impl Part<'_> {
    fn spill(&mut self) -> io::Result<()> {
        let mut part = match self.file.take() {
            Some(part) => part,
            None => new_part(self.folder)?,
        };
        part.write_all(&self.kept)?;
        self.kept.clear();
        self.file = Some(part);
        Ok(())
    }

    fn finish(mut self) -> io::Result<NamedTempFile> {
        self.spill()?;
        self.file.ok_or_else(|| io::Error::other("nothing was written"))
    }
}

impl Write for Part<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hasher.update_rayon(bytes);
        self.kept.extend_from_slice(bytes);
        if self.kept.len() > KEPT {
            self.spill()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
