//! The files of one build, and places in them.
//!
//! Every message points into the file as its author sees it, so a [`Span`] is in bytes of the
//! original file: byte order mark, front matter and carriage returns included. Nothing here
//! touches the disk; texts come in from outside.
//!
//! A file in a foreign convention has a *translation* into the native one, with a source map: a
//! list of the segments that are copied from the original. A place in a translation is reported as
//! the place in the original.

use std::ops::Range;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// Which file of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileId(u32);

impl FileId {
    /// Returns the position of the file in [`Sources::iter`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A range of bytes in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Returns the bytes `range` of `file`.
    #[must_use]
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Self { file, start: range.start, end: range.end }
    }

    /// Returns the bytes, without the file.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A file as it was read.
#[derive(Debug)]
pub struct Source {
    /// Path below the content folder, with `/` on every system.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// The path to show, if the file is not in the content folder.
    shown: Option<String>,
    /// Whether it is no content, but a note that content embeds.
    pub is_beside: bool,
    /// The output folder of the build that wrote it.
    output_folder: Option<String>,
    /// Whether nothing of it is to be read.
    is_left_out: bool,
    /// Of a translation, the original and the source map, with the file of each segment.
    origin: Option<(FileId, Vec<(FileId, Segment)>)>,
    /// Whether it was translated from a foreign convention.
    is_foreign: bool,
    /// The links and embeds of a vault that were in it, in order.
    vault_links: Vec<VaultLink>,
    /// Where its lines are, once somebody asks.
    lines: OnceLock<Lines>,
}

/// A text that was a link to a note of a vault, or an image that was embedded from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultLink {
    /// The place of the text or the image.
    pub range: Range<usize>,
    /// The note, with a heading or a block of it; empty for an image.
    pub target: String,
    /// Whether it is an image.
    pub is_embed: bool,
}

/// Where the lines of a text are, and its characters.
#[derive(Debug)]
struct Lines {
    /// Where each line begins.
    starts: Vec<usize>,
    /// How many characters begin before each [`STEP`] of bytes.
    counts: Vec<usize>,
}

/// Characters are counted in steps of so many bytes, so that a place in a long line is found as
/// soon as one in a short line.
const STEP: usize = 1024;

impl Lines {
    fn of(text: &str) -> Self {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes());
        let starts = std::iter::once(0).chain(newlines.map(|at| at + 1)).collect();
        let mut counts = vec![0];
        for step in text.as_bytes().chunks(STEP) {
            counts.push(counts[counts.len() - 1] + characters(step));
        }
        Self { starts, counts }
    }

    /// Returns how many characters begin before a byte.
    fn before(&self, text: &str, byte: usize) -> usize {
        let step = byte / STEP;
        self.counts[step] + characters(&text.as_bytes()[step * STEP..byte])
    }
}

/// Returns how many characters begin in some bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

impl Source {
    /// Returns whether the file is not content, such as the lock.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        self.shown.is_some()
    }
}

/// A segment of a translation that is copied from the original; what is between two of them is
/// added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where it stands in the translation.
    pub translated: usize,
    /// Where it stands in the original.
    pub original: usize,
    /// How many bytes it has.
    pub len: usize,
}

/// Returns the place that a span of a translation is copied from.
fn locate(original: FileId, map: &[(FileId, Segment)], span: Span) -> Span {
    let after = map.partition_point(|(_, part)| part.translated + part.len <= span.start);
    let first = map.get(after).filter(|(_, first)| first.translated < span.end);
    let before = map.partition_point(|(_, part)| part.translated < span.end);
    if let Some((file, first)) = first {
        let start = first.original + span.start.saturating_sub(first.translated);
        let last = map[after..before].iter().rfind(|(other, _)| other == file);
        let end = last
            .map_or(start, |(_, last)| last.original + (span.end - last.translated).min(last.len));
        return Span::new(*file, start..end.max(start));
    }
    // An empty span, or one without a word of the author's.
    let before = map[..map.partition_point(|(_, part)| part.translated < span.start)].last();
    let (file, at) = before.map_or((original, 0), |(file, part)| {
        (*file, part.original + (span.start - part.translated).min(part.len))
    });
    Span::new(file, at..at)
}

/// Returns the links within a segment, at their places in the translation.
pub fn move_links<'l>(
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

