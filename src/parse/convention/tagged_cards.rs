//! A tag that says that something is a card: `## Question #flashcard` with its answer below, and
//! `- #card Question` with its answer in the items within it.

use std::ops::Range;

use super::candidate::{Candidate, CardBack, Row};
use super::document::{Document, fence, marker};
use super::recognizer_input::RecognizerInput;
use super::two_sided::{self, is_schedule, side};
use crate::config::clean_tag;
use crate::model::Convention;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let mut flags: Vec<(usize, Flag)> = Vec::new();
    let mut item = None;
    for line in 0..doc.lines.len() {
        item = item_of(doc, line, item);
        let Some(mut flag) = flag(search, line) else { continue };
        // The tag may stand on a line of its item further below.
        let first = item.filter(|first| flag.level == Some(7) && search.is_free(*first));
        if let Some(first) = first {
            let inner = &doc.lines[first].inner;
            flag.says.start = inner.start + marker(doc.line(first)).unwrap_or_default();
            flag.level = None;
        }
        flags.push((first.unwrap_or(line), flag));
    }
    flags.dedup_by_key(|(line, _)| *line);
    let mut marks = Vec::new();
    for (at, (line, flag)) in flags.iter().enumerate() {
        let next = flags.get(at + 1).map_or(doc.lines.len(), |(next, _)| *next);
        let (front, back) = match flag.level {
            Some(level) => (vec![Row::text(flag.says.clone())], below(search, *line, level, next)),
            None => within(search, *line, &flag.says, next),
        };
        if back.rows.iter().any(|row| !row.says(doc.text).is_empty()) {
            let back = CardBack { classes: flag.classes.clone(), ..back };
            marks.extend(two_sided::mark(doc.text, Convention::Cards, *line, front, back));
        }
    }
    marks
}

/// The item that a line is in, if `above` is that of the line before.
fn item_of(doc: &Document<'_>, line: usize, above: Option<usize>) -> Option<usize> {
    let says = doc.line(line);
    let is_item = marker(says).is_some() && !doc.lines[line].is_closed;
    let is_within = |item: &usize| doc.lines[line].column > doc.lines[*item].column;
    if is_item { Some(line) } else { above.filter(|item| says.is_empty() || is_within(item)) }
}

/// A line with the tag.
struct Flag {
    /// What it says besides; what its item says, if that begins further above.
    says: Range<usize>,
    /// The level of its heading; none in a list, 7 in a paragraph.
    level: Option<usize>,
    classes: Vec<String>,
}

fn flag(search: &RecognizerInput<'_>, line: usize) -> Option<Flag> {
    let doc = search.doc;
    let says = doc.open(line);
    let may_be =
        ["#card", "#flashcard", "[[card", "[[flashcard"].iter().any(|tag| says.contains(tag));
    if !may_be || !search.is_free(line) {
        return None;
    }
    let inner = doc.lines[line].inner.clone();
    let (mut range, level) = if let Some(heading) = doc.heading(line) {
        (heading.title.clone(), Some(heading.level).filter(|_| !heading.is_item))
    } else {
        let width = marker(says);
        (inner.start + width.unwrap_or_default()..inner.end, width.is_none().then_some(7))
    };
    let mut classes = Vec::new();
    let mut is_card = false;
    let mut meet = |word: &str| {
        let tag = tag(word).unwrap_or_default();
        let (name, kind) = tag.split_once(['/', '-']).unwrap_or((tag, ""));
        if !["card", "flashcard"].contains(&name) {
            return false;
        }
        classes.extend((kind == "reverse").then(|| "reverse".to_owned()));
        is_card = true;
        true
    };
    if level.is_none() {
        let shown = doc.text[range.clone()].trim_start();
        let first = shown.split_whitespace().next().unwrap_or_default();
        if meet(first) {
            range.start = range.end - shown.len() + first.len();
        }
    }
    let mut others = Vec::new();
    while let Some(word) = last_word(&doc.text[range.clone()]) {
        let Some(name) = tag(word) else { break };
        if !meet(word) {
            if !word.starts_with('#') {
                break;
            }
            others.push(clean_tag(name));
        }
        range.end = range.start + doc.text[range.clone()].trim_end().len() - word.len();
    }
    classes.extend(others.into_iter().filter(|tag| !tag.is_empty()));
    let has_text = !doc.text[range.clone()].trim().is_empty();
    (is_card && has_text).then_some(Flag { says: range, level, classes })
}

