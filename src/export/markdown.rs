//! One Markdown file per topic, in the native convention.
//!
//! `deckpress` reads these files back to the same questions, ids and tags. Settings that all
//! questions of a file share are in its front matter, the others in the attributes of each heading.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rayon::prelude::*;

use super::pages::{TopicPage, split_into_pages};
use super::{Input, Outputs, add_media, card_excerpts, description_excerpts, find_media};
use crate::config::{CardKindOverrides, write_class, write_tag};
use crate::identity::Note;
use crate::model::{CardKind, Excerpt, Question, SectionKind};
use crate::parse::own::MARK;
use crate::render::Context;
use crate::render::markdown::{FootnoteLabels, PageLinks, escape, is_inline, opens_line, render};

/// Returns whether a Markdown file was written by us.
pub(super) fn is_ours(text: &str) -> bool {
    text.lines().take(20).any(|line| line == MARK)
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<()> {
    let pages = split_into_pages(input);
    let folder = input.path();
    let mut links = PageLinks::new();
    for TopicPage { name, notes } in &pages {
        for note in notes {
            let source = input.context.sources.path(note.question.span.file);
            links.entry(source.to_owned()).or_insert_with(|| format!("{name}.md"));
        }
    }
    let write = |(at, TopicPage { name, notes }): (usize, &TopicPage<'_>)| {
        if !input.writes(notes.iter().map(|note| note.id)) {
            return Ok(());
        }
        let before = at.checked_sub(1).map(|before| pages[before].notes[0].deck);
        let is_first = before.is_none_or(|before| before.title != notes[0].deck.title);
        let text = write_page(input, notes, is_first, &links);
        let path = format!("{folder}{name}.md");
        outputs.add(&path, |file| Ok(file.write_all(text.as_bytes())?))
    };
    pages.par_iter().with_max_len(1).enumerate().try_for_each(write)?;
    let media = find_media(
        input,
        card_excerpts(input.notes).chain(description_excerpts(input.notes)),
        |_| true,
    );
    add_media(outputs, &format!("{folder}media/"), &media)
}

fn write_page(input: &Input<'_>, page: &[&Note<'_>], is_first: bool, links: &PageLinks) -> String {
    let context = &Context { media_folder: "media/", ..input.context };
    let (deck, topic) = (page[0].deck, page[0].topic);
    let mut common: Vec<&String> = page[0].question.tags.iter().collect();
    for note in &page[1..] {
        let tags: BTreeSet<&String> = note.question.tags.iter().collect();
        common.retain(|tag| tags.contains(tag));
    }
    let shared: BTreeSet<&String> = common.iter().copied().collect();
    let above = &topic.path[..topic.path.len().saturating_sub(1)];
    let mut out = String::new();
    if !common.is_empty() || !above.is_empty() {
        out += "---\n";
        if !above.is_empty() {
            let _ = writeln!(out, "topic: {}", yaml_list(above.iter()));
        }
        if !common.is_empty() {
            let tags: Vec<String> = common.iter().map(|tag| write_tag(tag)).collect();
            let _ = writeln!(out, "tags: {}", yaml_list(tags.iter()));
        }
        out += "---\n\n";
    }
    let mut labels = FootnoteLabels::default();
    let mut blocks = vec![MARK.to_owned(), format!("# {}", escape(&deck.title))];
    if is_first {
        blocks.extend(render_descriptions(context, &deck.description, links, &mut labels));
    }
    if let Some(title) = topic.path.last() {
        blocks.push(format!("## {}", escape(title)));
        blocks.extend(render_descriptions(context, &topic.description, links, &mut labels));
    }
    for (at, note) in page.iter().enumerate() {
        if at > 0 {
            blocks.push("---".to_owned());
        }
        write_question(
            context,
            &input.config.kinds,
            note,
            &shared,
            links,
            &mut labels,
            &mut blocks,
        );
    }
    out += &blocks.join("\n\n");
    out.push('\n');
    out
}

