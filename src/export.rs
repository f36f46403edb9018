//! The exporters: they write the files of a build. There is one file of code per target or family
//! of targets.
//!
//! An exporter is a plain function. It takes the notes and hands each file to [`Outputs`] as soon
//! as it is made, so it does not know where the files go. No exporter uses another one. Problems in
//! the content are reported before the export; an exporter returns only the [`Losses`], which count
//! the content that its target cannot hold. A new exporter is a file here, a variant of [`Target`]
//! and an entry in the list of targets.
//!
//! These modules are shared by several exporters:
//! - `card_text` and `card_tree` render the parts of a question as strings and as trees;
//! - `markdown_card` renders a card as Markdown, which `app_markdown` rewrites by an app's rules;
//! - `anki_note_types` holds the author's own note types as Anki's;
//! - `anki_fields` and `record` hold a question as Anki's fields and as JSON, `anki_cards` as the
//!   cards that Anki makes of it;
//! - `obsidian` holds what Obsidian's plugins have in common, `pages` splits notes into pages;
//! - `app_annotations` and `page_record` preserve what apps and people write into our files, `older`
//!   reads what older versions have noted of them;
//! - `loss` counts the content that a target cannot hold.

mod anki_cards;
mod anki_csv;
mod anki_fields;
mod anki_note_types;
mod apkg;
mod app_annotations;
mod app_markdown;
mod card_text;
mod card_tree;
mod flashcards_obsidian;
mod formula;
mod hashcards;
mod html_page;
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
pub mod older;
mod org_drill;
pub mod package_notes;
mod page_record;
mod pages;
mod record;
mod remnote;
mod supermemo;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use tempfile::NamedTempFile;

use crate::anki::Style;
use crate::config::{Config, Export};
use crate::diagnostic::Diagnostic;
use crate::identity::Note;
use crate::identity::lock::LockedNoteType;
use crate::media::MediaFile;
use crate::model::{Deck, Excerpt, MediaRef, Topic};
use crate::render::Context;
use crate::slug::{self, slug};
use crate::source::VersionSpan;
use crate::target::Target;

/// The input of every exporter.
#[derive(Clone, Copy, Debug)]
pub struct Input<'b> {
    /// The sources and what belongs to them.
    pub context: Context<'b>,
    /// All notes, in source order.
    pub notes: &'b [Note<'b>],
    /// The ids of the notes whose pages are written, if not all are.
    pub written: Option<&'b BTreeSet<&'b str>>,
    /// The base name of the output files.
    pub name: &'b str,
    /// The target and its settings.
    pub export: &'b Export,
    /// The settings.
    pub config: &'b Config,
    /// The author's own style sheet.
    pub style: Style<'b>,
    /// What the lock holds of the author's own note types.
    pub locked: &'b [LockedNoteType],
    /// The files that templates and style sheets of these name, by what they call them.
    pub template_media: &'b BTreeMap<String, String>,
}

impl Input<'_> {
    /// Returns whether a page with these notes is written.
    fn writes<'n>(&self, mut ids: impl Iterator<Item = &'n str>) -> bool {
        self.written.is_none_or(|written| ids.any(|id| written.contains(id)))
    }

    /// Returns the path of the target's file, or the path of its folder with a trailing `/`.
    fn path(&self) -> String {
        path(self.export, self.name)
    }
}

/// Returns the path of an export below the output folder: a file, or a folder with a trailing `/`.
#[must_use]
pub fn path(export: &Export, name: &str) -> String {
    let file = export.target.about().file;
    match (file.ends_with('/'), &export.name) {
        (false, base) => format!("{}{file}", base.as_deref().unwrap_or(name)),
        (true, None) => file.to_owned(),
        (true, Some(folder)) => format!("{folder}/"),
    }
}

