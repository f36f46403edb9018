//! A foreign file as a list of lines, with its headings.
//!
//! Foreign files are often no correct Markdown: answers are indented by the wrong number of spaces,
//! tags close nothing. So recognizers see lines, and of Markdown only code, comments and headings.

use std::collections::BTreeMap;
use std::ops::Range;

use super::prompt::{number_width, plain_text, strip_decoration, strip_wrappers};
use crate::parse::raw;

/// The lines and headings of a file.
#[derive(Debug)]
pub(in crate::parse) struct Document<'t> {
    /// The whole text.
    pub text: &'t str,
    /// Its path below the content folder.
    pub path: &'t str,
    /// The lines below the front matter.
    pub lines: Vec<Line>,
    /// The headings, in order.
    pub headings: Vec<Heading>,
    /// The lines of code blocks and comments that may be closed in the wrong place, as their
    /// closing line is missing and another one follows.
    pub doubtful: Vec<Range<usize>>,
}

/// A line of a file.
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
    /// Whether it is part of code or of a comment, in which there is no structure.
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
    /// The place of its text; that of an HTML element may span several lines.
    pub title: Range<usize>,
    /// The column where it begins, or that of its text in a list item.
    pub column: usize,
    /// Whether it is in an item of a list.
    pub is_item: bool,
}

impl<'t> Document<'t> {
    pub(in crate::parse) fn new(text: &'t str, path: &'t str, start: usize) -> Self {
        let mut lines = split_lines(text, start);
        let doubtful = mark_closed(text, &mut lines);
        let headings = find_headings(text, &mut lines);
        Self { text, path, lines, headings, doubtful }
    }

    /// Returns the same document, with structure in all `doubtful` lines.
    pub(in crate::parse) fn with_doubtful_opened(&self) -> Self {
        let mut lines = self.lines.clone();
        for range in &self.doubtful {
            lines[range.clone()].iter_mut().for_each(|line| line.is_closed = false);
        }
        let headings = find_headings(self.text, &mut lines);
        Self { lines, headings, doubtful: Vec::new(), ..*self }
    }

    /// Returns a file of values, which has no structure.
    pub(in crate::parse) fn values(text: &'t str, path: &'t str) -> Self {
        Self { text, path, lines: split_lines(text, 0), headings: Vec::new(), doubtful: Vec::new() }
    }

    /// Returns the text of a line without the white space around it.
    pub(in crate::parse) fn line_text(&self, at: usize) -> &'t str {
        self.lines.get(at).map_or("", |line| &self.text[line.inner.clone()])
    }

    /// Returns the text of a line, or nothing if it is code or a comment.
    pub(in crate::parse) fn open_text(&self, at: usize) -> &'t str {
        if self.lines.get(at).is_some_and(|line| !line.is_closed) { self.line_text(at) } else { "" }
    }

    /// Returns the line that a byte is on.
    pub(in crate::parse) fn line_at(&self, byte: usize) -> usize {
        self.lines.partition_point(|line| line.next <= byte)
    }

    /// Returns the first byte of a line, or the end of the text below the last line.
    pub(in crate::parse) fn line_start(&self, line: usize) -> usize {
        self.lines.get(line).map_or(self.text.len(), |line| line.start)
    }

    /// Returns the first line from `at` on that is not blank.
    pub(in crate::parse) fn next_nonblank(&self, at: usize) -> usize {
        let rest = self.lines.get(at..).unwrap_or_default();
        at + rest.iter().take_while(|line| line.inner.is_empty()).count()
    }

    /// Returns the heading that begins on a line.
    pub(in crate::parse) fn heading_at(&self, line: usize) -> Option<&Heading> {
        let at = self.headings.binary_search_by_key(&line, |heading| heading.line).ok()?;
        Some(&self.headings[at])
    }

    /// Returns the text of a heading without its number, decoration and markup.
    pub(in crate::parse) fn plain_title(&self, heading: &Heading) -> String {
        let mut range =
            strip_decoration(self.text, strip_wrappers(self.text, heading.title.clone()));
        range.start += number_width(&self.text[range.clone()]).unwrap_or_default();
        plain_text(&self.text[strip_decoration(self.text, strip_wrappers(self.text, range))])
    }
}

