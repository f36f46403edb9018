//! Reports of lines that look like questions and are read as none.

use std::ops::Range;

use super::convention::Unread;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Sources, Span, VersionSpan};

/// How many such lines outside of questions it takes to report them: people ask in prose, too.
const ENOUGH: usize = 3;

/// Reports the lines of a file with questions.
pub(super) fn report(sources: &Sources, file: FileId, unread: &Unread) -> Vec<Diagnostic> {
    let locate = |line: &Range<usize>| sources.locate(VersionSpan::new(file, line.clone()));
    let report = |lines: &[Range<usize>], how: &str, label: &str, help: &str| {
        let first = lines.first()?;
        let message = match lines.len() {
            1 => format!("this line looks like a question and is {how}"),
            count => format!("{count} lines look like questions and are {how}"),
        };
        let found =
            Diagnostic::new(Code::UnreadQuestion, locate(first), message).label(label).help(help);
        let last = lines.last().filter(|_| lines.len() > 1);
        Some(match last {
            Some(last) => found.related(locate(last), "the last of them"),
            None => found,
        })
    };
    let outside = Some(&unread.outside[..]).filter(|lines| lines.len() >= ENOUGH);
    let outside = outside.and_then(|lines| report(lines, "not read", LEFT_OUT, NAME));
    let within = report(&unread.within, "read as part of an answer", "part of an answer", WRITE);
    outside.into_iter().chain(within).collect()
}

/// Returns how many lines of a file without questions look like some, and the first of them.
pub(super) fn count(sources: &Sources, file: FileId, unread: &Unread) -> Option<(usize, Span)> {
    let first = unread.outside.first()?;
    let first = sources.locate(VersionSpan::new(file, first.clone()));
    Some((unread.outside.len(), first)).filter(|(count, _)| *count >= ENOUGH)
}

/// Adds to the report of a file without questions how many of its lines look like some.
pub(super) fn add_to(mut found: Diagnostic, asking: Option<(usize, Span)>) -> Diagnostic {
    let Some((count, first)) = asking else { return found };
    found.message = format!("{}, though {count} lines look like questions", found.message);
    found.related(first, "the first of them")
}

const LEFT_OUT: &str = "left out of every deck";

const NAME: &str = "write them as the other questions of this file, or say by `convention = \"…\"` \
                    how they are written; `deckpress inspect` lists all that is left out";

const WRITE: &str = "if it is one, write it as the other questions of this file";
