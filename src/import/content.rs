//! From the notes of a collection to content: a file of Markdown per deck, and its note types.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::markup::{self, quote_attribute, quote_yaml, write_tag, write_title};
use super::model::{Collection, Note, NoteType};
use super::{note_type, ours, qa};
use crate::anki::{OwnCards, OwnNoteType};
use crate::html_to_markdown::{Loss, Markdown, Notation, convert, convert_with_heading, words};
use crate::slug::slug;

/// Where note types are, below the content folder.
pub const FOLDER: &str = "note-types/";

/// So many questions are in a file at most.
const MOST: usize = 500;

/// What becomes of the notes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// They keep their note types, and all their fields.
    #[default]
    OwnType,
    /// They become questions of ours.
    Qa {
        /// Whether fields that no card shows come along.
        has_all_fields: bool,
    },
}

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
    /// The names of all note types, in lower case.
    pub names: BTreeSet<String>,
    /// Notes of the collection, by their positions, that are left out, and why.
    pub refused: BTreeMap<usize, &'static str>,
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
    /// How many of these were taken out.
    pub retired: usize,
    /// The notes that ask in the same words as another.
    doubles: BTreeSet<usize>,
}

impl Content {
    /// Returns the texts to write, with their paths.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let parts = self.parts.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        parts.chain(self.files.iter().map(|file| (file.path.as_str(), file.text.as_str())))
    }

    fn lose(&mut self, what: &'static str, note: &Note) {
        let first = || note.fields.iter().find(|field| !field.trim().is_empty());
        let first = first().map_or_else(|| note.guid.clone(), |field| shorten(field));
        self.losses.entry(what).or_insert((0, first)).0 += 1;
    }
}

