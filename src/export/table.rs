//! Tables with one row per question: CSV of several kinds, and text to paste into apps that know no
//! quotes.
//!
//! The [`Layout`] of a target determines its columns and the escaping of its cells; an `[[export]]`
//! section may change the columns. `cell` escapes a text for the program that reads the table.

mod cell;
mod mnemosyne;

use rayon::prelude::*;

use super::card_text::{CardText, text_form};
use super::loss::Losses;
use super::{Input, Outputs, WINDOW, add_media, card_excerpts, find_media};
use crate::config::TextForm;
use crate::identity::Note;
use crate::render::{Context, MathDelimiters};
use crate::target::{ColumnPart, Field, Loss, Target};
use cell::CellFormat;

/// How many rows a core writes at a time.
const PART: usize = 64;

/// The columns and the format of a table.
struct Layout {
    /// The heading and the parts of each column.
    columns: Vec<(String, Vec<ColumnPart>)>,
    /// The separator between the fields of a column; by default, the one between blocks of a text.
    join: Option<String>,
    separator: char,
    has_header: bool,
    form: TextForm,
    cells: CellFormat,
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let layout = &build_layout(input);
    let math = if layout.cells == CellFormat::Mnemosyne {
        MathDelimiters::Mnemosyne
    } else {
        MathDelimiters::MathJax
    };
    let context = Context { media_folder: "media/", math, ..input.context };
    let input = &Input { context, ..*input };
    let mut losses = Losses::default();
    outputs.add(&input.path(), |file| {
        if input.export.bom {
            file.write_all("\u{feff}".as_bytes())?;
        }
        if layout.has_header {
            let names = layout.columns.iter().map(|(name, _)| name.clone()).collect();
            file.write_all(&write_rows(layout, &[names]))?;
        }
        for window in input.notes.chunks(WINDOW) {
            let parts = window.par_chunks(PART).map(|notes| write_part(input, layout, notes));
            for (bytes, changed) in parts.collect::<Vec<_>>() {
                file.write_all(&bytes)?;
                losses.join(changed);
            }
        }
        Ok(())
    })?;
    if layout.form != TextForm::Text && layout.cells != CellFormat::Bare {
        let media = find_media(input, card_excerpts(input.notes), |_| true);
        add_media(outputs, "media/", &media)?;
    }
    Ok(losses)
}

fn build_layout(input: &Input<'_>) -> Layout {
    use Field::{
        Answer, Back, Deck, Extra, Front, Hint, Id, KeyPoints, Question, Source, Tags, Topic,
    };
    let export = input.export;
    let is_own = export.columns.is_some();
    let named = |fields: &[Field]| -> Vec<(String, Vec<ColumnPart>)> {
        let part = |field: &Field| ColumnPart::Field(*field);
        fields.iter().map(|field| (part(field).name().to_owned(), vec![part(field)])).collect()
    };
    // Words above the text, the text, words below it, words at the foot of the card: Brainscape's
    // help, article 30335658039309.
    let labelled = || {
        let of = |(name, fields): (&str, &[Field])| {
            (name.to_owned(), fields.iter().map(|field| ColumnPart::Field(*field)).collect())
        };
        let columns: [(&str, &[Field]); 7] = [
            ("Q. Prompt", &[Topic]),
            ("Q. Body", &[Question]),
            ("Q. Clarifier", &[]),
            ("Q. Footnote", &[Hint]),
            ("A. Body", &[Answer]),
            ("A. Clarifier", &[KeyPoints]),
            ("A. Footnote", &[Extra]),
        ];
        columns.map(of).to_vec()
    };
    let parts = [Question, Answer, KeyPoints, Extra, Hint, Topic, Deck, Tags, Id, Source];
    let (columns, has_header, cells) = match export.target {
        Target::Spreadsheet => (named(&parts), true, CellFormat::Calculated),
        Target::Brainscape => (labelled(), !is_own, CellFormat::Quoted),
        Target::Mnemosyne => (named(&[Front, Back]), false, CellFormat::Mnemosyne),
        Target::Quizlet | Target::Knowt | Target::Memrise | Target::BrainscapePaste => {
            (named(&[Front, Back]), false, CellFormat::Bare)
        }
        _ => (named(&[Front, Back, Topic, Tags, Id]), true, CellFormat::Quoted),
    };
    let own = |columns: &Vec<Vec<ColumnPart>>| {
        columns.iter().map(|parts| (column_name(parts), parts.clone())).collect()
    };
    let separator = if cells.are_quoted() { ',' } else { '\t' };
    Layout {
        columns: export.columns.as_ref().map_or(columns, own),
        join: export.join.clone(),
        separator: export.separator.unwrap_or(separator),
        has_header: export.header.unwrap_or(has_header),
        form: text_form(input),
        cells,
    }
}

