//! Obsidian's dialect: what it and its plugins, and Logseq, add to Markdown.
//!
//! A file is read in two steps, each of which makes another [`Version`] of its text, so that all that comes after sees plain Markdown, and every message points into the note that
//! somebody wrote:
//!
//! 1. [`clean_notes`], before the questions are found: [`syntax`] finds the pieces, outside code and
//!    formulas; `clean` turns links into their text and pictures into those of Markdown, and
//!    leaves out comments, block ids, fields in brackets and queries.
//! 2. [`expand_file`], once the file is in the native convention: `expand` puts embedded notes in
//!    their place (`notes` finds their sections and blocks), leaves out lines that are fields, and
//!    `tags` makes attributes of the tags of questions. It comes second because a note that is
//!    embedded must not be searched for questions, and because whether `x:: y` is a card is decided
//!    by those who find the questions.
//!
//! Callouts and highlights are no other text but other blocks, so [`crate::markdown`] reads these.
//! Where the dialect is not known, only what names a file that is there is read, and [`unread`]
//! counts the rest.

mod clean;
mod decks;
mod expand;
mod lines;
mod logseq;
mod notes;
mod report;
mod syntax;
mod tags;
mod target;
pub(super) mod unread;

use std::ops::Range;

use rayon::prelude::*;

use super::file::Foreign;
use crate::config::Dialect;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources, Span, Version};
use crate::vault::Vault;
use clean::{Cleaned, Note};
pub(super) use decks::DeckTags;
use expand::{Expanded, Expander, Known};
use notes::{Part, Walked};
use syntax::Syntax;

/// What is the same for all files of a build.
pub(super) struct Dialects<'d> {
    pub(super) vault: &'d Vault<'d>,
    known: Known,
}

/// What reading a note in this dialect brought besides its text.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What is left out.
    pub(super) left: Vec<(Span, &'static str)>,
    pub(super) problems: Vec<Diagnostic>,
}

impl<'d> Dialects<'d> {
    pub(super) fn new(vault: &'d Vault<'d>) -> Self {
        Self { vault, known: Known::default() }
    }
}

/// Reads all of each note that needs no other one; a note is a file, the byte where its text begins
/// and its dialect. Those that have changed get another version, and what was found in them is
/// returned.
pub(super) fn clean_notes(
    sources: &mut Sources,
    notes: &[(FileId, usize, Option<Dialect>)],
    vault: &Vault<'_>,
) -> Vec<Option<Findings>> {
    let clean = |&(file, start, dialect): &(FileId, usize, Option<Dialect>)| {
        if dialect == Some(Dialect::CommonMark) {
            return None;
        }
        let (text, path) = (sources.text(file), sources.path(file));
        clean::clean(Note { file, text, path, start, dialect, vault, is_embedded: false })
    };
    let cleaned: Vec<_> = notes.par_iter().map(clean).collect();
    let mut add = |((file, ..), cleaned): (&(FileId, _, _), Option<Cleaned>)| {
        let Cleaned { version, left, problems } = cleaned?;
        let left = left.into_iter().map(|(range, why)| (Span::new(*file, range), why)).collect();
        sources.set_version(*file, version);
        Some(Findings { left, problems })
    };
    notes.iter().zip(cleaned).map(&mut add).collect()
}

/// What came of putting the embedded notes of a file in their place.
pub(super) struct Embedding {
    /// The places of embedded blocks, in which nothing asks.
    pub(super) embedded: Vec<Range<usize>>,
    /// Where each line of the file begins, before and after.
    lines: Vec<(usize, usize)>,
}

impl Embedding {
    /// Returns what is known of a translation, at the places that its headings have now.
    pub(super) fn move_foreign(&self, foreign: Foreign) -> Foreign {
        let place = |at: usize| {
            let after = self.lines.partition_point(|(before, _)| *before <= at);
            let line = after.checked_sub(1).map(|line| self.lines[line]);
            line.map_or(at, |(before, after)| after + at - before)
        };
        let Foreign { topics, questions } = foreign;
        Foreign {
            topics: topics.into_iter().map(|(at, depth)| (place(at), depth)).collect(),
            questions: questions.into_iter().map(|(at, kind)| (place(at), kind)).collect(),
        }
    }
}

/// Puts what a file in the native convention embeds in its place; returns nothing if there is
/// nothing to do.
pub(super) fn expand_file(
    sources: &mut Sources,
    file: FileId,
    start: usize,
    dialect: Option<Dialect>,
    decks: &DeckTags,
    dialects: &mut Dialects<'_>,
    findings: &mut Findings,
) -> Option<Embedding> {
    let text = sources.text(file);
    let is_obsidian = dialect == Some(Dialect::Obsidian);
    let may_embed = ["![[", "{{embed", "(("].iter().any(|sign| text[start..].contains(sign));
    let may_change = is_obsidian
        && (text[start..].contains("::") || has_tags(&text[start..]) || decks.has_lines());
    if dialect == Some(Dialect::CommonMark) || !(may_embed || may_change) {
        return None;
    }
    let syntaxes = syntax::find(text, start);
    let embeds = |syntax| matches!(syntax, Syntax::Embed | Syntax::BlockReference);
    if !may_change && !syntaxes.pieces.iter().any(|piece| embeds(piece.syntax)) {
        return None;
    }
    let version = sources.version(file);
    let path = sources.path(file).to_owned();
    let Dialects { vault, known } = dialects;
    let expanded = Expanded::default();
    let mut expander =
        Expander { sources, vault, dialect, decks, known, open: Vec::new(), expanded, size: 0 };
    let mut out = Version::default();
    out.append(&version, 0..start);
    let walked = Walked { version: &version, syntaxes: &syntaxes, file, path: &path };
    expander.walk(walked, &Part { range: start..version.text.len(), column: 0 }, &mut out);
    let Expanded { embedded, lines, left, mut problems } = expander.expanded;
    findings.left.extend(left);
    if sources.is_foreign(file) {
        // Who found a file somewhere cannot mend what it embeds.
        problems.iter_mut().for_each(Diagnostic::soften);
    }
    findings.problems.extend(problems);
    if out.text == version.text {
        return None;
    }
    sources.set_version(file, out);
    Some(Embedding { embedded, lines })
}

/// Returns whether a question may have tags.
fn has_tags(text: &str) -> bool {
    let words = memchr::memmem::find_iter(text.as_bytes(), b"#").map(|at| &text[at + 1..]);
    let is_start = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    words.into_iter().any(is_start)
}
