//! Blocks, and the pieces of their lines.

use super::marks::Mark;
use super::style::Style;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Break,
    Code(String),
    Image {
        source: String,
        alt: String,
        width: Option<String>,
        height: Option<String>,
    },
    Mark(Mark),
    /// A box at the start of an item, and whether it is ticked.
    Box(bool),
    /// A tag that stands by itself, as of a block within a line.
    Tag(String),
}

/// A piece and the styles around it, from the outside in.
pub(super) type Styled = (Vec<Style>, Piece);

/// A block.
#[derive(Debug)]
pub(super) enum Block {
    Paragraph(Vec<Styled>),
    Heading(usize, Vec<Styled>),
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Quote {
        /// The kind of an alert, such as `note`.
        alert: Option<&'static str>,
        content: Vec<Block>,
    },
    Code {
        language: String,
        text: String,
    },
    Rule,
    Table {
        /// Rows of cells of one line each, the first one a header.
        rows: Vec<Vec<Vec<Styled>>>,
        /// The delimiter of each column below the header, such as `:---:`.
        rule: Vec<&'static str>,
    },
    /// Blocks within an element.
    Element {
        open: String,
        content: Vec<Block>,
        close: String,
    },
}
