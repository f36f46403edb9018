//! `1. What is it?`, `2、Why?`: lines at the margin that are counted and ask, each with its answer on
//! the lines below.
//!
//! Steps are counted, too, and so are the parts of an answer. So most of the lines must ask, and a
//! count that starts anew within an answer is of its parts.

use std::ops::Range;

use super::document::marker;
use super::evidence;
use super::mark::{Extent, Mark, Row, Search, rows};
use super::prompt::{asks, asks_clearly, has_mark, number, undecorated, unwrapped};
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
}

pub(super) fn find(search: &Search<'_>) -> Vec<Mark> {
    if !search.is_told && !search.taken.is_empty() {
        return Vec::new();
    }
    let doc = search.doc;
    let says = |line: &Counted| &doc.text[line.title.clone()];
    let asking = |run: &[Counted]| run.iter().filter(|line| asks(says(line))).count();
    let mut runs = runs(search);
    // A section may count something else than questions.
    runs.retain(|run| search.is_told || asking(run) * 4 >= run.len());
    let all: usize = runs.iter().map(Vec::len).sum();
    let clear = runs.iter().flatten().filter(|line| has_mark(says(line))).count();
    let likely: usize = runs.iter().map(|run| asking(run)).sum();
    let is_counted = runs.iter().any(|run| run.len() >= COUNTED);
    let is_one = all >= ENOUGH
        && if search.is_bank {
            likely * 2 >= all || is_counted
        } else {
            clear * 3 >= all * 2 || (clear * 5 >= all && likely * 10 >= all * 9)
        };
    if !search.is_told && !is_one {
        return Vec::new();
    }
    let starts: Vec<usize> = runs.iter().flatten().map(|line| line.line).collect();
    let mut marks = Vec::with_capacity(all);
    for line in runs.into_iter().flatten() {
        let next = starts[marks.len() + 1..].first().copied();
        marks.push(mark(search, line, next));
    }
    go_on(search, &mut marks);
    if search.is_told || evidence::covers(search, &marks, 2) { marks } else { Vec::new() }
}

/// The lines that count questions, cut where the count starts anew.
fn runs(search: &Search<'_>) -> Vec<Vec<Counted>> {
    let doc = search.doc;
    let mut runs: Vec<Vec<Counted>> = Vec::new();
    // The number of the last part of an answer.
    let mut part = 0;
    for line in 0..doc.lines.len() {
        let Some(counted) = counted(search, line) else { continue };
        let last = runs.last().and_then(|run| run.last());
        let says = &doc.text[counted.title.clone()];
        let heading = doc.headings.partition_point(|heading| heading.line < line);
        let is_apart = last.is_none_or(|last| {
            heading.checked_sub(1).is_some_and(|at| doc.headings[at].line > last.line)
        });
        let is_next = last.is_some_and(|last| last.value + 1 == counted.value);
        // A number left out, or twice.
        let is_near = last.is_some_and(|last| counted.value.abs_diff(last.value) <= 2);
        let is_anew = counted.value == 1 && (is_apart || asks_clearly(says));
        if is_anew {
            runs.push(vec![counted]);
        } else if counted.value == part + 1 && !(is_next && asks_clearly(says)) && !is_apart {
            part = counted.value;
            continue;
        } else if let Some(run) = runs.last_mut().filter(|_| is_next || (is_near && asks(says))) {
            run.push(counted);
        } else {
            continue;
        }
        part = 0;
    }
    runs
}

/// What a line counts, if it stands at the margin.
fn counted(search: &Search<'_>, line: usize) -> Option<Counted> {
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
    let is_link = evidence::links(&doc.text[range]).is_some();
    let value = says[..digits].parse().ok()?;
    (!is_link && !title.is_empty()).then_some(Counted { line, value, title })
}

/// The question of a line, whose answer ends above the `next`, or above a heading.
fn mark(search: &Search<'_>, counted: Counted, next: Option<usize>) -> Mark {
    let doc = search.doc;
    let Counted { line, title, .. } = counted;
    let after = doc.headings.partition_point(|heading| heading.line <= line);
    let heading = doc.headings.get(after).map(|heading| heading.line);
    let last = || evidence::footer(doc).max(line + 1);
    let mut below = next.into_iter().chain(heading).min().unwrap_or_else(last);
    // A line above the first of some may count chapters: `二、`.
    let above = (line + 1..below).rev().find(|at| !doc.line(*at).is_empty());
    let is_chapter = |at: &usize| {
        let says = doc.open(*at);
        next == Some(below) && number(says).is_some() && !says.starts_with(|c: char| c.is_ascii())
    };
    below = above.filter(is_chapter).unwrap_or(below);
    let column = doc.lines[line].column + marker(doc.open(line)).unwrap_or_default();
    let rows = rows(doc, doc.start(line + 1)..doc.start(below));
    let extent = Extent::Within { rows, column, below };
    let convention = Convention::NumberedList;
    Mark { convention, line, prompt: vec![title], more: Vec::new(), extent }
}

/// Gives questions the lines that they go on with, if most have none below them: a list of questions.
fn go_on(search: &Search<'_>, marks: &mut [Mark]) {
    let text = search.doc.text;
    let is_text = |row: &Row| !row.says(text).is_empty();
    let bare = |mark: &Mark| match &mark.extent {
        Extent::Within { rows, .. } => !rows.iter().any(is_text),
        _ => false,
    };
    if marks.iter().filter(|mark| bare(mark)).count() * 2 <= marks.len() {
        return;
    }
    for mark in marks {
        if let Extent::Within { rows, .. } = &mut mark.extent {
            let count = rows.iter().take_while(|row| is_text(row) && !row.is_closed()).count();
            mark.prompt.extend(rows.drain(..count).map(|row| row.inner(text)));
        }
    }
}
