//! A foreign file as a row of lines, with its headings.
//!
//! What people write is often no Markdown that a parser would agree with: answers are indented by
//! the wrong number of spaces, tags stand where they close nothing. So the recognisers see lines,
//! and of Markdown no more than what is code, what is a comment, and what is a heading.

use std::ops::Range;

/// The lines of a file.
#[derive(Debug)]
pub(in crate::parse) struct Document<'t> {
    /// The whole text.
    pub text: &'t str,
    /// Its path below the content folder.
    pub path: &'t str,
    /// From the end of the front matter on.
    pub lines: Vec<Line>,
    /// In order.
    pub headings: Vec<Heading>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parse) struct Line {
    /// Its first byte.
    pub start: usize,
    /// Its text, without the white space around it.
    pub inner: Range<usize>,
    /// The first byte of the next line.
    pub next: usize,
    /// The column where its text begins, from 0.
    pub column: usize,
    /// Whether it is part of code, or of a comment, where nothing is structure.
    pub is_closed: bool,
}

/// A heading in any notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parse) struct Heading {
    /// The line that it begins on.
    pub line: usize,
    /// The line after it.
    pub below: usize,
    /// From 1 to 6.
    pub level: usize,
    /// What it says.
    pub title: Range<usize>,
    /// The column where it begins: that of the text of a list item, if it is in one.
    pub column: usize,
    /// Whether it is in an item of a list.
    pub is_item: bool,
}

impl<'t> Document<'t> {
    pub(in crate::parse) fn new(text: &'t str, path: &'t str, start: usize) -> Self {
        let mut lines = lines(text, start);
        close(text, &mut lines);
        let headings = headings(text, &lines);
        Self { text, path, lines, headings }
    }

    /// A file in which nothing is structure.
    pub(in crate::parse) fn values(text: &'t str, path: &'t str) -> Self {
        Self { text, path, lines: lines(text, 0), headings: Vec::new() }
    }

    /// What a line says, without the white space around it.
    pub(in crate::parse) fn line(&self, at: usize) -> &'t str {
        self.lines.get(at).map_or("", |line| &self.text[line.inner.clone()])
    }

    /// What a line says, if it is neither code nor comment.
    pub(in crate::parse) fn open(&self, at: usize) -> &'t str {
        if self.lines.get(at).is_some_and(|line| !line.is_closed) { self.line(at) } else { "" }
    }

    /// The line that a byte is on.
    pub(in crate::parse) fn line_of(&self, byte: usize) -> usize {
        self.lines.partition_point(|line| line.next <= byte)
    }

    /// Where a line begins; the end of the text, below the last.
    pub(in crate::parse) fn start(&self, line: usize) -> usize {
        self.lines.get(line).map_or(self.text.len(), |line| line.start)
    }

    /// The first line from `at` on that is not blank.
    pub(in crate::parse) fn visible(&self, at: usize) -> usize {
        let rest = self.lines.get(at..).unwrap_or_default();
        at + rest.iter().take_while(|line| line.inner.is_empty()).count()
    }

    /// The heading that begins on a line.
    pub(in crate::parse) fn heading(&self, line: usize) -> Option<&Heading> {
        let at = self.headings.binary_search_by_key(&line, |heading| heading.line).ok()?;
        Some(&self.headings[at])
    }
}

fn lines(text: &str, start: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = start;
    while at < text.len() {
        let rest = &text[at..];
        let end = rest.bytes().position(|byte| byte == b'\n' || byte == b'\r');
        let end = end.unwrap_or(rest.len());
        let width = match &rest[end..] {
            "" => 0,
            after if after.starts_with("\r\n") => 2,
            _ => 1,
        };
        let shown = rest[..end].trim();
        let indent = if shown.is_empty() { 0 } else { end - rest[..end].trim_start().len() };
        let column = rest[..indent].chars().fold(0, |column, c| match c {
            '\t' => column / 4 * 4 + 4,
            _ => column + 1,
        });
        let inner = at + indent..at + indent + shown.len();
        lines.push(Line { start: at, inner, next: at + end + width, column, is_closed: false });
        at += end + width;
    }
    lines
}

/// Finds out which lines are code or comment.
///
/// A fence that nothing ever closes opens nothing, so that one slip does not cost the rest of the
/// file.
fn close(text: &str, lines: &mut [Line]) {
    let inner = |line: &Line| &text[line.inner.clone()];
    // The longest fence that could close one, at or below each line: backticks and tildes.
    let mut closers = vec![(0usize, 0usize); lines.len() + 1];
    for at in (0..lines.len()).rev() {
        closers[at] = closers[at + 1];
        match fence(bare(inner(&lines[at]))) {
            Some((b'`', len, "")) => closers[at].0 = closers[at].0.max(len),
            Some((b'~', len, "")) => closers[at].1 = closers[at].1.max(len),
            _ => {}
        }
    }
    let last = |what: &str| text.rfind(what).unwrap_or_default();
    let (last_comment, last_pre) = (last("-->"), last("</pre>"));
    let mut open: Option<(u8, usize)> = None;
    let mut until: Option<&str> = None;
    for at in 0..lines.len() {
        let says = inner(&lines[at]);
        let line = &mut lines[at];
        if let Some(end) = until {
            line.is_closed = true;
            until = until.filter(|_| !says.contains(end));
            continue;
        }
        if let Some((sign, len)) = open {
            line.is_closed = true;
            let closes = fence(bare(says)).is_some_and(|(other, width, info)| {
                other == sign && width >= len && info.is_empty()
            });
            open = open.filter(|_| !closes);
            continue;
        }
        if let Some((sign, len, _)) = fence(bare(says)) {
            let (ticks, tildes) = closers[at + 1];
            let longest = if sign == b'`' { ticks } else { tildes };
            line.is_closed = longest >= len;
            open = line.is_closed.then_some((sign, len));
        } else if says.starts_with("<!--") {
            line.is_closed = says.contains("-->") || line.start < last_comment;
            until = (line.is_closed && !says.contains("-->")).then_some("-->");
        } else if says.starts_with("<pre") && line.start < last_pre {
            line.is_closed = true;
            until = (!says.contains("</pre>")).then_some("</pre>");
        }
    }
}

