//! Lists with a meaning of their own: key points, and options to tick.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{SpannedEvent, events, events_of_parts};
use crate::model::{Definitions, Excerpt};
use crate::source::Sources;

/// Returns the points of a key points section: the items of its lists, and any other block.
#[must_use]
pub fn points(sources: &Sources, definitions: &Definitions, body: &Excerpt) -> Vec<Excerpt> {
    points_in(&events(sources, definitions, body), body)
}

/// Returns the points of a key points section with the events of each.
#[must_use]
pub fn point_events<'s>(
    sources: &'s Sources,
    definitions: &'s Definitions,
    body: &Excerpt,
) -> Vec<(Excerpt, Vec<SpannedEvent<'s>>)> {
    let points = points(sources, definitions, body);
    let events = events_of_parts(sources, definitions, body, &points);
    points.into_iter().zip(events).collect()
}

/// Finds the points in the events of a key points section.
#[must_use]
pub fn points_in(events: &[SpannedEvent<'_>], body: &Excerpt) -> Vec<Excerpt> {
    let mut points: Vec<Excerpt> = Vec::new();
    let mut depth = 0;
    let mut open: Option<(bool, Range<usize>)> = None;
    for (event, range) in events {
        let is_list = matches!(event, Event::Start(Tag::List(_)) | Event::End(TagEnd::List(_)));
        let is_item = matches!(event, Event::Start(Tag::Item) | Event::End(TagEnd::Item));
        match event {
            Event::Start(_) => {
                match &mut open {
                    None if is_item && depth == 1 => open = Some((true, range.end..range.end)),
                    None if !is_list && depth == 0 => open = Some((false, range.clone())),
                    Some((true, inner)) => widen(inner, range),
                    _ => {}
                }
                depth += 1;
            }
            Event::End(_) => {
                depth -= 1;
                let closes = if is_item { depth == 1 } else { depth == 0 && !is_list };
                if closes && let Some((_, content)) = open.take() {
                    points.push(Excerpt { blocks: body.blocks, content });
                }
            }
            Event::Rule | Event::SoftBreak | Event::HardBreak if open.is_none() => {}
            _ => {
                if let Some((true, inner)) = &mut open {
                    widen(inner, range);
                }
            }
        }
    }
    points
        .into_iter()
        .map(|mut point| {
            point.content.start = point.content.start.max(body.content.start);
            point.content.end = point.content.end.min(body.content.end);
            point
        })
        .filter(|point| !point.is_empty())
        .collect()
}

/// Ends each item with its content: the parser extends one that contains no text over the blank
/// lines below.
pub(super) fn trim(text: &str, events: &mut [SpannedEvent<'_>]) {
    for (event, range) in events {
        if matches!(event, Event::Start(Tag::Item) | Event::End(TagEnd::Item)) {
            let shown = text[range.clone()].trim_end_matches([' ', '\t', '\n', '\r']);
            range.end = range.start + shown.len();
        }
    }
}

/// A list of options with checkboxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// The range of the list.
    pub range: Range<usize>,
    /// How many options are ticked.
    pub right: usize,
    /// How many options are not ticked.
    pub wrong: usize,
}

/// Finds the lists of options with checkboxes that are not nested in another such list.
#[must_use]
pub fn choices(sources: &Sources, definitions: &Definitions, body: &Excerpt) -> Vec<Choices> {
    let mut found: Vec<Choices> = Vec::new();
    let has_box = |source: &str| {
        let mut windows = source.as_bytes().windows(3);
        windows.any(|w| {
            w[0] == b'[' && w[2] == b']' && (w[1].is_ascii_whitespace() || w[1] | 32 == b'x')
        })
    };
    if !has_box(sources.text_at(body.span())) {
        return found;
    }
    let mut depth = 0usize;
    for (event, range) in events(sources, definitions, body) {
        match event {
            Event::Start(Tag::List(_)) => {
                if depth == 0 {
                    found.push(Choices { range, right: 0, wrong: 0 });
                }
                depth += 1;
            }
            Event::End(TagEnd::List(_)) => depth = depth.saturating_sub(1),
            Event::TaskListMarker(is_right) if depth == 1 => {
                if let Some(list) = found.last_mut() {
                    list.right += usize::from(is_right);
                    list.wrong += usize::from(!is_right);
                }
            }
            _ => {}
        }
    }
    found.retain(|list| list.right + list.wrong > 0);
    found
}

fn widen(inner: &mut Range<usize>, range: &Range<usize>) {
    if inner.start == inner.end {
        *inner = range.clone();
    } else {
        inner.end = inner.end.max(range.end);
    }
}
