//! Formulas as Mnemosyne has them, whose LaTeX draws what stands between `<$>` and `</$>`
//! (`libmnemosyne/filters/latex.py`).
//!
//! It takes the text between these as it is, so that no entity may be in it; and a file that it
//! imports has a line for each card.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::placeholder::{DISPLAY_MATH, INLINE_MATH};
use super::sanitize_tex;
use crate::markdown::html;

/// Puts the delimiters into a finished piece of HTML, and composes characters.
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

/// TeX that ends neither its line nor itself, and has nothing that an import would read.
fn drawn(tex: &str) -> String {
    let tex: Cow<'_, str> = html::value(tex);
    sanitize_tex::in_a_line(&tex).replace("</$", "< /$").replace("&#", "& #")
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
