//! What a build is about: decks, topics, questions.
//!
//! The parts of a question are places in the source, not strings: HTML, plain text and Markdown
//! are each made only by the exporter that wants them. There is no identity here (see
//! [`crate::identity`]) and nothing of any output format.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::event_cache::EventCache;
use crate::named::named;
use crate::slug::percent_decode;
use crate::source::{Span, VersionSpan};

/// Everything that was read, in source order.
#[derive(Debug, Default)]
pub struct Library {
    /// The decks; files with the same deck title add to one deck.
    pub decks: Vec<Deck>,
    /// What each file defines for the whole of it, indexed as the files are.
    pub definitions: Vec<Definitions>,
    /// Every image, sound and file that the texts refer to.
    pub media: Vec<MediaRef>,
    /// What belongs to no question and was left out, with the reason.
    pub left: Vec<(Span, &'static str)>,
    /// What most files of a folder have in common, so that it counts for all of them.
    pub shared: Vec<Shared>,
}

/// What was found out for the files of a folder together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Its path below the content folder.
    pub folder: String,
    /// How its files are read.
    pub what: String,
    /// How many files show it.
    pub files: usize,
    /// How many there are.
    pub of: usize,
}

impl Library {
    /// Returns every question with its deck and topic, in source order.
    pub fn questions(&self) -> impl Iterator<Item = (&Deck, &Topic, &Question)> {
        self.decks.iter().flat_map(|deck| {
            deck.topics
                .iter()
                .flat_map(move |topic| topic.questions.iter().map(move |q| (deck, topic, q)))
        })
    }
}

/// A deck: what a `#` heading opens.
#[derive(Debug)]
pub struct Deck {
    /// The title as plain text.
    pub title: String,
    /// What stands between the title and the first topic or question.
    pub description: Vec<Excerpt>,
    /// Its topics in order of first appearance; one with an empty path is the deck itself.
    pub topics: Vec<Topic>,
}

/// A topic: what a `##` heading opens. It becomes a subdeck and a tag.
#[derive(Debug)]
pub struct Topic {
    /// Its place below the deck, outermost first; empty for questions outside any topic.
    pub path: Vec<String>,
    /// What stands between the heading and the first question.
    pub description: Vec<Excerpt>,
    /// Its questions, in source order.
    pub questions: Vec<Question>,
}

/// A question and all that belongs to it.
#[derive(Debug)]
pub struct Question {
    /// The heading that asks it, as its author wrote it.
    pub span: Span,
    /// The question: the heading's text, and blocks between it and the `**Answer:**` label.
    pub prompt: Vec<Excerpt>,
    /// Answer, key points and extra sections, in source order.
    pub sections: Vec<Section>,
    /// Tags from the configuration, the front matter and the heading, without the topic's.
    pub tags: Vec<String>,
    /// The id that the author wrote, as in `{#my-id}`.
    pub id: Option<(String, Span)>,
    /// Whether `{id=new}` says that it is a new question, whatever it was taken for.
    pub wants_new_id: bool,
    /// Where an id can be written, and whether braces are there already.
    pub id_place: (VersionSpan, bool),
    /// The language of the text, as a BCP 47 tag.
    pub lang: Option<String>,
    /// Which way the text runs, if not as its language does.
    pub dir: Option<Direction>,
    /// The note type of the author's own whose fields it fills: its sections are named as they are.
    pub note_type: Option<String>,
    /// Which cards that note type makes of it.
    pub own_cards: Vec<u16>,
    /// Where the gaps are for which that note type makes cards, if it does.
    pub own_gaps: Option<OwnGaps>,
    /// Which cards it makes besides, or in place of, question and answer.
    pub kinds: BTreeSet<CardKind>,
    /// How it is written down.
    pub convention: Convention,
    /// Whether something is wrong with it that keeps it out of every deck. It is still there, so
    /// that it is known again.
    pub is_broken: bool,
}

impl Question {
    /// Returns its sections of one kind.
    pub fn of(&self, kind: SectionKind) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |section| section.kind == kind)
    }

    /// Returns whether it reaches the outputs: nothing is wrong with it, and it is answered.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        !self.is_broken && self.is_answered()
    }

    /// Returns whether there is anything to put on the back of a card.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.note_type.is_some()
            || self.makes(CardKind::Cloze)
            || self.makes(CardKind::Choice)
            || self.sections.iter().any(|s| s.kind != SectionKind::Extra && !s.body.is_empty())
    }

    /// Returns whether the text that asks has gaps of which a note type makes cards.
    #[must_use]
    pub fn has_gaps(&self) -> bool {
        self.own_gaps == Some(OwnGaps::Asked) || self.makes(CardKind::Cloze)
    }

    /// Returns whether it makes cards of a kind.
    #[must_use]
    pub fn makes(&self, kind: CardKind) -> bool {
        self.kinds.contains(&kind)
    }
}

