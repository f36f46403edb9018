//! `deckpress.toml` and front matter: what a user may set.
//!
//! Both are read into one small tree with spans ([`tree`]), so that every complaint points at the
//! key or value itself and all of them come in one run. A setting exists only if something obeys
//! it; an unknown key is never ignored silently.

mod exports;
pub mod lint;
pub mod note_type;
mod reader;
pub mod selector;
pub mod settings;
mod tag;
mod template;
pub mod tree;

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{CardKind, Convention, Direction};
use crate::named::named;
use crate::slug::slug;
use crate::source::{FileId, Sources, Span};
use crate::target::{ColumnPart, Target};
use lint::Lint;
pub use note_type::NoteType;
use reader::Reader;
use selector::Selector;
use settings::{ANKI, CSV, LINT, SETTINGS, keys};
pub use tag::{clean_tag, invalid_tag, read_tag, write_class, write_tag};
pub use template::template;
use tree::Entry;

/// The most bytes of an output's base name: a file's has at most 255, with its ending.
const LONGEST_NAME: usize = 200;

/// The name of the configuration file in a content folder.
pub const FILE_NAME: &str = "deckpress.toml";

/// What happens to raw HTML in the notes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Html {
    /// Harmless elements work, all others are shown as text.
    #[default]
    Sanitize,
    /// All of it is shown as text.
    Escape,
    /// All of it is passed on.
    Allow,
}

/// What happens to pictures and sounds that are on another machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RemoteMedia {
    /// They stay where they are.
    Allow,
    /// The same, with a warning.
    #[default]
    Warn,
    /// Nothing is built.
    Deny,
}

named! {
    /// Which Markdown the notes are written in.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Dialect {
        /// CommonMark as below, with what Obsidian and its plugins add.
        Obsidian = "obsidian",
        /// CommonMark with GitHub's extensions and those of the native convention.
        CommonMark = "commonmark",
    }
}

named! {
    /// The form of texts in a file that could hold each of these.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum TextForm {
        /// Plain text.
        #[default]
        Text = "text",
        /// Markdown.
        Markdown = "markdown",
        /// HTML.
        Html = "html",
    }
}

/// Which Anki note type `anki-csv` is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CsvNotetype {
    /// Ours, which a package brings into a collection.
    #[default]
    Deckpress,
    /// Anki's stock note type with Front and Back.
    Basic,
}

/// Which version of Anki's package `apkg` writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PackageFormat {
    /// The one that every Anki since 2.1 reads, and other apps.
    #[default]
    Legacy,
    /// The one that Anki reads since 2.1.50.
    Latest,
}

/// How the highlights of a cloze question become gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Highlights {
    /// Each has a card of its own.
    #[default]
    Each,
    /// All are gaps of one card.
    Together,
}

/// Something to write, and how: an `[[export]]`, or a target as it is without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// For whom.
    pub target: Target,
    /// The base name of its file or folder, if it is not that of the outputs.
    pub name: Option<String>,
    /// What stands in each column; the parts of one column are joined.
    pub columns: Option<Vec<Vec<ColumnPart>>>,
    /// What joins the parts of a column.
    pub join: Option<String>,
    /// What stands between columns.
    pub separator: Option<char>,
    /// Whether there is a row of headings.
    pub header: Option<bool>,
    /// Whether a byte order mark tells Excel that this is UTF-8.
    pub bom: bool,
    /// How texts are written.
    pub text: Option<TextForm>,
    /// Which questions it holds; all if nothing is said.
    pub only: Vec<Selected>,
    /// Which of them it leaves out.
    pub except: Vec<Selected>,
    /// Whether each deck has an output of its own.
    pub is_split: bool,
}

/// A selector, and where it stands.
pub type Selected = (Selector, Span);

impl Export {
    /// Returns the export of a target with default settings.
    #[must_use]
    pub fn of(target: Target) -> Self {
        Self {
            target,
            name: None,
            columns: None,
            join: None,
            separator: None,
            header: None,
            bom: false,
            text: None,
            only: Vec::new(),
            except: Vec::new(),
            is_split: false,
        }
    }
}

