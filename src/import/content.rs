//! From the notes of a collection to content: a file of Markdown per deck, and its note types.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::note_type;
use super::{Collection, Note, NoteType};
use crate::html_to_markdown::{Loss, Markdown, Notation, convert, convert_with_heading};
use crate::model::CardKind;
use crate::slug::slug;

/// Where note types are, below the content folder.
pub const FOLDER: &str = "note-types/";

/// So many questions are in a file at most.
const MOST: usize = 500;

/// What is there already.
#[derive(Debug, Default)]
pub struct Present {
    /// The folder that media go to, with `/` behind it.
    pub media_folder: String,
    /// The GUIDs of notes.
    pub guids: BTreeSet<String>,
    /// The paths of files, in lower case.
    pub paths: BTreeSet<String>,
    /// The note types, by their names in lower case.
    pub note_types: BTreeMap<String, i64>,
}

/// A file to write.
#[derive(Debug)]
pub struct TextFile {
    /// Its path below the content folder.
    pub path: String,
    /// What it holds.
    pub text: String,
    /// The notes in it, in order, as positions in the collection.
    pub notes: Vec<usize>,
}

/// What an import writes.
#[derive(Debug, Default)]
pub struct Content {
    /// The folder that media go to, with `/` behind it.
    pub media_folder: String,
    /// The notes.
    pub files: Vec<TextFile>,
    /// The files of note types.
    pub parts: Vec<(String, String)>,
    /// The names of the note types, by their positions in the collection, and whether each is new.
    pub note_types: BTreeMap<usize, (String, bool)>,
    /// The names of the files of media that notes refer to.
    pub media: BTreeSet<String>,
    /// What is lost, with the number of notes and the first of them.
    pub losses: BTreeMap<&'static str, (usize, String)>,
    /// How many notes were there already.
    pub known: usize,
}

impl Content {
    fn lose(&mut self, what: &'static str, note: &Note) {
        let first = || note.fields.iter().find(|field| !field.trim().is_empty());
        let first = first().map_or_else(|| note.guid.clone(), |field| shorten(field));
        self.losses.entry(what).or_insert((0, first)).0 += 1;
    }
}

/// Returns the beginning of a field, for a message.
fn shorten(html: &str) -> String {
    let (mut text, mut is_tag) = (String::new(), false);
    for c in html.chars() {
        match c {
            '<' => is_tag = true,
            '>' => is_tag = false,
            c if !is_tag && !c.is_control() => text.push(c),
            _ => {}
        }
        if text.chars().count() > 50 {
            text.push('…');
            break;
        }
    }
    text.trim().to_owned()
}

/// Writes the notes that are not there yet as content.
#[must_use]
pub fn write(collection: &Collection, present: &Present) -> Content {
    let mut content = Content { media_folder: present.media_folder.clone(), ..Content::default() };
    let mut paths = present.paths.clone();
    let decks = sort_by_deck(collection, present, &mut content);
    let used: BTreeSet<usize> = decks
        .values()
        .flat_map(|topics| topics.values().flatten())
        .map(|note| collection.notes[*note].note_type)
        .collect();
    name_note_types(collection, &used, present, &mut paths, &mut content);
    let labels: BTreeMap<usize, Vec<String>> =
        used.iter().map(|at| (*at, note_type::labels(&collection.note_types[*at]))).collect();
    for (deck, topics) in decks {
        let notes: Vec<(&[String], usize)> = topics
            .iter()
            .flat_map(|(topic, notes)| notes.iter().map(|note| (topic.as_slice(), *note)))
            .collect();
        let parts = notes.len().div_ceil(MOST);
        for (at, part) in notes.chunks(MOST).enumerate() {
            let stem = match slug(&deck) {
                stem if stem.is_empty() => "deck".to_owned(),
                stem => stem,
            };
            let stem = if parts > 1 { format!("{stem}-{:02}", at + 1) } else { stem };
            let path = free_name(&stem, ".md", &mut paths);
            let text = write_file(collection, &deck, part, &labels, &mut content);
            let notes = part.iter().map(|(_, note)| *note).collect();
            content.files.push(TextFile { path, text, notes });
        }
    }
    content
}

