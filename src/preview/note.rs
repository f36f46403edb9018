//! One question, for the right side of the page.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::problems::{Beginnings, place, problem};
use super::{Shown, State, frame, listing};
use crate::compile::Compiled;
use crate::compile::selection::Selection;
use crate::config::Export;
use crate::export::{Artifacts, ShownNote, shown_notes};
use crate::identity::Note;
use crate::identity::plan::Plan;
use crate::model::{Deck, Question, Topic};
use crate::target::Target;

/// Returns a question with its cards, and all that is to be said of it; `None` if there is none.
pub(super) fn note(state: &State, id: &str) -> Option<Value> {
    let shown = state.shown.as_deref()?;
    let compiled = &shown.compiled;
    let plan = &compiled.identities.plan;
    let Some((at, (deck, topic, question))) = find(compiled, id) else {
        return retired(plan, id)
            .map(|text| json!({ "id": id, "question": text, "retired": true }));
    };
    let is_same = |before: &&Arc<Shown>| !std::ptr::eq(Arc::as_ptr(before), shown);
    let before = state.before.as_ref().filter(is_same);
    let before = before.map(|before| cards(&before.compiled, id).0).unwrap_or_default();
    let (notes, typed) = cards(compiled, id);
    let beginnings = Beginnings::of(compiled);
    let own = compiled.diagnostics.iter().filter(|it| beginnings.question_at(it.span) == Some(at));
    Some(json!({
        "id": id,
        "version": state.version,
        "deck": deck.title,
        "topic": topic.path,
        "tags": question.tags,
        "place": place(&compiled.sources, question.span, ""),
        "marks": listing::marks(plan).get(id).cloned().unwrap_or_default(),
        "changes": changes(plan, id),
        "notes": describe(&notes, &before, typed.as_deref()),
        "problems": own.map(|it| problem(&compiled.sources, it)).collect::<Vec<_>>(),
        "csv": text(compiled, id, Target::Csv),
        "markdown": text(compiled, id, Target::Markdown),
        "json": text(compiled, id, Target::Jsonl).map(|line| pretty(&line)),
    }))
}

/// A question with where it is, and its number.
type Place<'c> = (usize, (&'c Deck, &'c Topic, &'c Question));

fn find<'c>(compiled: &'c Compiled, id: &str) -> Option<Place<'c>> {
    let at = compiled.identities.of.iter().position(|identity| identity.id == id)?;
    Some((at, compiled.library.questions().nth(at)?))
}

fn retired<'p>(plan: &'p Plan, id: &str) -> Option<&'p str> {
    let found = plan.retired.iter().find(|item| item.id == id);
    found.map(|item| item.question.as_str())
}

/// Calls `then` with the note of a question, if it reaches the outputs.
fn with_note<T>(compiled: &Compiled, id: &str, then: impl FnOnce(&[Note<'_>]) -> T) -> Option<T> {
    let notes = compiled.notes();
    let at = notes.iter().position(|note| note.id == id)?;
    Some(then(&notes[at..=at]))
}

/// Returns the Anki notes of a question, and what is to be typed.
fn cards(compiled: &Compiled, id: &str) -> (Vec<ShownNote>, Option<String>) {
    let export = Export::of(Target::Apkg);
    let shown = with_note(compiled, id, |notes| {
        let input = compiled.input(&export, notes, "deck");
        let is_typed = notes[0].question.makes(crate::model::CardKind::Type);
        let typed = crate::render::card::text_to_type(&input.context, notes[0].question);
        (shown_notes(&input, &notes[0]), is_typed.then_some(typed))
    });
    shown.unwrap_or_default()
}

/// Returns the notes as the page shows them. What a card showed before comes along if it is
/// different now.
fn describe(notes: &[ShownNote], before: &[ShownNote], typed: Option<&str>) -> Vec<Value> {
    let card = |note: &ShownNote, card: &crate::anki::CardSides| {
        let [front, back] = frame::bodies(&card.sides, typed);
        let old = before.iter().find(|old| old.guid == note.guid);
        let old = old.and_then(|old| old.cards.iter().find(|old| old.ordinal == card.ordinal));
        let old = old.filter(|old| old.sides != card.sides);
        let old = old.map(|old| frame::bodies(&old.sides, typed));
        json!({
            "template": card.template,
            "ordinal": card.ordinal,
            "front": front,
            "back": back,
            "html": [card.sides.front, card.sides.back],
            "before": old,
        })
    };
    let note = |note: &ShownNote| {
        let cards: Vec<Value> = note.cards.iter().map(|it| card(note, it)).collect();
        let css = note.css.as_deref().map(frame::safe_css);
        json!({
            "guid": note.guid,
            "type": note.note_type,
            "is_cloze": note.is_cloze,
            "deck": note.deck,
            "css": css,
            "cards": cards,
        })
    };
    notes.iter().map(note).collect()
}

/// Returns what has changed since the last build, in words.
fn changes(plan: &Plan, id: &str) -> Vec<String> {
    let mut changes = Vec::new();
    let is_it = |item: &crate::identity::plan::Item| item.id == id;
    let reworded = plan.reworded.iter().filter(|(item, _)| is_it(item));
    changes.extend(reworded.map(|(_, old)| format!("reworded; it was: {old}")));
    let changed = plan.changed.iter().filter(|(item, _)| is_it(item));
    changes.extend(changed.map(|(_, what)| format!("changed: {}", what.join(", "))));
    let moved = plan.moved.iter().filter(|(item, ..)| is_it(item));
    changes.extend(moved.map(|(_, from, to)| format!("moved from {from} to {to}")));
    changes
}

/// Returns what a target makes of a question alone.
fn text(compiled: &Compiled, id: &str, target: Target) -> Option<String> {
    let mut exports = compiled.exports(&[target]);
    exports.truncate(1);
    let export = exports.pop()?;
    let files = with_note(compiled, id, |notes| {
        let files = Mutex::<Artifacts>::default();
        compiled.export(&Selection::of_all(export, notes), "deck", &files).ok()?;
        Some(files.into_inner().unwrap_or_else(PoisonError::into_inner))
    })??;
    let mut texts = files.into_iter().filter(|(path, _)| !path.contains("media/"));
    String::from_utf8(texts.next()?.1).ok()
}

fn pretty(line: &str) -> String {
    let value: Option<Value> = serde_json::from_str(line).ok();
    value.map_or_else(|| line.to_owned(), |value| format!("{value:#}"))
}
