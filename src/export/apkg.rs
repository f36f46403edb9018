//! An Anki package with one subdeck per topic.

use std::collections::BTreeMap;

use super::{Artifacts, Input, deck_name, tags};
use crate::anki::{self, Kind, Media};
use crate::model::Body;
use crate::render::{Context, Footnotes, html};

pub(super) fn export(input: &Input<'_>) -> anyhow::Result<Artifacts> {
    let (decks, places) = decks(input);
    let note_tags: Vec<Vec<String>> = input.notes.iter().map(tags).collect();
    let notes =
        input.notes.iter().zip(&note_tags).zip(1..).map(|((note, tags), position)| anki::Note {
            guid: note.id,
            kind: Kind::Qa,
            created: note.created,
            modified: note.modified,
            deck: places[&deck_name(note.deck, note.topic)],
            position,
            tags,
            fields: super::anki_fields::qa(input, note),
        });
    let by_name = input.context.media.by_name();
    let media: Vec<Media<'_>> = by_name
        .into_iter()
        .filter(|(_, (_, file))| file.embedded)
        .map(|(name, (_, file))| Media { name, bytes: &file.bytes })
        .collect();
    let package = anki::legacy(&decks, notes, &media)?;
    Ok(Artifacts::from([(format!("{}.apkg", input.name), package)]))
}

/// The decks that hold notes, and the deck above them, with where each stands.
fn decks(input: &Input<'_>) -> (Vec<anki::Deck>, BTreeMap<String, usize>) {
    let mut decks: Vec<anki::Deck> = Vec::new();
    let mut places = BTreeMap::new();
    for note in input.notes {
        let topic = note.topic;
        let name = deck_name(note.deck, topic);
        if places.contains_key(&name) {
            continue;
        }
        let title = super::deck_level(&note.deck.title);
        if !places.contains_key(&title) {
            let description = description(&input.context, &note.deck.description);
            places.insert(title.clone(), decks.len());
            decks.push(anki::Deck { name: title.clone(), description });
        }
        if name != title {
            let description = description(&input.context, &topic.description);
            places.insert(name.clone(), decks.len());
            decks.push(anki::Deck { name, description });
        }
    }
    (decks, places)
}

fn description(context: &Context<'_>, bodies: &[Body]) -> String {
    let mut footnotes = Footnotes::default();
    let parts = bodies.iter().map(|body| html::render(context, body, &mut footnotes));
    parts.collect::<Vec<_>>().join("\n")
}
