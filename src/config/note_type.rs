//! Note types of the author's own: `note-types/NAME.toml` in the content folder, with templates and
//! a style sheet beside it.

use std::collections::BTreeMap;

use super::Config;
use super::exports;
use super::reader::Reader;
use super::settings::{CARD, FIELD, NOTE_TYPE, keys};
use super::tree::{self, Entry, Node, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Sources, Span};

/// The folder of note types in a content folder, as a path ends that is in it.
pub const FOLDER: &str = "note-types/";

/// The endings of the files that make note types.
const ENDINGS: &[&str] = &["toml", "html", "htm", "css"];

/// The names of our own note types.
const RESERVED: [&str; 2] = ["Deckpress Q&A", "Deckpress Cloze"];

/// A note type of the author's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteType {
    /// Its name in Anki.
    pub name: String,
    /// Where that stands, or the first byte of the file.
    pub span: Span,
    /// The name of its file, without the ending.
    pub stem: String,
    /// The name that it had before.
    pub was: Option<String>,
    /// Whether it is a cloze type, which makes a card for each gap.
    pub is_cloze: bool,
    /// Its fields, in order. A question's heading fills the first.
    pub fields: Vec<NoteField>,
    /// Its card templates, in order.
    pub cards: Vec<CardTemplate>,
    /// Its style sheet.
    pub css: Option<TemplateText>,
}

/// A field of a note type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteField {
    /// Its name.
    pub name: String,
    /// Where that stands.
    pub span: Span,
    /// The name that it had before.
    pub was: Option<String>,
    /// The words that open its section, in lower case; the name itself where there are none.
    pub labels: Vec<String>,
}

/// A template of cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardTemplate {
    /// Its name.
    pub name: String,
    /// Where that stands.
    pub span: Span,
    /// The name that it had before.
    pub was: Option<String>,
    /// The template of the front.
    pub front: TemplateText,
    /// The template of the back.
    pub back: TemplateText,
}

/// The text of a template or a style sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateText {
    /// The file that it stands in.
    pub file: FileId,
    /// The text, its lines ended by `\n`, without line ends at its end: editors differ in those.
    pub text: String,
}

impl NoteType {
    /// Returns the style sheet, which may be empty.
    #[must_use]
    pub fn css(&self) -> &str {
        self.css.as_ref().map_or("", |css| &css.text)
    }

    /// Returns a hash of the style sheet and the templates: of what may change.
    #[must_use]
    pub fn hash(&self) -> String {
        let cards = self.cards.iter().flat_map(|card| [&*card.front.text, &*card.back.text]);
        let mut hasher = blake3::Hasher::new();
        for text in std::iter::once(self.css()).chain(cards) {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.finalize().to_hex()[..16].to_owned()
    }

    /// Returns the position of the field whose section these words open.
    #[must_use]
    pub fn field_of(&self, label: &str) -> Option<usize> {
        let label = label.trim().to_lowercase();
        let labelled = |field: &NoteField| field.labels.contains(&label);
        let named = |field: &NoteField| field.name.to_lowercase() == label;
        self.fields.iter().position(labelled).or_else(|| self.fields.iter().position(named))
    }

    /// Returns the names of its fields, as a list for a message.
    #[must_use]
    pub fn list_fields(&self) -> String {
        let names: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
        format!("`{}`", names.join("`, `"))
    }
}

impl NoteField {
    /// Returns the word that opens its section where a person would write it: `Answer` if that does,
    /// else its name, unless only others do.
    #[must_use]
    pub fn label(&self) -> &str {
        let opens = |word: &str| self.labels.iter().any(|label| label == word);
        if opens("answer") {
            return "Answer";
        }
        let first = self.labels.first().filter(|_| !opens(&self.name.to_lowercase()));
        first.map_or(&self.name, String::as_str)
    }
}

/// Reports a name that no note type has; of one in which something is wrong, that is said already.
#[must_use]
pub fn report_unknown(config: &Config, name: &str, span: Span) -> Option<Diagnostic> {
    let called = name.trim().to_lowercase();
    let is_known = find(&config.note_types, name).is_some()
        || config.broken_note_types.contains(&called)
        || RESERVED[0].to_lowercase() == called;
    if is_known {
        return None;
    }
    let names: Vec<&str> = config.note_types.iter().map(|it| it.name.as_str()).collect();
    let help = match (tree::similar(name, &names), names.is_empty()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, true) => {
            "a note type is a file in `note-types/`, such as `note-types/word.toml`".into()
        }
        (None, false) => format!("the note types here are `{}`", names.join("`, `")),
    };
    let message = format!("there is no note type `{name}`");
    Some(Diagnostic::new(Code::UnknownNoteType, span, message).help(help))
}

