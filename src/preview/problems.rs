//! What is wrong, for the page: each with its lines of the source.

use serde_json::{Value, json};

use crate::compile::Compiled;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources, Span};

/// So many lines of the source are shown at most.
const MOST_LINES: usize = 6;

/// A longer line is cut.
const LONGEST_LINE: usize = 400;

/// The places where questions begin, to find the question that a problem belongs to.
#[derive(Debug)]
pub(super) struct QuestionStarts {
    /// File, offset and number of each question, by place.
    all: Vec<(FileId, usize, usize)>,
}

impl QuestionStarts {
    pub(super) fn of(compiled: &Compiled) -> Self {
        let questions = compiled.library.questions().enumerate();
        let place = |(at, (_, _, question)): (usize, (_, _, &crate::model::Question))| {
            (question.span.file, question.span.start, at)
        };
        let mut all: Vec<_> = questions.map(place).collect();
        all.sort_unstable();
        Self { all }
    }

    /// Returns the number of the question that a place belongs to.
    pub(super) fn question_at(&self, span: Span) -> Option<usize> {
        let after =
            self.all.partition_point(|(file, start, _)| (*file, *start) <= (span.file, span.start));
        let (file, _, at) = self.all.get(after.checked_sub(1)?)?;
        (*file == span.file).then_some(*at)
    }
}

/// Returns a problem as the page shows it.
pub(super) fn problem(sources: &Sources, problem: &Diagnostic) -> Value {
    let Diagnostic { code, severity, message, span, label, related, help, .. } = problem;
    let related = related.iter().map(|(span, label)| place(sources, *span, label));
    json!({
        "code": code.name(),
        "severity": severity.name(),
        "message": message,
        "place": place(sources, *span, label),
        "related": related.collect::<Vec<_>>(),
        "help": help,
    })
}

/// Returns a place: file, line and column, the lines there, and what to say of them.
pub(super) fn place(sources: &Sources, span: Span, label: &str) -> Value {
    let (line, column) = sources.position(span);
    let mut place = json!({
        "file": sources.display(span.file),
        "path": sources.path(span.file),
        "line": line,
        "column": column,
        "label": label,
    });
    place["lines"] = json!(lines(sources, span));
    place
}

/// Returns the lines at a place, each cut into what is before, at and after it.
fn lines(sources: &Sources, span: Span) -> Vec<[String; 3]> {
    let (_, range) = sources.lines(span);
    let text = sources.original(span.file);
    let mut start = range.start;
    let mut lines = Vec::new();
    for line in text[range].split_inclusive('\n').take(MOST_LINES) {
        let end = start + line.len();
        let from = span.start.clamp(start, end) - start;
        let to = span.end.clamp(start, end) - start;
        let parts = [&line[..from], &line[from..to], &line[to..]];
        lines.push(parts.map(|part| {
            part.trim_end_matches(['\n', '\r'])
                .trim_start_matches('\u{feff}')
                .chars()
                .take(LONGEST_LINE)
                .collect()
        }));
        start = end;
    }
    lines
}
