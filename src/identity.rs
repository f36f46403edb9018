//! Who a question is, in every format and for years.
//!
//! One id stands for a question everywhere: the Anki GUID, the `ID` field, the column in a CSV,
//! the heading attribute in a Markdown deck. It is derived from what the question says, so that
//! it does not depend on order, file or topic.
//!
//! The lockfile, which keeps an id while the question's words change, belongs here too.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::markdown;
use crate::model::{Bank, Deck, Question, Topic};
use crate::source::{Sources, Span};

/// A question with its identity.
#[derive(Debug)]
pub struct Note<'b> {
    /// Its id.
    pub id: String,
    /// When it was first built, in milliseconds since 1970; unique within a build.
    pub created: i64,
    /// When its content last changed, in seconds since 1970.
    pub modified: i64,
    /// The deck it is in.
    pub deck: &'b Deck,
    /// The topic it is in.
    pub topic: &'b Topic,
    /// The question.
    pub question: &'b Question,
}

/// The length of a derived id: 60 bits in Crockford's base 32.
const ID_LENGTH: usize = 12;

/// Gives every answered question its id, in source order.
///
/// `now` is in seconds since 1970.
#[must_use]
pub fn notes<'b>(
    sources: &Sources,
    bank: &'b Bank,
    namespace: Option<&str>,
    now: i64,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Note<'b>> {
    let explicit = explicit_ids(bank, diagnostics);
    let mut taken: BTreeSet<String> = explicit.keys().map(|&id| id.to_owned()).collect();
    let mut occurrences: BTreeMap<(&str, String), u32> = BTreeMap::new();
    let mut notes = Vec::new();
    for (deck, topic, question) in bank.questions() {
        let id = if let Some((id, _)) = &question.id {
            id.clone()
        } else {
            let namespace = namespace.unwrap_or(&deck.title);
            let text = prompt(sources, bank, question);
            let occurrence = occurrences.entry((namespace, text.clone())).or_default();
            loop {
                let id = derive(namespace, &text, *occurrence);
                *occurrence += 1;
                if taken.insert(id.clone()) {
                    break id;
                }
            }
        };
        let place = i64::try_from(notes.len()).unwrap_or(i64::MAX);
        let created = now.saturating_mul(1000).saturating_add(place);
        notes.push(Note { id, created, modified: now, deck, topic, question });
    }
    notes.retain(|note| note.question.is_answered());
    notes
}

/// What a question asks, without markup.
#[must_use]
pub fn prompt(sources: &Sources, bank: &Bank, question: &Question) -> String {
    let definitions = &bank.definitions[question.span.file.index()];
    let parts = question.prompt.iter().map(|body| markdown::words(sources, definitions, body));
    parts.collect::<Vec<_>>().join("\n")
}

fn explicit_ids<'b>(bank: &'b Bank, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<&'b str, Span> {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for (_, _, question) in bank.questions() {
        let Some((id, span)) = &question.id else { continue };
        if let Some(first) = seen.get(id.as_str()) {
            diagnostics.push(
                Diagnostic::new(
                    Code::DuplicateId,
                    *span,
                    format!("two questions have the id `{id}`"),
                )
                .label("here again")
                .related(*first, "first here")
                .help("an id names one question for ever; give one of them another"),
            );
        } else {
            seen.insert(id, *span);
        }
    }
    seen
}

/// The id of a question: the same wherever, whenever and in whatever order it is built.
#[must_use]
pub fn derive(namespace: &str, text: &str, occurrence: u32) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut hasher = blake3::Hasher::new();
    for part in [namespace, text] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.update(&occurrence.to_le_bytes());
    let bytes = hasher.finalize();
    let digit = |at: usize| {
        let bit = at * 5;
        let pair = u16::from_be_bytes([bytes.as_bytes()[bit / 8], bytes.as_bytes()[bit / 8 + 1]]);
        char::from(ALPHABET[usize::from(pair >> (11 - bit % 8)) & 31])
    };
    (0..ID_LENGTH).map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::derive;

    /// Ids are kept by learners for years: this must never change.
    #[test]
    fn ids_are_frozen() {
        assert_eq!(derive("Deck", "What is a token?", 0), "pn7rsx2h248k");
        assert_ne!(derive("Deck", "What is a token?", 1), derive("Deck", "What is a token?", 0));
        assert_ne!(derive("a", "bc", 0), derive("ab", "c", 0));
    }
}
