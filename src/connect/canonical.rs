//! What a field shows, however its HTML is spelled.
//!
//! Anki's editor writes a field anew as the browser has read it: other quotes, other entities,
//! elements closed that were open. So fields are compared by what a browser makes of them.
//!
//! Anki reads a field before a browser does: for it `{{c1::` is a gap and `&#123;{c1::`, which a browser
//! shows alike, is none. The editor makes the first of the second. So they are not the same.

use std::fmt::Write as _;

use html5ever::Attribute;

use crate::dom::{Dom, Id, Kind};
use crate::entities;
use crate::media;

/// Elements at whose edges white space shows nothing.
pub(crate) const BLOCKS: &[&str] = &[
    "blockquote",
    "br",
    "caption",
    "col",
    "colgroup",
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
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Returns a hash of what a field shows.
#[must_use]
pub fn hash(html: &str) -> String {
    media::hash(canonical(html).as_bytes())
}

/// Returns whether two fields show the same.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    one == other || canonical(one) == canonical(other)
}

/// Returns the one spelling of all HTML that Anki reads alike.
#[must_use]
pub fn canonical(html: &str) -> String {
    let mut text = shown(html);
    for (marker, before) in find_markers(html, true) {
        let _ = write!(text, "\u{1f}{marker}{before}");
    }
    text
}

/// Returns how many characters a piece of a field shows, without blanks.
fn count_shown(html: &str) -> usize {
    let mut count = 0;
    for part in html.split('<') {
        let text = part.split_once('>').map_or(part, |(_, text)| text);
        count += entities::decode(text).chars().filter(|c| !c.is_whitespace()).count();
    }
    count
}

/// The entity that a build writes for each character of Anki's syntax in plain text.
pub const ESCAPES: [(&str, &str); 4] =
    [("&#58;", ":"), ("&#91;", "["), ("&#123;", "{"), ("&#125;", "}")];

/// Returns whether a field differs from the built one only in escapes that Anki's editor has removed,
/// which it does as soon as a field is focused.
#[must_use]
pub fn is_unescaped_by_editor(live: &str, built: &str) -> bool {
    let mut unescaped = built.to_owned();
    for (escape, sign) in ESCAPES {
        unescaped = unescaped.replace(escape, sign);
    }
    unescaped != built && canonical(live) == canonical(&unescaped)
}

/// Returns the one spelling of all HTML that a browser reads alike.
fn shown(html: &str) -> String {
    let is_plain = !html.contains(['<', '&', '\r', '\0']);
    let mut text = String::new();
    if is_plain {
        write_text(html, false, &mut text);
    } else {
        let dom = Dom::parse(html);
        write_nodes(&dom, dom.top(), &mut text);
    }
    end_line("div", &mut text);
    // The editor leaves a line break in a field that somebody has emptied.
    if text == "<br>" { String::new() } else { text }
}

/// Anki's markers that are read anywhere in a field.
const MARKERS: [&str; 4] = ["[sound:", "[anki:", "[latex]", "[$"];

/// Returns the markers in a field that Anki reads, in order; those of clozes only if it has clozes. With
/// the `::` before a hint comes how much is shown between it and the marker before: of two such signs,
/// one may be text.
#[must_use]
pub fn find_markers(html: &str, has_gaps: bool) -> Vec<(&str, usize)> {
    let mut markers = Vec::new();
    let (mut at, mut depth, mut last) = (0, 0_usize, 0);
    while let Some(next) = html[at..].find(['[', '{', '}', ':']) {
        at += next;
        let rest = &html[at..];
        let sign = match rest.as_bytes()[0] {
            b'[' => {
                MARKERS.iter().map(|sign| sign.len()).zip(MARKERS).find_map(|(length, sign)| {
                    let own = rest.get(..length)?;
                    own.eq_ignore_ascii_case(sign).then_some(own)
                })
            }
            b'{' if has_gaps => find_gap(rest).inspect(|_| depth += 1),
            // Outside of gaps they count as well, as one before them may have ended too early.
            b'}' if has_gaps && rest.starts_with("}}") => {
                depth = depth.saturating_sub(1);
                Some(&rest[..2])
            }
            b':' if depth > 0 && rest.starts_with("::") => Some(&rest[..2]),
            _ => None,
        };
        let Some(sign) = sign else {
            at += 1;
            continue;
        };
        let before = if sign == "::" { count_shown(&html[last..at]) } else { 0 };
        markers.push((sign, before));
        at += sign.len();
        last = at;
    }
    markers
}

/// Returns what opens a gap, if a text begins with that.
fn find_gap(text: &str) -> Option<&str> {
    let digits = text.strip_prefix("{{c")?;
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',');
    let is_gap = rest.len() < digits.len() && rest.starts_with("::");
    is_gap.then(|| &text[..text.len() - rest.len() + 2])
}

/// Writes nodes; without recursion, as none is too deep.
pub(crate) fn write_nodes(dom: &Dom, nodes: &[Id], out: &mut String) {
    enum Step {
        Enter(Id),
        Leave(Id),
    }
    let mut kept_spaces = 0_usize;
    let mut steps: Vec<Step> = nodes.iter().rev().map(|node| Step::Enter(*node)).collect();
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(at) => {
                match dom.kind(at) {
                    Kind::Text(text) => write_text(text, kept_spaces > 0, out),
                    Kind::Element { attributes, .. } => {
                        let name = dom.name(at);
                        end_line(name, out);
                        write_tag(name, attributes, out);
                        kept_spaces += usize::from(keeps_spaces(name));
                    }
                    Kind::Other => {}
                }
                steps.push(Step::Leave(at));
                steps.extend(dom.children(at).iter().rev().map(|child| Step::Enter(*child)));
            }
            Step::Leave(at) => {
                let Kind::Element { .. } = dom.kind(at) else { continue };
                let name = dom.name(at);
                kept_spaces -= usize::from(keeps_spaces(name));
                if !["br", "img"].contains(&name) {
                    end_line(name, out);
                    let _ = write!(out, "</{name}>");
                }
            }
        }
    }
}

