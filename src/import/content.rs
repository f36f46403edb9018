//! From the notes of a collection to content: a file of Markdown per deck, and its note types.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::markdown_text;
use super::markup::{quote_attribute, quote_yaml, write_common_tag, write_tag, write_title};
use super::model::{Collection, Note, NoteType};
use super::note_text::{Plan, write_note};
use super::qa::{self, REVERSED};
pub use super::written::{Content, Form, TextFile};
use super::{note_type, ours};
use crate::anki::{self, Kind};
use crate::anki::{OwnCards, OwnNoteType};
use crate::config::Config;
use crate::html_to_markdown::{Notation, convert, words};
use crate::slug::slug;

/// Where note types are, below the content folder.
pub const FOLDER: &str = "note-types/";

/// So many questions are in a file at most.
const MOST: usize = 500;

/// What is there already, and what is wanted.
#[derive(Debug, Default)]
pub struct Present {
    /// What becomes of the notes.
    pub form: Form,
    /// The folder that media go to, with `/` behind it.
    pub media_folder: String,
    /// The GUIDs of notes.
    pub guids: BTreeSet<String>,
    /// Those of these whose questions were taken out.
    pub retired: BTreeSet<String>,
    /// The paths of files, in lower case.
    pub paths: BTreeSet<String>,
    /// The names of the note types, by their ids.
    pub note_types: BTreeMap<i64, String>,
    /// The labels of their fields, by their ids; what a field is called where there is another.
    pub labels: BTreeMap<i64, Vec<String>>,
    /// The names of all note types, in lower case.
    pub names: BTreeSet<String>,
    /// The questions that the lock knows, as words, by which notes without a GUID are known.
    pub questions: BTreeSet<String>,
    /// Notes of the collection, by their positions, that are left out, and why.
    pub refused: BTreeMap<usize, &'static str>,
    /// The settings of the content.
    pub config: Config,
    /// Whether files that do not say otherwise are read as notes of Obsidian.
    pub is_obsidian: bool,
    /// The paths of files that would be read in another convention if they did not say theirs.
    pub foreign: BTreeSet<String>,
}

impl Present {
    /// Returns what becomes of the notes of a type. A text export knows no templates, so that its
    /// notes can keep their type only if the content has it.
    fn form_of(&self, note_type: &NoteType) -> Form {
        if note_type.is_bare { Form::Qa { has_all_fields: true } } else { self.form }
    }
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
    {
        name_note_types(collection, &used, present, &mut paths, &mut content);
    }
    content.doubles = find_doubles(collection);
    let plans: BTreeMap<usize, Plan> = used
        .iter()
        .map(|at| {
            let note_type = &collection.note_types[*at];
            let labels = present.labels.get(&note_type.id).cloned();
            (*at, Plan::of(note_type, present.form_of(note_type), labels))
        })
        .collect();
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
            let file = File { path: &path, deck: &deck, notes: part };
            let text = write_file(collection, &file, &plans, present, &mut content);
            let notes = part.iter().map(|(_, note)| *note).collect();
            content.files.push(TextFile { path, text, notes });
        }
    }
    content
}

/// Returns the notes that ask in the same words as another. They get ids, as edits of them could not
/// be told apart.
fn find_doubles(collection: &Collection) -> BTreeSet<usize> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut doubles = BTreeSet::new();
    for (at, note) in collection.notes.iter().enumerate() {
        let note_type = &collection.note_types[note.note_type];
        if ours::kind(note_type).is_some() {
            continue;
        }
        let words = asked_words(note, note_type);
        if let Some(other) = first.get(&words) {
            doubles.extend([*other, at]);
        } else {
            first.insert(words, at);
        }
    }
    doubles
}

/// Returns the words that the first field of a note shows: by these its question is known.
#[must_use]
pub fn asked_words(note: &Note, note_type: &NoteType) -> String {
    let asked = note.fields.first().map_or("", String::as_str);
    if note_type.is_markdown {
        return markdown_text::words(asked);
    }
    words(asked, Notation { has_gaps: note_type.is_cloze, ..Notation::default() })
}

