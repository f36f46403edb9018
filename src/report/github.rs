//! Problems as GitHub's workflow commands, which it shows beside the lines of a pull request.

use super::full_text;
use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// Returns the command for a problem.
pub(super) fn annotation(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let Diagnostic { code, severity, span, .. } = diagnostic;
    let level = severity.name();
    let (line, column) = sources.position(*span);
    let (end_line, end_column) = sources.end_position(*span);
    let path = property(&sources.display(span.file));
    // Columns are taken only where all of it is on one line.
    let columns = if end_line == line {
        format!(",col={column},endColumn={end_column}")
    } else {
        String::new()
    };
    format!(
        "::{level} file={path},line={line},endLine={end_line}{columns},title={}::{}",
        code.name(),
        data(&full_text(diagnostic))
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
