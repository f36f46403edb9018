//! The outputs of a build, one file of code per target or family of targets.
//!
//! An exporter is a plain function from the notes to files, which it hands over as it makes them:
//! it does not know where they go. It never looks at another exporter. What is wrong with the
//! content was reported before; it says only what its target could not hold. A new one is a file
//! here, a variant of [`Target`] and a row in its list.
//!
//! What several share is no exporter: `fields`, `sides` and `trees` are the parts of a question as
//! texts, as Markdown written anew in a `dialect`, and as trees; `anki_fields` and `record` are
//! what it is in Anki and in JSON; `obsidian` is what its plugins have in common; `pages` is a page
//! per topic; `kept` and `noted` save what apps and people write into our files; `loss` counts what
//! a target cannot hold.

mod anki_csv;
mod anki_fields;
mod apkg;
mod app_annotations;
mod app_markdown;
mod card_text;
mod card_tree;
mod edit_hash;
mod flashcards_obsidian;
mod formula;
mod hashcards;
mod inka2;
mod json;
mod jsonl;
mod logseq;
mod loss;
mod markdown;
mod markdown_card;
mod mdanki;
mod mochi;
mod obsidian;
mod obsidian_sr;
mod obsidian_to_anki;
mod org_drill;
mod pages;
mod record;
mod remnote;
mod supermemo;
mod table;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use tempfile::NamedTempFile;

use crate::anki::Style;
use crate::config::{Config, Export};
use crate::diagnostic::Diagnostic;
use crate::identity::Note;
use crate::media::MediaFile;
use crate::model::{Deck, Excerpt, MediaRef, Topic};
use crate::render::Context;
use crate::slug::{self, slug};
use crate::source::Span;
use crate::target::Target;

/// What exporters see.
#[derive(Clone, Copy, Debug)]
pub struct Input<'b> {
    /// The sources and what belongs to them.
    pub context: Context<'b>,
    /// Every note, in source order.
    pub notes: &'b [Note<'b>],
    /// The base name of the outputs.
    pub name: &'b str,
    /// What is to be written, and how.
    pub export: &'b Export,
    /// The settings.
    pub config: &'b Config,
    /// The author's own style sheet.
    pub style: Style<'b>,
}

impl Input<'_> {
    /// The path of the target's file, or that of its folder with `/` behind it.
    fn path(&self) -> String {
        path(self.export, self.name)
    }
}

/// Where an export goes below the output folder: a file, or a folder with `/` behind it.
#[must_use]
pub fn path(export: &Export, name: &str) -> String {
    let own = export.target.about().file;
    match (own.ends_with('/'), &export.name) {
        (false, own_name) => format!("{}{own}", own_name.as_deref().unwrap_or(name)),
        (true, None) => own.to_owned(),
        (true, Some(folder)) => format!("{folder}/"),
    }
}

/// Where files go, several at a time: to the disk, or into memory.
pub trait Outputs: Sync {
    /// Takes the file at a path below the output folder, and what writes it.
    ///
    /// # Errors
    /// If it cannot be written.
    fn add(
        &self,
        path: &str,
        write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()>;

    /// What is at a path below the output folder since an earlier build.
    fn previous(&self, path: &str) -> Option<Vec<u8>>;

    /// Takes what is at a path since an earlier build away, if nothing else comes there; and keeps
    /// it under another name if somebody has edited it.
    fn remove(&self, path: &str, is_edited: bool);

    /// An empty file for what may be larger than memory should be; it is no output.
    ///
    /// # Errors
    /// If there can be none.
    fn scratch(&self) -> anyhow::Result<NamedTempFile>;
}

/// Files in memory by their path below the output folder.
pub type Artifacts = BTreeMap<String, Vec<u8>>;

impl Outputs for Mutex<Artifacts> {
    fn add(
        &self,
        path: &str,
        write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        write(&mut bytes)?;
        self.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), bytes);
        Ok(())
    }

    fn previous(&self, _: &str) -> Option<Vec<u8>> {
        None
    }

    fn remove(&self, _: &str, _: bool) {}

    fn scratch(&self) -> anyhow::Result<NamedTempFile> {
        Ok(NamedTempFile::new()?)
    }
}

