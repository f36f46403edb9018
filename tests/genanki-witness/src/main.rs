//! `genanki-witness OUT.apkg < NOTES.json`: deckpress's JSON as an Anki package.
//!
//! A second opinion on our own package writer, by the library that it stands in for. The test
//! imports both packages and compares what Anki then holds. genanki-rs 0.4.0 works with Rust
//! 1.95 as it is, on the rusqlite 0.25 that it brings along.
//!
//! It writes no `due`, so order is not compared. It reads no `{{#Reverse}}` as Anki does, so here
//! the front of a reversed card is that field alone. Of recall lists it knows nothing: their
//! numbers and their escapes are ours, and the tests look at them in Anki.

use std::collections::BTreeMap;
use std::error::Error;
use std::{env, io};

use genanki_rs::{Deck, Field, Model, ModelType, Note, Package, Template};
use serde::Deserialize;

const FIELDS: [&str; 10] = [
    "Question",
    "Answer",
    "Key Points",
    "Extra",
    "Hint",
    "Topic",
    "Source",
    "Reverse",
    "Type",
    "ID",
];
const CLOZE_FIELDS: [&str; 9] =
    ["Text", "Answer", "Key Points", "Extra", "Hint", "Topic", "Source", "Type", "ID"];

#[derive(Deserialize)]
struct Input {
    notes: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    id: String,
    deck: String,
    topic: Vec<String>,
    tags: Vec<String>,
    lang: Option<String>,
    dir: Option<String>,
    source: Place,
    kind: String,
    cards: Vec<String>,
    question: Text,
    qualifier: Option<String>,
    answer: Text,
    key_points: Vec<Text>,
    extra: Vec<Extra>,
}

#[derive(Deserialize)]
struct Place {
    file: String,
}

#[derive(Deserialize)]
struct Text {
    html: String,
    text: String,
}

#[derive(Deserialize)]
struct Extra {
    label: Option<String>,
    html: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::args().nth(1).ok_or("usage: genanki-witness OUT.apkg < NOTES.json")?;
    let input: Input = serde_json::from_reader(io::stdin())?;
    let mut decks = BTreeMap::new();
    for record in &input.notes {
        for name in [level(&record.deck), deck_name(record)] {
            let id = 1_600_000_000_000 + i64::try_from(decks.len())?;
            decks.entry(name.clone()).or_insert_with(|| Deck::new(id, &name, ""));
        }
        if let Some(deck) = decks.get_mut(&deck_name(record)) {
            deck.add_note(note(record)?);
        }
    }
    Package::new(decks.into_values().collect(), Vec::new())?.write_to_file(&out)?;
    Ok(())
}

fn models() -> [Model; 2] {
    let recall = Template::new("Recall").qfmt("{{Question}}").afmt("{{Question}}<hr>{{Answer}}");
    let reverse = Template::new("Reverse").qfmt("{{Reverse}}").afmt("{{Question}}");
    let cloze = Template::new("Cloze").qfmt("{{cloze:Text}}").afmt("{{cloze:Text}}");
    let fields = FIELDS.map(Field::new).to_vec();
    let cloze_fields = CLOZE_FIELDS.map(Field::new).to_vec();
    [
        Model::new(1_600_000_000_001, "Witness", fields, vec![recall, reverse]),
        Model::new(1_600_000_000_002, "Witness of gaps", cloze_fields, vec![cloze])
            .model_type(ModelType::Cloze),
    ]
}

fn note(record: &Record) -> Result<Note, Box<dyn Error>> {
    let [qa, cloze] = models();
    let is_cloze = record.kind == "cloze";
    let id = if is_cloze { format!("{}+cloze", record.id) } else { record.id.clone() };
    let fields = fields(record, &id, is_cloze);
    let model = if is_cloze { cloze } else { qa };
    let note = Note::new(model, fields.iter().map(String::as_str).collect())?;
    Ok(note.tags(&record.tags).guid(&id))
}

/// The fields as our package holds them.
fn fields(record: &Record, id: &str, is_cloze: bool) -> Vec<String> {
    let caption = match &record.qualifier {
        Some(qualifier) => format!("<p class=\"qualifier\">{}</p>\n", escape(qualifier)),
        None => String::new(),
    };
    let points = record.key_points.iter().map(|point| format!("<li>{}</li>\n", point.html));
    let points = match points.collect::<String>() {
        items if items.is_empty() => items,
        items => format!("<ul>\n{items}</ul>"),
    };
    let (hints, extra): (Vec<&Extra>, Vec<&Extra>) =
        record.extra.iter().partition(|extra| extra.label.as_deref() == Some("Hint"));
    let hints: Vec<&str> = hints.iter().map(|hint| hint.html.as_str()).collect();
    let sections = extra.iter().map(|extra| {
        let label = extra.label.as_deref().map(escape);
        let label = label
            .map(|label| format!("<h4 class=\"extra-label\">{label}</h4>\n"))
            .unwrap_or_default();
        format!("<section class=\"extra\">\n{label}{}\n</section>", extra.html)
    });
    let makes = |kind: &str| record.cards.iter().any(|made| made == kind);
    let flag = |kind| if makes(kind) { "yes".to_owned() } else { String::new() };
    let mut fields = vec![
        in_language(record, record.question.html.clone()),
        in_language(record, caption + &record.answer.html),
        in_language(record, points),
        in_language(record, sections.collect::<Vec<_>>().join("\n")),
        in_language(record, hints.join("\n")),
        escape(&record.topic.join(" › ")),
        escape(&record.source.file),
    ];
    if is_cloze {
        fields.push(flag("type"));
    } else {
        let block = record.answer.text.split("\n\n").next().unwrap_or_default();
        let typed = block.split_whitespace().collect::<Vec<_>>().join(" ");
        fields.push(flag("reverse"));
        fields.push(if makes("type") { escape(&typed) } else { String::new() });
    }
    fields.push(escape(id));
    fields
}

fn in_language(record: &Record, html: String) -> String {
    let lang = record.lang.as_deref();
    let dir = record.dir.as_deref().or(lang.filter(|lang| ["ar", "fa"].contains(lang)).map(|_| "rtl"));
    if html.is_empty() || (lang.is_none() && dir.is_none()) {
        return html;
    }
    let attribute = |name, value: Option<&str>| {
        value.map(|value| format!(" {name}=\"{value}\"")).unwrap_or_default()
    };
    format!("<div{}{}>{html}</div>", attribute("lang", lang), attribute("dir", dir))
}

fn deck_name(record: &Record) -> String {
    let levels = std::iter::once(&record.deck).chain(&record.topic);
    levels.map(|title| level(title)).collect::<Vec<_>>().join("::")
}

fn level(title: &str) -> String {
    title.replace("::", "∷")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
