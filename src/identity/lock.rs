//! `deckpress.lock`: what is remembered of every question from one build to the next.
//!
//! JSON Lines: a header, then one object per question in the order of the content, so that its
//! diff mirrors the content's, then those that were taken out. People merge it with git and look
//! at it, so each line stands alone and damage is reported by line, never repaired silently.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Write;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::numbering::Numbered;
use super::sketch::{Drawn, Sketch};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::CardKind;
use crate::source::{FileId, Sources, Span};

/// The name of the lock in a content folder.
pub const FILE_NAME: &str = "deckpress.lock";

/// The newest version that we read. A lock stays with its version, as that says how its sketches are
/// drawn.
const VERSION: u32 = 3;

/// Everything that is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The questions, in order; those that were taken out come last.
    pub entries: Vec<Entry>,
    /// The author's own style sheet, if there ever was one.
    pub style: Option<Stamp>,
}

/// When something last changed, and a hash to tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// A hash of it.
    pub hash: String,
    /// Seconds since 1970.
    pub modified: i64,
}

/// What is remembered of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id, for ever.
    pub id: String,
    /// The id that the author wrote, where it is not that one.
    pub name: Option<String>,
    /// What it asks.
    pub question: String,
    /// The deck's title.
    pub deck: String,
    /// The topic below the deck.
    pub topic: Vec<String>,
    /// The file it stands in.
    pub file: String,
    /// What a learner studies.
    pub fingerprint: Fingerprint,
    /// What the answer is like.
    pub sketch: Sketch,
    /// Milliseconds since 1970, unique.
    pub created: i64,
    /// Seconds since 1970.
    pub modified: i64,
    /// What the note of question and answer last showed, while there is none.
    pub shown: Option<String>,
    /// Which cards it makes besides, or in place of, question and answer.
    pub kinds: BTreeSet<CardKind>,
    /// Its cloze note, if it ever had one.
    pub cloze: Option<Box<Series>>,
    /// Its recall list, if it ever had one.
    pub recall: Option<Box<Series>>,
    /// How it read when its pair was last certain, while it rests on evidence that nobody confirmed.
    pub open: Option<Box<Former>>,
    /// Whether `{id=new}` on its heading has been obeyed.
    pub renewed: bool,
    /// The day on which it was taken out, as in `2026-11-23`.
    pub removed: Option<String>,
}

/// How a question read when its pair was last certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    /// What it asked.
    pub question: String,
    /// What a learner studied.
    pub fingerprint: Fingerprint,
    /// What the answer was like.
    pub sketch: Sketch,
}

#[derive(Serialize, Deserialize)]
struct FormerLine {
    question: String,
    fingerprint: String,
    sketch: String,
}

impl Entry {
    /// The times that stand for its notes.
    pub fn times(&self) -> impl Iterator<Item = i64> {
        let series = [&self.cloze, &self.recall].into_iter().flatten();
        std::iter::once(self.created).chain(series.map(|series| series.created))
    }
}

impl Series {
    /// The number of the card that asks for each highlight or key point, in order.
    pub fn given(&self) -> impl Iterator<Item = u16> {
        self.numbers.iter().map(|(number, _)| self.together.unwrap_or(*number))
    }

    /// The numbers that have a card.
    #[must_use]
    pub fn cards(&self) -> BTreeSet<u16> {
        self.given().chain(self.explicit.iter().map(|(number, _)| *number)).collect()
    }
}

/// A note whose cards are numbered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Milliseconds since 1970, unique.
    pub created: i64,
    /// Seconds since 1970.
    pub modified: i64,
    /// What the note last showed, while it is not made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
    /// The gaps to which the author gave numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explicit: Vec<Numbered>,
    /// The number of the one card that asks for all highlights, if that is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<u16>,
    /// The highlights or key points, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<Numbered>,
    /// Those that were taken out; their numbers are not given again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Numbered>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    deckpress_lock: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    style: Option<Stamp>,
}

#[derive(Serialize, Deserialize)]
struct Line<'l> {
    #[serde(borrow)]
    id: Cow<'l, str>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'l, str>>,
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
    created: i64,
    modified: i64,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    shown: Option<Cow<'l, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    kinds: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cloze: Option<Cow<'l, Series>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recall: Option<Cow<'l, Series>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drawn: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open: Option<FormerLine>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    new: bool,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    removed: Option<Cow<'l, str>>,
}

impl Lock {
    /// Reads a lock; `None` if anything in it cannot be understood.
    #[must_use]
    pub fn read(
        sources: &Sources,
        file: FileId,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let before = diagnostics.len();
        let mut lock = Self::default();
        let mut at = 0;
        let lines = sources.text(file).split_inclusive('\n').map(|line| {
            let span = Span::new(file, at..at + line.trim_end().len());
            at += line.len();
            (line.trim(), span)
        });
        let mut lines = lines.filter(|(text, _)| !text.is_empty()).peekable();
        let is_empty = lines.peek().is_none();
        let mut way = Drawn::default();
        if let Some((text, span)) = lines.next_if(|(text, _)| !is_conflict(text)) {
            match header(text) {
                Ok((style, drawn)) => { lock.style = style; way = drawn; }
                Err(why) => diagnostics.push(damaged(span, &why)),
            }
        }
        let lines: Vec<(&str, Span)> = lines.collect();
        let entries: Vec<_> = lines.par_iter().map(|(text, _)| entry(text, way)).collect();
        let mut spans = Vec::with_capacity(entries.len());
        for ((_, span), entry) in lines.iter().zip(entries) {
            match entry {
                Ok(entry) => {
                    spans.push(*span);
                    lock.entries.push(entry);
                }
                Err(why) => diagnostics.push(damaged(*span, &why)),
            }
        }
        let ids = lock.entries.iter().map(|entry| entry.id.as_str());
        let mut ids: Vec<(&str, Span)> = ids.zip(spans).collect();
        ids.sort();
        for same in ids.chunk_by(|(a, _), (b, _)| a == b) {
            let (id, first) = &same[0];
            diagnostics.extend(same[1..].iter().map(|(_, span)| {
                damaged(*span, &format!("the id `{id}` stands twice")).related(*first, "first here")
            }));
        }
        if is_empty {
            let why = "it is empty".to_owned();
            diagnostics.push(damaged(Span::new(file, 0..0), &why));
        }
        (diagnostics.len() == before).then_some(lock)
    }

