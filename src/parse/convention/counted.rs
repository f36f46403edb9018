//! `1. What is it?`, `2、Why?`: lines at the margin that are counted and ask, each with its answer on
//! the lines below.
//!
//! Steps are counted, too, and so are the parts of an answer. So most of the lines must ask, and a
//! count that starts anew within an answer is of its parts. One below a word for answers is a key to
//! the lines above it: each of them has the answer with its number.

use std::collections::BTreeSet;
use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, Row, RowKind, rows};
use super::document::is_thematic_break;
use super::document::marker;
use super::heuristics;
use super::prompt::{asks, asks_clearly, has_mark, longest, number, undecorated, unwrapped};
use super::recognizer_input::RecognizerInput;
use super::vocabulary;
use crate::model::Convention;

/// How many lines must be counted.
const ENOUGH: usize = 3;

/// How many in a row are taken for questions for that alone, in a file of questions.
const COUNTED: usize = 8;

/// A counted line.
struct Counted {
    line: usize,
    value: u64,
    /// What it says behind its number.
    title: Range<usize>,
    /// The lines of a key that answer it.
    key: Option<Range<usize>>,
}

/// Lines that count questions, and the line below them, if that is known.
#[derive(Default)]
struct Run {
    lines: Vec<Counted>,
    end: Option<usize>,
}

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    if !search.is_told && !search.taken.is_empty() {
        return Vec::new();
    }
    let doc = search.doc;
    let says = |line: &Counted| &doc.text[line.title.clone()];
    let asking = |run: &Run| run.lines.iter().filter(|line| asks(says(line))).count();
    let is_answered = |run: &Run| run.lines.iter().any(|line| line.key.is_some());
    let mut runs = runs(search);
    // A section may count something else than questions.
    runs.retain(|run| search.is_told || is_answered(run) || asking(run) * 4 >= run.lines.len());
    let lines = || runs.iter().flat_map(|run| &run.lines);
    let all = lines().count();
    let clear = lines().filter(|line| has_mark(says(line))).count();
    let likely: usize = runs.iter().map(asking).sum();
    let is_counted = runs.iter().any(|run| run.lines.len() >= COUNTED);
    let is_asking = if search.is_bank {
        likely * 2 >= all || is_counted
    } else {
        clear * 3 >= all * 2 || (clear * 5 >= all && likely * 10 >= all * 9)
    };
    let has_keys = !runs.is_empty() && runs.iter().all(is_answered);
    if !search.is_told && (all < ENOUGH || !(is_asking || has_keys)) {
        return Vec::new();
    }
    let starts: Vec<usize> = lines().map(|line| line.line).collect();
    let mut marks = Vec::with_capacity(all);
    for run in runs {
        let last = run.lines.len() - 1;
        for (at, line) in run.lines.into_iter().enumerate() {
            let next = starts.get(marks.len() + 1).copied();
            let end = run.end.filter(|_| at == last).into_iter().chain(next).min();
            marks.push(mark(search, line, end));
        }
    }
    go_on(search, &mut marks);
    if search.is_told || heuristics::covers(search, &marks, 2 + usize::from(has_keys)) {
        marks
    } else {
        Vec::new()
    }
}

/// The lines that count questions, cut where the count starts anew.
fn runs(search: &RecognizerInput<'_>) -> Vec<Run> {
    let doc = search.doc;
    let mut runs: Vec<Run> = Vec::new();
    // The number of the last part of an answer.
    let mut part = 0;
    let (mut floor, mut answered, mut is_labelled) = (0, 0, false);
    for line in 0..doc.lines.len() {
        if line < floor {
            continue;
        }
        let label = key(search, line);
        // Where one line has a label of its own, the others have, too.
        is_labelled |= label.as_ref().is_some_and(|key| !is_key(&mut runs[answered..], key));
        if let Some(key) = label.filter(|_| !is_labelled) {
            answer(&mut runs[answered..], &key);
            if let Some(run) = runs.last_mut() {
                run.end = Some(line);
            }
            (answered, part) = (runs.len(), 0);
            floor = key.last().map_or(line, |(_, lines)| lines.end);
            continue;
        }
        let Some(counted) = counted(search, line) else { continue };
        let last = runs[answered..].last().and_then(|run| run.lines.last());
        let says = &doc.text[counted.title.clone()];
        let heading = doc.headings.partition_point(|heading| heading.line < line);
        let is_apart = last.is_none_or(|last| {
            let is_rule =
                |line: usize| is_thematic_break(doc.open(line)) && doc.lines[line].column == 0;
            heading.checked_sub(1).is_some_and(|at| doc.headings[at].line > last.line)
                || (counted.value == 1 && (last.line..line).any(is_rule))
        });
        let is_next = last.is_some_and(|last| last.value + 1 == counted.value);
        // A number left out, or twice.
        let is_near = last.is_some_and(|last| counted.value.abs_diff(last.value) <= 2);
        let is_anew = counted.value == 1 && (is_apart || asks_clearly(says));
        if is_anew {
            runs.push(Run { lines: vec![counted], end: None });
        } else if counted.value == part + 1 && !(is_next && asks_clearly(says)) && !is_apart {
            part = counted.value;
            continue;
        } else if let Some(run) =
            runs[answered..].last_mut().filter(|_| is_next || (is_near && asks(says)))
        {
            run.lines.push(counted);
        } else {
            continue;
        }
        part = 0;
    }
    runs
}

