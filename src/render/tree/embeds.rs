//! Finds what was embedded from a vault.

use std::ops::Range;

use super::super::cloze_marks::Piece;
use super::reader::TreeReader;
use crate::source::{VaultLink, VaultLinkKind};

impl<'b> TreeReader<'_, 'b> {
    /// Returns the reference to the vault that begins where an event does.
    pub(super) fn vault_link(
        &self,
        place: &Range<usize>,
        kind: VaultLinkKind,
    ) -> Option<&'b VaultLink> {
        let links = self.context.sources.vault_links(self.file);
        let first = links.partition_point(|link| link.range.start < place.start);
        let mut here = links[first..].iter().take_while(|link| link.range.start == place.start);
        here.find(|link| link.kind == kind)
    }

    /// Returns the embedded note whose blocks come next, if none of them goes on behind it.
    pub(super) fn note_embed(&self) -> Option<&'b VaultLink> {
        let Some(Piece::Event(_, range)) = self.pieces.front() else { return None };
        let note = self.vault_link(range, VaultLinkKind::Note)?;
        let behind = &self.text[note.range.end..];
        let end = note.range.end + behind.len() - behind.trim_start().len();
        let mut places = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Event(_, range) => Some(range),
            Piece::Mark(_) | Piece::Tex(_) => None,
        });
        let is_whole = places
            .by_ref()
            .take_while(|place| place.start < note.range.end)
            .all(|place| place.end <= end);
        is_whole.then_some(note)
    }
}
