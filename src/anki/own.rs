//! Note types of the author's own, as a package holds them.
//!
//! They have the fields and templates that the author wrote and nothing of ours: one field more,
//! and Anki would take them for other types than those in the collection.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::TypeSettings;
use super::notetype::{FONT, LATEX_POST, LATEX_PRE};
use crate::template::{self, Template, cloze};

/// The highest cloze number; Anki gives all higher ones the same card.
const LAST_CLOZE: u16 = 500;

/// A note type of the author's own.
#[derive(Debug, Clone)]
pub struct OwnNoteType<'a> {
    /// Its id.
    pub id: i64,
    /// When its style sheet or a template last changed, in seconds since 1970.
    pub modified: i64,
    /// Its name.
    pub name: &'a str,
    /// Whether it is a cloze type, which makes a card for each gap.
    pub is_cloze: bool,
    /// The style sheet.
    pub css: &'a str,
    /// The names of its fields, each with its id where it has one.
    pub fields: Vec<(&'a str, Option<i64>)>,
    /// Its card templates.
    pub cards: Vec<OwnTemplate<'a>>,
    /// Its fonts, sort field and LaTeX frame.
    pub settings: TypeSettings,
}

/// A card template.
#[derive(Debug, Clone)]
pub struct OwnTemplate<'a> {
    /// Its id, if it has one.
    pub id: Option<i64>,
    /// Its name.
    pub name: &'a str,
    /// The template of the front.
    pub front: &'a str,
    /// The template of the back.
    pub back: &'a str,
}

/// A note of such a type.
#[derive(Debug, Clone)]
pub struct OwnNote<'a> {
    /// The GUID, by which Anki matches the note across imports.
    pub guid: &'a str,
    /// The note id: milliseconds since 1970, unique in the package.
    pub created: i64,
    /// Seconds since 1970; Anki updates a note only if this has grown.
    pub modified: i64,
    /// The index of the note's deck.
    pub deck: usize,
    /// Tags without spaces; `::` makes a hierarchy.
    pub tags: Vec<String>,
    /// The fields as HTML, in the order of the note type; they contain no U+001F.
    pub fields: Vec<String>,
}

/// Says which cards the notes of a type have.
#[derive(Debug)]
pub struct OwnCards<'a> {
    pub(super) note_type: &'a OwnNoteType<'a>,
    fronts: Vec<Option<Template<'a>>>,
}

impl<'a> OwnCards<'a> {
    /// Reads the fronts of a note type once for all of its notes.
    #[must_use]
    pub fn new(note_type: &'a OwnNoteType<'a>) -> Self {
        let fronts = note_type.cards.iter().map(|card| template::parse(card.front).ok());
        Self { note_type, fronts: fronts.collect() }
    }

    /// Returns the note type.
    #[must_use]
    pub fn note_type(&self) -> &'a OwnNoteType<'a> {
        self.note_type
    }

    /// Returns the ordinals of a note's cards, as Anki makes them: the templates whose front shows
    /// a field that is filled, or the numbers of the gaps in all fields. A note without any has the
    /// first card.
    #[must_use]
    pub fn card_ords(&self, fields: &[String], has_tags: bool) -> Vec<u16> {
        let ords = self.shown_ords(fields, has_tags);
        if ords.is_empty() { vec![0] } else { ords.into_iter().collect() }
    }

    /// Returns whether Anki makes a card of a note, other than a blank one.
    #[must_use]
    pub fn has_cards(&self, fields: &[String], has_tags: bool) -> bool {
        !self.shown_ords(fields, has_tags).is_empty()
    }

    fn shown_ords(&self, fields: &[String], has_tags: bool) -> BTreeSet<u16> {
        if self.note_type.is_cloze {
            let numbers = fields.iter().flat_map(|field| cloze::numbers(field));
            numbers.map(|number| number.min(LAST_CLOZE) - 1).collect()
        } else {
            let names = self.note_type.fields.iter().map(|(name, _)| *name);
            let filled = names.clone().zip(fields).filter(|(_, html)| !template::is_empty(html));
            let filled: BTreeSet<&str> = filled.map(|(name, _)| name).collect();
            let names: BTreeSet<&str> = names.collect();
            let is_filled = |name: &str| {
                filled.contains(name)
                    || (!names.contains(name)
                        && template::is_special(name)
                        && name != "FrontSide"
                        && (name != "Tags" || has_tags))
            };
            let fronts = (0..).zip(&self.fronts);
            let shown = fronts.filter(|(_, front)| {
                front.as_ref().is_some_and(|front| front.shows_any(&is_filled))
            });
            shown.map(|(ord, _)| ord).collect()
        }
    }
}

