//! Renders excerpts for cards, table cells and files.
//!
//! Nothing here knows a target: [`card`] makes the sides of a card as HTML, [`html`] and [`text`]
//! render a single excerpt, [`markdown`] copies an author's Markdown so that it stands by itself,
//! and [`tree`] is the basis of all other markup ([`org`], [`outline`]).

mod callouts;
pub mod card;
mod cloze_marks;
mod escape_anki;
mod highlight;
pub mod html;
mod html_to_text;
pub mod markdown;
pub mod mathml;
mod media;
mod mnemosyne_math;
pub mod org;
pub mod outline;
mod placeholder;
mod sanitize;
mod sanitize_tex;
pub mod text;
pub mod tree;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Html;
use crate::media::Media;
use crate::model::{CardKind, Definitions, Excerpt, Library, Question, resolve};
use crate::source::{FileId, Sources};
pub use highlight::is_language;
pub use sanitize::clean_tag;

/// The sources, and the settings that rendering depends on.
#[derive(Clone, Copy, Debug)]
pub struct Context<'b> {
    /// The texts of all files.
    pub sources: &'b Sources,
    /// The decks, questions and definitions found in them.
    pub library: &'b Library,
    /// The attached files.
    pub media: &'b Media,
    /// The prefix of media names, such as `media/`; empty for Anki.
    pub media_folder: &'b str,
    /// How raw HTML is treated.
    pub html: Html,
    /// How clozes are shown.
    pub cloze_mode: ClozeMode<'b>,
    /// Whether only clozes are shown so to which the author gave numbers; others are text.
    pub has_only_numbered: bool,
    /// How checkboxes are shown.
    pub boxes: Checkboxes,
    /// The syntax of formulas in HTML.
    pub math: MathDelimiters,
    /// Excerpts that are parsed already.
    pub parsed: Option<&'b Parsed<'b>>,
}

impl<'b> Context<'b> {
    /// Returns the context of Anki's cards.
    #[must_use]
    pub fn new(sources: &'b Sources, library: &'b Library, media: &'b Media, html: Html) -> Self {
        let (cloze_mode, boxes, math) =
            (ClozeMode::default(), Checkboxes::default(), MathDelimiters::default());
        Self {
            sources,
            library,
            media,
            media_folder: "",
            html,
            cloze_mode,
            has_only_numbered: false,
            boxes,
            math,
            parsed: None,
        }
    }
}

/// Excerpts with their events, by the place where their content begins.
pub type Parsed<'b> = BTreeMap<(FileId, usize), (Excerpt, Vec<crate::markdown::SpannedEvent<'b>>)>;

/// The syntax of formulas in HTML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MathDelimiters {
    /// For `MathJax`, as Anki has it: `\(…\)` and `\[…\]`.
    #[default]
    MathJax,
    /// For Mnemosyne, which has LaTeX draw them: `<$>…</$>` and `<$$>…</$$>`.
    Mnemosyne,
}

/// How the clozes of an excerpt are shown.
#[derive(Clone, Copy, Debug, Default)]
pub enum ClozeMode<'b> {
    /// As text, delimiters included: the excerpt is not a cloze text.
    #[default]
    Text,
    /// As blanks: `[…]`, or `[hint]`.
    Blank,
    /// Filled in, without delimiters.
    Filled,
    /// As numbered placeholders for Anki's clozes. The map holds the numbers of clozes that the
    /// author did not number, by place.
    Anki(&'b BTreeMap<(FileId, usize), u16>),
    /// As placeholders for Anki's clozes, if the author numbered them; else as text.
    Numbered,
}

/// How the checkboxes of task lists and options are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Checkboxes {
    /// As the author ticked them.
    #[default]
    Shown,
    /// Not at all: the options are a plain list.
    Hidden,
    /// As a mark at the right options.
    Marked,
}

