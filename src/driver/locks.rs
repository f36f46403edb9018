//! Changes of the lock that a user asks for, outside a build.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};

use super::{Job, lock_of};
use crate::compile::{self, Compiled};
use crate::diagnostic::Diagnostic;
use crate::disk::{self, Pending, exclusive, staging};
use crate::identity::lock::{self, Carried, Confirmed, Lock};
use crate::source::Sources;

/// A lock that cannot be used, and why.
#[derive(Debug)]
pub struct Damage {
    /// The lock.
    pub sources: Sources,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Says where the lock of a content folder is, unless it is in this file.
///
/// # Errors
/// If there is no such folder.
pub fn place(content: &Path, apart: Option<&Path>) -> anyhow::Result<PathBuf> {
    apart.map_or_else(|| disk::lock_beside(content), |path| Ok(path.to_owned()))
}

/// Confirms the pairs of these questions, or else all that are open; says which.
///
/// # Errors
/// If one of them is not open, or the lock cannot be read or written.
pub fn accept(path: &Path, ids: &[String]) -> anyhow::Result<Result<Vec<Confirmed>, Damage>> {
    let _claim = exclusive::lock(disk::folder(path))?;
    let mut lock = match read(path)? {
        Ok(lock) => lock,
        Err(damage) => return Ok(Err(damage)),
    };
    let confirmed = lock::accept(&mut lock, ids)
        .map_err(|why| anyhow!("nothing was confirmed in `{}`: {why}", path.display()))?;
    if !confirmed.is_empty() {
        write(path, &lock)?;
    }
    Ok(Ok(confirmed))
}

/// Carries the lines of these questions from one lock to another; says which.
///
/// The other one is written first: if the program is killed between the two, the lines are in both,
/// and the next attempt takes them out of the first.
///
/// # Errors
/// If one of them is not there or cannot be in the other lock, or a lock cannot be read or written.
pub fn carry(
    from: &Path,
    to: &Path,
    ids: &[String],
) -> anyhow::Result<Result<Vec<Carried>, Damage>> {
    if disk::are_one(from, to) {
        bail!("`{}` and `{}` are one lock", from.display(), to.display());
    }
    let (source_folder, target_folder) = (disk::folder(from), disk::folder(to));
    let _target = exclusive::lock(target_folder)?;
    let _source = exclusive::lock_besides(source_folder, Some(target_folder))?;
    let mut source = match read(from)? {
        Ok(lock) => lock,
        Err(damage) => return Ok(Err(damage)),
    };
    let mut target = match read_if_there(to)? {
        Ok(lock) => lock.unwrap_or_default(),
        Err(damage) => return Ok(Err(damage)),
    };
    let carried = lock::carry(&mut source, &mut target, ids).map_err(|why| {
        anyhow!("nothing was moved from `{}` to `{}`: {why}", from.display(), to.display())
    })?;
    let (target, source) = (prepare(to, &target)?, prepare(from, &source)?);
    commit(target)?;
    commit(source)?;
    Ok(Ok(carried))
}

/// Forgets the questions that were taken out before the last build; returns how many.
///
/// # Errors
/// If the lock cannot be written.
pub fn prune(job: &Job, compiled: &Compiled) -> anyhow::Result<usize> {
    let Some(path) = lock_of(job)? else { return Ok(0) };
    let Ok(Some(mut lock)) = read_if_there(&path)? else { return Ok(0) };
    let before = lock.entries.len();
    let is_back = |id: &str| compiled.identities.plan.revived.iter().any(|item| item.id == id);
    lock.entries.retain(|entry| entry.removed.is_none() || is_back(&entry.id));
    let forgotten = before - lock.entries.len();
    if forgotten > 0 {
        write(&path, &lock)?;
    }
    Ok(forgotten)
}

fn read(path: &Path) -> anyhow::Result<Result<Lock, Damage>> {
    match read_if_there(path)? {
        Ok(None) => bail!("there is no lock at `{}`; a build makes it", path.display()),
        Ok(Some(lock)) => Ok(Ok(lock)),
        Err(damage) => Ok(Err(damage)),
    }
}

pub(super) fn read_if_there(path: &Path) -> anyhow::Result<Result<Option<Lock>, Damage>> {
    let Some(bytes) = disk::read_lock(path)? else { return Ok(Ok(None)) };
    let (mut sources, mut diagnostics) = (Sources::default(), Vec::new());
    let lock = Some((path.display().to_string(), bytes));
    let lock = compile::read_lock(&mut sources, lock, &mut diagnostics);
    Ok(if diagnostics.is_empty() { Ok(lock) } else { Err(Damage { sources, diagnostics }) })
}

/// Writes a lock.
///
/// # Errors
/// If it cannot be written.
pub(super) fn write(path: &Path, lock: &Lock) -> anyhow::Result<()> {
    commit(prepare(path, lock)?)
}

fn prepare(path: &Path, lock: &Lock) -> anyhow::Result<Option<Pending>> {
    Ok(staging::prepare(path, |out| lock.write(out))?.1)
}

fn commit(pending: Option<Pending>) -> anyhow::Result<()> {
    pending.map_or(Ok(()), Pending::commit)
}
