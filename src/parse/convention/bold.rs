//! `**A bold line that asks something?**`, with its answer below.

use std::ops::Range;

use super::document::marker;
use super::mark::{Extent, Mark, Search};
use super::prompt::{asks, has_mark, is_emoji, number, undecorated, unwrapped};
use crate::model::Convention;

pub(super) fn find(search: &Search<'_>) -> Vec<Mark> {
    let doc = search.doc;
    let mut found: Vec<(Mark, Option<char>)> = Vec::new();
    let mut sure = 0;
    for line in 0..doc.lines.len() {
        if !search.is_free(line) || doc.open(line).is_empty() || doc.heading(line).is_some() {
            continue;
        }
        let Some((prompt, column, sign)) = question(search, line) else { continue };
        sure += usize::from(has_mark(&doc.text[prompt.clone()]));
        let extent = Extent::Below { line: line + 1, level: 7, column, beside: Vec::new() };
        let convention = Convention::Bold;
        found.push((Mark { convention, line, prompt: vec![prompt], more: Vec::new(), extent }, sign));
    }
    if !search.is_told && sure < 2 {
        return Vec::new();
    }
    // Where questions end in an emoji, a line that ends in one is a question.
    let signed = found.iter().filter(|(_, sign)| sign.is_some()).count() * 2 > found.len();
    let is_one = |mark: &Mark, sign: Option<char>| {
        let says = &doc.text[mark.prompt[0].clone()];
        has_mark(says) || (signed && sign.is_some()) || (search.is_bank && asks(says))
    };
    found.into_iter().filter(|(mark, sign)| is_one(mark, *sign)).map(|(mark, _)| mark).collect()
}

/// What a line asks that is bold from its start to its end, but for what decorates it, where the
/// text of its item begins, and the emoji at its end.
fn question(search: &Search<'_>, line: usize) -> Option<(Range<usize>, usize, Option<char>)> {
    let doc = search.doc;
    let whole = doc.lines[line].inner.clone();
    let width = marker(&doc.text[whole.clone()]).unwrap_or_default();
    let mut range = undecorated(doc.text, whole.start + width..whole.end);
    range.start += number(&doc.text[range.clone()]).unwrap_or_default();
    let says = doc.text[range.clone()].trim_end_matches(['\\', ' ']);
    let open = ["**", "__", "<b>", "<strong>"].into_iter().find(|open| says.starts_with(open))?;
    let close = match open {
        "<b>" => "</b>",
        "<strong>" => "</strong>",
        same => same,
    };
    let inner = &says[open.len()..];
    let end = inner.find(close)?;
    let tail = inner[end + close.len()..].trim();
    let tail = tail.trim_end_matches("<br>").trim_end_matches("<br/>").trim();
    let is_tail = tail.chars().all(|c| is_emoji(c) || c.is_whitespace() || "?:.".contains(c));
    if !is_tail || is_second_line(search, line) {
        return None;
    }
    let inner = range.start + open.len()..range.start + open.len() + end;
    let mut title = undecorated(doc.text, unwrapped(doc.text, inner));
    title.start += number(&doc.text[title.clone()]).unwrap_or_default();
    let title = undecorated(doc.text, unwrapped(doc.text, title));
    if title.is_empty() {
        return None;
    }
    let last = |text: &str| text.trim_end().chars().rfind(|c| !c.is_alphanumeric() && !c.is_whitespace());
    let emoji = doc.text[title.clone()].chars().rev().take(4).chain(tail.chars()).find(|c| {
        is_emoji(*c) && !matches!(c, '\u{fe0f}' | '\u{200d}')
    });
    let _ = last;
    let column = if width > 0 { doc.lines[line].column + width } else { 0 };
    Some((title, column, emoji))
}

/// Whether a line goes on with the paragraph above it.
fn is_second_line(search: &Search<'_>, line: usize) -> bool {
    let doc = search.doc;
    let Some(above) = line.checked_sub(1) else { return false };
    let says = doc.line(above);
    let closes = says.ends_with('>') || says.starts_with("---") || doc.lines[above].is_closed;
    !says.is_empty() && doc.heading(above).is_none() && !closes && marker(doc.line(line)).is_none()
}
