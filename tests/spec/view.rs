//! What an example is expected to give, as text.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _};

use deckpress::html_to_markdown::{self, Notation};
use deckpress::markdown;
use deckpress::model::{Excerpt, Question, SectionKind, Shared};
use deckpress::render::{Footnotes, card, html};
use deckpress::target::Target;

use crate::press;
use deckpress::compile::Compiled;

/// The view of that name.
pub(crate) fn show(view: &str, pressed: &Compiled) -> String {
    match view {
        "outline" => outline(pressed),
        "card" => cards(pressed),
        "csv" => csv(pressed),
        "inspect" => inspect(pressed),
        _ => match Target::named(view) {
            Some(target) => artifacts(pressed, target),
            None => panic!("there is no view `{view}`"),
        },
    }
}

/// Each line of an example as a field of Anki, in Markdown; nothing of another view.
pub(crate) fn fields(view: &str, files: &[(String, Vec<u8>)]) -> Option<String> {
    let has_gaps = match view {
        "import" => false,
        "import-cloze" => true,
        _ => return None,
    };
    let notation = Notation { has_gaps, media_folder: "media/", ..Notation::default() };
    let mut out = String::new();
    for line in String::from_utf8_lossy(&files[0].1).lines() {
        let markdown = html_to_markdown::convert(line, notation);
        field(&mut out, "field", &markdown.body);
        for loss in &markdown.losses {
            field(&mut out, "lost", loss.describe());
        }
    }
    Some(out)
}

/// Decks, topics and questions with their parts as HTML, and every diagnostic.
fn outline(pressed: &Compiled) -> String {
    let mut out = String::new();
    for deck in &pressed.library.decks {
        field(&mut out, "deck", &deck.title);
        descriptions(&mut out, pressed, &deck.description);
        for topic in &deck.topics {
            if !topic.path.is_empty() {
                field(&mut out, "topic", &topic.path.join(" / "));
            }
            descriptions(&mut out, pressed, &topic.description);
            for question in &topic.questions {
                parts(&mut out, pressed, question);
            }
        }
    }
    diagnostics(&mut out, pressed);
    out
}

fn descriptions(out: &mut String, pressed: &Compiled, bodies: &[Excerpt]) {
    let mut footnotes = Footnotes::default();
    for body in bodies {
        field(out, "description", &html::render(&pressed.context(), body, &mut footnotes));
    }
}

fn parts(out: &mut String, pressed: &Compiled, question: &Question) {
    let context = pressed.context();
    let mut footnotes = Footnotes::default();
    field(out, "question", &card::render_question(&context, question, &mut footnotes));
    if let Some((id, _)) = &question.id {
        field(out, "id", id);
    }
    if !question.tags.is_empty() {
        field(out, "tags", &question.tags.join(" "));
    }
    if let Some(lang) = &question.lang {
        field(out, "lang", lang);
    }
    if let Some(dir) = question.dir {
        field(out, "dir", dir.name());
    }
    let kinds: Vec<&str> = question.kinds.iter().map(|kind| kind.name()).collect();
    if !kinds.is_empty() {
        field(out, "kinds", &kinds.join(" "));
    }
    for section in &question.sections {
        let label = section.label.as_deref().map(|label| format!(" ({label})")).unwrap_or_default();
        let mut render = |body: &Excerpt| html::render(&context, body, &mut footnotes);
        match section.kind {
            SectionKind::Answer => field(out, &format!("answer{label}"), &render(&section.body)),
            SectionKind::Extra => field(out, &format!("extra{label}"), &render(&section.body)),
            SectionKind::KeyPoints => {
                for point in context.points(&section.body) {
                    field(out, "point", &render(&point));
                }
            }
        }
    }
}

/// Every question with its line and convention, every text that is left out, and why.
fn inspect(pressed: &Compiled) -> String {
    let Compiled { sources, library, .. } = pressed;
    let mut found: Vec<_> = library.questions().map(|(_, _, question)| question).collect();
    found.sort_by_key(|question| question.span);
    let mut out = String::new();
    for Shared { folder, what, files, of } in &library.shared {
        field(&mut out, "folder", &format!("{folder}/: {what} ({files} of {of})"));
    }
    for question in found {
        let (line, _) = sources.position(question.span);
        let name = format!("{line} {}", question.convention.name());
        field(&mut out, &name, &markdown::question_text(sources, library, question));
    }
    for (span, why) in &library.left {
        let (line, _) = sources.position(*span);
        let text = markdown::fold(sources.slice(*span));
        field(&mut out, &format!("left {line} {why}"), &text);
    }
    diagnostics(&mut out, pressed);
    out
}

