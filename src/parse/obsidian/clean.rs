//! Reads all syntax of a note that needs no other note: links, pictures, comments, block ids, fields
//! and queries. What is left is Markdown, in which only embedded notes stand as they were.

use std::ops::Range;

use super::logseq::logseq_size;
use super::report;
use super::syntax::{self, Piece, Syntax, Syntaxes};
use super::target::Target;
use crate::config::Dialect;
use crate::diagnostic::{Code, Diagnostic};
use crate::media::{extension, is_document, is_media};
use crate::model::{Place, resolve};
use crate::slug::percent_encode;
use crate::source::{FileId, Span, VaultLinkKind, Version};
use crate::vault::{Found, Vault};

/// A note to read.
#[derive(Clone, Copy)]
pub(super) struct Note<'n> {
    pub(super) file: FileId,
    pub(super) text: &'n str,
    pub(super) path: &'n str,
    /// The byte where its text begins, below the front matter.
    pub(super) start: usize,
    /// The dialect, if it is known.
    pub(super) dialect: Option<Dialect>,
    pub(super) vault: &'n Vault<'n>,
    /// Whether it is read because others embed it, so that its paths must lead to the same files
    /// from there.
    pub(super) is_embedded: bool,
}

/// What a note is without that syntax.
#[derive(Debug, Default)]
pub(super) struct Cleaned {
    pub(super) version: Version,
    /// What is left out, with the reason.
    pub(super) left: Vec<(Range<usize>, &'static str)>,
    pub(super) problems: Vec<Diagnostic>,
}

/// Reads a note; nothing if it stays as it is.
pub(super) fn clean(note: Note<'_>) -> Option<Cleaned> {
    if !syntax::may_hold(&note.text[note.start..], note.dialect.is_some()) {
        return None;
    }
    let syntaxes = syntax::find(note.text, note.start);
    let mut cleaner = Cleaner { note, cleaned: Cleaned::default(), at: 0 };
    cleaner.cleaned.version.mark_original(note.file, 0);
    for piece in &syntaxes.pieces {
        cleaner.read(piece, &syntaxes);
    }
    if cleaner.at == 0 {
        return None;
    }
    cleaner.copy_to(note.text.len());
    Some(cleaner.cleaned)
}

struct Cleaner<'n> {
    note: Note<'n>,
    cleaned: Cleaned,
    /// What stands before is written.
    at: usize,
}

