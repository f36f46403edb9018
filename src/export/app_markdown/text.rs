//! Escapes plain texts: what Markdown or the app would read in them.

use super::signs::{entity, entity_width};
use super::{Room, Rules};
use crate::render::tree::Inline;

/// Where a text stands.
pub(super) struct TextPlace<'p> {
    /// What is written before it in its block.
    pub(super) before: &'p str,
    /// The node behind it.
    pub(super) next: Option<&'p Inline>,
    /// The room that it has.
    pub(super) room: Room,
    /// Whether it is the text of a link, in which brackets are escaped.
    pub(super) is_link: bool,
}

/// Returns a text in which Markdown and the app read nothing but the text.
pub(super) fn escape_text(rules: &Rules, text: &str, place: &TextPlace<'_>) -> String {
    let opens_line = place.before.is_empty() || place.before.ends_with('\n');
    let text = if opens_line { text.trim_start() } else { text };
    let opened =
        if opens_line && place.room == Room::Lines { find_opener(text, place.next) } else { None };
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = place.before.chars().next_back();
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        let next = rest.chars().nth(1);
        if c == '`' || (rules.is_sign)(before, rest) {
            out.push_str(&escape_sign(rules, c));
        } else if opened == Some(at) || is_markup(c, before, next, rest, place) {
            out.push_str(&escape(rules, c));
        } else {
            out.push(c);
        }
        before = Some(c);
    }
    out
}

/// Returns a sign that Markdown must not read. A backtick behind a backslash may open code in an
/// app.
fn escape(rules: &Rules, c: char) -> String {
    if c != '`' && (rules.escapes)(c) { format!("\\{c}") } else { entity(c) }
}

/// Returns a sign that the app must not read.
fn escape_sign(rules: &Rules, c: char) -> String {
    if c != '`' && rules.has_escaped_signs { format!("\\{c}") } else { entity(c) }
}

/// Returns whether Markdown would read a sign within a line.
fn is_markup(
    c: char,
    before: Option<char>,
    next: Option<char>,
    rest: &str,
    place: &TextPlace<'_>,
) -> bool {
    let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_loose = is_space(before) && is_space(next) && (next.is_some() || place.next.is_none());
    match c {
        '\\' => next.is_none_or(|next| next.is_ascii_punctuation()),
        '*' => !is_loose,
        '_' => !(is_loose || (is_word(before) && is_word(next))),
        '~' => next == Some('~') || !is_space(before),
        '[' => place.is_link || next == Some('^'),
        ']' => place.is_link || next == Some('('),
        '!' => next.is_none() && matches!(place.next, Some(Inline::Link(..))),
        '<' => next.is_some_and(|next| next.is_ascii_alphabetic() || "/!?".contains(next)),
        '&' => entity_width(rest).is_some(),
        '|' => place.room == Room::Cell,
        _ => false,
    }
}

/// Returns the place of the sign by which a line would open another block than a paragraph.
fn find_opener(text: &str, next: Option<&Inline>) -> Option<usize> {
    let is_end = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let is_checkbox = ["[ ] ", "[x] ", "[X] "].iter().any(|mark| text.starts_with(mark));
    let first = text.chars().next()?;
    let is_all = |c: char| {
        let is_line = next.is_none_or(|next| matches!(next, Inline::SoftBreak | Inline::Break));
        is_line && text.chars().all(|other| other == c || other == ' ')
    };
    let is_opener = match first {
        '#' => is_end(text.trim_start_matches('#')),
        '>' => true,
        '-' | '+' | '*' => is_end(&text[1..]) || is_all(first),
        '_' | '=' => is_all(first),
        '[' => is_checkbox,
        '0'..='9' => {
            let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
            let at = text.len() - rest.len();
            let is_number = at < 10 && rest.starts_with(['.', ')']) && is_end(&rest[1..]);
            return is_number.then_some(at);
        }
        _ => false,
    };
    is_opener.then_some(0)
}
