//! A question, and below it `<details><summary>Answer</summary>`.
//!
//! Where a heading or a word says what the question is, other recognisers have found it; what is
//! left is a paragraph, or a heading that asks nothing by itself.

use super::fold::Summary;
use super::mark::{Extent, Mark, Search, rows};
use super::prompt::{number, undecorated, unwrapped};
use super::document::marker;
use crate::model::Convention;

pub(super) fn find(search: &Search<'_>) -> Vec<Mark> {
    let doc = search.doc;
    let mut marks: Vec<Mark> = Vec::new();
    let mut floor = 0;
    for fold in search.folds {
        let line = doc.line_of(fold.whole.start);
        let is_answer = fold.means(doc.text, search.answers) == Summary::Answer;
        if !is_answer || fold.depth > 0 || !search.is_free(line) {
            continue;
        }
        let below = doc.line_of(fold.whole.end.saturating_sub(1)) + 1;
        if let Some(first) = first_line(search, line, floor) {
            let is_item = marker(doc.open(first));
            let (title, next) = match doc.heading(first) {
                Some(heading) => (heading.title.clone(), heading.below),
                None => (doc.lines[first].inner.clone(), first + 1),
            };
            let width = if doc.heading(first).is_some() { 0 } else { is_item.unwrap_or_default() };
            let mut title = undecorated(doc.text, title.start + width..title.end);
            title.start += number(&doc.text[title.clone()]).unwrap_or_default();
            let title = undecorated(doc.text, unwrapped(doc.text, title));
            let mut more = rows(doc, doc.start(next)..fold.whole.start);
            while more.last().is_some_and(|row| row.says(doc.text).is_empty()) {
                more.pop();
            }
            let rows = rows(doc, fold.content.clone());
            let column = doc.lines[line].column;
            let extent = Extent::Within { rows, column, below };
            let convention = Convention::Spoiler;
            marks.push(Mark { convention, line: first, prompt: vec![title], more, extent });
        }
        floor = below;
    }
    marks
}

/// Where the question above an answer begins: at the nearest heading, or else after the blank line
/// above the paragraph that the answer follows, code and options between them.
fn first_line(search: &Search<'_>, answer: usize, floor: usize) -> Option<usize> {
    let doc = search.doc;
    let mut first = None;
    for line in (floor..answer).rev() {
        if !search.is_free(line) {
            break;
        }
        if doc.heading(line).is_some() {
            return Some(line);
        }
        let says = doc.open(line);
        let is_rule = says.len() >= 3 && says.bytes().all(|byte| b"-*_".contains(&byte));
        if is_rule {
            break;
        }
        let is_paragraph = !says.is_empty() && !says.starts_with(['<', '|', '!']);
        if is_paragraph && !doc.lines[line].is_closed {
            first = Some(line);
        }
    }
    first
}
