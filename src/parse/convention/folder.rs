//! The habits of a folder: what most of its files have in common, which then applies to all of
//! them.
//!
//! A single note whose name asks may be any note. If most notes of a folder have such names, each
//! is a question. So there are three passes: each file is surveyed by itself; the habits of all
//! folders are decided from these surveys; then each file is read.
//!
//! A folder of [`OWN`] files or more has its own habits. A smaller one shares those of the nearest
//! large folder above it, and has its own only if that has none.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Document;
use super::folder_habits::{FolderHabits, PLACES, QuestionPlace};
use super::single::{self, Asking};
use super::{boilerplate, inline, numbered};
use crate::model::Shared;

/// How many files it takes to make a habit.
const ENOUGH: usize = 3;

/// How many files a folder must have to be judged by itself.
const OWN: usize = 5;

/// How many numbers it takes until they run through a folder.
const REGISTER: usize = 20;

/// How many levels of headings there are.
const LEVELS: usize = 6;

/// What one file contributes to the habits of its folders.
#[derive(Debug)]
pub(super) struct FileSurvey<'t> {
    pub path: &'t str,
    /// How clearly the file asks in each of [`QuestionPlace::ALL`].
    is_question_like: [Asking; PLACES],
    /// The words of its last line, if that is a link.
    last: Option<String>,
    /// The keys of its `key:: value` lines.
    fields: BTreeSet<String>,
    /// The numbers of its headings, by level from 1.
    numbers: [Vec<u64>; LEVELS],
}

/// Surveys a file. Returns nothing if it has no text or is about the other files.
pub(super) fn survey_file<'t>(doc: &Document<'t>, answers: &[String]) -> Option<FileSurvey<'t>> {
    let lines = 0..doc.lines.len();
    let last = lines.rev().find(|line| !doc.line_text(*line).is_empty())?;
    let is_question_like =
        QuestionPlace::ALL.map(|place| single::measure_asking(doc, place, answers));
    let last = boilerplate::outward_link_words(doc.open_text(last));
    // The only page of a folder is often called `index`.
    let is_asked = is_question_like[..4].iter().any(|asking| *asking > Asking::Not);
    let numbers = std::array::from_fn(|at| numbered::collect_numbers(doc, at + 1));
    let fields = inline::fields(doc);
    let surveys = FileSurvey { path: doc.path, is_question_like, last, fields, numbers };
    (is_asked || !single::is_about_others(doc.path)).then_some(surveys)
}

/// The habits of all folders.
#[derive(Debug)]
pub(super) struct Folders {
    all: BTreeMap<String, FolderHabits>,
    nothing: FolderHabits,
}

impl Folders {
    /// Returns the habits that apply to a file, and those of its innermost folder.
    pub(super) fn habits_of(&self, path: &str) -> (&FolderHabits, &FolderHabits) {
        let mut above = enclosing_folders(path).filter_map(|folder| self.all.get(folder));
        let own = above.clone().next().unwrap_or(&self.nothing);
        let mut small = above.clone().take_while(|habits| !habits.is_large);
        let large = above.find(|habits| habits.is_large).unwrap_or(own);
        let clear = || small.find(|habits| habits.is_some());
        let found = Some(large).filter(|habits| habits.is_some()).or_else(clear);
        (found.unwrap_or(large), own)
    }

    /// Returns the decisions for the folders of some files, in words.
    pub(super) fn shared_decisions<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Vec<Shared> {
        let found: BTreeMap<&str, &FolderHabits> = paths
            .map(|path| self.habits_of(path).0)
            .map(|habits| (&*habits.folder, habits))
            .collect();
        found.into_values().flat_map(|habits| habits.said.iter().cloned()).collect()
    }
}

/// Decides on the habits of each folder from the surveys of its files.
pub(super) fn decide_habits(surveys: &[FileSurvey<'_>]) -> Folders {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for folder in surveys.iter().flat_map(|surveys| enclosing_folders(surveys.path)) {
        *counts.entry(folder).or_default() += 1;
    }
    let is_large = |folder: &str| counts.get(folder).is_some_and(|count| *count >= OWN);
    let mut tallies: BTreeMap<&str, Tally<'_>> = BTreeMap::new();
    for surveys in surveys {
        for folder in enclosing_folders(surveys.path) {
            tallies.entry(folder).or_default().add(surveys);
            if is_large(folder) {
                break;
            }
        }
    }
    let habits = |(folder, tally): (&str, Tally<'_>)| {
        let habits = FolderHabits { is_large: is_large(folder), ..tally.into_habits(folder) };
        (folder.to_owned(), habits)
    };
    let all = tallies.into_iter().map(habits);
    Folders { all: all.collect(), nothing: FolderHabits::default() }
}

