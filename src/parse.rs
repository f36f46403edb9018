//! From sources to decks and questions.
//!
//! Parsing never fails: it returns what it understood, and a diagnostic for everything else. Each
//! convention of writing questions down is a file of its own: the native one is [`native`], all
//! others are below [`convention`], which says in the native one what they say.
//! Nothing is rendered here, and no two files are compared.

mod attributes;
pub mod blocks;
mod convention;
pub mod front_matter;
mod kinds;
mod labels;
mod missing;
pub mod native;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{self, Config, FrontMatter};
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown;
use crate::model::{Bank, Body, Definitions};
use crate::source::{FileId, Sources, Span};
use blocks::{Block, Kind};
use convention::Reading;
use native::Foreign;

/// Reads every file. Those in a foreign convention get a reading.
#[must_use]
pub fn bank(sources: &mut Sources, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Bank {
    let mut bank = Bank::default();
    let mut index = native::Index::default();
    let files: Vec<FileId> = sources.iter().map(|(id, _)| id).collect();
    let mut definitions: BTreeMap<FileId, Definitions> = BTreeMap::new();
    let mut silent = BTreeMap::new();
    for original in files {
        if sources.path(original) == config::FILE_NAME {
            continue;
        }
        let (mut settings, mut start) = if is_values(sources.path(original)) {
            (FrontMatter::default(), 0)
        } else {
            front_matter::read(original, sources.text(original), diagnostics)
        };
        let (text, path) = (sources.text(original), sources.path(original));
        let reading = convention::read(text, path, start, config, &settings);
        let mut id = original;
        let mut foreign = None;
        if let Some(reading) = reading {
            let Reading { text, parts, left, topics, questions } = reading;
            let place = |(range, why)| (Span::new(original, range), why);
            let left: Vec<_> = left.into_iter().map(place).collect();
            report_left(sources, &left, diagnostics);
            bank.left.extend(left);
            id = sources.add_reading(original, text, parts);
            start = 0;
            folders(sources.path(original), &mut settings);
            foreign = Some(Foreign { topics, questions });
        }
        let scan = blocks::scan(sources, id, start, config.html, diagnostics);
        let settings = &settings;
        let file =
            native::File { sources, id, config, settings, scan: &scan, foreign: foreign.as_ref() };
        let mut problems = Vec::new();
        let asked = native::read(&file, &mut index, &mut bank, &mut problems);
        if asked == 0 {
            silent.insert(id, (first_block(&file), problems));
        } else {
            diagnostics.append(&mut problems);
        }
        definitions.insert(id, scan.definitions);
        bank.media.extend(scan.media);
    }
    let of_file = |(id, _)| definitions.remove(&id).unwrap_or_default();
    bank.definitions = sources.iter().map(of_file).collect();
    let unused = unused(&bank, silent, diagnostics);
    bank.media.retain(|media| !unused.contains(&media.span.file));
    let topics = bank.decks.iter().flat_map(|deck| &deck.topics);
    for topic in topics.filter(|topic| topic.questions.is_empty()) {
        let bodies = topic.description.iter();
        for body in bodies.filter(|body| !unused.contains(&body.blocks.file)) {
            let span = blocks::first_line(sources, body.span());
            diagnostics.push(no_questions(span, "no question right below this topic"));
        }
    }
    bank
}

/// The first line of a file that a reader sees.
fn first_block(file: &native::File<'_>) -> Option<Span> {
    let is_visible = |block: &&Block| !matches!(block.kind, Kind::Rule | Kind::Invisible);
    let first = file.scan.blocks.iter().find(is_visible)?;
    Some(blocks::first_line(file.sources, Span::new(file.id, first.range.clone())))
}

/// The files without a question whose text reaches no output. That is one problem each, whatever
/// else may be wrong with them.
fn unused(
    bank: &Bank,
    silent: BTreeMap<FileId, (Option<Span>, Vec<Diagnostic>)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeSet<FileId> {
    let mut used = BTreeSet::new();
    for deck in &bank.decks {
        let asking = deck.topics.iter().filter(|topic| !topic.questions.is_empty());
        let topics: Vec<&Body> = asking.flat_map(|topic| &topic.description).collect();
        let has_questions = deck.topics.iter().any(|topic| !topic.questions.is_empty());
        let deck = deck.description.iter().filter(|_| has_questions);
        used.extend(deck.chain(topics).map(|body| body.blocks.file));
    }
    let mut unused = BTreeSet::new();
    for (file, (first, mut problems)) in silent {
        if used.contains(&file) {
            diagnostics.append(&mut problems);
        } else {
            diagnostics.extend(first.map(|span| no_questions(span, "no question in this file")));
            unused.insert(file);
        }
    }
    unused
}

/// Says how much text of a foreign file belongs to no question, if it is no mere noise.
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

/// Whether a file holds values between commas or tabs, going by its name.
#[must_use]
pub fn is_values(path: &str) -> bool {
    convention::is_values(path)
}

/// The folders that a file is in are levels above its own deck, if it names none itself.
fn folders(path: &str, settings: &mut FrontMatter) {
    let mut folders = path.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev();
    if settings.deck.is_none()
        && let Some(first) = folders.next()
    {
        settings.deck = Some(markdown::fold(first));
        settings.topic.splice(..0, folders.map(markdown::fold));
    }
}

fn no_questions(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(Code::NoQuestions, span, message)
        .label("left out of every deck")
        .help("a question is a heading that begins with `### Q:`")
}
