//! Carries what an app writes into our pages (its *annotations*) over to the next build.
//!
//! Some apps write into the pages that they read, for instance the date of the next review:
//!
//! ```text
//! What is a token?
//! ?
//! The smallest unit of a grammar
//! <!--SR:!2026-01-02,3,250-->      ← the annotation of Obsidian's plugin Spaced Repetition
//! ```
//!
//! Neither the format nor the app lets us mark a page as ours. So the manifest records the cards that
//! the last build wrote ([`PageRecord`]). With this record each card is found again in the page as
//! it is today, and the annotations in or below it are written next to the card with the same id,
//! even if the question was reworded or moved to another page. A page with other changes must have
//! been edited by a person; it is kept under another name.

use std::collections::{BTreeMap, BTreeSet};

use super::page_record::{CardRecord, PageRecord, hash_line, hash_lines, record_cards};
use super::{Input, Outputs, add_media, card_excerpts, find_media, pages};

/// A page to write.
pub(super) struct AppPage {
    /// The file name, with its extension.
    pub(super) name: String,
    pub(super) cards: Vec<AppCard>,
    /// The text below the last card.
    pub(super) end: String,
}

/// A card on a page. Its texts are whole lines; the app writes its annotations between `before` and
/// `after`.
pub(super) struct AppCard {
    pub(super) id: String,
    /// The text above the card that is no part of it: a heading, or at least an empty line.
    pub(super) above: String,
    /// The part of the card above the app's annotations.
    pub(super) before: String,
    /// The part of the card below the app's annotations.
    pub(super) after: String,
}

/// Finds the byte offset in a line at which an app's annotation begins.
pub(super) type FindAnnotation = fn(&str) -> Option<usize>;

/// Finds nothing, for apps that do not write into pages.
pub(super) fn find_none(_: &str) -> Option<usize> {
    None
}

/// Writes one page per topic, as `page` makes it, with the media in a folder beside the pages.
///
/// # Errors
/// If a page cannot be written.
pub(super) fn write_deck(
    input: &Input<'_>,
    outputs: &impl Outputs,
    find: FindAnnotation,
    page: impl FnMut(pages::TopicPage<'_>) -> AppPage,
) -> anyhow::Result<()> {
    let folder = input.path();
    let pages: Vec<AppPage> = pages::split_into_pages(input).into_iter().map(page).collect();
    write_pages(input, outputs, find, &pages)?;
    let media = find_media(input, card_excerpts(input.notes), |_| true);
    add_media(outputs, &format!("{folder}media/"), &media)
}

/// Writes the pages with the annotations found in those of the last build. Removes old pages that
/// are not written again. If only some notes are wanted, the pages of the others stay as they are.
///
/// # Errors
/// If a page cannot be written.
pub(super) fn write_pages(
    input: &Input<'_>,
    outputs: &impl Outputs,
    find: FindAnnotation,
    pages: &[AppPage],
) -> anyhow::Result<()> {
    let folder = input.path();
    let old = outputs.recorded_pages(&folder);
    let records: BTreeMap<&str, PageRecord> =
        pages.iter().map(|page| (page.name.as_str(), record(page))).collect();
    let new: RecordsByPage<'_> = records.iter().map(|(name, record)| (*name, record)).collect();
    let touched = find_touched(input, &old, &new);
    let annotations = collect_annotations(outputs, &folder, find, [&old, &new], &touched);
    for page in pages.iter().filter(|page| touched.contains(&*page.name)) {
        let record = records.get(&*page.name).cloned().unwrap_or_default();
        outputs.add_page(&format!("{folder}{}", page.name), record, |out| {
            for card in &page.cards {
                write!(out, "{}{}", card.above, card.before)?;
                annotations.get(&card.id).into_iter().flatten().try_for_each(|annotation| {
                    // What stands before it may end its last line with the page.
                    writeln!(out, "{annotation}")
                })?;
                write!(out, "{}", card.after)?;
            }
            Ok(write!(out, "{}", page.end)?)
        })?;
    }
    Ok(())
}

/// The pages of a build by name.
type RecordsByPage<'r> = BTreeMap<&'r str, &'r PageRecord>;

/// Returns the names of the pages that are written or removed: all, unless only some notes are
/// wanted. A page of the last build that such a page would overwrite may hold other cards; the
/// pages on which these are now are written too, so that no annotation is lost.
fn find_touched<'r>(
    input: &Input<'_>,
    old: &RecordsByPage<'r>,
    new: &RecordsByPage<'r>,
) -> BTreeSet<&'r str> {
    let ids = |record: &'r PageRecord| record.cards.iter().map(|card| &*card.id);
    let is_wanted = |record: &'r PageRecord| input.writes(ids(record));
    let mut touched: BTreeSet<&str> =
        new.iter().filter(|(_, record)| is_wanted(record)).map(|(name, _)| *name).collect();
    if input.written.is_none() {
        touched.extend(old.keys());
        return touched;
    }
    let homes: BTreeMap<&str, &str> =
        new.iter().flat_map(|(name, record)| ids(record).map(|id| (id, *name))).collect();
    let mut open: Vec<&str> = touched.iter().copied().collect();
    while let Some(name) = open.pop() {
        let replaced = old.get(name).into_iter().flat_map(|record| ids(record));
        let pages = replaced.filter_map(|id| homes.get(id).copied());
        open.extend(pages.filter(|page| touched.insert(page)));
    }
    // A page goes when all that stood on it stands elsewhere.
    let goes = |(name, record): &(&&'r str, &&'r PageRecord)| {
        let pages: BTreeSet<&str> = ids(record).filter_map(|id| homes.get(id).copied()).collect();
        !new.contains_key(**name) && !pages.is_empty() && pages.is_subset(&touched)
    };
    let gone: Vec<&str> = old.iter().filter(goes).map(|(name, _)| *name).collect();
    touched.extend(gone);
    touched
}

