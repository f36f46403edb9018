//! Pages of cards in which an app writes: what it wrote stays with its card from build to build.
//!
//! An app leaves a mark in a page, such as the date of the next review or the id that it gave a
//! card. Neither the format nor the app lets us mark a page as ours, so a hidden file beside the
//! pages, [`LIST`], says what the last build wrote. With it each card is found again in a page as
//! it is today, and the marks in or beside it go with the card's id: also when the question is
//! reworded, or moves to another page. A page that holds something else that nobody but a person
//! can have written is kept under another name.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Input, Outputs, add_media, media_of, pages, shown};

/// The file that says what a build wrote: a line of JSON for each card, and one for what stands
/// below the last card of a page.
const LIST: &str = ".deckpress-cards";

/// A page to be written.
pub(super) struct Page {
    /// Its name, with its ending.
    pub(super) name: String,
    pub(super) cards: Vec<Card>,
    /// What stands below the last card.
    pub(super) end: String,
}

/// A card on a page. Its texts are whole lines.
pub(super) struct Card {
    pub(super) id: String,
    /// What stands above it and is no part of it: a heading, at least an empty line.
    pub(super) above: String,
    /// What stands before the place where the app puts its mark.
    pub(super) before: String,
    /// What stands behind it.
    pub(super) after: String,
}

/// Says where in a line what an app has written begins, if it has written anything.
pub(super) type FindMark = fn(&str) -> Option<usize>;

/// What an app that writes nothing has written.
pub(super) fn no_mark(_: &str) -> Option<usize> {
    None
}

#[derive(Serialize, Deserialize)]
struct Row {
    page: String,
    id: String,
    above: String,
    text: String,
}

/// Writes a deck of a page per topic, as `page` makes them, with its media beside the pages.
///
/// # Errors
/// If a page cannot be written.
pub(super) fn deck(
    input: &Input<'_>,
    outputs: &impl Outputs,
    find: FindMark,
    page: impl FnMut(pages::Page<'_>) -> Page,
) -> anyhow::Result<()> {
    let folder = input.path();
    let pages: Vec<Page> = pages::pages(input).into_iter().map(page).collect();
    write(outputs, &folder, find, &pages)?;
    let media = media_of(input, shown(input.notes), |_| true);
    add_media(outputs, &format!("{folder}media/"), &media)
}

/// Writes the pages with what the app wrote into those of the last build, and sees to what that
/// build has left.
///
/// # Errors
/// If a page cannot be written.
pub(super) fn write(
    outputs: &impl Outputs,
    folder: &str,
    find: FindMark,
    pages: &[Page],
) -> anyhow::Result<()> {
    let rows: Vec<Row> = pages.iter().flat_map(rows).collect();
    let marks = marks(outputs, folder, find, &rows);
    for page in pages {
        outputs.add(&format!("{folder}{}", page.name), |out| {
            for card in &page.cards {
                write!(out, "{}{}", card.above, card.before)?;
                marks.get(&card.id).into_iter().flatten().try_for_each(|mark| {
                    // What stands before it may end its last line with the page.
                    writeln!(out, "{mark}")
                })?;
                write!(out, "{}", card.after)?;
            }
            Ok(write!(out, "{}", page.end)?)
        })?;
    }
    outputs.add(&format!("{folder}{LIST}"), |out| {
        for row in &rows {
            serde_json::to_writer(&mut *out, row)?;
            writeln!(out)?;
        }
        Ok(())
    })
}

fn rows(page: &Page) -> Vec<Row> {
    let row = |id: &str, above: &str, text: String| Row {
        page: page.name.clone(),
        id: id.to_owned(),
        above: above.to_owned(),
        text,
    };
    let card = |card: &Card| row(&card.id, &card.above, format!("{}{}", card.before, card.after));
    let cards = page.cards.iter().map(card);
    cards.chain([row("", "", page.end.clone())]).collect()
}

/// The marks by the ids of their cards. What stands in the way of the new pages is retired.
fn marks(
    outputs: &impl Outputs,
    folder: &str,
    find: FindMark,
    new: &[Row],
) -> BTreeMap<String, Vec<String>> {
    let list = outputs.previous(&format!("{folder}{LIST}")).unwrap_or_default();
    let list = String::from_utf8_lossy(&list);
    let old: Vec<Row> = list.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let (old, new) = (by_page(&old), by_page(new));
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let mut marks = BTreeMap::new();
    for name in names.into_iter().filter(|name| is_name(name)) {
        let path = format!("{folder}{name}");
        let Some(bytes) = outputs.previous(&path) else { continue };
        let text = String::from_utf8(bytes);
        let present = text.as_deref().ok().map(|text| Present::of(text, find));
        // Without the list a page is known by what it would hold today.
        let known = [old.get(name), new.get(name)];
        let is_as_written = present.as_ref().is_some_and(|present| {
            let holds = |rows: &Vec<&Row>| {
                present.is(&rows.iter().map(|row| row.lines()).collect::<Vec<_>>())
            };
            known.iter().flatten().any(|rows| holds(rows))
        });
        if let (Some(present), Some(rows)) = (&present, known.into_iter().flatten().next()) {
            for (id, found) in present.marks_of(rows) {
                marks.entry(id).or_insert(found);
            }
        }
        if !is_as_written || !new.contains_key(name) {
            outputs.remove(&path, !is_as_written);
        }
    }
    marks
}

/// Whether a page of that name lies in the folder itself; the list may have been edited as well.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':'])
}

