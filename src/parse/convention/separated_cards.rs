//! Cards between separator lines: `---` between cards, and `. . .`, `%` or another `---` between
//! the sides of a card.
//!
//! Slides and chapters have such separators, too; so nearly every card must have two sides.

use std::ops::Range;

use super::candidate::{Candidate, CardBack, Row};
use super::document::is_thematic_break;
use super::question_form::{has_question_mark, is_question_like};
use super::recognizer_input::RecognizerInput;
use super::two_sided::{self, side_rows};
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let dots = find_between_dots(input);
    if !dots.is_empty() {
        return dots;
    }
    let signs = find_between_signs(input);
    if signs.is_empty() { find_between_rules(input) } else { signs }
}

/// Makes a candidate of some lines, split at the line `sign`, if neither side is empty.
fn make_candidate(
    input: &RecognizerInput<'_>,
    lines: Range<usize>,
    sign: usize,
) -> Option<Candidate> {
    let doc = input.doc;
    let line = doc.next_nonblank(lines.start);
    let mut rows = side_rows(doc, sign + 1..lines.end);
    let classes = take_tags(doc.text, &mut rows);
    let is_blank = rows.iter().all(|row| row.trimmed(doc.text).is_empty());
    let back = CardBack { rows, below: lines.end, classes, ..CardBack::default() };
    let front = side_rows(doc, line.min(sign)..sign);
    two_sided::make_candidate(doc.text, Convention::Cards, line, front, back).filter(|_| !is_blank)
}

/// Removes the tags in the last row, as mdanki writes them: `[#algorithms](./algorithms.md)`.
fn take_tags(text: &str, rows: &mut Vec<Row>) -> Vec<String> {
    let Some(at) = rows.iter().rposition(|row| !row.trimmed(text).is_empty()) else {
        return Vec::new();
    };
    let snippet = rows[at].trimmed(text);
    if !snippet.starts_with("[#") || rows[at].is_closed() {
        return Vec::new();
    }
    let names = snippet.split("[#").filter_map(|part| part.split_once(']'));
    let tags = names.map(|(name, _)| crate::config::clean_tag(name)).filter(|tag| !tag.is_empty());
    let tags = tags.collect();
    rows.truncate(at);
    tags
}

/// Lines between the sides of a card that stands between separators.
const SIDES: &[&str] =
    &[". . .", "?", "❓", "❔", "↪", ":question:", ":grey_question:", ":arrow_right_hook:"];

/// Finds cards of the form `---`, question, `. . .`, answer, `---`. A `?` instead of the dots stands
/// below a blank line.
fn find_between_dots(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let is_dots = |line: usize| {
        let snippet = doc.line_text(line);
        // A `?` right below a question belongs to that paragraph alone.
        let is_apart = || line > 0 && doc.line_text(line - 1).is_empty();
        snippet == SIDES[0]
            || (SIDES.contains(&snippet) && !doc.lines[line].is_closed && is_apart())
    };
    let signs: Vec<usize> = (0..doc.lines.len())
        .filter(|line| is_dots(*line) || is_thematic_break(doc.line_text(*line)))
        .filter(|line| input.is_free(*line))
        .collect();
    // Unclosed code must not hide the cards below it.
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
            if doc.next_nonblank(start) < line {
                blocks.push((start..line, sign));
            }
            (start, sign) = (line + 1, None);
        }
    }
    // The first may open the file, and others hold no more than the heading of a chapter.
    let is_text = |line: usize| !doc.line_text(line).is_empty() && doc.heading_at(line).is_none();
    let is_chapter = |lines: &Range<usize>| lines.start == 0 || !lines.clone().any(is_text);
    blocks.retain(|(lines, sign)| sign.is_some() || !is_chapter(lines));
    let count = blocks.iter().filter(|(_, sign)| sign.is_some()).count();
    let is_sure = input.is_requested || (count >= 2 && count * 5 >= blocks.len() * 4);
    let cards = blocks.into_iter().filter(|_| is_sure);
    cards.filter_map(|(lines, sign)| make_candidate(input, lines, sign?)).collect()
}

