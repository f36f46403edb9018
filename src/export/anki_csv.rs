//! CSV for Anki's text import, which needs no click: the header says everything.
//!
//! Keys and their order are those of Anki's own export and of
//! `rslib/src/import_export/text/csv/metadata.rs`. Every cell is quoted, as Anki takes a line
//! that begins with `#` for a comment, wherever it stands.

use super::{Artifacts, Input, add_media, anki_fields, deck_name, media_of, shown, tags};
use crate::anki;
use crate::config::CsvNotetype;
use crate::render::card;

pub(super) fn export(input: &Input<'_>) -> anyhow::Result<Artifacts> {
    let (notetype, fields) = match input.config.csv_notetype {
        CsvNotetype::Deckpress => (anki::QA_NAME, anki::qa_fields()),
        CsvNotetype::Basic => ("Basic", vec!["Front", "Back"]),
    };
    let columns = [vec!["GUID", "Deck", "Tags"], fields].concat();
    let mut out = String::from("#separator:tab\n#html:true\n");
    out += &format!("#notetype:{notetype}\n");
    out += &format!("#columns:{}\n", columns.join("\t"));
    out += "#guid column:1\n#deck column:2\n#tags column:3\n#if matches:update current\n";
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b'\t')
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(out.into_bytes());
    for note in input.notes {
        let mut row =
            vec![note.id.to_owned(), deck_name(note.deck, note.topic), tags(note).join(" ")];
        match input.config.csv_notetype {
            CsvNotetype::Deckpress => row.extend(anki_fields::qa(input, note)),
            CsvNotetype::Basic => {
                let card = card::render(&input.context, note.question);
                row.extend([card.question.clone(), card.back()]);
            }
        }
        writer.write_record(&row)?;
    }
    let mut artifacts = Artifacts::new();
    artifacts.insert(format!("{}.anki.csv", input.name), writer.into_inner()?);
    let media = media_of(input, shown(input.notes), |_| true);
    add_media(&mut artifacts, "media/", &media);
    Ok(artifacts)
}
