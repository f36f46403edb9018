//! Questions that fill the fields of a note type of the author's own.
//!
//! The heading and what stands below it fill the first field, and each section the field that its
//! label names. Such a question makes the cards of its note type's templates, and no others.

use std::collections::BTreeSet;
use std::ops::Range;

use super::attributes;
use super::blocks::Label;
use super::file::File;
use super::kinds::{Class, report_broken_gap};
use crate::config::note_type::{self, CardTemplate, NoteType};
use crate::config::tree::similar;
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::cloze;
use crate::model::{Excerpt, OwnGaps, Question, SectionKind};
use crate::source::Span;
use crate::template;

/// Returns the note type that an attribute names, or else the front matter or the settings;
/// `None` if it is ours.
pub(super) fn choose<'f>(
    file: &File<'f>,
    attribute: Option<(&str, Span)>,
    problems: &mut Vec<Diagnostic>,
) -> Option<&'f NoteType> {
    let note_types = &file.config.note_types;
    if let Some((attribute, span)) = attribute {
        let name = attribute.trim_start_matches(attributes::NOTE_TYPE).trim_matches('"');
        problems.extend(note_type::report_unknown(file.config, name, span));
        return note_type::find(note_types, name);
    }
    let path = file.sources.path(file.id);
    let settings = file.settings.note_type.as_ref().map(|(name, _)| name.as_str());
    note_type::find(note_types, settings.or_else(|| file.config.note_type_of(path))?)
}

/// Returns the section that a label opens: that of the field that it names.
pub(super) fn meaning(
    note_type: &NoteType,
    label: &Label,
) -> Option<(SectionKind, Option<String>)> {
    let at = note_type.field_of(&label.text).filter(|at| *at > 0)?;
    Some((SectionKind::Answer, Some(note_type.fields[at].name.clone())))
}

/// Reports braces at the end of a heading that are text, and were to name a note type, as in
/// `{note_type=word}`.
pub(super) fn report_nearly_named(file: &File<'_>, heading: Range<usize>) -> Option<Diagnostic> {
    let note_types = &file.config.note_types;
    let text = &file.text()[heading.clone()];
    let inner = text.trim_end().strip_suffix('}').filter(|_| !note_types.is_empty())?;
    let open = inner.rfind('{')?;
    let (key, name) = inner[open + 1..].split_once(['=', ':'])?;
    let key = key.split_whitespace().next_back()?.to_lowercase();
    let key = key.trim_start_matches('.').replace(['-', '_'], "");
    let name = name.trim().trim_matches(['"', '\'']);
    let is_meant = matches!(&*key, "type" | "notetype");
    note_type::find(note_types, name).filter(|_| is_meant)?;
    let place = heading.start + open..heading.start + inner.len() + 1;
    let message = format!("`{}` names no note type", &file.text()[place.clone()]);
    let problem = Diagnostic::new(Code::UnknownNoteType, file.span(&place), message);
    let name = if name.contains(char::is_whitespace) { format!("\"{name}\"") } else { name.into() };
    Some(problem.help(format!("write `{{type={name}}}`")))
}

/// Reports a label that names no field. If there is text beside it and it is like none, it may be
/// no more than bold text.
pub(super) fn report_unknown(
    file: &File<'_>,
    note_type: &NoteType,
    label: &Label,
) -> Option<Diagnostic> {
    let (name, text) = (&note_type.name, &label.text);
    let report = |message: String| {
        let fields = note_type.list_fields();
        Diagnostic::new(Code::UnknownField, file.span(&label.range), message)
            .help(format!("the fields of `{name}` are {fields}"))
    };
    if note_type.field_of(text).is_some() {
        let first = &note_type.fields[0].name;
        return Some(report(format!("the field `{first}` is what the heading fills")));
    }
    let fields = note_type.fields.iter();
    let words = fields.flat_map(|field| std::iter::once(&field.name).chain(&field.labels));
    let folded: Vec<(String, &String)> = words.map(|word| (word.to_lowercase(), word)).collect();
    let words: Vec<&str> = folded.iter().map(|(word, _)| word.as_str()).collect();
    let near = similar(text, &words);
    let near = near.and_then(|near| folded.iter().find(|(word, _)| word == near));
    if text.is_empty() {
        return None;
    }
    let message = format!("`{text}` opens no field of the note type `{name}`");
    if !label.alone && near.is_none() {
        let mut problem = report(message).label("text of the field above");
        problem.soften();
        return Some(problem);
    }
    let near = near.map(|(_, near)| format!("did you mean `{near}`?")).unwrap_or_default();
    Some(report(message).label(near))
}

/// Completes a question: text without a label belongs to the first field, and there must be a card.
pub(super) fn settle(
    file: &File<'_>,
    note_type: &NoteType,
    question: &mut Question,
    classes: &[Class],
    problems: &mut Vec<Diagnostic>,
) {
    question.note_type = Some(note_type.name.clone());
    if question.sections.first().is_some_and(|section| section.label.is_none()) {
        question.prompt.push(question.sections.remove(0).body);
    }
    for (kind, _, span) in classes.iter().filter(|(_, wish, _)| *wish) {
        let message = format!("this question cannot make `{}` cards", kind.name());
        let label = format!("its note type `{}` says which cards it makes", note_type.name);
        problems.push(Diagnostic::new(Code::IdleClass, *span, message).label(label));
    }
    let before = problems.len();
    question.own_cards = if note_type.is_cloze {
        let mut find = |body: &Excerpt| {
            let (gaps, broken) = file.clozes(body);
            problems.extend(broken.into_iter().map(|broken| report_broken_gap(file, broken)));
            cloze::numbers(&gaps)
        };
        let mut numbers: BTreeSet<u16> = question.prompt.iter().flat_map(&mut find).collect();
        let has_asked = !numbers.is_empty();
        numbers.extend(question.sections.iter().flat_map(|section| find(&section.body)));
        question.own_gaps = Some(if has_asked { OwnGaps::Asked } else { OwnGaps::Below });
        numbers.iter().map(|number| number.saturating_sub(1)).collect()
    } else {
        find_fronts(file, note_type, question)
    };
    if question.own_cards.is_empty() && problems.len() == before {
        let message = format!("this note of the type `{}` would have no card", note_type.name);
        let help = if note_type.is_cloze {
            "a cloze type makes a card for each gap with a number: `{{c1::text}}`"
        } else {
            "Anki makes a card if a field on the front of its template is filled"
        };
        problems.push(
            Diagnostic::new(Code::NoteWithoutCards, question.span, message)
                .label("Anki would show it nowhere")
                .help(help),
        );
    }
}

/// Returns the ordinals of the templates whose front shows a field that is filled. One that cannot
/// be read is reported where it stands.
fn find_fronts(file: &File<'_>, note_type: &NoteType, question: &Question) -> Vec<u16> {
    let is_written = |body: &Excerpt| !file.is_blank(body);
    let is_filled = |name: &str| match note_type.fields.iter().position(|it| it.name == name) {
        Some(0) => question.prompt.iter().any(is_written),
        Some(_) => question
            .sections
            .iter()
            .any(|section| section.label.as_deref() == Some(name) && is_written(&section.body)),
        None => template::is_special(name) && !["FrontSide", "Tags"].contains(&name),
    };
    let shows = |card: &CardTemplate| {
        template::parse(&card.front.text).map_or(true, |front| front.shows_any(&is_filled))
    };
    (0..).zip(&note_type.cards).filter(|(_, card)| shows(card)).map(|(ord, _)| ord).collect()
}