/// Receives the output files: on the disk, or in memory. Several threads may add files at once.
pub trait Outputs: Sync {
    /// Adds a file at a path below the output folder; `write` writes its content.
    ///
    /// # Errors
    /// If it cannot be written.
    fn add(
        &self,
        path: &str,
        write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()>;

    /// Adds a copy of a media file.
    ///
    /// # Errors
    /// If it cannot be read or written.
    fn add_media(&self, path: &str, file: &MediaFile) -> anyhow::Result<()> {
        self.add(path, |out| Ok(io::copy(&mut file.open()?, out).map(|_| ())?))
    }

    /// Adds a page into which an app writes as well, with what the next build is to know of it. By
    /// default there is no next build.
    ///
    /// # Errors
    /// If it cannot be written.
    fn add_page(
        &self,
        path: &str,
        _record: PageRecord,
        write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.add(path, write)
    }

    /// Notes that so many bytes of media are about to be written, for those who wait for them.
    fn expect(&self, _bytes: u64) {}

    /// Returns the content of the file that an earlier build wrote to this path.
    fn previous(&self, path: &str) -> Option<Vec<u8>>;

    /// Returns what earlier builds have recorded of the pages directly in a folder (with a trailing
    /// `/`, or `""` for the output folder), by file name. By default there was no earlier build.
    fn recorded_pages(&self, _folder: &str) -> BTreeMap<&str, &PageRecord> {
        BTreeMap::new()
    }

    /// Removes a page that an earlier build wrote, unless this build writes it again. If a person
    /// has edited it, it is renamed instead.
    fn remove(&self, path: &str, is_edited: bool);

    /// Creates an empty temporary file, for data that should not be held in memory. It is not an
    /// output.
    ///
    /// # Errors
    /// If there can be none.
    fn scratch(&self) -> anyhow::Result<NamedTempFile>;
}

/// Output files in memory, by path below the output folder.
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

/// Writes the files of one target. Returns the losses that only its exporter can count.
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
        Target::Html => html_page::export(input, outputs)?,
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

/// Returns the warnings about cells that a spreadsheet would calculate, and, if the user asked for
/// this target, the one about content that the target cannot hold.
#[must_use]
pub fn loss_warnings(input: &Input<'_>, found: Losses, is_asked_for: bool) -> Vec<Diagnostic> {
    let target = input.export.target;
    let formulas = found.formula_warning(target);
    let losses = is_asked_for.then(|| {
        let mut losses = loss::count_losses(input);
        losses.join(found);
        losses.loss_warning(target)
    });
    losses.flatten().into_iter().chain(formulas).collect()
}

pub use page_record::{CardRecord, PageRecord};
pub use table::without_guard;

pub use anki_cards::{ShownNote, shown_notes};

pub use loss::Losses;

/// How many notes are rendered before the first of them is written.
const WINDOW: usize = 1024;

/// Renders notes lazily on all cores, in order, one window of notes at a time.
fn render_in_order<'n, T: Send>(
    notes: &'n [Note<'n>],
    render: impl Fn(&'n Note<'n>) -> T + Sync,
) -> impl Iterator<Item = T> {
    notes.chunks(WINDOW).flat_map(move |window| render_window(window, &render))
}

/// Renders notes on all cores. `with_max_len(1)` keeps rayon from giving a core a long run of notes
/// that no other core can take over.
fn render_window<'n, T: Send>(
    window: &'n [Note<'n>],
    render: &(impl Fn(&'n Note<'n>) -> T + Sync),
) -> Vec<T> {
    window.par_iter().with_max_len(1).map(render).collect()
}

/// Renders notes on all cores, in order. While one window of notes is being rendered, `then`
/// consumes the results of the window before it on one core.
fn render_ahead<'n, T: Send>(
    notes: &'n [Note<'n>],
    render: impl Fn(&'n Note<'n>) -> T + Sync,
    mut then: impl FnMut(T) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut ready: Vec<T> = Vec::new();
    for window in notes.chunks(WINDOW).chain([&[][..]]) {
        let mut next = Vec::new();
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| next = render_window(window, &render));
            std::mem::take(&mut ready).into_iter().try_for_each(&mut then)
        })?;
        ready = next;
    }
    Ok(())
}

/// Copies media files into a folder, for formats that do not contain them.
fn add_media(outputs: &impl Outputs, folder: &str, media: &MediaByName<'_>) -> anyhow::Result<()> {
    let files: Vec<_> = media.iter().collect();
    outputs.expect(media.values().map(|(_, file)| file.size()).sum());
    let add = |(name, (_, file)): &(&&str, &(&str, &MediaFile))| {
        outputs.add_media(&format!("{folder}{name}"), file)
    };
    files.par_iter().try_for_each(add)
}

