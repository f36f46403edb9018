//! `## 1. …`, `#### 2) …`: headings with numbers.
//!
//! Chapters have numbers, too, so most headings of a level must ask something, unless the file is
//! made of questions and counts them all. A count that starts anew below one that asks, and asks
//! nothing, is of the parts of its answer.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate};
use super::document::{Heading, marker};
use super::heuristics;
use super::prompt::{Pieces, asks, closing, has_mark, number, undecorated, unwrapped};
use super::recognizer_input::RecognizerInput;
use super::repeats::is_within;
use crate::model::Convention;

/// How many headings in a row are counted before they are taken for questions for that alone.
const COUNTED: usize = 8;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let parts = parts(search);
    let numbered = |heading: &Heading| {
        !heading.is_item
            && title(search, heading).is_some()
            && parts.binary_search(&heading.line).is_err()
    };
    let headings = heuristics::levels(search, numbered, |search, headings| {
        let says = |heading: &&&Heading| asks(&search.doc.text[heading.title.clone()]);
        let asking = headings.iter().filter(says).count();
        let enough = if search.is_bank { headings.len() / 4 } else { headings.len() / 2 };
        let is_counted =
            || is_counted(search, headings) && (asking > 0 || !are_chapters(search, headings));
        headings.len() >= 3 && (asking > enough || is_counted())
    });
    let lists = lists(search, &headings);
    let headings = headings.into_iter().filter(|heading| !is_within(&lists, heading.line));
    let marks = headings.map(|heading| Candidate {
        convention: Convention::Numbered,
        line: heading.line,
        prompt: prompt(search, heading),
        more: Vec::new(),
        extent: AnswerExtent::Below {
            line: heading.below,
            level: heading.level,
            column: 0,
            beside: Vec::new(),
        },
    });
    let marks: Vec<Candidate> = marks.collect();
    let is_one = search.is_told || search.is_bank || heuristics::covers(search, &marks, 2);
    if is_one { marks } else { Vec::new() }
}

