//! The notes of a package one by one, for those who send only some of them, and not all as the
//! content makes them.

use std::collections::BTreeMap;
use std::io::Write;
use std::slice;
use std::sync::Arc;

use anyhow::Context as _;
use rayon::prelude::*;
use tempfile::NamedTempFile;

use super::anki_fields::{self, AnkiNote};
use super::apkg::{collect_decks, fold_case, package_media};
use super::{Input, anki_note_types, card_excerpts, deck_name, description_excerpts, tags};
use crate::anki::{self, Kind, Layout, NoteRow, NoteTypes, OwnCards, OwnNote, OwnNoteType, Style};
use crate::config::PackageFormat;

/// A note type as a package has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageType {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Which of ours it is, if it is not the author's own.
    pub kind: Option<Kind>,
    /// The names of its fields, in order.
    pub fields: Vec<String>,
    /// How many templates it has.
    pub templates: usize,
}

/// A note as a package has it.
#[derive(Clone, Debug)]
pub struct PackageNote {
    /// Which of the notes of the input it belongs to.
    pub question: usize,
    /// Its id.
    pub id: String,
    /// Its GUID, by which Anki knows it.
    pub guid: String,
    /// Its note type.
    pub note_type: Arc<PackageType>,
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
    /// The ordinals of its cards, in order.
    pub ords: Vec<u16>,
    /// What the fields hold that somebody has added to the note type, by their names.
    pub others: BTreeMap<String, String>,
}

impl PackageNote {
    /// Returns its fields with their names.
    pub fn named_fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.note_type.fields.iter().zip(&self.fields).map(|(name, html)| (&**name, &**html))
    }

    /// Returns all fields in the order that they have in a collection.
    fn laid_out(&self, layout: &Layout) -> Vec<String> {
        let value = |name: &str| {
            let own = self.named_fields().find(|(own, _)| *own == name).map(|(_, html)| html);
            own.or_else(|| self.others.get(name).map(String::as_str)).unwrap_or_default().to_owned()
        };
        layout.names().map(value).collect()
    }
}

/// Returns one of our note types.
fn our_type(kind: Kind) -> Arc<PackageType> {
    Arc::new(PackageType {
        id: anki::notetype_id(kind),
        name: anki::name(kind).to_owned(),
        kind: Some(kind),
        fields: anki::fields(kind).into_iter().map(str::to_owned).collect(),
        templates: anki::templates(kind),
    })
}

fn own_type(own: &OwnNoteType<'_>) -> Arc<PackageType> {
    Arc::new(PackageType {
        id: own.id,
        name: own.name.to_owned(),
        kind: None,
        fields: own.fields.iter().map(|(name, _)| (*name).to_owned()).collect(),
        templates: own.cards.len(),
    })
}

/// Returns every note that the package would have, in order.
#[must_use]
pub fn render(input: &Input<'_>) -> Vec<PackageNote> {
    let own = anki_note_types::used_in_package(input);
    let own: BTreeMap<&str, (OwnCards<'_>, Arc<PackageType>)> =
        own.iter().map(|own| (own.name, (OwnCards::new(own), own_type(own)))).collect();
    let (qa, cloze) = (our_type(Kind::Qa), our_type(Kind::Cloze));
    let of_question = |question: usize| {
        let note = &input.notes[question];
        let (deck, tags) = (deck_name(note.deck, note.topic), tags(note));
        if let Some((cards, note_type)) =
            note.question.note_type.as_ref().and_then(|it| own.get(&**it))
        {
            let fields = anki_note_types::fields(input, note, cards.note_type());
            let ords = cards.card_ords(&fields, !tags.is_empty());
            return vec![PackageNote {
                question,
                id: note.id.to_owned(),
                guid: note.guid.to_owned(),
                note_type: Arc::clone(note_type),
                created: note.created,
                modified: note.modified,
                deck,
                tags,
                fields,
                ords,
                others: BTreeMap::new(),
            }];
        }
        let made = |made: AnkiNote| {
            let AnkiNote { id, guid, kind, created, modified, fields } = made;
            let (deck, tags) = (deck.clone(), tags.clone());
            let note_type = Arc::clone(if kind == Kind::Qa { &qa } else { &cloze });
            let ords = anki::card_ords(kind, &fields);
            PackageNote {
                question,
                id,
                guid,
                note_type,
                created,
                modified,
                deck,
                tags,
                fields,
                ords,
                others: BTreeMap::new(),
            }
        };
        anki_fields::build_notes(input, note).into_iter().map(made).collect()
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
    let (cards, pages) = (notes().flat_map(card_excerpts), notes().flat_map(description_excerpts));
    let media = package_media(input, cards, pages);
    let is_sent = |own: &OwnNoteType<'_>| some.iter().any(|note| note.note_type.id == own.id);
    let own: Vec<OwnNoteType<'_>> =
        anki_note_types::used_in_package(input).into_iter().filter(is_sent).collect();
    let own_cards: BTreeMap<i64, OwnCards<'_>> =
        own.iter().map(|own| (own.id, OwnCards::new(own))).collect();
    let row = |note: &PackageNote, deck: usize| {
        let PackageNote { guid, created, modified, tags, fields, .. } = note.clone();
        let Some(kind) = note.note_type.kind else {
            let cards = own_cards.get(&note.note_type.id).context("a note has no note type")?;
            let guid = &guid;
            return NoteRow::own(OwnNote { guid, created, modified, deck, tags, fields }, cards);
        };
        let guid = guid.into();
        let row = NoteRow::new(anki::Note { guid, kind, created, modified, deck, tags, fields })?;
        let layout = layouts.iter().find(|layout| layout.kind == kind);
        Ok(match layout {
            Some(layout) => row.with_fields(&note.laid_out(layout)),
            None => row,
        })
    };
    let note_types = NoteTypes { style: Style { layouts, ..input.style }, own: &own };
    anki::write(PackageFormat::Legacy, &decks, &media, note_types, scratch, file, |insert| {
        some.iter().zip(places).try_for_each(|(note, deck)| insert(row(note, deck)?))
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
