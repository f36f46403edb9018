//! Obsidian's callouts: quotes that begin with `[!type] Title`.
//!
//! The title becomes a paragraph of its own in bold, so that whoever knows nothing of callouts shows
//! a quote with a title. What type it is, and whether it folds, is read from the source.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::SpannedEvent;

/// A callout, without its title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Callout<'t> {
    /// The type, by which it is coloured.
    pub kind: &'static str,
    /// The type as it is written.
    pub name: &'t str,
    /// Whether it folds, and if so, whether it is open at first.
    pub fold: Option<bool>,
}

/// The alerts of GitHub.
pub const ALERTS: [&str; 5] = ["note", "tip", "important", "warning", "caution"];

/// The types of callouts, each with its other names.
const KINDS: &[(&str, &[&str])] = &[
    ("note", &[]),
    ("abstract", &["summary", "tldr"]),
    ("info", &[]),
    ("todo", &[]),
    ("tip", &["hint", "important"]),
    ("success", &["check", "done"]),
    ("question", &["help", "faq"]),
    ("warning", &["caution", "attention"]),
    ("failure", &["fail", "missing"]),
    ("danger", &["error"]),
    ("bug", &[]),
    ("example", &[]),
    ("quote", &["cite"]),
];

/// What stands at the beginning of a callout.
struct Header<'t> {
    callout: Callout<'t>,
    /// How long it is, with the blanks behind it.
    len: usize,
}

/// Reads `[!type]`, and `-` or `+` behind it.
fn header(text: &str) -> Option<Header<'_>> {
    let inner = text.strip_prefix("[!")?;
    let end = inner.find([']', '\n'])?;
    let rest = inner[end..].strip_prefix(']')?;
    let name = inner[..end].split('|').next().unwrap_or_default().trim();
    if name.is_empty() {
        return None;
    }
    let fold = match rest.as_bytes().first() {
        Some(b'-') => Some(false),
        Some(b'+') => Some(true),
        _ => None,
    };
    let rest = if fold.is_some() { &rest[1..] } else { rest };
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let is_name = |known: &&str| known.eq_ignore_ascii_case(name);
    let known = KINDS.iter().find(|(kind, others)| is_name(kind) || others.iter().any(&is_name));
    let kind = known.map_or("note", |(kind, _)| kind);
    Some(Header { callout: Callout { kind, name, fold }, len: text.len() - rest.len() + blank })
}

/// Returns the callout that a quote at a place is.
#[must_use]
pub fn callout<'t>(text: &'t str, quote: &Range<usize>) -> Option<Callout<'t>> {
    let source = text.get(quote.clone())?.trim_start_matches([' ', '\t', '>']);
    header(source).map(|header| header.callout)
}

/// Returns the title of a callout that has none of its own: its type.
#[must_use]
pub fn callout_title(kind: &str) -> String {
    let mut letters = kind.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect::<String>().replace('-', " ")
}

/// Makes a paragraph of the title of each callout.
pub(super) fn read(text: &str, events: &mut Vec<SpannedEvent<'_>>) {
    let is_quote = |event: &Event<'_>| matches!(event, Event::Start(Tag::BlockQuote(None)));
    if !events.iter().any(|(event, _)| is_quote(event)) {
        return;
    }
    let mut out: Vec<SpannedEvent<'_>> = Vec::with_capacity(events.len() + 8);
    let mut old = std::mem::take(events).into_iter().peekable();
    while let Some((event, range)) = old.next() {
        let opens = is_quote(&event);
        out.push((event, range));
        if !opens {
            continue;
        }
        let Some((Event::Start(Tag::Paragraph), place)) = old.peek().cloned() else { continue };
        let Some(Header { callout: Callout { name, .. }, len }) = header(&text[place.clone()])
        else {
            continue;
        };
        old.next();
        let marker = place.start..place.start + len;
        let mut title: Vec<SpannedEvent<'_>> = Vec::new();
        let mut depth = 0usize;
        let mut has_more = false;
        for (event, range) in old.by_ref() {
            match event {
                Event::SoftBreak | Event::HardBreak if depth == 0 => {
                    has_more = true;
                    break;
                }
                Event::End(TagEnd::Paragraph) => break,
                Event::Start(_) => depth += 1,
                Event::End(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            title.extend(behind((event, range), &marker));
        }
        let end = title.last().map_or(marker.end, |(_, range)| range.end);
        let whole = if title.is_empty() { marker.clone() } else { marker.end..end.max(marker.end) };
        if title.is_empty() {
            title.push((Event::Text(CowStr::from(callout_title(name))), marker));
        }
        out.push((Event::Start(Tag::Paragraph), place.start..whole.end));
        out.push((Event::Start(Tag::Strong), whole.clone()));
        out.append(&mut title);
        out.push((Event::End(TagEnd::Strong), whole.clone()));
        out.push((Event::End(TagEnd::Paragraph), place.start..whole.end));
        if has_more {
            let rest = whole.end..place.end;
            out.push((Event::Start(Tag::Paragraph), rest.clone()));
            let mut depth = 0usize;
            for (event, range) in old.by_ref() {
                match event {
                    Event::End(TagEnd::Paragraph) if depth == 0 => break,
                    Event::Start(_) => depth += 1,
                    Event::End(_) => depth = depth.saturating_sub(1),
                    _ => {}
                }
                out.push((event, range));
            }
            out.push((Event::End(TagEnd::Paragraph), rest));
        }
    }
    *events = out;
}

/// Returns an event as far as it stands behind a marker.
fn behind<'s>((event, range): SpannedEvent<'s>, marker: &Range<usize>) -> Option<SpannedEvent<'s>> {
    if range.start >= marker.end {
        return Some((event, range));
    }
    if range.end <= marker.end {
        return None;
    }
    match event {
        Event::Text(part) => {
            let rest = part.get(marker.end - range.start..)?.to_owned();
            Some((Event::Text(CowStr::from(rest)), marker.end..range.end))
        }
        event => Some((event, range)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Callout, callout};

    #[test]
    fn types_have_other_names() {
        let check = |text: &str, kind, name, fold| {
            let expected = Some(Callout { kind, name, fold });
            assert_eq!(callout(text, &(0..text.len())), expected, "{text}");
        };
        check("> [!note]", "note", "note", None);
        check("> [!TLDR]- Title", "abstract", "TLDR", Some(false));
        check(">[!cite]+", "quote", "cite", Some(true));
        check("> > [!faq|wide] x", "question", "faq", None);
        check("> [!my-own]", "note", "my-own", None);
        for text in ["> note", "> [note]", "> [!]", "> [!a\n> b]"] {
            assert_eq!(callout(text, &(0..text.len())), None, "{text}");
        }
    }
}
