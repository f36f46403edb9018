//! Tags as they are written in content.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::CardKind;
use crate::source::Span;

/// Says that a tag had to be changed.
#[must_use]
pub fn invalid_tag(span: Span, written: &str, tag: &str) -> Diagnostic {
    let message = format!("`{written}` cannot be a tag; it is written as `{tag}`");
    Diagnostic::new(Code::InvalidTag, span, message)
        .help("tags hold no spaces, commas, quotes, braces or empty levels; in double quotes, a tag is taken as it is")
}

/// Returns a tag as Anki and a heading attribute can hold it; levels that are written as in
/// Obsidian, `a/b`, are Anki's.
#[must_use]
pub fn clean_tag(text: &str) -> String {
    let text = text.trim().trim_start_matches('#').replace('/', "::");
    let clean = |c: char| {
        if c.is_whitespace() || c.is_control() || "{}\"'`,".contains(c) { '-' } else { c }
    };
    let text: String = text.chars().map(clean).collect();
    // An empty level would become one that is called `blank`.
    let levels = text.split("::").map(|level| level.trim_matches(':'));
    levels.filter(|level| !level.is_empty()).collect::<Vec<_>>().join("::")
}

/// Reads a tag: in double quotes it is one of Anki as it is, and else as `clean_tag` makes it.
/// Returns whether it had to be changed, too.
#[must_use]
pub fn read_tag(written: &str) -> (String, bool) {
    if let Some(exact) = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        let tag: String = exact.chars().map(|c| if is_no_tag(c) { '-' } else { c }).collect();
        let is_changed = tag != exact;
        return (tag, is_changed);
    }
    let tag = clean_tag(written);
    let is_changed = tag != written.trim_start_matches('#').replace('/', "::");
    (tag, is_changed)
}

/// Writes a tag as `read_tag` reads it.
#[must_use]
pub fn write_tag(tag: &str) -> String {
    if clean_tag(tag) == tag || tag.contains(is_no_tag) {
        return tag.to_owned();
    }
    format!("\"{tag}\"")
}

/// Writes a tag as an attribute of a heading. One that would ask for a kind of cards stands in
/// quotes.
#[must_use]
pub fn write_class(tag: &str) -> String {
    let is_taken = CardKind::of_class(tag).is_some();
    if is_taken { format!(".\"{tag}\"") } else { format!(".{}", write_tag(tag)) }
}

/// Returns whether no tag can hold a character, in quotes either.
fn is_no_tag(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "{}\"`".contains(c)
}

#[cfg(test)]
mod tests {
    use super::{read_tag, write_class, write_tag};

    #[test]
    fn a_tag_in_quotes_stays_as_it_is() {
        for tag in ["a::b", "p/q", "#AK::#B&B", "it's", "c,d", "::e"] {
            assert_eq!(read_tag(&write_tag(tag)), (tag.to_owned(), false));
        }
        assert_eq!(write_tag("a::b"), "a::b");
        assert_eq!((&*write_class("cloze"), &*write_class("one")), (".\"cloze\"", ".one"));
        assert_eq!(read_tag("p/q"), ("p::q".to_owned(), false));
        assert_eq!(read_tag("\"a b\""), ("a-b".to_owned(), true));
        assert_eq!(read_tag(&write_tag("{x}")), ("-x-".to_owned(), true));
    }
}