/// The fields of a note type of the author's own that have gaps of which it makes cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnGaps {
    /// The first field, which asks, and perhaps others.
    Asked,
    /// Only others.
    Below,
}

named! {
    /// How a question is written down.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Convention {
        /// `### Q: …` with bold labels below.
        #[default]
        Native = "native",
        /// A word before the question, in a heading or in bold: `## Q5. …`, `**Question:** …`.
        QuestionWord = "question-word",
        /// A heading with a number: `#### 5) …`.
        Numbered = "numbered",
        /// A heading in a numbered list: `5. ### …`.
        NumberedList = "numbered-list",
        /// `<details><summary>question</summary> answer </details>`.
        Details = "details",
        /// Any text, and below it `<details><summary>Answer</summary>`.
        Spoiler = "spoiler",
        /// `**A bold line?**`.
        Bold = "bold",
        /// `- **Question**: …` with `- **Answer**: …` below.
        NestedList = "nested-list",
        /// `Q: …` and `A: …` at the start of lines.
        QaLines = "qa-lines",
        /// `question :: answer` on one line.
        Inline = "inline",
        /// A `?` on a line of its own between question and answer.
        QuestionMark = "question-mark",
        /// Cards between `---`, with `. . .`, `%` or `---` between their sides.
        Cards = "cards",
        /// A table with a column of questions and one of answers.
        Table = "table",
        /// A file of comma- or tab-separated values.
        Csv = "csv",
        /// One question a file: its first heading, its title or its name asks.
        File = "file",
        /// A heading that asks something.
        Headings = "headings",
    }
}

named! {
    /// Which way a text runs.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Direction {
        /// From left to right.
        Ltr = "ltr",
        /// From right to left.
        Rtl = "rtl",
        /// As its first letter does.
        Auto = "auto",
    }
}

named! {
    /// What a question makes besides a card that asks it and shows the answer.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum CardKind {
        /// A card for each gap in its text, in place of the usual one.
        Cloze = "cloze",
        /// Options among which the answer is.
        Choice = "choice",
        /// A card per key point, beside the usual one.
        Recall = "recall",
        /// A card that shows the answer and asks for the question, beside the usual one.
        Reverse = "reverse",
        /// A field to type the answer in, on the usual card.
        Type = "type",
    }
}

impl CardKind {
    /// Those that an author asks for by a class on the question, which is their name.
    pub const CLASSES: &[CardKind] =
        &[CardKind::Cloze, CardKind::Recall, CardKind::Reverse, CardKind::Type];

    /// Returns the kind that a class asks for, and whether it is wanted: `.no-reverse` is not.
    #[must_use]
    pub fn of_class(class: &str) -> Option<(CardKind, bool)> {
        let name = class.strip_prefix("no-").unwrap_or(class);
        let kind = CardKind::CLASSES.iter().find(|kind| kind.name() == name)?;
        Some((*kind, name == class))
    }
}

/// What a section of a question is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// The answer.
    Answer,
    /// The points to check oneself against.
    KeyPoints,
    /// Anything else under a label of its own.
    Extra,
}

/// A part of a question below its prompt.
#[derive(Debug)]
pub struct Section {
    /// What it is for.
    pub kind: SectionKind,
    /// An answer's qualifier, the words of a key points label, or an extra section's label.
    pub label: Option<String>,
    /// Its text.
    pub body: Excerpt,
}

impl Section {
    /// Returns whether it helps before the answer is seen.
    #[must_use]
    pub fn is_hint(&self) -> bool {
        let label = self.label.as_deref().unwrap_or_default().to_lowercase();
        self.kind == SectionKind::Extra && ["hint", "hints"].contains(&label.as_str())
    }
}

/// A piece of Markdown: whole blocks, and which part of them is meant.
///
/// The two differ because a label and what it labels often share a paragraph, and half a
/// paragraph read alone would mean something else: `**Answer:** 1. Because` is no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Whole top-level blocks, from the start of a line.
    pub blocks: VersionSpan,
    /// The part of them that is meant.
    pub content: Range<usize>,
}

