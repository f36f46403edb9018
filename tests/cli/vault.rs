//! Content in an Obsidian vault: what is looked for above the content folder, and what is read again.

use snapbox::str;

use crate::test::{Done, test};

/// The content is a folder of a vault, whose other folders hold a note and a picture.
fn built() -> Done {
    test(&["build", "vault/cards", "--to", "jsonl"])
        .file("vault/.obsidian/app.json", "{}")
        .file("vault/cards/a.md", "### Q: One?\n![[Note#Part]]\n\n![[x.png|20]]\n")
        .file("vault/notes/Note.md", "# Note\n## Part\nText.\n## Other\nMore.\n")
        .file("vault/img/x.png", "png")
        .file("x.png", "another, outside the vault")
        .stderr(str![[r#"
1 deck, 0 topics, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  vault is an Obsidian vault, and is read as one
  out/a.jsonl  [SIZE] B
  out/media/   [SIZE] B, 1 file
  vault/cards/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]

"#]])
        .run()
}

/// Returns what the next build says after a change, without its last line.
fn again(path: &str, text: &str) -> String {
    let done = built().then(&["build", "vault/cards", "--to", "jsonl"]).file(path, text);
    let done = done.any_output().run();
    done.stderr.lines().nth(1).unwrap().to_owned()
}

#[test]
fn a_folder_of_a_vault() {
    let done = built();
    let text = std::fs::read_to_string(done.path("out/a.jsonl")).unwrap();
    assert!(text.contains("<h5>Part</h5>\\n<p>Text.</p>"), "{text}");
    assert!(text.contains("width=\\\"20\\\""), "{text}");
}

#[test]
fn what_is_embedded_counts() {
    let none = "  1 unchanged";
    assert_eq!(again("vault/cards/a.md", "### Q: One?\n![[Note#Part]]\n\n![[x.png|20]]\n"), none);
    let other = "# Note\n## Part\nText.\n## Other\nEdited.\n";
    assert_eq!(again("vault/notes/Note.md", other), none);
    let changed = "  1 changed, 0 unchanged";
    let part = "# Note\n## Part\nEdited.\n";
    assert_eq!(again("vault/notes/Note.md", part), changed);
    assert_eq!(again("vault/img/x.png", "other"), changed);
    // It has this path from the root, so it comes first.
    assert_eq!(again("vault/Note.md", part), changed);
}

#[test]
fn no_vault() {
    let text = "### Q: [[One]]?\nA.\n";
    let found = |path: &str| {
        let it = test(&["check", "a/b"]).file(path, "").file("a/b/c.md", text);
        let done = it.any_output().run();
        !done.stderr.contains("foreign-syntax")
    };
    assert!(found("a/b/.obsidian/app.json"));
    assert!(found("a/.obsidian/app.json"));
    assert!(found("a/logseq/config.edn"));
    assert!(!found("a/b/c/.obsidian/app.json"));
    // Nothing above the repository.
    let it = test(&["check", "a/b"]).file("a/.obsidian/app.json", "").file("a/b/.git/HEAD", "");
    let done = it.file("a/b/c.md", text).any_output().run();
    assert!(done.stderr.contains("foreign-syntax"), "{}", done.stderr);
    // Never the home folder.
    let it = test(&["check", "a/b"]).file("a/.obsidian/app.json", "").file("a/b/c.md", text);
    let home: &'static str = it.path("a").display().to_string().leak();
    let done = it.env("HOME", home).any_output().run();
    assert!(done.stderr.contains("foreign-syntax"), "{}", done.stderr);
}

#[test]
fn a_vault_without_questions() {
    test(&["check", "vault"])
        .file("vault/.obsidian/app.json", "{}")
        .file("vault/a.md", "A [[note]].\n")
        .file("vault/b.md", "Another.\n")
        .stderr(str![[r#"
warning[no-questions]: no question in this note and 1 more
 --> vault/a.md:1:1
  |
1 | A [[note]].
  | ^^^^^^^^^^^ left out of every deck
  |
  = help: a question is a heading that begins with `### Q:`

1 warning

"#]])
        .run();
}

#[test]
fn notes_without_questions_are_no_warning() {
    test(&["check", "vault"])
        .file("vault/.obsidian/app.json", "{}")
        .file("vault/a.md", "### Q: One?\nA.\n")
        .file("vault/b.md", "---\ntags: [x\n---\n# A note\n\n![[none.png]] ![[none]]\n")
        .stderr(str![[r#"
1 question: no problems

"#]])
        .run();
}
