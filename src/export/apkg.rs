//! An Anki package with one subdeck per topic.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Artifacts, Input, anki_fields, deck_name, tags};
use crate::anki::{self, Media};
use crate::model::Body;
use crate::render::{Context, Footnotes, html};
use crate::slug::deck_level;

pub(super) fn export(input: &Input<'_>) -> anyhow::Result<Artifacts> {
    let (mut decks, places) = decks(input);
    let note_tags: Vec<Vec<String>> = input.notes.iter().map(tags).collect();
    let made = input.notes.iter().zip(&note_tags).flat_map(|(note, tags)| {
        let deck = places[&folded(&deck_name(note.deck, note.topic))];
        anki_fields::notes(input, note).into_iter().map(move |made| (made, deck, tags))
    });
    let notes = made.zip(1..).map(|((made, deck, tags), position)| anki::Note {
        guid: made.id.into(),
        kind: made.kind,
        created: made.created,
        modified: made.modified,
        deck,
        position,
        tags,
        fields: made.fields,
    });
    let by_name = input.context.media.by_name();
    let shown: Vec<(&str, &[u8])> = by_name
        .into_iter()
        .filter(|(_, (_, file))| file.embedded)
        .map(|(name, (_, file))| (name, file.bytes.as_slice()))
        .collect();
    let kept = keep_described(&mut decks, &shown);
    let described = kept.iter().map(|(name, bytes)| Media { name, bytes });
    let media: Vec<Media<'_>> =
        shown.iter().map(|&(name, bytes)| Media { name, bytes }).chain(described).collect();
    let package = anki::legacy(&decks, notes, &media, input.style)?;
    Ok(Artifacts::from([(format!("{}.apkg", input.name), package)]))
}

/// The decks that hold notes, and the deck above them, with where each stands by its folded name.
fn decks(input: &Input<'_>) -> (Vec<anki::Deck>, BTreeMap<String, usize>) {
    let mut decks: Vec<anki::Deck> = Vec::new();
    let mut places = BTreeMap::new();
    for note in input.notes {
        let levels = [
            (deck_level(&note.deck.title), &note.deck.description),
            (deck_name(note.deck, note.topic), &note.topic.description),
        ];
        for (name, bodies) in levels {
            if let Entry::Vacant(place) = places.entry(folded(&name)) {
                place.insert(decks.len());
                decks.push(anki::Deck { name, description: description(&input.context, bodies) });
            }
        }
    }
    (decks, places)
}

/// Gives the media of deck descriptions names of their own, and returns those.
///
/// Anki copies only what a note refers to, and what begins with an underscore.
fn keep_described<'m>(
    decks: &mut [anki::Deck],
    media: &[(&str, &'m [u8])],
) -> Vec<(String, &'m [u8])> {
    let mut kept = Vec::new();
    for (name, bytes) in media {
        let mut is_described = false;
        for deck in decks.iter_mut().filter(|deck| deck.description.contains(name)) {
            deck.description = deck.description.replace(name, &format!("_{name}"));
            is_described = true;
        }
        if is_described {
            kept.push((format!("_{name}"), *bytes));
        }
    }
    kept
}

/// A deck's name as Anki compares it: of two that differ in case alone, it would rename one.
fn folded(name: &str) -> String {
    name.to_lowercase()
}

fn description(context: &Context<'_>, bodies: &[Body]) -> String {
    let mut footnotes = Footnotes::default();
    let parts = bodies.iter().map(|body| html::render(context, body, &mut footnotes));
    parts.collect::<Vec<_>>().join("\n")
}