/// Finds headings with `%` between the question below them and the answer.
fn find_between_signs(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let mut cards: Vec<(Range<usize>, Option<usize>)> = Vec::new();
    let (mut start, mut level, mut sign) = (0, 7, None);
    for line in 0..=doc.lines.len() {
        let snippet = doc.open_text(line);
        let heading = doc.heading_at(line).filter(|heading| !heading.is_item);
        let rises = heading.is_some_and(|heading| heading.level <= level || sign.is_none());
        if snippet == "%" && input.is_free(line) {
            sign = sign.or(Some(line));
        } else if line == doc.lines.len() || rises || is_thematic_break(snippet) {
            cards.push((start..line, sign));
            start = if heading.is_some() { line } else { line + 1 };
            (level, sign) = (heading.map_or(7, |heading| heading.level), None);
        }
    }
    let count = cards.iter().filter(|(_, sign)| sign.is_some()).count();
    let enough = if input.is_requested || input.is_question_bank { 1 } else { 2 };
    if count < enough {
        return Vec::new();
    }
    // If some headings have the sign, one without it is a card with its title as front.
    let level = |lines: &Range<usize>| doc.heading_at(lines.start).map(|heading| heading.level);
    let levels: Vec<_> =
        cards.iter().filter(|(_, sign)| sign.is_some()).map(|(lines, _)| level(lines)).collect();
    let is_card = |lines: &Range<usize>| {
        let is_like = level(lines).is_some() && levels.iter().all(|other| *other == level(lines));
        is_like && doc.next_nonblank(lines.start + 1) < lines.end
    };
    let is_like: Vec<bool> =
        cards.iter().map(|(lines, sign)| sign.is_none() && is_card(lines)).collect();
    let candidates =
        cards.into_iter().zip(is_like).filter_map(|((lines, sign), is_like)| match sign {
            Some(sign) => make_candidate(input, lines, sign),
            None => is_like.then(|| make_title_card(input, lines)).flatten(),
        });
    candidates.collect()
}

/// Makes a candidate whose front is its heading.
fn make_title_card(input: &RecognizerInput<'_>, lines: Range<usize>) -> Option<Candidate> {
    let doc = input.doc;
    let line = lines.start;
    let mut rows = side_rows(doc, doc.heading_at(line)?.below..lines.end);
    let classes = take_tags(doc.text, &mut rows);
    let back = CardBack { rows, below: lines.end, classes, ..CardBack::default() };
    two_sided::make_candidate(
        doc.text,
        Convention::Cards,
        line,
        side_rows(doc, line..line + 1),
        back,
    )
}

/// Finds cards of the form question, `---`, answer, and `***` or another `---`.
fn find_between_rules(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let sign = |line: usize| {
        let snippet = doc.open_text(line);
        let is_sign = is_thematic_break(snippet) || matches!(snippet, "===" | "+++");
        is_sign.then(|| snippet.as_bytes()[0]).filter(|_| input.is_free(line))
    };
    let mut signs: Vec<(usize, u8)> =
        (0..doc.lines.len()).filter_map(|line| Some((line, sign(line)?))).collect();
    let mut start = 0;
    // What stands above the first card opens the file.
    let is_front =
        |lines: Range<usize>| lines.clone().any(|line| has_question_mark(doc.open_text(line)));
    while let Some((line, _)) = signs.first().copied()
        && (doc.next_nonblank(start) >= line || !is_front(start..line))
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
        } else if doc.next_nonblank(start) < line {
            cards.push((start..line, side.take()));
            start = line + 1;
        } else {
            (start, side) = (line + 1, None);
        }
    }
    let asking = cards.iter().filter(|(lines, side)| {
        let front =
            |side: usize| doc.text[doc.line_start(lines.start)..doc.line_start(side)].trim();
        side.is_some_and(|side| side - lines.start <= 12 && is_question_like(front(side)))
    });
    let asking = asking.count();
    let telling = cards.iter().filter(|(lines, side)| {
        side.is_some_and(|side| {
            !(side..lines.end).any(|line| has_question_mark(doc.open_text(line)))
        })
    });
    let telling = telling.count();
    let whole = cards.iter().filter(|(_, side)| side.is_some()).count();
    let all = cards.len();
    let is_sure = whole * 5 >= all * 4 && asking * 5 >= all * 4 && telling * 5 >= all * 4;
    if !input.is_requested && (all < 3 || !is_sure) {
        return Vec::new();
    }
    cards.into_iter().filter_map(|(lines, side)| make_candidate(input, lines, side?)).collect()
}
