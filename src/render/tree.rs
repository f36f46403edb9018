//! An excerpt as a tree of blocks, for apps whose markup is not Markdown, or not quite.
//!
//! The writer of such a markup walks the tree and escapes each text for its context. Clozes are
//! nodes, footnotes are numbered per card, raw HTML is converted to text (`html_to_text`), and
//! media have their name in the output.

mod line;
mod reader;

use pulldown_cmark::Alignment;

use super::{Checkboxes, Context, Footnotes, UsedFootnotes, cloze_marks};
use crate::model::Excerpt;
use reader::TreeReader;

/// A block of the tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Text(Vec<Inline>),
    /// A heading within an answer.
    Heading(Vec<Inline>),
    /// A code block: the first word of the info string, and the code.
    Code(String, String),
    /// A list, with its first number if it has numbers.
    List(Option<u64>, Vec<Vec<Block>>),
    /// The rows of a table, of which the first is its head.
    Table(Vec<Alignment>, Vec<Vec<Vec<Inline>>>),
    /// A quote, or an alert with its title.
    Quote(Option<&'static str>, Vec<Block>),
    /// A term of a definition list.
    Term(Vec<Inline>),
    /// The definition of a term.
    Definition(Vec<Block>),
    /// A thematic break.
    Rule,
    /// A footnote with its number.
    Footnote(usize, Vec<Block>),
}

/// An inline node of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Text without markup.
    Text(String),
    /// Code.
    Code(String),
    /// TeX, and whether it is display math.
    Math(String, bool),
    /// Emphasized text.
    Styled(TextStyle, Vec<Inline>),
    /// A link.
    Link(String, Vec<Inline>),
    /// An embedded image, audio or video file.
    Media(Media),
    /// A reference to a footnote, with its number.
    Footnote(usize),
    /// A hard line break.
    Break,
    /// A checkbox, and whether it is ticked.
    Checkbox(bool),
    /// A cloze with its number, text and hint.
    Cloze(u16, Vec<Inline>, Option<String>),
}

/// A kind of emphasis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextStyle {
    /// `*so*`
    Emphasis,
    /// `**so**`
    Strong,
    /// `~~so~~`
    Strike,
}

/// An embedded image, audio or video file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// The path in the output, or the address.
    pub target: String,
    /// The alternative text.
    pub alt_text: String,
    /// The width and height that the author set.
    pub size: [Option<String>; 2],
}

/// Renders an excerpt as blocks, with the footnotes that it refers to below it.
pub fn render(context: &Context<'_>, body: &Excerpt, footnotes: &mut Footnotes) -> Vec<Block> {
    let mut used = UsedFootnotes::default();
    let mut blocks = render_excerpt(context, body, footnotes, &mut used);
    let mut at = 0;
    while let Some(&number) = used.order.get(at) {
        at += 1;
        if let Some(note) = footnotes.definition(context, number) {
            let note = render_excerpt(context, note, footnotes, &mut used);
            blocks.push(Block::Footnote(number, note));
        }
    }
    blocks
}

/// Returns the text of inline nodes, without markup, as one line.
#[must_use]
pub fn plain_text(line: &[Inline]) -> String {
    let word = |piece: &Inline| match piece {
        Inline::Text(text) | Inline::Code(text) | Inline::Math(text, _) => text.clone(),
        Inline::Styled(_, inner) | Inline::Link(_, inner) | Inline::Cloze(_, inner, _) => {
            plain_text(inner)
        }
        Inline::Media(media) => media.alt_text.clone(),
        Inline::Break => " ".to_owned(),
        Inline::Footnote(_) | Inline::Checkbox(_) => String::new(),
    };
    line.iter().map(word).collect()
}

/// Writes a number in superscript digits.
#[must_use]
pub fn superscript(number: usize) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = number.to_string().into_bytes();
    digits.into_iter().map(|digit| DIGITS[usize::from(digit - b'0')]).collect()
}

fn render_excerpt(
    context: &Context<'_>,
    body: &Excerpt,
    footnotes: &mut Footnotes,
    used: &mut UsedFootnotes,
) -> Vec<Block> {
    let plain = Context { boxes: Checkboxes::Shown, ..*context };
    let pieces = cloze_marks::split(&plain, body).into();
    let text = context.sources.text(body.blocks.file);
    let file = body.blocks.file;
    TreeReader { context, pieces, text, file, footnotes, used, depth: 0 }.blocks()
}
