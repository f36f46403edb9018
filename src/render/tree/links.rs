//! Puts marks around the pieces that were links to notes of a vault.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event};

use super::super::cloze_marks::Piece;
use super::super::placeholder::VAULT_LINK;
use crate::source::VaultLink;

/// Puts a mark before and behind the pieces of each link. The first one holds its target.
pub(super) fn mark<'e>(pieces: Vec<Piece<'e>>, text: &str, links: &[VaultLink]) -> Vec<Piece<'e>> {
    let ranges = || pieces.iter().filter_map(place);
    let (Some(start), Some(end)) =
        (ranges().map(|range| range.start).min(), ranges().map(|range| range.end).max())
    else {
        return pieces;
    };
    let first = links.partition_point(|link| link.range.start < start);
    let within = links[first..].iter().take_while(|link| link.range.end <= end);
    let [open, close] = VAULT_LINK;
    let mut marks: Vec<(usize, String)> = Vec::new();
    for link in within.filter(|link| !link.is_embed) {
        marks.push((link.range.start, format!("{open}{}", link.target)));
        marks.push((link.range.end, close.to_string()));
    }
    if marks.is_empty() {
        return pieces;
    }
    let mut marks = marks.into_iter().peekable();
    let mut out = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let Piece::Event(event, range) = piece else {
            out.push(piece);
            continue;
        };
        let is_end = matches!(event, Event::End(_));
        let is_before = |at: usize| if is_end { at < range.end } else { at <= range.start };
        while let Some((_, mark)) = marks.next_if(|(at, _)| is_before(*at)) {
            out.push(Piece::Mark(mark));
        }
        let is_text = matches!(&event, Event::Text(part) if text[range.clone()] == **part);
        let mut at = range.start;
        while is_text && let Some((to, mark)) = marks.next_if(|(to, _)| *to < range.end) {
            out.push(text_piece(text, at..to));
            out.push(Piece::Mark(mark));
            at = to;
        }
        out.push(if at > range.start {
            text_piece(text, at..range.end)
        } else {
            Piece::Event(event, range)
        });
    }
    out.extend(marks.map(|(_, mark)| Piece::Mark(mark)));
    out
}

fn place<'p>(piece: &'p Piece<'_>) -> Option<&'p Range<usize>> {
    match piece {
        Piece::Event(_, range) => Some(range),
        Piece::Mark(_) | Piece::Tex(_) => None,
    }
}

fn text_piece<'e>(text: &str, range: Range<usize>) -> Piece<'e> {
    let part = CowStr::from(text[range.clone()].to_owned());
    Piece::Event(Event::Text(part), range)
}
