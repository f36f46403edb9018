//! What a line of Markdown is: a heading, a row of a table, a field, and what stands before it; and
//! which words are tags.

use std::ops::Range;

use super::syntax::is_key;
use crate::parse::convention::{hashes, marker};
use crate::source::Version;

/// What stands before the text of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Prefix {
    /// Its width in bytes.
    pub(super) width: usize,
    /// What must stand before the next lines, so that they are in the same quote or item.
    pub(super) below: String,
    /// Whether an item of a list begins here.
    pub(super) is_item: bool,
}

impl Prefix {
    /// Reads the beginning of a line.
    pub(super) fn of(line: &str) -> Self {
        let mut below = String::new();
        let mut rest = line;
        let mut is_item = false;
        loop {
            if let Some(after) = rest.strip_prefix([' ', '\t', '>']) {
                below.push_str(&rest[..1]);
                rest = after;
            } else if let Some(width) = marker(rest).filter(|width| *width < rest.len()) {
                below.push_str(&" ".repeat(width));
                rest = &rest[width..];
                is_item = true;
            } else {
                return Self { width: line.len() - rest.len(), below, is_item };
            }
        }
    }
}

/// Returns whether a line is a heading.
pub(super) fn is_heading(line: &str) -> bool {
    hashes(line).is_some()
}

/// Returns whether a line is a row of a table.
pub(super) fn is_table(line: &str) -> bool {
    let shown = line.trim_start_matches([' ', '\t', '>']);
    shown.starts_with('|') || (shown.contains(" | ") && !shown.contains("[["))
}

/// Returns whether a line is a field: `key:: value`, also in bold or as an item.
pub(super) fn is_field(line: &str) -> bool {
    let prefix = Prefix::of(line);
    let shown = &line[prefix.width..];
    let Some((key, value)) = shown.split_once("::") else { return false };
    let is_bold = |mark: &str| key.starts_with(mark) && value.starts_with(mark);
    let value =
        ["**", "__"].iter().find(|mark| is_bold(mark)).map_or(value, |mark| &value[mark.len()..]);
    is_key(key)
        && !key.ends_with(' ')
        && !value.starts_with(':')
        && (value.is_empty() || value.starts_with([' ', '\t']))
}

/// Returns whether a text is more than a line of a paragraph.
pub(super) fn opens_block(text: &str) -> bool {
    let shown = text.trim_start();
    shown.starts_with(['>', '|', '#'])
        || shown.starts_with("```")
        || shown.starts_with("~~~")
        || shown.starts_with("![")
        || marker(shown).is_some()
}

/// Returns whether nothing else stands on the line of a range, but what makes it a quote or an item.
pub(super) fn is_alone(text: &str, range: &Range<usize>) -> bool {
    let start = text[..range.start].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    Prefix::of(line).width == range.start - start
        && text[range.end..start + line.len()].trim().is_empty()
}

/// Returns whether the last line of a text is blank.
pub(super) fn ends_with_blank_line(text: &str) -> bool {
    let line = text.strip_suffix('\n').unwrap_or(text).rsplit('\n').next().unwrap_or_default();
    line.trim_matches([' ', '\t', '>']).is_empty()
}

/// Returns a version without blank lines at its ends.
pub(super) fn trim(version: &Version) -> Version {
    let text = &version.text;
    let end = text.trim_end().len();
    let blank = text[..end].len() - text[..end].trim_start().len();
    let start = text[..blank].rfind('\n').map_or(0, |newline| newline + 1);
    let mut trimmed = Version::default();
    trimmed.append(version, start..end.max(start));
    trimmed
}

/// Returns a text in one line, without the sign of a heading or an item before it.
pub(super) fn join_lines(version: &Version, between: &str) -> Version {
    let mut joined = Version::default();
    let mut at = 0;
    let is_one = !version.text.contains('\n');
    for line in version.text.split_inclusive('\n') {
        let mut shown = line.trim_start().trim_start_matches('#').trim_start();
        if is_one {
            shown = &shown[marker(shown).unwrap_or_default()..];
        }
        let start = at + line.len() - shown.len();
        let inner = start..start + shown.trim_end().len();
        at += line.len();
        if inner.is_empty() {
            continue;
        }
        if !joined.text.is_empty() {
            joined.push(between);
        }
        joined.append(version, inner);
    }
    joined
}

/// Returns whether a word is a tag of Obsidian.
pub(super) fn is_tag(word: &str) -> bool {
    let name = word.strip_prefix('#').unwrap_or_default();
    let is_part =
        |c: char| c.is_alphanumeric() || "_-/".contains(c) || (!c.is_ascii() && !c.is_whitespace());
    !name.is_empty() && name.chars().all(is_part) && !name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a tag tells a plugin where the cards are, and which deck they are in.
pub(super) fn is_deck(word: &str) -> bool {
    let first = word.strip_prefix('#').unwrap_or_default().split('/').next().unwrap_or_default();
    is_tag(word) && ["flashcards", "flashcard"].contains(&first.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::{Prefix, is_field};

    #[test]
    fn lines_have_prefixes() {
        let check = |line: &str, width, below: &str| {
            let prefix = Prefix::of(line);
            assert_eq!((prefix.width, &*prefix.below), (width, below), "{line}");
        };
        check("text", 0, "");
        check("  - text", 4, "    ");
        check("> 1. text", 5, ">    ");
        check("> > text", 4, "> > ");
    }

    #[test]
    fn fields_have_keys() {
        for line in
            ["key:: value", "- **Two words**:: value", "due::", "> a-b:: c", "**Focus::** x"]
        {
            assert!(is_field(line), "{line}");
        }
        for line in [
            "a::b",
            "std::move",
            "What is it? :: That",
            "a :: b",
            "long key of words:: x",
            "a::: b",
        ] {
            assert!(!is_field(line), "{line}");
        }
    }
}