/// Returns the note type that is called so: by its name, or as its file is.
#[must_use]
pub fn find<'n>(note_types: &'n [NoteType], called: &str) -> Option<&'n NoteType> {
    let is_same = |name: &str| name.to_lowercase() == called.trim().to_lowercase();
    let named = note_types.iter().find(|note_type| is_same(&note_type.name));
    named.or_else(|| note_types.iter().find(|note_type| is_same(&note_type.stem)))
}

/// Returns whether a path below the content folder is that of a file for note types.
#[must_use]
pub fn is_part(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    path.starts_with(FOLDER) && ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Reads every note type of the content into the settings, in the order of their names.
pub fn read_all(sources: &Sources, config: &mut Config, diagnostics: &mut Vec<Diagnostic>) {
    let parts = sources.iter().filter(|(_, source)| is_part(&source.path) && !source.is_outside());
    let parts: BTreeMap<&str, FileId> =
        parts.map(|(file, source)| (source.path.as_str(), file)).collect();
    let is_definition = |path: &str| {
        path.strip_prefix(FOLDER).and_then(|name| name.strip_suffix(".toml")).is_some()
    };
    let mut note_types: Vec<NoteType> = Vec::new();
    for (path, &file) in parts.iter().filter(|(path, _)| is_definition(path)) {
        let mut reading = Reading { sources, parts: &parts, reader: Reader { diagnostics } };
        let note_type = match reading.note_type(path, file) {
            Ok(note_type) => note_type,
            Err(called) => {
                config.broken_note_types.extend(called);
                continue;
            }
        };
        let folded = note_type.name.to_lowercase();
        match note_types.iter().find(|other| other.name.to_lowercase() == folded) {
            Some(other) => reading.reader.diagnostics.push(
                invalid(note_type.span, format!("a second note type `{}`", note_type.name))
                    .related(other.span, "first here")
                    .help("Anki knows note types by their names; give one of them another"),
            ),
            None => note_types.push(note_type),
        }
    }
    note_types.sort_by(|a, b| a.name.cmp(&b.name));
    config.note_types = note_types;
    exports::find_own_fields(config, diagnostics);
    for (_, name, span) in &config.note_type {
        diagnostics.extend(report_unknown(config, name, *span));
    }
}

/// Says what is wrong with a note type.
#[must_use]
pub fn invalid(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::InvalidNoteType, span, message)
}

/// What a note type is read from.
struct Reading<'r> {
    sources: &'r Sources,
    /// The files in the folder of note types, by their paths.
    parts: &'r BTreeMap<&'r str, FileId>,
    reader: Reader<'r>,
}