/// A line without the signs of a quote or a list item before its text.
pub(in crate::parse) fn bare(line: &str) -> &str {
    let mut rest = line;
    loop {
        let after = rest.strip_prefix('>').or_else(|| marker(rest).map(|width| &rest[width..]));
        match after {
            Some(after) => rest = after.trim_start(),
            None => return rest,
        }
    }
}

/// How wide the sign of a list item before its text is, the white space behind it included.
pub(in crate::parse) fn marker(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let sign = match digits {
        0 => line.starts_with(['-', '*', '+']),
        1..=9 => line[digits..].starts_with(['.', ')']),
        _ => false,
    };
    let rest = line.get(digits + 1..).filter(|_| sign)?;
    let width = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    (width > 0 || rest.is_empty()).then_some(digits + 1 + width)
}

/// The sign of a code fence, how many there are, and what follows.
pub(in crate::parse) fn fence(line: &str) -> Option<(u8, usize, &str)> {
    let sign = *line.as_bytes().first().filter(|sign| matches!(sign, b'`' | b'~'))?;
    let len = line.bytes().take_while(|byte| *byte == sign).count();
    let info = line[len..].trim();
    (len >= 3 && !(sign == b'`' && info.contains('`'))).then_some((sign, len, info))
}

fn headings(text: &str, lines: &[Line]) -> Vec<Heading> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.is_closed || line.inner.is_empty() {
            continue;
        }
        let says = &text[line.inner.clone()];
        if let Some(level) = underline(says)
            && let Some(before) = at.checked_sub(1).map(|before| &lines[before])
            && is_title(text, lines, at - 1)
        {
            let title = before.inner.clone();
            let (line, below, column, is_item) = (at - 1, at + 1, 0, false);
            found.push(Heading { line, below, level, title, column, is_item });
            continue;
        }
        let width = marker(says).unwrap_or_default();
        let shown = &says[width..];
        let Some((level, title)) = hashes(shown).or_else(|| element(shown)) else { continue };
        let from = line.inner.start + width;
        let column = line.column + width;
        if width == 0 && line.column > 3 && !is_in_list(text, lines, at) {
            continue;
        }
        found.push(Heading {
            line: at,
            below: at + 1,
            level,
            title: from + title.start..from + title.end,
            column,
            is_item: width > 0,
        });
    }
    found
}

/// Whether a line as far to the right as code is stands in a list.
fn is_in_list(text: &str, lines: &[Line], at: usize) -> bool {
    let above = lines[..at].iter().rev().filter(|line| !line.inner.is_empty());
    let above = above.take(200).find(|line| line.column < lines[at].column && !line.is_closed);
    above.is_some_and(|line| marker(&text[line.inner.clone()]).is_some() || line.column > 0)
}

/// The level and title of a heading with `#`s.
pub(in crate::parse) fn hashes(line: &str) -> Option<(usize, Range<usize>)> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    let rest = &line[level..];
    if !(1..=6).contains(&level) || !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    let start = line.len() - rest.trim_start().len();
    let open = rest.trim_end_matches('#');
    let is_closed = open.is_empty() || open.ends_with([' ', '\t']);
    let shown = if is_closed { open } else { rest };
    Some((level, start..(level + shown.trim_end().len()).max(start)))
}

/// The level and title of a heading that is an HTML element on one line.
pub(in crate::parse) fn element(line: &str) -> Option<(usize, Range<usize>)> {
    let rest = line.strip_prefix("<h").or_else(|| line.strip_prefix("<H"))?;
    let level = rest.chars().next()?.to_digit(10)?;
    let start = line.find('>')? + 1;
    let end = line.rfind("</")?;
    let is_whole = line[end..].eq_ignore_ascii_case(&format!("</h{level}>"));
    let is_tag = rest[1..].starts_with(['>', ' ']);
    let is_heading = (1..=6).contains(&level) && is_tag && is_whole && start <= end;
    is_heading.then_some((level as usize, start..end))
}

/// The level of the heading that a line makes of the line above it.
fn underline(line: &str) -> Option<usize> {
    let is_all = |sign: u8| line.len() >= 3 && line.bytes().all(|byte| byte == sign);
    is_all(b'=').then_some(1).or_else(|| is_all(b'-').then_some(2))
}

/// Whether a line can be an underlined heading: one line that stands by itself and is no sentence.
fn is_title(text: &str, lines: &[Line], at: usize) -> bool {
    let says = &text[lines[at].inner.clone()];
    let is_blank = |at: usize| lines.get(at).is_none_or(|line| line.inner.is_empty());
    let is_apart = at.checked_sub(1).is_none_or(is_blank) && is_blank(at + 2);
    let is_plain = !says.starts_with(['#', '<', '>', '|', '`', '-', '*', '+', '!', '%', ':'])
        || says.starts_with("**");
    let is_sentence = says.ends_with(['.', ':', ';', ',']);
    !lines[at].is_closed && !says.is_empty() && is_apart && is_plain && !is_sentence
}