fn keeps_spaces(name: &str) -> bool {
    ["pre", "textarea"].contains(&name)
}

/// Takes white space away that a block ends.
pub(crate) fn end_line(name: &str, out: &mut String) {
    if BLOCKS.contains(&name) && out.ends_with(' ') {
        out.pop();
    }
}

/// Writes a tag that opens an element, its attributes in order.
pub(crate) fn write_tag(name: &str, attributes: &[Attribute], out: &mut String) {
    let mut sorted: Vec<(&str, &str)> =
        attributes.iter().map(|it| (&*it.name.local, &*it.value)).collect();
    sorted.sort_unstable();
    out.push('<');
    out.push_str(name);
    for (key, value) in sorted {
        let value = value.replace('&', "&amp;").replace('"', "&quot;");
        let _ = write!(out, " {key}=\"{value}\"");
    }
    out.push('>');
}

/// Writes text with each run of white space as one space; a browser shows none at the beginning of
/// a block.
fn write_text(text: &str, keeps_spaces: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            ' ' | '\t' | '\n' | '\r' | '\x0c' if !keeps_spaces => {
                if !out.is_empty() && !out.ends_with(' ') && !ends_with_block(out) {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
}

/// Returns whether the last thing written is a tag of a block.
fn ends_with_block(out: &str) -> bool {
    let Some(inner) = out.strip_suffix('>') else { return false };
    let tag = &inner[inner.rfind('<').map_or(0, |at| at + 1)..];
    let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
    BLOCKS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::{canonical, is_same, is_unescaped_by_editor};

    #[test]
    fn spelling_does_not_count() {
        for (ours, theirs) in [
            ("a &quot;b&quot;", "a \"b\""),
            ("<p>a</p>\n<p>b</p>", "<p>a</p><p>b</p>"),
            ("<p>a\nb</p>", "<p>a b</p>"),
            ("<ul>\n<li>a</li>\n</ul>\n", "<ul><li>a</li></ul>"),
            ("<p>a<br />\nb</p>", "<p>a<br>b</p>"),
            ("<p>a<p>b", "<p>a</p><p>b</p>"),
            ("<table><tr><td>a", "<table><tbody><tr><td>a</td></tr></tbody></table>"),
            ("<img src='a' alt='b'>", "<img alt=\"b\" src=\"a\">"),
            ("a&nbsp;b", "a\u{a0}b"),
            ("<IMG SRC=a>", "<img src=\"a\">"),
            ("", "<br>"),
            ("a<!-- b -->c", "ac"),
            ("a\r\nb", "a b"),
            ("<table>x<tr><td>a", "x<table><tbody><tr><td>a</td></tr></tbody></table>"),
        ] {
            assert_eq!(canonical(ours), canonical(theirs), "{ours:?} {theirs:?}");
        }
    }

    #[test]
    fn what_is_shown_counts() {
        for (one, other) in [
            ("a b", "ab"),
            ("<b>a</b> b", "<b>a</b>b"),
            ("<pre>a  b</pre>", "<pre>a b</pre>"),
            ("<pre>a\nb</pre>", "<pre>a b</pre>"),
            ("a&nbsp;b", "a b"),
            ("&lt;b&gt;", "<b>"),
            ("<b>a</b>", "<i>a</i>"),
            ("<img src=a>", "<img src=b>"),
            ("a", "A"),
            ("", "a"),
            ("<p>a</p>", "<div>a</div>"),
            ("a<br>b", "a b"),
            ("{{c1::a::b}}", "{{c1::a&#58;&#58;b}}"),
            ("{{c1::a::b&#58;&#58;c}}", "{{c1::a&#58;&#58;b::c}}"),
            ("{{c1::a}}", "&#123;{c1::a}}"),
            ("{{c1::a}}b}}", "{{c1::a&#125;&#125;b}}"),
            ("<code>[sound:a]</code>", "<code>&#91;sound:a]</code>"),
        ] {
            assert!(!is_same(one, other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn escapes_that_the_editor_has_removed() {
        let check =
            |live, built, expect| assert_eq!(is_unescaped_by_editor(live, built), expect, "{live}");
        check("{{c1::a::b}}", "{{c1::a&#58;&#58;b}}", true);
        check("{{c1::a::c}}", "{{c1::a&#58;&#58;b}}", false);
        check("{{c1::a::b}}", "{{c1::a}}", false);
        check("{{c1::a&#58;&#58;b}}", "{{c1::a&#58;&#58;b}}", false);
        check("<code>[sound:a]</code> b", "<code>&#91;sound:a]</code>\nb", true);
    }

    #[test]
    fn what_is_deep_is_read_too() {
        let deep = "<div>".repeat(2_000);
        assert!(canonical(&deep).len() > deep.len());
    }

    #[test]
    fn one_spelling_stays_as_it_is() {
        for html in ["<p>a &lt; b</p>", "<pre><code>a\n  b\n</code></pre>", "a <b>b</b> c &amp;"] {
            assert_eq!(canonical(&canonical(html)), canonical(html));
        }
    }
}
