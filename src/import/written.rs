//! The files that an import writes, with what is counted for its report.

use std::collections::{BTreeMap, BTreeSet};

use super::model::Note;

/// The form that imported notes get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// They keep their note types, and all their fields.
    #[default]
    OwnType,
    /// They become questions of deckpress.
    Qa {
        /// Whether fields that no card shows come along.
        has_all_fields: bool,
    },
}

/// A file to write.
#[derive(Debug)]
pub struct TextFile {
    /// Its path below the content folder.
    pub path: String,
    /// Its content.
    pub text: String,
    /// The notes in it, in order, as positions in the collection.
    pub notes: Vec<usize>,
}

/// The files that an import writes.
#[derive(Debug, Default)]
pub struct Content {
    /// The folder that media go to, with `/` behind it.
    pub media_folder: String,
    /// The notes.
    pub files: Vec<TextFile>,
    /// The files of note types.
    pub parts: Vec<(String, String)>,
    /// The names of the note types, by their positions in the collection, and whether each is new.
    pub note_types: BTreeMap<usize, (String, bool)>,
    /// The names of the files of media that notes refer to.
    pub media: BTreeSet<String>,
    /// The content that is lost, with the number of notes and the first of them.
    pub losses: BTreeMap<&'static str, (usize, String)>,
    /// How many notes were there already.
    pub known: usize,
    /// How many of these were taken out.
    pub retired: usize,
    /// The notes that ask in the same words as another.
    pub(super) doubles: BTreeSet<usize>,
}

impl Content {
    /// Returns the texts to write, with their paths.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let parts = self.parts.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        parts.chain(self.files.iter().map(|file| (file.path.as_str(), file.text.as_str())))
    }

    pub(super) fn lose(&mut self, what: &'static str, note: &Note) {
        let first = || note.fields.iter().find(|field| !field.trim().is_empty());
        let first = first().map_or_else(|| note.guid.clone(), |field| shorten(field));
        self.losses.entry(what).or_insert((0, first)).0 += 1;
    }
}

/// Returns the beginning of a field, for a message.
fn shorten(html: &str) -> String {
    let text = strip_tags(html);
    let text = text.trim();
    match text.char_indices().nth(50) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns the text of a field without its tags.
fn strip_tags(html: &str) -> String {
    let mut is_tag = false;
    let is_text = |c: &char| {
        match c {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                return false;
            }
            _ => {}
        }
        !is_tag && !c.is_control()
    };
    html.chars().filter(is_text).collect()
}
