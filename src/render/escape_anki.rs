//! Escapes text that Anki would take for its own syntax.
//!
//! Anki searches the finished HTML of a card, code included, so this comes last. Each sequence and
//! each escape was tried in Anki 26.9.3: the bracket of a tag becomes `&#91;`; between a backslash
//! and a bracket stands an element, as an entity there would still be typeset. MathJax ignores
//! code, so there the backslash stays.

use std::borrow::Cow;

use super::placeholder::{CLOZE, DISPLAY_MATH, INLINE_MATH, SOUND, is_control};
use crate::markdown::composed;

/// The continuations of `[` that make a sequence of Anki's, in lower case.
const SYNTAX: [&str; 6] = ["sound:", "anki:", "latex]", "$]", "$$]", "[type:"];

/// Escapes a finished piece of HTML, replaces the placeholders of formulas and audio by Anki's
/// delimiters, and normalizes it to NFC.
pub(super) fn finish(html: &str) -> String {
    let html = &*write_clozes(html);
    let mut out = String::with_capacity(html.len() + 16);
    let mut code = 0usize;
    let mut is_math = false;
    // The text between these two is copied unchanged.
    let (mut copied, mut at) = (0, 0);
    while let Some(next) = next_sign(&html[at..]) {
        at += next;
        let rest = &html[at..];
        let sign = rest.as_bytes()[0];
        is_math = match sign {
            1 | 3 => true,
            2 | 4 => false,
            _ => is_math,
        };
        let (length, instead) = match sign {
            b'<' => {
                let length = tag_length(rest);
                let tag = &rest[..length];
                code += usize::from(opens(tag, "code") || opens(tag, "pre"));
                code -= usize::from(closes(tag, "code") || closes(tag, "pre")).min(code);
                (length, escape_tag(tag))
            }
            b'[' if is_syntax(&rest[1..]) => (1, Some("&#91;".into())),
            b'\\' if code == 0 && !is_math && rest[1..].starts_with(['(', '[', ')', ']']) => {
                let is_syntax = rest.as_bytes()[1] == b'[' && is_syntax(&rest[2..]);
                let bracket = if is_syntax { "&#91;" } else { &rest[1..2] };
                (2, Some(format!("\\<span>{bracket}</span>").into()))
            }
            b'\\' if code == 0 && !is_math && ends_delimiter(&rest[1..]) => {
                (1, Some("\\<span></span>".into()))
            }
            // With a backslash before it, the delimiter would be an escaped one.
            1 | 3 => {
                out.push_str(&html[copied..at]);
                copied = at;
                if out.ends_with('\\') {
                    out.truncate(out.len() - 1);
                    out.push_str("<span>\\</span>");
                }
                (1, Some(if sign == 1 { "\\(" } else { "\\[" }.into()))
            }
            2 => (1, Some("\\)".into())),
            4 => (1, Some("\\]".into())),
            0xe => (1, Some("[sound:".into())),
            0xf => (1, Some("]".into())),
            _ => (1, None::<Cow<'_, str>>),
        };
        if let Some(instead) = instead {
            out.push_str(&html[copied..at]);
            out.push_str(&instead);
            copied = at + length;
        }
        at += length;
    }
    out.push_str(&html[copied..]);
    debug_assert!(![INLINE_MATH, DISPLAY_MATH, SOUND].iter().any(|ends| out.contains(*ends)));
    match composed(&out) {
        Cow::Borrowed(_) => out,
        Cow::Owned(composed) => composed,
    }
}

/// Finds the next character that may begin a sequence of Anki's, or that is a placeholder. They are
/// rare, so several bytes are tested at once.
fn next_sign(html: &str) -> Option<usize> {
    let is_sign = |byte: &u8| matches!(byte, b'<' | b'[' | b'\\' | 1..=4 | 0xe | 0xf);
    let has_sign = |bytes: &&[u8]| bytes.iter().fold(false, |any, byte| any | is_sign(byte));
    let (at, bytes) = html.as_bytes().chunks(16).enumerate().find(|(_, bytes)| has_sign(bytes))?;
    Some(at * 16 + bytes.iter().position(is_sign)?)
}

/// Replaces the placeholders of clozes by Anki's delimiters, and escapes text that looks like
/// those: within a cloze `}}` would end it and `::` begin its hint, even in code or TeX. In TeX an
/// entity is not possible, but a space is harmless.
fn write_clozes(html: &str) -> Cow<'_, str> {
    if !html.contains('\u{5}') && !html.contains("{{c") {
        return Cow::Borrowed(html);
    }
    let [open, numbered, hint, close] = CLOZE;
    let mut out = String::with_capacity(html.len() + 16);
    let mut depth = 0usize;
    let mut is_math = false;
    let mut before = '\0';
    let mut chars = html.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or('\0', |(_, c)| *c);
        is_math = match c {
            '\u{1}' | '\u{3}' => true,
            '\u{2}' | '\u{4}' => false,
            _ => is_math,
        };
        let is_pair = |other: char| next == c || before == c || next == other;
        let is_syntax = match c {
            '{' => opens_cloze(&html[at..]),
            '}' => depth > 0 && is_pair(close),
            ':' => depth > 0 && (is_pair(hint) || before == numbered),
            _ => false,
        };
        match c {
            _ if c == open => {
                depth += 1;
                out.push_str("{{c");
            }
            _ if c == numbered || c == hint => out.push_str("::"),
            _ if c == close => {
                depth = depth.saturating_sub(1);
                out.push_str("}}");
            }
            _ if is_syntax && is_math => {
                out.push(c);
                out.push(' ');
            }
            '{' if is_syntax => out.push_str("&#123;"),
            '}' if is_syntax => out.push_str("&#125;"),
            ':' if is_syntax => out.push_str("&#58;"),
            _ => out.push(c),
        }
        before = c;
    }
    Cow::Owned(out)
}

