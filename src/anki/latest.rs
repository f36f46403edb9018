//! The tables and protobuf messages of the latest version (schema 18).
//!
//! The tables and their order are those in `sqlite_master` of a new collection of Anki 26.9.3. The
//! messages are those of its `decks.proto` and `import_export.proto`, with only the fields that we
//! set; those of note types are in `messages`.

use std::collections::BTreeMap;

use anyhow::Result;
use prost::Message;
use rusqlite::{Transaction, params};
use sha1::{Digest, Sha1};

use super::messages::{FieldConfig, NotetypeConfig, TemplateConfig};
use super::notetype::{self, FONT, LATEX_POST, LATEX_PRE};
use super::schema::{CREATED, descriptions};
use super::{Deck, Kind, NoteTypes, OwnNoteType, OwnTemplate, Style, TypeSettings};

/// The version of the schema.
pub(super) const VERSION: i64 = 18;

/// The collation of names, which must be registered to open the database.
pub(super) const COLLATION: &str = "unicase";

/// The tables that the legacy version does not have.
pub(super) const TABLES: &str = "
CREATE TABLE deck_config (
  id integer PRIMARY KEY NOT NULL,
  name text NOT NULL COLLATE unicase,
  mtime_secs integer NOT NULL,
  usn integer NOT NULL,
  config blob NOT NULL
);
CREATE TABLE config (
  KEY text NOT NULL PRIMARY KEY,
  usn integer NOT NULL,
  mtime_secs integer NOT NULL,
  val blob NOT NULL
) without rowid;
CREATE TABLE fields (
  ntid integer NOT NULL,
  ord integer NOT NULL,
  name text NOT NULL COLLATE unicase,
  config blob NOT NULL,
  PRIMARY KEY (ntid, ord)
) without rowid;
CREATE TABLE templates (
  ntid integer NOT NULL,
  ord integer NOT NULL,
  name text NOT NULL COLLATE unicase,
  mtime_secs integer NOT NULL,
  usn integer NOT NULL,
  config blob NOT NULL,
  PRIMARY KEY (ntid, ord)
) without rowid;
CREATE TABLE notetypes (
  id integer NOT NULL PRIMARY KEY,
  name text NOT NULL COLLATE unicase,
  mtime_secs integer NOT NULL,
  usn integer NOT NULL,
  config blob NOT NULL
);
CREATE TABLE decks (
  id integer PRIMARY KEY NOT NULL,
  name text NOT NULL COLLATE unicase,
  mtime_secs integer NOT NULL,
  usn integer NOT NULL,
  common blob NOT NULL,
  kind blob NOT NULL
);
CREATE TABLE tags (
  tag text NOT NULL PRIMARY KEY COLLATE unicase,
  usn integer NOT NULL,
  collapsed boolean NOT NULL,
  config blob NULL
) without rowid;
CREATE TABLE graves (
  oid integer NOT NULL,
  type integer NOT NULL,
  usn integer NOT NULL,
  PRIMARY KEY (oid, type)
) WITHOUT ROWID;";

/// The only preset, as in a new collection. An import does not change the user's presets.
const PRESET: &[u8] =
    b"\n\x08\x00\x00\x80?\x00\x00 A\x12\x04\x00\x00 A\"\x1c\x00\x00\x80?\x00\x00\x80?\
    \x00\x00\x80?\x00\x00\x80?\x00\x00\x80?\x00\x00\x80?\x00\x00\x80?H\x14P\xc8\x01]\x00\x00 @e\
    ff\xa6?m\x9a\x99\x99?}\x00\x00\x80?\x80\x01\x94\x9d\x02\x88\x01\x01\x90\x01\x01\x98\x01\x04\
    \xa8\x01\x01\xb0\x01\x08\xc0\x01<\xad\x02fff?\xc5\x02fff?\xe0\x02\x01";

/// The kind of a deck that is not a filtered deck.
#[derive(Message)]
struct DeckKind {
    #[prost(message, optional, tag = "1")]
    normal: Option<NormalDeck>,
}

#[derive(Message)]
struct NormalDeck {
    /// The id of its preset.
    #[prost(int64, tag = "1")]
    config_id: i64,
    #[prost(string, tag = "4")]
    description: String,
}

#[derive(Message)]
struct MediaEntries {
    #[prost(message, repeated, tag = "1")]
    entries: Vec<MediaEntry>,
}

#[derive(Message)]
pub(super) struct MediaEntry {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(uint32, tag = "2")]
    size: u32,
    #[prost(bytes = "vec", tag = "3")]
    sha1: Vec<u8>,
}

/// Fills all tables but those of notes and cards.
pub(super) fn insert(
    transaction: &Transaction<'_>,
    decks: &[Deck],
    ids: &BTreeMap<&str, i64>,
    NoteTypes { style, own }: NoteTypes<'_>,
) -> Result<()> {
    transaction.execute(
        "INSERT INTO col VALUES (1, ?1, ?2, ?2, ?3, 0, 0, 0, '', '', '', '', '')",
        params![CREATED, CREATED * 1000, VERSION],
    )?;
    transaction
        .execute("INSERT INTO deck_config VALUES (1, 'Default', 0, 0, ?1)", params![PRESET])?;
    for kind in [Kind::Qa, Kind::Cloze] {
        insert_notetype(transaction, kind, style)?;
    }
    own.iter().try_for_each(|own| insert_own(transaction, own))?;
    let descriptions = descriptions(decks);
    for (name, id) in ids {
        let description = descriptions.get(name).map_or("", |text| text.as_str()).to_owned();
        let kind = DeckKind { normal: Some(NormalDeck { config_id: 1, description }) };
        // The separator of deck levels is the one of fields, too.
        let name = name.replace("::", "\x1f");
        transaction.execute(
            "INSERT INTO decks VALUES (?1, ?2, ?3, -1, x'', ?4)",
            params![id, name, CREATED, kind.encode_to_vec()],
        )?;
    }
    Ok(())
}

