//! From sources to decks and questions.
//!
//! Parsing never fails: it returns what it understood, and a diagnostic for everything else. Each
//! convention of writing questions down is a file of its own; the native one is [`native`].
//! Nothing is rendered here, and no two files are compared.

mod attributes;
pub mod blocks;
pub mod front_matter;
mod kinds;
mod missing;
pub mod native;

use crate::config::{self, Config};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Bank, Body, Definitions};
use crate::source::Sources;

/// Reads every file.
#[must_use]
pub fn bank(sources: &Sources, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Bank {
    let mut bank = Bank::default();
    let mut index = native::Index::default();
    for (id, source) in sources.iter() {
        if source.path == config::FILE_NAME {
            bank.definitions.push(Definitions::default());
            continue;
        }
        let (settings, start) = front_matter::read(id, &source.text, diagnostics);
        let scan = blocks::scan(sources, id, start, config.html, diagnostics);
        let file = native::File { sources, id, config, settings: &settings, scan: &scan };
        native::read(&file, &mut index, &mut bank, diagnostics);
        bank.definitions.push(scan.definitions);
        bank.media.extend(scan.media);
    }
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
