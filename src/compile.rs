//! From texts to notes with identities: the one place that knows the order of the phases.
//!
//! ```text
//! texts ─► sources, settings ─► questions ─► files that they refer to ─► facts ─► checks ─► identities
//! ```
//!
//! Nothing here touches the disk or the clock: texts, the lock and the time come in as values, and
//! the files that questions refer to through [`Attachments`]. So the driver, the specification, the
//! properties and the benches all call the same function.

mod attachments;
mod contents;
mod counts;
mod exports;
pub mod selection;
mod template_media;

use std::collections::BTreeMap;

use crate::config::{self, Config, note_type};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::identity::lock::{self, Lock};
use crate::identity::{self, Identities, IdentityOptions, Note};
use crate::media::{self, Media, Problem};
use crate::model::Library;
use crate::progress::{Phase, Progress};
use crate::render::Context;
use crate::source::{FileId, Sources, Span};
use crate::stats::{self, Stats};
use crate::vault::Vault;
use crate::{anki, check, parse};
pub use attachments::{Attachment, Attachments};
pub use counts::Counts;
pub use exports::refuse_overlaps;

/// All that notes are compiled from.
pub struct Inputs<'i> {
    /// The prefix of paths that are shown to a person, such as `content/`.
    pub prefix: &'i str,
    /// The texts, in path order, the settings first.
    pub files: Vec<InputFile>,
    /// Paths of symbolic links that lead in a circle.
    pub circles: &'i [String],
    /// Where the content is in an Obsidian vault, as a path that is empty or ends with `/`; nothing
    /// if it is in none.
    pub vault: Option<&'i str>,
    /// Reads the files that the texts refer to.
    pub attachments: &'i dyn Attachments,
    /// The path of the lock and what it holds, if there is one.
    pub lock: Option<(String, Vec<u8>)>,
    /// The time of the build, in seconds since 1970.
    pub now: i64,
    /// Counts every note as changed.
    pub refresh: bool,
    /// Where the present phase is noted down.
    pub progress: &'i Progress,
}

/// A text with its path below the content folder.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// The path, with `/` on every system.
    pub path: String,
    /// The text, as it came from the disk.
    pub bytes: Vec<u8>,
    /// Whether it is read.
    pub role: Role,
}

/// What a text is to a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is content, or the settings.
    Content,
    /// An earlier build wrote it, as one of its outputs in this folder.
    Output(String),
    /// The program fails at it, for this reason.
    Failing(String),
}

/// Notes with their identities, and everything that outputs are made from.
#[derive(Debug)]
pub struct Compiled {
    /// The texts.
    pub sources: Sources,
    /// The settings.
    pub config: Config,
    /// The decks and questions.
    pub library: Library,
    /// The files that the texts refer to.
    pub media: Media,
    /// Of the files that the texts refer to, why they cannot be had.
    pub problems: BTreeMap<String, Problem>,
    /// Where the content is in an Obsidian vault, if it is in one.
    pub vault: Option<String>,
    /// A hash of the names of all files, if any was looked up.
    pub names: Option<String>,
    /// The author's own style sheet.
    pub css: String,
    /// The files that templates and style sheets of the author's own note types name, by what they
    /// call them, with their paths.
    pub template_media: BTreeMap<String, String>,
    /// The identities of the questions, and what has changed since the lock.
    pub identities: Identities,
    /// Everything wrong, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// How many key points the answered questions have.
    pub key_points: usize,
    /// Whether compiling the same again, with the lock of this build, would report the same.
    pub is_settled: bool,
}

/// Compiles texts. What is wrong with them is in the diagnostics; nothing here fails.
#[must_use]
pub fn compile(inputs: Inputs<'_>) -> Compiled {
    let Inputs { prefix, files, circles, vault, attachments, lock, now, refresh, progress } =
        inputs;
    progress.begin(Phase::Reading);
    let mut diagnostics = Vec::new();
    let mut sources = Sources::new(prefix);
    let (config, broken) = add_files(&mut sources, files, &mut diagnostics);
    let css = read_css(attachments, &config, &mut diagnostics);
    let place = vault.map(str::to_owned);
    let (library, names) = {
        let read = |path: &str| attachments.read(path).ok();
        let vault =
            Vault::new(vault.unwrap_or_default(), vault.is_some(), || attachments.names(), read);
        (parse::library(&mut sources, &config, &vault, &mut diagnostics), vault.names_hash())
    };
    diagnostics
        .extend(broken.into_iter().filter(|found| concerns_questions(found, &sources, &library)));
    let (mut media, mut problems) = attachments::find(attachments, &library.media, progress);
    let template_media = template_media::read(
        attachments,
        &sources,
        &config.note_types,
        (&mut media, &mut problems),
        &mut diagnostics,
    );
    report_circles(&mut sources, prefix, circles, &mut diagnostics);
    let mut old_lock = read_lock(&mut sources, lock, &mut diagnostics).unwrap_or_default();

    progress.begin(Phase::Comparing);
    let facts = identity::facts(&sources, &library, &media, &config.note_types, &old_lock);
    identity::renew_fingerprints(&facts, &mut old_lock);
    let asked = facts.iter().map(|question| question.text.as_str());
    let problem = |path: &str| problems.get(path);
    check::library(&sources, &library, asked, config.remote_media, problem, &mut diagnostics);
    check::templates::check(&sources, &config.note_types, &mut diagnostics);
    identity::duplicate_ids(&library, &mut diagnostics);
    // The style sheet of the note types is theirs and ours together.
    let style = format!("{}\n{css}", anki::NOTETYPE_MTIME);
    let style = (!css.is_empty()).then(|| media::hash(style.as_bytes()));
    let options = IdentityOptions {
        now,
        namespace: config.namespace.as_deref(),
        refresh,
        highlights: config.highlights,
        style: style.as_deref(),
        note_types: &config.note_types,
    };
    let before = diagnostics.len();
    let identities = identity::identify(&facts, &old_lock, options, &mut diagnostics);
    // A pair is reported until it is confirmed, what has become of a question once.
    let is_settled = circles.is_empty()
        && diagnostics[before..].iter().all(|found| found.code == Code::NearMatch);
    let notes = identity::notes(&library, &identities);
    // What is missing because something else is wrong is not missed twice.
    if !notes.is_empty() && !diagnostic::any_error(&diagnostics) {
        selection::check(&sources, &config.exports, &notes, &mut diagnostics);
    }
    if config.lint.is_any() {
        let limits = config.lint.limits();
        let stats = stats::of(&sources, &library, &media, &identities, &notes, limits);
        stats::lint(&stats, &config.lint, &mut diagnostics);
    }
    let answered = facts.iter().filter(|question| question.is_answered);
    let key_points = answered.map(|question| question.key_points).sum();
    drop((facts, old_lock));

    diagnostic::sort(&mut diagnostics);
    Compiled {
        sources,
        config,
        library,
        media,
        problems,
        vault: place,
        names,
        css,
        template_media,
        identities,
        diagnostics,
        key_points,
        is_settled,
    }
}

