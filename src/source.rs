//! The files of one build, and places in them.
//!
//! Every message points into the file as its author sees it, so a [`Span`] is in bytes of the
//! original: byte order mark, front matter and carriage returns included. Nothing here touches the
//! disk; texts come in from outside.
//!
//! What is read may be another text: a foreign file is translated into the native convention, and a
//! note of a vault has its links resolved and the notes that it embeds put in. That is the
//! [`Version`] of a file, with a source map; a place in it is a [`VersionSpan`].
//! [`Sources::locate`] is the only way from one to the other:
//!
//! ```text
//! original   **Q1.** What is a token?\n\nA piece of text.
//! version    ### Q: What is a token?\n\n**Answer:** A piece of text.
//! ```

mod version;

use std::ops::Range;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

pub use version::{Located, Segment, VaultLink, VaultLinkKind, Version};

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

/// A range of bytes of one file, as its author wrote it.
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

/// A range of bytes of the text that is read of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionSpan {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl VersionSpan {
    /// Returns the bytes `range` of the text that is read of `file`.
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

/// A file of the build.
#[derive(Debug)]
pub struct Source {
    /// Path below the content folder, with `/` on every system.
    pub path: String,
    /// The whole text, as its author wrote it.
    pub original: String,
    /// The text that is read in its place.
    version: Option<Version>,
    /// Whether that is translated from a foreign convention.
    is_foreign: bool,
    /// The path to show, if the file is not in the content folder.
    shown: Option<String>,
    /// Whether it is no content, but a note that content embeds.
    pub is_beside: bool,
    /// The output folder of the build that wrote it.
    output_folder: Option<String>,
    /// Whether nothing of it is to be read.
    is_left_out: bool,
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

/// All files of one build, in path order.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    /// What stands before a path when it is shown to a person, such as `content/`.
    prefix: String,
}

impl Sources {
    /// Returns an empty list of files; `prefix` is put before paths in messages.
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
    pub fn add(&mut self, path: &str, original: String) -> FileId {
        let id = u32::try_from(self.files.len()).expect("fewer than 2^32 files");
        self.files.push(Source {
            path: path.to_owned(),
            original,
            version: None,
            is_foreign: false,
            shown: None,
            is_beside: false,
            output_folder: None,
            is_left_out: false,
            lines: OnceLock::new(),
        });
        FileId(id)
    }

    /// Sets the text that is read in place of a file's.
    pub fn set_version(&mut self, file: FileId, version: Version) {
        self.files[file.index()].version = Some(version);
    }

    /// Sets the translation that is read in place of a foreign file. Its `segments` are copied, in
    /// order, from the text that was read so far.
    pub fn set_translation(&mut self, file: FileId, text: &str, segments: &[Segment]) {
        let before = self.version(file);
        let mut version = Version::default();
        let mut at = 0;
        for &Segment { translated, original, len } in segments {
            version.push(&text[at..translated]);
            version.append(&before, original..original + len);
            at = translated + len;
        }
        version.push(&text[at..]);
        self.set_version(file, version);
        self.files[file.index()].is_foreign = true;
    }

    /// Returns the text that is read of a file, with its source map.
    #[must_use]
    pub fn version(&self, file: FileId) -> Version {
        let Source { original, version, .. } = &self.files[file.index()];
        version.clone().unwrap_or_else(|| Version::whole(file, original))
    }

    /// Returns the text that is read in place of a file's, if it is another one.
    #[must_use]
    pub fn other_version(&self, file: FileId) -> Option<&Version> {
        self.files[file.index()].version.as_ref()
    }

    /// Returns whether a file is translated from a foreign convention.
    #[must_use]
    pub fn is_foreign(&self, file: FileId) -> bool {
        self.files[file.index()].is_foreign
    }

    /// Returns the links and embeds of a vault that were in the text that is read, in order.
    #[must_use]
    pub fn vault_links(&self, file: FileId) -> &[VaultLink] {
        self.other_version(file).map_or(&[], |version| &version.links)
    }

    /// Returns where the author wrote what stands at a place of the text that is read. That may be
    /// in another file, which this one embeds.
    ///
    /// A span that begins or ends between the segments that are copied is as wide as those in it.
    #[must_use]
    pub fn locate(&self, span: VersionSpan) -> Span {
        match self.other_version(span.file) {
            Some(version) => version.locate(span.file, &span.range()),
            None => Span::new(span.file, span.range()),
        }
    }

    /// Returns where in the file itself that was written, whatever it embeds there.
    #[must_use]
    pub fn locate_own(&self, span: VersionSpan) -> Span {
        match self.other_version(span.file) {
            Some(version) => version.locate_in(span.file, &span.range()),
            None => Span::new(span.file, span.range()),
        }
    }

    /// Returns whether an author wrote all that stands at a place of the text that is read.
    #[must_use]
    pub fn is_copied(&self, span: VersionSpan) -> bool {
        self.other_version(span.file).is_none_or(|version| version.is_copied(&span.range()))
    }

    /// Adds a file that is not in the content folder; returns the first place that is not UTF-8.
    pub fn add_outside(&mut self, shown: &str, bytes: Vec<u8>) -> (FileId, Option<Span>) {
        let (file, broken) = self.add_bytes(shown, bytes);
        self.files[file.index()].shown = Some(shown.to_owned());
        (file, broken)
    }

    /// Adds a note that is embedded but is no content, with its path as it is shown.
    pub fn add_beside(&mut self, path: &str, shown: &str, bytes: Vec<u8>) -> FileId {
        let (file, _) = self.add_bytes(path, bytes);
        let source = &mut self.files[file.index()];
        (source.shown, source.is_beside) = (Some(format!("{}{shown}", self.prefix)), true);
        file
    }

    /// Adds a file as it came from the disk; returns the first place that is not UTF-8.
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
        let file = self.files.get(span.file.index());
        file.is_some_and(|file| file.original.get(span.range()).is_some())
    }

    /// Marks a file as the output that an earlier build wrote into a folder.
    pub fn set_output(&mut self, file: FileId, folder: &str) {
        self.files[file.index()].output_folder = Some(folder.to_owned());
    }

    /// Marks a file as one of which nothing is read.
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

    /// Returns the file's text, as its author wrote it.
    #[must_use]
    pub fn original(&self, file: FileId) -> &str {
        &self.files[file.index()].original
    }

    /// Returns the text that is read of a file.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        self.other_version(file).map_or_else(|| self.original(file), |version| &version.text)
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

    /// Returns what its author wrote at a place.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        &self.original(span.file)[span.range()]
    }

    /// Returns what stands at a place of the text that is read.
    #[must_use]
    pub fn text_at(&self, span: VersionSpan) -> &str {
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
        let Source { original, lines, .. } = &self.files[span.file.index()];
        let starts = &lines.get_or_init(|| Lines::of(original)).starts;
        let first = starts.partition_point(|&start| start <= span.start);
        let last = starts.partition_point(|&start| start <= span.end);
        (first, starts[first - 1]..starts.get(last).copied().unwrap_or(original.len()))
    }

    /// Returns line and column of a span's start, both from 1; columns count characters.
    #[must_use]
    pub fn position(&self, span: Span) -> (usize, usize) {
        let Source { original: text, lines, .. } = &self.files[span.file.index()];
        let lines = lines.get_or_init(|| Lines::of(text));
        let line = lines.starts.partition_point(|&start| start <= span.start);
        let start = lines.starts[line - 1];
        let shown = text[start..span.start].trim_start_matches('\u{feff}');
        let start = span.start - shown.len();
        (line, lines.before(text, span.start) - lines.before(text, start) + 1)
    }
}
