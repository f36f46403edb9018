//! Puts marks around the pieces that were links to notes of a vault.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, TagEnd};

use super::super::cloze_marks::Piece;
use super::super::placeholder::VAULT_LINK;
use super::reader::is_block;
use crate::source::{VaultLink, VaultLinkKind};

/// Puts a mark before and behind the pieces of each link. The first one holds its target.
pub(super) fn mark<'e>(pieces: Vec<Piece<'e>>, text: &str, links: &[VaultLink]) -> Vec<Piece<'e>> {
    let ranges = || pieces.iter().filter_map(place);
    let (Some(start), Some(end)) =
        (ranges().map(|range| range.start).min(), ranges().map(|range| range.end).max())
    else {
        return pieces;
    };
    let first = links.partition_point(|link| link.range.start < start);
    let within = links[first..].iter().take_while(|link| link.range.start < end);
    let within = within.filter(|link| link.range.end <= end);
    let [open_link, open_note, close] = VAULT_LINK;
    let mut marks: Vec<(usize, String)> = Vec::new();
    for link in within {
        let open = match link.kind {
            VaultLinkKind::Link => open_link,
            VaultLinkKind::Note if is_line(&pieces, &link.range) => open_note,
            VaultLinkKind::Note | VaultLinkKind::Media => continue,
        };
        marks.push((link.range.start, format!("{open}{}", link.target)));
        marks.push((link.range.end, close.to_string()));
    }
    if marks.is_empty() {
        return pieces;
    }
    // Links may be within an embedded note.
    marks.sort_by_key(|(at, _)| *at);
    let mut marks = marks.into_iter().peekable();
    let mut out = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let Piece::Event(event, range) = piece else {
            out.push(piece);
            continue;
        };
        // A link is within a block, and around the marks of its text.
        let is_before = |at: usize| match &event {
            Event::End(
                TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image,
            ) => at < range.end,
            Event::End(_) => at <= range.end,
            Event::Start(tag) if is_block(tag) => at < range.start,
            _ => at <= range.start,
        };
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

/// Returns whether a range is a part of a line, without a block.
fn is_line(pieces: &[Piece<'_>], range: &Range<usize>) -> bool {
    let opens_block = |piece: &Piece<'_>| {
        let Piece::Event(event, place) = piece else { return false };
        let is_within = range.start <= place.start && place.start < range.end;
        is_within && matches!(event, Event::Start(tag) if is_block(tag))
    };
    !pieces.iter().any(opens_block)
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
