//! The braces at the end of a heading: `{#id .tag lang=de dir=rtl deck=A::B type="Word"}`, or
//! `{id=new}`.

use std::ops::Range;

use crate::config;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The attribute that makes a question a new one, whichever question of the lock it resembles.
pub(super) const NEW_ID: &str = "id=new";

/// The attribute that names the deck of one question.
const DECK: &str = "deck=";

/// The attribute that names a note type of the author's own.
pub(super) const NOTE_TYPE: &str = "type=";

/// An attribute of a heading and its place in the heading's text.
pub(super) type Attribute<'t> = (Range<usize>, &'t str);

/// Parses the attributes at the end of a heading, `{#id .tag lang=de}`, and returns the end of the
/// text before them, too. Braces with any other content are text.
pub(super) fn find(text: &str) -> Option<(usize, Vec<Attribute<'_>>)> {
    let inner = text.trim_end().strip_suffix('}')?;
    // A brace in quotes is part of a name.
    let mut is_in_quotes = false;
    let (open, _) = inner.char_indices().rev().find(|(_, c)| {
        is_in_quotes ^= *c == '"';
        *c == '{' && !is_in_quotes
    })?;
    let before = &text[..open];
    let is_apart = before.is_empty() || before.ends_with(char::is_whitespace);
    let is_attribute = |word: &str| {
        let named = word.starts_with(['#', '.']) && word.len() > 1;
        let is_setting = word.starts_with("lang=") || word.starts_with("dir=");
        let is_type = word.starts_with(NOTE_TYPE);
        let is_deck = word.strip_prefix(DECK).is_some_and(|name| !read_deck(name).is_empty());
        (named || is_setting || is_type || is_deck || word.starts_with("id="))
            && !word.contains('`')
    };
    let mut found = Vec::new();
    let mut at = open + 1;
    let mut is_quoted = false;
    let ends_word = |c: char| {
        is_quoted ^= c == '"';
        !is_quoted && c.is_whitespace()
    };
    for word in inner[open + 1..].split_inclusive(ends_word) {
        let name = word.trim_end();
        if !name.is_empty() {
            found.push((at..at + name.len(), name));
        }
        at += word.len();
    }
    let holds = is_apart && !found.is_empty() && found.iter().all(|(_, word)| is_attribute(word));
    holds.then(|| (without_closing(before).len(), found))
}

/// Returns the deck that an attribute names, by its levels; none if it is another attribute.
pub(super) fn find_deck(attribute: &str) -> Option<Vec<String>> {
    attribute.strip_prefix(DECK).map(read_deck)
}

fn read_deck(name: &str) -> Vec<String> {
    config::levels(name.trim_matches('"'))
}

/// Strips the closing `#`s of a heading: `### Q: Why? ### {#why}`.
fn without_closing(text: &str) -> &str {
    let text = text.trim_end();
    let open = text.trim_end_matches('#');
    if open.is_empty() || open.ends_with(char::is_whitespace) { open.trim_end() } else { text }
}

/// Returns whether a text can be an id.
pub(super) fn is_id(id: &str) -> bool {
    id.chars().all(|c| c.is_alphanumeric() || "-_.:".contains(c))
}

/// Reports a value of `id=` other than `new`.
pub(super) fn invalid_new_id(id: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::InvalidId, span, format!("`id={id}` is no attribute"))
        .help(format!("write `{{#{id}}}` for an id, or `{{id=new}}` for a question that is new"))
}

/// Reports an id that cannot be used.
pub(super) fn invalid_id(id: &str, span: Span, is_second: bool) -> Diagnostic {
    let message = if is_second { "a second id".to_owned() } else { format!("`{id}` is no id") };
    Diagnostic::new(Code::InvalidId, span, message)
        .help("a question has one id, made of letters, digits, `-`, `_`, `.` and `:`")
}
