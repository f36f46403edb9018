//! A lost lock comes back from a package, or from a collection.
//!
//! The package's notes are converted to content in memory and compared with the author's. So a
//! reworded question is found, too, and one that was edited since counts as edited.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, bail};

use super::import::{commit, job, pair_notes, read_lock, write_content};
use super::origin::{read_collection, read_database};
use super::take_over::NoteTypes;
use super::{claim, read, take_over};
use crate::compile::Compiled;
use crate::disk::present as on_disk;
use crate::html_to_markdown::{Notation, convert};
use crate::identity::lock::{Entry, Lock};
use crate::import::content::{self, Present};
use crate::import::{Collection, Container, Note};

/// So many different words make an answer that no other question has by chance.
const WORDS: usize = 8;

/// What of a lost lock came back.
#[derive(Debug, Default)]
pub struct Restored {
    /// How many questions have their ids and times again.
    pub questions: usize,
    /// How many questions the package does not know.
    pub unknown: usize,
    /// How many questions the lock knew already.
    pub known: usize,
}

/// Gives the questions of a content folder the ids and times of their notes in a package, or in a
/// collection; those that the lock knows keep theirs.
///
/// # Errors
/// If the package is damaged, the content has errors, or something cannot be read or written.
pub fn restore_lock(package: &Path, root: &Path, is_dry: bool) -> anyhow::Result<Restored> {
    let collection = read_notes(package)?;
    let job = job(root);
    let _claim = claim(&job)?;
    let old = read_lock(root)?;
    let compiled = read(&job)?;
    let names = take_over::note_types(&compiled, &old, &collection);
    let lines = lines_of_notes(&collection)?;
    let mut notes = take_over::find(&compiled, &old, &collection, &names);
    let by_answers = find_by_answers(&compiled, (&old, &notes), (&collection, &lines), &names);
    let entries = compiled.identities.lock.entries.iter();
    let entries: BTreeMap<&str, &Entry> = entries.map(|it| (it.id.as_str(), it)).collect();
    // For questions that were edited since, the lock gets what the note has, so that the next build
    // sees the edit.
    let edited = notes.iter().filter(|(id, at)| {
        let line = lines.get(at).zip(entries.get(*id));
        line.is_some_and(|(before, now)| before.sketch != now.sketch)
    });
    let edited = edited.map(|(_, at)| *at).chain(by_answers.values().copied());
    let edited: BTreeSet<usize> = edited.collect();
    notes.extend(by_answers);
    let before = lines.into_iter().filter(|(at, _)| edited.contains(at)).collect();
    let lock = take_over::write(&compiled, &old, &collection, &notes, &names, &before);
    let known = |id: &str| old.entries.iter().any(|entry| entry.id == id);
    let questions = &compiled.identities.of;
    let known = questions.iter().filter(|identity| known(&identity.id)).count();
    let restored =
        Restored { questions: notes.len(), unknown: questions.len() - known - notes.len(), known };
    if !is_dry && restored.questions > 0 {
        commit(&job, &lock)?;
    }
    Ok(restored)
}

fn read_notes(package: &Path) -> anyhow::Result<Collection> {
    let unreadable = || format!("`{}` cannot be read", package.display());
    if on_disk::is_open_database(package) {
        bail!(
            "`{}` is open, and what was done last is not in it; close Anki first",
            package.display()
        );
    }
    match Container::open(on_disk::open(package)?) {
        Ok(mut container) => read_collection(&mut container).with_context(unreadable),
        Err(error) => {
            let bytes = &mut on_disk::open(package)?;
            read_database(|to| Ok(std::io::copy(bytes, to).map(|_| ())?))
                .map_err(|other| if is_database(package) { other } else { error })
                .with_context(unreadable)
        }
    }
}

/// Returns whether a file is named as a collection is.
fn is_database(path: &Path) -> bool {
    path.extension().is_some_and(|it| it.to_string_lossy().starts_with("anki2"))
}

/// Returns the line that the question of each note would have in the lock.
fn lines_of_notes(collection: &Collection) -> anyhow::Result<BTreeMap<usize, Entry>> {
    let folder = tempfile::tempdir()?;
    let job = job(&folder.path().join("content"));
    let present = Present { media_folder: "media/".to_owned(), ..Present::default() };
    let content = content::write(collection, &present);
    let (content, compiled) = write_content(&job, collection, content, present)?;
    let entries = compiled.identities.lock.entries.iter();
    let entries: BTreeMap<&str, &Entry> = entries.map(|it| (it.id.as_str(), it)).collect();
    let pairs = pair_notes(&compiled, &content)?.into_iter();
    Ok(pairs.filter_map(|pair| Some((pair.note, (*entries.get(pair.id)?).clone()))).collect())
}

/// Returns the note of each question that was not found, and below which stands the same as in that
/// note and in no other.
fn find_by_answers<'c>(
    compiled: &'c Compiled,
    (old, found): (&Lock, &BTreeMap<&str, usize>),
    (collection, lines): (&Collection, &BTreeMap<usize, Entry>),
    names: &NoteTypes,
) -> BTreeMap<&'c str, usize> {
    type Answer<'a> = (Option<&'a str>, [u64; 2]);
    let mut notes: BTreeMap<Answer<'_>, Option<usize>> = BTreeMap::new();
    for (at, line) in lines {
        let own = names.get(&collection.notes[*at].note_type).map(|(name, _)| name.as_str());
        let Some(answer) = line.fingerprint.answer() else { continue };
        let found = notes.entry((own, answer));
        found.and_modify(|found| *found = None).or_insert(Some(*at));
    }
    let known: BTreeSet<&str> = old.entries.iter().map(|entry| entry.id.as_str()).collect();
    let mut questions: BTreeMap<Answer<'_>, Option<&str>> = BTreeMap::new();
    for entry in &compiled.identities.lock.entries {
        let Some(answer) = entry.fingerprint.answer() else { continue };
        let id = entry.id.as_str();
        let is_new = entry.removed.is_none() && !known.contains(id) && !found.contains_key(id);
        let same = questions.entry((entry.note_type.as_deref(), answer));
        same.and_modify(|same| *same = None).or_insert(Some(id).filter(|_| is_new));
    }
    let taken: BTreeSet<usize> = found.values().copied().collect();
    let pair = |(answer, id): (Answer<'_>, Option<&'c str>)| {
        let at = (*notes.get(&answer)?)?;
        let is_free = !taken.contains(&at) && says_enough(&collection.notes[at]);
        Some((id?, at)).filter(|_| is_free)
    };
    questions.into_iter().filter_map(pair).collect()
}

/// Returns whether the fields below the first say so much that they are no other note's by chance.
fn says_enough(note: &Note) -> bool {
    let below = note.fields.iter().skip(1);
    let text: Vec<String> = below.map(|html| convert(html, Notation::default()).body).collect();
    let text = text.join(" ").to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<BTreeSet<_>>().len() >= WORDS
}
