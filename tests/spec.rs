//! The specification: pages of Markdown whose examples are the tests.
//!
//! `tests/README.md` says how an example is written and how to rewrite expectations.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test may fail loudly, and reads its pages from the disk"
)]

#[path = "spec/page.rs"]
mod page;
#[path = "spec/press.rs"]
mod press;
#[path = "spec/view.rs"]
mod view;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use page::Page;

/// A test per page, so that a failure names its page.
macro_rules! pages {
    ($($test:ident $name:literal,)*) => {
        const PAGES: &[&str] = &[$($name),*];
        $(
            #[test]
            fn $test() {
                check($name);
            }
        )*
    };
}

pages! {
    answers "answers",
    blocks_in_answers "blocks-in-answers",
    bold_questions "bold-questions",
    brainscape "brainscape",
    card_kinds "card-kinds",
    cards "cards",
    configuration "configuration",
    csv "csv",
    decks_and_topics "decks-and-topics",
    details "details",
    diagnostics "diagnostics",
    encodings "encodings",
    extra_sections "extra-sections",
    flashcard_notations "flashcard-notations",
    flashcards_obsidian "flashcards-obsidian",
    folders "folders",
    foreign_answers "foreign-answers",
    foreign_files "foreign-files",
    foreign_noise "foreign-noise",
    front_matter "front-matter",
    hashcards "hashcards",
    headings_in_lists "headings-in-lists",
    hidden_answers "hidden-answers",
    html "html",
    html_page "html-page",
    imported_fields "imported-fields",
    inka2 "inka2",
    jsonl "jsonl",
    key_points "key-points",
    links_and_footnotes "links-and-footnotes",
    logseq "logseq",
    markdown_decks "markdown-decks",
    math_and_money "math-and-money",
    mdanki "mdanki",
    media "media",
    mnemosyne "mnemosyne",
    mochi "mochi",
    multiple_choice "multiple-choice",
    nested_lists "nested-lists",
    note_types "note-types",
    numbered_headings "numbered-headings",
    obsidian "obsidian",
    obsidian_embeds "obsidian-embeds",
    obsidian_sr "obsidian-sr",
    obsidian_to_anki "obsidian-to-anki",
    odd_texts "odd-texts",
    org_drill "org-drill",
    pasting "pasting",
    plain_headings "plain-headings",
    question_words "question-words",
    questions "questions",
    remnote "remnote",
    separators "separators",
    spreadsheets "spreadsheets",
    supermemo "supermemo",
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec")
}

/// Holds every example of a page against what the library makes of it.
fn check(name: &str) {
    let path = folder().join(format!("{name}.md"));
    let page = Page::read(&fs::read_to_string(&path).unwrap());
    assert!(!page.examples.is_empty(), "no example in {name}.md");
    let actual: Vec<String> = page
        .examples
        .iter()
        .map(|example| {
            let fields = view::fields(&example.view, &example.files);
            let shown = || view::show(&example.view, &press::compile(&example.files));
            page::show(&fields.unwrap_or_else(shown))
        })
        .collect();
    if std::env::var_os("DECKPRESS_BLESS").is_some() {
        fs::write(&path, page.with(&actual)).unwrap();
        return;
    }
    let mut failures = String::new();
    for (example, actual) in page.examples.iter().zip(&actual) {
        if example.expect != *actual {
            let place = format!("tests/spec/{name}.md:{}", example.line);
            let (expect, actual) = (example.expect.clone().into(), actual.clone().into());
            let palette = snapbox::report::Palette::plain();
            let _ = write!(failures, "\n{place}\n");
            snapbox::report::write_diff(
                &mut failures,
                &expect,
                &actual,
                Some(&"specified"),
                Some(&"made"),
                palette,
            )
            .unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn every_page_is_tested() {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
        .collect();
    names.sort();
    assert_eq!(names, PAGES);
}
