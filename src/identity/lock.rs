//! `deckpress.lock`: what is remembered of every question from one build to the next.
//!
//! JSON Lines: a header, then one object per question in the order of the content, so that its
//! diff mirrors the content's, then those that were taken out. People merge it with git and look
//! at it, so each line stands alone and damage is reported by line, never repaired silently.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::similar::Sketch;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Sources, Span};

/// The name of the lock in a content folder.
pub const FILE_NAME: &str = "deckpress.lock";

/// The version that we write, and the newest that we read.
const VERSION: u32 = 1;

/// Everything that is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The questions, in order; those that were taken out come last.
    pub entries: Vec<Entry>,
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
    /// The day on which it was taken out, as in `2026-11-23`.
    pub removed: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    deckpress_lock: u32,
}

#[derive(Serialize, Deserialize)]
struct Line {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    question: String,
    deck: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    topic: Vec<String>,
    file: String,
    fingerprint: String,
    sketch: String,
    created: i64,
    modified: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    removed: Option<String>,
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
        let mut ids: BTreeMap<String, Span> = BTreeMap::new();
        let mut at = 0;
        let mut is_first = true;
        for line in sources.text(file).split_inclusive('\n') {
            let text = line.trim();
            let span = Span::new(file, at..at + line.trim_end().len());
            at += line.len();
            if text.is_empty() {
                continue;
            }
            if std::mem::take(&mut is_first) && !is_conflict(text) {
                diagnostics.extend(header(text).err().map(|why| damaged(span, &why)));
                continue;
            }
            match entry(text) {
                Ok(entry) => {
                    if let Some(first) = ids.insert(entry.id.clone(), span) {
                        diagnostics.push(
                            damaged(span, &format!("the id `{}` stands twice", entry.id))
                                .related(first, "first here"),
                        );
                    }
                    lock.entries.push(entry);
                }
                Err(why) => diagnostics.push(damaged(span, &why)),
            }
        }
        if is_first {
            let why = "it is empty".to_owned();
            diagnostics.push(damaged(Span::new(file, 0..0), &why));
        }
        (diagnostics.len() == before).then_some(lock)
    }

    /// The lock as it is written to disk.
    ///
    /// # Errors
    /// If the library fails, which no content should make it do.
    pub fn to_text(&self) -> anyhow::Result<String> {
        let header = Header { deckpress_lock: VERSION };
        let mut text = serde_json::to_string(&header)?;
        text.push('\n');
        for entry in &self.entries {
            let line = Line {
                id: entry.id.clone(),
                name: entry.name.clone(),
                question: entry.question.clone(),
                deck: entry.deck.clone(),
                topic: entry.topic.clone(),
                file: entry.file.clone(),
                fingerprint: entry.fingerprint.to_text(),
                sketch: entry.sketch.to_text(),
                created: entry.created,
                modified: entry.modified,
                removed: entry.removed.clone(),
            };
            text.push_str(&serde_json::to_string(&line)?);
            text.push('\n');
        }
        Ok(text)
    }
}

fn header(text: &str) -> Result<(), String> {
    let header: Header = serde_json::from_str(text)
        .map_err(|_| "the first line is not the header of a lock".to_owned())?;
    if header.deckpress_lock > VERSION {
        let version = header.deckpress_lock;
        return Err(format!("it is of version {version}, which a newer deckpress wrote"));
    }
    Ok(())
}

fn is_conflict(text: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| text.starts_with(mark))
}

fn entry(text: &str) -> Result<Entry, String> {
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
    let sketch = Sketch::from_text(&line.sketch)
        .ok_or_else(|| "the sketch in this line is damaged".to_owned())?;
    Ok(Entry {
        id: line.id,
        name: line.name,
        question: line.question,
        deck: line.deck,
        topic: line.topic,
        file: line.file,
        fingerprint,
        sketch,
        created: line.created,
        modified: line.modified,
        removed: line.removed,
    })
}

fn damaged(span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::DamagedLock, span, format!("the lock cannot be used: {why}"))
        .help("restore it from version control; without it, reworded questions become new ones")
}
