//! From a running Anki into the files of the content.
//!
//! ```text
//! compile ─► connect, look ─► plan ─► edits ─► compile again, compare ─► files ─► state, lock
//! ```
//!
//! Edits are tried in memory: those that do not come out as they are in Anki are tried in another
//! way, or left out, until all that is written is what a build makes the same of.

mod edits;
mod media;
mod trial;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;

use super::collection::{
    self, Address, Named, Ours, Session, before_notes, lock_before, name_notes,
};
use super::{Job, LockPlace, adoption, claim, claim_outputs, compile, find};
use crate::compile::Compiled;
use crate::connect::canonical;
use crate::connect::collection::LiveNote;
use crate::connect::diff::{self, DiffLine};
use crate::connect::plan::{self, Content, Plan, PushOptions};
use crate::connect::state::{Base, State};
use crate::disk::{self, Pending, staging};
use crate::export::package_notes::PackageNote;
use crate::identity::lock::{Lock, NumberedNote};
use crate::identity::{Note, cloze_id, recall_id};
use crate::progress::Phase;
use crate::pull::blocks::blocks;
use crate::pull::reason::Reason;
use edits::{Edit, Edited, Old, edited_files, html_of};
use media::NewFiles;
use trial::try_edits;

/// What to bring home, and from where.
#[derive(Clone, Debug, Default)]
pub struct Pull {
    /// Which Anki.
    pub address: Address,
    /// Whether tags come home too.
    pub has_tags: bool,
}

/// What a pull would do, before anything is written.
#[derive(Debug)]
pub struct Draft<'d> {
    /// The content as it is.
    pub compiled: &'d Compiled,
    /// The profile that is open.
    pub profile: &'d str,
    /// The notes of which something comes home, with what that is.
    pub brought: Vec<(&'d Named, Vec<String>)>,
    /// The files that change, as they are shown, with their lines.
    pub files: Vec<(String, Vec<DiffLine>)>,
    /// The files that come from Anki, by their paths below the content folder.
    pub media: BTreeMap<&'d str, &'d [u8]>,
    /// What cannot be written.
    pub left: Vec<Left<'d>>,
}

/// An edit that cannot be written.
#[derive(Debug)]
pub struct Left<'d> {
    /// The note.
    pub note: &'d Named,
    /// The field, or `tags`.
    pub field: String,
    /// Why.
    pub reason: Reason,
    /// How it reads in the file and in Anki, as Markdown.
    pub lines: Vec<DiffLine>,
}

/// How a pull ended.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub enum Outcome {
    /// The content has errors, and nothing was looked at.
    Stopped(Compiled),
    /// It was looked at.
    Pulled,
}

