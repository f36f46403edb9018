//! From compiled notes into a running Anki.
//!
//! ```text
//! compile ─► connect, look ─► plan ─► state, lock ─► package, cards ─► state
//! ```
//!
//! The state is written before the lock and the lock before anything is sent: whenever this ends,
//! the next push knows of each note what the collection got last.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::{Found, Job, LockPlace, claim, claim_outputs, compile, fault, find};
use crate::anki::{Kind, Layout, notetype_id};
use crate::compile::{Compiled, read_lock};
use crate::config::Export;
use crate::connect::canonical;
use crate::connect::client::{Client, DEFAULT_URL};
use crate::connect::collection::{self, Collection, Known, Opened};
use crate::connect::plan::{self, Before, Content, Plan, RetiredNotes, Wishes};
use crate::connect::sending::{self, Package, Refused};
use crate::connect::state::State;
use crate::disk::{self, Pending, staging};
use crate::export::package_notes::{self, PackageNote, PackageType};
use crate::identity::lock::{Entry, Lock};
use crate::identity::{Note, cloze_id, recall_id};
use crate::progress::Phase;
use crate::render::html;
use crate::slug::deck_name;
use crate::source::{Sources, Span};
use crate::target::Target;

/// Where to push to, and how.
#[derive(Clone, Debug, Default)]
pub struct Push {
    /// The address of the add-on, if it is not the usual one.
    pub url: Option<String>,
    /// The profile that must be open.
    pub profile: Option<String>,
    /// What is wished for where there is a choice.
    pub wishes: Wishes,
}

/// What a push would do, before anything is written.
#[derive(Debug)]
pub struct Draft<'d> {
    /// The content.
    pub compiled: &'d Compiled,
    /// The profile that is open.
    pub profile: &'d str,
    /// What would be done.
    pub plan: &'d Plan,
    /// The notes of the content, each with what it asks and where it stands.
    pub notes: &'d [Named],
    /// What the notes asked that the content no longer makes, by their ids.
    pub gone: &'d BTreeMap<String, String>,
    /// Whether notes would be deleted.
    pub deletes: bool,
    /// How many reviews would be deleted with them.
    pub reviews: usize,
}

/// A note, as a person knows it.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// What its question asks.
    pub question: String,
    /// Where that stands.
    pub span: Span,
    /// The deck that it belongs into.
    pub deck: String,
}

/// How a push ended.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub enum Outcome {
    /// The content has errors, and nothing was sent.
    Stopped(Compiled),
    /// It was looked at, and nothing was sent.
    Declined,
    /// It was sent, but for what Anki has not taken.
    Pushed(Vec<Refused>),
}