/// The notes of each topic of each deck, in the order of their names.
type Decks = BTreeMap<String, BTreeMap<Vec<String>, Vec<usize>>>;

fn sort_by_deck(collection: &Collection, present: &Present, content: &mut Content) -> Decks {
    let mut decks = Decks::new();
    let types: Vec<OwnNoteType<'_>> =
        collection.note_types.iter().map(note_type::as_built).collect();
    let own: Vec<OwnCards<'_>> = types.iter().map(OwnCards::new).collect();
    let guids: BTreeSet<&str> = collection.notes.iter().map(|note| note.guid.as_str()).collect();
    for (at, note) in collection.notes.iter().enumerate() {
        let note_type = &collection.note_types[note.note_type];
        let is_list = ours::is_recall_list(note, note_type);
        let base = ours::question_id(note, note_type).unwrap_or(&note.guid);
        if is_list && guids.contains(base) {
            // Its question makes it again.
        } else if is_known(note, note_type, base, present) {
            content.known += 1;
            let is_retired = present.retired.contains(&note.guid) || present.retired.contains(base);
            content.retired += usize::from(is_retired);
        } else if let Some(why) = present.refused.get(&at) {
            content.lose(why, note);
        } else if note_type.is_occlusion {
            content.lose("pictures with covered parts, which are left out", note);
        } else if present.form_of(note_type) == Form::OwnType
            && ours::kind(note_type).is_none()
            && !own[note.note_type].has_cards(&note.fields, !note.tags.is_empty())
        {
            content.lose("notes of which Anki makes no card, which are left out", note);
        } else if is_silent(note, note_type, present.form_of(note_type)) {
            content.lose("notes that ask nothing, which are left out", note);
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

/// Returns whether a note is there already.
fn is_known(note: &Note, note_type: &NoteType, base: &str, present: &Present) -> bool {
    if note.guid.is_empty() {
        let words = asked_words(note, note_type);
        return !words.is_empty() && present.questions.contains(&words);
    }
    present.guids.contains(&note.guid) || present.guids.contains(base)
}

/// Returns whether the fields that ask hold nothing.
fn is_silent(note: &Note, note_type: &NoteType, form: Form) -> bool {
    let is_blank = |field: &usize| {
        let Some(html) = note.fields.get(*field).filter(|html| !html.trim().is_empty()) else {
            return true;
        };
        if note_type.is_markdown {
            return html.trim().is_empty();
        }
        let markdown = convert(html, Notation::default());
        markdown.body.trim().is_empty() && markdown.media.is_empty()
    };
    match form {
        Form::OwnType => is_blank(&0),
        Form::Qa { .. } => qa::roles(note_type).question.iter().all(is_blank),
    }
}

/// Names the note types that notes have, and writes the files of those that are new.
fn name_note_types(
    collection: &Collection,
    used: &BTreeSet<usize>,
    present: &Present,
    paths: &mut BTreeSet<String>,
    content: &mut Content,
) {
    let names = present.note_types.values().map(|name| name.to_lowercase());
    let mut taken: BTreeSet<String> = names.chain(present.names.iter().cloned()).collect();
    for at in used {
        let note_type = &collection.note_types[*at];
        if ours::kind(note_type).is_some() || present.form_of(note_type) != Form::OwnType {
            continue;
        }
        let plain: String =
            note_type.name.chars().filter(|c| *c != '"' && !c.is_control()).collect();
        let plain = if plain.trim().is_empty() { "Note".to_owned() } else { plain };
        if let Some(name) = present.note_types.get(&note_type.id) {
            content.note_types.insert(*at, (name.clone(), false));
            continue;
        }
        let numbered = (2..).map(|number| format!("{plain} ({number})"));
        let mut names = std::iter::once(plain.clone()).chain(numbered);
        let name = names.find(|name| !taken.contains(&name.to_lowercase())).unwrap_or(plain);
        taken.insert(name.to_lowercase());
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

/// Writes how a file is to be read, as far as it would be read otherwise. `usual` is the note type
/// of most of its questions, if it is one of the author's own.
fn write_reading(path: &str, usual: Option<&str>, present: &Present) -> String {
    let mut out = String::new();
    if present.foreign.contains(path) {
        out.push_str("convention: native\n");
    }
    if present.is_obsidian {
        out.push_str("dialect: commonmark\n");
    }
    let has_other = present.config.note_type_of(path).is_some();
    if let Some(name) = usual.or(has_other.then_some(anki::name(Kind::Qa))) {
        let _ = writeln!(out, "note_type: {}", quote_yaml(name));
    }
    out
}

/// A file to write: notes of a deck, each with its topic.
struct File<'f> {
    path: &'f str,
    deck: &'f str,
    notes: &'f [(&'f [String], usize)],
}

fn write_file(
    collection: &Collection,
    file: &File<'_>,
    plans: &BTreeMap<usize, Plan>,
    present: &Present,
    content: &mut Content,
) -> String {
    let notes = file.notes;
    let of = |(_, note): &(&[String], usize)| &collection.notes[*note];
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for note in notes {
        *counts.entry(of(note).note_type).or_default() += 1;
    }
    let usual = counts.iter().max_by_key(|(at, count)| (**count, std::cmp::Reverse(**at)));
    let usual = usual.map_or(0, |(at, _)| *at);
    // Tags that all notes have stand at the top.
    let tags_of = |note: &(&[String], usize)| {
        let note = of(note);
        ours::tags(note, &collection.note_types[note.note_type])
    };
    let tags: Vec<Vec<String>> = notes.iter().map(tags_of).collect();
    let mut common: Vec<String> = tags.first().cloned().unwrap_or_default();
    common.retain(|tag| tags.iter().all(|tags| tags.contains(tag)));
    let names = content.note_types.clone();
    let own_name = |at: &usize| names.get(at).map(|(name, _)| name.as_str());
    let usual_name = own_name(&usual);
    let mut front_matter = write_reading(file.path, usual_name, present);
    if !common.is_empty() {
        let tags: Vec<String> = common.iter().map(|tag| write_common_tag(tag)).collect();
        let _ = writeln!(front_matter, "tags: [{}]", tags.join(", "));
    }
    let mut out = match front_matter.as_str() {
        "" => String::new(),
        settings => format!("---\n{settings}---\n\n"),
    };
    let _ = writeln!(out, "# {}", write_title(file.deck));
    let guids: BTreeSet<&str> = collection.notes.iter().map(|note| note.guid.as_str()).collect();
    let mut topic: &[String] = &[];
    for ((place, note), tags) in notes.iter().zip(&tags) {
        if *place != topic {
            topic = place;
            let levels: Vec<String> = topic.iter().map(|level| write_title(level)).collect();
            let _ = write!(out, "\n## {}\n", levels.join("::"));
        }
        let is_double = content.doubles.contains(note);
        let id = Some(collection.notes[*note].id).filter(|id| is_double && *id != 0);
        let id = id.map(|id| format!("#{id}"));
        let note = &collection.notes[*note];
        let note_type = &collection.note_types[note.note_type];
        let name = own_name(&note.note_type);
        let other = (name != usual_name).then(|| name.unwrap_or(anki::name(Kind::Qa)));
        let name = other.map(|name| format!("type={}", quote_attribute(name)));
        let own = ours::classes(note, note_type, &guids);
        // Such a type may make its second card of some notes only.
        let is_made = |class: &&&str| **class != REVERSED || note.has_second_card;
        let classes = plans[&note.note_type].classes.iter().filter(is_made).chain(&own);
        let classes = classes.map(|class| format!(".{class}"));
        let tags = tags.iter().filter(|tag| !common.contains(tag));
        let attributes = name.into_iter().chain(id).chain(classes);
        let attributes = attributes.chain(note.attributes.iter().cloned());
        let attributes: Vec<String> = attributes.chain(tags.map(|tag| write_tag(tag))).collect();
        out.push_str(&write_note(note, note_type, &plans[&note.note_type], &attributes, content));
    }
    out
}
