//! Foreign files: questions that are not written in the native convention.
//!
//! A foreign file is translated into the native convention in three steps, and then read like a
//! native file:
//!
//! 1. [`document`] splits it into lines and finds headings, [`fold`] finds `<details>` and
//!    callouts, and [`folder`] decides what the files of a folder have in common.
//! 2. [`outline`] runs all recognizers. A recognizer is a file with a function `find` that returns
//!    [`candidate`]s, each a question and the extent of its answer:
//!    [`worded`], [`question_word`], [`numbered`], [`numbered_list`], [`details`], [`spoiler`],
//!    [`bold`], [`nested_list`], [`one_line`], [`listed`], [`qa_lines`], [`paragraphs`],
//!    [`paragraph_pairs`],
//!    [`headings`], [`counted`], [`single`];
//!    and for cards with two sides [`inline`], [`question_mark`], [`separated_cards`],
//!    [`tagged_cards`], [`front_back`], [`start_end`], [`cloze_lines`], [`table`], [`csv`].
//! 3. [`translate()`] makes a [`translation`] of the outline, with a source map. For each question,
//!    [`sections`] splits the text below it, [`options`] and [`option_table`] find multiple-choice
//!    options, [`boilerplate`] removes what is no content, and [`writer`] writes the result. Text that
//!    [`unaccounted`] finds in no part of the translation is recorded as skipped.
//!
//! [`unread`] finds what looks like a question all the same and is read as none.
//!
//! The knowledge of natural languages is in [`vocabulary`], [`labels`], [`prompt`] and
//! [`question_form`]. Recognizers do not parse Markdown, as foreign files are often no correct
//! Markdown.

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
mod one_line;
mod option_sign;
mod option_table;
mod options;
mod outline;
mod paragraph_pairs;
mod paragraphs;
mod parts;
mod prompt;
mod qa_lines;
mod question_form;
mod question_mark;
mod question_word;
mod recognizer_input;
mod repeats;
mod run;
mod sections;
mod separated_cards;
mod siblings;
mod single;
mod single_choice;
mod spoiler;
mod start_end;
mod table;
mod tagged_cards;
mod translate;
mod translation;
mod two_sided;
mod unaccounted;
mod unread;
mod verdict;
mod vocabulary;
mod worded;
mod writer;

pub(super) use csv::{find_cells, is_values};
use document::Document;
pub(super) use document::{Opener, fence, hashes, marker};
use folder_habits::FolderHabits;
use translate::translate;
pub(super) use translation::Translation;
pub(super) use two_sided::is_schedule;
pub(super) use unread::Unread;

use rayon::prelude::*;

use crate::config::{Config, FrontMatter};
use crate::model::{Convention, Shared};
use crate::parse::raw::{self, Swallowed};
use outline::Outline;

/// The reason for skipping text that is no known boilerplate.
pub(super) const OUTSIDE: &str = "text outside any question";

/// A file to read.
#[derive(Debug)]
pub(super) struct File<'t> {
    pub text: &'t str,
    pub path: &'t str,
    /// The byte where its text begins, below the front matter.
    pub start: usize,
    pub settings: &'t FrontMatter,
}

/// A file that has been read.
#[derive(Default)]
pub(super) struct Reading {
    /// Its translation, if it is foreign and holds a question.
    pub translation: Option<Translation>,
    /// The blocks that swallow questions.
    pub swallowed: Vec<Swallowed>,
    /// The lines that look like questions and are read as none.
    pub unread: Unread,
}

/// Reads files, and returns the decisions for their folders, too.
pub(super) fn read(files: &[File<'_>], config: &Config) -> (Vec<Reading>, Vec<Shared>) {
    let requested = |file: &File<'_>| {
        file.settings.convention.clone().unwrap_or_else(|| config.convention.clone())
    };
    let docs = files.par_iter().map(|file| document(file, &requested(file), config));
    let docs: Vec<Option<Document<'_>>> = docs.collect();
    let surveys =
        docs.par_iter().flatten().filter_map(|doc| folder::survey_file(doc, &config.answer_labels));
    let surveys: Vec<_> = surveys.collect();
    let folders = folder::decide_habits(&surveys);
    let read = |(file, doc): (&File<'_>, &Option<Document<'_>>)| {
        if csv::is_values(file.path) {
            let translation = Some(csv::read(file.text, file.path, config, &requested(file)));
            return Reading { translation, ..Reading::default() };
        }
        let Some(doc) = doc else { return Reading::default() };
        read_document(doc, folders.habits_of(file.path), config, &requested(file))
    };
    let readings = files.par_iter().zip(&docs).map(read).collect();
    (readings, folders.shared_decisions(surveys.iter().map(|survey| survey.path)))
}