/// Brings home what was edited in Anki. What would be written is shown to `review`, which says
/// whether to do it.
///
/// # Errors
/// If something cannot be read or written, or Anki cannot be reached.
pub fn pull(
    job: &Job,
    pull: &Pull,
    review: impl FnOnce(&Draft<'_>) -> anyhow::Result<bool>,
) -> anyhow::Result<Outcome> {
    if job.lock == LockPlace::Nowhere {
        bail!("a pull needs the lock: it says which note is which");
    }
    let _claim = claim(job)?;
    let mut found = find(job)?;
    let before = lock_before(&found);
    let compiled = compile(job, found.clone())?;
    if compiled.has_errors() {
        return Ok(Outcome::Stopped(compiled));
    }
    job.progress.begin(Phase::Comparing);
    let (questions, export) = (compiled.notes(), collection::export());
    let input = compiled.input(&export, &questions, "");
    let notes = collection::render_notes(&compiled, &questions, &input)?;
    let ours = Ours::of(&compiled.identities.lock, &questions, &notes);
    let mut session = Session::open(job, &compiled, &found.content.root, &pull.address, &ours)?;
    let others = adoption::take(&mut session, &compiled, &questions, &notes)?;
    let content = Content {
        notes: &notes,
        gone: &[],
        before: &before_notes(&before),
        of_other_type: &others.into_keys().collect(),
    };
    let plan = plan::make(&content, &session.collection, &session.state, &PushOptions::default());
    let (questions, notes) = (&questions[..], &notes[..]);
    let mut old = Old { compiled: &compiled, questions, notes, files: NewFiles::new() };
    let root = &found.content.root;
    old.files = media::fetch(&session.client, &compiled, root, old.edited_html(&plan, &session))?;
    let new = old.files.values().filter(|file| !file.is_there);
    found.attachments = new.map(|file| (file.path.clone(), file.bytes.clone())).collect();
    let edited_files = edited_files(&before, &compiled.identities.lock);
    let mut edits = old.find_edits(&plan, &session, &edited_files, pull.has_tags);
    let tried = try_edits(job, &found, &before, &old, &mut edits)?;
    let named = name_notes(&compiled.identities.lock, questions, notes);
    let draft = draft(&old, &session.profile, &named, &edits, &tried.files);
    if !review(&draft)? || draft.brought.is_empty() {
        return Ok(Outcome::Pulled);
    }
    job.progress.begin(Phase::Writing);
    disk::make_folder(&job.out)?;
    let _claim_out = claim_outputs(&job.out, found.lock.as_deref())?;
    for (path, file) in &draft.media {
        let path = found.content.root.join(path);
        path.parent().map_or(Ok(()), disk::make_folder)?;
        disk::replace(&path, file)?;
    }
    for (path, text) in &tried.files {
        disk::replace(&found.content.root.join(path), text.as_bytes())?;
    }
    let done: Vec<&Edit<'_>> = edits.iter().filter(|edit| edit.failed.is_none()).collect();
    let state = state_after(&plan, &done, &tried.notes);
    disk::replace(&session.state_path, &state.write()?)?;
    if let Some(path) = &found.lock {
        let lock = lock_after(tried.lock, &before, &done, &tried.notes, questions);
        let (_, pending) = staging::prepare(path, |out| lock.write(out))?;
        pending.map_or(Ok(()), Pending::commit)?;
    }
    Ok(Outcome::Pulled)
}

/// Says what edits do, and which of them cannot be written.
fn draft<'d>(
    old: &'d Old<'_>,
    profile: &'d str,
    named: &'d [Named],
    edits: &[Edit<'_>],
    files: &BTreeMap<String, String>,
) -> Draft<'d> {
    let sources = &old.compiled.sources;
    let mut brought: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut left = Vec::new();
    for edit in edits {
        let Some(reason) = &edit.failed else {
            brought.entry(edit.note).or_default().push(edit.name().to_owned());
            continue;
        };
        let lines = match &edit.what {
            Edited::Field { name, html } => {
                let note = &old.notes[edit.note];
                let dialect = old.dialect(note, name);
                let write = |html: &str| format!("{}\n", dialect.write(&blocks(html)));
                diff::lines(&write(html_of(note, name)), &write(html))
            }
            Edited::Tags(tags) => write_tags('+', tags),
            Edited::Untagged(tags) => write_tags('-', tags),
        };
        let (note, field) = (&named[edit.note], edit.name().to_owned());
        left.push(Left { note, field, reason: reason.clone(), lines });
    }
    let brought = brought.into_iter().map(|(at, parts)| (&named[at], parts)).collect();
    let files = files.iter().filter_map(|(path, text)| {
        let (file, source) = sources.iter().find(|(_, it)| it.path == *path)?;
        Some((sources.display(file), diff::lines(&source.original, text)))
    });
    let is_shown = |name: &str| {
        let mut done = edits.iter().filter(|edit| edit.failed.is_none());
        done.any(|edit| matches!(&edit.what, Edited::Field { html, .. } if html.contains(name)))
    };
    let media = old.files.values().filter(|it| !it.is_there && is_shown(&it.built_name));
    let media = media.map(|file| (file.path.as_str(), file.bytes.as_slice())).collect();
    Draft { compiled: old.compiled, profile, brought, files: files.collect(), media, left }
}

fn write_tags(sign: char, tags: &[String]) -> Vec<DiffLine> {
    tags.iter().map(|tag| DiffLine { sign, text: tag.clone() }).collect()
}

