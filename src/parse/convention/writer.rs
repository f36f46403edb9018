//! The writer of translations: it copies pieces of the original and writes native markup between
//! them.
//!
//! Text of the original that would be structure in the native convention, but was none in the file,
//! is written so that it is none: headings get a deeper level, a backslash escapes what would open
//! a block.

mod balance;
mod cells;
mod sides;

use std::ops::Range;

use super::candidate::{Row, RowKind};
use super::document::{bare, beside, fence, indent_width, is_thematic_break, marker};
use super::options;
use super::prompt::Pieces;
use super::sections::Part;
use super::translation::Translation;
use crate::parse::attributes;
use crate::parse::blocks::COLONS;
use crate::source::Segment;

pub(in crate::parse) use sides::classes;

/// The writer of a translation.
pub(super) struct Writer<'t> {
    pub(super) source: &'t str,
    pub(super) translation: Translation,
    /// The places of the labels that the writer has added to the current question.
    pub(super) labels: Vec<usize>,
}

impl Writer<'_> {
    /// Writes text that is not in the original.
    pub(super) fn push(&mut self, text: &str) {
        self.translation.text.push_str(text);
    }

    /// Writes a blank line, except at the top.
    pub(super) fn push_blank_line(&mut self) {
        if !self.translation.text.is_empty() {
            self.push("\n\n");
        }
    }

    /// Writes the beginning of a label below a blank line.
    pub(super) fn write_label(&mut self, text: &str) {
        self.push_blank_line();
        self.labels.push(self.translation.text.len());
        self.push(text);
    }

    /// Copies a range of the original, and extends the source map.
    ///
    /// For example, copying the bytes 10..15 of the original to byte 7 of the translation adds
    /// `Segment { translated: 7, original: 10, len: 5 }`.
    pub(super) fn copy(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let to = self.translation.text.len();
        self.translation.text.push_str(&self.source[range.clone()]);
        match self.translation.parts.last_mut() {
            Some(last)
                if last.original + last.len == range.start && last.translated + last.len == to =>
            {
                last.len += range.len();
            }
            _ => self.translation.parts.push(Segment {
                translated: to,
                original: range.start,
                len: range.len(),
            }),
        }
    }

    /// Copies a range without the characters at some places in it.
    fn copy_without(&mut self, range: Range<usize>, skips: &[usize]) {
        let mut start = range.start;
        for skip in skips.iter().filter(|skip| range.contains(skip)) {
            self.copy(start..*skip);
            start = skip + self.source[*skip..].chars().next().map_or(1, char::len_utf8);
        }
        self.copy(start..range.end);
    }

    /// Writes the text of a heading on one line.
    pub(super) fn write_heading(&mut self, pieces: Pieces) {
        let pieces: Pieces =
            pieces.into_iter().flat_map(|piece| split_by_line(self.source, piece)).collect();
        let count = pieces.len();
        for (at, mut piece) in pieces.into_iter().enumerate() {
            let last = self.translation.parts.last().filter(|_| at > 0);
            let is_apart = last.is_some_and(|last| {
                let end = last.original + last.len;
                end < piece.start && self.source[end..piece.start].contains('\n')
            });
            if is_apart {
                self.push(" ");
            }
            let is_end = at + 1 == count;
            if is_end && self.source[piece.clone()].ends_with('#') {
                // Signs at the end of a heading would close it.
                piece.end -= 1;
                self.copy(piece.clone());
                self.push("\\");
                piece = piece.end..piece.end + 1;
            }
            self.copy(piece);
        }
    }

    /// Writes a name, in which nothing is Markdown, on one line.
    pub(super) fn write_name(&mut self, name: &str) {
        for c in name.chars() {
            if r"\`*_[]<>{}$~|&#=^".contains(c) {
                self.push(&format!("&#{};", u32::from(c)));
            } else {
                self.translation.text.push(c);
            }
        }
    }

    /// Writes tags behind the text of a heading, into its braces if it has some.
    pub(super) fn write_tags(&mut self, tags: &[String]) {
        if tags.is_empty() {
            return;
        }
        let mut tags = format!(" .{}", tags.join(" ."));
        let line = self.translation.text.rfind('\n').map_or(0, |newline| newline + 1);
        if attributes::find(&self.translation.text[line..]).is_some() {
            let brace = self.translation.text.rfind('}').unwrap_or(self.translation.text.len());
            self.translation.text.truncate(brace);
            if let Some(last) = self.translation.parts.last_mut() {
                last.len = last.len.min(brace.saturating_sub(last.translated));
            }
            tags.push('}');
        } else {
            tags = format!(" {{{}}}", tags.trim_start());
        }
        self.push(&tags);
    }

    /// Writes the rows of a part below a blank line. With `has_options`, they may end with options.
    pub(super) fn write_part(&mut self, part: &Part, has_options: bool) {
        let rows = &part.rows;
        if rows.is_empty() {
            return;
        }
        self.push("\n");
        let layout = Layout::of(self.source, part, has_options);
        let mut open: Option<(u8, usize)> = None;
        let mut skip = false;
        for (at, row) in rows.iter().enumerate() {
            if std::mem::take(&mut skip) {
                continue;
            }
            // Each line of a plain text stands by itself.
            let is_broken = row.kind == RowKind::Plain && !row.trimmed(self.source).is_empty();
            let is_first = at == 0 || rows[at - 1].trimmed(self.source).is_empty();
            self.push(if is_broken && !is_first { "\\\n" } else { "\n" });
            let is_open = open.is_some() && !row.is_closed();
            let form = if is_open { Form::Plain } else { layout.form(self.source, rows, at) };
            // Right below a tag, a fence would be no code.
            let is_below = at > 0 && !rows[at - 1].trimmed(self.source).is_empty();
            self.push(if form == Form::Fence && is_below { "\n" } else { "" });
            self.write_row(row, form, layout.indent);
            skip = matches!(form, Form::Title | Form::Ruled(_));
            let snippet = row.trimmed(self.source);
            match form {
                Form::Beside(at) => open = update_fence(open, &snippet[at..]),
                _ if is_open || row.is_closed() || form == Form::Fence => {
                    open = update_fence(open, snippet);
                }
                _ => {}
            }
        }
    }

    fn write_row(&mut self, row: &Row, form: Form, indent: usize) {
        let inner = row.trimmed_range(self.source);
        match form {
            Form::Choice(is_right) => {
                self.push(if is_right { "- [x] " } else { "- [ ] " });
                self.copy_without(inner, &row.skips);
            }
            Form::Cloze(first) => self.write_clozes(row, first),
            Form::Inline => self.write_inline(row),
            Form::Literal if row.kind == RowKind::Plain => self.write_plain(row),
            Form::Literal => self.write_html(row),
            Form::Fence => self.copy_without(inner, &row.skips),
            Form::Within => {
                self.push("  ");
                self.write_line(row, indent);
            }
            Form::Title => {
                self.push("#### ");
                self.copy_without(inner, &row.skips);
            }
            Form::Ruled(sign) => {
                self.write_line(row, indent);
                self.push(if sign == '-' { "\n\n***" } else { "\n" });
            }
            Form::Heading(hashes, level) => {
                self.push(&"#".repeat(level));
                self.copy_without(inner.start + hashes..inner.end, &row.skips);
            }
            Form::Escaped(at) => {
                let before = row.range.start..inner.start + at;
                self.write_line(&Row { range: before, ..row.clone() }, indent);
                // Markdown knows no backslash before a wide colon.
                let is_wide = self.source[inner.start + at..].starts_with(COLONS[1]);
                let width = if is_wide { COLONS[1].len_utf8() } else { 0 };
                self.push(if is_wide { "&#xff1a;" } else { "\\" });
                self.copy_without(inner.start + at + width..inner.end, &row.skips);
            }
            Form::Beside(at) => {
                let before = row.range.start..inner.start + at;
                self.write_line(&Row { range: before, ..row.clone() }, indent);
                let is_whole = is_whole(self.source, row);
                let column =
                    if is_whole { indent_width(&self.source[row.range.clone()]) } else { 0 };
                let width = marker(row.trimmed(self.source)).unwrap_or_default();
                self.push("\n");
                self.push(&" ".repeat(column.saturating_sub(indent) + width));
                self.copy_without(inner.start + at..inner.end, &row.skips);
            }
            Form::Rule => {
                let column = indent_width(&self.source[row.range.clone()]);
                self.push(&" ".repeat(column.saturating_sub(indent)));
                self.push("***");
            }
            Form::Plain => self.write_line(row, indent),
        }
    }

    /// Writes a row without the indent that all rows of its part have.
    fn write_line(&mut self, row: &Row, indent: usize) {
        let Range { start, end } = row.range;
        // What is quoted is indented from the quote on.
        let is_quoted = row.is_closed() || self.source[..start].ends_with("> ");
        if !is_whole(self.source, row) {
            let snippet = &self.source[start..end];
            let blank = if is_quoted { 0 } else { snippet.len() - snippet.trim_start().len() };
            self.copy_without(start + blank..end, &row.skips);
            return;
        }
        let shown = self.source[start..end].trim_start_matches([' ', '\t']);
        if !row.is_closed() {
            let column = indent_width(&self.source[start..end]);
            self.push(&" ".repeat(column.saturating_sub(indent)));
            self.copy_without(end - shown.len()..end, &row.skips);
            return;
        }
        // Code keeps its tabs.
        let mut column = 0;
        let mut from = start;
        for c in self.source[start..end - shown.len()].chars() {
            if column >= indent {
                break;
            }
            column = if c == '\t' { column / 4 * 4 + 4 } else { column + 1 };
            from += 1;
        }
        self.push(&" ".repeat(column.saturating_sub(indent)));
        self.copy_without(from..end, &row.skips);
    }
}

