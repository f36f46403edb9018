//! What a running Anki has of our notes.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, anyhow, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::canonical;
use super::client::Client;
use super::state::State;
use crate::anki::{self, Kind, Layout};
use crate::export::package_notes::PackageType;

/// The actions that each push and pull needs: an add-on that lacks one is too old.
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
    "retrieveMediaFile",
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
    /// Its id in Anki.
    pub nid: i64,
    /// The id of its note type.
    pub note_type: i64,
    /// What its first field holds, if its type has none for our id.
    pub first: String,
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
    /// If something that we need is no longer there.
    pub fn layout(&self, own: &PackageType) -> anyhow::Result<Option<Layout>> {
        let Self { name, fields, templates, .. } = self;
        let names: Vec<&str> = fields.iter().filter_map(|field| field["name"].as_str()).collect();
        if names == own.fields && templates.len() == own.templates {
            return Ok(None);
        }
        if let Some(missing) = own.fields.iter().find(|own| !names.contains(&own.as_str())) {
            bail!(
                "the note type `{name}` has no field `{missing}` in Anki\n  Tools ▸ Manage Note \
                 Types ▸ Fields can add it or give it its name back"
            );
        }
        if templates.len() < own.templates {
            bail!("the note type `{name}` has lost one of its templates in Anki");
        }
        let Some(kind) = own.kind else {
            bail!(
                "the note type `{name}` has other fields or templates in Anki than in the content\n  \
                 here: {}\n  Anki: {}",
                own.fields.join(", "),
                names.join(", ")
            );
        };
        Ok(Some(Layout { kind, fields: fields.clone(), templates: templates.clone() }))
    }
}

/// A profile that is open, before its notes are looked at.
#[derive(Debug)]
pub struct Opened {
    /// Its name.
    pub profile: String,
    /// Those of our note types that it has, by their ids.
    pub notetypes: BTreeMap<i64, LiveNotetype>,
    /// The search that finds every note of these types, other people's among them.
    search: String,
    /// What it finds.
    nids: Vec<i64>,
}

/// What a collection has of our notes.
#[derive(Debug, Default)]
pub struct Collection {
    /// Those of our note types that it has, by their ids.
    pub notetypes: BTreeMap<i64, LiveNotetype>,
    search: String,
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
    #[serde(rename = "modelName", default)]
    note_type: String,
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
    order: usize,
}

/// The keys by which our notes are found in a collection.
#[derive(Debug)]
pub struct Known<'k> {
    /// The ids of all notes that are ours, by what stands in the `ID` field of our note types.
    pub ids: &'k BTreeMap<String, String>,
    /// When each was first built, in milliseconds: the id that Anki gives it if that is free.
    pub created: &'k BTreeMap<String, i64>,
    /// The ids of notes of the author's own types, by the type and the ids that they may have in Anki.
    pub numbers: &'k BTreeMap<(i64, i64), String>,
    /// The same by the type and what the first field shows, as long as no two show the same.
    pub firsts: &'k BTreeMap<(i64, String), String>,
    /// What the collection got last.
    pub state: &'k State,
}

/// Looks which profile is open and what it has of our note types.
///
/// # Errors
/// If Anki cannot be reached, shows no profile, or has a version of the add-on that is too old.
pub fn open(client: &Client, types: &[i64]) -> anyhow::Result<Opened> {
    let search = types.iter().map(|id| format!("mid:{id}")).collect::<Vec<_>>().join(" OR ");
    let mut actions = vec![
        ("apiReflect", json!({"scopes": ["actions"], "actions": ACTIONS})),
        ("getActiveProfile", json!({})),
        ("findNotes", json!({"query": search})),
    ];
    actions.extend(ask_notetypes(types));
    let mut answers = client.call_all(&actions)?.into_iter();
    let mut next = |action: &str| {
        let answer = answers.next().unwrap_or_else(|| Err("no answer".to_owned()));
        answer.map_err(|why| anyhow!(client.action_failed(action, &why)))
    };
    let known: Value = next("apiReflect")?;
    let known: Vec<String> = parse(known["actions"].clone())?;
    let missing = ACTIONS.iter().find(|action| known.iter().all(|known| known != *action));
    if let Some(action) = missing {
        bail!("{}", client.action_failed(action, "unsupported action"));
    }
    let profile: Option<String> = parse(next("getActiveProfile")?)?;
    let profile = profile.context("no profile is open in Anki: open the one to push to")?;
    let nids = parse(next("findNotes")?)?;
    let notetypes = parse_notetypes(answers)?;
    Ok(Opened { profile, notetypes, search, nids })
}