fn render_descriptions(
    context: &Context<'_>,
    bodies: &[Excerpt],
    links: &PageLinks,
    labels: &mut FootnoteLabels,
) -> Vec<String> {
    let mut texts: Vec<String> =
        bodies.iter().map(|body| render(context, body, links, labels)).collect();
    texts.extend(labels.definitions(context, links));
    texts
}

fn write_question(
    context: &Context<'_>,
    overrides: &CardKindOverrides,
    note: &Note<'_>,
    shared: &BTreeSet<&String>,
    links: &PageLinks,
    labels: &mut FootnoteLabels,
    blocks: &mut Vec<String>,
) {
    let mut prompt = note.question.prompt.iter();
    let heading = prompt.next().map(|body| render(context, body, links, labels));
    let mut attributes = format!("#{}", note.id);
    for tag in note.question.tags.iter().filter(|tag| !shared.contains(tag)) {
        let _ = write!(attributes, " {}", write_class(tag));
    }
    if let Some(lang) = &note.question.lang {
        let _ = write!(attributes, " lang={lang}");
    }
    if let Some(dir) = note.question.dir {
        let _ = write!(attributes, " dir={}", dir.name());
    }
    for kind in CardKind::CLASSES {
        let name = kind.name();
        let is_wanted = overrides.get(kind).copied().unwrap_or_default();
        if note.question.makes(*kind) {
            let _ = write!(attributes, " .{name}");
        } else if is_wanted && could_make(note.question, *kind) {
            let _ = write!(attributes, " .no-{name}");
        }
    }
    blocks.push(format!("### Q: {} {{{attributes}}}", heading.unwrap_or_default().trim()));
    let has_text = prompt.len() > 0;
    blocks.extend(prompt.map(|body| render(context, body, links, labels)));
    let is_open = [CardKind::Cloze, CardKind::Choice].iter().any(|kind| note.question.makes(*kind));
    if has_text && !is_open && note.question.of(SectionKind::Answer).next().is_none() {
        // Without the label the text would be read as the answer.
        blocks.push("**Answer:**".to_owned());
    }
    for section in &note.question.sections {
        let label = section.label.as_deref().map(escape);
        let label = match (section.kind, label) {
            (SectionKind::Answer, Some(field)) if note.question.note_type.is_some() => {
                format!("**{field}:**")
            }
            (SectionKind::Answer, None) => "**Answer:**".to_owned(),
            (SectionKind::Answer, Some(qualifier)) => format!("**Answer ({qualifier}):**"),
            (SectionKind::KeyPoints, None) => "**Key points:**".to_owned(),
            (SectionKind::KeyPoints | SectionKind::Extra, Some(label)) => format!("**{label}:**"),
            (SectionKind::Extra, None) => String::new(),
        };
        let body = render(context, &section.body, links, labels);
        let gap = if opens_line(context, &section.body) { '\n' } else { ' ' };
        match (label.as_str(), is_inline(context, &section.body)) {
            ("", _) => blocks.push(body),
            (_, true) => blocks.push(format!("{label}{gap}{body}")),
            (_, false) => blocks.extend([label, body]),
        }
    }
    blocks.extend(labels.definitions(context, links));
}

/// Returns whether the configuration alone could give a question cards of this kind.
fn could_make(question: &Question, kind: CardKind) -> bool {
    let has = |kind| question.of(kind).next().is_some();
    match kind {
        CardKind::Recall => has(SectionKind::KeyPoints),
        CardKind::Reverse => has(SectionKind::Answer) && !question.makes(CardKind::Cloze),
        CardKind::Cloze | CardKind::Choice | CardKind::Type => false,
    }
}

/// Writes a list of strings as YAML. A JSON string is a valid YAML string.
fn yaml_list<'t>(texts: impl Iterator<Item = &'t String>) -> String {
    let quoted: Vec<String> =
        texts.map(|text| serde_json::Value::from(text.as_str()).to_string()).collect();
    format!("[{}]", quoted.join(", "))
}
