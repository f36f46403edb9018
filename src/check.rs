//! What is wrong between the parts: the same question twice, a picture that is not there.
//!
//! What is wrong within one place is reported where it is read.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::markdown;
use crate::model::{Bank, MediaRef, Question};
use crate::source::Sources;

/// Looks at everything together. `missing` says why a file that a card needs cannot be had.
pub fn bank(
    sources: &Sources,
    bank: &Bank,
    missing: impl Fn(&str) -> Option<String>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    duplicate_questions(sources, bank, diagnostics);
    for media in bank.media.iter().filter(|media| media.embedded) {
        let why = match &media.path {
            None => Some("it is outside the content folder".to_owned()),
            Some(path) => missing(path),
        };
        if let Some(why) = why {
            diagnostics.push(missing_media(media, why));
        }
    }
}

fn missing_media(media: &MediaRef, why: String) -> Diagnostic {
    let MediaRef { span, target, .. } = media;
    let problem =
        Diagnostic::new(Code::MissingMedia, *span, format!("cannot use `{target}`")).label(why);
    match &media.path {
        Some(path) => problem.help(format!("looked for `{path}` in the content folder")),
        None => problem.help("put it beside the notes and refer to it there"),
    }
}

fn duplicate_questions(sources: &Sources, bank: &Bank, diagnostics: &mut Vec<Diagnostic>) {
    for deck in &bank.decks {
        for topic in &deck.topics {
            let mut seen: BTreeMap<String, &Question> = BTreeMap::new();
            for question in &topic.questions {
                let text = markdown::prompt(sources, bank, question);
                if let Some(first) = seen.get(&text) {
                    if first.id.is_some() && question.id.is_some() {
                        continue;
                    }
                    diagnostics.push(
                        Diagnostic::new(
                            Code::DuplicateQuestion,
                            question.span,
                            "this question stands twice in its topic",
                        )
                        .label("here again")
                        .related(first.span, "first here")
                        .help("take one out, reword it, or give each an id: `{#my-id}`"),
                    );
                } else {
                    seen.insert(text, question);
                }
            }
        }
    }
}
