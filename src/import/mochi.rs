//! Packages of Mochi: a zip of `data.edn` or `data.json`, and the media beside it.
//!
//! Written from Mochi's documentation ("Export format reference") and from what others read of its
//! exports. A card is Markdown whose sides are separated by a line `---`, or it fills the fields of a
//! template, which is Markdown with `<< Name >>` in it. Its reviews are not read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{Read, Seek, Write};

use anyhow::{Context as _, Result, ensure};
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use zip::ZipArchive;

use super::collection::MAX_TEXT;
use super::container::{MAX_LIST, MAX_MEDIA, MediaFile, copy};
use super::model::Collection;
use super::questions::{self, Question};
use super::{edn, mochi_markdown};

/// The members that hold cards.
const DATA: [&str; 2] = ["data.edn", "data.json"];

/// The newest version of the format that is known.
const VERSION: u64 = 2;

/// How deep decks may be within each other.
const MAX_LEVELS: usize = 32;

/// A package.
pub struct MochiPackage<R> {
    zip: ZipArchive<R>,
    data: &'static str,
}

impl<R: Read + Seek> MochiPackage<R> {
    /// Opens a package.
    ///
    /// # Errors
    /// If it is none.
    pub fn open(file: R) -> Result<Self> {
        let zip = ZipArchive::new(file).context("it is no zip, as packages of Mochi are")?;
        let found = DATA.into_iter().find(|name| zip.index_for_name(name).is_some());
        let data =
            found.context("it holds no cards of Mochi: neither `data.edn` nor `data.json`")?;
        Ok(Self { zip, data })
    }

    /// Reads the cards.
    ///
    /// # Errors
    /// If they are damaged, or too many.
    pub fn read(&mut self) -> Result<Collection> {
        let mut bytes = Vec::new();
        let member = self.zip.by_name(self.data)?;
        let unreadable = || format!("its `{}` cannot be read", self.data);
        copy(member, false, MAX_LIST, &mut bytes).with_context(unreadable)?;
        let text = String::from_utf8(bytes).context("it is not UTF-8").with_context(unreadable)?;
        let json =
            if self.data == DATA[0] { edn::to_json(&text).with_context(unreadable)? } else { text };
        // A structure would be read from a list, too, by the order of its members.
        ensure!(
            json.trim_start().starts_with('{'),
            "its `{}` is no map of decks and cards",
            self.data
        );
        let library: Library = serde_json::from_str(&json).with_context(unreadable)?;
        let version = library.version;
        ensure!(version <= VERSION, "it is of version {version} of its format, which is not known");
        Ok(questions::collect(read_cards(&library)?, false))
    }

    /// Lists the media.
    #[must_use]
    pub fn media(&self) -> Vec<MediaFile> {
        let names = self.zip.file_names().filter_map(|name| Some(name.ok()?.into_owned()));
        let names = names.filter(|name| !DATA.contains(&&**name) && !name.ends_with('/'));
        let mut files: Vec<MediaFile> = names.map(|name| MediaFile::in_folder(&name)).collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        files.dedup_by(|a, b| a.name == b.name);
        files
    }

    /// Copies a file of media.
    ///
    /// # Errors
    /// If it is damaged or too large, or cannot be written.
    pub fn copy_media(&mut self, file: &MediaFile, to: &mut dyn Write) -> Result<()> {
        let member = self.zip.by_name(file.member())?;
        copy(member, false, MAX_MEDIA, to)
            .with_context(|| format!("its file `{}` cannot be read", file.name))?;
        Ok(())
    }
}

#[derive(Deserialize)]
struct Library {
    #[serde(rename = "~:version", default)]
    version: u64,
    #[serde(rename = "~:decks", default)]
    decks: Many<Deck>,
    #[serde(rename = "~:cards", default)]
    cards: Many<Card>,
    #[serde(rename = "~:templates", default)]
    templates: Many<Template>,
}

#[derive(Deserialize)]
struct Deck {
    #[serde(rename = "~:id", default)]
    id: Text,
    #[serde(rename = "~:name", default)]
    name: Text,
    #[serde(rename = "~:parent-id", default)]
    parent: Text,
    #[serde(rename = "~:review-reverse?", default)]
    is_reversed: Text,
    #[serde(rename = "~:template-id", default)]
    template: Text,
    #[serde(rename = "~:trashed?", default)]
    is_trashed: Text,
    #[serde(rename = "~:cards", default)]
    cards: Many<Card>,
}

#[derive(Deserialize)]
struct Card {
    #[serde(rename = "~:deck-id", default)]
    deck: Text,
    #[serde(rename = "~:content", default)]
    content: Text,
    #[serde(rename = "~:name", default)]
    name: Text,
    #[serde(rename = "~:pos", default)]
    place: Text,
    #[serde(rename = "~:tags", default)]
    tags: Many<Text>,
    #[serde(rename = "~:manual-tags", default)]
    own_tags: Many<Text>,
    #[serde(rename = "~:review-reverse?", default)]
    is_reversed: Text,
    #[serde(rename = "~:template-id", default)]
    template: Text,
    #[serde(rename = "~:trashed?", default)]
    is_trashed: Text,
    #[serde(rename = "~:fields", default)]
    fields: BTreeMap<String, Value>,
}

