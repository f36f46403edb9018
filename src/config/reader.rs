//! Values of the kinds that settings have.

use std::collections::BTreeMap;

use super::tree::{self, Entry, Node, Value};
use super::{CardKindOverrides, bad_name, invalid_tag, levels, read_tag};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{CardKind, Convention};
use crate::source::Span;

/// Reads values of the kinds that settings have, and complains about others.
pub(super) struct Reader<'d> {
    pub(super) diagnostics: &'d mut Vec<Diagnostic>,
}

impl Reader<'_> {
    pub(super) fn complain(&mut self, span: Span, message: String) {
        self.diagnostics.push(Diagnostic::new(Code::InvalidConfig, span, message));
    }

    pub(super) fn string(&mut self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Scalar(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            // A bare YAML key, as templates have them.
            Value::Null => None,
            _ => {
                self.complain(node.span, "expected a text that is not empty".to_owned());
                None
            }
        }
    }

    /// Returns a text that may be empty, or nothing but space.
    pub(super) fn text(&mut self, node: &Node) -> Option<String> {
        let Value::Scalar(text) = &node.value else {
            self.complain(node.span, "expected a text".to_owned());
            return None;
        };
        Some(text.clone())
    }

    pub(super) fn truth(&mut self, node: &Node) -> Option<bool> {
        self.choice(node, &[("true", true), ("false", false)])
    }

    pub(super) fn strings(&mut self, node: &Node) -> Vec<(String, Span)> {
        match &node.value {
            Value::Null => Vec::new(),
            Value::List(nodes) => {
                nodes.iter().filter_map(|node| Some((self.string(node)?, node.span))).collect()
            }
            Value::Scalar(_) => {
                self.string(node).map(|text| (text, node.span)).into_iter().collect()
            }
            Value::Table(_) => {
                self.complain(node.span, "expected a list of texts".to_owned());
                Vec::new()
            }
        }
    }

    pub(super) fn lang(&mut self, lang: &str, span: Span) -> Option<String> {
        let is_sign = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        let is_tag = !lang.is_empty() && lang.chars().all(is_sign);
        if !is_tag {
            let message = format!("`{lang}` is no language");
            let problem = Diagnostic::new(Code::InvalidConfig, span, message)
                .help("a language is a tag such as `en` or `pt-BR`");
            self.diagnostics.push(problem);
        }
        is_tag.then(|| lang.to_owned())
    }

    /// `reverse = true`, or `key_points = "recall"`.
    pub(super) fn wish(&mut self, key: &str, node: &Node, wishes: &mut CardKindOverrides) {
        let (kind, choices) = match key {
            "reverse" => (CardKind::Reverse, [("true", true), ("false", false)]),
            _ => (CardKind::Recall, [("recall", true), ("list", false)]),
        };
        if let Some(wish) = self.choice(node, &choices) {
            wishes.insert(kind, wish);
        }
    }

    pub(super) fn source_url(&mut self, node: &Node) -> Option<String> {
        let url = self.string(node)?;
        let without = url.replace("{path}", "").replace("{line}", "");
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        let problem = if !is_web {
            "a source is read in a browser: begin with `https://`"
        } else if !url.contains("{path}") || without.contains(['{', '}']) {
            "it holds `{path}`, and `{line}` where wanted, but no other braces"
        } else {
            return Some(url);
        };
        let message = format!("`{url}` leads to no source");
        self.diagnostics
            .push(Diagnostic::new(Code::InvalidConfig, node.span, message).help(problem));
        None
    }

    /// One convention or several; `auto` is none.
    pub(super) fn conventions(&mut self, node: &Node) -> Vec<Convention> {
        let auto = [("auto", None)].into_iter();
        let known = Convention::ALL.iter().map(|&(name, known)| (name, Some(known)));
        let choices: Vec<_> = auto.chain(known).collect();
        self.choices(node, &choices).into_iter().flatten().collect()
    }

    /// A note type, or a table of note types by folder.
    pub(super) fn note_type(&mut self, node: &Node) -> Vec<(String, String, Span)> {
        let Value::Table(entries) = &node.value else {
            let name = self.string(node).map(|name| (String::new(), name, node.span));
            return name.into_iter().collect();
        };
        let folder = |key: &str| key.trim_start_matches("./").trim_matches('/').to_owned();
        let named = entries.iter().filter_map(|Entry { key, node, .. }| {
            Some((folder(key), self.string(node)?, node.span))
        });
        named.collect()
    }

    /// Words that are compared in lower case, without the colon that follows them.
    pub(super) fn words(&mut self, node: &Node) -> Vec<String> {
        let strings = self.strings(node).into_iter();
        let words =
            strings.map(|(text, _)| text.trim_end_matches([':', '：']).trim().to_lowercase());
        words.filter(|word| !word.is_empty()).collect()
    }

    pub(super) fn emoji_tags(&mut self, node: &Node) -> BTreeMap<String, Vec<String>> {
        let Value::Table(entries) = &node.value else {
            self.complain(node.span, "expected a table, as in `[emoji_tags]`".to_owned());
            return BTreeMap::new();
        };
        let mut tags = BTreeMap::new();
        for Entry { key, node, .. } in entries {
            // Whether a picture is coloured makes no other picture of it.
            let emoji = key.trim().trim_end_matches('\u{fe0f}').to_owned();
            if !emoji.is_empty() {
                tags.insert(emoji, self.tags(node));
            }
        }
        tags
    }

    /// Levels of decks, in a list or between `::`.
    pub(super) fn path(&mut self, node: &Node) -> Vec<String> {
        self.strings(node).iter().flat_map(|(text, _)| levels(text)).collect()
    }

    /// Tags in a list, or in one text between spaces or commas.
    pub(super) fn tags(&mut self, node: &Node) -> Vec<String> {
        let mut tags = Vec::new();
        for (text, span) in self.strings(node) {
            let is_list = matches!(node.value, Value::List(_));
            let parts: Vec<&str> = if is_list {
                vec![&text]
            } else {
                text.split([' ', ',']).filter(|part| !part.is_empty()).collect()
            };
            for part in parts {
                let (tag, is_changed) = read_tag(part);
                if is_changed {
                    self.diagnostics.push(invalid_tag(span, part, &tag));
                }
                tags.push(tag);
            }
        }
        tags
    }

    pub(super) fn choice<T: Copy>(&mut self, node: &Node, choices: &[(&str, T)]) -> Option<T> {
        let text = self.string(node)?;
        self.chosen(&text, node.span, choices)
    }

    pub(super) fn chosen<T: Copy>(
        &mut self,
        text: &str,
        span: Span,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let found = choices.iter().find(|(name, _)| *name == text).map(|&(_, value)| value);
        if found.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let message = format!("unknown value `{text}`");
            let help = match tree::similar(text, &names) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("expected one of `{}`", names.join("`, `")),
            };
            let problem = Diagnostic::new(Code::InvalidConfig, span, message).help(help);
            self.diagnostics.push(problem);
        }
        found
    }

    pub(super) fn choices<T: Copy>(&mut self, node: &Node, choices: &[(&str, T)]) -> Vec<T> {
        match &node.value {
            Value::List(nodes) => {
                nodes.iter().filter_map(|node| self.choice(node, choices)).collect()
            }
            _ => self.choice(node, choices).into_iter().collect(),
        }
    }

    pub(super) fn table(
        &mut self,
        node: &Node,
        prefix: &str,
        keys: &[&str],
        mut read: impl FnMut(&mut Self, &str, &Node),
    ) {
        let Value::Table(entries) = &node.value else {
            let name = prefix.trim_end_matches('.');
            self.complain(node.span, format!("expected a table, as in `[{name}]`"));
            return;
        };
        for Entry { key, span, node } in entries {
            if keys.contains(&key.as_str()) {
                read(self, key, node);
            } else {
                self.unknown(key, *span, keys);
            }
        }
    }

    pub(super) fn file_name(&mut self, name: &str, node: &Node) -> bool {
        let problem = bad_name(name);
        if let Some(why) = problem {
            let message = format!("`{name}` cannot be the name of the outputs");
            self.diagnostics
                .push(Diagnostic::new(Code::InvalidConfig, node.span, message).help(why));
        }
        problem.is_none()
    }

    pub(super) fn unknown(&mut self, key: &str, span: Span, keys: &[&str]) {
        let message = format!("unknown key `{key}`");
        let help = match tree::similar(key, keys) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("the keys here are `{}`", keys.join("`, `")),
        };
        let problem = Diagnostic::new(Code::UnknownKey, span, message)
            .label("this setting does nothing")
            .help(help);
        self.diagnostics.push(problem);
    }
}
