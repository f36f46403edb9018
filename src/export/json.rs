//! The whole library as one JSON file, for programs. The book documents the format in
//! `json/decks.md`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::record::{self, NoteRecord, TextForms};
use super::{Input, Outputs, add_media, card_excerpts, description_excerpts, find_media};

/// The version of the format; it is raised by incompatible changes.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct LibraryRecord<'b> {
    version: u32,
    decks: Vec<DeckRecord<'b>>,
    notes: Vec<NoteRecord<'b>>,
    media: Vec<MediaRecord<'b>>,
}

#[derive(Serialize)]
struct DeckRecord<'b> {
    title: &'b str,
    description: TextForms,
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
        description: record::render_all(input, &deck.description),
    });
    let media = find_media(
        input,
        card_excerpts(input.notes).chain(description_excerpts(input.notes)),
        |_| true,
    );
    let file = LibraryRecord {
        version: VERSION,
        decks: decks.collect(),
        notes: input.notes.iter().map(|note| record::build(input, note)).collect(),
        media: media.iter().map(|(name, (path, _))| MediaRecord { name, path }).collect(),
    };
    outputs.add(&input.path(), |out| {
        serde_json::to_writer_pretty(&mut *out, &file)?;
        Ok(out.write_all(b"\n")?)
    })?;
    add_media(outputs, "media/", &media)
}
