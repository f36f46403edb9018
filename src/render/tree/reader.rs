//! Builds the tree of an excerpt from its pieces.

use std::collections::VecDeque;
use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, LinkType, Tag};

use super::super::cloze_marks::Piece;
use super::super::placeholder::{CLOZE, DISPLAY_MATH, INLINE_MATH, VAULT_LINK};
use super::super::{Checkboxes, Context, Footnotes, UsedFootnotes, sanitize, sanitize_tex};
use super::line::trim_line;
use super::plain::plain_line;
use super::{Block, Callout, Inline, Link, LinkKind, Media, TexPart, TextStyle, plain_text};
use crate::config::Html;
use crate::markdown::attributes::is_harmless;
use crate::markdown::{alert, callout, callout_title, html, level, size};
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
    /// Whether a highlight is open.
    pub(super) is_highlight: bool,
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
                    let range = self.pop_range();
                    self.depth += 1;
                    blocks.extend(self.block(&tag, range));
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

    /// Consumes an event, and returns its range.
    fn pop_range(&mut self) -> Range<usize> {
        match self.pieces.pop_front() {
            Some(Piece::Event(_, range)) => range,
            _ => 0..0,
        }
    }

    fn block(&mut self, tag: &Tag<'_>, range: Range<usize>) -> Vec<Block> {
        if self.depth >= MAX_DEPTH {
            return self.flat();
        }
        let block = match tag {
            Tag::Heading { level: number, .. } => Block::Heading(level(*number), self.line()),
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
                let code = code.strip_suffix('\n').unwrap_or(&code).to_owned();
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
            Tag::BlockQuote(kind) => {
                let callout = self.callout(*kind, &range);
                Block::Quote(callout, self.blocks())
            }
            Tag::DefinitionListTitle => Block::Term(self.line()),
            Tag::DefinitionListDefinition => Block::Definition(self.blocks()),
            Tag::HtmlBlock => return self.html_block(),
            Tag::Paragraph => {
                return text_block(self.line()).into_iter().collect();
            }
            _ => return self.blocks(),
        };
        vec![block]
    }

    fn html_block(&mut self) -> Vec<Block> {
        let mut written = String::new();
        while let Some(Event::Html(part)) = self.event() {
            written.push_str(part);
            self.pieces.pop_front();
        }
        let html = Block::Html(self.move_sources(&written));
        let html = (!written.trim().is_empty()).then_some(html);
        html.into_iter().chain(text_block(self.line())).collect()
    }

    /// Reads the title of a callout.
    fn callout(&mut self, kind: Option<BlockQuoteKind>, range: &Range<usize>) -> Option<Callout> {
        if let Some(kind) = kind.map(alert) {
            let title = vec![Inline::Text(kind.to_owned())];
            let kind = kind.to_uppercase();
            return Some(Callout { kind, title, is_untitled: true, fold: None });
        }
        let found = callout(self.text, range)?;
        let is_title = self.context.definitions(self.file).is_obsidian
            && matches!(self.event(), Some(Event::Start(Tag::Paragraph)))
            && matches!(self.pieces.get(1), Some(Piece::Event(Event::Start(Tag::Strong), _)));
        if !is_title {
            return None;
        }
        self.pieces.drain(..2);
        let title = trim_line(self.inner());
        // The end of the paragraph.
        self.pieces.pop_front();
        let is_untitled = plain_text(&title) == callout_title(found.name);
        Some(Callout { kind: found.name.to_owned(), title, is_untitled, fold: found.fold })
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
        let mut line = Vec::new();
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
                Some(Event::InlineHtml(_)) if self.is_highlight_end() => break,
                _ => {}
            }
            if let Some(Piece::Mark(mark)) = self.pieces.front()
                && ends.iter().any(|end| mark.starts_with(*end))
            {
                break;
            }
            match self.pieces.pop_front() {
                None => break,
                Some(Piece::Event(event, range)) => self.push(event, range, ends, &mut line),
                Some(Piece::Mark(mark)) => self.read_delimiter(&mark, ends, &mut line),
                Some(Piece::Tex(tex)) => line.push(Inline::Math(tex, false)),
            }
        }
        line
    }

    fn push(
        &mut self,
        event: Event<'b>,
        range: Range<usize>,
        ends: &[char],
        line: &mut Vec<Inline>,
    ) {
        match event {
            Event::Text(part) => push_text(line, &part),
            Event::SoftBreak => line.push(Inline::SoftBreak),
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
                line.push(Inline::Html(self.move_sources(&html)));
            }
            Event::InlineHtml(_) if &self.text[range.clone()] == "==" => {
                let was_highlight = std::mem::replace(&mut self.is_highlight, true);
                let inner = self.inline(ends);
                self.is_highlight = was_highlight;
                if self.is_highlight_tag() {
                    self.pieces.pop_front();
                }
                line.push(Inline::Styled(TextStyle::Highlight, inner));
            }
            Event::InlineHtml(html) if sanitize::is_placeholder(&html, self.context.html) => {
                // Other apps would take it for an element and show nothing.
                push_text(line, &html);
            }
            Event::InlineHtml(html) => line.push(Inline::Html(self.move_sources(&html))),
            Event::FootnoteReference(label) => {
                let number = self.footnotes.number(self.file, &label);
                line.push(Inline::Footnote(self.used.add(number)));
            }
            Event::TaskListMarker(is_right) => match self.context.boxes {
                Checkboxes::Shown => line.push(Inline::Checkbox(is_right)),
                Checkboxes::Marked if is_right => push_text(line, "✓ "),
                Checkboxes::Marked | Checkboxes::Hidden => {}
            },
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let size = size::parse(&self.text[range.clone()]);
                let alt_text = plain_text(&plain_line(self.inner()));
                let target = self.target(&dest_url);
                let size = [size.width, size.height].map(|size| size.map(str::to_owned));
                let links = self.context.sources.vault_links(self.file);
                let at = links.binary_search_by_key(&range.start, |link| link.range.start);
                let is_embed = at.is_ok_and(|at| links[at].is_embed);
                let title = title.into_string();
                line.push(Inline::Media(Media { target, alt_text, title, size, is_embed }));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                let inner = self.inner();
                if is_harmless(&dest_url) || self.context.html == Html::Allow {
                    let kind = match link_type {
                        LinkType::Autolink => LinkKind::Address,
                        LinkType::Email => LinkKind::Mail,
                        _ => LinkKind::Text,
                    };
                    let (target, title) = (self.target(&dest_url), title.into_string());
                    line.push(Inline::Link(Link { target, title, kind }, inner));
                    return;
                }
                // An app may run a program when such a link is followed.
                let is_said = plain_text(&inner) == *dest_url;
                for piece in inner {
                    push_piece(line, piece);
                }
                push_text(line, &if is_said { String::new() } else { format!(" ({dest_url})") });
            }
            Event::Start(tag) => {
                let sign = self.text[range].chars().next().filter(|sign| "*_".contains(*sign));
                let sign = sign.unwrap_or('*');
                let style = match tag {
                    Tag::Strong => TextStyle::Strong(sign),
                    Tag::Strikethrough => TextStyle::Strike,
                    _ => TextStyle::Emphasis(sign),
                };
                let inner = self.inner();
                if !inner.is_empty() {
                    line.push(Inline::Styled(style, inner));
                }
            }
            Event::End(_) | Event::Rule => {}
        }
    }

    /// Returns whether the sign at the end of a highlight comes next.
    fn is_highlight_tag(&self) -> bool {
        match self.pieces.front() {
            Some(Piece::Event(Event::InlineHtml(_), range)) => &self.text[range.clone()] == "==",
            _ => false,
        }
    }

    fn is_highlight_end(&self) -> bool {
        self.is_highlight && self.is_highlight_tag()
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

    /// Reads a cloze, a formula with clozes, or a link to a note of the vault.
    fn read_delimiter(&mut self, mark: &str, ends: &[char], line: &mut Vec<Inline>) {
        let [_, _, hint, close] = CLOZE;
        if let Some(number) = cloze_number(mark) {
            let inner = self.inline(&[hint, close]);
            let mut about = None;
            while let Some(Piece::Mark(mark)) = self.pieces.pop_front() {
                if mark.starts_with(close) {
                    break;
                }
                about = Some(plain_text(&plain_line(self.inline(&[hint, close]))));
            }
            let about = about.map(|about| about.trim().to_owned());
            line.push(Inline::Cloze(number, inner, about.filter(|about| !about.is_empty())));
            return;
        }
        if let Some(target) = mark.strip_prefix(VAULT_LINK[0]) {
            let ends = [ends, &[VAULT_LINK[1]]].concat();
            let inner = self.inline(&ends);
            let is_end = |piece: &Piece<'_>| matches!(piece, Piece::Mark(mark) if mark.starts_with(VAULT_LINK[1]));
            if self.pieces.front().is_some_and(is_end) {
                self.pieces.pop_front();
            }
            line.push(Inline::VaultLink(target.to_owned(), inner));
            return;
        }
        for [start, end] in [INLINE_MATH, DISPLAY_MATH] {
            if mark.starts_with(start) {
                let parts = self.tex_parts(&[end]);
                self.pieces.pop_front();
                line.push(Inline::ClozeFormula(parts, start == DISPLAY_MATH[0]));
            }
        }
    }

    /// Reads the parts of a formula up to one of some marks, which is not consumed.
    fn tex_parts(&mut self, ends: &[char]) -> Vec<TexPart> {
        let [_, _, hint, close] = CLOZE;
        let mut parts = Vec::new();
        while let Some(piece) = self.pieces.front() {
            if matches!(piece, Piece::Mark(mark) if mark.starts_with(ends)) {
                break;
            }
            match self.pieces.pop_front() {
                Some(Piece::Tex(tex)) => parts.push(TexPart::Tex(tex)),
                Some(Piece::Mark(mark)) => {
                    let Some(number) = cloze_number(&mark) else { continue };
                    let ends = [ends, &[hint, close]].concat();
                    let inner = self.tex_parts(&ends);
                    let mut about = None;
                    if self.pop_mark(hint) {
                        about = Some(super::join_tex(&self.tex_parts(&ends)));
                    }
                    self.pop_mark(close);
                    parts.push(TexPart::Cloze(number, inner, about));
                }
                Some(Piece::Event(..)) | None => {}
            }
        }
        parts
    }

    /// Consumes a mark, if it comes next.
    fn pop_mark(&mut self, sign: char) -> bool {
        let is_next =
            matches!(self.pieces.front(), Some(Piece::Mark(mark)) if mark.starts_with(sign));
        if is_next {
            self.pieces.pop_front();
        }
        is_next
    }

    /// Returns raw HTML in which media have their name in the output.
    fn move_sources(&self, html: &str) -> String {
        let mut out = String::with_capacity(html.len());
        let mut at = 0;
        for tag in html::tags(html) {
            let Some(source) = tag.source.clone().filter(|_| html::embeds(&tag)) else { continue };
            let target = html::decode_value(&html[source.clone()]);
            if let Some(path) = self.context.media_path(self.file, &target) {
                out.push_str(&html[at..source.start]);
                out.push_str(&path);
                at = source.end;
            }
        }
        out + &html[at..]
    }

    fn target(&self, target: &str) -> String {
        self.context.media_path(self.file, target).unwrap_or_else(|| target.to_owned())
    }
}

/// Returns the number in the mark that opens a cloze.
fn cloze_number(mark: &str) -> Option<u16> {
    let [open, numbered, ..] = CLOZE;
    mark.strip_prefix(open)?.strip_suffix(numbered)?.parse().ok()
}

/// Adds text to the last one, if nothing stands between them.
fn push_text(line: &mut Vec<Inline>, text: &str) {
    let text = text.chars().map(|c| if c == '\t' { ' ' } else { c });
    let text = text.filter(|c| !c.is_control());
    if let Some(Inline::Text(last)) = line.last_mut() {
        last.extend(text);
        return;
    }
    let text: String = text.collect();
    if !text.is_empty() {
        line.push(Inline::Text(text));
    }
}

fn push_piece(line: &mut Vec<Inline>, piece: Inline) {
    match piece {
        Inline::Text(text) => push_text(line, &text),
        piece => line.push(piece),
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
