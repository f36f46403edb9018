//! Blocks in which nothing is structure: what ends HTML that goes on over blank lines and all else,
//! and what is said of a block that holds questions.

use std::ops::Range;

/// A block that holds lines that look like questions.
#[derive(Debug)]
pub(super) struct Swallowed {
    /// Its first line.
    pub opener: Range<usize>,
    /// Its last line, if that closes it.
    pub end: Option<Range<usize>>,
    /// How many lines look like questions.
    pub count: usize,
}

/// What it begins with, if it is an element.
const ELEMENTS: &[(&str, &str)] = &[
    ("<script", "</script>"),
    ("<style", "</style>"),
    ("<pre", "</pre>"),
    ("<textarea", "</textarea>"),
];

/// What else it begins with.
const OTHERS: &[(&str, &str)] = &[("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>")];

/// What ends the HTML at the beginning of a text, if it goes on until there.
pub(super) fn end(text: &str) -> Option<&'static str> {
    if !text.starts_with('<') {
        return None;
    }
    let is_element = |open: &str| {
        let name = text.get(..open.len());
        let is_apart =
            || text[open.len()..].chars().next().is_none_or(|c| c == '>' || c.is_whitespace());
        name.is_some_and(|name| name.eq_ignore_ascii_case(open)) && is_apart()
    };
    let element = ELEMENTS.iter().find(|(open, _)| is_element(open));
    let other = || OTHERS.iter().find(|(open, _)| text.starts_with(open));
    let is_declared =
        || text[1..].starts_with('!') && text[2..].starts_with(|c: char| c.is_ascii_alphabetic());
    let found = element.or_else(other).map(|(_, end)| *end);
    found.or_else(|| is_declared().then_some(">"))
}

/// Where a text first ends such HTML, in small letters or capitals.
pub(super) fn find_end(text: &str, end: &str) -> Option<usize> {
    let last = text.len().checked_sub(end.len())?;
    let bytes = text.as_bytes();
    let is_here = |at: &usize| bytes[*at..*at + end.len()].eq_ignore_ascii_case(end.as_bytes());
    memchr::memchr_iter(end.as_bytes()[0], &bytes[..=last]).find(is_here)
}

/// Where a text last does.
pub(super) fn rfind_end(text: &str, end: &str) -> Option<usize> {
    let last = text.len().checked_sub(end.len())?;
    let bytes = text.as_bytes();
    let is_here = |at: &usize| bytes[*at..*at + end.len()].eq_ignore_ascii_case(end.as_bytes());
    memchr::memrchr_iter(end.as_bytes()[0], &bytes[..=last]).find(is_here)
}
