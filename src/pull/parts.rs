//! The texts of the source that a field is made of.

use std::borrow::Cow;

use super::blocks::{FOOTNOTES, blocks};
use crate::anki::Kind;
use crate::export::package_notes::PackageNote;
use crate::model::{Excerpt, Question, Section, SectionKind, fold_label};
use crate::render::card::ClozeNumbers;
use crate::render::{ClozeMode, Context, card};
use crate::source::VersionSpan;

/// A text of the source within a field.
#[derive(Debug)]
pub struct Part<'q> {
    /// Where it stands.
    pub excerpt: Cow<'q, Excerpt>,
    /// What it becomes.
    pub blocks: Vec<String>,
    /// Whether it is the text of a heading.
    pub is_heading: bool,
}

/// Returns the texts that a field of a note is made of, in order; `None` if it is made of something
/// else.
#[must_use]
pub fn of_field<'q>(
    context: &Context<'_>,
    question: &'q Question,
    note: &PackageNote,
    numbers: &ClozeNumbers,
    field: &str,
) -> Option<Vec<Part<'q>>> {
    if note.id.ends_with("+recall") && note.note_type.kind.is_some() {
        return None;
    }
    let cloze_mode = match note.note_type.kind {
        Some(Kind::Cloze) => ClozeMode::Anki(numbers),
        Some(Kind::Qa) => ClozeMode::Text,
        None => ClozeMode::Numbered,
    };
    let is_first = note.note_type.fields.first().is_some_and(|first| first == field);
    let kind = match (note.note_type.kind, field) {
        (None, _) | (Some(_), "Hint") => None,
        _ if is_first => None,
        (Some(_), "Answer") => Some(SectionKind::Answer),
        (Some(_), "Key Points") => Some(SectionKind::KeyPoints),
        (Some(_), "Extra") => Some(SectionKind::Extra),
        _ => return None,
    };
    let is_own = note.note_type.kind.is_none();
    let is_of_field = |section: &Section| match kind {
        _ if is_own => section.label.as_deref() == Some(field),
        Some(kind) => section.kind == kind && !section.is_hint(),
        None => section.is_hint(),
    };
    let below = if is_own { cloze_mode } else { ClozeMode::Text };
    let asked = Context { cloze_mode, ..*context };
    let below = Context { cloze_mode: below, ..*context };
    let (prompt, sections) = card::render_excerpts(&asked, &below, question);
    let part = |(excerpt, html): (&'q Excerpt, String), is_heading| Part {
        excerpt: Cow::Borrowed(excerpt),
        blocks: blocks(&html),
        is_heading,
    };
    if is_first {
        let parts = prompt.into_iter().enumerate();
        let parts = parts.map(|(at, prompt)| part(prompt, at == 0));
        return Some(parts.flat_map(|part| split_footnotes(context, part)).collect());
    }
    let sections = question.sections.iter().zip(sections);
    let sections = sections.filter(|(section, _)| is_of_field(section));
    let parts = sections.map(|(section, html)| part((&section.body, html), false));
    Some(parts.flat_map(|part| split_footnotes(context, part)).collect())
}

/// Splits the footnotes off a text that stand elsewhere in its file, if nothing else stands between
/// them.
fn split_footnotes<'q>(context: &Context<'_>, mut part: Part<'q>) -> Vec<Part<'q>> {
    let find = |part: &Part<'q>| {
        part.blocks.last().filter(|block| block.starts_with(FOOTNOTES))?;
        let span = part.excerpt.span();
        let text = context.sources.text(span.file);
        let known = &context.library.definitions[span.file.index()].footnotes;
        let labels = text[span.range()].split("[^").skip(1).filter_map(|it| it.split_once(']'));
        let found = labels.filter_map(|(label, _)| known.get(&fold_label(label)));
        let mut places: Vec<VersionSpan> = found.map(Excerpt::span).collect();
        places.sort_unstable();
        places.dedup();
        let is_between = |pair: &[VersionSpan]| {
            let gap = text[pair[0].end..pair[1].start].trim();
            gap.starts_with("[^") && gap.ends_with("]:") && !gap.contains('\n')
        };
        let (first, last) = (places.first()?, places.last()?);
        let is_apart = first.file == span.file && first.start >= span.end || last.end <= span.start;
        let content = first.start..last.end;
        (is_apart && places.windows(2).all(is_between))
            .then(|| Excerpt { blocks: VersionSpan::new(span.file, content.clone()), content })
    };
    let Some(excerpt) = find(&part) else { return vec![part] };
    let blocks = part.blocks.pop().into_iter().collect();
    vec![part, Part { excerpt: Cow::Owned(excerpt), blocks, is_heading: false }]
}
