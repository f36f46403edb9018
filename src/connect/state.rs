//! What a collection got last: a file per profile in the output folder.
//!
//! It tells what a learner has edited since. It is not in the lock, as authors share that, and each
//! of their collections is at another point. Without it nothing is lost: what cannot be told is
//! asked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::slug::slug;

/// The version that we write, and the only one that we read.
const VERSION: u32 = 2;

/// What a collection got last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    version: u32,
    /// The profile, as Anki names it.
    pub profile: String,
    /// By the id of the note.
    pub notes: BTreeMap<String, Base>,
}

/// What a note was like after it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// Its number in Anki.
    pub nid: i64,
    /// When it was last changed then.
    #[serde(rename = "mod")]
    pub modified: i64,
    /// The deck that we put its cards into.
    pub deck: String,
    /// The tags that we gave it.
    pub tags: Vec<String>,
    /// A hash of all fields exactly as they were sent, for a fast comparison.
    pub sent: String,
    /// A hash of what each field shows, by its name.
    pub fields: BTreeMap<String, String>,
    /// Hashes of pulled fields as a build renders them, where that differs from Anki's HTML.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pulled: BTreeMap<String, String>,
    /// Its time of modification in the lock then.
    #[serde(default)]
    pub built: i64,
    /// The ordinals of the cards that it made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<u16>,
    /// How far its retirement has come, if the content no longer makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<Retired>,
    /// Whether a push has said already that a learner has deleted it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// The retirement of a note.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retired {
    /// Whether all of it was done. What a learner does with the note afterwards is their own.
    pub is_done: bool,
    /// The cards that we suspended, and that were not before.
    pub suspended: Vec<i64>,
}

impl State {
    /// Returns the state of a profile that got nothing yet.
    #[must_use]
    pub fn new(profile: &str) -> Self {
        Self { version: VERSION, profile: profile.to_owned(), notes: BTreeMap::new() }
    }

    /// Reads a state; `None` if it is not one of this profile.
    #[must_use]
    pub fn read(bytes: &[u8], profile: &str) -> Option<Self> {
        let state: Self = serde_json::from_slice(bytes).ok()?;
        (state.version == VERSION && state.profile == profile).then_some(state)
    }

    /// Returns the name of the file in the output folder.
    #[must_use]
    pub fn file_name(profile: &str) -> String {
        let hash = blake3::hash(profile.as_bytes()).to_hex();
        format!(".deckpress-pushed-{}-{}", slug(profile), &hash[..8])
    }

    /// Returns what the file holds.
    ///
    /// # Errors
    /// Never, as all of it can be written as JSON.
    pub fn write(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }
}

/// Returns a hash of fields as they are spelled.
#[must_use]
pub fn spelled<'f>(fields: impl Iterator<Item = &'f str>) -> String {
    let mut hasher = blake3::Hasher::new();
    for field in fields {
        hasher.update(field.as_bytes());
        hasher.update(b"\x1f");
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Base, State, spelled};

    #[test]
    fn what_was_written_is_read() {
        let mut state = State::new("User 1");
        let base = Base { nid: 1, sent: spelled(["a", "b"].into_iter()), ..Base::default() };
        state.notes.insert("a".to_owned(), base);
        let bytes = state.write().expect("JSON");
        assert_eq!(State::read(&bytes, "User 1"), Some(state));
        assert_eq!(State::read(&bytes, "User 2"), None);
        assert_eq!(State::read(b"{}", "User 1"), None);
    }

    #[test]
    fn each_profile_has_a_file_of_its_own() {
        assert_ne!(State::file_name("User 1"), State::file_name("user-1"));
        assert_ne!(State::file_name(""), State::file_name("/"));
        assert!(!State::file_name("../a").contains('/'));
    }
}
