//! The decks that tags for flashcards name, as the plugin Spaced Repetition reads them: a line of
//! tags, `#flashcards/a`, for all cards below it until the next such line; a tag on a card for it.

use super::lines::{is_deck, is_tag};
use super::syntax;
use crate::config::{clean_tag, levels};
use crate::source::{FileId, Sources, VersionSpan};

/// The decks that the tags of a file name.
#[derive(Debug, Default)]
pub(in crate::parse) struct DeckTags {
    /// The deck of the file, by its levels: of its front matter, else of its first tag.
    pub(in crate::parse) deck: Vec<String>,
    /// The lines of tags that name decks, with the byte of the original where each begins.
    lines: Vec<(usize, Vec<String>)>,
}

impl DeckTags {
    /// Finds the tags of a file that name decks, and takes them out of those of its front matter.
    pub(in crate::parse) fn find(
        sources: &Sources,
        file: FileId,
        of_front_matter: &mut Vec<String>,
    ) -> Self {
        let is_here = |tag: &String| names_deck(&format!("#{}", tag.replace("::", "/")));
        let first = of_front_matter.iter().find(|tag| is_here(tag));
        let first = first.map(|tag| levels(tag).split_off(1));
        of_front_matter.retain(|tag| !is_here(tag));

        let text = sources.text(file);
        if !text.contains("#flashcard") {
            return Self { deck: first.unwrap_or_default(), lines: Vec::new() };
        }
        let closed = syntax::find(text, 0).closed;
        let (mut lines, mut in_text) = (Vec::new(), None);
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let at = start;
            start += line.len();
            let tags: Vec<&str> = line.split_whitespace().filter(|word| names_deck(word)).collect();
            if tags.is_empty() || closed.around(at).is_some() {
                continue;
            }
            if line.split_whitespace().all(is_tag) {
                let line = VersionSpan::new(file, at..at + line.trim_end().len());
                let tags: Vec<String> = tags.into_iter().map(str::to_owned).collect();
                lines.push((sources.locate(line).start, tags));
            } else if !line.trim_start().starts_with(tags[0]) {
                in_text.get_or_insert(tags[0]);
            }
        }
        let of_text = || lines.first().map(|(_, tags)| tags[0].as_str()).or(in_text);
        let deck = first.or_else(|| of_text().map(find_levels)).unwrap_or_default();
        Self { deck, lines }
    }

    /// Returns whether any line names a deck.
    pub(super) fn has_lines(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Returns the tags above a card that name its deck, if it is not only that of the file.
    pub(super) fn find_above(&self, place: usize) -> &[String] {
        let above = self.lines.partition_point(|(at, _)| *at < place).checked_sub(1);
        match above.map(|at| &self.lines[at].1[..]) {
            Some([only]) if find_levels(only) == self.deck => &[],
            Some(tags) => tags,
            None => &[],
        }
    }
}

/// Returns whether a word is a tag that names a deck: `#flashcards/a`.
pub(super) fn names_deck(word: &str) -> bool {
    is_deck(word) && !find_levels(word).is_empty()
}

/// Returns attributes for a card with such tags: a note has one deck, the first; the others become
/// tags.
pub(super) fn make_attributes(tags: &[&str]) -> Vec<String> {
    let Some((deck, others)) = tags.split_first() else { return Vec::new() };
    let name = |tag: &str| find_levels(tag).join("::");
    let others = others.iter().map(|tag| format!(".{}", name(tag)));
    others.chain([format!("deck={}", name(deck))]).collect()
}

/// Returns the levels of the deck in a tag: `a` and `b` of `#flashcards/a/b`.
fn find_levels(tag: &str) -> Vec<String> {
    levels(&clean_tag(tag.split_once('/').map_or("", |(_, deck)| deck)))
}