/// The lines of headings that count the parts of an answer, in order.
fn parts(search: &RecognizerInput<'_>) -> Vec<usize> {
    let says = |heading: &Heading| &search.doc.text[heading.title.clone()];
    let all = search.doc.headings.iter();
    let headings: Vec<&Heading> =
        all.filter(|heading| !heading.is_item && title(search, heading).is_some()).collect();
    let mut levels = [(0, 0); 7];
    for heading in &headings {
        let (all, asking) = &mut levels[heading.level];
        *all += 1;
        *asking += usize::from(asks(says(heading)));
    }
    let is_asked = |heading: &Heading| {
        let (all, asking) = levels[heading.level];
        has_mark(says(heading)) || (asks(says(heading)) && asking * 2 > all)
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < headings.len() {
        let (above, below) = (headings[at], &headings[at + 1..]);
        let end = search.doc.headings.partition_point(|other| other.line <= above.line);
        let end = search.doc.headings[end..].iter().find(|other| other.level <= above.level);
        let is_below = |other: &&&Heading| end.is_none_or(|end| other.line < end.line);
        let run: Vec<&Heading> = below.iter().take_while(is_below).copied().collect();
        let asking = run.iter().filter(|heading| asks(says(heading))).count();
        let is_silent =
            !run.iter().any(|heading| has_mark(says(heading))) && asking * 3 <= run.len();
        // `### 1.`, or `### 4.1` below `## 4.`
        let first = run.first().and_then(|first| value(search, first));
        let is_anew = first == Some(1) || (first.is_some() && first == value(search, above));
        at += 1;
        if is_asked(above) && is_anew && is_silent {
            at += run.len();
            found.extend(run.iter().map(|heading| heading.line));
        }
    }
    found
}

/// Whether a file of questions counts these headings up, from one to the next.
fn is_counted(search: &RecognizerInput<'_>, headings: &[&Heading]) -> bool {
    let values: Vec<Option<u64>> = headings.iter().map(|heading| last(search, heading)).collect();
    let follows = |pair: &&[Option<u64>]| {
        pair[0].is_some() && pair[1] == pair[0].and_then(|n| n.checked_add(1))
    };
    let counted = values.windows(2).filter(follows).count();
    let runs = headings.len() - counted;
    search.is_bank && headings.len() >= COUNTED.max(runs * COUNTED / 2)
}

/// Whether most of these headings open a list, a table or deeper headings, as chapters do.
fn are_chapters(search: &RecognizerInput<'_>, headings: &[&Heading]) -> bool {
    let doc = search.doc;
    let is_outline = |heading: &&&Heading| {
        let below = doc.visible(heading.below);
        let is_deeper = doc.heading(below).is_some_and(|below| below.level > heading.level);
        below < doc.lines.len()
            && (is_deeper || doc.open(below).starts_with('|') || marker(doc.open(below)).is_some())
    };
    headings.iter().filter(is_outline).count() * 2 > headings.len()
}

/// Where a section counts something else than questions: its numbers start anew, it asks nothing,
/// and most others ask.
fn lists(search: &RecognizerInput<'_>, headings: &[&Heading]) -> Vec<Range<usize>> {
    let doc = search.doc;
    let mut runs: Vec<Vec<&Heading>> = Vec::new();
    for heading in headings {
        let goes_on = |last: &&Heading| {
            let from = doc.headings.partition_point(|other| other.line <= last.line);
            let mut between = doc.headings[from..].iter().take_while(|h| h.line < heading.line);
            value(search, heading) != Some(1) || between.all(|h| h.level >= heading.level)
        };
        match runs.last_mut().filter(|run| run.last().is_some_and(goes_on)) {
            Some(run) => run.push(heading),
            None => runs.push(vec![heading]),
        }
    }
    let asking = |run: &[&Heading]| {
        run.iter().filter(|heading| asks(&doc.text[heading.title.clone()])).count()
    };
    let all: usize = runs.iter().map(|run| asking(run)).sum();
    let silent: Vec<&Vec<&Heading>> = runs.iter().filter(|run| asking(run) == 0).collect();
    let others = headings.len() - silent.iter().map(|run| run.len()).sum::<usize>();
    let is_odd = silent.len() < runs.len() && all * 2 > others && silent.len() * 3 < runs.len() * 2;
    let odd = silent.into_iter().filter(|run| is_odd && run.len() >= 3);
    odd.map(|run| run[0].line..run[run.len() - 1].below).collect()
}

/// The first number in a title.
fn value(search: &RecognizerInput<'_>, heading: &Heading) -> Option<u64> {
    let says = &search.doc.text[heading.title.clone()];
    let digits = says.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The last part of the number before a title: that of `4.12` is 12.
fn last(search: &RecognizerInput<'_>, heading: &Heading) -> Option<u64> {
    let text = search.doc.text;
    let start = title(search, heading)?.start;
    let before = &text[heading.title.start..start.max(heading.title.start)];
    let number = before.trim_end_matches(|c: char| !c.is_ascii_digit());
    number.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// What a heading asks behind its number. The link that both are in stays.
fn prompt(search: &RecognizerInput<'_>, heading: &Heading) -> Pieces {
    let text = search.doc.text;
    let Some(title) = title(search, heading) else { return Pieces::new() };
    let open = linked(text, undecorated(text, unwrapped(text, heading.title.clone())));
    let pieces = open.map(|(open, _)| open).into_iter().chain([title]);
    pieces.filter(|piece| !text[piece.clone()].is_empty()).collect()
}

/// The bracket of a link around a whole title that begins with a number, and where what is behind
/// that begins.
fn linked(text: &str, range: Range<usize>) -> Option<(Range<usize>, usize)> {
    let link = text[range.clone()].strip_prefix('[')?;
    let end = closing(link)?;
    let width = number(link).filter(|width| *width < end)?;
    let is_whole = link[end + 1..].starts_with('(') && link.ends_with(')');
    let start = range.start + 1;
    is_whole.then_some((range.start..start, start + width))
}

/// A title without its number, if it has one.
fn title(search: &RecognizerInput<'_>, heading: &Heading) -> Option<Range<usize>> {
    let text = search.doc.text;
    let range = undecorated(text, unwrapped(text, heading.title.clone()));
    if let Some((_, start)) = linked(text, range.clone()) {
        return Some(start..range.end);
    }
    let says = &text[range.clone()];
    // The number may be in bold by itself: `**1.** What is it?`
    let bold = says.strip_prefix("**").and_then(|rest| {
        let width = number(rest)?;
        rest[width..].strip_prefix("**").map(|rest| says.len() - rest.len())
    });
    // In a file of questions, a sign behind it is not needed: `## 1 What is it?`
    let bare = || {
        let digits = says.bytes().take_while(u8::is_ascii_digit).count();
        let is_apart = (1..=3).contains(&digits) && says[digits..].starts_with(' ');
        (search.is_bank && is_apart).then_some(digits + 1)
    };
    // An emoji may be the number: `3️⃣ What is it?`
    let sign = &text[heading.title.start..range.start];
    let keycap = || (sign.contains('\u{20e3}') && asks(says)).then_some(0);
    let width = bold.or_else(|| number(says)).or_else(bare).or_else(keycap)?;
    Some(undecorated(text, unwrapped(text, range.start + width..range.end)))
}
