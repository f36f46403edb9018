//! From events to text that a card, a cell or a file can hold.
//!
//! Nothing here knows a format: [`card`] makes the sides of a card as HTML, [`text`] makes plain
//! text worth reading, [`markdown`] makes Markdown that stands by itself.

pub mod card;
mod defuse;
pub mod html;
pub mod markdown;
mod sanitize;
mod tex;
pub mod text;

use crate::config::Html;
use crate::markdown as dialect;
use crate::media::Media;
use crate::model::{Bank, Body, Definitions, resolve};
use crate::source::{FileId, Sources};

/// What rendering needs besides the body.
#[derive(Clone, Copy, Debug)]
pub struct Context<'b> {
    /// The texts.
    pub sources: &'b Sources,
    /// What they define.
    pub bank: &'b Bank,
    /// The files beside them.
    pub media: &'b Media,
    /// What stands before a media file's name, such as `media/`; empty for Anki.
    pub media_folder: &'b str,
    /// What happens to raw HTML.
    pub html: Html,
}

impl<'b> Context<'b> {
    fn definitions(&self, file: FileId) -> &'b Definitions {
        &self.bank.definitions[file.index()]
    }

    fn events(&self, body: &Body) -> Vec<dialect::Placed<'b>> {
        dialect::events(self.sources, self.definitions(body.blocks.file), body)
    }

    /// Where the outputs have the file that a relative target leads to.
    fn media_path(&self, file: FileId, target: &str) -> Option<String> {
        let path = resolve(self.sources.path(file), target)??;
        let media = self.media.get(&path)?;
        Some(format!("{}{}", self.media_folder, media.name))
    }

    /// A body without markup, in one line.
    #[must_use]
    pub fn words(&self, body: &Body) -> String {
        dialect::words(self.sources, self.definitions(body.blocks.file), body)
    }

    /// The points of a key points section.
    #[must_use]
    pub fn points(&self, body: &Body) -> Vec<Body> {
        dialect::points(self.sources, self.definitions(body.blocks.file), body)
    }
}

/// The footnotes of one card, numbered in the order in which the card uses them.
#[derive(Debug, Default)]
pub struct Footnotes {
    labels: Vec<(FileId, String)>,
}

impl Footnotes {
    /// The number of a footnote, from 1.
    fn number(&mut self, file: FileId, label: &str) -> usize {
        let label = crate::model::fold_label(label);
        let known = self.labels.iter().position(|(f, l)| *f == file && *l == label);
        known.unwrap_or_else(|| {
            self.labels.push((file, label));
            self.labels.len() - 1
        }) + 1
    }

    fn body<'b>(&self, context: &Context<'b>, number: usize) -> Option<&'b Body> {
        let (file, label) = &self.labels[number - 1];
        context.definitions(*file).footnotes.get(label)
    }
}

/// The footnotes that one field uses, in the order of their numbers' first use there.
fn use_footnote(used: &mut Vec<usize>, number: usize) -> usize {
    if !used.contains(&number) {
        used.push(number);
    }
    number
}
