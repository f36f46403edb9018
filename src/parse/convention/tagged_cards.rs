//! Cards that are marked by a tag: `## Question #flashcard` with the answer below, `- #card
//! Question` with the answer in nested items, and `Question : answer #flashcard` on one line, for
//! which a lightning or a brain stands, too: `Question : answer ⚡️`.

use std::ops::Range;

use super::candidate::{Candidate, CardBack, Row};
use super::document::{Document, fence, marker};
use super::recognizer_input::RecognizerInput;
use super::two_sided::{self, is_schedule, side_rows};
use crate::config::clean_tag;
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let mut flags: Vec<(usize, Flag)> = Vec::new();
    let mut item = None;
    for line in 0..doc.lines.len() {
        item = find_item(doc, line, item);
        let Some(mut flag) = parse_flag(input, line) else { continue };
        // The tag may stand on a line of its item further below.
        let first = item.filter(|first| flag.level == Some(7) && input.is_free(*first));
        if let Some(first) = first {
            let inner = &doc.lines[first].inner;
            flag.text_range.start = inner.start + marker(doc.line_text(first)).unwrap_or_default();
            flag.level = None;
        }
        flags.push((first.unwrap_or(line), flag));
    }
    flags.dedup_by_key(|(line, _)| *line);
    let mut candidates = Vec::new();
    for (at, (line, flag)) in flags.iter().enumerate() {
        let next = flags.get(at + 1).map_or(doc.lines.len(), |(next, _)| *next);
        let (front, back) = match flag.level {
            Some(7) if let Some(sides) = split_at_colon(doc, *line, &flag.text_range) => sides,
            _ if flag.is_sign => continue,
            Some(level) => {
                (vec![Row::text(flag.text_range.clone())], back_below(input, *line, level, next))
            }
            None => split_item(input, *line, &flag.text_range, next),
        };
        if back.rows.iter().any(|row| !row.trimmed(doc.text).is_empty()) {
            let back = CardBack { classes: flag.classes.clone(), ..back };
            candidates.extend(two_sided::make_candidate(
                doc.text,
                Convention::Cards,
                *line,
                front,
                back,
            ));
        }
    }
    candidates
}

/// Returns the item that a line is in; `above` is that of the line before.
fn find_item(doc: &Document<'_>, line: usize, above: Option<usize>) -> Option<usize> {
    let snippet = doc.line_text(line);
    let is_item = marker(snippet).is_some() && !doc.lines[line].is_closed;
    let is_within = |item: &usize| doc.lines[line].column > doc.lines[*item].column;
    if is_item { Some(line) } else { above.filter(|item| snippet.is_empty() || is_within(item)) }
}

/// A line with the tag of a card.
struct Flag {
    /// The place of its text without tags; that of its item, if the item begins further above.
    text_range: Range<usize>,
    /// The level of its heading; 7 in a paragraph, none in a list.
    level: Option<usize>,
    classes: Vec<String>,
    /// Whether a sign stands for the tag.
    is_sign: bool,
}

/// The signs that stand for a tag, without the selector of their variant.
const SIGNS: &[char] = &['⚡', '🧠'];

/// Parses a line with the tag of a card.
fn parse_flag(input: &RecognizerInput<'_>, line: usize) -> Option<Flag> {
    let doc = input.doc;
    let snippet = doc.open_text(line);
    let may_be =
        ["#card", "#flashcard", "[[card", "[[flashcard"].iter().any(|tag| snippet.contains(tag))
            || snippet.contains(SIGNS);
    if !may_be || !input.is_free(line) {
        return None;
    }
    let inner = doc.lines[line].inner.clone();
    let (mut range, level) = if let Some(heading) = doc.heading_at(line) {
        (heading.title.clone(), Some(heading.level).filter(|_| !heading.is_item))
    } else {
        let width = marker(snippet);
        (inner.start + width.unwrap_or_default()..inner.end, width.is_none().then_some(7))
    };
    let mut classes = Vec::new();
    let (mut is_card, mut is_sign) = (false, false);
    let mut meet = |word: &str| {
        if is_sign_of_card(word) {
            (is_card, is_sign) = (true, true);
            return true;
        }
        let tag = tag_name(word).unwrap_or_default();
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
        if !meet(word) {
            let Some(name) = tag_name(word).filter(|_| word.starts_with('#')) else { break };
            others.push(clean_tag(name));
        }
        range.end = range.start + doc.text[range.clone()].trim_end().len() - word.len();
    }
    classes.extend(others.into_iter().filter(|tag| !tag.is_empty()));
    let has_text = !doc.text[range.clone()].trim().is_empty();
    (is_card && has_text).then_some(Flag { text_range: range, level, classes, is_sign })
}