/// Makes the files of one target; returns what only its exporter knows to be lost or changed.
///
/// # Errors
/// If one cannot be written.
pub fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let mut losses = Losses::default();
    match input.export.target {
        Target::Apkg => apkg::export(input, outputs)?,
        Target::AnkiCsv => losses.join(anki_csv::export(input, outputs)?),
        Target::Markdown => markdown::export(input, outputs)?,
        Target::Json => json::export(input, outputs)?,
        Target::Csv
        | Target::Spreadsheet
        | Target::Quizlet
        | Target::Knowt
        | Target::Memrise
        | Target::BrainscapePaste
        | Target::Brainscape
        | Target::Mnemosyne => losses.join(table::export(input, outputs)?),
        Target::Jsonl => jsonl::export(input, outputs)?,
        Target::SuperMemo => supermemo::export(input, outputs)?,
        Target::Mochi | Target::MochiMd => losses.join(mochi::export(input, outputs)?),
        Target::RemNote | Target::RemNoteMd => losses.join(remnote::export(input, outputs)?),
        Target::OrgDrill => losses.join(org_drill::export(input, outputs)?),
        Target::Logseq => losses.join(logseq::export(input, outputs)?),
        Target::Hashcards => losses.join(hashcards::export(input, outputs)?),
        Target::ObsidianSr => losses.join(obsidian_sr::export(input, outputs)?),
        Target::ObsidianToAnki => losses.join(obsidian_to_anki::export(input, outputs)?),
        Target::FlashcardsObsidian => losses.join(flashcards_obsidian::export(input, outputs)?),
        Target::Inka2 => losses.join(inka2::export(input, outputs)?),
        Target::MdAnki => losses.join(mdanki::export(input, outputs)?),
    }
    Ok(losses)
}

/// The warnings about what an export cannot hold, if somebody asked for it, and about cells that a
/// spreadsheet would calculate.
#[must_use]
pub fn lost(input: &Input<'_>, found: Losses, is_asked_for: bool) -> Vec<Diagnostic> {
    let target = input.export.target;
    let formulas = found.formulas(target);
    let losses = is_asked_for.then(|| {
        let mut losses = loss::of(input);
        losses.join(found);
        losses.report(target)
    });
    losses.flatten().into_iter().chain(formulas).collect()
}

/// Whether a Markdown file is one of ours, which the next build may remove.
pub use markdown::is_ours;

pub use anki_csv::{is_ours as is_our_text_import, siblings};

pub use loss::Losses;

/// How many notes are rendered at a time, before any of them is written.
const WINDOW: usize = 1024;

/// Renders notes on all cores, in order, and never many more than are asked for.
fn rendered<'n, T: Send>(
    notes: &'n [Note<'n>],
    render: impl Fn(&'n Note<'n>) -> T + Sync,
) -> impl Iterator<Item = T> {
    notes.chunks(WINDOW).flat_map(move |window| all(window, &render))
}

/// Renders notes on all cores. Left to itself, rayon would give a core many that no other can take
/// from it.
fn all<'n, T: Send>(
    window: &'n [Note<'n>],
    render: &(impl Fn(&'n Note<'n>) -> T + Sync),
) -> Vec<T> {
    window.par_iter().with_max_len(1).map(render).collect()
}

/// Renders notes on all cores, in order, and meanwhile does something with those before, on one.
fn render_ahead<'n, T: Send>(
    notes: &'n [Note<'n>],
    render: impl Fn(&'n Note<'n>) -> T + Sync,
    mut then: impl FnMut(T) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut ready: Vec<T> = Vec::new();
    for window in notes.chunks(WINDOW).chain([&[][..]]) {
        let mut next = Vec::new();
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| next = all(window, &render));
            std::mem::take(&mut ready).into_iter().try_for_each(&mut then)
        })?;
        ready = next;
    }
    Ok(())
}

