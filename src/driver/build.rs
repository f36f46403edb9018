//! From notes to files: every format is made and written under other names, then all files get
//! their own, and the lock last.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::bail;
use rayon::prelude::*;

use super::receipt::{Inputs, Receipt};
use super::{Counts, LockPlace, Project, claim_outputs, fault};
use crate::anki::Style;
use crate::config::{self, Config, Export};
use crate::diagnostic::{self, Diagnostic};
use crate::disk::staging::{self, Committed, Output, Prepared, Staging};
use crate::disk::{self, Pending};
use crate::export::{self, Artifacts, Input, Outputs};
use crate::identity::Note;
use crate::progress::Phase;
use crate::slug::slug;
use crate::target::Target;

/// A finished build.
#[derive(Debug)]
pub struct Built {
    /// How much there is.
    pub counts: Counts,
    /// Where it was written.
    pub out: PathBuf,
    /// What was written, with its size in bytes.
    pub written: Vec<(PathBuf, u64)>,
    /// What an earlier build had written and is no more.
    pub removed: Vec<PathBuf>,
    /// What somebody had edited in an output, and where it is now.
    pub kept: Vec<(PathBuf, PathBuf)>,
    /// What became of the lock.
    pub lock: LockState,
    /// The hash of the lock, if it is another than before.
    pub new_lock: Option<String>,
    /// What targets could not hold, sorted.
    pub losses: Vec<Diagnostic>,
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

/// The folders that belong to the targets of a build.
fn folders(exports: &[Export], name: &str) -> Vec<String> {
    let paths = exports.iter().map(|export| export::path(export, name));
    paths.filter(|path| path.ends_with('/')).collect()
}

fn distinct(targets: &[Target]) -> Vec<Target> {
    let mut distinct: Vec<Target> = Vec::new();
    for target in targets {
        if !distinct.contains(target) {
            distinct.push(*target);
        }
    }
    distinct
}

/// Two exports to one file would overwrite each other.
fn disjoint(exports: &[Export], name: &str) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    for export in exports {
        let path = export::path(export, name);
        if !seen.insert(path.to_lowercase()) {
            bail!(
                "two exports go to `{path}`: give one a `name` of its own in `{}`",
                config::FILE_NAME
            );
        }
    }
    Ok(())
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
    /// Makes and writes the outputs, for these targets or else those of the configuration. Call it
    /// only when no diagnostic is an error.
    ///
    /// The lock comes last: a build that is killed before has written outputs that the next build
    /// writes again. After it there is only the receipt, if the inputs are known.
    ///
    /// # Errors
    /// If something cannot be written, or the program fails at a question.
    pub fn build(
        &self,
        out: &Path,
        targets: &[Target],
        inputs: Option<&Inputs>,
    ) -> anyhow::Result<Built> {
        fault::caught(|| self.press(out, targets, inputs)).unwrap_or_else(|why| {
            let (notes, exports) = (self.notes(), self.exports(targets));
            let fails = |range: Range<usize>| {
                let outputs = Mutex::<Artifacts>::default();
                let mut press = exports.iter().map(|export| {
                    self.export(export, targets, &notes[range.clone()], "deck", &outputs)
                });
                fault::caught(|| press.find_map(Result::err)).is_err()
            };
            Err(fault::at_a_question(self, &why, fails))
        })
    }

    fn press(
        &self,
        out: &Path,
        targets: &[Target],
        inputs: Option<&Inputs>,
    ) -> anyhow::Result<Built> {
        let notes = self.notes();
        if notes.is_empty() {
            bail!("there is no question with an answer in the content; nothing was written");
        }
        disk::make_folder(out)?;
        let _claim = claim_outputs(out, self.lock.as_deref())?;
        self.progress.begin(Phase::Pressing);
        let name = self.base_name(&notes);
        let exports = self.exports(targets);
        disjoint(&exports, &name)?;
        let folders = folders(&exports, &name);
        let staging = Staging::new(out);
        let press = |export: &Export| self.export(export, targets, &notes, &name, &staging);
        let press = || exports.par_iter().map(press).collect::<anyhow::Result<Vec<_>>>();
        let (losses, lock) = rayon::join(press, || self.prepare_lock());
        let (losses, (lock, new_lock)) = (losses?, lock?);
        let mut losses: Vec<Diagnostic> = losses.into_iter().flatten().collect();
        for loss in &mut losses {
            loss.locate(&self.sources);
        }
        diagnostic::sort(&mut losses);
        self.progress.begin(Phase::Writing);
        let Committed { outputs, mut removed, kept } = staging.commit()?;
        removed.extend(disk::remove_stale(out, &folders, &outputs)?);
        let (new_lock, pending) = new_lock.unzip();
        let new_lock = new_lock.map(|lock| lock.hash().to_owned());
        let inputs = inputs.map(|inputs| inputs.after(new_lock.as_deref()));
        pending.flatten().map(Pending::commit).transpose()?;
        let written = written(out, &outputs);
        let (counts, out) = (self.counts(), out.to_owned());
        let built = Built { counts, out, written, removed, kept, lock, new_lock, losses };
        Receipt::of(self, inputs.as_ref(), &built, folders, outputs).write(&built.out);
        Ok(built)
    }

    /// Makes the files of an export, and says what it cannot hold if somebody wants to know.
    fn export(
        &self,
        export: &Export,
        targets: &[Target],
        notes: &[Note<'_>],
        name: &str,
        outputs: &impl Outputs,
    ) -> anyhow::Result<Vec<Diagnostic>> {
        let files = notes.iter().map(|note| note.question.span.file);
        files.for_each(|file| fault::provoke("press", self.sources.path(file)));
        let modified = self.identities.lock.style.as_ref().map_or(0, |style| style.modified);
        let style = Style { css: &self.css, modified };
        let (context, config) = (self.context(), &self.config);
        let input = Input { context, notes, name, export, config, style };
        let found = export::export(&input, outputs)?;
        Ok(export::lost(&input, found, self.is_asked_for(export, targets)))
    }

    /// What is to be written: these targets, as `[[export]]` has them if it does, or else all that
    /// the configuration wants.
    fn exports(&self, targets: &[Target]) -> Vec<Export> {
        let Config { formats, exports, .. } = &self.config;
        let own = |target: Target| exports.iter().filter(move |export| export.target == target);
        if !targets.is_empty() {
            let of = |target: &Target| {
                let plain = own(*target).next().is_none().then(|| Export::of(*target));
                own(*target).cloned().chain(plain).collect::<Vec<_>>()
            };
            return distinct(targets).iter().flat_map(of).collect();
        }
        // Settings without a name of their own are those of the usual file.
        let is_plain = |target: &Target| own(*target).all(|export| export.name.is_some());
        let mut formats = distinct(formats.as_deref().unwrap_or(Target::DEFAULT));
        formats.retain(is_plain);
        formats.into_iter().map(Export::of).chain(exports.iter().cloned()).collect()
    }

    /// Whether somebody named this export, and so wants to know what it cannot hold. Of what every
    /// build writes unasked, `deckpress targets` and the book say it once.
    fn is_asked_for(&self, export: &Export, targets: &[Target]) -> bool {
        let Config { formats, exports, .. } = &self.config;
        !targets.is_empty() || formats.is_some() || exports.contains(export)
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
