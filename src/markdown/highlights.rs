//! Highlights that are no gaps: `==this==` in a question without clozes is marked text.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event};

use super::SpannedEvent;
use super::cloze::{self, join_text};

/// Replaces the signs around each highlight in some places by the tags of marked text.
pub(super) fn read<'s>(text: &str, marked: &[Range<usize>], events: &mut Vec<SpannedEvent<'s>>) {
    let place = |at: usize| {
        let after = marked.partition_point(|range| range.start <= at);
        after.checked_sub(1).is_some_and(|before| at < marked[before].end)
    };
    let Some((_, first)) = events.first() else { return };
    if !place(first.start) && !marked.iter().any(|range| range.start >= first.start) {
        return;
    }
    let joined = join_text(std::mem::take(events), text);
    let (found, _) = cloze::find(&joined, text);
    let marks = found.iter().filter(|it| it.number.is_none() && place(it.open.start));
    let mut edits: Vec<(Range<usize>, &'static str)> = Vec::new();
    for mark in marks {
        edits.push((mark.open.clone(), "<mark>"));
        edits.push((mark.close.clone(), "</mark>"));
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = Vec::with_capacity(joined.len() + edits.len() * 2);
    for (event, range) in joined {
        let first = edits.partition_point(|(edit, _)| edit.start < range.start);
        let within = edits[first..].iter().take_while(|(edit, _)| edit.end <= range.end);
        let within: Vec<_> = within.collect();
        if within.is_empty() || !matches!(event, Event::Text(_)) {
            out.push((event, range));
            continue;
        }
        let mut at = range.start;
        let part = |range: Range<usize>| {
            (Event::Text(CowStr::from(text[range.clone()].to_owned())), range)
        };
        for (edit, tag) in within {
            if at < edit.start {
                out.push(part(at..edit.start));
            }
            out.push((Event::InlineHtml(CowStr::from(*tag)), edit.clone()));
            at = edit.end;
        }
        if at < range.end {
            out.push(part(at..range.end));
        }
    }
    *events = out;
}