/// Returns the default heading of a column.
fn column_name(parts: &[ColumnPart]) -> String {
    parts.iter().map(ColumnPart::name).collect::<Vec<_>>().join("+")
}

/// Writes the rows of some notes, and counts the losses.
fn write_part(input: &Input<'_>, layout: &Layout, notes: &[Note<'_>]) -> (Vec<u8>, Losses) {
    let mut losses = Losses::default();
    let mut rows = Vec::with_capacity(notes.len());
    for note in notes {
        let mut row = Vec::with_capacity(layout.columns.len());
        for text in column_texts(input, layout, note) {
            let (cell, is_changed) = layout.cells.escape(text, layout.form, layout.separator);
            row.push(cell);
            if is_changed {
                losses.add(Loss::Syntax, note.question.span);
            }
        }
        if layout.cells == CellFormat::Quoted {
            losses.add_formulas(&row, note.question.span);
        }
        rows.push(row);
    }
    (write_rows(layout, &rows), losses)
}

/// Returns the text of each column for a question.
fn column_texts(input: &Input<'_>, layout: &Layout, note: &Note<'_>) -> Vec<String> {
    let parts = match (layout.cells, layout.form) {
        (CellFormat::Bare, TextForm::Text) => CardText::render_lines(input, note),
        (_, form) => CardText::render(input, note, form),
    };
    let text = |(_, columns): &(String, Vec<ColumnPart>)| {
        let texts = columns.iter().map(|part| parts.column(part, input, note));
        let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
        match &layout.join {
            Some(join) => texts.join(join),
            None => parts.joined(&texts),
        }
    };
    layout.columns.iter().map(text).collect()
}

fn write_rows(layout: &Layout, rows: &[Vec<String>]) -> Vec<u8> {
    let separator = layout.separator.to_string();
    let line = |row: &Vec<String>| {
        if !layout.cells.are_quoted() {
            return row.join(&separator) + "\n";
        }
        // A reader may take a row for a comment, or skip an empty one.
        let is_hidden = |at, cell: &str| {
            at == 0 && (cell.starts_with('#') || cell.is_empty() && row.len() == 1)
        };
        let cells = row.iter().enumerate().map(|(at, cell)| {
            let is_plain = !has_sign(cell, &separator) && !is_hidden(at, cell);
            if is_plain { cell.clone() } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
        });
        cells.collect::<Vec<_>>().join(&*separator) + "\r\n"
    };
    rows.iter().map(line).collect::<String>().into_bytes()
}

/// Returns a cell without the apostrophe by which a spreadsheet was kept from calculating it.
#[must_use]
pub fn without_guard(cell: &str) -> &str {
    let guarded = cell.strip_prefix('\'');
    guarded.filter(|text| cell::spreadsheet_text(text).1).unwrap_or(cell)
}

/// Returns whether some reader may take a character for the end of the cell or row, whatever
/// separator it expects.
fn has_sign(cell: &str, separator: &str) -> bool {
    cell.contains(['"', ',', ';', '\t', '\r', '\n']) || cell.contains(separator)
}

/// Returns whether any reader may take a sign for the end of a line, or of the text.
fn breaks_line(c: char) -> bool {
    c.is_control() || "\u{2028}\u{2029}".contains(c)
}
