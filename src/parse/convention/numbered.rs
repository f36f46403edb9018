//! Numbered headings: `## 1. …`, `#### 2) …`.
//!
//! Chapters have numbers, too, so most headings of a level must ask, unless the file promises
//! questions and numbers them consecutively. Numbers that begin again at 1 below a question,
//! without asking, are the parts of its answer.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate};
use super::document::{Document, Heading, marker};
use super::heuristics;
use super::prompt::{Pieces, find_closing_bracket, number_width, strip_decoration, strip_wrappers};
use super::question_form::{has_question_mark, is_question_like};
use super::recognizer_input::RecognizerInput;
use super::repeats::is_within;
use crate::model::Convention;

/// How many consecutive numbers make headings questions, though they do not ask.
const COUNTED: usize = 8;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let parts = find_parts(input);
    let numbered = |heading: &Heading| {
        !heading.is_item
            && title(input, heading).is_some()
            && parts.binary_search(&heading.line).is_err()
    };
    let headings = heuristics::select_levels(input, numbered, |input, headings| {
        let is_asking = |heading: &&&Heading| {
            is_question_like(&input.doc.text[heading.title.clone()])
                || heuristics::has_options(input.doc, heading)
        };
        let asking = headings.iter().filter(is_asking).count();
        // Numbers that wait for their questions say nothing.
        let named = headings.iter().filter(|heading| !is_blank(input, heading)).count();
        // Numbers that begin anew again and again count the parts of answers.
        let runs = headings.len() - count_following(input, headings);
        let is_broken = runs > 2 && runs * COUNTED / 2 > headings.len();
        let are_topics = are_topics(input, headings);
        let is_bank = input.is_question_bank && !is_broken && !are_topics;
        let enough = if is_bank { named / 4 } else { named / 2 };
        let is_counted = || {
            let is_apart = asking * COUNTED >= headings.len() || !are_chapters(input, headings);
            is_counted(input, headings) && is_apart && !are_topics
        };
        let is_register = || {
            let level = headings.first().map(|heading| heading.level);
            level.is_some() && level == input.habits.numbered
        };
        (headings.len() >= 3 && (asking > enough || is_counted())) || is_register()
    });
    let lists = find_lists(input, &headings);
    let headings = headings
        .into_iter()
        .filter(|heading| !is_within(&lists, heading.line) && !is_blank(input, heading));
    let candidates = headings.map(|heading| Candidate {
        convention: Convention::Numbered,
        line: heading.line,
        prompt: prompt(input, heading),
        more: Vec::new(),
        extent: AnswerExtent::Below {
            line: heading.below,
            level: heading.level,
            column: 0,
            beside: Vec::new(),
        },
    });
    let candidates: Vec<Candidate> = candidates.collect();
    let is_one = input.is_requested
        || input.is_question_bank
        || heuristics::covers_enough(input, &candidates, 2);
    if is_one { candidates } else { Vec::new() }
}

/// Returns the numbers of the headings of a level, one after the other, which are no parts of
/// numbers as in `4.12`.
pub(super) fn collect_numbers(doc: &Document<'_>, level: usize) -> Vec<u64> {
    let of_level = doc.headings.iter().filter(|heading| heading.level == level && !heading.is_item);
    let parse = |heading: &Heading| {
        let snippet =
            &doc.text[strip_decoration(doc.text, strip_wrappers(doc.text, heading.title.clone()))];
        let digits = snippet.bytes().take_while(u8::is_ascii_digit).count();
        let is_whole = !snippet[digits..].starts_with('.')
            || !snippet[digits + 1..].starts_with(|c: char| c.is_ascii_digit());
        number_width(snippet).filter(|_| is_whole)?;
        snippet[..digits].parse().ok()
    };
    of_level.filter_map(parse).collect()
}

/// Returns whether a heading is only a number, and nothing stands below it.
fn is_blank(input: &RecognizerInput<'_>, heading: &Heading) -> bool {
    let doc = input.doc;
    let is_number = title(input, heading).is_some_and(|title| title.is_empty());
    let mut below =
        (heading.below..doc.lines.len()).take_while(|line| doc.heading_at(*line).is_none());
    is_number && below.all(|line| !doc.line_text(line).contains(char::is_alphanumeric))
}

