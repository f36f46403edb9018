//! Computes the text of a note's first field, by which Anki sorts, and its checksum, by which it
//! finds duplicates.
//!
//! Anki computes both again on import. They are written as Anki would, for readers that do not, and
//! so that a package is an ordinary collection.

use std::borrow::Cow;

use sha1::{Digest, Sha1};

use crate::entities;

/// Returns the text of a field without markup, but with the names of its media.
pub(super) fn sort_text(html: &str) -> Cow<'_, str> {
    if !html.contains(['<', '&']) {
        return Cow::Borrowed(html);
    }
    Cow::Owned(decoded(without_tags(&media_as_names(html))))
}

/// Returns the first four bytes of the text's SHA-1.
pub(super) fn checksum(text: &str) -> u32 {
    let head = &Sha1::digest(text)[..4];
    head.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Replaces each tag that shows a file by the file's name between spaces.
fn media_as_names(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        if let Some((name, length)) = media_tag(tag) {
            out.extend([" ", name, " "]);
            rest = &tag[length..];
        } else {
            out.push('<');
            rest = &tag[1..];
        }
    }
    out + rest
}

/// Reads a media tag; returns the name of its file and the length of the tag.
fn media_tag(html: &str) -> Option<(&str, usize)> {
    let element = ["img", "audio", "video", "object", "source"]
        .into_iter()
        .find(|name| html[1..].get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)))?;
    let mut at = 1 + element.len();
    if html[at..].starts_with(is_word) {
        return None;
    }
    loop {
        let next = html[at..].chars().next()?;
        if next == '>' {
            return None;
        }
        let quoted = match next {
            '"' | '\'' => html[at + 1..].find(next).map(|end| &html[at + 1..][..end]),
            _ => None,
        };
        at += match quoted {
            Some(text) if text.contains('>') => text.len() + 2,
            _ => next.len_utf8(),
        };
        if !html[..at].ends_with(is_word)
            && let Some(value) = html.get(at..).and_then(file_attribute)
            && let Some((name, length)) = file_name(value)
        {
            return Some((name, html.len() - value.len() + length));
        }
    }
}

/// Returns the text behind `src=` or `data=`.
fn file_attribute(html: &str) -> Option<&str> {
    ["src=", "data="].into_iter().find_map(|attribute| {
        let (name, value) = html.split_at_checked(attribute.len())?;
        name.eq_ignore_ascii_case(attribute).then_some(value)
    })
}

/// Reads an attribute value; returns it and the distance to the end of the tag.
fn file_name(value: &str) -> Option<(&str, usize)> {
    for quote in ['"', '\''] {
        if let Some(inside) = value.strip_prefix(quote)
            && let Some((name, after)) = inside.split_once(quote)
            && let Some(end) = after.find('>')
            && !name.is_empty()
        {
            return Some((name, value.len() - after.len() + end + 1));
        }
    }
    let end = value.find([' ', '>']).filter(|end| *end > 0)?;
    let close = value[end..].find('>')?;
    Some((&value[..end], end + close + 1))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Removes tags and comments, and style sheets and scripts with their content.
fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        let length = comment(tag)
            .or_else(|| wrapped(tag, "<style", "</style>"))
            .or_else(|| wrapped(tag, "<script", "</script>"))
            .or_else(|| tag.find('>').map(|end| end + 1));
        match length {
            Some(length) => rest = &tag[length..],
            None => return out + tag,
        }
    }
    out + rest
}

fn comment(html: &str) -> Option<usize> {
    let inside = html.strip_prefix("<!--")?;
    Some("<!--".len() + inside.find("-->")? + "-->".len())
}

fn wrapped(html: &str, open: &str, close: &str) -> Option<usize> {
    if !html.get(..open.len())?.eq_ignore_ascii_case(open) {
        return None;
    }
    let content = open.len() + html[open.len()..].find('>')? + 1;
    let end = html.as_bytes()[content..]
        .windows(close.len())
        .position(|bytes| bytes.eq_ignore_ascii_case(close.as_bytes()))?;
    Some(content + end + close.len())
}

/// Decodes entities, and replaces no-break spaces by ordinary ones. If one entity is unknown, all
/// stay as they are, as in Anki.
fn decoded(text: String) -> String {
    if !text.contains('&') {
        return text;
    }
    entities::decode_strictly(&text).map_or(text, |decoded| decoded.replace('\u{a0}', " "))
}

#[cfg(test)]
mod tests {
    use super::{checksum, sort_text};

    #[test]
    fn markup_goes_and_media_names_stay() {
        for (html, expected) in [
            ("plain", "plain"),
            ("<p>a <b>b</b></p>\n<p>c</p>", "a b\nc"),
            ("a &lt;b&gt; &#91;c&#x5d; &amp;amp;", "a <b> [c] &amp;"),
            ("a&nbsp;b\u{a0}c", "a b c"),
            ("a\u{a0}b", "a\u{a0}b"),
            ("a &mdash; &lt; &", "a &mdash; &lt; &"),
            ("a &mdash; &lt;", "a — <"),
            ("a & b; &lt;", "a & b; &lt;"),
            ("1 < 2", "1 < 2"),
            ("<!-- a > b -->c<STYLE>x</style>d<script a>y</script>e", "cde"),
            ("<style>open", "open"),
            ("<img src=\"a.png\" alt=\"b\">", " a.png "),
            ("<IMG alt='1 > 0' src='a.png'/>c", " a.png c"),
            ("<video controls src=a.mp4></video>", " a.mp4 "),
            ("<object data=\"a&amp;b.svg\">", " a&b.svg "),
            ("<image src=\"a.png\"><img alt=\"b\"><img data-src=\"c\">", " c "),
        ] {
            assert_eq!(sort_text(html), expected, "{html}");
        }
    }

    #[test]
    fn the_checksum_is_the_head_of_a_sha1() {
        assert_eq!(checksum("007"), 355_756_889);
        assert_eq!(checksum("1e3"), 560_618_534);
    }
}
