//! Writes a side of a card for Mnemosyne's tab-separated import.
//!
//! How Mnemosyne parses a line and shows a card is in `libmnemosyne/file_formats/tsv.py` and
//! `media_preprocessor.py`, and in `libmnemosyne/filters/`:
//! - `&#…;` is decoded first, and aborts the import if it is not a number; so does a line without a
//!   second column;
//! - `src="…"` is a file to copy, wherever it stands;
//! - `src=` and `data=` are paths to complete, wherever they stand, as is any `src` after the
//!   first.

use std::borrow::Cow;
use std::ops::Range;

use super::breaks_line;
use crate::entities;
use crate::markdown::html::{self, HtmlTag};

/// The content of an empty side.
const EMPTY: &str = "<br>";

/// Sequences that Mnemosyne would interpret in text; the part of each to replace; and its
/// replacement.
const INTERPRETED: [(&str, Range<usize>, &str); 3] =
    [("src=", 3..4, "&equals;"), ("data=", 4..5, "&equals;"), ("db_media:", 8..9, "&colon;")];

/// The start of the address of a file that the export contains.
const MEDIA_SOURCE: &str = "src=\"media/";

/// Elements to align left, as Mnemosyne centers cards.
const LEFT_ALIGNED: [&str; 3] = ["ol", "pre", "ul"];

/// Writes plain text as one line of HTML.
pub(super) fn text_line(text: &str) -> String {
    let lines = text.trim_end().lines().map(|line| {
        let words = line.trim_start();
        let indent = "&nbsp;".repeat(line.chars().count() - words.chars().count());
        let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        indent + &Escaper { is_after_file: false, is_pre: false }.escape(&words)
    });
    let line = lines.collect::<Vec<_>>().join("<br>");
    if line.is_empty() { EMPTY.to_owned() } else { line }
}

/// Writes HTML as one line; also returns whether an image or audio file became a link.
pub(super) fn html_line(html: &str) -> (String, bool) {
    let mut out = String::with_capacity(html.len());
    let mut is_changed = false;
    let mut escaper = Escaper { is_after_file: html.contains(MEDIA_SOURCE), is_pre: false };
    for (part, is_math) in split_math(html) {
        if is_math {
            out.push_str(part);
            continue;
        }
        let part = &without_colors(&html::without_comments(part));
        let mut at = 0;
        for tag in html::tags(part) {
            out.push_str(&escaper.escape(&part[at..tag.range.start]));
            at = tag.range.end;
            let written = &part[tag.range.clone()];
            let is_end = written.starts_with("</");
            if tag.name == "pre" {
                escaper.is_pre = !is_end;
            }
            match replace_missing(part, &tag, &escaper) {
                Some(link) if !is_end => {
                    out.push_str(&link);
                    is_changed = true;
                }
                _ => out.push_str(&adapt_tag(&tag.name, &escaper.escape_tag(written))),
            }
        }
        out.push_str(&escaper.escape(&part[at..]));
    }
    let line = out.trim();
    let line = if line.is_empty() { EMPTY } else { line };
    (line.replace("<br></code></pre>", "</code></pre>"), is_changed)
}

/// Removes the elements that color code, which have no effect without a style sheet.
fn without_colors(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    let mut open: Vec<bool> = Vec::new();
    for tag in html::tags(html).into_iter().filter(|tag| tag.name == "span") {
        let written = &html[tag.range.clone()];
        let is_end = written.starts_with("</");
        let is_color =
            if is_end { open.pop() == Some(true) } else { written.starts_with("<span class=") };
        if !is_end {
            open.push(is_color);
        }
        if is_color {
            out.push_str(&html[at..tag.range.start]);
            at = tag.range.end;
        }
    }
    out + &html[at..]
}

