//! A foreign file, said in the native convention.
//!
//! The reading holds what belongs to questions and nothing else, each word with its place in the
//! original. It must not say more than the original: what would be structure to the native reader
//! and was none to the author is written so that it is none.

use std::collections::BTreeMap;
use std::ops::Range;

use super::document::{Document, fence, marker};
use super::fold::Fold;
use super::lost;
use super::mark::{Extent, Mark, Row, RowKind, rows};
use super::outline::{Entry, Outline};
use super::prompt::{Pieces, is_emoji, number, undecorated, unwrapped};
use super::sections::{self, Known, Part};
use crate::config::Config;
use crate::model::Convention;
use crate::parse::attributes;
use crate::source::Copied;

/// What a foreign file says.
#[derive(Debug, Default)]
pub(in crate::parse) struct Reading {
    /// In the native convention.
    pub text: String,
    /// Where its parts come from.
    pub parts: Vec<Copied>,
    /// How deep each topic is, by the place of its heading in the text.
    pub topics: BTreeMap<usize, usize>,
    /// How each question is written, by the place of its heading in the text.
    pub questions: BTreeMap<usize, Convention>,
    /// What is left out of the original, and why.
    pub left: Vec<(Range<usize>, &'static str)>,
}

/// Writes the reading of a file.
pub(in crate::parse) fn write(
    doc: &Document<'_>,
    folds: &[Fold],
    outline: &Outline<'_>,
    config: &Config,
) -> Reading {
    let mut writer = Writer { source: doc.text, reading: Reading::default() };
    let known = Known { text: doc.text, folds, config };
    if let Some(title) = outline.title {
        writer.glue("# ");
        writer.heading(vec![unwrapped(doc.text, title.title.clone())]);
    }
    for entry in &outline.entries {
        match entry {
            Entry::Topic(heading, depth) => {
                writer.gap();
                writer.reading.topics.insert(writer.reading.text.len(), *depth);
                writer.glue("## ");
                let title = undecorated(doc.text, unwrapped(doc.text, heading.title.clone()));
                writer.heading(vec![unhashed(doc.text, title)]);
            }
            Entry::Question(mark, end) => question(&mut writer, doc, known, mark, *end),
        }
    }
    writer.reading.left.extend(outline.left.iter().cloned());
    writer.reading.left.sort_by_key(|(range, _)| range.start);
    definitions(&mut writer, doc);
    let Reading { parts, left, .. } = &mut writer.reading;
    left.extend(lost::find(doc, folds, config, parts, left));
    left.sort_by_key(|(range, _)| range.start);
    writer.glue("\n");
    writer.reading
}

/// A title without `#`s that were meant as an ornament: `## # 1. BASICS`.
fn unhashed(text: &str, range: Range<usize>) -> Range<usize> {
    let says = &text[range.clone()];
    let shown = says.trim_start_matches(['#', ' ']);
    let is_ornament = says.starts_with("# ") && !shown.is_empty();
    if is_ornament && number(shown).is_some() { range.end - shown.len()..range.end } else { range }
}

fn question(
    writer: &mut Writer<'_>,
    doc: &Document<'_>,
    known: Known<'_>,
    mark: &Mark,
    end: usize,
) {
    let (content, column) = match &mark.extent {
        Extent::Within { rows, column, .. } => (rows.clone(), *column),
        Extent::Below { line, column, beside, .. } => {
            let mut all = beside.clone();
            all.extend(rows(doc, doc.start(*line)..doc.start(end)));
            (all, *column)
        }
    };
    let is_text = |piece: &&Range<usize>| {
        doc.text[(*piece).clone()].contains(|c: char| !is_emoji(c) && !c.is_whitespace())
    };
    let mut prompt: Pieces =
        mark.prompt.iter().filter(|piece| !piece.is_empty()).cloned().collect();
    if !mark.prompt.iter().any(|piece| is_text(&piece)) {
        prompt.clear();
    }
    let is_asked = !prompt.is_empty() || !mark.more.is_empty();
    let mut sections = sections::read(known, content, column, is_asked);
    prompt.extend(sections.asked.clone());
    writer.reading.left.append(&mut sections.left);
    if prompt.is_empty() && mark.more.is_empty() && sections.prompt.rows.is_empty() {
        let line = doc.lines[mark.line].inner.clone();
        writer.reading.left.push((line, "a question that asks nothing"));
        return;
    }
    let tags = take_tags(doc, mark, known.config, &mut prompt);
    writer.gap();
    writer.reading.questions.insert(writer.reading.text.len(), mark.convention);
    writer.glue("### Q: ");
    writer.heading(prompt);
    writer.tags(&tags);
    writer.part(&Part { rows: mark.more.clone(), column });
    writer.part(&sections.prompt);
    if sections.is_labelled || !mark.more.is_empty() {
        writer.gap();
        writer.glue("**Answer:**");
    }
    writer.part(&sections.answer);
    if let Some(points) = &sections.key_points {
        writer.gap();
        writer.glue("**Key points:**");
        writer.part(points);
    }
}

/// The tags that emoji on the line of a question stand for; the emoji are taken out of it.
fn take_tags(doc: &Document<'_>, mark: &Mark, config: &Config, prompt: &mut Pieces) -> Vec<String> {
    let mut tags = Vec::new();
    for (emoji, tag) in &config.emoji_tags {
        if doc.line(mark.line).contains(emoji) {
            tags.push(tag.clone());
        }
        let pieces = std::mem::take(prompt);
        for mut piece in pieces {
            while let Some(at) = doc.text[piece.clone()].find(emoji) {
                let (before, after) = (piece.start + at, piece.start + at + emoji.len());
                let shown = doc.text[piece.start..before].trim_end_matches(is_unseen);
                prompt.push(piece.start..piece.start + shown.len());
                let rest = &doc.text[after..piece.end];
                piece.start = piece.end - rest.trim_start_matches(is_unseen).len();
            }
            prompt.push(piece);
        }
        prompt.retain(|piece| !piece.is_empty());
    }
    tags
}

/// Whether a character only joins or colours emoji, or is white space.
fn is_unseen(c: char) -> bool {
    c.is_whitespace() || c == '\u{fe0f}' || c == '\u{200d}'
}

/// Definitions of links and footnotes that stand outside any question go to the end.
fn definitions(writer: &mut Writer<'_>, doc: &Document<'_>) {
    let mut left = writer.reading.left.iter().map(|(range, _)| range.clone()).peekable();
    let mut end = 0;
    let mut found = Vec::new();
    for (at, line) in doc.lines.iter().enumerate() {
        while let Some(range) = left.next_if(|range| range.start <= line.inner.start) {
            end = end.max(range.end);
        }
        let label = doc.open(at).strip_prefix('[').and_then(|rest| rest.split_once("]:"));
        let is_definition = label.is_some_and(|(label, _)| !label.contains(['[', ']']));
        if is_definition && line.inner.start < end {
            found.push(line.inner.clone());
        }
    }
    for definition in found {
        writer.gap();
        writer.copy(definition);
    }
}

/// What goes on until a certain text, whatever is in it, if it begins a line of Markdown.
const RAW: &[(&str, &str)] = &[
    ("<!--", "-->"),
    ("<script", "</script>"),
    ("<style", "</style>"),
    ("<pre", "</pre>"),
    ("<textarea", "</textarea>"),
    ("<?", "?>"),
    ("<![CDATA[", "]]>"),
];

/// Writes a reading.
struct Writer<'t> {
    source: &'t str,
    reading: Reading,
}

