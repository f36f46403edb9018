//! TOML and YAML as one small tree with spans.

use std::ops::Range;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// A key and what it is set to.
#[derive(Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub span: Span,
    /// What it is set to.
    pub node: Node,
}

/// A value and its place.
#[derive(Debug)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// Any value; numbers, dates and truth values are kept as they are written.
#[derive(Debug)]
pub enum Value {
    /// Nothing, as after a bare YAML key.
    Null,
    /// A text, or anything else that stands alone.
    Scalar(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values.
    Table(Vec<Entry>),
}

/// Returns the one of `names` that `word` is probably a misspelling of.
#[must_use]
pub fn similar<'n>(word: &str, names: &[&'n str]) -> Option<&'n str> {
    let distance = |name: &str| strsim::damerau_levenshtein(&word.to_lowercase(), name);
    let nearest = names.iter().copied().min_by_key(|name| distance(name))?;
    (distance(nearest) <= (nearest.len() / 3).max(1)).then_some(nearest)
}

/// Reads the TOML at `range` of `text`.
#[must_use]
pub fn toml(
    file: FileId,
    range: Range<usize>,
    text: &str,
    code: Code,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Entry> {
    let offset = range.start;
    let (table, errors) = DeTable::parse_recoverable(&text[range.clone()]);
    let mut reported: Option<Range<usize>> = None;
    for error in errors {
        let place = error.span().unwrap_or(0..0);
        // What follows on the same line is mostly the same mistake.
        let at = offset + place.start;
        if reported.as_ref().is_some_and(|line| line.contains(&at)) {
            continue;
        }
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
        reported = Some(start..end + 1);
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        let span = Span::new(file, offset + place.start..offset + place.end);
        diagnostics.push(Diagnostic::new(code, span, message));
    }
    toml_table(file, offset, table.get_ref())
}

fn toml_table(file: FileId, offset: usize, table: &DeTable<'_>) -> Vec<Entry> {
    let shift = |range: Range<usize>| Span::new(file, offset + range.start..offset + range.end);
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            span: shift(key.span()),
            node: toml_node(file, offset, value.get_ref(), shift(value.span())),
        })
        .collect();
    entries.sort_by_key(|entry| entry.span);
    entries
}

fn toml_node(file: FileId, offset: usize, value: &DeValue<'_>, span: Span) -> Node {
    let value = match value {
        DeValue::String(text) => Value::Scalar(text.to_string()),
        DeValue::Integer(number) => Value::Scalar(number.as_str().to_owned()),
        DeValue::Float(number) => Value::Scalar(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Value::Scalar(truth.to_string()),
        DeValue::Datetime(date) => Value::Scalar(date.to_string()),
        DeValue::Array(values) => Value::List(
            values
                .iter()
                .map(|value| {
                    let place = value.span();
                    let span = Span::new(file, offset + place.start..offset + place.end);
                    toml_node(file, offset, value.get_ref(), span)
                })
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(toml_table(file, offset, table)),
    };
    Node { span, value }
}

/// Reads the YAML at `range` of `text`.
#[must_use]
pub fn yaml(
    file: FileId,
    range: Range<usize>,
    text: &str,
    code: Code,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Entry> {
    let yaml = &text[range.clone()];
    let bytes = if yaml.is_ascii() { Vec::new() } else { yaml.char_indices().collect() };
    let bytes = bytes.into_iter().map(|(byte, _)| byte).collect();
    let place = Place { file, offset: range.start, yaml, bytes };
    let whole = with_texts(yaml);
    // Whatever is wrong besides is told of the text as it is written.
    let loaded = MarkedYaml::load_from_str(yaml)
        .or_else(|error| MarkedYaml::load_from_str(&whole).map_err(|_| error));
    match loaded {
        Ok(documents) => match documents.into_iter().next() {
            None => Vec::new(),
            Some(document) => {
                let node = place.node(&document);
                match node.value {
                    Value::Table(entries) => entries,
                    Value::Null => Vec::new(),
                    _ => {
                        let message = "front matter must be keys and values";
                        diagnostics.push(
                            Diagnostic::new(code, node.span, message)
                                .help("if `---` is meant as a rule, put a blank line below it"),
                        );
                        Vec::new()
                    }
                }
            }
        },
        Err(error) => {
            let at = place.byte(error.marker());
            let end = yaml[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            let span = Span::new(file, place.offset + at..place.offset + end);
            diagnostics.push(Diagnostic::new(code, span, error.info().to_owned()));
            Vec::new()
        }
    }
}

/// A colon within a text. As a colon it would say that the text is a key.
const COLON: char = '\u{f8ff}';

/// Returns the same YAML, where a text that stands behind a key goes on to the end of the line
/// whatever is in it: `title: Two ropes: which one?` is what people write.
fn with_texts(yaml: &str) -> String {
    let is_key = |key: &str| key.chars().all(|c| c.is_alphanumeric() || "_- ".contains(c));
    let lines = yaml.split_inclusive('\n').map(|line| {
        let Some((key, value)) = line.split_once(": ") else { return line.to_owned() };
        let is_text = value.trim_start().starts_with(|c: char| !"\"'[{|>&*!%@`#".contains(c));
        if is_text && is_key(key) {
            format!("{key}: {}", value.replace(':', COLON.encode_utf8(&mut [0; 4])))
        } else {
            line.to_owned()
        }
    });
    lines.collect()
}

/// Where a piece of YAML stands.
struct Place<'t> {
    file: FileId,
    offset: usize,
    yaml: &'t str,
    /// The byte offset of each character, if not all of them are ASCII.
    bytes: Vec<usize>,
}

impl Place<'_> {
    /// Returns the byte of a marker, which counts characters.
    fn byte(&self, marker: &saphyr::Marker) -> usize {
        let at = marker.index();
        let byte = if self.bytes.is_empty() { Some(at) } else { self.bytes.get(at).copied() };
        byte.unwrap_or(self.yaml.len()).min(self.yaml.len())
    }

    fn node(&self, node: &MarkedYaml<'_>) -> Node {
        let (start, end) = (self.byte(&node.span.start), self.byte(&node.span.end));
        let end = start + self.yaml[start..end.max(start)].trim_end().len();
        let span = Span::new(self.file, self.offset + start..self.offset + end);
        let value = match &node.data {
            YamlData::Value(Scalar::Null) | YamlData::Alias(_) | YamlData::BadValue => Value::Null,
            YamlData::Value(Scalar::String(text)) | YamlData::Representation(text, ..) => {
                Value::Scalar(text.replace(COLON, ":"))
            }
            YamlData::Value(_) => Value::Scalar(self.yaml[start..end].to_owned()),
            YamlData::Sequence(nodes) => {
                Value::List(nodes.iter().map(|node| self.node(node)).collect())
            }
            YamlData::Mapping(mapping) => Value::Table(
                mapping
                    .iter()
                    .map(|(key, value)| {
                        let key = self.node(key);
                        let name = match key.value {
                            Value::Scalar(text) => text,
                            _ => String::new(),
                        };
                        Entry { key: name, span: key.span, node: self.node(value) }
                    })
                    .collect(),
            ),
            YamlData::Tagged(_, node) => return self.node(node),
        };
        Node { span, value }
    }
}
