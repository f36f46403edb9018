//! Notes of deckpress's own types, which an earlier build made, as the questions that they were.

use std::collections::BTreeSet;

use super::model::{Note, NoteType};
use crate::anki;
use crate::identity;
use crate::slug::slug;

/// Returns which of our note types this is.
#[must_use]
pub fn kind(note_type: &NoteType) -> Option<anki::Kind> {
    [anki::Kind::Qa, anki::Kind::Cloze]
        .into_iter()
        .find(|kind| anki::notetype_id(*kind) == note_type.id)
}

/// Returns the content of a field of ours; nothing if the note type has been changed so that it is
/// not there.
fn field<'n>(note: &'n Note, note_type: &NoteType, name: &str) -> &'n str {
    let place = note_type.fields.iter().position(|(field, _)| field == name);
    place.and_then(|place| note.fields.get(place)).map_or("", String::as_str)
}

/// Returns the id of the question that a note was made of.
#[must_use]
pub fn question_id<'n>(note: &'n Note, note_type: &NoteType) -> Option<&'n str> {
    kind(note_type)?;
    let id = field(note, note_type, "ID");
    let id = if id.is_empty() { &note.guid } else { id };
    if id.is_empty() {
        return None;
    }
    Some(["+cloze", "+recall"].iter().find_map(|end| id.strip_suffix(end)).unwrap_or(id))
}

/// Returns whether a note is the recall list of another.
#[must_use]
pub fn is_recall_list(note: &Note, note_type: &NoteType) -> bool {
    kind(note_type).is_some() && note.guid.ends_with("+recall")
}

/// Returns the classes of a note's question. `guids` are those of the package.
pub(super) fn classes(
    note: &Note,
    note_type: &NoteType,
    guids: &BTreeSet<&str>,
) -> Vec<&'static str> {
    let mut classes = Vec::new();
    let Some(kind) = kind(note_type) else { return classes };
    if kind == anki::Kind::Cloze {
        classes.push("cloze");
    }
    for (name, class) in [("Reverse", "reverse"), ("Type", "type")] {
        if !field(note, note_type, name).trim().is_empty() {
            classes.push(class);
        }
    }
    let id = question_id(note, note_type).unwrap_or_default();
    if guids.contains(identity::recall_id(id).as_str()) {
        classes.push("recall");
    }
    classes
}

/// Returns the sections of a note of ours: labels, and the HTML below them.
pub(super) fn sections<'n>(note: &'n Note, note_type: &NoteType) -> Vec<(String, &'n str)> {
    let of = |name: &str| field(note, note_type, name);
    let (qualifier, answer) = take(of("Answer"), "<p class=\"qualifier\">", "</p>");
    let answer_label = match qualifier {
        Some(qualifier) => format!("Answer ({qualifier})"),
        None => "Answer".to_owned(),
    };
    let mut sections = vec![
        ("Hint".to_owned(), of("Hint")),
        (answer_label, answer),
        ("Key points".to_owned(), of("Key Points")),
    ];
    for part in of("Extra").split("<section class=\"extra\">").skip(1) {
        let part = part.split("</section>").next().unwrap_or_default();
        let (label, body) = take(part, "<h4 class=\"extra-label\">", "</h4>");
        sections.push((label.unwrap_or("More").to_owned(), body));
    }
    sections
}

/// Takes an element off the start of some HTML.
fn take<'h>(html: &'h str, open: &str, close: &str) -> (Option<&'h str>, &'h str) {
    let found = html.trim_start().strip_prefix(open).and_then(|rest| rest.split_once(close));
    found.map_or((None, html), |(text, rest)| (Some(text), rest))
}

/// Returns the tags that the author gave, without that of the topic.
pub(super) fn tags(note: &Note, note_type: &NoteType) -> Vec<String> {
    let topic = note.deck.iter().skip(1).map(|level| slug(level)).filter(|it| !it.is_empty());
    let topic = topic.collect::<Vec<_>>().join("::");
    let is_own = |tag: &&String| kind(note_type).is_none() || **tag != topic;
    note.tags.iter().filter(is_own).cloned().collect()
}
