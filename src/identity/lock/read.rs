//! Reading the lock, and saying what is wrong with it.

use rayon::prelude::*;
use serde::Deserialize;

use super::line::{self, Kind};
use super::object::split;
use super::{END, Lock, Rest, Stamp, VERSION, part_times};
use crate::diagnostic::{Code, Diagnostic};
use crate::identity::sketch::SketchVersion;
use crate::source::{FileId, Sources, Span};

/// The first line.
#[derive(Deserialize)]
struct Header {
    deckpress_lock: u32,
    #[serde(default)]
    style: Option<Stamp>,
    #[serde(skip)]
    rest: Rest,
}

impl Lock {
    /// Reads a lock; `None` if anything in it cannot be understood.
    #[must_use]
    pub fn read(
        sources: &Sources,
        file: FileId,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let before = diagnostics.len();
        let lines = lines(sources.original(file), file);
        let Some((first, others)) = lines.split_first() else {
            diagnostics.push(damaged(Span::new(file, 0..0), "it is empty"));
            return None;
        };
        let mut lock = Self::default();
        let mut version = VERSION;
        let mut lines = &lines[..];
        if !is_conflict(first.0) {
            lines = others;
            match header(first.0) {
                Ok(header) => {
                    version = header.deckpress_lock;
                    (lock.style, lock.rest) = (header.style, header.rest);
                }
                Err(why) => diagnostics.push(damaged(first.1, &why)),
            }
        }
        lock.is_old = version < VERSION;
        let drawn = match version {
            1 => SketchVersion::MinHash,
            2 => SketchVersion::OnePermutation,
            _ => SketchVersion::default(),
        };
        let kinds: Vec<_> = lines.par_iter().map(|(text, _)| read_line(text, drawn)).collect();
        let end = kinds.iter().position(|kind| matches!(kind, Ok(Kind::End)));
        let (mut spans, mut type_spans) = (Vec::with_capacity(kinds.len()), Vec::new());
        for ((text, span), kind) in lines.iter().zip(kinds) {
            match kind {
                Ok(Kind::Entry(entry)) => {
                    spans.push(*span);
                    lock.entries.push(*entry);
                }
                Ok(Kind::NoteType(note_type)) if !lock.is_old => {
                    type_spans.push(*span);
                    lock.note_types.push(*note_type);
                }
                // In a conflict that begins above it, it is in its place.
                Ok(Kind::Header) if is_conflict(first.0) => {}
                Ok(Kind::Header) => {
                    diagnostics.push(damaged(*span, "a header stands here once more"));
                }
                Ok(Kind::Other | Kind::NoteType(_) | Kind::End) if lock.is_old => {
                    diagnostics.push(damaged(*span, "this line is damaged: it has no `id`"));
                }
                Ok(Kind::Other) => lock.others.push((*text).to_owned()),
                Ok(Kind::End | Kind::NoteType(_)) => {}
                Err(why) => diagnostics.push(damaged(*span, &why)),
            }
        }
        let ids = lock.entries.iter().map(|entry| &entry.id).zip(spans);
        report_twins(ids, "id", "keep the line with the later `modified`", diagnostics);
        let names = lock.note_types.iter().map(|note_type| &note_type.name).zip(type_spans);
        let help = "keep the line whose `id` is in the decks that learners have";
        report_twins(names, "note type", help, diagnostics);
        match end {
            Some(end) => diagnostics.extend(goes_on(&lines[end..])),
            // What else is wrong says more.
            None if !lock.is_old && diagnostics.len() == before => {
                diagnostics.push(is_cut_off(lines.last().unwrap_or(first).1));
            }
            None => {}
        }
        if diagnostics.len() > before {
            return None;
        }
        part_times(&mut lock.entries);
        Some(lock)
    }
}

/// Returns the lines that are not blank, and where they are. A byte order mark is no part of the
/// first.
fn lines(text: &str, file: FileId) -> Vec<(&str, Span)> {
    let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
    let lines = text[at..].split_inclusive('\n').map(|line| {
        let span = Span::new(file, at..at + line.trim_end().len());
        at += line.len();
        (line.trim(), span)
    });
    lines.filter(|(text, _)| !text.is_empty()).collect()
}

fn header(text: &str) -> Result<Header, String> {
    let no_header = || "the first line is not the header of a lock".to_owned();
    let header: Header = serde_json::from_str(text).map_err(|_| no_header())?;
    if header.deckpress_lock > VERSION {
        let version = header.deckpress_lock;
        return Err(format!("it is of version {version}, which a newer deckpress wrote"));
    }
    let (_, rest) = split(text, &["deckpress_lock", "style"]).ok_or_else(no_header)?;
    Ok(Header { rest, ..header })
}

fn is_conflict(text: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| text.starts_with(mark))
}

fn read_line(text: &str, drawn: SketchVersion) -> Result<Kind, String> {
    if is_conflict(text) {
        return Err("a conflict of git is not resolved".to_owned());
    }
    line::read(text, drawn)
}

/// Says that something stands below the last line, if it does.
fn goes_on(from_the_end: &[(&str, Span)]) -> Option<Diagnostic> {
    let [(_, end), (_, below), ..] = from_the_end else { return None };
    Some(damaged(*below, "it goes on below its last line").related(*end, "the last line"))
}

fn is_cut_off(after: Span) -> Diagnostic {
    damaged(after, &format!("it is cut off: its last line, `{END}`, is missing"))
}

/// Reports names that stand twice.
fn report_twins<'n>(
    names: impl Iterator<Item = (&'n String, Span)>,
    what: &str,
    help: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut names: Vec<(&String, Span)> = names.collect();
    names.sort();
    for same in names.chunk_by(|(a, _), (b, _)| a == b) {
        let (name, first) = &same[0];
        diagnostics.extend(same[1..].iter().map(|(_, span)| {
            damaged(*span, &format!("the {what} `{name}` stands twice"))
                .related(*first, "first here")
                .help(help)
        }));
    }
}

/// Says that the lock cannot be used, and why.
#[must_use]
pub fn damaged(span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::DamagedLock, span, format!("the lock cannot be used: {why}"))
        .help(
            "restore it from version control; after a merge, keep the lines of both sides, each id once; \
             without it, reworded questions become new ones",
        )
}
