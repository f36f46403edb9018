//! A file that is being parsed, with its settings.

use std::collections::BTreeMap;
use std::ops::Range;

use super::blocks::{Block, Kind, first_line};
use super::scan::Scan;
use crate::config::{Config, FrontMatter};
use crate::markdown::{self, cloze};
use crate::model::{Convention, Excerpt};
use crate::source::{FileId, Sources, Span, VersionSpan};

/// A file that is being parsed, with its settings.
#[derive(Debug)]
pub struct File<'f> {
    /// All sources.
    pub sources: &'f Sources,
    /// The file.
    pub id: FileId,
    /// The settings of the build.
    pub config: &'f Config,
    /// The settings of the file.
    pub settings: &'f FrontMatter,
    /// Its blocks.
    pub scan: &'f Scan,
    /// What is known of the original, if it is a translation.
    pub foreign: Option<&'f Foreign>,
}

/// Facts about a translated file that the native convention cannot express, by the places of
/// headings.
#[derive(Debug)]
pub struct Foreign {
    /// The depths of topics, from 1.
    pub topics: BTreeMap<usize, usize>,
    /// The conventions of the questions.
    pub questions: BTreeMap<usize, Convention>,
}

impl File<'_> {
    pub(super) fn text(&self) -> &str {
        self.sources.text(self.id)
    }

    /// Returns a place in the text that is read.
    pub(super) fn place(&self, range: &Range<usize>) -> VersionSpan {
        VersionSpan::new(self.id, range.clone())
    }

    /// Returns where the author wrote what stands at a place.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        self.sources.locate(self.place(range))
    }

    /// Returns where the author wrote the first line of what stands at a place.
    pub(super) fn first_line(&self, range: &Range<usize>) -> Span {
        self.span(&first_line(self.text(), range))
    }

    pub(super) fn words(&self, body: &Excerpt) -> String {
        markdown::plain_text(self.sources, &self.scan.definitions, body)
    }

    pub(super) fn is_blank(&self, body: &Excerpt) -> bool {
        markdown::is_blank(self.sources, &self.scan.definitions, body)
    }

    pub(super) fn points(&self, body: &Excerpt) -> Vec<Excerpt> {
        markdown::points(self.sources, &self.scan.definitions, body)
    }

    pub(super) fn choices(&self, body: &Excerpt) -> Vec<markdown::Choices> {
        markdown::choices(self.sources, &self.scan.definitions, body)
    }

    pub(super) fn clozes(&self, body: &Excerpt) -> (Vec<cloze::Cloze>, Vec<cloze::Broken>) {
        markdown::clozes(self.sources, &self.scan.definitions, body)
    }

    pub(super) fn stem(&self) -> String {
        let name = self.sources.path(self.id).rsplit('/').next().unwrap_or_default();
        markdown::fold(name.rsplit_once('.').map_or(name, |(stem, _)| stem))
    }

    /// Returns a block as it is meant as a whole; of a heading that is structure, its text.
    pub(super) fn whole(&self, block: &Block) -> Excerpt {
        let start = self.line_start(block.range.start);
        let is_cut = matches!(block.kind, Kind::Heading(1..=3) | Kind::Underlined(_));
        let content = if is_cut { block.inline.clone() } else { block.range.clone() };
        Excerpt { blocks: self.place(&(start..block.range.end)), content }
    }

    /// Returns the start of the line, so that a block keeps the indent that its other lines relate
    /// to.
    pub(super) fn line_start(&self, at: usize) -> usize {
        let before = &self.text()[..at];
        at - before.chars().rev().take_while(|&c| c == ' ' || c == '\t').count()
    }
}
