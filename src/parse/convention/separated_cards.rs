//! Cards that lines set apart: `---` between cards, and `. . .`, `%` or another `---` between the
//! sides of each.
//!
//! Slides and chapters are set apart by such lines, too; so nearly every card must have two sides.

use std::ops::Range;

use super::candidate::{Candidate, CardBack, Row};
use super::document::is_thematic_break;
use super::prompt::{asks, has_mark};
use super::recognizer_input::RecognizerInput;
use super::two_sided::{self, side};
use crate::model::Convention;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let dots = between_dots(search);
    if !dots.is_empty() {
        return dots;
    }
    let signs = between_signs(search);
    if signs.is_empty() { between_rules(search) } else { signs }
}

/// A card of some lines, cut in two at one of them, if both sides hold something.
fn mark(search: &RecognizerInput<'_>, lines: Range<usize>, sign: usize) -> Option<Candidate> {
    let doc = search.doc;
    let line = doc.visible(lines.start);
    let mut rows = side(doc, sign + 1..lines.end);
    let classes = tags(doc.text, &mut rows);
    let is_blank = rows.iter().all(|row| row.says(doc.text).is_empty());
    let back = CardBack { rows, below: lines.end, classes, ..CardBack::default() };
    let front = side(doc, line.min(sign)..sign);
    two_sided::mark(doc.text, Convention::Cards, line, front, back).filter(|_| !is_blank)
}

/// The tags in the last row, in the manner of mdanki: `[#algorithms](./algorithms.md)`.
fn tags(text: &str, rows: &mut Vec<Row>) -> Vec<String> {
    let Some(at) = rows.iter().rposition(|row| !row.says(text).is_empty()) else {
        return Vec::new();
    };
    let says = rows[at].says(text);
    if !says.starts_with("[#") || rows[at].is_closed() {
        return Vec::new();
    }
    let names = says.split("[#").filter_map(|part| part.split_once(']'));
    let tags = names.map(|(name, _)| crate::config::clean_tag(name)).filter(|tag| !tag.is_empty());
    let tags = tags.collect();
    rows.truncate(at);
    tags
}

/// `---`, question, `. . .`, answer, `---`.
fn between_dots(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let is_dots = |line: usize| doc.line(line) == ". . .";
    let signs: Vec<usize> = (0..doc.lines.len())
        .filter(|line| is_dots(*line) || is_thematic_break(doc.line(*line)))
        .filter(|line| search.is_free(*line))
        .collect();
    // Code that nobody closes must not hide the cards below it.
    let is_between = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| signs.get(at));
        before.is_some_and(|line| is_dots(*line))
            && signs.get(at + 1).is_some_and(|line| is_dots(*line))
    };
    let mut blocks: Vec<(Range<usize>, Option<usize>)> = Vec::new();
    let (mut start, mut sign) = (0, None);
    for (at, line) in signs.iter().copied().chain([doc.lines.len()]).enumerate() {
        if line < doc.lines.len() && is_dots(line) {
            sign = sign.or(Some(line));
        } else if line == doc.lines.len() || !doc.lines[line].is_closed || is_between(at) {
            if doc.visible(start) < line {
                blocks.push((start..line, sign));
            }
            (start, sign) = (line + 1, None);
        }
    }
    // The first may open the file, and others hold no more than the heading of a chapter.
    let is_text = |line: usize| !doc.line(line).is_empty() && doc.heading(line).is_none();
    let is_chapter = |lines: &Range<usize>| lines.start == 0 || !lines.clone().any(is_text);
    blocks.retain(|(lines, sign)| sign.is_some() || !is_chapter(lines));
    let count = blocks.iter().filter(|(_, sign)| sign.is_some()).count();
    let is_sure = search.is_told || (count >= 2 && count * 5 >= blocks.len() * 4);
    let cards = blocks.into_iter().filter(|_| is_sure);
    cards.filter_map(|(lines, sign)| mark(search, lines, sign?)).collect()
}