/// Finds the lines of headings that are numbered parts of an answer, in order. The question above
/// them may have no number, if it is one of several.
fn find_parts(input: &RecognizerInput<'_>) -> Vec<usize> {
    let snippet = |heading: &Heading| &input.doc.text[heading.title.clone()];
    let is_numbered = |heading: &Heading| title(input, heading).is_some();
    let all = input.doc.headings.iter().filter(|heading| !heading.is_item);
    let headings: Vec<(&Heading, bool)> =
        all.map(|heading| (heading, is_numbered(heading))).collect();
    let mut levels = [[(0, 0); 2]; 7];
    for (heading, is_numbered) in &headings {
        let (all, asking) = &mut levels[heading.level][usize::from(*is_numbered)];
        *all += 1;
        *asking += usize::from(is_question_like(snippet(heading)));
    }
    let is_asked = |(heading, is_numbered): (&Heading, bool)| {
        let (all, asking) = levels[heading.level][usize::from(is_numbered)];
        let is_usual = asking * 2 > all && (is_numbered || asking > 1);
        (is_numbered && has_question_mark(snippet(heading)))
            || (is_question_like(snippet(heading)) && is_usual)
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < headings.len() {
        let (above, below) = (headings[at], &headings[at + 1..]);
        at += 1;
        if !is_asked(above) {
            continue;
        }
        let is_below = |(other, _): &&(&Heading, bool)| other.level > above.0.level;
        let count = below.iter().take_while(is_below).count();
        let numbered = below[..count].iter().filter(|(_, is_numbered)| *is_numbered);
        let run: Vec<&Heading> = numbered.map(|(heading, _)| *heading).collect();
        let asking = run.iter().filter(|heading| is_question_like(snippet(heading))).count();
        let is_silent = !run.iter().any(|heading| has_question_mark(snippet(heading)))
            && asking * 3 <= run.len();
        // `### 1.`, or `### 4.1` below `## 4.`
        let first = run.first().and_then(|first| first_number(input, first));
        let own = first_number(input, above.0).filter(|_| above.1);
        let is_anew = first == Some(1) || (first.is_some() && first == own);
        if is_anew && is_silent {
            at += count;
            found.extend(run.iter().map(|heading| heading.line));
        }
    }
    found
}

/// Returns whether a file promises questions and numbers these headings consecutively.
fn is_counted(input: &RecognizerInput<'_>, headings: &[&Heading]) -> bool {
    let runs = headings.len() - count_following(input, headings);
    input.is_question_bank && headings.len() >= COUNTED.max(runs * COUNTED / 2)
}

/// Returns whether questions that are written otherwise stand below many of these headings, which
/// are their topics then.
fn are_topics(input: &RecognizerInput<'_>, headings: &[&Heading]) -> bool {
    let holds = |heading: &&&Heading| {
        let after = input.doc.headings.partition_point(|other| other.line <= heading.line);
        let mut others = input.doc.headings[after..].iter();
        let end = others.find(|other| other.level <= heading.level);
        let first = input.taken.partition_point(|taken| taken.start < heading.line);
        input.taken.get(first).is_some_and(|taken| end.is_none_or(|end| taken.start < end.line))
    };
    let count = headings.iter().filter(holds).count();
    count >= 2 && count * COUNTED >= headings.len()
}

/// Returns how many of these headings have the number that follows the one before.
fn count_following(input: &RecognizerInput<'_>, headings: &[&Heading]) -> usize {
    let values: Vec<Option<u64>> =
        headings.iter().map(|heading| last_part(input, heading)).collect();
    let follows = |pair: &&[Option<u64>]| {
        pair[0].is_some() && pair[1] == pair[0].and_then(|n| n.checked_add(1))
    };
    values.windows(2).filter(follows).count()
}

/// Returns whether most of these headings open a list, a table or deeper headings, as chapters do.
fn are_chapters(input: &RecognizerInput<'_>, headings: &[&Heading]) -> bool {
    let doc = input.doc;
    let is_outline = |heading: &&&Heading| {
        let below = doc.next_nonblank(heading.below);
        let is_deeper = doc.heading_at(below).is_some_and(|below| below.level > heading.level);
        below < doc.lines.len()
            && (is_deeper
                || doc.open_text(below).starts_with('|')
                || marker(doc.open_text(below)).is_some())
    };
    headings.iter().filter(is_outline).count() * 2 > headings.len()
}

/// Finds the sections whose numbered headings are no questions: their numbers begin again at 1,
/// none of them asks, and most others do.
fn find_lists(input: &RecognizerInput<'_>, headings: &[&Heading]) -> Vec<Range<usize>> {
    let doc = input.doc;
    let mut runs: Vec<Vec<&Heading>> = Vec::new();
    for heading in headings {
        let goes_on = |last: &&Heading| {
            let from = doc.headings.partition_point(|other| other.line <= last.line);
            let mut between = doc.headings[from..].iter().take_while(|h| h.line < heading.line);
            first_number(input, heading) != Some(1) || between.all(|h| h.level >= heading.level)
        };
        match runs.last_mut().filter(|run| run.last().is_some_and(goes_on)) {
            Some(run) => run.push(heading),
            None => runs.push(vec![heading]),
        }
    }
    let is_asking = |heading: &&&Heading| {
        is_question_like(&doc.text[heading.title.clone()]) || heuristics::has_options(doc, heading)
    };
    let asking = |run: &[&Heading]| run.iter().filter(is_asking).count();
    let all: usize = runs.iter().map(|run| asking(run)).sum();
    let silent: Vec<&Vec<&Heading>> = runs.iter().filter(|run| asking(run) == 0).collect();
    let others = headings.len() - silent.iter().map(|run| run.len()).sum::<usize>();
    let is_odd = silent.len() < runs.len() && all * 2 > others && silent.len() * 3 < runs.len() * 2;
    let odd = silent.into_iter().filter(|run| is_odd && run.len() >= 3);
    odd.map(|run| run[0].line..run[run.len() - 1].below).collect()
}

/// Parses the first number in a title.
fn first_number(input: &RecognizerInput<'_>, heading: &Heading) -> Option<u64> {
    let snippet = &input.doc.text[heading.title.clone()];
    let digits = snippet.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Parses the last part of the number before a title, which is 12 in `4.12`.
fn last_part(input: &RecognizerInput<'_>, heading: &Heading) -> Option<u64> {
    let text = input.doc.text;
    let start = title(input, heading)?.start;
    let before = &text[heading.title.start..start.max(heading.title.start)];
    let number = before.trim_end_matches(|c: char| !c.is_ascii_digit());
    number.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Returns the text of a heading without its number; a link around both stays.
fn prompt(input: &RecognizerInput<'_>, heading: &Heading) -> Pieces {
    let text = input.doc.text;
    let Some(title) = title(input, heading) else { return Pieces::new() };
    let open =
        parse_link(text, strip_decoration(text, strip_wrappers(text, heading.title.clone())));
    let pieces = open.map(|(open, _)| open).into_iter().chain([title]);
    pieces.filter(|piece| !text[piece.clone()].is_empty()).collect()
}

/// Returns the opening bracket of a link around a whole title that begins with a number, and the
/// place behind the number.
fn parse_link(text: &str, range: Range<usize>) -> Option<(Range<usize>, usize)> {
    let link = text[range.clone()].strip_prefix('[')?;
    let end = find_closing_bracket(link)?;
    let width = number_width(link).filter(|width| *width < end)?;
    let is_whole = link[end + 1..].starts_with('(') && link.ends_with(')');
    let start = range.start + 1;
    is_whole.then_some((range.start..start, start + width))
}

/// Returns the place of a title without its number, if it has one.
fn title(input: &RecognizerInput<'_>, heading: &Heading) -> Option<Range<usize>> {
    let text = input.doc.text;
    let range = strip_decoration(text, strip_wrappers(text, heading.title.clone()));
    if let Some((_, start)) = parse_link(text, range.clone()) {
        return Some(start..range.end);
    }
    let snippet = &text[range.clone()];
    // The number may be in bold by itself: `**1.** What is it?`
    let bold = snippet.strip_prefix("**").and_then(|rest| {
        let width = number_width(rest)?;
        rest[width..].strip_prefix("**").map(|rest| snippet.len() - rest.len())
    });
    // In a file of questions, a sign behind it is not needed: `## 1 What is it?`
    let bare = || {
        let digits = snippet.bytes().take_while(u8::is_ascii_digit).count();
        let is_apart = (1..=3).contains(&digits) && snippet[digits..].starts_with(' ');
        (input.is_question_bank && is_apart).then_some(digits + 1)
    };
    // An emoji may be the number: `3️⃣ What is it?`
    let sign = &text[heading.title.start..range.start];
    let keycap = || (sign.contains('\u{20e3}') && is_question_like(snippet)).then_some(0);
    let width = bold.or_else(|| number_width(snippet)).or_else(bare).or_else(keycap)?;
    Some(strip_decoration(text, strip_wrappers(text, range.start + width..range.end)))
}
