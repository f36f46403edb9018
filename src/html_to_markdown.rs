//! Writes the HTML of a field of Anki as Markdown that a person could have written.
//!
//! The Markdown is read again: if it does not show the same text, images, audio, formulas and gaps
//! as the field, it is written once more, with more signs escaped and more HTML kept. So nothing is
//! lost of a field whose HTML no Markdown expresses.
//!
//! ```text
//! HTML ─► marks (gaps, sounds, formulas) ─► dom ─► tree (blocks of styled pieces) ─► Markdown ─► seen again
//! ```

mod block;

mod escape;
mod field;
mod gaps;
mod inline;
mod lines;
mod marks;
mod names;
mod piece;
mod readings;
mod seen;
mod structure;
mod style;
mod tree;

use crate::dom::Dom;
use crate::markdown;
use crate::model::Definitions;
use inline::Place;
use piece::{Block, Piece, Styled};
use tree::Walker;

pub use escape::write_target;
pub use field::{Loss, Markdown, Notation};
pub use names::safe_name;

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

/// Returns the letters and digits that a field shows, in lower case.
#[must_use]
pub fn words(html: &str, notation: Notation<'_>) -> String {
    let markdown = convert(html, notation).body;
    let definitions = Definitions::default();
    let shown = markdown::text_content(&markdown::parse(&markdown, &definitions));
    shown.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn convert_with(html: &str, notation: Notation<'_>, has_heading: bool) -> Markdown {
    let marked = marks::mark(html, notation);
    let dom = Dom::parse(&marked.html);
    let attempt = |is_careful: bool, is_flat: bool| {
        let mut walker = Walker::new(&dom, &marked, notation, is_flat);
        // Boxes in a question make another kind of cards of it.
        walker.takes_boxes &= !has_heading || notation.has_options;
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

#[cfg(test)]
mod tests;