/// Puts the files that the bodies refer to into a folder, for formats that do not hold them.
fn add_media(outputs: &impl Outputs, folder: &str, media: &MediaByName<'_>) -> anyhow::Result<()> {
    media.iter().try_for_each(|(name, (_, file))| {
        outputs.add(&format!("{folder}{name}"), |out| Ok(out.write_all(&file.bytes)?))
    })
}

/// Files by their name in the outputs, with their path below the content folder.
type MediaByName<'b> = BTreeMap<&'b str, (&'b str, &'b MediaFile)>;

/// The files that texts refer to, which may be fewer than the content refers to: not all of it
/// reaches every output.
fn media_of<'b>(
    input: &Input<'b>,
    bodies: impl Iterator<Item = &'b Excerpt>,
    is_wanted: impl Fn(&MediaRef) -> bool,
) -> MediaByName<'b> {
    let mut found = MediaByName::new();
    for reference in media_within(input, bodies, is_wanted) {
        if let Some(path) = reference.path()
            && let Some(file) = input.context.media.get(path)
        {
            found.entry(&file.name).or_insert((path, file));
        }
    }
    found
}

/// What texts refer to, in the order of the sources.
fn media_within<'b>(
    input: &Input<'b>,
    bodies: impl Iterator<Item = &'b Excerpt>,
    is_wanted: impl Fn(&MediaRef) -> bool,
) -> Vec<&'b MediaRef> {
    let library = input.context.library;
    let footnotes = library.definitions.iter().flat_map(|file| file.footnotes.values());
    let mut places: Vec<Span> = bodies.chain(footnotes).map(Excerpt::span).collect();
    places.sort_unstable();
    // A footnote may stand within another text.
    places.dedup_by(|next, last| {
        let is_within = next.file == last.file && next.start < last.end;
        last.end = if is_within { last.end.max(next.end) } else { last.end };
        is_within
    });
    let is_within = |span: Span| {
        let after = places.partition_point(|place| *place <= Span { end: usize::MAX, ..span });
        let place = after.checked_sub(1).map(|before| places[before]);
        place.is_some_and(|place| place.file == span.file && span.start < place.end)
    };
    library.media.iter().filter(|media| is_wanted(media) && is_within(media.span)).collect()
}

/// All that the cards show.
fn shown<'b>(notes: &'b [Note<'b>]) -> impl Iterator<Item = &'b Excerpt> {
    notes.iter().flat_map(|note| {
        note.question
            .prompt
            .iter()
            .chain(note.question.sections.iter().map(|section| &section.body))
    })
}

/// All that stands above the questions of the decks and topics that have any.
fn described<'b>(notes: &'b [Note<'b>]) -> impl Iterator<Item = &'b Excerpt> {
    notes.iter().flat_map(|note| note.deck.description.iter().chain(&note.topic.description))
}

/// A note's deck in Anki, its levels separated by `::`.
fn deck_name(deck: &Deck, topic: &Topic) -> String {
    slug::deck_name(&deck.title, &topic.path)
}

/// All tags of a note: its topic's, then its own.
fn tags(note: &Note<'_>) -> Vec<String> {
    let of_topic = topic_tag(note.topic);
    let own = note.question.tags.iter().filter(|tag| Some(*tag) != of_topic.as_ref());
    of_topic.iter().chain(own).cloned().collect()
}

/// The tag of a topic, with the levels of its path.
fn topic_tag(topic: &Topic) -> Option<String> {
    let levels: Vec<String> =
        topic.path.iter().map(|title| slug(title)).filter(|level| !level.is_empty()).collect();
    (!levels.is_empty()).then(|| levels.join("::"))
}

/// A text without line breaks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
