//! `[[export]]`: a target with settings of its own.

use std::collections::BTreeSet;

use super::reader::Reader;
use super::settings::{EXPORT, keys};
use super::tree;
use super::tree::{Entry, Node, Value};
use super::{Config, Export, Selected, TextForm};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::target::{ColumnPart, Field, Target};

/// Those that only a target made of columns obeys.
const COLUMN_KEYS: &[&str] = &["fields", "join", "separator", "header", "bom", "text"];

impl Reader<'_> {
    pub(super) fn exports(
        &mut self,
        node: &Node,
        own_columns: &mut Vec<(String, Span)>,
    ) -> Vec<Export> {
        let Value::List(nodes) = &node.value else {
            self.complain(node.span, "expected a table, as in `[[export]]`".to_owned());
            return Vec::new();
        };
        let mut exports: Vec<Export> = Vec::new();
        for node in nodes {
            let Some(export) = self.export(node, own_columns) else { continue };
            let is_same =
                |other: &Export| (other.target, &other.name) == (export.target, &export.name);
            if exports.iter().any(is_same) {
                let problem = "another export to the same target has that name too";
                self.complain(node.span, problem.to_owned());
            } else {
                exports.push(export);
            }
        }
        exports
    }

    fn export(&mut self, node: &Node, own_columns: &mut Vec<(String, Span)>) -> Option<Export> {
        let targets: Vec<_> = Target::names().collect();
        let mut target = None;
        let mut export = Export::of(Target::Csv);
        self.table(node, "export.", &keys(EXPORT), |reader, key, node| match key {
            "to" => target = reader.choice(node, &targets),
            "name" => {
                export.name = reader.string(node).filter(|name| reader.file_name(name, node));
            }
            "fields" => export.columns = reader.columns(node, own_columns),
            "join" => export.join = reader.text(node),
            "separator" => export.separator = reader.separator(node),
            "header" => export.header = reader.truth(node),
            "bom" => export.bom = reader.truth(node).unwrap_or_default(),
            "only" => export.only = reader.selectors(node),
            "except" => export.except = reader.selectors(node),
            "split" => export.is_split = reader.choice(node, &[("deck", true)]).is_some(),
            _ => export.text = reader.choice(node, TextForm::ALL),
        });
        let Value::Table(entries) = &node.value else { return None };
        if !entries.iter().any(|entry| entry.key == "to") {
            let problem = "an export says where it goes, as in `to = \"csv\"`";
            self.complain(node.span, problem.to_owned());
        }
        export.target = target?;
        let name = export.target.about().name;
        let is_idle = |entry: &&Entry| COLUMN_KEYS.contains(&entry.key.as_str());
        for Entry { key, span, .. } in entries.iter().filter(is_idle) {
            if !export.target.has_columns() {
                self.complain(*span, format!("`{name}` has no columns, so `{key}` says nothing"));
            }
        }
        let fields = entries.iter().find(|entry| entry.key == "fields");
        let columns = export.columns.as_ref().map_or(2, Vec::len);
        if let (Target::Mnemosyne, Some(fields), 0..2 | 5..) = (export.target, fields, columns) {
            let problem = "Mnemosyne takes two columns, and three or four for its vocabulary cards";
            self.complain(fields.node.span, problem.to_owned());
        }
        Some(export)
    }

    fn selectors(&mut self, node: &Node) -> Vec<Selected> {
        let mut selectors = Vec::new();
        if matches!(&node.value, Value::List(nodes) if nodes.is_empty()) {
            self.complain(node.span, "expected at least one selector".to_owned());
        }
        for (text, span) in self.strings(node) {
            match text.parse() {
                Ok(selector) => selectors.push((selector, span)),
                Err(help) => {
                    let message = format!("`{text}` is no selector");
                    let problem = Diagnostic::new(Code::InvalidConfig, span, message).help(help);
                    self.diagnostics.push(problem);
                }
            }
        }
        selectors
    }

    /// Columns, each a field or a list of those that it joins.
    fn columns(
        &mut self,
        node: &Node,
        own_columns: &mut Vec<(String, Span)>,
    ) -> Option<Vec<Vec<ColumnPart>>> {
        let columns = match &node.value {
            Value::List(columns) if !columns.is_empty() => columns,
            _ => {
                self.complain(node.span, "expected a list of fields".to_owned());
                return None;
            }
        };
        let mut part = |(name, span): (String, Span)| {
            if let Some((_, field)) = Field::ALL.iter().find(|(known, _)| *known == name) {
                return ColumnPart::Field(*field);
            }
            own_columns.push((name.clone(), span));
            ColumnPart::Own(name)
        };
        let columns = columns.iter().map(|column| self.strings(column));
        let columns = columns.map(|names| names.into_iter().map(&mut part).collect::<Vec<_>>());
        Some(columns.filter(|parts| !parts.is_empty()).collect())
    }

    fn separator(&mut self, node: &Node) -> Option<char> {
        let text = self.text(node)?;
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(separator), None) if separator.is_ascii() && !"\"\r\n".contains(separator) => {
                Some(separator)
            }
            _ => {
                let problem = "a separator is one character, such as `;` or a tab, and no quote";
                self.complain(node.span, problem.to_owned());
                None
            }
        }
    }
}

/// Gives each column that names a field of the author's own note types the name as it is written
/// there, and reports those that are no field of any.
pub(super) fn find_own_fields(config: &mut Config, diagnostics: &mut Vec<Diagnostic>) {
    let note_types = &config.note_types;
    let names = note_types.iter().flat_map(|own| own.fields.iter().map(|field| &*field.name));
    let names: Vec<&str> = names.collect();
    let find = |wanted: &str| {
        let is_same = |name: &&&str| name.to_lowercase() == wanted.to_lowercase();
        let exact = names.iter().find(|name| **name == wanted);
        exact.or_else(|| names.iter().find(is_same)).map(|name| (*name).to_owned())
    };
    let columns = config.exports.iter_mut().filter_map(|export| export.columns.as_mut());
    for part in columns.flatten().flatten() {
        if let ColumnPart::Own(wanted) = part
            && let Some(name) = find(wanted)
        {
            *wanted = name;
        }
    }
    // In a note type that cannot be read there may be a field of that name.
    if config.broken_note_types.is_empty() {
        let unknown = config.own_columns.iter().filter(|(name, _)| find(name).is_none());
        diagnostics.extend(unknown.map(|(name, span)| report_unknown_field(name, *span, &names)));
    }
}

fn report_unknown_field(wanted: &str, span: Span, own: &[&str]) -> Diagnostic {
    let known: Vec<&str> = Field::ALL.iter().map(|(name, _)| *name).collect();
    let help = match tree::similar(wanted, &[&known, own].concat()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if own.is_empty() => format!("expected one of `{}`", known.join("`, `")),
        None => {
            let own: BTreeSet<&str> = own.iter().copied().collect();
            let own: Vec<&str> = own.into_iter().collect();
            format!(
                "expected one of `{}`, or a field of a note type of your own: `{}`",
                known.join("`, `"),
                own.join("`, `")
            )
        }
    };
    Diagnostic::new(Code::InvalidConfig, span, format!("unknown value `{wanted}`")).help(help)
}
