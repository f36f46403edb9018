//! Entities of HTML, such as `&eacute;` and `&#233;`, as characters.
//!
//! The table of their names is that of pulldown-cmark, which is here anyway; the few that writers of
//! HTML produce need no parser. An entity ends with a semicolon, as in Markdown; that browsers read
//! some without one is left aside, as `?a=1&copy=2` in a link is meant as it stands.

use std::borrow::Cow;

use pulldown_cmark::{Event, Options, Parser};

/// The longest name of an entity is `CounterClockwiseContourIntegral`.
const LONGEST: usize = 40;

/// Returns a text with its entities as characters; what is none stays, as in a browser.
#[must_use]
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (characters, length) = decode_first(rest).unwrap_or(("&".into(), 1));
        out.push_str(&characters);
        rest = &rest[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Returns a text with its entities as characters; `None` if an `&` begins none, where Anki leaves
/// the whole text as it is.
#[must_use]
pub fn decode_strictly(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (characters, length) = decode_first(rest)?;
        out.push_str(&characters);
        rest = &rest[length..];
    }
    out.push_str(rest);
    Some(out)
}

/// Returns what the entity stands for that a text begins with, and its length in the text.
#[must_use]
pub fn decode_first(text: &str) -> Option<(Cow<'static, str>, usize)> {
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = text.strip_prefix('&')?.get(..end.checked_sub(1)?)?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'#';
    if name.is_empty() || !name.bytes().all(is_name) {
        return None;
    }
    let characters = match name {
        "amp" => "&".into(),
        "lt" => "<".into(),
        "gt" => ">".into(),
        "quot" => "\"".into(),
        "nbsp" => "\u{a0}".into(),
        _ => match Parser::new_ext(&text[..=end], Options::empty()).nth(1) {
            Some(Event::Text(found)) if *found != text[..=end] => found.into_string().into(),
            // The parser hands over a plain `&`, and then the rest.
            _ => return None,
        },
    };
    Some((characters, end + 1))
}

/// Parses a numeric character reference, given the text behind `&#`.
#[must_use]
pub fn parse_reference(behind: &str) -> Option<u32> {
    let hex = behind.strip_prefix(['x', 'X']);
    let (number, radix) = hex.map_or((behind, 10), |hex| (hex, 16));
    let end = number.find(|c: char| !c.is_digit(radix)).unwrap_or(number.len());
    u32::from_str_radix(&number[..end], radix).ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, decode_strictly};

    #[test]
    fn entities_become_characters() {
        let check = |text: &str, expect: &str| assert_eq!(decode(text), expect);
        check("a.png", "a.png");
        check("a&amp;b&#32;&#x56FE;&quot;.png", "a&b 图\".png");
        check("&lt; & &nothing; &é; é&apos;&#38;", "< & &nothing; &é; é'&");
        check("x?a=1&b=2;&copy;&copy=3&", "x?a=1&b=2;©&copy=3&");
        check("&#0;&#xD800;&#12345678;", "\u{fffd}\u{fffd}&#12345678;");
        check("&CounterClockwiseContourIntegral;&NotEqualTilde;", "∳≂̸");
    }

    #[test]
    fn a_text_with_another_ampersand_stays() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(decode_strictly(text).as_deref(), expect, "{text}");
        };
        check("a &amp; b &#62; &#x3e; &eacute;", Some("a & b > > é"));
        check("a & b", None);
        check("&nothing;", None);
        check("&#;", None);
        check("&;", None);
    }
}
