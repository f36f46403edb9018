//! The whole deck as data, for programs. The book documents it, in `json/decks.md`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::record::{self, NoteRecord, Text};
use super::{Input, Outputs, add_media, described, media_of, shown};

/// Raised when a program that reads the old form could not read the new one.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct File<'b> {
    version: u32,
    decks: Vec<DeckRecord<'b>>,
    notes: Vec<NoteRecord<'b>>,
    media: Vec<MediaRecord<'b>>,
}

#[derive(Serialize)]
struct DeckRecord<'b> {
    title: &'b str,
    description: Text,
}

#[derive(Serialize)]
struct MediaRecord<'b> {
    name: &'b str,
    path: &'b str,
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<()> {
    let used: BTreeSet<&str> = input.notes.iter().map(|note| note.deck.title.as_str()).collect();
    let decks = input.context.library.decks.iter().filter(|deck| used.contains(&*deck.title));
    let decks = decks.map(|deck| DeckRecord {
        title: &deck.title,
        description: record::text(input, &deck.description),
    });
    let media = media_of(input, shown(input.notes).chain(described(input.notes)), |_| true);
    let file = File {
        version: VERSION,
        decks: decks.collect(),
        notes: input.notes.iter().map(|note| record::of(input, note)).collect(),
        media: media.iter().map(|(name, (path, _))| MediaRecord { name, path }).collect(),
    };
    outputs.add(&input.path(), |out| {
        serde_json::to_writer_pretty(&mut *out, &file)?;
        Ok(out.write_all(b"\n")?)
    })?;
    add_media(outputs, "media/", &media)
}
