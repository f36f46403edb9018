//! The labels that the templates of a note type give its fields, and the files that make the same
//! type.

use std::collections::BTreeSet;

use super::model::{NoteType, Template};
use crate::anki::{OwnNoteType, OwnTemplate};
use crate::config;
use crate::slug::slug;

/// A field as a template shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown<'t> {
    /// The name of the field.
    pub(super) field: &'t str,
    /// The filters before it, from the left.
    pub(super) filters: Vec<&'t str>,
}

/// Returns the fields that a template shows, in order; conditions and special names are none.
pub(super) fn shown(template: &str) -> Vec<Shown<'_>> {
    let mut found = Vec::new();
    let mut rest = template;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((inner, after)) = after.split_once("}}") else { break };
        rest = after;
        let inner = inner.trim_start_matches('{').trim();
        if inner.starts_with(['#', '^', '/', '!']) {
            continue;
        }
        let mut parts: Vec<&str> = inner.split(':').map(str::trim).collect();
        let Some(field) = parts.pop().filter(|field| !field.is_empty()) else { continue };
        found.push(Shown { field, filters: parts });
    }
    found
}

/// Returns the fields on which parts of a template depend, in order.
pub(super) fn conditions(template: &str) -> impl Iterator<Item = &str> {
    let inner = template.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0));
    inner.filter_map(|inner| inner.trim().strip_prefix(['#', '^'])).map(str::trim)
}

/// Returns the position of a field, however its name is written.
pub(super) fn position(note_type: &NoteType, name: &str) -> Option<usize> {
    let folded = name.to_lowercase();
    note_type.fields.iter().position(|(field, _)| field.to_lowercase() == folded)
}

/// Returns whether the gaps of a field make cards.
pub(super) fn has_gaps(note_type: &NoteType, field: usize) -> bool {
    note_type.is_cloze
        && note_type.cards.iter().flat_map(|card| [&card.front, &card.back]).any(|template| {
            shown(template).iter().any(|shown| {
                shown.filters.iter().any(|filter| filter.starts_with("cloze"))
                    && position(note_type, shown.field) == Some(field)
            })
        })
}

/// Returns the field that answers: the first one that only the back of the first card shows.
pub(super) fn answer(note_type: &NoteType) -> Option<usize> {
    let card = note_type.cards.first()?;
    let place = |shown: &Shown<'_>| position(note_type, shown.field);
    // What is to be typed in is not shown on the front.
    let asks = |shown: &&Shown<'_>| !shown.filters.contains(&"type");
    let front = shown(&card.front);
    let asked: BTreeSet<usize> = front.iter().filter(asks).filter_map(place).collect();
    let back = shown(&card.back);
    back.iter().filter_map(place).find(|field| *field > 0 && !asked.contains(field))
}

/// Names that say no more of a field than that it answers.
const ANSWERS: [&str; 8] =
    ["back", "answer", "rückseite", "réponse", "respuesta", "risposta", "оборот", "背面"];

/// Returns the words that open the section of each field; none for the first, which is the heading.
pub(super) fn labels(note_type: &NoteType) -> Vec<String> {
    let says_little = |field: &usize| {
        let name = note_type.fields.get(*field).map(|(name, _)| name.to_lowercase());
        note_type.fields.len() < 3 || name.is_some_and(|name| ANSWERS.contains(&&*name))
    };
    let answer = answer(note_type).filter(says_little);
    let mut taken = BTreeSet::new();
    if answer.is_some() {
        taken.insert("answer".to_owned());
    }
    let label = |(at, (name, _)): (usize, &(String, Option<i64>))| {
        if at == 0 {
            return String::new();
        }
        if Some(at) == answer {
            return "Answer".to_owned();
        }
        let signs = |c: char| c.is_control() || r"\`*_[]<>{}$~|&#=^:：!".contains(c);
        let plain: String = name.chars().map(|c| if signs(c) { ' ' } else { c }).collect();
        let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        let plain = if plain.is_empty() { format!("Field {}", at + 1) } else { plain };
        // Parentheses behind this word would be a qualifier.
        let is_qualified = plain.to_lowercase().starts_with("answer");
        let plain = if is_qualified { plain.replace(['(', ')'], "-") } else { plain };
        let numbered = (2..).map(|number| format!("{plain} {number}"));
        let mut names = std::iter::once(plain.clone()).chain(numbered);
        names.find(|name| taken.insert(name.to_lowercase())).unwrap_or_default()
    };
    note_type.fields.iter().enumerate().map(label).collect()
}

