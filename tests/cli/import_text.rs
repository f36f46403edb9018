//! Importing texts, tables and records: what we write comes back as it was.

use std::fs;
use std::path::Path;

use serde_json::Value;
use snapbox::str;

use crate::test::{Done, test};

const CONTENT: &str = "# Deck

## Topic

### Q: What is this & that, < 3? {.tag}

**Answer:** An answer, of \"words\".

### Q: And in two lines?

**Answer:**

One\\
two
";

/// Builds content for a target, imports what that wrote, and builds it again.
fn there_and_back(target: &str, content: &str) -> Done {
    let done = test(&["build", "-q", "--to", target]).file("content/deck.md", content);
    let done = done.any_output().run();
    let path = format!("out/{}", written(&done.path("out")));
    let done = done.then(&["import", &path, "-o", "again", "-q"]).run();
    done.then(&["build", "again", "-q", "--to", target, "--out", "out2"]).any_output().run()
}

/// Returns the name of the file that was built.
fn written(out: &Path) -> String {
    let names = fs::read_dir(out).unwrap().map(|entry| entry.unwrap());
    let names = names.filter(|entry| entry.file_type().unwrap().is_file());
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let [name] = &names.filter(|name| !name.starts_with('.')).collect::<Vec<_>>()[..] else {
        panic!("one file is built");
    };
    name.clone()
}

fn ids(lock: &str) -> Vec<Value> {
    let lines = lock.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["fingerprint"].is_string()).map(|line| line["id"].clone()).collect()
}

#[test]
fn tables_of_apps_come_back() {
    for target in [
        "csv",
        "spreadsheet",
        "brainscape",
        "quizlet",
        "knowt",
        "memrise",
        "brainscape-paste",
        "mnemosyne",
        "supermemo",
    ] {
        let done = there_and_back(target, CONTENT);
        let [before, after] = ["out", "out2"].map(|out| {
            let text = done.text(&format!("{out}/{}", written(&done.path(out))));
            // The place of a question is that of the file it is in now.
            text.lines().map(|line| line.split("deck.md:").next().unwrap().to_owned()).collect()
        });
        let (before, after): (Vec<String>, Vec<String>) = (before, after);
        assert_eq!(before, after, "{target}");
        if ["csv", "spreadsheet"].contains(&target) {
            let locks =
                ["content", "again"].map(|it| ids(&done.text(&format!("{it}/deckpress.lock"))));
            assert_eq!(locks[0], locks[1], "{target}");
        }
    }
}

#[test]
fn records_come_back_as_they_were() {
    let content = "# Deck

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
    for target in ["json", "jsonl", "anki-csv"] {
        let done = test(&["build", "-q", "--to", target]).file("content/deck.md", content);
        let mut done = done.any_output().run();
        let names = fs::read_dir(done.path("out")).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> =
            names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.retain(|name| name.starts_with("deck."));
        names.sort();
        for name in names {
            done = done.then(&["import", &format!("out/{name}"), "-o", "again", "-q"]).run();
        }
        if target != "anki-csv" {
            assert_eq!(done.text("again/deck.md"), content, "{target}");
        }
        let [before, after] = ["content", "again"].map(|it| {
            let mut ids = ids(&done.text(&format!("{it}/deckpress.lock")));
            ids.sort_by_key(ToString::to_string);
            ids
        });
        assert_eq!(before, after, "{target}");
    }
}

const ANKI: &str = "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n\
#tags column:6\na#1\tBasic\tSpanish::Verbs\tir\tto <b>go</b>\tverb\n\
b2\tWord\tSpanish\tser\tto be\t\nc3\tCloze\tSpanish\t{{c1::estar}} too\t\t\n";

#[test]
fn a_text_of_anki_keeps_guids_and_the_types_that_are_there() {
    let done = test(&["import", "notes.txt"])
        .file("notes.txt", ANKI)
        .file(
            "content/note-types/word.toml",
            "fields = [\"Word\", \"Back\"]\nname = \"Word\"\n\
             [[card]]\nfront = \"f.html\"\nback = \"b.html\"\n",
        )
        .file("content/note-types/f.html", "{{Word}}")
        .file("content/note-types/b.html", "{{Back}}")
        .file("content/a.md", "# A\n\n### Q: one {type=Word}\n\n**Back:** two\n")
        .any_output()
        .run();
    // The note type is known once it was built.
    let done = done.then(&["build", "-q"]).any_output().run();
    fs::remove_file(done.path("content/spanish.md")).unwrap();
    let done = done.then(&["build", "-q"]).any_output().run();
    let done = done.then(&["lock", "prune", "-q"]).run();
    let done = done.then(&["import", "notes.txt", "-q"]).run();
    let lock = done.text("content/deckpress.lock");
    for guid in ["a#1", "b2", "c3"] {
        assert!(lock.contains(&format!("\"guid\":\"{guid}\"")), "{lock}");
    }
    done.holds(
        "content/spanish.md",
        str![[r#"
# Spanish

### Q: {{c1::estar}} too {.cloze}

### Q: ser {type=Word}

**Back:** to be

## Verbs

### Q: ir {.verb}

**Answer:** to **go**

"#]],
    );
}