impl Excerpt {
    /// Returns whether nothing is meant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// Returns the place of what is meant.
    #[must_use]
    pub fn span(&self) -> VersionSpan {
        VersionSpan::new(self.blocks.file, self.content.clone())
    }
}

/// What is known of a whole file: what it defines once and may use anywhere, and its events.
#[derive(Debug, Default)]
pub struct Definitions {
    /// Link targets and titles by folded label.
    pub links: BTreeMap<String, (String, Option<String>)>,
    /// The places of all these definitions, in order.
    pub spans: Vec<Range<usize>>,
    /// The content of footnotes by folded label.
    pub footnotes: BTreeMap<String, Excerpt>,
    /// Its events, as far as they are noted down.
    pub event_cache: EventCache,
    /// Whether its quotes may be Obsidian's callouts.
    pub is_obsidian: bool,
    /// The parts in which highlights are no gaps, in order.
    pub marked: Vec<Range<usize>>,
}

/// Returns how labels of links and footnotes are compared.
#[must_use]
pub fn fold_label(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A reference to a picture, a sound or another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaRef {
    /// Where it stands.
    pub span: VersionSpan,
    /// The target as it is written.
    pub target: String,
    /// Where that leads.
    pub place: Place,
    /// Whether the card needs it (an image), or only points at it (a link).
    pub embedded: bool,
}

impl MediaRef {
    /// Returns the path below the content folder that it leads to, if it does not lead elsewhere.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match &self.place {
            Place::Inside(path) => Some(path),
            Place::Outside | Place::Remote => None,
        }
    }
}

/// Where a target leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// To this path below the content folder.
    Inside(String),
    /// To a file that is not in the content folder.
    Outside,
    /// To another machine, or whatever else a URL may name.
    Remote,
}

impl Place {
    /// Returns the path below the content folder.
    #[must_use]
    pub fn inside(self) -> Option<String> {
        match self {
            Place::Inside(path) => Some(path),
            Place::Outside | Place::Remote => None,
        }
    }
}

/// Returns where a target written in the file `from` leads; `None` if it leads nowhere: a place in
/// the same text, or a URL that holds its content itself.
#[must_use]
pub fn resolve(from: &str, target: &str) -> Option<Place> {
    let target = target.trim();
    if target.starts_with(['#', '?']) {
        return None;
    }
    match scheme(target) {
        Some("data") => return None,
        Some("file") => return Some(Place::Outside),
        Some(_) => return Some(Place::Remote),
        None if target.starts_with("//") => return Some(Place::Remote),
        None => {}
    }
    let bare = target.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_decode(bare).replace('\\', "/");
    let mut parts: Vec<&str> = match decoded.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect(),
    };
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Some(Place::Outside);
                }
            }
            name => parts.push(name),
        }
    }
    Some(Place::Inside(parts.join("/")))
}

/// Returns the scheme of a URL; a single letter is a drive of Windows.
fn scheme(target: &str) -> Option<&str> {
    let (scheme, _) = target.split_once(':')?;
    let is_known = |known: &&str| scheme.eq_ignore_ascii_case(known);
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then(|| ["data", "file"].into_iter().find(is_known).unwrap_or(scheme))
}

#[cfg(test)]
mod tests {
    use super::{Place, resolve};

    #[test]
    fn targets_lead_somewhere() {
        let check =
            |target, place: Option<Place>| assert_eq!(resolve("a/b.md", target), place, "{target}");
        let inside = |path: &str| Some(Place::Inside(path.to_owned()));
        check("x.png", inside("a/x.png"));
        check("../x%20y.png?raw=1", inside("x y.png"));
        check("/x.png", inside("x.png"));
        check("50%.png", inside("a/50%.png"));
        check("img\\x.png", inside("a/img/x.png"));
        check("%E5%9B%BE.png", inside("a/图.png"));
        check("Figure 1: x.png", inside("a/Figure 1: x.png"));
        check("../../etc/passwd", Some(Place::Outside));
        check("%2e%2e/../x.png", Some(Place::Outside));
        check("file:///etc/passwd", Some(Place::Outside));
        check("https://example.org/x.png", Some(Place::Remote));
        check("HTTP://example.org/x.png", Some(Place::Remote));
        check("//host/x.png", Some(Place::Remote));
        check("mailto:me@example.org", Some(Place::Remote));
        check("DATA:image/png;base64,AA", None);
        check("#anchor", None);
        check("", inside("a"));
    }
}