fn insert_notetype(transaction: &Transaction<'_>, kind: Kind, style: Style<'_>) -> Result<()> {
    let field = |field: &notetype::Field| Row {
        name: field.name().to_owned(),
        config: FieldConfig {
            font_name: FONT.0.to_owned(),
            font_size: FONT.1,
            description: field.description.to_owned(),
            collapsed: field.is_folded,
            id: Some(field.id),
            // If a user could delete a field, the notes could never be updated again.
            prevent_deletion: true,
            ..FieldConfig::default()
        },
    };
    let template = |template: &notetype::Template| Row {
        name: template.name.to_owned(),
        config: TemplateConfig {
            q_format: template.front.to_owned(),
            a_format: template.back.to_owned(),
            id: Some(template.id),
            ..TemplateConfig::default()
        },
    };
    insert_layout(
        transaction,
        (notetype::id(kind), notetype::name(kind), notetype::modified(style)),
        (kind == Kind::Cloze, &notetype::css(style), &TypeSettings::default()),
        notetype::fields(kind).iter().map(field),
        notetype::templates(kind).iter().map(template),
    )
}

fn insert_own(transaction: &Transaction<'_>, own: &OwnNoteType<'_>) -> Result<()> {
    let field = |(ord, (name, id)): (usize, &(&str, Option<i64>))| {
        let kept = own.settings.field(ord);
        let config = FieldConfig {
            sticky: kept.sticky,
            rtl: kept.rtl,
            font_name: kept.font.unwrap_or_else(|| FONT.0.to_owned()),
            font_size: kept.size.unwrap_or(FONT.1),
            description: kept.description,
            plain_text: kept.plain_text,
            collapsed: kept.collapsed,
            exclude_from_search: kept.exclude_from_search,
            id: *id,
            tag: kept.tag,
            prevent_deletion: kept.prevent_deletion,
        };
        Row { name: (*name).to_owned(), config }
    };
    let template = |(ord, card): (usize, &OwnTemplate<'_>)| {
        let kept = own.settings.card(ord);
        let config = TemplateConfig {
            q_format: card.front.to_owned(),
            a_format: card.back.to_owned(),
            browser_front: kept.browser_front,
            browser_back: kept.browser_back,
            browser_font: kept.browser_font,
            browser_size: kept.browser_size,
            id: card.id,
        };
        Row { name: card.name.to_owned(), config }
    };
    insert_layout(
        transaction,
        (own.id, own.name, own.modified),
        (own.is_cloze, own.css, &own.settings),
        own.fields.iter().enumerate().map(field),
        own.cards.iter().enumerate().map(template),
    )
}

/// A field or a template with its name.
struct Row<T> {
    name: String,
    config: T,
}

fn insert_layout(
    transaction: &Transaction<'_>,
    (id, name, modified): (i64, &str, i64),
    (is_cloze, css, settings): (bool, &str, &TypeSettings),
    fields: impl Iterator<Item = Row<FieldConfig>>,
    templates: impl Iterator<Item = Row<TemplateConfig>>,
) -> Result<()> {
    let config = NotetypeConfig {
        kind: i32::from(is_cloze),
        sort_field: settings.sort_field,
        css: css.to_owned(),
        latex_pre: settings.latex_pre.as_deref().unwrap_or(LATEX_PRE).to_owned(),
        latex_post: settings.latex_post.as_deref().unwrap_or(LATEX_POST).to_owned(),
        latex_svg: settings.latex_svg,
        original_stock_kind: settings.original_stock_kind,
    };
    transaction.execute(
        "INSERT INTO notetypes VALUES (?1, ?2, ?3, -1, ?4)",
        params![id, name, modified, config.encode_to_vec()],
    )?;
    for (ord, Row { name, config }) in (0u32..).zip(fields) {
        transaction.execute(
            "INSERT INTO fields VALUES (?1, ?2, ?3, ?4)",
            params![id, ord, name, config.encode_to_vec()],
        )?;
    }
    for (ord, Row { name, config }) in (0u32..).zip(templates) {
        transaction.execute(
            "INSERT INTO templates VALUES (?1, ?2, ?3, ?4, -1, ?5)",
            params![id, ord, name, modified, config.encode_to_vec()],
        )?;
    }
    Ok(())
}

/// Encodes the list of media, in the order of their numbers.
pub(super) fn encode_entries(entries: Vec<MediaEntry>) -> Vec<u8> {
    MediaEntries { entries }.encode_to_vec()
}

impl MediaEntry {
    pub(super) fn new(name: &str, bytes: &[u8]) -> Result<Self> {
        let (size, sha1) = (u32::try_from(bytes.len())?, Sha1::digest(bytes).to_vec());
        Ok(Self { name: name.to_owned(), size, sha1 })
    }
}
