//! Renders an excerpt as HTML for a field of a card.
//!
//! pulldown-cmark writes the HTML. Here its events are prepared for the card: footnotes are
//! numbered per card, images get their name in the package, formulas their delimiters. At the end
//! `escape_anki` escapes what Anki would take for its own syntax.

use std::borrow::Cow;
use std::fmt::Write as _;

use pulldown_cmark::{CowStr, Event, Tag, html::push_html};
use pulldown_cmark_escape::escape_html;

use super::callouts;
use super::cloze_marks::{self, Piece};
use super::media::{self, Embedded, Player};
use super::placeholder::{CLOZE, DISPLAY_MATH, INLINE_MATH, is_control, remove_control};
use super::{Checkboxes, Context, Footnotes, MathDelimiters, UsedFootnotes};
use super::{escape_anki, highlight, mnemosyne_math, sanitize, sanitize_tex};
use crate::config::Html;
use crate::entities;
use crate::markdown::attributes::is_harmless;
use crate::markdown::cloze::is_closed;
use crate::markdown::{alert, html as raw, size};
use crate::media::is_document;
use crate::model::Excerpt;
use crate::source::FileId;

/// Renders an excerpt, with the footnotes that it refers to below it.
pub fn render(context: &Context<'_>, body: &Excerpt, footnotes: &mut Footnotes) -> String {
    render_between(context, body, footnotes, ["", ""])
}

/// Renders an excerpt as one cloze with a number.
pub fn render_cloze(
    context: &Context<'_>,
    body: &Excerpt,
    footnotes: &mut Footnotes,
    number: u16,
) -> String {
    let [open, numbered, _, close] = CLOZE;
    let open = format!("{open}{number}{numbered}");
    render_between(context, body, footnotes, [&open, &close.to_string()])
}

fn render_between(
    context: &Context<'_>,
    body: &Excerpt,
    footnotes: &mut Footnotes,
    [open, close]: [&str; 2],
) -> String {
    let player = if context.media_folder.is_empty() { Player::Anki } else { Player::Browser };
    let mut field = FieldRenderer {
        context,
        player,
        footnotes,
        used: UsedFootnotes::default(),
        is_raw: false,
        open: 0,
    };
    let mut html = field.push(body);
    if !open.is_empty() {
        html = format!("{open}{}{close}", html.trim_end());
    }
    field.push_footnotes(&mut html);
    if field.is_raw && context.html != Html::Allow {
        html = sanitize::clean(&html);
    }
    match context.math {
        MathDelimiters::MathJax => escape_anki::finish(html.trim_end()),
        MathDelimiters::Mnemosyne => mnemosyne_math::finish(html.trim_end()),
    }
}

/// Escapes a plain text.
#[must_use]
pub fn escape_plain(text: &str) -> String {
    escape_anki::finish(&escaped(text))
}

/// Renders the excerpts of one field.
struct FieldRenderer<'p, 'b> {
    context: &'p Context<'b>,
    player: Player,
    footnotes: &'p mut Footnotes,
    used: UsedFootnotes,
    /// Whether it contains raw HTML, or links that Markdown alone would not allow.
    is_raw: bool,
    /// How many elements of raw HTML are open.
    open: usize,
}

impl FieldRenderer<'_, '_> {
    fn push(&mut self, body: &Excerpt) -> String {
        let file = body.blocks.file;
        let text = self.context.sources.text(file);
        let pieces = merge_html(cloze_marks::split(self.context, body));
        let mut pieces = callouts::replace(self.context, file, pieces).into_iter();
        let prepared = std::iter::from_fn(|| {
            Some(match pieces.next()? {
                Piece::Mark(mark) => Event::InlineHtml(mark.into()),
                Piece::Tex(tex) => Event::InlineHtml(escaped(&tex).into()),
                Piece::Event(Event::Start(Tag::Image { dest_url, title, .. }), range) => {
                    let alt_text = alt_text(&mut pieces);
                    let size = size::parse(&text[range]);
                    self.embedded(
                        file,
                        dest_url,
                        &remove_control(&alt_text),
                        &remove_control(&title),
                        size,
                    )
                }
                Piece::Event(event, _) => self.prepare(file, event),
            })
        });
        let mut html = String::with_capacity(body.content.len() + body.content.len() / 4);
        push_html(&mut html, highlight::blocks(prepared));
        html
    }

