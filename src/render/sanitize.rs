//! Sanitizes raw HTML.
//!
//! Anki runs whatever a card contains, so it must be made safe here. ammonia does that; beyond
//! that, nothing that an author wrote may disappear: a tag that is not allowed, or is no element at
//! all, is shown as text.

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
        // Only task lists have a checkbox; an author's `<input>` becomes text before.
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
            "class" => {
                Some(allowed_classes(value)).filter(|names| !names.is_empty()).map(Into::into)
            }
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

/// Returns the classes that an author may use: not those that tell MathJax what to typeset, or that
/// it displays above the page.
pub(super) fn allowed_classes(names: &str) -> String {
    const RESERVED: [&str; 4] = ["ctxtmenu", "mathjax", "mjx", "tex2jax"];
    let is_free = |name: &&str| {
        let name = name.to_ascii_lowercase();
        !RESERVED.iter().any(|reserved| name.starts_with(reserved))
    };
    names.split_whitespace().filter(is_free).collect::<Vec<_>>().join(" ")
}

/// Removes everything that is not allowed from HTML.
pub(super) fn clean(html: &str) -> String {
    BUILDER.clean(html).to_string()
}

/// The parents that elements of a table need, and that others may have.
const TABLE_PARENTS: [&str; 5] =
    ["", "<table>", "<table><tbody>", "<table><tbody><tr>", "<table><colgroup>"];

/// Removes the attributes that are not allowed from the tag of an allowed element.
#[must_use]
pub fn clean_tag(tag: &str) -> String {
    let inner = tag.trim_start_matches('<').trim_end_matches(['>', '/']).trim_end();
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    if inner.starts_with('/') || end == inner.len() {
        return tag.to_owned();
    }
    let name = inner[..end].to_lowercase();
    let cleaned = TABLE_PARENTS.iter().find_map(|around| {
        let whole = clean(&format!("{around}{tag}"));
        let found = tags(&whole)
            .into_iter()
            .rfind(|found| found.name == name && !whole[found.range.start..].starts_with("</"));
        found.map(|found| whole[found.range].to_owned())
    });
    cleaned.unwrap_or_else(|| format!("<{name}>"))
}

/// Returns whether inline HTML is a placeholder text in angle brackets, such as `<your name>`. If
/// all HTML is allowed, custom elements and those of SVG are elements as well.
pub(super) fn is_placeholder(html: &str, raw: Html) -> bool {
    let is_element = match raw {
        Html::Allow => html::may_be_element,
        Html::Sanitize | Html::Escape => html::is_element,
    };
    tags(html).first().is_some_and(|tag| !is_element(&tag.name))
}

/// The deepest nesting of elements.
const MAX_DEPTH: usize = 250;

/// Elements without content, or with an optional end tag.
const UNNESTED: [&str; 28] = [
    "area", "base", "br", "caption", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input",
    "li", "link", "optgroup", "option", "p", "rp", "rt", "source", "tbody", "td", "tfoot", "th",
    "thead", "tr", "track", "wbr",
];

/// Turns tags that are not allowed into text. `open` counts the open elements; tags that are nested
/// too deeply become text as well, as browsers are slow at them.
pub(super) fn unknown_as_text(html: &str, open: &mut usize) -> String {
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    for tag in tags(html) {
        let mut is_allowed = is_allowed(&tag.name);
        if is_allowed && !UNNESTED.contains(&tag.name.as_str()) {
            let is_end = html[tag.range.clone()].starts_with("</");
            is_allowed = *open < MAX_DEPTH;
            *open = if is_end { open.saturating_sub(1) } else { *open + 1 };
        }
        push_text(&html[at..tag.range.start], &mut out);
        let tag_text = &html[tag.range.clone()];
        if is_allowed {
            out.push_str(tag_text);
        } else {
            out.push_str(&tag_text.replace('<', "&lt;").replace('>', "&gt;"));
        }
        at = tag.range.end;
    }
    push_text(&html[at..], &mut out);
    out
}

/// Appends the text between two tags: comments stay, other angle brackets are escaped.
fn push_text(between: &str, out: &mut String) {
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