/// Writes HTML as one line, for importers to which a line break ends the card.
pub(super) fn join_lines(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut is_pre = false;
    let mut at = 0;
    let mut add = |text: &str, is_pre: bool| {
        out.push_str(&text.replace('\n', if is_pre { "<br>" } else { " " }));
    };
    for tag in html::tags(html) {
        add(&html[at..tag.range.start], is_pre);
        at = tag.range.end;
        is_pre =
            if tag.name == "pre" { !html[tag.range.clone()].starts_with("</") } else { is_pre };
        add(&html[tag.range], false);
    }
    add(&html[at..], is_pre);
    out
}

/// Splits HTML at its formulas; also returns whether each part is a formula.
fn split_math(html: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut rest = html;
    let mut from = 0;
    while let Some(open) = rest[from..].find("<$").map(|at| from + at) {
        let close = if rest[open..].starts_with("<$$>") { "</$$>" } else { "</$>" };
        let Some(end) = rest[open..].find(close).map(|at| open + at + close.len()) else {
            from = open + 1;
            continue;
        };
        parts.extend([(&rest[..open], false), (&rest[open..end], true)]);
        rest = &rest[end..];
        from = 0;
    }
    parts.push((rest, false));
    parts
}

/// Escapes texts that Mnemosyne would interpret.
struct Escaper {
    /// Whether the side contains a file, after which any `src` is a path.
    is_after_file: bool,
    is_pre: bool,
}

impl Escaper {
    /// Escapes text: line breaks, tabs, and the sequences in [`INTERPRETED`].
    fn escape(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in decode_references(text).chars() {
            match c {
                '\n' if self.is_pre => out.push_str("<br>"),
                '\t' if self.is_pre => out.push_str("&Tab;"),
                c if breaks_line(c) => out.push(' '),
                c => out.push(c),
            }
        }
        for (live, at, written) in INTERPRETED {
            out = replace_part(&out, live, at, written);
        }
        if self.is_after_file { replace_part(&out, "src", 1..1, "&zwnj;") } else { out }
    }

    /// Escapes an address.
    fn escape_address(&self, target: &str) -> String {
        let escaper = Escaper { is_after_file: false, is_pre: false };
        let target = escaper.escape(target);
        if self.is_after_file { replace_part(&target, "src", 1..2, "%72") } else { target }
    }

    /// Escapes the attribute values of a tag.
    fn escape_tag(&self, tag: &str) -> String {
        let escaper = Escaper { is_pre: false, ..*self };
        let mut out = String::with_capacity(tag.len());
        for (at, part) in tag.split('"').enumerate() {
            let is_value = at % 2 == 1;
            let is_file = out.ends_with("src=\"") && part.starts_with("media/");
            let part = match out.rsplit([' ', '\n']).next() {
                Some("href=\"") if is_value => escaper.escape_address(part),
                _ if is_value && !is_file => escaper.escape(part),
                _ => part.chars().map(|c| if breaks_line(c) { ' ' } else { c }).collect(),
            };
            out.push_str(&part);
            out.push('"');
        }
        out.pop();
        out
    }
}

/// Replaces a part of each occurrence of a word, in any case: `SRC=` becomes `SRC&equals;`.
fn replace_part(text: &str, word: &str, part: Range<usize>, by: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let is_here = |window: &[u8]| window.eq_ignore_ascii_case(word.as_bytes());
    while let Some(at) = rest.as_bytes().windows(word.len()).position(is_here) {
        out.push_str(&rest[..at + part.start]);
        out.push_str(by);
        out.push_str(&rest[at + part.end..at + word.len()]);
        rest = &rest[at + word.len()..];
    }
    out + rest
}

/// Replaces numeric character references by the characters, or by named references.
fn decode_references(text: &str) -> Cow<'_, str> {
    if !text.contains("&#") {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split("&#");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let number = part.split_once(';').map(|(number, after)| (format!("&#{number};"), after));
        let read =
            number.as_ref().map(|(written, after)| (entities::decode(written), written, after));
        match read {
            Some((read, written, after)) if *read != **written => {
                out.push_str(match &*read {
                    "<" => "&lt;",
                    ">" => "&gt;",
                    "&" => "&amp;",
                    "\"" => "&quot;",
                    "'" => "&apos;",
                    read => read,
                });
                out.push_str(after);
            }
            _ => {
                out.push_str("&amp;#");
                out.push_str(part);
            }
        }
    }
    Cow::Owned(out)
}

