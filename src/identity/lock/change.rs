//! Changes of the lock that a user wants and that need no content.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Lock, LockedNoteType, part_times};

/// A question whose pair was confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// Its id.
    pub id: String,
    /// What it asked when its pair was last certain.
    pub old: String,
    /// What it asks.
    pub question: String,
}

/// A question whose line is in another lock now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Its id.
    pub id: String,
    /// What it asks.
    pub question: String,
}

/// Confirms the pairs of these questions, or else all that are open; says which.
///
/// # Errors
/// If one of them is not there or not open; then nothing has changed.
pub fn accept(lock: &mut Lock, ids: &[String]) -> Result<Vec<Confirmed>, String> {
    let chosen = choose(lock, ids)?;
    let closed = chosen.iter().map(|&at| &lock.entries[at]).filter(|entry| entry.open.is_none());
    let closed: Vec<String> = closed.map(|entry| format!("`{}`", entry.id)).collect();
    if !closed.is_empty() {
        let why = "is not open, so there is nothing to confirm";
        return Err(format!("{} {why}", closed.join(", ")));
    }
    let is_chosen = |at: &usize| ids.is_empty() || chosen.contains(at);
    let entries = (0..).zip(&mut lock.entries).filter(|(at, _)| is_chosen(at));
    let confirmed = entries.filter_map(|(_, entry)| {
        let old = entry.open.take()?.question;
        Some(Confirmed { id: entry.id.clone(), old, question: entry.question.clone() })
    });
    Ok(confirmed.collect())
}

/// Carries the lines of these questions over to another lock, and those of their note types; says
/// which questions. A line that is there
/// already, as an earlier attempt has left it, is only taken out of the first.
///
/// # Errors
/// If one of them is not there, or the other lock has another question with its id, or another note
/// type of the same name; then nothing has changed.
pub fn carry(from: &mut Lock, to: &mut Lock, ids: &[String]) -> Result<Vec<Carried>, String> {
    let chosen = choose(from, ids)?;
    let mut problems = clashes(chosen.iter().map(|&at| &from.entries[at]), to);
    let needed = chosen.iter().filter_map(|&at| from.entries[at].note_type.as_deref()).collect();
    let note_types = carry_note_types(&from.note_types, &to.note_types, &needed, &mut problems);
    if !problems.is_empty() {
        return Err(problems.join("; "));
    }
    to.note_types = note_types;
    let there: BTreeSet<String> = to.entries.iter().map(|entry| entry.id.clone()).collect();
    let entries = std::mem::take(&mut from.entries);
    let (moved, kept): (Vec<_>, Vec<_>) =
        (0..).zip(entries).partition(|(at, _)| chosen.contains(at));
    from.entries = kept.into_iter().map(|(_, entry)| entry).collect();
    let moved: Vec<Entry> = moved.into_iter().map(|(_, entry)| entry).collect();
    let carried = moved
        .iter()
        .map(|Entry { id, question, .. }| Carried { id: id.clone(), question: question.clone() });
    let carried = carried.collect();
    to.entries.extend(moved.into_iter().filter(|entry| !there.contains(&entry.id)));
    part_times(&mut to.entries);
    // Those that were taken out come last.
    to.entries.sort_by_key(|entry| entry.removed.is_some());
    Ok(carried)
}

/// Returns the note types of a lock and those that it needs of another, in the order of their names.
fn carry_note_types(
    from: &[LockedNoteType],
    to: &[LockedNoteType],
    needed: &BTreeSet<&str>,
    problems: &mut Vec<String>,
) -> Vec<LockedNoteType> {
    let mut note_types = to.to_vec();
    for note_type in from.iter().filter(|note_type| needed.contains(note_type.name.as_str())) {
        match to.iter().find(|other| other.name == note_type.name) {
            None => note_types.push(note_type.clone()),
            Some(other) if other.id == note_type.id => {}
            Some(_) => problems.push(format!(
                "that lock has another note type `{}`: give one of the two another name",
                note_type.name
            )),
        }
    }
    note_types.sort_by(|a, b| a.name.cmp(&b.name));
    note_types
}

/// Says which questions cannot be in a lock, because another question there has the id of one.
fn clashes<'e>(entries: impl Iterator<Item = &'e Entry>, to: &Lock) -> Vec<String> {
    let places = places(to);
    let named = |Entry { id, question, .. }: &Entry| format!("`{id}` ({question})");
    let clash = |entry: &Entry| {
        let is_other =
            |other: &&Entry| (&other.id, &other.question) != (&entry.id, &entry.question);
        let names = [Some(&entry.id), entry.name.as_ref()].into_iter().flatten();
        let others = names.filter_map(|name| places.get(name.as_str()));
        let other = others.map(|&at| &to.entries[at]).find(is_other)?;
        let (own, other) = (named(entry), named(other));
        Some(format!("{own} is called as another question of that lock is, {other}"))
    };
    entries.filter_map(clash).collect()
}

/// Finds the questions with these ids, or with those that their authors wrote for them.
fn choose(lock: &Lock, ids: &[String]) -> Result<BTreeSet<usize>, String> {
    let places = places(lock);
    let unknown = ids.iter().filter(|id| !places.contains_key(id.as_str()));
    let unknown: Vec<String> = unknown.map(|id| format!("`{id}`")).collect();
    if !unknown.is_empty() {
        return Err(format!("the lock has no question {}", unknown.join(", ")));
    }
    Ok(ids.iter().map(|id| places[id.as_str()]).collect())
}

/// Returns the places of all questions by what they are called; what an author wrote goes first.
fn places(lock: &Lock) -> BTreeMap<&str, usize> {
    let entries = || lock.entries.iter().zip(0..);
    let ids = entries().map(|(entry, at)| (entry.id.as_str(), at));
    let names = entries().filter_map(|(entry, at)| Some((entry.name.as_deref()?, at)));
    ids.chain(names).collect()
}