/// Splits a text into lines, from the byte `start` on.
fn split_lines(text: &str, start: usize) -> Vec<Line> {
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
        let column = indent_width(&rest[..indent]);
        let inner = at + indent..at + indent + shown.len();
        lines.push(Line { start: at, inner, next: at + end + width, column, is_closed: false });
        at += end + width;
    }
    lines
}

/// Returns the column where the text of a line begins, where tabs lead to each fourth.
pub(in crate::parse) fn indent_width(line: &str) -> usize {
    let white = line.chars().take_while(|c| *c == ' ' || *c == '\t');
    white.fold(0, |column, c| if c == '\t' { column / 4 * 4 + 4 } else { column + 1 })
}

/// The opening of a block of several lines without structure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::parse) enum Opener {
    /// A code fence: its character, and how many there are.
    Fence(u8, usize),
    /// A comment or other HTML, which ends with this text.
    Html(&'static str),
}

impl Opener {
    /// Returns what opens on a line.
    pub(in crate::parse) fn of(snippet: &str) -> Option<Self> {
        find_opener(snippet).map(|(_, opener)| opener)
    }

    fn closes(self, snippet: &str) -> bool {
        match self {
            Self::Fence(sign, len) => fence(bare(snippet)).is_some_and(|(other, width, info)| {
                other == sign && width >= len && info.is_empty()
            }),
            Self::Html(end) => raw::find_end(snippet, end).is_some(),
        }
    }

    /// Returns whether a line opens a block of the same kind.
    pub(in crate::parse) fn opens(self, snippet: &str) -> bool {
        match self {
            Self::Fence(sign, len) => {
                let of = |found| matches!(found, Self::Fence(other, width) if other == sign && width >= len);
                Self::of(snippet).is_some_and(of) && !self.closes(snippet)
            }
            // What closes a declaration closes whatever tag is within it.
            Self::Html(">") => snippet.contains('<'),
            Self::Html(end) => {
                snippet.match_indices('<').any(|(at, _)| raw::end(&snippet[at..]) == Some(end))
            }
        }
    }
}

/// Finds what opens on a line and is not closed there, at its beginning or [`beside`] a text;
/// returns it with its place.
fn find_opener(snippet: &str) -> Option<(usize, Opener)> {
    let beside = beside(snippet).unwrap_or_default();
    let shown = &snippet[beside..];
    let fence = fence(bare(shown)).map(|(sign, len, _)| Opener::Fence(sign, len));
    let html = || raw::end(shown).filter(|end| raw::find_end(shown, end).is_none());
    Some((beside, fence.or_else(|| html().map(Opener::Html))?))
}

