//! An Anki package with one subdeck per topic.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::anki_fields::{self, AnkiNote};
use super::{
    Input, Outputs, anki_note_types, card_excerpts, deck_name, description_excerpts, find_media,
    render_ahead, tags,
};
use crate::anki::{self, Media, NoteRow, NoteTypes, OwnCards, OwnNote};
use crate::identity::Note;
use crate::media::{MediaFile, is_media};
use crate::model::{Excerpt, MediaRef};
use crate::render::{Context, Footnotes, html};
use crate::slug::deck_level;

/// The prefix of media in deck descriptions. On import Anki copies only files that a note refers
/// to, and files with this prefix.
const KEPT_PREFIX: &str = "_";

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<()> {
    let (decks, places) = collect_decks(input);
    let media = package_media(input, card_excerpts(input.notes), description_excerpts(input.notes));
    let own = anki_note_types::used_in_package(input);
    let own_cards: BTreeMap<&str, OwnCards<'_>> =
        own.iter().map(|own| (own.name, OwnCards::new(own))).collect();
    let own_row = |note: &Note<'_>, deck: usize| {
        let cards = own_cards.get(note.question.note_type.as_deref()?)?;
        let fields = anki_note_types::fields(input, note, cards.note_type());
        let Note { guid, created, modified, .. } = *note;
        let tags = tags(note);
        Some(NoteRow::own(OwnNote { guid, created, modified, deck, tags, fields }, cards))
    };
    let rows = |note: &Note<'_>| {
        let deck = places[&deck_titles(note)];
        if let Some(row) = own_row(note, deck) {
            return Ok(vec![row?]);
        }
        let row = |made: AnkiNote| {
            let AnkiNote { guid, kind, created, modified, fields, .. } = made;
            let (guid, tags) = (guid.into(), tags(note));
            NoteRow::new(anki::Note { guid, kind, created, modified, deck, tags, fields })
        };
        anki_fields::build_notes(input, note)
            .into_iter()
            .map(row)
            .collect::<anyhow::Result<Vec<NoteRow>>>()
    };
    outputs.add(&input.path(), |file| {
        let format = input.config.package_format;
        let scratch = [outputs.scratch()?, outputs.scratch()?];
        let note_types = NoteTypes { style: input.style, own: &own };
        anki::write(format, &decks, &media, note_types, scratch, file, |insert| {
            render_ahead(input.notes, rows, |rows| rows?.into_iter().try_for_each(&mut *insert))
        })
    })
}

/// Returns the media of a package with these excerpts on its cards and on the pages of its decks,
/// and those that templates name.
pub(super) fn package_media<'b>(
    input: &Input<'b>,
    cards: impl Iterator<Item = &'b Excerpt>,
    pages: impl Iterator<Item = &'b Excerpt>,
) -> Vec<Media<'b>> {
    let is_embedded = |media: &MediaRef| media.embedded && media.path().is_some_and(is_media);
    let media = |(name, (_, file)): (&'b str, (&'b str, &'b MediaFile))| (name.into(), file);
    let on_cards = find_media(input, cards, is_embedded).into_iter().map(media);
    let on_pages = find_media(input, pages, is_embedded).into_iter().map(media);
    let on_pages = on_pages
        .map(|(name, file): (Cow<'b, str>, _)| (Cow::from(format!("{KEPT_PREFIX}{name}")), file));
    let of_templates = input
        .template_media
        .iter()
        .filter_map(|(name, path)| Some((name.as_str().into(), input.context.media.get(path)?)));
    let all = on_cards.chain(on_pages).chain(of_templates);
    all.map(|(name, file)| Media { name, file }).collect()
}

/// Determines a note's deck: the titles of deck and topic.
type DeckTitles<'n> = (&'n str, &'n [String]);

fn deck_titles<'n>(note: &Note<'n>) -> DeckTitles<'n> {
    (&note.deck.title, &note.topic.path)
}

/// Returns the decks that hold notes and the decks above them, and the index of each note's deck.
pub(super) fn collect_decks<'n>(
    input: &Input<'n>,
) -> (Vec<anki::Deck>, BTreeMap<DeckTitles<'n>, usize>) {
    let mut decks: Vec<anki::Deck> = Vec::new();
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    let mut places = BTreeMap::new();
    for note in input.notes {
        let Entry::Vacant(new) = places.entry(deck_titles(note)) else { continue };
        let levels = [
            (deck_level(&note.deck.title), &note.deck.description),
            (deck_name(note.deck, note.topic), &note.topic.description),
        ];
        let [_, own] = levels.map(|(name, bodies)| {
            *named.entry(fold_case(&name)).or_insert_with(|| {
                decks.push(anki::Deck { name, description: description(&input.context, bodies) });
                decks.len() - 1
            })
        });
        new.insert(own);
    }
    (decks, places)
}

/// Folds the case of a deck's name as Anki does: of two names that differ only in case it would
/// rename one.
pub(super) fn fold_case(name: &str) -> String {
    name.to_lowercase()
}

fn description(context: &Context<'_>, bodies: &[Excerpt]) -> String {
    let context = &Context { media_folder: KEPT_PREFIX, ..*context };
    let mut footnotes = Footnotes::default();
    let parts = bodies.iter().map(|body| html::render(context, body, &mut footnotes));
    parts.collect::<Vec<_>>().join("\n")
}
