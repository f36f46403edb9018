//! Writes the collection database, in a file rather than in memory, as it may be large.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use rusqlite::{Connection, OpenFlags, Statement, Transaction, params};
use serde_json::{Map, Value};
use unicase::UniCase;

use super::schema::{self, CREATED, VERSION};
use super::{
    Deck, Note, NoteTypes, OwnCards, OwnNote, card_ords, latest, notetype, own, sort_field,
};
use crate::config::PackageFormat;

/// A card, whose id is assigned when all notes are known.
struct Card {
    note: i64,
    ord: u16,
    deck: i64,
    modified: i64,
    position: u32,
}

/// Writes a collection into an empty file. `fill` passes the rows one by one.
pub(super) fn write(
    format: PackageFormat,
    file: &Path,
    decks: &[Deck],
    note_types: NoteTypes<'_>,
    fill: impl FnOnce(&mut dyn FnMut(NoteRow) -> Result<()>) -> Result<()>,
) -> Result<()> {
    let mut connection = open(file)?;
    connection.create_collation(latest::COLLATION, |a, b| UniCase::new(a).cmp(&UniCase::new(b)))?;
    // If this fails the file is discarded, so it needs no journal. Large pages waste less space
    // between rows of this size.
    connection.execute_batch(
        "PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
         PRAGMA locking_mode = EXCLUSIVE;",
    )?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(schema::TABLES)?;
    let ids = schema::deck_ids(decks);
    let data = match format {
        PackageFormat::Legacy => {
            transaction.execute_batch(schema::GRAVES)?;
            insert_col(&transaction, decks, &ids, note_types)?;
            ""
        }
        PackageFormat::Latest => {
            transaction.execute_batch(latest::TABLES)?;
            latest::insert(&transaction, decks, &ids, note_types)?;
            "{}"
        }
    };
    let mut cards = Vec::new();
    let mut insert = transaction
        .prepare("INSERT INTO notes VALUES (?1, ?2, ?3, ?4, -1, ?5, ?6, ?7, ?8, 0, '')")?;
    let mut position = 0;
    fill(&mut |row| {
        position += 1;
        insert_note(&mut insert, decks, &ids, (row, position), &mut cards)
    })?;
    drop(insert);
    insert_cards(&transaction, cards, data)?;
    transaction.commit()?;
    Ok(())
}

/// Opens the file without a lock, which not every file system supports; no other process uses it.
#[cfg(unix)]
fn open(file: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags_and_vfs(file, OpenFlags::default(), "unix-none")
}

#[cfg(not(unix))]
fn open(file: &Path) -> rusqlite::Result<Connection> {
    Connection::open(file)
}

fn insert_col(
    transaction: &Transaction<'_>,
    decks: &[Deck],
    ids: &BTreeMap<&str, i64>,
    NoteTypes { style, own }: NoteTypes<'_>,
) -> Result<()> {
    let own = own.iter().map(|own| (own.id.to_string(), own::model(own)));
    let models: Map<String, Value> = notetype::models(style).into_iter().chain(own).collect();
    transaction.execute(
        "INSERT INTO col VALUES (1, ?1, ?2, ?2, ?3, 0, 0, 0, '{}', ?4, ?5, ?6, '{}')",
        params![
            CREATED,
            CREATED * 1000,
            VERSION,
            Value::Object(models).to_string(),
            schema::decks(decks, ids).to_string(),
            schema::presets().to_string(),
        ],
    )?;
    Ok(())
}

fn insert_note(
    insert: &mut Statement<'_>,
    decks: &[Deck],
    ids: &BTreeMap<&str, i64>,
    (row, position): (NoteRow, u32),
    cards: &mut Vec<Card>,
) -> Result<()> {
    let deck = decks
        .get(row.deck)
        .and_then(|deck| ids.get(deck.name.as_str()))
        .with_context(|| format!("note {} has no deck", row.guid))?;
    insert
        .execute(params![
            row.created,
            row.guid,
            row.note_type,
            row.modified,
            row.tags,
            row.fields,
            row.sort_field,
            row.checksum,
        ])
        .with_context(|| format!("writing note {}", row.guid))?;
    cards.extend(row.ords.into_iter().map(|ord| Card {
        note: row.created,
        ord,
        deck: *deck,
        modified: row.modified,
        position,
    }));
    Ok(())
}

