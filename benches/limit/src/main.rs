//! `limit latest|legacy IN.md OUT.apkg`: the least work that any writer of Anki packages must do.
//!
//! It reads a file, splits it by lines, makes HTML of the Markdown, fills the tables of a
//! collection in memory, adds the indexes, and writes its bytes compressed: with deflate 6 for the
//! legacy package, with Zstandard 3 for the latest. It does so on one core, step by step. It knows
//! one note type and one form of a question; it checks nothing, colours nothing, cleans nothing and
//! remembers nothing.

mod questions;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::{env, iter};

use questions::Question;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, result::ZipResult};

const TABLES: &str = include_str!("tables.sql");
const INDEXES: &str = include_str!("indexes.sql");

const NOTE_TYPE: i64 = 2_000_000_000_000;
const SECONDS: i64 = 1_600_000_000;

/// What a row of the notes holds besides its numbers and the question.
struct Row {
    guid: String,
    tags: String,
    fields: String,
    checksum: u32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [format, from, to] = &arguments[..] else {
        return Err("usage: limit latest|legacy IN.md OUT.apkg".into());
    };
    let text = fs::read_to_string(from)?;
    let questions = questions::split(&text);
    let html: Vec<[String; 3]> = questions.iter().map(html).collect();
    let rows: Vec<Row> = questions.iter().zip(&html).map(row).collect();
    let mut connection = Connection::open_in_memory()?;
    fill(&mut connection, &questions, &rows)?;
    let collection = connection.serialize("main")?;
    let zip = ZipWriter::new(BufWriter::new(File::create(to)?));
    match format.as_str() {
        "latest" => latest(zip, &collection)?,
        "legacy" => legacy(zip, &collection)?,
        _ => return Err("the formats are latest and legacy".into()),
    }
    Ok(())
}

fn html(question: &Question<'_>) -> [String; 3] {
    [question.prompt, question.answer, question.key_points].map(questions::html)
}

fn row((question, html): (&Question<'_>, &[String; 3])) -> Row {
    let [a, b, c, d, e, f, g, h, ..] = <[u8; 20]>::from(Sha1::digest(question.prompt));
    Row {
        guid: format!("{:016x}", u64::from_be_bytes([a, b, c, d, e, f, g, h])),
        tags: format!(" {} ", question.topic.replace(' ', "-")),
        fields: html.join("\u{1f}"),
        checksum: u32::from_be_bytes([a, b, c, d]),
    }
}

fn fill(
    connection: &mut Connection,
    questions: &[Question<'_>],
    rows: &[Row],
) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA journal_mode = OFF")?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(TABLES)?;
    let topics = questions.iter().map(|question| question.topic);
    let mut decks: BTreeMap<&str, i64> = topics.map(|topic| (topic, 0)).collect();
    decks.values_mut().zip(SECONDS * 1000..).for_each(|(id, next)| *id = next);
    transaction.execute(
        "INSERT INTO col VALUES (1, ?1, ?1 * 1000, ?1 * 1000, 11, 0, 0, 0, '{}', ?2, ?3, '{}', '{}')",
        params![SECONDS, note_types().to_string(), decks_json(&decks).to_string()],
    )?;
    let mut note = transaction
        .prepare("INSERT INTO notes VALUES (?1, ?2, ?3, ?4, -1, ?5, ?6, ?7, ?8, 0, '')")?;
    let mut card = transaction.prepare(
        "INSERT INTO cards VALUES (?1, ?1, ?2, 0, ?3, -1, 0, 0, ?4, 0, 0, 0, 0, 0, 0, 0, 0, '')",
    )?;
    for ((question, row), id) in questions.iter().zip(rows).zip(SECONDS * 1000..) {
        let Row { guid, tags, fields, checksum } = row;
        note.execute(params![
            id,
            guid,
            NOTE_TYPE,
            SECONDS,
            tags,
            fields,
            question.prompt,
            checksum
        ])?;
    }
    for (question, due) in questions.iter().zip(0..) {
        card.execute(params![SECONDS * 1000 + due, decks[question.topic], SECONDS, due])?;
    }
    drop((note, card));
    transaction.execute_batch(INDEXES)?;
    transaction.commit()
}

fn note_types() -> Value {
    let fields = ["Question", "Answer", "Key Points"].iter().enumerate();
    let fields = fields.map(|(ord, name)| {
        json!({"name": name, "ord": ord, "sticky": false, "rtl": false, "font": "Arial", "size": 20})
    });
    let template = json!({
        "name": "Recall",
        "ord": 0,
        "qfmt": "{{Question}}",
        "afmt": "{{Question}}<hr>{{Answer}}<hr>{{Key Points}}",
        "bqfmt": "",
        "bafmt": "",
        "did": null,
    });
    let note_type = json!({
        "id": NOTE_TYPE,
        "name": "Limit",
        "type": 0,
        "mod": SECONDS,
        "usn": -1,
        "sortf": 0,
        "did": 1,
        "flds": fields.collect::<Vec<_>>(),
        "tmpls": [template],
        "css": "",
        "latexPre": "",
        "latexPost": "",
        "req": [[0, "any", [0]]],
    });
    json!({ NOTE_TYPE.to_string(): note_type })
}

fn decks_json(decks: &BTreeMap<&str, i64>) -> Value {
    let all = iter::once((&"Default", &1)).chain(decks);
    let all = all.map(|(name, id)| {
        let deck = json!({
            "id": id,
            "name": name,
            "mod": SECONDS,
            "usn": -1,
            "conf": 1,
            "desc": "",
            "dyn": 0,
            "collapsed": false,
            "lrnToday": [0, 0],
            "revToday": [0, 0],
            "newToday": [0, 0],
            "timeToday": [0, 0],
        });
        (id.to_string(), deck)
    });
    Value::Object(all.collect())
}

fn latest(mut zip: ZipWriter<BufWriter<File>>, collection: &[u8]) -> ZipResult<()> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let collection = zstd::bulk::compress(collection, 3)?;
    let media = zstd::bulk::compress(b"", 3)?;
    for (name, bytes) in
        [("meta", &[8, 3][..]), ("collection.anki21b", &collection), ("media", &media)]
    {
        zip.start_file(name, stored)?;
        zip.write_all(bytes)?;
    }
    zip.finish()?.flush()?;
    Ok(())
}

fn legacy(mut zip: ZipWriter<BufWriter<File>>, collection: &[u8]) -> ZipResult<()> {
    let deflated = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6));
    for (name, bytes) in [("collection.anki2", collection), ("media", b"{}")] {
        zip.start_file(name, deflated)?;
        zip.write_all(bytes)?;
    }
    zip.finish()?.flush()?;
    Ok(())
}
