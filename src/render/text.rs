//! Renders an excerpt as plain text: lists keep their bullets, code its lines, tables their
//! columns.

mod shape;

use std::borrow::Cow;
use std::iter::Peekable;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Checkboxes, Context, Footnotes, UsedFootnotes, html_to_text, sanitize_tex};
use crate::markdown::{SpannedEvent, alert};
use crate::model::Excerpt;
use crate::source::FileId;

pub use shape::Shape;

/// Renders an excerpt as a page, with the footnotes that it refers to below it.
pub fn render(context: &Context<'_>, body: &Excerpt, footnotes: &mut Footnotes) -> String {
    render_in(Shape::Page, context, body, footnotes)
}

/// Renders an excerpt in a shape, with the footnotes that it refers to below it.
pub fn render_in(
    shape: Shape,
    context: &Context<'_>,
    body: &Excerpt,
    footnotes: &mut Footnotes,
) -> String {
    render_joined(shape, context, body, context.events(body), footnotes, "\n\n")
}

/// Renders a list item, whose blocks are not separated by empty lines.
pub fn render_item(context: &Context<'_>, body: &Excerpt, footnotes: &mut Footnotes) -> String {
    render_joined(Shape::Page, context, body, context.events(body), footnotes, "\n")
}

/// Renders all points of a key points section as one list.
pub fn render_points(
    shape: Shape,
    context: &Context<'_>,
    body: &Excerpt,
    footnotes: &mut Footnotes,
) -> String {
    let points = context.point_events(body).into_iter();
    let items = points.map(|(point, events)| {
        let text = render_joined(shape, context, &point, events, footnotes, "\n");
        shape.hang("• ", &text)
    });
    shape.list(&items.collect::<Vec<_>>())
}

/// Renders the first block of an excerpt.
#[must_use]
pub fn first_block(context: &Context<'_>, body: &Excerpt) -> String {
    let (mut footnotes, mut used) = (Footnotes::default(), UsedFootnotes::default());
    let events = context.events(body);
    let shape = Shape::Page;
    let blocks = render_blocks(shape, context, body, events, &mut footnotes, &mut used);
    blocks.into_iter().next().unwrap_or_default()
}

fn render_joined(
    shape: Shape,
    context: &Context<'_>,
    body: &Excerpt,
    events: Vec<SpannedEvent<'_>>,
    footnotes: &mut Footnotes,
    gap: &str,
) -> String {
    let mut used = UsedFootnotes::default();
    let mut blocks = render_blocks(shape, context, body, events, footnotes, &mut used);
    let mut at = 0;
    while let Some(&number) = used.order.get(at) {
        at += 1;
        if let Some(note) = footnotes.definition(context, number) {
            let events = context.events(note);
            let blocks_of_note = render_blocks(shape, context, note, events, footnotes, &mut used);
            let text = shape.join(&blocks_of_note, "\n\n");
            blocks.push(shape.hang(&format!("[{number}] "), &text));
        }
    }
    shape.join(&blocks, gap)
}

fn render_blocks(
    shape: Shape,
    context: &Context<'_>,
    body: &Excerpt,
    events: Vec<SpannedEvent<'_>>,
    footnotes: &mut Footnotes,
    used: &mut UsedFootnotes,
) -> Vec<String> {
    let events = events.into_iter().map(|(event, _)| match (event, context.boxes) {
        (Event::TaskListMarker(true), Checkboxes::Marked) => Event::Text("✓ ".into()),
        (Event::TaskListMarker(_), Checkboxes::Marked | Checkboxes::Hidden) => {
            Event::Text("".into())
        }
        (event, _) => event,
    });
    let events = events.peekable();
    TextRenderer { shape, events, file: body.blocks.file, footnotes, used, depth: 0, lists: 0 }
        .blocks()
}

struct TextRenderer<'r, E: Iterator> {
    shape: Shape,
    events: Peekable<E>,
    file: FileId,
    footnotes: &'r mut Footnotes,
    used: &'r mut UsedFootnotes,
    /// How many blocks are open.
    depth: usize,
    /// How many of them are lists.
    lists: usize,
}

