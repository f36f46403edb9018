//! Splits the notes into one page per topic, for targets that are folders.

use super::Input;
use crate::identity::Note;
use crate::slug::slug;

/// The notes of one page, which share a topic, and its file name without an extension.
pub(super) struct TopicPage<'n> {
    pub(super) name: String,
    pub(super) notes: Vec<&'n Note<'n>>,
}

/// Returns the pages in source order. A topic that is interrupted by another one has several.
pub(super) fn split_into_pages<'b>(input: &Input<'b>) -> Vec<TopicPage<'b>> {
    let is_same = |a: &Note<'_>, b: &Note<'_>| std::ptr::eq(a.topic, b.topic);
    let runs: Vec<&[Note<'_>]> = input.notes.chunk_by(is_same).collect();
    let width = runs.len().to_string().len().max(2);
    let page = |(notes, number): (&'b [Note<'b>], usize)| {
        let first = &notes[0];
        let slug = slug(first.topic.path.last().unwrap_or(&first.deck.title));
        let dash = if slug.is_empty() { "" } else { "-" };
        TopicPage { name: format!("{number:0width$}{dash}{slug}"), notes: notes.iter().collect() }
    };
    runs.into_iter().zip(1..).map(page).collect()
}
