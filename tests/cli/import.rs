//! `deckpress import`.

use std::fs;
use std::io::Write as _;

use rusqlite::Connection;
use serde_json::{Value, json};
use snapbox::str;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::test::{Done, test};

/// A package made of members.
pub(crate) fn package(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A database made by some SQL.
pub(crate) fn database(sql: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collection");
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    fs::read(path).unwrap()
}

pub(crate) const TABLES: &str = "
    CREATE TABLE col (id, crt, mod, scm, ver, dty, usn, ls, conf, models, decks, dconf, tags);
    CREATE TABLE notes (id INTEGER PRIMARY KEY, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data);
    CREATE TABLE cards (id INTEGER PRIMARY KEY, nid, did, ord, odid);
    CREATE TABLE revlog (id INTEGER PRIMARY KEY);";

/// A collection in schema 11 with a note type of three fields, and these notes of it.
fn collection(notes: &[(&str, &str)]) -> String {
    let models: Value = json!({"1500000000000": {
        "id": 1_500_000_000_000_i64, "name": "Word", "type": 0, "mod": 1_600_000_000, "css": ".card {}",
        "flds": [{"name": "Word", "ord": 0}, {"name": "Back", "ord": 1}, {"name": "Extra (more)", "ord": 2}],
        "tmpls": [{"name": "Card 1", "ord": 0, "qfmt": "{{Word}}", "afmt": "{{FrontSide}}<hr>{{Back}}"}],
    }});
    let decks =
        json!({"1": {"name": "Default"}, "2": {"name": "Spanish::Verbs"}, "3": {"name": "Filter"}});
    let mut sql = format!(
        "{TABLES} INSERT INTO col VALUES (1, 0, 0, 0, 11, 0, 0, 0, '', '{models}', '{decks}', '', '');\n"
    );
    for (at, (guid, fields)) in notes.iter().enumerate() {
        let (id, fields) =
            (1_600_000_000_000 + at, fields.replace('\'', "''").replace('|', "\x1f"));
        // The second one is in a filtered deck.
        let (deck, origin) = if at == 1 { (3, 2) } else { (2, 0) };
        sql += &format!(
            "INSERT INTO notes VALUES ({id}, '{guid}', 1500000000000, 1650000000, 0, ' verb ', '{fields}', '', 0, 0, '');
             INSERT INTO cards VALUES ({at}, {id}, {deck}, 0, {origin});"
        );
    }
    sql
}

/// A package with these notes and two files of media, one of them with a name that leads elsewhere.
pub(crate) fn spanish(notes: &[(&str, &str)]) -> Vec<u8> {
    package(&[
        ("collection.anki2", &database(&collection(notes))),
        ("media", br#"{"0": "a b.png", "1": "../../evil.png", "2": "unused.png"}"#),
        ("0", b"png"),
        ("1", b"evil"),
        ("2", b"unused"),
    ])
}

const NOTES: [(&str, &str); 3] = [
    ("g1", "ir<br>to|<b>go</b> <img src=\"a b.png\">|"),
    ("b2", "ser|<ul><li>be</li></ul>|<img src=\"../../evil.png\">"),
    ("c3", "|nothing|"),
];

fn imported() -> Done {
    test(&["import", "spanish.apkg"])
        .file("spanish.apkg", spanish(&NOTES))
        .stdout(str![[r#"
2 notes imported from `spanish.apkg`, in 1 deck, with 2 media files
  content/note-types/word.toml
  content/note-types/word.css
  content/note-types/word.card-1.front.html
  content/note-types/word.card-1.back.html
  content/spanish.md
  the note type `Word` has 2 notes
  1 note: notes of which Anki makes no card, which are left out: `nothing`
next: `deckpress build content`

"#]])
        .run()
}

#[test]
fn notes_keep_their_types() {
    imported()
        .lists(
            "content",
            &[
                "deckpress.lock",
                "media/-..-evil.png",
                "media/a b.png",
                "note-types/word.card-1.back.html",
                "note-types/word.card-1.front.html",
                "note-types/word.css",
                "note-types/word.toml",
                "spanish.md",
            ],
        )
        .holds(
            "content/spanish.md",
            str![[r#"
---
note_type: Word
tags: [verb]
---

# Spanish

## Verbs

### Q: ir

to

**Answer:** **go** ![](<media/a b.png>)

### Q: ser

**Answer:**

- be

**Extra (more):** ![](media/-..-evil.png)

"#]],
        )
        .holds(
            "content/note-types/word.toml",
            str![[r#"
name = "Word"
fields = ["Word", "Back", "Extra (more)"]
labels = { "Back" = ["Answer", "Back"] }
css = "word.css"

[[card]]
name = "Card 1"
front = "word.card-1.front.html"
back = "word.card-1.back.html"

"#]],
        )
        .lists("media", &[]);
}

#[test]
fn what_is_there_is_not_imported_again() {
    imported()
        .then(&["import", "spanish.apkg"])
        .stdout(str![[r#"
`spanish.apkg` brings nothing new; 2 notes were there already
  1 note: notes of which Anki makes no card, which are left out: `nothing`

"#]])
        .run()
        .then(&["import", "more.apkg", "--dry-run"])
        .file("more.apkg", spanish(&[NOTES[0], ("d4", "estar|be|")]))
        .stdout(str![[r#"
1 note would come from `more.apkg`, in 1 deck, with 0 media files; 1 note was there already
  content/spanish-2.md

"#]])
        .status(3)
        .run()
        .then(&["import", "more.apkg", "-q"])
        .run()
        .holds(
            "content/spanish-2.md",
            str![[r#"
---
note_type: Word
tags: [verb]
---

# Spanish

## Verbs

### Q: estar

**Answer:** be

"#]],
        )
        .lists(
            "content",
            &[
                "deckpress.lock",
                "media/-..-evil.png",
                "media/a b.png",
                "note-types/word.card-1.back.html",
                "note-types/word.card-1.front.html",
                "note-types/word.css",
                "note-types/word.toml",
                "spanish-2.md",
                "spanish.md",
            ],
        );
}

#[test]
fn the_lock_knows_the_notes() {
    let done = imported();
    let lock = done.text("content/deckpress.lock");
    let lines: Vec<Value> = lock.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |guid: &str| lines.iter().find(|line| line["guid"] == guid).unwrap();
    assert_eq!(
        (&of("g1")["nid"], &of("g1")["type"]),
        (&json!(1_600_000_000_000_i64), &json!("Word"))
    );
    assert_eq!(of("b2")["modified"], 1_650_000_000);
    let note_type = lines.iter().find(|line| line["note_type"] == "Word").unwrap();
    assert_eq!(note_type["id"], 1_500_000_000_000_i64);
    assert_eq!(note_type["fields"][2], json!(["Extra (more)", null]));
}

#[test]
fn notes_become_questions_of_ours() {
    test(&["import", "--as", "qa", "spanish.apkg"])
        .file("spanish.apkg", spanish(&NOTES[..2]))
        .stdout(str![[r#"
2 notes imported from `spanish.apkg`, in 1 deck, with 1 media file
  content/spanish.md
  1 note: fields that no card shows, which `--all-fields` takes along: `ser`
next: `deckpress build content`

"#]])
        .run()
        .holds(
            "content/spanish.md",
            str![[r#"
---
tags: [verb]
---

# Spanish

## Verbs

### Q: ir

to

**Answer:** **go** ![](<media/a b.png>)

### Q: ser

**Answer:**

- be

"#]],
        )
        .then(&["check"])
        .stderr(str![[r#"
2 questions: no problems

"#]])
        .run();
}

#[test]
fn a_package_of_ours_comes_back_as_it_was() {
    let content = "# Deck

Text of the deck.

## Topic

### Q: What is *this*? {.reverse .tag}

**Hint:**

Think.

**Answer (short):** An `answer`, $x^2$.

**Key points:**

- one
- two

**See also:**

[There](https://example.org)

### Q: {{c1::Gaps}} and more {.cloze}

**Answer:** They are filled in.
";
    let done = test(&["build", "-q", "-f", "apkg"]).file("content/deck.md", content).run();
    let lock = done.text("content/deckpress.lock");
    let done = done.then(&["import", "out/deck.apkg", "-o", "again", "-q"]).run();
    let again = done.text("again/deck.md");
    assert_eq!(again, content.replace("\nText of the deck.\n", ""));
    assert_eq!(identities(&done.text("again/deckpress.lock")), identities(&lock));
    done.then(&["plan", "again"])
        .stdout(str![[r#"
2 unchanged

"#]])
        .run();
}

#[test]
fn options_of_our_own_have_their_ticks_again() {
    let content = "# Deck

### Q: Which are prime?

- [ ] 21

  - three times seven

- [x] 23
- [x] *29*

**Answer:** They are.

### Q: Which?

1. [ ] a
2. [x] b
";
    let done = test(&["build", "-q", "-f", "apkg"]).file("content/deck.md", content).run();
    let done = done.then(&["import", "out/deck.apkg", "-o", "again", "-q"]).run();
    let done = done.holds(
        "again/deck.md",
        str![[r#"
# Deck

### Q: Which are prime?

- [ ] 21
  - three times seven
- [x] 23
- [x] *29*

**Answer:** They are.

### Q: Which?

1. [ ] a
2. [x] b

"#]],
    );
    done.then(&["plan", "again"])
        .stdout(str![[r#"
2 unchanged

"#]])
        .run();
}

#[test]
fn a_lost_lock_comes_back() {
    let before = "# Deck\n\n### Q: One?\nA.\n\n### Q: Two?\nB.\n\n### Q: {{c1::Three}}\n";
    let done = test(&["build", "-q", "-f", "apkg"]).file("content/deck.md", before).run();
    let done = done
        .then(&["build", "-q", "-f", "apkg"])
        .file("content/deck.md", before.replace("Two?", "Two, reworded?"))
        .env("SOURCE_DATE_EPOCH", "1700005000")
        .any_output()
        .run();
    let done = done.then(&["lock", "accept", "-q"]).run();
    let lock = done.text("content/deckpress.lock");
    fs::remove_file(done.path("content/deckpress.lock")).unwrap();
    let done = done
        .then(&["import", "out/deck.apkg", "--lock-only"])
        .env("SOURCE_DATE_EPOCH", "1800000000")
        .stdout(str![[r#"
3 questions got the id and times of `out/deck.apkg`

"#]])
        .run();
    assert_eq!(identities(&done.text("content/deckpress.lock")), identities(&lock));
    done.then(&["import", "out/deck.apkg", "--lock-only"])
        .file("content/more.md", "### Q: Four?\nC.\n")
        .stdout(str![[r#"
0 questions got the id and times of `out/deck.apkg`
  3 questions were in the lock already
  1 question was not found there

"#]])
        .run();
}

#[test]
fn a_note_that_was_taken_over_has_its_guid_again() {
    let done = test(&["import", "--as", "qa", "spanish.apkg", "-q"])
        .file("spanish.apkg", spanish(&NOTES[..2]))
        .run();
    let done = done.then(&["build", "-q", "-f", "apkg"]).any_output().run();
    let lock = done.text("content/deckpress.lock");
    fs::remove_file(done.path("content/deckpress.lock")).unwrap();
    let done = done.then(&["import", "out/spanish.apkg", "--lock-only", "-q"]).run();
    let guids = |lock: &str| -> Vec<String> {
        let lines = lock.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let known = lines.filter(|line| line["fingerprint"].is_string());
        known.map(|line| format!("{} {}", line["id"], line["guid"])).collect()
    };
    let restored = guids(&done.text("content/deckpress.lock"));
    assert!(restored.iter().all(|line| !line.ends_with("null")), "{restored:?}");
    assert_eq!(restored, guids(&lock));
}

/// Returns the ids and times in a lock. A question that makes cloze notes alone has no other note in
/// the package, whose time could come back.
fn identities(lock: &str) -> Vec<String> {
    let lines = lock.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let known = lines.filter(|line| line["fingerprint"].is_string());
    known
        .map(|it| {
            let created = if it["cloze"].is_null() { &it["created"] } else { &Value::Null };
            format!("{} {created} {} {}", it["id"], it["modified"], it["cloze"])
        })
        .collect()
}

/// Expects that a package is refused, and that nothing is written.
fn refused(bytes: &[u8], why: &str) {
    let done = test(&["import", "x.apkg"]).file("x.apkg", bytes).any_output().status(2).run();
    let said = done.stderr.trim();
    let expect = format!("error: `x.apkg` cannot be imported: {why}");
    // What a library says of it may differ from one of its versions to the next.
    let is_so = if why.ends_with(": ") { said.starts_with(&expect) } else { said == expect };
    assert!(is_so, "{said}\n{expect}");
    let at_most = ["content", "x.apkg"];
    let names = fs::read_dir(done.path("")).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| at_most.contains(&&*name.to_string_lossy())));
}

#[test]
fn hostile_packages_are_refused() {
    refused(b"no zip", "it is no zip, as packages of Anki are: ");
    refused(&package(&[("a.txt", b"x")]), "it holds no collection of Anki; it holds `a.txt`");
    refused(&package(&[("collection.anki2", b"")]), "its database has no table `col`");
    refused(&package(&[("collection.anki2", &[7; 4096])]), "its database cannot be read: ");
    let newer = package(&[("collection.anki21b", b"x"), ("meta", &[8, 9])]);
    refused(
        &newer,
        "it was written by a newer version of Anki; export it again with `Support older Anki versions` ticked",
    );
    let damaged = package(&[("collection.anki21b", b"x"), ("meta", &[8, 3])]);
    refused(&damaged, "its `collection.anki21b` cannot be read: ");
    let broken = package(&[("collection.anki2", b""), ("meta", &[255, 255, 255])]);
    refused(&broken, "its `meta` is damaged: ");
    let of = |sql: &str| package(&[("collection.anki2", &database(sql))]);
    refused(
        &of(
            "CREATE TABLE col (ver); CREATE TABLE cards (nid); CREATE VIEW notes AS SELECT 1 AS id;",
        ),
        "`notes` in its database is no plain table",
    );
    let unknown = format!("{TABLES} INSERT INTO col (ver) VALUES (99);");
    refused(&of(&unknown), "its database has version 99 of Anki's schema, which is not known");
    let many = format!(
        "{TABLES} INSERT INTO col (ver, models, decks) VALUES (11, '{{}}', '{{}}');
         WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000001)
         INSERT INTO notes (id) SELECT x FROM n;"
    );
    refused(&of(&many), "it holds 1000001 notes; 1000000 are the most that are read");
    let models = format!("{TABLES} INSERT INTO col (ver, models, decks) VALUES (11, '[', '');");
    refused(&of(&models), "its note types are damaged: ");
}

#[test]
fn what_is_no_file_to_import_is_said() {
    test(&["import", "a.md"])
        .file("a.md", "### Q: One?\nA.\n")
        .stderr(str![[r#"
error: `a.md` cannot be imported: Markdown needs no import; put it into the content, and a build reads it

"#]])
        .status(2)
        .run()
        .then(&["import", "notes"])
        .file("notes/a.md", "### Q: One?\nA.\n")
        .stderr(str![[r#"
error: `notes` cannot be imported: it is a folder; name the files in it

"#]])
        .status(2)
        .run()
        .then(&["import", "a.org"])
        .file("a.org", "* One")
        .stderr(str![[r#"
error: `a.org` cannot be imported: `deckpress import --help` lists the files that can be

"#]])
        .status(2)
        .run()
        .then(&["import", "none.apkg"])
        .stderr(str![[r#"
error: cannot read `none.apkg`: No such file or directory (os error 2)

"#]])
        .status(2)
        .run();
}

/// A column that is computed by a function which may not be called from a schema, and a trigger.
#[test]
fn nothing_in_a_database_is_run() {
    let sql = collection(&NOTES[..1])
        + "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM notes; END;
           CREATE VIEW v AS SELECT load_extension('x');";
    test(&["import", "x.apkg", "-q"])
        .file("x.apkg", package(&[("collection.anki2", &database(&sql))]))
        .run()
        .lists("content/media", &[]);
}

/// A list of media that unpacks to far more than it says.
#[test]
fn what_unpacks_without_end_is_not_read() {
    let bomb = zstd::bulk::compress(&vec![0; 80 << 20], 3).unwrap();
    let collection = zstd::bulk::compress(&database(&collection(&NOTES)), 3).unwrap();
    let bytes =
        package(&[("collection.anki21b", &collection), ("meta", &[8, 3]), ("media", &bomb)]);
    refused(&bytes, "its `media` cannot be read: it holds more than 64 MB");
}
