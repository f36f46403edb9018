//! The fields of our note types in Anki, for the package and for Anki's text import.

use super::Input;
use crate::anki::Kind;
use crate::identity::{self, Note};
use crate::model::CardKind;
use crate::render::card::{self, Card, ClozeNumbers};
use crate::render::{ClozeMode, html};
use crate::slug::percent_encode;

/// A note in Anki. A question has one, and a second one for its recall list.
pub(super) struct AnkiNote {
    /// What stands in its `ID` field.
    pub(super) id: String,
    pub(super) guid: String,
    pub(super) kind: Kind,
    pub(super) created: i64,
    pub(super) modified: i64,
    pub(super) fields: Vec<String>,
}

/// Returns the Anki notes of a question.
pub(super) fn build_notes(input: &Input<'_>, note: &Note<'_>) -> Vec<AnkiNote> {
    let recall = note.recall.map(|recall| {
        let numbers: Vec<u16> = recall.given().collect();
        let text = card::render_recall(&input.context, note.question, &numbers);
        let id = identity::recall_id(note.id);
        let card = Card { question: text, ..Card::default() };
        let fields = cloze_fields(input, note, &id, card, String::new());
        AnkiNote {
            guid: recall.guid.clone().unwrap_or_else(|| id.clone()),
            id,
            kind: Kind::Cloze,
            created: recall.created,
            modified: recall.modified,
            fields,
        }
    });
    let main = match note.cloze {
        Some(cloze) => {
            let card =
                card::render_cloze(&input.context, note.question, &cloze_numbers(input, note));
            let id = identity::cloze_id(note.id);
            let fields = cloze_fields(input, note, &id, card, flag_field(note, CardKind::Type));
            AnkiNote {
                guid: cloze.guid.clone().unwrap_or_else(|| id.clone()),
                id,
                kind: Kind::Cloze,
                created: cloze.created,
                modified: cloze.modified,
                fields,
            }
        }
        None => AnkiNote {
            id: note.id.to_owned(),
            guid: note.guid.to_owned(),
            kind: Kind::Qa,
            created: note.created,
            modified: note.modified,
            fields: qa_fields(input, note),
        },
    };
    std::iter::once(main).chain(recall).collect()
}

/// Returns the numbers of a question's clozes that the author did not number.
pub(super) fn cloze_numbers(input: &Input<'_>, note: &Note<'_>) -> ClozeNumbers {
    let Some(cloze) = note.cloze else { return ClozeNumbers::new() };
    let places = card::unnumbered_clozes(&input.context, note.question).into_iter();
    places.zip(cloze.given()).collect()
}

/// Returns how the clozes of a note are shown where the target has clozes of its own.
pub(super) fn cloze_mode<'n>(note: &Note<'_>, numbers: &'n ClozeNumbers) -> ClozeMode<'n> {
    match note.question.own_gaps {
        _ if !note.question.has_gaps() => ClozeMode::Text,
        Some(_) => ClozeMode::Numbered,
        None => ClozeMode::Anki(numbers),
    }
}

/// Returns the fields of `Deckpress Q&A`, in the note type's order.
fn qa_fields(input: &Input<'_>, note: &Note<'_>) -> Vec<String> {
    let card = card::render(&input.context, note.question);
    let typed = note.question.makes(CardKind::Type);
    let typed =
        typed.then(|| html::escape_plain(&card::text_to_type(&input.context, note.question)));
    let own = [
        flag_field(note, CardKind::Reverse),
        typed.unwrap_or_default(),
        html::escape_plain(note.id),
    ];
    common_fields(input, note, card).into_iter().chain(own).collect()
}

/// Returns the fields of `Deckpress Cloze`, in the note type's order.
fn cloze_fields(
    input: &Input<'_>,
    note: &Note<'_>,
    id: &str,
    card: Card,
    typed: String,
) -> Vec<String> {
    common_fields(input, note, card).into_iter().chain([typed, html::escape_plain(id)]).collect()
}

/// Returns the fields that both note types begin with.
fn common_fields(input: &Input<'_>, note: &Note<'_>, card: Card) -> [String; 7] {
    let topic = html::escape_plain(&note.topic.path.join(" › "));
    let Card { question, answer, key_points, extra, hint } = card;
    [question, answer, key_points, extra, hint, topic, source_field(input, note)]
}

/// Returns the content of a field that is filled if a question makes a kind of card.
fn flag_field(note: &Note<'_>, kind: CardKind) -> String {
    if note.question.makes(kind) { "yes".to_owned() } else { String::new() }
}

/// Returns the path of the question's file, as a link if `source_url` is set.
fn source_field(input: &Input<'_>, note: &Note<'_>) -> String {
    let sources = input.context.sources;
    let path = sources.path(note.question.span.file);
    let shown = html::escape_plain(path);
    let Some(pattern) = &input.config.source_url else { return shown };
    let (line, _) = sources.position(note.question.span);
    let url = pattern.replace("{path}", &percent_encode(path)).replace("{line}", &line.to_string());
    format!("<a href=\"{}\">{shown}</a>", html::escape_plain(&url))
}
