//! The book in `docs/` and the README: what can be made from the code is made from it, every
//! example of the command line is run, and every link leads somewhere.
//!
//! `DECKPRESS_BLESS=1 cargo test --test book` writes anew what is generated and what commands print.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::format_collect,
    missing_docs,
    reason = "a test may fail loudly, reads the book from the disk, and builds short texts"
)]

#[path = "book/console.rs"]
mod console;
#[path = "book/conventions.rs"]
mod conventions;
#[path = "book/generated.rs"]
mod generated;
#[path = "book/json.rs"]
mod json;
#[path = "book/links.rs"]
mod links;
#[path = "book/pages.rs"]
mod pages;
#[path = "book/settings.rs"]
mod settings;

use std::fs;

use rayon::prelude::*;

/// Generated parts and the output of commands are as the code makes them.
#[test]
fn pages_are_up_to_date() {
    let mut pages = pages::read();
    for (path, text) in generated::files() {
        match pages.iter_mut().find(|page| page.path == path) {
            Some(page) => page.wanted = text,
            None => pages.push(pages::Page { path, text: String::new(), wanted: text }),
        }
    }
    pages.par_iter_mut().for_each(|page| {
        page.wanted = generated::parts(&page.path, &page.wanted);
        page.wanted = console::run(&page.path, &page.wanted);
    });
    let stale: Vec<_> = pages.iter().filter(|page| page.text != page.wanted).collect();
    if std::env::var_os("DECKPRESS_BLESS").is_some() {
        for page in &stale {
            fs::write(pages::root().join(&page.path), &page.wanted).unwrap();
        }
        return;
    }
    let differences: Vec<String> = stale.iter().map(|page| pages::difference(page)).collect();
    assert!(stale.is_empty(), "not up to date:\n{}", differences.join("\n"));
}
