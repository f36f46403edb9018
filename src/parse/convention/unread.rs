//! Lines that look like questions and are read as none, so that no question is lost in silence.
//!
//! Recognizers demand evidence, and no list of conventions is ever complete. What they leave is
//! searched here by a rule that knows neither conventions nor languages: a line whose first sentence
//! ends with a question mark asks. Within an answer, people ask for many reasons; there it counts
//! only where the line looks like the questions of the file: a heading of their level, an item like
//! theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::OUTSIDE;
use super::candidate::Candidate;
use super::document::{Document, marker};
use super::heuristics;
use super::outline::{Entry, Outline};
use super::prompt::{number_width, plain_text, strip_decoration, strip_wrappers};
use super::vocabulary;

/// Lines that look like questions and are read as none.
#[derive(Debug, Default)]
pub(in crate::parse) struct Unread {
    /// Those outside of any question.
    pub outside: Vec<Range<usize>>,
    /// Those within answers.
    pub within: Vec<Range<usize>>,
}

/// How a line begins, by which questions of a file are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    /// The level of a heading, or 0.
    level: usize,
    column: usize,
    head: Head,
    is_bold: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Head {
    Nothing,
    Bullet,
    Number,
    Summary,
}

/// Finds the lines of a file that look like questions and are read as none.
pub(super) fn find_unread(doc: &Document<'_>, outline: &Outline<'_>) -> Unread {
    let asked = outline.entries.iter().filter_map(|entry| match entry {
        Entry::Question(candidate, end) => Some((candidate, *end)),
        Entry::Topic(..) | Entry::TopicEnd(_) => None,
    });
    let asked: Vec<(&Candidate, usize)> = asked.collect();
    let mut shapes: BTreeMap<Shape, usize> = BTreeMap::new();
    for (candidate, _) in &asked {
        *shapes.entry(shape_of(doc, candidate.line)).or_default() += 1;
    }
    let is_like_them = |line: usize| {
        let shape = shape_of(doc, line);
        let is_plain = (shape.level, shape.head, shape.is_bold) == (0, Head::Nothing, false);
        !is_plain && shapes.get(&shape).is_some_and(|count| count * 2 >= asked.len())
    };
    let prompts: BTreeSet<usize> =
        asked.iter().flat_map(|(candidate, _)| prompt_lines(doc, candidate)).collect();
    let mut unread = Unread::default();
    for line in (0..doc.lines.len()).filter(|line| asks(doc, *line)) {
        let inner = doc.lines[line].inner.clone();
        let before = asked.partition_point(|(candidate, _)| candidate.line <= line);
        let is_within = before.checked_sub(1).is_some_and(|at| line < asked[at].1);
        let found = if is_within { &mut unread.within } else { &mut unread.outside };
        if prompts.contains(&line) || is_within && !is_like_them(line) {
            continue;
        }
        if is_within || is_left_out(outline, inner.start) {
            found.push(inner);
        }
    }
    unread
}

/// Returns whether a byte is in text that is left out for no known reason.
fn is_left_out(outline: &Outline<'_>, at: usize) -> bool {
    let after = outline.skipped.partition_point(|(range, _)| range.start <= at);
    let before = after.checked_sub(1).map(|before| &outline.skipped[before]);
    before.is_some_and(|(range, reason)| range.contains(&at) && *reason == OUTSIDE)
}

/// Returns the lines of a question's own text.
fn prompt_lines(doc: &Document<'_>, candidate: &Candidate) -> Vec<usize> {
    let starts = candidate.prompt.iter().map(|piece| piece.start);
    let more = candidate.more.iter().map(|row| row.range.start);
    starts.chain(more).map(|at| doc.line_at(at)).chain([candidate.line]).collect()
}

/// Returns whether the first sentence of a line ends with a question mark.
fn asks(doc: &Document<'_>, line: usize) -> bool {
    let snippet = doc.open_text(line);
    if !snippet.contains(vocabulary::MARKS) || snippet.starts_with(['>', '[', '!', '{', ':']) {
        return false;
    }
    let plain = plain_text(&doc.text[text_of(doc, line)]);
    let Some(at) = plain.find(vocabulary::MARKS) else { return false };
    let (before, behind) = plain.split_at(at);
    let behind = behind.trim_start_matches(vocabulary::MARKS);
    let is_end = !behind.starts_with(|c: char| c.is_alphanumeric() || "=&/.,;".contains(c));
    let ends = ['.', '!'].iter().any(|sign| before.contains(&format!("{sign} ")[..]));
    let has_words = before.split_whitespace().count() > 1 || before.chars().count() > 5;
    let is_word = before.trim_end().ends_with(|c: char| !" =(,|".contains(c));
    is_end && is_word && !ends && !before.contains(['。', '！']) && has_words
}

/// Returns the place of a line's text behind its marker, signs and number; nothing if it is a link.
fn text_of(doc: &Document<'_>, line: usize) -> Range<usize> {
    let inner = doc.lines[line].inner.clone();
    let snippet = &doc.text[inner.clone()];
    let start = match doc.heading_at(line) {
        Some(heading) => return heading.title.clone(),
        None => inner.start + marker(snippet).unwrap_or_default(),
    };
    if heuristics::find_link_target(&doc.text[start..inner.end]).is_some() {
        return inner.end..inner.end;
    }
    let mut range = strip_decoration(doc.text, strip_wrappers(doc.text, start..inner.end));
    range.start += number_width(&doc.text[range.clone()]).unwrap_or_default();
    range
}

/// Returns how a line begins.
fn shape_of(doc: &Document<'_>, line: usize) -> Shape {
    let snippet = doc.line_text(line);
    let width = marker(snippet).unwrap_or_default();
    let number = number_width(&snippet[width..]).unwrap_or_default();
    let head = match () {
        () if snippet.starts_with("<details") || snippet.starts_with("<summary") => Head::Summary,
        () if snippet.starts_with(|c: char| c.is_ascii_digit()) || number > 0 => Head::Number,
        () if width > 0 => Head::Bullet,
        () => Head::Nothing,
    };
    let heading = doc.heading_at(line);
    Shape {
        level: heading.map_or(0, |heading| heading.level),
        column: doc.lines.get(line).map_or(0, |line| line.column).max(1),
        head: if heading.is_some() && head != Head::Number { Head::Nothing } else { head },
        is_bold: snippet[width + number..].starts_with(['*', '_']),
    }
}