/// Media files by output name, with their path below the content folder.
type MediaByName<'b> = BTreeMap<&'b str, (&'b str, &'b MediaFile)>;

/// Returns the media files that these excerpts refer to. Files that only other parts of the content
/// refer to are left out.
fn find_media<'b>(
    input: &Input<'b>,
    bodies: impl Iterator<Item = &'b Excerpt>,
    is_wanted: impl Fn(&MediaRef) -> bool,
) -> MediaByName<'b> {
    let mut found = MediaByName::new();
    for reference in find_media_refs(input, bodies, is_wanted) {
        if let Some(path) = reference.path()
            && let Some(file) = input.context.media.get(path)
        {
            found.entry(&file.name).or_insert((path, file));
        }
    }
    found
}

/// Returns the media references within these excerpts and in all footnotes, in source order.
fn find_media_refs<'b>(
    input: &Input<'b>,
    bodies: impl Iterator<Item = &'b Excerpt>,
    is_wanted: impl Fn(&MediaRef) -> bool,
) -> Vec<&'b MediaRef> {
    let library = input.context.library;
    let footnotes = library.definitions.iter().flat_map(|file| file.footnotes.values());
    let mut places: Vec<VersionSpan> = bodies.chain(footnotes).map(Excerpt::span).collect();
    places.sort_unstable();
    // A footnote may lie within another excerpt.
    places.dedup_by(|next, last| {
        let is_within = next.file == last.file && next.start < last.end;
        last.end = if is_within { last.end.max(next.end) } else { last.end };
        is_within
    });
    let is_within = |span: VersionSpan| {
        let after =
            places.partition_point(|place| *place <= VersionSpan { end: usize::MAX, ..span });
        let place = after.checked_sub(1).map(|before| places[before]);
        place.is_some_and(|place| place.file == span.file && span.start < place.end)
    };
    library.media.iter().filter(|media| is_wanted(media) && is_within(media.span)).collect()
}

/// Returns all excerpts that are shown on cards.
fn card_excerpts<'b>(notes: &'b [Note<'b>]) -> impl Iterator<Item = &'b Excerpt> {
    notes.iter().flat_map(|note| {
        note.question
            .prompt
            .iter()
            .chain(note.question.sections.iter().map(|section| &section.body))
    })
}

/// Returns the descriptions of all decks and topics that have questions.
fn description_excerpts<'b>(notes: &'b [Note<'b>]) -> impl Iterator<Item = &'b Excerpt> {
    notes.iter().flat_map(|note| note.deck.description.iter().chain(&note.topic.description))
}

/// Returns the name of a note's deck in Anki, its levels separated by `::`.
#[must_use]
pub fn deck_name(deck: &Deck, topic: &Topic) -> String {
    slug::deck_name(&deck.title, &topic.path)
}

/// Returns all tags of a note: the topic's tag, then the question's own tags. A note that was taken
/// over from a collection, as its GUID tells, gets none that it did not have.
#[must_use]
pub fn tags(note: &Note<'_>) -> Vec<String> {
    let is_cloze_taken_over = note.cloze.is_some_and(|cloze| cloze.guid.is_some());
    let is_taken_over = note.guid != note.id || is_cloze_taken_over;
    let of_topic = topic_tag(note.topic).filter(|_| !is_taken_over);
    let own = note.question.tags.iter().filter(|tag| Some(*tag) != of_topic.as_ref());
    of_topic.iter().chain(own).cloned().collect()
}

/// Returns the tag of a topic, with the levels of its path separated by `::`.
fn topic_tag(topic: &Topic) -> Option<String> {
    let levels: Vec<String> =
        topic.path.iter().map(|title| slug(title)).filter(|level| !level.is_empty()).collect();
    (!levels.is_empty()).then(|| levels.join("::"))
}

/// Returns a text with each run of white space, line breaks included, as one space.
fn collapse_spaces(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
