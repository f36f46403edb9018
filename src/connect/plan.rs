//! What a push would do: the content, the collection and what it got last, side by side.

mod cards;
mod decks;
mod fields;
mod options;

use std::collections::{BTreeMap, BTreeSet};

use super::canonical;
use super::collection::{Collection, LiveNote, is_same_deck};
use super::state::{Base, Retired, State, spelled};
use crate::export::package_notes::PackageNote;
use decks::deck_of;
pub use fields::{RETIRED_TAG, is_same_tags};
use fields::{SOURCE_FIELD, compare_fields, merge_tags};
pub use options::{Conflicts, PushOptions, RetiredNotes, Side};

/// What the content says.
#[derive(Debug)]
pub struct Content<'c> {
    /// Every note that it makes.
    pub notes: &'c [PackageNote],
    /// The notes that it no longer makes.
    pub gone: &'c [String],
    /// How each was in the lock before.
    pub before: &'c BTreeMap<String, Before>,
    /// The notes, by their places, that the collection has in another note type.
    pub of_other_type: &'c BTreeSet<usize>,
}

/// How a note was in the lock before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// When it last changed, in seconds since 1970.
    pub modified: i64,
    /// Its deck.
    pub deck: String,
    /// True if no build has changed it since the first.
    pub is_first: bool,
}

/// The steps of a push. A `usize` is an index into the notes of the content.
#[derive(Debug, Default)]
pub struct Plan {
    /// Notes that are new to the collection.
    pub added: Vec<usize>,
    /// Notes that get something, with what that is.
    pub updated: Vec<(usize, Vec<String>)>,
    /// The indexes among `updated` of notes whose content is older than what the collection got last.
    pub older: BTreeSet<usize>,
    /// The same notes as they are sent.
    pub sent: Vec<PackageNote>,
    /// Notes with fields that keep a learner's edit, and the names of those fields.
    pub edited: Vec<(usize, Vec<String>)>,
    /// Notes of which both sides have edited a field.
    pub conflicts: Vec<Conflict>,
    /// Notes that a learner has deleted.
    pub deleted: Vec<usize>,
    /// Those of them that no push has named before.
    pub newly_deleted: BTreeSet<usize>,
    /// Notes with cards that go to another deck: the one from which, and the cards.
    pub moved: Vec<Move>,
    /// Notes with cards that belong into another deck and are in a filtered one.
    pub filtered: Vec<usize>,
    /// Notes with cards that belong into another deck, but a learner has put them into this one.
    pub stay: Vec<(usize, String)>,
    /// Notes that are retired now.
    pub retired: Vec<Retirement>,
    /// Notes that stay although the content no longer makes them.
    pub kept: Vec<String>,
    /// Notes that are back, and those of their cards that we had suspended.
    pub returned: Vec<(usize, Vec<i64>)>,
    /// Those of them with suspended cards that the learner may have suspended.
    pub suspended_by_unknown: BTreeSet<usize>,
    /// Notes with cards that they no longer make.
    pub blank: Vec<usize>,
    /// Notes that get our note type, and keep their cards.
    pub adopted: Vec<usize>,
    /// Notes that stay in another note type.
    pub of_other_type: Vec<usize>,
    /// Notes of which nothing changes.
    pub unchanged: usize,
    /// What the collection got last, as far as it can be told before anything is sent.
    pub before: State,
    /// The same after it.
    pub after: State,
}

/// A field that both sides have edited.
#[derive(Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The note.
    pub note: usize,
    /// The name of each field, what is in Anki, and what the content says.
    pub fields: Vec<(String, String, String)>,
}

/// Cards that go to another deck.
#[derive(Debug, PartialEq, Eq)]
pub struct Move {
    /// The note.
    pub note: usize,
    /// The deck that they are in.
    pub from: String,
    /// The cards.
    pub cards: Vec<i64>,
}

