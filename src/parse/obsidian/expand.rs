//! Puts the notes, sections and blocks that a file embeds in their place, reads the tags of its
//! questions, and leaves out its fields.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::decks::DeckTags;
use super::lines::{
    Prefix, ends_with_blank_line, is_alone, is_field, is_heading, is_table, join_lines,
    opens_block, trim,
};
use super::notes::{EmbeddedNote, Part, Walked};
use super::report;
use super::syntax::{self, Piece, Syntax};
use super::tags;
use super::target::Target;
use crate::config::Dialect;
use crate::diagnostic::Diagnostic;
use crate::media::is_markdown;
use crate::parse::convention::{is_schedule, marker};
use crate::source::{Source, Sources, Span, VaultLinkKind, Version};
use crate::vault::{ABOVE, Vault};

/// The deepest nesting of embedded notes.
const DEEPEST: usize = 8;

/// How much text one file may embed, in bytes: notes that embed each other twice grow without end.
const MOST: usize = 1 << 20;

/// The notes that were embedded so far, by their paths.
pub(super) type Known = BTreeMap<String, Option<Rc<EmbeddedNote>>>;

/// The results of walking through a file, besides its text.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    /// The places of embedded blocks in its new version.
    pub(super) embedded: Vec<Range<usize>>,
    /// Where each line of the file itself begins, in the version before and in the new one.
    pub(super) lines: Vec<(usize, usize)>,
    pub(super) left: Vec<(Span, &'static str)>,
    pub(super) problems: Vec<Diagnostic>,
}

/// Expands the files of a build.
pub(super) struct Expander<'e> {
    pub(super) sources: &'e mut Sources,
    pub(super) vault: &'e Vault<'e>,
    pub(super) dialect: Option<Dialect>,
    pub(super) decks: &'e DeckTags,
    pub(super) known: &'e mut Known,
    /// The parts that are open, outermost first.
    pub(super) open: Vec<(String, Range<usize>)>,
    pub(super) expanded: Expanded,
    /// How many bytes were embedded.
    pub(super) size: usize,
}

/// An embedded text in a line.
struct Inset {
    /// The place of the link to it.
    range: Range<usize>,
    text: Version,
    /// Whether it goes on in the line, and is no block of its own.
    is_inline: bool,
    /// The target of the link, if it embeds a note as Obsidian does.
    target: Option<String>,
}