/// Splits a range into lines.
fn split_by_line(source: &str, range: Range<usize>) -> Pieces {
    let snippet = &source[range.clone()];
    if !snippet.contains(['\n', '\r']) {
        return vec![range];
    }
    let lines = snippet.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
    let start = |line: &str| line.as_ptr().addr() - source.as_ptr().addr();
    lines.map(|line| start(line)..start(line) + line.len()).collect()
}

/// The form that a row is written in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// An option, right or wrong.
    Choice(bool),
    /// A text with clozes, and the number of the first.
    Cloze(u16),
    /// A text that begins no block.
    Inline,
    /// A text in which nothing is Markdown.
    Literal,
    /// An unclosed code fence: the code ends with its part.
    Fence,
    /// A continuation line of the option above it.
    Within,
    /// A heading with an underline below it.
    Title,
    /// The last line of a paragraph with an underline below it, which would make a heading of all
    /// lines.
    Ruled(char),
    /// A heading: the number of its `#`s, and the level to write.
    Heading(usize, usize),
    /// A text with code or a comment that opens at this place, and moves to a line of its own.
    Beside(usize),
    /// A line that would be structure without a backslash at this place.
    Escaped(usize),
    /// A thematic break, written as `***`, since `---` would end the answer.
    Rule,
    /// The row as it is.
    Plain,
}