/// A note that the content no longer makes.
#[derive(Debug, PartialEq, Eq)]
pub struct Retirement {
    /// Its id.
    pub id: String,
    /// Its number.
    pub nid: i64,
    /// Its cards.
    pub cards: Vec<i64>,
    /// Those that are not suspended.
    pub active: Vec<i64>,
}

impl Plan {
    /// Returns whether both sides have edited a note.
    #[must_use]
    pub fn is_conflict(&self, note: usize) -> bool {
        self.conflicts.iter().any(|conflict| conflict.note == note)
    }

    /// Returns whether nothing would change in Anki.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let returns = self.returned.iter().any(|(_, cards)| !cards.is_empty());
        let adopts = !self.adopted.is_empty();
        !adopts
            && self.sent.is_empty()
            && self.moved.is_empty()
            && self.retired.is_empty()
            && !returns
    }
}

/// Makes out what a push would do.
#[must_use]
pub fn make(
    content: &Content<'_>,
    collection: &Collection,
    state: &State,
    options: &PushOptions,
) -> Plan {
    // A collection without any of these notes is another one under the same name.
    let is_of_other_type = |at: &usize| state.notes.contains_key(&content.notes[*at].id);
    let is_known = state.notes.keys().any(|id| collection.notes.contains_key(id))
        || content.of_other_type.iter().any(is_of_other_type);
    let mut plan = Plan { before: State::new(&state.profile), ..Plan::default() };
    if is_known {
        // Those that the lock does not know stay in it, as the lock may be an older one.
        plan.before.notes.clone_from(&state.notes);
    }
    for (id, live) in &collection.notes {
        if !plan.before.notes.contains_key(id)
            && let Some(before) = content.before.get(id)
            && (live.modified == before.modified)
        {
            plan.before.notes.insert(id.clone(), unedited(live, &before.deck));
        }
    }
    for note in content.notes {
        // A note that no build has changed since the first was sent as it is now.
        if let Some(live) = collection.notes.get(&note.id)
            && let Some(before) = content.before.get(&note.id)
            && (before.is_first && before.modified == note.modified)
        {
            let unknown = || Base { deck: before.deck.clone(), ..sent(note, live.nid) };
            plan.before.notes.entry(note.id.clone()).or_insert_with(unknown);
        }
    }
    plan.after = plan.before.clone();
    for (at, note) in content.notes.iter().enumerate() {
        match collection.notes.get(&note.id) {
            Some(live) => compare(&mut plan, at, note, live, content, collection, options),
            None if content.of_other_type.contains(&at) => plan.of_other_type.push(at),
            None => add(&mut plan, at, note, options),
        }
    }
    for id in content.gone {
        match collection.notes.get(id) {
            Some(live) => retire(&mut plan, id, live, collection, options.retired),
            None => {
                plan.after.notes.remove(id);
            }
        }
    }
    plan
}

/// Returns what a note was like that nobody has edited since it came into the collection.
fn unedited(live: &LiveNote, deck: &str) -> Base {
    let fields =
        live.fields.iter().map(|(name, html)| (name.clone(), canonical::hash(html))).collect();
    let tags = live.tags.iter().filter(|tag| *tag != RETIRED_TAG).cloned().collect();
    let (nid, modified) = (live.nid, live.modified);
    Base { nid, modified, deck: deck.to_owned(), tags, fields, ..Base::default() }
}

fn add(plan: &mut Plan, at: usize, note: &PackageNote, options: &PushOptions) {
    let base = plan.after.notes.get_mut(&note.id);
    if let Some(base) = base.filter(|_| options.conflicts.winner(&note.id) != Some(Side::Content)) {
        plan.deleted.push(at);
        if !base.deleted {
            plan.newly_deleted.insert(at);
        }
        base.deleted = true;
        return;
    }
    plan.added.push(at);
    plan.sent.push(note.clone());
    plan.after.notes.insert(note.id.clone(), sent(note, 0));
}

