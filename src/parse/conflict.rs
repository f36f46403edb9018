//! Merge conflicts: both versions between the markers that Git leaves.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::is_values;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::markdown;
use crate::model::Definitions;
use crate::source::{FileId, Sources, Span};

/// The markers in their order; the second only in the styles `diff3` and `zdiff3`.
const MARKS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// Reports every conflict in a file whose text begins at `start`, except those within a code block,
/// which may be examples.
pub(super) fn report(
    sources: &Sources,
    file: FileId,
    start: usize,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let text = sources.original(file);
    let found = find_conflicts(text);
    if found.is_empty() {
        return;
    }
    let code = if is_values(sources.path(file)) { Vec::new() } else { find_code(text, start) };
    let mut blocks = code.iter().peekable();
    for (first, last) in found {
        let place = first.start..last.end;
        while blocks.next_if(|block| block.end < place.end).is_some() {}
        let is_code = blocks.peek().is_some_and(|block| block.start <= place.start);
        let message = "Git left two versions of this, between its marks";
        let mut problem = Diagnostic::new(Code::ConflictMarks, Span::new(file, first), message)
            .label("the first begins here")
            .related(Span::new(file, last), "the second ends here")
            .help("keep what is right of both, and take the marks out");
        if is_code {
            problem.severity = Severity::Warning;
        }
        diagnostics.push(problem);
    }
}

/// Finds the lines that open and close each conflict.
fn find_conflicts(text: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    if MARKS.iter().any(|mark| *mark != "|||||||" && !text.contains(mark)) {
        return found;
    }
    // What opens the conflict, and which mark stood last.
    let mut open: Option<(Range<usize>, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let place = at..at + line.trim_end().len();
        at += line.len();
        match (marker_index(line), &mut open) {
            (Some(0), _) => open = Some((place, 0)),
            (Some(3), Some((_, 2))) => {
                found.extend(open.take().map(|(first, _)| (first, place)));
            }
            (Some(mark), Some((_, last))) if *last < mark && mark < 3 => *last = mark,
            _ => {}
        }
    }
    found
}

/// Returns the index of the marker that a line is.
fn marker_index(line: &str) -> Option<usize> {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\n', '\r']);
    MARKS.iter().position(|mark| line.strip_prefix(mark).is_some_and(ends))
}

/// Finds the code blocks.
fn find_code(text: &str, start: usize) -> Vec<Range<usize>> {
    let definitions = Definitions::default();
    let events = markdown::parse_at(text, &(start..text.len()), &definitions);
    let blocks = events.into_iter().filter_map(|(event, range)| {
        matches!(event, Event::Start(Tag::CodeBlock(_))).then_some(range)
    });
    blocks.collect()
}

#[cfg(test)]
mod tests {
    use super::find_conflicts;

    #[test]
    fn marks_are_found_in_their_order() {
        let check = |text, count| assert_eq!(find_conflicts(text).len(), count, "{text}");
        check("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n", 1);
        check("<<<<<<<\r\n||||||| x\r\n=======\r\n>>>>>>>", 1);
        check("<<<<<<< a\n=======\n>>>>>>> b\n<<<<<<< a\n=======\n>>>>>>> b\n", 2);
        check("<<<<<<< a\n<<<<<<< b\n=======\n>>>>>>> b\n", 1);
        check("<<<<<<< a\n>>>>>>> b\n=======\n", 0);
        check("=======\n<<<<<<< a\n>>>>>>> b\n", 0);
        check("Title\n=======\n\n>>>>>>> deep\n", 0);
        check("<<<<<<<< a\n=======\n>>>>>>>> b\n", 0);
        check(" <<<<<<< a\n =======\n >>>>>>> b\n", 0);
    }
}