/// Returns what is to be remembered of a page.
fn record(page: &AppPage) -> PageRecord {
    let cards = page.cards.iter();
    let cards = cards.map(|card| (card.id.as_str(), [&*card.above, &*card.before, &*card.after]));
    record_cards(cards, &page.end)
}

/// Collects the annotations on the disk by card id. Of the pages that are touched, removes those
/// that have been edited or are not written again.
fn collect_annotations(
    outputs: &impl Outputs,
    folder: &str,
    find: FindAnnotation,
    [old, new]: [&RecordsByPage<'_>; 2],
    touched: &BTreeSet<&str>,
) -> BTreeMap<String, Vec<String>> {
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let mut annotations = BTreeMap::new();
    for name in names.into_iter().filter(|name| is_page_name(name)) {
        let path = format!("{folder}{name}");
        let Some(bytes) = outputs.previous(&path) else { continue };
        let text = String::from_utf8(bytes);
        let present = text.as_deref().ok().map(|text| PageOnDisk::parse(text, find));
        // Without the record, a page is compared with what this build would write.
        let known = [old.get(name), new.get(name)];
        let hash = present.as_ref().map(PageOnDisk::hash);
        let is_as_written =
            known.iter().flatten().any(|record| Some(&record.hash) == hash.as_ref());
        let own = new.get(name).into_iter().flat_map(|record| &record.cards);
        let own: BTreeSet<&str> = own.map(|card| card.id.as_str()).collect();
        if let (Some(present), Some(record)) = (&present, known.into_iter().flatten().next()) {
            for (id, found) in present.annotations_by_card(&record.cards) {
                // A page that was left as it was may still hold a card that has moved.
                if own.contains(&*id) {
                    annotations.insert(id, found);
                } else {
                    annotations.entry(id).or_insert(found);
                }
            }
        }
        if touched.contains(name) && (!is_as_written || !new.contains_key(name)) {
            outputs.remove(&path, !is_as_written);
        }
    }
    annotations
}

/// Returns whether a page of this name lies directly in the folder. The manifest may have been
/// edited, so it must not lead elsewhere.
fn is_page_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':'])
}

