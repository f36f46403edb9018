//! Converts raw HTML to plain text.
//!
//! Block elements get lines of their own, white space collapses as in a browser, and superscripts
//! are marked, so that `10<sup>6</sup>` does not become `106`.

use crate::entities;
use crate::markdown::html::{self, HtmlTag};

/// Block elements, which begin and end a line.
const BLOCKS: [&str; 31] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tr",
    "ul",
];

/// Appends the text of a piece of HTML to `out`.
///
/// `raised` is the offset in `out` at which an open `<sup>` began; it may be closed by a later
/// piece.
pub(super) fn push(html: &str, raised: &mut Option<usize>, out: &mut String) {
    let raw = html::without_comments(html);
    let mut is_pre = false;
    let mut at = 0;
    for tag in html::tags(&raw) {
        push_text(&raw[at..tag.range.start], is_pre, out);
        at = tag.range.end;
        let is_end = raw[tag.range.clone()].starts_with("</");
        if tag.name == "pre" {
            is_pre = !is_end;
        }
        if BLOCKS.contains(&tag.name.as_str()) {
            end_line(out);
        }
        push_tag(&raw, &tag, is_end, raised, out);
    }
    push_text(&raw[at..], is_pre, out);
}

fn push_tag(raw: &str, tag: &HtmlTag, is_end: bool, raised: &mut Option<usize>, out: &mut String) {
    match (tag.name.as_str(), &tag.source) {
        ("br", _) => {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
        }
        ("hr", _) => out.push_str("———\n"),
        ("li", _) if !is_end => out.push_str("• "),
        ("td" | "th", _) if !is_end && !out.is_empty() && !out.ends_with('\n') => {
            out.truncate(out.trim_end().len());
            out.push_str(" | ");
        }
        ("sup", _) if !is_end => *raised = Some(out.len()),
        ("sup", _) => {
            let from = raised.take().filter(|&from| out.is_char_boundary(from));
            if let Some(from) = from {
                let text = out.split_off(from);
                out.push_str(&superscript(&text));
            }
        }
        (_, Some(source)) if html::embeds(tag) => {
            let words = html::alt_text(&raw[tag.range.clone()]);
            out.push_str(&format!("[{}]", words.as_deref().unwrap_or(&raw[source.clone()])));
        }
        (name, _) if html::is_allowed(name) => {}
        _ => out.push_str(&raw[tag.range.clone()]),
    }
}

fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// Appends the text between two tags, with entities decoded.
fn push_text(text: &str, is_pre: bool, out: &mut String) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        if c == '&'
            && let Some((characters, end)) = entities::decode_first(rest)
        {
            out.push_str(&characters);
            length = end;
        } else if is_pre || !c.is_ascii_whitespace() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
        rest = &rest[length..];
    }
}

/// Writes a superscript as in `10⁶`, `e^x`, `1st`.
fn superscript(text: &str) -> String {
    const PLAIN: &str = "0123456789+-−=()ni";
    const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ";
    let raise = |c: char| RAISED.chars().nth(PLAIN.chars().position(|plain| plain == c)?);
    if let Some(raised) = text.chars().map(raise).collect::<Option<String>>() {
        return raised;
    }
    match text {
        "st" | "nd" | "rd" | "th" | "TM" => text.to_owned(),
        _ if text.chars().nth(1).is_none() => format!("^{text}"),
        _ => format!("^({text})"),
    }
}

#[cfg(test)]
mod tests {
    use super::push;

    #[test]
    fn html_says() {
        let check = |html, expect: &str| {
            let mut out = String::new();
            push(html, &mut None, &mut out);
            assert_eq!(out.trim(), expect, "{html}");
        };
        check("<kbd>Ctrl</kbd>+<kbd>C</kbd>", "Ctrl+C");
        check("H<sub>2</sub>O is 10<sup>-6</sup> of e<sup>x</sup>", "H2O is 10⁻⁶ of e^x");
        check("1<sup>st</sup>, a<sup>b c</sup>, <sup></sup>x</sup>", "1st, a^(b c), x");
        check("one<br>two <br/>\nthree", "one\ntwo\nthree");
        check("<details><summary>More</summary>\n  The\ntext.\n</details>", "More\nThe text.");
        check("<p>a</p><p>b</p>\n\n<ul>\n<li>c</li>\n<li>d</li>\n</ul>", "a\nb\n• c\n• d");
        check(
            "<table><tr><th>a</th><th>b</th></tr>\n<tr><td>c</td>\n<td>d</td></tr></table>",
            "a | b\nc | d",
        );
        check("<pre>\n  a\n    b\n</pre>c", "a\n    b\nc");
        check("&lt;b&gt; &amp;amp; &copy;&#33; &none; & b", "<b> &amp; ©! &none; & b");
        check("Vec<T> <img src=\"x.png\"> <!-- no -->y", "Vec<T> [x.png] y");
        check("<img src=x.png alt='a &gt; b'/> <img alt=\"\" src=\"y\">", "[a > b] [y]");
    }
}