/// All files of one build, in path order.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    /// What stands before a path when it is shown to a person, such as `content/`.
    prefix: String,
}

impl Sources {
    /// No files yet; `prefix` is put before paths in messages.
    #[must_use]
    pub fn new(prefix: &str) -> Self {
        Self { files: Vec::new(), prefix: prefix.to_owned() }
    }

    /// Returns the name of the content folder, as far as its prefix tells.
    #[must_use]
    pub fn folder(&self) -> Option<&str> {
        self.prefix.trim_end_matches('/').rsplit('/').next()
    }

    /// Adds a file.
    ///
    /// # Panics
    /// If there are more than four thousand million files.
    pub fn add(&mut self, path: &str, text: String) -> FileId {
        let id = u32::try_from(self.files.len()).expect("fewer than 2^32 files");
        self.files.push(Source {
            path: path.to_owned(),
            text,
            shown: None,
            is_beside: false,
            output_folder: None,
            is_left_out: false,
            origin: None,
            is_foreign: false,
            vault_links: Vec::new(),
            lines: OnceLock::new(),
        });
        FileId(id)
    }

    /// Adds the translation of a foreign file, with its source map in order.
    pub fn add_translation(&mut self, of: FileId, text: String, map: Vec<Segment>) -> FileId {
        let links = self.vault_links(of);
        let links = map.iter().flat_map(|segment| move_links(links, segment)).collect();
        let map = map.into_iter().map(|segment| (of, segment)).collect();
        let id = self.add_version(of, text, map, links);
        self.files[id.index()].is_foreign = true;
        id
    }

    /// Adds another version of a file, with its source map in order, which may lead to other files,
    /// and the links of a vault in it.
    pub fn add_version(
        &mut self,
        of: FileId,
        text: String,
        map: Vec<(FileId, Segment)>,
        vault_links: Vec<VaultLink>,
    ) -> FileId {
        let Source { path, shown, is_foreign, .. } = &self.files[of.index()];
        let (path, shown, is_foreign) = (path.clone(), shown.clone(), *is_foreign);
        let id = self.add(&path, text);
        let version = &mut self.files[id.index()];
        (version.shown, version.is_foreign, version.origin) = (shown, is_foreign, Some((of, map)));
        version.vault_links = vault_links;
        id
    }

    /// Returns the links and embeds of a vault that were in a file, in order.
    #[must_use]
    pub fn vault_links(&self, file: FileId) -> &[VaultLink] {
        &self.files[file.index()].vault_links
    }

    /// Returns the original of a translation or another version of a file, and the segments that
    /// are copied, with the file of each.
    #[must_use]
    pub fn source_map(&self, file: FileId) -> Option<(FileId, &[(FileId, Segment)])> {
        let (original, map) = self.files[file.index()].origin.as_ref()?;
        Some((*original, map))
    }

    /// Returns whether a file was made of another one, as a translation is.
    #[must_use]
    pub fn is_version(&self, file: FileId) -> bool {
        self.source_map(file).is_some()
    }

    /// Returns whether a file is the translation of another one into the native convention.
    #[must_use]
    pub fn is_translation(&self, file: FileId) -> bool {
        self.files[file.index()].is_foreign
    }

    /// Returns the place in the original of a span that may be in a translation.
    ///
    /// A span that begins or ends between segments is as wide as the segments within it.
    #[must_use]
    pub fn original(&self, mut span: Span) -> Span {
        while let Some((original, map)) = self.source_map(span.file) {
            span = locate(original, map, span);
        }
        span
    }

    /// Returns whether all of a span was written by an author, in the file that it leads to.
    #[must_use]
    pub fn is_copied(&self, mut span: Span) -> bool {
        while let Some((_, map)) = self.source_map(span.file) {
            let at = map.partition_point(|(_, part)| part.translated + part.len <= span.start);
            let Some((file, part)) = map.get(at) else { return false };
            if part.translated > span.start || part.translated + part.len < span.end {
                return false;
            }
            let start = part.original + (span.start - part.translated);
            span = Span::new(*file, start..start + (span.end - span.start));
        }
        true
    }

    /// Adds a file that is not in the content folder, and says where it is not UTF-8.
    pub fn add_outside(&mut self, shown: &str, bytes: Vec<u8>) -> (FileId, Option<Span>) {
        let (file, broken) = self.add_bytes(shown, bytes);
        self.files[file.index()].shown = Some(shown.to_owned());
        (file, broken)
    }

