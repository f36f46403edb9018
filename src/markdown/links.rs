//! Recognizes links that CommonMark does not: bare URLs, and "images" of documents.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::SpannedEvent;
use crate::media;

/// Turns both into links.
pub(super) fn read(text: &str, events: &mut Vec<SpannedEvent<'_>>) {
    images_to_links(text, events);
    if text.contains("://") {
        *events = link_urls(text, std::mem::take(events));
    }
}

/// Turns images whose target is not an image, audio or video file into links. One without a text
/// shows its target.
fn images_to_links(text: &str, events: &mut Vec<SpannedEvent<'_>>) {
    let is_document = |event: &Event<'_>| matches!(event, Event::Start(Tag::Image { dest_url, .. }) if media::is_document(dest_url));
    if !events.iter().any(|(event, _)| is_document(event)) {
        return;
    }
    let mut out = Vec::with_capacity(events.len());
    // For each open image, whether it is a document, and the text to show if it has none.
    let mut open: Vec<Option<(CowStr<'_>, usize)>> = Vec::new();
    for (event, range) in std::mem::take(events) {
        match event {
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                let document = media::is_document(&dest_url);
                open.push(document.then(|| (dest_url.clone(), out.len() + 1)));
                let tag = if document {
                    Tag::Link { link_type, dest_url, title, id }
                } else {
                    Tag::Image { link_type, dest_url, title, id }
                };
                out.push((Event::Start(tag), range));
            }
            Event::End(TagEnd::Image) => match open.pop().flatten() {
                Some((target, start)) => {
                    if out.len() == start {
                        let at = text[range.clone()].rfind(&*target).map(|at| range.start + at);
                        let place = at.map_or(range.clone(), |at| at..at + target.len());
                        out.push((Event::Text(target), place));
                    }
                    out.push((Event::End(TagEnd::Link), range));
                }
                None => out.push((Event::End(TagEnd::Image), range)),
            },
            event => out.push((event, range)),
        }
    }
    *events = out;
}

/// Turns each URL in a text into a link.
fn link_urls<'s>(text: &str, events: Vec<SpannedEvent<'s>>) -> Vec<SpannedEvent<'s>> {
    let mut out: Vec<SpannedEvent<'s>> = Vec::with_capacity(events.len());
    // How many links, images and code blocks are open.
    let mut closed = 0usize;
    let mut events = events.into_iter().peekable();
    while let Some((event, range)) = events.next() {
        match &event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => closed += 1,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => {
                closed = closed.saturating_sub(1);
            }
            _ => {}
        }
        if closed > 0 || !is_literal(text, &event, &range) {
            out.push((event, range));
            continue;
        }
        // The parser splits text at each character that may be markup.
        let mut parts = vec![(event, range.clone())];
        let mut end = range.end;
        while let Some((event, place)) = events.peek()
            && place.start == end
            && is_literal(text, event, place)
        {
            end = place.end;
            parts.extend(events.next());
        }
        link(text, range.start..end, parts, &mut out);
    }
    out
}

/// Returns whether an event is a text that is unchanged from the source.
fn is_literal(text: &str, event: &Event<'_>, range: &Range<usize>) -> bool {
    matches!(event, Event::Text(shown) if **shown == text[range.clone()])
}

/// Adds the parts of a text, its URLs as links.
fn link<'s>(
    text: &str,
    place: Range<usize>,
    parts: Vec<SpannedEvent<'s>>,
    out: &mut Vec<SpannedEvent<'s>>,
) {
    let urls = find_urls(text, place.clone());
    if urls.is_empty() {
        out.extend(parts);
        return;
    }
    let shown =
        |range: Range<usize>| (Event::Text(CowStr::from(text[range.clone()].to_owned())), range);
    let mut at = place.start;
    for url in urls {
        if at < url.start {
            out.push(shown(at..url.start));
        }
        let target = CowStr::from(text[url.clone()].to_owned());
        let (link_type, title, id) = (LinkType::Autolink, "".into(), "".into());
        out.push((Event::Start(Tag::Link { link_type, dest_url: target, title, id }), url.clone()));
        out.push(shown(url.clone()));
        out.push((Event::End(TagEnd::Link), url.clone()));
        at = url.end;
    }
    if at < place.end {
        out.push(shown(at..place.end));
    }
}

/// Finds the URLs in a part of a text. They end at text that ends a cloze or separates the sides of
/// a card, and before punctuation of the sentence around them.
fn find_urls(text: &str, place: Range<usize>) -> Vec<Range<usize>> {
    let mut urls = Vec::new();
    let mut from = place.start;
    while let Some(at) = text[from..place.end].find("://").map(|at| from + at) {
        let begin = ["https", "http"].iter().find_map(|name| {
            let start = at.checked_sub(name.len()).filter(|start| *start >= from)?;
            let before = text.get(..start)?.chars().next_back();
            let is_begun = before.is_none_or(|c| !c.is_ascii_alphanumeric());
            (text.get(start..at) == Some(*name) && is_begun).then_some(start)
        });
        from = at + 3;
        let Some(start) = begin else { continue };
        let rest = &text[at + 3..place.end];
        let is_end = |c: char| {
            c.is_whitespace()
                || c.is_control()
                || "<>\"`{}|\\，。；：！？、（）【】「」『』《》".contains(c)
        };
        let is_cut = |at: usize| ["::", "=="].iter().any(|sign| rest[at..].starts_with(sign));
        let end = rest.char_indices().find(|(at, c)| is_end(*c) || is_cut(*at));
        let width = end.map_or(rest.len(), |(at, _)| at);
        let shown = trim_url(&rest[..width]);
        if shown.starts_with(char::is_alphanumeric) {
            urls.push(start..from + shown.len());
        }
        // No other URL begins within it.
        from += width;
    }
    urls
}

/// Trims punctuation at the end of a URL, and closing brackets that were opened before it.
fn trim_url(url: &str) -> &str {
    let mut shown = url;
    let opened = |sign: char| url.matches(sign).count();
    let mut extra = [
        (')', opened(')').saturating_sub(opened('('))),
        (']', opened(']').saturating_sub(opened('['))),
    ];
    loop {
        let rest = shown.trim_end_matches(['?', '!', '.', ',', ':', ';', '*', '_', '~', '\'', '$']);
        let bracket = extra.iter_mut().find(|(sign, count)| *count > 0 && rest.ends_with(*sign));
        let rest = match bracket {
            Some((_, count)) => {
                *count -= 1;
                &rest[..rest.len() - 1]
            }
            None => rest,
        };
        if rest.len() == shown.len() {
            return shown;
        }
        shown = rest;
    }
}
