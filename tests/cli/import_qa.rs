//! `import --as qa`: which cards the notes of a type have, note by note.

use serde_json::json;
use snapbox::str;

use crate::import::{TABLES, database, package};
use crate::test::test;

/// A package with notes of Anki's *Basic (optional reversed card)*: the second one has both cards,
/// the third one a second card that its fields would not make any more.
fn optional_reversed() -> Vec<u8> {
    let fields = ["Front", "Back", "Add Reverse"];
    let fields = (0..).zip(fields).map(|(ord, name)| json!({"name": name, "ord": ord}));
    let models = json!({"1": {
        "id": 1, "name": "Optional", "type": 0, "mod": 1, "css": "", "flds": fields.collect::<Vec<_>>(),
        "tmpls": [
            {"name": "Card 1", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{FrontSide}}{{Back}}"},
            {"name": "Card 2", "ord": 1, "qfmt": "{{#Add Reverse}}{{Back}}{{/Add Reverse}}", "afmt": "{{FrontSide}}{{Front}}"},
        ],
    }});
    let mut sql = format!(
        "{TABLES} INSERT INTO col VALUES (1, 0, 0, 0, 11, 0, 0, 0, '', '{models}', '{{\"1\": {{\"name\": \"D\"}}}}', '', '');"
    );
    for (id, fields, cards) in
        [(1, "one|eins|", &[0][..]), (2, "two|zwei|y", &[1, 0]), (3, "three|drei|", &[0, 1])]
    {
        let fields = fields.replace('|', "\x1f");
        sql += &format!(
            "INSERT INTO notes VALUES ({id}, 'g{id}', 1, 1, 0, '', '{fields}', '', 0, 0, '');"
        );
        for ord in cards {
            sql += &format!("INSERT INTO cards VALUES ({id}{ord}, {id}, 1, {ord}, 0);");
        }
    }
    package(&[("collection.anki2", &database(&sql))])
}

#[test]
fn only_notes_with_a_second_card_are_reversed() {
    test(&["import", "--as", "qa", "d.apkg"])
        .file("d.apkg", optional_reversed())
        .stdout(str![[r#"
3 notes imported from `d.apkg`, in 1 deck, with 0 media files
  content/d.md
next: `deckpress build content`

"#]])
        .run()
        .holds(
            "content/d.md",
            str![[r#"
# D

### Q: one

**Answer:** eins

### Q: two {.reverse}

**Answer:** zwei

### Q: three {.reverse}

**Answer:** drei

"#]],
        );
}
