//! Questions that are not written in the native convention.
//!
//! Foreign files are read in three steps, after which all is as for native ones:
//!
//! 1. [`document`] sees the lines and headings of each, and [`fold`] what it folds away; [`folder`]
//!    what most files of a folder have in common.
//! 2. [`outline`] asks every recogniser which of them are questions. A recogniser is a file with a
//!    function `find` that returns [`candidate`]s, each a question and the place of its answer:
//!    [`worded`], [`question_word`], [`numbered`], [`numbered_list`], [`details`], [`spoiler`], [`bold`],
//!    [`nested_list`], [`listed`], [`qa_lines`], [`headings`], [`counted`], [`single`]; and for cards with two
//!    known sides [`inline`], [`question_mark`], [`separated_cards`], [`tagged_cards`], [`front_back`],
//!    [`start_end`],
//!    [`cloze_lines`], [`table`], [`csv`].
//! 3. [`translate`] says the same in the native convention, with the place of every word. For each
//!    question [`sections`] takes apart what stands below it, with [`options`], and without
//!    [`boilerplate`]; [`writer`] writes it down; and what [`unaccounted`] finds in no part of the reading is
//!    listed as left out.
//!
//! What all of them know of language is in [`vocabulary`], [`labels`] and [`prompt`]. Nothing here
//! parses Markdown: people write it in ways that no parser would agree with.

mod answered;
mod boilerplate;
mod bold;
mod candidate;
mod cloze_lines;
mod columns;
mod counted;
mod csv;
mod details;
pub(super) mod document;
mod extents;
mod file_context;
mod fold;
mod folder;
mod folder_habits;
mod front_back;
mod heading_label;
mod headings;
mod heuristics;
mod inline;
mod labels;
mod listed;
mod nested_list;
mod numbered;
mod numbered_list;
mod options;
mod outline;
mod parts;
mod prompt;
mod qa_lines;
mod question_mark;
mod question_word;
mod recognizer_input;
mod repeats;
mod run;
mod sections;
mod separated_cards;
mod single;
mod spoiler;
mod start_end;
mod table;
mod tagged_cards;
mod translate;
mod translation;
mod two_sided;
mod unaccounted;
mod verdict;
mod vocabulary;
mod worded;
mod writer;

pub(super) use csv::is_values;
use document::Document;
pub(super) use document::{Opener, fence, hashes};
use folder_habits::FolderHabits;
pub(super) use translation::Translation;
pub(super) use two_sided::is_schedule;

use rayon::prelude::*;

use crate::config::{Config, FrontMatter};
use crate::model::{Convention, Shared};
use crate::parse::raw::{self, Swallowed};
use outline::Outline;

/// Why text is left out that nothing says is noise.
pub(super) const OUTSIDE: &str = "text outside any question";

/// A file to read.
#[derive(Debug)]
pub(super) struct File<'t> {
    pub text: &'t str,
    pub path: &'t str,
    /// Where its text begins, below the front matter.
    pub start: usize,
    pub settings: &'t FrontMatter,
}

/// What a file says in the native convention, if it is written in another one, and what swallows
/// questions in it.
type Read = (Option<Translation>, Vec<Swallowed>);

/// Reads files, and returns what was decided for folders, too.
pub(super) fn read(files: &[File<'_>], config: &Config) -> (Vec<Read>, Vec<Shared>) {
    let told = |file: &File<'_>| {
        file.settings.convention.clone().unwrap_or_else(|| config.convention.clone())
    };
    let docs = files.par_iter().map(|file| document(file, &told(file), config));
    let docs: Vec<Option<Document<'_>>> = docs.collect();
    let shown =
        docs.par_iter().flatten().filter_map(|doc| folder::show(doc, &config.answer_labels));
    let shown: Vec<_> = shown.collect();
    let folders = folder::decide(&shown);
    let read = |(file, doc): (&File<'_>, &Option<Document<'_>>)| {
        if csv::is_values(file.path) {
            return (Some(csv::read(file.text, file.path, config, &told(file))), Vec::new());
        }
        let Some(doc) = doc else { return (None, Vec::new()) };
        read_document(doc, folders.of(file.path), config, &told(file))
    };
    let readings = files.par_iter().zip(&docs).map(read).collect();
    (readings, folders.said(shown.iter().map(|shown| shown.path)))
}

/// A file as a row of lines, if it is not in the native convention.
fn document<'t>(file: &File<'t>, told: &[Convention], config: &Config) -> Option<Document<'t>> {
    let is_plain = || told.is_empty() && is_plainly_native(&file.text[file.start..], config);
    if csv::is_values(file.path) || told.contains(&Convention::Native) || is_plain() {
        return None;
    }
    let doc = Document::new(file.text, file.path, file.start);
    (!told.is_empty() || !is_native(&doc, config)).then_some(doc)
}

fn read_document(
    doc: &Document<'_>,
    common: (&FolderHabits, &FolderHabits),
    config: &Config,
    told: &[Convention],
) -> Read {
    let folds = fold::folds(doc);
    let outline = outline::read(doc, &folds, common, config, told);
    let swallowed = swallowed(doc, &outline, common, config, told);
    let has_questions = !outline.asked().is_empty();
    (
        has_questions.then(|| translate::translate(doc, &folds, &outline, common.0, config)),
        swallowed,
    )
}