/// The value of a field.
#[derive(Default, Deserialize)]
struct Value {
    #[serde(rename = "~:value", default)]
    value: Text,
}

#[derive(Deserialize)]
struct Template {
    #[serde(rename = "~:id", default)]
    id: Text,
    #[serde(rename = "~:content", default)]
    content: Text,
    #[serde(rename = "~:fields", default)]
    fields: BTreeMap<String, TemplateField>,
}

#[derive(Deserialize)]
struct TemplateField {
    #[serde(rename = "~:name", default)]
    name: Text,
}

/// Returns the cards as questions, deck by deck.
fn read_cards(library: &Library) -> Result<Vec<Question>> {
    let Library { decks, cards, templates, .. } = library;
    let templates: BTreeMap<&str, &Template> =
        templates.0.iter().map(|template| (&*template.id.0, template)).collect();
    let by_id: BTreeMap<&str, &Deck> = decks.0.iter().map(|deck| (&*deck.id.0, deck)).collect();
    // Cards may stand beside the decks, and name theirs.
    let mut loose: BTreeMap<&str, Vec<&Card>> = BTreeMap::new();
    for card in &cards.0 {
        let deck = Some(&*card.deck.0).filter(|id| by_id.contains_key(id));
        loose.entry(deck.unwrap_or_default()).or_default().push(card);
    }
    let mut of_decks: Vec<(Option<&Deck>, Vec<&Card>)> = Vec::new();
    for deck in decks.0.iter().filter(|deck| deck.is_trashed.0.is_empty()) {
        let named = loose.remove(&*deck.id.0).filter(|_| !deck.id.0.is_empty());
        of_decks
            .push((Some(deck), deck.cards.0.iter().chain(named.into_iter().flatten()).collect()));
    }
    of_decks.push((None, loose.remove("").unwrap_or_default()));
    let (mut questions, mut size) = (Vec::new(), 0);
    for (deck, mut cards) in of_decks {
        cards.retain(|card| card.is_trashed.0.is_empty());
        cards.sort_by(|a, b| a.place.0.cmp(&b.place.0));
        let levels = deck.map_or_else(Vec::new, |deck| find_levels(deck, &by_id));
        for card in cards {
            let template = find_template(card, deck, &templates);
            let content = match template {
                Some(template) => fill(template, card),
                None if card.content.0.trim().is_empty() => card.name.0.clone(),
                None => card.content.0.clone(),
            };
            // A template is written as often as there are cards of it.
            let fields = template.map_or(0, |template| template.fields.len());
            size += content.len() + fields * size_of::<Text>();
            ensure!(size <= MAX_TEXT, "its cards hold more than {} MB of text", MAX_TEXT >> 20);
            let question = read_card(card, deck, &levels, &content);
            questions.extend(Some(question).filter(|question| !question.prompt.is_empty()));
        }
    }
    Ok(questions)
}

/// Returns the template of a card that fills one, or that of its deck.
fn find_template<'t>(
    card: &Card,
    deck: Option<&Deck>,
    templates: &BTreeMap<&str, &'t Template>,
) -> Option<&'t Template> {
    let of_deck = deck.map_or("", |deck| &*deck.template.0);
    let named = [&*card.template.0, of_deck].into_iter().find(|id| !id.is_empty())?;
    templates.get(named).copied().filter(|_| !card.fields.is_empty())
}

/// Returns the names of the decks that a deck is in, and its own.
fn find_levels(deck: &Deck, by_id: &BTreeMap<&str, &Deck>) -> Vec<String> {
    let mut levels = Vec::new();
    let mut next = Some(deck);
    while let Some(deck) = next.filter(|_| levels.len() < MAX_LEVELS) {
        levels.push(deck.name.0.clone());
        next = by_id.get(&*deck.parent.0).copied().filter(|_| !deck.parent.0.is_empty());
    }
    levels.reverse();
    levels
}

fn read_card(card: &Card, deck: Option<&Deck>, levels: &[String], content: &str) -> Question {
    let (content, mut tags) = split_tags(content);
    tags.extend(card.tags.0.iter().chain(&card.own_tags.0).map(|tag| tag.0.clone()));
    let mut seen = BTreeSet::new();
    let tags = tags.iter().map(|tag| tag.trim_start_matches('#').replace('/', "::"));
    let tags: Vec<String> =
        tags.filter(|tag| !tag.is_empty() && seen.insert(tag.clone())).collect();
    let mut sides = split_sides(&content).into_iter();
    let asked = mochi_markdown::read(&sides.next().unwrap_or_default());
    let answer = mochi_markdown::read(&sides.collect::<Vec<_>>().join("\n\n"));
    let is_reversed = [Some(&card.is_reversed), deck.map(|deck| &deck.is_reversed)];
    let is_reversed = is_reversed.into_iter().flatten().any(|it| !it.0.is_empty());
    let has_gaps = asked.has_gaps;
    // What stands below a label of the question is still the question.
    let below = asked.sections.iter().map(|(label, html)| format!("<p><b>{label}:</b></p>{html}"));
    let prompt = std::iter::once(asked.html.clone()).chain(below).collect();
    let attributes =
        (is_reversed && !has_gaps && !answer.html.is_empty()).then(|| ".reverse".to_owned());
    Question {
        deck: levels.to_vec(),
        tags,
        has_gaps,
        attributes: attributes.into_iter().collect(),
        prompt,
        answer: answer.html,
        extra: answer.sections,
        ..Question::default()
    }
}