/// Which kinds of cards are wanted, or not, as far as a place says so.
pub type CardKindOverrides = BTreeMap<CardKind, bool>;

/// The settings of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// Base name of the outputs.
    pub name: Option<String>,
    /// What ids are derived from, besides the question.
    pub namespace: Option<String>,
    /// What a build without `--format` writes.
    pub formats: Option<Vec<Target>>,
    /// What a build writes besides, each in a way of its own.
    pub exports: Vec<Export>,
    /// Tags of every question.
    pub tags: Vec<String>,
    /// What happens to raw HTML.
    pub html: Html,
    /// Which kinds of cards every question makes, where it can.
    pub kinds: CardKindOverrides,
    /// How highlights become gaps.
    pub highlights: Highlights,
    /// A style sheet below the content folder that is added to ours.
    pub css: Option<(String, Span)>,
    /// Where a source can be read, with `{path}` and `{line}` in it.
    pub source_url: Option<String>,
    /// What happens to media on other machines.
    pub remote_media: RemoteMedia,
    /// How the cells of `csv` are written.
    pub csv_text: TextForm,
    /// Which Anki note type `anki-csv` is for.
    pub csv_notetype: CsvNotetype,
    /// Which version of Anki's package `apkg` writes.
    pub package_format: PackageFormat,
    /// What is a warning, beside being shown by `stats`.
    pub lint: Lint,
    /// The file that holds the key of AnkiConnect.
    pub key_file: Option<String>,
    /// How questions are written down; found out for each file where nothing is said.
    pub convention: Vec<Convention>,
    /// Which Markdown the notes are written in, if it is said.
    pub dialect: Option<Dialect>,
    /// The form of cells in CSV and TSV sources, if the file does not name one.
    pub csv_cells: Option<TextForm>,
    /// Words that open an answer, besides those that are known.
    pub answer_labels: Vec<String>,
    /// Words that open key points, besides those that are known.
    pub key_point_labels: Vec<String>,
    /// Tags for emoji that stand before or behind a question.
    pub emoji_tags: BTreeMap<String, Vec<String>>,
    /// The note types of the author's own, in the order of their names.
    pub note_types: Vec<NoteType>,
    /// What those are called in which something is wrong, in lower case.
    pub broken_note_types: Vec<String>,
    /// The columns of exports that should be fields of these note types, and where they are named.
    pub own_columns: Vec<(String, Span)>,
    /// By folder, the note type of its questions and where that is said; the folder of all is empty.
    pub note_type: Vec<(String, String, Span)>,
}

/// The settings of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// The deck that the file adds to.
    pub deck: Option<String>,
    /// The topic that all of the file belongs to, outermost first.
    pub topic: Vec<String>,
    /// Tags of every question of the file.
    pub tags: Vec<String>,
    /// The language of the text, as a BCP 47 tag.
    pub lang: Option<String>,
    /// Which kinds of cards the file's questions make, where they can.
    pub kinds: CardKindOverrides,
    /// Which way the text runs, if not as its language does.
    pub dir: Option<Direction>,
    /// The note type of the file's questions, and where that is said.
    pub note_type: Option<(String, Span)>,
    /// How the file's questions are written down, if it says so.
    pub convention: Option<Vec<Convention>>,
    /// Which Markdown the file is written in, if it says so.
    pub dialect: Option<Dialect>,
}

