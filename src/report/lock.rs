//! What was done with the lock.

use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use super::{Reporter, Style, amount};
use crate::identity::lock::{Carried, Confirmed};

impl<W: Write> Reporter<W> {
    /// Says how many questions were forgotten.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn pruned(&mut self, count: usize) -> io::Result<()> {
        match self.style {
            Style::Json => writeln!(self.to, "{}", json!({"reason": "pruned", "questions": count})),
            _ if self.quiet => Ok(()),
            _ => writeln!(self.to, "{} forgotten", amount(count, "retired question")),
        }
    }

    /// Says which questions were confirmed, and what they asked before.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn confirmed(&mut self, all: &[Confirmed]) -> io::Result<()> {
        if self.style == Style::Json {
            for Confirmed { id, old, question } in all {
                let line =
                    json!({"reason": "confirmed", "id": id, "old": old, "question": question});
                writeln!(self.to, "{line}")?;
            }
            return writeln!(self.to, "{}", json!({"reason": "accepted", "questions": all.len()}));
        }
        if self.quiet {
            return Ok(());
        }
        for Confirmed { id, old, question } in all {
            writeln!(self.to, "  {id}  {} → {}", in_one_line(old), in_one_line(question))?;
        }
        writeln!(self.to, "{} confirmed", amount(all.len(), "question"))
    }

    /// Says which questions are in another lock now.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn carried(&mut self, all: &[Carried], to: &Path) -> io::Result<()> {
        if self.style == Style::Json {
            for Carried { id, question } in all {
                let line = json!({"reason": "carried", "id": id, "question": question, "to": to});
                writeln!(self.to, "{line}")?;
            }
            return Ok(());
        }
        if self.quiet {
            return Ok(());
        }
        for Carried { id, question } in all {
            writeln!(self.to, "  {id}  {}", in_one_line(question))?;
        }
        writeln!(self.to, "{} carried over to `{}`", amount(all.len(), "question"), to.display())
    }
}

fn in_one_line(question: &str) -> String {
    question.replace('\n', " ")
}
