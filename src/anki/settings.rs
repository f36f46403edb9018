//! The settings of a note type that are neither layout, template nor style sheet: the fonts of the
//! editor, the sort field of the browser, the header and footer of LaTeX.
//!
//! An author does not write these. But a note type that was imported has them, and a new style sheet
//! sends the whole note type, so that without them all would be as in a new one. The names are those
//! of Anki's JSON (schema 11); what is as in a new note type is left out.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::notetype::{FONT, LATEX_POST, LATEX_PRE};

/// The settings of a note type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TypeSettings {
    /// The field by which the browser sorts.
    #[serde(rename = "sortf", skip_serializing_if = "is_default")]
    pub sort_field: u32,
    /// The header of LaTeX: its preamble.
    #[serde(skip_serializing_if = "is_default")]
    pub latex_pre: Option<String>,
    /// The footer of LaTeX.
    #[serde(skip_serializing_if = "is_default")]
    pub latex_post: Option<String>,
    /// Renders LaTeX as SVG, not as PNG.
    #[serde(rename = "latexsvg", skip_serializing_if = "is_default")]
    pub latex_svg: bool,
    /// Which of the types that Anki comes with it was.
    #[serde(skip_serializing_if = "is_default")]
    pub original_stock_kind: i32,
    /// The settings of the fields, in order.
    #[serde(rename = "flds", skip_serializing_if = "is_default")]
    pub fields: Vec<FieldSettings>,
    /// The settings of the card templates, in order.
    #[serde(rename = "tmpls", skip_serializing_if = "is_default")]
    pub cards: Vec<CardSettings>,
}

/// The settings of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct FieldSettings {
    /// The font in the editor.
    #[serde(skip_serializing_if = "is_default")]
    pub font: Option<String>,
    /// Its size.
    #[serde(skip_serializing_if = "is_default")]
    pub size: Option<u32>,
    /// Whether it is written from right to left.
    #[serde(skip_serializing_if = "is_default")]
    pub rtl: bool,
    /// Whether the next note begins with what it holds.
    #[serde(skip_serializing_if = "is_default")]
    pub sticky: bool,
    /// What stands in it while it is empty.
    #[serde(skip_serializing_if = "is_default")]
    pub description: String,
    /// Whether it is edited as HTML.
    #[serde(skip_serializing_if = "is_default")]
    pub plain_text: bool,
    /// Whether it is folded in the editor.
    #[serde(skip_serializing_if = "is_default")]
    pub collapsed: bool,
    /// Whether a search passes it over.
    #[serde(skip_serializing_if = "is_default")]
    pub exclude_from_search: bool,
    /// What Anki's own types know it by.
    #[serde(skip_serializing_if = "is_default")]
    pub tag: Option<u32>,
    /// Whether it cannot be deleted.
    #[serde(skip_serializing_if = "is_default")]
    pub prevent_deletion: bool,
}

/// The settings of a card template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardSettings {
    /// The front in the browser.
    #[serde(rename = "bqfmt", skip_serializing_if = "is_default")]
    pub browser_front: String,
    /// The back in the browser.
    #[serde(rename = "bafmt", skip_serializing_if = "is_default")]
    pub browser_back: String,
    /// The font in the browser.
    #[serde(rename = "bfont", skip_serializing_if = "is_default")]
    pub browser_font: String,
    /// Its size.
    #[serde(rename = "bsize", skip_serializing_if = "is_default")]
    pub browser_size: u32,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl TypeSettings {
    /// Reads what the lock keeps; what cannot be read is as in a new note type.
    #[must_use]
    pub fn read(kept: Option<&Value>) -> Self {
        kept.and_then(|kept| serde_json::from_value(kept.clone()).ok()).unwrap_or_default()
    }

    /// Returns what the lock keeps, if anything is not as in a new note type.
    #[must_use]
    pub fn kept(mut self) -> Option<Value> {
        let is_other = |text: &String, plain: &str| !text.is_empty() && text != plain;
        self.latex_pre = self.latex_pre.filter(|text| is_other(text, LATEX_PRE));
        self.latex_post = self.latex_post.filter(|text| is_other(text, LATEX_POST));
        for field in &mut self.fields {
            field.font = field.font.take().filter(|font| is_other(font, FONT.0));
            field.size = field.size.filter(|size| *size != FONT.1 && *size != 0);
        }
        if self.fields.iter().all(is_default) {
            self.fields.clear();
        }
        if self.cards.iter().all(is_default) {
            self.cards.clear();
        }
        if is_default(&self) { None } else { serde_json::to_value(self).ok() }
    }

    /// Returns what is kept of a field.
    #[must_use]
    pub fn field(&self, at: usize) -> FieldSettings {
        self.fields.get(at).cloned().unwrap_or_default()
    }

    /// Returns what is kept of a card template.
    #[must_use]
    pub fn card(&self, at: usize) -> CardSettings {
        self.cards.get(at).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{FieldSettings, TypeSettings};

    #[test]
    fn only_what_is_not_as_in_a_new_type_is_kept() {
        let plain = FieldSettings {
            font: Some("Arial".to_owned()),
            size: Some(20),
            ..FieldSettings::default()
        };
        let settings = TypeSettings { fields: vec![plain.clone()], ..TypeSettings::default() };
        assert_eq!(settings.kept(), None);
        let right = FieldSettings { rtl: true, size: Some(30), ..plain.clone() };
        let settings =
            TypeSettings { sort_field: 1, fields: vec![plain, right], ..TypeSettings::default() };
        let kept = settings.kept();
        assert_eq!(kept, Some(json!({"sortf": 1, "flds": [{}, {"rtl": true, "size": 30}]})));
        assert!(TypeSettings::read(kept.as_ref()).field(1).rtl);
        assert_eq!(TypeSettings::read(Some(&json!({"sortf": "x"}))), TypeSettings::default());
    }
}
