//! The notes that others embed, and where their sections and blocks are.

use std::ops::Range;
use std::rc::Rc;

use pulldown_cmark::{Event, Tag};

use super::clean::{self, Note};
use super::syntax::{self, Syntaxes};
use crate::config::Dialect;
use crate::markdown;
use crate::model::Definitions;
use crate::parse::convention::marker;
use crate::parse::front_matter;
use crate::source::{FileId, Sources, Span, Version};
use crate::vault::Vault;

/// A note without the syntax that needs no other note, ready to be embedded.
#[derive(Debug)]
pub(super) struct EmbeddedNote {
    pub(super) file: FileId,
    pub(super) path: String,
    pub(super) version: Version,
    pub(super) syntaxes: Syntaxes,
    /// The byte of the original where its text begins.
    start: usize,
    original: String,
}

/// What is walked through.
#[derive(Clone, Copy)]
pub(super) struct Walked<'w> {
    pub(super) version: &'w Version,
    pub(super) syntaxes: &'w Syntaxes,
    pub(super) file: FileId,
    pub(super) path: &'w str,
}

impl Walked<'_> {
    /// Returns where a range of it was written.
    pub(super) fn locate(self, range: &Range<usize>) -> Span {
        self.version.locate(self.file, range)
    }
}

/// A part of a note, in its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) range: Range<usize>,
    /// How far its lines are indented beyond their first.
    pub(super) column: usize,
}

impl EmbeddedNote {
    /// Reads a note.
    pub(super) fn read(
        sources: &Sources,
        file: FileId,
        vault: &Vault<'_>,
        dialect: Option<Dialect>,
    ) -> Rc<Self> {
        let (text, path) = (sources.original(file), sources.path(file));
        let (_, start) = front_matter::read(file, text, &mut Vec::new());
        let is_embedded = true;
        let cleaned = clean::clean(Note { file, text, path, start, dialect, vault, is_embedded });
        let version = cleaned.map_or_else(|| Version::whole(file, text), |cleaned| cleaned.version);
        let syntaxes = syntax::find(&version.text, version.find(start));
        let (original, path) = (text.to_owned(), path.to_owned());
        Rc::new(Self { file, path, version, syntaxes, start, original })
    }

    fn in_version(&self, range: &Range<usize>) -> Range<usize> {
        let [start, end] = [range.start, range.end].map(|at| self.version.find(at));
        start..end.max(start)
    }

    /// Returns all of it below its front matter.
    pub(super) fn body(&self) -> Part {
        let end = self.version.text.len();
        Part { range: self.version.find(self.start).min(end)..end, column: 0 }
    }

    /// Returns the section below some headings, each within the one before.
    pub(super) fn section(&self, headings: &[&str]) -> Option<Part> {
        let known = self.headings();
        let mut within = 0..known.len();
        let mut found = None;
        for heading in headings {
            let wanted = fold_heading(heading);
            let at = within.clone().find(|at| fold_heading(&known[*at].2) == wanted)?;
            let end = (at + 1..known.len()).find(|next| known[*next].0 <= known[at].0);
            within = at + 1..end.unwrap_or(known.len());
            let end = end.map_or(self.original.len(), |end| known[end].1);
            found = Some(known[at].1..end);
        }
        found.map(|range| Part { range: self.in_version(&range), column: 0 })
    }

    /// Returns the level, place and text of each heading.
    fn headings(&self) -> Vec<(u8, usize, String)> {
        let none = Definitions::default();
        let mut headings = Vec::new();
        for (event, range) in markdown::parse(&self.original[self.start..], &none) {
            if let Event::Start(Tag::Heading { level, .. }) = event {
                let text =
                    self.original[self.start..][range.clone()].trim_matches(['#', ' ', '\n']);
                headings.push((markdown::level(level), self.start + range.start, text.to_owned()));
            }
        }
        headings
    }

