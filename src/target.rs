//! Where questions can go: every target, with what it keeps and what it loses.
//!
//! This is the one list of them. Settings and the command line know targets by the names here,
//! `deckpress targets` prints it, and what a target loses is what a build warns of.

mod list;

use crate::model::CardKind;

/// What a build can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// An Anki package.
    Apkg,
    /// CSV with plain text, for whatever reads CSV.
    Csv,
    /// CSV for Anki's text import.
    AnkiCsv,
    /// A Markdown file per topic, in the native convention.
    Markdown,
    /// The whole deck as data.
    Json,
    /// A question per line as data.
    Jsonl,
    /// CSV for Excel and `LibreOffice`.
    Spreadsheet,
    /// Text to paste into Quizlet.
    Quizlet,
    /// Text to paste into Knowt.
    Knowt,
    /// Text to paste into Memrise.
    Memrise,
    /// Text to paste into Brainscape.
    BrainscapePaste,
    /// CSV for Brainscape.
    Brainscape,
    /// Tab-separated text for Mnemosyne.
    Mnemosyne,
    /// Questions and answers as text for `SuperMemo`.
    SuperMemo,
    /// A package for Mochi.
    Mochi,
    /// One Markdown file for `RemNote`.
    RemNote,
    /// An Org file for org-drill in Emacs.
    OrgDrill,
    /// A folder for hashcards.
    Hashcards,
    /// A folder for Obsidian's plugin Spaced Repetition.
    ObsidianSr,
    /// A folder for Obsidian's plugin `Obsidian_to_Anki`.
    ObsidianToAnki,
    /// A folder for Obsidian's plugin Flashcards.
    FlashcardsObsidian,
    /// A folder of pages for Logseq.
    Logseq,
    /// A folder of Markdown files for Mochi.
    MochiMd,
    /// A folder of Markdown files for `RemNote`.
    RemNoteMd,
    /// A folder for inka2.
    Inka2,
    /// A folder for mdanki.
    MdAnki,
}

/// What a target is.
#[derive(Debug)]
pub struct About {
    /// Its name.
    pub name: &'static str,
    /// What follows the base name of its file; a folder of its own ends with `/`.
    pub file: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// What of a question it keeps, and how.
    pub keeps: &'static str,
    /// What it cannot hold.
    pub loses: &'static [Loss],
    /// Who has read what we write for it.
    pub proof: Proof,
}

/// Who has read what we write for a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The app itself, or its own parser: its name.
    Run(&'static str),
    /// A reader of ours that obeys the app's rules, as the tests have them.
    Rules,
    /// Nobody: it is written from the documentation.
    Documentation,
}

/// What a target may be unable to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// Pictures.
    Images,
    /// Sounds and films.
    Audio,
    /// Lines of code and tables that stay below each other.
    Lines,
    /// Clozes to fill in: such a question becomes one card.
    Gaps,
    /// Cards that a question makes besides: reversed ones, typed answers, recall lists.
    Cards(CardKind),
    /// Tags of the author.
    Tags,
    /// Something that the target's own syntax cannot hold, which was written in another way.
    Syntax,
}

impl Loss {
    /// So many of them, in words.
    #[must_use]
    pub fn counted(self, count: usize) -> String {
        let (one, many) = match self {
            Loss::Images => ("picture", "pictures"),
            Loss::Audio => ("sound or film", "sounds and films"),
            Loss::Lines => ("block of lines", "blocks of lines"),
            Loss::Gaps => ("question with gaps", "questions with gaps"),
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

    /// What it is, without a number.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Loss::Images => "pictures",
            Loss::Audio => "sounds",
            Loss::Lines => "line breaks",
            Loss::Gaps => "gaps",
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
    /// What a plain build writes.
    pub const DEFAULT: &[Target] = &[Target::Apkg, Target::Csv, Target::Markdown];

    /// Every target with its name.
    pub fn all() -> impl Iterator<Item = (&'static str, Target)> {
        list::ALL.iter().map(|(target, about)| (about.name, *target))
    }

    /// Every word by which a target is asked for.
    pub fn names() -> impl Iterator<Item = (&'static str, Target)> {
        // Where others say what kind of CSV or Markdown it is.
        Target::all().chain([("anki", Target::AnkiCsv), ("native", Target::Markdown)])
    }

    /// The target of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Target::names().find(|(known, _)| *known == name).map(|(_, target)| target)
    }

    /// Whether it is a table, of which the columns can be chosen.
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

    /// What it is.
    #[must_use]
    pub fn about(self) -> &'static About {
        let found = list::ALL.iter().find(|(target, _)| *target == self);
        found.map_or(&list::ALL[0].1, |(_, about)| about)
    }
}

/// A part of a question that a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The question as it is asked.
    Front,
    /// The same under another name.
    Question,
    /// All that is shown with the answer.
    Back,
    /// The answer alone.
    Answer,
    /// The points to check oneself against.
    KeyPoints,
    /// The sections under labels of their own.
    Extra,
    /// The hint.
    Hint,
    /// The topic, outermost level first.
    Topic,
    /// The deck's title.
    Deck,
    /// The tags.
    Tags,
    /// The id.
    Id,
    /// File and line.
    Source,
}

impl Field {
    /// Every field with its name.
    pub const ALL: &[(&str, Field)] = &[
        ("front", Field::Front),
        ("back", Field::Back),
        ("question", Field::Question),
        ("answer", Field::Answer),
        ("key_points", Field::KeyPoints),
        ("extra", Field::Extra),
        ("hint", Field::Hint),
        ("topic", Field::Topic),
        ("deck", Field::Deck),
        ("tags", Field::Tags),
        ("id", Field::Id),
        ("source", Field::Source),
    ];
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
