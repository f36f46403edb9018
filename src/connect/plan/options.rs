//! What a person options for where there is a choice.

use std::collections::BTreeMap;

/// What the user chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushOptions {
    /// What becomes of notes that the content no longer makes.
    pub retired: RetiredNotes,
    /// Which side wins where both have edited a field.
    pub conflicts: Conflicts,
}

/// What becomes of notes that the content no longer makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RetiredNotes {
    /// Their cards are suspended, and they get a tag.
    #[default]
    Suspend,
    /// They are deleted, with their reviews.
    Delete,
    /// Nothing.
    Keep,
}

/// Which side wins where both have edited a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conflicts {
    /// For all that is not named; `None` sends nothing.
    pub all: Option<Side>,
    /// For single questions or notes, by their ids.
    pub some: BTreeMap<String, Side>,
}

/// One of the two that may have edited a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What the content says.
    Content,
    /// What is in Anki.
    Anki,
}

impl Conflicts {
    /// Returns which side wins for a note, if that is decided.
    #[must_use]
    pub fn winner(&self, id: &str) -> Option<Side> {
        self.named_winner(id).or(self.all)
    }

    /// Returns the side that is chosen for this note or its question by its id. It also holds where only
    /// one side has edited.
    #[must_use]
    pub fn named_winner(&self, id: &str) -> Option<Side> {
        let question = id.strip_suffix("+cloze").or_else(|| id.strip_suffix("+recall"));
        self.some.get(id).or_else(|| self.some.get(question?)).copied()
    }
}
