//! From sources to decks and questions.
//!
//! Parsing never fails: it returns what it understood, and diagnostics for everything else. Files
//! in the native convention are read by [`native`]; all others are first translated into it by
//! `convention`. Nothing is rendered here, and questions are not compared.

mod attributes;
pub mod blocks;
mod chunks;
mod conflict;
mod convention;
mod ends;
pub mod file;
pub mod front_matter;
mod kinds;
mod labels;
mod missing;
pub mod native;
mod note_types;
mod obsidian;
pub mod own;
mod raw;
pub mod scan;
mod stray;
mod swallowed;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::config::{self, Config, Dialect, FrontMatter, note_type};
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown;
use crate::model::{CardKind, Convention, Definitions, Excerpt, Library};
use crate::source::{FileId, Sources, Span};
use crate::vault::Vault;
use blocks::{Block, Kind};
use convention::Translation;
use file::{File, Foreign};
use obsidian::{Dialects, Findings, unread};

/// How many files without a question get a hint about the convention that would find some. Finding
/// it takes much longer than reading a file, and most such files are just notes.
const MOST_ADVISED: usize = 20;

/// A file of the content with its front matter.
struct Page {
    original: FileId,
    /// The file to read in its place, without what only its dialect knows.
    file: FileId,
    dialect: Option<Dialect>,
    findings: Findings,
    settings: FrontMatter,
    /// The byte where its text begins, below the front matter.
    start: usize,
    problems: Vec<Diagnostic>,
}