/// Headings with `%` between what is asked below them and the answer.
fn between_signs(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let mut cards: Vec<(Range<usize>, Option<usize>)> = Vec::new();
    let (mut start, mut level, mut sign) = (0, 7, None);
    for line in 0..=doc.lines.len() {
        let says = doc.open(line);
        let heading = doc.heading(line).filter(|heading| !heading.is_item);
        let rises = heading.is_some_and(|heading| heading.level <= level || sign.is_none());
        if says == "%" && search.is_free(line) {
            sign = sign.or(Some(line));
        } else if line == doc.lines.len() || rises || is_thematic_break(says) {
            cards.push((start..line, sign));
            start = if heading.is_some() { line } else { line + 1 };
            (level, sign) = (heading.map_or(7, |heading| heading.level), None);
        }
    }
    let count = cards.iter().filter(|(_, sign)| sign.is_some()).count();
    let enough = if search.is_told || search.is_bank { 1 } else { 2 };
    if count < enough {
        return Vec::new();
    }
    // Where some have the sign, a heading without one is a card by itself.
    let level = |lines: &Range<usize>| doc.heading(lines.start).map(|heading| heading.level);
    let levels: Vec<_> =
        cards.iter().filter(|(_, sign)| sign.is_some()).map(|(lines, _)| level(lines)).collect();
    let is_card = |lines: &Range<usize>| {
        let is_like = level(lines).is_some() && levels.iter().all(|other| *other == level(lines));
        is_like && doc.visible(lines.start + 1) < lines.end
    };
    let is_like: Vec<bool> =
        cards.iter().map(|(lines, sign)| sign.is_none() && is_card(lines)).collect();
    let marks = cards.into_iter().zip(is_like).filter_map(|((lines, sign), is_like)| match sign {
        Some(sign) => mark(search, lines, sign),
        None => is_like.then(|| title(search, lines)).flatten(),
    });
    marks.collect()
}

/// A card whose front is its heading.
fn title(search: &RecognizerInput<'_>, lines: Range<usize>) -> Option<Candidate> {
    let doc = search.doc;
    let line = lines.start;
    let mut rows = side(doc, doc.heading(line)?.below..lines.end);
    let classes = tags(doc.text, &mut rows);
    let back = CardBack { rows, below: lines.end, classes, ..CardBack::default() };
    two_sided::mark(doc.text, Convention::Cards, line, side(doc, line..line + 1), back)
}

/// Question, `---`, answer, and then `***` or another `---`.
fn between_rules(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let sign = |line: usize| {
        let says = doc.open(line);
        let is_sign = is_thematic_break(says) || matches!(says, "===" | "+++");
        is_sign.then(|| says.as_bytes()[0]).filter(|_| search.is_free(line))
    };
    let mut signs: Vec<(usize, u8)> =
        (0..doc.lines.len()).filter_map(|line| Some((line, sign(line)?))).collect();
    let mut start = 0;
    // What stands above the first card opens the file.
    let is_front = |lines: Range<usize>| lines.clone().any(|line| has_mark(doc.open(line)));
    while let Some((line, _)) = signs.first().copied()
        && (doc.visible(start) >= line || !is_front(start..line))
    {
        start = line + 1;
        signs.remove(0);
        if start > 50 {
            return Vec::new();
        }
    }
    let Some((_, first)) = signs.first().copied() else { return Vec::new() };
    let is_other = signs.iter().any(|(_, sign)| *sign != first);
    let mut cards: Vec<(Range<usize>, Option<usize>)> = Vec::new();
    let mut side = None;
    for (line, sign) in signs.into_iter().chain([(doc.lines.len(), 0)]) {
        let is_side = sign == first && (is_other || side.is_none());
        if is_side {
            side = side.or(Some(line));
        } else if doc.visible(start) < line {
            cards.push((start..line, side.take()));
            start = line + 1;
        } else {
            (start, side) = (line + 1, None);
        }
    }
    let asking = cards.iter().filter(|(lines, side)| {
        let front = |side: usize| doc.text[doc.start(lines.start)..doc.start(side)].trim();
        side.is_some_and(|side| side - lines.start <= 12 && asks(front(side)))
    });
    let asking = asking.count();
    let telling = cards.iter().filter(|(lines, side)| {
        side.is_some_and(|side| !(side..lines.end).any(|line| has_mark(doc.open(line))))
    });
    let telling = telling.count();
    let whole = cards.iter().filter(|(_, side)| side.is_some()).count();
    let all = cards.len();
    let is_sure = whole * 5 >= all * 4 && asking * 5 >= all * 4 && telling * 5 >= all * 4;
    if !search.is_told && (all < 3 || !is_sure) {
        return Vec::new();
    }
    cards.into_iter().filter_map(|(lines, side)| mark(search, lines, side?)).collect()
}
