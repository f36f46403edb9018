//! Doing what a plan says.
//!
//! Each step leaves the collection so that the same push, begun again, ends as this one would have:
//! a note that is there already is the same, a card that was moved is where it belongs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::canonical;
use super::client::Client;
use super::collection::{Collection, Known, LiveNote};
use super::plan::{Plan, RETIRED_TAG, RetiredNotes, is_same_tags};
use crate::export::package_notes::PackageNote;

/// The name of a package in Anki's media folder. Anki takes what begins with `_` for needed.
const STORED: &str = "_deckpress-push.apkg";

/// A package of the notes that are sent.
#[derive(Debug)]
pub struct Package<'p> {
    /// Where it is, absolute.
    pub path: &'p Path,
    /// What it holds.
    pub bytes: &'p [u8],
}

/// A note that Anki has not taken as it was sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    /// The id of the note.
    pub id: String,
    /// What is wrong with it, as in "the field `Answer` is another".
    pub why: String,
}

/// Sends new and changed notes; returns those that Anki has not taken.
///
/// # Errors
/// If Anki cannot be reached or cannot do it.
pub fn send_notes(
    client: &Client,
    plan: &mut Plan,
    package: &Package<'_>,
    collection: &mut Collection,
    known: &Known<'_>,
) -> anyhow::Result<Vec<Refused>> {
    import(client, package)?;
    let live = read_back(client, plan, collection, known)?;
    let mut refused = Vec::new();
    for note in &plan.sent {
        if let Err(why) = compare(note, live.get(&note.id)) {
            refused.push(Refused { id: note.id.clone(), why });
        }
    }
    for (id, note) in live {
        if let Some(base) = plan.after.notes.get_mut(&id) {
            (base.nid, base.modified) = (note.nid, note.modified);
        }
    }
    Ok(refused)
}

/// So many notes get another note type at once.
const AT_ONCE: usize = 100;

/// The id of a temporary note: importing it creates its note type.
const TEMPORARY_NOTE: &str = "deckpress-adopt";

/// Returns the notes that bring the note types of some notes, if the collection does not have them.
/// A package of the notes themselves would not do: an Anki that merges note types would take their
/// own for these.
#[must_use]
pub fn notes_for_types(notes: &[&PackageNote], collection: &Collection) -> Vec<PackageNote> {
    let mut types: BTreeMap<i64, &PackageNote> = BTreeMap::new();
    for note in notes.iter().filter(|it| !collection.notetypes.contains_key(&it.note_type.id)) {
        types.entry(note.note_type.id).or_insert(note);
    }
    let bring = |note: &PackageNote| {
        let mut note = note.clone();
        (note.id, note.guid) =
            (TEMPORARY_NOTE.to_owned(), format!("{TEMPORARY_NOTE}-{}", note.note_type.id));
        // A note of a cloze type has no card without a gap; the id is the last field.
        let last = note.fields.len() - 1;
        for (at, field) in note.fields.iter_mut().enumerate() {
            *field = match at {
                0 => format!("{{{{c1::{TEMPORARY_NOTE}}}}}"),
                _ if at == last => TEMPORARY_NOTE.to_owned(),
                _ => String::new(),
            };
        }
        note
    };
    types.into_values().map(bring).collect()
}

