//! Builds the tree of an excerpt from its pieces.

use std::collections::VecDeque;

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use super::super::cloze_marks::Piece;
use super::super::placeholder::{CLOZE, DISPLAY_MATH, INLINE_MATH};
use super::super::{Checkboxes, Context, Footnotes, UsedFootnotes, sanitize_tex};
use super::line::{Line, trim_line};
use super::{Block, Inline, Media, TextStyle, plain_text};
use crate::config::Html;
use crate::entities;
use crate::markdown::attributes::is_harmless;
use crate::markdown::{alert, html, size};
use crate::source::FileId;

/// Consumes pieces from the front, up to the end of the block or markup that it reads.
pub(super) struct TreeReader<'r, 'b> {
    pub(super) context: &'r Context<'b>,
    pub(super) pieces: VecDeque<Piece<'b>>,
    pub(super) text: &'b str,
    pub(super) file: FileId,
    pub(super) footnotes: &'r mut Footnotes,
    pub(super) used: &'r mut UsedFootnotes,
    /// How many blocks and inline elements are open.
    pub(super) depth: usize,
}

/// The deepest nesting that is kept; anything deeper loses its structure.
const MAX_DEPTH: usize = 60;

impl<'b> TreeReader<'_, 'b> {
    fn event(&self) -> Option<&Event<'b>> {
        match self.pieces.front()? {
            Piece::Event(event, _) => Some(event),
            Piece::Mark(_) | Piece::Tex(_) => None,
        }
    }

    /// Returns whether the open block or inline element ends here.
    fn is_closing(&self) -> bool {
        self.pieces.is_empty() || matches!(self.event(), Some(Event::End(_)))
    }

    /// Reads all blocks up to the end of the open one.
    pub(super) fn blocks(&mut self) -> Vec<Block> {
        let mut blocks = Vec::new();
        while !self.is_closing() {
            match self.event() {
                Some(Event::Start(tag)) if is_block(tag) => {
                    let tag = tag.clone();
                    self.pieces.pop_front();
                    self.depth += 1;
                    blocks.extend(self.block(&tag));
                    self.depth -= 1;
                    self.pieces.pop_front();
                }
                Some(Event::Rule) => {
                    self.pieces.pop_front();
                    blocks.push(Block::Rule);
                }
                _ => blocks.extend(text_block(self.line())),
            }
        }
        blocks
    }

    fn block(&mut self, tag: &Tag<'_>) -> Vec<Block> {
        if self.depth >= MAX_DEPTH {
            return self.flat();
        }
        let block = match tag {
            Tag::Heading { .. } => Block::Heading(self.line()),
            Tag::CodeBlock(kind) => {
                let lang = match kind {
                    CodeBlockKind::Fenced(info) => info.split([' ', '\t', ',']).next(),
                    CodeBlockKind::Indented => None,
                };
                let mut code = String::new();
                while let Some(Event::Text(part)) = self.event() {
                    code.push_str(part);
                    self.pieces.pop_front();
                }
                let code = code.trim_end_matches('\n').to_owned();
                Block::Code(lang.unwrap_or_default().to_owned(), code)
            }
            Tag::List(first) => {
                let mut items = Vec::new();
                while matches!(self.event(), Some(Event::Start(_))) {
                    self.pieces.pop_front();
                    items.push(self.blocks());
                    self.pieces.pop_front();
                }
                Block::List(*first, items)
            }
            Tag::Table(alignments) => Block::Table(alignments.clone(), self.rows()),
            Tag::BlockQuote(kind) => Block::Quote(kind.map(alert), self.blocks()),
            Tag::DefinitionListTitle => Block::Term(self.line()),
            Tag::DefinitionListDefinition => Block::Definition(self.blocks()),
            Tag::Paragraph | Tag::HtmlBlock => {
                return text_block(self.line()).into_iter().collect();
            }
            _ => return self.blocks(),
        };
        vec![block]
    }

    /// Reads all text up to the end of the open block, without its structure.
    fn flat(&mut self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open = 0usize;
        loop {
            match self.event() {
                Some(Event::Start(tag)) if is_block(tag) => open += 1,
                Some(Event::End(_)) if open == 0 => break,
                Some(Event::End(_)) => open -= 1,
                Some(Event::Rule) => {}
                None if self.pieces.is_empty() => break,
                _ => {
                    blocks.extend(text_block(self.line()));
                    continue;
                }
            }
            self.pieces.pop_front();
        }
        blocks
    }

    fn rows(&mut self) -> Vec<Vec<Vec<Inline>>> {
        let mut rows: Vec<Vec<Vec<Inline>>> = Vec::new();
        while let Some(Event::Start(Tag::TableHead | Tag::TableRow)) = self.event() {
            self.pieces.pop_front();
            let mut row = Vec::new();
            while let Some(Event::Start(Tag::TableCell)) = self.event() {
                self.pieces.pop_front();
                row.push(self.line());
                self.pieces.pop_front();
            }
            rows.push(row);
            self.pieces.pop_front();
        }
        rows
    }

    /// Reads inline content up to the end of the open block, or up to the next block in it.
    fn line(&mut self) -> Vec<Inline> {
        trim_line(self.inline(&[]))
    }

    /// Reads inline content up to one of some marks, which is not consumed.
    fn inline(&mut self, ends: &[char]) -> Vec<Inline> {
        let mut line = Line::default();
        // How many inline elements are open whose nesting is ignored.
        let mut open = 0usize;
        loop {
            match self.event() {
                Some(Event::Start(tag)) if is_block(tag) => break,
                Some(Event::Start(_)) if self.depth >= MAX_DEPTH => {
                    open += 1;
                    self.pieces.pop_front();
                    continue;
                }
                Some(Event::End(_)) if open > 0 => {
                    open -= 1;
                    self.pieces.pop_front();
                    continue;
                }
                Some(Event::End(_) | Event::Rule) => break,
                _ => {}
            }
            if let Some(Piece::Mark(mark)) = self.pieces.front()
                && ends.iter().any(|end| mark.starts_with(*end))
            {
                break;
            }
            match self.pieces.pop_front() {
                None => break,
                Some(Piece::Event(event, range)) => {
                    let size = size::parse(&self.text[range]);
                    self.push(event, size, &mut line);
                }
                Some(Piece::Mark(mark)) => self.read_delimiter(&mark, &mut line),
                Some(Piece::Tex(tex)) => line.push(Inline::Math(tex, false)),
            }
        }
        line.finish()
    }

    fn push(&mut self, event: Event<'b>, size: size::Size<'_>, line: &mut Line) {
        match event {
            Event::Text(part) => line.push_text(&part),
            Event::SoftBreak => line.space(),
            Event::HardBreak => line.push(Inline::Break),
            Event::Code(code) => line.push(Inline::Code(code.into_string())),
            Event::InlineMath(tex) => line.push(Inline::Math(self.tex(&tex), false)),
            Event::DisplayMath(tex) => line.push(Inline::Math(self.tex(&tex), true)),
            Event::Html(part) => {
                let mut html = part.into_string();
                while let Some(Event::Html(part)) = self.event() {
                    html.push_str(part);
                    self.pieces.pop_front();
                }
                self.push_html(&html, line);
            }
            Event::InlineHtml(html) => self.push_html(&html, line),
            Event::FootnoteReference(label) => {
                let number = self.footnotes.number(self.file, &label);
                line.push(Inline::Footnote(self.used.add(number)));
            }
            Event::TaskListMarker(is_right) => match self.context.boxes {
                Checkboxes::Shown => line.push(Inline::Checkbox(is_right)),
                Checkboxes::Marked if is_right => line.push_text("✓ "),
                Checkboxes::Marked | Checkboxes::Hidden => {}
            },
            Event::Start(Tag::Image { dest_url, .. }) => {
                let alt_text = plain_text(&self.inner());
                let target = self.target(&dest_url);
                let size = [size.width, size.height].map(|size| size.map(str::to_owned));
                line.push(Inline::Media(Media { target, alt_text, size }));
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let inner = self.inner();
                if is_harmless(&dest_url) || self.context.html == Html::Allow {
                    line.push(Inline::Link(self.target(&dest_url), inner));
                    return;
                }
                // An app may run a program when such a link is followed.
                let is_said = plain_text(&inner) == *dest_url;
                for piece in inner {
                    line.push(piece);
                }
                line.push_text(&if is_said { String::new() } else { format!(" ({dest_url})") });
            }
            Event::Start(tag) => {
                let mark = match tag {
                    Tag::Strong => TextStyle::Strong,
                    Tag::Strikethrough => TextStyle::Strike,
                    _ => TextStyle::Emphasis,
                };
                let inner = self.inner();
                if !inner.is_empty() {
                    line.push(Inline::Styled(mark, inner));
                }
            }
            Event::End(_) | Event::Rule => {}
        }
    }

    fn tex(&self, tex: &str) -> String {
        sanitize_tex::sanitize(tex, self.context.html)
    }

    /// Reads the content of an inline element, and consumes its end.
    fn inner(&mut self) -> Vec<Inline> {
        self.depth += 1;
        let inner = self.inline(&[]);
        self.depth -= 1;
        self.pieces.pop_front();
        inner
    }

    /// Reads a cloze; or a formula with clozes, which becomes one cloze as a whole, since TeX that
    /// is cut into pieces is invalid.
    fn read_delimiter(&mut self, mark: &str, line: &mut Line) {
        let [open, numbered, hint, close] = CLOZE;
        let number = |mark: &str| {
            let number = mark.strip_prefix(open)?.strip_suffix(numbered)?;
            number.parse::<u16>().ok()
        };
        if let Some(number) = number(mark) {
            let inner = self.inline(&[hint, close]);
            let mut about = None;
            while let Some(Piece::Mark(mark)) = self.pieces.pop_front() {
                if mark.starts_with(close) {
                    break;
                }
                about = Some(plain_text(&self.inline(&[hint, close])).trim().to_owned());
            }
            line.push(Inline::Cloze(number, inner, about.filter(|about| !about.is_empty())));
            return;
        }
        for [start, end] in [INLINE_MATH, DISPLAY_MATH] {
            if !mark.starts_with(start) {
                continue;
            }
            let (mut tex, mut first, mut about) = (String::new(), None, None);
            while let Some(piece) = self.pieces.pop_front() {
                match piece {
                    Piece::Mark(mark) if mark.starts_with(end) => break,
                    Piece::Mark(mark) if mark.starts_with(hint) => {
                        if let Some(Piece::Tex(hint)) = self.pieces.pop_front() {
                            about = about.or(Some(hint));
                        }
                    }
                    Piece::Mark(mark) => first = first.or(number(&mark)),
                    Piece::Tex(part) => tex.push_str(&part),
                    Piece::Event(..) => {}
                }
            }
            let math = Inline::Math(tex, start == DISPLAY_MATH[0]);
            line.push(match first {
                Some(first) => Inline::Cloze(first, vec![math], about),
                None => math,
            });
        }
    }

    /// Adds raw HTML as text and embedded media.
    fn push_html(&self, html: &str, line: &mut Line) {
        let mut at = 0;
        for tag in html::tags(html) {
            let Some(source) = tag.source.clone().filter(|_| html::embeds(&tag)) else { continue };
            line.push_html(&html[at..tag.range.start]);
            at = tag.range.end;
            let target = self.target(&entities::decode(&html[source]));
            let alt_text = html::alt_text(&html[tag.range.clone()]);
            let alt_text = alt_text.unwrap_or_default().into_owned();
            line.push(Inline::Media(Media { target, alt_text, size: [None, None] }));
        }
        line.push_html(&html[at..]);
    }

    fn target(&self, target: &str) -> String {
        self.context.media_path(self.file, target).unwrap_or_else(|| target.to_owned())
    }
}

fn text_block(line: Vec<Inline>) -> Option<Block> {
    (!line.is_empty()).then_some(Block::Text(line))
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}