impl Writer<'_> {
    fn glue(&mut self, text: &str) {
        self.reading.text.push_str(text);
    }

    /// A blank line, but not at the top.
    fn gap(&mut self) {
        if !self.reading.text.is_empty() {
            self.glue("\n\n");
        }
    }

    fn copy(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let to = self.reading.text.len();
        self.reading.text.push_str(&self.source[range.clone()]);
        match self.reading.parts.last_mut() {
            Some(last) if last.from + last.len == range.start && last.to + last.len == to => {
                last.len += range.len();
            }
            _ => self.reading.parts.push(Copied { to, from: range.start, len: range.len() }),
        }
    }

    /// Copies a range without some bytes in it.
    fn copy_but(&mut self, range: Range<usize>, skips: &[usize]) {
        let mut start = range.start;
        for skip in skips.iter().filter(|skip| range.contains(skip)) {
            self.copy(start..*skip);
            start = skip + 1;
        }
        self.copy(start..range.end);
    }

    /// The text of a heading, on one line.
    fn heading(&mut self, pieces: Pieces) {
        let count = pieces.len();
        for (at, mut piece) in pieces.into_iter().enumerate() {
            let last = self.reading.parts.last().filter(|_| at > 0);
            let is_apart = last.is_some_and(|last| {
                let end = last.from + last.len;
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

    /// Tags behind the text of a heading, in the braces that it may have.
    fn tags(&mut self, tags: &[String]) {
        if tags.is_empty() {
            return;
        }
        let mut tags = format!(" .{}", tags.join(" ."));
        let line = self.reading.text.rfind('\n').map_or(0, |newline| newline + 1);
        if attributes::find(&self.reading.text[line..]).is_some() {
            let brace = self.reading.text.rfind('}').unwrap_or(self.reading.text.len());
            self.reading.text.truncate(brace);
            if let Some(last) = self.reading.parts.last_mut() {
                last.len = last.len.min(brace.saturating_sub(last.to));
            }
            tags.push('}');
        } else {
            tags = format!(" {{{}}}", tags.trim_start());
        }
        self.glue(&tags);
    }

    /// Rows of Markdown, below a blank line.
    fn part(&mut self, part: &Part) {
        let rows = &part.rows;
        if rows.is_empty() {
            return;
        }
        self.glue("\n");
        let indent = indent(self.source, rows, part.column);
        let levels = rows.iter().filter_map(|row| level(self.source, row));
        let deeper = levels.min().map_or(0, |level| 4usize.saturating_sub(level));
        let last = |end: &str| {
            rows.iter().rposition(|row| self.source[row.range.clone()].contains(end)).unwrap_or(0)
        };
        let closers: Vec<usize> = RAW.iter().map(|(_, end)| last(end)).collect();
        let mut open: Option<(u8, usize)> = None;
        let mut is_option = false;
        let mut at = 0;
        while let Some(row) = rows.get(at) {
            let says = row.says(self.source);
            let is_blank_above = at == 0 || rows[at - 1].says(self.source).is_empty();
            let underlined = rows.get(at + 1).and_then(|below| underline(self.source, below));
            self.glue("\n");
            if row.kind == RowKind::Text
                && !says.is_empty()
                && underlined.is_some()
                && marker(says).is_none()
                && !says.starts_with(['>', '|', '#', '<'])
            {
                if is_blank_above {
                    self.glue("#### ");
                    self.copy_but(row.inner(self.source), &row.skips);
                } else {
                    self.line(row, indent);
                    self.glue("\n");
                    if underlined == Some('-') {
                        self.glue("\n---");
                    }
                }
                at += 2;
                continue;
            }
            if let RowKind::Choice(is_right) = row.kind {
                self.glue(if is_right { "- [x] " } else { "- [ ] " });
                self.copy_but(row.inner(self.source), &row.skips);
                is_option = true;
            } else if is_option && row.kind == RowKind::Text && !says.is_empty() && !is_blank_above
            {
                self.glue("  ");
                self.copy_but(row.inner(self.source), &row.skips);
            } else if let Some(level) =
                level(self.source, row).filter(|_| row.kind == RowKind::Text)
            {
                let inner = row.inner(self.source);
                self.glue(&"#".repeat((level + deeper).min(6)));
                self.copy_but(inner.start + level..inner.end, &row.skips);
            } else {
                let is_raw = RAW.iter().zip(&closers).any(|((start, end), closer)| {
                    says.starts_with(start) && *closer <= at && !says[start.len()..].contains(end)
                });
                let colon = label_colon(says).filter(|_| row.kind == RowKind::Text);
                if row.kind == RowKind::Text && is_raw {
                    self.glue("\\");
                    self.copy_but(row.inner(self.source), &row.skips);
                } else if let Some(colon) = colon {
                    let inner = row.inner(self.source);
                    self.line(
                        &Row { range: row.range.start..inner.start + colon, ..row.clone() },
                        indent,
                    );
                    self.glue("\\");
                    self.copy_but(inner.start + colon..inner.end, &row.skips);
                } else {
                    self.line(row, indent);
                }
            }
            if row.is_closed() {
                open = fenced(open, says);
            }
            at += 1;
        }
        if let Some((sign, len)) = open {
            self.glue("\n");
            self.glue(&char::from(sign).to_string().repeat(len));
        }
    }

    /// A row without the indent that all of its part have.
    fn line(&mut self, row: &Row, indent: usize) {
        let Range { start, end } = row.range;
        let is_whole = start == 0 || self.source[..start].ends_with(['\n', '\r']);
        if !is_whole {
            let says = &self.source[start..end];
            self.copy_but(start + says.len() - says.trim_start().len()..end, &row.skips);
            return;
        }
        let mut column = 0;
        let mut from = start;
        for c in self.source[start..end].chars() {
            if column >= indent {
                break;
            }
            column = match c {
                ' ' => column + 1,
                '\t' => column / 4 * 4 + 4,
                _ => break,
            };
            from += 1;
        }
        self.glue(&" ".repeat(column.saturating_sub(indent)));
        self.copy_but(from..end, &row.skips);
    }
}

/// How far all of some rows are to the right.
fn indent(source: &str, rows: &[Row], column: usize) -> usize {
    let is_whole =
        |row: &&Row| row.range.start == 0 || source[..row.range.start].ends_with(['\n', '\r']);
    let shown = rows.iter().filter(is_whole).filter(|row| !row.says(source).is_empty());
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
        "" => (inner[..end].trim_end().strip_suffix(':')?, 2 + inner[..end].trim_end().len() - 1),
        ":" => (&inner[..end], says.len() - 1),
        _ => return None,
    };
    let lower = bold.to_lowercase();
    let is_known = ["hint", "hints"].contains(&lower.as_str()) || lower.starts_with("answer");
    (!is_known && !bold.ends_with('\\')).then_some(colon)
}

/// Whether code is still open behind a line of it.
fn fenced(open: Option<(u8, usize)>, says: &str) -> Option<(u8, usize)> {
    let found = fence(super::document::bare(says));
    match (open, found) {
        (None, Some((sign, len, _))) => Some((sign, len)),
        (Some((sign, len)), Some((other, width, ""))) if sign == other && width >= len => None,
        (open, _) => open,
    }
}