    /// Returns the block with an id: a paragraph, an item with its children, or the block before a
    /// line that holds nothing else.
    pub(super) fn block(&self, id: &str) -> Option<Part> {
        let text = &self.original;
        let mark = format!("^{id}");
        let lower = text.to_ascii_lowercase();
        let is_id = |at: &usize| {
            let line = &text[at + mark.len()..];
            let is_end = line.lines().next().unwrap_or_default().trim().is_empty();
            let before = text[..*at].chars().next_back();
            is_end && before.is_none_or(char::is_whitespace)
        };
        let mark = mark.to_ascii_lowercase();
        let places = lower[self.start..].match_indices(&*mark);
        let at = places.map(|(at, _)| self.start + at).find(is_id)?;
        let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1).max(self.start);
        let is_alone = text[line..at].trim_matches([' ', '\t', '>']).is_empty();
        let range = if is_alone { self.block_before(line)? } else { self.block_around(at)? };
        Some(self.part(range))
    }

    /// Returns the block of a graph in which a property gives this id, with the blocks below it or
    /// alone. A graph is an outline, whatever Markdown would make of how far it is indented.
    pub(super) fn block_with_property(&self, id: &str, is_whole: bool) -> Option<Part> {
        let text = &self.original;
        let at = self.start + text[self.start..].find(&format!("id:: {id}"))?;
        let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let width = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
        let mut start = line_start(at);
        while marker(text[start..].trim_start_matches([' ', '\t'])).is_none() {
            start = line_start(start.checked_sub(1).filter(|before| *before >= self.start)?);
        }
        let indent = width(&text[start..]);
        let mut end = start;
        for (number, line) in text[start..].split_inclusive('\n').enumerate() {
            let is_item = marker(line.trim_start_matches([' ', '\t'])).is_some();
            let is_outside = width(line) <= indent && (is_item || !line.trim().is_empty());
            if number > 0 && (is_outside || (is_item && !is_whole)) {
                break;
            }
            end += line.len();
        }
        Some(self.part(start + indent..end))
    }

    fn part(&self, range: Range<usize>) -> Part {
        let line = self.original[..range.start].rfind('\n').map_or(0, |newline| newline + 1);
        let column = range.start - line;
        Part { range: self.in_version(&range), column }
    }

    /// Returns the smallest block around a place; an item comes before its first paragraph.
    fn block_around(&self, at: usize) -> Option<Range<usize>> {
        let none = Definitions::default();
        let mut best: Option<Range<usize>> = None;
        let mut is_item = false;
        for (event, range) in markdown::parse(&self.original[self.start..], &none) {
            let Event::Start(tag) = &event else { continue };
            let range = range.start + self.start..range.end + self.start;
            let is_block = matches!(
                tag,
                Tag::Paragraph
                    | Tag::Heading { .. }
                    | Tag::Item
                    | Tag::Table(_)
                    | Tag::BlockQuote(_)
                    | Tag::CodeBlock(_)
            );
            if !is_block || !range.contains(&at) {
                continue;
            }
            let is_first = is_item
                && best.as_ref().is_some_and(|item| {
                    let before = &self.original[item.start..range.start];
                    before
                        .trim_matches([' ', '\t', '-', '*', '+', '.', ')'])
                        .chars()
                        .all(|c| c.is_ascii_digit())
                });
            if *tag == Tag::Paragraph && is_first {
                continue;
            }
            is_item = *tag == Tag::Item;
            best = Some(range);
        }
        best
    }

    /// Returns the last top-level block that ends before a line, or continues into it.
    fn block_before(&self, line: usize) -> Option<Range<usize>> {
        let none = Definitions::default();
        let (mut depth, mut last) = (0usize, None);
        for (event, range) in markdown::parse(&self.original[self.start..], &none) {
            let start = range.start + self.start;
            match event {
                Event::Start(_) => {
                    if depth == 0 && start < line {
                        last = Some(start..(range.end + self.start).min(line));
                    }
                    depth += 1;
                }
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
        last
    }
}

/// Returns a heading as links name it: without signs, whatever the case.
fn fold_heading(heading: &str) -> String {
    let words = heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}
