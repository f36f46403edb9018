//! The targets: every format that a build can write, with what it keeps and loses.
//!
//! This is the only list of them. Settings and the command line use the names here, `deckpress
//! targets` prints the list, and a build warns of what a target loses.

mod list;

use crate::model::CardKind;
use crate::named::named;
pub use list::Target;

/// The description of a target.
#[derive(Debug)]
pub struct About {
    /// The name.
    pub name: &'static str,
    /// The end of the file name, behind the base name; or the name of a folder, with a trailing
    /// `/`.
    pub file: &'static str,
    /// What it is for, as printed by `deckpress targets`.
    pub purpose: &'static str,
    /// Which parts of a question it keeps, and how.
    pub keeps: &'static str,
    /// What it cannot hold.
    pub loses: &'static [Loss],
    /// How its files were verified.
    pub proof: Proof,
}

/// How the files of a target were verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// By the app itself or its own parser, with this name.
    Run(&'static str),
    /// By a reader in our tests that follows the app's rules.
    Rules,
    /// Not at all: the exporter follows the documentation.
    Documentation,
}

/// A kind of content that a target may be unable to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// Images.
    Images,
    /// Audio and video.
    Audio,
    /// Line breaks in code and tables.
    Lines,
    /// Clozes: a cloze question becomes a single card without blanks to fill in.
    Clozes,
    /// Additional cards of a question: reversed ones, typed answers, recall lists.
    Cards(CardKind),
    /// Tags of the author.
    Tags,
    /// Text that the target's syntax cannot hold, which was changed.
    Syntax,
}

impl Loss {
    /// Returns a number of such losses in words.
    #[must_use]
    pub fn counted(self, count: usize) -> String {
        let (one, many) = match self {
            Loss::Images => ("picture", "pictures"),
            Loss::Audio => ("sound or film", "sounds and films"),
            Loss::Lines => ("block of lines", "blocks of lines"),
            Loss::Clozes => ("question with gaps", "questions with gaps"),
            Loss::Cards(CardKind::Reverse) => ("reversed card", "reversed cards"),
            Loss::Cards(CardKind::Type) => ("answer to type in", "answers to type in"),
            Loss::Cards(CardKind::Recall) => ("recall list", "recall lists"),
            Loss::Cards(CardKind::Cloze | CardKind::Choice) => ("card", "cards"),
            Loss::Tags => ("question's tags", "questions' tags"),
            Loss::Syntax => ("text that had to be changed", "texts that had to be changed"),
        };
        let what = if count == 1 { one } else { many };
        format!("{count} {what}")
    }

    /// Returns the name of the kind, in the plural.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Loss::Images => "pictures",
            Loss::Audio => "sounds",
            Loss::Lines => "line breaks",
            Loss::Clozes => "gaps",
            Loss::Cards(CardKind::Reverse) => "reversed cards",
            Loss::Cards(CardKind::Type) => "typed answers",
            Loss::Cards(CardKind::Recall) => "recall lists",
            Loss::Cards(CardKind::Cloze | CardKind::Choice) => "cards",
            Loss::Tags => "tags",
            Loss::Syntax => "some syntax",
        }
    }
}

impl Target {
    /// The target of a build without further settings.
    pub const DEFAULT: &[Target] = &[Target::Apkg, Target::Csv, Target::Markdown];

    /// Returns every target with its name.
    pub fn all() -> impl Iterator<Item = (&'static str, Target)> {
        list::ALL.iter().map(|(target, about)| (about.name, *target))
    }

    /// Returns every name by which a target can be requested, aliases included.
    pub fn names() -> impl Iterator<Item = (&'static str, Target)> {
        // Aliases that specify the kind of CSV or Markdown.
        Target::all().chain([("anki", Target::AnkiCsv), ("native", Target::Markdown)])
    }

    /// Finds the target with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Target::names().find(|(known, _)| *known == name).map(|(_, target)| target)
    }

    /// Returns whether the target is a table whose columns can be configured.
    #[must_use]
    pub fn has_columns(self) -> bool {
        matches!(
            self,
            Target::Csv
                | Target::Spreadsheet
                | Target::Quizlet
                | Target::Knowt
                | Target::Memrise
                | Target::BrainscapePaste
                | Target::Brainscape
                | Target::Mnemosyne
        )
    }

    /// Returns whether an app or a person works with the files where they are, so that no question
    /// may be missing in them for once: pages, and what an app writes into.
    #[must_use]
    pub fn is_kept_by_an_app(self) -> bool {
        self == Target::OrgDrill || self.about().file.ends_with('/')
    }

    /// Returns the description of the target.
    #[must_use]
    pub fn about(self) -> &'static About {
        &list::ALL[self as usize].1
    }
}

named! {
    /// The content of a column.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Field {
        /// The front of the card.
        Front = "front",
        /// The back of the card.
        Back = "back",
        /// The front of the card, under another name.
        Question = "question",
        /// The answer alone.
        Answer = "answer",
        /// The key points.
        KeyPoints = "key_points",
        /// The sections with other labels.
        Extra = "extra",
        /// The hint.
        Hint = "hint",
        /// The topic, outermost level first.
        Topic = "topic",
        /// The deck's title.
        Deck = "deck",
        /// The tags.
        Tags = "tags",
        /// The id.
        Id = "id",
        /// File and line.
        Source = "source",
    }
}

/// A part of a column: one of every question, or a field of note types of the author's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnPart {
    /// A part of every question.
    Field(Field),
    /// The field of this name, of the note types that have it.
    Own(String),
}

impl ColumnPart {
    /// Returns its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            ColumnPart::Own(name) => name,
            ColumnPart::Field(field) => field.name(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::list::ALL;
    use std::collections::BTreeSet;

    #[test]
    fn names_and_files_are_distinct() {
        for of in [|at: usize| ALL[at].1.name, |at: usize| ALL[at].1.file] {
            let distinct: BTreeSet<&str> = (0..ALL.len()).map(of).collect();
            assert_eq!(distinct.len(), ALL.len());
        }
    }
}
