//! A body as a tree of blocks, for apps whose markup is not Markdown, or not quite.
//!
//! Who writes such a markup walks the tree and escapes each text for the place where it stands.
//! Clozes are nodes, footnotes are numbered through a card, HTML is what it says (`untag`), and
//! pictures have their name in the outputs.

mod line;
mod reader;

use pulldown_cmark::Alignment;

use super::{Checkboxes, Context, Footnotes, Used, cloze_marks};
use crate::model::Excerpt;
use reader::Reader;

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Text(Vec<Inline>),
    /// A heading within an answer.
    Heading(Vec<Inline>),
    /// Lines of code, with the first word of what the author wrote behind the fence.
    Code(String, String),
    /// A list, with its first number if it has numbers.
    List(Option<u64>, Vec<Vec<Block>>),
    /// The rows of a table, of which the first is its head.
    Table(Vec<Alignment>, Vec<Vec<Vec<Inline>>>),
    /// A quotation, or an alert with its title.
    Quote(Option<&'static str>, Vec<Block>),
    /// What a definition list defines.
    Term(Vec<Inline>),
    /// How it does.
    Definition(Vec<Block>),
    /// A line across.
    Rule,
    /// A footnote with its number.
    Footnote(usize, Vec<Block>),
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Words, without any markup.
    Text(String),
    /// Code.
    Code(String),
    /// TeX, and whether it stands on a line of its own.
    Math(String, bool),
    /// What stands out.
    Marked(Mark, Vec<Inline>),
    /// A link.
    Link(String, Vec<Inline>),
    /// A picture, a sound or a film.
    Media(Media),
    /// The number of a footnote.
    Footnote(usize),
    /// The end of a line.
    Break,
    /// A box to tick.
    Box(bool),
    /// A gap with its number, and a hint.
    Gap(u16, Vec<Inline>, Option<String>),
}

/// How something stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `*so*`
    Emphasis,
    /// `**so**`
    Strong,
    /// `~~so~~`
    Strike,
}

/// A picture, a sound or a film.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// Where it is.
    pub target: String,
    /// The text that stands for it.
    pub alt_text: String,
    /// The size that the author gave it.
    pub size: [Option<String>; 2],
}

/// A body as blocks, with the footnotes that it uses below it.
pub fn render(context: &Context<'_>, body: &Excerpt, footnotes: &mut Footnotes) -> Vec<Block> {
    let mut used = Used::default();
    let mut blocks = page(context, body, footnotes, &mut used);
    let mut at = 0;
    while let Some(&number) = used.order.get(at) {
        at += 1;
        if let Some(note) = footnotes.body(context, number) {
            let note = page(context, note, footnotes, &mut used);
            blocks.push(Block::Footnote(number, note));
        }
    }
    blocks
}

/// What a tree says, without any markup, in one line.
#[must_use]
pub fn words(line: &[Inline]) -> String {
    let word = |piece: &Inline| match piece {
        Inline::Text(text) | Inline::Code(text) | Inline::Math(text, _) => text.clone(),
        Inline::Marked(_, inner) | Inline::Link(_, inner) | Inline::Gap(_, inner, _) => {
            words(inner)
        }
        Inline::Media(media) => media.alt_text.clone(),
        Inline::Break => " ".to_owned(),
        Inline::Footnote(_) | Inline::Box(_) => String::new(),
    };
    line.iter().map(word).collect()
}

/// A small raised number, as for a footnote.
#[must_use]
pub fn raised(number: usize) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = number.to_string().into_bytes();
    digits.into_iter().map(|digit| DIGITS[usize::from(digit - b'0')]).collect()
}

fn page(
    context: &Context<'_>,
    body: &Excerpt,
    footnotes: &mut Footnotes,
    used: &mut Used,
) -> Vec<Block> {
    let plain = Context { boxes: Checkboxes::Shown, ..*context };
    let pieces = cloze_marks::of(&plain, body).into();
    let text = context.sources.text(body.blocks.file);
    let file = body.blocks.file;
    Reader { context, pieces, text, file, footnotes, used, depth: 0 }.blocks()
}