/// Returns whether a word is a sign that stands for the tag.
fn is_sign_of_card(word: &str) -> bool {
    word.trim_end_matches('\u{fe0f}').strip_prefix(SIGNS) == Some("")
}

/// Returns the last word of a text; a link to a page, `[[a page]]`, is one.
fn last_word(text: &str) -> Option<&str> {
    let shown = text.trim_end();
    let page = shown.strip_suffix("]]").and_then(|rest| rest.rfind("[["));
    let page = page.map(|at| at - usize::from(shown[..at].ends_with('#')));
    page.map(|at| &shown[at..]).or_else(|| shown.split_whitespace().next_back())
}

/// Returns the name of a tag or of a linked page: `#card`, `[[card]]`, `#[[card]]`.
fn tag_name(word: &str) -> Option<&str> {
    let name = word.strip_prefix('#');
    let page = name.unwrap_or(word).strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]"));
    page.or(name).filter(|name| !name.is_empty() && !name.contains('#'))
}

/// Splits a line at the colon between the sides of a card.
fn split_at_colon(
    doc: &Document<'_>,
    line: usize,
    range: &Range<usize>,
) -> Option<(Vec<Row>, CardBack)> {
    let snippet = &doc.text[range.clone()];
    let (at, colon) =
        [" : ", ": "].iter().find_map(|sign| Some((snippet.find(sign)?, sign.len())))?;
    let (front, back) = (range.start..range.start + at, range.start + at + colon..range.end);
    let is_text = |side: &Range<usize>| !doc.text[side.clone()].trim().is_empty();
    let back_row = Row::text(back.clone());
    (is_text(&front) && is_text(&back)).then(|| {
        let back = CardBack { rows: vec![back_row], below: line + 1, ..CardBack::default() };
        (vec![Row::text(front)], back)
    })
}

/// Returns the back below a heading, or below a line up to the next blank one.
fn back_below(input: &RecognizerInput<'_>, line: usize, level: usize, next: usize) -> CardBack {
    let doc = input.doc;
    let start = doc.heading_at(line).map_or(line + 1, |heading| heading.below);
    let ends = |line: &usize| {
        let is_above = doc.heading_at(*line).is_some_and(|heading| heading.level <= level);
        let is_blank = level == 7 && doc.line_text(*line).is_empty() && !doc.lines[*line].is_closed;
        is_above || is_blank || is_schedule(doc.line_text(*line))
    };
    let below = (start..next).find(ends).unwrap_or(next);
    CardBack { rows: side_rows(doc, start..below), below, ..CardBack::default() }
}

/// Returns the front of an item, and the back in its nested items.
fn split_item(
    input: &RecognizerInput<'_>,
    line: usize,
    snippet: &Range<usize>,
    next: usize,
) -> (Vec<Row>, CardBack) {
    let doc = input.doc;
    let column = doc.lines[line].column;
    let is_outside = |at: &usize| {
        let line = &doc.lines[*at];
        !line.inner.is_empty() && line.column <= column
    };
    let below = (line + 1..next).find(is_outside).unwrap_or(next);
    let is_item = |at: &usize| {
        let snippet = doc.line_text(*at);
        let is_open = !doc.lines[*at].is_closed;
        marker(snippet).is_some_and(|width| is_open || fence(&snippet[width..]).is_some())
    };
    let first = (line + 1..below).find(is_item).unwrap_or(below);
    let is_property = |row: &Row| {
        let (key, value) = row.trimmed(doc.text).split_once("::").unwrap_or_default();
        let is_key = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        let is_apart = value.is_empty() || value.starts_with(' ');
        !key.is_empty() && is_key && is_apart && !row.is_closed()
    };
    let mut asked = side_rows(doc, line..first);
    asked.retain(|row| !is_property(row));
    if let Some(row) = asked.first_mut() {
        row.range.start = snippet.start;
    }
    let tagged = asked.iter_mut().find(|row| row.range.end >= snippet.end);
    if let Some(row) = tagged {
        row.range.end = snippet.end.max(row.range.start);
    }
    let mut rows = side_rows(doc, first..below);
    rows.retain(|row| !is_property(row));
    let mut back = CardBack { below, ..CardBack::default() };
    // A single nested item is a text, not a list.
    if let Some(inner) = doc.lines.get(first).filter(|_| first < below) {
        let items = (first..below).filter(is_item);
        let is_single = items.filter(|at| doc.lines[*at].column <= inner.column).count() == 1;
        let width = marker(doc.line_text(first)).unwrap_or_default();
        if is_single {
            rows[0].range.start = inner.inner.start + width;
            back.column = inner.column + width;
        }
    }
    (asked, CardBack { rows, ..back })
}
