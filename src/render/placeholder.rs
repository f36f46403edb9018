//! Control characters that stand for signs of an app until the text around them is escaped.
//!
//! ```text
//! \u{1}x^2\u{2} costs `\(`  →  \(x^2\) costs <code>&#92;(</code>
//! ```
//!
//! They cannot come from a source: [`remove_control`] takes control characters out of each text, as
//! Anki would.

use std::borrow::Cow;

/// What opens and closes a formula in a line.
pub(super) const INLINE_MATH: [char; 2] = ['\u{1}', '\u{2}'];

/// What opens and closes a formula on lines of its own.
pub(super) const DISPLAY_MATH: [char; 2] = ['\u{3}', '\u{4}'];

/// What opens a cloze, ends its number, stands before its hint, and closes it.
pub(crate) const CLOZE: [char; 4] = ['\u{5}', '\u{6}', '\u{7}', '\u{8}'];

/// What opens and closes `[sound:…]`.
pub(super) const SOUND: [char; 2] = ['\u{e}', '\u{f}'];

/// Removes control characters other than tab and newline.
pub(super) fn remove_control(text: &str) -> Cow<'_, str> {
    // Seen without a branch per byte, as there are hardly any.
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
