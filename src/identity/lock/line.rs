//! A line of the lock: a question as JSON.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::object::{object, split};
use super::{Entry, Former, LockedNoteType, NumberedNote, Rest, is_false, note_type};
use crate::identity::fingerprint::Fingerprint;
use crate::identity::sketch::{Sketch, SketchVersion};
use crate::model::CardKind;

/// What a line says, apart from what we do not know.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line<'l> {
    #[serde(borrow)]
    id: Cow<'l, str>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'l, str>>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    guid: Option<Cow<'l, str>>,
    #[serde(default, borrow, rename = "type", skip_serializing_if = "Option::is_none")]
    note_type: Option<Cow<'l, str>>,
    #[serde(default, skip_serializing_if = "<[u16]>::is_empty")]
    cards: Cow<'l, [u16]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nid: Option<i64>,
    #[serde(borrow)]
    question: Cow<'l, str>,
    #[serde(borrow)]
    deck: Cow<'l, str>,
    #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
    topic: Cow<'l, [String]>,
    #[serde(borrow)]
    file: Cow<'l, str>,
    #[serde(borrow)]
    fingerprint: Cow<'l, str>,
    #[serde(borrow)]
    sketch: Cow<'l, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drawn: Option<u8>,
    created: i64,
    modified: i64,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    shown: Option<Cow<'l, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    kinds: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cloze: Option<Cow<'l, NumberedNote>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recall: Option<Cow<'l, NumberedNote>>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    open: Option<Before<'l>>,
    #[serde(default, skip_serializing_if = "is_false")]
    new: bool,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    removed: Option<Cow<'l, str>>,
}

/// The keys of a line; all others are kept as they are.
const KEYS: [&str; 22] = [
    "id",
    "name",
    "guid",
    "type",
    "cards",
    "nid",
    "question",
    "deck",
    "topic",
    "file",
    "fingerprint",
    "sketch",
    "drawn",
    "created",
    "modified",
    "shown",
    "kinds",
    "cloze",
    "recall",
    "open",
    "new",
    "removed",
];

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Before<'l> {
    #[serde(borrow)]
    question: Cow<'l, str>,
    #[serde(borrow)]
    fingerprint: Cow<'l, str>,
    #[serde(borrow)]
    sketch: Cow<'l, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drawn: Option<u8>,
}

/// What a line is.
pub(super) enum Kind {
    /// A question.
    Entry(Box<Entry>),
    /// A note type of the author's own.
    NoteType(Box<LockedNoteType>),
    /// A first line.
    Header,
    /// The last line.
    End,
    /// Something that this version does not know.
    Other,
}

/// Reads a line whose sketch is drawn in this way if it does not say another.
pub(super) fn read(text: &str, drawn: SketchVersion) -> Result<Kind, String> {
    // Hardly a line has a key that we do not know, and to look for them takes twice as long.
    match serde_json::from_str(text) {
        Ok(line) => Ok(Kind::Entry(Box::new(entry(line, drawn, Rest::new())?))),
        Err(error) => read_slowly(text, drawn, &error),
    }
}

fn read_slowly(
    text: &str,
    drawn: SketchVersion,
    error: &serde_json::Error,
) -> Result<Kind, String> {
    if let Some(found) = note_type::read(text) {
        return Ok(Kind::NoteType(Box::new(found.map_err(|error| damage(&error))?)));
    }
    let (known, rest) = split(text, &KEYS).ok_or_else(|| damage(error))?;
    let has = |key: &str| rest.iter().any(|(other, _)| other == key);
    if has("deckpress_lock") {
        return Ok(Kind::Header);
    }
    if known.is_empty() && rest == [("end".to_owned(), "true".to_owned())] {
        return Ok(Kind::End);
    }
    // Without its id a question would be lost in silence.
    if !known.iter().any(|(key, _)| key == "id" || key == "fingerprint") {
        return Ok(Kind::Other);
    }
    let known = object(&known);
    let line = serde_json::from_str(&known).map_err(|error| damage(&error))?;
    Ok(Kind::Entry(Box::new(entry(line, drawn, rest)?)))
}

fn damage(error: &serde_json::Error) -> String {
    let why = error.to_string();
    let why = why.split(" at line ").next().unwrap_or_default();
    format!("this line is damaged: {why}")
}

