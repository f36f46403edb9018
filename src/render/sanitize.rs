//! Raw HTML that a card may hold.
//!
//! Anki runs whatever a card holds, so this is the place where it is made safe. The work is
//! ammonia's; what is ours is that nothing an author wrote disappears: a tag that is not allowed,
//! or is no element at all, is shown as the text it is.

use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use crate::config::Html;
use crate::markdown::attributes::{self, is_harmless};
use crate::markdown::html::{self, is_allowed, tags};

static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(builder);

fn builder() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .tags(html::ALLOWED.iter().copied().collect())
        // The check box is ours alone.
        .add_tags(["input"])
        .add_generic_attributes(["class", "dir", "lang", "title", "style"])
        .add_generic_attributes(attributes::SEEN)
        .add_tag_attributes("input", ["checked", "disabled"])
        .add_tag_attributes("audio", ["src", "controls", "loop"])
        .add_tag_attributes("video", ["src", "controls", "loop"])
        .add_tag_attributes("source", ["src"])
        .add_tag_attributes("details", ["open"])
        .add_tag_attributes("li", ["value"])
        .add_url_schemes(["data"])
        .attribute_filter(|element, attribute, value| match attribute {
            "style" => {
                let (kept, _) = attributes::style(value);
                (!kept.is_empty()).then(|| kept.join("; ").into())
            }
            "class" => Some(classes(value)).filter(|names| !names.is_empty()).map(Into::into),
            "href" | "src" | "cite" => {
                let is_picture = element == "img" && value.starts_with("data:image/");
                (is_picture || is_harmless(value.trim())).then_some(value.into())
            }
            _ if attributes::SEEN.contains(&attribute) => {
                attributes::is_kept(element, attribute, value).then_some(value.into())
            }
            _ => Some(value.into()),
        })
        .link_rel(None)
        .url_relative(UrlRelative::PassThrough);
    builder
}

/// The classes that an author may use: not those by which MathJax is told what to typeset, or
/// which it lays over the page.
pub(super) fn classes(names: &str) -> String {
    const RESERVED: [&str; 4] = ["ctxtmenu", "mathjax", "mjx", "tex2jax"];
    let is_free = |name: &&str| {
        let name = name.to_ascii_lowercase();
        !RESERVED.iter().any(|reserved| name.starts_with(reserved))
    };
    names.split_whitespace().filter(is_free).collect::<Vec<_>>().join(" ")
}

/// HTML with what is not allowed taken out.
pub(super) fn clean(html: &str) -> String {
    BUILDER.clean(html).to_string()
}

/// A piece of HTML, in which only tags that are allowed are still tags, with what they may have.
pub(super) fn clean_tags(html: &str) -> String {
    let html = unknown_as_text(html, &mut 0);
    let (mut out, mut at) = (String::with_capacity(html.len()), 0);
    for tag in tags(&html) {
        out += &html[at..tag.range.start];
        out += &clean_tag(&html[tag.range.clone()]);
        at = tag.range.end;
    }
    out + &html[at..]
}

/// What an element of a table must stand in, and any other may.
const AROUND: [&str; 5] =
    ["", "<table>", "<table><tbody>", "<table><tbody><tr>", "<table><colgroup>"];

/// A tag of an element that an author may use, without attributes that are not allowed.
#[must_use]
pub fn clean_tag(tag: &str) -> String {
    let inner = tag.trim_start_matches('<').trim_end_matches(['>', '/']).trim_end();
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    if inner.starts_with('/') || end == inner.len() {
        return tag.to_owned();
    }
    let name = inner[..end].to_lowercase();
    let cleaned = AROUND.iter().find_map(|around| {
        let whole = clean(&format!("{around}{tag}"));
        let found = tags(&whole)
            .into_iter()
            .rfind(|found| found.name == name && !whole[found.range.start..].starts_with("</"));
        found.map(|found| whole[found.range].to_owned())
    });
    cleaned.unwrap_or_else(|| format!("<{name}>"))
}

