//! The fields of our Anki note types, for the package and for Anki's text import alike.

use super::Input;
use crate::identity::Note;
use crate::render::{card, html};

/// The fields of `Deckpress Q&A`, in the note type's order.
pub(super) fn qa(input: &Input<'_>, note: &Note<'_>) -> Vec<String> {
    let card = card::render(&input.context, note.question);
    let source = input.context.sources.path(note.question.span.file);
    vec![
        card.question,
        card.answer,
        card.key_points,
        card.extra,
        html::plain(&note.topic.path.join(" › ")),
        html::plain(source),
        String::new(),
        String::new(),
        html::plain(note.id),
    ]
}