/// Adds the texts to the sources; returns the settings, and what is wrong with texts that are not
/// UTF-8.
fn add_files(
    sources: &mut Sources,
    files: Vec<InputFile>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Config, Vec<Diagnostic>) {
    let mut config = Config::default();
    let mut broken_files = Vec::new();
    for InputFile { path, bytes, role } in files {
        let (file, broken) = sources.add_bytes(&path, bytes);
        match role {
            Role::Content => {}
            Role::Output(folder) => {
                sources.set_output(file, &folder);
                continue;
            }
            Role::Failing(why) => {
                diagnostics.push(internal_error(file, &why));
                sources.leave_out(file);
                continue;
            }
        }
        broken_files.extend(broken.map(|span| {
            Diagnostic::new(Code::NotUtf8, span, "this file is not UTF-8")
                .label("the first byte that cannot be read")
                .help("save it as UTF-8")
        }));
        if path == config::FILE_NAME {
            config = config::read(sources, file, diagnostics);
        } else if note_type::is_part(&path) {
            sources.leave_out(file);
        }
    }
    note_type::read_all(sources, &mut config, diagnostics);
    (config, broken_files)
}

/// Returns whether a diagnostic is about a file with questions: a table of values without any may
/// hold what it likes.
fn concerns_questions(found: &Diagnostic, sources: &Sources, library: &Library) -> bool {
    let mut questions = library.questions();
    !parse::is_values(sources.path(found.span.file))
        || questions.any(|(_, _, question)| question.span.file == found.span.file)
}

/// Asks for a report of a fault of the program.
pub const REPORT_IT: &str =
    "this is a fault of deckpress: please report it, if you can with what it fails at";

fn internal_error(file: FileId, why: &str) -> Diagnostic {
    let message = format!("deckpress fails at this file: {why}");
    Diagnostic::new(Code::InternalError, Span::new(file, 0..0), message)
        .label("left out")
        .help(REPORT_IT)
}

fn read_css(
    attachments: &dyn Attachments,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    let Some((path, span)) = &config.css else { return String::new() };
    let read = attachments.read(path).map_err(|problem| check::why(&problem));
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

/// Reports links that lead in a circle. A link is no text, so it is shown as one without a line.
fn report_circles(
    sources: &mut Sources,
    prefix: &str,
    circles: &[String],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for path in circles {
        let (file, _) = sources.add_outside(&format!("{prefix}{path}"), Vec::new());
        let message = "this symbolic link leads in a circle";
        diagnostics.push(
            Diagnostic::new(Code::CircularLink, Span::new(file, 0..0), message)
                .label("passed over")
                .help("take it out, or let it lead elsewhere"),
        );
    }
}

/// Reads a lock, from its path and what it holds; `None` if there is none, or it cannot be used.
pub fn read_lock(
    sources: &mut Sources,
    lock: Option<(String, Vec<u8>)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Lock> {
    let (path, bytes) = lock?;
    let (file, broken) = sources.add_outside(&path, bytes);
    diagnostics.extend(broken.map(|span| lock::damaged(span, "it is not UTF-8")));
    Lock::read(sources, file, diagnostics)
}

impl Compiled {
    /// Returns every question that reaches the outputs, with its identity.
    #[must_use]
    pub fn notes(&self) -> Vec<Note<'_>> {
        identity::notes(&self.library, &self.identities)
    }

    /// Returns whether something is wrong that keeps outputs from being written.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        diagnostic::any_error(&self.diagnostics)
    }

    /// Returns what the bank is like.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let Self { sources, library, media, identities, config, .. } = self;
        let limits = config.lint.limits();
        stats::of(sources, library, media, identities, &self.notes(), limits)
    }

    /// Returns what rendering needs.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        let Self { sources, library, media, config, .. } = self;
        Context::new(sources, library, media, config.html)
    }
}
