//! Reads formulas with clozes.

use super::super::cloze_marks::Piece;
use super::super::placeholder::CLOZE;
use super::reader::TreeReader;
use super::{TexPart, join_tex};

impl TreeReader<'_, '_> {
    /// Reads the parts of a formula up to one of some marks, which is not consumed.
    pub(super) fn tex_parts(&mut self, ends: &[char]) -> Vec<TexPart> {
        let [_, _, hint, close] = CLOZE;
        let mut parts = Vec::new();
        while let Some(piece) = self.pieces.front() {
            if matches!(piece, Piece::Mark(mark) if mark.starts_with(ends)) {
                break;
            }
            match self.pieces.pop_front() {
                Some(Piece::Tex(tex)) => parts.push(TexPart::Tex(tex)),
                Some(Piece::Mark(mark)) => {
                    let Some(number) = cloze_number(&mark) else { continue };
                    let ends = [ends, &[hint, close]].concat();
                    let inner = self.tex_parts(&ends);
                    let mut about = None;
                    if self.pop_mark(hint) {
                        about = Some(join_tex(&self.tex_parts(&ends)));
                    }
                    self.pop_mark(close);
                    parts.push(TexPart::Cloze(number, inner, about));
                }
                Some(Piece::Event(..)) | None => {}
            }
        }
        parts
    }
}

/// Returns the number in the mark that opens a cloze.
pub(super) fn cloze_number(mark: &str) -> Option<u16> {
    let [open, numbered, ..] = CLOZE;
    mark.strip_prefix(open)?.strip_suffix(numbered)?.parse().ok()
}
