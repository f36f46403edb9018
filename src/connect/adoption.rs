//! Notes that a collection has in another note type, as it had them before they were imported into
//! the content.
//!
//! A package cannot change the note type of a note, so these are changed one by one; their cards
//! stay, with all reviews. What a learner has edited since has no field to go to, so that is asked.

use std::collections::{BTreeMap, BTreeSet};

use super::collection::LiveNote;
use super::plan::{Before, Conflict, Conflicts, Side};
use crate::dom::{Dom, Kind};
use crate::export::package_notes::PackageNote;

/// What becomes of notes that are of another note type in Anki. Numbers are places in the notes of
/// the content.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Adoption {
    /// Those that get our note type.
    pub adopted: Vec<usize>,
    /// Those that stay as they are.
    pub others: BTreeSet<usize>,
    /// Those of which something would be lost.
    pub conflicts: Vec<Conflict>,
}

/// Decides about notes that are of another note type in Anki.
#[must_use]
pub fn decide(
    notes: &[PackageNote],
    found: &BTreeMap<usize, LiveNote>,
    before: &BTreeMap<String, Before>,
    conflicts: &Conflicts,
    is_wanted: bool,
) -> Adoption {
    let mut adoption = Adoption::default();
    for (&at, live) in found {
        let note = &notes[at];
        let is_unedited =
            before.get(&note.id).is_some_and(|before| before.modified == live.modified);
        let winner = conflicts.winner(&note.id);
        if !is_wanted || winner == Some(Side::Anki) {
            adoption.others.insert(at);
        } else if is_unedited || winner == Some(Side::Content) || keeps_words(note, live) {
            adoption.adopted.push(at);
        } else {
            adoption.others.insert(at);
            let shown = |fields: Vec<&str>| fields.join("<br>");
            let live = shown(live.fields.values().map(String::as_str).collect());
            let new = shown(note.fields.iter().take(5).map(String::as_str).collect());
            let fields = vec![("all fields".to_owned(), live, new)];
            adoption.conflicts.push(Conflict { note: at, fields });
        }
    }
    adoption
}

/// Returns a note as it is after it got our note type.
#[must_use]
pub fn adopt(note: &PackageNote, live: &LiveNote) -> LiveNote {
    let fields = note.named_fields().map(|(name, html)| (name.to_owned(), html.to_owned()));
    let (note_type, first) = (note.note_type.id, String::new());
    LiveNote { note_type, first, fields: fields.collect(), ..live.clone() }
}

/// Returns whether the content has every word that a note has in Anki.
fn keeps_words(note: &PackageNote, live: &LiveNote) -> bool {
    let new: BTreeSet<String> = note.fields.iter().flat_map(|html| words(html)).collect();
    live.fields.values().flat_map(|html| words(html)).all(|word| new.contains(&word))
}

/// Returns the words that a field shows.
fn words(html: &str) -> Vec<String> {
    let dom = Dom::parse(html);
    let mut text = String::new();
    let mut nodes: Vec<_> = dom.top().to_vec();
    while let Some(id) = nodes.pop() {
        match dom.kind(id) {
            Kind::Text(shown) => {
                text.push_str(shown);
                text.push(' ');
            }
            Kind::Element { .. } | Kind::Other => nodes.extend(dom.children(id)),
        }
    }
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_those_that_are_shown() {
        let mut found = words("<p class=\"x\">One <b>two</b>&amp;&nbsp;three</p>");
        found.sort();
        assert_eq!(found, ["one", "three", "two"]);
    }
}
