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
mod page;
mod raw;
pub mod scan;
mod stray;
mod swallowed;
mod unread_question;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::config::{Config, Dialect, note_type};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{CardKind, Definitions, Excerpt, Library};
use crate::source::{FileId, Sources, Span, VersionSpan};
use crate::vault::Vault;
use blocks::{Block, Kind};
use convention::Reading;
use file::File;
use obsidian::{Dialects, unread};
use page::{Native, Page, Silent};

/// How many files without a question get a hint about the convention that would find some. Finding
/// it takes much longer than reading a file, and most such files are just notes.
const MOST_ADVISED: usize = 20;

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
    let mut definitions: BTreeMap<FileId, Definitions> = BTreeMap::new();
    let mut silent = BTreeMap::new();
    let (mut pages, own) = page::find_pages(sources, config, vault, diagnostics);
    page::clean(sources, &mut pages, vault);
    let mut dialects = Dialects::new(vault);
    let mut dialect_of = BTreeMap::new();
    let files = pages.iter().map(|Page { file, settings, start, .. }| {
        let (text, path) = (sources.text(*file), sources.path(*file));
        convention::File { text, path, start: *start, settings }
    });
    let (readings, shared) = convention::read(&files.collect::<Vec<_>>(), config);
    library.shared = shared;
    for (mut page, reading) in pages.into_iter().zip(readings) {
        let Reading { translation: reading, swallowed: closed, unread } = reading;
        let is_obsidian = page.dialect == Some(Dialect::Obsidian);
        if is_obsidian && reading.is_none() && !sources.text(page.file).contains("Q:") {
            // Most notes of a vault hold no question.
            silent.insert(page.file, page.into_silent(sources));
            continue;
        }
        let is_closed = closed.is_empty();
        let swallowed = closed.iter().map(|block| swallowed::report(sources, page.file, block));
        diagnostics.extend(swallowed);
        let asking = unread_question::count(sources, page.file, &unread);
        let unread = unread_question::report(sources, page.file, &unread);
        let native = page::make_native(
            sources,
            config,
            &mut page,
            reading,
            &mut dialects,
            &mut library.left,
            diagnostics,
        );
        let Native { start, foreign, embedded } = native;
        let Page { file: id, dialect, mut findings, settings, mut problems, start: top } = page;
        dialect_of.insert(id, dialect);
        let mut scan = scan::scan(sources, id, start, config.html, &embedded, diagnostics);
        scan.definitions.is_obsidian = is_obsidian;
        let settings = &settings;
        if let Some((name, span)) = &settings.note_type {
            problems.extend(note_type::report_unknown(config, name, *span));
        }
        if foreign.is_none() && is_closed {
            let found = swallowed::find(sources.text(id), &scan.blocks);
            diagnostics.extend(found.iter().map(|block| swallowed::report(sources, id, block)));
        }
        let file = File { sources, id, config, settings, scan: &scan, foreign: foreign.as_ref() };
        let asked = native::read(&file, &mut index, &mut library, &mut problems);
        missing::count_unanswered(asked, file.foreign.is_some(), &mut problems);
        if asked == 0 {
            // Where nothing is asked, front matter is another tool's.
            page::soften_front_matter(&mut problems);
            let (text, path) = (sources.original(id), sources.path(id));
            let nearest = (silent.len() < MOST_ADVISED)
                .then(|| convention::find_nearest(text, path, top, config, settings));
            let nearest = nearest.flatten();
            let is_values = is_values(path);
            // What stands between commas may be data, which is worth a word only where nothing
            // asks.
            let text = if is_values { values(sources, id) } else { visible(&file) };
            silent.insert(id, Silent { text, nearest, is_values, is_obsidian, asking, problems });
        } else {
            diagnostics.extend(unread);
            diagnostics.append(&mut problems);
            diagnostics.append(&mut findings.problems);
            library.left.append(&mut findings.left);
        }
        definitions.insert(id, scan.definitions);
        library.media.extend(scan.media);
    }
    report_unread(sources, &library, &dialect_of, diagnostics);
    own::report(sources, &own, diagnostics);
    let whole = |file: FileId| Span::new(file, 0..sources.original(file).len());
    library.left.extend(own.into_iter().map(|file| (whole(file), own::WHY)));
    let of_file = |(id, _)| definitions.remove(&id).unwrap_or_default();
    library.definitions = sources.iter().map(of_file).collect();
    mark_highlights(sources, &mut library);
    let mut left = Vec::new();
    let unused = unused(sources, &library, silent, &mut left, diagnostics);
    library.media.retain(|media| !unused.contains(&media.span.file));
    // Of a file that is translated, it is known which text asks nothing.
    let is_listed = |file| sources.is_foreign(file) || !unused.contains(&file);
    library.left.retain(|(span, _)| is_listed(span.file));
    let topics = library.decks.iter().flat_map(|deck| &deck.topics);
    for topic in topics.filter(|topic| topic.questions.is_empty()) {
        let bodies = topic.description.iter();
        for body in bodies.filter(|body| !unused.contains(&body.blocks.file)) {
            let file = body.blocks.file;
            let line = blocks::first_line(sources.text(file), &body.content);
            let why = "no question right below this topic";
            let first = sources.locate(VersionSpan::new(file, line));
            diagnostics.push(no_questions(first, why));
            left.push((sources.locate(body.span()), why));
        }
    }
    library.left.extend(left);
    library
}

