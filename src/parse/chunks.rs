//! Chunks of a long text, which are parsed in parallel.
//!
//! A chunk ends above a heading with a blank line before it. No Markdown block continues there,
//! except code and HTML that are still open, which the parser of a chunk notices. A text with
//! footnotes is one chunk, as their definitions apply to the whole text.

use std::ops::Range;

use memchr::memmem;

/// The usual length of a chunk in bytes.
pub(super) const LENGTH: usize = 1 << 15;

/// Splits a text, from the byte `from` on, into chunks of at least `length` bytes, except the last.
pub(super) fn split(text: &str, from: usize, length: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = from;
    let is_one = text.len() - from <= length || has_footnotes(text);
    let to_cut = if is_one { "" } else { &text[from..] };
    let mut fences = find_fences(to_cut).peekable();
    let mut open: Option<&str> = None;
    for newline in memmem::find_iter(to_cut.as_bytes(), b"\n#") {
        let at = from + newline + 1;
        let above = || to_cut[..newline].rsplit('\n').next().unwrap_or_default();
        if at < start + length || !is_heading(&text[at..]) || !above().trim().is_empty() {
            continue;
        }
        while let Some((_, line)) = fences.next_if(|(fence, _)| *fence < newline) {
            open = match open {
                Some(fence) if is_made_of(line, fence) => None,
                None => Some(&line[..3]),
                open => open,
            };
        }
        if open.is_none() {
            pieces.push(start..at);
            start = at;
        }
    }
    pieces.push(start..text.len());
    pieces
}

/// Returns the lines that begin with a code fence, trimmed, with the place of each.
fn find_fences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    memchr::memchr2_iter(b'`', b'~', text.as_bytes()).filter_map(|at| {
        let before = text[..at].trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
        let begins_line = before.is_empty() || before.ends_with('\n');
        let is_fence =
            begins_line && ["```", "~~~"].iter().any(|fence| text[at..].starts_with(fence));
        is_fence.then(|| (at, text[at..].lines().next().unwrap_or_default().trim_end()))
    })
}

fn is_made_of(line: &str, fence: &str) -> bool {
    line.starts_with(fence) && line.trim_start_matches(fence).is_empty()
}

fn is_heading(text: &str) -> bool {
    let title = text.trim_start_matches('#');
    (1..=6).contains(&(text.len() - title.len())) && title.starts_with([' ', '\t'])
}

/// Returns whether a text may define footnotes.
fn has_footnotes(text: &str) -> bool {
    let may_define = |line: &str| line.find("[^").is_some_and(|at| line[at..].contains("]:"));
    text.contains("[^") && text.lines().any(may_define)
}
