//! The sign that an option of a multiple-choice question begins with: a box or a letter.

use super::document::marker;

/// The beginning of an option: a box (`true` if ticked) or a letter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Box(bool),
    Round(bool),
    Letter(char),
}

/// Parses the beginning of an option.
pub(super) fn parse_sign(snippet: &str) -> Option<Sign> {
    // `-[ ]` is meant for a box, too.
    let width = marker(snippet).or_else(|| snippet.starts_with("-[").then_some(1));
    let rest = &snippet[width.unwrap_or_default()..];
    if width.is_some()
        && let Some(inner) = rest.strip_prefix('[')
    {
        return parse_box(inner, ']').map(Sign::Box);
    }
    let round = rest.strip_prefix('(').filter(|_| width.is_some());
    if let Some(is_right) = round.and_then(|inner| parse_box(inner, ')')) {
        return Some(Sign::Round(is_right));
    }
    parse_letter(rest).map(Sign::Letter)
}

/// Parses the rest of a box behind its opening bracket: `x]`. Returns whether it is ticked.
fn parse_box(inner: &str, close: char) -> Option<bool> {
    if close == ']' && inner.starts_with("] ") {
        return Some(false);
    }
    let after = inner.get(1..)?.strip_prefix(close)?;
    let is_apart = after.is_empty() || after.starts_with([' ', '\t']);
    match inner.as_bytes()[0] {
        b' ' if is_apart => Some(false),
        b'x' | b'X' if is_apart => Some(true),
        _ => None,
    }
}

/// Parses the letter of an option, from `A` to `J`: `A.`, `(b)`, `**C:**`.
pub(super) fn parse_letter(text: &str) -> Option<char> {
    let rest = text.trim_start_matches(['*', '_', '`']);
    let opened = rest.strip_prefix('(').unwrap_or(rest);
    let letter = opened.chars().next().filter(char::is_ascii_alphabetic)?;
    let after = opened[1..].trim_start_matches(['*', '_', '`']);
    let behind = after.strip_prefix(['.', ')', ':'])?.trim_start_matches(['*', '_']);
    let is_apart = behind.starts_with([' ', '\t', '`', '$']);
    let letter = letter.to_ascii_uppercase();
    (is_apart && letter <= 'J').then_some(letter)
}