/// Returns the visible text of a file.
fn visible(file: &File<'_>) -> Option<Span> {
    let is_visible = |block: &&Block| !matches!(block.kind, Kind::Rule | Kind::Invisible);
    let first = file.scan.blocks.iter().find(is_visible)?.range.start;
    let last = file.scan.blocks.iter().rfind(is_visible)?.range.end;
    Some(file.span(&(first..last)))
}

/// Returns the first row of a file of values.
fn values(sources: &Sources, file: FileId) -> Option<Span> {
    let text = sources.original(file);
    let start = text.find(|c: char| !(c.is_whitespace() || c == '\u{feff}'))?;
    let end = text[start..].find(['\n', '\r']).map_or(text.len(), |end| start + end);
    Some(Span::new(file, start..end))
}

/// Notes where highlights are no gaps: in all texts of Obsidian but those of cloze questions.
fn mark_highlights(sources: &Sources, library: &mut Library) {
    let mut found: Vec<VersionSpan> = Vec::new();
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
        if definitions.is_obsidian && sources.text_at(span).contains("==") {
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
        let place = |range| sources.locate(VersionSpan::new(file, range));
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
    for (file, Silent { text, nearest, is_values, is_obsidian, asking, mut problems }) in silent {
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
            let line = blocks::first_line(sources.original(file), &text.range());
            let first = Span::new(file, line);
            let said = unread_question::add_to(no_questions(first, why), asking);
            match nearest {
                None if is_obsidian => notes.push(first),
                None => diagnostics.push(said),
                Some((convention, count)) => {
                    diagnostics.push(said.help(format!(
                        "{ASKED}; `convention = \"{}\"` in `deckpress.toml` would read {count}",
                        convention.name()
                    )));
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

/// Returns whether a file holds separated values, going by its name.
#[must_use]
pub fn is_values(path: &str) -> bool {
    convention::is_values(path)
}

/// Returns the places of all cells of a file of separated values, without their quotes, in order;
/// none of any other file.
#[must_use]
pub fn find_cells(text: &str, path: &str) -> Vec<Range<usize>> {
    convention::find_cells(text, path)
}

/// The help for files without a question.
const ASKED: &str = "a question is a heading that begins with `### Q:`";

/// The help for files of values without a question.
const READ_ROWS: &str = "`convention = \"csv\"` in `deckpress.toml` makes each row a question with the \
                         answer behind it; names above the columns, as `question` and `answer`, do too";

fn no_questions(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(Code::NoQuestions, span, message).label("left out of every deck").help(ASKED)
}
