//! From compiled notes to files: every output is made and written under another name, then all
//! files get their own, and the lock last.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::bail;
use rayon::prelude::*;

use super::built::{Built, LockState, list_written};
use super::last_build::{Again, InputHash, LastBuild, Manifest};
use super::{Job, Wanted, claim, claim_outputs, compile, fault, find, lock_of};
use crate::compile::selection::{Selection, help};
use crate::compile::{Compiled, refuse_overlaps};
use crate::config::selector::Selector;
use crate::diagnostic::{self, Diagnostic};
use crate::disk::staging::{self, Committed, Prepared, Staging};
use crate::disk::{self, Pending};
use crate::export::{self, Artifacts, Outputs};
use crate::identity::Note;
use crate::progress::Phase;

/// How a build ended.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub enum Outcome {
    /// There was nothing to do.
    Again(Again),
    /// It was compiled, and nothing was written.
    Stopped(Compiled),
    /// Its outputs were written.
    Built(Compiled, Built),
}

/// What is compiled, before anything of it is written.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'d> {
    /// The notes.
    pub compiled: &'d Compiled,
    /// The hash of the lock that was there, if one was.
    pub lock: Option<&'d str>,
}

/// Builds content.
///
/// What is compiled is shown to `review`, which says whether to write it; what has errors is not
/// written in any case. If `may_repeat`, nothing is compiled where the last build made the same.
///
/// The lock is written after the outputs: a build that is killed before has written outputs that
/// the next build writes again. After it there is only the manifest.
///
/// # Errors
/// If something cannot be read or written, or the program fails at a question.
pub fn build(
    job: &Job,
    wanted: Wanted<'_>,
    may_repeat: bool,
    review: impl FnOnce(Draft<'_>) -> anyhow::Result<bool>,
) -> anyhow::Result<Outcome> {
    let _claim = claim(job)?;
    let _out_claim = claim_outputs(&job.out, lock_of(job)?.as_deref())?;
    let is_new = !job.out.is_dir();
    let mut found = find(job)?;
    let inputs = InputHash::of(job, &found, wanted);
    let mut manifest = std::mem::take(&mut found.manifest);
    if let Some(inputs) = inputs.as_ref().filter(|_| may_repeat)
        && manifest.holds(job, &found, inputs)
        && let Some(last) = manifest.last.take()
    {
        found.manifest = manifest;
        return Ok(Outcome::Again(last.again(job, found)));
    }
    let lock = inputs.as_ref().map_or_else(|| found.lock_hash(), |inputs| inputs.lock().cloned());
    let (folder, path) = (found.content.name.clone(), found.lock.clone());
    let vault = found.vault_path(job);
    let compiled = compile(job, found)?;
    let vault = vault.filter(|_| compiled.config.dialect.is_none());
    let is_wanted = review(Draft { compiled: &compiled, lock: lock.as_deref() })?;
    if !is_wanted || compiled.has_errors() {
        return Ok(Outcome::Stopped(compiled));
    }
    let writing = Writing {
        job,
        wanted,
        folder: &folder,
        lock: path.as_deref(),
        has_lock: lock.is_some(),
        vault,
        manifest: (!is_new).then_some(manifest),
    };
    let built = fault::catch(|| writing.write(&compiled, inputs.as_ref()))
        .unwrap_or_else(|why| Err(writing.find_fault(&compiled, &why)))?;
    Ok(Outcome::Built(compiled, built))
}

/// Refuses selectors that select nothing: somebody has misspelt them.
fn refuse_idle(compiled: &Compiled, only: &[Selector], notes: &[Note<'_>]) -> anyhow::Result<()> {
    match compiled.find_idle(only.iter(), notes).into_iter().next() {
        Some((idle, meant)) => bail!("`{idle}` selects no question: {}", help(meant)),
        None => Ok(()),
    }
}

/// Makes the files of an output; returns what it cannot hold.
fn export(
    compiled: &Compiled,
    selection: &Selection<'_, '_>,
    name: &str,
    outputs: &impl Outputs,
) -> anyhow::Result<Vec<Diagnostic>> {
    let files = selection.notes.iter().map(|note| note.question.span.file);
    files.for_each(|file| fault::provoke("press", compiled.sources.path(file)));
    compiled.export(selection, name, outputs)
}

/// How compiled notes are to be written.
struct Writing<'w> {
    job: &'w Job,
    wanted: Wanted<'w>,
    /// The name of the content folder.
    folder: &'w str,
    /// Where the lock is, or is to be.
    lock: Option<&'w Path>,
    has_lock: bool,
    /// The vault that the content is read as.
    vault: Option<PathBuf>,
    /// The manifest of the output folder, unless that was not there.
    manifest: Option<Manifest>,
}

impl Writing<'_> {
    fn write(&self, compiled: &Compiled, inputs: Option<&InputHash>) -> anyhow::Result<Built> {
        let Job { out, progress, .. } = self.job;
        let notes = compiled.notes();
        if notes.is_empty() {
            bail!("there is no question with an answer in the content; nothing was written");
        }
        disk::make_folder(out)?;
        let (_claim, manifest) = match &self.manifest {
            Some(manifest) => (None, Cow::Borrowed(manifest)),
            None => (claim_outputs(out, self.lock)?, Cow::Owned(Manifest::of(self.job))),
        };
        progress.begin(Phase::Pressing);
        let name = compiled.base_name(&notes, self.folder);
        let Wanted { targets, only } = self.wanted;
        refuse_idle(compiled, only, &notes)?;
        let selections = compiled.select(targets, only, &notes);
        if selections.is_empty() {
            bail!("no output holds what `--only` selects; nothing was written");
        }
        refuse_overlaps(&selections, &name)?;
        let path = |selection: &Selection<'_, '_>| export::path(&selection.export, &name);
        let paths = selections.iter().map(path).collect();
        let staging = Staging::new(out, paths, manifest.files.clone(), progress);
        let export = |selection: &Selection<'_, '_>| {
            export(compiled, selection, &name, &staging.of(path(selection)))
        };
        let export = || selections.par_iter().map(export).collect::<anyhow::Result<Vec<_>>>();
        let (losses, lock) = rayon::join(export, || self.prepare_lock(compiled));
        let (losses, (lock, new_lock)) = (losses?, lock?);
        let mut losses: Vec<Diagnostic> = losses.into_iter().flatten().collect();
        diagnostic::sort(&mut losses);
        progress.begin(Phase::Writing);
        let note = |files| manifest.interrupted(files).write(out);
        let Committed { files, made, removed, kept } = staging.commit(only.is_empty(), note)?;
        let (new_lock, pending) = new_lock.unzip();
        let new_lock = new_lock.map(|lock| lock.hash);
        let inputs = inputs.map(|inputs| inputs.after(new_lock.as_deref()));
        pending.flatten().map(Pending::commit).transpose()?;
        let written = list_written(out, &files, &made);
        let chosen = (!only.is_empty()).then(|| compiled.count_selected(only, &notes));
        let (counts, out) = (compiled.counts(), out.clone());
        let built = Built {
            counts,
            chosen,
            out,
            written,
            removed,
            kept,
            lock,
            new_lock,
            losses,
            vault: self.vault.clone(),
        };
        let last = Some(LastBuild::of(compiled, inputs.as_ref(), &built, made));
        Manifest { files, last }.write(&built.out)?;
        Ok(built)
    }

    /// Returns an error that names the question at which the program fails.
    fn find_fault(&self, compiled: &Compiled, why: &str) -> anyhow::Error {
        let (notes, Wanted { targets, only }) = (compiled.notes(), self.wanted);
        let fails = |range: Range<usize>| {
            let outputs = Mutex::<Artifacts>::default();
            let selections = compiled.select(targets, only, &notes[range]);
            let mut made = selections.iter().map(|it| export(compiled, it, "deck", &outputs));
            fault::catch(|| made.find_map(Result::err)).is_err()
        };
        fault::at_a_question(compiled, why, fails)
    }

    /// Writes the lock under another name, if it would change. Where none was, and none can be, the
    /// build goes on.
    fn prepare_lock(&self, compiled: &Compiled) -> anyhow::Result<(LockState, Option<Prepared>)> {
        let Some(path) = self.lock else { return Ok((LockState::Unwanted, None)) };
        let kept = LockState::kept(&self.job.lock);
        if self.has_lock && compiled.identities.plan.is_empty() {
            return Ok((kept, None));
        }
        match staging::prepare(path, |out| compiled.identities.lock.write(out)) {
            Ok(prepared) if self.has_lock => Ok((kept, Some(prepared))),
            Ok(prepared) => Ok((LockState::Made(path.to_owned()), Some(prepared))),
            Err(error) if self.has_lock => Err(error),
            Err(error) => {
                let reason = error.root_cause().to_string();
                Ok((LockState::Impossible(path.to_owned(), reason), None))
            }
        }
    }
}
