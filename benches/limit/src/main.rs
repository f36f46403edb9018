//! `limit latest|legacy IN.md OUT.apkg`: the least work that any writer of Anki packages must do.
//!
//! It reads a file, splits it by lines, makes HTML of the Markdown, fills the tables of a
//! collection in memory, adds the indexes, and writes its bytes compressed. It does so on one core
//! and step by step. It knows one note type and one form of a question; it checks nothing, colours
//! nothing, cleans nothing and remembers nothing.

mod questions;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::{env, fs};

use questions::Question;
use rusqlite::{Connection, params};
use sha1::{Digest, Sha1};
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, result::ZipResult};

const TABLES: &str = include_str!("tables.sql");
const INDEXES: &str = include_str!("indexes.sql");

const MODELS: &str = r#"{"1700000000001":{"id":1700000000001,"name":"Limit","type":0,"mod":1,"usn":-1,"sortf":0,"did":1,"tags":[],"vers":[],"css":"","latexPre":"","latexPost":"","latexsvg":false,"req":[[0,"any",[0]]],"flds":[{"name":"Question","ord":0,"sticky":false,"rtl":false,"font":"Arial","size":20,"media":[]},{"name":"Answer","ord":1,"sticky":false,"rtl":false,"font":"Arial","size":20,"media":[]},{"name":"Key Points","ord":2,"sticky":false,"rtl":false,"font":"Arial","size":20,"media":[]}],"tmpls":[{"name":"Recall","ord":0,"qfmt":"{{Question}}","afmt":"{{Question}}<hr>{{Answer}}<hr>{{Key Points}}","bqfmt":"","bafmt":"","did":null}]}}"#;
const PRESETS: &str = r#"{"1":{"id":1,"name":"Default","mod":0,"usn":0,"maxTaken":60,"autoplay":true,"timer":0,"replayq":true,"dyn":false,"new":{"bury":false,"delays":[1.0,10.0],"initialFactor":2500,"ints":[1,4,0],"order":1,"perDay":20},"rev":{"bury":false,"ease4":1.3,"ivlFct":1.0,"maxIvl":36500,"perDay":200,"hardFactor":1.2},"lapse":{"delays":[10.0],"leechAction":1,"leechFails":8,"minInt":1,"mult":0.0}}}"#;

/// A row of the notes, with the deck of its card.
struct Row<'t> {
    id: i64,
    guid: String,
    deck: i64,
    tags: String,
    fields: String,
    prompt: &'t str,
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
    let (rows, decks) = rows(&questions, &html);
    let mut connection = connection(&rows, &decks)?;
    let collection = connection.serialize("main")?;
    let zip = ZipWriter::new(BufWriter::with_capacity(1 << 20, File::create(to)?));
    match format.as_str() {
        "latest" => latest(zip, &collection)?,
        "legacy" => legacy(zip, &collection)?,
        _ => return Err("the formats are latest and legacy".into()),
    }
    Ok(())
}

fn html(question: &Question<'_>) -> [String; 3] {
    [question.prompt, &question.answer, &question.key_points].map(questions::html)
}

fn rows<'t>(
    questions: &[Question<'t>],
    html: &[[String; 3]],
) -> (Vec<Row<'t>>, BTreeMap<&'t str, i64>) {
    let mut decks = BTreeMap::new();
    let rows = questions.iter().zip(html).zip(1_700_000_000_000..).map(|((question, html), id)| {
        let next = 1_600_000_000_000 + i64::try_from(decks.len()).unwrap_or(0);
        let deck = *decks.entry(question.topic).or_insert(next);
        let [a, b, c, d, ..] = <[u8; 20]>::from(Sha1::digest(question.prompt));
        Row {
            id,
            guid: format!("{:016x}", hash(question.prompt)),
            deck,
            tags: format!(" {} ", question.topic.replace(' ', "-")),
            fields: html.join("\u{1f}"),
            prompt: question.prompt,
            checksum: u32::from_be_bytes([a, b, c, d]),
        }
    });
    (rows.collect(), decks)
}

/// FNV-1a, which is enough to tell questions apart.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn connection(rows: &[Row<'_>], decks: &BTreeMap<&str, i64>) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    connection.execute_batch(
        "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;",
    )?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.execute(
        "INSERT INTO col VALUES (1, 1411124400, 1700000000000, 1700000000000, 11, 0, 0, 0, '{}', ?1, ?2, ?3, '{}')",
        params![MODELS, decks_json(decks), PRESETS],
    )?;
    {
        let mut insert = transaction.prepare(
            "INSERT INTO notes VALUES (?1, ?2, 1700000000001, 1700000000, -1, ?3, ?4, ?5, ?6, 0, '')",
        )?;
        for row in rows {
            insert.execute(params![
                row.id,
                row.guid,
                row.tags,
                row.fields,
                row.prompt,
                row.checksum
            ])?;
        }
        let mut insert = transaction.prepare(
            "INSERT INTO cards VALUES (?1, ?2, ?3, 0, 1700000000, -1, 0, 0, ?4, 0, 0, 0, 0, 0, 0, 0, 0, '')",
        )?;
        for (row, due) in rows.iter().zip(1i64..) {
            insert.execute(params![row.id + 1_000_000_000, row.id, row.deck, due])?;
        }
    }
    transaction.execute_batch(INDEXES)?;
    transaction.commit()?;
    Ok(connection)
}

fn decks_json(decks: &BTreeMap<&str, i64>) -> String {
    let all = [("Default", 1)].into_iter().chain(decks.iter().map(|(name, id)| (*name, *id)));
    let all = all.map(|(name, id)| {
        format!(
            r#""{id}":{{"id":{id},"name":"{name}","mod":1,"usn":-1,"conf":1,"desc":"","dyn":0,"collapsed":false,"browserCollapsed":false,"extendNew":10,"extendRev":50,"lrnToday":[0,0],"newToday":[0,0],"revToday":[0,0],"timeToday":[0,0]}}"#
        )
    });
    format!("{{{}}}", all.collect::<Vec<_>>().join(","))
}

fn latest(mut zip: ZipWriter<BufWriter<File>>, collection: &[u8]) -> ZipResult<()> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("meta", stored)?;
    zip.write_all(&[8, 3])?;
    zip.start_file("collection.anki21b", stored)?;
    zip.write_all(&zstd::bulk::compress(collection, 3)?)?;
    zip.start_file("media", stored)?;
    zip.write_all(&zstd::bulk::compress(b"", 3)?)?;
    zip.finish()?.flush()?;
    Ok(())
}

fn legacy(mut zip: ZipWriter<BufWriter<File>>, collection: &[u8]) -> ZipResult<()> {
    let deflated = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6));
    zip.start_file("collection.anki2", deflated)?;
    zip.write_all(collection)?;
    zip.start_file("media", deflated)?;
    zip.write_all(b"{}")?;
    zip.finish()?.flush()?;
    Ok(())
}
