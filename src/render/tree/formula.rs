//! Reads formulas with clozes.

use std::collections::VecDeque;

use super::super::cloze_marks::Piece;
use super::super::placeholder::CLOZE;
use super::{TexPart, join_tex};

/// Reads the parts of a formula up to one of some marks, which is not consumed.
pub(super) fn read_tex(pieces: &mut VecDeque<Piece<'_>>, ends: &[char]) -> Vec<TexPart> {
    let [_, _, hint, close] = CLOZE;
    let mut parts = Vec::new();
    while let Some(piece) = pieces.front() {
        if matches!(piece, Piece::Mark(mark) if mark.starts_with(ends)) {
            break;
        }
        match pieces.pop_front() {
            Some(Piece::Tex(tex)) => parts.push(TexPart::Tex(tex)),
            Some(Piece::Mark(mark)) => {
                let Some(number) = cloze_number(&mark) else { continue };
                let ends = [ends, &[hint, close]].concat();
                let inner = read_tex(pieces, &ends);
                let mut about = None;
                if pop_mark(pieces, hint) {
                    about = Some(join_tex(&read_tex(pieces, &ends)));
                }
                pop_mark(pieces, close);
                parts.push(TexPart::Cloze(number, inner, about));
            }
            Some(Piece::Event(..)) | None => {}
        }
    }
    parts
}

/// Consumes a mark, if it comes next.
pub(super) fn pop_mark(pieces: &mut VecDeque<Piece<'_>>, sign: char) -> bool {
    let is_next = matches!(pieces.front(), Some(Piece::Mark(mark)) if mark.starts_with(sign));
    if is_next {
        pieces.pop_front();
    }
    is_next
}

/// Returns the number in the mark that opens a cloze.
pub(super) fn cloze_number(mark: &str) -> Option<u16> {
    let [open, numbered, ..] = CLOZE;
    mark.strip_prefix(open)?.strip_suffix(numbered)?.parse().ok()
}