impl Expander<'_> {
    /// Walks through a part of a text, and writes it with all that it embeds.
    pub(super) fn walk(&mut self, walked: Walked<'_>, part: &Part, out: &mut Version) {
        let text = &walked.version.text;
        let mut at = part.range.start;
        let mut is_first = true;
        while at < part.range.end {
            let end =
                text[at..part.range.end].find('\n').map_or(part.range.end, |end| at + end + 1);
            let mut start = at;
            if !is_first {
                // What is indented with its first line is not indented alone.
                let blanks = text[at..end].bytes().take(part.column);
                start += blanks.take_while(|byte| b" \t>".contains(byte)).count();
            }
            is_first = false;
            if self.open.is_empty() {
                self.expanded.lines.push((start, out.text.len()));
            }
            if !self.open.is_empty()
                && let Some((level, below)) = underlined(walked, start..end, part.range.end)
            {
                // As below: no heading of an embedded note is one of this file.
                out.push(&format!("{} ", "#".repeat(3 + level)));
                self.line(walked, start..end, out);
                at = below;
                continue;
            }
            at = self.question(walked, start..end, part.range.end, out).unwrap_or_else(|| {
                self.line(walked, start..end, out);
                end
            });
        }
    }

    /// Writes the heading of a question that has tags; returns the place below the lines that were read.
    fn question(
        &mut self,
        walked: Walked<'_>,
        line: Range<usize>,
        end: usize,
        out: &mut Version,
    ) -> Option<usize> {
        if !self.open.is_empty() || !self.is_obsidian() {
            return None;
        }
        let above = self.decks.find_above(walked.locate(&line).start);
        let mut heading = Version::default();
        let below = tags::read_question(walked, line, end, above, &mut heading)?;
        let syntaxes = syntax::find(&heading.text, 0);
        let read = Walked { version: &heading, syntaxes: &syntaxes, ..walked };
        let end = heading.text.find('\n').map_or(heading.text.len(), |end| end + 1);
        self.line(read, 0..end, out);
        out.append(&heading, end..heading.text.len());
        Some(below)
    }

    fn is_obsidian(&self) -> bool {
        self.dialect == Some(Dialect::Obsidian)
    }

    fn line(&mut self, walked: Walked<'_>, line: Range<usize>, out: &mut Version) {
        let text = &walked.version.text;
        let inner =
            line.start..line.start + text[line.clone()].trim_end_matches(['\n', '\r']).len();
        let snippet = &text[inner.clone()];
        let is_closed = walked
            .syntaxes
            .closed
            .around(line.start)
            .is_some_and(|closed| closed.end > line.end || closed.start < line.start);
        if is_closed {
            out.append(walked.version, line);
            return;
        }
        if self.is_obsidian() && (is_field(snippet) || is_mark(snippet)) {
            if self.open.is_empty() && is_field(snippet) {
                self.expanded.left.push((walked.locate(&inner), "a field"));
            }
            return;
        }
        let is_heading = is_heading(snippet);
        if is_heading && !self.open.is_empty() {
            // No heading of an embedded note is one of this file.
            let level = snippet.bytes().take_while(|byte| *byte == b'#').count();
            out.push(&"#".repeat(3.min(6 - level)));
        }
        let pieces = &walked.syntaxes.pieces;
        let first = pieces.partition_point(|piece| piece.range.start < line.start);
        let within = pieces[first..].iter().take_while(|piece| piece.range.start < inner.end);
        let is_single = is_heading || is_table(snippet);
        let insets: Vec<Inset> =
            within.filter_map(|piece| self.inset(walked, piece, is_single)).collect();
        if insets.is_empty() {
            let shown = if self.is_obsidian() { tags::without_mark(snippet) } else { snippet };
            out.append(walked.version, inner.start..inner.start + shown.len());
            out.append(walked.version, inner.end..line.end);
            return;
        }
        self.write_line(walked, line, inner, &insets, out);
    }

    /// Writes a line with what is embedded in it.
    fn write_line(
        &mut self,
        walked: Walked<'_>,
        line: Range<usize>,
        inner: Range<usize>,
        insets: &[Inset],
        out: &mut Version,
    ) {
        let text = &walked.version.text;
        let prefix = Prefix::of(&text[inner.clone()]);
        let content = inner.start + prefix.width;
        let mut at = inner.start;
        let mut is_apart = true;
        for inset in insets {
            let is_begun =
                !text[at.max(content).min(inset.range.start)..inset.range.start].trim().is_empty();
            if inset.is_inline {
                out.append(walked.version, at..inset.range.start);
                out.mark(walked.version, inset.range.start);
                let start = out.text.len();
                out.append(&inset.text, 0..inset.text.text.len());
                if let Some(target) = inset.target.clone().filter(|_| self.open.is_empty()) {
                    out.add_link(start, VaultLinkKind::Note, target);
                }
                at = inset.range.end;
                is_apart = false;
                continue;
            }
            if is_begun {
                out.append(walked.version, at..inset.range.start);
                out.trim_blanks();
                out.push(&format!("\n{}\n{}", prefix.below.trim_end(), prefix.below));
            } else if at == inner.start {
                if !prefix.is_item && !out.text.is_empty() && !ends_with_blank_line(&out.text) {
                    out.push(&format!("{}\n", prefix.below.trim_end()));
                }
                out.append(walked.version, at..inset.range.start);
            } else {
                out.trim_blanks();
                out.push(&format!("\n{}\n{}", prefix.below.trim_end(), prefix.below));
            }
            out.mark(walked.version, inset.range.start);
            let start = out.text.len();
            let is_item = prefix.is_item && !is_begun && at == inner.start;
            Self::write_block(&inset.text, &prefix.below, is_item, out);
            if self.open.is_empty() {
                if prefix.below.is_empty() {
                    self.expanded.embedded.push(start..out.text.len());
                }
                if let Some(target) = inset.target.clone() {
                    out.add_link(start, VaultLinkKind::Note, target);
                }
            }
            at = inset.range.end;
            is_apart = true;
        }
        let rest = &text[at..inner.end];
        let was_block = insets.last().is_some_and(|inset| !inset.is_inline);
        if was_block && is_apart && !rest.trim().is_empty() {
            out.push(&format!("\n{}\n{}", prefix.below.trim_end(), prefix.below));
            let blank = rest.len() - rest.trim_start().len();
            out.append(walked.version, at + blank..inner.end);
        } else {
            out.append(walked.version, at..inner.end);
        }
        out.append(walked.version, inner.end..line.end);
        out.end_line();
        if was_block {
            let below = text[line.end.min(text.len())..].lines().next().unwrap_or_default();
            let bare = below.trim_matches([' ', '\t', '>']);
            let is_item = marker(bare).is_some() && prefix.is_item;
            if !bare.is_empty() && !is_item {
                out.push(&format!("{}\n", prefix.below.trim_end()));
            }
        }
    }

    /// Writes an embedded block, with what must stand before its lines.
    fn write_block(block: &Version, below: &str, is_item: bool, out: &mut Version) {
        // An item in the place of an item is that.
        let mut at = if is_item { marker(&block.text).unwrap_or_default() } else { 0 };
        let from = at;
        for line in block.text[from..].split_inclusive('\n') {
            let shown = line.trim_end_matches('\n');
            if at > from {
                out.push("\n");
                out.push(if shown.is_empty() { below.trim_end() } else { below });
            }
            out.append(block, at..at + shown.len());
            at += line.len();
        }
    }

    /// Returns what a piece embeds.
    fn inset(&mut self, walked: Walked<'_>, piece: &Piece, is_single: bool) -> Option<Inset> {
        if !matches!(piece.syntax, Syntax::Embed | Syntax::BlockReference) {
            return None;
        }
        let range = piece.range.clone();
        let target = note_target(walked, piece);
        let found = self.resolve(walked, piece)?;
        let mut text = match found {
            Ok((note, part)) => self.embed(walked, &range, &note, &part),
            Err(shown) => Err(shown),
        };
        let shown = text.as_ref().map_or("", |text| text.text.as_str()).to_owned();
        let is_paragraph = shown.lines().all(|line| !line.trim().is_empty() && !opens_block(line));
        let is_line =
            is_paragraph && (!shown.contains('\n') || !is_alone(&walked.version.text, &range));
        let is_inline = is_single || is_line || text.is_err();
        if let Ok(block) = &mut text
            && is_inline
        {
            *block = join_lines(block, if is_paragraph { " " } else { "<br>" });
        }
        let target = target.filter(|_| text.is_ok());
        let text = text.unwrap_or_else(|shown| {
            let mut version = Version::default();
            version.append(walked.version, shown);
            version
        });
        Some(Inset { range, text, is_inline, target })
    }

    /// Finds the part of a note that a piece names; else the place of what is shown in place of it.
    /// Returns nothing if it stays as it is.
    #[expect(clippy::type_complexity, reason = "it is taken apart at once")]
    fn resolve(
        &mut self,
        walked: Walked<'_>,
        piece: &Piece,
    ) -> Option<Result<(Rc<EmbeddedNote>, Part), Range<usize>>> {
        let text = &walked.version.text;
        let span = walked.locate(&piece.range);
        let snippet = &text[piece.range.clone()];
        if let Some(at) = snippet.find("((") {
            let id = piece.range.start + at + 2..piece.range.start + at + 38;
            let is_whole = piece.syntax == Syntax::Embed;
            let found = self.resolve_reference(&text[id.clone()], is_whole, span);
            return found.map(|found| found.map_err(|()| id));
        }
        let from = piece.range.start + snippet.find("[[")? + 2;
        let target = Target::parse(text, from..piece.range.start + snippet.find("]]")?);
        let name = target.note(text);
        let found = self.vault.find(name, walked.path).filter(|found| is_markdown(&found.path));
        if found.is_none() && !self.is_obsidian() {
            return None;
        }
        let shown = target.shown.clone().unwrap_or_else(|| {
            let last = target.headings.last().unwrap_or(&target.name);
            target.name.start..last.end.max(target.name.end)
        });
        let Some(found) = found else {
            self.expanded.problems.push(report::missing_note(span, name));
            return Some(Err(shown));
        };
        if let Some(other) = &found.other {
            self.expanded.problems.push(super::clean::ambiguous(span, name, &found.path, other));
        }
        let Some(note) = self.load(&found.path) else {
            self.expanded.problems.push(report::missing_note(span, name));
            return Some(Err(shown));
        };
        let headings: Vec<&str> =
            target.headings.iter().map(|heading| &text[heading.clone()]).collect();
        let part = match &target.block {
            Some(id) => note.block(&text[id.clone()]),
            None if headings.is_empty() => Some(note.body()),
            None => note.section(&headings),
        };
        let Some(part) = part else {
            let what = match &target.block {
                Some(id) => format!("no block `^{}`", &text[id.clone()]),
                None => format!("no heading `{}`", headings.join("#")),
            };
            let path = self.sources.display(note.file);
            self.expanded.problems.push(report::missing_part(span, &path, &what));
            return Some(Err(shown));
        };
        Some(Ok((note, part)))
    }

    /// Finds the block of a graph that has an id.
    fn resolve_reference(
        &mut self,
        id: &str,
        is_whole: bool,
        span: Span,
    ) -> Option<Result<(Rc<EmbeddedNote>, Part), ()>> {
        let property = format!("id:: {id}");
        let holds =
            |text: &str| memchr::memmem::find(text.as_bytes(), property.as_bytes()).is_some();
        let files = self
            .sources
            .iter()
            .filter(|(_, source)| is_markdown(&source.path) && holds(&source.original));
        let path = files.map(|(_, source)| source.path.clone()).next();
        let Some(note) = path.and_then(|path| self.load(&path)) else {
            if self.is_obsidian() {
                self.expanded.problems.push(report::missing_block(span, id));
                return Some(Err(()));
            }
            return None;
        };
        let part = note.block_with_property(id, is_whole);
        Some(part.map(|part| (note, part)).ok_or(()))
    }

    /// Returns the text of a part of a note; else the place of what is shown in place of it.
    fn embed(
        &mut self,
        walked: Walked<'_>,
        range: &Range<usize>,
        note: &Rc<EmbeddedNote>,
        part: &Part,
    ) -> Result<Version, Range<usize>> {
        let key = (note.path.clone(), part.range.clone());
        let span = walked.locate(range);
        let snippet = &walked.version.text[range.clone()];
        let inner = range.start + snippet.find("[[").map_or(0, |at| at + 2);
        let shown =
            inner..inner + walked.version.text[inner..range.end].find(['|', ']', '}']).unwrap_or(0);
        if self.open.contains(&key) {
            let mut chain: Vec<&str> = self.open.iter().map(|(path, _)| path.as_str()).collect();
            chain.push(&note.path);
            let circle = chain.join("` → `");
            self.expanded.problems.push(report::circle(span, &circle));
            return Err(shown);
        }
        if self.open.len() >= DEEPEST || self.size > MOST {
            self.expanded.problems.push(report::deep(span, self.open.len() >= DEEPEST));
            return Err(shown);
        }
        self.open.push(key);
        let mut text = Version::default();
        let (version, syntaxes) = (&note.version, &note.syntaxes);
        let walked = Walked { version, syntaxes, file: note.file, path: &note.path };
        self.walk(walked, part, &mut text);
        self.open.pop();
        let trimmed = trim(&text);
        self.size += trimmed.text.len();
        Ok(trimmed)
    }

    /// Returns the note at a path.
    fn load(&mut self, path: &str) -> Option<Rc<EmbeddedNote>> {
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        let is_it = |source: &Source| source.path == path && !source.is_outside();
        let of_content = self.sources.iter().find(|(_, source)| is_it(source));
        let file = match of_content.map(|(file, _)| file) {
            Some(file) => Some(file),
            None if path.starts_with(ABOVE) => {
                let bytes = self.vault.read(path);
                let shown = self.vault.show(path);
                bytes.map(|bytes| self.sources.add_beside(path, &shown, bytes))
            }
            None => {
                let bytes = self.vault.read(path);
                bytes.map(|bytes| self.sources.add_beside(path, path, bytes))
            }
        };
        let read = |file| EmbeddedNote::read(self.sources, file, self.vault, self.dialect);
        let note = file.map(read);
        self.known.insert(path.to_owned(), note.clone());
        note
    }
}

