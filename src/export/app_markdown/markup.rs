//! Writes HTML: the author's own, and code blocks that cannot be fenced.

use super::signs::{
    entity, entity_width, escape_html, escape_punctuation, guard_signs, hide_first,
};
use super::{AppMarkdownWriter, BlockGap, Container, Lines, text_lines};
use crate::markdown::html;

impl AppMarkdownWriter<'_> {
    /// Writes an HTML block without its comments.
    pub(super) fn write_html_block(&self, html: &str) -> Lines {
        let source = self.escape_between_tags(&html::without_comments(html));
        let source = (self.rules.rewrite_html)(&source);
        let lines: Vec<&str> = source.lines().filter(|line| !line.trim().is_empty()).collect();
        let Some(first) = lines.first() else { return Lines::new() };
        let opens = |tag: &str| first.trim_start().to_lowercase().starts_with(tag);
        if opens("<pre") || self.rules.gap == BlockGap::Line && opens("<") {
            return lines.into_iter().flat_map(text_lines).collect();
        }
        // Only an empty line ends an HTML block. A zero-width space makes it a paragraph, which
        // ends like any other.
        let text = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        text_lines(&format!("&#8203;{text}"))
    }

    /// Escapes everything in a piece of HTML but its tags.
    fn escape_between_tags(&self, html: &str) -> String {
        let mut out = String::with_capacity(html.len());
        let mut at = 0;
        for tag in html::tags(html) {
            let text = &html[tag.range.clone()];
            out.push_str(&self.escape_text(&html[at..tag.range.start]));
            if html::is_allowed(&tag.name) {
                out.push_str(&guard_signs(self.rules, &self.clean_tag(text), None));
            } else {
                out.push_str(&escape_punctuation(text));
            }
            at = tag.range.end;
        }
        out + &self.escape_text(&html[at..])
    }

    fn escape_text(&self, text: &str) -> String {
        let text = guard_signs(self.rules, text, None);
        let (mut out, mut rest) = (String::with_capacity(text.len()), text.as_str());
        while let Some(c) = rest.chars().next() {
            let width = entity_width(rest).unwrap_or(c.len_utf8());
            if width == 1 && r"\`*_[]<>&$~#|!{}=+-".contains(c) {
                out.push_str(&entity(c));
            } else {
                out.push_str(&rest[..width]);
            }
            rest = &rest[width..];
        }
        out
    }

    /// Writes a code block as HTML. An empty line would end the card or the HTML, so its line break
    /// is written as an entity. Within a list all line breaks are: otherwise the lines of code
    /// would need the item's indentation.
    pub(super) fn html_code(&self, info: &str, code: &str, container: Container) -> Lines {
        let class = match info {
            "" => String::new(),
            info => format!(" class=\"language-{}\"", escape_html(info)),
        };
        let tag = self.rules.code;
        let mut text = format!("<pre><{tag}{class}>");
        for (at, line) in code.split('\n').enumerate() {
            let is_hidden = container == Container::Item || line.trim().is_empty();
            let gap = if is_hidden { "&#10;" } else { "\n" };
            text.push_str(if at == 0 { "" } else { gap });
            let html = guard_signs(self.rules, &escape_html(line), None);
            text.push_str(&if (self.rules.opens_code)(line) { hide_first(&html) } else { html });
        }
        text.push_str(&format!("</{tag}></pre>"));
        text_lines(&text)
    }
}
