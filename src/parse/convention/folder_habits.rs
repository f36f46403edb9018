//! What the files of a folder have in common, as far as recognizers need it.
//!
//! [`folder`](super::folder) finds it out.

use std::collections::BTreeSet;

use crate::model::Shared;

/// What of a file may ask its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parse) enum Place {
    /// What the front matter calls a question.
    Question,
    Heading,
    /// A first heading that says no more than that a question is below.
    Word,
    Title,
    Name,
    Description,
}

impl Place {
    /// All of them, the one that is meant first.
    pub(super) const ALL: [Place; 6] = [
        Place::Question,
        Place::Heading,
        Place::Word,
        Place::Title,
        Place::Name,
        Place::Description,
    ];
}

/// What most files of a folder have in common.
#[derive(Debug, Default)]
pub(in crate::parse) struct FolderHabits {
    pub(super) folder: String,
    /// Whether it is not as the folder above it.
    pub(super) is_large: bool,
    /// How many files ask in each of [`Place::ALL`].
    pub(super) asking: [usize; 6],
    /// Where they ask their question, and whether nearly all of them do.
    pub asked: Vec<(Place, bool)>,
    /// What their last lines say.
    pub last: BTreeSet<String>,
    /// The keys that stand before two colons in several.
    pub fields: BTreeSet<String>,
    /// The same in words.
    pub(super) said: Vec<Shared>,
}

impl FolderHabits {
    /// Whether any file asks at this place.
    pub(super) fn asks(&self, place: Place) -> bool {
        Place::ALL.iter().zip(self.asking).any(|(other, asking)| *other == place && asking > 0)
    }

    /// Returns whether the files have anything in common.
    pub(super) fn is_some(&self) -> bool {
        !(self.asked.is_empty() && self.last.is_empty() && self.fields.is_empty())
    }
}
