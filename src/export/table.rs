//! A row per question: CSV of every kind, and text to paste into apps that know no quotes.

use rayon::prelude::*;

use super::fields::Parts;
use super::{Input, Outputs, WINDOW, add_media, media_of, shown};
use crate::config::TextForm;
use crate::identity::Note;
use crate::render::Context;
use crate::target::{Field, Target};

/// How many rows are written at a time, on one core.
const PART: usize = 64;

/// What a cell of a spreadsheet must not begin with, as it would be a formula (OWASP, "CSV
/// Injection").
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// How a table is written.
struct Layout {
    /// What stands in each column, with its heading.
    columns: Vec<(String, Vec<Field>)>,
    /// What joins the fields of a column.
    join: String,
    separator: char,
    has_header: bool,
    form: TextForm,
    /// Whether cells may hold the separator, line breaks and quotes, between quotes.
    is_quoted: bool,
    /// Whether no cell may be taken for a formula.
    is_calculated: bool,
    /// How lines end.
    newline: &'static str,
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<()> {
    let input = &Input { context: Context { media_folder: "media/", ..input.context }, ..*input };
    let layout = &layout(input);
    let rows =
        |notes: &[Note<'_>]| written(layout, notes.iter().map(|note| row(input, layout, note)));
    outputs.add(&input.path(), |file| {
        if input.export.bom {
            file.write_all("\u{feff}".as_bytes())?;
        }
        if layout.has_header {
            let names = layout.columns.iter().map(|(name, _)| name.clone()).collect();
            file.write_all(&written(layout, std::iter::once(names))?)?;
        }
        for window in input.notes.chunks(WINDOW) {
            let parts: Vec<_> = window.par_chunks(PART).map(rows).collect::<anyhow::Result<_>>()?;
            parts.iter().try_for_each(|part| file.write_all(part))?;
        }
        Ok(())
    })?;
    if layout.form != TextForm::Text {
        let media = media_of(input, shown(input.notes), |_| true);
        add_media(outputs, "media/", &media)?;
    }
    Ok(())
}

fn layout(input: &Input<'_>) -> Layout {
    let export = input.export;
    let column = |field: Field| (name(&[field]).to_owned(), vec![field]);
    let csv = Layout {
        columns: [Field::Front, Field::Back, Field::Topic, Field::Tags, Field::Id]
            .map(column)
            .into(),
        join: "\n\n".to_owned(),
        separator: ',',
        has_header: true,
        form: TextForm::Text,
        is_quoted: true,
        is_calculated: false,
        newline: "\r\n",
    };
    let mut layout = match export.target {
        Target::Csv => Layout { form: input.config.csv_text, ..csv },
        _ => csv,
    };
    if let Some(columns) = &export.columns {
        layout.columns = columns.iter().map(|fields| (name(fields), fields.clone())).collect();
    }
    layout.join = export.join.clone().unwrap_or(layout.join);
    layout.separator = export.separator.unwrap_or(layout.separator);
    layout.has_header = export.header.unwrap_or(layout.has_header);
    layout.form = export.text.unwrap_or(layout.form);
    layout
}

/// The heading of a column.
fn name(fields: &[Field]) -> String {
    let names = fields.iter().filter_map(|field| {
        Field::ALL.iter().find(|(_, known)| known == field).map(|(name, _)| *name)
    });
    names.collect::<Vec<_>>().join("+")
}

fn row(input: &Input<'_>, layout: &Layout, note: &Note<'_>) -> Vec<String> {
    let parts = Parts::of(input, note, layout.form);
    let cell = |(_, fields): &(String, Vec<Field>)| {
        let texts = fields.iter().map(|field| parts.field(*field, input, note));
        let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
        texts.join(&layout.join)
    };
    layout.columns.iter().map(cell).collect()
}

fn written(layout: &Layout, rows: impl Iterator<Item = Vec<String>>) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(u8::try_from(layout.separator)?)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner()?)
}
