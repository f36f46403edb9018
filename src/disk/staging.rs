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
use tempfile::NamedTempFile;

use super::manifest::{Files, Output, WrittenFile};
use super::places::is_there;
use super::{
    Pending, folder, follow, is_absent, new_part, older, read_small, remove, replace, stat, sweep,
};
use crate::export::{Outputs, PageRecord};
use crate::media::{Digest, MediaFile};
use crate::progress::Progress;

/// How much of a file is kept in memory before it is written: most pages are not longer, and need
/// no file if they are as they were.
const KEPT: usize = 1 << 18;

/// What has become of the outputs.
#[derive(Debug)]
pub struct Committed {
    /// The files in the folder that are ours, by this build and those before.
    pub files: Files,
    /// The paths of those that this build made.
    pub made: BTreeSet<String>,
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

/// Outputs below a folder.
#[derive(Debug)]
pub struct Staging<'o> {
    out: &'o Path,
    /// The exports of the build, by their paths.
    exports: BTreeSet<String>,
    /// What earlier builds have written.
    before: Files,
    /// Files of older versions whose content is in `before` now.
    records: Vec<String>,
    files: Mutex<BTreeMap<String, Staged>>,
    /// The pages that go, and whether a person has edited them.
    retired: Mutex<BTreeMap<String, bool>>,
    swept: Mutex<BTreeSet<PathBuf>>,
    progress: &'o Progress,
}

type Staged = (WrittenFile, Option<Pending>);

/// The outputs of one export.
#[derive(Debug)]
pub struct ExportOutputs<'s> {
    staging: &'s Staging<'s>,
    export: String,
}

impl<'o> Staging<'o> {
    /// Returns none yet, below a folder into which earlier builds have written these.
    #[must_use]
    pub fn new(
        out: &'o Path,
        exports: BTreeSet<String>,
        mut before: Files,
        progress: &'o Progress,
    ) -> Self {
        let carry_over = |export: &String| older::carry_over(out, export, &mut before);
        let records = exports.iter().flat_map(carry_over).collect();
        let (files, retired, swept) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { out, exports, before, records, files, retired, swept, progress }
    }

    /// Returns none yet, below a folder that is no output folder.
    #[must_use]
    pub fn without_manifest(folder: &'o Path, progress: &'o Progress) -> Self {
        Self::new(folder, BTreeSet::new(), Files::new(), progress)
    }

    /// Returns the outputs of the export at a path.
    #[must_use]
    pub fn of(&self, export: String) -> ExportOutputs<'_> {
        ExportOutputs { staging: self, export }
    }

    /// Gives all files their names, and takes away what was retired and, if the exports are made as a
    /// whole, what they made before and do not any more. What somebody has edited is kept under
    /// another name. All files that may be there from now on are noted down before the first of them
    /// is.
    ///
    /// # Errors
    /// If the file system refuses.
    pub fn commit(
        self,
        is_whole: bool,
        note: impl FnOnce(Files) -> anyhow::Result<()>,
    ) -> anyhow::Result<Committed> {
        let Self { out, exports, before, records, files, retired, .. } = self;
        let mut made = files.into_inner().unwrap_or_else(PoisonError::into_inner);
        let retired = retired.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (mut files, mut stale) = (Files::new(), Files::new());
        for (path, mut file) in before {
            let has_owner = !file.exports.is_empty();
            file.exports.retain(|export| !is_whole || !exports.contains(export));
            let is_stale = retired.contains_key(&path) || has_owner && file.exports.is_empty();
            if let Some((made, _)) = made.get_mut(&path) {
                made.exports.append(&mut file.exports);
            } else if is_stale && out.join(&path).is_file() {
                stale.insert(path, file);
            } else if !is_stale && is_there(&out.join(&path)) && !records.contains(&path) {
                files.insert(path, file);
            }
        }
        let changed = |(path, file): &(&String, &WrittenFile)| {
            let changed = |output: &Output| !output.is_at(&out.join(path));
            file.page.is_none() && file.output.as_ref().is_some_and(changed)
        };
        let changed = stale.iter().filter(changed).map(|(path, _)| path);
        let edited = retired.iter().filter(|(_, is_edited)| **is_edited).map(|(path, _)| path);
        let edited: BTreeSet<String> = edited.chain(changed).cloned().collect();
        if made.values().any(|(_, pending)| pending.is_some()) || !stale.is_empty() {
            let made = made.iter().map(|(path, (file, _))| (path.clone(), file.clone()));
            note(files.clone().into_iter().chain(stale.clone()).chain(made).collect())?;
        }
        let kept = edited.iter().map(|path| keep(&out.join(path))).collect::<Result<_, _>>()?;
        let paths: BTreeSet<String> = made.keys().cloned().collect();
        for (path, (file, pending)) in made {
            pending.map(Pending::commit).transpose()?;
            files.insert(path, file);
        }
        let removed: Vec<PathBuf> = stale.into_keys().map(|path| out.join(path)).collect();
        removed.iter().try_for_each(|path| remove(path))?;
        records.iter().try_for_each(|path| remove(&out.join(path)))?;
        Ok(Committed { files, made: paths, removed, kept })
    }
}

