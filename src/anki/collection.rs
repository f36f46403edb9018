//! The collection database, built in memory.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use rusqlite::{Connection, Transaction, params};

use super::notetype;
use super::schema::{self, CREATED, VERSION};
use super::sort_field;
use super::{Deck, Note, Style, card_ords};

/// A card whose id is not known before all notes are.
struct Card {
    note: i64,
    ord: u16,
    deck: i64,
    modified: i64,
    position: u32,
}

/// The bytes of a schema 11 collection.
pub(super) fn schema_11<'a>(
    decks: &[Deck],
    notes: impl IntoIterator<Item = Note<'a>>,
    style: Style<'_>,
) -> Result<Vec<u8>> {
    let mut connection = Connection::open_in_memory()?;
    connection.execute_batch("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF;")?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(schema::TABLES)?;
    let ids = schema::deck_ids(decks);
    insert_col(&transaction, decks, &ids, style)?;
    let cards = insert_notes(&transaction, decks, &ids, notes)?;
    insert_cards(&transaction, cards)?;
    transaction.execute_batch(schema::INDEXES)?;
    transaction.commit()?;
    Ok(connection.serialize("main")?.to_vec())
}

fn insert_col(
    transaction: &Transaction<'_>,
    decks: &[Deck],
    ids: &BTreeMap<&str, i64>,
    style: Style<'_>,
) -> Result<()> {
    transaction.execute(
        "INSERT INTO col VALUES (1, ?1, ?2, ?2, ?3, 0, 0, 0, '{}', ?4, ?5, ?6, '{}')",
        params![
            CREATED,
            CREATED * 1000,
            VERSION,
            notetype::models(style).to_string(),
            schema::decks(decks, ids).to_string(),
            schema::presets().to_string(),
        ],
    )?;
    Ok(())
}

fn insert_notes<'a>(
    transaction: &Transaction<'_>,
    decks: &[Deck],
    ids: &BTreeMap<&str, i64>,
    notes: impl IntoIterator<Item = Note<'a>>,
) -> Result<Vec<Card>> {
    let mut insert = transaction
        .prepare("INSERT INTO notes VALUES (?1, ?2, ?3, ?4, -1, ?5, ?6, ?7, ?8, 0, '')")?;
    let mut cards = Vec::new();
    for note in notes {
        let fields = notetype::fields(note.kind).len();
        ensure!(
            note.fields.len() == fields,
            "note {} has {} fields instead of {fields}",
            note.guid.as_ref(),
            note.fields.len(),
        );
        let deck = decks
            .get(note.deck)
            .and_then(|deck| ids.get(deck.name.as_str()))
            .with_context(|| format!("note {} has no deck", note.guid))?;
        let ords = card_ords(note.kind, &note.fields);
        ensure!(!ords.is_empty(), "note {} has no cards", note.guid);

        let sort_field = sort_field::text(&note.fields[0]);
        insert
            .execute(params![
                note.created,
                note.guid.as_ref(),
                notetype::id(note.kind),
                note.modified,
                tags(&note.tags),
                note.fields.join("\x1f"),
                sort_field,
                sort_field::checksum(&sort_field),
            ])
            .with_context(|| format!("writing note {}", note.guid))?;
        cards.extend(ords.into_iter().map(|ord| Card {
            note: note.created,
            ord,
            deck: *deck,
            modified: note.modified,
            position: note.position,
        }));
    }
    Ok(cards)
}

/// Tags are stored with a space on each side, so that a search finds them.
fn tags(tags: &[String]) -> String {
    match tags {
        [] => String::new(),
        tags => format!(" {} ", tags.join(" ")),
    }
}

/// Card ids are moments too. They follow the note ids as closely as they can,
/// in the order of these, so that a new note leaves the ids of older ones.
fn insert_cards(transaction: &Transaction<'_>, mut cards: Vec<Card>) -> Result<()> {
    cards.sort_unstable_by_key(|card| (card.note, card.ord));
    let mut insert = transaction.prepare(
        "INSERT INTO cards VALUES (?1, ?2, ?3, ?4, ?5, -1, 0, 0, ?6, 0, 0, 0, 0, 0, 0, 0, 0, '')",
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
        ])?;
        free = id + 1;
    }
    Ok(())
}