/// Reads `deckpress.toml`.
#[must_use]
pub fn read(sources: &Sources, file: FileId, diagnostics: &mut Vec<Diagnostic>) -> Config {
    let mut config = Config::default();
    let text = sources.original(file);
    let entries = tree::toml(file, 0..text.len(), text, Code::InvalidConfig, diagnostics);
    let mut reader = Reader { diagnostics };
    for Entry { key, span, node } in &entries {
        match key.as_str() {
            "name" => config.name = reader.string(node).filter(|name| reader.file_name(name, node)),
            "namespace" => config.namespace = reader.string(node),
            "formats" => {
                let targets: Vec<_> = Target::names().collect();
                config.formats = Some(reader.choices(node, &targets));
            }
            "tags" => config.tags = reader.tags(node),
            "html" => {
                let choices = [
                    ("sanitize", Html::Sanitize),
                    ("escape", Html::Escape),
                    ("allow", Html::Allow),
                ];
                config.html = reader.choice(node, &choices).unwrap_or_default();
            }
            "key_points" | "reverse" => reader.wish(key, node, &mut config.kinds),
            "highlights" => {
                let choices = [("each", Highlights::Each), ("together", Highlights::Together)];
                config.highlights = reader.choice(node, &choices).unwrap_or_default();
            }
            "css" => config.css = reader.string(node).map(|path| (path, node.span)),
            "source_url" => config.source_url = reader.source_url(node),
            "remote_media" => {
                let choices = [
                    ("allow", RemoteMedia::Allow),
                    ("warn", RemoteMedia::Warn),
                    ("deny", RemoteMedia::Deny),
                ];
                config.remote_media = reader.choice(node, &choices).unwrap_or_default();
            }
            "csv" => reader.table(node, "csv.", &keys(CSV), |reader, _, node| {
                config.csv_text = reader.choice(node, TextForm::ALL).unwrap_or_default();
            }),
            "anki" => reader.table(node, "anki.", &keys(ANKI), |reader, key, node| {
                if key == "format" {
                    let choices =
                        [("legacy", PackageFormat::Legacy), ("latest", PackageFormat::Latest)];
                    config.package_format = reader.choice(node, &choices).unwrap_or_default();
                } else if key == "key_file" {
                    config.key_file = reader.string(node);
                } else {
                    let choices =
                        [("Deckpress Q&A", CsvNotetype::Deckpress), ("Basic", CsvNotetype::Basic)];
                    config.csv_notetype = reader.choice(node, &choices).unwrap_or_default();
                }
            }),
            "lint" => reader.table(node, "lint.", &keys(LINT), |reader, key, node| {
                reader.lint(&mut config.lint, key, node);
            }),
            "convention" => config.convention = reader.conventions(node),
            "dialect" => config.dialect = reader.choice(node, Dialect::ALL),
            "note_type" => config.note_type = reader.note_type(node),
            "csv_cells" => config.csv_cells = reader.choice(node, TextForm::ALL),
            "answer_labels" => config.answer_labels = reader.words(node),
            "key_point_labels" => config.key_point_labels = reader.words(node),
            "emoji_tags" => config.emoji_tags = reader.emoji_tags(node),
            "export" => config.exports = reader.exports(node, &mut config.own_columns),
            _ => reader.unknown(key, *span, &keys(SETTINGS)),
        }
    }
    config
}

/// Reads a file's front matter.
///
/// Other tools keep their own keys there, so only a key that looks like a misspelling of one of
/// ours is reported.
#[must_use]
pub fn front_matter(entries: &[Entry], diagnostics: &mut Vec<Diagnostic>) -> FrontMatter {
    // Keys by which other tools name the deck, the last one if it says nothing else.
    const DECK: &[&str] = &["cards-deck", "TARGET DECK", "name"];
    let known = keys(settings::FRONT_MATTER);
    let mut settings = FrontMatter::default();
    let mut reader = Reader { diagnostics };
    let mut deck = Vec::new();
    let is_named = entries.iter().any(|entry| entry.key == "deck");
    for Entry { key, span, node } in entries {
        match key.as_str() {
            "deck" => deck = reader.path(node),
            "name" if entries.len() > 1 => {}
            other if !is_named && DECK.contains(&other) => deck = reader.path(node),
            "topic" => settings.topic = reader.path(node),
            "tags" => settings.tags = reader.tags(node),
            "lang" => {
                let lang = reader.string(node);
                settings.lang = lang.and_then(|lang| reader.lang(&lang, node.span));
            }
            "dir" => settings.dir = reader.choice(node, Direction::ALL),
            "convention" => settings.convention = Some(reader.conventions(node)),
            "dialect" => settings.dialect = reader.choice(node, Dialect::ALL),
            "note_type" => {
                settings.note_type = reader.string(node).map(|name| (name, node.span));
            }
            "key_points" | "reverse" => reader.wish(key, node, &mut settings.kinds),
            _ if tree::similar(key, &known).is_some() => reader.unknown(key, *span, &known),
            _ => {}
        }
    }
    settings.name_deck(deck);
    settings
}

