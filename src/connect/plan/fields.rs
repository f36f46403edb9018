//! What becomes of the fields and tags of a note that two sides may have edited.

use std::collections::BTreeSet;

use super::options::Side;
use crate::connect::canonical;
use crate::connect::collection::LiveNote;
use crate::connect::decision::{Compared, Decision, decide};
use crate::connect::state::{Base, spelled};
use crate::export::package_notes::PackageNote;

/// The tag of notes that the content no longer makes.
pub const RETIRED_TAG: &str = "deckpress::retired";

/// The field with the question's place in the file. It changes with every line above, so a change of
/// it alone does not send the note.
pub(super) const SOURCE_FIELD: &str = "Source";

/// What becomes of the fields of a note.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// What each is to hold.
    pub(super) merged: Vec<String>,
    /// Those that get something, by their names.
    pub(super) updated: Vec<String>,
    /// Those that a learner has edited.
    pub(super) edited: Vec<String>,
    /// Those that both sides have edited, with what is in Anki and what the content says.
    pub(super) conflicts: Vec<(String, String, String)>,
}

/// Compares the fields of a note with what the collection got last. `winner` decides conflicts; if
/// `named` is the content, that also replaces what only the learner has edited.
pub(super) fn compare_fields(
    note: &PackageNote,
    live: &LiveNote,
    base: Option<&Base>,
    (winner, named): (Option<Side>, Option<Side>),
) -> Fields {
    let of_live = |name: &str| live.fields.get(name).map_or("", String::as_str);
    let is_spelled = |hash: String| base.is_some_and(|base| base.sent == hash);
    let is_new_sent = is_spelled(spelled(note.named_fields().map(|(_, html)| html)));
    let is_live_sent = is_spelled(spelled(note.named_fields().map(|(name, _)| of_live(name))));
    let mut fields = Fields::default();
    for (name, new) in note.named_fields() {
        let live = of_live(name);
        let mut merged = new;
        let is_unedited = live == new || (is_new_sent && is_live_sent);
        if !is_unedited {
            let known = base.and_then(|base| base.fields.get(name));
            let pulled = base.and_then(|base| base.pulled.get(name));
            let is_base = |is_sent: bool, html: &str| {
                let is_known = |hash: &String| known == Some(hash) || pulled == Some(hash);
                known.map(|_| is_sent || is_known(&canonical::hash(html)))
            };
            let compared = Compared {
                live_is_base: is_base(is_live_sent, live),
                new_is_base: is_base(is_new_sent, new),
                live_is_new: canonical::is_same(live, new),
            };
            let decision = match decide(compared) {
                // Nobody edits what we write there for ourselves.
                Decision::Conflict | Decision::Keep
                    if note.note_type.kind.is_some() && name == SOURCE_FIELD =>
                {
                    Decision::Update
                }
                Decision::Keep
                    if named == Some(Side::Content)
                        || canonical::is_unescaped_by_editor(live, new) =>
                {
                    Decision::Update
                }
                decision => decision,
            };
            match (decision, winner) {
                (Decision::Nothing, _) => {}
                (Decision::Update, _) | (Decision::Conflict, Some(Side::Content)) => {
                    fields.updated.push(name.to_owned());
                }
                (Decision::Keep, _) | (Decision::Conflict, Some(Side::Anki)) => {
                    fields.edited.push(name.to_owned());
                    merged = live;
                }
                (Decision::Conflict, None) => {
                    fields.conflicts.push((name.to_owned(), live.to_owned(), new.to_owned()));
                    merged = live;
                }
            }
        }
        fields.merged.push(merged.to_owned());
    }
    fields
}

/// Returns the tags that a note is to have: those of the content, and those that the learner gave
/// it.
pub(super) fn merge_tags(note: &PackageNote, live: &LiveNote, base: Option<&Base>) -> Vec<String> {
    let fold = |tag: &String| tag.to_lowercase();
    let given = base.map_or(&[][..], |base| &base.tags).iter().map(fold);
    let not_theirs: BTreeSet<String> =
        given.chain(note.tags.iter().map(fold)).chain([RETIRED_TAG.to_owned()]).collect();
    let theirs = live.tags.iter().filter(|tag| !not_theirs.contains(&fold(tag)));
    note.tags.iter().chain(theirs).cloned().collect()
}

/// Returns whether two lists have the same tags for Anki, which does not tell them apart by case.
#[must_use]
pub fn is_same_tags(one: &[String], other: &[String]) -> bool {
    let fold = |tags: &[String]| tags.iter().map(|tag| tag.to_lowercase()).collect::<BTreeSet<_>>();
    fold(one) == fold(other)
}