/// A file that was written, and that has still to get its name unless it was there already.
pub type Prepared = (Output, Option<Pending>);

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

    /// Returns what is known of the file that an earlier build wrote to a path.
    fn output_before(&self, path: &str) -> Option<&Output> {
        self.before.get(path)?.output.as_ref()
    }
}

impl ExportOutputs<'_> {
    fn end(&self, path: &str, page: Option<PageRecord>, (output, pending): Prepared) {
        let mut files = self.staging.files.lock().unwrap_or_else(PoisonError::into_inner);
        let others = files.remove(path).map(|(file, _)| file.exports).unwrap_or_default();
        let exports = others.into_iter().chain([self.export.clone()]).collect();
        let file = WrittenFile { output: Some(output), exports, page };
        files.insert(path.to_owned(), (file, pending));
    }

    fn write(
        &self,
        path: &str,
        page: Option<PageRecord>,
        write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let full = self.staging.begin(path);
        let progress = self.staging.progress;
        let write = |out: &mut dyn Write| write(&mut Counted { out, progress });
        self.end(path, page, stage(&full, self.staging.output_before(path), write)?);
        Ok(())
    }
}

impl Outputs for ExportOutputs<'_> {
    fn add(
        &self,
        path: &str,
        write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.write(path, None, write)
    }

    fn add_page(
        &self,
        path: &str,
        record: PageRecord,
        write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.write(path, Some(record), write)
    }

    fn add_media(&self, path: &str, file: &MediaFile) -> anyhow::Result<()> {
        let full = self.staging.begin(path);
        let staged = copy(&full, self.staging.output_before(path), file);
        self.end(path, None, staged.with_context(|| format!("cannot write `{}`", full.display()))?);
        self.staging.progress.advance(file.size());
        Ok(())
    }

    fn expect(&self, bytes: u64) {
        self.staging.progress.expect(bytes);
    }

    fn previous(&self, path: &str) -> Option<Vec<u8>> {
        read_small(&self.staging.out.join(path)).ok()
    }

    fn recorded_pages(&self, folder: &str) -> BTreeMap<&str, &PageRecord> {
        let below = self.staging.before.range(folder.to_owned()..);
        let below = below.take_while(|(path, _)| path.starts_with(folder));
        let pages = below.filter_map(|(path, file)| {
            let name = path.get(folder.len()..).filter(|name| !name.contains('/'))?;
            Some((name, file.page.as_ref()?))
        });
        pages.collect()
    }

    fn remove(&self, path: &str, is_edited: bool) {
        let retired = self.staging.retired.lock();
        retired.unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), is_edited);
    }

    fn scratch(&self) -> anyhow::Result<NamedTempFile> {
        super::scratch(self.staging.out)
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
