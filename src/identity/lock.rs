//! `deckpress.lock`: what is remembered of every question from one build to the next.
//!
//! JSON Lines: a header, then one object per question in the order of the content, so that its
//! diff mirrors the content's, then those that were taken out, and a last line that is always the
//! same, so that a file that was cut off is noticed. People merge it with git and look at it, so
//! each line stands alone and damage is reported by line, never repaired silently. What a newer
//! version of the program adds to a line or to the header, and lines of its own, are kept as they
//! are.

mod change;
mod line;
mod note_type;
mod object;
mod read;
mod write;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fingerprint::Fingerprint;
use super::numbering::{self, Numbered};
use super::sketch::Sketch;
use crate::model::CardKind;

pub use change::{Carried, Confirmed, accept, carry};
pub use read::damaged;

/// The name of the lock in a content folder.
pub const FILE_NAME: &str = "deckpress.lock";

/// The version that we write, and the newest that we read. The first and the second had neither a
/// last line nor the way in which each sketch is drawn: that was the same for the whole lock.
const VERSION: u32 = 3;

/// The last line.
const END: &str = "{\"end\":true}";

/// Keys that this version does not know and their JSON, in order.
pub type Rest = Vec<(String, String)>;

/// Everything that is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The questions, in order; those that were taken out come last.
    pub entries: Vec<Entry>,
    /// The note types of the author's own that were ever built, in the order of their names.
    pub note_types: Vec<LockedNoteType>,
    /// The author's own style sheet, if there ever was one.
    pub style: Option<Stamp>,
    /// What else is in the header.
    pub rest: Rest,
    /// Whole lines of a kind that this version does not know, in order.
    pub others: Vec<String>,
    /// Whether it is of an older version, and so must be written anew.
    pub is_old: bool,
}

/// A name, and the id in Anki that belongs to it, where it has one.
pub type IdByName = (String, Option<i64>);

/// What is remembered of a note type of the author's own. Anki takes a note type whose layout
/// changes for another one, and would not update the notes that learners have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockedNoteType {
    /// Its name.
    pub name: String,
    /// Its id in Anki, for ever.
    pub id: i64,
    /// When its style sheet or a template last changed, in seconds since 1970.
    pub modified: i64,
    /// A hash of these; empty if they are not known.
    pub hash: String,
    /// Whether it is a cloze type, which makes a card for each gap.
    pub is_cloze: bool,
    /// Its fields, in order.
    pub fields: Vec<IdByName>,
    /// Its card templates, in order.
    pub cards: Vec<IdByName>,
    /// What Anki keeps of it besides, if it came from there.
    pub settings: Option<Value>,
    /// What else is in its line.
    pub rest: Rest,
}

/// When something last changed, and a hash to tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// A hash of it.
    pub hash: String,
    /// Seconds since 1970.
    pub modified: i64,
}

/// What is remembered of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id, for ever.
    pub id: String,
    /// The id that the author wrote.
    pub name: Option<String>,
    /// The GUID of its note in Anki, if that is not made of the id.
    pub guid: Option<String>,
    /// The note type of the author's own that it was last built with.
    pub note_type: Option<String>,
    /// The ordinals of the cards that it made with that.
    pub cards: Vec<u16>,
    /// The id of its note in the collection that it came from.
    pub nid: Option<i64>,
    /// What it asks.
    pub question: String,
    /// The deck's title.
    pub deck: String,
    /// The topic below the deck.
    pub topic: Vec<String>,
    /// The file it stands in.
    pub file: String,
    /// What a learner studies.
    pub fingerprint: Fingerprint,
    /// What the answer is like.
    pub sketch: Sketch,
    /// Milliseconds since 1970, unique.
    pub created: i64,
    /// Seconds since 1970.
    pub modified: i64,
    /// What the note of question and answer last showed, while there is none.
    pub shown: Option<String>,
    /// Which cards it makes besides, or in place of, question and answer.
    pub kinds: BTreeSet<CardKind>,
    /// Its cloze note, if it ever had one.
    pub cloze: Option<Box<NumberedNote>>,
    /// Its recall list, if it ever had one.
    pub recall: Option<Box<NumberedNote>>,
    /// How it was when its pair was last certain, as long as nobody has confirmed what it rests on.
    pub open: Option<Box<Former>>,
    /// Whether `{id=new}` on its heading has been obeyed.
    pub renewed: bool,
    /// The day on which it was taken out, as in `2026-11-23`.
    pub removed: Option<String>,
    /// What else is in its line.
    pub rest: Rest,
}

