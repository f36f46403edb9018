//! Obsidian's callouts as HTML: a coloured quote with a title, or one that folds.

use std::collections::VecDeque;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Context;
use super::cloze_marks::Piece;
use crate::markdown::callout;
use crate::source::FileId;

/// Replaces the quotes that are callouts by their elements.
pub(super) fn replace<'e>(
    context: &Context<'_>,
    file: FileId,
    pieces: Vec<Piece<'e>>,
) -> Vec<Piece<'e>> {
    let is_quote =
        |piece: &Piece<'_>| matches!(piece, Piece::Event(Event::Start(Tag::BlockQuote(None)), _));
    if !context.definitions(file).is_obsidian || !pieces.iter().any(is_quote) {
        return pieces;
    }
    let text = context.sources.text(file);
    let mut out = Vec::with_capacity(pieces.len());
    // For each open quote, the end tag if it is a callout.
    let mut open: Vec<Option<&str>> = Vec::new();
    let mut pieces: VecDeque<Piece<'_>> = pieces.into();
    while let Some(piece) = pieces.pop_front() {
        match piece {
            Piece::Event(Event::Start(Tag::BlockQuote(kind)), range) => {
                let found = callout(text, &range).filter(|_| kind.is_none() && is_title(&pieces));
                let Some(callout) = found else {
                    open.push(None);
                    out.push(Piece::Event(Event::Start(Tag::BlockQuote(kind)), range));
                    continue;
                };
                let kind = callout.kind;
                let (begin, [title, title_end], end) = match callout.fold {
                    None => (
                        format!("<blockquote class=\"alert {kind}\">\n"),
                        ["<p class=\"alert-title\">", "</p>\n"],
                        "</blockquote>\n",
                    ),
                    Some(is_open) => (
                        format!(
                            "<details class=\"alert {kind}\"{}>\n",
                            if is_open { " open" } else { "" }
                        ),
                        ["<summary class=\"alert-title\">", "</summary>\n"],
                        "</details>\n",
                    ),
                };
                open.push(Some(end));
                out.push(Piece::Mark(begin));
                out.push(Piece::Mark(title.to_owned()));
                pieces.drain(..2);
                while let Some(piece) = pieces.pop_front() {
                    let is_end = matches!(piece, Piece::Event(Event::End(TagEnd::Strong), _))
                        && matches!(
                            pieces.front(),
                            Some(Piece::Event(Event::End(TagEnd::Paragraph), _))
                        );
                    if is_end {
                        break;
                    }
                    out.push(piece);
                }
                pieces.pop_front();
                out.push(Piece::Mark(title_end.to_owned()));
            }
            Piece::Event(Event::End(TagEnd::BlockQuote(kind)), range) => {
                out.push(match open.pop().flatten() {
                    Some(end) => Piece::Mark(end.to_owned()),
                    None => Piece::Event(Event::End(TagEnd::BlockQuote(kind)), range),
                });
            }
            piece => out.push(piece),
        }
    }
    out
}

/// Returns whether pieces begin with the title of a callout.
fn is_title(pieces: &VecDeque<Piece<'_>>) -> bool {
    matches!(pieces.front(), Some(Piece::Event(Event::Start(Tag::Paragraph), _)))
        && matches!(pieces.get(1), Some(Piece::Event(Event::Start(Tag::Strong), _)))
}
