//! A page per topic, for the targets that are folders.

use super::Input;
use crate::identity::Note;
use crate::slug::slug;

/// The notes of one page, all of one topic, and its name without an ending.
pub(super) struct Page<'n> {
    pub(super) name: String,
    pub(super) notes: Vec<&'n Note<'n>>,
}

/// The pages in the order of the sources. A topic that is interrupted by another has several.
pub(super) fn pages<'b>(input: &Input<'b>) -> Vec<Page<'b>> {
    let is_same = |a: &Note<'_>, b: &Note<'_>| std::ptr::eq(a.topic, b.topic);
    let runs: Vec<&[Note<'_>]> = input.notes.chunk_by(is_same).collect();
    let width = runs.len().to_string().len().max(2);
    let page = |(notes, number): (&'b [Note<'b>], usize)| {
        let first = &notes[0];
        let slug = slug(first.topic.path.last().unwrap_or(&first.deck.title));
        let dash = if slug.is_empty() { "" } else { "-" };
        Page { name: format!("{number:0width$}{dash}{slug}"), notes: notes.iter().collect() }
    };
    runs.into_iter().zip(1..).map(page).collect()
}
