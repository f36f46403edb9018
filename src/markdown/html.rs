//! Finds the tags in a piece of HTML.
//!
//! ammonia makes HTML safe; this only finds where tags begin and end, so that a text that is no
//! element, such as the `<T>` of `Vec<T>`, can be shown as text.
//!
//! The crate `html5gum` (0.8) was tried in its place: it tells the range of each tag, takes linear
//! time, and found the same tags in 171,000 of 200,000 random pieces of HTML. The others have a
//! declaration, a comment without an end, the text of a script, or `</` before another sign, of
//! which HTML makes a comment that goes on to the next `>`; here it is text, and what follows may be
//! a tag. To take it, those pieces have to be settled first: what a browser drops there would be
//! dropped from cards.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::entities;

pub use super::elements::{ALLOWED, is_allowed, is_element, may_be_element};

/// A tag in a piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub struct HtmlTag {
    /// From `<` to `>`.
    pub range: Range<usize>,
    /// The element's name in lower case.
    pub name: String,
    /// The range of the value of the `src` attribute.
    pub source: Option<Range<usize>>,
    /// The ranges of the names and values of the attributes; a missing value is an empty range.
    attributes: Vec<(Range<usize>, Range<usize>)>,
}

impl HtmlTag {
    /// Returns the attributes in this piece of HTML, with their names in lower case. Of two with
    /// the same name the first counts.
    pub fn attributes<'h>(
        &'h self,
        html: &'h str,
    ) -> impl Iterator<Item = (String, Cow<'h, str>)> + 'h {
        let mut seen = BTreeSet::new();
        self.attributes.iter().filter_map(move |(name, written)| {
            let name = html[name.clone()].to_ascii_lowercase();
            seen.insert(name.clone()).then(|| (name, entities::decode(&html[written.clone()])))
        })
    }
}

/// Finds the tags in a piece of HTML; comments, declarations and stray angle brackets are none.
#[must_use]
pub fn tags(html: &str) -> Vec<HtmlTag> {
    let mut tags = Vec::new();
    let mut at = 0;
    // The starts of attributes of unclosed tags: a tag that gets there is unclosed as well.
    let mut unclosed = BTreeSet::new();
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        if html[start..].starts_with("<!--") {
            at = html[start..].find("-->").map_or(html.len(), |end| start + end + 3);
            continue;
        }
        let mut seen = Vec::new();
        let tag = read_tag(html, start, &unclosed, &mut seen);
        if tag.is_none() {
            unclosed.extend(seen);
        }
        at = tag.as_ref().map_or(start + 1, |tag| tag.range.end);
        tags.extend(tag);
    }
    tags
}

/// Removes comments.
#[must_use]
pub fn without_comments(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, comment)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    out + rest
}

/// Reads a tag; adds the starts of its attributes to `seen`.
fn read_tag(
    html: &str,
    start: usize,
    unclosed: &BTreeSet<usize>,
    seen: &mut Vec<usize>,
) -> Option<HtmlTag> {
    let bytes = html.as_bytes();
    let name_start = start + 1 + usize::from(bytes.get(start + 1) == Some(&b'/'));
    if !bytes.get(name_start)?.is_ascii_alphabetic() {
        return None;
    }
    let longest = bytes.len().min(name_start + LONGEST_NAME);
    let name_end = span_while(&bytes[..longest], name_start, |b| {
        !b.is_ascii_whitespace() && !b"/>".contains(&b)
    });
    let (mut source, mut attributes) = (None, Vec::new());
    let mut at = name_end;
    while *bytes.get(at)? != b'>' {
        let is_too_long = name_end - name_start == LONGEST_NAME || attributes.len() == MOST;
        if is_too_long || unclosed.contains(&at) {
            return None;
        }
        seen.push(at);
        let attribute_end =
            span_while(bytes, at, |b| !b.is_ascii_whitespace() && !b"=>/".contains(&b));
        let attribute = at..attribute_end;
        if attribute.is_empty() {
            at += 1;
            continue;
        }
        at = span_while(bytes, attribute_end, |b| b.is_ascii_whitespace());
        if *bytes.get(at)? != b'=' {
            attributes.push((attribute, at..at));
            continue;
        }
        at = span_while(bytes, at + 1, |b| b.is_ascii_whitespace());
        let value = match *bytes.get(at)? {
            quote @ (b'"' | b'\'') => at + 1..span_while(bytes, at + 1, |b| b != quote),
            _ => at..span_while(bytes, at, |b| !b.is_ascii_whitespace() && b != b'>'),
        };
        at = value.end + usize::from(bytes.get(value.end).is_some_and(|b| b"\"'".contains(b)));
        if html[attribute.clone()].eq_ignore_ascii_case("src") {
            source = source.or(Some(value.clone()));
        }
        attributes.push((attribute, value));
    }
    let name = html[name_start..name_end].to_ascii_lowercase();
    Some(HtmlTag { range: start..at + 1, name, source, attributes })
}

/// The longest name of an element, in bytes.
const LONGEST_NAME: usize = 200;

/// The most attributes of an element; a browser compares each with all others.
const MOST: usize = 500;

fn span_while(bytes: &[u8], start: usize, holds: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    start + rest.iter().position(|&b| !holds(b)).unwrap_or(rest.len())
}

/// Returns whether a tag's `src` is shown or played on the card.
#[must_use]
pub fn embeds(tag: &HtmlTag) -> bool {
    matches!(tag.name.as_str(), "img" | "audio" | "video" | "source" | "track")
}

/// Returns the alternative text in a tag.
#[must_use]
pub fn alt_text(tag: &str) -> Option<Cow<'_, str>> {
    let written = ["\"", "'"].iter().find_map(|quote| {
        let (_, after) = tag.split_once(&format!(" alt={quote}"))?;
        Some(after.split_once(quote)?.0)
    });
    written.map(|written| entities::decode(written.trim())).filter(|words| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{tags, without_comments};

    #[test]
    fn tags_are_found() {
        let check = |html: &str, expect: &[(&str, &str, Option<&str>)]| {
            let found: Vec<_> = tags(html)
                .into_iter()
                .map(|tag| {
                    (html[tag.range].to_owned(), tag.name, tag.source.map(|s| html[s].to_owned()))
                })
                .collect();
            let found: Vec<_> = found
                .iter()
                .map(|(all, name, source)| (all.as_str(), name.as_str(), source.as_deref()))
                .collect();
            assert_eq!(found, expect, "{html}");
        };
        check("a <b>c</b>", &[("<b>", "b", None), ("</b>", "b", None)]);
        check(
            "<img alt='>' SRC=\"x y.png\"/>",
            &[("<img alt='>' SRC=\"x y.png\"/>", "img", Some("x y.png"))],
        );
        check("<img src=x.png>", &[("<img src=x.png>", "img", Some("x.png"))]);
        check("a < b > c <3 <!-- <i> --> <", &[]);
        check("<b:x y>", &[("<b:x y>", "b:x", None)]);
        check("<img src", &[]);
        check("<img src='", &[]);
        check(&format!("<b {}>", "x ".repeat(501)), &[]);
    }

    #[test]
    fn comments_are_left_out() {
        let check = |html, expect| assert_eq!(without_comments(html), expect);
        check("a <!-- b --> c <!-- d\n--> e", "a  c  e");
        check("a <!-- never ends", "a ");
        check("a --> b", "a --> b");
    }
}
