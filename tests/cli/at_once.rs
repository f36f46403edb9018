//! Several builds at the same time.

use std::fs::File;
use std::process::Stdio;

use snapbox::str;

use crate::test::{Test, test};

const TEXT: &str = "# Deck\n### Q: What is a stack?\n**Answer:** Last in, first out.\n";

fn build() -> Test {
    test(&["build", "--to", "apkg,csv,markdown,obsidian-sr"]).file("content/a.md", TEXT)
}

#[test]
fn they_come_to_the_same_end_as_one() {
    let all = build();
    let children: Vec<_> = (0..8)
        .map(|_| all.command().stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let all = all.any_output().run();
    let one = build().any_output().run();
    assert_eq!(all.text("content/deckpress.lock"), one.text("content/deckpress.lock"));
    assert_eq!(all.text("out/deck.csv"), one.text("out/deck.csv"));
    let package = |path| std::fs::read(path).unwrap();
    assert_eq!(package(all.path("out/deck.apkg")), package(one.path("out/deck.apkg")));
    let files = ["deck.apkg", "deck.csv", "markdown/01-deck.md", "obsidian-sr/01-deck.md"];
    all.lists("out", &files);
}

#[cfg(unix)]
#[test]
fn one_that_does_not_end_is_named() {
    let done = build().any_output().run();
    let folder = File::open(done.path("out")).unwrap();
    folder.lock().unwrap();
    let done = done
        .then(&["build"])
        .file("content/a.md", TEXT.replace("First", "first"))
        .status(2)
        .stderr(str![[r#"
error: another `deckpress` is writing in `out`; begin this one again when that has ended

"#]])
        .run();
    let content = File::open(done.path("content")).unwrap();
    content.lock().unwrap();
    let done = done
        .then(&["lock", "accept"])
        .status(2)
        .stderr(str![[r#"
error: another `deckpress` is writing in `content`; begin this one again when that has ended

"#]])
        .run();
    drop((folder, content));
    done.then(&["build"]).any_output().run();
}
