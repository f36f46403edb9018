//! The text that is read in place of a file's: segments of what authors wrote, with a source map.

use std::ops::Range;

use super::{FileId, Span};

/// A segment of a version that is copied; what is between two of them is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where it stands in the version.
    pub translated: usize,
    /// Where it stands in the original.
    pub original: usize,
    /// How many bytes it has.
    pub len: usize,
}

/// A segment with the file that it is copied from.
pub type Located = (FileId, Segment);

/// What was a link to a note of a vault, or embedded from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultLink {
    /// The place of what stands for it.
    pub range: Range<usize>,
    /// The note, with a heading or a block of it; empty for an image.
    pub target: String,
    /// What it was.
    pub kind: VaultLinkKind,
}

/// What refers to a file of a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultLinkKind {
    /// A link to a note: `[[Note]]`.
    Link,
    /// An embedded image, audio or video file: `![[a.png]]`.
    Media,
    /// An embedded note: `![[Note]]`.
    Note,
}

/// A text that is read in place of a file's, and where each segment of it was written.
#[derive(Clone, Debug, Default)]
pub struct Version {
    /// The text.
    pub text: String,
    /// The segments that are copied, in order, each with the file that it is copied from.
    pub map: Vec<Located>,
    /// The links and embeds of a vault that were in it, in order.
    pub links: Vec<VaultLink>,
}

impl Version {
    /// Returns a file's text as it is.
    #[must_use]
    pub fn whole(file: FileId, text: &str) -> Self {
        let mut version = Self::default();
        version.copy(file, text, 0..text.len());
        version
    }

    /// Adds text that is in no file.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Records that the text which comes next stands for what a file has at a place, though nothing
    /// is copied from there.
    pub fn mark_original(&mut self, file: FileId, original: usize) {
        self.map.push((file, Segment { translated: self.text.len(), original, len: 0 }));
    }

    /// Records the same of a place in another version.
    pub fn mark(&mut self, other: &Self, at: usize) {
        let (before, within) = other.segments(&(at..at + 1));
        let found = within.first().or(before.last());
        if let Some((file, Segment { translated, original, len })) = found {
            self.mark_original(*file, original + (at - translated).min(*len));
        }
    }

    /// Copies a range of the text of a file.
    pub fn copy(&mut self, file: FileId, text: &str, range: Range<usize>) {
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
    pub fn append(&mut self, other: &Self, range: Range<usize>) {
        let to = self.text.len();
        let (_, within) = other.segments(&range);
        let is_added = within.first().is_none_or(|(_, part)| part.translated > range.start);
        if is_added && !range.is_empty() {
            self.mark(other, range.start);
        }
        for (file, part) in within {
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

    /// Records that the text from a place on was a link or an embed.
    pub fn add_link(&mut self, start: usize, kind: VaultLinkKind, target: String) {
        let range = start..self.text.len();
        // Those within an embedded note come after it.
        let at = self.links.partition_point(|link| link.range.start < start);
        self.links.insert(at, VaultLink { range, target, kind });
    }

    /// Takes blanks off the end.
    pub fn trim_blanks(&mut self) {
        let end = self.text.trim_end_matches([' ', '\t']).len();
        self.text.truncate(end);
        while let Some((_, last)) = self.map.last_mut() {
            if last.translated > end {
                self.map.pop();
            } else {
                last.len = last.len.min(end - last.translated);
                break;
            }
        }
    }

    /// Ends the line, if one is open.
    pub fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.push("\n");
        }
    }

    /// Returns where a range of it was written; `home` is the file that it is read in place of.
    #[must_use]
    pub fn locate(&self, home: FileId, range: &Range<usize>) -> Span {
        let (before, within) = self.segments(range);
        let first = within.first().or(before.last());
        self.locate_in(first.map_or(home, |(file, _)| *file), range)
    }

    /// Returns where in a file a range of it was written, whatever other files have in it.
    #[must_use]
    pub fn locate_in(&self, file: FileId, range: &Range<usize>) -> Span {
        let (before, within) = self.segments(range);
        let is_own = |(other, _): &&Located| *other == file;
        let ends = within.iter().find(is_own).zip(within.iter().rfind(is_own));
        let place = if let Some(((_, first), (_, last))) = ends {
            let start = first.original + range.start.saturating_sub(first.translated);
            let end = last.original + (range.end - last.translated).min(last.len);
            start..end.max(start)
        } else {
            // An empty range, or one without a word of the author's.
            let last = before.iter().rfind(is_own);
            let at = last.map_or(0, |(_, part)| part.original + part.len);
            at..at
        };
        Span::new(file, place)
    }

    /// Returns the segments before a range, and those in it.
    fn segments(&self, range: &Range<usize>) -> (&[Located], &[Located]) {
        let end = |(_, part): &Located| part.translated + part.len <= range.start;
        let (before, rest) = self.map.split_at(self.map.partition_point(end));
        let within = rest.partition_point(|(_, part)| part.translated < range.end);
        (before, &rest[..within])
    }

    /// Returns whether all of a range is copied from one place.
    #[must_use]
    pub fn is_copied(&self, range: &Range<usize>) -> bool {
        let after = |(_, part): &Located| part.translated + part.len <= range.start;
        let part = self.map.get(self.map.partition_point(after));
        part.is_some_and(|(_, part)| {
            part.translated <= range.start && range.end <= part.translated + part.len
        })
    }

    /// Returns the place in it that a place in the original has, if all of it is copied from one
    /// file.
    #[must_use]
    pub fn find(&self, place: usize) -> usize {
        let before = self.map.partition_point(|(_, part)| part.original <= place).checked_sub(1);
        before.map_or(0, |at| {
            let (_, part) = &self.map[at];
            part.translated + (place - part.original).min(part.len)
        })
    }
}

/// Returns the links within a segment, at their places in the version.
fn move_links<'l>(
    links: &'l [VaultLink],
    segment: &Segment,
) -> impl Iterator<Item = VaultLink> + use<'l> {
    let &Segment { translated, original, len } = segment;
    let first = links.partition_point(|link| link.range.start < original);
    let within = links[first..].iter().take_while(move |link| link.range.start < original + len);
    within.filter(move |link| link.range.end <= original + len).map(move |link| {
        let range =
            link.range.start - original + translated..link.range.end - original + translated;
        VaultLink { range, ..link.clone() }
    })
}

