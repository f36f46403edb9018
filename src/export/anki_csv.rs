//! CSV for Anki's text import. Its header holds all settings of the import dialog.
//!
//! Keys and their order are those of Anki's own export and of
//! `rslib/src/import_export/text/csv/metadata.rs`. Every cell is quoted: Anki takes any line that
//! begins with `#` for a comment, even within a cell. There is one file per note type, as the
//! columns are the note type's fields.

use std::collections::BTreeMap;

use super::loss::Losses;
use super::{
    Input, Outputs, add_media, anki_fields, anki_note_types, card_excerpts, deck_name, find_media,
    render_in_order, tags,
};
use crate::anki::{self, Kind};
use crate::config::CsvNotetype;
use crate::identity::Note;
use crate::render::card;
use crate::slug::slug;

/// The ends of the file names, by note type.
const SUFFIXES: [&str; 2] = [".anki.csv", ".anki-cloze.csv"];

/// Returns the paths of the files that belong to those written but were not written, as there were
/// no notes of their note type.
#[must_use]
pub fn unwritten_siblings<T>(written: &BTreeMap<String, T>) -> Vec<String> {
    let named = |path: &String| {
        let name = SUFFIXES.iter().find_map(|suffix| path.strip_suffix(suffix))?.to_owned();
        Some(SUFFIXES.map(|suffix| format!("{name}{suffix}")))
    };
    let all = written.keys().filter_map(named).flatten();
    all.filter(|path| !written.contains_key(path)).collect()
}

/// Returns whether a file was written by us.
#[must_use]
pub fn is_ours(bytes: &[u8]) -> bool {
    bytes.starts_with(b"#separator:tab\n#html:true\n#notetype:Deckpress ")
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let mut losses = Losses::default();
    let add = |suffix: &str, notetype: &str, fields: &[&str], rows: Vec<Vec<String>>| {
        let bytes = write_csv(notetype, fields, &rows)?;
        let path = input.path();
        let name = path.strip_suffix(SUFFIXES[0]).unwrap_or(&path);
        outputs.add(&format!("{name}{suffix}"), |file| Ok(file.write_all(&bytes)?))
    };
    match input.config.csv_notetype {
        CsvNotetype::Deckpress => {
            let (qa, cloze) = collect_rows(input, &mut losses);
            if !cloze.is_empty() {
                let fields = anki::fields(Kind::Cloze);
                add(SUFFIXES[1], anki::name(Kind::Cloze), &fields, cloze)?;
            }
            if !qa.is_empty() {
                add(SUFFIXES[0], anki::name(Kind::Qa), &anki::fields(Kind::Qa), qa)?;
            }
            for (written, own) in anki_note_types::used(input) {
                let fields: Vec<&str> = own.fields.iter().map(|(name, _)| *name).collect();
                let is_of = |note: &&Note<'_>| note.question.note_type.as_deref() == Some(own.name);
                let row = |note: &Note<'_>| {
                    make_row(note, note.guid, anki_note_types::fields(input, note, &own))
                };
                let notes = input.notes.iter().filter(is_of);
                let rows: Vec<Vec<String>> = notes
                    .map(|note| {
                        let row = row(note);
                        losses.add_formulas(&row, note.question.span);
                        row
                    })
                    .collect();
                add(&format!(".anki-{}.csv", slug(&written.stem)), own.name, &fields, rows)?;
            }
        }
        CsvNotetype::Basic => {
            let row = |note: &Note<'_>| {
                let card = card::render(&input.context, note.question);
                (note.question.span, make_row(note, note.id, [card.question.clone(), card.back()]))
            };
            let mut rows = Vec::new();
            for (place, row) in render_in_order(input.notes, row) {
                losses.add_formulas(&row, place);
                rows.push(row);
            }
            add(SUFFIXES[0], "Basic", &["Front", "Back"], rows)?;
        }
    }
    let media = find_media(input, card_excerpts(input.notes), |_| true);
    add_media(outputs, "media/", &media)?;
    Ok(losses)
}

/// Returns the rows for `Deckpress Q&A` and those for `Deckpress Cloze`.
fn collect_rows(input: &Input<'_>, losses: &mut Losses) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let (mut qa, mut cloze) = (Vec::new(), Vec::new());
    let rows = |note: &Note<'_>| {
        if note.question.note_type.is_some() {
            return Vec::new();
        }
        let made = anki_fields::build_notes(input, note).into_iter();
        let place = note.question.span;
        made.map(|made| (place, made.kind, make_row(note, &made.guid, made.fields)))
            .collect::<Vec<_>>()
    };
    for (place, kind, row) in render_in_order(input.notes, rows).flatten() {
        losses.add_formulas(&row, place);
        match kind {
            Kind::Qa => qa.push(row),
            Kind::Cloze => cloze.push(row),
        }
    }
    (qa, cloze)
}

fn make_row(note: &Note<'_>, guid: &str, fields: impl IntoIterator<Item = String>) -> Vec<String> {
    let head = [guid.to_owned(), deck_name(note.deck, note.topic), tags(note).join(" ")];
    head.into_iter().chain(fields).collect()
}

fn write_csv(notetype: &str, fields: &[&str], rows: &[Vec<String>]) -> anyhow::Result<Vec<u8>> {
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
