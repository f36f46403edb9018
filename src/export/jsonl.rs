//! A question per line as data (JSON Lines), for programs that read a line at a time.
//!
//! The records are those of `json`; what that says of decks and files besides is left out.

use super::{Input, Outputs, add_media, media_of, record, rendered, shown};
use crate::identity::Note;

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<()> {
    let line = |note: &Note<'_>| serde_json::to_vec(&record::of(input, note));
    outputs.add(&input.path(), |file| {
        for line in rendered(input.notes, line) {
            file.write_all(&line?)?;
            file.write_all(b"\n")?;
        }
        Ok(())
    })?;
    let media = media_of(input, shown(input.notes), |_| true);
    add_media(outputs, "media/", &media)
}