    /// Writes the lock as it is on the disk.
    ///
    /// # Errors
    /// If `out` fails.
    pub fn write(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let header = Header { deckpress_lock: VERSION, style: self.style.clone() };
        writeln!(out, "{}", serde_json::to_string(&header)?)?;
        let lines = |entries: &[Entry]| {
            entries.iter().try_fold(Vec::new(), |mut text, entry| {
                serde_json::to_writer(&mut text, &line(entry))?;
                text.push(b'\n');
                anyhow::Ok(text)
            })
        };
        // So many lines are in memory at a time.
        for window in self.entries.chunks(1 << 14) {
            let parts: Vec<_> = window.par_chunks(1 << 9).map(lines).collect::<Result<_, _>>()?;
            parts.iter().try_for_each(|part| out.write_all(part))?;
        }
        Ok(())
    }
}

fn line(entry: &Entry) -> Line<'_> {
    Line {
        id: (&entry.id).into(),
        name: entry.name.as_ref().map(Cow::from),
        question: (&entry.question).into(),
        deck: (&entry.deck).into(),
        topic: (&entry.topic).into(),
        file: (&entry.file).into(),
        fingerprint: entry.fingerprint.to_text().into(),
        sketch: entry.sketch.to_text().into(),
        created: entry.created,
        modified: entry.modified,
        shown: entry.shown.as_ref().map(Cow::from),
        kinds: entry.kinds.iter().map(|kind| kind.name().to_owned()).collect(),
        cloze: entry.cloze.as_deref().map(Cow::Borrowed),
        recall: entry.recall.as_deref().map(Cow::Borrowed),
        drawn: (entry.sketch.drawn() != Drawn::default()).then_some(if entry.sketch.drawn() == Drawn::Slowly { 1 } else { 2 }),
        open: entry.open.as_ref().map(|it| FormerLine { question: it.question.clone(), fingerprint: it.fingerprint.to_text(), sketch: it.sketch.to_text() }),
        new: entry.renewed,
        removed: entry.removed.as_ref().map(Cow::from),
    }
}

fn header(text: &str) -> Result<(Option<Stamp>, Drawn), String> {
    let header: Header = serde_json::from_str(text)
        .map_err(|_| "the first line is not the header of a lock".to_owned())?;
    if header.deckpress_lock > VERSION {
        let version = header.deckpress_lock;
        return Err(format!("it is of version {version}, which a newer deckpress wrote"));
    }
    let drawn = match header.deckpress_lock { 1 => Drawn::Slowly, 2 => Drawn::Dealt, _ => Drawn::Words };
    Ok((header.style, drawn))
}

fn is_conflict(text: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| text.starts_with(mark))
}

fn entry(text: &str, way: Drawn) -> Result<Entry, String> {
    if is_conflict(text) {
        return Err("a conflict of git is not resolved".to_owned());
    }
    let line: Line = serde_json::from_str(text).map_err(|error| {
        let why = error.to_string();
        let why = why.split(" at line ").next().unwrap_or_default();
        format!("this line is damaged: {why}")
    })?;
    let fingerprint = Fingerprint::from_text(&line.fingerprint)
        .ok_or_else(|| "the fingerprint in this line is damaged".to_owned())?;
    let sketch = Sketch::from_text(&line.sketch, match line.drawn { Some(1) => Drawn::Slowly, Some(2) => Drawn::Dealt, _ => way })
        .ok_or_else(|| "the sketch in this line is damaged".to_owned())?;
    let kind = |name: &String| match CardKind::of_class(name) {
        Some((kind, true)) => Ok(kind),
        _ => Err(format!("the kind of cards `{name}` in this line is unknown")),
    };
    let kinds = line.kinds.iter().map(kind).collect::<Result<_, _>>()?;
    let series = |series: Option<Cow<'_, Series>>| series.map(|it| Box::new(it.into_owned()));
    Ok(Entry {
        id: line.id.into_owned(),
        name: line.name.map(Cow::into_owned),
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
        open: line.open.and_then(|it| Some(Box::new(Former { fingerprint: Fingerprint::from_text(&it.fingerprint)?, sketch: Sketch::from_text(&it.sketch, Drawn::Words)?, question: it.question }))),
        renewed: line.new,
        removed: line.removed.map(Cow::into_owned),
    })
}

/// Says that the lock cannot be used, and why.
#[must_use]
pub fn damaged(span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::DamagedLock, span, format!("the lock cannot be used: {why}"))
        .help("restore it from version control; without it, reworded questions become new ones")
}
