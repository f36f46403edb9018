//! An excerpt as a tree of blocks, for apps with a markup of their own.
//!
//! The writer of such a markup walks the tree and escapes each text for its context. Clozes are
//! nodes, footnotes are numbered per card, and media have their name in the output. For a markup
//! without HTML, [`to_plain`] converts the raw HTML of a tree to text.

mod line;
mod links;
mod plain;
mod reader;

use pulldown_cmark::Alignment;

use super::{Checkboxes, Context, Footnotes, UsedFootnotes, cloze_marks};
use crate::model::Excerpt;
pub use plain::{join_formulas, to_plain};
use reader::TreeReader;

/// A block of the tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Text(Vec<Inline>),
    /// A heading within an answer, with its level.
    Heading(u8, Vec<Inline>),
    /// A code block: the first word of the info string, and the code.
    Code(String, String),
    /// A list, with its first number if it has numbers.
    List(Option<u64>, Vec<Vec<Block>>),
    /// The rows of a table, of which the first is its head.
    Table(Vec<Alignment>, Vec<Vec<Vec<Inline>>>),
    /// A quote, or a callout.
    Quote(Option<Callout>, Vec<Block>),
    /// A term of a definition list.
    Term(Vec<Inline>),
    /// The definition of a term.
    Definition(Vec<Block>),
    /// A thematic break.
    Rule,
    /// A footnote with its number.
    Footnote(usize, Vec<Block>),
    /// Raw HTML, in which media have their name in the output.
    Html(String),
}

/// What makes a quote a callout: an alert of GitHub, or a callout of Obsidian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callout {
    /// The type as it is written between the brackets.
    pub kind: String,
    /// The title; the name of the type if it has none.
    pub title: Vec<Inline>,
    /// Whether the title is only the name of the type.
    pub is_untitled: bool,
    /// Whether it folds, and if so, whether it is open at first.
    pub fold: Option<bool>,
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
    Link(Link, Vec<Inline>),
    /// A link to a note of the vault, with its target.
    VaultLink(String, Vec<Inline>),
    /// An embedded image, audio or video file.
    Media(Media),
    /// A reference to a footnote, with its number.
    Footnote(usize),
    /// A hard line break.
    Break,
    /// The end of a line of the source.
    SoftBreak,
    /// A tag or a comment of raw HTML.
    Html(String),
    /// A checkbox, and whether it is ticked.
    Checkbox(bool),
    /// A cloze with its number, text and hint.
    Cloze(u16, Vec<Inline>, Option<String>),
    /// A formula with clozes, and whether it is display math.
    ClozeFormula(Vec<TexPart>, bool),
}

/// A part of a formula with clozes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TexPart {
    /// TeX.
    Tex(String),
    /// A cloze with its number, TeX and hint.
    Cloze(u16, Vec<TexPart>, Option<String>),
}

/// A kind of emphasis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextStyle {
    /// `*so*`, with the sign that the author used.
    Emphasis(char),
    /// `**so**`, with the sign that the author used.
    Strong(char),
    /// `~~so~~`
    Strike,
    /// `==so==`, where it is no cloze.
    Highlight,
}

/// Where a link leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The path in the output, or the address.
    pub target: String,
    /// The title.
    pub title: String,
    /// How it is written.
    pub kind: LinkKind,
}

/// How a link is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkKind {
    /// With a text.
    #[default]
    Text,
    /// As an address between angle brackets.
    Address,
    /// As a mail address between angle brackets.
    Mail,
}

/// An embedded image, audio or video file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// The path in the output, or the address.
    pub target: String,
    /// The alternative text.
    pub alt_text: String,
    /// The title.
    pub title: String,
    /// The width and height that the author set.
    pub size: [Option<String>; 2],
    /// Whether it was embedded as in Obsidian: `![[a.png]]`.
    pub is_embed: bool,
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

/// Renders an excerpt as blocks, without the footnotes that it refers to.
pub fn render_body(context: &Context<'_>, body: &Excerpt, footnotes: &mut Footnotes) -> Vec<Block> {
    render_excerpt(context, body, footnotes, &mut UsedFootnotes::default())
}

/// Renders all footnotes of a card.
pub fn render_footnotes(context: &Context<'_>, footnotes: &mut Footnotes) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut number = 1;
    while number <= footnotes.labels.len() {
        if let Some(note) = footnotes.definition(context, number) {
            let note = render_body(context, note, footnotes);
            blocks.push(Block::Footnote(number, note));
        }
        number += 1;
    }
    blocks
}

/// Returns the text of inline nodes, without markup, as one line.
#[must_use]
pub fn plain_text(line: &[Inline]) -> String {
    let word = |piece: &Inline| match piece {
        Inline::Text(text) | Inline::Code(text) | Inline::Math(text, _) => text.clone(),
        Inline::Styled(_, inner)
        | Inline::Link(_, inner)
        | Inline::VaultLink(_, inner)
        | Inline::Cloze(_, inner, _) => plain_text(inner),
        Inline::ClozeFormula(parts, _) => join_tex(parts),
        Inline::Media(media) => media.alt_text.clone(),
        Inline::Break | Inline::SoftBreak => " ".to_owned(),
        Inline::Footnote(_) | Inline::Checkbox(_) | Inline::Html(_) => String::new(),
    };
    line.iter().map(word).collect()
}

/// Visits the lines of text in some blocks, in order.
pub fn visit_lines<'t>(blocks: &'t [Block], visit: &mut impl FnMut(&'t [Inline])) {
    for block in blocks {
        match block {
            Block::Text(line) | Block::Heading(_, line) | Block::Term(line) => visit(line),
            Block::List(_, items) => items.iter().for_each(|item| visit_lines(item, visit)),
            Block::Table(_, rows) => rows.iter().flatten().for_each(|cell| visit(cell)),
            Block::Quote(callout, inner) => {
                if let Some(callout) = callout {
                    visit(&callout.title);
                }
                visit_lines(inner, visit);
            }
            Block::Definition(inner) | Block::Footnote(_, inner) => visit_lines(inner, visit),
            Block::Code(..) | Block::Rule | Block::Html(_) => {}
        }
    }
}

/// Returns the TeX of a formula with its clozes filled in.
#[must_use]
pub fn join_tex(parts: &[TexPart]) -> String {
    let part = |part: &TexPart| match part {
        TexPart::Tex(tex) => tex.clone(),
        TexPart::Cloze(_, inner, _) => join_tex(inner),
    };
    parts.iter().map(part).collect()
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
    let pieces = cloze_marks::split(&plain, body);
    let file = body.blocks.file;
    let text = context.sources.text(file);
    let vault_links = context.sources.vault_links(file);
    let pieces = links::mark(pieces, text, vault_links).into();
    TreeReader { context, pieces, text, file, footnotes, used, depth: 0, is_highlight: false }
        .blocks()
}