fn diagnostics(out: &mut String, pressed: &Compiled) {
    for diagnostic in &pressed.diagnostics {
        let (line, column) = pressed.sources.position(diagnostic.span);
        let path = match pressed.sources.path(diagnostic.span.file) {
            "example.md" => String::new(),
            path => format!("{path}:"),
        };
        let _ = writeln!(out, "{path}{line}:{column} {}", diagnostic.code.name());
    }
}

/// The fields of every Anki note but those that say where it comes from; cloze notes come first.
fn cards(pressed: &Compiled) -> String {
    const HIDDEN: [&str; 6] = ["GUID", "Deck", "Tags", "Topic", "Source", "ID"];
    let mut out = String::new();
    for bytes in press::export(pressed, Target::AnkiCsv).0.values() {
        let text = String::from_utf8_lossy(bytes);
        let Some(columns) = text.lines().find_map(|line| line.strip_prefix("#columns:")) else {
            continue;
        };
        let columns: Vec<&str> = columns.split('\t').collect();
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.delimiter(b'\t').comment(Some(b'#')).has_headers(false);
        for row in reader.from_reader(&**bytes).records() {
            for (name, cell) in columns.iter().zip(row.unwrap().iter()) {
                if !HIDDEN.contains(name) {
                    field(&mut out, name, cell);
                }
            }
        }
    }
    diagnostics(&mut out, pressed);
    out
}

/// The rows of the CSV, without their ids.
fn csv(pressed: &Compiled) -> String {
    let artifacts = press::export(pressed, Target::Csv).0;
    let mut out = String::new();
    for row in csv::Reader::from_reader(&*artifacts["deck.csv"]).records() {
        let row = row.unwrap();
        for (name, cell) in ["front", "back", "topic", "tags"].into_iter().zip(row.iter()) {
            field(&mut out, name, cell);
        }
    }
    diagnostics(&mut out, pressed);
    out
}

/// The files of a target, each below its path, and what they could not hold; without the list of
/// cards, which says the same as the pages.
fn artifacts(pressed: &Compiled, target: Target) -> String {
    let (artifacts, losses) = press::export(pressed, target);
    let mut out = String::new();
    let files = artifacts.into_iter().flat_map(|(path, bytes)| {
        if target == Target::Mochi { members(&path, bytes) } else { vec![(path, bytes)] }
    });
    // What we note of the last build is no output.
    for (path, bytes) in files.filter(|(path, _)| !path.contains("/.deckpress-")) {
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text,
            Err(_) => &format!("{} bytes", bytes.len()),
        };
        let text = if target == Target::Html { shown(text) } else { text };
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "␄\n" };
        let _ = write!(out, "=== {path}\n{text}{end}");
    }
    for loss in losses {
        let _ = writeln!(out, "{}: {}", loss.code.name(), loss.message);
    }
    diagnostics(&mut out, pressed);
    out
}

/// What a page shows: style sheet and script are the same in all.
fn shown(page: &str) -> &str {
    let (start, end) = (page.find("<header"), page.rfind("<script>"));
    start.zip(end).map_or(page, |(start, end)| &page[start..end])
}

/// What is in a zip, each below the path of the zip.
fn members(path: &str, bytes: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut members = Vec::new();
    for at in 0..zip.len() {
        let mut member = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).unwrap();
        members.push((format!("{path}: {}", member.name().unwrap()), bytes));
    }
    members
}

/// A name and a value: on one line, or with the value's lines indented below the name.
fn field(out: &mut String, name: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    if !value.contains('\n') {
        let _ = writeln!(out, "{name}: {value}");
        return;
    }
    let _ = writeln!(out, "{name}:");
    for line in value.split('\n') {
        let indent = if line.is_empty() { "" } else { "  " };
        let _ = writeln!(out, "{indent}{line}");
    }
}