/// Pushes content into a running Anki. What would be done is shown to `review`, which says whether
/// to do it.
///
/// # Errors
/// If something cannot be read or written, or Anki cannot be reached or cannot do it.
pub fn push(
    job: &Job,
    push: &Push,
    review: impl FnOnce(&Draft<'_>) -> anyhow::Result<bool>,
) -> anyhow::Result<Outcome> {
    if job.lock == LockPlace::Nowhere {
        bail!("a push needs the lock: only what is in it is touched");
    }
    let _claim = claim(job)?;
    let found = find(job)?;
    let (before, lock, has_lock) =
        (lock_before(&found), found.lock.clone(), found.lock_bytes.is_some());
    let root = found.content.root.clone();
    let compiled = compile(job, found)?;
    if compiled.has_errors() {
        return Ok(Outcome::Stopped(compiled));
    }
    job.progress.begin(Phase::Pressing);
    let questions = compiled.notes();
    let export = Export::of(Target::Apkg);
    let input = compiled.input(&export, &questions, "");
    let notes = fault::catch(|| package_notes::render(&input)).map_err(|why| {
        fault::at_a_question(&compiled, &why, |range| {
            let input = compiled.input(&export, &questions[range], "");
            fault::catch(|| package_notes::render(&input)).is_err()
        })
    })?;
    let ours = Ours::of(&compiled.identities.lock, &questions, &notes);
    let url = push.url.as_deref().unwrap_or(DEFAULT_URL);
    let client = Client::connect(url, key(&compiled, &root)?)?;
    let opened = collection::open(&client, &ours.types)?;
    check_profile(&opened, push.profile.as_deref())?;
    let profile = opened.profile.clone();
    let path = job.out.join(State::file_name(&profile));
    let state = disk::read_lock(&path)?.and_then(|bytes| State::read(&bytes, &profile));
    let state = state.unwrap_or_else(|| State::new(&profile));
    let known = Known {
        ids: &ours.shown,
        created: &ours.created,
        numbers: &ours.numbers,
        firsts: &ours.firsts,
        state: &state,
    };
    let mut collection = Collection::read(&client, opened, &known)?;
    let gone: Vec<String> = ours.gone.keys().cloned().collect();
    let content =
        Content { notes: &notes, gone: &gone, known: &ours.known, before: &before_notes(&before) };
    let mut plan = plan::make(&content, &collection, &state, &push.wishes);
    let layouts = layouts(&collection, &plan)?;
    let deletes = push.wishes.retired == RetiredNotes::Delete && !plan.retired.is_empty();
    let reviews = if deletes { sending::count_reviews(&client, &plan)? } else { 0 };
    let named = name_notes(&compiled.identities.lock, &questions, &notes);
    let draft = Draft {
        compiled: &compiled,
        profile: &profile,
        plan: &plan,
        notes: &named,
        gone: &ours.gone,
        deletes,
        reviews,
    };
    if !review(&draft)? || !plan.conflicts.is_empty() {
        return Ok(Outcome::Declined);
    }
    job.progress.begin(Phase::Writing);
    disk::make_folder(&job.out)?;
    let _claim_out = claim_outputs(&job.out, lock.as_deref())?;
    disk::replace(&path, &plan.before.write()?)?;
    if let Some(lock) = lock.filter(|_| !has_lock || !compiled.identities.plan.is_empty()) {
        let (_, pending) = staging::prepare(&lock, |out| compiled.identities.lock.write(out))?;
        pending.map_or(Ok(()), Pending::commit)?;
    }
    let mut refused = Vec::new();
    if !plan.sent.is_empty() {
        let mut file = disk::scratch(&job.out)?;
        let scratch = [disk::scratch(&job.out)?, disk::scratch(&job.out)?];
        let mut bytes = Vec::new();
        package_notes::write(&input, &plan.sent, &layouts, scratch, &mut bytes)?;
        file.write_all(&bytes).context("cannot write the package")?;
        let path = std::path::absolute(file.path())?;
        let package = Package { path: &path, bytes: &bytes };
        refused = sending::send_notes(&client, &mut plan, &package, &mut collection, &known)?;
    }
    for Refused { id, .. } in &refused {
        // It is as it was before, and so is what is known of it.
        match plan.before.notes.get(id) {
            Some(base) => plan.after.notes.insert(id.clone(), base.clone()),
            None => plan.after.notes.remove(id),
        };
    }
    let deck = |note: usize| notes[note].deck.clone();
    sending::change_cards(&client, &plan, deck, push.wishes.retired)?;
    disk::replace(&path, &plan.after.write()?)?;
    Ok(Outcome::Pushed(refused))
}

/// Returns the key of the add-on, if there is one: from the environment, or from the file that the
/// settings name.
#[expect(clippy::disallowed_methods, reason = "a key does not belong on a command line")]
fn key(compiled: &Compiled, root: &Path) -> anyhow::Result<Option<String>> {
    if let Ok(key) = std::env::var("DECKPRESS_ANKI_KEY") {
        return Ok(Some(key).filter(|key| !key.is_empty()));
    }
    let Some(file) = &compiled.config.key_file else { return Ok(None) };
    let path = match (file.strip_prefix("~/"), std::env::home_dir()) {
        (Some(below), Some(home)) => home.join(below),
        _ => root.join(file),
    };
    let bytes = disk::read_lock(&path).context("cannot read the key of AnkiConnect")?;
    let Some(bytes) = bytes else {
        bail!("cannot read the key of AnkiConnect: there is no file `{}`", path.display());
    };
    Ok(Some(String::from_utf8_lossy(&bytes).trim().to_owned()))
}

fn check_profile(opened: &Opened, wanted: Option<&str>) -> anyhow::Result<()> {
    match wanted {
        Some(wanted) if wanted != opened.profile => bail!(
            "Anki has the profile `{}` open, not `{wanted}`\n  File ▸ Switch Profile opens another",
            opened.profile
        ),
        _ => Ok(()),
    }
}

/// Returns what the note types are like to which somebody has added, of the notes that are sent.
fn layouts(collection: &Collection, plan: &Plan) -> anyhow::Result<Vec<Layout>> {
    let types: BTreeMap<i64, &PackageType> =
        plan.sent.iter().map(|note| (note.note_type.id, &*note.note_type)).collect();
    let live = types.values().filter_map(|own| Some((collection.notetypes.get(&own.id)?, own)));
    live.filter_map(|(live, own)| live.layout(own).transpose()).collect()
}

/// Reads the lock as it was before; a lock that cannot be used is reported elsewhere.
fn lock_before(found: &Found) -> Lock {
    let text = found.lock_bytes.clone().map(|bytes| (String::new(), bytes));
    read_lock(&mut Sources::default(), text, &mut Vec::new()).unwrap_or_default()
}

fn before_notes(lock: &Lock) -> BTreeMap<String, Before> {
    let of = |entry: &Entry| {
        let deck = deck_name(&entry.deck, &entry.topic);
        let notes = times(entry).into_iter();
        notes.map(move |(id, _, modified)| (id, Before { modified, deck: deck.clone() }))
    };
    lock.entries.iter().flat_map(of).collect()
}

/// Returns the notes of a line of the lock, with when each was first built and last changed.
fn times(entry: &Entry) -> Vec<(String, i64, i64)> {
    let cloze = entry.cloze.as_ref().map(|note| (cloze_id(&entry.id), note.created, note.modified));
    let recall =
        entry.recall.as_ref().map(|note| (recall_id(&entry.id), note.created, note.modified));
    let main = (entry.id.clone(), entry.created, entry.modified);
    [Some(main), cloze, recall].into_iter().flatten().collect()
}

/// The notes that are ours.
struct Ours {
    /// By what stands in their `ID` field.
    shown: BTreeMap<String, String>,
    /// When each was first built, in milliseconds since 1970.
    created: BTreeMap<String, i64>,
    known: BTreeSet<String>,
    /// Our note types, and those of the author's own.
    types: Vec<i64>,
    /// The notes of the author's own types, by the type and the numbers that they may have in Anki.
    numbers: BTreeMap<(i64, i64), String>,
    /// The same by the type and what the first field shows, where only one shows that.
    firsts: BTreeMap<(i64, String), String>,
    /// Those that the content no longer makes, with what they asked.
    gone: BTreeMap<String, String>,
}

impl Ours {
    fn of(lock: &Lock, questions: &[Note<'_>], notes: &[PackageNote]) -> Self {
        let answered: BTreeSet<&str> = questions.iter().map(|note| note.id).collect();
        let made: BTreeSet<&str> = notes.iter().map(|note| &*note.id).collect();
        let mut ours = Self {
            shown: BTreeMap::new(),
            created: BTreeMap::new(),
            known: BTreeSet::new(),
            types: [Kind::Qa, Kind::Cloze].map(notetype_id).to_vec(),
            numbers: BTreeMap::new(),
            firsts: BTreeMap::new(),
            gone: BTreeMap::new(),
        };
        ours.types.extend(lock.note_types.iter().map(|own| own.id));
        let of_name = |name: &String| lock.note_types.iter().find(|own| own.name == *name);
        for entry in &lock.entries {
            if let Some(own) = entry.note_type.as_ref().and_then(of_name) {
                for nid in [Some(entry.created), entry.nid].into_iter().flatten() {
                    ours.numbers.insert((own.id, nid), entry.id.clone());
                }
            }
            // Who has lost only the answer keeps what there was.
            let is_decided = entry.removed.is_some() || answered.contains(&*entry.id);
            for (id, created, _) in times(entry) {
                if is_decided && !made.contains(&*id) {
                    ours.gone.insert(id.clone(), entry.question.clone());
                }
                ours.shown.insert(html::escape_plain(&id), id.clone());
                ours.created.insert(id.clone(), created);
                ours.known.insert(id);
            }
        }
        let mut doubled = BTreeSet::new();
        for note in notes.iter().filter(|note| note.note_type.kind.is_none()) {
            let shown =
                note.fields.first().map_or_else(String::new, |html| canonical::canonical(html));
            let key = (note.note_type.id, shown);
            if ours.firsts.insert(key.clone(), note.id.clone()).is_some() {
                doubled.insert(key);
            }
        }
        ours.firsts.retain(|key, _| !doubled.contains(key));
        ours
    }
}

/// Returns every note as a person knows it.
fn name_notes(lock: &Lock, questions: &[Note<'_>], notes: &[PackageNote]) -> Vec<Named> {
    let asked = lock.entries.iter().map(|entry| (&*entry.id, &*entry.question));
    let asked: BTreeMap<&str, &str> = asked.collect();
    let name = |note: &PackageNote| {
        let of = &questions[note.question];
        let question = asked.get(of.id).copied().unwrap_or_default().to_owned();
        Named { id: note.id.clone(), question, span: of.question.span, deck: note.deck.clone() }
    };
    notes.iter().map(name).collect()
}
