//! Reads what older versions noted in and beside their outputs, before there was a manifest: so that
//! a folder that they wrote is carried over, with the review dates in it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::page_record::{PageRecord, record_cards};
use super::{anki_csv, markdown, org_drill};
use crate::media::extension;

/// The files in which older versions recorded the cards of a folder, and Logseq's pages.
pub const RECORD_FILES: [&str; 2] = [".deckpress-cards", ".deckpress-pages"];

/// A line of `.deckpress-cards`: a card, or without an id the text below the last one of its page.
#[derive(Deserialize)]
struct WrittenCard {
    page: String,
    id: String,
    above: String,
    text: String,
}

/// Returns the pages that are recorded in one of [`RECORD_FILES`], by path below its folder.
#[must_use]
pub fn read_records(file: &str, text: &str) -> BTreeMap<String, PageRecord> {
    if file == RECORD_FILES[0] { read_cards(text) } else { read_pages(text) }
}

fn read_cards(text: &str) -> BTreeMap<String, PageRecord> {
    let rows = text.lines().filter_map(|line| serde_json::from_str::<WrittenCard>(line).ok());
    let mut pages: BTreeMap<String, Vec<WrittenCard>> = BTreeMap::new();
    for row in rows {
        pages.entry(row.page.clone()).or_default().push(row);
    }
    let record = |rows: &[WrittenCard]| {
        let (cards, ends): (Vec<_>, Vec<_>) = rows.iter().partition(|row| !row.id.is_empty());
        let end: String = ends.iter().map(|row| row.text.as_str()).collect();
        let cards = cards.iter().map(|row| (row.id.as_str(), [&*row.above, &*row.text, ""]));
        record_cards(cards, &end)
    };
    pages.into_iter().map(|(page, rows)| (page, record(&rows))).collect()
}

/// Reads lines of a hash and a file name.
fn read_pages(text: &str) -> BTreeMap<String, PageRecord> {
    let pages = text.lines().filter_map(|line| line.split_once(' '));
    let pages =
        pages.map(|(hash, name)| (format!("pages/{name}"), PageRecord::of_hash(hash.to_owned())));
    pages.collect()
}

/// Returns the record of an export that is a file, if an older version noted it there.
#[must_use]
pub fn find_record(path: &str, read: impl FnOnce() -> Option<Vec<u8>>) -> Option<PageRecord> {
    let bytes = if extension(path) == Some("org") { read() } else { None };
    org_drill::find_record(&String::from_utf8_lossy(&bytes?))
}

/// Returns whether a file that lies directly in the folder of an export is ours, as its content
/// says.
#[must_use]
pub fn is_ours(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(markdown::is_ours)
}

/// Returns the further files that belong to an export which is a file.
#[must_use]
pub fn siblings(path: &str) -> Vec<String> {
    anki_csv::siblings(path)
}

/// Returns whether a further file of an export is ours, as its content says.
#[must_use]
pub fn is_our_sibling(bytes: &[u8]) -> bool {
    anki_csv::is_ours(bytes)
}
