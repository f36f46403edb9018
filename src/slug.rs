//! Names for files, tags and decks, made from titles.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

/// How many bytes a slug has at most.
const LONGEST: usize = 80;

/// Lower-case letters and digits of any script, with single dashes for all else.
///
/// At most 80 bytes long; empty if the title holds no letter or digit.
#[must_use]
pub fn slug(title: &str) -> String {
    // Most titles are composed of nothing.
    let composed: Cow<'_, str> =
        if title.is_ascii() { title.into() } else { title.nfc().collect::<String>().into() };
    let mut slug = String::with_capacity(title.len().min(LONGEST));
    for c in composed.chars().flat_map(char::to_lowercase) {
        if slug.len() + c.len_utf8() > LONGEST {
            break;
        }
        if c.is_alphanumeric() || is_mark(c) {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Returns the same in ASCII, other scripts transliterated.
#[must_use]
pub fn ascii(title: &str) -> String {
    slug(&deunicode::deunicode(title))
}

/// Returns a deck's name in Anki, its levels separated by `::`.
#[must_use]
pub fn deck_name(title: &str, topic: &[String]) -> String {
    let levels = std::iter::once(title).chain(topic.iter().map(String::as_str));
    levels.map(deck_level).collect::<Vec<_>>().join("::")
}

/// Returns a title as one level: `::` in it would make two, and a colon at its end would join the
/// next.
#[must_use]
pub fn deck_level(title: &str) -> String {
    let level = title.replace("::", "∷");
    let level = level.trim().trim_matches(':').trim();
    let level: String = level.chars().filter(|c| !c.is_control()).collect();
    if level.is_empty() { "blank".to_owned() } else { level }
}

/// The signs that stand for themselves in the path of a URL are the unreserved ones and `/`.
const RESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Returns a path as a part of a URL.
#[must_use]
pub fn percent_encode(path: &str) -> String {
    utf8_percent_encode(path, RESERVED).to_string()
}

/// Returns a part of a URL as a path; as it is if that is not UTF-8.
#[must_use]
pub fn percent_decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), Cow::into_owned)
}

/// Marks belong to the letter before them, as the vowels of Indic scripts do.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::{ascii, slug};

    #[test]
    fn slugs() {
        let check = |title, expect| assert_eq!(slug(title), expect);
        check("Agents & Tool Use", "agents-tool-use");
        check("  RAG (Retrieval-Augmented Generation) ", "rag-retrieval-augmented-generation");
        check("C++ / Rust", "c-rust");
        check("注意力", "注意力");
        check("हिन्दी", "हिन्दी");
        check("…", "");
        assert_eq!(ascii("Ünïcode 図"), "unicode-tu");
    }
}
