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
    /// The output folder of the build that wrote it.
    output_folder: Option<String>,
    /// Whether nothing of it is to be read.
    is_left_out: bool,
    /// Of a translation, the original and the source map.
    origin: Option<(FileId, Vec<Segment>)>,
    /// Where its lines are, once somebody asks.
    lines: OnceLock<Lines>,
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
            output_folder: None,
            is_left_out: false,
            origin: None,
            lines: OnceLock::new(),
        });
        FileId(id)
    }

    /// Adds the translation of a file, with its source map in order.
    pub fn add_translation(&mut self, of: FileId, text: String, map: Vec<Segment>) -> FileId {
        let Source { path, shown, .. } = &self.files[of.index()];
        let (path, shown) = (path.clone(), shown.clone());
        let id = self.add(&path, text);
        let translation = &mut self.files[id.index()];
        translation.shown = shown;
        translation.origin = Some((of, map));
        id
    }

    /// Returns the original of a translation, and the segments that are copied from it.
    #[must_use]
    pub fn source_map(&self, file: FileId) -> Option<(FileId, &[Segment])> {
        let (original, parts) = self.files[file.index()].origin.as_ref()?;
        Some((*original, parts))
    }

    /// Returns whether a file is the translation of another one into the native convention.
    #[must_use]
    pub fn is_translation(&self, file: FileId) -> bool {
        self.source_map(file).is_some()
    }

    /// Returns the place in the original of a span that may be in a translation.
    ///
    /// A span that begins or ends between segments is as wide as the segments within it.
    #[must_use]
    pub fn original(&self, span: Span) -> Span {
        let Some((file, parts)) = &self.files[span.file.index()].origin else { return span };
        let after = parts.partition_point(|part| part.translated + part.len <= span.start);
        let first = parts.get(after).filter(|first| first.translated < span.end);
        let last = parts[..parts.partition_point(|part| part.translated < span.end)].last();
        if let (Some(first), Some(last)) = (first, last) {
            let start = first.original + span.start.saturating_sub(first.translated);
            let end = last.original + (span.end - last.translated).min(last.len);
            return Span::new(*file, start..end.max(start));
        }
        // An empty span, or one without a word of the author's.
        let before = parts[..parts.partition_point(|part| part.translated < span.start)].last();
        let at =
            before.map_or(0, |part| part.original + (span.start - part.translated).min(part.len));
        Span::new(*file, at..at)
    }

    /// Adds a file that is not in the content folder, and says where it is not UTF-8.
    pub fn add_outside(&mut self, shown: &str, bytes: Vec<u8>) -> (FileId, Option<Span>) {
        let (file, broken) = self.add_bytes(shown, bytes);
        self.files[file.index()].shown = Some(shown.to_owned());
        (file, broken)
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