impl Reading<'_> {
    /// Reads a note type; if anything in it is wrong, what it is called.
    fn note_type(&mut self, path: &str, file: FileId) -> Result<NoteType, [String; 2]> {
        let before = self.reader.diagnostics.len();
        let stem = path.rsplit('/').next().and_then(|name| name.rsplit_once('.'));
        let stem = stem.map_or(path, |(stem, _)| stem).to_owned();
        let text = self.sources.original(file);
        let entries =
            tree::toml(file, 0..text.len(), text, Code::InvalidNoteType, self.reader.diagnostics);
        // What is missing may stand behind what cannot be read.
        if self.reader.diagnostics.len() > before {
            return Err([stem.to_lowercase(), String::new()]);
        }
        let start = Span::new(file, 0..0);
        let mut note_type = NoteType {
            name: stem.clone(),
            span: start,
            stem,
            was: None,
            is_cloze: false,
            fields: Vec::new(),
            cards: Vec::new(),
            css: None,
        };
        let mut labels: &[Entry] = &[];
        let mut has = (false, false);
        for Entry { key, span, node } in &entries {
            match key.as_str() {
                "name" => {
                    note_type.name = self.reader.string(node).unwrap_or_default();
                    note_type.span = node.span;
                }
                "was" => note_type.was = self.reader.string(node),
                "cloze" => note_type.is_cloze = self.reader.truth(node).unwrap_or_default(),
                "fields" => (has.0, note_type.fields) = (true, self.fields(node)),
                "labels" => match &node.value {
                    Value::Table(entries) => labels = entries,
                    _ => self.complain(node.span, "expected a table of words by field"),
                },
                "css" => note_type.css = self.text(node, "a style sheet"),
                "card" => (has.1, note_type.cards) = (true, self.cards(node)),
                _ => self.reader.unknown(key, *span, &keys(NOTE_TYPE)),
            }
        }
        for (is_there, what, example) in [
            (has.0, "fields", "fields = [\"Front\", \"Back\"]"),
            (has.1, "card templates", "[[card]]"),
        ] {
            if !is_there {
                let message = format!("this note type has no {what}");
                self.report(invalid(start, message).help(format!("add `{example}`")));
            }
        }
        self.labels(&mut note_type, labels);
        self.check_names(&note_type);
        let found = &mut self.reader.diagnostics[before..];
        found
            .iter_mut()
            .filter(|found| found.code == Code::InvalidConfig)
            .for_each(|found| found.code = Code::InvalidNoteType);
        // A key too many is said, and does no harm.
        if found.iter().all(|found| found.code == Code::UnknownKey) {
            return Ok(note_type);
        }
        Err([note_type.stem.to_lowercase(), note_type.name.to_lowercase()])
    }

    fn fields(&mut self, node: &Node) -> Vec<NoteField> {
        let Value::List(nodes) = &node.value else {
            self.complain(node.span, "expected a list of names, as in `[\"Front\", \"Back\"]`");
            return Vec::new();
        };
        if nodes.is_empty() {
            self.complain(node.span, "a note type has one field at least");
        }
        let mut fields: Vec<NoteField> = Vec::new();
        for node in nodes {
            let Some(field) = self.field(node) else { continue };
            if let Some(problem) = bad_field_name(&field.name) {
                let message = format!("`{}` cannot be the name of a field", field.name);
                self.report(invalid(field.span, message).label(problem));
            }
            self.check_twin(&field.name, field.span, fields.iter().map(|it| (&*it.name, it.span)));
            fields.push(field);
        }
        fields
    }

    /// Reads a field: its name, or a table with the name that it had before.
    fn field(&mut self, node: &Node) -> Option<NoteField> {
        let of = |name, span, was| NoteField { name, span, was, labels: Vec::new() };
        let Value::Table(entries) = &node.value else {
            return self.reader.string(node).map(|name| of(name, node.span, None));
        };
        let (mut name, mut was) = (None, None);
        for Entry { key, span, node } in entries {
            match key.as_str() {
                "name" => name = self.reader.string(node).map(|name| (name, node.span)),
                "was" => was = self.reader.string(node),
                _ => self.reader.unknown(key, *span, &keys(FIELD)),
            }
        }
        if name.is_none() {
            self.complain(node.span, "this field has no name");
        }
        name.map(|(name, span)| of(name, span, was))
    }

    /// Sets the words that open each field's section.
    fn labels(&mut self, note_type: &mut NoteType, labels: &[Entry]) {
        let mut taken: BTreeMap<String, Span> = BTreeMap::new();
        for Entry { key, span, node } in labels {
            let at = note_type.fields.iter().position(|field| field.name == *key);
            let Some(at) = at else {
                let fields = note_type.list_fields();
                let message = format!("`{key}` is no field of this note type");
                self.report(invalid(*span, message).help(format!("its fields are {fields}")));
                continue;
            };
            let words = self.reader.words(node);
            for word in &words {
                if let Some(first) = taken.insert(word.clone(), node.span) {
                    let message = format!("`{word}` opens two fields");
                    self.report(invalid(node.span, message).related(first, "first here"));
                }
            }
            note_type.fields[at].labels = words;
        }
        for field in note_type.fields.iter_mut().filter(|field| field.labels.is_empty()) {
            let own = field.name.to_lowercase();
            if let Some(span) = taken.get(&own) {
                let message = format!("`{own}` opens two fields");
                let problem = invalid(*span, message).related(field.span, "a field of this name");
                self.report(problem);
            }
            field.labels = vec![own];
        }
    }

    fn cards(&mut self, node: &Node) -> Vec<CardTemplate> {
        let Value::List(nodes) = &node.value else {
            self.complain(node.span, "expected a table, as in `[[card]]`");
            return Vec::new();
        };
        let mut cards: Vec<CardTemplate> = Vec::new();
        for node in nodes {
            let Some(card) = self.card(node, cards.len() + 1) else { continue };
            self.check_twin(&card.name, card.span, cards.iter().map(|it| (&*it.name, it.span)));
            cards.push(card);
        }
        cards
    }

    fn card(&mut self, node: &Node, number: usize) -> Option<CardTemplate> {
        let Value::Table(entries) = &node.value else {
            self.complain(node.span, "expected a table, as in `[[card]]`");
            return None;
        };
        let (mut name, mut span) = (format!("Card {number}"), node.span);
        let (mut was, mut front, mut back) = (None, None, None);
        for Entry { key, span: place, node } in entries {
            match key.as_str() {
                "name" => {
                    name = self.reader.string(node)?;
                    span = node.span;
                }
                "was" => was = self.reader.string(node),
                "front" => front = self.text(node, "a template"),
                "back" => back = self.text(node, "a template"),
                _ => self.reader.unknown(key, *place, &keys(CARD)),
            }
        }
        if let Some(problem) = bad_card_name(&name) {
            let message = format!("`{name}` cannot be the name of a card template");
            self.report(invalid(span, message).label(problem));
        }
        for key in ["front", "back"] {
            if !entries.iter().any(|entry| entry.key == key) {
                let message = format!("the card template `{name}` has no `{key}`");
                let example =
                    format!("name a file beside this one, as in `{key} = \"{key}.html\"`");
                self.report(invalid(span, message).help(example));
            }
        }
        Some(CardTemplate { name, span, was, front: front?, back: back? })
    }

    /// Reads the text of a file that lies in the folder of note types.
    fn text(&mut self, node: &Node, what: &str) -> Option<TemplateText> {
        let name = self.reader.string(node)?;
        let path = format!("{FOLDER}{}", name.strip_prefix("./").unwrap_or(&name));
        let Some(&file) = self.parts.get(path.as_str()) else {
            let names: Vec<&str> =
                self.parts.keys().map(|path| path.trim_start_matches(FOLDER)).collect();
            let message = format!("cannot use `{name}`");
            let problem = invalid(node.span, message).label(if is_part(&path) {
                "there is no such file in `note-types/`"
            } else {
                "a template ends in `.html`, a style sheet in `.css`"
            });
            let near = tree::similar(&name, &names).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| {
                format!("{what} is a file in the folder of its note type, which is named here")
            });
            self.report(problem.help(help));
            return None;
        };
        let text = self.sources.original(file).trim_start_matches('\u{feff}').replace("\r\n", "\n");
        Some(TemplateText { file, text: text.trim_end_matches('\n').to_owned() })
    }

    fn check_names(&mut self, NoteType { name, span, .. }: &NoteType) {
        let problem = if name.is_empty() {
            // That has been said.
            return;
        } else if RESERVED.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            "that is a note type of deckpress itself"
        } else if name.contains(|c: char| c == '"' || c.is_control()) {
            "Anki takes quotes out of names"
        } else {
            return;
        };
        let message = format!("`{name}` cannot be the name of a note type");
        self.report(invalid(*span, message).label(problem));
    }

    /// Reports a name that another has, in whatever case.
    fn check_twin<'n>(
        &mut self,
        name: &str,
        span: Span,
        mut others: impl Iterator<Item = (&'n str, Span)>,
    ) {
        if let Some((_, first)) = others.find(|(it, _)| it.to_lowercase() == name.to_lowercase()) {
            self.report(
                invalid(span, format!("`{name}` stands twice")).related(first, "first here"),
            );
        }
    }

    fn complain(&mut self, span: Span, message: &str) {
        self.report(invalid(span, message));
    }

    fn report(&mut self, problem: Diagnostic) {
        self.reader.diagnostics.push(problem);
    }
}

/// Returns why Anki would change the name of a field, if it would
/// (`rslib/src/notetype/fields.rs`).
fn bad_field_name(name: &str) -> Option<&'static str> {
    if name.contains([':', '{', '}', '"']) {
        Some("it cannot hold any of `:`, `{`, `}` and `\"`")
    } else if name.starts_with(['#', '/', '^']) {
        Some("it cannot begin with `#`, `/` or `^`")
    } else if name.contains(char::is_control) {
        Some("it is one line")
    } else {
        None
    }
}

fn bad_card_name(name: &str) -> Option<&'static str> {
    name.contains(['"', '\n']).then_some("Anki takes quotes out of names")
}
