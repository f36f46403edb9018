//! Problems as GitHub's workflow commands, which it shows beside the lines of a pull request.

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Sources, Span};

/// Returns the command for a problem.
pub(super) fn annotation(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let Diagnostic { code, severity, message, span, label, help, .. } = diagnostic;
    let level = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let (line, column) = sources.position(*span);
    let end = Span { file: span.file, start: span.end, end: span.end };
    let (end_line, end_column) = sources.position(end);
    let path = property(&sources.display(span.file));
    // Columns are taken only where all of it is on one line.
    let columns = if end_line == line {
        format!(",col={column},endColumn={end_column}")
    } else {
        String::new()
    };
    let label = Some(label).filter(|label| !label.is_empty());
    let lines = [Some(message), label, help.as_ref()].into_iter().flatten();
    let says = lines.cloned().collect::<Vec<_>>().join("\n");
    format!(
        "::{level} file={path},line={line},endLine={end_line}{columns},title={}::{}",
        code.name(),
        data(&says)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
