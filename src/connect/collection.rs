//! What a running Anki has of our notes.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, anyhow, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::Client;
use super::state::State;
use crate::anki::{self, Kind, Layout};

/// What we ask for; a version of the add-on that has not all of it is too old.
const ACTIONS: &[&str] = &[
    "addTags",
    "changeDeck",
    "deleteMediaFile",
    "deleteNotes",
    "findCards",
    "findModelsById",
    "findNotes",
    "getActiveProfile",
    "getDecks",
    "getMediaDirPath",
    "getReviewsOfCards",
    "importPackage",
    "notesInfo",
    "storeMediaFile",
    "suspend",
    "unsuspend",
];

/// So many notes are asked for at once.
const AT_ONCE: usize = 1000;

/// The field that holds our id.
const ID_FIELD: &str = "ID";

/// A note as it is in Anki.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveNote {
    /// Its number.
    pub nid: i64,
    /// Its fields by their names, those that a learner added among them.
    pub fields: BTreeMap<String, String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// When it was last changed, in seconds since 1970.
    pub modified: i64,
    /// Its cards, in the order of the templates.
    pub cards: Vec<i64>,
}

/// A note type as it is in Anki.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LiveNotetype {
    /// Its id.
    pub id: i64,
    /// Its name, which a learner may have changed.
    pub name: String,
    #[serde(rename = "flds")]
    fields: Vec<Value>,
    #[serde(rename = "tmpls")]
    templates: Vec<Value>,
}

impl LiveNotetype {
    /// Returns how many templates it has.
    #[must_use]
    pub fn templates(&self) -> usize {
        self.templates.len()
    }

    /// Returns what a package must have that brings notes of this type, if somebody has added to
    /// it.
    ///
    /// # Errors
    /// If something of ours is no longer there.
    pub fn layout(&self, kind: Kind) -> anyhow::Result<Option<Layout>> {
        let Self { name, fields, templates, .. } = self;
        let layout = Layout { kind, fields: fields.clone(), templates: templates.clone() };
        let own = anki::fields(kind);
        if layout.names().eq(own.iter().copied()) && templates.len() == anki::templates(kind) {
            return Ok(None);
        }
        if let Some(missing) = own.iter().find(|own| layout.names().all(|name| name != **own)) {
            bail!(
                "the note type `{name}` has no field `{missing}` in Anki\n  Tools ▸ Manage Note \
                 Types ▸ Fields can add it or give it its name back"
            );
        }
        if templates.len() < anki::templates(kind) {
            bail!("the note type `{name}` has lost one of its templates in Anki");
        }
        Ok(Some(layout))
    }
}

/// A profile that is open, before its notes are looked at.
#[derive(Debug)]
pub struct Opened {
    /// Its name.
    pub profile: String,
    /// Those of our note types that it has, by their ids.
    pub notetypes: BTreeMap<i64, LiveNotetype>,
    /// The notes of these types, other people's among them.
    nids: Vec<i64>,
}

/// What a collection has of our notes.
#[derive(Debug, Default)]
pub struct Collection {
    /// Those of our note types that it has, by their ids.
    pub notetypes: BTreeMap<i64, LiveNotetype>,
    /// Our notes, by their ids.
    pub notes: BTreeMap<String, LiveNote>,
    /// The deck of each card; a filtered one, if it is in such a deck.
    pub decks: BTreeMap<i64, String>,
    /// The cards that are in a filtered deck.
    pub filtered: BTreeSet<i64>,
    /// The cards that are suspended.
    pub suspended: BTreeSet<i64>,
}

/// A note in an answer; one that is not there has none of this.
#[derive(Deserialize)]
struct NoteInfo {
    #[serde(rename = "noteId", default)]
    nid: i64,
    #[serde(default)]
    fields: BTreeMap<String, FieldInfo>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(rename = "mod")]
    modified: Option<i64>,
    #[serde(default)]
    cards: Vec<i64>,
}

#[derive(Deserialize)]
struct FieldInfo {
    value: String,
}

/// The note ids by which notes are looked for: what stands in the `ID` field of each.
#[derive(Debug)]
pub struct Known<'k> {
    /// The ids of all notes that are ours, by what stands in their `ID` field.
    pub ids: &'k BTreeMap<String, String>,
    /// When each was first built, in milliseconds: the number that Anki gives it if that is free.
    pub created: &'k BTreeMap<String, i64>,
    /// What the collection got last.
    pub state: &'k State,
}

