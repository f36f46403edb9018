//! The filters of templates: `{{text:Field}}` and the like.

use super::cloze::{self, Side};
use super::strip::strip_html;

/// The filters that take no options.
pub const NAMES: [&str; 9] =
    ["cloze", "cloze-only", "furigana", "hint", "kana", "kanji", "nc", "text", "type"];

/// Returns whether Anki knows a filter without add-ons.
#[must_use]
pub fn is_known(filter: &str) -> bool {
    filter.is_empty() || NAMES.contains(&filter) || filter.starts_with("tts ")
}

/// The values that a filter may depend on, beside the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    /// The field's name.
    pub(super) field: &'p str,
    /// The number of the card's gaps.
    pub(super) number: u16,
    /// The side that is rendered.
    pub(super) side: Side,
}

/// Applies filters in order, up to one that only an add-on may know.
pub(super) fn apply(text: &str, filters: &[&str], place: Place<'_>) -> String {
    // These say what to type, whatever stands before.
    match filters {
        ["cloze", "type"] => return format!("[[type:cloze:{}]]", place.field),
        ["nc", "type"] => return format!("[[type:nc:{}]]", place.field),
        [.., "type"] => return format!("[[type:{}]]", place.field),
        _ => {}
    }
    let mut text = text.to_owned();
    for filter in filters {
        text = match *filter {
            "" => text,
            "text" => strip_html(&text),
            "furigana" => read_aloud(&text, |written, spoken| {
                format!("<ruby><rb>{written}</rb><rt>{spoken}</rt></ruby>")
            }),
            "kanji" => read_aloud(&text, |written, _| written.to_owned()),
            "kana" => read_aloud(&text, |_, spoken| spoken.to_owned()),
            "type" => format!("[[type:{}]]", place.field),
            "hint" => hint(&text, place.field),
            "cloze" => cloze::reveal(&text, place.number, place.side),
            "cloze-only" => cloze::reveal_alone(&text, place.number, place.side),
            other => match other.strip_prefix("tts ") {
                Some(options) => format!("[anki:tts lang={options}]{text}[/anki:tts]"),
                None => return text,
            },
        };
    }
    text
}

/// Returns a text that is shown by a click on the field's name.
fn hint(text: &str, field: &str) -> String {
    if text.trim().is_empty() {
        return text.to_owned();
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(text.as_bytes());
    hasher.update(field.as_bytes());
    let id = &hasher.finalize().to_hex()[..16];
    format!(
        "\n<a class=hint href=\"#\"\nonclick=\"this.style.display='none';\n\
         document.getElementById('hint{id}').style.display='block';\nreturn false;\" \
         draggable=false>\n{field}</a>\n<div id=\"hint{id}\" class=hint style=\"display: \
         none\">{text}</div>\n"
    )
}

/// Replaces each `written[spoken]`, with the space before it. What is written ends at a space or a
/// tag, what is spoken at its line; sounds stay.
fn read_aloud(text: &str, replace: impl Fn(&str, &str) -> String) -> String {
    let text = text.replace("&nbsp;", " ");
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    let mut start = 0;
    // Up to here it is known that no reading ends.
    let mut barren = 0;
    while start < text.len() {
        let run = text[start..].find([' ', '>']).map_or(text.len(), |length| start + length);
        let found = text[start..run].match_indices('[').map(|(at, _)| start + at).find_map(|at| {
            if at == start || at < barren {
                return None;
            }
            let inside = &text[at + 1..];
            let line = inside.find('\n').unwrap_or(inside.len());
            let first = inside[..line].chars().next().map_or(0, char::len_utf8);
            let end = inside[first..line].find(']').map(|end| at + 1 + first + end);
            if end.is_none() {
                barren = at + 1 + line;
            }
            end.filter(|_| first > 0).map(|end| (at, end))
        });
        let Some((at, end)) = found else {
            start = run + 1;
            continue;
        };
        let (written, spoken) = (&text[start..at], &text[at + 1..end]);
        if !spoken.starts_with("sound:") {
            let has_space = start > copied && text[..start].ends_with(' ');
            out.push_str(&text[copied..start - usize::from(has_space)]);
            out.push_str(&replace(written, spoken));
            copied = end + 1;
        }
        start = end + 1;
    }
    out.push_str(&text[copied..]);
    out
}

#[cfg(test)]
mod tests {
    use super::{Place, apply};
    use crate::template::cloze::Side;

    fn filter(text: &str, filters: &[&str]) -> String {
        apply(text, filters, Place { field: "F", number: 1, side: Side::Front })
    }

    #[test]
    fn readings() {
        let check = |text: &str, kanji: &str, kana: &str| {
            assert_eq!(filter(text, &["kanji"]), kanji, "{text}");
            assert_eq!(filter(text, &["kana"]), kana, "{text}");
        };
        check("test first[second] third[fourth]", "testfirstthird", "testsecondfourth");
        check("日本[にほん]語[ご]", "日本語", "にほんご");
        check("a  b[c]", "a b", "a c");
        check("a&nbsp;b[c]", "ab", "ac");
        check("<b>漢[かん]</b>", "<b>漢</b>", "<b>かん</b>");
        check("[x] a[] b[c\nd] e[f]", "[x] a[] b[c\nd]e", "[x] a[] b[c\nd]f");
        check("x[sound:a.mp3] b[c]", "x[sound:a.mp3]b", "x[sound:a.mp3]c");
        check("[[[[[", "[[[[[", "[[[[[");
        assert_eq!(
            filter("first[second]", &["furigana"]),
            "<ruby><rb>first</rb><rt>second</rt></ruby>"
        );
    }

    #[test]
    fn filters_are_applied_in_order() {
        assert_eq!(filter("<b>{{c1::x}}</b>", &["cloze", "text"]), "[...]");
        assert_eq!(filter("<b>x</b>", &["unknown", "text"]), "<b>x</b>");
        assert_eq!(filter("x", &["cloze", "type"]), "[[type:cloze:F]]");
        assert_eq!(filter("x", &["nc", "type"]), "[[type:nc:F]]");
        assert_eq!(filter("x", &["text", "some", "type"]), "[[type:F]]");
        assert_eq!(
            filter("x", &["", "tts en_US voices=A"]),
            "[anki:tts lang=en_US voices=A]x[/anki:tts]"
        );
        assert_eq!(filter(" ", &["hint"]), " ");
        assert!(filter("foo", &["hint"]).contains("<div id=\"hint"));
    }
}
