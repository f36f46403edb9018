//! A side of a card of Mochi, which is Markdown, as the HTML of a field of Anki.
//!
//! What Anki would read in the text is written as entities, so that only Mochi's own gaps are gaps,
//! and only its formulas formulas.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use crate::markdown::cloze::join_text;
use crate::media::{MediaKind, media_kind};
use crate::slug::percent_decode;

/// The folder in which cards find their media.
const MEDIA: &str = "@media/";

/// The longest label of a section, in characters.
const MAX_LABEL: usize = 40;

/// A side of a card.
#[derive(Debug, Default)]
pub(super) struct Side {
    /// Its HTML.
    pub(super) html: String,
    /// Labels in bold that stand alone, each with the HTML below it.
    pub(super) sections: Vec<(String, String)>,
    /// Whether it has gaps.
    pub(super) has_gaps: bool,
}

/// Reads a side of a card.
pub(super) fn read(markdown: &str) -> Side {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_SUBSCRIPT
        | Options::ENABLE_SUPERSCRIPT;
    let events: Vec<_> = Parser::new_ext(markdown, options).into_offset_iter().collect();
    let events = join_text(events, markdown);
    let mut side = Side::default();
    let mut gaps = Gaps { markdown, next: 1, has_any: false, block: (0, None) };
    let mut from = 0;
    for at in section_starts(&events) {
        let part = gaps.write(&events[from..at]);
        side.push(part);
        side.sections.push((label(&events[at..]).unwrap_or_default(), String::new()));
        from = at + LABEL_EVENTS;
    }
    side.push(gaps.write(&events[from..]));
    side.has_gaps = gaps.has_any;
    side
}

impl Side {
    fn push(&mut self, html: String) {
        match self.sections.last_mut() {
            Some((_, body)) => *body = html,
            None => self.html = html,
        }
    }
}

/// How many events a label is: a paragraph that holds bold text, which holds a text.
const LABEL_EVENTS: usize = 5;