#[cfg(test)]
mod tests {
    use super::Version;
    use crate::source::{FileId, Sources};

    /// Returns the ids of two files, and versions of them: the first is `ab<i>cd`, of which `<i>`
    /// stands for `X` between `ab` and `cd`; the second is as its author wrote it.
    fn versions() -> [(FileId, Version); 2] {
        let mut sources = Sources::default();
        let [one, two] = ["abXcd", "efgh"].map(|text| (sources.add(text, text.to_owned()), text));
        let mut changed = Version::default();
        changed.copy(one.0, one.1, 0..2);
        changed.push("<i>");
        changed.copy(one.0, one.1, 3..5);
        [(one.0, changed), (two.0, Version::whole(two.0, two.1))]
    }

    #[test]
    fn what_is_appended_leads_to_the_originals() {
        let [(one, changed), (two, other)] = versions();
        let mut version = Version::default();
        version.push("Q: ");
        version.append(&changed, 1..6);
        version.append(&other, 2..4);
        version.append(&changed, 5..7);
        assert_eq!(version.text, "Q: b<i>cghcd");
        let place = |range| {
            let span = version.locate(one, &range);
            (span.file, span.range())
        };
        assert_eq!(place(0..4), (one, 1..2));
        assert_eq!(place(3..4), (one, 1..2));
        assert_eq!(place(3..8), (one, 1..4), "over what is added");
        assert_eq!(place(4..7), (one, 2..2), "in what is added");
        assert_eq!(place(8..10), (two, 2..4));
        assert_eq!(place(8..12), (two, 2..4), "from where it begins");
        assert_eq!(version.locate_in(one, &(8..12)).range(), 3..5);
        assert!(version.is_copied(&(8..10)) && !version.is_copied(&(3..8)));
    }

    #[test]
    fn what_is_added_leads_to_what_it_stands_for() {
        let [(one, changed), (_, other)] = versions();
        let mut version = Version::default();
        version.append(&other, 0..1);
        version.append(&changed, 2..5);
        version.mark(&changed, 6);
        version.push("!");
        assert_eq!(version.text, "e<i>!");
        let place = |range| version.locate(one, &range);
        assert_eq!((place(1..4).file, place(1..4).range()), (one, 2..2));
        assert_eq!((place(4..5).file, place(4..5).range()), (one, 4..4));
    }
}
