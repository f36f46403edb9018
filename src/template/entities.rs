//! Entities of HTML as characters.

use pulldown_cmark::{Event, Options, Parser};

/// The longest name of an entity is `CounterClockwiseContourIntegral`.
const LONGEST: usize = 40;

/// Returns a text with its entities as characters; `None` if one is not an entity.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(LONGEST).position(|byte| byte == b';')? + 1;
        out.push_str(&character(&rest[..end])?);
        rest = &rest[end..];
    }
    out.push_str(rest);
    Some(out)
}

/// Returns a text with its entities as characters; what is none stays, as in a browser.
#[must_use]
pub fn decode_leniently(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(LONGEST).position(|byte| byte == b';').map(|end| end + 1);
        let decoded = end.and_then(|end| Some((character(&rest[..end])?, end)));
        let (shown, end) = decoded.unwrap_or_else(|| ("&".into(), 1));
        out.push_str(&shown);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Returns what an entity such as `&amp;` stands for.
fn character(entity: &str) -> Option<String> {
    let inside = &entity[1..entity.len() - 1];
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '#';
    if inside.is_empty() || !inside.chars().all(is_name) {
        return None;
    }
    match Parser::new_ext(entity, Options::empty()).nth(1) {
        Some(Event::Text(text)) if *text != *entity => Some(text.into_string()),
        // The parser hands over a plain `&`, and then the rest.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, decode_leniently};

    #[test]
    fn entities_become_characters() {
        let check = |text: &str, expect: Option<&str>| assert_eq!(decode(text).as_deref(), expect);
        check("a &amp; b &#62; &#x3e; &eacute;", Some("a & b > > é"));
        check("a & b", None);
        check("&nothing;", None);
        check("&#;", None);
        check("&;", None);
        assert_eq!(decode_leniently("&lt; & &nothing; &é; é"), "< & &nothing; &é; é");
    }
}
