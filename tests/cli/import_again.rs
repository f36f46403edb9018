//! Importing twice, after an import that was killed, and where the lock was lost: nothing comes
//! double, and nothing is lost.

use std::fs;

use snapbox::str;

use crate::import::spanish;
use crate::test::test;

const NOTES: [(&str, &str); 4] = [
    ("g1", "ir|to go|"),
    ("b2", "ser|to be|"),
    // These ask in the same words.
    ("c3", "a|one|"),
    ("d4", "&nbsp;<b>a</b>|two|"),
];

#[test]
fn notes_that_ask_in_the_same_words_get_ids() {
    let done = test(&["import", "spanish.apkg", "-q"]).file("spanish.apkg", spanish(&NOTES)).run();
    let text = done.text("content/spanish.md");
    assert!(text.contains("### Q: a {#1600000000002}\n"), "{text}");
    assert!(text.contains("### Q: **a** {#1600000000003}\n"), "{text}");
    done.then(&["plan"])
        .file("content/spanish.md", text.replace("two", "zwei"))
        .stdout(str![[r#"
Changed
  ~ a (answer)  content/spanish.md:22

1 changed, 3 unchanged

"#]])
        .status(3)
        .run();
}

/// Returns the lines of the lock that are of questions.
fn questions(lock: &str) -> Vec<&str> {
    lock.lines().filter(|line| line.contains("\"fingerprint\"")).collect()
}

#[test]
fn an_import_that_was_killed_is_finished_by_the_next() {
    let mut done =
        test(&["import", "spanish.apkg", "-q"]).file("spanish.apkg", spanish(&NOTES)).run();
    let lock = done.text("content/deckpress.lock");
    let text = done.text("content/spanish.md");
    // The lock is written first, then note types, then notes.
    for gone in [&["spanish.md"][..], &["spanish.md", "note-types/word.toml"]] {
        for path in gone {
            fs::remove_file(done.path("content").join(path)).unwrap();
        }
        done = done.then(&["import", "spanish.apkg", "-q"]).run();
        assert_eq!(done.text("content/spanish.md"), text);
        assert_eq!(questions(&done.text("content/deckpress.lock")), questions(&lock));
    }
    done.then(&["plan"])
        .stdout(str![[r#"
4 unchanged

"#]])
        .run();
}

#[test]
fn what_was_taken_out_is_said_and_comes_when_it_is_forgotten() {
    let done =
        test(&["import", "spanish.apkg", "-q"]).file("spanish.apkg", spanish(&NOTES[..2])).run();
    let text = done.text("content/spanish.md");
    let without = text.replace("\n### Q: ser\n\n**Answer:** to be\n", "");
    assert_ne!(text, without);
    done.then(&["build", "-q"])
        .file("content/spanish.md", without)
        .run()
        .then(&["import", "spanish.apkg"])
        .stdout(str![[r#"
`spanish.apkg` brings nothing new; 2 notes were there already
  1 of these was taken out of the content; after `deckpress lock prune` an import brings them again

"#]])
        .run()
        .then(&["lock", "prune", "-q"])
        .run()
        .then(&["import", "spanish.apkg"])
        .stdout(str![[r#"
1 note imported from `spanish.apkg`, in 1 deck, with 0 media files; 1 note was there already
  content/spanish-2.md
next: `deckpress build content`

"#]])
        .run();
}

#[test]
fn questions_without_an_answer_come_once() {
    test(&["import", "--as", "qa", "spanish.apkg", "-q"])
        .file("spanish.apkg", spanish(&[("g1", "ir||"), ("b2", "ser|to be|")]))
        .run()
        .then(&["build", "-q", "-f", "apkg"])
        .any_output()
        .run()
        .then(&["import", "--as", "qa", "spanish.apkg"])
        .stdout(str![[r#"
`spanish.apkg` brings nothing new; 2 notes were there already

"#]])
        .run()
        .lists("content", &["deckpress.lock", "spanish.md"]);
}

#[test]
fn a_lost_lock_comes_back_with_the_note_types() {
    let done = test(&["import", "spanish.apkg", "-q"]).file("spanish.apkg", spanish(&NOTES)).run();
    let mut done = done.then(&["build", "-q", "-f", "apkg"]).run();
    let lock = done.text("content/deckpress.lock");
    for package in ["spanish.apkg", "out/spanish.apkg"] {
        fs::remove_file(done.path("content/deckpress.lock")).unwrap();
        done = done.then(&["import", package, "--lock-only", "-q"]).run();
        done = done.then(&["build", "-q", "-f", "apkg"]).run();
        assert_eq!(done.text("content/deckpress.lock"), lock, "{package}");
    }
}

const LONG: &str = "to be, of what lasts: names, origins, materials, hours and dates";

#[test]
fn a_lost_lock_comes_back_to_questions_that_were_edited_since() {
    let notes = [
        ("g1", "ir|to go|"),
        ("b2", &*format!("ser|{LONG}|")),
        ("c3", "estar|to be somewhere|"),
        ("d4", "haber|to have|"),
    ];
    let done = test(&["import", "spanish.apkg", "-q"]).file("spanish.apkg", spanish(&notes)).run();
    let done = done.then(&["build", "-q", "-f", "apkg"]).run();
    let text = done.text("content/spanish.md");
    fs::remove_file(done.path("content/deckpress.lock")).unwrap();
    let text = text.replace("Q: ser", "Q: What is said of origins?");
    let text = text.replace("to be somewhere", "to be in some place");
    // Too short an answer may be that of another question.
    let text = text.replace("Q: haber", "Q: tener");
    done.then(&["import", "out/spanish.apkg", "--lock-only"])
        .file("content/spanish.md", text)
        .stdout(str![[r#"
3 questions got the id and times of `out/spanish.apkg`
  1 question was not found there

"#]])
        .run()
        .then(&["plan"])
        .stdout(str![[r#"
Reworded
  ~ ser
    → What is said of origins?  content/spanish.md:14

Changed
  ~ estar (answer)  content/spanish.md:18

Not confirmed
  ? ser
    → What is said of origins?  content/spanish.md:14
    → before: ser; now: origins, What, said, is, of; same answer

  `deckpress lock accept` confirms them, or those whose ids follow it; a question
  with `{id=new}` behind its heading is taken for a new one.

1 reworded, 1 changed, 2 unchanged

"#]])
        .stderr(str![[r#"
warning[near-match]: this question is taken for an earlier one that read otherwise
  --> content/spanish.md:14 {#ek6s9f7zccqp} was: ser
  = help: `deckpress lock accept` confirms it, or those whose ids follow it, and `deckpress check --fix` writes the ids into the content; `{id=new}` behind a heading says that the question is a new one

1 warning

"#]])
        .status(3)
        .run();
}

#[test]
fn media_that_were_missing_are_no_edit() {
    let notes = [("g1", "ir|to go <img src=\"far.png\">|"), ("b2", "ser|to be|")];
    test(&["import", "spanish.apkg"])
        .file("spanish.apkg", spanish(&notes))
        .stdout(str![[r#"
2 notes imported from `spanish.apkg`, in 1 deck, with 0 media files
  content/note-types/word.toml
  content/note-types/word.css
  content/note-types/word.card-1.front.html
  content/note-types/word.card-1.back.html
  content/spanish.md
  the note type `Word` has 2 notes
  1 media file not in the package: `far.png`
  a build needs them beside the others, or their references gone
next: `deckpress build content`

"#]])
        .run()
        .then(&["plan"])
        .file("content/media/far.png", "png")
        .stdout(str![[r#"
2 unchanged

"#]])
        .run();
}

#[test]
fn a_collection_that_anki_has_open_is_not_read() {
    test(&["import", "collection.anki2", "--lock-only"])
        .file("collection.anki2", "")
        .file("collection.anki2-wal", "what was done last")
        .file("content/deck.md", "### Q: One?\nA.\n")
        .stderr(str![[r#"
error: `collection.anki2` is open, and what was done last is not in it; close Anki first

"#]])
        .status(2)
        .run();
}
