//! Questions that a file of text holds, as notes of our own types.

use std::collections::BTreeSet;

use super::model::{Collection, Note, NoteType, Template};
use crate::anki::{self, Kind};
use crate::identity;

/// A question as a file of text holds it: each part in HTML, or all of them in Markdown.
#[derive(Clone, Debug, Default)]
pub(super) struct Question {
    /// The id that a build gave to it; empty if the file does not say.
    pub(super) id: String,
    /// The levels of its deck.
    pub(super) deck: Vec<String>,
    pub(super) tags: Vec<String>,
    /// Whether its gaps make cards.
    pub(super) has_gaps: bool,
    /// Other attributes for the braces behind its heading.
    pub(super) attributes: Vec<String>,
    pub(super) prompt: String,
    pub(super) qualifier: String,
    pub(super) answer: String,
    pub(super) key_points: String,
    pub(super) hint: String,
    /// The labels and texts of other sections.
    pub(super) extra: Vec<(String, String)>,
}

/// Returns questions as a collection has them.
pub(super) fn collect(questions: Vec<Question>, is_markdown: bool) -> Collection {
    let mut collection = Collection {
        note_types: [Kind::Qa, Kind::Cloze].map(|kind| note_type(kind, is_markdown)).to_vec(),
        ..Collection::default()
    };
    let mut ids = BTreeSet::new();
    for mut question in questions {
        // Of two that say that they are the same, the second is another.
        if !is_id(&question.id) || !ids.insert(question.id.clone()) {
            question.id.clear();
        }
        collection.notes.push(note(question, &collection.note_types));
    }
    collection
}

/// Returns whether a text can be an id that a build gave, and no number of a row.
fn is_id(id: &str) -> bool {
    id.chars().all(|c| c.is_alphanumeric() || "-_.:".contains(c))
        && id.contains(char::is_alphabetic)
}

/// Returns a note type of deckpress with a single card, which shows the roles of its fields.
pub(super) fn note_type(kind: Kind, is_markdown: bool) -> NoteType {
    let front = if kind == Kind::Cloze { "{{cloze:Text}}" } else { "{{Question}}" };
    NoteType {
        id: anki::notetype_id(kind),
        name: anki::name(kind).to_owned(),
        is_cloze: kind == Kind::Cloze,
        is_markdown,
        fields: anki::fields(kind).into_iter().map(|name| (name.to_owned(), None)).collect(),
        cards: vec![Template {
            front: front.to_owned(),
            back: "{{FrontSide}}{{Answer}}".to_owned(),
            ..Template::default()
        }],
        ..NoteType::default()
    }
}

fn note(question: Question, note_types: &[NoteType]) -> Note {
    let at = usize::from(question.has_gaps);
    let id = match question.id.as_str() {
        "" => String::new(),
        id if question.has_gaps => identity::cloze_id(id),
        id => id.to_owned(),
    };
    let qualifier = match question.qualifier.as_str() {
        "" => String::new(),
        qualifier => format!("<p class=\"qualifier\">{qualifier}</p>\n"),
    };
    let section = |(label, text): &(String, String)| {
        format!(
            "<section class=\"extra\">\n<h4 class=\"extra-label\">{label}</h4>\n{text}\n</section>"
        )
    };
    let value = |name: &str| match name {
        "Question" | "Text" => question.prompt.clone(),
        "Answer" => format!("{qualifier}{}", question.answer),
        "Key Points" => question.key_points.clone(),
        "Extra" => question.extra.iter().map(section).collect::<Vec<_>>().join("\n"),
        "Hint" => question.hint.clone(),
        "ID" => id.clone(),
        _ => String::new(),
    };
    Note {
        guid: id.clone(),
        note_type: at,
        fields: note_types[at].fields.iter().map(|(name, _)| value(name)).collect(),
        tags: question.tags,
        deck: question.deck,
        attributes: question.attributes,
        ..Note::default()
    }
}
