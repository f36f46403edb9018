//! `--only`, and in `[[export]]` `only`, `except` and `split`: which questions an output holds.

use std::fs;

use snapbox::str;

use crate::test::{Done, Test, test};

const LLM: &str = "\
# LLM
## RAG
### Q: One? {#one .interview}
![Uno](one.png)

### Q: Two? {#two}
Dos.

## Evaluation
### Q: Three? {#three .draft}
Tres.

![Three](three.png)
";

const RUST: &str = "\
# Rust
### Q: Four? {#four .interview::hard}
Cuatro.
";

fn with_content(test: Test) -> Test {
    test.file("content/one.png", "one")
        .file("content/three.png", "three")
        .file("content/01-llm.md", LLM)
        .file("content/02-rust.md", RUST)
}

fn configured(config: &str, args: &[&str]) -> Test {
    with_content(test(args)).file("content/deckpress.toml", config)
}

/// The ids in a file of JSON lines.
fn ids(done: &Done, path: &str) -> Vec<String> {
    let id =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].to_string();
    done.text(path).lines().map(|line| id(line).trim_matches('"').to_owned()).collect()
}

/// Builds with selectors, and expects these questions.
#[track_caller]
fn check(settings: &str, expect: &[&str]) {
    let config = format!("formats = []\n[[export]]\nto = \"jsonl\"\nname = \"x\"\n{settings}\n");
    let done = configured(&config, &["build", "-q"]).any_output().run();
    assert_eq!(ids(&done, "out/x.jsonl"), expect, "{settings}");
}

#[test]
fn what_an_export_holds() {
    check("", &["one", "two", "three", "four"]);
    check("only = [\"topic:rag\"]", &["one", "two"]);
    check("only = [\"tag:interview\"]", &["one", "four"]);
    check("only = \"tag:rag\"", &["one", "two"]);
    check("only = [\"deck:Rust\", \"deck:LLM::Eval*\"]", &["three", "four"]);
    check("only = [\"file:01-*\"]\nexcept = [\"tag:draft\", \"tag:interview\"]", &["two"]);
    check("except = \"file:*-rust.md\"", &["one", "two", "three"]);
}