/// The initial capacity for a text; most paragraphs and items are shorter.
const INITIAL_CAPACITY: usize = 128;

/// The deepest nesting that is rendered; anything deeper loses its structure.
const MAX_DEPTH: usize = 100;

impl<'e, E: Iterator<Item = Event<'e>>> TextRenderer<'_, E> {
    /// Renders all blocks up to the end of the open one.
    fn blocks(&mut self) -> Vec<String> {
        let mut blocks = Vec::new();
        loop {
            let block = match self.events.peek() {
                None | Some(Event::End(_)) => break,
                Some(Event::Start(tag)) if is_block(tag) => {
                    let tag = self.events.next();
                    let text = match tag {
                        Some(Event::Start(tag)) => self.block(&tag),
                        _ => String::new(),
                    };
                    self.events.next();
                    text
                }
                Some(Event::Rule) => {
                    self.events.next();
                    self.shape.rule().to_owned()
                }
                Some(_) => self.read_line(),
            };
            if !block.is_empty() {
                blocks.push(block);
            }
        }
        blocks
    }

    fn block(&mut self, tag: &Tag<'_>) -> String {
        if self.depth == MAX_DEPTH {
            return self.flat();
        }
        self.depth += 1;
        let text = self.nested(tag);
        self.depth -= 1;
        text
    }

    /// Renders all text up to the end of the open block, without its structure.
    fn flat(&mut self) -> String {
        let mut parts = Vec::new();
        let mut open = 0usize;
        loop {
            match self.events.peek() {
                None => break,
                Some(Event::Start(tag)) if is_block(tag) => {
                    open += 1;
                    self.events.next();
                }
                Some(Event::End(_)) if open == 0 => break,
                Some(Event::End(_)) => {
                    open -= 1;
                    self.events.next();
                }
                Some(Event::Rule) => {
                    self.events.next();
                }
                Some(_) => parts.push(self.read_line()),
            }
        }
        self.shape.join(&parts, "\n")
    }

    fn nested(&mut self, tag: &Tag<'_>) -> String {
        let shape = self.shape;
        match tag {
            Tag::List(first) => self.list(*first),
            Tag::Table(_) => self.table(),
            Tag::BlockQuote(None) => shape.quote(&shape.join(&self.blocks(), "\n\n")),
            Tag::BlockQuote(Some(kind)) => {
                let is_text = matches!(self.events.peek(), Some(Event::Start(Tag::Paragraph)));
                shape.alert(alert(*kind), is_text, &shape.join(&self.blocks(), "\n\n"))
            }
            Tag::DefinitionList => shape.definitions(&self.blocks()),
            Tag::DefinitionListDefinition => shape.definition(&shape.join(&self.blocks(), "\n")),
            Tag::CodeBlock(_) => shape.code(&self.inline()),
            Tag::HtmlBlock | Tag::Paragraph | Tag::Heading { .. } | Tag::DefinitionListTitle => {
                self.read_line()
            }
            _ => shape.join(&self.blocks(), "\n\n"),
        }
    }

    fn list(&mut self, first: Option<u64>) -> String {
        let mut items = Vec::new();
        let mut number = first;
        self.lists += 1;
        while let Some(Event::Start(_)) = self.events.peek() {
            self.events.next();
            let marker = number.map_or_else(|| "• ".to_owned(), |number| format!("{number}. "));
            let text = self.shape.join(&self.blocks(), "\n");
            items.push(self.shape.hang(&marker, &text));
            number = number.map(|number| number.saturating_add(1));
            self.events.next();
        }
        self.lists -= 1;
        let list = self.shape.list(&items);
        if self.lists > 0 { self.shape.inner_list(list) } else { list }
    }

    fn table(&mut self) -> String {
        let mut rows: Vec<Vec<String>> = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
                Event::Start(Tag::TableCell) => {
                    let cell = self.read_line();
                    if let Some(row) = rows.last_mut() {
                        row.push(cell);
                    }
                }
                Event::End(TagEnd::TableRow | TagEnd::TableHead) if self.is_closing() => break,
                _ => {}
            }
        }
        self.shape.table(&rows)
    }

    /// Returns whether the open block ends here.
    fn is_closing(&mut self) -> bool {
        !matches!(self.events.peek(), Some(Event::Start(_)))
    }

    /// Renders inline content, trimmed.
    fn read_line(&mut self) -> String {
        let text = self.inline();
        self.shape.paragraph(text.trim())
    }

    /// Collects inline content up to the end of the open block, or up to the next block in it.
    fn inline(&mut self) -> String {
        let mut text = String::with_capacity(INITIAL_CAPACITY);
        let mut open: Vec<String> = Vec::new();
        let mut raised = None;
        loop {
            match self.events.peek() {
                None => break,
                Some(Event::Start(tag)) if is_block(tag) => break,
                Some(Event::End(_)) if open.is_empty() => break,
                Some(_) => {}
            }
            match self.events.next() {
                Some(Event::Text(part) | Event::Code(part)) => text.push_str(&part),
                Some(Event::InlineMath(tex)) => text.push_str(&format!("${}$", self.tex(&tex))),
                Some(Event::DisplayMath(tex)) => text.push_str(&format!("$${}$$", self.tex(&tex))),
                Some(Event::Html(line)) => {
                    let mut html = line.into_string();
                    while let Some(Event::Html(line)) =
                        self.events.next_if(|event| matches!(event, Event::Html(_)))
                    {
                        html.push_str(&line);
                    }
                    html_to_text::push(&html, &mut raised, &mut text);
                }
                Some(Event::InlineHtml(html)) => html_to_text::push(&html, &mut raised, &mut text),
                Some(Event::FootnoteReference(label)) => {
                    let number = self.footnotes.number(self.file, &label);
                    text.push_str(&format!("[{}]", self.used.add(number)));
                }
                Some(Event::SoftBreak) if text.ends_with('\n') => {}
                Some(Event::SoftBreak) => text.push(' '),
                Some(Event::HardBreak) => text.push('\n'),
                Some(Event::TaskListMarker(done)) => {
                    text.push_str(if done { "[x] " } else { "[ ] " });
                }
                Some(Event::Start(Tag::Link { dest_url, .. })) => {
                    open.push(format!(" ({dest_url})"));
                    open.push(text);
                    text = String::new();
                }
                Some(Event::Start(Tag::Image { dest_url, .. })) => {
                    open.push(format!("[{dest_url}]"));
                    open.push(text);
                    text = String::new();
                }
                Some(Event::Start(_)) => open.push(String::new()),
                Some(Event::End(TagEnd::Link)) => {
                    let inner = std::mem::replace(&mut text, open.pop().unwrap_or_default());
                    let target = open.pop().unwrap_or_default();
                    text.push_str(&inner);
                    let bare = target.trim_start_matches(" (").trim_end_matches(')');
                    if bare.trim_start_matches("mailto:") != inner && !bare.is_empty() {
                        text.push_str(&target);
                    }
                }
                Some(Event::End(TagEnd::Image)) => {
                    let inner = std::mem::replace(&mut text, open.pop().unwrap_or_default());
                    let target = open.pop().unwrap_or_default();
                    match inner.trim() {
                        "" => text.push_str(&target),
                        alt => text.push_str(&format!("[{alt}]")),
                    }
                }
                Some(Event::End(_)) => {
                    open.pop();
                }
                Some(Event::Rule) | None => {}
            }
        }
        text
    }

    fn tex<'t>(&self, tex: &'t str) -> Cow<'t, str> {
        match self.shape {
            Shape::Page => Cow::Borrowed(tex),
            Shape::Line => Cow::Owned(sanitize_tex::join_lines(tex)),
        }
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}