impl Config {
    /// Returns the note type of a file's questions, if the settings say one: that of the innermost
    /// folder.
    #[must_use]
    pub fn note_type_of(&self, path: &str) -> Option<&str> {
        let is_in = |folder: &str| {
            let rest = path.strip_prefix(folder);
            folder.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let of = self.note_type.iter().filter(|(folder, ..)| is_in(folder));
        of.max_by_key(|(folder, ..)| folder.len()).map(|(_, name, _)| name.as_str())
    }
}

impl FrontMatter {
    /// Sets the deck, the levels below the first as topics that all others are below.
    pub fn name_deck(&mut self, levels: Vec<String>) {
        let mut levels = levels.into_iter();
        if let Some(deck) = levels.next() {
            self.deck = Some(deck);
            self.topic.splice(..0, levels);
        }
    }

    /// Returns whether the levels of a title only repeat the deck that the file is in.
    #[must_use]
    pub fn names(&self, levels: &[String]) -> bool {
        self.deck.iter().chain(&self.topic).take(levels.len()).eq(levels)
    }
}

/// Returns the levels of decks that a name has between `::`, as everywhere in Anki.
#[must_use]
pub fn levels(name: &str) -> Vec<String> {
    let levels = name.split("::").map(|level| level.trim().to_owned());
    levels.filter(|level| !level.is_empty()).collect()
}

/// Returns a language as a heading names it.
pub fn lang(text: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    Reader { diagnostics }.lang(text, span)
}

/// Returns a direction as a heading names it.
pub fn direction(text: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<Direction> {
    Reader { diagnostics }.chosen(text, span, Direction::ALL)
}

/// Returns a title as the base name of a file, or else another one.
#[must_use]
pub fn file_name(title: &str, other: &str) -> String {
    let name = [title, other].map(slug).into_iter().find(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "deck".to_owned());
    if bad_name(&name).is_some() { format!("deck-{name}") } else { name }
}

/// Returns why a text cannot be the base name of the outputs, if it cannot.
///
/// Anki takes `collection.apkg`, `backup-*.apkg` and `*.colpkg` for whole collections that replace
/// the user's own (`qt/aqt/import_export/importing.py`).
#[must_use]
pub fn bad_name(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let is_edge = |c: char| c == '.' || c.is_whitespace();
    if name.is_empty() || name.starts_with(is_edge) || name.ends_with(is_edge) {
        Some("a file name cannot be empty, or begin or end with a dot or a space")
    } else if name.len() > LONGEST_NAME {
        Some("a file name cannot have more than 200 bytes")
    } else if is_device(&lower) {
        Some("Windows takes this for a device, whatever stands behind a dot")
    } else if name.contains(|c: char| c.is_control() || r#"/\:*?"<>|"#.contains(c)) {
        Some(r#"a file name cannot hold any of / \ : * ? " < > |"#)
    } else if lower == "collection" || lower.starts_with("backup-") || lower.ends_with(".colpkg") {
        Some("Anki would take a package of that name for a backup and replace the whole collection")
    } else {
        None
    }
}

/// Returns whether Windows has a device of that name, in lower case.
#[must_use]
pub fn is_device(lower: &str) -> bool {
    let stem = lower.split('.').next().unwrap_or_default().trim_end();
    let is_port = |port: &str| {
        let number = stem.strip_prefix(port).unwrap_or_default();
        number.chars().count() == 1 && number.contains(|c| "123456789¹²³".contains(c))
    };
    let is_named = ["aux", "con", "conin$", "conout$", "nul", "prn"].contains(&stem);
    is_named || is_port("com") || is_port("lpt")
}