#[test]
fn nothing_is_retired_that_an_export_leaves_out() {
    configured("", &["build", "-q"])
        .any_output()
        .run()
        .then(&["plan"])
        .file(
            "content/deckpress.toml",
            "formats = []\n[[export]]\nto = \"csv\"\nonly = \"tag:interview\"\n",
        )
        .stdout(str![[r#"
4 unchanged

"#]])
        .run()
        .then(&["build"])
        .stderr(str![[r#"
warning[lossy-export]: `csv` cannot hold 1 picture
 --> content/01-llm.md:4:1
  |
4 | ![Uno](one.png)
  | ^^^^^^^^^^^^^^^ the first is here
  |
  = help: `deckpress targets` says what each target keeps

1 warning
2 decks, 2 topics, 4 questions, 4 cards, 0 key points
  4 unchanged
  out/content.csv  [SIZE] B
in [TIME]

"#]])
        .run()
        .then(&["build", "--only", "deck:Rust"])
        .stderr(str![[r#"
2 decks, 2 topics, 4 questions, 4 cards, 0 key points
  4 unchanged
  1 question chosen; outputs of the others stay as they are
  out/content.csv  [SIZE] B
in [TIME]

"#]])
        .run()
        .then(&["plan"])
        .stdout(str![[r#"
4 unchanged

"#]])
        .run();
}

#[test]
fn an_output_of_each_deck() {
    configured(
        "formats = []\n[[export]]\nto = \"apkg\"\nsplit = \"deck\"\n[[export]]\nto = \"markdown\"\n\
         split = \"deck\"\n[[export]]\nto = \"jsonl\"\nname = \"my\"\nsplit = \"deck\"\n",
        &["build"],
    )
    .file("content/03-c.md", "# C++\n### Q: Five?\nCinco.\n")
    .file("content/04-c.md", "# C\n### Q: Six?\nSeis.\n")
    .file("content/05-con.md", "# Con\n### Q: Seven?\nSiete.\n")
    .file("content/06-dots.md", "# …\n### Q: Eight?\nOcho.\n")
    .stderr(str![[r#"
6 decks, 2 topics, 8 questions, 8 cards, 0 key points
  8 added, 0 unchanged
  out/c-2.apkg             [SIZE] KiB
  out/c.apkg               [SIZE] KiB
  out/deck-con.apkg        [SIZE] KiB
  out/deck.apkg            [SIZE] KiB
  out/llm.apkg             [SIZE] KiB
  out/markdown-c-2/        [SIZE] B, 1 file
  out/markdown-c/          [SIZE] B, 1 file
  out/markdown-deck-con/   [SIZE] B, 1 file
  out/markdown-deck/       [SIZE] B, 1 file
  out/markdown-llm/        [SIZE] B, 2 files
  out/markdown-llm/media/  [SIZE] B, 2 files
  out/markdown-rust/       [SIZE] B, 1 file
  out/media/               [SIZE] B, 2 files
  out/my-c-2.jsonl         [SIZE] B
  out/my-c.jsonl           [SIZE] B
  out/my-deck-con.jsonl    [SIZE] B
  out/my-deck.jsonl        [SIZE] B
  out/my-llm.jsonl         [SIZE] KiB
  out/my-rust.jsonl        [SIZE] B
  out/rust.apkg            [SIZE] KiB
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]

"#]])
    .run();
}

#[test]
fn what_is_no_selector() {
    configured(
        "[[export]]\nto = \"csv\"\nonly = [\"RAG\", \"topics:RAG\", \"tag:\"]\nexcept = []\nsplit = \"topic\"\n",
        &["check"],
    )
    .status(1)
    .stderr(str![[r#"
error[invalid-config]: `RAG` is no selector
 --> content/deckpress.toml:3:9
  |
3 | only = ["RAG", "topics:RAG", "tag:"]
  |         ^^^^^
  |
  = help: a selector is one of `topic:…`, `tag:…`, `deck:…`, `file:…`

error[invalid-config]: `topics:RAG` is no selector
 --> content/deckpress.toml:3:16
  |
3 | only = ["RAG", "topics:RAG", "tag:"]
  |                ^^^^^^^^^^^^
  |
  = help: did you mean `topic:RAG`?

error[invalid-config]: `tag:` is no selector
 --> content/deckpress.toml:3:30
  |
3 | only = ["RAG", "topics:RAG", "tag:"]
  |                              ^^^^^^
  |
  = help: nothing stands behind `tag:`; a selector is one of `topic:…`, `tag:…`, `deck:…`, `file:…`

error[invalid-config]: expected at least one selector
 --> content/deckpress.toml:4:10
  |
4 | except = []
  |          ^^

error[invalid-config]: unknown value `topic`
 --> content/deckpress.toml:5:9
  |
5 | split = "topic"
  |         ^^^^^^^
  |
  = help: expected one of `deck`

5 errors

"#]])
    .run();
}

#[test]
fn a_misspelt_selector_on_the_command_line() {
    with_content(test(&["build", "--only", "topic:Evalation"]))
        .status(2)
        .stderr(str![[r#"
error: `topic:Evalation` selects no question: did you mean `topic:Evaluation`?

"#]])
        .run()
        .lists("out", &[])
        .then(&["build", "--only", "topics:RAG"])
        .status(2)
        .stderr(str![[r#"
error: invalid value 'topics:RAG' for '--only <SELECTOR>': did you mean `topic:RAG`?

For more information, try '--help'.

"#]])
        .run();
}

/// An app has written into both pages, and nothing of it is lost when one of them is built.
#[test]
fn pages_of_other_topics_stay() {
    let built = with_content(test(&["build", "-q", "--to", "obsidian-sr,markdown"])).run();
    for (page, line) in [("01-rag.md", "Dos."), ("02-evaluation.md", "Tres.")] {
        let path = built.path(&format!("out/obsidian-sr/{page}"));
        let text = fs::read_to_string(&path).unwrap();
        let noted = text.replace(line, &format!("{line}\n<!--SR:!2025-01-01,3,250-->"));
        assert!(noted != text, "{text}");
        fs::write(&path, noted).unwrap();
    }
    let edited = LLM.replace("Uno", "One").replace("Tres", "Three");
    let done = built
        .then(&["build", "--only", "topic:RAG", "--to", "obsidian-sr,markdown"])
        .file("content/01-llm.md", edited)
        .stderr(str![[r#"
2 decks, 2 topics, 4 questions, 4 cards, 0 key points
  2 changed, 2 unchanged
  2 questions chosen; outputs of the others stay as they are
  out/markdown/           [SIZE] B, 1 file
  out/markdown/media/     [SIZE] B, 2 files
  out/obsidian-sr/        [SIZE] B, 1 file
  out/obsidian-sr/media/  [SIZE] B, 2 files
in [TIME]

"#]])
        .run()
        .holds(
            "out/obsidian-sr/01-rag.md",
            str![[r#"
# RAG

#flashcards/llm/rag

One?
?
![One](media/one-d33fb48ab5adff26.png)
 <!-- -->
#interview

Two?
?
Dos.
<!--SR:!2025-01-01,3,250-->

"#]],
        )
        .holds(
            "out/obsidian-sr/02-evaluation.md",
            str![[r#"
---
tags: [draft]
---

# Evaluation

#flashcards/llm/evaluation

Three?
?
Tres.
<!--SR:!2025-01-01,3,250-->
 <!-- -->
![Three](media/three-dbec0e689fb63bd7.png)

"#]],
        );
    assert!(done.text("out/markdown/02-evaluation.md").contains("Tres."));
    done.then(&["build", "-q", "--to", "obsidian-sr,markdown"])
        .run()
        .holds(
            "out/obsidian-sr/01-rag.md",
            str![[r#"
# RAG

#flashcards/llm/rag

One?
?
![One](media/one-d33fb48ab5adff26.png)
 <!-- -->
#interview

Two?
?
Dos.
<!--SR:!2025-01-01,3,250-->

"#]],
        )
        .holds(
            "out/obsidian-sr/02-evaluation.md",
            str![[r#"
---
tags: [draft]
---

# Evaluation

#flashcards/llm/evaluation

Three?
?
Three.
 <!-- -->
![Three](media/three-dbec0e689fb63bd7.png)
<!--SR:!2025-01-01,3,250-->

"#]],
        );
}

/// A topic before the others moves all of their numbers. A page that is written under another name
/// goes under its old one, as an app would have its cards twice.
#[test]
fn pages_that_have_other_names_now() {
    let built = with_content(test(&["build", "-q", "--to", "obsidian-sr"])).run();
    let path = built.path("out/obsidian-sr/02-evaluation.md");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("Tres.", "Tres.\n<!--SR:!2025-01-01,3,250-->")).unwrap();
    built
        .then(&["build", "-q", "--only", "topic:Evaluation", "--to", "obsidian-sr"])
        .file("content/00-new.md", "# LLM\n## Agents\n### Q: Zero? {#zero}\nNada.\n")
        .run()
        .lists(
            "out/obsidian-sr",
            &[
                ".deckpress-cards",
                "01-rag.md",
                "03-evaluation.md",
                "03-rust.md",
                "media/one-d33fb48ab5adff26.png",
                "media/three-dbec0e689fb63bd7.png",
            ],
        )
        .then(&["build", "-q", "--to", "obsidian-sr"])
        .run()
        .lists(
            "out/obsidian-sr",
            &[
                ".deckpress-cards",
                "01-agents.md",
                "02-rag.md",
                "03-evaluation.md",
                "04-rust.md",
                "media/one-d33fb48ab5adff26.png",
                "media/three-dbec0e689fb63bd7.png",
            ],
        )
        .holds(
            "out/obsidian-sr/03-evaluation.md",
            str![[r#"
---
tags: [draft]
---

# Evaluation

#flashcards/llm/evaluation

Three?
?
Tres.
 <!-- -->
![Three](media/three-dbec0e689fb63bd7.png)
<!--SR:!2025-01-01,3,250-->

"#]],
        );
}

/// Two topics of one title: what is written for the one has the name that the other's page has.
#[test]
fn a_page_that_takes_the_place_of_another() {
    let old = "# D\n## A\n### Q: One? {#one}\nUno.\n# E\n## A\n### Q: Two? {#two}\nDos.\n";
    let new = "# E\n## A\n### Q: Two? {#two}\nDos.\n# D\n## A\n### Q: One? {#one}\nUno.\n";
    let built = test(&["build", "-q", "--to", "obsidian-sr"]).file("content/a.md", old).run();
    for (page, line) in [("01-a.md", "Uno."), ("02-a.md", "Dos.")] {
        let path = built.path(&format!("out/obsidian-sr/{page}"));
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace(line, &format!("{line}\n<!--SR:!2025-01-01,3,{page}-->")))
            .unwrap();
    }
    built
        .then(&["build", "-q", "--only", "deck:E", "--to", "obsidian-sr"])
        .file("content/a.md", new)
        .run()
        .holds(
            "out/obsidian-sr/01-a.md",
            str![[r#"
# A

#flashcards/e/a

Two?
?
Dos.
<!--SR:!2025-01-01,3,02-a.md-->

"#]],
        )
        .holds(
            "out/obsidian-sr/02-a.md",
            str![[r#"
# A

#flashcards/d/a

One?
?
Uno.
<!--SR:!2025-01-01,3,01-a.md-->

"#]],
        );
}

#[test]
fn blocks_of_logseq_stay() {
    let built = with_content(test(&["build", "-q", "--to", "logseq"])).any_output().run();
    let path = built.path("out/logseq/pages/llm-evaluation.md");
    let text = fs::read_to_string(&path).unwrap();
    let noted = text.replace("  id:: ", "  card-repeats:: 2\n  id:: ");
    assert!(noted != text, "{text}");
    fs::write(&path, &noted).unwrap();
    let done = built
        .then(&["build", "-q", "--only", "topic:RAG", "--to", "logseq"])
        .file("content/01-llm.md", LLM.replace("Dos", "Two").replace("Tres", "Three"))
        .any_output()
        .run();
    assert_eq!(done.text("out/logseq/pages/llm-evaluation.md"), noted);
    assert!(done.text("out/logseq/pages/llm-rag.md").contains("Two."));
    let done = done.then(&["build", "-q", "--to", "logseq"]).any_output().run();
    let text = done.text("out/logseq/pages/llm-evaluation.md");
    assert!(text.contains("card-repeats:: 2") && text.contains("Three."), "{text}");
}

/// A file into which an app writes is written whole, so that no question of it goes.
#[test]
fn the_file_of_org_drill_is_whole() {
    let done = with_content(test(&["build", "-q", "--only", "topic:RAG", "--to", "org-drill"]))
        .any_output()
        .run();
    let text = done.text("out/content.org");
    assert!(["One?", "Two?", "Three?", "Four?"].iter().all(|it| text.contains(it)), "{text}");
}

#[test]
fn a_whole_build_after_one_of_a_selection_writes_all() {
    let done = with_content(test(&["build", "-q", "--to", "jsonl"]))
        .run()
        .then(&["build", "-q", "--to", "jsonl", "--only", "file:02-rust.md", "--only", "topic:RAG"])
        .run();
    assert_eq!(ids(&done, "out/content.jsonl"), ["one", "two", "four"]);
    let done = done.then(&["build", "-q", "--to", "jsonl"]).run();
    assert_eq!(ids(&done, "out/content.jsonl"), ["one", "two", "three", "four"]);
}
