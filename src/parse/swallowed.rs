//! Questions that are swallowed by code, a comment or other HTML above them.
//!
//! Markdown continues a block up to its closing line, however far away that is. But a correctly
//! closed block may show questions as an example. So a block with questions is reported only
//!
//! - if it is never closed;
//! - if it contains another opening of the same kind, as it then ends where another block should;
//! - if it is code, and one of the code blocks of the file is such a block, as then each fence may
//!   open or close;
//! - if it is HTML that ends at a blank line.

use std::ops::Range;

use super::blocks::{Block, Kind};
use super::convention::{Opener, fence, hashes};
use super::raw::{self, Swallowed};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Sources, VersionSpan};

/// Finds the blocks of a native file that swallow questions.
pub(super) fn find(text: &str, blocks: &[Block]) -> Vec<Swallowed> {
    let is_html = |block: &&Block| matches!(block.kind, Kind::Html | Kind::Invisible);
    let says = |block: &Block| &text[block.range.clone()];
    let is_odd = |block: &Block| !is_closed(says(block)) || opens_again(says(block));
    let code: Vec<&Block> = blocks.iter().filter(|block| is_code(text, block)).collect();
    let is_doubtful = code.iter().any(|block| is_odd(block));
    let code = code.into_iter().filter(|_| is_doubtful);
    let html = blocks.iter().filter(is_html).filter(|block| {
        let says = says(block);
        raw::end(says).is_none_or(|end| raw::find_end(says, end).is_none()) || opens_again(says)
    });
    let mut found: Vec<Swallowed> =
        code.chain(html).filter_map(|block| check_block(text, block)).collect();
    found.sort_by_key(|swallowed| swallowed.opener.start);
    found
}

fn check_block(text: &str, block: &Block) -> Option<Swallowed> {
    let says = &text[block.range.clone()];
    let lines = says.lines().skip(1);
    let count = lines.filter(|line| is_question(line)).count();
    let opener = says.lines().next().unwrap_or_default().trim_end();
    let is_closed = match raw::end(says) {
        Some(end) => raw::find_end(says, end).is_some(),
        None => !is_code(text, block) || is_closed(says),
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

/// Returns whether a block is fenced code; one with the info string `math` is parsed as a formula.
fn is_code(text: &str, block: &Block) -> bool {
    let first = || text[block.range.clone()].lines().next().and_then(fence);
    block.kind == Kind::Fenced || (block.kind == Kind::Paragraph && first().is_some())
}

/// Returns whether the last line of code closes it.
fn is_closed(code: &str) -> bool {
    let mut lines = code.lines();
    let open = lines.next().and_then(fence);
    let last = lines.next_back().and_then(|line| fence(line.trim()));
    open.zip(last).is_some_and(|((sign, len, _), (other, width, info))| {
        sign == other && width >= len && info.is_empty()
    })
}

/// Returns whether a block contains another opening of the same kind.
fn opens_again(block: &str) -> bool {
    let mut lines = block.lines();
    let first = lines.next().unwrap_or_default();
    let Some(opener) = Opener::of(first) else { return false };
    lines.any(|line| opener.opens(line.trim()))
}

/// Returns whether a line would be a question outside of the block.
fn is_question(line: &str) -> bool {
    let shown = line.trim_start_matches(' ');
    let title = hashes(shown.trim_end()).filter(|_| line.len() - shown.len() <= 3);
    title.is_some_and(|(level, title)| level == 3 && shown[title].starts_with("Q:"))
}

/// Reports that a block has swallowed questions.
pub(super) fn report(sources: &Sources, file: FileId, swallowed: &Swallowed) -> Diagnostic {
    let Swallowed { opener, end, count } = swallowed;
    let says = &sources.text(file)[opener.clone()];
    let span = |range: &Range<usize>| sources.locate(VersionSpan::new(file, range.clone()));
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
    let found = Diagnostic::new(Code::SwallowedQuestion, span(opener), message).help(help);
    match end {
        Some(end) => found.label("opens here").related(span(end), "ends here"),
        None => found.label("never closed"),
    }
}
