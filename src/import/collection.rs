//! The database of a collection.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};
use unicase::UniCase;

use super::model::{Collection, Note};
use super::schema::{self, Decks};

/// The most notes that are read, and the most memory that their fields may take.
const MAX_NOTES: i64 = 1_000_000;
pub(super) const MAX_TEXT: usize = 1 << 29;
/// The longest value in the database.
const MAX_VALUE: i32 = 100 << 20;

/// Reads a database, without running anything in it.
///
/// # Errors
/// If it is damaged, of a version that is not known, or too large.
pub fn read(path: &Path) -> Result<Collection> {
    let connection = open(path).context("its database cannot be opened")?;
    read_open(&connection).map_err(|error| match error.downcast_ref::<rusqlite::Error>() {
        Some(cause) => anyhow::anyhow!("its database cannot be read: {cause}"),
        None => error,
    })
}

fn open(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // Neither a view nor a column may call anything.
    connection.execute_batch(
        "PRAGMA trusted_schema = off; PRAGMA query_only = on; PRAGMA cell_size_check = on;
         PRAGMA mmap_size = 0; PRAGMA temp_store = file;",
    )?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.create_collation("unicase", |a, b| UniCase::new(a).cmp(&UniCase::new(b)))?;
    Ok(connection)
}

fn read_open(connection: &Connection) -> Result<Collection> {
    let has_tables = is_table(connection, "notetypes")?;
    let needed: &[&str] = if has_tables {
        &["col", "notes", "cards", "fields", "templates", "decks"]
    } else {
        &["col", "notes", "cards"]
    };
    for name in needed {
        ensure!(is_table(connection, name)?, "its database has no table `{name}`");
    }
    let version: i64 = connection.query_row("SELECT ver FROM col", [], |row| row.get(0))?;
    let (mut note_types, decks) = match (version, has_tables) {
        (15..=18, true) => schema::read_tables(connection)?,
        (..=14, false) => schema::read_json(connection)?,
        _ => bail!("its database has version {version} of Anki's schema, which is not known"),
    };
    note_types.sort_by_key(|note_type| note_type.id);
    let count: i64 = connection.query_row("SELECT count(*) FROM notes", [], |row| row.get(0))?;
    ensure!(count <= MAX_NOTES, "it holds {count} notes; {MAX_NOTES} are the most that are read");
    let homes = read_homes(connection, &decks)?;
    let places: BTreeMap<i64, usize> =
        note_types.iter().enumerate().map(|(at, note_type)| (note_type.id, at)).collect();
    let mut collection = Collection { note_types, ..Collection::default() };
    if is_table(connection, "revlog")? {
        collection.reviews =
            connection.query_row("SELECT count(*) FROM revlog", [], |row| row.get(0))?;
    }
    let mut rows =
        connection.prepare("SELECT id, guid, mid, mod, tags, flds FROM notes ORDER BY id")?;
    let mut rows = rows.query([])?;
    let mut size = 0;
    while let Some(row) = rows.next()? {
        let Some(&note_type) = places.get(&row.get(2)?) else {
            collection.orphans += 1;
            continue;
        };
        let written = text(row, 5)?;
        // A field takes room even if it is empty, and there may be as many as separators.
        let most = collection.note_types[note_type].fields.len();
        let fields: Vec<String> = written.split('\x1f').take(most).map(str::to_owned).collect();
        size += written.len() + fields.len() * size_of::<String>();
        ensure!(size <= MAX_TEXT, "its notes hold more than {} MB of text", MAX_TEXT >> 20);
        let id = row.get(0)?;
        let home = homes.get(&id);
        collection.notes.push(Note {
            id,
            guid: text(row, 1)?,
            note_type,
            modified: row.get(3)?,
            tags: text(row, 4)?.split_whitespace().map(str::to_owned).collect(),
            fields,
            deck: home.and_then(|home| decks.get(&home.deck)).cloned().unwrap_or_default(),
            has_second_card: home.is_some_and(|home| home.has_second_card),
            attributes: Vec::new(),
        });
    }
    Ok(collection)
}

/// The cards of a note, in short.
struct Home {
    /// The deck of the first one; of a card in a filtered deck, the one that it came from.
    deck: i64,
    has_second_card: bool,
}

/// Returns where the cards of each note are.
fn read_homes(connection: &Connection, decks: &Decks) -> Result<BTreeMap<i64, Home>> {
    // There may be more cards without a note than memory.
    let mut rows = connection.prepare(
        "SELECT nid, did, odid, ord FROM cards WHERE nid IN (SELECT id FROM notes)
         ORDER BY nid DESC, ord DESC",
    )?;
    let mut rows = rows.query([])?;
    let mut homes: BTreeMap<i64, Home> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (note, deck, origin): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let deck = if decks.contains_key(&origin) { origin } else { deck };
        let ord: i64 = row.get(3)?;
        let has_second_card = ord == 1 || homes.get(&note).is_some_and(|it| it.has_second_card);
        homes.insert(note, Home { deck, has_second_card });
    }
    Ok(homes)
}

/// Returns the text of a column; a number as its digits, and nothing as an empty text.
fn text(row: &Row<'_>, column: usize) -> Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Null => String::new(),
    })
}

/// Returns whether there is a plain table of this name, and no view or module in its place.
fn is_table(connection: &Connection, name: &str) -> Result<bool> {
    let mut found =
        connection.prepare("SELECT type, sql FROM sqlite_master WHERE lower(name) = ?1")?;
    let mut rows = found.query([name])?;
    let Some(row) = rows.next()? else { return Ok(false) };
    let (kind, sql) = (text(row, 0)?, text(row, 1)?.to_ascii_lowercase());
    let is_plain = kind == "table" && !sql.starts_with("create virtual");
    ensure!(is_plain, "`{name}` in its database is no plain table");
    Ok(true)
}