/// The last word of a text; a reference to a page is one.
fn last_word(text: &str) -> Option<&str> {
    let shown = text.trim_end();
    let page = shown.strip_suffix("]]").and_then(|rest| rest.rfind("[["));
    let page = page.map(|at| at - usize::from(shown[..at].ends_with('#')));
    page.map(|at| &shown[at..]).or_else(|| shown.split_whitespace().next_back())
}

/// What a word says that is a tag or refers to a page: `#card`, `[[card]]`, `#[[card]]`.
fn tag(word: &str) -> Option<&str> {
    let name = word.strip_prefix('#');
    let page = name.unwrap_or(word).strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]"));
    page.or(name).filter(|name| !name.is_empty() && !name.contains('#'))
}

/// What stands below a heading, or below a line up to the next blank one.
fn below(search: &RecognizerInput<'_>, line: usize, level: usize, next: usize) -> CardBack {
    let doc = search.doc;
    let start = doc.heading(line).map_or(line + 1, |heading| heading.below);
    let ends = |line: &usize| {
        let is_above = doc.heading(*line).is_some_and(|heading| heading.level <= level);
        let is_blank = level == 7 && doc.line(*line).is_empty() && !doc.lines[*line].is_closed;
        is_above || is_blank || is_schedule(doc.line(*line))
    };
    let below = (start..next).find(ends).unwrap_or(next);
    CardBack { rows: side(doc, start..below), below, ..CardBack::default() }
}

/// The rest of an item, and what the items within it say.
fn within(
    search: &RecognizerInput<'_>,
    line: usize,
    says: &Range<usize>,
    next: usize,
) -> (Vec<Row>, CardBack) {
    let doc = search.doc;
    let column = doc.lines[line].column;
    let is_outside = |at: &usize| {
        let line = &doc.lines[*at];
        !line.inner.is_empty() && line.column <= column
    };
    let below = (line + 1..next).find(is_outside).unwrap_or(next);
    let is_item = |at: &usize| {
        let says = doc.line(*at);
        let is_open = !doc.lines[*at].is_closed;
        marker(says).is_some_and(|width| is_open || fence(&says[width..]).is_some())
    };
    let first = (line + 1..below).find(is_item).unwrap_or(below);
    let is_property = |row: &Row| {
        let (key, value) = row.says(doc.text).split_once("::").unwrap_or_default();
        let is_key = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        let is_apart = value.is_empty() || value.starts_with(' ');
        !key.is_empty() && is_key && is_apart && !row.is_closed()
    };
    let mut asked = side(doc, line..first);
    asked.retain(|row| !is_property(row));
    if let Some(row) = asked.first_mut() {
        row.range.start = says.start;
    }
    let tagged = asked.iter_mut().find(|row| row.range.end >= says.end);
    if let Some(row) = tagged {
        row.range.end = says.end.max(row.range.start);
    }
    let mut rows = side(doc, first..below);
    rows.retain(|row| !is_property(row));
    let mut back = CardBack { below, ..CardBack::default() };
    // A single item is no list.
    if let Some(inner) = doc.lines.get(first).filter(|_| first < below) {
        let items = (first..below).filter(is_item);
        let is_single = items.filter(|at| doc.lines[*at].column <= inner.column).count() == 1;
        let width = marker(doc.line(first)).unwrap_or_default();
        if is_single {
            rows[0].range.start = inner.inner.start + width;
            back.column = inner.column + width;
        }
    }
    (asked, CardBack { rows, ..back })
}
