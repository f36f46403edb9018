//! Cells of separated values: plain text and HTML. What would be Markdown in them is escaped.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::super::candidate::Row;
use super::Writer;
use crate::markdown::{self, html};
use crate::model::Definitions;

impl Writer<'_> {
    /// Writes a line of plain text; spaces before it stay.
    pub(super) fn write_plain(&mut self, row: &Row) {
        let inner = row.trimmed_range(self.source);
        let indent = &self.source[row.range.start..inner.start];
        let is_whole = self.source[..row.range.start].ends_with(['\n', '\r']);
        if is_whole && !inner.is_empty() {
            let blanks = indent.chars().map(|c| if c == '\t' { 4 } else { 1 });
            self.push(&"\u{a0}".repeat(blanks.sum()));
        }
        let signs = find_markup(&self.source[inner.clone()]);
        self.write_escaped(inner, &row.skips, &signs);
    }

    /// Writes HTML as a part of an answer.
    pub(super) fn write_html(&mut self, row: &Row) {
        let inner = row.trimmed_range(self.source);
        if !opens_block(&self.source[inner.clone()]) {
            self.write_html_line(row);
            return;
        }
        // An HTML block ends at a blank line.
        self.push("<div>");
        let has_code = self.source[inner.clone()].contains("<pre");
        let mut at = inner.start;
        for line in self.source[inner].split_inclusive('\n') {
            let end = at + line.trim_end().len();
            if end > at {
                self.push("\n");
                self.copy_without(at..end, &row.skips);
            } else if has_code {
                self.push("\n&#32;");
            }
            at += line.len();
        }
        self.push("\n</div>");
    }

    /// Writes HTML on one line.
    pub(super) fn write_html_line(&mut self, row: &Row) {
        let inner = row.trimmed_range(self.source);
        let snippet = &self.source[inner.clone()];
        let mut at = 0;
        let mut code = false;
        for tag in html::tags(snippet) {
            self.write_html_text(inner.start + at..inner.start + tag.range.start, &row.skips, code);
            self.write_on_one_line(
                inner.start + tag.range.start..inner.start + tag.range.end,
                &row.skips,
                " ",
            );
            if tag.name == "pre" {
                code = !snippet[tag.range.clone()].starts_with("</");
            }
            at = tag.range.end;
        }
        self.write_html_text(inner.start + at..inner.end, &row.skips, code);
    }

    /// Writes the text between tags; in code its line breaks stay.
    fn write_html_text(&mut self, range: Range<usize>, skips: &[usize], is_code: bool) {
        let gap = if is_code { "<br>" } else { " " };
        let mut at = range.start;
        for line in self.source[range].split_inclusive(['\n', '\r']) {
            let shown = line.trim_end_matches(['\n', '\r']);
            // Tags, entities and MathJax's brackets mean what they do in HTML.
            let mut signs = find_markup(shown);
            signs.retain(|sign| {
                let rest = &shown[*sign..];
                let is_bracket = ["\\(", "\\)", "\\[", "\\]"].iter().any(|b| rest.starts_with(b));
                let is_after = shown[..*sign].ends_with('\\') && rest.starts_with(['[', ']']);
                !rest.starts_with(['<', '&']) && !is_bracket && !is_after
            });
            self.write_escaped(at..at + shown.len(), skips, &signs);
            self.push(if shown.len() < line.len() { gap } else { "" });
            at += line.len();
        }
    }

    /// Writes text unchanged, but on one line.
    fn write_on_one_line(&mut self, range: Range<usize>, skips: &[usize], gap: &str) {
        let mut at = range.start;
        for line in self.source[range].split_inclusive(['\n', '\r']) {
            let shown = line.trim_end_matches(['\n', '\r']).len();
            self.copy_without(at..at + shown, skips);
            self.push(if shown < line.len() { gap } else { "" });
            at += line.len();
        }
    }

    /// Writes text with a backslash before some of its characters.
    fn write_escaped(&mut self, range: Range<usize>, skips: &[usize], signs: &[usize]) {
        let mut at = range.start;
        for sign in signs {
            self.copy_without(at..range.start + sign, skips);
            self.push("\\");
            at = range.start + sign;
        }
        self.copy_without(at..range.end, skips);
    }
}

/// Returns the places of characters in a line that would be markup.
fn find_markup(line: &str) -> Vec<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mut signs = Vec::new();
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        let next = line[at + c.len_utf8()..].chars().next().unwrap_or(' ');
        let is_first = at == 0;
        let is_markup = match c {
            '\\' | '`' | '*' | '[' | ']' | '$' => true,
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            '~' => !(before == '/' && next.is_alphanumeric()),
            '=' => is_first || next == '=',
            '<' => next.is_ascii_alphabetic() || "/!?".contains(next),
            '&' => next.is_ascii_alphabetic() || next == '#',
            '#' => is_first || at + 1 == line.len(),
            '>' | '|' | ':' | '-' | '+' => is_first,
            '.' | ')' => at > 0 && at == digits,
            _ => false,
        };
        if is_markup {
            signs.push(at);
        }
        before = c;
    }
    signs
}

/// Returns whether HTML would be a block in Markdown.
fn opens_block(snippet: &str) -> bool {
    let line = snippet.lines().next().unwrap_or_default();
    let definitions = Definitions::default();
    let is_block = || {
        let events = markdown::parse(line, &definitions);
        events.first().is_some_and(|(event, _)| *event == Event::Start(Tag::HtmlBlock))
    };
    line.starts_with('<') && is_block()
}
