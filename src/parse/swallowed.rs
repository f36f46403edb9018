//! Questions that code, a comment or other HTML above them has swallowed.
//!
//! Markdown reads on until what closes a block, however far that is, and nobody sees at the opener
//! that it is missing. But many write about Markdown, and what is closed as it should be may show
//! questions. So a block is reported if it is never closed, or if it opens the same once more, as it
//! then ends where another should; and all code that holds questions if one block of code is such a
//! one, as each fence may then stand for another; HTML that ends at a blank line, always.

use std::ops::Range;

use super::blocks::{Block, Kind};
use super::convention::{Opener, fence, hashes};
use super::raw::{self, Swallowed};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Sources, Span};

/// Those of a native file.
pub(super) fn find(text: &str, blocks: &[Block]) -> Vec<Swallowed> {
    let is_html = |block: &&Block| matches!(block.kind, Kind::Html | Kind::Invisible);
    let says = |block: &Block| &text[block.range.clone()];
    let is_odd = |block: &Block| !is_closed(says(block)) || opens_again(says(block));
    let code: Vec<&Block> = blocks.iter().filter(|block| block.kind == Kind::Fenced).collect();
    let is_doubtful = code.iter().any(|block| is_odd(block));
    let code = code.into_iter().filter(|_| is_doubtful);
    let html = blocks.iter().filter(is_html).filter(|block| {
        let says = says(block);
        raw::end(says).is_none_or(|end| raw::find_end(says, end).is_none()) || opens_again(says)
    });
    let mut found: Vec<Swallowed> =
        code.chain(html).filter_map(|block| swallowed(text, block)).collect();
    found.sort_by_key(|swallowed| swallowed.opener.start);
    found
}

fn swallowed(text: &str, block: &Block) -> Option<Swallowed> {
    let says = &text[block.range.clone()];
    let lines = says.lines().skip(1);
    let count = lines.filter(|line| is_question(line)).count();
    let opener = says.lines().next().unwrap_or_default().trim_end();
    let is_closed = match raw::end(says) {
        Some(end) => raw::find_end(says, end).is_some(),
        None => block.kind != Kind::Fenced || is_closed(says),
    };
    let Range { start, .. } = block.range;
    let shown = says.trim_end();
    let last = shown.rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
    (count > 0).then(|| Swallowed {
        opener: start..start + opener.len(),
        end: is_closed.then(|| start + last..start + shown.len()),
        count,
    })
}

/// Whether the last line of code closes it.
fn is_closed(code: &str) -> bool {
    let mut lines = code.lines();
    let open = lines.next().and_then(fence);
    let last = lines.next_back().and_then(|line| fence(line.trim()));
    open.zip(last).is_some_and(|((sign, len, _), (other, width, info))| {
        sign == other && width >= len && info.is_empty()
    })
}

/// Whether a block opens the same again.
fn opens_again(block: &str) -> bool {
    let mut lines = block.lines();
    let first = lines.next().unwrap_or_default();
    let Some(opener) = Opener::of(first) else { return false };
    lines.any(|line| opener.opens(line.trim()))
}

/// Whether a line asks something, but for what it stands in.
fn is_question(line: &str) -> bool {
    let shown = line.trim_start_matches(' ');
    let title = hashes(shown.trim_end()).filter(|_| line.len() - shown.len() <= 3);
    title.is_some_and(|(level, title)| level == 3 && shown[title].starts_with("Q:"))
}

/// Says that a block has swallowed questions.
pub(super) fn report(sources: &Sources, file: FileId, swallowed: &Swallowed) -> Diagnostic {
    let Swallowed { opener, end, count } = swallowed;
    let span = Span::new(file, opener.clone());
    let says = sources.slice(span);
    let (what, help) = match raw::end(says) {
        _ if !says.starts_with('<') => ("code", "close it above them, by as many of the same sign"),
        Some("-->") => ("comment", "close it above them with `-->`"),
        Some(_) => ("HTML", "close it above them"),
        None => ("HTML", "put a blank line above the first of them"),
    };
    let lines = if *count == 1 {
        "1 line that looks like a question is".to_owned()
    } else {
        format!("{count} lines that look like questions are")
    };
    let message = format!("{lines} read as part of this {what}");
    let found = Diagnostic::new(Code::SwallowedQuestion, span, message).help(help);
    match end {
        Some(end) => found.label("opens here").related(Span::new(file, end.clone()), "ends here"),
        None => found.label("never closed"),
    }
}
