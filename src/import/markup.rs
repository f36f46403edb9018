//! Titles, tags and names as Markdown has them.

use crate::config::{self, read_tag};

/// Writes a title, in which nothing is Markdown.
pub(super) fn write_title(title: &str) -> String {
    let mut out = String::new();
    for c in title.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if r"\`*_[]<>{}$~|&#=^".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Writes a tag as an attribute of a heading. One that would take the question out has a capital
/// letter, which is the same to Anki.
#[must_use]
pub fn write_tag(tag: &str) -> String {
    let tag = without_signs(tag);
    if tag == "retired" { ".Retired".to_owned() } else { config::write_class(&tag) }
}

/// Writes a tag as front matter has it.
pub(super) fn write_common_tag(tag: &str) -> String {
    quote_yaml(&config::write_tag(&without_signs(tag)))
}

/// Returns a tag without the signs that none can hold.
fn without_signs(tag: &str) -> String {
    tag.chars().map(|c| if "{}`\"".contains(c) { '-' } else { c }).collect()
}

/// Returns what happens to tags with the first edit of their note, by kind.
pub(super) fn lost_tags(tags: &[String]) -> Vec<&'static str> {
    let is_anki = |tag: &&String| ["leech", "marked"].contains(&&*tag.to_lowercase());
    let is_other = |tag: &&String| read_tag(&config::write_tag(tag)).0 != **tag;
    let found = [
        (
            tags.iter().any(|tag| is_anki(&tag)),
            "`leech` or `marked`, which Anki takes off an updated note",
        ),
        (
            tags.iter().any(|tag| is_other(&tag)),
            "tags that are written otherwise once the note is edited",
        ),
    ];
    found.into_iter().filter_map(|(is_lost, what)| is_lost.then_some(what)).collect()
}

pub(super) fn quote_attribute(name: &str) -> String {
    let is_word = name.chars().all(|c| c.is_alphanumeric() || "-_+".contains(c));
    if is_word { name.to_owned() } else { format!("\"{name}\"") }
}

pub(super) fn quote_yaml(text: &str) -> String {
    let is_word = text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || "-_ +".contains(c))
        && !["true", "false", "yes", "no", "null", "on", "off", "y", "n"]
            .contains(&&*text.to_lowercase());
    if is_word { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}