/// Marks the lines of code, comments and other HTML without structure as closed.
///
/// A block that is never closed is none, so that one slip does not cost the rest of the file. One
/// that opens beside a text must be closed before the same opens again. Returns the doubtful
/// blocks: those that contain another opening of the same kind; and, if such a block is code or a
/// fence is never closed, all code blocks, as then each fence may open or close.
fn mark_closed(text: &str, lines: &mut [Line]) -> Vec<Range<usize>> {
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
    let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
    let mut may_close = |at: usize, line: &Line, opener: Opener| match opener {
        Opener::Fence(b'`', len) => closers[at + 1].0 >= len,
        Opener::Fence(_, len) => closers[at + 1].1 >= len,
        Opener::Html(end) => {
            let last = || raw::rfind_end(text, end).unwrap_or_default();
            *ends.entry(end).or_insert_with(last) > line.inner.end
        }
    };
    let (mut doubtful, mut code) = (Vec::new(), Vec::new());
    let mut is_odd = false;
    let mut at = 0;
    while at < lines.len() {
        let snippet = inner(&lines[at]);
        let found = find_opener(snippet).filter(|(_, opener)| may_close(at, &lines[at], *opener));
        let Some((beside, opener)) = found else {
            is_odd |= fence(bare(snippet)).is_some();
            // It may be closed on its own line.
            lines[at].is_closed =
                raw::end(snippet).is_some_and(|end| raw::find_end(snippet, end).is_some());
            at += 1;
            continue;
        };
        let opens = |line: &Line| beside > 0 && opener.opens(inner(line));
        let ends = |line: &Line| opener.closes(inner(line)) || opens(line);
        let end = lines[at + 1..].iter().position(ends).map(|end| at + 1 + end);
        let Some(end) = end.filter(|end| !opens(&lines[*end])) else {
            at += 1;
            continue;
        };
        let is_code = matches!(opener, Opener::Fence(..));
        let holds_opener = lines[at + 1..=end].iter().any(|line| opener.opens(inner(line)));
        is_odd |= is_code && holds_opener;
        let blocks = if is_code { &mut code } else { &mut doubtful };
        blocks.extend((is_code || holds_opener).then_some(at..end + 1));
        let first = at + usize::from(beside > 0);
        lines[first..=end].iter_mut().for_each(|line| line.is_closed = true);
        at = end + 1;
    }
    doubtful.extend(code.into_iter().filter(|_| is_odd));
    doubtful.sort_by_key(|range| range.start);
    doubtful
}

/// Finds code or a comment that opens behind a text on its line, if the text ends with punctuation:
/// `A: ```rust`.
pub(in crate::parse) fn beside(snippet: &str) -> Option<usize> {
    let is_label = |at: &usize| {
        let before = bare(snippet[..*at].trim_end());
        let is_sign = |c: char| !c.is_alphanumeric() && !"`~\\\"'([{<|/".contains(c);
        let ticks = before.bytes().filter(|byte| *byte == b'`').count();
        before.ends_with(is_sign) && ticks % 2 == 0
    };
    let code = ["```", "~~~"].iter().filter_map(|sign| snippet.find(sign)).min();
    let html = || {
        let mut tags = snippet.match_indices('<').map(|(at, _)| at);
        tags.find(|at| {
            let shown = &snippet[*at..];
            raw::end(shown).is_some_and(|end| raw::find_end(shown, end).is_none())
        })
    };
    code.filter(|at| fence(&snippet[*at..]).is_some()).or_else(html).filter(is_label)
}

/// Returns a line without the `>`s and list markers before its text.
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

/// Returns the width of a list marker, the white space behind it included.
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

/// Parses a code fence: its character, how many there are, and the info string.
pub(in crate::parse) fn fence(line: &str) -> Option<(u8, usize, &str)> {
    let sign = *line.as_bytes().first().filter(|sign| matches!(sign, b'`' | b'~'))?;
    let len = line.bytes().take_while(|byte| *byte == sign).count();
    let info = line[len..].trim();
    (len >= 3 && !(sign == b'`' && info.contains('`'))).then_some((sign, len, info))
}

/// Returns whether a line is a thematic break, as `---` is.
pub(in crate::parse) fn is_thematic_break(snippet: &str) -> bool {
    let signs = snippet.bytes().filter(|byte| *byte != b' ');
    let first = snippet.as_bytes().first().copied().unwrap_or_default();
    b"-*_".contains(&first) && signs.clone().count() >= 3 && signs.into_iter().all(|b| b == first)
}

/// Finds the headings in all notations.
fn find_headings(text: &str, lines: &mut [Line]) -> Vec<Heading> {
    let mut found = Vec::new();
    for at in 0..lines.len() {
        let line = &lines[at];
        if line.is_closed || line.inner.is_empty() {
            continue;
        }
        let snippet = &text[line.inner.clone()];
        if let Some(level) = underline_level(snippet)
            && let Some(before) = at.checked_sub(1).map(|before| &lines[before])
            && is_title(text, lines, at - 1)
        {
            let title = before.inner.clone();
            let (line, below, column, is_item) = (at - 1, at + 1, 0, false);
            found.push(Heading { line, below, level, title, column, is_item });
            continue;
        }
        let width = marker(snippet).unwrap_or_default();
        let shown = &snippet[width..];
        let from = line.inner.start + width;
        let column = line.column + width;
        let by_hashes = hashes(shown)
            .map(|(level, title)| (level, from + title.start..from + title.end, at + 1));
        let Some((level, title, below)) =
            by_hashes.or_else(|| parse_html_heading(text, lines, at, from))
        else {
            continue;
        };
        if width == 0 && line.column > 3 && !is_in_list(text, lines, at) {
            continue;
        }
        found.push(Heading { line: at, below, level, title, column, is_item: width > 0 });
        lines[at + 1..below].iter_mut().for_each(|line| line.is_closed = true);
    }
    found
}

