//! `deckpress build`: what is read, and what is written where.

use std::fs;
use std::time::{Duration, SystemTime};

use snapbox::str;

use crate::test::{Done, test};

const NOTE: &str = "# Deck\n## Topic\n### Q: One?\n**Answer:** A.\n";

#[test]
fn the_summary() {
    test(&["build"])
        .file(
            "content/a.md",
            "# Deck\n## One\n### Q: 1?\nA.\n### Q: 2?\n**Key points:**\n- a\n- b\n",
        )
        .file("content/b.md", "# Deck\n## Two\n### Q: 3?\n![](x.png)\n")
        .file("content/x.png", "png")
        .stderr(str![[r#"
warning[unanswered-question]: this question has key points but no answer
 --> content/a.md:5:1
  |
5 | ### Q: 2?
  | ^^^^^^^^^ the card shows the key points alone
  |
  = help: write the answer below it, after `**Answer:**`

1 warning
1 deck, 2 topics, 3 questions, 3 cards, 2 key points
  3 added, 0 unchanged
  out/deck.apkg        [SIZE] KiB
  out/deck.csv         [SIZE] B
  out/markdown/        [SIZE] B, 2 files
  out/markdown/media/  [SIZE] B, 1 file
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]

"#]])
        .run()
        .lists(
            "out",
            &[
                "deck.apkg",
                "deck.csv",
                "markdown/01-one.md",
                "markdown/02-two.md",
                "markdown/media/x-bad7c9a32d645d0e.png",
            ],
        );
}

#[test]
fn the_second_time() {
    test(&["build", "-q"])
        .file("content/a.md", NOTE)
        .run()
        .then(&["build"])
        .stderr(str![[r#"
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 unchanged
  out/deck.apkg  [SIZE] KiB
  out/deck.csv   [SIZE] B
  out/markdown/  [SIZE] B, 1 file
in [TIME]

"#]])
        .run();
}

#[test]
fn each_format() {
    let check = |format: &str, files: &[&str]| {
        let args = ["build", "-q", "--format", format];
        test(&args)
            .file("content/a.md", "# Deck\n### Q: One?\n![](x.png) and [y](y.pdf)\n")
            .file("content/x.png", "png")
            .file("content/y.pdf", "pdf")
            .any_output()
            .run()
            .lists("out", files);
    };
    let (png, pdf) = ("media/x-bad7c9a32d645d0e.png", "media/y-5515ee2b000c82aa.pdf");
    check("apkg", &["deck.apkg"]);
    check("csv", &["deck.csv"]);
    check("anki-csv", &["deck.anki.csv", png, pdf]);
    check("json", &["deck.json", png, pdf]);
    check("jsonl", &["deck.jsonl", png, pdf]);
    check("spreadsheet", &["deck.spreadsheet.csv"]);
    check("quizlet,knowt", &["deck.knowt.txt", "deck.quizlet.txt"]);
    check("memrise", &["deck.memrise.txt"]);
    check("brainscape,brainscape-paste", &["deck.brainscape.csv", "deck.brainscape.txt"]);
    check("mnemosyne", &["deck.mnemosyne.txt", png, pdf]);
    check("supermemo", &["deck.supermemo.txt"]);
    let [page, png_below, pdf_below] =
        ["01-deck.md", png, pdf].map(|name| format!("markdown/{name}"));
    check("markdown", &[&page, &png_below, &pdf_below]);
    check("csv,json", &["deck.csv", "deck.json", png, pdf]);
}

#[test]
fn media_lie_beside_what_shows_them() {
    let test = |format| {
        test(&["build", "-q", "--format", format])
            .file("content/deckpress.toml", "csv.text = \"html\"\n")
            .file(
                "content/a.md",
                "![](deck.png)\n### Q: ![](x.png)\n![](x.mp3)\n## Nothing below\n![](unused.png)\n",
            )
            .file("content/deck.png", "deck")
            .file("content/unused.png", "unused")
            .file("content/x.png", "png")
            .file("content/x.mp3", "mp3")
            .any_output()
            .run()
    };
    let (png, mp3) = ("media/x-bad7c9a32d645d0e.png", "media/x-cdbf6cdcb39c2840.mp3");
    test("csv").lists("out", &["a.csv", png, mp3]);
    test("anki-csv").lists("out", &["a.anki.csv", png, mp3]);
    let deck = "media/deck-dec4b938ad1e7e36.png";
    let below = ["01-a.md", deck, png, mp3].map(|name| format!("markdown/{name}"));
    test("markdown").lists("out", &below.each_ref().map(String::as_str));
}

#[test]
fn the_formats_of_the_configuration() {
    test(&["build", "-q"])
        .file("content/deckpress.toml", "formats = [\"json\"]\n")
        .file("content/a.md", NOTE)
        .run()
        .lists("out", &["deck.json"])
        .then(&["build", "-q", "-f", "csv", "-o", "other"])
        .run()
        .lists("other", &["deck.csv"]);
}

#[test]
fn an_unknown_format() {
    test(&["build", "-f", "pdf"])
        .file("content/a.md", NOTE)
        .stderr(str![[r#"
error: invalid value 'pdf' for '--to <TARGET>': the targets are apkg, csv, anki-csv, markdown, html, json, jsonl, spreadsheet, quizlet, knowt, memrise, brainscape-paste, brainscape, mnemosyne, supermemo, mochi, remnote, org-drill, hashcards, obsidian-sr, obsidian-to-anki, flashcards-obsidian, logseq, mochi-md, remnote-md, inka2, mdanki

For more information, try '--help'.

"#]])
        .status(2)
        .run();
}

#[test]
fn a_single_file() {
    test(&["build", "-q", "-f", "csv", "notes/b.md"])
        .file("notes/a.md", "### Q: A?\nA.\n")
        .file("notes/b.md", "### Q: B?\nB.\n")
        .file("notes/deckpress.toml", "tags = [\"t\"]\n")
        .run()
        .holds(
            "out/b.csv",
            str![[r#"
front,back,topic,tags,id␍
B?,B.,,t,cxsj9pe51419␍

"#]],
        );
}

#[test]
fn a_file_in_the_working_folder() {
    test(&["check", "b.md"])
        .file("b.md", "### Stray\n")
        .stderr(str![[r#"
warning[no-questions]: no question in this file
 --> b.md:1:1
  |
1 | ### Stray
  | ^^^^^^^^^ left out of every deck
  |
  = help: a question is a heading that begins with `### Q:`

warning[stray-text]: this heading belongs to no question
 --> b.md:1:1
  |
1 | ### Stray
  | ^^^^^^^^^ left out of every deck
  |
  = help: begin it with `Q:` if it asks a question; inside an answer, use `####`

2 warnings

"#]])
        .run();
}

#[test]
fn errors_stop_the_build() {
    test(&["build"])
        .file("content/a.md", "### Q: One?\n![](no.png)\n")
        .stderr(str![[r#"
error[missing-media]: cannot use `no.png`
 --> content/a.md:2:1
  |
2 | ![](no.png)
  | ^^^^^^^^^^^ there is no such file
  |
  = help: looked for `no.png` in the content folder

1 error

"#]])
        .status(1)
        .run()
        .lists("out", &[])
        .lists("content", &["a.md"]);
}

#[test]
fn warnings_do_not() {
    test(&["build", "-f", "csv"])
        .file("content/a.md", "### Stray\n### Q: One?\nA.\n")
        .stderr(str![[r#"
warning[stray-text]: this heading belongs to no question
 --> content/a.md:1:1
  |
1 | ### Stray
  | ^^^^^^^^^ left out of every deck
  |
  = help: begin it with `Q:` if it asks a question; inside an answer, use `####`

1 warning
1 deck, 0 topics, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  out/a.csv  [SIZE] B
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]

"#]])
        .run()
        .lists("out", &["a.csv"]);
}

#[test]
fn no_folder() {
    test(&["build"])
        .stderr(str![[r#"
error: there is no file or folder `content`

"#]])
        .status(2)
        .run();
    test(&["check", "notes"])
        .stderr(str![[r#"
error: there is no file or folder `notes`

"#]])
        .status(2)
        .run();
}

#[test]
fn what_is_not_content() {
    test(&["build", "-q", "-f", "csv", "-o", "content/out"])
        .file("content/a.md", NOTE)
        .file("content/.gitignore", "drafts/\n*.tmp.md\n")
        .file("content/drafts/b.md", "### Q: Draft?\nB.\n")
        .file("content/c.tmp.md", "### Q: Temporary?\nC.\n")
        .file("content/.hidden/d.md", "### Q: Hidden?\nD.\n")
        .file("content/out/markdown/e.md", "### Q: Output?\nE.\n")
        .file("content/f.txt", "### Q: Text?\nF.\n")
        .run()
        .holds(
            "content/out/deck.csv",
            str![[r#"
front,back,topic,tags,id␍
One?,A.,Topic,topic,j0vsvkwergdd␍

"#]],
        );
}

#[test]
fn files_are_read_in_path_order() {
    let note = |name: &str| format!("### Q: {name}?\nA.\n");
    test(&["build", "-q", "-f", "csv"])
        .file("content/b.md", note("b"))
        .file("content/a/z.MD", note("a-z"))
        .file("content/a.markdown", note("a"))
        .file("content/B.md", note("B"))
        .file("content/a/10.md", note("a-10"))
        .file("content/a/9.md", note("a-9"))
        .run()
        .holds(
            "out/content.csv",
            str![[r#"
front,back,topic,tags,id␍
B?,A.,,,h1d3xznp68f1␍
a-10?,A.,,,k0hj1vdse5rq␍
a-9?,A.,,,d7wv0gp58s4j␍
a-z?,A.,,,4y19y6qy68dq␍
a?,A.,,,mffj9sranj1z␍
b?,A.,,,qpzfehpfehwh␍

"#]],
        );
}

/// Two builds; the second has one topic less.
fn rebuilt() -> Done {
    test(&["build", "-q", "-f", "markdown"])
        .file("content/a.md", "# Deck\n## One\n### Q: 1?\nA.\n")
        .file("content/b.md", "# Deck\n## Two\n### Q: 2?\n![](x.png)\n")
        .file("content/x.png", "png")
        .run()
        .then(&["build", "-f", "markdown"])
        .file("content/b.md", "")
        .file("out/markdown/my-own.md", "# Mine\n")
        .file("out/markdown/media/my-own.png", "mine")
        .file("out/other.txt", "mine")
        .stderr(str![[r#"
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 retired, 1 unchanged
  out/markdown/  [SIZE] B, 1 file
  out/markdown/02-two.md removed: nothing goes there any more
  out/markdown/media/x-bad7c9a32d645d0e.png removed: nothing goes there any more
in [TIME]

"#]])
        .run()
}

#[test]
fn stale_files_are_removed_and_foreign_ones_left() {
    rebuilt().lists(
        "out",
        &["markdown/01-one.md", "markdown/media/my-own.png", "markdown/my-own.md", "other.txt"],
    );
}

#[test]
fn what_does_not_change_is_not_touched() {
    let done = test(&["build", "-q"]).file("content/a.md", NOTE).run();
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let paths = ["out/deck.apkg", "out/deck.csv", "out/markdown/01-topic.md"];
    let touched = |done: &Done, path| fs::metadata(done.path(path)).unwrap().modified().unwrap();
    for path in paths {
        let file = fs::File::options().write(true).open(done.path(path)).unwrap();
        file.set_modified(old).unwrap();
    }
    let done = done.then(&["build", "-q"]).run();
    for path in paths {
        assert_eq!(touched(&done, path), old, "{path}");
    }
    let done = done.then(&["build", "-q"]).file("content/a.md", NOTE.replace("A.", "B.")).run();
    for path in paths {
        assert_ne!(touched(&done, path), old, "{path}");
    }
}

#[test]
fn the_same_build_twice_gives_the_same_bytes() {
    let build = || {
        let args = ["build", "-q", "-f", "apkg,csv,anki-csv,markdown,json"];
        let done = test(&args).file("content/a.md", NOTE).run();
        ["deck.apkg", "deck.csv", "deck.anki.csv", "deck.json", "markdown/01-topic.md"]
            .map(|name| fs::read(done.path(&format!("out/{name}"))).unwrap())
    };
    assert!(build() == build());
}

/// What is written does not depend on how many threads there are.
#[test]
fn the_same_bytes_on_any_number_of_cores() {
    let question =
        |number| format!("### Q: {number}?\n```rust\nfn f{number}() {{}}\n```\n$x^{number}$\n");
    let text: String = (0..3000).map(question).collect();
    let build = |jobs| {
        let args = ["build", "-q", "-f", "apkg,csv,anki-csv,markdown,json", "--jobs", jobs];
        let done = test(&args).file("content/a.md", &text).any_output().run();
        let outputs = ["a.apkg", "a.csv", "a.anki.csv", "a.json", "markdown/01-a.md"];
        let paths = outputs.map(|path| format!("out/{path}")).into_iter();
        let paths = paths.chain(["content/deckpress.lock".to_owned()]);
        paths.map(|path| fs::read(done.path(&path)).unwrap()).collect::<Vec<_>>()
    };
    let one = build("1");
    assert!(build("2") == one);
    assert!(build("7") == one);
}

#[test]
fn a_time_that_is_no_number() {
    test(&["build"])
        .file("content/a.md", NOTE)
        .env("SOURCE_DATE_EPOCH", "yesterday")
        .stderr(str![[r#"
error: SOURCE_DATE_EPOCH must be a number of seconds: invalid digit found in string

"#]])
        .status(2)
        .run();
}

#[test]
fn an_output_folder_that_cannot_be_made() {
    test(&["build", "-q", "-f", "csv"])
        .file("content/a.md", NOTE)
        .file("out", "a file")
        .any_output()
        .status(2)
        .run()
        .lists("content", &["a.md"]);
}

#[test]
fn a_folder_without_questions_is_not_built() {
    test(&["build"])
        .file("content/a.md", "# Deck\n")
        .status(2)
        .stderr(str![[r#"
warning[no-questions]: no question in this file
 --> content/a.md:1:1
  |
1 | # Deck
  | ^^^^^^ left out of every deck
  |
  = help: a question is a heading that begins with `### Q:`

1 warning
error: there is no question with an answer in the content; nothing was written

"#]])
        .run()
        .lists("out", &[])
        .lists("content", &["a.md"]);
}

#[test]
fn no_nesting_is_too_deep() {
    let quotes = ">".repeat(20_000);
    let lists: Vec<String> = (0..2000).map(|at| format!("{}- a\n", "  ".repeat(at))).collect();
    let lists = lists.concat();
    test(&["build", "-q", "-f", "apkg,csv,anki-csv,markdown,json"])
        .file(
            "content/a.md",
            format!("### Q: 1?\n**Answer:**\n\n{quotes} x\n\n### Q: 2?\n**Answer:**\n\n{lists}"),
        )
        .run();
}

#[test]
fn nothing_is_written_where_the_program_fails() {
    test(&["build"])
        .env("DECKPRESS_FAULT", "press b.md")
        .file("content/a.md", "### Q: One?\nA.\n### Q: Two?\nB.\n")
        .file("content/b.md", "### Q: Three?\nC.\n### Q: Four?\nD.\n")
        .stderr(str![[r#"
error: internal error at content/b.md:1: a test wanted it (src/driver/fault.rs:0); nothing was written; this is a fault of deckpress: please report it, if you can with what it fails at

"#]])
        .status(2)
        .run()
        .lists("out", &[])
        .lists("content", &["a.md", "b.md"]);
    test(&["build", "-q"])
        .env("DECKPRESS_FAULT", "read a.md")
        .file("content/a.md", "### Q: One?\nA.\n")
        .file("content/b.md", "### Q: Two?\nB.\n")
        .any_output()
        .status(1)
        .run()
        .lists("out", &[])
        .lists("content", &["a.md", "b.md"]);
}
