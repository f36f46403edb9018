//! Folds texts, so that those that look alike are equal.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Folds white space, and composes characters as Anki does (NFC).
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_folded(&mut out, text.trim());
    out
}

/// Adds text to a text, with white space folded and characters composed.
pub fn push_folded(out: &mut String, text: &str) {
    if is_folded(text) && !(out.ends_with(' ') && text.starts_with(' ')) {
        out.push_str(text);
        return;
    }
    let text = composed(text);
    let mut was_space = out.ends_with(' ');
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        let is_space = c.is_whitespace();
        if is_space && (was_space || c != ' ') {
            out.push_str(&text[copied..at]);
            if !was_space {
                out.push(' ');
            }
            copied = at + c.len_utf8();
        }
        was_space = is_space;
    }
    out.push_str(&text[copied..]);
}

/// Returns whether a text is ASCII without white space but single spaces; tested without a branch
/// for each byte.
fn is_folded(text: &str) -> bool {
    let bytes = text.as_bytes();
    let are_shown = bytes.iter().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'));
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    are_shown && pairs.fold(true, |all, pair| all & !matches!(pair, (b' ', b' ')))
}

/// Normalizes a text to NFC, as Anki does.
#[must_use]
pub fn composed(text: &str) -> Cow<'_, str> {
    let is_composed = text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes;
    if is_composed { text.into() } else { text.nfc().collect::<String>().into() }
}