    /// Adds a note that is embedded but is no content, and how its path is shown.
    pub fn add_beside(&mut self, path: &str, shown: &str, bytes: Vec<u8>) -> FileId {
        let (file, _) = self.add_bytes(path, bytes);
        let source = &mut self.files[file.index()];
        (source.shown, source.is_beside) = (Some(format!("{}{shown}", self.prefix)), true);
        file
    }

    /// Adds a file as it came from the disk, and says where it is not UTF-8.
    ///
    /// What cannot be read stands as U+FFFD, so that the rest can still be checked.
    pub fn add_bytes(&mut self, path: &str, bytes: Vec<u8>) -> (FileId, Option<Span>) {
        match String::from_utf8(bytes) {
            Ok(text) => (self.add(path, text), None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let file = self.add(path, text);
                (file, Some(Span::new(file, at..at + '\u{fffd}'.len_utf8())))
            }
        }
    }

    /// Returns whether there is a text at a place.
    #[must_use]
    pub fn has(&self, span: Span) -> bool {
        self.files.get(span.file.index()).is_some_and(|file| file.text.get(span.range()).is_some())
    }

    /// Says that a build wrote the file, as one of its outputs in a folder.
    pub fn set_output(&mut self, file: FileId, folder: &str) {
        self.files[file.index()].output_folder = Some(folder.to_owned());
    }

    /// Says that nothing of a file is to be read.
    pub fn leave_out(&mut self, file: FileId) {
        self.files[file.index()].is_left_out = true;
    }

    /// Returns whether nothing of a file is to be read.
    #[must_use]
    pub fn is_left_out(&self, file: FileId) -> bool {
        self.files[file.index()].is_left_out
    }

    /// Returns the output folder of the build that wrote a file, if one did.
    #[must_use]
    pub fn output_folder(&self, file: FileId) -> Option<&str> {
        self.files[file.index()].output_folder.as_deref()
    }

    /// Returns the file's text.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        &self.files[file.index()].text
    }

    /// Returns the file's path below the content folder.
    #[must_use]
    pub fn path(&self, file: FileId) -> &str {
        &self.files[file.index()].path
    }

    /// Returns the file's path as a person would type it.
    #[must_use]
    pub fn display(&self, file: FileId) -> String {
        match &self.files[file.index()].shown {
            Some(shown) => shown.clone(),
            None => format!("{}{}", self.prefix, self.path(file)),
        }
    }

    /// Returns a folder below the content folder as a person would type it.
    #[must_use]
    pub fn display_folder(&self, folder: &str) -> String {
        match format!("{}{folder}", self.prefix).trim_end_matches('/') {
            "" => "./".to_owned(),
            folder => format!("{folder}/"),
        }
    }

    /// Returns the text at a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        &self.text(span.file)[span.range()]
    }

    /// Returns every file with its id, in path order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0u32..).map(FileId).zip(&self.files)
    }

    /// Returns line and column of a span's end, as [`Sources::position`] does those of its start.
    #[must_use]
    pub fn end_position(&self, span: Span) -> (usize, usize) {
        self.position(Span { start: span.end, ..span })
    }

    /// Returns the number of the line that a span begins on, from 1, and the bytes of all lines
    /// that it is on.
    #[must_use]
    pub fn lines(&self, span: Span) -> (usize, Range<usize>) {
        let Source { text, lines, .. } = &self.files[span.file.index()];
        let starts = &lines.get_or_init(|| Lines::of(text)).starts;
        let first = starts.partition_point(|&start| start <= span.start);
        let last = starts.partition_point(|&start| start <= span.end);
        (first, starts[first - 1]..starts.get(last).copied().unwrap_or(text.len()))
    }

    /// Line and column of a span's start, both from 1; columns count characters.
    #[must_use]
    pub fn position(&self, span: Span) -> (usize, usize) {
        let span = self.original(span);
        let Source { text, lines, .. } = &self.files[span.file.index()];
        let lines = lines.get_or_init(|| Lines::of(text));
        let line = lines.starts.partition_point(|&start| start <= span.start);
        let start = lines.starts[line - 1];
        let shown = text[start..span.start].trim_start_matches('\u{feff}');
        let start = span.start - shown.len();
        (line, lines.before(text, span.start) - lines.before(text, start) + 1)
    }
}