/// What is remembered of a question as it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    /// What it asked.
    pub question: String,
    /// What a learner studied.
    pub fingerprint: Fingerprint,
    /// What the answer was like.
    pub sketch: Sketch,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Gives each note a time of its own where two have the same, as after a merge of branches that
/// were built in the same second. The first one keeps it; Anki knows notes by their ids.
fn part_times(entries: &mut [Entry]) {
    let mut times: Vec<i64> = entries.iter().flat_map(Entry::times).collect();
    times.sort_unstable();
    if times.windows(2).all(|pair| pair[0] < pair[1]) {
        return;
    }
    let mut seen = BTreeSet::new();
    for entry in entries {
        let series = [&mut entry.cloze, &mut entry.recall].into_iter().flatten();
        let times = std::iter::once(&mut entry.created);
        for time in times.chain(series.map(|series| &mut series.created)) {
            while !seen.insert(*time) {
                *time += 1;
            }
        }
    }
}

impl Entry {
    /// Returns the GUIDs by which Anki knows its notes, but for those that are made of the id of a
    /// note that has one of its own.
    pub fn guids(&self) -> impl Iterator<Item = String> {
        let cloze = self.cloze.as_ref().and_then(|note| note.guid.clone());
        std::iter::once(self.guid.clone().unwrap_or_else(|| self.id.clone())).chain(cloze)
    }

    /// Returns the times that stand for its notes.
    pub fn times(&self) -> impl Iterator<Item = i64> {
        let series = [&self.cloze, &self.recall].into_iter().flatten();
        std::iter::once(self.created).chain(series.map(|series| series.created))
    }
}

impl NumberedNote {
    /// Returns the number of the card that asks for each highlight or key point, in order.
    pub fn given(&self) -> impl Iterator<Item = u16> {
        self.numbers.iter().map(|(number, _)| self.together.unwrap_or(*number))
    }

    /// Returns what the card with this number asks for: several texts if they share it.
    #[must_use]
    pub fn text_of(&self, number: u16) -> String {
        let listed = self.given().zip(self.numbers.iter().map(|(_, text)| text));
        let explicit = self.explicit.iter().map(|(number, text)| (*number, text));
        let asked = listed.chain(explicit).filter(|(given, _)| *given == number);
        asked.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Replaces the texts by those after an edit in place, so that the next build gives each the number
    /// that it has here; returns whether any was replaced.
    pub fn reword(&mut self, after: &Self) -> bool {
        let reworded = numbering::reword(&self.numbers, &after.numbers);
        reworded.map(|numbers| self.numbers = numbers).is_some()
    }

    /// Returns the numbers that have a card.
    #[must_use]
    pub fn cards(&self) -> BTreeSet<u16> {
        self.given().chain(self.explicit.iter().map(|(number, _)| *number)).collect()
    }
}

/// A note whose cards are numbered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberedNote {
    /// Milliseconds since 1970, unique.
    pub created: i64,
    /// Seconds since 1970.
    pub modified: i64,
    /// Its GUID in Anki, if that is not made of the question's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    /// What the note last showed, while it is not made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
    /// The gaps to which the author gave numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explicit: Vec<Numbered>,
    /// The number of the one card that asks for all highlights, if that is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<u16>,
    /// The highlights or key points, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<Numbered>,
    /// Those that were taken out; their numbers are not given again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Numbered>,
}

#[cfg(test)]
mod tests;
