//! One question per line as JSON (JSON Lines), for programs that read a line at a time. The records
//! are those of the target `json`, without its decks and files.

use super::{Input, Outputs, add_media, card_excerpts, find_media, record, render_in_order};
use crate::identity::Note;

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<()> {
    let line = |note: &Note<'_>| serde_json::to_vec(&record::build(input, note));
    outputs.add(&input.path(), |file| {
        for line in render_in_order(input.notes, line) {
            file.write_all(&line?)?;
            file.write_all(b"\n")?;
        }
        Ok(())
    })?;
    let media = find_media(input, card_excerpts(input.notes), |_| true);
    add_media(outputs, "media/", &media)
}