/// Looks which profile is open and what it has of our note types.
///
/// # Errors
/// If Anki cannot be reached, shows no profile, or has a version of the add-on that is too old.
pub fn open(client: &Client) -> anyhow::Result<Opened> {
    let kinds = [Kind::Qa, Kind::Cloze].map(anki::notetype_id);
    let mut actions = vec![
        ("apiReflect", json!({"scopes": ["actions"], "actions": ACTIONS})),
        ("getActiveProfile", json!({})),
        ("findNotes", json!({"query": all_notes()})),
    ];
    actions.extend(kinds.iter().map(|id| ("findModelsById", json!({"modelIds": [id]}))));
    let mut answers = client.call_all(&actions)?.into_iter();
    let mut next = |action: &str| {
        let answer = answers.next().unwrap_or_else(|| Err("no answer".to_owned()));
        answer.map_err(|why| anyhow!(client.refusal(action, &why)))
    };
    let known: Value = next("apiReflect")?;
    let known: Vec<String> = parse(known["actions"].clone())?;
    let missing = ACTIONS.iter().find(|action| known.iter().all(|known| known != *action));
    if let Some(action) = missing {
        bail!("{}", client.refusal(action, "unsupported action"));
    }
    let profile: Option<String> = parse(next("getActiveProfile")?)?;
    let profile = profile.context("no profile is open in Anki: open the one to push to")?;
    let nids = parse(next("findNotes")?)?;
    // A note type that is not there is an error, as it is before the first push.
    let found = kinds.iter().filter_map(|_| next("findModelsById").ok());
    let found = found.map(parse::<Vec<LiveNotetype>>).collect::<anyhow::Result<Vec<_>>>()?;
    let notetypes = found.into_iter().flatten().map(|notetype| (notetype.id, notetype)).collect();
    Ok(Opened { profile, notetypes, nids })
}

/// Returns the search that finds every note of our types, whatever a learner calls these.
fn all_notes() -> String {
    let terms = [Kind::Qa, Kind::Cloze].map(|kind| format!("mid:{}", anki::notetype_id(kind)));
    terms.join(" OR ")
}

fn parse<T: DeserializeOwned>(value: Value) -> anyhow::Result<T> {
    serde_json::from_value(value).context("AnkiConnect answers otherwise than it should")
}

impl Collection {
    /// Reads what there is of our notes.
    ///
    /// # Errors
    /// If Anki cannot be reached.
    pub fn read(client: &Client, opened: Opened, known: &Known<'_>) -> anyhow::Result<Self> {
        let Opened { notetypes, nids, .. } = opened;
        let all = read_notes(client, &nids)?;
        let mut collection = Self { notetypes, notes: pick(all, known), ..Self::default() };
        collection.read_cards(client)?;
        Ok(collection)
    }

    /// Reads where the cards are.
    fn read_cards(&mut self, client: &Client) -> anyhow::Result<()> {
        let cards: Vec<i64> = self.notes.values().flat_map(|note| &note.cards).copied().collect();
        if cards.is_empty() {
            return Ok(());
        }
        let ours = all_notes();
        let actions = [
            ("getDecks", json!({"cards": cards})),
            ("findCards", json!({"query": format!("deck:filtered ({ours})")})),
            ("findCards", json!({"query": format!("is:suspended ({ours})")})),
        ];
        let answers = client.call_all(&actions)?.into_iter().zip(&actions);
        let answers = answers.map(|(answer, (action, _))| {
            answer.map_err(|why| anyhow!(client.refusal(action, &why)))
        });
        let [decks, filtered, suspended] =
            <[Value; 3]>::try_from(answers.collect::<anyhow::Result<Vec<_>>>()?)
                .map_err(|_| anyhow!("AnkiConnect gave too few answers"))?;
        let decks: BTreeMap<String, Vec<i64>> = parse(decks)?;
        let by_card = |(deck, cards): (String, Vec<i64>)| {
            cards.into_iter().map(move |card| (card, deck.clone()))
        };
        self.decks = decks.into_iter().flat_map(by_card).collect();
        self.filtered = parse::<Vec<i64>>(filtered)?.into_iter().collect();
        self.suspended = parse::<Vec<i64>>(suspended)?.into_iter().collect();
        Ok(())
    }

    /// Returns whether two decks have one name for Anki.
    #[must_use]
    pub fn is_in(&self, card: i64, deck: &str) -> bool {
        self.decks.get(&card).is_some_and(|at| is_same_deck(at, deck))
    }
}

