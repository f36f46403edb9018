//! Writing a reading: pieces of the original, and what is ours between them.
//!
//! What would be structure to the native reader and was none to the author is written so that it
//! is none: headings get deeper, a backslash stands before what would open something.

mod balance;
mod cells;
mod sides;

use std::ops::Range;

use super::candidate::{Row, RowKind};
use super::document::is_thematic_break;
use super::document::{bare, beside, fence, marker};
use super::options;
use super::prompt::Pieces;
use super::sections::Part;
use super::translation::Translation;
use crate::parse::attributes;
use crate::parse::blocks::COLONS;
use crate::source::Segment;

pub(in crate::parse) use sides::classes;

/// Writes a reading.
pub(super) struct Writer<'t> {
    pub(super) source: &'t str,
    pub(super) translation: Translation,
    /// Where labels of ours are in the question that is being written.
    pub(super) labels: Vec<usize>,
}

impl Writer<'_> {
    pub(super) fn glue(&mut self, text: &str) {
        self.translation.text.push_str(text);
    }

    /// A blank line, but not at the top.
    pub(super) fn gap(&mut self) {
        if !self.translation.text.is_empty() {
            self.glue("\n\n");
        }
    }

    /// Begins a label below a blank line.
    pub(super) fn label(&mut self, text: &str) {
        self.gap();
        self.labels.push(self.translation.text.len());
        self.glue(text);
    }

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
    fn copy_but(&mut self, range: Range<usize>, skips: &[usize]) {
        let mut start = range.start;
        for skip in skips.iter().filter(|skip| range.contains(skip)) {
            self.copy(start..*skip);
            start = skip + self.source[*skip..].chars().next().map_or(1, char::len_utf8);
        }
        self.copy(start..range.end);
    }

    /// The text of a heading, on one line.
    pub(super) fn heading(&mut self, pieces: Pieces) {
        let pieces: Pieces =
            pieces.into_iter().flat_map(|piece| by_line(self.source, piece)).collect();
        let count = pieces.len();
        for (at, mut piece) in pieces.into_iter().enumerate() {
            let last = self.translation.parts.last().filter(|_| at > 0);
            let is_apart = last.is_some_and(|last| {
                let end = last.original + last.len;
                end < piece.start && self.source[end..piece.start].contains('\n')
            });
            if is_apart {
                self.glue(" ");
            }
            let is_end = at + 1 == count;
            if is_end && self.source[piece.clone()].ends_with('#') {
                // Signs at the end of a heading would close it.
                piece.end -= 1;
                self.copy(piece.clone());
                self.glue("\\");
                piece = piece.end..piece.end + 1;
            }
            self.copy(piece);
        }
    }

    /// A name that is no Markdown, on one line.
    pub(super) fn name(&mut self, name: &str) {
        for c in name.chars() {
            if r"\`*_[]<>{}$~|&#=^".contains(c) {
                self.glue(&format!("&#{};", u32::from(c)));
            } else {
                self.translation.text.push(c);
            }
        }
    }

    /// Tags behind the text of a heading, in the braces that it may have.
    pub(super) fn tags(&mut self, tags: &[String]) {
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
        self.glue(&tags);
    }

    /// Rows of Markdown, below a blank line; `has_options` says whether they may end in options.
    pub(super) fn part(&mut self, part: &Part, has_options: bool) {
        let rows = &part.rows;
        if rows.is_empty() {
            return;
        }
        self.glue("\n");
        let layout = Layout::of(self.source, part, has_options);
        let mut open: Option<(u8, usize)> = None;
        let mut skip = false;
        for (at, row) in rows.iter().enumerate() {
            if std::mem::take(&mut skip) {
                continue;
            }
            // Each line of a plain text stands by itself.
            let is_broken = row.kind == RowKind::Plain && !row.says(self.source).is_empty();
            let is_first = at == 0 || rows[at - 1].says(self.source).is_empty();
            self.glue(if is_broken && !is_first { "\\\n" } else { "\n" });
            let is_open = open.is_some() && !row.is_closed();
            let form = if is_open { Form::Plain } else { layout.form(self.source, rows, at) };
            // Right below a tag, a fence would be no code.
            let is_below = at > 0 && !rows[at - 1].says(self.source).is_empty();
            self.glue(if form == Form::Fence && is_below { "\n" } else { "" });
            self.row(row, form, layout.indent);
            skip = matches!(form, Form::Title | Form::Ruled(_));
            let says = row.says(self.source);
            match form {
                Form::Beside(at) => open = fenced(open, &says[at..]),
                _ if is_open || row.is_closed() || form == Form::Fence => open = fenced(open, says),
                _ => {}
            }
        }
    }

    fn row(&mut self, row: &Row, form: Form, indent: usize) {
        let inner = row.inner(self.source);
        match form {
            Form::Choice(is_right) => {
                self.glue(if is_right { "- [x] " } else { "- [ ] " });
                self.copy_but(inner, &row.skips);
            }
            Form::ClozeMode(first) => self.gaps(row, first),
            Form::Inline => self.inline(row),
            Form::Literal if row.kind == RowKind::Plain => self.plain(row),
            Form::Literal => self.html(row),
            Form::Fence => self.copy_but(inner, &row.skips),
            Form::Within => {
                self.glue("  ");
                self.line(row, indent);
            }
            Form::Title => {
                self.glue("#### ");
                self.copy_but(inner, &row.skips);
            }
            Form::Ruled(sign) => {
                self.line(row, indent);
                self.glue(if sign == '-' { "\n\n***" } else { "\n" });
            }
            Form::Heading(hashes, level) => {
                self.glue(&"#".repeat(level));
                self.copy_but(inner.start + hashes..inner.end, &row.skips);
            }
            Form::Escaped(at) => {
                let before = row.range.start..inner.start + at;
                self.line(&Row { range: before, ..row.clone() }, indent);
                // Markdown knows no backslash before a wide colon.
                let is_wide = self.source[inner.start + at..].starts_with(COLONS[1]);
                let width = if is_wide { COLONS[1].len_utf8() } else { 0 };
                self.glue(if is_wide { "&#xff1a;" } else { "\\" });
                self.copy_but(inner.start + at + width..inner.end, &row.skips);
            }
            Form::Beside(at) => {
                let before = row.range.start..inner.start + at;
                self.line(&Row { range: before, ..row.clone() }, indent);
                let is_whole = is_whole(self.source, row);
                let column = if is_whole { columns(&self.source[row.range.clone()]) } else { 0 };
                let width = marker(row.says(self.source)).unwrap_or_default();
                self.glue("\n");
                self.glue(&" ".repeat(column.saturating_sub(indent) + width));
                self.copy_but(inner.start + at..inner.end, &row.skips);
            }
            Form::Rule => {
                let column = columns(&self.source[row.range.clone()]);
                self.glue(&" ".repeat(column.saturating_sub(indent)));
                self.glue("***");
            }
            Form::Plain => self.line(row, indent),
        }
    }

    /// A row without the indent that all of its part have.
    fn line(&mut self, row: &Row, indent: usize) {
        let Range { start, end } = row.range;
        // What is quoted is indented from the quote on.
        let is_quoted = row.is_closed() || self.source[..start].ends_with("> ");
        if !is_whole(self.source, row) {
            let says = &self.source[start..end];
            let blank = if is_quoted { 0 } else { says.len() - says.trim_start().len() };
            self.copy_but(start + blank..end, &row.skips);
            return;
        }
        let shown = self.source[start..end].trim_start_matches([' ', '\t']);
        if !row.is_closed() {
            let column = columns(&self.source[start..end]);
            self.glue(&" ".repeat(column.saturating_sub(indent)));
            self.copy_but(end - shown.len()..end, &row.skips);
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
        self.glue(&" ".repeat(column.saturating_sub(indent)));
        self.copy_but(from..end, &row.skips);
    }
}