impl<'b> Context<'b> {
    fn definitions(&self, file: FileId) -> &'b Definitions {
        &self.library.definitions[file.index()]
    }

    /// Returns the events of an excerpt, with clozes blanked or filled in if this context says so.
    pub(crate) fn events(&self, body: &Excerpt) -> Vec<crate::markdown::SpannedEvent<'b>> {
        let place = (body.blocks.file, body.content.start);
        let known = self.parsed.and_then(|parsed| parsed.get(&place));
        let events = match known.filter(|(known, _)| known == body) {
            Some((_, events)) => events.clone(),
            None => crate::markdown::events(self.sources, self.definitions(body.blocks.file), body),
        };
        self.apply_cloze_mode(body, events)
    }

    fn apply_cloze_mode(
        &self,
        body: &Excerpt,
        events: Vec<crate::markdown::SpannedEvent<'b>>,
    ) -> Vec<crate::markdown::SpannedEvent<'b>> {
        match self.cloze_mode {
            ClozeMode::Text | ClozeMode::Anki(_) | ClozeMode::Numbered => events,
            ClozeMode::Blank => cloze_marks::replace_clozes(self, body, events, true),
            ClozeMode::Filled => cloze_marks::replace_clozes(self, body, events, false),
        }
    }

    fn clozes(&self, body: &Excerpt) -> Vec<crate::markdown::cloze::Cloze> {
        let definitions = self.definitions(body.blocks.file);
        let mut found = crate::markdown::clozes(self.sources, definitions, body).0;
        found.retain(|cloze| !self.has_only_numbered || cloze.number.is_some());
        found
    }

    /// Returns the path in the output of the media file that a relative target leads to.
    fn media_path(&self, file: FileId, target: &str) -> Option<String> {
        let path = resolve(self.sources.path(file), target)?.inside()?;
        let media = self.media.get(&path)?;
        Some(format!("{}{}", self.media_folder, media.name))
    }

    /// Returns an excerpt without markup, as one line.
    #[must_use]
    pub fn plain_text(&self, body: &Excerpt) -> String {
        crate::markdown::plain_text(self.sources, self.definitions(body.blocks.file), body)
    }

    /// Returns the lists of checkboxes in an excerpt.
    fn choices(&self, body: &Excerpt) -> Vec<crate::markdown::Choices> {
        crate::markdown::choices(self.sources, self.definitions(body.blocks.file), body)
    }

    /// Returns the option lists of a multiple-choice question that have right options.
    #[must_use]
    pub fn right_choices(&self, question: &Question) -> Vec<Excerpt> {
        let mut found = Vec::new();
        for body in question.prompt.iter().filter(|_| question.makes(CardKind::Choice)) {
            let lists = self.choices(body).into_iter().filter(|list| list.right > 0);
            found.extend(lists.map(|list| Excerpt { content: list.range, ..body.clone() }));
        }
        found
    }

    /// Returns the context for the front of a two-sided card; and, if the back repeats parts of the
    /// question (clozes filled in, right options marked), the context and the excerpts for that.
    #[must_use]
    pub fn side_contexts(&self, question: &Question) -> (Self, Option<(Self, Vec<Excerpt>)>) {
        let is_choice = question.makes(CardKind::Choice);
        let with = |boxes| if is_choice { Self { boxes, ..*self } } else { *self };
        let (hidden, marked) = (with(Checkboxes::Hidden), with(Checkboxes::Marked));
        let has_only_numbered = question.own_gaps.is_some();
        if question.has_gaps() {
            let filled = Self { cloze_mode: ClozeMode::Filled, has_only_numbered, ..marked };
            (
                Self { cloze_mode: ClozeMode::Blank, has_only_numbered, ..hidden },
                Some((filled, question.prompt.clone())),
            )
        } else if is_choice {
            (hidden, Some((marked, self.right_choices(question))))
        } else {
            (*self, None)
        }
    }

    /// Returns the context of what stands below a question, where the gaps of a note type of the
    /// author's own are filled in.
    #[must_use]
    pub fn below(&self, question: &Question) -> Self {
        match question.own_gaps {
            Some(_) => Self { cloze_mode: ClozeMode::Filled, has_only_numbered: true, ..*self },
            None => *self,
        }
    }

    /// Returns the points of a key points section.
    #[must_use]
    pub fn points(&self, body: &Excerpt) -> Vec<Excerpt> {
        crate::markdown::points(self.sources, self.definitions(body.blocks.file), body)
    }

    /// Returns the points of some key points sections, parsed.
    #[must_use]
    pub fn parsed_points<'s>(&self, bodies: impl Iterator<Item = &'s Excerpt>) -> Parsed<'b> {
        let of = |body: &Excerpt| {
            let definitions = self.definitions(body.blocks.file);
            crate::markdown::point_events(self.sources, definitions, body)
        };
        let place = |point: &Excerpt| (point.blocks.file, point.content.start);
        bodies.flat_map(of).map(|(point, events)| (place(&point), (point, events))).collect()
    }

    /// Returns the points of a section with the events of each.
    fn point_events(
        &self,
        body: &Excerpt,
    ) -> Vec<(Excerpt, Vec<crate::markdown::SpannedEvent<'b>>)> {
        let definitions = self.definitions(body.blocks.file);
        let points = crate::markdown::point_events(self.sources, definitions, body).into_iter();
        let shown = |(point, events)| {
            let events = self.apply_cloze_mode(&point, events);
            (point, events)
        };
        points.map(shown).collect()
    }
}

/// The footnotes of one card, numbered in the order of their first reference.
#[derive(Debug, Default)]
pub struct Footnotes {
    labels: Vec<(FileId, String)>,
    numbers: BTreeMap<(FileId, String), usize>,
}

impl Footnotes {
    /// Returns the number of a footnote, from 1.
    fn number(&mut self, file: FileId, label: &str) -> usize {
        let label = (file, crate::model::fold_label(label));
        *self.numbers.entry(label).or_insert_with_key(|label| {
            self.labels.push(label.clone());
            self.labels.len()
        })
    }

    fn definition<'b>(&self, context: &Context<'b>, number: usize) -> Option<&'b Excerpt> {
        let (file, label) = &self.labels[number - 1];
        context.definitions(*file).footnotes.get(label)
    }
}

/// The numbers of the footnotes that one field refers to, in order of their first reference.
#[derive(Debug, Default)]
struct UsedFootnotes {
    order: Vec<usize>,
    known: BTreeSet<usize>,
}

impl UsedFootnotes {
    /// Adds a reference; returns the number.
    fn add(&mut self, number: usize) -> usize {
        if self.known.insert(number) {
            self.order.push(number);
        }
        number
    }
}
