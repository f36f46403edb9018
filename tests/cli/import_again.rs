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
