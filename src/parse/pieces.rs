//! A long text as pieces that can be read apart, on all cores.
//!
//! A piece ends above a heading with a blank line before it. Nothing reaches over such a place but
//! code and HTML that are still open there, and whoever reads a piece sees that they are; footnotes
//! are not cut at all, as each is known to the whole text.

use std::ops::Range;

use crate::source::lines;

/// About how long a piece is.
pub(super) const LENGTH: usize = 1 << 14;

/// Cuts a text from its byte `start` on, into pieces that are hardly shorter than `length`.
pub(super) fn of(text: &str, mut start: usize, length: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let is_one = text.len() - start <= length || has_footnotes(text);
    let mut fence: Option<&str> = None;
    let mut is_below_blank = false;
    let mut at = start;
    let to_cut = if is_one { "" } else { &text[start..] };
    for line in lines(to_cut) {
        // Most lines begin so, and none of those is blank, a heading or a fence.
        if line.starts_with(|c: char| c.is_ascii_graphic() && !matches!(c, '#' | '`' | '~')) {
            is_below_blank = false;
            at += line.len();
            continue;
        }
        let inner = line.trim();
        if at - start >= length && is_below_blank && fence.is_none() && is_heading(line) {
            pieces.push(start..at);
            start = at;
        }
        fence = match fence {
            Some(open) if inner.starts_with(open) && inner.trim_start_matches(open).is_empty() => {
                None
            }
            None => ["```", "~~~"].into_iter().find(|fence| inner.starts_with(fence)),
            open => open,
        };
        is_below_blank = inner.is_empty();
        at += line.len();
    }
    pieces.push(start..text.len());
    pieces
}

fn is_heading(line: &str) -> bool {
    let title = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - title.len())) && title.starts_with([' ', '\t'])
}

/// Whether a text may define footnotes.
fn has_footnotes(text: &str) -> bool {
    let may_define = |line: &str| line.find("[^").is_some_and(|at| line[at..].contains("]:"));
    text.contains("[^") && text.lines().any(may_define)
}