/// The layout that the rows of a part share.
struct Layout {
    /// The indent that all of them have.
    indent: usize,
    /// How many levels to add to its headings.
    deeper: usize,
    /// The first and the last option.
    options: Option<(usize, usize)>,
}

impl Layout {
    fn of(source: &str, part: &Part, has_options: bool) -> Self {
        let rows = &part.rows;
        let levels = rows.iter().filter_map(|row| heading_level(source, row));
        let is_option = |row: &Row| options::is_option(row, source);
        let first = rows.iter().position(is_option).filter(|_| has_options);
        Self {
            indent: common_indent(source, rows, part.column),
            deeper: levels.min().map_or(0, |level| 4usize.saturating_sub(level)),
            options: first.zip(rows.iter().rposition(is_option)),
        }
    }

    fn form(&self, source: &str, rows: &[Row], at: usize) -> Form {
        let row = &rows[at];
        let snippet = row.trimmed(source);
        let is_text = row.kind == RowKind::Text;
        match row.kind {
            RowKind::Choice(is_right) => return Form::Choice(is_right),
            RowKind::Cloze(first) => return Form::Cloze(first),
            RowKind::Inline => return Form::Inline,
            RowKind::Plain | RowKind::Html => return Form::Literal,
            _ => {}
        }
        if is_text && fence(snippet).is_some() {
            // Further to the right it might be in an item of a list, and what closes it there
            // would open another.
            let is_left =
                !is_whole(source, row) || indent_width(&source[row.range.clone()]) <= self.indent;
            return if is_left { Form::Fence } else { Form::Escaped(0) };
        }
        if is_text
            && rows.get(at + 1).is_some_and(Row::is_closed)
            && let Some(at) = beside(snippet)
        {
            return Form::Beside(at);
        }
        let is_blank_above = at == 0 || rows[at - 1].trimmed(source).is_empty();
        if self.is_in_option(source, rows, at, is_blank_above) {
            return Form::Within;
        }
        if !is_text {
            return Form::Plain;
        }
        if let Some(sign) = rows.get(at + 1).and_then(|below| underline_sign(source, below))
            && !(snippet.is_empty()
                || marker(snippet).is_some()
                || snippet.starts_with(['>', '|', '#', '<']))
        {
            return if is_blank_above { Form::Title } else { Form::Ruled(sign) };
        }
        if let Some(level) = heading_level(source, row) {
            return Form::Heading(level, (level + self.deeper).min(6));
        }
        if snippet.starts_with('-') && is_thematic_break(snippet) {
            return Form::Rule;
        }
        find_label_colon(snippet).map_or(Form::Plain, Form::Escaped)
    }

