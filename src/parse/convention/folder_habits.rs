//! The habits of a folder: what most of its files have in common.
//!
//! [`folder`](super::folder) finds it out.

use std::collections::BTreeSet;

use crate::model::Shared;

/// How many places there are.
pub(super) const PLACES: usize = 7;

/// A place of a file that may hold its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parse) enum QuestionPlace {
    /// A `question` field of the front matter.
    Question,
    Heading,
    /// A first heading that is only a label for the question below it.
    Word,
    Title,
    Name,
    Description,
    /// The text above options with letters.
    Options,
}

impl QuestionPlace {
    /// All places, the most reliable first.
    pub(super) const ALL: [QuestionPlace; PLACES] = [
        QuestionPlace::Question,
        QuestionPlace::Heading,
        QuestionPlace::Word,
        QuestionPlace::Title,
        QuestionPlace::Name,
        QuestionPlace::Description,
        QuestionPlace::Options,
    ];
}

/// What most files of a folder have in common.
#[derive(Debug, Default)]
pub(in crate::parse) struct FolderHabits {
    pub(super) folder: String,
    /// Whether it has enough files to be judged by itself.
    pub(super) is_large: bool,
    /// How many files ask in each of [`QuestionPlace::ALL`].
    pub(super) asking: [usize; PLACES],
    /// The places where most files ask, and whether nearly all of them do.
    pub asked: Vec<(QuestionPlace, bool)>,
    /// The words of the links that most files end with.
    pub last: BTreeSet<String>,
    /// The keys of `key:: value` lines that several files have.
    pub fields: BTreeSet<String>,
    /// The level of the headings whose numbers run through the files.
    pub numbered: Option<usize>,
    /// The decisions, in words.
    pub(super) said: Vec<Shared>,
}

impl FolderHabits {
    /// Returns whether any file asks in a place.
    pub(super) fn has_question_in(&self, place: QuestionPlace) -> bool {
        QuestionPlace::ALL
            .iter()
            .zip(self.asking)
            .any(|(other, asking)| *other == place && asking > 0)
    }

    /// Returns whether the files have anything in common.
    pub(super) fn is_some(&self) -> bool {
        let has_words = !(self.asked.is_empty() && self.last.is_empty() && self.fields.is_empty());
        has_words || self.numbered.is_some()
    }
}
