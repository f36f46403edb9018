//! Edits are compiled in memory, and what does not come out as it is in Anki is tried in another way
//! or left out. Each round gives up at least one way, and most edits come out in the first.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Found, Job, collection, compile};
use super::edits::{Edit, Edited, Old};
use crate::compile::Compiled;
use crate::diagnostic::Severity;
use crate::export::package_notes::PackageNote;
use crate::identity::cloze_id;
use crate::identity::lock::{Entry, Lock};
use crate::model::CardKind;
use crate::pull::merge::{self, Change, FileChange};
use crate::pull::outcome::{self, Fault, Wanted};
use crate::pull::reason::Reason;
use crate::source::Span;

/// What edits make of the content.
pub(super) struct Tried {
    /// The files that change, by their paths below the content folder.
    pub(super) files: BTreeMap<String, String>,
    pub(super) notes: Vec<PackageNote>,
    pub(super) lock: Lock,
}

/// Tries edits until all that have not failed come out as they are in Anki.
pub(super) fn try_edits(
    job: &Job,
    found: &Found,
    before: &Lock,
    old: &Old<'_>,
    edits: &mut [Edit<'_>],
) -> anyhow::Result<Tried> {
    // What questions ask that would not be known again.
    let mut asked: BTreeMap<String, String> = BTreeMap::new();
    loop {
        drop_overlaps(edits);
        let files = edit_files(old, edits);
        if files.is_empty() {
            let (notes, lock) = (Vec::new(), before.clone());
            return Ok(Tried { files, notes, lock });
        }
        let mut lock = before.clone();
        for entry in &mut lock.entries {
            if let Some(text) = asked.get(&entry.id) {
                entry.question.clone_from(text);
            }
        }
        let mut compiled = compile(job, with_edits(found, (before, &lock), &files)?)?;
        if compiled.has_errors() {
            reject_after_errors(old, &compiled, edits);
            continue;
        }
        if reword_numbered(old, edits, &mut lock, &compiled.identities.lock) {
            compiled = compile(job, with_edits(found, (before, &lock), &files)?)?;
        }
        let (questions, export) = (compiled.notes(), collection::export());
        let input = compiled.input(&export, &questions, "");
        let notes = collection::render_notes(&compiled, &questions, &input)?;
        let faults = outcome::compare(old.notes, &notes, &wanted(old, edits));
        if faults.is_empty() {
            return Ok(Tried { files, notes, lock: compiled.identities.lock.clone() });
        }
        let reworded = find_reworded(old, &compiled, &faults);
        let is_news = reworded.iter().any(|(id, text)| asked.get(id) != Some(text));
        asked.extend(reworded);
        if !is_news {
            reject_faulty(old, &faults, edits);
        }
    }
}

/// Returns what was found, with the files edited, and a lock by which questions are known.
fn with_edits(
    found: &Found,
    (before, lock): (&Lock, &Lock),
    files: &BTreeMap<String, String>,
) -> anyhow::Result<Found> {
    let mut found = found.clone();
    for (path, bytes) in &mut found.content.files {
        if let Some(text) = files.get(path) {
            *bytes = text.clone().into_bytes();
        }
    }
    if lock != before {
        let mut bytes = Vec::new();
        lock.write(&mut bytes)?;
        found.lock_bytes = Some(bytes);
    }
    Ok(found)
}

/// Puts the key points and gaps of edited questions into a lock in their new words, as an edit in
/// Anki says which is which by where it was made; returns whether that changes a number.
fn reword_numbered(old: &Old<'_>, edits: &[Edit<'_>], lock: &mut Lock, after: &Lock) -> bool {
    let tried = edits.iter().filter(|edit| edit.failed.is_none());
    let edited: BTreeSet<&str> =
        tried.map(|edit| old.questions[old.notes[edit.note].question].id).collect();
    let after = after.entries.iter().filter(|entry| edited.contains(entry.id.as_str()));
    let after: BTreeMap<&str, &Entry> = after.map(|entry| (entry.id.as_str(), entry)).collect();
    let mut is_other = false;
    for entry in &mut lock.entries {
        let Some(new) = after.get(entry.id.as_str()) else { continue };
        for (was, is) in [(&mut entry.cloze, &new.cloze), (&mut entry.recall, &new.recall)] {
            if let (Some(was), Some(is)) = (was, is) {
                is_other |= was.reword(is);
            }
        }
    }
    is_other
}

/// Returns what edited questions ask that were taken for others.
fn find_reworded(old: &Old<'_>, new: &Compiled, faults: &[Fault]) -> BTreeMap<String, String> {
    let is_lost = |id: &str| faults.iter().any(|fault| fault.id == id);
    let asked: BTreeMap<&str, &str> = new
        .identities
        .lock
        .entries
        .iter()
        .map(|entry| (entry.id.as_str(), entry.question.as_str()))
        .collect();
    let (was, is) = (&old.compiled.identities.of, &new.identities.of);
    if was.len() != is.len() {
        return BTreeMap::new();
    }
    let changed = was.iter().zip(is).filter(|(was, is)| was.id != is.id);
    let changed = changed.filter(|(was, _)| is_lost(&was.id) || is_lost(&cloze_id(&was.id)));
    changed
        .filter_map(|(was, is)| Some((was.id.clone(), (*asked.get(is.id.as_str())?).to_owned())))
        .collect()
}