/// The stored values of a note that do not depend on other notes.
#[derive(Debug)]
pub struct NoteRow {
    guid: String,
    note_type: i64,
    created: i64,
    modified: i64,
    deck: usize,
    tags: String,
    fields: String,
    sort_field: String,
    checksum: u32,
    ords: Vec<u16>,
}

/// A note, whatever its type is, with the ordinals of its cards.
struct RowNote {
    guid: String,
    note_type: i64,
    created: i64,
    modified: i64,
    deck: usize,
    tags: Vec<String>,
    fields: Vec<String>,
    ords: Vec<u16>,
}

impl NoteRow {
    /// Computes the stored values of a note.
    ///
    /// # Errors
    ///
    /// Refuses one with the wrong number of fields or without cards.
    pub fn new(note: Note<'_>) -> Result<Self> {
        let Note { guid, kind, created, modified, deck, tags, fields } = note;
        let expected = notetype::fields(kind).len();
        ensure!(
            fields.len() == expected,
            "note {guid} has {} fields instead of {expected}",
            fields.len(),
        );
        let ords = card_ords(kind, &fields);
        ensure!(!ords.is_empty(), "note {guid} has no cards");
        let (guid, note_type) = (guid.into_owned(), notetype::id(kind));
        Ok(Self::of(RowNote { guid, note_type, created, modified, deck, tags, fields, ords }))
    }

    /// Computes the stored values of a note of the author's own type.
    ///
    /// # Errors
    ///
    /// Refuses one with the wrong number of fields.
    pub fn own(note: OwnNote<'_>, cards: &OwnCards<'_>) -> Result<Self> {
        let OwnNote { guid, created, modified, deck, tags, fields } = note;
        let expected = cards.note_type.fields.len();
        ensure!(
            fields.len() == expected,
            "note {guid} has {} fields instead of {expected}",
            fields.len(),
        );
        let ords = cards.card_ords(&fields, !tags.is_empty());
        let (guid, note_type) = (guid.to_owned(), cards.note_type.id);
        Ok(Self::of(RowNote { guid, note_type, created, modified, deck, tags, fields, ords }))
    }

    /// Computes the stored values of a note whose cards are known.
    fn of(note: RowNote) -> Self {
        let RowNote { guid, note_type, created, modified, deck, tags, fields, ords } = note;
        let sort_field = sort_field::sort_text(&fields[0]).into_owned();
        Self {
            guid,
            note_type,
            created,
            modified,
            deck,
            tags: self::tags(&tags),
            fields: fields.join("\x1f"),
            checksum: sort_field::checksum(&sort_field),
            sort_field,
            ords,
        }
    }
}

impl NoteRow {
    /// Returns the same note with all fields that it has in a collection.
    #[must_use]
    pub fn with_fields(self, fields: &[String]) -> Self {
        let sort_field = sort_field::sort_text(fields.first().map_or("", String::as_str));
        let (sort_field, fields) = (sort_field.into_owned(), fields.join("\x1f"));
        Self { fields, checksum: sort_field::checksum(&sort_field), sort_field, ..self }
    }
}

/// Joins tags with a space on each side, so that Anki's search finds them.
fn tags(tags: &[String]) -> String {
    match tags {
        [] => String::new(),
        tags => format!(" {} ", tags.join(" ")),
    }
}

/// Inserts the cards. Their ids are times as well. They follow the note ids as closely as possible,
/// in the same order, so that a new note does not change the ids of older cards.
fn insert_cards(transaction: &Transaction<'_>, mut cards: Vec<Card>, data: &str) -> Result<()> {
    cards.sort_unstable_by_key(|card| (card.note, card.ord));
    let mut insert = transaction.prepare(
        "INSERT INTO cards VALUES (?1, ?2, ?3, ?4, ?5, -1, 0, 0, ?6, 0, 0, 0, 0, 0, 0, 0, 0, ?7)",
    )?;
    let mut free = i64::MIN;
    for card in cards {
        let id = free.max(card.note);
        insert.execute(params![
            id,
            card.note,
            card.deck,
            card.ord,
            card.modified,
            card.position,
            data,
        ])?;
        free = id.saturating_add(1);
    }
    Ok(())
}