/// The notes of each topic of each deck, in the order of their names.
type Decks = BTreeMap<String, BTreeMap<Vec<String>, Vec<usize>>>;

fn sort_by_deck(collection: &Collection, present: &Present, content: &mut Content) -> Decks {
    let mut decks = Decks::new();
    for (at, note) in collection.notes.iter().enumerate() {
        let note_type = &collection.note_types[note.note_type];
        if present.guids.contains(&note.guid) {
            content.known += 1;
        } else if note_type.is_occlusion {
            content.lose("pictures with covered parts, which are left out", note);
        } else if note.fields.first().is_none_or(|field| is_blank(field)) {
            content.lose("notes whose first field is empty, which are left out", note);
        } else {
            let mut levels = note.deck.iter().map(|level| level.trim().to_owned());
            let deck = levels.next().filter(|deck| !deck.is_empty());
            let topic: Vec<String> = levels.filter(|level| !level.is_empty()).collect();
            let topics = decks.entry(deck.unwrap_or_else(|| "Default".to_owned())).or_default();
            topics.entry(topic).or_default().push(at);
        }
    }
    decks
}

fn is_blank(html: &str) -> bool {
    let markdown = convert(html, Notation::default());
    markdown.body.trim().is_empty() && markdown.media.is_empty()
}

/// Names the note types that notes have, and writes the files of those that are new.
fn name_note_types(
    collection: &Collection,
    used: &BTreeSet<usize>,
    present: &Present,
    paths: &mut BTreeSet<String>,
    content: &mut Content,
) {
    let mut taken: BTreeMap<String, i64> = present.note_types.clone();
    for at in used {
        let note_type = &collection.note_types[*at];
        let plain: String =
            note_type.name.chars().filter(|c| *c != '"' && !c.is_control()).collect();
        let plain = if plain.trim().is_empty() { "Note".to_owned() } else { plain };
        let known = taken.iter().find(|(_, id)| **id == note_type.id).map(|(name, _)| name.clone());
        if let Some(name) = known.filter(|name| present.note_types.contains_key(name)) {
            content.note_types.insert(*at, (name, false));
            continue;
        }
        let numbered = (2..).map(|number| format!("{plain} ({number})"));
        let mut names = std::iter::once(plain.clone()).chain(numbered);
        let name = names.find(|name| !taken.contains_key(&name.to_lowercase())).unwrap_or(plain);
        taken.insert(name.to_lowercase(), note_type.id);
        let stem = match slug(&name) {
            stem if stem.is_empty() => "note-type".to_owned(),
            stem => stem,
        };
        let stem = free_name(&format!("{FOLDER}{stem}"), ".toml", paths);
        let stem = stem[FOLDER.len()..].trim_end_matches(".toml");
        let files = note_type::files(note_type, &name, stem);
        content
            .parts
            .extend(files.into_iter().map(|(file, text)| (format!("{FOLDER}{file}"), text)));
        content.note_types.insert(*at, (name, true));
    }
}

/// Returns a path that no file has, and takes it.
fn free_name(stem: &str, ending: &str, paths: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{stem}-{number}{ending}"));
    let mut names = std::iter::once(format!("{stem}{ending}")).chain(numbered);
    names.find(|name| paths.insert(name.to_lowercase())).unwrap_or_default()
}