/// Returns whether two decks have one name for Anki, which does not tell them apart by case.
#[must_use]
pub fn is_same_deck(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// Reads the notes of our types that Anki has now, but for those with these numbers.
///
/// # Errors
/// If Anki cannot be reached.
pub fn read_others(
    client: &Client,
    but: &BTreeSet<i64>,
    known: &Known<'_>,
) -> anyhow::Result<BTreeMap<String, LiveNote>> {
    let mut nids: Vec<i64> = client.call("findNotes", &json!({"query": all_notes()}))?;
    nids.retain(|nid| !but.contains(nid));
    Ok(pick(read_notes(client, &nids)?, known))
}

/// Reads notes by their numbers; those that are no more are left out.
///
/// # Errors
/// If Anki cannot be reached.
pub fn read_notes(client: &Client, nids: &[i64]) -> anyhow::Result<Vec<LiveNote>> {
    let mut notes = Vec::with_capacity(nids.len());
    for nids in nids.chunks(AT_ONCE) {
        let found: Vec<NoteInfo> = client.call("notesInfo", &json!({"notes": nids}))?;
        for NoteInfo { nid, fields, tags, modified, cards } in found {
            if nid == 0 {
                continue;
            }
            let Some(modified) = modified else {
                bail!("{}", client.refusal("notesInfo", "unsupported action"));
            };
            let fields = fields.into_iter().map(|(name, field)| (name, field.value)).collect();
            notes.push(LiveNote { nid, fields, tags, modified, cards });
        }
    }
    Ok(notes)
}

/// Picks the notes that are ours. A copy that a learner made of one has the same id in its field,
/// so the one counts that was sent last, or has the number that we give.
fn pick(all: Vec<LiveNote>, known: &Known<'_>) -> BTreeMap<String, LiveNote> {
    let by_nid: BTreeMap<i64, &String> =
        known.state.notes.iter().map(|(id, base)| (base.nid, id)).collect();
    let mut notes: BTreeMap<String, LiveNote> = BTreeMap::new();
    for note in all {
        let shown = note.fields.get(ID_FIELD).and_then(|html| known.ids.get(html));
        // A learner may have emptied the field.
        let Some(id) = shown.or_else(|| by_nid.get(&note.nid).copied()) else { continue };
        let rank = |note: &LiveNote| {
            let is_sent = known.state.notes.get(id).is_some_and(|base| base.nid == note.nid);
            let is_created = known.created.get(id) == Some(&note.nid);
            (!is_sent, !is_created, note.nid)
        };
        if notes.get(id).is_none_or(|other| rank(&note) < rank(other)) {
            notes.insert(id.clone(), note);
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Known, LiveNote, pick};
    use crate::connect::state::{Base, State};

    fn note(nid: i64, id: &str) -> LiveNote {
        let fields = BTreeMap::from([("ID".to_owned(), id.to_owned())]);
        LiveNote { nid, fields, ..LiveNote::default() }
    }

    fn check(all: &[(i64, &str)], sent: Option<i64>, expect: &[(&str, i64)]) {
        let ids = BTreeMap::from([("a&amp;b".to_owned(), "a&b".to_owned())]);
        let created = BTreeMap::from([("a&b".to_owned(), 3)]);
        let mut state = State::new("");
        let base = sent.map(|nid| Base { nid, ..Base::default() });
        state.notes.extend(base.map(|base| ("a&b".to_owned(), base)));
        let known = Known { ids: &ids, created: &created, state: &state };
        let found = pick(all.iter().map(|(nid, id)| note(*nid, id)).collect(), &known);
        let found: Vec<(&str, i64)> = found.iter().map(|(id, note)| (&**id, note.nid)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn only_our_notes_are_picked() {
        check(&[(1, "a&amp;b"), (2, "c")], None, &[("a&b", 1)]);
        check(&[(1, "c"), (2, "")], None, &[]);
    }

    #[test]
    fn a_copy_is_not_taken_for_the_note() {
        check(&[(4, "a&amp;b"), (3, "a&amp;b")], None, &[("a&b", 3)]);
        check(&[(3, "a&amp;b"), (4, "a&amp;b")], Some(4), &[("a&b", 4)]);
        check(&[(5, "a&amp;b"), (4, "a&amp;b")], None, &[("a&b", 4)]);
    }

    #[test]
    fn a_note_whose_id_was_emptied_is_known_by_its_number() {
        check(&[(4, "")], Some(4), &[("a&b", 4)]);
    }
}
