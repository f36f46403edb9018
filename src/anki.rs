//! Writes Anki packages (`.apkg`).
//!
//! A package is a zip of an `SQLite` collection and the media that its notes show. The legacy
//! version (schema 11) is read by every Anki since 2.1 and by other apps; the latest (schema 18) by
//! Anki since 2.1.50, and is smaller and faster to write. Anki never generates cards from a
//! package, so every card is a row here. It matches notes by GUID and note types by id, so both
//! must never change once a deck is published.
//!
//! The writer is our own because a learner's reviews depend on details that a general library does
//! not let one control: a modification time per note, fixed ids of fields and templates, the source
//! order as `due`, and the same bytes each time.
//!
//! It uses no clock, no environment, and no file but those given for the database. Nothing is
//! ordered by a hash map, and no scheduling is written, so that an import can never disturb a
//! review history. Text is written as it is: the caller normalizes it to NFC and escapes what Anki
//! would run.

mod cards;
mod collection;
mod container;
mod latest;
mod messages;
mod notetype;
mod own;
mod schema;
mod settings;
mod sides;
mod sort_field;

pub use cards::card_ords;
pub use collection::NoteRow;
pub(crate) use messages::{FieldConfig, NotetypeConfig, TemplateConfig};
pub use notetype::{NOTETYPE_MTIME, POINTS, id as notetype_id, name};
pub use own::{OwnCards, OwnNote, OwnNoteType, OwnTemplate};
pub use settings::{CardSettings, FieldSettings, TypeSettings};
pub use sides::{CardSides, card_sides, css, own_card_sides};

use std::borrow::Cow;
use std::io::Write;

use serde_json::Value;
use tempfile::NamedTempFile;

use crate::config::PackageFormat;
use crate::media::MediaFile;

/// Returns the names of a note type's fields, in order.
#[must_use]
pub fn fields(kind: Kind) -> Vec<&'static str> {
    notetype::fields(kind).iter().map(notetype::Field::name).collect()
}

/// Returns how many templates a note type has.
#[must_use]
pub fn templates(kind: Kind) -> usize {
    notetype::templates(kind).len()
}

/// A deck of the package; its parents need not be listed.
#[derive(Debug, Clone)]
pub struct Deck {
    /// The full name, its levels separated by `::`.
    pub name: String,
    /// The description, HTML shown on the deck's page; may be empty.
    pub description: String,
}

/// One of the two note types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `Deckpress Q&A`: Question, Answer, Key Points, Extra, Hint, Topic,
    /// Source, Reverse, Type, ID.
    Qa,
    /// `Deckpress Cloze`: Text, Answer, Key Points, Extra, Hint, Topic, Source,
    /// Type, ID.
    Cloze,
}

/// A note: one question and all of its cards.
#[derive(Debug, Clone)]
pub struct Note<'a> {
    /// The GUID, by which Anki matches the note across imports.
    pub guid: Cow<'a, str>,
    /// The note type.
    pub kind: Kind,
    /// The note id: milliseconds since 1970, unique in the package.
    pub created: i64,
    /// Seconds since 1970; Anki updates a note only if this has grown.
    pub modified: i64,
    /// The index of the note's deck.
    pub deck: usize,
    /// Tags without spaces; `::` makes a hierarchy.
    pub tags: Vec<String>,
    /// The fields as HTML, in the order of the note type; they contain no U+001F.
    pub fields: Vec<String>,
}

/// A file that notes refer to.
#[derive(Debug, Clone)]
pub struct Media<'a> {
    /// The name that notes use, without a folder.
    pub name: Cow<'a, str>,
    /// The file.
    pub file: &'a MediaFile,
}

/// A style sheet that is added to that of the note types.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style<'a> {
    /// The rules, if any.
    pub css: &'a str,
    /// When they last changed, in seconds since 1970.
    pub modified: i64,
    /// The layouts of our note types in a collection where somebody has added to them.
    pub layouts: &'a [Layout],
}

/// A note type as it is in a collection. A package must have the same, or Anki makes a second one.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Which of ours it is.
    pub kind: Kind,
    /// The fields, ours among them, as Anki's own JSON.
    pub fields: Vec<Value>,
    /// The templates, the same way; ours come first.
    pub templates: Vec<Value>,
}

impl Layout {
    /// Returns the names of the fields, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().filter_map(|field| field["name"].as_str())
    }
}

/// The note types of a package: ours with their style sheet, and those of the author's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoteTypes<'a> {
    /// The style sheet that is added to ours.
    pub style: Style<'a>,
    /// The note types of the author's own that notes use.
    pub own: &'a [OwnNoteType<'a>],
}

/// Writes a package. `fill` passes the rows of the notes in the order in which they are to be
/// learned. The two empty files are for the database and for its compressed form, both of which may
/// be too large for memory.
///
/// # Errors
///
/// Refuses a note that would abort the user's import or vanish in it: one
/// without a deck, or whose id another has. Errors of `SQLite` and of `out` are
/// passed on.
pub fn write(
    format: PackageFormat,
    decks: &[Deck],
    media: &[Media<'_>],
    note_types: NoteTypes<'_>,
    [mut database, stream]: [NamedTempFile; 2],
    out: &mut dyn Write,
    fill: impl FnOnce(&mut dyn FnMut(NoteRow) -> anyhow::Result<()>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    collection::write(format, database.path(), decks, note_types, fill)?;
    match format {
        PackageFormat::Legacy => container::legacy(&mut database, stream, media, out),
        PackageFormat::Latest => container::latest(&mut database, stream, media, out),
    }
}

#[cfg(test)]
mod tests;
