//! HTML blocks that end not at a blank line but at a certain text, as comments and `<pre>` do
//! (CommonMark 0.31, section 4.6, kinds 1 to 5).

use std::ops::Range;

/// A block that has swallowed questions.
#[derive(Debug)]
pub(super) struct Swallowed {
    /// Its first line.
    pub opener: Range<usize>,
    /// Its last line, if that closes the block.
    pub end: Option<Range<usize>>,
    /// How many of its lines look like questions.
    pub count: usize,
}

/// The elements that begin such a block.
const ELEMENTS: &[(&str, &str)] = &[
    ("<script", "</script>"),
    ("<style", "</style>"),
    ("<pre", "</pre>"),
    ("<textarea", "</textarea>"),
];

/// The other beginnings of such a block, each with its end.
const OTHERS: &[(&str, &str)] = &[("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>")];

/// Returns the text that ends the HTML block at the beginning of a text.
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

/// Finds the first end of such a block, in lower or upper case.
pub(super) fn find_end(text: &str, end: &str) -> Option<usize> {
    let last = text.len().checked_sub(end.len())?;
    let bytes = text.as_bytes();
    let is_here = |at: &usize| bytes[*at..*at + end.len()].eq_ignore_ascii_case(end.as_bytes());
    memchr::memchr_iter(end.as_bytes()[0], &bytes[..=last]).find(is_here)
}

/// Finds the last end of such a block.
pub(super) fn rfind_end(text: &str, end: &str) -> Option<usize> {
    let last = text.len().checked_sub(end.len())?;
    let bytes = text.as_bytes();
    let is_here = |at: &usize| bytes[*at..*at + end.len()].eq_ignore_ascii_case(end.as_bytes());
    memchr::memrchr_iter(end.as_bytes()[0], &bytes[..=last]).find(is_here)
}
