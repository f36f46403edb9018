//! What a new folder of notes holds, and what to do with it.

use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use super::{Reporter, Style};

/// The commands to type next, and what they do.
const NEXT: &[(&str, &str)] = &[
    ("deckpress build", "presses the decks into `out`: import the `.apkg` file into Anki"),
    ("deckpress check", "reports what is wrong in your notes"),
    ("deckpress watch", "builds again whenever you save"),
];

impl<W: Write> Reporter<W> {
    /// Says that a file was made, or was there already.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn begun(&mut self, path: &Path, is_new: bool) -> io::Result<()> {
        let reason = if is_new { "created" } else { "present" };
        match self.style {
            Style::Json => writeln!(self.to, "{}", json!({"reason": reason, "path": path})),
            _ if self.quiet => Ok(()),
            _ if is_new => writeln!(self.to, "  {}", path.display()),
            _ => writeln!(self.to, "  {} was there already, and stays as it is", path.display()),
        }
    }

    /// Says what to type next, in a folder if it is not this one.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn next(&mut self, folder: Option<&Path>) -> io::Result<()> {
        if self.style == Style::Json || self.quiet {
            return Ok(());
        }
        match folder {
            Some(folder) => writeln!(self.to, "\nNext, in `{}`:", folder.display())?,
            None => writeln!(self.to, "\nNext:")?,
        }
        for (command, about) in NEXT {
            writeln!(self.to, "  {command}  {about}")?;
        }
        Ok(())
    }
}
