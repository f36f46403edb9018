//! What was recognised in the content, and what was left out.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::Style as Paint;
use serde_json::json;

use super::{Reporter, Style, amount, shorten};
use crate::compile::Compiled;
use crate::config;
use crate::markdown;
use crate::model::{Deck, Question, SectionKind, Shared, Topic};
use crate::source::{FileId, Span};

/// The questions of a file.
type Recognised<'p> = Vec<(&'p Deck, &'p Topic, &'p Question)>;

/// A text that belongs to no question, and why.
type Left = (Span, &'static str);

/// How much of a line that is left out is shown.
const SHOWN: usize = 60;

impl<W: Write> Reporter<W> {
    /// Lists every question and every text that belongs to none, file by file.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn inspected(&mut self, compiled: &Compiled) -> io::Result<()> {
        let Compiled { sources, library, .. } = compiled;
        let mut files: Vec<(&str, Recognised<'_>, Vec<Left>)> = Vec::new();
        let mut places: BTreeMap<FileId, usize> = BTreeMap::new();
        let is_settings =
            |path: &str| path == config::FILE_NAME || config::note_type::is_part(path);
        for (file, source) in sources.iter().filter(|(_, it)| !is_settings(&it.path)) {
            places.insert(file, files.len());
            files.push((&source.path, Vec::new(), Vec::new()));
        }
        let place = |span: Span| places.get(&span.file).copied();
        for found in library.questions().filter(|(_, _, question)| !question.is_broken) {
            if let Some(at) = place(found.2.span) {
                files[at].1.push(found);
            }
        }
        for left in &library.left {
            if let Some(at) = place(left.0) {
                files[at].2.push(*left);
            }
        }
        self.shared(compiled)?;
        let (mut questions, mut lines) = (0, 0);
        for (path, found, left) in &files {
            questions += found.len();
            lines += left.iter().map(|(span, _)| lines_of(compiled, *span)).sum::<usize>();
            self.file(compiled, path, found, left)?;
        }
        if self.style == Style::Json {
            let line =
                json!({"reason": "summary", "questions": questions, "left_out_lines": lines});
            return writeln!(self.to, "{line}");
        }
        writeln!(
            self.to,
            "{} in {}, {} left out",
            amount(questions, "question"),
            amount(files.len(), "file"),
            amount(lines, "line")
        )
    }

    /// Says what was found out for the files of a folder together.
    fn shared(&mut self, compiled: &Compiled) -> io::Result<()> {
        for Shared { folder, what, files, of } in &compiled.library.shared {
            let folder = compiled.sources.display_folder(folder);
            if self.style == Style::Json {
                let record = json!({
                    "reason": "folder", "folder": folder, "what": what, "files": files, "of": of,
                });
                writeln!(self.to, "{record}")?;
            } else {
                writeln!(self.to, "{folder}: {what} ({files} of {})", amount(*of, "file"))?;
            }
        }
        let is_told = self.style != Style::Json && !compiled.library.shared.is_empty();
        if is_told { writeln!(self.to) } else { Ok(()) }
    }

    fn file(
        &mut self,
        compiled: &Compiled,
        path: &str,
        found: &Recognised<'_>,
        left: &[Left],
    ) -> io::Result<()> {
        let sources = &compiled.sources;
        if self.style == Style::Human {
            let bold = if self.color { Paint::new().bold() } else { Paint::new() };
            writeln!(self.to, "{bold}{path}{bold:#}")?;
        }
        let mut above = None;
        for (deck, topic, question) in found {
            let (line, _) = sources.position(question.span);
            let says = markdown::question_text(sources, &compiled.library, question);
            let length = answer_length(compiled, question);
            let convention = question.convention.name();
            if self.style == Style::Json {
                let record = json!({
                    "reason": "question", "file": sources.display(question.span.file),
                    "line": line, "convention": convention, "question": says,
                    "answer_length": length, "deck": deck.title, "topic": topic.path,
                });
                writeln!(self.to, "{record}")?;
                continue;
            }
            let place = std::iter::once(&deck.title).chain(&topic.path);
            let place = place.map(String::as_str).collect::<Vec<_>>().join(" ▸ ");
            if above.as_ref() != Some(&place) {
                writeln!(self.to, "  {place}")?;
                above = Some(place);
            }
            let says = says.replace('\n', " ");
            writeln!(self.to, "    {line:>5}  {convention:<13} {length:>6}  {says}")?;
        }
        for (span, why) in left {
            let (line, _) = sources.position(*span);
            let count = lines_of(compiled, *span);
            let text = markdown::fold(sources.slice(*span));
            if self.style == Style::Json {
                let record = json!({
                    "reason": "left-out", "file": sources.display(span.file), "line": line,
                    "end_line": line + count - 1, "lines": count, "why": why, "text": text,
                });
                writeln!(self.to, "{record}")?;
                continue;
            }
            let shown = shorten(&text, SHOWN);
            let lines = if count == 1 { String::new() } else { format!(" ({count} lines)") };
            writeln!(self.to, "    {line:>5}  left out: {why}{lines}: {shown}")?;
        }
        if self.style == Style::Json { Ok(()) } else { writeln!(self.to) }
    }
}

fn lines_of(compiled: &Compiled, span: Span) -> usize {
    compiled.sources.slice(span).lines().count().max(1)
}

/// Returns how many characters the answer has, and what goes with it, without markup.
fn answer_length(compiled: &Compiled, question: &Question) -> usize {
    let definitions = &compiled.library.definitions[question.span.file.index()];
    let told = question.sections.iter().filter(|section| !section.is_hint());
    let told =
        told.filter(|section| section.kind != SectionKind::Extra || !section.body.is_empty());
    let words = told.map(|s| markdown::plain_text(&compiled.sources, definitions, &s.body));
    words.map(|words| words.chars().count()).sum()
}
