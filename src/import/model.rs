//! The notes and note types of a collection.

use crate::anki::TypeSettings;

/// The notes and note types of a collection.
#[derive(Debug, Default)]
pub struct Collection {
    /// The note types, in the order of their ids.
    pub note_types: Vec<NoteType>,
    /// The notes, in the order in which they were made.
    pub notes: Vec<Note>,
    /// How many reviews it holds, of which none are taken.
    pub reviews: i64,
    /// How many notes have a note type that is not there.
    pub orphans: usize,
}

/// A note type of a collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct NoteType {
    /// Its id in Anki.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Makes a card for each cloze number, not for each template.
    pub is_cloze: bool,
    /// Whether it covers parts of a picture.
    pub is_occlusion: bool,
    /// Whether its templates are not known, as in a text.
    pub is_bare: bool,
    /// Whether the fields of its notes hold Markdown, not HTML.
    pub is_markdown: bool,
    /// When it last changed, in seconds since 1970.
    pub modified: i64,
    /// Its style sheet.
    pub css: String,
    /// The names of its fields, and the ids of those that have one.
    pub fields: Vec<(String, Option<i64>)>,
    /// Its card templates.
    pub cards: Vec<Template>,
    /// Its fonts, sort field and LaTeX frame.
    pub settings: TypeSettings,
}

/// A card template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// Its name.
    pub name: String,
    /// Its id, if it has one.
    pub id: Option<i64>,
    /// The front, with the names of fields in braces.
    pub front: String,
    /// The back.
    pub back: String,
}

/// A note of a collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Its id: when it was made, in milliseconds since 1970; 0 if that is not known.
    pub id: i64,
    /// By which Anki knows it in every collection; empty if it came from elsewhere.
    pub guid: String,
    /// The index of its note type.
    pub note_type: usize,
    /// When it last changed, in seconds since 1970.
    pub modified: i64,
    /// Its tags.
    pub tags: Vec<String>,
    /// The HTML of its fields.
    pub fields: Vec<String>,
    /// The levels of the deck of its first card.
    pub deck: Vec<String>,
    /// Whether it has a card of its second template.
    pub has_second_card: bool,
    /// Attributes for the braces behind its heading, besides those for its type and tags.
    pub attributes: Vec<String>,
}
