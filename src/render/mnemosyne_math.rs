//! Writes formulas for Mnemosyne, which typesets the text between `<$>` and `</$>` with LaTeX
//! (`libmnemosyne/filters/latex.py`).
//!
//! Mnemosyne takes this text literally, so it may not contain entities; and in a file to import a
//! line is a card, so it must be one line.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::placeholder::{DISPLAY_MATH, INLINE_MATH};
use super::sanitize_tex;
use crate::entities;

/// Replaces the placeholders in a finished piece of HTML by delimiters; normalizes it to NFC.
pub(super) fn finish(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, math)) = rest.split_once([INLINE_MATH[0], DISPLAY_MATH[0]]) {
        let is_display = rest[before.len()..].starts_with(DISPLAY_MATH[0]);
        let sign = if is_display { "$$" } else { "$" };
        let (tex, after) = math.split_once([INLINE_MATH[1], DISPLAY_MATH[1]]).unwrap_or((math, ""));
        out.push_str(before);
        out.push_str(&format!("<{sign}>{}</{sign}>", drawn(tex)));
        rest = after;
    }
    (out + rest).nfc().collect()
}

/// Writes TeX as one line, without anything that ends it early or that the import decodes.
fn drawn(tex: &str) -> String {
    let tex: Cow<'_, str> = entities::decode(tex);
    sanitize_tex::join_lines(&tex).replace("</$", "< /$").replace("&#", "& #")
}

#[cfg(test)]
mod tests {
    use super::finish;

    #[test]
    fn formulas_are_drawn() {
        let check = |html, expect| assert_eq!(finish(html), expect);
        check("a \u{1}x &lt; y &amp; z\u{2}", "a <$>x < y & z</$>");
        check(
            "\u{3}\na % b\n\\% c\n\u{4} d \u{1}</$>&amp;#\u{2}",
            "<$$>a \\% c</$$> d <$>< /$>& #</$>",
        );
        check("\\(e\u{301}\\) [sound:x]", "\\(é\\) [sound:x]");
    }
}