fn write_file(
    collection: &Collection,
    deck: &str,
    notes: &[(&[String], usize)],
    labels: &BTreeMap<usize, Vec<String>>,
    content: &mut Content,
) -> String {
    let of = |(_, note): &(&[String], usize)| &collection.notes[*note];
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for note in notes {
        *counts.entry(of(note).note_type).or_default() += 1;
    }
    let usual = counts.iter().max_by_key(|(at, count)| (**count, std::cmp::Reverse(**at)));
    let usual = usual.map_or(0, |(at, _)| *at);
    // Tags that all notes have stand at the top.
    let mut common: Vec<String> =
        notes.first().map(|note| of(note).tags.clone()).unwrap_or_default();
    common.retain(|tag| notes.iter().all(|note| of(note).tags.contains(tag)));
    let mut out = format!("---\nnote_type: {}\n", quote_yaml(&content.note_types[&usual].0));
    if !common.is_empty() {
        let tags: Vec<String> = common.iter().map(|tag| quote_yaml(tag)).collect();
        let _ = writeln!(out, "tags: [{}]", tags.join(", "));
    }
    let _ = write!(out, "---\n\n# {}\n", write_title(deck));
    let mut topic: &[String] = &[];
    for (place, note) in notes {
        if *place != topic {
            topic = place;
            let levels: Vec<String> = topic.iter().map(|level| write_title(level)).collect();
            let _ = write!(out, "\n## {}\n", levels.join("::"));
        }
        let note = &collection.notes[*note];
        let note_type = &collection.note_types[note.note_type];
        let name = (note.note_type != usual).then(|| content.note_types[&note.note_type].0.clone());
        out.push_str(&write_note(
            note,
            note_type,
            &labels[&note.note_type],
            name.as_deref(),
            &common,
            content,
        ));
    }
    out
}

fn write_note(
    note: &Note,
    note_type: &NoteType,
    labels: &[String],
    other_type: Option<&str>,
    common: &[String],
    content: &mut Content,
) -> String {
    let mut losses: BTreeSet<Loss> = BTreeSet::new();
    let mut keep = |markdown: &Markdown, content: &mut Content| {
        content.media.extend(markdown.media.iter().cloned());
        losses.extend(markdown.losses.iter().copied());
    };
    let media_folder = content.media_folder.clone();
    let notation = |field: usize| Notation {
        has_gaps: note_type::has_gaps(note_type, field),
        has_readings: false,
        media_folder: &media_folder,
    };
    let first = note.fields.first().map_or("", String::as_str);
    let first = convert_with_heading(first, notation(0));
    keep(&first, content);
    let mut out = format!("\n### Q: {}", first.heading);
    let attributes: Vec<String> = other_type
        .map(|name| format!("type={}", quote_attribute(name)))
        .into_iter()
        .chain(note.tags.iter().filter(|tag| !common.contains(tag)).map(|tag| write_tag(tag)))
        .collect();
    if !attributes.is_empty() {
        let _ = write!(out, " {{{}}}", attributes.join(" "));
    }
    out.push('\n');
    if !first.body.is_empty() {
        let _ = write!(out, "\n{}\n", first.body);
    }
    for (field, (html, label)) in note.fields.iter().zip(labels).enumerate().skip(1) {
        if html.trim().is_empty() {
            continue;
        }
        let markdown = convert(html, notation(field));
        keep(&markdown, content);
        if markdown.body.is_empty() {
            continue;
        }
        let gap = if markdown.is_line() { " " } else { "\n\n" };
        let _ = write!(out, "\n**{label}:**{gap}{}\n", markdown.body);
    }
    for loss in losses {
        content.lose(loss.describe(), note);
    }
    out
}

/// Writes a title, in which nothing is Markdown.
fn write_title(title: &str) -> String {
    let mut out = String::new();
    for c in title.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if r"\`*_[]<>{}$~|&#=^".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Writes a tag as a class. One that would ask for a kind of cards has a capital letter, which is
/// the same to Anki.
fn write_tag(tag: &str) -> String {
    let tag: String = tag.chars().map(|c| if "{}`".contains(c) { '-' } else { c }).collect();
    let is_taken = CardKind::of_class(&tag).is_some() || tag == "retired";
    let mut letters = tag.chars();
    match letters.next() {
        Some(first) if is_taken => format!(".{}{}", first.to_uppercase(), letters.as_str()),
        _ => format!(".{tag}"),
    }
}

fn quote_attribute(name: &str) -> String {
    let is_word = name.chars().all(|c| c.is_alphanumeric() || "-_+".contains(c));
    if is_word { name.to_owned() } else { format!("\"{name}\"") }
}

fn quote_yaml(text: &str) -> String {
    let is_word = text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || "-_ +".contains(c))
        && !["true", "false", "yes", "no", "null", "on", "off", "y", "n"]
            .contains(&&*text.to_lowercase());
    if is_word { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}