/// Returns whether a line that is indented like code is in a list.
fn is_in_list(text: &str, lines: &[Line], at: usize) -> bool {
    let above = lines[..at].iter().rev().filter(|line| !line.inner.is_empty());
    let above = above.take(200).find(|line| line.column < lines[at].column && !line.is_closed);
    above.is_some_and(|line| marker(&text[line.inner.clone()]).is_some() || line.column > 0)
}

/// Parses a heading with `#`s: its level and the place of its title.
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

/// Parses the opening tag of an HTML heading: its level, and where its title begins.
pub(in crate::parse) fn opens_element(line: &str) -> Option<(usize, usize)> {
    let rest = line.strip_prefix("<h").or_else(|| line.strip_prefix("<H"))?;
    let level = rest.chars().next()?.to_digit(10).filter(|level| (1..=6).contains(level))?;
    let is_tag = rest[1..].starts_with(['>', ' ']);
    let start = line.find('>').filter(|_| is_tag)? + 1;
    Some((level as usize, start))
}

/// How many lines an HTML heading may have.
const ELEMENT_LINES: usize = 8;

/// Parses an HTML heading: its level, the place of its title, and the line below.
fn parse_html_heading(
    text: &str,
    lines: &[Line],
    at: usize,
    from: usize,
) -> Option<(usize, Range<usize>, usize)> {
    let (level, start) = opens_element(&text[from..lines[at].inner.end])?;
    let close = format!("</h{level}>");
    let open = lines[at..].iter().take(ELEMENT_LINES).take_while(|line| !line.is_closed);
    let last = open.into_iter().position(|line| {
        let snippet = &text[line.inner.clone()];
        let end = snippet.len().checked_sub(close.len()).and_then(|end| snippet.get(end..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(&close))
    })?;
    let start = from + start;
    let end = lines[at + last].inner.end - close.len();
    let snippet = text.get(start..end)?;
    let start = start + snippet.len() - snippet.trim_start().len();
    let title = start..start + snippet.trim().len();
    // An image or a link on lines of its own is no title.
    let is_link = || text[title.clone()].starts_with("<a href");
    let is_text = last == 0 || !(plain_text(&text[title.clone()]).is_empty() || is_link());
    is_text.then_some((level, title, at + last + 1))
}

/// Returns the level of the heading that an underline makes of the line above it.
fn underline_level(line: &str) -> Option<usize> {
    let is_all = |sign: u8| line.len() >= 3 && line.bytes().all(|byte| byte == sign);
    is_all(b'=').then_some(1).or_else(|| is_all(b'-').then_some(2))
}

/// Returns whether a line can be an underlined heading: it stands by itself and is no sentence.
fn is_title(text: &str, lines: &[Line], at: usize) -> bool {
    let snippet = &text[lines[at].inner.clone()];
    let is_blank = |at: usize| lines.get(at).is_none_or(|line| line.inner.is_empty());
    let is_apart = at.checked_sub(1).is_none_or(is_blank) && is_blank(at + 2);
    let is_plain = !snippet.starts_with(['#', '<', '>', '|', '`', '-', '*', '+', '!', '%', ':'])
        || snippet.starts_with("**");
    let is_sentence = snippet.ends_with(['.', ':', ';', ',']);
    !lines[at].is_closed && !snippet.is_empty() && is_apart && is_plain && !is_sentence
}