impl Cleaner<'_> {
    fn copy(&mut self, range: Range<usize>) {
        self.cleaned.version.copy(self.note.file, self.note.text, range);
    }

    fn copy_to(&mut self, end: usize) {
        self.copy(self.at..end.max(self.at));
        self.at = end.max(self.at);
    }

    fn push(&mut self, text: &str) {
        self.cleaned.version.push(text);
    }

    fn is_obsidian(&self) -> bool {
        self.note.dialect == Some(Dialect::Obsidian)
    }

    fn read(&mut self, Piece { range, syntax }: &Piece, syntaxes: &Syntaxes) {
        let snippet = &self.note.text[range.clone()];
        match syntax {
            Syntax::Link => self.link(range),
            Syntax::Embed => self.embed(range),
            Syntax::Image => {
                if let Some((target, title)) = syntaxes.images.get(&range.start) {
                    self.image(range, target, title);
                }
            }
            Syntax::Tag if self.is_obsidian() => {
                self.copy_to(range.start + 1);
                self.tag(range.start + 3..range.end - 2);
                self.at = range.end;
            }
            Syntax::Tag | Syntax::BlockReference => {}
            Syntax::BlockLink => {
                self.copy_to(range.start);
                let end = snippet.find("](((").map_or(range.end, |end| range.start + end);
                self.copy(range.start + 1..end);
                self.at = range.end;
            }
            _ if !self.is_obsidian() => {}
            Syntax::Comment => self.leave_out(range, Some("a comment")),
            Syntax::Query => self.leave_out(range, Some("a query")),
            Syntax::Field => self.leave_out(range, Some("a field")),
            Syntax::Properties => self.leave_out(range, Some("a property")),
            // The end of a card, for those who look for cards.
            Syntax::BlockId if is_schedule(snippet) && self.is_alone(range) => {}
            Syntax::BlockId => self.leave_out(range, None),
        }
    }

    /// Returns whether nothing else stands on the lines of a piece.
    fn is_alone(&self, range: &Range<usize>) -> bool {
        let (start, end) = lines_of(self.note.text, self.note.start, range);
        let [before, after] = [start..range.start, range.end..end].map(|it| &self.note.text[it]);
        before.trim_matches([' ', '\t', '>']).is_empty() && after.trim().is_empty()
    }

    /// Leaves out a piece, with its lines if they hold nothing else.
    fn leave_out(&mut self, range: &Range<usize>, why: Option<&'static str>) {
        self.cleaned.left.extend(why.map(|why| (range.clone(), why)));
        let text = self.note.text;
        if self.is_alone(range) {
            let (start, end) = lines_of(text, self.note.start, range);
            self.copy_to(start);
            self.at = end;
            return;
        }
        self.copy_to(range.start);
        let after = &text[range.end..];
        if after.is_empty() || after.starts_with(char::is_whitespace) {
            self.cleaned.version.trim_blanks();
        }
        self.at = range.end;
    }

    /// Replaces a link by what it shows.
    fn link(&mut self, range: &Range<usize>) {
        let target = Target::parse(self.note.text, range.start + 2..range.end - 2);
        let name = target.note(self.note.text);
        let lower = name.to_lowercase();
        let first = lower.split(['/', '-']).next().unwrap_or_default();
        let is_card = ["card", "flashcard"].contains(&first);
        if is_card && target.shown.is_none() {
            // A mark of those who make cards in Logseq.
            return;
        }
        let leads_somewhere =
            || !name.is_empty() && self.note.vault.find(name, self.note.path).is_some();
        if !self.is_obsidian() && !leads_somewhere() {
            return;
        }
        self.copy_to(range.start);
        self.at = range.end;
        let start = self.cleaned.version.text.len();
        self.show(&target);
        let target = target.show_elsewhere(self.note.text, self.note.path);
        self.cleaned.version.add_link(start, VaultLinkKind::Link, target);
    }

    /// Writes the words of a tag as one.
    fn tag(&mut self, words: Range<usize>) {
        let mut from = words.start;
        for (at, c) in self.note.text[words.clone()].char_indices() {
            if c.is_whitespace() {
                self.copy(from..words.start + at);
                self.push("-");
                from = words.start + at + c.len_utf8();
            }
        }
        self.copy(from..words.end);
    }

    /// Writes the text of a link.
    fn show(&mut self, target: &Target) {
        if let Some(shown) = &target.shown {
            self.copy(shown.clone());
            return;
        }
        let note = target.name.clone();
        let bare = self.note.text[note.clone()].trim_end_matches(".md").len();
        self.copy_escaped(note.start..note.start + bare);
        let mut is_first = bare == 0;
        for heading in &target.headings {
            if !is_first {
                self.push(" > ");
            }
            self.copy_escaped(heading.clone());
            is_first = false;
        }
        if is_first {
            let name = self.note.path.rsplit('/').next().unwrap_or_default();
            self.push(name.trim_end_matches(".md"));
        }
    }

    /// Copies a text in which nothing is Markdown.
    fn copy_escaped(&mut self, range: Range<usize>) {
        let mut from = range.start;
        for (at, c) in self.note.text[range.clone()].char_indices() {
            if r"*`[]<$~\|=".contains(c) {
                self.copy(from..range.start + at);
                self.push("\\");
                from = range.start + at;
            }
        }
        self.copy(from..range.end);
    }

    fn find(&mut self, name: &str, range: &Range<usize>) -> Option<String> {
        let Found { path, other } = self.note.vault.find(name, self.note.path)?;
        if let Some(other) = other {
            let span = Span::new(self.note.file, range.clone());
            self.cleaned.problems.push(ambiguous(span, name, &path, &other));
        }
        Some(path)
    }

    /// Replaces an embedded picture, sound or film by that of Markdown.
    fn embed(&mut self, range: &Range<usize>) {
        let text = self.note.text;
        let snippet = &text[range.clone()];
        if !snippet.starts_with("![[") {
            return;
        }
        let Some(end) = snippet.find("]]").map(|end| range.start + end) else { return };
        let target = Target::parse(text, range.start + 3..end);
        let name = target.note(text);
        if name.contains("://") {
            if self.is_obsidian() {
                let span = Span::new(self.note.file, range.clone());
                self.cleaned.problems.push(report::address(span, name));
                self.copy_to(range.start);
                self.at = range.end;
                self.show(&target);
            }
            return;
        }
        let is_drawing = is_drawing(name);
        if !is_drawing && !is_media(name) && !is_document(name) {
            return;
        }
        let found = if is_drawing {
            let stem = name.strip_suffix(".md").unwrap_or(name);
            ["svg", "png"].iter().find_map(|end| self.find(&format!("{stem}.{end}"), range))
        } else {
            self.find(name, range)
        };
        if !self.is_obsidian() && found.is_none() {
            return;
        }
        self.copy_to(range.start);
        self.at = range.end;
        if is_drawing && found.is_none() {
            let span = Span::new(self.note.file, range.clone());
            self.cleaned.problems.push(undrawn(span, name));
            self.show(&target);
            return;
        }
        let shown = target.shown.clone().unwrap_or(end..end);
        let path = found.map_or_else(|| percent_encode(name), |path| absolute(&path));
        let named = (is_document(name) && shown.is_empty()).then(|| target.name.clone());
        let start = self.cleaned.version.text.len();
        self.write_image(named.unwrap_or(shown), &path, "", &snippet[end + 2 - range.start..]);
        self.cleaned.version.add_link(start, VaultLinkKind::Media, String::new());
    }

    /// Reads the size in the description of an image, and lets its path lead where Obsidian would.
    fn image(&mut self, range: &Range<usize>, written: &str, title: &str) {
        let text = self.note.text;
        let snippet = &text[range.clone()];
        let Some(end) = snippet.find("](").map(|end| range.start + end) else { return };
        let shown = range.start + 2..end;
        let behind = snippet.rfind("{:").map_or("", |at| &snippet[at..]);
        let has_size = text[shown.clone()].rsplit('|').next().is_some_and(|it| size(it).is_some());
        let is_sized = !behind.is_empty() || (self.is_obsidian() && has_size);
        let place = resolve(self.note.path, written).and_then(Place::inside);
        let moved = place.as_ref().and_then(|place| self.moved(place, written, range));
        let own = place.filter(|_| self.note.is_embedded);
        let path = moved.or(own).map(|path| absolute(&path));
        if path.is_none() && !is_sized {
            return;
        }
        self.copy_to(range.start);
        self.at = range.end;
        let path = path.unwrap_or_else(|| {
            if written.contains(char::is_whitespace) {
                format!("<{written}>")
            } else {
                written.to_owned()
            }
        });
        self.write_image(shown, &path, title, behind);
    }

    /// Returns where Obsidian finds a file that is not at its place.
    fn moved(&mut self, place: &str, written: &str, range: &Range<usize>) -> Option<String> {
        let is_there = |name: &str, vault: &Vault<'_>| {
            vault.find(&format!("/{name}"), "").is_some_and(|found| found.path == name)
        };
        if !self.is_obsidian() || is_there(place, self.note.vault) {
            return None;
        }
        let decoded = resolve("", written).and_then(Place::inside)?;
        self.find(&decoded, range)
    }

    /// Writes an image, what is between bars in its description being its size. `behind` may be the
    /// size that Logseq writes.
    fn write_image(&mut self, shown: Range<usize>, path: &str, title: &str, behind: &str) {
        self.push("![");
        let (mut width, mut height) = (None, None);
        let mut at = shown.start;
        let mut is_first = true;
        for part in self.note.text[shown].split('|') {
            let range = at..at + part.len();
            at = range.end + 1;
            let word = part.trim().trim_end_matches('\\');
            match size(word) {
                Some((wide, high)) => (width, height) = (Some(wide), high),
                None if word.is_empty() || word.starts_with('#') => {}
                None => {
                    if !is_first {
                        self.push(" ");
                    }
                    is_first = false;
                    let start = range.start + (part.len() - part.trim_start().len());
                    self.copy(start..start + word.len());
                }
            }
        }
        if let Some(logseq) = logseq_size(behind) {
            (width, height) = (logseq.width.or(width), logseq.height.or(height));
        }
        let title = if title.is_empty() { String::new() } else { format!(" {title:?}") };
        self.push(&format!("]({path}{title})"));
        let sizes = [("width", width), ("height", height)];
        let sizes = sizes.iter().filter_map(|(key, value)| Some(format!("{key}={}", (*value)?)));
        let sizes = sizes.collect::<Vec<_>>().join(" ");
        if !sizes.is_empty() {
            self.push(&format!("{{{sizes}}}"));
        }
    }
}

