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
mod missing;
pub mod native;

use std::collections::BTreeMap;

use crate::config::{self, Config, FrontMatter};
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown;
use crate::model::{Bank, Body, Definitions};
use crate::source::{FileId, Sources, Span};
use convention::Reading;
use native::Foreign;

/// Reads every file. Those in a foreign convention get a reading.
#[must_use]
pub fn bank(sources: &mut Sources, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Bank {
    let mut bank = Bank::default();
    let mut index = native::Index::default();
    let files: Vec<FileId> = sources.iter().map(|(id, _)| id).collect();
    let mut definitions: BTreeMap<FileId, Definitions> = BTreeMap::new();
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
            bank.left.extend(left.into_iter().map(|(range, why)| (Span::new(original, range), why)));
            id = sources.add_reading(original, text, parts);
            start = 0;
            folders(sources.path(original), &mut settings);
            foreign = Some(Foreign { topics, questions });
        }
        let scan = blocks::scan(sources, id, start, config.html, diagnostics);
        let settings = &settings;
        let file =
            native::File { sources, id, config, settings, scan: &scan, foreign: foreign.as_ref() };
        native::read(&file, &mut index, &mut bank, diagnostics);
        definitions.insert(id, scan.definitions);
        bank.media.extend(scan.media);
    }
    let of_file = |(id, _)| definitions.remove(&id).unwrap_or_default();
    bank.definitions = sources.iter().map(of_file).collect();
    for deck in &bank.decks {
        if deck.topics.iter().all(|topic| topic.questions.is_empty()) {
            no_questions(sources, "no question in this file", &deck.description, diagnostics);
        }
        for topic in deck.topics.iter().filter(|topic| topic.questions.is_empty()) {
            let message = "no question right below this topic";
            no_questions(sources, message, &topic.description, diagnostics);
        }
    }
    bank
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

/// Reports descriptions of what reaches no output.
fn no_questions(
    sources: &Sources,
    message: &str,
    description: &[Body],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for body in description {
        let span = blocks::first_line(sources, body.span());
        diagnostics.push(
            Diagnostic::new(Code::NoQuestions, span, message)
                .label("left out of every deck")
                .help("a question is a heading that begins with `### Q:`"),
        );
    }
}
