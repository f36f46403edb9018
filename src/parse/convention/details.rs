//! `<details><summary>question</summary> answer </details>`.

use super::fold::Summary;
use super::mark::{Extent, Mark, Row, Search, rows};
use super::marked::asked;
use super::noise;
use super::prompt::{asks, number, undecorated, unwrapped};
use crate::model::Convention;

pub(super) fn find(search: &Search<'_>) -> Vec<Mark> {
    let doc = search.doc;
    let mut marks: Vec<Mark> = Vec::new();
    let (mut asking, mut end) = (0, 0);
    for fold in search.folds {
        let line = doc.line_of(fold.whole.start);
        let is_own = fold.means(doc.text, search.answers) == Summary::Own;
        if fold.whole.start < end || !search.is_free(line) || !is_own {
            continue;
        }
        let mut more = rows(doc, fold.summary.clone());
        more.retain(|row| !row.says(doc.text).is_empty());
        let first = more.iter().take_while(|row| !opens_block(row, doc.text)).count();
        let mut prompt: Vec<_> = more
            .drain(..first.min(lines_of_paragraph(&more, doc, first)))
            .map(|row| row.inner(doc.text))
            .collect();
        let Some(first) = prompt.first_mut() else {
            // What begins with code has no first line.
            if more.is_empty() {
                continue;
            }
            end = fold.whole.end;
            marks.push(mark(line, Vec::new(), more, fold, search));
            continue;
        };
        // What wraps the whole summary may begin on one line and end on another.
        let shown = noise::untagged(&doc.text[first.clone()]);
        first.start = first.end - shown.len();
        *first = undecorated(doc.text, unwrapped(doc.text, first.clone()));
        first.start += number(&doc.text[first.clone()]).unwrap_or_default();
        let worded = asked(doc.text, first.clone(), false);
        prompt.splice(..1, worded.unwrap_or_else(|| vec![prompt[0].clone()]));
        asking += usize::from(prompt.iter().any(|piece| asks(&doc.text[piece.clone()])));
        end = fold.whole.end;
        marks.push(mark(line, prompt, noise::trimmed(doc.text, more), fold, search));
    }
    let enough = if search.is_bank { 1 } else { marks.len().div_ceil(2).max(2) };
    if search.is_told || asking >= enough { marks } else { Vec::new() }
}

fn mark(
    line: usize,
    prompt: Vec<std::ops::Range<usize>>,
    more: Vec<Row>,
    fold: &super::fold::Fold,
    search: &Search<'_>,
) -> Mark {
    let below = search.doc.line_of(fold.whole.end.saturating_sub(1)) + 1;
    let column = search.doc.lines[line].column;
    let extent = Extent::Within { rows: rows(search.doc, fold.content.clone()), column, below };
    Mark { convention: Convention::Details, line, prompt, more, extent }
}

/// How many rows from the start are one paragraph.
fn lines_of_paragraph(rows: &[Row], doc: &super::document::Document<'_>, limit: usize) -> usize {
    let mut count = limit.min(rows.len());
    for at in 1..count {
        let between = &doc.text[rows[at - 1].range.end..rows[at].range.start];
        if between.matches('\n').count() > 1 {
            count = at;
            break;
        }
    }
    count
}

/// Whether a row cannot go on with the paragraph above it.
fn opens_block(row: &Row, text: &str) -> bool {
    let says = row.says(text);
    row.is_closed()
        || super::document::marker(says).is_some()
        || says.starts_with(['>', '|', '#'])
        || super::document::fence(says).is_some()
        || ["<ul", "<ol", "<pre", "<img", "<table", "<div", "!["]
            .iter()
            .any(|tag| says.starts_with(tag))
}