    /// Returns whether a row belongs to an option above it, though it is not indented.
    fn is_in_option(&self, source: &str, rows: &[Row], at: usize, is_blank_above: bool) -> bool {
        let Some((first, last)) = self.options else { return false };
        let row = &rows[at];
        let is_left = indent_width(&source[row.range.clone()]) < self.indent + 2;
        let is_own = row.is_closed() || !is_blank_above || at < last;
        at > first
            && !row.trimmed(source).is_empty()
            && is_left
            && is_own
            && !options::is_option(row, source)
    }
}

/// Returns whether a row begins where its line does.
fn is_whole(source: &str, row: &Row) -> bool {
    source[..row.range.start].is_empty() || source[..row.range.start].ends_with(['\n', '\r'])
}

/// Returns the indent that all of some rows have.
fn common_indent(source: &str, rows: &[Row], column: usize) -> usize {
    let shown = rows
        .iter()
        .filter(|row| is_whole(source, row))
        .filter(|row| !row.trimmed(source).is_empty());
    let columns: Vec<usize> = shown
        .filter(|row| row.kind != RowKind::Closed || fence(row.trimmed(source)).is_some())
        .map(|row| indent_width(&source[row.range.clone()]))
        .collect();
    let Some(least) = columns.iter().copied().min() else { return column };
    let is_prose = rows.iter().find(|row| !row.trimmed(source).is_empty()).is_some_and(|row| {
        let snippet = row.trimmed(source);
        row.is_closed()
            || marker(snippet).is_some()
            || snippet.starts_with(['*', '<', '>', '#', '!', '|'])
            || snippet.split(' ').count() > 3
    });
    if column == 0 {
        return if least < 4 || is_prose { least } else { 0 };
    }
    let inside = columns.iter().filter(|c| **c >= column);
    if inside.clone().count() * 10 < columns.len() * 9 {
        return columns.iter().copied().filter(|c| *c > 0).min().unwrap_or(0).min(column);
    }
    let least = inside.copied().min().unwrap_or(column);
    if least < column + 4 || is_prose { least } else { column }
}

/// Returns the level of a heading with `#`s.
fn heading_level(source: &str, row: &Row) -> Option<usize> {
    let snippet = row.trimmed(source);
    let level = snippet.bytes().take_while(|byte| *byte == b'#').count();
    let is_heading = (1..=6).contains(&level) && snippet[level..].starts_with([' ', '\t']);
    (is_heading && row.kind == RowKind::Text).then_some(level)
}

/// Returns the character of an underline, which would make a heading of the row above it.
fn underline_sign(source: &str, row: &Row) -> Option<char> {
    let snippet = row.trimmed(source);
    let is_all = |sign: char| snippet.len() >= 2 && snippet.chars().all(|c| c == sign);
    let sign = ['=', '-'].into_iter().find(|sign| is_all(*sign))?;
    (row.kind == RowKind::Text).then_some(sign)
}

/// Finds the colon of a bold text on its own line that the native convention would take for a
/// label, unless it is a label in any convention.
fn find_label_colon(snippet: &str) -> Option<usize> {
    let snippet = snippet.trim_end_matches('\\').trim_end();
    let mark = ["**", "__"].into_iter().find(|mark| snippet.starts_with(mark))?;
    let inner = &snippet[2..];
    let end = inner.find(mark)?;
    let after = &inner[end + 2..];
    let (bold, colon) = match after {
        "" => {
            let bold = inner[..end].trim_end().strip_suffix(COLONS)?;
            (bold, 2 + bold.len())
        }
        _ if after.strip_suffix(COLONS) == Some("") => (&inner[..end], snippet.len() - after.len()),
        _ => return None,
    };
    let lower = bold.to_lowercase();
    let is_known = ["hint", "hints"].contains(&lower.as_str()) || lower.starts_with("answer");
    (!is_known && !bold.ends_with('\\')).then_some(colon)
}

/// Returns the code fence that is open behind a line, given the one that is open before it.
fn update_fence(open: Option<(u8, usize)>, snippet: &str) -> Option<(u8, usize)> {
    let found = fence(bare(snippet));
    match (open, found) {
        (None, Some((sign, len, _))) => Some((sign, len)),
        (Some((sign, len)), Some((other, width, ""))) if sign == other && width >= len => None,
        (open, _) => open,
    }
}