/// Returns the lines that a range is on, the break behind them included.
fn lines_of(text: &str, from: usize, range: &Range<usize>) -> (usize, usize) {
    let start = text[..range.start].rfind('\n').map_or(0, |newline| newline + 1).max(from);
    let end = text[range.end..].find('\n').map_or(text.len(), |end| range.end + end + 1);
    (start, end)
}

/// Returns whether a block id is the mark below a card of the plugin Flashcards.
fn is_schedule(id: &str) -> bool {
    id.len() > 10 && id[1..].bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a name is that of a drawing or a canvas, which have no picture of their own.
fn is_drawing(name: &str) -> bool {
    let stem = name.strip_suffix(".md").unwrap_or(name);
    let end = extension(stem).unwrap_or_default();
    ["excalidraw", "canvas"].iter().any(|known| end.eq_ignore_ascii_case(known))
}

/// Reads a width, or a width and a height: `200`, `200x100`.
pub(super) fn size(text: &str) -> Option<(&str, Option<&str>)> {
    let is_number =
        |part: &str| (1..=5).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let text = text.trim().trim_end_matches('\\');
    match text.split_once('x') {
        Some((width, height)) => {
            (is_number(width) && is_number(height)).then_some((width, Some(height)))
        }
        None => is_number(text).then_some((text, None)),
    }
}

/// Returns a path below the content folder as the target of an image anywhere in it.
fn absolute(path: &str) -> String {
    format!("/{}", percent_encode(path))
}

/// Says that a name means two files.
pub(super) fn ambiguous(span: Span, name: &str, path: &str, other: &str) -> Diagnostic {
    let name = name.trim();
    Diagnostic::new(Code::AmbiguousName, span, format!("`{name}` is the name of two files"))
        .label(format!("taken for `{path}`; there is `{other}`, too"))
        .help("write enough of the path to tell them apart")
}

fn undrawn(span: Span, name: &str) -> Diagnostic {
    let stem = name.strip_suffix(".md").unwrap_or(name);
    Diagnostic::new(Code::MissingEmbed, span, format!("`{name}` cannot be shown on a card"))
        .label("only its name is shown")
        .help(format!("export it as a picture beside it: `{stem}.svg` or `{stem}.png`"))
}