/// Reads every file into a library. Foreign files are translated first.
#[must_use]
pub fn library(
    sources: &mut Sources,
    config: &Config,
    vault: &Vault<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Library {
    let mut library = Library::default();
    let mut index = native::Index::default();
    let files: Vec<FileId> = sources.iter().map(|(id, _)| id).collect();
    let mut definitions: BTreeMap<FileId, Definitions> = BTreeMap::new();
    let mut silent = BTreeMap::new();
    let mut own = Vec::new();
    let mut pages = Vec::new();
    for original in files {
        if sources.path(original) == config::FILE_NAME || sources.is_left_out(original) {
            continue;
        }
        let mut problems = Vec::new();
        let (settings, start) = if is_values(sources.path(original)) {
            (FrontMatter::default(), 0)
        } else {
            front_matter::read(original, sources.text(original), &mut problems)
        };
        if sources.output_folder(original).is_some()
            || own::is_page(&sources.text(original)[start..])
        {
            own.push(original);
            continue;
        }
        conflict::report(sources, original, start, diagnostics);
        let is_values = is_values(sources.path(original));
        let dialect = settings.dialect.or(config.dialect).or(vault.dialect());
        let dialect = if is_values { Some(Dialect::CommonMark) } else { dialect };
        let (file, findings) = (original, Findings::default());
        pages.push(Page { original, file, dialect, findings, settings, start, problems });
    }
    obsidian::clean_notes(sources, &mut pages, vault);
    let mut dialects = Dialects::new(vault);
    let mut dialect_of = BTreeMap::new();
    let files = pages.iter().map(|Page { file, settings, start, .. }| {
        let (text, path) = (sources.text(*file), sources.path(*file));
        convention::File { text, path, start: *start, settings }
    });
    let (readings, shared) = convention::read(&files.collect::<Vec<_>>(), config);
    library.shared = shared;
    for (page, (reading, mut closed)) in pages.into_iter().zip(readings) {
        let Page { original, file, dialect, mut findings, mut settings, mut start, mut problems } =
            page;
        let top = start;
        let is_obsidian = dialect == Some(Dialect::Obsidian);
        let mut id = file;
        let mut foreign = None;
        let may_ask = reading.is_some() || sources.text(file).contains("Q:");
        if is_obsidian && !may_ask {
            // Most notes of a vault hold no question.
            let text = sources.text(original);
            let blank = text[start..].len() - text[start..].trim_start().len();
            let text = Span::new(original, start + blank..text.trim_end().len().max(start + blank));
            let text = Some(text).filter(|text| text.start < text.end);
            let (nearest, is_values) = (None, false);
            silent.insert(original, Silent { text, nearest, is_values, is_obsidian, problems });
            continue;
        }
        if let Some(reading) = reading {
            let Translation { text, parts, skipped, topics, questions, is_one } = reading;
            let place = |(range, why)| (sources.original(Span::new(file, range)), why);
            let left: Vec<_> = skipped.into_iter().map(place).collect();
            report_left(sources, &left, diagnostics);
            library.left.extend(left);
            let deck = obsidian::find_deck(sources.text(file)).filter(|_| is_obsidian);
            if let Some(deck) = deck.filter(|_| settings.deck.is_none()) {
                settings.name_deck(deck);
            }
            folders(sources.path(original), text.starts_with("# ") || is_one, &mut settings);
            if is_one && settings.deck.is_none() {
                settings.deck = Some(whole_deck(sources, config));
            }
            id = sources.add_translation(file, text, parts);
            start = 0;
            foreign = Some(Foreign { topics, questions });
        }
        let mut embedded = Vec::new();
        let expanded =
            obsidian::expand_file(sources, id, start, dialect, &mut dialects, &mut findings);
        if let Some(expansion) = expanded {
            foreign = foreign.map(|foreign| expansion.move_foreign(sources, id, foreign));
            id = expansion.file;
            embedded = expansion.embedded;
            library.embeds.insert(id, expansion.links);
        }
        dialect_of.insert(id, dialect);
        let mut scan = scan::scan(sources, id, start, config.html, &embedded, diagnostics);
        scan.definitions.is_obsidian = is_obsidian;
        let settings = &settings;
        if let Some((name, span)) = &settings.note_type {
            problems.extend(note_type::report_unknown(config, name, *span));
        }
        let file_read =
            File { sources, id, config, settings, scan: &scan, foreign: foreign.as_ref() };
        let mut closed_in = file;
        if foreign.is_none() && closed.is_empty() {
            closed = swallowed::find(sources.text(id), &scan.blocks);
            closed_in = id;
        }
        diagnostics.extend(closed.iter().map(|block| swallowed::report(sources, closed_in, block)));
        let file = file_read;
        let asked = native::read(&file, &mut index, &mut library, &mut problems);
        missing::count_unanswered(asked, file.foreign.is_some(), &mut problems);
        if asked == 0 {
            // Where nothing is asked, front matter is another tool's.
            problems
                .iter_mut()
                .filter(|problem| problem.code == Code::FrontMatter)
                .for_each(Diagnostic::soften);
            let (text, path) = (sources.text(original), sources.path(original));
            let nearest = (silent.len() < MOST_ADVISED)
                .then(|| convention::find_nearest(text, path, top, config, settings));
            let nearest = nearest.flatten();
            let is_values = is_values(path);
            // What stands between commas may be data, which is worth a word only where nothing
            // asks.
            let text = if is_values { values(sources, original) } else { visible(&file) };
            silent.insert(id, Silent { text, nearest, is_values, is_obsidian, problems });
        } else {
            diagnostics.append(&mut problems);
            diagnostics.append(&mut findings.problems);
            let left = findings.left.iter().map(|(span, why)| (sources.original(*span), *why));
            library.left.extend(left);
            library.links.insert(original, findings.links);
        }
        definitions.insert(id, scan.definitions);
        library.media.extend(scan.media);
    }
    report_unread(sources, &library, &dialect_of, diagnostics);
    own::report(sources, &own, diagnostics);
    let whole = |file: FileId| Span::new(file, 0..sources.text(file).len());
    library.left.extend(own.into_iter().map(|file| (whole(file), own::WHY)));
    let of_file = |(id, _)| definitions.remove(&id).unwrap_or_default();
    library.definitions = sources.iter().map(of_file).collect();
    mark_highlights(sources, &mut library);
    let mut left = Vec::new();
    let unused = unused(sources, &library, silent, &mut left, diagnostics);
    library.media.retain(|media| !unused.contains(&media.span.file));
    library.left.retain(|(span, _)| !unused.contains(&span.file));
    let topics = library.decks.iter().flat_map(|deck| &deck.topics);
    for topic in topics.filter(|topic| topic.questions.is_empty()) {
        let bodies = topic.description.iter();
        for body in bodies.filter(|body| !unused.contains(&body.blocks.file)) {
            let span = blocks::first_line(sources, body.span());
            let why = "no question right below this topic";
            diagnostics.push(no_questions(span, why));
            left.push((body.span(), why));
        }
    }
    library.left.extend(left);
    library
}

/// A file without a question.
struct Silent {
    /// Its visible text.
    text: Option<Span>,
    /// The convention that would find the most questions in it, and their number.
    nearest: Option<(Convention, usize)>,
    /// Whether it holds values between commas or tabs.
    is_values: bool,
    /// Whether it is a note of a vault, most of which ask nothing.
    is_obsidian: bool,
    /// Its problems.
    problems: Vec<Diagnostic>,
}

/// Returns the visible text of a file.
fn visible(file: &File<'_>) -> Option<Span> {
    let is_visible = |block: &&Block| !matches!(block.kind, Kind::Rule | Kind::Invisible);
    let first = file.scan.blocks.iter().find(is_visible)?.range.start;
    let last = file.scan.blocks.iter().rfind(is_visible)?.range.end;
    Some(Span::new(file.id, first..last))
}

/// Returns the first row of a file of values.
fn values(sources: &Sources, file: FileId) -> Option<Span> {
    let text = sources.text(file);
    let start = text.find(|c: char| !(c.is_whitespace() || c == '\u{feff}'))?;
    let end = text[start..].find(['\n', '\r']).map_or(text.len(), |end| start + end);
    Some(Span::new(file, start..end))
}

/// Notes where highlights are no gaps: in all texts of Obsidian but those of cloze questions.
fn mark_highlights(sources: &Sources, library: &mut Library) {
    let mut found: Vec<Span> = Vec::new();
    for deck in &library.decks {
        let topics = deck.topics.iter().flat_map(|topic| &topic.description);
        found.extend(deck.description.iter().chain(topics).map(Excerpt::span));
    }
    for (_, _, question) in
        library.questions().filter(|(_, _, asked)| !asked.makes(CardKind::Cloze))
    {
        let sections = question.sections.iter().map(|section| &section.body);
        found.extend(question.prompt.iter().chain(sections).map(Excerpt::span));
    }
    for span in found {
        let definitions = &mut library.definitions[span.file.index()];
        if definitions.is_obsidian && sources.slice(span).contains("==") {
            definitions.marked.push(span.range());
        }
    }
    for definitions in &mut library.definitions {
        definitions.marked.sort_by_key(|range| range.start);
    }
}

/// Reports Obsidian's syntax in the questions of files whose dialect is not known.
fn report_unread(
    sources: &Sources,
    library: &Library,
    dialects: &BTreeMap<FileId, Option<Dialect>>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut parts: BTreeMap<FileId, Vec<Range<usize>>> = BTreeMap::new();
    for (_, _, question) in library.questions() {
        let file = question.span.file;
        if dialects.get(&file).is_some_and(Option::is_none) {
            let sections = question.sections.iter().map(|section| &section.body);
            let bodies = question.prompt.iter().chain(sections);
            parts.entry(file).or_default().extend(bodies.map(|body| body.content.clone()));
        }
    }
    let mut found = unread::Unread::new();
    for (file, mut parts) in parts {
        parts.sort_by_key(|part| part.start);
        let place = |range| Span::new(file, range);
        unread::count(sources.text(file), &parts, place, &mut found);
    }
    diagnostics.extend(unread::report(found));
}

/// Reports the files without a question whose text is in no output, and returns them. Each is a
/// single problem, whatever else is wrong with it.
fn unused(
    sources: &Sources,
    library: &Library,
    silent: BTreeMap<FileId, Silent>,
    left: &mut Vec<(Span, &'static str)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeSet<FileId> {
    let mut used = BTreeSet::new();
    for deck in &library.decks {
        let asking = deck.topics.iter().filter(|topic| !topic.questions.is_empty());
        let topics: Vec<&Excerpt> = asking.flat_map(|topic| &topic.description).collect();
        let has_questions = deck.topics.iter().any(|topic| !topic.questions.is_empty());
        let deck = deck.description.iter().filter(|_| has_questions);
        used.extend(deck.chain(topics).map(|body| body.blocks.file));
    }
    let is_all = library.questions().next().is_none();
    let mut unused = BTreeSet::new();
    let mut notes = Vec::new();
    for (file, Silent { text, nearest, is_values, is_obsidian, mut problems }) in silent {
        // Where there is no question at all, it may be known from what is wrong where they are.
        if used.contains(&file) || is_all {
            diagnostics.append(&mut problems);
        }
        if used.contains(&file) {
            continue;
        }
        unused.insert(file);
        if is_values {
            let first = text.filter(|_| is_all);
            let said = first.map(|first| no_questions(first, "no row of this file asks anything"));
            diagnostics.extend(said.map(|said| said.help(READ_ROWS)));
        } else if let Some(text) = text {
            let why = "no question in this file";
            let first = blocks::first_line(sources, text);
            match nearest {
                None if is_obsidian => notes.push(first),
                None => diagnostics.push(no_questions(first, why)),
                Some((convention, count)) => {
                    diagnostics.push(no_questions(first, why).help(format!(
                        "{ASKED}; `convention = \"{}\"` in `deckpress.toml` would read {count}",
                        convention.name()
                    )))
                }
            }
            left.push((text, why));
        }
    }
    if let Some(first) = notes.first().filter(|_| is_all) {
        let message = match notes.len() {
            1 => "no question in this note".to_owned(),
            more => format!("no question in this note and {} more", more - 1),
        };
        diagnostics.push(no_questions(*first, &message));
    }
    unused
}

/// Reports the text of a foreign file that belongs to no question and is no known boilerplate.
fn report_left(
    sources: &Sources,
    left: &[(Span, &'static str)],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut texts = left.iter().filter(|(_, why)| *why == convention::OUTSIDE);
    let Some((first, _)) = texts.next() else { return };
    let message = match texts.count() {
        0 => "this text belongs to no question".to_owned(),
        more => format!("this text, and {more} more below, belong to no question"),
    };
    diagnostics.push(
        Diagnostic::new(Code::LeftOut, blocks::first_line(sources, *first), message)
            .label("left out of every deck")
            .help("`deckpress inspect` lists all that is left out"),
    );
}

/// Returns whether a file holds separated values, going by its name.
#[must_use]
pub fn is_values(path: &str) -> bool {
    convention::is_values(path)
}

/// Makes deck and topics of the folders that a foreign file is in, unless it names its deck.
/// Without a title, the name of the file becomes the innermost topic, except `README` and `index`.
fn folders(path: &str, has_title: bool, settings: &mut FrontMatter) {
    let Some((folders, name)) = path.rsplit_once('/') else { return };
    let mut folders = folders.split('/').map(markdown::fold);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let says_nothing = ["readme", "index"].contains(&stem.to_lowercase().as_str());
    if settings.deck.is_none() {
        settings.deck = folders.next();
        if !has_title && !says_nothing && settings.topic.is_empty() {
            settings.topic.push(markdown::fold(stem));
        }
        settings.topic.splice(..0, folders);
    }
}

/// Returns the deck for questions that are a file each and in no folder.
fn whole_deck(sources: &Sources, config: &Config) -> String {
    let folder = || sources.folder().filter(|folder| !folder.is_empty()).map(markdown::fold);
    config.name.clone().or_else(folder).unwrap_or_else(|| "Questions".to_owned())
}

/// The help for files without a question.
const ASKED: &str = "a question is a heading that begins with `### Q:`";

/// The help for files of values without a question.
const READ_ROWS: &str = "`convention = \"csv\"` in `deckpress.toml` makes each row a question with the \
                         answer behind it; names above the columns, as `question` and `answer`, do too";

fn no_questions(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(Code::NoQuestions, span, message).label("left out of every deck").help(ASKED)
}
