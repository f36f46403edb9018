//! The fields of our note types in Anki, for the package and for Anki's text import.

use super::Input;
use crate::anki::Kind;
use crate::identity::{self, Note};
use crate::model::CardKind;
use crate::render::card::{self, Card, Numbers};
use crate::render::html;
use crate::slug::percent_encode;

/// A note in Anki. A question has one, and a second one for its recall list.
pub(super) struct AnkiNote {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) created: i64,
    pub(super) modified: i64,
    pub(super) fields: Vec<String>,
}

/// Returns the Anki notes of a question.
pub(super) fn notes(input: &Input<'_>, note: &Note<'_>) -> Vec<AnkiNote> {
    let recall = note.recall.map(|recall| {
        let numbers: Vec<u16> = recall.given().collect();
        let text = card::recall(&input.context, note.question, &numbers);
        let id = identity::recall_id(note.id);
        let card = Card { question: text, ..Card::default() };
        let fields = cloze_fields(input, note, &id, card, String::new());
        AnkiNote {
            id,
            kind: Kind::Cloze,
            created: recall.created,
            modified: recall.modified,
            fields,
        }
    });
    let main = match note.cloze {
        Some(cloze) => {
            let card = card::cloze(&input.context, note.question, &numbers(input, note));
            let id = identity::cloze_id(note.id);
            let fields = cloze_fields(input, note, &id, card, flag(note, CardKind::Type));
            AnkiNote {
                id,
                kind: Kind::Cloze,
                created: cloze.created,
                modified: cloze.modified,
                fields,
            }
        }
        None => AnkiNote {
            id: note.id.to_owned(),
            kind: Kind::Qa,
            created: note.created,
            modified: note.modified,
            fields: qa_fields(input, note),
        },
    };
    std::iter::once(main).chain(recall).collect()
}

/// Returns the numbers of a question's clozes that the author did not number.
pub(super) fn numbers(input: &Input<'_>, note: &Note<'_>) -> Numbers {
    let Some(cloze) = note.cloze else { return Numbers::new() };
    let places = card::highlights(&input.context, note.question).into_iter();
    places.zip(cloze.given()).collect()
}

/// Returns the fields of `Deckpress Q&A`, in the note type's order.
fn qa_fields(input: &Input<'_>, note: &Note<'_>) -> Vec<String> {
    let card = card::render(&input.context, note.question);
    let typed = note.question.makes(CardKind::Type);
    let typed = typed.then(|| html::plain(&card::typed(&input.context, note.question)));
    let own = [flag(note, CardKind::Reverse), typed.unwrap_or_default(), html::plain(note.id)];
    common(input, note, card).into_iter().chain(own).collect()
}

/// Returns the fields of `Deckpress Cloze`, in the note type's order.
fn cloze_fields(
    input: &Input<'_>,
    note: &Note<'_>,
    id: &str,
    card: Card,
    typed: String,
) -> Vec<String> {
    common(input, note, card).into_iter().chain([typed, html::plain(id)]).collect()
}

/// Returns the fields that both note types begin with.
fn common(input: &Input<'_>, note: &Note<'_>, card: Card) -> [String; 7] {
    let topic = html::plain(&note.topic.path.join(" › "));
    let Card { question, answer, key_points, extra, hint } = card;
    [question, answer, key_points, extra, hint, topic, source(input, note)]
}

/// Returns the content of a field that is filled if a question makes a kind of card.
fn flag(note: &Note<'_>, kind: CardKind) -> String {
    if note.question.makes(kind) { "yes".to_owned() } else { String::new() }
}

/// Returns the path of the question's file, as a link if `source_url` is set.
fn source(input: &Input<'_>, note: &Note<'_>) -> String {
    let sources = input.context.sources;
    let path = sources.path(note.question.span.file);
    let shown = html::plain(path);
    let Some(pattern) = &input.config.source_url else { return shown };
    let (line, _) = sources.position(note.question.span);
    let url = pattern.replace("{path}", &percent_encode(path)).replace("{line}", &line.to_string());
    format!("<a href=\"{}\">{shown}</a>", html::plain(&url))
}
