//! Trees for a markup without HTML.

use super::line::{Line, trim_line};
use super::{Block, Callout, Inline, Media, TexPart, TextStyle, join_tex};
use crate::markdown::html;

/// Converts raw HTML to text and media, formulas with clozes to clozes, and what is neither a text
/// nor known to every app to its text.
#[must_use]
pub fn to_plain(blocks: Vec<Block>) -> Vec<Block> {
    blocks.into_iter().filter_map(plain_block).collect()
}

fn plain_block(block: Block) -> Option<Block> {
    Some(match block {
        Block::Text(line) => {
            let line = trim_line(plain_line(line));
            return (!line.is_empty()).then_some(Block::Text(line));
        }
        Block::Html(html) => return plain_block(Block::Text(vec![Inline::Html(html)])),
        Block::Heading(level, line) => Block::Heading(level, trim_line(plain_line(line))),
        Block::Term(line) => Block::Term(trim_line(plain_line(line))),
        Block::Code(lang, code) => Block::Code(lang, code.trim_end_matches('\n').to_owned()),
        Block::List(first, items) => Block::List(first, items.into_iter().map(to_plain).collect()),
        Block::Table(alignments, rows) => {
            let row = |row: Vec<Vec<Inline>>| row.into_iter().map(plain_cell).collect();
            Block::Table(alignments, rows.into_iter().map(row).collect())
        }
        Block::Quote(callout, blocks) => {
            let title = |callout: Callout| {
                let title = trim_line(plain_line(callout.title));
                Callout { title, ..callout }
            };
            Block::Quote(callout.map(title), to_plain(blocks))
        }
        Block::Definition(blocks) => Block::Definition(to_plain(blocks)),
        Block::Footnote(number, blocks) => Block::Footnote(number, to_plain(blocks)),
        Block::Rule => Block::Rule,
    })
}

fn plain_cell(cell: Vec<Inline>) -> Vec<Inline> {
    trim_line(plain_line(cell))
}

/// Converts inline nodes; adjacent texts become one.
pub(super) fn plain_line(pieces: Vec<Inline>) -> Vec<Inline> {
    let mut line = Line::default();
    push_line(pieces, &mut line);
    line.finish()
}

fn push_line(pieces: Vec<Inline>, line: &mut Line) {
    for piece in pieces {
        match piece {
            Inline::Text(text) => line.push_text(&text),
            Inline::SoftBreak => line.space(),
            Inline::Html(html) => push_html(&html, line),
            Inline::VaultLink(_, inner) | Inline::Styled(TextStyle::Highlight, inner) => {
                push_line(inner, line);
            }
            Inline::Styled(style, inner) => {
                let inner = plain_line(inner);
                if !inner.is_empty() {
                    line.push(Inline::Styled(style, inner));
                }
            }
            Inline::Link(link, inner) => line.push(Inline::Link(link, plain_line(inner))),
            Inline::Cloze(number, inner, hint) => {
                line.push(Inline::Cloze(number, plain_line(inner), hint));
            }
            Inline::ClozeFormula(parts, is_display) => line.push(join_formula(&parts, is_display)),
            piece => line.push(piece),
        }
    }
}

/// Adds raw HTML as text and embedded media.
fn push_html(html: &str, line: &mut Line) {
    let mut at = 0;
    for tag in html::tags(html) {
        let Some(source) = tag.source.clone().filter(|_| html::embeds(&tag)) else { continue };
        line.push_html(&html[at..tag.range.start]);
        at = tag.range.end;
        let target = html::decode_value(&html[source]).into_owned();
        let alt_text = html::alt_text(&html[tag.range.clone()]);
        let alt_text = alt_text.unwrap_or_default().into_owned();
        line.push(Inline::Media(Media { target, alt_text, ..Media::default() }));
    }
    line.push_html(&html[at..]);
}

/// Makes one cloze of a formula with clozes, since TeX that is cut into pieces is invalid.
fn join_formula(parts: &[TexPart], is_display: bool) -> Inline {
    let (mut number, mut hint) = (None, None);
    find_cloze(parts, &mut number, &mut hint);
    let math = Inline::Math(join_tex(parts), is_display);
    match number {
        Some(number) => Inline::Cloze(number, vec![math], hint),
        None => math,
    }
}

/// Finds the first number and the first hint.
fn find_cloze(parts: &[TexPart], number: &mut Option<u16>, hint: &mut Option<String>) {
    for part in parts {
        if let TexPart::Cloze(own, inner, about) = part {
            *number = number.or(Some(*own));
            find_cloze(inner, number, hint);
            *hint = hint.take().or_else(|| about.clone());
        }
    }
}

/// Makes one cloze of each formula with clozes.
pub fn join_formulas(blocks: &mut [Block]) {
    for block in blocks {
        match block {
            Block::Text(line) | Block::Heading(_, line) | Block::Term(line) => join_in_line(line),
            Block::List(_, items) => items.iter_mut().for_each(|item| join_formulas(item)),
            Block::Table(_, rows) => rows.iter_mut().flatten().for_each(|cell| join_in_line(cell)),
            Block::Quote(_, inner) | Block::Definition(inner) | Block::Footnote(_, inner) => {
                join_formulas(inner);
            }
            Block::Code(..) | Block::Rule | Block::Html(_) => {}
        }
    }
}

fn join_in_line(line: &mut [Inline]) {
    for piece in line {
        match piece {
            Inline::ClozeFormula(parts, is_display) => {
                *piece = join_formula(parts, *is_display);
            }
            Inline::Styled(_, inner)
            | Inline::Link(_, inner)
            | Inline::VaultLink(_, inner)
            | Inline::Cloze(_, inner, _) => join_in_line(inner),
            _ => {}
        }
    }
}