/// Returns the folders that a file is in, the innermost first.
fn enclosing_folders(path: &str) -> impl Iterator<Item = &str> + Clone {
    let parent = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).len();
    let first = &path[..parent(path)];
    std::iter::successors(Some(first), move |folder| {
        (!folder.is_empty()).then(|| &folder[..parent(folder)])
    })
}

/// Counts over the files of a folder.
#[derive(Debug, Default)]
struct Tally<'s> {
    files: usize,
    asking: [usize; PLACES],
    clearly: [usize; PLACES],
    last: BTreeMap<&'s str, usize>,
    fields: BTreeMap<&'s str, usize>,
    numbers: [Register; LEVELS],
}

/// The numbers of the headings of a level in the files of a folder.
#[derive(Debug, Default)]
struct Register {
    /// How many files have two or more.
    files: usize,
    count: usize,
    values: BTreeSet<u64>,
}

impl Register {
    fn add(&mut self, numbers: &[u64]) {
        self.files += usize::from(numbers.len() > 1);
        self.count += numbers.len();
        self.values.extend(numbers);
    }

    /// Returns whether the numbers run through all files, as those of exam topics do: hardly any
    /// occurs twice, and most occur. Those of chapters begin anew in each file.
    fn runs_through(&self) -> bool {
        let all = self.values.len();
        let bounds = self.values.first().zip(self.values.last());
        let width = bounds.map_or(0, |(first, last)| last.saturating_sub(*first));
        let is_dense = usize::try_from(width).is_ok_and(|width| width < all * 2);
        self.files >= ENOUGH && all >= REGISTER && all * 20 >= self.count * 19 && is_dense
    }
}

impl<'s> Tally<'s> {
    fn add(&mut self, surveys: &'s FileSurvey<'_>) {
        self.files += 1;
        for (at, asking) in surveys.is_question_like.into_iter().enumerate() {
            self.asking[at] += usize::from(asking > Asking::Not);
            self.clearly[at] += usize::from(asking == Asking::Clearly);
        }
        if let Some(last) = &surveys.last {
            *self.last.entry(last).or_default() += 1;
        }
        for key in &surveys.fields {
            *self.fields.entry(key).or_default() += 1;
        }
        for (register, numbers) in self.numbers.iter_mut().zip(&surveys.numbers) {
            register.add(numbers);
        }
    }

    fn into_habits(self, folder: &str) -> FolderHabits {
        let mut habits = FolderHabits {
            folder: folder.to_owned(),
            asking: self.asking,
            ..FolderHabits::default()
        };
        let mut say = |what: String, files: usize| {
            habits.said.push(Shared { folder: folder.to_owned(), what, files, of: self.files });
        };
        for (at, place) in QuestionPlace::ALL.into_iter().enumerate() {
            let (asking, clearly) = (self.asking[at], self.clearly[at]);
            let is_nearly_all = asking * 5 >= self.files * 4;
            // If nearly all files ask, fewer need to do so clearly.
            let is_clear =
                asking >= ENOUGH && clearly * if is_nearly_all { 3 } else { 2 } >= asking;
            let source = match place {
                QuestionPlace::Question => "front matter",
                QuestionPlace::Heading | QuestionPlace::Word => "first heading",
                QuestionPlace::Title => "title",
                QuestionPlace::Name => "name",
                QuestionPlace::Description => "description",
                QuestionPlace::Options => "text above options",
            };
            if is_clear && asking * 3 >= self.files * 2 {
                habits.asked.push((place, is_nearly_all));
                say(format!("a question a file, as its {source} asks"), asking);
            } else if is_clear && asking * 3 >= self.files {
                let hint = "`convention = \"file\"` reads it so";
                say(
                    format!("not a question a file, whose {source} asks in too few; {hint}"),
                    asking,
                );
            }
        }
        let register = self.numbers.iter().position(Register::runs_through);
        if let Some(at) = register {
            habits.numbered = Some(at + 1);
            let signs = "#".repeat(at + 1);
            let what =
                format!("numbered headings `{signs}` are questions, as their numbers run on");
            say(what, self.numbers[at].files);
        }
        let shared = |count: usize| count >= ENOUGH && count * 2 > self.files;
        for (snippet, count) in self.last.into_iter().filter(|(_, count)| shared(*count)) {
            habits.last.insert(snippet.to_owned());
            say(format!("`{snippet}` at the end of a file is left out"), count);
        }
        let mut fields: Vec<(&str, usize)> = self.fields.into_iter().collect();
        fields.retain(|(_, count)| *count >= ENOUGH);
        habits.fields = fields.iter().map(|(key, _)| (*key).to_owned()).collect();
        if let Some((key, count)) = fields.into_iter().max_by_key(|(_, count)| *count) {
            let others = match habits.fields.len() - 1 {
                0 => String::new(),
                more => format!(", and so are {more} more"),
            };
            say(format!("`{key}::` is a field{others}"), count);
        }
        habits
    }
}