/// The lines of a text.
fn by_line(source: &str, range: Range<usize>) -> Pieces {
    let says = &source[range.clone()];
    if !says.contains(['\n', '\r']) {
        return vec![range];
    }
    let lines = says.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
    let start = |line: &str| line.as_ptr().addr() - source.as_ptr().addr();
    lines.map(|line| start(line)..start(line) + line.len()).collect()
}

/// What becomes of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// An option, right or wrong.
    Choice(bool),
    /// A text with gaps, and the number of the first.
    ClozeMode(u16),
    /// A text that is no block of its own.
    Inline,
    /// A text in which nothing is Markdown.
    Literal,
    /// Code that nobody closes: it ends with its part.
    Fence,
    /// A line that belongs to the option above it.
    Within,
    /// A heading because of the line below it.
    Title,
    /// The last line of a paragraph with a line below it that would make a heading of all of it.
    Ruled(char),
    /// A heading with so many signs, and its level.
    Heading(usize, usize),
    /// A text with code or a comment that opens behind it, at this place: on a line of its own.
    Beside(usize),
    /// A line that would be structure but for a backslash at this place.
    Escaped(usize),
    /// A line drawn across the answer, by another sign than that which ends one.
    Rule,
    /// As it is.
    Plain,
}

/// What holds for all rows of a part.
struct Layout {
    /// How far all of them are to the right.
    indent: usize,
    /// How much deeper its headings have to be.
    deeper: usize,
    /// The first and the last option.
    options: Option<(usize, usize)>,
}