fn ask_notetypes(ids: &[i64]) -> Vec<(&'static str, Value)> {
    ids.iter().map(|id| ("findModelsById", json!({"modelIds": [id]}))).collect()
}

/// Returns the note types by their ids. The answer for one that the collection lacks is an error, as
/// before the first push, and is ignored.
fn parse_notetypes(
    answers: impl IntoIterator<Item = Result<Value, String>>,
) -> anyhow::Result<BTreeMap<i64, LiveNotetype>> {
    let found = answers.into_iter().filter_map(Result::ok);
    let found = found.map(parse::<Vec<LiveNotetype>>).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(found.into_iter().flatten().map(|notetype| (notetype.id, notetype)).collect())
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
        let Opened { notetypes, search, nids, .. } = opened;
        let mut collection = Self { notetypes, search, ..Self::default() };
        collection.notes = pick(collection.read_notes(client, &nids)?, known);
        collection.read_cards(client)?;
        Ok(collection)
    }

    /// Reads where the cards are.
    fn read_cards(&mut self, client: &Client) -> anyhow::Result<()> {
        let cards: Vec<i64> = self.notes.values().flat_map(|note| &note.cards).copied().collect();
        if cards.is_empty() {
            return Ok(());
        }
        let ours = &self.search;
        let actions = [
            ("getDecks", json!({"cards": cards})),
            ("findCards", json!({"query": format!("deck:filtered ({ours})")})),
            ("findCards", json!({"query": format!("is:suspended ({ours})")})),
        ];
        let answers = client.call_all(&actions)?.into_iter().zip(&actions);
        let answers = answers.map(|(answer, (action, _))| {
            answer.map_err(|why| anyhow!(client.action_failed(action, &why)))
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

    /// Reads the notes of our types that Anki has now, but for those with these numbers. An import
    /// may have brought the types themselves.
    ///
    /// # Errors
    /// If Anki cannot be reached.
    pub fn read_others(
        &mut self,
        client: &Client,
        but: &BTreeSet<i64>,
        known: &Known<'_>,
    ) -> anyhow::Result<BTreeMap<String, LiveNote>> {
        let ids = self.search.split(" OR ").filter_map(|term| term.strip_prefix("mid:"));
        let ids: Vec<i64> = ids.filter_map(|id| id.parse().ok()).collect();
        self.notetypes = parse_notetypes(client.call_all(&ask_notetypes(&ids))?)?;
        let mut nids: Vec<i64> = client.call("findNotes", &json!({"query": self.search}))?;
        nids.retain(|nid| !but.contains(nid));
        Ok(pick(self.read_notes(client, &nids)?, known))
    }

    /// Reads notes by their ids in Anki; those that were deleted are left out.
    ///
    /// # Errors
    /// If Anki cannot be reached.
    pub fn read_notes(&self, client: &Client, nids: &[i64]) -> anyhow::Result<Vec<LiveNote>> {
        let mut notes = Vec::with_capacity(nids.len());
        for nids in nids.chunks(AT_ONCE) {
            let found: Vec<NoteInfo> = client.call("notesInfo", &json!({"notes": nids}))?;
            if found.len() != nids.len() {
                bail!("AnkiConnect tells of {} notes instead of {}", found.len(), nids.len());
            }
            for NoteInfo { nid, note_type, fields, tags, modified, cards } in found {
                if nid == 0 {
                    continue;
                }
                let Some(modified) = modified else {
                    bail!("{}", client.action_failed("notesInfo", "unsupported action"));
                };
                let named = self.notetypes.values().find(|known| known.name == note_type);
                let note_type = named.map_or(0, |known| known.id);
                let first = fields.values().find(|field| field.order == 0);
                let first = first.filter(|_| !has_id_field(note_type));
                let first = first.map_or_else(String::new, |field| field.value.clone());
                let fields = fields.into_iter().map(|(name, field)| (name, field.value)).collect();
                notes.push(LiveNote { nid, note_type, first, fields, tags, modified, cards });
            }
        }
        Ok(notes)
    }

    /// Returns whether a card is in a deck.
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

/// Returns whether a note type is one of ours, which have a field for the id.
fn has_id_field(note_type: i64) -> bool {
    [Kind::Qa, Kind::Cloze].into_iter().any(|kind| anki::notetype_id(kind) == note_type)
}

/// Picks the notes that are ours. A copy that a learner made of one has the same id in its field,
/// so the one counts that was sent last, or has the number that we give.
fn pick(all: Vec<LiveNote>, known: &Known<'_>) -> BTreeMap<String, LiveNote> {
    let by_nid: BTreeMap<i64, &String> =
        known.state.notes.iter().map(|(id, base)| (base.nid, id)).collect();
    let mut notes: BTreeMap<String, LiveNote> = BTreeMap::new();
    for note in all {
        let sent = by_nid.get(&note.nid).copied();
        // A learner may have emptied the field, and a note of another type has none.
        let id = if has_id_field(note.note_type) {
            note.fields.get(ID_FIELD).and_then(|html| known.ids.get(html)).or(sent)
        } else {
            sent.or_else(|| known.numbers.get(&(note.note_type, note.nid)))
                .or_else(|| known.firsts.get(&(note.note_type, canonical::canonical(&note.first))))
        };
        let Some(id) = id else { continue };
        let is_created = known.created.get(id) == Some(&note.nid);
        let base = known.state.notes.get(id).filter(|base| base.nid != 0);
        // A copy is not the note that was sent, even if that note was deleted.
        if !is_created && base.is_some_and(|base| base.nid != note.nid) {
            continue;
        }
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
    use crate::anki::{Kind, notetype_id};
    use crate::connect::state::{Base, State};

    fn note(nid: i64, id: &str) -> LiveNote {
        let fields = BTreeMap::from([("ID".to_owned(), id.to_owned())]);
        let note_type = notetype_id(Kind::Qa);
        LiveNote { nid, note_type, fields, ..LiveNote::default() }
    }

    fn check(all: &[(i64, &str)], sent: Option<i64>, expect: &[(&str, i64)]) {
        let ids = BTreeMap::from([("a&amp;b".to_owned(), "a&b".to_owned())]);
        let created = BTreeMap::from([("a&b".to_owned(), 3)]);
        let mut state = State::new("");
        let base = sent.map(|nid| Base { nid, ..Base::default() });
        state.notes.extend(base.map(|base| ("a&b".to_owned(), base)));
        let (numbers, firsts) = (BTreeMap::new(), BTreeMap::new());
        let known = Known {
            ids: &ids,
            created: &created,
            numbers: &numbers,
            firsts: &firsts,
            state: &state,
        };
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
    fn a_copy_stays_one_when_the_note_is_deleted() {
        check(&[(5, "a&amp;b")], Some(4), &[]);
        check(&[(3, "a&amp;b")], Some(4), &[("a&b", 3)]);
    }

    #[test]
    fn a_note_whose_id_was_emptied_is_known_by_its_number() {
        check(&[(4, "")], Some(4), &[("a&b", 4)]);
    }
}