/// Returns the beginning of a field, for a message.
fn shorten(html: &str) -> String {
    let text = strip_tags(html);
    let text = text.trim();
    match text.char_indices().nth(50) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns the text of a field without its tags.
fn strip_tags(html: &str) -> String {
    let mut is_tag = false;
    let is_text = |c: &char| {
        match c {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                return false;
            }
            _ => {}
        }
        !is_tag && !c.is_control()
    };
    html.chars().filter(is_text).collect()
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
    if present.form == Form::OwnType {
        name_note_types(collection, &used, present, &mut paths, &mut content);
    }
    content.doubles = find_doubles(collection);
    let plans: BTreeMap<usize, Plan> =
        used.iter().map(|at| (*at, Plan::of(&collection.note_types[*at], present.form))).collect();
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
            let text = write_file(collection, &deck, part, &plans, &mut content);
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
        } else if present.guids.contains(&note.guid) || present.guids.contains(base) {
            content.known += 1;
            let is_retired = present.retired.contains(&note.guid) || present.retired.contains(base);
            content.retired += usize::from(is_retired);
        } else if let Some(why) = present.refused.get(&at) {
            content.lose(why, note);
        } else if note_type.is_occlusion {
            content.lose("pictures with covered parts, which are left out", note);
        } else if present.form == Form::OwnType
            && !own[note.note_type].has_cards(&note.fields, !note.tags.is_empty())
        {
            content.lose("notes of which Anki makes no card, which are left out", note);
        } else if is_silent(note, note_type, present.form) {
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

/// Returns whether the fields that ask hold nothing.
fn is_silent(note: &Note, note_type: &NoteType, form: Form) -> bool {
    let is_blank = |field: &usize| {
        let Some(html) = note.fields.get(*field).filter(|html| !html.trim().is_empty()) else {
            return true;
        };
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
        if ours::kind(note_type).is_some() {
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

fn write_file(
    collection: &Collection,
    deck: &str,
    notes: &[(&[String], usize)],
    plans: &BTreeMap<usize, Plan>,
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
    let tags_of = |note: &(&[String], usize)| {
        let note = of(note);
        ours::tags(note, &collection.note_types[note.note_type])
    };
    let tags: Vec<Vec<String>> = notes.iter().map(tags_of).collect();
    let mut common: Vec<String> = tags.first().cloned().unwrap_or_default();
    common.retain(|tag| tags.iter().all(|tags| tags.contains(tag)));
    let mut front_matter = String::new();
    if let Some((name, _)) = content.note_types.get(&usual) {
        let _ = writeln!(front_matter, "note_type: {}", quote_yaml(name));
    }
    if !common.is_empty() {
        let tags: Vec<String> = common.iter().map(|tag| quote_yaml(tag)).collect();
        let _ = writeln!(front_matter, "tags: [{}]", tags.join(", "));
    }
    let mut out = match front_matter.as_str() {
        "" => String::new(),
        settings => format!("---\n{settings}---\n\n"),
    };
    let _ = writeln!(out, "# {}", write_title(deck));
    let guids: BTreeSet<&str> = collection.notes.iter().map(|note| note.guid.as_str()).collect();
    let mut topic: &[String] = &[];
    for ((place, note), tags) in notes.iter().zip(&tags) {
        if *place != topic {
            topic = place;
            let levels: Vec<String> = topic.iter().map(|level| write_title(level)).collect();
            let _ = write!(out, "\n## {}\n", levels.join("::"));
        }
        let id = content.doubles.contains(note).then(|| collection.notes[*note].id);
        let id = id.map(|id| format!("#{id}"));
        let note = &collection.notes[*note];
        let note_type = &collection.note_types[note.note_type];
        let names = &content.note_types;
        let other = names.get(&note.note_type).filter(|_| note.note_type != usual);
        let name = other.map(|(name, _)| format!("type={}", quote_attribute(name)));
        let own = ours::classes(note, note_type, &guids);
        let classes = plans[&note.note_type].classes.iter().chain(&own);
        let classes = classes.map(|class| format!(".{class}"));
        let tags = tags.iter().filter(|tag| !common.contains(tag));
        let attributes = name.into_iter().chain(id).chain(classes);
        let attributes: Vec<String> = attributes.chain(tags.map(|tag| write_tag(tag))).collect();
        out.push_str(&write_note(note, note_type, &plans[&note.note_type], &attributes, content));
    }
    out
}

/// What is written of the notes of a type.
#[derive(Default)]
struct Plan {
    /// The fields above the first label.
    question: Vec<usize>,
    /// The fields of each section, and its label.
    sections: Vec<(String, Vec<usize>)>,
    classes: Vec<&'static str>,
    readings: BTreeSet<usize>,
    /// Fields that are not written.
    unseen: Vec<usize>,
    /// Whether notes keep their type.
    is_own: bool,
}

impl Plan {
    fn of(note_type: &NoteType, form: Form) -> Self {
        if ours::kind(note_type).is_some() {
            return Self { question: vec![0], ..Self::default() };
        }
        let labels = note_type::labels(note_type);
        let Form::Qa { has_all_fields } = form else {
            let sections = labels.into_iter().enumerate().skip(1);
            return Self {
                question: vec![0],
                sections: sections.map(|(field, label)| (label, vec![field])).collect(),
                classes: Vec::new(),
                readings: BTreeSet::new(),
                unseen: Vec::new(),
                is_own: true,
            };
        };
        let roles = qa::roles(note_type);
        let mut sections = vec![("Answer".to_owned(), roles.answer)];
        sections.extend(roles.hints.into_iter().map(|field| ("Hint".to_owned(), vec![field])));
        let unseen = if has_all_fields { Vec::new() } else { roles.unseen.clone() };
        let more = if has_all_fields { roles.unseen } else { Vec::new() };
        for field in roles.others.into_iter().chain(more) {
            let label = match labels.get(field).map(String::as_str) {
                // The first field has no label, and there is an answer already.
                None | Some("" | "Answer") => note_type.fields[field].0.clone(),
                Some(label) => label.to_owned(),
            };
            sections.push((label, vec![field]));
        }
        let (classes, readings) = (roles.classes, roles.readings);
        Self { question: roles.question, sections, classes, readings, unseen, is_own: false }
    }
}

fn write_note(
    note: &Note,
    note_type: &NoteType,
    plan: &Plan,
    attributes: &[String],
    content: &mut Content,
) -> String {
    let mut losses: BTreeSet<Loss> = BTreeSet::new();
    let media_folder = content.media_folder.clone();
    let mut convert_field = |field: usize, is_heading: bool| {
        let html = note.fields.get(field).map_or("", String::as_str);
        let notation = Notation {
            has_gaps: note_type::has_gaps(note_type, field),
            has_readings: plan.readings.contains(&field),
            media_folder: &media_folder,
        };
        let markdown =
            if is_heading { convert_with_heading(html, notation) } else { convert(html, notation) };
        content.media.extend(markdown.media.iter().cloned());
        losses.extend(markdown.losses.iter().copied());
        markdown
    };
    let mut out = String::from("\n### Q: ");
    let mut has_heading = false;
    for field in &plan.question {
        let markdown = convert_field(*field, !has_heading);
        if !has_heading && !markdown.heading.is_empty() {
            has_heading = true;
            out.push_str(&markdown.heading);
            if !attributes.is_empty() {
                let _ = write!(out, " {{{}}}", attributes.join(" "));
            }
            out.push('\n');
        }
        if !markdown.body.is_empty() {
            let _ = write!(out, "\n{}\n", markdown.body);
        }
    }
    if !has_heading {
        out.push('\n');
    }
    for (label, fields) in &plan.sections {
        let parts = fields.iter().map(|field| convert_field(*field, false));
        push_section(label, parts.collect(), plan.is_own, &mut out);
    }
    if ours::kind(note_type).is_some() {
        for (label, html) in ours::sections(note, note_type) {
            let notation = Notation { media_folder: &media_folder, ..Notation::default() };
            let markdown = convert(html, notation);
            content.media.extend(markdown.media.iter().cloned());
            losses.extend(markdown.losses.iter().copied());
            push_section(&label, vec![markdown], false, &mut out);
        }
    }
    if plan.unseen.iter().any(|field| !note.fields.get(*field).is_none_or(String::is_empty)) {
        content.lose("fields that no card shows, which `--all-fields` takes along", note);
    }
    for loss in losses {
        content.lose(loss.describe(), note);
    }
    for what in markup::lost_tags(&note.tags) {
        content.lose(what, note);
    }
    out
}

/// Writes a label, and what stands below it.
/// In a question of ours, only an answer may stand beside its label: other text there would be the
/// rest of the section before.
fn push_section(label: &str, mut parts: Vec<Markdown>, is_own: bool, out: &mut String) {
    let may_share_line = is_own || label.starts_with("Answer");
    parts.retain(|part| !part.body.is_empty());
    match parts.as_slice() {
        [] => {}
        [part] if may_share_line && part.is_line() => {
            let _ = write!(out, "\n**{label}:** {}\n", part.body);
        }
        parts => {
            let bodies: Vec<&str> = parts.iter().map(|part| part.body.as_str()).collect();
            let _ = write!(out, "\n**{label}:**\n\n{}\n", bodies.join("\n\n"));
        }
    }
}
