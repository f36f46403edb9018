//! The author's own note types in Anki, for the package and for Anki's text import.

use std::collections::BTreeSet;

use super::Input;
use crate::anki::{OwnNoteType, OwnTemplate, TypeSettings};
use crate::config::NoteType;
use crate::identity::Note;
use crate::render::{ClozeMode, Context, card};

/// Returns the note types of the author's own that notes use, in the order of their names.
pub(super) fn used<'b>(input: &Input<'b>) -> Vec<(&'b NoteType, OwnNoteType<'b>)> {
    let names = input.notes.iter().filter_map(|note| note.question.note_type.as_deref());
    let names: BTreeSet<&str> = names.collect();
    let own =
        names.into_iter().filter_map(|name| {
            let written = input.config.note_types.iter().find(|own| own.name == name)?;
            let locked = input.locked.iter().find(|line| line.name == name)?;
            let cards = written.cards.iter().zip(&locked.cards).map(|(card, (name, id))| {
                OwnTemplate { id: *id, name, front: &card.front.text, back: &card.back.text }
            });
            let own = OwnNoteType {
                id: locked.id,
                modified: locked.modified,
                name: &locked.name,
                is_cloze: written.is_cloze,
                css: written.css(),
                fields: locked.fields.iter().map(|(name, id)| (name.as_str(), *id)).collect(),
                cards: cards.collect(),
                settings: TypeSettings::read(locked.settings.as_ref()),
            };
            Some((written, own))
        });
    own.collect()
}

/// Returns the same as a package has them.
pub(super) fn used_in_package<'b>(input: &Input<'b>) -> Vec<OwnNoteType<'b>> {
    used(input).into_iter().map(|(_, own)| own).collect()
}

/// Returns the fields of a note, in the order of its note type.
pub(super) fn fields(
    input: &Input<'_>,
    note: &Note<'_>,
    OwnNoteType { fields, is_cloze, .. }: &OwnNoteType<'_>,
) -> Vec<String> {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let cloze_mode = if *is_cloze { ClozeMode::Numbered } else { ClozeMode::Text };
    card::render_fields(&Context { cloze_mode, ..input.context }, note.question, &names)
}
