//! Note types and decks as the two schemas of a collection hold them.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use prost::Message;
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::model::{NoteType, Template};
use crate::anki::{
    CardSettings, FieldConfig, FieldSettings, NotetypeConfig, TemplateConfig, TypeSettings,
};

/// The stock kind of note types that cover parts of a picture.
const OCCLUSION: i32 = 6;

/// The levels of each deck's name, by its id.
pub(super) type Decks = BTreeMap<i64, Vec<String>>;

/// Reads the tables of schema 15 and later.
pub(super) fn read_tables(connection: &Connection) -> Result<(Vec<NoteType>, Decks)> {
    let damaged = |name: &str| format!("the note type `{name}` is damaged");
    let mut note_types = Vec::new();
    let mut rows = connection.prepare("SELECT id, name, mtime_secs, config FROM notetypes")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (id, name): (i64, String) = (row.get(0)?, row.get(1)?);
        let config =
            NotetypeConfig::decode(row.get_ref(3)?.as_blob()?).with_context(|| damaged(&name))?;
        let (fields, of_fields) = read_fields(connection, id).with_context(|| damaged(&name))?;
        let (cards, of_cards) = read_templates(connection, id).with_context(|| damaged(&name))?;
        let settings = TypeSettings {
            sort_field: config.sort_field,
            latex_pre: Some(config.latex_pre),
            latex_post: Some(config.latex_post),
            latex_svg: config.latex_svg,
            original_stock_kind: config.original_stock_kind,
            fields: of_fields,
            cards: of_cards,
        };
        note_types.push(NoteType {
            id,
            settings,
            is_cloze: config.kind == 1,
            is_occlusion: config.original_stock_kind == OCCLUSION,
            is_bare: false,
            is_markdown: false,
            modified: row.get(2)?,
            css: config.css,
            fields,
            cards,
            name,
        });
    }
    let mut decks = Decks::new();
    let mut rows = connection.prepare("SELECT id, name FROM decks")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(1)?;
        decks.insert(row.get(0)?, name.split('\x1f').map(str::to_owned).collect());
    }
    Ok((note_types, decks))
}

/// The names of fields, each with its id if it has one.
type Fields = Vec<(String, Option<i64>)>;

fn read_fields(connection: &Connection, note_type: i64) -> Result<(Fields, Vec<FieldSettings>)> {
    let mut rows =
        connection.prepare("SELECT name, config FROM fields WHERE ntid = ?1 ORDER BY ord")?;
    let mut rows = rows.query([note_type])?;
    let (mut fields, mut settings) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let config = FieldConfig::decode(row.get_ref(1)?.as_blob()?)?;
        fields.push((row.get(0)?, config.id));
        settings.push(FieldSettings {
            font: Some(config.font_name),
            size: Some(config.font_size),
            rtl: config.rtl,
            sticky: config.sticky,
            description: config.description,
            plain_text: config.plain_text,
            collapsed: config.collapsed,
            exclude_from_search: config.exclude_from_search,
            tag: config.tag,
            prevent_deletion: config.prevent_deletion,
        });
    }
    Ok((fields, settings))
}

fn read_templates(
    connection: &Connection,
    note_type: i64,
) -> Result<(Vec<Template>, Vec<CardSettings>)> {
    let mut rows =
        connection.prepare("SELECT name, config FROM templates WHERE ntid = ?1 ORDER BY ord")?;
    let mut rows = rows.query([note_type])?;
    let (mut templates, mut settings) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let config = TemplateConfig::decode(row.get_ref(1)?.as_blob()?)?;
        let TemplateConfig { browser_front, browser_back, browser_font, browser_size, .. } = config;
        settings.push(CardSettings { browser_front, browser_back, browser_font, browser_size });
        let TemplateConfig { q_format: front, a_format: back, id, .. } = config;
        templates.push(Template { name: row.get(0)?, id, front, back });
    }
    Ok((templates, settings))
}

/// Reads the JSON of schema 11.
pub(super) fn read_json(connection: &Connection) -> Result<(Vec<NoteType>, Decks)> {
    let (models, decks): (String, String) =
        connection
            .query_row("SELECT models, decks FROM col", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let models: BTreeMap<String, Value> =
        serde_json::from_str(&models).context("its note types are damaged")?;
    let mut note_types = Vec::new();
    for (key, model) in &models {
        let name = text(model, "name");
        let id = key.parse().ok().or_else(|| number(model, "id"));
        let id = id.with_context(|| format!("the note type `{name}` has no id"))?;
        // Each by itself, as an add-on may have written one of them otherwise.
        let of_fields = ordered(model, "flds").into_iter().map(read_settings).collect();
        let of_cards = ordered(model, "tmpls").into_iter().map(read_settings).collect();
        let mut head = model.clone();
        head.as_object_mut().into_iter().for_each(|head| {
            head.retain(|key, _| key != "flds" && key != "tmpls");
        });
        let settings: TypeSettings = read_settings(&head);
        note_types.push(NoteType {
            id,
            settings: TypeSettings { fields: of_fields, cards: of_cards, ..settings },
            is_cloze: number(model, "type") == Some(1),
            is_occlusion: number(model, "originalStockKind") == Some(i64::from(OCCLUSION)),
            is_bare: false,
            is_markdown: false,
            modified: number(model, "mod").unwrap_or_default(),
            css: text(model, "css"),
            fields: ordered(model, "flds")
                .iter()
                .map(|field| (text(field, "name"), number(field, "id")))
                .collect(),
            cards: ordered(model, "tmpls")
                .iter()
                .map(|template| Template {
                    name: text(template, "name"),
                    id: number(template, "id"),
                    front: text(template, "qfmt"),
                    back: text(template, "afmt"),
                })
                .collect(),
            name,
        });
    }
    let parsed: BTreeMap<String, Value> =
        serde_json::from_str(&decks).context("its decks are damaged")?;
    let mut decks = Decks::new();
    for (key, deck) in &parsed {
        if let Some(id) = key.parse().ok().or_else(|| number(deck, "id")) {
            decks.insert(id, text(deck, "name").split("::").map(str::to_owned).collect());
        }
    }
    Ok((note_types, decks))
}

fn read_settings<T: Default + DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

/// Returns the members of a list in the order that they say of themselves.
fn ordered<'v>(model: &'v Value, key: &str) -> Vec<&'v Value> {
    let mut all: Vec<&Value> = model[key].as_array().into_iter().flatten().collect();
    all.sort_by_key(|value| number(value, "ord").unwrap_or_default());
    all
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn number(value: &Value, key: &str) -> Option<i64> {
    match &value[key] {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => {
            // Some add-ons wrote times with fractions.
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a fraction of a second is nothing"
            )]
            number.as_i64().or_else(|| number.as_f64().map(|number| number as i64))
        }
        _ => None,
    }
}
