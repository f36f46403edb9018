//! The notes of a package one by one, for those who send only some of them, and not all as the
//! content makes them.

use std::collections::BTreeMap;
use std::io::Write;
use std::slice;

use rayon::prelude::*;
use tempfile::NamedTempFile;

use super::anki_fields::{self, AnkiNote};
use super::apkg::{KEPT_PREFIX, collect_decks, fold_case};
use super::{Input, card_excerpts, deck_name, description_excerpts, find_media, tags};
use crate::anki::{self, Layout, Media, NoteRow, Style};
use crate::config::PackageFormat;
use crate::media::is_media;
use crate::model::MediaRef;

/// A note as a package has it.
#[derive(Clone, Debug)]
pub struct PackageNote {
    /// Which of the notes of the input it belongs to.
    pub question: usize,
    /// Its id.
    pub id: String,
    /// Its note type.
    pub kind: anki::Kind,
    /// Milliseconds since 1970.
    pub created: i64,
    /// Seconds since 1970.
    pub modified: i64,
    /// The full name of its deck.
    pub deck: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its fields, in the order of the note type.
    pub fields: Vec<String>,
    /// What the fields hold that somebody has added to the note type, by their names.
    pub others: BTreeMap<String, String>,
}

impl PackageNote {
    /// Returns all fields in the order that they have in a collection.
    fn laid_out(&self, layout: &Layout) -> Vec<String> {
        let names = anki::fields(self.kind);
        let value = |name: &str| {
            let own = names.iter().position(|own| *own == name).map(|at| &self.fields[at]);
            own.or_else(|| self.others.get(name)).cloned().unwrap_or_default()
        };
        layout.names().map(value).collect()
    }
}

/// Returns every note that the package would have, in order.
#[must_use]
pub fn render(input: &Input<'_>) -> Vec<PackageNote> {
    let of_question = |question: usize| {
        let note = &input.notes[question];
        let (deck, tags) = (deck_name(note.deck, note.topic), tags(note));
        let made = move |made: AnkiNote| {
            let AnkiNote { id, kind, created, modified, fields } = made;
            let (deck, tags) = (deck.clone(), tags.clone());
            let others = BTreeMap::new();
            PackageNote { question, id, kind, created, modified, deck, tags, fields, others }
        };
        anki_fields::build_notes(input, note).into_iter().map(made)
    };
    (0..input.notes.len()).into_par_iter().with_max_len(16).flat_map_iter(of_question).collect()
}

/// Writes a legacy package of some notes, which every Anki reads, with the note types as they are
/// in a collection where somebody has added to them.
///
/// # Errors
/// If it cannot be written.
pub fn write(
    input: &Input<'_>,
    some: &[PackageNote],
    layouts: &[Layout],
    scratch: [NamedTempFile; 2],
    file: &mut dyn Write,
) -> anyhow::Result<()> {
    let (decks, places) = decks(input, some);
    let notes = || some.iter().map(|note| slice::from_ref(&input.notes[note.question]));
    let is_embedded = |media: &MediaRef| media.embedded && media.path().is_some_and(is_media);
    let on_cards = find_media(input, notes().flat_map(card_excerpts), is_embedded);
    let on_pages = find_media(input, notes().flat_map(description_excerpts), is_embedded);
    let kept: Vec<String> = on_pages.keys().map(|name| format!("{KEPT_PREFIX}{name}")).collect();
    let names = on_cards.keys().copied().chain(kept.iter().map(String::as_str));
    let files = on_cards.values().chain(on_pages.values());
    let media: Vec<Media<'_>> =
        names.zip(files).map(|(name, (_, file))| Media { name, bytes: &file.bytes }).collect();
    let (format, style) = (PackageFormat::Legacy, Style { layouts, ..input.style });
    anki::write(format, &decks, &media, style, scratch, file, |insert| {
        some.iter().zip(places).try_for_each(|(note, deck)| {
            let PackageNote { id, kind, created, modified, tags, fields, .. } = note.clone();
            let guid = id.into();
            let row =
                NoteRow::new(anki::Note { guid, kind, created, modified, deck, tags, fields })?;
            let layout = layouts.iter().find(|layout| layout.kind == kind);
            insert(match layout {
                Some(layout) => row.with_fields(&note.laid_out(layout)),
                None => row,
            })
        })
    })
}

/// Returns the decks of some notes with those above them, and the index of each note's deck. Those
/// that the content does not name get no description, so that they keep theirs.
fn decks(input: &Input<'_>, some: &[PackageNote]) -> (Vec<anki::Deck>, Vec<usize>) {
    let (own, _) = collect_decks(input);
    let own: BTreeMap<String, &anki::Deck> =
        own.iter().map(|deck| (fold_case(&deck.name), deck)).collect();
    let mut decks: Vec<anki::Deck> = Vec::new();
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    let mut add = |name: &str| {
        *named.entry(fold_case(name)).or_insert_with_key(|key| {
            let description = own.get(key).map_or("", |deck| &deck.description).to_owned();
            decks.push(anki::Deck { name: name.to_owned(), description });
            decks.len() - 1
        })
    };
    let place = |note: &PackageNote| {
        note.deck.match_indices("::").for_each(|(end, _)| {
            add(&note.deck[..end]);
        });
        add(&note.deck)
    };
    let places = some.iter().map(place).collect();
    (decks, places)
}
