//! Readings behind words, `漢字[かんじ]`, as the filter `furigana` shows them.

use super::piece::{Piece, Styled};
use super::style::Style;

/// Splits a text into its words with readings, as ruby, and the texts between them.
pub(super) fn read(text: &str, styles: &[Style]) -> Vec<Styled> {
    let mut out = Vec::new();
    let mut push = |styles: &[Style], text: &str| {
        if !text.is_empty() {
            out.push((styles.to_vec(), Piece::Text(text.to_owned())));
        }
    };
    let element = |name| Style::Element { name, attributes: String::new() };
    let mut rest = text;
    while let Some((word, reading, length)) = find(rest) {
        let before = &rest[..word.0];
        push(styles, before.strip_suffix(' ').unwrap_or(before));
        let ruby: Vec<Style> = styles.iter().cloned().chain([element("ruby")]).collect();
        push(&ruby, &rest[word.0..word.1]);
        let with_reading: Vec<Style> = ruby.into_iter().chain([element("rt")]).collect();
        push(&with_reading, reading);
        rest = &rest[length..];
    }
    push(styles, rest);
    out
}

/// Finds the first word with a reading: its place, the reading, and where that ends.
fn find(text: &str) -> Option<((usize, usize), &str, usize)> {
    let mut from = 0;
    loop {
        let open = from + text[from..].find('[')?;
        let close = open + text[open..].find(']')?;
        let start = text[..open]
            .rfind([' ', '>', '\n', '\u{a0}'])
            .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        if start < open && close > open + 1 && start >= from {
            return Some(((start, open), &text[open + 1..close], close + 1));
        }
        from = close + 1;
    }
}