/// A page as it is on the disk now.
struct PageOnDisk<'t> {
    /// The lines without annotations.
    lines: Vec<&'t str>,
    /// A hash of each line.
    hashes: Vec<u64>,
    /// The indices of each hash in `hashes`.
    indices: BTreeMap<u64, Vec<usize>>,
    /// Each annotation with the number of lines above it.
    annotations: Vec<(usize, &'t str)>,
}

impl<'t> PageOnDisk<'t> {
    fn parse(text: &'t str, find: FindAnnotation) -> Self {
        let (mut lines, mut annotations) = (Vec::new(), Vec::new());
        for line in text.trim_start_matches('\u{feff}').lines().map(str::trim_end) {
            let Some(at) = find(line) else {
                lines.push(line);
                continue;
            };
            let before = line[..at].trim_end();
            if !before.is_empty() {
                lines.push(before);
            }
            annotations.push((lines.len(), line[at..].trim()));
        }
        let hashes: Vec<u64> = lines.iter().map(|line| hash_line(line)).collect();
        let mut indices: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (at, hash) in hashes.iter().enumerate() {
            indices.entry(*hash).or_default().push(at);
        }
        Self { lines, hashes, indices, annotations }
    }

    /// Returns the hash of all lines but the annotations.
    fn hash(&self) -> String {
        hash_lines(self.lines.iter().copied())
    }

    /// Returns the annotations of each card that has any.
    fn annotations_by_card(&self, cards: &[CardRecord]) -> Vec<(String, Vec<String>)> {
        if self.annotations.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(String, Vec<String>)> = Vec::new();
        let (mut at, mut missing) = (0, Vec::new());
        for CardRecord { id, lines } in cards {
            let Some(start) = self.find_card(lines, at) else {
                missing.push(id.as_str());
                continue;
            };
            let end = start + lines.len();
            if start >= at {
                found.extend(self.match_in_order(&missing, at + usize::from(at > 0), start));
                missing.clear();
                at = end;
            }
            let own = self.annotations_within(start, end + 1);
            found.extend((!own.is_empty()).then(|| (id.clone(), own)));
        }
        found.extend(self.match_in_order(&missing, at + usize::from(at > 0), usize::MAX));
        found
    }

    /// Finds the first line of a card, preferably at or below the line `from`.
    fn find_card(&self, lines: &[u64], from: usize) -> Option<usize> {
        let indices = self.indices.get(lines.first()?)?;
        let is_there = |at: &&usize| self.hashes[**at..].starts_with(lines);
        let first = indices.partition_point(|at| *at < from);
        let below = indices[first..].iter().find(is_there);
        below.or_else(|| indices[..first].iter().find(is_there)).copied()
    }

    /// Assigns annotations to cards that were not found because somebody has edited them, in order,
    /// if there are as many groups of annotations as such cards.
    fn match_in_order(
        &self,
        missing: &[&str],
        from: usize,
        to: usize,
    ) -> Vec<(String, Vec<String>)> {
        let all: Vec<&(usize, &str)> =
            self.annotations.iter().filter(|(at, _)| (from..to).contains(at)).collect();
        let groups: Vec<_> = all.chunk_by(|one, next| one.0 == next.0).collect();
        if groups.len() != missing.len() {
            return Vec::new();
        }
        let own = groups
            .into_iter()
            .map(|annotations| annotations.iter().map(|annotation| annotation.1.to_owned()));
        missing.iter().map(|id| (*id).to_owned()).zip(own.map(Iterator::collect)).collect()
    }

    /// Returns the annotations between two lines.
    fn annotations_within(&self, from: usize, to: usize) -> Vec<String> {
        let own = self.annotations.iter().filter(|(at, _)| (from..to).contains(at));
        own.map(|(_, mark)| (*mark).to_owned()).collect()
    }
}