fn wanted<'w>(old: &Old<'_>, edits: &'w [Edit<'_>]) -> Wanted<'w> {
    let mut wanted = Wanted::default();
    for edit in edits.iter().filter(|edit| edit.failed.is_none()) {
        match &edit.what {
            Edited::Field { name, html } => {
                wanted.fields.insert((edit.id, name), html.as_str());
                let question = old.questions[old.notes[edit.note].question].question;
                if question.makes(CardKind::Choice) {
                    wanted.following.insert((edit.id, "Answer"));
                }
            }
            Edited::Tags(tags) => {
                wanted.tags.insert(edit.id, tags);
            }
            Edited::Untagged(tags) => {
                wanted.untagged.entry(edit.id).or_default().extend(tags.iter().cloned());
            }
        }
    }
    wanted
}

/// Drops edits that overlap another one.
fn drop_overlaps(edits: &mut [Edit<'_>]) {
    let mut places: Vec<(Span, usize)> = Vec::new();
    for (at, edit) in edits.iter().enumerate().filter(|(_, edit)| edit.failed.is_none()) {
        places.extend(edit.changes().iter().map(|change| (change.span, at)));
    }
    places.sort_unstable();
    let mut last: Option<(Span, usize)> = None;
    for (span, at) in places {
        let is_hit = last.is_some_and(|(before, edit)| {
            edit != at && before.file == span.file && span.start < before.end
        });
        if is_hit {
            edits[at].failed = Some(Reason::Scattered);
        } else {
            last = Some((span, at));
        }
    }
}

/// Returns the files that edits change, as they are then.
fn edit_files(old: &Old<'_>, edits: &[Edit<'_>]) -> BTreeMap<String, String> {
    let sources = &old.compiled.sources;
    let mut changes: BTreeMap<_, Vec<Change>> = BTreeMap::new();
    for change in edits.iter().filter(|it| it.failed.is_none()).flat_map(Edit::changes) {
        let FileChange { span, text } = change;
        let change = Change { range: span.range(), text: text.clone() };
        changes.entry(span.file).or_default().push(change);
    }
    let edit = |(file, mut changes): (_, Vec<Change>)| {
        changes.sort_by_key(|change| (change.range.start, change.range.end));
        (sources.path(file).to_owned(), merge::apply(sources.original(file), &changes))
    };
    changes.into_iter().map(edit).collect()
}

/// Gives up the ways of edits after which the content has errors: of those of the question that has
/// one, or else of all in its file.
fn reject_after_errors(old: &Old<'_>, new: &Compiled, edits: &mut [Edit<'_>]) {
    let errors = new.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    let mut places: Vec<(Span, &str)> = new
        .library
        .questions()
        .map(|(.., it)| it.span)
        .zip(new.identities.of.iter().map(|identity| identity.id.as_str()))
        .collect();
    places.sort_unstable();
    let mut blamed: BTreeSet<(&str, Option<&str>)> = BTreeSet::new();
    for error in errors {
        let at = places.partition_point(|(span, _)| {
            (span.file, span.start) <= (error.span.file, error.span.start)
        });
        let above = at.checked_sub(1).map(|at| places[at]);
        let id = above.filter(|(span, _)| span.file == error.span.file).map(|(_, id)| id);
        let path = new.sources.path(error.span.file);
        if !blamed.insert((path, id)) {
            continue;
        }
        let reason = Reason::HasErrors(error.message.clone());
        let id_of = |edit: &Edit<'_>| old.questions[old.notes[edit.note].question].id;
        let is_hit = |edit: &Edit<'_>| edit.failed.is_none() && Some(id_of(edit)) == id;
        if edits.iter().any(is_hit) {
            edits.iter_mut().filter(|it| is_hit(it)).for_each(|it| it.give_up_way(&reason));
        } else {
            reject_in_file(old, Some(path), &reason, edits);
        }
    }
}

/// Gives up the ways of edits that do not come out as they should.
fn reject_faulty(old: &Old<'_>, faults: &[Fault], edits: &mut [Edit<'_>]) {
    let mut blamed: BTreeSet<usize> = BTreeSet::new();
    for fault in faults {
        let is_at = |edit: &Edit<'_>| {
            edit.failed.is_none()
                && edit.id == fault.id
                && fault.field.as_deref().is_none_or(|field| field == edit.name())
        };
        let own: Vec<usize> = (0..edits.len()).filter(|at| is_at(&edits[*at])).collect();
        for at in &own {
            if blamed.insert(*at) {
                edits[*at].give_up_way(&fault.reason);
            }
        }
    }
    if blamed.is_empty() {
        let fault = &faults[0];
        let note = old.notes.iter().find(|note| note.id == fault.id);
        let file = note.map(|note| old.questions[note.question].question.span.file);
        let path = file.map(|file| old.compiled.sources.path(file));
        reject_in_file(old, path, &fault.reason, edits);
    }
}

/// Gives up the ways of all edits in a file, or else of all.
fn reject_in_file(old: &Old<'_>, path: Option<&str>, reason: &Reason, edits: &mut [Edit<'_>]) {
    let is_in = |edit: &Edit<'_>| {
        let question = old.questions[old.notes[edit.note].question].question;
        path == Some(old.compiled.sources.path(question.span.file))
    };
    let is_there = edits.iter().any(|edit| edit.failed.is_none() && is_in(edit));
    for edit in edits.iter_mut().filter(|edit| edit.failed.is_none()) {
        if !is_there || is_in(edit) {
            edit.give_up_way(reason);
        }
    }
}
