//! The order of the phases.
//!
//! This is the only place that knows it: read, parse, identify, check, export, write. Everything
//! below is pure; what touches the machine is in [`crate::disk`], and time comes in as a value.

mod inputs;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use rayon::prelude::*;

use crate::anki::Style;
use crate::config::{self, Config, Format};
use crate::diagnostic::{self, Code, Diagnostic, Fix};
use crate::disk;
use crate::export::{self, Artifacts, Input};
use crate::identity::lock::{self, Lock};
use crate::identity::{self, Identities, Moment, Note};
use crate::media::{self, Media};
use crate::model::Bank;
use crate::progress::{Phase, Progress};
use crate::render::{Boxes, Context, Gaps, card};
use crate::slug::slug;
use crate::source::{FileId, Sources};
use crate::{anki, check, parse};

/// What to read, and how.
#[derive(Debug)]
pub struct Job {
    /// A content folder or a single file.
    pub content: PathBuf,
    /// The output folder; inside the content folder it is not content.
    pub out: PathBuf,
    /// Where the lock is.
    pub lock: LockPlace,
    /// Whether every note counts as changed.
    pub refresh: bool,
    /// Where the present phase is noted down.
    pub progress: Progress,
}

/// Where the lock is.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum LockPlace {
    /// Beside the content.
    #[default]
    Beside,
    /// In this file.
    At(PathBuf),
    /// Nowhere: every question is new.
    Nowhere,
}

/// Everything that was read.
#[derive(Debug)]
pub struct Project {
    /// The texts.
    pub sources: Sources,
    /// The settings.
    pub config: Config,
    /// The decks and questions.
    pub bank: Bank,
    /// The files beside the texts.
    pub media: Media,
    /// The author's own style sheet.
    pub css: String,
    /// Who the questions are, and what has changed since the lock.
    pub identities: Identities,
    /// Everything wrong, sorted.
    pub diagnostics: Vec<Diagnostic>,
    root: PathBuf,
    lock: Option<PathBuf>,
    is_lock_apart: bool,
    has_lock: bool,
    old_lock: Lock,
    /// Where the present phase is noted down.
    pub progress: Progress,
    name: String,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Decks with a question.
    pub decks: usize,
    /// Topics with a question.
    pub topics: usize,
    /// Questions that reach the outputs.
    pub questions: usize,
    /// Anki cards.
    pub cards: usize,
    /// Key points.
    pub key_points: usize,
}