    fn push_footnotes(&mut self, html: &mut String) {
        let mut at = 0;
        let mut list = String::new();
        while let Some(&number) = self.used.order.get(at) {
            at += 1;
            if let Some(body) = self.footnotes.definition(self.context, number) {
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
            Event::Text(text) => Event::Text(without_control(text)),
            Event::Code(text) => Event::Code(without_control(text)),
            Event::InlineMath(tex) => self.math(INLINE_MATH, "$", &tex),
            Event::DisplayMath(tex) => self.math(DISPLAY_MATH, "$$", &tex),
            Event::Html(html) => Event::Html(self.raw(file, html)),
            Event::InlineHtml(html)
                if self.context.html == Html::Allow
                    && sanitize::is_placeholder(&html, Html::Allow) =>
            {
                Event::Text(without_control(html))
            }
            Event::InlineHtml(html) => Event::InlineHtml(self.raw(file, html)),
            Event::FootnoteReference(label) => {
                let number = self.footnotes.number(file, &label);
                self.used.add(number);
                let html = format!("<sup class=\"footnote-ref\">{number}</sup>");
                Event::InlineHtml(html.into())
            }
            Event::Start(Tag::BlockQuote(Some(kind))) => {
                let title = alert(kind);
                let kind = title.to_lowercase();
                let html = format!(
                    "<blockquote class=\"alert {kind}\">\n<p class=\"alert-title\">{title}</p>\n"
                );
                Event::Html(html.into())
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url = self.resolve_link(file, dest_url);
                Event::Start(Tag::Link { link_type, dest_url, title: without_control(title), id })
            }
            Event::TaskListMarker(is_right) => match self.context.boxes {
                Checkboxes::Shown => event,
                Checkboxes::Marked if is_right => {
                    Event::InlineHtml("<span class=\"right\">✓</span> ".into())
                }
                Checkboxes::Marked | Checkboxes::Hidden => Event::Text("".into()),
            },
            event => event,
        }
    }

    fn embedded<'e>(
        &mut self,
        file: FileId,
        target: CowStr<'e>,
        alt_text: &str,
        title: &str,
        size: size::Size<'_>,
    ) -> Event<'e> {
        let is_link = is_document(&target);
        let path = self.context.media_path(file, &target).filter(|_| !is_link);
        let is_brought = path.is_some();
        let target = match path {
            Some(path) => path.into(),
            None if is_link => self.resolve_link(file, target),
            None => self.target(target),
        };
        let embedded = Embedded { target: &target, is_brought, alt_text, title, size };
        Event::InlineHtml(media::render(&embedded, self.player).into())
    }

    /// Resolves the target of a link. Anki's packages contain no files that are only linked to.
    fn resolve_link<'e>(&mut self, file: FileId, target: CowStr<'e>) -> CowStr<'e> {
        let is_apart = !self.context.media_folder.is_empty();
        let path = is_apart.then(|| self.context.media_path(file, &target)).flatten();
        path.map_or_else(|| self.target(target), CowStr::from)
    }

    fn target<'e>(&mut self, target: CowStr<'e>) -> CowStr<'e> {
        self.is_raw |= !is_harmless(&target);
        without_control(target)
    }

    fn math<'e>(&self, [open, close]: [char; 2], sign: &str, tex: &str) -> Event<'e> {
        let tex = remove_control(tex);
        if !is_closed(&tex) {
            return Event::Text(format!("{sign}{tex}{sign}").into());
        }
        let tex = sanitize_tex::sanitize(&tex, self.context.html);
        Event::InlineHtml(format!("{open}{}{close}", escaped(&tex)).into())
    }

    /// Treats raw HTML as the configuration says, and replaces media paths by names in the output.
    fn raw<'e>(&mut self, file: FileId, html: CowStr<'e>) -> CowStr<'e> {
        let html = without_control(html);
        if self.context.html == Html::Escape {
            let mut text = String::new();
            escape(&raw::without_comments(&html), &mut text);
            return text.into();
        }
        self.is_raw = true;
        let html = escape_control_references(html);
        let mut out = String::with_capacity(html.len());
        let mut at = 0;
        for tag in raw::tags(&html) {
            let source = tag.source.clone().filter(|_| raw::embeds(&tag));
            let target = source.clone().map(|source| entities::decode(&html[source]));
            let path = target.and_then(|target| self.context.media_path(file, &target));
            if let (Some(source), Some(path)) = (source, path) {
                out.push_str(&html[at..source.start]);
                out.push_str(&path);
                at = source.end;
            }
        }
        out.push_str(&html[at..]);
        match self.context.html {
            Html::Allow => out.into(),
            Html::Sanitize | Html::Escape => sanitize::unknown_as_text(&out, &mut self.open).into(),
        }
    }
}

/// Collects the alternative text of an image, up to its end.
fn alt_text<'e>(pieces: &mut impl Iterator<Item = Piece<'e>>) -> String {
    let mut text = String::new();
    let mut open = 1;
    for piece in pieces {
        let Piece::Event(event, _) = piece else { continue };
        match event {
            Event::Start(_) => open += 1,
            Event::End(_) => open -= 1,
            Event::Text(part) | Event::Code(part) | Event::InlineHtml(part) => text.push_str(&part),
            Event::InlineMath(tex) => text.extend(["$", &tex, "$"]),
            Event::DisplayMath(tex) => text.extend(["$$", &tex, "$$"]),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
        if open == 0 {
            break;
        }
    }
    text
}

/// Joins the lines of an HTML block, so that a tag may extend over several lines.
fn merge_html(pieces: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    if !pieces.iter().any(|piece| matches!(piece, Piece::Event(Event::Html(_), _))) {
        return pieces;
    }
    let mut merged: Vec<Piece<'_>> = Vec::with_capacity(pieces.len());
    let mut pieces = pieces.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let Piece::Event(Event::Html(line), range) = piece else {
            merged.push(piece);
            continue;
        };
        let mut block = line.into_string();
        while let Some(Piece::Event(Event::Html(line), _)) =
            pieces.next_if(|next| matches!(next, Piece::Event(Event::Html(_), _)))
        {
            block.push_str(&line);
        }
        merged.push(Piece::Event(Event::Html(block.into()), range));
    }
    merged
}

/// Escapes references such as `&#14;` to control characters in raw HTML: the sanitizer would turn
/// them into characters, which are our placeholders.
fn escape_control_references(html: CowStr<'_>) -> CowStr<'_> {
    if !html.contains("&#") {
        return html;
    }
    let mut parts = html.split("&#");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = entities::parse_reference(part).and_then(char::from_u32);
        out.push_str(if code.is_some_and(is_control) { "&amp;#" } else { "&#" });
        out.push_str(part);
    }
    out.into()
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape(&remove_control(text), &mut html);
    html
}

fn escape(text: &str, html: &mut String) {
    // Writing to a string cannot fail.
    let _ = escape_html(html, text);
}

fn without_control(text: CowStr<'_>) -> CowStr<'_> {
    match remove_control(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(text) => text.into(),
    }
}
