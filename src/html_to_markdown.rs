//! Writes the HTML of a field of Anki as Markdown that a person could have written.
//!
//! What is converted is read again: if the Markdown does not show the same text, pictures, sounds,
//! formulas and gaps, it is written once more with more care, and so nothing is lost where an
//! editor made of a field what no Markdown says as such.
//!
//! ```text
//! HTML ─► marks (gaps, sounds, formulas) ─► dom ─► tree (blocks of styled pieces) ─► Markdown ─► seen again
//! ```

mod block;
mod dom;
mod escape;
mod inline;
mod lines;
mod marks;
mod readings;
mod seen;
mod structure;
mod style;
mod tree;

use std::borrow::Cow;

use dom::Dom;
use inline::Place;
use tree::{Block, Piece, Styled, Walker};

/// What a field's HTML may hold beside HTML.
#[derive(Clone, Copy, Debug, Default)]
pub struct Notation<'n> {
    /// Whether `{{c1::…}}` is a gap, as in the text of a cloze note.
    pub has_gaps: bool,
    /// Whether `漢字[かんじ]` becomes ruby, where a template would show it so.
    pub has_readings: bool,
    /// What stands before the name of a file, such as `media/`.
    pub media_folder: &'n str,
}

/// A kind of thing that Markdown, or a card of ours, does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss(pub &'static str);

impl Loss {
    /// Says what is lost.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self.0 {
            "style-element" => "style sheets within a field",
            "script" => "scripts within a field",
            "foreign-element" => "drawings, frames and controls of HTML, of which the text is kept",
            "image-without-source" => "pictures without a file",
            "too-deep" => "elements nested too deeply, of which the text is kept",
            "latex" => "LaTeX that is no formula, kept as code",
            _ => "text that Markdown does not show quite the same",
        }
    }
}

/// A field as Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markdown {
    /// The text of the heading; empty unless one was asked for.
    pub heading: String,
    /// All else.
    pub body: String,
    /// The names of the files that it shows and plays.
    pub media: Vec<String>,
    /// What is lost.
    pub losses: Vec<Loss>,
}

impl Markdown {
    /// Returns whether the body is a single line that may stand behind a label.
    #[must_use]
    pub fn is_line(&self) -> bool {
        let opens_block = self.body.starts_with(['#', '>', '|', '`', '<'])
            || ["- ", "* ", "+ "].iter().any(|bullet| self.body.starts_with(bullet))
            || self.body.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(". ");
        !self.body.contains('\n') && !opens_block
    }
}

/// Converts a field.
#[must_use]
pub fn convert(html: &str, notation: Notation<'_>) -> Markdown {
    convert_with(html, notation, false)
}

/// Converts a field whose first line becomes a heading.
#[must_use]
pub fn convert_with_heading(html: &str, notation: Notation<'_>) -> Markdown {
    convert_with(html, notation, true)
}

fn convert_with(html: &str, notation: Notation<'_>, has_heading: bool) -> Markdown {
    let marked = marks::mark(html, notation);
    let dom = Dom::parse(&marked.html);
    let attempt = |is_careful: bool, is_flat: bool| {
        let mut walker = Walker::new(&dom, &marked, notation, is_flat);
        let blocks = walker.read();
        let place = Place { is_careful, media_folder: notation.media_folder, ..Place::default() };
        let expected = seen::of_blocks(&blocks, notation.media_folder);
        let media = seen::media(&blocks);
        let markdown = write(blocks, has_heading, place, (&dom, &marked, notation));
        let is_same = seen::of_markdown(&markdown) == expected;
        (Markdown { media, losses: walker.losses, ..markdown }, is_same)
    };
    let mut last = Markdown::default();
    for (is_careful, is_flat) in [(false, false), (true, false), (true, true)] {
        let (markdown, is_same) = attempt(is_careful, is_flat);
        if is_same {
            return markdown;
        }
        last = markdown;
    }
    last.losses.push(Loss("text"));
    last
}

fn write(
    mut blocks: Vec<Block>,
    has_heading: bool,
    place: Place<'_>,
    (dom, marked, notation): (&Dom, &marks::Marked, Notation<'_>),
) -> Markdown {
    if !has_heading || blocks.is_empty() {
        return Markdown { body: block::write(&blocks, place), ..Markdown::default() };
    }
    let heading_place = Place { is_single: true, ..place };
    let line = match blocks.remove(0) {
        Block::Paragraph(line) | Block::Heading(_, line) => {
            let (line, rest) = split_heading(line);
            if !rest.is_empty() {
                blocks.insert(0, Block::Paragraph(rest));
            }
            line
        }
        other => {
            // A heading holds a list or a table only as HTML within the line.
            blocks.insert(0, other);
            let mut walker = Walker::new(dom, marked, notation, true);
            let mut flat = walker.read();
            flat.truncate(1);
            blocks.clear();
            match flat.pop() {
                Some(Block::Paragraph(line)) => line,
                _ => Vec::new(),
            }
        }
    };
    let heading = inline::write(&line, heading_place);
    let heading = seal_heading(&heading);
    Markdown { heading, body: block::write(&blocks, place), ..Markdown::default() }
}

/// Splits a line at its first break, unless that stands in a gap.
fn split_heading(mut line: Vec<Styled>) -> (Vec<Styled>, Vec<Styled>) {
    let mut gaps = 0_i32;
    for (at, (_, piece)) in line.iter().enumerate() {
        match piece {
            Piece::Mark(marks::Mark::Gap(_)) => gaps += 1,
            Piece::Mark(marks::Mark::GapEnd) => gaps -= 1,
            Piece::Break if gaps == 0 => {
                let rest = line.split_off(at + 1);
                line.pop();
                return (line, rest);
            }
            _ => {}
        }
    }
    (line, Vec::new())
}

/// Keeps the end of a heading from being attributes, or signs that close it.
fn seal_heading(heading: &str) -> String {
    let heading = heading.trim();
    if let Some(rest) = heading.strip_suffix('#')
        && !rest.ends_with('\\')
    {
        return format!("{rest}\\#");
    }
    if heading.ends_with('}')
        && !heading.ends_with("}}")
        && let Some(open) = heading.rfind('{')
        && heading[..open].ends_with(char::is_whitespace)
    {
        return format!("{}\\{}", &heading[..open], &heading[open..]);
    }
    heading.to_owned()
}

/// Returns whether a source is no file of the collection.
fn is_elsewhere(source: &str) -> bool {
    let lower = source.trim_start().to_ascii_lowercase();
    ["http:", "https:", "//", "data:", "file:"].iter().any(|start| lower.starts_with(start))
}

/// Returns the name of the file that a source names, as Anki finds it.
fn media_name(source: &str) -> Cow<'_, str> {
    let name = percent_decode(source);
    match name {
        Cow::Borrowed(name) => Cow::Owned(safe_name(name)),
        Cow::Owned(name) => Cow::Owned(safe_name(&name)),
    }
}

/// Returns a name under which a file may lie in the media folder, however it was called.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '-' } else { c })
        .collect();
    let name = name.trim().trim_start_matches('.');
    let name = name.trim_end_matches('.');
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

fn percent_decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests;
