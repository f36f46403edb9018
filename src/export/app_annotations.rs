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
//! Neither the format nor the app lets us mark a page as ours. So a hidden file beside the pages,
//! [`RECORD_FILE`], records the cards that the last build wrote. With this record each card is
//! found again in the page as it is today, and the annotations in or below it are written next to
//! the card with the same id, even if the question was reworded or moved to another page. A page
//! with other changes must have been edited by a person; it is kept under another name.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Input, Outputs, add_media, card_excerpts, find_media, pages};

/// The file that records what a build wrote: one line of JSON per card, and one per page for the
/// text below its last card.
const RECORD_FILE: &str = ".deckpress-cards";

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

#[derive(Serialize, Deserialize)]
struct WrittenCard {
    page: String,
    id: String,
    above: String,
    text: String,
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
    let record = outputs.previous(&format!("{folder}{RECORD_FILE}")).unwrap_or_default();
    let record = String::from_utf8_lossy(&record);
    let old: Vec<WrittenCard> =
        record.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let new: Vec<WrittenCard> = pages.iter().flat_map(record_rows).collect();
    let (old, new) = (group_by_page(&old), group_by_page(&new));
    let touched = find_touched(input, &old, &new);
    let annotations = collect_annotations(outputs, &folder, find, [&old, &new], &touched);
    for page in pages.iter().filter(|page| touched.contains(&*page.name)) {
        outputs.add(&format!("{folder}{}", page.name), |out| {
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
    outputs.add(&format!("{folder}{RECORD_FILE}"), |out| {
        let stays = old.iter().filter(|(name, _)| !touched.contains(*name));
        let is_written = |page: &&AppPage| touched.contains(&*page.name);
        let written = pages.iter().filter(is_written).map(|page| &new[&*page.name]);
        for row in stays.map(|(_, rows)| rows).chain(written).flatten() {
            serde_json::to_writer(&mut *out, row)?;
            writeln!(out)?;
        }
        Ok(())
    })
}

/// The cards of a build by page.
type CardsByPage<'r> = BTreeMap<&'r str, Vec<&'r WrittenCard>>;

/// Returns the names of the pages that are written or removed: all, unless only some notes are
/// wanted. A page of the last build that such a page would overwrite may hold other cards; the
/// pages on which these are now are written too, so that no annotation is lost.
fn find_touched<'r>(
    input: &Input<'_>,
    old: &CardsByPage<'r>,
    new: &CardsByPage<'r>,
) -> BTreeSet<&'r str> {
    let ids = |rows: &[&'r WrittenCard]| rows.iter().map(|row| &*row.id).collect::<Vec<&str>>();
    let is_wanted = |rows: &[&'r WrittenCard]| input.writes(ids(rows).into_iter());
    let mut touched: BTreeSet<&str> =
        new.iter().filter(|(_, rows)| is_wanted(rows)).map(|(name, _)| *name).collect();
    if input.written.is_none() {
        touched.extend(old.keys());
        return touched;
    }
    let homes: BTreeMap<&str, &str> =
        new.iter().flat_map(|(name, rows)| rows.iter().map(|row| (&*row.id, *name))).collect();
    let home = |id: &&str| homes.get(id).copied().filter(|_| !id.is_empty());
    let mut open: Vec<&str> = touched.iter().copied().collect();
    while let Some(name) = open.pop() {
        let replaced = old.get(name).map(|rows| ids(rows)).unwrap_or_default();
        open.extend(replaced.iter().filter_map(home).filter(|page| touched.insert(page)));
    }
    // A page goes when all that stood on it stands elsewhere.
    let goes = |(name, rows): &(&&'r str, &Vec<&'r WrittenCard>)| {
        let pages: BTreeSet<&str> = ids(rows).iter().filter_map(home).collect();
        !new.contains_key(**name) && !pages.is_empty() && pages.is_subset(&touched)
    };
    let gone: Vec<&str> = old.iter().filter(goes).map(|(name, _)| *name).collect();
    touched.extend(gone);
    touched
}

fn record_rows(page: &AppPage) -> Vec<WrittenCard> {
    let row = |id: &str, above: &str, text: String| WrittenCard {
        page: page.name.clone(),
        id: id.to_owned(),
        above: above.to_owned(),
        text,
    };
    let card =
        |card: &AppCard| row(&card.id, &card.above, format!("{}{}", card.before, card.after));
    let cards = page.cards.iter().map(card);
    cards.chain([row("", "", page.end.clone())]).collect()
}

/// Collects the annotations on the disk by card id. Of the pages that are touched, removes those
/// that have been edited or are not written again.
fn collect_annotations(
    outputs: &impl Outputs,
    folder: &str,
    find: FindAnnotation,
    [old, new]: [&CardsByPage<'_>; 2],
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
        let is_as_written = present.as_ref().is_some_and(|present| {
            let holds = |rows: &Vec<&WrittenCard>| {
                present.has_lines(&rows.iter().map(|row| row.lines()).collect::<Vec<_>>())
            };
            known.iter().flatten().any(|rows| holds(rows))
        });
        let own: BTreeSet<&str> =
            new.get(name).into_iter().flatten().map(|row| row.id.as_str()).collect();
        if let (Some(present), Some(rows)) = (&present, known.into_iter().flatten().next()) {
            for (id, found) in present.annotations_by_card(rows) {
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

/// Returns whether a page of this name lies directly in the folder. The record may have been
/// edited, so it must not lead elsewhere.
fn is_page_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':'])
}

fn group_by_page(rows: &[WrittenCard]) -> CardsByPage<'_> {
    let mut pages = CardsByPage::new();
    for row in rows {
        pages.entry(&row.page).or_default().push(row);
    }
    pages
}

impl WrittenCard {
    /// Returns all non-blank lines.
    fn lines(&self) -> Vec<&str> {
        non_blank(self.above.lines().chain(self.text.lines()))
    }
}

/// Removes trailing white space and blank lines, which an app or an editor may change.
fn non_blank<'t>(lines: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    lines.map(str::trim_end).filter(|line| !line.is_empty()).collect()
}

/// A page as it is on the disk now.
struct PageOnDisk<'t> {
    /// The lines without annotations.
    lines: Vec<&'t str>,
    /// The indices of each line in `lines`.
    indices: BTreeMap<&'t str, Vec<usize>>,
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
        let mut indices: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, line) in lines.iter().enumerate() {
            indices.entry(line).or_default().push(at);
        }
        Self { lines, indices, annotations }
    }

    /// Returns whether the page holds exactly these lines, besides the annotations.
    fn has_lines(&self, parts: &[Vec<&str>]) -> bool {
        non_blank(self.lines.iter().copied()) == parts.concat()
    }

    /// Returns the annotations of each card that has any.
    fn annotations_by_card(&self, rows: &[&WrittenCard]) -> Vec<(String, Vec<String>)> {
        if self.annotations.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(String, Vec<String>)> = Vec::new();
        let (mut at, mut missing) = (0, Vec::new());
        for row in rows {
            if row.id.is_empty() {
                continue;
            }
            let text: Vec<&str> = row.text.lines().map(str::trim_end).collect();
            let Some(start) = self.find_card(&text, at) else {
                missing.push(row.id.as_str());
                continue;
            };
            let end = start + text.len();
            if start >= at {
                found.extend(self.match_in_order(&missing, at + usize::from(at > 0), start));
                missing.clear();
                at = end;
            }
            let own = self.annotations_within(start, end + 1);
            found.extend((!own.is_empty()).then(|| (row.id.clone(), own)));
        }
        found.extend(self.match_in_order(&missing, at + usize::from(at > 0), usize::MAX));
        found
    }

    /// Finds the first line of a card, preferably at or below the line `from`.
    fn find_card(&self, text: &[&str], from: usize) -> Option<usize> {
        let indices = self.indices.get(text.first()?)?;
        let is_there = |at: &&usize| self.lines[**at..].starts_with(text);
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
