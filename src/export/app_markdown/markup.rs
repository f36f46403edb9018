//! HTML, of an author or of ours.

use pulldown_cmark::Event;

use super::signs::{entities, entity, entity_width, guarded, hidden, html_text};
use super::{Gap, Lines, Place, Writer, prose};
use crate::markdown::html;

impl Writer<'_, '_> {
    /// A block of HTML without its comments.
    pub(super) fn html(&mut self) -> Lines {
        let mut source = String::new();
        while let Some((Event::Html(line) | Event::Text(line), _)) = self.peek() {
            source.push_str(line);
            self.next();
        }
        let source = self.tags(&html::without_comments(&source));
        let lines: Vec<&str> = source.lines().filter(|line| !line.trim().is_empty()).collect();
        let Some(first) = lines.first() else { return Lines::new() };
        let opens = |tag: &str| first.trim_start().to_lowercase().starts_with(tag);
        if opens("<pre") || self.rules.gap == Gap::Line && opens("<") {
            return lines.into_iter().flat_map(prose).collect();
        }
        // Nothing but an empty line would end such a block; a paragraph ends like any other.
        let text = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        prose(&format!("&#8203;{text}"))
    }

    /// HTML in which nothing means anything but its tags.
    fn tags(&self, html: &str) -> String {
        let mut out = String::with_capacity(html.len());
        let mut at = 0;
        for tag in html::tags(html) {
            let text = &html[tag.range.clone()];
            out.push_str(&self.between_tags(&html[at..tag.range.start]));
            if html::is_allowed(&tag.name) {
                out.push_str(&guarded(self.rules, &self.tag(text), None));
            } else {
                out.push_str(&entities(text));
            }
            at = tag.range.end;
        }
        out + &self.between_tags(&html[at..])
    }

    fn between_tags(&self, text: &str) -> String {
        let text = guarded(self.rules, text, None);
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

    /// Code as HTML. An empty line would end a card, or the HTML, so it is an entity too; within a
    /// list every line is, as it would begin with the blanks that make it belong there.
    pub(super) fn html_code(&self, info: &str, code: &str, place: Place) -> Lines {
        let class = match info {
            "" => String::new(),
            info => format!(" class=\"language-{}\"", html_text(info)),
        };
        let tag = self.rules.code;
        let mut text = format!("<pre><{tag}{class}>");
        for (at, line) in code.split('\n').enumerate() {
            let is_hidden = place == Place::Item || line.trim().is_empty();
            let gap = if is_hidden { "&#10;" } else { "\n" };
            text.push_str(if at == 0 { "" } else { gap });
            let html = guarded(self.rules, &html_text(line), None);
            text.push_str(&if (self.rules.opens_code)(line) { hidden(&html) } else { html });
        }
        text.push_str(&format!("</{tag}></pre>"));
        prose(&text)
    }
}
