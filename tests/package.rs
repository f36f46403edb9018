//! A package holds what the program says of it.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test may fail loudly"
)]

#[path = "spec/press.rs"]
mod press;

use std::fs;
use std::io::{Cursor, Read as _};

use deckpress::identity::Note;
use deckpress::target::Target;

const NOTES: &str = "\
# Deck
### Q: One?
Plain.
### Q: Two? {.reverse}
Turned.
### Q: Three? {.type}
Typed.
### Q: The ==capital== of ==France== {.cloze}
Two gaps, and one more answer.
### Q: {{c1::A}} and {{c1::B}} and {{c3::C}} {.cloze}
Two numbers.
### Q: Four? {.recall}
**Answer:** Points.

**Key points:**
- a
- b
- c
### Q: Five? {.recall .reverse}
**Answer:** Both.

**Key points:**
- a
- b
";

#[test]
fn a_note_has_as_many_cards_as_anki_gets() {
    let showcase = fs::read("tests/showcase/showcase.md").unwrap();
    for text in [NOTES.as_bytes().to_vec(), showcase] {
        let compiled = press::compile(&[("notes.md".to_owned(), text)]);
        let counted: usize = compiled.notes().iter().map(Note::cards).sum();
        let (files, _) = press::export(&compiled, Target::Apkg);
        let package = files.into_values().next().unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(package)).unwrap();
        let mut collection = Vec::new();
        zip.by_name("collection.anki2").unwrap().read_to_end(&mut collection).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), collection).unwrap();
        let database = rusqlite::Connection::open(file.path()).unwrap();
        let rows: rusqlite::Result<i64> =
            database.query_row("SELECT count(*) FROM cards", [], |row| row.get(0));
        assert_eq!(rows.unwrap(), i64::try_from(counted).unwrap());
        assert_eq!(compiled.counts().cards, counted);
        assert!(counted > 7);
    }
}