/// Adapts a tag to Mnemosyne's player and alignment.
fn adapt_tag(name: &str, tag: &str) -> String {
    let controls = ["<audio controls ", "<audio controls=\"\" "];
    if let Some(rest) = controls.iter().find_map(|controls| tag.strip_prefix(controls)) {
        return format!("<audio {rest}");
    }
    match tag.strip_prefix(&format!("<{name}")) {
        Some(rest) if LEFT_ALIGNED.contains(&name) && !tag.contains("style=") => {
            format!("<{name} style=\"text-align: left\"{rest}")
        }
        _ => tag.to_owned(),
    }
}

/// Returns a replacement for an element whose file is not in the export, as Mnemosyne would report
/// the file as missing.
fn replace_missing(html: &str, tag: &HtmlTag, escaper: &Escaper) -> Option<String> {
    let source = tag.source.clone().filter(|_| html::embeds(tag))?;
    let target = &html[source];
    if target.starts_with("media/") {
        return None;
    }
    let written = &html[tag.range.clone()];
    let alt_text = written.split_once(" alt=\"").and_then(|(_, rest)| rest.split_once('"'));
    let words = alt_text.map(|(words, _)| words).filter(|words| !words.is_empty());
    let is_web = target.starts_with("https://") || target.starts_with("http://");
    Some(if is_web {
        let words = escaper.escape(words.unwrap_or(target));
        format!("<a href=\"{}\">{words}</a>", escaper.escape_address(target))
    } else {
        format!("[{}]", escaper.escape(words.unwrap_or(&tag.name)))
    })
}

#[cfg(test)]
mod tests {
    use super::{html_line, text_line};

    #[test]
    fn html_is_a_line_of_it() {
        let check = |from, expect: &str| assert_eq!(html_line(from), (expect.to_owned(), false));
        check("<p>a\nb\tc</p>\n<p>d</p>", "<p>a b c</p> <p>d</p>");
        check(
            "<pre><code>a\n\tb &#91;x]\n</code></pre>",
            "<pre style=\"text-align: left\"><code>a<br>&Tab;b [x]</code></pre>",
        );
        check("a &#60;b&#x3e; &#foo; &# 1", "a &lt;b&gt; &amp;#foo; &amp;# 1");
        check(
            "src=\"x.png\" and SRC=x, data=1",
            "src&equals;\"x.png\" and SRC&equals;x, data&equals;1",
        );
        check(
            "<img src=\"media/x.png\" alt=\"src=y\" />",
            "<img src=\"media/x.png\" alt=\"s&zwnj;rc&equals;y\" />",
        );
        check(
            "<audio controls src=\"media/x.mp3\"></audio>",
            "<audio src=\"media/x.mp3\"></audio>",
        );
        check("<$>a<b\"src=\"</$> & <$$>x</$$>", "<$>a<b\"src=\"</$> & <$$>x</$$>");
        check(
            "<span class=\"k\">a<span style=\"x\">b</span></span>",
            "a<span style=\"x\">b</span>",
        );
        check("", "<br>");
        check("<!-- x\n-->", "<br>");
    }

    #[test]
    fn what_is_elsewhere_is_a_link() {
        let check = |from, expect| assert_eq!(html_line(from), (String::from(expect), true));
        check(
            "<img src=\"https://example.org/x.png?src=1\" alt=\"An x\" />",
            "<a href=\"https://example.org/x.png?src&equals;1\">An x</a>",
        );
        check("<img src=\"data:image/png;base64,AA\" alt=\"\" />", "[img]");
    }

    #[test]
    fn text_is_html() {
        assert_eq!(
            text_line("a <b> & src=\n  c\n"),
            "a &lt;b&gt; &amp; src&equals;<br>&nbsp;&nbsp;c"
        );
        assert_eq!(text_line(""), "<br>");
    }
}
