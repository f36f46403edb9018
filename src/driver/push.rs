//! From compiled notes into a running Anki.
//!
//! ```text
//! compile ─► connect, look ─► plan ─► state, lock ─► package, cards ─► state
//! ```
//!
//! The state is written before the lock and the lock before anything is sent: whenever this ends,
//! the next push knows of each note what the collection got last.

use std::collections::BTreeMap;
use std::io::Write as _;

use anyhow::{Context as _, bail};

use super::collection::{
    self, Address, Named, Ours, Session, before_notes, lock_before, name_notes,
};
use super::{Job, LockPlace, adoption, claim, claim_outputs, compile, find};
use crate::anki::Layout;
use crate::compile::Compiled;
use crate::connect::adoption::{adopt, decide};
use crate::connect::collection::{Collection, LiveNote};
use crate::connect::plan::{self, Conflicts, Content, Plan, PushOptions, RetiredNotes};
use crate::connect::sending::{self, Package, Refused};
use crate::disk::{self, Pending, staging};
use crate::export::Input;
use crate::export::package_notes::{self, PackageNote, PackageType};
use crate::progress::Phase;
use crate::pull::blocks;

/// Where to push to, and how.
#[derive(Clone, Debug, Default)]
pub struct Push {
    /// Which Anki.
    pub address: Address,
    /// What is wished for where there is a choice.
    pub options: PushOptions,
    /// Whether notes of other note types get ours.
    pub adopts: bool,
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
    let (questions, export) = (compiled.notes(), collection::export());
    let input = compiled.input(&export, &questions, "");
    let notes = collection::render_notes(&compiled, &questions, &input)?;
    let ours = Ours::of(&compiled.identities.lock, &questions, &notes);
    let mut session = Session::open(job, &compiled, &root, &push.address, &ours)?;
    if !has_lock {
        check_lost(&session, &ours)?;
    }
    check_named(&push.options.conflicts, &ours)?;
    let before = before_notes(&before);
    let found = adoption::take(&mut session, &compiled, &questions, &notes)?;
    let options = &push.options;
    let adoption =
        decide(&notes, &found, &before, &options.conflicts, push.adopts, blocks::shows_same);
    for at in &adoption.adopted {
        let (note, live) = (&notes[*at], &found[at]);
        session.collection.notes.insert(note.id.clone(), adopt(note, live));
    }
    let Session { client, profile, mut collection, state, state_path: path } = session;
    let gone: Vec<String> = ours.gone.keys().cloned().collect();
    let content =
        Content { notes: &notes, gone: &gone, before: &before, of_other_type: &adoption.others };
    let mut plan = plan::make(&content, &collection, &state, options);
    plan.conflicts.extend(adoption.conflicts);
    plan.adopted = adoption.adopted;
    for at in &plan.adopted {
        // Until it is done the collection has got nothing.
        plan.before.notes.remove(&notes[*at].id);
    }
    let layouts = layouts(&collection, &plan)?;
    let deletes = push.options.retired == RetiredNotes::Delete && !plan.retired.is_empty();
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
    if !plan.adopted.is_empty() {
        let adopted = plan.adopted.iter().map(|at| (&notes[*at], &found[at]));
        let adopted: Vec<(&PackageNote, &LiveNote)> = adopted.collect();
        let some: Vec<&PackageNote> = adopted.iter().map(|(note, _)| *note).collect();
        let bringing = sending::notes_for_types(&some, &collection);
        let pack = |package: &Package<'_>| {
            let package = Some(package).filter(|_| !bringing.is_empty());
            sending::adopt_notes(&client, &adopted, package, &collection)
        };
        refused = with_package(job, &input, &bringing, &[], pack)?;
        sending::raise_times(&client, &mut plan.sent, &adopted, &collection)?;
    }
    if !plan.sent.is_empty() {
        let known = ours.known(&state);
        let sent = plan.sent.clone();
        let send = |package: &Package<'_>| {
            sending::send_notes(&client, &mut plan, package, &mut collection, &known)
        };
        refused.extend(with_package(job, &input, &sent, &layouts, send)?);
    }
    for Refused { id, .. } in &refused {
        // It is as it was before, and so is what is known of it.
        match plan.before.notes.get(id) {
            Some(base) => plan.after.notes.insert(id.clone(), base.clone()),
            None => plan.after.notes.remove(id),
        };
    }
    let deck = |note: usize| notes[note].deck.clone();
    sending::change_cards(&client, &plan, deck, push.options.retired)?;
    disk::replace(&path, &plan.after.write()?)?;
    Ok(Outcome::Pushed(refused))
}

/// Fails if a lock has been lost that knew notes which are in the collection: they would be sent again,
/// as new ones.
fn check_lost(session: &Session, ours: &Ours) -> anyhow::Result<()> {
    let sent = session.state.notes.keys().filter(|id| session.collection.notes.contains_key(*id));
    let lost = sent.filter(|id| !ours.ids.contains(*id)).count();
    if lost == 0 {
        return Ok(());
    }
    bail!(
        "the lock is not there, and without it {lost} of the notes that were pushed last are not \
         known: they would be sent once more, without their reviews\n  bring it back, from version \
         control or with `deckpress import --lock-only`; to push all the same, delete `{}`",
        session.state_path.display()
    )
}

/// Fails if a conflict is decided for a note that there is not.
fn check_named(conflicts: &Conflicts, ours: &Ours) -> anyhow::Result<()> {
    let is_known = |id: &String| ours.ids.contains(id) || ours.gone.contains_key(id);
    match conflicts.some.keys().find(|id| !is_known(id)) {
        None => Ok(()),
        Some(id) => bail!(
            "no note has the id `{id}`\n  `--conflicts` takes those that a push shows in braces"
        ),
    }
}

/// Writes a package of some notes for as long as it is needed.
fn with_package<T>(
    job: &Job,
    input: &Input<'_>,
    notes: &[PackageNote],
    layouts: &[Layout],
    send: impl FnOnce(&Package<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let mut file = disk::scratch(&job.out)?;
    let scratch = [disk::scratch(&job.out)?, disk::scratch(&job.out)?];
    let mut bytes = Vec::new();
    package_notes::write(input, notes, layouts, scratch, &mut bytes)?;
    file.write_all(&bytes).context("cannot write the package")?;
    let path = std::path::absolute(file.path())?;
    send(&Package { path: &path, bytes: &bytes })
}

/// Returns what the note types are like to which somebody has added, of the notes that are sent.
fn layouts(collection: &Collection, plan: &Plan) -> anyhow::Result<Vec<Layout>> {
    let types: BTreeMap<i64, &PackageType> =
        plan.sent.iter().map(|note| (note.note_type.id, &*note.note_type)).collect();
    let live = types.values().filter_map(|own| Some((collection.notetypes.get(&own.id)?, own)));
    live.filter_map(|(live, own)| live.layout(own).transpose()).collect()
}