/// Returns what a note is like after it was sent, as the content says it.
fn sent(note: &PackageNote, nid: i64) -> Base {
    let hashes = note.named_fields().map(|(name, html)| (name.to_owned(), canonical::hash(html)));
    Base {
        nid,
        modified: note.modified,
        deck: note.deck.clone(),
        tags: note.tags.clone(),
        sent: spelled(note.fields.iter().map(String::as_str)),
        fields: hashes.collect(),
        cards: note.ords.clone(),
        built: note.modified,
        retired: None,
        ..Base::default()
    }
}

/// Returns the same of a note that was sent before, with the hashes of then if its HTML is the same.
fn sent_again(note: &PackageNote, nid: i64, base: Option<&Base>) -> Base {
    let spelled = spelled(note.fields.iter().map(String::as_str));
    match base.filter(|base| base.sent == spelled) {
        Some(base) => Base {
            nid,
            modified: note.modified,
            deck: note.deck.clone(),
            tags: note.tags.clone(),
            cards: note.ords.clone(),
            built: note.modified,
            retired: None,
            deleted: false,
            ..base.clone()
        },
        None => sent(note, nid),
    }
}

/// Compares a note that is in Anki.
fn compare(
    plan: &mut Plan,
    at: usize,
    note: &PackageNote,
    live: &LiveNote,
    content: &Content<'_>,
    collection: &Collection,
    options: &PushOptions,
) {
    let base = plan.before.notes.get(&note.id).cloned();
    let winner = options.conflicts.winner(&note.id);
    let named = options.conflicts.named_winner(&note.id);
    let mut fields = compare_fields(note, live, base.as_ref(), (winner, named));
    let tags = merge_tags(note, live, base.as_ref());
    let (mut changes, mut merged) = (fields.updated, fields.merged);
    changes.extend((!is_same_tags(&tags, &live.tags)).then(|| "tags".to_owned()));
    let is_quiet = |change: &String| note.note_type.kind.is_some() && change == SOURCE_FIELD;
    let is_noticed = changes.iter().any(|change| !is_quiet(change));
    let mut quiet = true;
    // What is kept must be newer than what the content says, or a package would overwrite it.
    let is_outdated = !fields.edited.is_empty() && live.modified < note.modified;
    let mut is_sent = is_noticed || is_outdated;
    if is_sent && !cards::are_made(note, &merged) {
        // Anki takes no note without a card, as where a learner has emptied the question.
        let (name, html) = (note.note_type.fields[0].clone(), note.fields[0].clone());
        match winner {
            Some(Side::Content) => {
                merged[0] = html;
                changes.push(name);
            }
            Some(Side::Anki) => is_sent = false,
            None => {
                let live = live.fields.get(&name).cloned().unwrap_or_default();
                fields.conflicts.push((name, live, html));
            }
        }
    }
    if !fields.edited.is_empty() {
        plan.edited.push((at, fields.edited));
        quiet = false;
    }
    if !fields.conflicts.is_empty() {
        plan.conflicts.push(Conflict { note: at, fields: fields.conflicts });
        quiet = false;
    }
    let mut after = sent_again(note, live.nid, base.as_ref());
    after.modified = live.modified;
    if is_sent {
        // A note that also holds a learner's edits gets a later time, so that it is not taken for
        // unedited if the state is lost.
        let is_mixed = merged != note.fields || !is_same_tags(&tags, &note.tags);
        let modified = (note.modified + i64::from(is_mixed)).max(live.modified + 1);
        let deck = deck_of(note, live, collection);
        let (fields, others) = (merged.clone(), live.fields.clone());
        plan.sent.push(PackageNote { modified, deck, tags, fields, others, ..note.clone() });
        plan.updated.extend(is_noticed.then_some((at, changes)));
        if is_noticed && base.as_ref().is_some_and(|base| base.built > note.modified) {
            plan.older.insert(at);
        }
        after.modified = modified;
        quiet = false;
    } else if is_noticed || is_outdated {
        after = Base { deleted: false, ..base.clone().unwrap_or(after) };
    } else if let Some(base) = &base {
        // The note is not sent, so the state keeps the hashes of what was sent last.
        after.sent.clone_from(&base.sent);
        let known = base.fields.get(SOURCE_FIELD).cloned();
        after.fields.extend(known.map(|known| (SOURCE_FIELD.to_owned(), known)));
    }
    let last = base.as_ref().map(|base| &base.deck);
    let last = last.or_else(|| content.before.get(&note.id).map(|before| &before.deck));
    if let Some(last) = last.filter(|last| !is_same_deck(last, &note.deck)) {
        let placement = decks::find_cards(note, live, last, collection);
        quiet &= placement.is_quiet();
        if placement.is_filtered {
            plan.filtered.push(at);
            // A later push moves them when they have left it, so the old deck stays recorded.
            after.deck.clone_from(last);
        }
        if !placement.to_move.is_empty() {
            plan.moved.push(Move { note: at, from: last.clone(), cards: placement.to_move });
        }
        plan.stay.extend(placement.elsewhere.map(|deck| (at, deck)));
    }
    let retired = base.as_ref().and_then(|base| base.retired.as_ref());
    // The content may give the tag itself, as a deck that was imported with it does.
    let is_tagged = |tags: &[String]| tags.iter().any(|tag| tag == RETIRED_TAG);
    if retired.is_some() || (is_tagged(&live.tags) && !is_tagged(&note.tags)) {
        let ours = retired.map_or(&[][..], |retired| &retired.suspended);
        let is_ours =
            |card: &&i64| collection.suspended.contains(card) && live.cards.contains(card);
        plan.returned.push((at, ours.iter().filter(is_ours).copied().collect()));
        if retired.is_none() && live.cards.iter().any(|card| collection.suspended.contains(card)) {
            plan.suspended_by_unknown.insert(at);
        }
        quiet = false;
    }
    let notetype = collection.notetypes.get(&note.note_type.id);
    let has_our_templates =
        notetype.is_some_and(|live| live.templates() == note.note_type.templates);
    if has_our_templates && cards::are_left_blank(note, live, &merged, base.as_ref()) {
        plan.blank.push(at);
    }
    plan.unchanged += usize::from(quiet);
    plan.after.notes.insert(note.id.clone(), after);
}