/// Splits a file into lines, unless it is native.
fn document<'t>(
    file: &File<'t>,
    requested: &[Convention],
    config: &Config,
) -> Option<Document<'t>> {
    let is_plain = || requested.is_empty() && is_plainly_native(&file.text[file.start..], config);
    if csv::is_values(file.path) || requested.contains(&Convention::Native) || is_plain() {
        return None;
    }
    let doc = Document::new(file.text, file.path, file.start);
    (!requested.is_empty() || !is_native(&doc, config)).then_some(doc)
}

fn read_document(
    doc: &Document<'_>,
    habits: (&FolderHabits, &FolderHabits),
    config: &Config,
    requested: &[Convention],
) -> Reading {
    let folds = fold::find_folds(doc);
    let outline = outline::build_outline(doc, &folds, habits, config, requested);
    let swallowed = swallowed(doc, &outline, habits, config, requested);
    let has_questions = !outline.question_lines().is_empty();
    // Where the settings name the convention, all else is meant to be left out.
    let unread = requested.is_empty().then(|| unread::find_unread(doc, &outline));
    Reading {
        translation: has_questions.then(|| translate(doc, &folds, &outline, habits.0, config)),
        swallowed,
        unread: unread.unwrap_or_default(),
    }
}

/// Finds the blocks that swallow questions, by comparing with the outline in which they are open.
fn swallowed(
    doc: &Document<'_>,
    outline: &Outline<'_>,
    habits: (&FolderHabits, &FolderHabits),
    config: &Config,
    requested: &[Convention],
) -> Vec<Swallowed> {
    if doc.doubtful.is_empty() {
        return Vec::new();
    }
    let opened = doc.with_doubtful_opened();
    let known = outline.question_lines();
    let mut others =
        outline::build_outline(&opened, &fold::find_folds(&opened), habits, config, requested)
            .question_lines();
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

/// Finds the convention that would find the most questions in a file without any, and returns it
/// with their number. The text begins at the byte `start`, below the front matter.
pub(super) fn find_nearest(
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
    outline::find_nearest(&doc, &fold::find_folds(&doc), config)
}

/// Returns whether a file is native, by a quick look at its lines: a native question comes before
/// anything that may be code, and no line is evidence against it. Files without this evidence may
/// be native, too; [`is_native`] decides on them.
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

/// Returns whether a line is a native question, unless it is code.
fn is_asked(line: &str) -> bool {
    let title = document::hashes(line.trim()).filter(|_| line.starts_with('#'));
    title.is_some_and(|(level, title)| level == 3 && line[title].starts_with("Q:"))
}

/// Returns whether code or a comment may begin on a line.
fn may_open(line: &str) -> bool {
    let mut tags = memchr::memchr_iter(b'<', line.as_bytes());
    ["```", "~~~"].iter().any(|fence| line.contains(fence))
        || tags.any(|at| raw::end(&line[at..]).is_some())
}

/// Returns whether a line may be evidence against the native convention.
fn is_doubtful(line: &str, config: &Config) -> bool {
    // This is enough for most lines.
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

/// Returns whether a file is native: its questions begin with `### Q:`, and no heading labels an
/// answer.
fn is_native(doc: &Document<'_>, config: &Config) -> bool {
    let (mut native, mut others) = (0, 0);
    for heading in doc.headings.iter().filter(|heading| heading.level <= 3 && !heading.is_item) {
        let title = &doc.text[heading.title.clone()];
        let is_asked = title.starts_with("Q:");
        native += usize::from(is_asked && heading.level == 3);
        others += usize::from(is_asked && heading.level < 3);
        // An underline does not count: it may be meant as a separator.
        let is_heading = doc.line_text(heading.line).starts_with(['#', '<']);
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