/// Returns a note type as JSON, as schema 11 has it.
pub(super) fn model(note_type: &OwnNoteType<'_>) -> Value {
    let settings = &note_type.settings;
    let field = |(ord, (name, id)): (usize, &(&str, Option<i64>))| {
        let kept = settings.field(ord);
        let mut field = json!({
            "name": name,
            "ord": ord,
            "sticky": kept.sticky,
            "rtl": kept.rtl,
            "font": kept.font.as_deref().unwrap_or(FONT.0),
            "size": kept.size.unwrap_or(FONT.1),
            "media": [],
        });
        let id = id.map(|id| json!(id));
        let more = [
            ("id", id),
            ("description", (!kept.description.is_empty()).then(|| json!(kept.description))),
            ("plainText", kept.plain_text.then_some(json!(true))),
            ("collapsed", kept.collapsed.then_some(json!(true))),
            ("excludeFromSearch", kept.exclude_from_search.then_some(json!(true))),
            ("tag", kept.tag.map(|tag| json!(tag))),
            ("preventDeletion", kept.prevent_deletion.then_some(json!(true))),
        ];
        for (key, value) in more {
            if let Some(value) = value {
                field[key] = value;
            }
        }
        field
    };
    let template = |(ord, card): (usize, &OwnTemplate<'_>)| {
        let kept = settings.card(ord);
        let mut template = json!({
            "name": card.name,
            "ord": ord,
            "qfmt": card.front,
            "afmt": card.back,
            "bqfmt": kept.browser_front,
            "bafmt": kept.browser_back,
            "did": null,
            "bfont": kept.browser_font,
            "bsize": kept.browser_size,
        });
        if let Some(id) = card.id {
            template["id"] = json!(id);
        }
        template
    };
    let mut model = json!({
        "id": note_type.id,
        "name": note_type.name,
        "type": u8::from(note_type.is_cloze),
        "mod": note_type.modified,
        "usn": -1,
        "sortf": settings.sort_field,
        "did": null,
        "tmpls": note_type.cards.iter().enumerate().map(template).collect::<Vec<_>>(),
        "flds": note_type.fields.iter().enumerate().map(field).collect::<Vec<_>>(),
        "css": note_type.css,
        "latexPre": settings.latex_pre.as_deref().unwrap_or(LATEX_PRE),
        "latexPost": settings.latex_post.as_deref().unwrap_or(LATEX_POST),
        "latexsvg": settings.latex_svg,
        "req": requirements(note_type),
        "tags": [],
        "vers": [],
    });
    if settings.original_stock_kind != 0 {
        model["originalStockKind"] = json!(settings.original_stock_kind);
    }
    model
}

/// Returns which fields the cards need, for Anki before 2.1.28: one of those that the front shows
/// anywhere. It says less than the template, which every later version reads itself.
fn requirements(note_type: &OwnNoteType<'_>) -> Value {
    let of = |(ord, card): (u32, &OwnTemplate<'_>)| {
        let front = template::parse(card.front).unwrap_or_default();
        let shown: BTreeSet<usize> = front
            .fields()
            .iter()
            .filter_map(|field| note_type.fields.iter().position(|(name, _)| *name == field.name))
            .collect();
        json!([ord, if shown.is_empty() { "none" } else { "any" }, shown])
    };
    (0..).zip(&note_type.cards).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::{OwnCards, OwnNoteType, OwnTemplate, TypeSettings};

    fn note_type<'a>(is_cloze: bool, fronts: &[&'a str]) -> OwnNoteType<'a> {
        let card = |front: &&'a str| OwnTemplate { id: None, name: "C", front, back: "" };
        OwnNoteType {
            id: 1,
            modified: 1,
            name: "Word",
            is_cloze,
            css: "",
            fields: vec![("A", None), ("B", Some(2))],
            cards: fronts.iter().map(card).collect(),
            settings: TypeSettings::default(),
        }
    }

    #[test]
    fn cards_are_those_of_anki() {
        let check = |is_cloze, fronts: &[&str], fields: [&str; 2], has_tags, expect: &[u16]| {
            let own = note_type(is_cloze, fronts);
            let fields = fields.map(String::from);
            let ords = OwnCards::new(&own).card_ords(&fields, has_tags);
            assert_eq!(ords, expect, "{fronts:?} {fields:?}");
        };
        check(false, &["{{A}}", "{{#B}}{{A}}{{/B}}", "{{B}}"], ["a", ""], false, &[0]);
        check(false, &["{{A}}", "{{#B}}{{A}}{{/B}}", "{{B}}"], ["a", "b"], false, &[0, 1, 2]);
        check(false, &["{{B}}", "{{^B}}{{A}}{{/B}}"], ["a", "<br>"], false, &[1]);
        check(false, &["{{Tags}}", "{{Deck}}", "{{FrontSide}}"], ["a", ""], false, &[1]);
        check(false, &["{{Tags}}", "{{Deck}}"], ["a", ""], true, &[0, 1]);
        check(false, &["{{B}}"], ["a", ""], false, &[0]);
        check(true, &["{{cloze:A}}"], ["{{c2::x}}", "{{c1::y}} {{c600::z}}"], false, &[0, 1, 499]);
        check(true, &["{{cloze:A}}"], ["none", ""], false, &[0]);
    }
}
