//! What a pull brings home, as a person or a program reads it.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};
use serde_json::{Value, json};

use super::push::note_line;
use super::{Reporter, Style, amount};
use crate::connect::diff::DiffLine;
use crate::driver::collection::Named;
use crate::driver::pull::{Draft, Left};

impl<W: Write> Reporter<W> {
    /// Shows what a pull brings home, and what it does not.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn pull_draft(&mut self, draft: &Draft<'_>, is_dry: bool) -> io::Result<()> {
        if self.style == Style::Json {
            for line in machine(draft) {
                writeln!(self.to, "{line}")?;
            }
            return Ok(());
        }
        let style = |paint: Paint| if self.color { paint } else { Paint::new() };
        let (bold, dim) = (style(Paint::new().bold()), style(Paint::new().dimmed()));
        let place = |note: &Named| {
            let sources = &draft.compiled.sources;
            format!("{}:{}", sources.display(note.span.file), sources.position(note.span).0)
        };
        let asked = |note: &Named| note.question.replace('\n', " ");
        if !self.quiet {
            if !draft.brought.is_empty() {
                writeln!(self.to, "{bold}Edited in Anki{bold:#}")?;
            }
            for (note, parts) in &draft.brought {
                let (asked, place, parts) = (asked(note), place(note), parts.join(", "));
                writeln!(self.to, "  {asked} ({parts})  {dim}{place}{dim:#}")?;
            }
            for path in draft.media.keys() {
                let path = display_media(draft, path);
                writeln!(self.to, "  {path}  {dim}from Anki's media{dim:#}")?;
            }
            for (path, lines) in &draft.files {
                writeln!(self.to, "\n{bold}{path}{bold:#}")?;
                self.hunk("  ", lines)?;
            }
            if !draft.brought.is_empty() {
                writeln!(self.to)?;
            }
        }
        if !draft.left.is_empty() {
            writeln!(
                self.to,
                "{bold}Edited in Anki, and not brought home{bold:#} (- in the file, + in Anki)"
            )?;
        }
        for Left { note, field, reason, lines } in &draft.left {
            let (asked, place, why) = (asked(note), place(note), reason.describe());
            writeln!(self.to, "  {bold}! {asked}{bold:#}  {dim}{place}{dim:#} {{{}}}", note.id)?;
            writeln!(self.to, "    {field}: {why}")?;
            self.hunk("      ", lines)?;
        }
        if !draft.left.is_empty() {
            writeln!(self.to)?;
        }
        if self.quiet {
            return Ok(());
        }
        let verb = if is_dry { "would be brought home" } else { "brought home" };
        let count: usize = draft.brought.iter().map(|(_, parts)| parts.len()).sum();
        let left = match draft.left.len() {
            0 => String::new(),
            left => format!(", {left} left"),
        };
        writeln!(self.to, "{}: {} {verb}{left}", draft.profile, amount(count, "edit"))
    }

    fn hunk(&mut self, indent: &str, lines: &[DiffLine]) -> io::Result<()> {
        let style = |paint: Paint| if self.color { paint } else { Paint::new() };
        for DiffLine { sign, text } in lines {
            let paint = match sign {
                '-' => style(AnsiColor::Red.on_default()),
                '+' => style(AnsiColor::Green.on_default()),
                _ => Paint::new(),
            };
            writeln!(self.to, "{indent}{paint}{sign} {text}{paint:#}")?;
        }
        Ok(())
    }
}

/// Returns the path of a file below the content folder as a person would type it.
fn display_media(draft: &Draft<'_>, path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    format!("{}{name}", draft.compiled.sources.display_folder(folder))
}

fn machine(draft: &Draft<'_>) -> Vec<Value> {
    let sources = &draft.compiled.sources;
    let note = |reason: &str, named: &Named| note_line(sources, reason, named);
    let mut lines: Vec<Value> = Vec::new();
    for (named, parts) in &draft.brought {
        let mut line = note("pulled", named);
        line["parts"] = json!(parts);
        lines.push(line);
    }
    for path in draft.media.keys() {
        lines.push(json!({"reason": "media", "file": display_media(draft, path)}));
    }
    for Left { note: named, field, reason, lines: hunk } in &draft.left {
        let mut line = note("left", named);
        line["field"] = json!(field);
        line["why"] = json!(reason.describe());
        let hunk: Vec<String> = hunk.iter().map(|it| format!("{}{}", it.sign, it.text)).collect();
        line["hunk"] = json!(hunk);
        lines.push(line);
    }
    let count: usize = draft.brought.iter().map(|(_, parts)| parts.len()).sum();
    let (profile, left) = (draft.profile, draft.left.len());
    lines.push(json!({"reason": "pull", "profile": profile, "pulled": count, "left": left}));
    lines
}
