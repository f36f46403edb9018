//! The tables of every collection, and the JSON in the single `col` row of schema 11.
//!
//! Tables, columns and their order are those in `sqlite_master` of a legacy export by Anki 26.9.3;
//! the JSON contains what its importer reads. There are no indexes: an import reads every row once
//! and was no slower without them (Anki 26.9.3 and, by its importer in Python, 2.1.49), while they
//! would make the package four percent larger.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Deck;

/// The version of the schema.
pub(super) const VERSION: i64 = 11;

/// The creation time of the collection and its decks. Anki counts the days of reviews from here,
/// and a package has no reviews.
pub(super) const CREATED: i64 = 1_577_851_200;

/// The tables. `sfld` is an integer column so that numbers sort as numbers.
pub(super) const TABLES: &str = "
CREATE TABLE col (
  id integer PRIMARY KEY,
  crt integer NOT NULL,
  mod integer NOT NULL,
  scm integer NOT NULL,
  ver integer NOT NULL,
  dty integer NOT NULL,
  usn integer NOT NULL,
  ls integer NOT NULL,
  conf text NOT NULL,
  models text NOT NULL,
  decks text NOT NULL,
  dconf text NOT NULL,
  tags text NOT NULL
);
CREATE TABLE notes (
  id integer PRIMARY KEY,
  guid text NOT NULL,
  mid integer NOT NULL,
  mod integer NOT NULL,
  usn integer NOT NULL,
  tags text NOT NULL,
  flds text NOT NULL,
  sfld integer NOT NULL,
  csum integer NOT NULL,
  flags integer NOT NULL,
  data text NOT NULL
);
CREATE TABLE cards (
  id integer PRIMARY KEY,
  nid integer NOT NULL,
  did integer NOT NULL,
  ord integer NOT NULL,
  mod integer NOT NULL,
  usn integer NOT NULL,
  type integer NOT NULL,
  queue integer NOT NULL,
  due integer NOT NULL,
  ivl integer NOT NULL,
  factor integer NOT NULL,
  reps integer NOT NULL,
  lapses integer NOT NULL,
  left integer NOT NULL,
  odue integer NOT NULL,
  odid integer NOT NULL,
  flags integer NOT NULL,
  data text NOT NULL
);
CREATE TABLE revlog (
  id integer PRIMARY KEY,
  cid integer NOT NULL,
  usn integer NOT NULL,
  ease integer NOT NULL,
  ivl integer NOT NULL,
  lastIvl integer NOT NULL,
  factor integer NOT NULL,
  time integer NOT NULL,
  type integer NOT NULL
);";

/// The table that has a different form in the latest version.
pub(super) const GRAVES: &str = "
CREATE TABLE graves (
  usn integer NOT NULL,
  oid integer NOT NULL,
  type integer NOT NULL
);";

/// The deck that every collection has.
const DEFAULT_DECK: (i64, &str) = (1, "Default");

/// Returns the ids of the decks, their parents and the default deck, by name.
///
/// An id depends only on the name, unless another deck has taken it: Anki matches decks by name, so
/// ids need only be distinct.
pub(super) fn deck_ids(decks: &[Deck]) -> BTreeMap<&str, i64> {
    let mut ids = BTreeMap::from([(DEFAULT_DECK.1, DEFAULT_DECK.0)]);
    let mut taken = BTreeSet::from([DEFAULT_DECK.0]);
    for deck in decks {
        let parents = deck.name.match_indices("::").map(|(end, _)| &deck.name[..end]);
        for name in parents.chain([deck.name.as_str()]) {
            ids.entry(name).or_insert_with(|| {
                let mut id = id_of_name(name);
                while !taken.insert(id) {
                    id += 1;
                }
                id
            });
        }
    }
    ids
}

/// Derives an id from a name: a plausible creation time, as Anki's ids are, between 2001 and 2022,
/// in milliseconds.
fn id_of_name(name: &str) -> i64 {
    let hash = blake3::hash(name.as_bytes());
    let head = &hash.as_bytes()[..5];
    let number = head.iter().fold(0, |number, byte| number << 8 | i64::from(*byte));
    1_000_000_000_000 + number % 650_000_000_000
}

/// Returns the descriptions of decks by name. If a deck is listed twice, its first non-empty
/// description counts.
pub(super) fn descriptions(decks: &[Deck]) -> BTreeMap<&str, &String> {
    let mut descriptions = BTreeMap::new();
    for deck in decks.iter().filter(|deck| !deck.description.is_empty()) {
        descriptions.entry(deck.name.as_str()).or_insert(&deck.description);
    }
    descriptions
}

/// Returns the decks as JSON.
pub(super) fn decks(decks: &[Deck], ids: &BTreeMap<&str, i64>) -> Value {
    let descriptions = descriptions(decks);
    let rows = ids.iter().map(|(name, id)| {
        let row = json!({
            "id": id,
            "mod": CREATED,
            "name": name,
            "usn": -1,
            "lrnToday": [0, 0],
            "revToday": [0, 0],
            "newToday": [0, 0],
            "timeToday": [0, 0],
            "collapsed": false,
            "browserCollapsed": false,
            "desc": descriptions.get(name).map_or("", |desc| desc.as_str()),
            "dyn": 0,
            "conf": 1,
            "extendNew": 0,
            "extendRev": 0,
        });
        (id.to_string(), row)
    });
    rows.collect::<Map<_, _>>().into()
}

/// Returns the only preset, to which all decks refer. It is Anki's own, and an import does not
/// change the user's.
pub(super) fn presets() -> Value {
    json!({
        "1": {
            "id": 1,
            "mod": 0,
            "name": "Default",
            "usn": 0,
            "maxTaken": 60,
            "autoplay": true,
            "timer": 0,
            "replayq": true,
            "new": {
                "bury": false,
                "delays": [1.0, 10.0],
                "initialFactor": 2500,
                "ints": [1, 4, 0],
                "order": 1,
                "perDay": 20,
            },
            "rev": {
                "bury": false,
                "ease4": 1.3,
                "ivlFct": 1.0,
                "maxIvl": 36500,
                "perDay": 200,
                "hardFactor": 1.2,
            },
            "lapse": {
                "delays": [10.0],
                "leechAction": 1,
                "leechFails": 8,
                "minInt": 1,
                "mult": 0.0,
            },
            "dyn": false,
        }
    })
}
