//! Writing the lock.

use std::io::Write;

use rayon::prelude::*;
use serde::Serialize;

use super::line;
use super::object::object;
use super::{END, Entry, Lock, Rest, Stamp, VERSION, note_type};

#[derive(Serialize)]
struct Header<'h> {
    deckpress_lock: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<&'h Stamp>,
}

impl Lock {
    /// Writes the lock as it is on the disk.
    ///
    /// # Errors
    /// If `out` fails.
    pub fn write(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let mut head = Vec::new();
        let header = Header { deckpress_lock: VERSION, style: self.style.as_ref() };
        push_line(&mut head, &header, &self.rest)?;
        for note_type in &self.note_types {
            push_line(&mut head, &note_type::of(note_type), &note_type.rest)?;
        }
        self.others.iter().for_each(|other| head.extend([other.as_bytes(), b"\n"].concat()));
        out.write_all(&head)?;
        let lines = |entries: &[Entry]| {
            entries.iter().try_fold(Vec::new(), |mut text, entry| {
                push_line(&mut text, &line::of(entry), &entry.rest)?;
                anyhow::Ok(text)
            })
        };
        // So many lines are in memory at a time.
        for window in self.entries.chunks(1 << 14) {
            let parts: Vec<_> = window.par_chunks(1 << 9).map(lines).collect::<Result<_, _>>()?;
            parts.iter().try_for_each(|part| out.write_all(part))?;
        }
        writeln!(out, "{END}")?;
        Ok(())
    }
}

/// Adds an object in a line of its own, and what else was in it.
fn push_line(text: &mut Vec<u8>, line: &impl Serialize, rest: &Rest) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *text, line)?;
    if !rest.is_empty() {
        text.pop();
        text.push(b',');
        text.extend_from_slice(&object(rest).as_bytes()[1..]);
    }
    text.push(b'\n');
    Ok(())
}