/// Returns the sides of a card: a line `---` is between two of them.
fn split_sides(content: &str) -> Vec<String> {
    let mut sides = vec![String::new()];
    for line in content.lines() {
        if line.trim() == "---" {
            sides.push(String::new());
        } else if let Some(side) = sides.last_mut() {
            // By this our own cards keep such a line in code from being one.
            side.push_str(if line.trim() == "---\u{2060}" { "---" } else { line });
            side.push('\n');
        }
    }
    sides.iter().map(|side| side.trim_matches('\n').to_owned()).collect()
}

/// Splits the tags off the end of a card, `#tag #other/tag`.
fn split_tags(content: &str) -> (String, Vec<String>) {
    let mut lines: Vec<&str> = content.trim_end().lines().collect();
    let mut tags = Vec::new();
    let is_tag = |word: &str| {
        word.strip_prefix('#').is_some_and(|tag| !tag.is_empty() && !tag.starts_with('#'))
    };
    while let Some(line) = lines.last()
        && lines.len() > 1
        && line.split_whitespace().all(is_tag)
    {
        tags.extend(line.split_whitespace().rev().map(|tag| tag[1..].to_owned()));
        lines.pop();
    }
    tags.reverse();
    (lines.join("\n"), tags)
}

/// Fills a template with the fields of a card: `<< Name >>` is a field, and what stands between
/// `<<#Name>>` or `<<^Name>>` and `<</Name>>` is there if the field is filled, or empty.
fn fill(template: &Template, card: &Card) -> String {
    let named = template.fields.iter().map(|(id, field)| {
        let value = card.fields.get(id).map_or("", |field| &*field.value.0);
        (field.name.0.trim().to_lowercase(), value)
    });
    let named: BTreeMap<String, &str> = named.collect();
    let value = |name: &str| named.get(&name.trim().to_lowercase()).copied().unwrap_or_default();
    let mut out = String::new();
    // Whether what is within each open section is shown.
    let mut open: Vec<bool> = Vec::new();
    let mut rest = template.content.0.as_str();
    while let Some((before, after)) = rest.split_once("<<")
        && out.len() <= MAX_TEXT
    {
        let is_shown = open.iter().all(|is_shown| *is_shown);
        if is_shown {
            out.push_str(before);
        }
        let Some((inner, after)) =
            after.split_once(">>").filter(|(inner, _)| !inner.contains('\n'))
        else {
            rest = after;
            if is_shown {
                out.push_str("<<");
            }
            continue;
        };
        rest = after;
        let inner = inner.trim();
        if let Some(name) = inner.strip_prefix('#') {
            open.push(!value(name).is_empty());
        } else if let Some(name) = inner.strip_prefix('^') {
            open.push(value(name).is_empty());
        } else if inner.starts_with('/') {
            open.pop();
        } else if is_shown {
            out.push_str(value(inner));
        }
    }
    if open.iter().all(|is_shown| *is_shown) {
        out.push_str(rest);
    }
    out
}

/// A list, or one within `{"~#list": […]}`, as Transit has lists and sets.
struct Many<T>(Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Many<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_unit<E>(self) -> Result<Many<T>, E> {
                Ok(Many::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Many<T>, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = seq.next_element()? {
                    all.push(one);
                }
                Ok(Many(all))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Many<T>, A::Error> {
                let mut all = Many::default();
                while let Some(key) = map.next_key::<String>()? {
                    if key.starts_with("~#") {
                        all = map.next_value()?;
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(all)
            }
        }
        deserializer.deserialize_any(Members(std::marker::PhantomData))
    }
}

/// A text, or what stands in its place as one; empty if there is none, or it is `false`.
#[derive(Default)]
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_unit<E>(self) -> Result<Text, E> {
                Ok(Text::default())
            }

            fn visit_bool<E>(self, is_true: bool) -> Result<Text, E> {
                Ok(Text(if is_true { "true".to_owned() } else { String::new() }))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                // A keyword is its name, and `~~` says that a text is none.
                let is_escaped = ["~~", "~^", "~`"].iter().any(|sign| text.starts_with(sign));
                let keyword = text.strip_prefix("~:");
                Ok(Text(keyword.unwrap_or(if is_escaped { &text[1..] } else { text }).to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Text::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
                // A time, as of when a card was thrown away.
                let mut is_time = false;
                while let Some(key) = map.next_key::<String>()? {
                    is_time |= key == "~#dt";
                    map.next_value::<IgnoredAny>()?;
                }
                Ok(Text(if is_time { "true".to_owned() } else { String::new() }))
            }
        }
        deserializer.deserialize_any(Words)
    }
}