/// Returns what the collection got last, with what has come home. Where the editor has spelled a
/// field as no build does, the next push sends what the build makes of it.
fn state_after(plan: &Plan, done: &[&Edit<'_>], notes: &[PackageNote]) -> State {
    let mut state = plan.before.clone();
    let notes: BTreeMap<&str, &PackageNote> = notes.iter().map(|it| (&*it.id, it)).collect();
    for edit in done {
        // Where its cards were put last is no matter of a pull.
        let deck = || notes.get(edit.id).map_or_else(String::new, |note| note.deck.clone());
        let unknown = || Base { nid: edit.live.nid, deck: deck(), ..Base::default() };
        let base = state.notes.entry(edit.id.to_owned()).or_insert_with(unknown);
        base.modified = edit.live.modified;
        base.sent.clear();
        match &edit.what {
            Edited::Field { name, .. } => {
                let html = edit.live.fields.get(name).map_or("", String::as_str);
                base.fields.insert(name.clone(), canonical::hash(html));
                let built = notes.get(edit.id).map(|note| canonical::hash(html_of(note, name)));
                base.pulled.extend(built.map(|hash| (name.clone(), hash)));
            }
            Edited::Tags(tags) => base.tags.extend(tags.iter().cloned()),
            Edited::Untagged(tags) => base.tags.retain(|tag| !tags.contains(tag)),
        }
    }
    state
}

/// Returns the lock, in which what has come home is as old as it is in Anki, so that no package
/// brings it again; and is known for certain.
///
/// A note that has more in Anki than that, such as a tag of the learner's, is a second older: else it
/// would be taken for one that nobody has edited where it is not known what the collection got last.
fn lock_after(
    mut lock: Lock,
    before: &Lock,
    done: &[&Edit<'_>],
    notes: &[PackageNote],
    questions: &[Note<'_>],
) -> Lock {
    let was: BTreeMap<&str, _> = before.entries.iter().map(|it| (it.id.as_str(), it)).collect();
    let ids: BTreeSet<&str> = questions.iter().map(|question| question.id).collect();
    let notes: BTreeMap<&str, &PackageNote> = notes.iter().map(|it| (&*it.id, it)).collect();
    let mut live: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for edit in done {
        let is_whole = notes.get(edit.id).is_some_and(|note| is_as_built(edit.live, note));
        let modified = edit.live.modified;
        live.insert(edit.id, (modified, modified - i64::from(!is_whole)));
    }
    for entry in lock.entries.iter_mut().filter(|entry| ids.contains(entry.id.as_str())) {
        let old = was.get(entry.id.as_str());
        let [cloze, recall] = [cloze_id(&entry.id), recall_id(&entry.id)];
        let [main, cloze, recall] = [&entry.id, &cloze, &recall].map(|id| live.get(id.as_str()));
        if main.or(cloze).or(recall).is_some() && old.is_some_and(|old| old.open.is_none()) {
            entry.open = None;
        }
        let times = [
            (main, Some(&mut entry.modified), old.map(|old| old.modified)),
            (
                cloze,
                modified_of(&mut entry.cloze),
                old.and_then(|old| time_of(old.cloze.as_deref())),
            ),
            (
                recall,
                modified_of(&mut entry.recall),
                old.and_then(|old| time_of(old.recall.as_deref())),
            ),
        ];
        for (live, time, old) in times {
            if let (Some((live, wanted)), Some(time)) = (live, time)
                && old.is_none_or(|old| old < *live)
            {
                *time = old.map_or(*wanted, |old| (*wanted).max(old + 1));
            }
        }
    }
    lock
}

/// Returns whether a note is in Anki as a build makes it.
fn is_as_built(live: &LiveNote, note: &PackageNote) -> bool {
    let shows = |name: &str| live.fields.get(name).map_or("", String::as_str);
    plan::is_same_tags(&live.tags, &note.tags)
        && note.named_fields().all(|(name, html)| canonical::is_same(shows(name), html))
}

fn modified_of(note: &mut Option<Box<NumberedNote>>) -> Option<&mut i64> {
    note.as_mut().map(|note| &mut note.modified)
}

fn time_of(note: Option<&NumberedNote>) -> Option<i64> {
    note.map(|note| note.modified)
}
