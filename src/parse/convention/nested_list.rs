//! `- **Question**: …` with `- **Answer**: …` below it, or an item that asks with its answer in the
//! items or lines within it.

use super::document::marker;
use super::evidence;
use super::labels;
use super::mark::{Extent, Mark, Search, rows};
use super::marked::{asked, beside};
use super::prompt::{has_mark, undecorated, unwrapped};
use crate::model::Convention;

pub(super) fn find(search: &Search<'_>) -> Vec<Mark> {
    let doc = search.doc;
    let mut marks: Vec<Mark> = Vec::new();
    let mut open: Option<usize> = None;
    let mut answered = Vec::new();
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
            let below = below(search, at, line.column);
            let mut rows = rows(doc, doc.start(at + 1)..doc.start(below));
            rows.splice(..0, beside);
            let column = line.column + width;
            let extent = Extent::Within { rows, column, below };
            let convention = Convention::NestedList;
            marks.push(Mark { convention, line: at, prompt, more: Vec::new(), extent });
        } else if let Some(open) =
            open.take_if(|_| labels::answer(&doc.text[range], search.answers).is_some())
        {
            answered[open] = true;
        }
    }
    let mut answered = answered.into_iter();
    marks.retain(|_| answered.next().unwrap_or_default());
    if marks.is_empty() { asking_items(search) } else { marks }
}

/// How many items must ask, and have something within them, where no word says what they are.
const ENOUGH: usize = 3;

/// The outermost items of lists, if nearly all that hold something ask.
fn asking_items(search: &Search<'_>) -> Vec<Mark> {
    let doc = search.doc;
    let mut marks: Vec<Mark> = Vec::new();
    let (mut holding, mut floor) = (0, 0);
    for at in 0..doc.lines.len() {
        let line = &doc.lines[at];
        let Some(width) = marker(doc.open(at)) else { continue };
        if at < floor || line.column > 1 || !search.is_free(at) || doc.heading(at).is_some() {
            continue;
        }
        floor = below(search, at, line.column);
        if doc.visible(at + 1) >= floor {
            continue;
        }
        holding += 1;
        let range = line.inner.start + width..line.inner.end;
        let title = undecorated(doc.text, unwrapped(doc.text, range));
        if !has_mark(&doc.text[title.clone()]) {
            continue;
        }
        let column = line.column + width;
        let rows = rows(doc, doc.start(at + 1)..doc.start(floor));
        let extent = Extent::Within { rows, column, below: floor };
        let (convention, prompt) = (Convention::NestedList, vec![title]);
        marks.push(Mark { convention, line: at, prompt, more: Vec::new(), extent });
    }
    let is_made_of_them = marks.len() >= ENOUGH
        && marks.len() * 10 >= holding * 8
        && evidence::covers(search, &marks, 2);
    if search.is_told || is_made_of_them { marks } else { Vec::new() }
}

/// The line below an item and what belongs to it: its answer may stand within it or beside it.
fn below(search: &Search<'_>, at: usize, column: usize) -> usize {
    let doc = search.doc;
    let mut last = at;
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
            let Some(width) = marker(says) else { break };
            let range = undecorated(doc.text, line.inner.start + width..line.inner.end);
            if labels::answer(&doc.text[range], search.answers).is_none() {
                break;
            }
        }
        last = next;
    }
    last + 1
}
