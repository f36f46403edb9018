//! The writer of another version of a file: pieces of its text and of others, with a source map.

use std::ops::Range;

use crate::source::{FileId, Segment, VaultLink, move_links};

/// A text, and where each part of it comes from.
#[derive(Clone, Debug, Default)]
pub(super) struct Version {
    /// The text.
    pub(super) text: String,
    /// The segments that are copied, in order, each with its file.
    pub(super) map: Vec<(FileId, Segment)>,
    /// What was a link or an embed in it, in order.
    pub(super) links: Vec<VaultLink>,
}

impl Version {
    /// Writes text that is in no file.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Copies a range of the text of a file.
    pub(super) fn copy(&mut self, file: FileId, text: &str, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let (translated, original, len) = (self.text.len(), range.start, range.len());
        self.text.push_str(&text[range]);
        match self.map.last_mut() {
            Some((other, last))
                if *other == file
                    && last.original + last.len == original
                    && last.translated + last.len == translated =>
            {
                last.len += len;
            }
            _ => self.map.push((file, Segment { translated, original, len })),
        }
    }

    /// Copies a range of another version, with its source map.
    pub(super) fn append(&mut self, other: &Self, range: Range<usize>) {
        let to = self.text.len();
        let first =
            other.map.partition_point(|(_, part)| part.translated + part.len <= range.start);
        for (file, part) in
            other.map[first..].iter().take_while(|(_, part)| part.translated < range.end)
        {
            let start = part.translated.max(range.start);
            let end = (part.translated + part.len).min(range.end);
            let original = part.original + (start - part.translated);
            let segment =
                Segment { translated: to + start - range.start, original, len: end - start };
            self.map.push((*file, segment));
        }
        let moved = Segment { translated: to, original: range.start, len: range.len() };
        self.links.extend(move_links(&other.links, &moved));
        self.text.push_str(&other.text[range]);
    }

    /// Says that the text from a place on was a link to a note, or an embedded image.
    pub(super) fn add_link(&mut self, start: usize, target: Option<String>) {
        let is_embed = target.is_none();
        let (range, target) = (start..self.text.len(), target.unwrap_or_default());
        self.links.push(VaultLink { range, target, is_embed });
    }

    /// Takes blanks off the end.
    pub(super) fn trim_blanks(&mut self) {
        let end = self.text.trim_end_matches([' ', '\t']).len();
        self.text.truncate(end);
        while let Some((_, last)) = self.map.last_mut() {
            if last.translated >= end {
                self.map.pop();
            } else {
                last.len = last.len.min(end - last.translated);
                break;
            }
        }
    }

    /// Ends the line, if one is open.
    pub(super) fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.push("\n");
        }
    }
}

/// Returns the place in a version that a place in its original has.
pub(super) fn find_in_version(map: &[(FileId, Segment)], place: usize) -> usize {
    let before = map.partition_point(|(_, part)| part.original <= place).checked_sub(1);
    before.map_or(0, |at| {
        let (_, part) = &map[at];
        part.translated + (place - part.original).min(part.len)
    })
}
