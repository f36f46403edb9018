//! The collection that a running Anki has open, and which of its notes are ours.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::{Found, Job, fault};
use crate::anki::{Kind, notetype_id};
use crate::compile::{Compiled, read_lock};
use crate::config::Export;
use crate::connect::canonical;
use crate::connect::client::{Client, DEFAULT_URL};
use crate::connect::collection::{self, Collection, Known, Opened};
use crate::connect::plan::Before;
use crate::connect::state::State;
use crate::disk;
use crate::export::Input;
use crate::export::package_notes::{self, PackageNote};
use crate::identity::lock::{Entry, Lock};
use crate::identity::{Note, cloze_id, recall_id};
use crate::render::html;
use crate::slug::deck_name;
use crate::source::{Sources, Span};
use crate::target::Target;

/// Where Anki is, and who must have it open.
#[derive(Clone, Debug, Default)]
pub struct Address {
    /// The address of the add-on, if it is not the usual one.
    pub url: Option<String>,
    /// The profile that must be open.
    pub profile: Option<String>,
}

/// A running Anki, and what it has of our notes.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) client: Client,
    /// The profile that is open.
    pub(super) profile: String,
    pub(super) collection: Collection,
    /// What the collection got last, and the file that says so.
    pub(super) state: State,
    pub(super) state_path: PathBuf,
}

impl Session {
    /// Looks at the collection that Anki has open.
    ///
    /// # Errors
    /// If Anki cannot be reached, or has another profile open.
    pub(super) fn open(
        job: &Job,
        compiled: &Compiled,
        root: &Path,
        address: &Address,
        ours: &Ours,
    ) -> anyhow::Result<Self> {
        let url = address.url.as_deref().unwrap_or(DEFAULT_URL);
        let client = Client::connect(url, key(compiled, root)?)?;
        let opened = collection::open(&client, &ours.types)?;
        check_profile(&opened, address.profile.as_deref())?;
        let profile = opened.profile.clone();
        let state_path = job.out.join(State::file_name(&profile));
        let state = disk::read_lock(&state_path)?.and_then(|bytes| State::read(&bytes, &profile));
        let state = state.unwrap_or_else(|| State::new(&profile));
        let collection = Collection::read(&client, opened, &ours.known(&state))?;
        Ok(Self { client, profile, collection, state, state_path })
    }
}

/// Returns the export whose notes a collection gets.
pub(super) fn export() -> Export {
    Export::of(Target::Apkg)
}

/// Renders the notes that a collection gets.
///
/// # Errors
/// If the program fails at a question, which the error names.
pub(super) fn render_notes(
    compiled: &Compiled,
    questions: &[Note<'_>],
    input: &Input<'_>,
) -> anyhow::Result<Vec<PackageNote>> {
    fault::catch(|| package_notes::render(input)).map_err(|why| {
        fault::at_a_question(compiled, &why, |range| {
            let input = compiled.input(input.export, &questions[range], "");
            fault::catch(|| package_notes::render(&input)).is_err()
        })
    })
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

/// Reads the lock as it was before; a lock that cannot be used is reported elsewhere.
pub(super) fn lock_before(found: &Found) -> Lock {
    let text = found.lock_bytes.clone().map(|bytes| (String::new(), bytes));
    read_lock(&mut Sources::default(), text, &mut Vec::new()).unwrap_or_default()
}

/// Returns how each note was in a lock.
pub(super) fn before_notes(lock: &Lock) -> BTreeMap<String, Before> {
    let of = |entry: &Entry| {
        let deck = deck_name(&entry.deck, &entry.topic);
        let is_ours = entry.nid.is_none();
        let notes = times(entry).into_iter();
        notes.map(move |(id, created, modified)| {
            let is_first = is_ours && modified <= created / 1000;
            (id, Before { modified, deck: deck.clone(), is_first })
        })
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
pub(super) struct Ours {
    /// By what stands in their `ID` field.
    shown: BTreeMap<String, String>,
    /// When each was first built, in milliseconds since 1970.
    created: BTreeMap<String, i64>,
    /// The ids of all that were ever built, but for those that were forgotten.
    pub(super) ids: BTreeSet<String>,
    /// Our note types, and those of the author's own.
    types: Vec<i64>,
    /// The notes of the author's own types, by the type and the numbers that they may have in Anki.
    numbers: BTreeMap<(i64, i64), String>,
    /// The same by the type and what the first field shows, where only one shows that.
    firsts: BTreeMap<(i64, String), String>,
    /// Those that the content no longer makes, with what they asked.
    pub(super) gone: BTreeMap<String, String>,
}

impl Ours {
    pub(super) fn of(lock: &Lock, questions: &[Note<'_>], notes: &[PackageNote]) -> Self {
        let answered: BTreeSet<&str> = questions.iter().map(|note| note.id).collect();
        let made: BTreeSet<&str> = notes.iter().map(|note| &*note.id).collect();
        let mut ours = Self {
            shown: BTreeMap::new(),
            created: BTreeMap::new(),
            ids: BTreeSet::new(),
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
                ours.ids.insert(id);
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

    /// Returns how notes are known in a collection that got these last.
    pub(super) fn known<'o>(&'o self, state: &'o State) -> Known<'o> {
        let Self { shown, created, numbers, firsts, .. } = self;
        Known { ids: shown, created, numbers, firsts, state }
    }
}

/// Returns every note as a person knows it.
pub(super) fn name_notes(lock: &Lock, questions: &[Note<'_>], notes: &[PackageNote]) -> Vec<Named> {
    let asked = lock.entries.iter().map(|entry| (&*entry.id, &*entry.question));
    let asked: BTreeMap<&str, &str> = asked.collect();
    let name = |note: &PackageNote| {
        let of = &questions[note.question];
        let question = asked.get(of.id).copied().unwrap_or_default().to_owned();
        Named { id: note.id.clone(), question, span: of.question.span, deck: note.deck.clone() }
    };
    notes.iter().map(name).collect()
}