impl Layout {
    fn of(source: &str, part: &Part, has_options: bool) -> Self {
        let rows = &part.rows;
        let levels = rows.iter().filter_map(|row| level(source, row));
        let is_option = |row: &Row| options::is_option(row, source);
        let first = rows.iter().position(is_option).filter(|_| has_options);
        Self {
            indent: indent(source, rows, part.column),
            deeper: levels.min().map_or(0, |level| 4usize.saturating_sub(level)),
            options: first.zip(rows.iter().rposition(is_option)),
        }
    }

    fn form(&self, source: &str, rows: &[Row], at: usize) -> Form {
        let row = &rows[at];
        let says = row.says(source);
        let is_text = row.kind == RowKind::Text;
        match row.kind {
            RowKind::Choice(is_right) => return Form::Choice(is_right),
            RowKind::ClozeMode(first) => return Form::ClozeMode(first),
            RowKind::Inline => return Form::Inline,
            RowKind::Plain | RowKind::Html => return Form::Literal,
            _ => {}
        }
        if is_text && fence(says).is_some() {
            // Further to the right it might be in an item of a list, and what closes it there
            // would open another.
            let is_left =
                !is_whole(source, row) || columns(&source[row.range.clone()]) <= self.indent;
            return if is_left { Form::Fence } else { Form::Escaped(0) };
        }
        if is_text
            && rows.get(at + 1).is_some_and(Row::is_closed)
            && let Some(at) = beside(says)
        {
            return Form::Beside(at);
        }
        let is_blank_above = at == 0 || rows[at - 1].says(source).is_empty();
        if self.is_in_option(source, rows, at, is_blank_above) {
            return Form::Within;
        }
        if !is_text {
            return Form::Plain;
        }
        if let Some(sign) = rows.get(at + 1).and_then(|below| underline(source, below))
            && !(says.is_empty()
                || marker(says).is_some()
                || says.starts_with(['>', '|', '#', '<']))
        {
            return if is_blank_above { Form::Title } else { Form::Ruled(sign) };
        }
        if let Some(level) = level(source, row) {
            return Form::Heading(level, (level + self.deeper).min(6));
        }
        if says.starts_with('-') && is_thematic_break(says) {
            return Form::Rule;
        }
        label_colon(says).map_or(Form::Plain, Form::Escaped)
    }