/// Returns whether Anki would read the beginning of a cloze here.
fn opens_cloze(html: &str) -> bool {
    let Some(digits) = html.strip_prefix("{{c") else { return false };
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',');
    rest.len() < digits.len() && (rest.starts_with("::") || rest.starts_with(CLOZE[2]))
}

/// Returns whether a bracket follows, behind nothing but markup that MathJax ignores.
fn ends_delimiter(after_backslash: &str) -> bool {
    let mut rest = after_backslash;
    while rest.starts_with("<wbr") || rest.starts_with("<!--") {
        let comment = rest.starts_with("<!--").then(|| rest.find("-->")).flatten();
        rest = &rest[comment.map_or_else(|| tag_length(rest), |end| end + 3)..];
    }
    rest.starts_with(['(', '[', ')', ']'])
}

fn is_syntax(after_bracket: &str) -> bool {
    SYNTAX.iter().any(|live| {
        after_bracket.get(..live.len()).is_some_and(|start| start.eq_ignore_ascii_case(live))
    })
}

/// Returns the length of the tag at the start of `html`. The HTML is well-formed: attribute values
/// are quoted, and text contains no bare `<`.
fn tag_length(html: &str) -> usize {
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(next) = memchr::memchr3(b'>', b'"', b'\'', &bytes[at..]) {
        at += next + 1;
        match bytes[at - 1] {
            b'>' => return at,
            quote => match memchr::memchr(quote, &bytes[at..]) {
                Some(end) => at += end + 1,
                None => break,
            },
        }
    }
    html.len()
}

fn opens(tag: &str, name: &str) -> bool {
    tag[1..].strip_prefix(name).is_some_and(|rest| rest.starts_with(['>', ' ']))
}

fn closes(tag: &str, name: &str) -> bool {
    tag[1..].strip_prefix('/').and_then(|rest| rest.strip_prefix(name)) == Some(">")
}

/// Escapes a tag, in which only attribute values can contain Anki's syntax, and control characters
/// are not placeholders. Returns `None` if nothing changes.
fn escape_tag(tag: &str) -> Option<Cow<'_, str>> {
    if !tag.bytes().fold(false, |any, byte| any | (byte == b'[' || is_control(byte.into()))) {
        return None;
    }
    let mut out = String::with_capacity(tag.len() + 16);
    let mut rest = tag;
    while let Some(at) = rest.find(|c| c == '[' || is_control(c)) {
        out.push_str(&rest[..at]);
        if rest[at..].starts_with('[') {
            out.push_str(if is_syntax(&rest[at + 1..]) { "&#91;" } else { "[" });
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    Some(out.into())
}

#[cfg(test)]
mod tests {
    use super::finish;

    #[test]
    fn live_sequences_are_text() {
        let check = |html, expect| assert_eq!(finish(html), expect);
        check("<p>[sound:x.mp3]</p>", "<p>&#91;sound:x.mp3]</p>");
        check("<code>[Sound:x]</code>", "<code>&#91;Sound:x]</code>");
        check(
            "[anki:tts] [latex] [$] [$$] [[type:x]]",
            "&#91;anki:tts] &#91;latex] &#91;$] &#91;$$] &#91;[type:x]]",
        );
        check("<a title=\"[sound:x]\">[x]</a>", "<a title=\"&#91;sound:x]\">[x]</a>");
        check(
            "a \\(x\\) <code>\\(x\\)</code>",
            "a \\<span>(</span>x\\<span>)</span> <code>\\(x\\)</code>",
        );
        check(
            "\\<wbr>(x\\<wbr><!-- > -->)",
            "\\<span></span><wbr>(x\\<span></span><wbr><!-- > -->)",
        );
        check("\\[sound:x]", "\\<span>&#91;</span>sound:x]");
        check("\u{1}x\u{2} \u{3}y\u{4}", "\\(x\\) \\[y\\]");
        check("\u{1}a \\\\[2pt] \\(b\\)\u{2}", "\\(a \\\\[2pt] \\(b\\)\\)");
        check("a\\\u{1}x\u{2}", "a<span>\\</span>\\(x\\)");
        check("<pre><code>\\(</code></pre>\\(", "<pre><code>\\(</code></pre>\\<span>(</span>");
        check("<b title=\"\u{e}[x]\u{f}\">", "<b title=\"[x]\">");
        check("[sound:x] \u{e}x-1.mp3\u{f}", "&#91;sound:x] [sound:x-1.mp3]");
        check("e\u{301}", "é");
        check("{{c1::x}} {{c", "&#123;{c1::x}} {{c");
        check("\u{5}1\u{6}a::b}}c}\u{7}hint\u{8}}}", "{{c1::a&#58;&#58;b&#125;&#125;c}::hint}}}}");
        check("\u{5}1\u{6}{{c2\u{7}a\u{8}", "{{c1::&#123;{c2::a}}");
        check("\u{5}2\u{6}\u{1}\\frac{a}{{b}}\u{2}\u{8}", "{{c2::\\(\\frac{a}{{b} } \\)}}");
    }
}
