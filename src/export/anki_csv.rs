//! CSV for Anki's text import, which needs no click: the header says everything.
//!
//! Keys and their order are those of Anki's own export and of
//! `rslib/src/import_export/text/csv/metadata.rs`. Every cell is quoted, as Anki takes a line
//! that begins with `#` for a comment, wherever it stands. A file is for one note type, as its
//! columns are that note type's fields.

use std::collections::BTreeMap;

use super::loss::Losses;
use super::{Input, Outputs, add_media, anki_fields, deck_name, media_of, rendered, shown, tags};
use crate::anki::{self, Kind};
use crate::config::CsvNotetype;
use crate::identity::Note;
use crate::render::card;

/// What the name of a file ends with, by note type.
const SUFFIXES: [&str; 2] = [".anki.csv", ".anki-cloze.csv"];

/// The files for our other note type, which a build does not write when it has no notes of it.
#[must_use]
pub fn siblings<T>(written: &BTreeMap<String, T>) -> Vec<String> {
    let named = |path: &String| {
        let name = SUFFIXES.iter().find_map(|suffix| path.strip_suffix(suffix))?.to_owned();
        Some(SUFFIXES.map(|suffix| format!("{name}{suffix}")))
    };
    let all = written.keys().filter_map(named).flatten();
    all.filter(|path| !written.contains_key(path)).collect()
}

/// Whether a file was written for one of our note types.
#[must_use]
pub fn is_ours(bytes: &[u8]) -> bool {
    bytes.starts_with(b"#separator:tab\n#html:true\n#notetype:Deckpress ")
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let mut losses = Losses::default();
    let add = |suffix: &str, notetype: &str, fields: &[&str], rows: Vec<Vec<String>>| {
        let bytes = file(notetype, fields, &rows)?;
        let path = input.path();
        let name = path.strip_suffix(SUFFIXES[0]).unwrap_or(&path);
        outputs.add(&format!("{name}{suffix}"), |file| Ok(file.write_all(&bytes)?))
    };
    match input.config.csv_notetype {
        CsvNotetype::Deckpress => {
            let (qa, cloze) = rows(input, &mut losses);
            if !cloze.is_empty() {
                let fields = anki::fields(Kind::Cloze);
                add(SUFFIXES[1], anki::name(Kind::Cloze), &fields, cloze)?;
            }
            if !qa.is_empty() {
                add(SUFFIXES[0], anki::name(Kind::Qa), &anki::fields(Kind::Qa), qa)?;
            }
        }
        CsvNotetype::Basic => {
            let row = |note: &Note<'_>| {
                let card = card::render(&input.context, note.question);
                (note.question.span, row(note, note.id, [card.question.clone(), card.back()]))
            };
            let mut rows = Vec::new();
            for (place, row) in rendered(input.notes, row) {
                losses.add_formulas(&row, place);
                rows.push(row);
            }
            add(SUFFIXES[0], "Basic", &["Front", "Back"], rows)?;
        }
    }
    let media = media_of(input, shown(input.notes), |_| true);
    add_media(outputs, "media/", &media)?;
    Ok(losses)
}

/// The rows of either note type.
fn rows(input: &Input<'_>, losses: &mut Losses) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let (mut qa, mut cloze) = (Vec::new(), Vec::new());
    let rows = |note: &Note<'_>| {
        let made = anki_fields::notes(input, note).into_iter();
        let place = note.question.span;
        made.map(|made| (place, made.kind, row(note, &made.id, made.fields))).collect::<Vec<_>>()
    };
    for (place, kind, row) in rendered(input.notes, rows).flatten() {
        losses.add_formulas(&row, place);
        match kind {
            Kind::Qa => qa.push(row),
            Kind::Cloze => cloze.push(row),
        }
    }
    (qa, cloze)
}

fn row(note: &Note<'_>, guid: &str, fields: impl IntoIterator<Item = String>) -> Vec<String> {
    let head = [guid.to_owned(), deck_name(note.deck, note.topic), tags(note).join(" ")];
    head.into_iter().chain(fields).collect()
}

fn file(notetype: &str, fields: &[&str], rows: &[Vec<String>]) -> anyhow::Result<Vec<u8>> {
    let columns = [&["GUID", "Deck", "Tags"], fields].concat();
    let mut out = String::from("#separator:tab\n#html:true\n");
    out += &format!("#notetype:{notetype}\n");
    out += &format!("#columns:{}\n", columns.join("\t"));
    out += "#guid column:1\n#deck column:2\n#tags column:3\n#if matches:update current\n";
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b'\t')
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(out.into_bytes());
    rows.iter().try_for_each(|row| writer.write_record(row))?;
    Ok(writer.into_inner()?)
}