/// Gives notes our note type; returns those of which Anki has not made what was sent. The package
/// brings the note types, if they are not there yet.
///
/// # Errors
/// If Anki cannot be reached or cannot do it.
pub fn adopt_notes(
    client: &Client,
    notes: &[(&PackageNote, &LiveNote)],
    package: Option<&Package<'_>>,
    collection: &Collection,
) -> anyhow::Result<Vec<Refused>> {
    package.map_or(Ok(()), |package| import(client, package))?;
    let query = json!({"query": format!("ID:{TEMPORARY_NOTE}")});
    let brought: Vec<i64> = client.call("findNotes", &query)?;
    if !brought.is_empty() {
        let _: Option<()> = client.call("deleteNotes", &json!({"notes": brought}))?;
    }
    let mut refused = Vec::new();
    for some in notes.chunks(AT_ONCE) {
        let change = |(note, live): &(&PackageNote, &LiveNote)| {
            let fields: BTreeMap<&str, &str> = note.named_fields().collect();
            let model = collection.notetypes.get(&note.note_type.id);
            let model = model.map_or(&note.note_type.name, |live| &live.name);
            let note =
                json!({"id": live.nid, "modelName": model, "fields": fields, "tags": live.tags});
            ("updateNoteModel", json!({"note": note}))
        };
        let actions: Vec<_> = some.iter().map(change).collect();
        for ((note, _), answer) in some.iter().zip(client.call_all(&actions)?) {
            if let Err(why) = answer {
                refused.push(Refused { id: note.id.clone(), why });
            }
        }
        let nids: Vec<i64> = some.iter().map(|(_, live)| live.nid).collect();
        let changed = collection.read_notes(client, &nids)?;
        let changed: BTreeMap<i64, &LiveNote> = changed.iter().map(|it| (it.nid, it)).collect();
        for (note, live) in some {
            let cards = changed.get(&live.nid).map_or(&[][..], |changed| &changed.cards);
            if live.cards.iter().any(|card| !cards.contains(card)) {
                let why = "it has lost a card".to_owned();
                refused.push(Refused { id: note.id.clone(), why });
            }
        }
    }
    Ok(refused)
}

/// Sets the times of notes that were just adopted later than those in Anki: an import skips a note
/// that was changed in the same second.
///
/// # Errors
/// If Anki cannot be reached.
pub fn raise_times(
    client: &Client,
    sent: &mut [PackageNote],
    adopted: &[(&PackageNote, &LiveNote)],
    collection: &Collection,
) -> anyhow::Result<()> {
    let nids: BTreeMap<&str, i64> =
        adopted.iter().map(|(note, live)| (note.id.as_str(), live.nid)).collect();
    let sent: Vec<_> = sent
        .iter_mut()
        .filter_map(|note| Some((*nids.get(note.id.as_str())?, &mut note.modified)))
        .collect();
    let wanted: Vec<i64> = sent.iter().map(|(nid, _)| *nid).collect();
    let live = collection.read_notes(client, &wanted)?;
    let times: BTreeMap<i64, i64> = live.iter().map(|it| (it.nid, it.modified)).collect();
    for (nid, modified) in sent {
        *modified = (*modified).max(times.get(&nid).map_or(0, |time| time + 1));
    }
    Ok(())
}

/// Imports a package: from where it is, or else, where Anki cannot see our files, from its media
/// folder.
fn import(client: &Client, package: &Package<'_>) -> anyhow::Result<()> {
    if client.is_local() {
        let path = package.path.to_string_lossy();
        match client.call::<bool>("importPackage", &json!({"path": path})) {
            Ok(_) => return Ok(()),
            Err(error) if !is_missing_file(&error) => return Err(error),
            Err(_) => {}
        }
    }
    let data = STANDARD.encode(package.bytes);
    let _: Option<String> =
        client.call("storeMediaFile", &json!({"filename": STORED, "data": data}))?;
    let folder: String = client.call("getMediaDirPath", &json!({}))?;
    let separator = if folder.contains('\\') { '\\' } else { '/' };
    let path = format!("{folder}{separator}{STORED}");
    let imported = client.call::<bool>("importPackage", &json!({"path": path}));
    let _: Option<()> = client.call("deleteMediaFile", &json!({"filename": STORED}))?;
    imported.map(|_| ())
}

/// Returns whether an error says that Anki could not open the package; each version words it
/// differently.
fn is_missing_file(error: &anyhow::Error) -> bool {
    let text = format!("{error:#}").to_lowercase();
    ["no such file", "not found", "cannot find", "could not open", "failed to open", "permission"]
        .iter()
        .any(|sign| text.contains(sign))
}

