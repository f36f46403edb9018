//! HTML for a field of a card.
//!
//! The library writes the HTML; here the events are prepared for the place where it will stand:
//! footnotes are numbered per card, images get their name in the package, math its delimiters.
//! What a study app would take for its own syntax is made harmless at the very end (`defuse`).

use std::borrow::Cow;
use std::fmt::Write as _;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd, html::push_html};
use pulldown_cmark_escape::escape_html;

use super::{Context, Footnotes, defuse, sanitize, tex, use_footnote};
use crate::config::Html;
use crate::markdown::html as raw;
use crate::model::Body;
use crate::source::FileId;

/// Stand-ins for MathJax delimiters until the text around them is harmless. Control characters
/// cannot come from the source: [`scrub`] takes them out, as Anki would.
pub(super) const INLINE_MATH: [char; 2] = ['\u{1}', '\u{2}'];
pub(super) const DISPLAY_MATH: [char; 2] = ['\u{3}', '\u{4}'];

/// A body as HTML, with the footnotes that it uses below it.
pub fn render(context: &Context<'_>, body: &Body, footnotes: &mut Footnotes) -> String {
    let mut page = Page { context, footnotes, used: Vec::new(), is_raw: false };
    let mut html = page.push(body);
    page.push_footnotes(&mut html);
    if page.is_raw && context.html != Html::Allow {
        html = sanitize::clean(&html);
    }
    defuse::finish(html.trim_end())
}

/// A text without markup as HTML.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape(&scrub(text), &mut html);
    defuse::finish(&html)
}

/// A field in the making.
struct Page<'p, 'b> {
    context: &'p Context<'b>,
    footnotes: &'p mut Footnotes,
    used: Vec<usize>,
    /// Whether it holds anything that Markdown itself would not write.
    is_raw: bool,
}

impl Page<'_, '_> {
    fn push(&mut self, body: &Body) -> String {
        let file = body.blocks.file;
        let events = merge_html(self.context.events(body).into_iter().map(|(event, _)| event));
        let mut images = 0;
        let events: Vec<Event<'_>> = events
            .into_iter()
            .map(|event| {
                images -= usize::from(matches!(event, Event::End(TagEnd::Image)));
                let is_alternative = images > 0;
                images += usize::from(matches!(event, Event::Start(Tag::Image { .. })));
                if is_alternative { alternative(event) } else { self.prepare(file, event) }
            })
            .collect();
        let mut html = String::new();
        push_html(&mut html, events.into_iter());
        html
    }

    fn push_footnotes(&mut self, html: &mut String) {
        let mut at = 0;
        let mut list = String::new();
        while let Some(&number) = self.used.get(at) {
            at += 1;
            if let Some(body) = self.footnotes.body(self.context, number) {
                let note = self.push(body);
                let _ = writeln!(list, "<li value=\"{number}\">{}</li>", note.trim_end());
            }
        }
        if !list.is_empty() {
            let _ = write!(html, "<div class=\"footnotes\"><ol>\n{list}</ol></div>");
        }
    }

    fn prepare<'e>(&mut self, file: FileId, event: Event<'e>) -> Event<'e> {
        match event {
            Event::Text(text) => Event::Text(scrubbed(text)),
            Event::Code(text) => Event::Code(scrubbed(text)),
            Event::InlineMath(tex) => self.math(INLINE_MATH, "$", &tex),
            Event::DisplayMath(tex) => self.math(DISPLAY_MATH, "$$", &tex),
            Event::Html(html) => Event::Html(self.raw(file, html)),
            Event::InlineHtml(html) => Event::InlineHtml(self.raw(file, html)),
            Event::FootnoteReference(label) => {
                let number = self.footnotes.number(file, &label);
                use_footnote(&mut self.used, number);
                let html = format!("<sup class=\"footnote-ref\">{number}</sup>");
                Event::InlineHtml(html.into())
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                let dest_url = match self.context.media_path(file, &dest_url) {
                    Some(path) => path.into(),
                    None => self.target(dest_url),
                };
                Event::Start(Tag::Image { link_type, dest_url, title: scrubbed(title), id })
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url = self.target(dest_url);
                Event::Start(Tag::Link { link_type, dest_url, title: scrubbed(title), id })
            }
            event => event,
        }
    }

    fn target<'e>(&mut self, target: CowStr<'e>) -> CowStr<'e> {
        self.is_raw |= !sanitize::is_harmless(&target);
        scrubbed(target)
    }

    fn math<'e>(&self, [open, close]: [char; 2], sign: &str, tex: &str) -> Event<'e> {
        let tex = scrub(tex);
        if !tex::is_closed(&tex) {
            return Event::Text(format!("{sign}{tex}{sign}").into());
        }
        let mut html = String::with_capacity(tex.len() + 2);
        html.push(open);
        match self.context.html {
            Html::Allow => escape(&tex, &mut html),
            Html::Sanitize | Html::Escape => escape(&tex::harmless(&tex), &mut html),
        }
        html.push(close);
        Event::InlineHtml(html.into())
    }

    /// Raw HTML as the configuration wants it, with media under their names in the package.
    fn raw<'e>(&mut self, file: FileId, html: CowStr<'e>) -> CowStr<'e> {
        let html = scrubbed(html);
        if self.context.html == Html::Escape {
            let mut text = String::new();
            escape(&raw::without_comments(&html), &mut text);
            return text.into();
        }
        self.is_raw = true;
        let mut out = String::with_capacity(html.len());
        let mut at = 0;
        for tag in raw::tags(&html) {
            let source = tag.source.clone().filter(|_| raw::embeds(&tag));
            let path = source.clone().and_then(|s| self.context.media_path(file, &html[s]));
            if let (Some(source), Some(path)) = (source, path) {
                out.push_str(&html[at..source.start]);
                out.push_str(&path);
                at = source.end;
            }
        }
        out.push_str(&html[at..]);
        match self.context.html {
            Html::Allow => out.into(),
            Html::Sanitize | Html::Escape => sanitize::unknown_as_text(&out).into(),
        }
    }
}

/// An event within an image, which the library makes the text of an attribute.
fn alternative(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => {
            Event::Text(scrubbed(text))
        }
        Event::InlineMath(tex) => Event::InlineMath(scrubbed(tex)),
        Event::DisplayMath(tex) => Event::DisplayMath(scrubbed(tex)),
        Event::FootnoteReference(_) => Event::Text("".into()),
        event => event,
    }
}

/// Joins the lines of an HTML block, so that a tag over two lines is seen as one.
fn merge_html<'e>(events: impl Iterator<Item = Event<'e>>) -> Vec<Event<'e>> {
    let mut merged: Vec<Event<'e>> = Vec::new();
    for event in events {
        if let (Event::Html(line), Some(Event::Html(block))) = (&event, merged.last_mut()) {
            *block = CowStr::from(format!("{block}{line}"));
        } else {
            merged.push(event);
        }
    }
    merged
}

fn escape(text: &str, html: &mut String) {
    // Writing to a string cannot fail.
    let _ = escape_html(html, text);
}

fn scrubbed(text: CowStr<'_>) -> CowStr<'_> {
    match scrub(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(text) => text.into(),
    }
}

/// Without control characters other than tab and newline, which Anki removes too.
fn scrub(text: &str) -> Cow<'_, str> {
    let is_dropped = |c: char| c.is_ascii_control() && c != '\n' && c != '\t';
    if text.contains(is_dropped) {
        Cow::Owned(text.chars().filter(|&c| !is_dropped(c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}