/// Reads a heading that is underlined; returns its level, and the place below its underline.
fn underlined(walked: Walked<'_>, line: Range<usize>, end: usize) -> Option<(usize, usize)> {
    let text = &walked.version.text;
    let shown = text[line.clone()].trim_end();
    let above = text[..line.start].trim_end_matches([' ', '\t', '>']);
    let is_begun = above.is_empty() || above.ends_with("\n\n") || above.ends_with("\n\r\n");
    let is_text = !shown.is_empty() && !opens_block(shown) && Prefix::of(shown).width == 0;
    let below = text[line.end..end].split_inclusive('\n').next()?;
    let rule = below.trim_end();
    let level = match rule.as_bytes() {
        [b'=', rest @ ..] if rest.iter().all(|byte| *byte == b'=') => 1,
        [b'-', rest @ ..] if rest.iter().all(|byte| *byte == b'-') => 2,
        _ => return None,
    };
    let is_closed = walked.syntaxes.closed.around(line.start).is_some_and(|it| it.end > line.end);
    (is_begun && is_text && !is_closed).then_some((level, line.end + below.len()))
}

/// Returns the target of a piece that embeds a note as Obsidian does.
fn note_target(walked: Walked<'_>, piece: &Piece) -> Option<String> {
    let text = &walked.version.text;
    let snippet = &text[piece.range.clone()];
    let end = snippet.strip_prefix("![[")?.find("]]")?;
    let from = piece.range.start + 3;
    Some(Target::parse(text, from..from + end).show_elsewhere(text, walked.path))
}

/// Returns whether a line is the mark of the plugin Flashcards below a card.
fn is_mark(snippet: &str) -> bool {
    is_schedule(snippet.trim()) && snippet.trim().starts_with('^')
}
