//! From notes to files: every format is made and written under other names, then all files get
//! their own, and the lock last.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::bail;
use rayon::prelude::*;

use super::receipt::{Inputs, Receipt};
use super::{Counts, LockPlace, Project};
use crate::anki::Style;
use crate::config::{self, Format};
use crate::disk::staging::{self, Output, Prepared, Staging};
use crate::disk::{self, Pending};
use crate::export::{self, Input};
use crate::identity::Note;
use crate::progress::Phase;
use crate::slug::slug;

/// A finished build.
#[derive(Debug)]
pub struct Built {
    /// How much there is.
    pub counts: Counts,
    /// What was written, with its size in bytes.
    pub written: Vec<(PathBuf, u64)>,
    /// What an earlier build had written and is no more.
    pub removed: Vec<PathBuf>,
    /// What became of the lock.
    pub lock: LockState,
}

/// What became of the lock.
#[derive(Debug, PartialEq, Eq)]
pub enum LockState {
    /// It was there, and holds this build now.
    Kept,
    /// The same, in a file that is not beside the content.
    KeptApart(PathBuf),
    /// There was none, and now there is.
    Made(PathBuf),
    /// There was none, and none could be made.
    Impossible(PathBuf, String),
    /// None was wanted.
    Unwanted,
}

/// Every output with its size.
pub(super) fn written(out: &Path, outputs: &BTreeMap<String, Output>) -> Vec<(PathBuf, u64)> {
    outputs.iter().map(|(path, output)| (out.join(path), output.size)).collect()
}

impl LockState {
    /// That of a lock that was there.
    pub(super) fn kept(place: &LockPlace) -> Self {
        match place {
            LockPlace::At(path) => LockState::KeptApart(path.clone()),
            LockPlace::Beside | LockPlace::Nowhere => LockState::Kept,
        }
    }
}

impl Project {
    /// Makes and writes the outputs, in these formats or else those of the configuration. Call it
    /// only when no diagnostic is an error.
    ///
    /// The lock comes last: a build that is killed before has written outputs that the next build
    /// writes again. After it there is only the receipt, if the inputs are known.
    ///
    /// # Errors
    /// If something cannot be written.
    pub fn build(
        &self,
        out: &Path,
        formats: &[Format],
        inputs: Option<&Inputs>,
    ) -> anyhow::Result<Built> {
        let notes = self.notes();
        if notes.is_empty() {
            bail!("there is no question with an answer in the content; nothing was written");
        }
        self.progress.begin(Phase::Pressing);
        let name = self.base_name(&notes);
        let modified = self.identities.lock.style.as_ref().map_or(0, |style| style.modified);
        let style = Style { css: &self.css, modified };
        let input = Input {
            context: self.context(),
            notes: &notes,
            name: &name,
            config: &self.config,
            style,
        };
        let configured = || self.config.formats.as_deref().unwrap_or(Format::DEFAULT);
        let formats = if formats.is_empty() { configured() } else { formats };
        let staging = Staging::new(out);
        let export = |&format| export::export(format, &input, &staging);
        formats.par_iter().try_for_each(export)?;
        self.progress.begin(Phase::Writing);
        let (lock, new_lock) = self.prepare_lock()?;
        let outputs = staging.commit()?;
        let removed = disk::remove_stale(out, &outputs)?;
        let inputs = inputs.map(|inputs| match &new_lock {
            Some((lock, _)) => inputs.after(lock),
            None => inputs.clone(),
        });
        new_lock.and_then(|(_, pending)| pending).map(Pending::commit).transpose()?;
        let written = written(out, &outputs);
        let built = Built { counts: self.counts(), written, removed, lock };
        let receipt = inputs.and_then(|inputs| Receipt::of(self, &inputs, &built, outputs));
        if let Some(receipt) = receipt {
            receipt.write(out);
        }
        Ok(built)
    }

    /// Writes the lock under another name, if it would change. Where none was, and none can be, the
    /// build goes on.
    fn prepare_lock(&self) -> anyhow::Result<(LockState, Option<Prepared>)> {
        let Some(path) = &self.lock else { return Ok((LockState::Unwanted, None)) };
        let kept = LockState::kept(&self.place);
        if self.has_lock && self.identities.plan.is_empty() {
            return Ok((kept, None));
        }
        match staging::prepare(path, |out| self.identities.lock.write(out)) {
            Ok(prepared) if self.has_lock => Ok((kept, Some(prepared))),
            Ok(prepared) => Ok((LockState::Made(path.clone()), Some(prepared))),
            Err(error) if self.has_lock => Err(error),
            Err(error) => {
                Ok((LockState::Impossible(path.clone(), error.root_cause().to_string()), None))
            }
        }
    }

    /// The base name of the outputs: as configured, else the only deck's, else the folder's.
    fn base_name(&self, notes: &[Note<'_>]) -> String {
        if let Some(name) = &self.config.name {
            return name.clone();
        }
        let mut titles: Vec<&str> = notes.iter().map(|note| note.deck.title.as_str()).collect();
        titles.dedup();
        let title = if let [only] = titles[..] { slug(only) } else { String::new() };
        let name = [title, slug(&self.name)].into_iter().find(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| "deck".to_owned());
        if config::bad_name(&name).is_some() { format!("deck-{name}") } else { name }
    }
}