    /// Whether a row belongs to an option above it, though it stands beside it.
    fn is_in_option(&self, source: &str, rows: &[Row], at: usize, is_blank_above: bool) -> bool {
        let Some((first, last)) = self.options else { return false };
        let row = &rows[at];
        let is_left = columns(&source[row.range.clone()]) < self.indent + 2;
        let is_own = row.is_closed() || !is_blank_above || at < last;
        at > first
            && !row.says(source).is_empty()
            && is_left
            && is_own
            && !options::is_option(row, source)
    }
}

/// Whether a row begins where its line does.
fn is_whole(source: &str, row: &Row) -> bool {
    source[..row.range.start].is_empty() || source[..row.range.start].ends_with(['\n', '\r'])
}

/// How far all of some rows are to the right.
fn indent(source: &str, rows: &[Row], column: usize) -> usize {
    let shown =
        rows.iter().filter(|row| is_whole(source, row)).filter(|row| !row.says(source).is_empty());
    let columns: Vec<usize> = shown
        .filter(|row| row.kind != RowKind::Closed || fence(row.says(source)).is_some())
        .map(|row| columns(&source[row.range.clone()]))
        .collect();
    let Some(least) = columns.iter().copied().min() else { return column };
    let is_prose = rows.iter().find(|row| !row.says(source).is_empty()).is_some_and(|row| {
        let says = row.says(source);
        row.is_closed()
            || marker(says).is_some()
            || says.starts_with(['*', '<', '>', '#', '!', '|'])
            || says.split(' ').count() > 3
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

/// The column where the text of a line begins.
fn columns(line: &str) -> usize {
    let white = line.chars().take_while(|c| *c == ' ' || *c == '\t');
    white.fold(0, |column, c| if c == '\t' { column / 4 * 4 + 4 } else { column + 1 })
}

/// The level of a heading with `#`s.
fn level(source: &str, row: &Row) -> Option<usize> {
    let says = row.says(source);
    let level = says.bytes().take_while(|byte| *byte == b'#').count();
    let is_heading = (1..=6).contains(&level) && says[level..].starts_with([' ', '\t']);
    (is_heading && row.kind == RowKind::Text).then_some(level)
}

/// The sign of a line that would make a heading of the one above it.
fn underline(source: &str, row: &Row) -> Option<char> {
    let says = row.says(source);
    let is_all = |sign: char| says.len() >= 2 && says.chars().all(|c| c == sign);
    let sign = ['=', '-'].into_iter().find(|sign| is_all(*sign))?;
    (row.kind == RowKind::Text).then_some(sign)
}

/// The colon of a bold text that would open a section, being alone on its line, and is none of the
/// words that open one in any file.
fn label_colon(says: &str) -> Option<usize> {
    let says = says.trim_end_matches('\\').trim_end();
    let mark = ["**", "__"].into_iter().find(|mark| says.starts_with(mark))?;
    let inner = &says[2..];
    let end = inner.find(mark)?;
    let after = &inner[end + 2..];
    let (bold, colon) = match after {
        "" => {
            let bold = inner[..end].trim_end().strip_suffix(COLONS)?;
            (bold, 2 + bold.len())
        }
        _ if after.strip_suffix(COLONS) == Some("") => (&inner[..end], says.len() - after.len()),
        _ => return None,
    };
    let lower = bold.to_lowercase();
    let is_known = ["hint", "hints"].contains(&lower.as_str()) || lower.starts_with("answer");
    (!is_known && !bold.ends_with('\\')).then_some(colon)
}

/// Whether code is still open behind a line of it.
fn fenced(open: Option<(u8, usize)>, says: &str) -> Option<(u8, usize)> {
    let found = fence(bare(says));
    match (open, found) {
        (None, Some((sign, len, _))) => Some((sign, len)),
        (Some((sign, len)), Some((other, width, ""))) if sign == other && width >= len => None,
        (open, _) => open,
    }
}