/// Returns where sections begin: at labels in bold that stand alone, if anything stands before the
/// first of them.
fn section_starts(events: &[(Event<'_>, Range<usize>)]) -> Vec<usize> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for (at, (event, _)) in events.iter().enumerate() {
        if depth == 0 && at > 0 && label(&events[at..]).is_some() {
            found.push(at);
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    found
}

/// Returns the label that a paragraph is.
fn label(events: &[(Event<'_>, Range<usize>)]) -> Option<String> {
    let [
        (Event::Start(Tag::Paragraph), _),
        (Event::Start(Tag::Strong), _),
        (Event::Text(text), _),
        (Event::End(TagEnd::Strong), _),
        (Event::End(TagEnd::Paragraph), _),
        ..,
    ] = events
    else {
        return None;
    };
    let label = text.strip_suffix(':')?.trim();
    let is_plain = |c: char| c.is_alphanumeric() || " -'’()/&".contains(c);
    let is_label = !label.is_empty() && label.chars().count() <= MAX_LABEL;
    (is_label && label.chars().all(is_plain)).then(|| label.to_owned())
}

/// The gaps of a side.
struct Gaps<'m> {
    markdown: &'m str,
    /// The number of the next gap without one.
    next: u16,
    has_any: bool,
    /// Where the block ends that was looked at last, and where its last `}}` is.
    block: (usize, Option<usize>),
}

impl Gaps<'_> {
    /// Writes events as HTML.
    fn write(&mut self, events: &[(Event<'_>, Range<usize>)]) -> String {
        let mut shown: Vec<Event<'_>> = Vec::with_capacity(events.len());
        let (mut is_code, mut image) = (false, None::<(String, String)>);
        for (event, range) in events {
            let html = match event {
                Event::Start(Tag::Image { dest_url, .. }) => {
                    image = Some((dest_url.to_string(), String::new()));
                    continue;
                }
                Event::End(TagEnd::Image) => match image.take() {
                    Some((target, alt)) => embed(&target, &alt),
                    None => continue,
                },
                Event::Text(text) | Event::Code(text) if image.is_some() => {
                    if let Some((_, alt)) = &mut image {
                        alt.push_str(text);
                    }
                    continue;
                }
                _ if image.is_some() => continue,
                Event::Start(Tag::CodeBlock(_)) | Event::End(TagEnd::CodeBlock) => {
                    is_code = matches!(event, Event::Start(_));
                    shown.push(event.clone());
                    continue;
                }
                Event::Text(text) if is_code => escape(text),
                Event::Text(text) => self.text(text, range),
                Event::Code(text) => format!("<code>{}</code>", escape(text)),
                Event::InlineMath(tex) => format!("\\({}\\)", escape_html(tex)),
                Event::DisplayMath(tex) => format!("\\[{}\\]", escape_html(tex)),
                event => {
                    shown.push(event.clone());
                    continue;
                }
            };
            shown.push(Event::InlineHtml(CowStr::from(html)));
        }
        let mut out = String::new();
        html::push_html(&mut out, shown.into_iter());
        out.trim().to_owned()
    }

    /// Writes a text, in which `{{1::x}}` and `{{x}}` are gaps if they end.
    fn text(&mut self, text: &str, range: &Range<usize>) -> String {
        let mut out = String::new();
        let mut rest = text;
        let mut at = range.start;
        let is_written = self.markdown.get(range.clone()) == Some(text);
        // What stands behind a backslash means nothing.
        if self.markdown[..range.start].ends_with('\\')
            && let Some(first) = text.chars().next()
        {
            out.push_str(&escape(&text[..first.len_utf8()]));
            rest = &text[first.len_utf8()..];
            at += first.len_utf8();
        }
        while let Some(found) = rest.find(['{', '}']) {
            out.push_str(&write_marks(&rest[..found]));
            let from = &rest[found..];
            at += found;
            let length = if !is_written {
                out.push_str(&escape(&from[..1]));
                1
            } else if let Some((number, length)) = self.opening(from, at) {
                out.push_str(&format!("{{{{c{number}::"));
                self.has_any = true;
                length
            } else if from.starts_with("}}") {
                out.push_str(if self.has_any { "}}" } else { "&#125;&#125;" });
                2
            } else {
                out.push_str(&escape(&from[..1]));
                1
            };
            rest = &from[length..];
            at += length;
        }
        out + &write_marks(rest)
    }

    /// Returns the number of the gap that begins here, and how long its opening is.
    fn opening(&mut self, text: &str, at: usize) -> Option<(u16, usize)> {
        let inner = text.strip_prefix("{{")?;
        if at >= self.block.0 {
            let block = self.markdown[at..].split("\n\n").next()?;
            self.block = (at + block.len(), block.rfind("}}").map(|close| at + close));
        }
        self.block.1.filter(|close| *close > at)?;
        let digits = inner.find(|c: char| !c.is_ascii_digit()).unwrap_or(inner.len());
        if let Ok(number) = inner[..digits].parse::<u16>()
            && number > 0
            && inner[digits..].starts_with("::")
        {
            self.next = self.next.max(number.saturating_add(1));
            return Some((number, digits + 4));
        }
        let number = self.next;
        self.next = number.saturating_add(1);
        Some((number, 2))
    }
}

/// The signs around marked text, and the elements that they are.
const MARKS: [(&str, &str); 3] = [("==", "mark"), ("~", "sub"), ("^", "sup")];

/// Writes a text with its highlights, `==x==`, and what stands low or high, `~x~` and `^x^`.
fn write_marks(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['=', '~', '^']) {
        out.push_str(&escape(&rest[..at]));
        rest = &rest[at..];
        let found = MARKS.iter().find_map(|(sign, element)| {
            let (inner, after) = rest.strip_prefix(sign)?.split_once(sign)?;
            let is_whole = *element == "mark" || !inner.contains(char::is_whitespace);
            let is_inner = !inner.is_empty() && inner.trim() == inner && is_whole;
            is_inner.then(|| (format!("<{element}>{}</{element}>", escape(inner)), after))
        });
        let (html, after) = found.unwrap_or_else(|| (rest[..1].to_owned(), &rest[1..]));
        out.push_str(&html);
        rest = after;
    }
    out + &escape(rest)
}

/// Writes an image, or an element that plays audio or video.
fn embed(target: &str, alt: &str) -> String {
    let name = percent_decode(target.strip_prefix(MEDIA).unwrap_or(target));
    match media_kind(&name) {
        MediaKind::Audio | MediaKind::Video if !name.contains("://") => {
            format!("[sound:{}]", escape_html(&name))
        }
        _ => format!("<img src=\"{}\" alt=\"{}\">", escape_html(&name), escape_html(alt)),
    }
}

/// Escapes a text for HTML, and what Anki would read in it.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '{' | '}' | '[' | '\\' | ':' => out.push_str(&format!("&#{};", u32::from(c))),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn gaps_formulas_and_media() {
        let check = |markdown: &str, html: &str| assert_eq!(read(markdown).html, html);
        check(
            "It is {{2::**a**}} or {{b}}.",
            "<p>It is {{c2::<strong>a</strong>}} or {{c3::b}}.</p>",
        );
        check("\\{{x}} H\\~2\\~O", "<p>&#123;&#123;x&#125;&#125; H~2~O</p>");
        check("{{open and $x<y$", "<p>&#123;&#123;open and \\(x&lt;y\\)</p>");
        check(
            "\\{\\{1::x\\}\\} `{{x}}`",
            "<p>&#123;&#123;1&#58;&#58;x&#125;&#125; <code>&#123;&#123;x&#125;&#125;</code></p>",
        );
        check(
            "![a](@media/a%20b.png) ![](c.mp3) H~2~O x^2^ ==y== a==b",
            "<p><img src=\"a b.png\" alt=\"a\"> [sound:c.mp3] H<sub>2</sub>O x<sup>2</sup> <mark>y</mark> a==b</p>",
        );
    }

    #[test]
    fn labels_open_sections() {
        let side = read("One.\n\n**See also:**\n\nTwo\n\n- a\n\n**Not:** three");
        assert_eq!(side.html, "<p>One.</p>");
        let [(label, html)] = &side.sections[..] else { panic!() };
        assert_eq!(label, "See also");
        assert!(html.contains("Two") && html.contains("Not"), "{html}");
        assert!(read("**A:**\n\nb").sections.is_empty());
    }
}
