//! The order of the phases.
//!
//! This is the only place that knows it: read, parse, identify, check, export, write. Everything
//! below is pure; what touches the machine is in [`crate::disk`], and time comes in as a value.

pub mod build;
mod fault;
mod inputs;
pub mod locks;
pub mod receipt;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::config::{self, Config};
use crate::diagnostic::{self, Code, Diagnostic, Fix};
use crate::disk::exclusive::{self, FolderLock};
use crate::disk::{self, Content};
use crate::identity::lock::{self, Lock};
use crate::identity::{self, Identities, Moment, Note};
use crate::media::{self, Media, Problem};
use crate::model::Bank;
use crate::progress::{Phase, Progress};
use crate::render::Context;
use crate::source::{FileId, Sources, Span};
use crate::{anki, check, parse};
use fault::Faults;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LockPlace {
    /// Beside the content.
    #[default]
    Beside,
    /// In this file.
    At(PathBuf),
    /// Nowhere: every question is new.
    Nowhere,
}

/// What was found, not yet read.
#[derive(Debug)]
pub struct Found {
    content: Content,
    lock: Option<PathBuf>,
    lock_bytes: Option<Vec<u8>>,
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
    place: LockPlace,
    lock: Option<PathBuf>,
    has_lock: bool,
    /// Where the present phase is noted down.
    pub progress: Progress,
    name: String,
    key_points: usize,
    /// What stands for each file beside the texts.
    beside: BTreeMap<String, String>,
    /// Whether the next build would say the same.
    is_settled: bool,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// Finds content and its lock.
///
/// # Errors
/// If something cannot be read.
pub fn find(job: &Job) -> anyhow::Result<Found> {
    let content = disk::read_content(&job.content, &job.out)?;
    let lock = lock_of(job)?;
    let lock_bytes = lock.as_deref().map(disk::read_lock).transpose()?.flatten();
    Ok(Found { content, lock, lock_bytes })
}

/// Says where the lock is, or is to be.
///
/// # Errors
/// If the content is not there.
pub fn lock_of(job: &Job) -> anyhow::Result<Option<PathBuf>> {
    match &job.lock {
        LockPlace::Beside => Ok(Some(disk::lock_beside(&job.content)?)),
        LockPlace::At(path) => Ok(Some(path.clone())),
        LockPlace::Nowhere => Ok(None),
    }
}

/// Keeps other builds away from the lock of the content; called before it is read, and held until it
/// is written.
///
/// # Errors
/// If the content is not there, or another build has not come to its end in a few seconds.
pub fn claim(job: &Job) -> anyhow::Result<Option<FolderLock>> {
    let lock = lock_of(job)?;
    Ok(lock.map(|lock| exclusive::lock(disk::folder(&lock))).transpose()?.flatten())
}

/// Keeps other builds away from the outputs, unless the lock lies there, so that they are already.
fn claim_outputs(out: &Path, lock: Option<&Path>) -> anyhow::Result<Option<FolderLock>> {
    exclusive::lock_besides(out, lock.map(disk::folder))
}

/// Finds, reads and checks content.
///
/// # Errors
/// If something cannot be read.
pub fn read(job: &Job) -> anyhow::Result<Project> {
    read_found(job, find(job)?)
}

/// Reads and checks what was found. A file at which the program fails has an error that says so.
///
/// # Errors
/// If the time is not known.
pub fn read_found(job: &Job, found: Found) -> anyhow::Result<Project> {
    fault::caught(|| read_whole(job, found, &Faults::new()))
        .unwrap_or_else(|why| fault::read_others(job, &why))
}

/// Reads and checks what was found, but for the files at which the program fails.
fn read_whole(job: &Job, found: Found, faults: &Faults) -> anyhow::Result<Project> {
    job.progress.begin(Phase::Reading);
    let Found { content: found, lock, lock_bytes } = found;
    let mut diagnostics = Vec::new();
    let mut sources = Sources::new(&found.prefix);
    let mut config = Config::default();
    let mut broken_files = Vec::new();
    let paths: Vec<String> = found.files.iter().map(|(path, _)| path.clone()).collect();
    let written = disk::written::among(&found.root, paths.iter().map(String::as_str));
    for (path, bytes) in found.files {
        let (file, broken) = sources.add_bytes(&path, bytes);
        if let Some(why) = faults.get(&path) {
            diagnostics.push(fault::internal_error(file, why));
            sources.leave_out(file);
            continue;
        }
        fault::provoke("read", &path);
        if let Some(folder) = written.get(path.as_str()) {
            sources.set_output(file, folder);
            continue;
        }
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
    let beside = beside(&media, &problems, config.css.as_ref().map(|(path, _)| (&**path, &css)));
    report_circles(&mut sources, &found.prefix, &found.circles, &mut diagnostics);
    let has_lock = lock_bytes.is_some();
    let old_lock = read_lock(&mut sources, lock.as_deref(), lock_bytes, &mut diagnostics);
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
    let before = diagnostics.len();
    let identities = identity::identify(&facts, &old_lock, moment, &mut diagnostics);
    // A pair is reported until it is confirmed, what has become of a question once.
    let is_settled = found.circles.is_empty()
        && diagnostics[before..].iter().all(|found| found.code == Code::NearMatch);
    let answered = facts.iter().filter(|question| question.is_answered);
    let key_points = answered.map(|question| question.key_points).sum();
    drop((facts, old_lock));

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
        place: job.lock.clone(),
        lock,
        has_lock,
        name: found.name,
        progress: job.progress.clone(),
        key_points,
        beside,
        is_settled,
    })
}

/// A link is no text, so it is shown as one without a line.
fn report_circles(
    sources: &mut Sources,
    prefix: &str,
    circles: &[String],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for path in circles {
        let (file, _) = sources.add_outside(&format!("{prefix}{path}"), Vec::new());
        let message = "this symbolic link leads in a circle";
        let problem = Diagnostic::new(Code::CircularLink, Span::new(file, 0..0), message)
            .label("passed over")
            .help("take it out, or let it lead elsewhere");
        diagnostics.push(problem);
    }
}

/// What stands for each file beside the texts, for [`receipt`].
fn beside(
    media: &Media,
    problems: &BTreeMap<String, Problem>,
    css: Option<(&str, &String)>,
) -> BTreeMap<String, String> {
    let found = media.iter().map(|(path, file)| (path, Ok(&*file.bytes)));
    let missed = problems.iter().filter(|(_, problem)| **problem != Problem::Ignored);
    let missed = missed.map(|(path, problem)| (path.as_str(), Err(problem)));
    let css = css.map(|(path, css)| (path, Ok(css.as_bytes())));
    let all = found.chain(missed).chain(css);
    all.map(|(path, file)| (path.to_owned(), receipt::beside(file))).collect()
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
        let mut counts = Counts {
            questions: notes.len(),
            cards: notes.iter().map(Note::cards).sum(),
            key_points: self.key_points,
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

    /// What rendering needs.
    fn context(&self) -> Context<'_> {
        let Self { sources, bank, media, config, .. } = self;
        Context::of(sources, bank, media, config.html)
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