/// Decides about a note that the content no longer makes.
fn retire(plan: &mut Plan, id: &str, live: &LiveNote, collection: &Collection, wish: RetiredNotes) {
    let is_active = |card: &&i64| !collection.suspended.contains(card);
    let active: Vec<i64> = live.cards.iter().filter(is_active).copied().collect();
    let (nid, cards) = (live.nid, live.cards.clone());
    let retirement = Retirement { id: id.to_owned(), nid, cards, active };
    match wish {
        RetiredNotes::Keep => plan.kept.push(id.to_owned()),
        RetiredNotes::Delete => {
            plan.after.notes.remove(id);
            plan.retired.push(retirement);
        }
        RetiredNotes::Suspend => {
            let first = live.cards.first().and_then(|card| collection.decks.get(card));
            let unknown = || Base {
                nid,
                modified: live.modified,
                deck: first.cloned().unwrap_or_default(),
                ..Base::default()
            };
            let base = plan.before.notes.entry(id.to_owned()).or_insert_with(unknown);
            let is_tagged = live.tags.iter().any(|tag| tag == RETIRED_TAG);
            let known = base.retired.take().unwrap_or_default();
            let is_done = known.is_done || (is_tagged && known.suspended.is_empty());
            let mut suspended = known.suspended;
            if !is_done {
                suspended.extend(&retirement.active);
                suspended.sort_unstable();
                suspended.dedup();
            }
            // What is begun is written down before, so that it can be ended after a stop.
            base.retired = Some(Retired { is_done, suspended: suspended.clone() });
            let retired = Some(Retired { is_done: true, suspended });
            plan.after.notes.insert(id.to_owned(), Base { retired, ..base.clone() });
            if !is_done {
                plan.retired.push(retirement);
            }
        }
    }
}