/// Returns a note type as a package of deckpress would hold it.
pub(super) fn as_built(note_type: &NoteType) -> OwnNoteType<'_> {
    OwnNoteType {
        id: note_type.id,
        modified: note_type.modified,
        name: &note_type.name,
        is_cloze: note_type.is_cloze,
        css: &note_type.css,
        fields: note_type.fields.iter().map(|(name, id)| (name.as_str(), *id)).collect(),
        cards: note_type.cards.iter().map(template_as_built).collect(),
        settings: note_type.settings.clone(),
    }
}

fn template_as_built(card: &Template) -> OwnTemplate<'_> {
    OwnTemplate { id: card.id, name: &card.name, front: &card.front, back: &card.back }
}

/// Returns a note type of the content as a collection has it.
#[must_use]
pub fn written(own: &config::NoteType, id: i64) -> NoteType {
    let card = |card: &config::note_type::CardTemplate| Template {
        name: card.name.clone(),
        id: None,
        front: card.front.text.clone(),
        back: card.back.text.clone(),
    };
    NoteType {
        id,
        name: own.name.clone(),
        is_cloze: own.is_cloze,
        fields: own.fields.iter().map(|field| (field.name.clone(), None)).collect(),
        cards: own.cards.iter().map(card).collect(),
        ..NoteType::default()
    }
}

/// Returns the files of a note type, by their names in the folder of note types.
pub(super) fn files(note_type: &NoteType, name: &str, stem: &str) -> Vec<(String, String)> {
    let mut toml = format!("name = {}\n", quote(name));
    let names: Vec<String> = note_type.fields.iter().map(|(field, _)| quote(field)).collect();
    toml += &format!("fields = [{}]\n", names.join(", "));
    let labels = labels(note_type);
    let words = note_type.fields.iter().zip(&labels).filter_map(|((field, _), label)| {
        let is_own = label.is_empty() || label.to_lowercase() == field.to_lowercase();
        let also = if label == "Answer" { format!(", {}", quote(field)) } else { String::new() };
        (!is_own).then(|| format!("{} = [{}{also}]", quote(field), quote(label)))
    });
    let words: Vec<String> = words.collect();
    if !words.is_empty() {
        toml += &format!("labels = {{ {} }}\n", words.join(", "));
    }
    let mut files = Vec::new();
    if !note_type.css.trim().is_empty() {
        toml += &format!("css = {}\n", quote(&format!("{stem}.css")));
        files.push((format!("{stem}.css"), text_file(&note_type.css)));
    }
    if note_type.is_cloze {
        toml += "cloze = true\n";
    }
    let mut taken = BTreeSet::new();
    for (at, card) in note_type.cards.iter().enumerate() {
        let slug = slug(&card.name);
        let part = if slug.is_empty() || !taken.insert(slug.clone()) {
            format!("card-{}", at + 1)
        } else {
            slug
        };
        let [front, back] = ["front", "back"].map(|side| format!("{stem}.{part}.{side}.html"));
        toml += &format!(
            "\n[[card]]\nname = {}\nfront = {}\nback = {}\n",
            quote(&card.name),
            quote(&front),
            quote(&back)
        );
        files.push((front, text_file(&card.front)));
        files.push((back, text_file(&card.back)));
    }
    files.insert(0, (format!("{stem}.toml"), toml));
    files
}

fn text_file(text: &str) -> String {
    format!("{}\n", text.replace("\r\n", "\n").trim_end_matches('\n'))
}

/// Writes a text as TOML does.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::{answer, has_gaps, labels, quote, shown};
    use crate::import::model::{NoteType, Template};

    fn note_type(fields: &[&str], front: &str, back: &str) -> NoteType {
        let card =
            Template { front: front.to_owned(), back: back.to_owned(), ..Template::default() };
        let fields = fields.iter().map(|field| ((*field).to_owned(), None)).collect();
        NoteType { is_cloze: true, fields, cards: vec![card], ..NoteType::default() }
    }

    #[test]
    fn templates_tell_which_field_is_what() {
        let front = "{{#Hint}}{{hint:Hint}}{{/Hint}}{{cloze:front}} {{!no}}";
        let basic = note_type(
            &["Front", "Hint", "Back", "More: or less"],
            front,
            "{{FrontSide}}{{furigana:Back}}",
        );
        let all = shown(front);
        let names: Vec<&str> = all.iter().map(|shown| shown.field).collect();
        assert_eq!(names, ["Hint", "front"]);
        assert_eq!(all[0].filters, ["hint"]);
        assert_eq!(answer(&basic), Some(2));
        assert_eq!(labels(&basic), ["", "Hint", "Answer", "More or less"]);
        assert!(has_gaps(&basic, 0) && !has_gaps(&basic, 2));
    }

    #[test]
    fn names_are_quoted() {
        assert_eq!(quote("a\"b\\c\n"), "\"a\\\"b\\\\c\\u000A\"");
    }
}