/// A finished build.
#[derive(Debug)]
pub struct Built {
    /// How much there is.
    pub counts: Counts,
    /// What was written, with its size in bytes.
    pub written: Vec<(PathBuf, usize)>,
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

/// Reads and checks content.
///
/// # Errors
/// If something cannot be read.
pub fn read(job: &Job) -> anyhow::Result<Project> {
    job.progress.begin(Phase::Reading);
    let found = disk::read_content(&job.content, &job.out)?;
    let mut diagnostics = Vec::new();
    let mut sources = Sources::new(&found.prefix);
    let mut config = Config::default();
    let mut broken_files = Vec::new();
    for (path, bytes) in found.files {
        let (file, broken) = sources.add_bytes(&path, bytes);
        if let Some(span) = broken {
            broken_files.push(
                Diagnostic::new(Code::NotUtf8, span, "this file is not UTF-8")
                    .label("the first byte that cannot be read")
                    .help("save it as UTF-8"),
            );
        }
        if path == config::FILE_NAME {
            config = config::read(&sources, file, &mut diagnostics);
        }
    }
    let css = read_css(&found.root, &config, &mut diagnostics);
    let bank = parse::bank(&mut sources, &config, &mut diagnostics);
    // Values that are no questions are nobody's concern.
    broken_files.retain(|broken: &Diagnostic| {
        let is_own = |file: FileId| sources.path(file) == sources.path(broken.span.file);
        !parse::is_values(sources.path(broken.span.file))
            || bank.questions().any(|(_, _, question)| is_own(question.span.file))
    });
    diagnostics.append(&mut broken_files);
    let (media, problems) = disk::media::read(&found.root, &bank.media);
    let lock = match &job.lock {
        LockPlace::Beside => Some(found.lock),
        LockPlace::At(path) => Some(path.clone()),
        LockPlace::Nowhere => None,
    };
    let bytes = lock.as_deref().map(disk::read_lock).transpose()?.flatten();
    let has_lock = bytes.is_some();
    let old_lock = read_lock(&mut sources, lock.as_deref(), bytes, &mut diagnostics);
    job.progress.begin(Phase::Comparing);
    let facts = identity::facts(&sources, &bank, &media, &old_lock);
    let asked = facts.iter().map(|question| question.text.as_str());
    let problem = |path: &str| problems.get(path);
    check::bank(&sources, &bank, asked, config.remote_media, problem, &mut diagnostics);
    identity::duplicate_ids(&bank, &mut diagnostics);
    // The style sheet of the note types is theirs and ours together.
    let style = format!("{}\n{css}", anki::NOTETYPE_MTIME);
    let style = (!css.is_empty()).then(|| media::hash(style.as_bytes()));
    let moment = Moment {
        now: now()?,
        namespace: config.namespace.as_deref(),
        refresh: job.refresh,
        highlights: config.highlights,
        style: style.as_deref(),
    };
    let identities = identity::identify(&facts, &old_lock, moment, &mut diagnostics);

    for diagnostic in &mut diagnostics {
        diagnostic.locate(&sources);
    }
    diagnostic::sort(&mut diagnostics);
    Ok(Project {
        sources,
        config,
        bank,
        media,
        css,
        identities,
        diagnostics,
        root: found.root,
        is_lock_apart: matches!(job.lock, LockPlace::At(_)),
        lock,
        has_lock,
        old_lock,
        name: found.name,
        progress: job.progress.clone(),
    })
}

fn read_css(root: &Path, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> String {
    let Some((path, span)) = &config.css else { return String::new() };
    let read = disk::media::read_one(root, path).map_err(|problem| check::why(&problem));
    let text =
        read.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()));
    text.unwrap_or_else(|why| {
        let message = format!("cannot use `{path}`");
        diagnostics.push(
            Diagnostic::new(Code::InvalidConfig, *span, message)
                .label(why)
                .help("a style sheet lies in the content folder"),
        );
        String::new()
    })
}

