//! What a watch says between builds.

use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use super::{Reporter, Style};

impl<W: Write> Reporter<W> {
    /// Says that a watch has begun.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn watching(&mut self, content: &Path) -> io::Result<()> {
        match self.style {
            Style::Json => {
                writeln!(self.to, "{}", json!({"reason": "watching", "content": content}))
            }
            _ if self.quiet => Ok(()),
            _ => writeln!(self.to, "watching `{}`; Ctrl-C ends it", content.display()),
        }
    }

    /// Says where the cards are shown.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn previewing(&mut self, content: &Path, address: &str) -> io::Result<()> {
        match self.style {
            Style::Json => {
                let line = json!({"reason": "preview", "content": content, "address": address});
                writeln!(self.to, "{line}")
            }
            _ => writeln!(
                self.to,
                "the cards of `{}` are at {address}\n  Ctrl-C ends it",
                content.display()
            ),
        }
    }

    /// Says that there is nothing to watch any more.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn gone(&mut self, content: &Path) -> io::Result<()> {
        match self.style {
            Style::Json => writeln!(self.to, "{}", json!({"reason": "gone", "content": content})),
            _ => writeln!(self.to, "`{}` is gone; waiting until it is back", content.display()),
        }
    }
}