/// Reads the notes that were sent.
fn read_back(
    client: &Client,
    plan: &Plan,
    collection: &mut Collection,
    known: &Known<'_>,
) -> anyhow::Result<BTreeMap<String, LiveNote>> {
    let nid = |note: &PackageNote| plan.after.notes.get(&note.id).map(|base| base.nid);
    let nids: BTreeMap<i64, &String> = plan
        .sent
        .iter()
        .filter_map(|note| Some((nid(note).filter(|nid| *nid != 0)?, &note.id)))
        .collect();
    let updated: Vec<i64> = nids.keys().copied().collect();
    let updated = collection.read_notes(client, &updated)?;
    let mut live: BTreeMap<String, LiveNote> =
        updated.into_iter().map(|note| (nids[&note.nid].clone(), note)).collect();
    if live.len() < plan.sent.len() {
        let seen: BTreeSet<i64> = plan.after.notes.values().map(|base| base.nid).collect();
        let mut others = collection.read_others(client, &seen, known)?;
        // A copy that a learner has made of another note is not that one.
        let new: BTreeSet<&str> =
            plan.sent.iter().filter(|it| nid(it) == Some(0)).map(|it| it.id.as_str()).collect();
        others.retain(|id, _| new.contains(id.as_str()));
        live.extend(others);
    }
    Ok(live)
}

/// Compares a note with what was sent.
fn compare(sent: &PackageNote, live: Option<&LiveNote>) -> Result<(), String> {
    let Some(live) = live else { return Err("it is not in the collection".to_owned()) };
    for (name, html) in sent.named_fields() {
        let is_same = live.fields.get(name).is_some_and(|live| canonical::is_same(live, html));
        if !is_same {
            return Err(format!("its field `{name}` is another"));
        }
    }
    if !is_same_tags(&live.tags, &sent.tags) {
        return Err("its tags are others".to_owned());
    }
    if live.cards.len() < sent.ords.len() {
        return Err(format!("it has {} cards instead of {}", live.cards.len(), sent.ords.len()));
    }
    Ok(())
}

/// Moves cards, and retires notes or takes them back.
///
/// # Errors
/// If Anki cannot be reached or cannot do it.
pub fn change_cards(
    client: &Client,
    plan: &Plan,
    deck_of: impl Fn(usize) -> String,
    retired: RetiredNotes,
) -> anyhow::Result<()> {
    let nothing = |_: Option<serde_json::Value>| ();
    let mut decks: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for moved in &plan.moved {
        decks.entry(deck_of(moved.note)).or_default().extend(&moved.cards);
    }
    for (deck, cards) in decks {
        client.call("changeDeck", &json!({"cards": cards, "deck": deck})).map(nothing)?;
    }
    let suspended: Vec<i64> = plan.returned.iter().flat_map(|(_, cards)| cards).copied().collect();
    if !suspended.is_empty() {
        client.call("unsuspend", &json!({"cards": suspended})).map(nothing)?;
    }
    let nids: Vec<i64> = plan.retired.iter().map(|note| note.nid).collect();
    if nids.is_empty() {
        return Ok(());
    }
    if retired == RetiredNotes::Delete {
        return client.call("deleteNotes", &json!({"notes": nids})).map(nothing);
    }
    let active: Vec<i64> = plan.retired.iter().flat_map(|note| &note.active).copied().collect();
    if !active.is_empty() {
        client.call("suspend", &json!({"cards": active})).map(nothing)?;
    }
    // The tag comes last: it says that all is done.
    client.call("addTags", &json!({"notes": nids, "tags": RETIRED_TAG})).map(nothing)
}

/// Returns how many reviews the cards of these notes have.
///
/// # Errors
/// If Anki cannot be reached.
pub fn count_reviews(client: &Client, plan: &Plan) -> anyhow::Result<usize> {
    let cards: Vec<i64> = plan.retired.iter().flat_map(|note| &note.cards).copied().collect();
    let reviews: BTreeMap<String, Vec<serde_json::Value>> =
        client.call("getReviewsOfCards", &json!({"cards": cards}))?;
    Ok(reviews.values().map(Vec::len).sum())
}
