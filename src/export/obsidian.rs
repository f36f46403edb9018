//! Obsidian's own syntax, which holds for every plugin.

use std::collections::{BTreeMap, BTreeSet};

use super::app_markdown::EmbeddedFile;
use crate::identity::Note;

/// Returns whether Obsidian would read a tag, a formula, a comment, a link to a note or the name of
/// a block here.
pub(super) fn is_sign(before: Option<char>, rest: &str) -> bool {
    let is_apart = before.is_none_or(char::is_whitespace);
    let next = rest.chars().nth(1);
    let is_tag = rest.starts_with('#') && next.is_some_and(|c| !c.is_whitespace());
    let is_name = rest.starts_with('^') && next.is_some_and(char::is_alphanumeric) && is_apart;
    is_tag || is_name || ["$", "%%", "[[", COMMAND].iter().any(|sign| rest.starts_with(sign))
}

/// The sign that opens a command of the plugin Templater, which runs it anywhere in a new note.
pub(super) const COMMAND: &str = "<%";

/// Returns whether the plugin Dataview would run code, inline or in a block (`src/main.ts`,
/// `inlineQueryPrefix`).
pub(super) fn opens_program(code: &str) -> bool {
    code.starts_with('=') || code.starts_with("$=")
}

/// Returns a valid Obsidian tag: letters, digits, dashes and slashes, but not digits alone.
pub(super) fn tag(name: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "_-/".contains(c);
    let levels = name.replace("::", "/");
    let tag: String = levels.chars().map(|c| if is_part(c) { c } else { '-' }).collect();
    if tag.chars().all(|c| c.is_ascii_digit()) { format!("{tag}_") } else { tag }
}

/// Returns the tags that all questions of a page share.
pub(super) fn common_tags(notes: &[&Note<'_>]) -> Vec<String> {
    let Some(first) = notes.first() else { return Vec::new() };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in notes.iter().flat_map(|note| &note.question.tags) {
        *counts.entry(name).or_default() += 1;
    }
    let is_common = |name: &&String| counts.get(name.as_str()) == Some(&notes.len());
    first.question.tags.iter().filter(is_common).map(|name| tag(name)).collect()
}

/// Returns the other tags of a question, as one line.
pub(super) fn own_tags(note: &Note<'_>, common: &[String]) -> String {
    let common: BTreeSet<&String> = common.iter().collect();
    let tags = note.question.tags.iter().map(|name| tag(name));
    let own = tags.filter(|tag| !common.contains(tag)).map(|tag| format!("#{tag}"));
    own.collect::<Vec<_>>().join(" ")
}

/// Writes an embedded file with its size, in double brackets if the author did. These hold no
/// Markdown, so a description with signs of Markdown stands between others.
pub(super) fn embed(file: &EmbeddedFile<'_>) -> String {
    let EmbeddedFile { alt, target, size, is_embed, is_cell } = *file;
    let bar = if is_cell { "\\|" } else { "|" };
    let is_plain = |c: char| c.is_alphanumeric() || " ,.-_".contains(c);
    let name = target.strip_prefix("media/").filter(|_| is_embed && alt.chars().all(is_plain));
    let size = if size.is_empty() { String::new() } else { format!("{bar}{size}") };
    match name {
        Some(name) if alt.is_empty() => format!("![[{name}{size}]]"),
        Some(name) => format!("![[{name}{bar}{alt}{size}]]"),
        None => format!("![{alt}{size}]({target})"),
    }
}

/// Returns whether a file has one of the extensions that a plugin sends to Anki.
pub(super) fn is_sent(target: &str, endings: &[&str]) -> bool {
    let file = target.split(['?', '#']).next().unwrap_or_default();
    let ending = crate::media::extension(file).unwrap_or_default();
    endings.iter().any(|known| ending.eq_ignore_ascii_case(known))
}