/// What a key says that begins on a line: numbers, and the lines that answer the questions that have
/// them.
fn key(search: &RecognizerInput<'_>, line: usize) -> Option<Vec<(u64, Range<usize>)>> {
    let doc = search.doc;
    let says = doc.open(line).trim_start_matches(['#', '*', '_', ' ']);
    let word = longest(says, vocabulary::ANSWER.iter().copied()).filter(|width| *width > 3)?;
    let is_title = says[word..].split_whitespace().count() < 6 && !says.ends_with(['.', '?']);
    if !is_title || line.checked_sub(1).is_some_and(|above| !doc.line(above).is_empty()) {
        return None;
    }
    let mut items: Vec<(u64, Range<usize>)> = Vec::new();
    for at in line + 1..doc.lines.len() {
        let Some(item) = counted(search, at) else { continue };
        let last = items.last().map_or(0, |(value, _)| *value);
        let is_near = items.last().map_or(line, |(_, lines)| lines.end) + 8 > at;
        if item.value <= last || !is_near {
            break;
        }
        let end = (at..doc.lines.len()).find(|end| {
            doc.line(*end).is_empty() || (*end > at && counted(search, *end).is_some())
        });
        items.push((item.value, at..end.unwrap_or(doc.lines.len())));
    }
    Some(items)
}

/// The lines that a key may answer: of a number that is asked twice, the one right above it.
fn unanswered(runs: &mut [Run]) -> Vec<&mut Counted> {
    let values = runs.iter().flat_map(|run| &run.lines).map(|line| line.value);
    let is_unique = values.clone().collect::<BTreeSet<_>>().len() == values.count();
    let from = if is_unique { 0 } else { runs.len() - 1 };
    runs[from..].iter_mut().flat_map(|run| &mut run.lines).collect()
}

/// Whether a key says something of most of some lines, and of little else.
fn is_key(runs: &mut [Run], key: &[(u64, Range<usize>)]) -> bool {
    let lines = unanswered(runs);
    let is_in = |line: &&&mut Counted| key.iter().any(|(value, _)| *value == line.value);
    let matching = lines.iter().filter(is_in).count();
    matching >= 2 && matching * 2 >= lines.len() && matching * 3 >= key.len() * 2
}

/// Gives lines what a key says of their numbers.
fn answer(runs: &mut [Run], key: &[(u64, Range<usize>)]) {
    for line in unanswered(runs) {
        let own = key.iter().find(|(value, _)| *value == line.value);
        line.key = own.map(|(_, lines)| lines.clone());
    }
}

/// What a line counts, if it stands at the margin.
fn counted(search: &RecognizerInput<'_>, line: usize) -> Option<Counted> {
    let doc = search.doc;
    let says = doc.open(line);
    let digits = says.bytes().take_while(u8::is_ascii_digit).count();
    let behind = says[digits..].strip_prefix(['.', '、', '．', ')', '）'])?;
    let is_free = search.is_free(line) && doc.heading(line).is_none();
    let is_part =
        says[digits..].starts_with('.') && behind.starts_with(|c: char| c.is_ascii_digit());
    let is_number = digits > 0 && !is_part;
    if !is_free || !is_number || doc.lines[line].column > 1 {
        return None;
    }
    let inner = doc.lines[line].inner.clone();
    let range = inner.start + number(says)?..inner.end;
    let title = undecorated(doc.text, unwrapped(doc.text, range.clone()));
    let is_link = heuristics::links(&doc.text[range]).is_some();
    let value = says[..digits].parse().ok()?;
    (!is_link && !title.is_empty()).then_some(Counted { line, value, title, key: None })
}

/// The question of a line, whose answer ends above the `next`, or above a heading.
fn mark(search: &RecognizerInput<'_>, counted: Counted, next: Option<usize>) -> Candidate {
    let doc = search.doc;
    let Counted { line, title, key, .. } = counted;
    let after = doc.headings.partition_point(|heading| heading.line <= line);
    let heading = doc.headings.get(after).map(|heading| heading.line);
    let last = || heuristics::footer(doc).max(line + 1);
    let mut below = next.into_iter().chain(heading).min().unwrap_or_else(last);
    // A line above the first of some may count chapters: `二、`.
    let above = (line + 1..below).rev().find(|at| !doc.line(*at).is_empty());
    let is_chapter = |at: &usize| {
        let says = doc.open(*at);
        next == Some(below) && number(says).is_some() && !says.starts_with(|c: char| c.is_ascii())
    };
    below = above.filter(is_chapter).unwrap_or(below);
    let column = doc.lines[line].column + marker(doc.open(line)).unwrap_or_default();
    let mut all = rows(doc, doc.start(line + 1)..doc.start(below));
    if let Some(lines) = key {
        let start = doc.lines[lines.start].inner.start;
        let start = start + number(doc.line(lines.start)).unwrap_or_default();
        all.push(Row { kind: RowKind::Label, ..Row::text(start..start) });
        all.extend(rows(doc, start..doc.start(lines.end)));
    }
    let extent = AnswerExtent::Within { rows: all, column, below };
    let convention = Convention::NumberedList;
    Candidate { convention, line, prompt: vec![title], more: Vec::new(), extent }
}

/// Gives questions the lines that they go on with, if most have none below them: a list of questions.
fn go_on(search: &RecognizerInput<'_>, marks: &mut [Candidate]) {
    let text = search.doc.text;
    let is_text = |row: &Row| !row.says(text).is_empty();
    let bare = |mark: &Candidate| match &mark.extent {
        AnswerExtent::Within { rows, .. } => !rows.iter().any(is_text),
        _ => false,
    };
    if marks.iter().filter(|mark| bare(mark)).count() * 2 <= marks.len() {
        return;
    }
    for mark in marks {
        if let AnswerExtent::Within { rows, .. } = &mut mark.extent {
            let goes_on = |row: &&Row| is_text(row) && row.kind == RowKind::Text;
            let count = rows.iter().take_while(goes_on).count();
            mark.prompt.extend(rows.drain(..count).map(|row| row.inner(text)));
        }
    }
}
