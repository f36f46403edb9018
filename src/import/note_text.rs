//! A note as a question: its heading, and a section for each of its fields.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::model::{Note, NoteType};
use super::written::{Content, Form};
use super::{markdown_text, markup, note_type, options, ours, qa};
use crate::html_to_markdown::{Loss, Markdown, Notation, convert, convert_with_heading};

/// The fields that are written of the notes of a type, and where.
#[derive(Default)]
pub(super) struct Plan {
    /// The fields above the first label.
    question: Vec<usize>,
    /// The fields of each section, and its label.
    sections: Vec<(String, Vec<usize>)>,
    pub(super) classes: Vec<&'static str>,
    readings: BTreeSet<usize>,
    /// Fields that are not written.
    unseen: Vec<usize>,
    /// Whether notes keep their type.
    is_own: bool,
}

impl Plan {
    /// Returns the plan for the notes of a type.
    pub(super) fn of(note_type: &NoteType, form: Form, labels: Option<Vec<String>>) -> Self {
        if ours::kind(note_type).is_some() {
            return Self { question: vec![0], ..Self::default() };
        }
        let labels = labels.unwrap_or_else(|| note_type::labels(note_type));
        let Form::Qa { has_all_fields } = form else {
            let sections = labels.into_iter().enumerate().skip(1);
            return Self {
                question: vec![0],
                sections: sections.map(|(field, label)| (label, vec![field])).collect(),
                classes: Vec::new(),
                readings: BTreeSet::new(),
                unseen: Vec::new(),
                is_own: true,
            };
        };
        let roles = qa::roles(note_type);
        let mut sections = vec![("Answer".to_owned(), roles.answer)];
        sections.extend(roles.hints.into_iter().map(|field| ("Hint".to_owned(), vec![field])));
        let unseen = if has_all_fields { Vec::new() } else { roles.unseen.clone() };
        let more = if has_all_fields { roles.unseen } else { Vec::new() };
        for field in roles.others.into_iter().chain(more) {
            let label = match labels.get(field).map(String::as_str) {
                // The first field has no label, and there is an answer already.
                None | Some("" | "Answer") => note_type.fields[field].0.clone(),
                Some(label) => label.to_owned(),
            };
            sections.push((label, vec![field]));
        }
        let (classes, readings) = (roles.classes, roles.readings);
        Self { question: roles.question, sections, classes, readings, unseen, is_own: false }
    }
}

/// Writes a note below the questions before it.
pub(super) fn write_note(
    note: &Note,
    note_type: &NoteType,
    plan: &Plan,
    attributes: &[String],
    content: &mut Content,
) -> String {
    let with_options = options::tick(note, note_type);
    let note = with_options.as_ref().unwrap_or(note);
    let mut losses: BTreeSet<Loss> = BTreeSet::new();
    let media_folder = content.media_folder.clone();
    let mut convert_field = |field: usize, is_heading: bool| {
        let html = note.fields.get(field).map_or("", String::as_str);
        let notation = Notation {
            has_gaps: note_type::has_gaps(note_type, field),
            has_readings: plan.readings.contains(&field),
            has_options: with_options.is_some(),
            media_folder: &media_folder,
        };
        let markdown = match is_heading {
            _ if note_type.is_markdown => markdown_text::take(html, is_heading),
            true => convert_with_heading(html, notation),
            false => convert(html, notation),
        };
        content.media.extend(markdown.media.iter().cloned());
        losses.extend(markdown.losses.iter().copied());
        markdown
    };
    let (mut heading, mut bodies) = (String::new(), Vec::new());
    for field in &plan.question {
        let markdown = convert_field(*field, heading.is_empty());
        if heading.is_empty() {
            heading = markdown.heading;
        }
        bodies.extend(Some(markdown.body).filter(|body| !body.is_empty()));
    }
    let mut out = format!("\n### Q: {heading}");
    if !attributes.is_empty() {
        let gap = if heading.is_empty() { "" } else { " " };
        let _ = write!(out, "{gap}{{{}}}", attributes.join(" "));
    }
    out.push('\n');
    for body in bodies {
        let _ = write!(out, "\n{body}\n");
    }
    for (label, fields) in &plan.sections {
        let parts = fields.iter().map(|field| convert_field(*field, false));
        push_section(label, parts.collect(), plan.is_own, &mut out);
    }
    if ours::kind(note_type).is_some() {
        for (label, html) in ours::sections(note, note_type) {
            let notation = Notation { media_folder: &media_folder, ..Notation::default() };
            let markdown = if note_type.is_markdown {
                markdown_text::take(html, false)
            } else {
                convert(html, notation)
            };
            content.media.extend(markdown.media.iter().cloned());
            losses.extend(markdown.losses.iter().copied());
            push_section(&label, vec![markdown], false, &mut out);
        }
    }
    if plan.unseen.iter().any(|field| !note.fields.get(*field).is_none_or(String::is_empty)) {
        content.lose("fields that no card shows, which `--all-fields` takes along", note);
    }
    for loss in losses {
        content.lose(loss.describe(), note);
    }
    for what in markup::lost_tags(&note.tags) {
        content.lose(what, note);
    }
    out
}

/// Writes a section: its label, and the text below it.
///
/// In a question of deckpress, only an answer may stand beside its label: other text there would be
/// the rest of the section before.
fn push_section(label: &str, mut parts: Vec<Markdown>, is_own: bool, out: &mut String) {
    let may_share_line = is_own || label.starts_with("Answer");
    parts.retain(|part| !part.body.is_empty());
    match parts.as_slice() {
        [] => {}
        [part] if may_share_line && part.is_line() => {
            let _ = write!(out, "\n**{label}:** {}\n", part.body);
        }
        parts => {
            let bodies: Vec<&str> = parts.iter().map(|part| part.body.as_str()).collect();
            let _ = write!(out, "\n**{label}:**\n\n{}\n", bodies.join("\n\n"));
        }
    }
}
