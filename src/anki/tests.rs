//! Tests that need no Anki. Whole packages are tested by importing them into Anki.

use std::io::{Cursor, Read as _, Write as _};
use std::sync::Arc;

use rusqlite::Connection;

use tempfile::NamedTempFile;

use super::{Deck, Kind, Media, Note, NoteRow, Style};
use crate::config::PackageFormat;
use crate::media::{Digest, Known, MediaFile};

fn note<'a>(guid: &'a str, created: i64, kind: Kind, first: &str, tags: &[String]) -> Note<'a> {
    let rest = match kind {
        Kind::Qa => &["a", "", "", "", "", "", "yes", "", guid][..],
        Kind::Cloze => &["", "", "", "", "", "", "", guid],
    };
    let fields = [first].iter().chain(rest).map(ToString::to_string).collect();
    let guid = guid.into();
    Note { guid, kind, created, modified: 1_700_000_000, deck: 0, tags: tags.to_vec(), fields }
}

fn decks(names: &[&str]) -> Vec<Deck> {
    let deck = |name: &&str| Deck { name: (*name).to_owned(), description: format!("<p>{name}") };
    names.iter().map(deck).collect()
}

fn legacy<'a>(
    decks: &[Deck],
    notes: impl IntoIterator<Item = Note<'a>>,
    media: &[Media<'_>],
    style: Style<'_>,
) -> anyhow::Result<Vec<u8>> {
    let mut package = Vec::new();
    let scratch = [NamedTempFile::new()?, NamedTempFile::new()?];
    let note_types = super::NoteTypes { style, own: &[] };
    super::write(
        PackageFormat::Legacy,
        decks,
        media,
        note_types,
        scratch,
        &mut package,
        |insert| notes.into_iter().try_for_each(|note| insert(NoteRow::new(note)?)),
    )?;
    Ok(package)
}

fn member(package: &[u8], name: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(package)).expect("a zip");
    let mut bytes = Vec::new();
    zip.by_name(name).expect(name).read_to_end(&mut bytes).expect(name);
    bytes
}

/// Returns the rows of a query, columns separated by `|`.
fn rows(package: &[u8], columns: &str, table: &str) -> Vec<String> {
    let mut file = NamedTempFile::new().expect("a file");
    file.write_all(&member(package, "collection.anki2")).expect("a database");
    let connection = Connection::open(file.path()).expect("a database");
    let sql = format!("SELECT concat_ws('|', {columns}) FROM {table} ORDER BY rowid");
    let mut query = connection.prepare(&sql).expect("a query");
    let rows = query.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("text")).collect()
}

#[test]
fn rows_are_those_of_the_notes() {
    let tags = ["a".to_owned(), "b::c".to_owned()];
    let notes = [
        note("late", 1_700_000_000_001, Kind::Qa, "<b>007</b>", &tags),
        note("early", 1_700_000_000_000, Kind::Cloze, "{{c1::x}}{{c3::y}}{{c4::z}}", &[]),
    ];
    let package = legacy(&decks(&["Top::Sub"]), notes, &[], Style::default()).expect("a package");
    assert_eq!(
        rows(&package, "id, guid, mid, mod, tags, sfld, replace(flds, char(31), '/')", "notes"),
        [
            "1700000000000|early|1716483107629|1700000000||{{c1::x}}{{c3::y}}{{c4::z}}|\
             {{c1::x}}{{c3::y}}{{c4::z}}////////early",
            "1700000000001|late|1716482953417|1700000000| a b::c |7|<b>007</b>/a//////yes//late",
        ],
    );
    assert_eq!(
        rows(&package, "id % 100, nid % 100, ord, due, queue, type", "cards"),
        ["0|0|0|2|0|0", "1|0|2|2|0|0", "2|0|3|2|0|0", "3|1|0|1|0|0", "4|1|1|1|0|0"],
    );
    assert_eq!(rows(&package, "count(*)", "revlog"), ["0"]);
}

#[test]
fn decks_have_parents_and_the_default() {
    let package = legacy(&decks(&["Top::Mid::Low", "Default", "Top"]), [], &[], Style::default())
        .expect("a package");
    let json = &rows(&package, "decks", "col")[0];
    let decks: serde_json::Value = serde_json::from_str(json).expect("JSON");
    let mut described: Vec<_> = decks
        .as_object()
        .expect("an object")
        .values()
        .map(|deck| (deck["name"].as_str(), deck["desc"].as_str()))
        .collect();
    described.sort_unstable();
    assert_eq!(
        described,
        [
            (Some("Default"), Some("<p>Default")),
            (Some("Top"), Some("<p>Top")),
            (Some("Top::Mid"), Some("")),
            (Some("Top::Mid::Low"), Some("<p>Top::Mid::Low")),
        ],
    );
    assert_eq!(decks["1"]["name"], "Default");
}

#[test]
fn media_are_numbered() {
    let names: Vec<_> = (0..11).map(|n| format!("file-{n}.png")).collect();
    let file = |name: &String| {
        let known = Known { digest: Digest::of(name.as_bytes()), stat: None };
        MediaFile::new(name, known, Arc::new(name.clone().into_bytes()))
    };
    let files: Vec<MediaFile> = names.iter().map(file).collect();
    let media: Vec<_> =
        names.iter().zip(&files).map(|(name, file)| Media { name: name.into(), file }).collect();
    let package = legacy(&[], [], &media, Style::default()).expect("a package");
    assert_eq!(member(&package, "10"), b"file-10.png");
    let json = String::from_utf8(member(&package, "media")).expect("UTF-8");
    assert!(json.starts_with(r#"{"0":"file-0.png","1":"file-1.png","2":"#), "{json}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let build = || {
        let guids: Vec<_> = (0..500).map(|n| format!("guid-{n}")).collect();
        let notes = guids.iter().zip(1_700_000_000_000..);
        let notes = notes.map(|(guid, id)| note(guid, id, Kind::Qa, &guid.repeat(50), &[]));
        legacy(&decks(&["A::B", "A", "C"]), notes, &[], Style::default()).expect("a package")
    };
    assert!(build() == build());
}

#[test]
fn notes_that_would_harm_an_import_are_refused() {
    let refusal = |change: fn(&mut Note<'_>)| {
        let mut changed = note("changed", 1_700_000_000_000, Kind::Qa, "q", &[]);
        change(&mut changed);
        let other = note("other", 1_700_000_000_001, Kind::Qa, "q", &[]);
        let error =
            legacy(&decks(&["A"]), [other, changed], &[], Style::default()).expect_err("a refusal");
        error.to_string()
    };
    assert_eq!(refusal(|n| n.deck = 1), "note changed has no deck");
    assert_eq!(refusal(|n| n.fields.fill(String::new())), "note changed has no cards");
    assert_eq!(refusal(|n| n.fields.truncate(2)), "note changed has 2 fields instead of 10");
    assert_eq!(refusal(|n| n.created += 1), "writing note changed");
}
