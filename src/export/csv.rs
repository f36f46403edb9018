//! CSV for everything that is not Anki: RFC 4180, a header row, and text that reads well.

use rayon::prelude::*;

use super::{Input, Outputs, WINDOW, add_media, media_of, shown, tags};
use crate::config::CsvText;
use crate::identity::Note;
use crate::model::{Body, SectionKind};
use crate::render::{Context, Footnotes, card, markdown, text};

/// How many rows are written at a time, on one core.
const PART: usize = 64;

const HEADER: [&str; 5] = ["front", "back", "topic", "tags", "id"];

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<()> {
    let input = &Input { context: Context { media_folder: "media/", ..input.context }, ..*input };
    let row = |note: &Note<'_>| {
        let (front, back) = match input.config.csv_text {
            CsvText::Text => plain(input, note),
            CsvText::Markdown => source(input, note),
            CsvText::Html => html(input, note),
        };
        [front, back, note.topic.path.join(" / "), tags(note).join(" "), note.id.to_owned()]
    };
    let rows = |notes: &[Note<'_>]| written(notes.iter().map(row));
    outputs.add(&format!("{}.csv", input.name), |file| {
        file.write_all(&written([HEADER.map(str::to_owned)].into_iter())?)?;
        for window in input.notes.chunks(WINDOW) {
            let parts: Vec<_> = window.par_chunks(PART).map(rows).collect::<anyhow::Result<_>>()?;
            parts.iter().try_for_each(|part| file.write_all(part))?;
        }
        Ok(())
    })?;
    if input.config.csv_text != CsvText::Text {
        let media = media_of(input, shown(input.notes), |_| true);
        add_media(outputs, "media/", &media)?;
    }
    Ok(())
}

fn written(rows: impl Iterator<Item = [String; 5]>) -> anyhow::Result<Vec<u8>> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner()?)
}

/// The answer, a blank line, the key points as bullets, then all else under its label.
fn plain(input: &Input<'_>, note: &Note<'_>) -> (String, String) {
    let context = &input.context;
    let notes = &mut Footnotes::default();
    let (front, back) = context.asked(note.question);
    let mut prompt = |context: &Context<'_>, bodies: &[Body]| {
        let texts = bodies.iter().map(|body| text::render(context, body, notes));
        texts.collect::<Vec<String>>()
    };
    let front = prompt(&front, &note.question.prompt);
    let mut parts = [Vec::new(), Vec::new(), Vec::new()];
    if let Some((context, bodies)) = back {
        parts[0] = prompt(&context, &bodies);
    }
    for section in &note.question.sections {
        let label = section.label.as_deref();
        match section.kind {
            SectionKind::Answer => {
                parts[0].extend(label.map(|qualifier| format!("({qualifier})")));
                parts[0].push(text::render(context, &section.body, notes));
            }
            SectionKind::KeyPoints => {
                let points = text::render_points(context, &section.body, notes);
                let bullets = points.iter().map(|point| text::hang("• ", point));
                let bullets: Vec<String> = bullets.collect();
                parts[1].push(bullets.join("\n"));
            }
            SectionKind::Extra => {
                let body = text::render(context, &section.body, notes);
                let labelled = label.map(|label| format!("{label}:\n{body}"));
                parts[2].push(labelled.unwrap_or(body));
            }
        }
    }
    (front.join("\n\n"), parts.concat().join("\n\n"))
}

fn source(input: &Input<'_>, note: &Note<'_>) -> (String, String) {
    let context = &input.context;
    let links = markdown::Pages::new();
    let mut labels = markdown::Labels::default();
    let (front, back) = context.asked(note.question);
    let mut render =
        |context: &Context<'_>, body: &Body| markdown::render(context, body, &links, &mut labels);
    let prompt = note.question.prompt.iter().map(|body| render(&front, body));
    let prompt: Vec<String> = prompt.collect();
    let mut parts = [Vec::new(), Vec::new(), Vec::new()];
    if let Some((context, bodies)) = back {
        parts[0] = bodies.iter().map(|body| render(&context, body)).collect();
    }
    for section in &note.question.sections {
        let label = section.label.as_deref().map(markdown::escape);
        let body = render(context, &section.body);
        let (part, label) = match section.kind {
            SectionKind::Answer => (0, label.map(|qualifier| format!("*{qualifier}*"))),
            SectionKind::KeyPoints => (1, None),
            SectionKind::Extra => (2, label.map(|label| format!("**{label}:**"))),
        };
        parts[part].extend(label);
        parts[part].push(body);
    }
    let mut back = parts.concat();
    back.extend(labels.definitions(context, &links));
    (prompt.join("\n\n"), back.join("\n\n"))
}

fn html(input: &Input<'_>, note: &Note<'_>) -> (String, String) {
    let card = card::render(&input.context, note.question);
    (card.question.clone(), card.back())
}
