//! The order of the phases.
//!
//! This is the only place that knows it: read, parse, identify, check, export, write. Everything
//! below is pure; what touches the machine is in [`crate::disk`], and time comes in as a value.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;

use crate::config::{self, Config, Format};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::disk;
use crate::export::{self, Artifacts, Input};
use crate::identity::{self, Note};
use crate::media::Media;
use crate::model::Bank;
use crate::render::{Context, card};
use crate::slug::slug;
use crate::source::Sources;
use crate::{check, parse};

/// What to build, and where to.
#[derive(Debug)]
pub struct Job {
    /// A content folder or a single file.
    pub content: PathBuf,
    /// The output folder.
    pub out: PathBuf,
    /// The formats, if not those of the configuration.
    pub formats: Vec<Format>,
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
    /// Everything wrong, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// Seconds since 1970.
    now: i64,
    /// The name of the content folder or file.
    folder: String,
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
}

/// Reads and checks a content folder. `out` inside it is not content.
///
/// # Errors
/// If something cannot be read.
pub fn read(content: &Path, out: &Path) -> anyhow::Result<Project> {
    let found = disk::read_content(content, out)?;
    let now = now()?;
    let mut diagnostics = Vec::new();
    let mut sources = Sources::new(&found.prefix);
    let mut config = Config::default();
    for (path, bytes) in found.files {
        let (file, broken) = sources.add_bytes(&path, bytes);
        if let Some(span) = broken {
            diagnostics.push(
                Diagnostic::new(Code::NotUtf8, span, "this file is not UTF-8")
                    .label("the first byte that cannot be read")
                    .help("save it as UTF-8"),
            );
        }
        if path == config::FILE_NAME {
            config = config::read(&sources, file, &mut diagnostics);
        }
    }
    let bank = parse::bank(&sources, &config, &mut diagnostics);
    let (media, missing) = disk::read_media(&found.root, &bank.media);
    check::bank(&sources, &bank, |path| missing.get(path).cloned(), &mut diagnostics);
    let folder = found.name;
    let mut project = Project { sources, config, bank, media, diagnostics, now, folder };
    let mut more = Vec::new();
    project.notes_into(&mut more);
    project.diagnostics.extend(more);
    diagnostic::sort(&mut project.diagnostics);
    Ok(project)
}

impl Project {
    /// Every question that reaches the outputs, with its identity.
    #[must_use]
    pub fn notes(&self) -> Vec<Note<'_>> {
        self.notes_into(&mut Vec::new())
    }

    fn notes_into(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Note<'_>> {
        let namespace = self.config.namespace.as_deref();
        identity::notes(&self.sources, &self.bank, namespace, self.now, diagnostics)
    }

    /// What rendering needs.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        let Self { sources, bank, media, config, .. } = self;
        Context { sources, bank, media, media_folder: "", html: config.html }
    }

    /// The base name of the outputs: as configured, else the only deck's, else the folder's.
    #[must_use]
    pub fn name(&self, notes: &[Note<'_>]) -> String {
        if let Some(name) = &self.config.name {
            return name.clone();
        }
        let mut titles: Vec<&str> = notes.iter().map(|note| note.deck.title.as_str()).collect();
        titles.dedup();
        let title = if let [only] = titles[..] { slug(only) } else { String::new() };
        let folder = slug(&self.folder);
        let name = [title, folder].into_iter().find(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| "deck".to_owned());
        if config::bad_name(&name).is_some() { format!("deck-{name}") } else { name }
    }

    /// How much there is.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.count(&self.notes())
    }

    fn count(&self, notes: &[Note<'_>]) -> Counts {
        let context = self.context();
        let mut counts = Counts { questions: notes.len(), cards: notes.len(), ..Counts::default() };
        for (at, note) in notes.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| &notes[before]);
            let is_new_deck = before.is_none_or(|before| !std::ptr::eq(before.deck, note.deck));
            let is_new_topic = before.is_none_or(|before| !std::ptr::eq(before.topic, note.topic));
            counts.decks += usize::from(is_new_deck);
            counts.topics += usize::from(is_new_topic && !note.topic.path.is_empty());
            counts.key_points += card::key_points(&context, note.question);
        }
        counts
    }

    /// Makes and writes the outputs. Call it only when no diagnostic is an error.
    ///
    /// # Errors
    /// If something cannot be written.
    pub fn build(&self, job: &Job) -> anyhow::Result<Built> {
        let notes = self.notes();
        let name = self.name(&notes);
        let input =
            Input { context: self.context(), notes: &notes, name: &name, config: &self.config };
        let formats = if job.formats.is_empty() {
            self.config.formats.as_deref().unwrap_or(Format::DEFAULT)
        } else {
            &job.formats
        };
        let mut artifacts = Artifacts::new();
        for &format in formats {
            let made = export::export(format, &input)
                .with_context(|| format!("cannot make the {format:?} output"))?;
            artifacts.extend(made);
        }
        disk::write(&job.out, &artifacts)?;
        let removed = disk::remove_stale(&job.out, &artifacts)?;
        let written =
            artifacts.iter().map(|(path, bytes)| (job.out.join(path), bytes.len())).collect();
        Ok(Built { counts: self.count(&notes), written, removed })
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
