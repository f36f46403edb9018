//! `- **Question**: …` with `- **Answer**: …` below it, or an item that asks, or holds a label, with
//! its answer in the items or lines within it.

use std::collections::BTreeMap;

use super::candidate::{AnswerExtent, Candidate, Row, RowKind, rows};
use super::document::is_thematic_break;
use super::document::marker;
use super::heuristics;
use super::labels;
use super::options;
use super::prompt::{has_mark, undecorated, unwrapped};
use super::question_word::{asked, beside};
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let mut marks: Vec<Candidate> = Vec::new();
    let mut open: Option<usize> = None;
    let (mut answered, mut settled) = (Vec::new(), Vec::new());
    for at in 0..doc.lines.len() {
        let says = doc.open(at);
        let Some(width) = marker(says).filter(|_| search.is_free(at)) else { continue };
        let line = &doc.lines[at];
        let range = undecorated(doc.text, line.inner.start + width..line.inner.end);
        if let Some(prompt) = asked(doc.text, range.clone(), false)
            && doc.heading(at).is_none()
            && !prompt.is_empty()
        {
            let (prompt, beside) = beside(doc, prompt);
            open = beside.is_empty().then_some(marks.len());
            answered.push(!beside.is_empty());
            let below = below(search, at, line.column, false);
            let mut rows = rows(doc, doc.start(at + 1)..doc.start(below));
            rows.splice(..0, beside);
            settled.push(options::are_in(doc.text, &rows));
            let column = line.column + width;
            let extent = AnswerExtent::Within { rows, column, below };
            let convention = Convention::NestedList;
            marks.push(Candidate { convention, line: at, prompt, more: Vec::new(), extent });
        } else if let Some(open) =
            open.take_if(|_| labels::answer(&doc.text[range], search.answers).is_some())
        {
            answered[open] = true;
        }
    }
    // Where most of a section have an answer or options, those that have none are questions, too.
    let section = |line: usize| doc.headings.partition_point(|heading| heading.line <= line);
    let mut sections: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (at, mark) in marks.iter().enumerate() {
        let (all, known) = sections.entry(section(mark.line)).or_default();
        *all += 1;
        *known += usize::from(answered[at] || settled[at]);
    }
    let mut answered = answered.into_iter();
    marks.retain(|mark| {
        let (all, known) = sections[&section(mark.line)];
        answered.next().unwrap_or_default() || (known >= 2 && known * 3 >= all * 2)
    });
    if marks.is_empty() { asking_items(search) } else { marks }
}

/// How many items must ask, and have something within them, where no word says what they are.
const ENOUGH: usize = 3;

/// How many must, if ticked options are among them.
const TOLD: usize = 2;

/// The outermost items of lists, if nearly all that hold something ask.
fn asking_items(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let mut marks: Vec<Candidate> = Vec::new();
    let (mut holding, mut labelled, mut told, mut floor) = (0, 0, 0, 0);
    // The line below the last item that holds nothing.
    let mut bare = None;
    for at in 0..doc.lines.len() {
        let line = &doc.lines[at];
        let Some(width) = marker(doc.open(at)) else { continue };
        if at < floor || line.column > 1 || !search.is_free(at) || doc.heading(at).is_some() {
            continue;
        }
        let range = line.inner.start + width..line.inner.end;
        let title = undecorated(doc.text, unwrapped(doc.text, range));
        if options::has_letter(&doc.text[title.clone()]) {
            continue;
        }
        // What stands beside an item is only its own if it says what is right.
        let within = below(search, at, line.column, false);
        let beside = below(search, at, line.column, true);
        let mut inner = rows(doc, doc.start(at + 1)..doc.start(beside));
        let label = answer(search, &inner);
        let is_told = options::are_told(doc.text, &inner);
        floor = if label.is_some() || is_told { beside } else { within };
        inner.retain(|row| row.range.start < doc.start(floor));
        // A label in an item of its own says only of a question that it is one.
        let is_own = |row: &Row| marker(row.says(doc.text)).is_none();
        let is_labelled = label.and_then(|row| inner.get(row)).is_some_and(is_own);
        if doc.visible(at + 1) >= floor {
            bare = Some(floor);
            continue;
        }
        // Items of which only the last has an answer are what it chooses from.
        let is_asking = has_mark(&doc.text[title.clone()]);
        let is_option = bare.is_some_and(|below| doc.visible(below) == at);
        if is_option && !is_asking {
            continue;
        }
        holding += 1;
        labelled += usize::from(is_labelled);
        if !is_labelled && !is_asking {
            continue;
        }
        told += usize::from(is_told);
        let column = line.column + width;
        let extent = AnswerExtent::Within { rows: inner, column, below: floor };
        let (convention, prompt) = (Convention::NestedList, vec![title]);
        marks.push(Candidate { convention, line: at, prompt, more: Vec::new(), extent });
    }
    let is_made_of_them = (marks.len() >= ENOUGH || told >= TOLD)
        && marks.len() * 10 >= holding * 8
        && (labelled.max(told) * 10 >= marks.len() * 8 || heuristics::covers(search, &marks, 2));
    if search.is_told || is_made_of_them { marks } else { Vec::new() }
}

/// The row whose label opens an answer and is not the first of options.
fn answer(search: &RecognizerInput<'_>, rows: &[Row]) -> Option<usize> {
    let text = search.doc.text;
    let is_label = |at: &usize| {
        let says = rows[*at].says(text);
        let shown = &says[marker(says).unwrap_or_default()..];
        // Options have letters.
        let is_letter = shown
            .chars()
            .filter(|c| !c.is_ascii_punctuation())
            .nth(1)
            .is_none_or(|second| !second.is_alphabetic());
        rows[*at].kind == RowKind::Text
            && !is_letter
            && labels::answer(shown, search.answers).is_some()
            && !options::is_first(text, &rows[*at..])
    };
    (0..rows.len()).find(is_label)
}

/// The line below an item and what belongs to it: its answer may stand within it or beside it, and
/// so may, if that is asked, its options and lines that go on with them.
fn below(search: &RecognizerInput<'_>, at: usize, column: usize, is_wide: bool) -> usize {
    let doc = search.doc;
    let (mut last, mut is_beside) = (at, false);
    // How many items the list has that a label opens, so far.
    let mut listed: Option<u64> = None;
    for next in at + 1..doc.lines.len() {
        let line = &doc.lines[next];
        if line.inner.is_empty() {
            continue;
        }
        let says = doc.open(next);
        if doc.heading(next).is_some() {
            break;
        }
        if line.column <= column && !line.is_closed {
            let width = marker(says);
            let range = line.inner.start + width.unwrap_or_default()..line.inner.end;
            let shown = &doc.text[undecorated(doc.text, range)];
            let label = labels::answer(shown, search.answers);
            let is_label = label.is_some();
            let digits = says.bytes().take_while(u8::is_ascii_digit).count();
            let value = says[..digits].parse().ok();
            let is_next = |count: u64| digits == 0 || value == Some(count + 1);
            if width.is_some() && listed.is_some_and(is_next) && !has_mark(shown) {
                listed = listed.map(|count| count + 1);
                last = next;
                continue;
            }
            listed = label.filter(|l| is_wide && l.after == shown.len()).map(|_| 0);
            // Markdown takes a line right below for the same paragraph.
            let goes_on =
                || width.is_none() && is_beside && last + 1 == next && !is_thematic_break(says);
            let is_more =
                is_wide && (options::begins(says) || options::has_letter(shown) || goes_on());
            if !(is_label && (is_wide || width.is_some())) && !is_more {
                break;
            }
            is_beside = true;
        }
        last = next;
    }
    last + 1
}
