//! What was imported.

use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use super::{Reporter, Style, amount};
use crate::driver::import::Imported;
use crate::driver::restore::Restored;

/// So many files that are nowhere are named.
const MOST_MISSING: usize = 5;

/// How notes that are in Anki become notes of ours, and keep their reviews.
const CHANGE_OF_TYPE: &str = "\
To keep the reviews of these notes in Anki, after a build:
  1. back up your collection: File > Create Backup
  2. import the package once, with `Merge note types` NOT ticked: this brings the note types of
     deckpress. Ticked, it would put reviews on the wrong cards
  3. in the browser, select the notes of one note type, then Notes > Change Note Type, and choose
     `Deckpress Q&A`, or `Deckpress Cloze` for notes with gaps. The fields that Anki proposes are right.
     The cards need a look, as Anki pairs them by their names: the first card becomes `Recall`, and the
     one that asks the other way round `Reverse`. Cards of more templates are deleted with their
     reviews: leave such notes in their note type. Do so for each note type
  4. import the package again, with `Update notes: Always`, and `Merge note types` NOT ticked
The change of note types makes the next sync a full one, in one direction: choose `Upload`.
Or, with Anki open and its add-on AnkiConnect, `deckpress push --adopt` does it without all this.
";

impl<W: Write> Reporter<W> {
    /// Says what a package has brought, or would bring, and what is lost of it.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn imported(
        &mut self,
        package: &Path,
        content: &Path,
        imported: &Imported,
        is_dry: bool,
    ) -> io::Result<()> {
        if self.style == Style::Json {
            let losses: Vec<_> = imported
                .losses
                .iter()
                .map(|(what, (count, first))| json!({"what": what, "notes": count, "first": first}))
                .collect();
            let line = json!({
                "reason": "imported",
                "package": package,
                "content": content,
                "dry_run": is_dry,
                "notes": imported.notes,
                "decks": imported.decks,
                "known": imported.known,
                "retired": imported.retired,
                "files": imported.files,
                "note_types": imported.note_types.iter().map(|(name, _)| name).collect::<Vec<_>>(),
                "media": imported.media,
                "missing": imported.missing,
                "reviews": imported.reviews,
                "losses": losses,
            });
            return writeln!(self.to, "{line}");
        }
        if self.quiet {
            return Ok(());
        }
        let name = package.display();
        let there = match imported.known {
            0 => String::new(),
            known => format!("; {} there already", were(known, "note")),
        };
        if imported.notes == 0 {
            writeln!(self.to, "`{name}` brings nothing new{there}")?;
        } else {
            let verb = if is_dry { "would come" } else { "imported" };
            writeln!(
                self.to,
                "{} {verb} from `{name}`, in {}, with {}{there}",
                amount(imported.notes, "note"),
                amount(imported.decks, "deck"),
                amount(imported.media, "media file"),
            )?;
        }
        if imported.retired > 0 {
            let verb = if imported.retired == 1 { "was" } else { "were" };
            writeln!(
                self.to,
                "  {} of these {verb} taken out of the content; after `deckpress lock prune` an \
                 import brings them again",
                imported.retired
            )?;
        }
        for path in &imported.files {
            writeln!(self.to, "  {}", content.join(path).display())?;
        }
        for (name, count) in &imported.note_types {
            writeln!(self.to, "  the note type `{name}` has {}", amount(*count, "note"))?;
        }
        for (what, (count, first)) in &imported.losses {
            let first = if first.is_empty() { String::new() } else { format!(": `{first}`") };
            writeln!(self.to, "  {}: {what}{first}", amount(*count, "note"))?;
        }
        if !imported.missing.is_empty() {
            let count = amount(imported.missing.len(), "media file");
            let shown = imported.missing.iter().take(MOST_MISSING).map(|name| format!("`{name}`"));
            let more = if imported.missing.len() > MOST_MISSING { " and others" } else { "" };
            let shown = shown.collect::<Vec<_>>().join(", ");
            writeln!(self.to, "  {count} not in the package: {shown}{more}")?;
            writeln!(self.to, "  a build needs them beside the others, or their references gone")?;
        }
        if imported.reviews > 0 {
            let reviews = amount(usize::try_from(imported.reviews).unwrap_or(usize::MAX), "review");
            writeln!(self.to, "  {reviews} stay in Anki, and with the notes when they come back")?;
        }
        if !is_dry && imported.notes > 0 {
            writeln!(self.to, "next: `deckpress build {}`", content.display())?;
        }
        Ok(())
    }
}

impl<W: Write> Reporter<W> {
    /// Says how notes that are in Anki become notes of ours.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn change_of_type(&mut self) -> io::Result<()> {
        let is_read = !self.quiet && self.style != Style::Json;
        if is_read { write!(self.to, "\n{CHANGE_OF_TYPE}") } else { Ok(()) }
    }
}

impl<W: Write> Reporter<W> {
    /// Says what of a lost lock came back.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn restored(
        &mut self,
        package: &Path,
        restored: &Restored,
        is_dry: bool,
    ) -> io::Result<()> {
        let &Restored { questions, unknown, known } = restored;
        if self.style == Style::Json {
            let line = json!({
                "reason": "restored",
                "package": package,
                "dry_run": is_dry,
                "questions": questions,
                "unknown": unknown,
                "known": known,
            });
            return writeln!(self.to, "{line}");
        }
        if self.quiet {
            return Ok(());
        }
        let verb = if is_dry { "would get" } else { "got" };
        let count = amount(questions, "question");
        writeln!(self.to, "{count} {verb} the id and times of `{}`", package.display())?;
        if known > 0 {
            writeln!(self.to, "  {} in the lock already", were(known, "question"))?;
        }
        if unknown > 0 {
            writeln!(self.to, "  {} not found there", were(unknown, "question"))?;
        }
        Ok(())
    }
}

fn were(count: usize, noun: &str) -> String {
    format!("{} {}", amount(count, noun), if count == 1 { "was" } else { "were" })
}