/// What swallows questions: those that are there without it.
fn swallowed(
    doc: &Document<'_>,
    outline: &Outline<'_>,
    common: (&FolderHabits, &FolderHabits),
    config: &Config,
    told: &[Convention],
) -> Vec<Swallowed> {
    if doc.doubtful.is_empty() {
        return Vec::new();
    }
    let opened = doc.opened();
    let known = outline.asked();
    let mut others = outline::read(&opened, &fold::folds(&opened), common, config, told).asked();
    others.retain(|line| known.binary_search(line).is_err());
    let blocks = doc.doubtful.iter().filter_map(|block| {
        let above = |line: usize| others.partition_point(|other| *other < line);
        let count = above(block.end) - above(block.start);
        let line = |at: usize| doc.lines[at].inner.clone();
        let (opener, end) = (line(block.start), Some(line(block.end - 1)));
        (count > 0).then_some(Swallowed { opener, end, count })
    });
    blocks.collect()
}

/// The convention that would read most of a file in which no question is found, and how many
/// questions those are; its text begins below the front matter.
pub(super) fn nearest(
    text: &str,
    path: &str,
    start: usize,
    config: &Config,
    settings: &FrontMatter,
) -> Option<(Convention, usize)> {
    let is_told = !settings.convention.as_ref().unwrap_or(&config.convention).is_empty();
    if is_told || csv::is_values(path) {
        return None;
    }
    let doc = Document::new(text, path, start);
    outline::nearest(&doc, &fold::folds(&doc), config)
}

/// Whether a file can be seen to be native line by line: a question stands before anything that may
/// hold code, and no line could speak against it. Most are, and the longest.
fn is_plainly_native(text: &str, config: &Config) -> bool {
    // A bare carriage return ends a line too.
    let mut returns = memchr::memchr_iter(b'\r', text.as_bytes());
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if is_doubtful(line, config) || may_open(line) {
            return false;
        }
        at += line.len();
        if is_asked(line) {
            return text[at..].par_lines().all(|line| !is_doubtful(line, config))
                && returns.all(|at| text[at + 1..].starts_with('\n'));
        }
    }
    false
}

/// Whether a line asks a question in the native convention, unless it is code.
fn is_asked(line: &str) -> bool {
    let title = document::hashes(line.trim()).filter(|_| line.starts_with('#'));
    title.is_some_and(|(level, title)| level == 3 && line[title].starts_with("Q:"))
}

/// Whether what follows a line may be code or a comment.
fn may_open(line: &str) -> bool {
    let mut tags = memchr::memchr_iter(b'<', line.as_bytes());
    ["```", "~~~"].iter().any(|fence| line.contains(fence))
        || tags.any(|at| raw::end(&line[at..]).is_some())
}

/// Whether a line may speak against the native convention.
fn is_doubtful(line: &str, config: &Config) -> bool {
    // So most lines begin.
    if line.starts_with(|c: char| c.is_ascii_graphic() && !matches!(c, '#' | 'Q' | '<')) {
        return false;
    }
    let shown = line.trim();
    match shown.as_bytes().first() {
        Some(b'#') => document::hashes(shown).is_some_and(|(level, title)| {
            let title = &shown[title];
            let is_answer = || labels::answer(title, &config.answer_labels).is_some();
            if title.starts_with("Q:") { level < 3 } else { level <= 3 && is_answer() }
        }),
        Some(b'Q') => shown.starts_with("Q:"),
        Some(b'<') => document::opens_element(shown).is_some(),
        _ => false,
    }
}

/// Whether a file is in the native convention: its questions begin with `### Q:`, and no heading
/// says that an answer follows.
fn is_native(doc: &Document<'_>, config: &Config) -> bool {
    let (mut native, mut others) = (0, 0);
    for heading in doc.headings.iter().filter(|heading| heading.level <= 3 && !heading.is_item) {
        let title = &doc.text[heading.title.clone()];
        let is_asked = title.starts_with("Q:");
        native += usize::from(is_asked && heading.level == 3);
        others += usize::from(is_asked && heading.level < 3);
        // A separator below a text makes no heading of it.
        let is_heading = doc.line(heading.line).starts_with(['#', '<']);
        if !is_asked && is_heading && labels::answer(title, &config.answer_labels).is_some() {
            return false;
        }
    }
    native > 0 && native >= others
}

#[cfg(test)]
mod tests {
    use super::{Document, is_native, is_plainly_native};
    use crate::config::Config;

    #[test]
    fn what_is_plainly_native_is_native() {
        const PARTS: &[&str] = &[
            "### Q: One?\n",
            " ### Q: Two? ###\r\n",
            "    ### Q: Code?\n",
            "# Q: Three?\n",
            "## Q: Four?\n",
            "### Answer\n",
            "## A:\r",
            "<h3>Answer</h3>\n",
            "<h1>Q: Five?</h1>\n",
            "Q: Six?\n---\n\n",
            "- ### Q: Seven?\n",
            "> ```\n",
            "```\n",
            "~~~\n",
            "<!-- a\n",
            "-->\n",
            "<pre>\n",
            "</pre>\n",
            "A: ```\n",
            "</PRE>\n",
            "<Style>\n",
            "**A:** <style>\n",
            "</style>\n",
            "\n",
            "text\n",
        ];
        let config = Config::default();
        let mut state = 7u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(state >> 33).expect("a small number")
        };
        let mut plain = 0;
        for _ in 0..40_000 {
            let text: String = (0..next() % 12).map(|_| PARTS[next() % PARTS.len()]).collect();
            if is_plainly_native(&text, &config) {
                plain += 1;
                assert!(is_native(&Document::new(&text, "a.md", 0), &config), "{text}");
            }
        }
        assert!(plain > 500, "{plain}");
    }
}
