//! A text as words, blanks and single signs, and the spellings that Markdown reads alike.

use std::borrow::Cow;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::entities::decode_first;

/// A text in words, blanks, and single signs.
pub(super) struct Text<'t> {
    source: &'t str,
    pub(super) words: Vec<&'t str>,
    /// Where each begins, and where the text ends.
    places: Vec<usize>,
    /// Where the line of each begins.
    lines: Vec<usize>,
}

impl<'t> Text<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self::within(text, 0..text.len())
    }

    /// Returns the same of a part of a text.
    pub(super) fn within(text: &'t str, part: Range<usize>) -> Self {
        let (mut words, mut places, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        let mut at = part.start;
        let mut line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        while at < part.end {
            let word = &text[at..at + measure(&text[at..part.end])];
            words.push(word);
            places.push(at);
            lines.push(line);
            line = word.rfind('\n').map_or(line, |end| at + end + 1);
            at += word.len();
        }
        places.push(at);
        Self { source: text, words, places, lines }
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    pub(super) fn place(&self, word: usize) -> usize {
        self.places[word]
    }

    pub(super) fn slice(&self, words: Range<usize>) -> &'t str {
        &self.source[self.places[words.start]..self.places[words.end]]
    }

    /// Returns the text before a word in its line.
    pub(super) fn line_before(&self, word: usize) -> &'t str {
        &self.source[self.lines[word]..self.places[word]]
    }

    /// Returns the words in one spelling for those that Markdown reads alike.
    pub(super) fn folded(&self) -> Vec<Cow<'t, str>> {
        self.words.iter().map(|word| fold(word)).collect()
    }
}

/// Returns the length of the first word of a text.
fn measure(text: &str) -> usize {
    let Some(first) = text.chars().next() else { return 0 };
    let blanks = measure_blanks(text);
    if blanks > 0 {
        blanks
    } else if first.is_alphanumeric() {
        text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())
    } else {
        decode_first(text).map_or(first.len_utf8(), |(_, length)| length)
    }
}

/// Returns the length of the blanks that a text begins with, the hard ones among them, and breaks of
/// lines with their backslash.
fn measure_blanks(text: &str) -> usize {
    let mut length = 0;
    loop {
        let rest = &text[length..];
        let next = rest.chars().next().unwrap_or_default();
        length += if is_blank(next) || next == HARD {
            next.len_utf8()
        } else if rest.starts_with("\\\n") || rest.starts_with("\\\r\n") {
            1
        } else if let Some((_, length)) = decode_first(rest).filter(|(c, _)| *c == HARD_TEXT) {
            length
        } else {
            return length;
        };
    }
}

const HARD: char = '\u{a0}';
const HARD_TEXT: &str = "\u{a0}";

pub(super) fn is_blank(c: char) -> bool {
    [' ', '\t', '\r', '\n'].contains(&c)
}

/// Returns the one spelling for all that Markdown reads alike.
fn fold(word: &str) -> Cow<'_, str> {
    if word == "_" {
        return "*".into();
    }
    if measure_blanks(word) == 0 {
        return decode_first(word).map_or(word.into(), |(characters, _)| characters);
    }
    let decoded = crate::entities::decode(word);
    let hard = decoded.matches(HARD).count();
    match word.matches('\n').count() {
        _ if hard > 1 => HARD_TEXT.repeat(hard).into(),
        1 if word.starts_with('\\') || word.starts_with("  ") => "\\\n".into(),
        0 | 1 => " ".into(),
        _ => "\n\n".into(),
    }
}

/// Returns where each word of a text stands in another, if it does.
pub(super) fn matches<T: Eq + std::hash::Hash + Ord>(one: &[T], other: &[T]) -> Vec<Option<usize>> {
    let mut found = vec![None; one.len()];
    for op in capture_diff_slices(Algorithm::Myers, one, other) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            for at in 0..len {
                found[old_index + at] = Some(new_index + at);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn words_blanks_and_signs() {
        let check = |text: &str, expect: &[&str]| assert_eq!(Text::of(text).words, expect);
        check("a b_c, d", &["a", " ", "b", "_", "c", ",", " ", "d"]);
        check("5&nbsp;km &copy;&x", &["5", "&nbsp;", "km", " ", "&copy;", "&", "x"]);
        check("a\\\n  b\\*", &["a", "\\\n  ", "b", "\\", "*"]);
        check("a &#160; b", &["a", " &#160; ", "b"]);
    }

    #[test]
    fn spellings_are_folded() {
        let check = |one: &str, other: &str| {
            assert_eq!(Text::of(one).folded(), Text::of(other).folded(), "{one:?}");
        };
        check("__a__\n b", "**a** b");
        check("5&nbsp;km", "5 km");
        check("5&nbsp;&nbsp;km", "5\u{a0}\u{a0}km");
        check("a  \nb", "a\\\nb");
        check("&copy; &amp;", "© &");
        check("a\n\n\nb", "a\n\nb");
    }
}
