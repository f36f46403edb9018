//! Importing into content whose settings, or whose own words, would have the new files read
//! otherwise than they are written.

use snapbox::str;

use crate::import::spanish;
use crate::test::test;

const NOTES: [(&str, &str); 2] =
    [("g1", "ir|%%to%% ==go== <b>Q 2:</b> #x|"), ("b2", "ser|[[to]] be|")];

/// Returns the front matter that the import writes into content with these settings.
fn head(settings: &str) -> String {
    let word =
        "name = \"Other\"\nfields = [\"A\"]\n[[card]]\nfront = \"a.html\"\nback = \"a.html\"";
    let done = test(&["import", "spanish.apkg", "-q"])
        .file("spanish.apkg", spanish(&NOTES))
        .file("content/note-types/other.toml", word)
        .file("content/note-types/a.html", "{{A}}")
        .file("content/deckpress.toml", settings)
        .run();
    let text = done.text("content/spanish.md");
    done.then(&["plan", "-q"]).run();
    text.split("---\n").nth(1).unwrap_or_default().to_owned()
}

#[test]
fn the_settings_of_the_content_change_nothing() {
    let usual = "note_type: Word\ntags: [verb]\n";
    assert_eq!(head(""), usual);
    assert_eq!(head("dialect = \"commonmark\""), usual);
    assert_eq!(head("dialect = \"obsidian\""), format!("dialect: commonmark\n{usual}"));
    assert_eq!(head("convention = [\"native\", \"bold\"]"), usual);
    assert_eq!(head("convention = \"bold\""), usual);
    assert_eq!(head("note_type = \"Other\""), usual);
}

#[test]
fn questions_of_our_own_say_so_where_others_are_usual() {
    let done = test(&["import", "spanish.apkg", "-q", "--as", "qa"])
        .file("spanish.apkg", spanish(&NOTES))
        .file(
            "content/note-types/other.toml",
            "fields = [\"A\"]\n[[card]]\nfront = \"a.html\"\nback = \"a.html\"",
        )
        .file("content/note-types/a.html", "{{A}}")
        .file("content/deckpress.toml", "note_type = \"other\"")
        .run();
    let text = done.text("content/spanish.md");
    assert!(text.starts_with("---\nnote_type: 'Deckpress Q&A'\n"), "{text}");
    done.then(&["plan"])
        .stdout(str![[r#"
2 unchanged

"#]])
        .run();
}

#[test]
fn titles_that_label_answers_are_titles() {
    let text = "#separator:tab\n#html:true\n#guid column:1\n#deck column:4\n\
                g1\tone\t<b>Q 2:</b> x\tAnswer: all::Solution\n\
                g2\ttwo\ty\tWords\n";
    test(&["import", "deck.txt"])
        .file("deck.txt", text)
        .stdout(str![[r#"
2 notes imported from `deck.txt`, in 2 decks, with 0 media files
  content/answer-all.md
  content/words.md
next: `deckpress build content`

"#]])
        .run()
        .holds(
            "content/answer-all.md",
            str![[r#"
---
convention: native
---

# Answer: all

## Solution

### Q: one

**Answer:**

<b>Q 2:</b> x

"#]],
        )
        .holds(
            "content/words.md",
            str![[r#"
# Words

### Q: two

**Answer:** y

"#]],
        )
        .then(&["plan"])
        .stdout(str![[r#"
2 unchanged

"#]])
        .run();
}
