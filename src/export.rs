//! The outputs of a build, one file of code per format.
//!
//! An exporter is a plain function from the notes to files in memory. It never writes, never
//! looks at another exporter, and says nothing: what is wrong with the content was reported
//! before. A new format is one file here and one variant of [`Format`].

mod anki_csv;
mod anki_fields;
mod apkg;
mod csv;
mod json;
mod markdown;

use std::collections::BTreeMap;

use crate::anki::Style;
use crate::config::{Config, Format};
use crate::identity::Note;
use crate::model::{Deck, Topic};
use crate::render::Context;
use crate::slug::{self, slug};

/// What exporters see.
#[derive(Clone, Copy, Debug)]
pub struct Input<'b> {
    /// The sources and what belongs to them.
    pub context: Context<'b>,
    /// Every note, in source order.
    pub notes: &'b [Note<'b>],
    /// The base name of the outputs.
    pub name: &'b str,
    /// The settings.
    pub config: &'b Config,
    /// The author's own style sheet.
    pub style: Style<'b>,
}

/// Files in memory by their path below the output folder.
pub type Artifacts = BTreeMap<String, Vec<u8>>;

/// Makes the files of one format.
///
/// # Errors
/// If a library fails to write, which no content should make it do.
pub fn export(format: Format, input: &Input<'_>) -> anyhow::Result<Artifacts> {
    match format {
        Format::Apkg => apkg::export(input),
        Format::Csv => csv::export(input),
        Format::AnkiCsv => anki_csv::export(input),
        Format::Markdown => Ok(markdown::export(input)),
        Format::Json => json::export(input),
    }
}

/// Whether a Markdown file is one of ours, which the next build may remove.
pub use markdown::is_ours;

pub use anki_csv::{is_ours as is_our_text_import, siblings};

/// Where the files that the notes show go, for formats that do not hold them.
fn add_media(artifacts: &mut Artifacts, folder: &str, input: &Input<'_>) {
    for (name, (_, file)) in input.context.media.by_name() {
        artifacts.insert(format!("{folder}{name}"), file.bytes.clone());
    }
}

/// A note's deck in Anki, its levels separated by `::`.
fn deck_name(deck: &Deck, topic: &Topic) -> String {
    slug::deck_name(&deck.title, &topic.path)
}

/// All tags of a note: its topic's, then its own.
fn tags(note: &Note<'_>) -> Vec<String> {
    let mut tags: Vec<String> = topic_tag(note.topic).into_iter().collect();
    for tag in &note.question.tags {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    tags
}

/// The tag of a topic, with the levels of its path.
fn topic_tag(topic: &Topic) -> Option<String> {
    let levels: Vec<String> =
        topic.path.iter().map(|title| slug(title)).filter(|level| !level.is_empty()).collect();
    (!levels.is_empty()).then(|| levels.join("::"))
}
