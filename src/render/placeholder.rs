//! Placeholders: control characters that stand for an app's delimiters until the text around them
//! is escaped.
//!
//! ```text
//! \u{1}x^2\u{2} costs `\(`  →  \(x^2\) costs <code>&#92;(</code>
//! ```
//!
//! A source cannot contain them, as [`remove_control`] removes control characters from each text,
//! as Anki would.

use std::borrow::Cow;

/// Open and close an inline formula.
pub(super) const INLINE_MATH: [char; 2] = ['\u{1}', '\u{2}'];

/// Open and close display math.
pub(super) const DISPLAY_MATH: [char; 2] = ['\u{3}', '\u{4}'];

/// Open a cloze, end its number, begin its hint, and close it.
pub(crate) const CLOZE: [char; 4] = ['\u{5}', '\u{6}', '\u{7}', '\u{8}'];

/// Open and close `[sound:…]`.
pub(super) const SOUND: [char; 2] = ['\u{e}', '\u{f}'];

/// Open a link to a note of the vault, before its target, and close it.
pub(super) const VAULT_LINK: [char; 2] = ['\u{10}', '\u{11}'];

/// Removes control characters other than tab and newline.
pub(super) fn remove_control(text: &str) -> Cow<'_, str> {
    // Control characters are rare, so all bytes are tested without a branch for each.
    if text.bytes().fold(false, |any, byte| any | is_control(byte.into())) {
        Cow::Owned(text.chars().filter(|&c| !is_control(c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Returns whether a character is a control character other than tab and newline.
pub(super) fn is_control(c: char) -> bool {
    c.is_ascii_control() && c != '\n' && c != '\t'
}