fn by_page(rows: &[Row]) -> BTreeMap<&str, Vec<&Row>> {
    let mut pages: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        pages.entry(&row.page).or_default().push(row);
    }
    pages
}

impl Row {
    /// All lines of it that say something.
    fn lines(&self) -> Vec<&str> {
        says(self.above.lines().chain(self.text.lines()))
    }
}

/// Lines without the white space that an app or an editor may change.
fn says<'t>(lines: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    lines.map(str::trim_end).filter(|line| !line.is_empty()).collect()
}

/// A page as it is now.
struct Present<'t> {
    /// Its lines without marks.
    lines: Vec<&'t str>,
    /// The places of lines by what they say.
    places: BTreeMap<&'t str, Vec<usize>>,
    /// Each mark with the number of lines above it.
    marks: Vec<(usize, &'t str)>,
}

impl<'t> Present<'t> {
    fn of(text: &'t str, find: FindMark) -> Self {
        let (mut lines, mut marks) = (Vec::new(), Vec::new());
        for line in text.trim_start_matches('\u{feff}').lines().map(str::trim_end) {
            let Some(at) = find(line) else {
                lines.push(line);
                continue;
            };
            let before = line[..at].trim_end();
            if !before.is_empty() {
                lines.push(before);
            }
            marks.push((lines.len(), line[at..].trim()));
        }
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, line) in lines.iter().enumerate() {
            places.entry(line).or_default().push(at);
        }
        Self { lines, places, marks }
    }

    /// Whether it says this, besides its marks.
    fn is(&self, parts: &[Vec<&str>]) -> bool {
        says(self.lines.iter().copied()) == parts.concat()
    }

    /// The marks of each card that has some.
    fn marks_of(&self, rows: &[&Row]) -> Vec<(String, Vec<String>)> {
        if self.marks.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(String, Vec<String>)> = Vec::new();
        let (mut at, mut lost) = (0, Vec::new());
        for row in rows {
            if row.id.is_empty() {
                continue;
            }
            let text: Vec<&str> = row.text.lines().map(str::trim_end).collect();
            let Some(start) = self.find(&text, at) else {
                lost.push(row.id.as_str());
                continue;
            };
            let end = start + text.len();
            if start >= at {
                found.extend(self.between(&lost, at + usize::from(at > 0), start));
                lost.clear();
                at = end;
            }
            let own = self.within(start, end + 1);
            found.extend((!own.is_empty()).then(|| (row.id.clone(), own)));
        }
        found.extend(self.between(&lost, at + usize::from(at > 0), usize::MAX));
        found
    }

    /// Where a card stands, rather below a line than above it.
    fn find(&self, text: &[&str], from: usize) -> Option<usize> {
        let places = self.places.get(text.first()?)?;
        let is_there = |at: &&usize| self.lines[**at..].starts_with(text);
        let first = places.partition_point(|at| *at < from);
        let below = places[first..].iter().find(is_there);
        below.or_else(|| places[..first].iter().find(is_there)).copied()
    }

    /// The marks of cards that somebody has edited, if there are as many as cards.
    fn between(&self, lost: &[&str], from: usize, to: usize) -> Vec<(String, Vec<String>)> {
        let all: Vec<&(usize, &str)> =
            self.marks.iter().filter(|(at, _)| (from..to).contains(at)).collect();
        let groups: Vec<_> = all.chunk_by(|one, next| one.0 == next.0).collect();
        if groups.len() != lost.len() {
            return Vec::new();
        }
        let own = groups.into_iter().map(|marks| marks.iter().map(|mark| mark.1.to_owned()));
        lost.iter().map(|id| (*id).to_owned()).zip(own.map(Iterator::collect)).collect()
    }

    fn within(&self, from: usize, to: usize) -> Vec<String> {
        let own = self.marks.iter().filter(|(at, _)| (from..to).contains(at));
        own.map(|(_, mark)| (*mark).to_owned()).collect()
    }
}