fn read_lock(
    sources: &mut Sources,
    path: Option<&Path>,
    bytes: Option<Vec<u8>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Lock {
    let (Some(path), Some(bytes)) = (path, bytes) else { return Lock::default() };
    let (file, broken) = sources.add_outside(&path.display().to_string(), bytes);
    diagnostics.extend(broken.map(|span| lock::damaged(span, "it is not UTF-8")));
    Lock::read(sources, file, diagnostics).unwrap_or_default()
}

impl Project {
    /// Every question that reaches the outputs, with its identity.
    #[must_use]
    pub fn notes(&self) -> Vec<Note<'_>> {
        identity::notes(&self.bank, &self.identities)
    }

    /// How much there is.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let notes = self.notes();
        let context = self.context();
        let points = |note: &Note<'_>| card::key_points(&context, note.question);
        let mut counts = Counts {
            questions: notes.len(),
            cards: notes.iter().map(Note::cards).sum(),
            key_points: notes.par_iter().map(points).sum(),
            ..Counts::default()
        };
        for (at, note) in notes.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| &notes[before]);
            let is_new_deck = before.is_none_or(|before| !std::ptr::eq(before.deck, note.deck));
            let is_new_topic = before.is_none_or(|before| !std::ptr::eq(before.topic, note.topic));
            counts.decks += usize::from(is_new_deck);
            counts.topics += usize::from(is_new_topic && !note.topic.path.is_empty());
        }
        counts
    }

    /// Makes and writes the outputs, in these formats or else those of the configuration. Call it
    /// only when no diagnostic is an error.
    ///
    /// The lock comes last: a build that is killed before has written outputs that the next build
    /// writes again.
    ///
    /// # Errors
    /// If something cannot be written.
    pub fn build(&self, out: &Path, formats: &[Format]) -> anyhow::Result<Built> {
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
        let mut artifacts = Artifacts::new();
        for &format in formats {
            let made = export::export(format, &input)
                .with_context(|| format!("cannot make the {format:?} output"))?;
            artifacts.extend(made);
        }
        self.progress.begin(Phase::Writing);
        let (lock, pending) = self.prepare_lock()?;
        disk::write(out, &artifacts)?;
        let removed = disk::remove_stale(out, &artifacts)?;
        pending.map(disk::Pending::commit).transpose()?;
        let written = artifacts.iter().map(|(path, bytes)| (out.join(path), bytes.len())).collect();
        Ok(Built { counts: self.counts(), written, removed, lock })
    }

    /// Forgets the questions that were taken out before the last build; says how many.
    ///
    /// # Errors
    /// If the lock cannot be written.
    pub fn prune(&self) -> anyhow::Result<usize> {
        let (Some(path), true) = (&self.lock, self.has_lock) else { return Ok(0) };
        let mut lock = self.old_lock.clone();
        let before = lock.entries.len();
        let is_back = |id: &str| self.identities.plan.revived.iter().any(|item| item.id == id);
        lock.entries.retain(|entry| entry.removed.is_none() || is_back(&entry.id));
        let forgotten = before - lock.entries.len();
        if forgotten > 0 {
            disk::prepare(path, lock.to_text()?.as_bytes())?.commit()?;
        }
        Ok(forgotten)
    }

    /// Makes the edits that mend what is wrong with the content; says how many.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn fix(&self) -> anyhow::Result<usize> {
        let mut texts: BTreeMap<FileId, String> = BTreeMap::new();
        let fixes: Vec<&Fix> = self.diagnostics.iter().filter_map(|d| d.fix.as_ref()).collect();
        // From the end, so that the places before stay what they are.
        for Fix { span, text } in fixes.iter().rev() {
            let file = texts.entry(span.file);
            let source = file.or_insert_with(|| self.sources.text(span.file).to_owned());
            source.replace_range(span.range(), text);
        }
        for (file, text) in texts {
            disk::replace(&self.root.join(self.sources.path(file)), text.as_bytes())?;
        }
        Ok(fixes.len())
    }

    /// Writes the lock under another name. Where none was, and none can be, the build goes on.
    fn prepare_lock(&self) -> anyhow::Result<(LockState, Option<disk::Pending>)> {
        let Some(path) = &self.lock else { return Ok((LockState::Unwanted, None)) };
        let apart = self.is_lock_apart.then(|| LockState::KeptApart(path.clone()));
        let kept = || apart.unwrap_or(LockState::Kept);
        if self.has_lock && self.identities.plan.is_empty() {
            return Ok((kept(), None));
        }
        let text = self.identities.lock.to_text()?;
        match disk::prepare(path, text.as_bytes()) {
            Ok(pending) if self.has_lock => Ok((kept(), Some(pending))),
            Ok(pending) => Ok((LockState::Made(path.clone()), Some(pending))),
            Err(error) if self.has_lock => Err(error),
            Err(error) => {
                Ok((LockState::Impossible(path.clone(), error.root_cause().to_string()), None))
            }
        }
    }

    /// What rendering needs.
    fn context(&self) -> Context<'_> {
        let Self { sources, bank, media, config, .. } = self;
        let (gaps, boxes) = (Gaps::default(), Boxes::default());
        Context { sources, bank, media, media_folder: "", html: config.html, gaps, boxes }
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

/// The time of the build: `SOURCE_DATE_EPOCH` if it is set, else the clock's.
#[expect(clippy::disallowed_methods, reason = "time enters the program here and nowhere else")]
fn now() -> anyhow::Result<i64> {
    if let Ok(seconds) = std::env::var("SOURCE_DATE_EPOCH") {
        return seconds.trim().parse().context("SOURCE_DATE_EPOCH must be a number of seconds");
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Ok(i64::try_from(since.as_secs())?)
}
