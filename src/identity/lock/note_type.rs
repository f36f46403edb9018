//! A line of the lock for a note type of the author's own: its ids in Anki, made once, and the
//! layout that it was first built with.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::object::{object, split};
use super::{IdByName, LockedNoteType, is_false};

/// The key by which the line is known.
const NAME: &str = "note_type";

/// The keys of a line; all others are kept as they are.
const KEYS: [&str; 8] = [NAME, "id", "modified", "hash", "cloze", "fields", "cards", "settings"];

/// What a line says, apart from what we do not know.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line<'l> {
    note_type: Cow<'l, str>,
    id: i64,
    modified: i64,
    hash: Cow<'l, str>,
    #[serde(default, skip_serializing_if = "is_false")]
    cloze: bool,
    fields: Cow<'l, [IdByName]>,
    cards: Cow<'l, [IdByName]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settings: Option<Cow<'l, Value>>,
}

/// Reads a line; `None` if it is of another kind.
pub(super) fn read(text: &str) -> Option<serde_json::Result<LockedNoteType>> {
    let (known, rest) = split(text, &KEYS)?;
    // A line with the name alone is of a version that keeps something else under it.
    let is_meant = |name: &str| known.iter().any(|(key, _)| key == name);
    if !is_meant(NAME) || !(is_meant("id") || is_meant("fields")) {
        return None;
    }
    Some(serde_json::from_str::<Line<'_>>(&object(&known)).map(|line| LockedNoteType {
        name: line.note_type.into_owned(),
        id: line.id,
        modified: line.modified,
        hash: line.hash.into_owned(),
        is_cloze: line.cloze,
        fields: line.fields.into_owned(),
        cards: line.cards.into_owned(),
        settings: line.settings.map(Cow::into_owned),
        rest,
    }))
}

/// Returns what the line of a note type says.
pub(super) fn of(note_type: &LockedNoteType) -> Line<'_> {
    Line {
        note_type: (&note_type.name).into(),
        id: note_type.id,
        modified: note_type.modified,
        hash: (&note_type.hash).into(),
        cloze: note_type.is_cloze,
        fields: (&note_type.fields).into(),
        cards: (&note_type.cards).into(),
        settings: note_type.settings.as_ref().map(Cow::Borrowed),
    }
}
