//! Front matter: YAML between `---` lines or TOML between `+++` lines, at the very top.

use std::ops::Range;

use crate::config::{self, FrontMatter, tree};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// Reads the settings, and returns them with the byte where the text below them begins.
///
/// A first line `---` with a blank line below it is a thematic break, as in most other programs.
#[must_use]
pub fn read(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> (FrontMatter, usize) {
    let (mut settings, start) = read_between_fences(file, text, diagnostics);
    let start = read_head_lines(text, start, &mut settings);
    (settings, start)
}

/// Reads the lines that set the deck and tags of a page for `Obsidian_to_Anki`: `TARGET DECK` and
/// `FILE TAGS`, each with its value below or behind it. Returns where the text below them begins.
fn read_head_lines(text: &str, start: usize, settings: &mut FrontMatter) -> usize {
    let mut at = start;
    loop {
        let blank = text[at..].len() - text[at..].trim_start().len();
        let mut lines = split_lines(text, at + blank);
        let Some((line, place)) = lines.next() else { return at };
        let keys = ["TARGET DECK", "FILE TAGS"];
        let Some(key) = keys.into_iter().find(|key| line.starts_with(key)) else { return at };
        let (value, end) = match line[key.len()..].strip_prefix(':') {
            Some(value) => (value.trim(), place.end),
            None if line == key => match lines.next() {
                Some((below, place)) => (below.trim(), place.end),
                None => return at,
            },
            None => return at,
        };
        if key == "FILE TAGS" {
            let tags = value.split([' ', ',']).map(config::clean_tag);
            settings.tags.extend(tags.filter(|tag| !tag.is_empty()));
        } else if settings.deck.is_none() {
            settings.name_deck(config::levels(value));
        }
        at = end;
    }
}

fn read_between_fences(
    file: FileId,
    text: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> (FrontMatter, usize) {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = split_lines(text, start);
    let Some((fence @ ("---" | "+++"), first)) = lines.next() else {
        return (FrontMatter::default(), start);
    };
    let mut lines = lines.peekable();
    if lines.peek().is_none_or(|(line, _)| line.is_empty()) || is_text(lines.clone()) {
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

/// Returns whether the lines below a first line `---` are Markdown, not YAML, so that the line is a
/// thematic break: they have Markdown syntax, or a heading above a line that is no key.
fn is_text<'t>(lines: impl Iterator<Item = (&'t str, Range<usize>)>) -> bool {
    let mut lines = lines.map(|(line, _)| line).filter(|line| !line.is_empty()).peekable();
    let has_heading = lines.peek().is_some_and(|line| line.starts_with('#'));
    let Some(line) = lines.find(|line| !line.starts_with('#')) else { return false };
    let is_fence = matches!(line, "---" | "+++" | "...");
    let key = line.split([':', '=']).next().filter(|key| key.len() < line.len());
    let is_key = key.is_some_and(|key| !key.is_empty() && !key.contains(['*', '`', '#', '>']));
    let has_sign = line.starts_with(['*', '>', '|', '<', '!', '`', '~']);
    !is_fence && (has_sign || (has_heading && !is_key))
}

/// Returns the lines from a byte on, without white space at their ends, with their places.
fn split_lines(text: &str, start: usize) -> impl Iterator<Item = (&str, Range<usize>)> + Clone {
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
