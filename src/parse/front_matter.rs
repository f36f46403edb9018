//! Front matter: YAML between `---` lines or TOML between `+++` lines, at the very top.

use std::ops::Range;

use crate::config::{self, FrontMatter, tree};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// The settings, and the byte where the text below them begins.
///
/// A first line of `---` with a blank line below it is a rule, as in most other readers.
#[must_use]
pub fn read(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> (FrontMatter, usize) {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = lines(text, start);
    let Some((fence @ ("---" | "+++"), first)) = lines.next() else {
        return (FrontMatter::default(), start);
    };
    let mut lines = lines.peekable();
    if lines.peek().is_none_or(|(line, _)| line.is_empty()) {
        return (FrontMatter::default(), start);
    }
    let closes = |line: &str| line == fence || (fence == "---" && line == "...");
    let Some((_, last)) = lines.find(|(line, _)| closes(line)) else {
        let span = Span::new(file, first.start..first.start + fence.len());
        diagnostics.push(
            Diagnostic::new(Code::FrontMatter, span, "this front matter has no end")
                .help(format!("end it with a line `{fence}`, or put a blank line below a rule")),
        );
        return (FrontMatter::default(), first.end);
    };
    let range = first.end..last.start;
    // Some write TOML between the lines of YAML: `name = "…"`.
    let first = text[range.clone()].lines().find(|line| !line.trim().is_empty());
    let sign = first.and_then(|line| line.chars().find(|c| ":=".contains(*c)));
    let is_yaml = fence == "---" && sign != Some('=');
    let read = if is_yaml { tree::yaml } else { tree::toml };
    let entries = read(file, range, text, Code::FrontMatter, diagnostics);
    (config::front_matter(&entries, diagnostics), last.end)
}

/// The lines from a byte on, each without the white space at its end, and their places.
fn lines(text: &str, start: usize) -> impl Iterator<Item = (&str, Range<usize>)> {
    let mut at = start;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let end = rest.find(['\r', '\n']).unwrap_or(rest.len());
        let width = match &rest[end..] {
            "" => 0,
            after if after.starts_with("\r\n") => 2,
            _ => 1,
        };
        let range = at..at + end + width;
        at = range.end;
        Some((rest[..end].trim_end(), range))
    })
}