fn entry(line: Line<'_>, drawn: SketchVersion, rest: Rest) -> Result<Entry, String> {
    let fingerprint = fingerprint(&line.fingerprint)?;
    let sketch = sketch(&line.sketch, line.drawn, drawn)?;
    let kind = |name: &String| match CardKind::of_class(name) {
        Some((kind, true)) => Ok(kind),
        _ => Err(format!("the kind of cards `{name}` in this line is unknown")),
    };
    let kinds = line.kinds.iter().map(kind).collect::<Result<_, _>>()?;
    let series = |series: Option<Cow<'_, NumberedNote>>| series.map(|it| Box::new(it.into_owned()));
    let open = line.open.map(|open| former(open, drawn)).transpose()?;
    Ok(Entry {
        id: line.id.into_owned(),
        name: line.name.map(Cow::into_owned),
        guid: line.guid.map(Cow::into_owned),
        note_type: line.note_type.map(Cow::into_owned),
        cards: line.cards.into_owned(),
        nid: line.nid,
        question: line.question.into_owned(),
        deck: line.deck.into_owned(),
        topic: line.topic.into_owned(),
        file: line.file.into_owned(),
        fingerprint,
        sketch,
        created: line.created,
        modified: line.modified,
        shown: line.shown.map(Cow::into_owned),
        kinds,
        cloze: series(line.cloze),
        recall: series(line.recall),
        open,
        renewed: line.new,
        removed: line.removed.map(Cow::into_owned),
        rest,
    })
}

fn former(open: Before<'_>, drawn: SketchVersion) -> Result<Box<Former>, String> {
    Ok(Box::new(Former {
        fingerprint: fingerprint(&open.fingerprint)?,
        sketch: sketch(&open.sketch, open.drawn, drawn)?,
        question: open.question.into_owned(),
    }))
}

fn fingerprint(text: &str) -> Result<Fingerprint, String> {
    Fingerprint::from_text(text).ok_or_else(|| "the fingerprint in this line is damaged".to_owned())
}

fn sketch(text: &str, number: Option<u8>, drawn: SketchVersion) -> Result<Sketch, String> {
    let drawn = number.map_or(Some(drawn), SketchVersion::numbered);
    let sketch = drawn.and_then(|drawn| Sketch::from_text(text, drawn));
    sketch.ok_or_else(|| "the sketch in this line is damaged".to_owned())
}

/// Returns what the line of a question says.
pub(super) fn of(entry: &Entry) -> Line<'_> {
    let (sketch, drawn) = drawing(&entry.sketch);
    Line {
        id: (&entry.id).into(),
        name: entry.name.as_ref().map(Cow::from),
        guid: entry.guid.as_ref().map(Cow::from),
        note_type: entry.note_type.as_ref().map(Cow::from),
        cards: (&entry.cards).into(),
        nid: entry.nid,
        question: (&entry.question).into(),
        deck: (&entry.deck).into(),
        topic: (&entry.topic).into(),
        file: (&entry.file).into(),
        fingerprint: entry.fingerprint.to_text().into(),
        sketch,
        drawn,
        created: entry.created,
        modified: entry.modified,
        shown: entry.shown.as_ref().map(Cow::from),
        kinds: entry.kinds.iter().map(|kind| kind.name().to_owned()).collect(),
        cloze: entry.cloze.as_deref().map(Cow::Borrowed),
        recall: entry.recall.as_deref().map(Cow::Borrowed),
        open: entry.open.as_deref().map(before),
        new: entry.renewed,
        removed: entry.removed.as_ref().map(Cow::from),
    }
}

fn before(former: &Former) -> Before<'_> {
    let (sketch, drawn) = drawing(&former.sketch);
    let fingerprint = former.fingerprint.to_text().into();
    Before { question: (&former.question).into(), fingerprint, sketch, drawn }
}

/// Returns a sketch, and how it is drawn if that is not the newest way.
fn drawing(sketch: &Sketch) -> (Cow<'static, str>, Option<u8>) {
    let drawn = Some(sketch.drawn()).filter(|drawn| *drawn != SketchVersion::default());
    (sketch.to_text().into(), drawn.map(SketchVersion::number))
}
