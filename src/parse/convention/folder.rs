//! What most files of a folder have in common, which then counts for all of them.
//!
//! A note whose name asks may be any note. Where most notes of a folder are called so, each is a
//! question. What a file shows by itself is found out for each file first; from that, and nothing
//! else, follows what counts for a folder; and only then is each file read.
//!
//! A folder of [`OWN`] files or more speaks for itself, and for no other. A smaller one is as the
//! next one above it that is larger, and speaks for itself where that says nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Document;
use super::folder_habits::{FolderHabits, Place};
use super::single::{self, Asking};
use super::{boilerplate, inline};
use crate::model::Shared;

/// How many files show that something is no accident.
const ENOUGH: usize = 3;

/// How many files a folder has that is not as the one above it.
const OWN: usize = 5;

/// What a file shows.
#[derive(Debug)]
pub(super) struct Shown<'t> {
    pub path: &'t str,
    /// How clearly each of [`Place::ALL`] asks.
    asks: [Asking; 6],
    /// What its last line says, if that leads elsewhere.
    last: Option<String>,
    /// The keys before two colons.
    fields: BTreeSet<String>,
}

/// Finds out what a file shows; nothing, if it has no text or is about the others.
pub(super) fn show<'t>(doc: &Document<'t>, answers: &[String]) -> Option<Shown<'t>> {
    let lines = 0..doc.lines.len();
    let last = lines.rev().find(|line| !doc.line(*line).is_empty())?;
    let asks = Place::ALL.map(|place| single::asking(doc, place, answers));
    let last = boilerplate::link_words(doc.open(last));
    // The only page of a folder is often called `index`.
    let is_asked = asks[..4].iter().any(|asking| *asking > Asking::Not);
    let shown = Shown { path: doc.path, asks, last, fields: inline::fields(doc) };
    (is_asked || !single::is_about_others(doc.path)).then_some(shown)
}

/// What counts for each folder.
#[derive(Debug)]
pub(super) struct Folders {
    all: BTreeMap<String, FolderHabits>,
    nothing: FolderHabits,
}

impl Folders {
    /// What counts for a file, and what its own folder shows.
    pub(super) fn of(&self, path: &str) -> (&FolderHabits, &FolderHabits) {
        let mut above = folders(path).filter_map(|folder| self.all.get(folder));
        let own = above.clone().next().unwrap_or(&self.nothing);
        let mut small = above.clone().take_while(|common| !common.is_large);
        let large = above.find(|common| common.is_large).unwrap_or(own);
        let clear = || small.find(|common| common.is_some());
        let found = Some(large).filter(|common| common.is_some()).or_else(clear);
        (found.unwrap_or(large), own)
    }

    /// What was decided for the folders of some files, and for what reason.
    pub(super) fn said<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Vec<Shared> {
        let found: BTreeMap<&str, &FolderHabits> =
            paths.map(|path| self.of(path).0).map(|common| (&*common.folder, common)).collect();
        found.into_values().flat_map(|common| common.said.iter().cloned()).collect()
    }
}

/// Decides what counts for each folder, by what its files show.
pub(super) fn decide(shown: &[Shown<'_>]) -> Folders {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for folder in shown.iter().flat_map(|shown| folders(shown.path)) {
        *counts.entry(folder).or_default() += 1;
    }
    let is_large = |folder: &str| counts.get(folder).is_some_and(|count| *count >= OWN);
    let mut tallies: BTreeMap<&str, Tally<'_>> = BTreeMap::new();
    for shown in shown {
        for folder in folders(shown.path) {
            tallies.entry(folder).or_default().add(shown);
            if is_large(folder) {
                break;
            }
        }
    }
    let common = |(folder, tally): (&str, Tally<'_>)| {
        let common = FolderHabits { is_large: is_large(folder), ..tally.common(folder) };
        (folder.to_owned(), common)
    };
    let all = tallies.into_iter().map(common);
    Folders { all: all.collect(), nothing: FolderHabits::default() }
}

/// The folders that a file is in, the innermost first.
fn folders(path: &str) -> impl Iterator<Item = &str> + Clone {
    let parent = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).len();
    let first = &path[..parent(path)];
    std::iter::successors(Some(first), move |folder| {
        (!folder.is_empty()).then(|| &folder[..parent(folder)])
    })
}

/// How many files of a folder show what.
#[derive(Debug, Default)]
struct Tally<'s> {
    files: usize,
    asking: [usize; 6],
    clearly: [usize; 6],
    last: BTreeMap<&'s str, usize>,
    fields: BTreeMap<&'s str, usize>,
}

impl<'s> Tally<'s> {
    fn add(&mut self, shown: &'s Shown<'_>) {
        self.files += 1;
        for (at, asking) in shown.asks.into_iter().enumerate() {
            self.asking[at] += usize::from(asking > Asking::Not);
            self.clearly[at] += usize::from(asking == Asking::Clearly);
        }
        if let Some(last) = &shown.last {
            *self.last.entry(last).or_default() += 1;
        }
        for key in &shown.fields {
            *self.fields.entry(key).or_default() += 1;
        }
    }

    fn common(self, folder: &str) -> FolderHabits {
        let mut common = FolderHabits {
            folder: folder.to_owned(),
            asking: self.asking,
            ..FolderHabits::default()
        };
        let mut say = |what: String, files: usize| {
            common.said.push(Shared { folder: folder.to_owned(), what, files, of: self.files });
        };
        for (at, place) in Place::ALL.into_iter().enumerate() {
            let (asking, clearly) = (self.asking[at], self.clearly[at]);
            let is_nearly_all = asking * 5 >= self.files * 4;
            // Where nearly all ask, fewer need to do so clearly.
            let is_clear =
                asking >= ENOUGH && clearly * if is_nearly_all { 3 } else { 2 } >= asking;
            let asks = match place {
                Place::Question => "front matter",
                Place::Heading | Place::Word => "first heading",
                Place::Title => "title",
                Place::Name => "name",
                Place::Description => "description",
            };
            if is_clear && asking * 3 >= self.files * 2 {
                common.asked.push((place, is_nearly_all));
                say(format!("a question a file, as its {asks} asks"), asking);
            } else if is_clear && asking * 3 >= self.files {
                let told = "`convention = \"file\"` reads it so";
                say(format!("not a question a file, whose {asks} asks in too few; {told}"), asking);
            }
        }
        let shared = |count: usize| count >= ENOUGH && count * 2 > self.files;
        for (says, count) in self.last.into_iter().filter(|(_, count)| shared(*count)) {
            common.last.insert(says.to_owned());
            say(format!("`{says}` at the end of a file is left out"), count);
        }
        let mut fields: Vec<(&str, usize)> = self.fields.into_iter().collect();
        fields.retain(|(_, count)| *count >= ENOUGH);
        common.fields = fields.iter().map(|(key, _)| (*key).to_owned()).collect();
        if let Some((key, count)) = fields.into_iter().max_by_key(|(_, count)| *count) {
            let others = match common.fields.len() - 1 {
                0 => String::new(),
                more => format!(", and so are {more} more"),
            };
            say(format!("`{key}::` is a field{others}"), count);
        }
        common
    }
}