/// Whether HTML within a line is a text in angle brackets. Who allows all HTML may use elements of
/// their own, and those of a drawing.
pub(super) fn is_placeholder(html: &str, raw: Html) -> bool {
    let is_element = match raw {
        Html::Allow => html::may_be_element,
        Html::Sanitize | Html::Escape => html::is_element,
    };
    tags(html).first().is_some_and(|tag| !is_element(&tag.name))
}

/// How many elements are open at most; no person nests deeper.
const DEEPEST: usize = 250;

/// Elements that hold nothing, or that end where the next of their kind begins.
const FLAT: [&str; 28] = [
    "area", "base", "br", "caption", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input",
    "li", "link", "optgroup", "option", "p", "rp", "rt", "source", "tbody", "td", "tfoot", "th",
    "thead", "tr", "track", "wbr",
];

/// The same HTML, where only tags that are allowed are still tags. `open` is how many elements are
/// open; what would be too deep is text, as a browser takes its time for each of those around it.
pub(super) fn unknown_as_text(html: &str, open: &mut usize) -> String {
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    for tag in tags(html) {
        let mut is_allowed = is_allowed(&tag.name);
        if is_allowed && !FLAT.contains(&tag.name.as_str()) {
            let is_end = html[tag.range.clone()].starts_with("</");
            is_allowed = *open < DEEPEST;
            *open = if is_end { open.saturating_sub(1) } else { *open + 1 };
        }
        text(&html[at..tag.range.start], &mut out);
        let tag_text = &html[tag.range.clone()];
        if is_allowed {
            out.push_str(tag_text);
        } else {
            out.push_str(&tag_text.replace('<', "&lt;").replace('>', "&gt;"));
        }
        at = tag.range.end;
    }
    text(&html[at..], &mut out);
    out
}

/// What stands between tags: comments stay, any other bracket is text.
fn text(between: &str, out: &mut String) {
    let mut rest = between;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let comment = rest[at..].starts_with("<!--").then(|| rest[at..].find("-->")).flatten();
        let length = comment.map_or(1, |length| length + 3);
        out.push_str(if comment.is_some() { &rest[at..at + length] } else { "&lt;" });
        rest = &rest[at + length..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::{clean, unknown_as_text};

    #[test]
    fn what_is_not_allowed_is_text() {
        let check = |html, expect| assert_eq!(clean(&unknown_as_text(html, &mut 0)), expect);
        check("<b>x</b>", "<b>x</b>");
        check("Vec<String>", "Vec&lt;String&gt;");
        check("<?php echo 1 ?>", "&lt;?php echo 1 ?&gt;");
        check("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
        check("<b onclick=\"x()\">x</b>", "<b>x</b>");
        check("<a href=\"javascript:x()\">x</a>", "<a>x</a>");
        check("<kbd>Ctrl</kbd><!-- no --><sub>2</sub>", "<kbd>Ctrl</kbd><sub>2</sub>");
        check("<img src=\"a.png\" onerror=\"x()\">", "<img src=\"a.png\">");
        check("a < b", "a &lt; b");
        check(
            "<img src=\"data:image/png;base64,AA==\">",
            "<img src=\"data:image/png;base64,AA==\">",
        );
        check("<q cite=\"javascript:x()\">x</q>", "<q>x</q>");
        check("<a href=\"ssh:x\">x</a>", "<a>x</a>");
        check("<a href=\" https://example.org\">x</a>", "<a href=\" https://example.org\">x</a>");
        check(
            "<font color=\"red\" face=\"x\">x</font><p style=\"color:red;position:fixed;font-size:9em\">y</p>",
            "<font color=\"red\" face=\"x\">x</font><p style=\"color:red\">y</p>",
        );
        check("<b style=\"background: url(x); color: url(x)\">x</b>", "<b>x</b>");
        check("<hr size=\"999\" width=\"999\">", "<hr>");
        check("<p type=\"a\" align=\"a;b\">x</p>", "<p>x</p>");
        check(
            "<code class=\"a mathjax_process MathJax CtxtMenu_Info\">x</code>",
            "<code class=\"a\">x</code>",
        );
        check(
            "<a href=\"da&#9;ta:text/html,x\" title=\"data: x\">x</a>",
            "<a title=\"data: x\">x</a>",
        );
    }
}
