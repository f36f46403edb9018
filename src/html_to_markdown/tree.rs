//! The blocks of a field, and what stands in their lines.
//!
//! Editors put blocks into bold text and divisions into paragraphs. So each piece of a line knows
//! all styles around it, wherever they began, and a block that ends closes them.

use std::collections::BTreeSet;

use super::field::{Loss, Notation};
use super::lines::{split_lines, trim_break};
use super::marks::{Mark, Marked};
use super::piece::{Block, Piece, Styled};
use super::readings;
use super::style::{self, Style};
use crate::dom::{Dom, Id, Kind};

/// The deepest nesting that is read; what is deeper is text.
const MAX_DEPTH: usize = 100;

/// What shows nothing that a field could say.
const UNSEEN: [&str; 9] =
    ["head", "title", "template", "script", "style", "link", "meta", "rp", "colgroup"];

/// What cannot be written in Markdown; its text is kept.
const FOREIGN: [&str; 12] = [
    "svg", "math", "object", "embed", "canvas", "input", "textarea", "button", "select", "iframe",
    "form", "marquee",
];

/// Elements that are paragraphs or hold them.
const DIVISIONS: [&str; 25] = [
    "div",
    "p",
    "section",
    "article",
    "header",
    "footer",
    "center",
    "figure",
    "figcaption",
    "aside",
    "nav",
    "main",
    "address",
    "hgroup",
    "dl",
    "dt",
    "dd",
    "fieldset",
    "form",
    "li",
    "caption",
    "summary",
    "legend",
    "body",
    "html",
];

/// Blocks that a line can hold only as HTML.
const STRUCTURES: [&str; 17] = [
    "ul",
    "ol",
    "blockquote",
    "pre",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "td",
    "th",
    "details",
    "summary",
    "h1",
    "h2",
    "h3",
    "hr",
];

/// Reads the tree of a field.
pub(super) struct Walker<'w> {
    pub(super) dom: &'w Dom,
    pub(super) marked: &'w Marked,
    pub(super) notation: Notation<'w>,
    /// Whether blocks are written into the line that they stand in.
    pub(super) is_flat: bool,
    pub(super) losses: Vec<Loss>,
    /// Whether boxes at the start of items are taken.
    pub(super) takes_boxes: bool,
    /// The boxes at the start of items.
    pub(super) boxes: BTreeSet<Id>,
    depth: usize,
    /// How many gaps are open.
    gaps: usize,
    /// How many elements are open in which white space is shown.
    spaced: usize,
}

/// The blocks that were read, and the line that is being read.
#[derive(Default)]
struct Flow {
    blocks: Vec<Block>,
    line: Vec<Styled>,
    heading: usize,
}

impl Flow {
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        for line in split_lines(line) {
            self.blocks.push(match self.heading {
                0 => Block::Paragraph(line),
                level => Block::Heading(level, line),
            });
        }
    }
}

impl<'w> Walker<'w> {
    pub(super) fn new(
        dom: &'w Dom,
        marked: &'w Marked,
        notation: Notation<'w>,
        is_flat: bool,
    ) -> Self {
        Self {
            dom,
            marked,
            notation,
            is_flat,
            losses: Vec::new(),
            takes_boxes: !is_flat,
            boxes: BTreeSet::new(),
            depth: 0,
            gaps: 0,
            spaced: 0,
        }
    }

    /// Returns the blocks of the whole field.
    pub(super) fn read(&mut self) -> Vec<Block> {
        self.blocks(self.dom.top(), &[])
    }

    pub(super) fn blocks(&mut self, ids: &[Id], styles: &[Style]) -> Vec<Block> {
        let mut flow = Flow::default();
        self.all(ids, styles, &mut flow);
        flow.end_line();
        flow.blocks
    }

    fn all(&mut self, ids: &[Id], styles: &[Style], flow: &mut Flow) {
        for id in ids {
            self.node(*id, styles, flow);
        }
    }

    fn node(&mut self, id: Id, styles: &[Style], flow: &mut Flow) {
        match self.dom.kind(id) {
            Kind::Other => {}
            Kind::Text(text) => self.text(text, styles, flow),
            Kind::Element { .. } if self.depth == MAX_DEPTH => {
                self.lose("too-deep");
                let text = self.text_of(id);
                self.text(&text, styles, flow);
            }
            Kind::Element { .. } => {
                let is_spaced = usize::from(self.shows_space(id));
                self.depth += 1;
                self.spaced += is_spaced;
                self.element(id, styles, flow);
                self.spaced -= is_spaced;
                self.depth -= 1;
            }
        }
    }

    fn lose(&mut self, what: &'static str) {
        self.losses.push(Loss(what));
    }

    fn element(&mut self, id: Id, styles: &[Style], flow: &mut Flow) {
        let dom = self.dom;
        let name = dom.name(id);
        let children = dom.children(id);
        if UNSEEN.contains(&name) {
            if matches!(name, "style" | "script") {
                self.lose(if name == "style" { "style-element" } else { "script" });
            }
            return;
        }
        if name == "input" && self.boxes.contains(&id) {
            let is_ticked = dom.attribute(id, "checked").is_some();
            flow.line.push((styles.to_vec(), Piece::Box(is_ticked)));
            return;
        }
        if style::is_hidden(dom, id) {
            return self.lose("hidden");
        }
        if FOREIGN.contains(&name) {
            self.lose("foreign-element");
        }
        let is_within = self.is_flat || self.gaps > 0;
        match name {
            "br" => flow.line.push((styles.to_vec(), Piece::Break)),
            "img" => self.image(id, styles, flow),
            "audio" | "video" => self.player(id, styles, flow),
            "iframe" => {
                if let Some(url) = dom.attribute(id, "src").filter(|url| url.contains("//")) {
                    let link = Style::link(url, None).into_iter();
                    let styles = styles.iter().cloned().chain(link).collect();
                    flow.line.push((styles, Piece::Text(url.to_owned())));
                }
            }
            "code" | "tt" if self.plain_text(id).is_some() => {
                let text = self.plain_text(id).unwrap_or_default().replace('\u{a0}', " ");
                self.code(&text, styles, flow);
            }
            _ if is_within && STRUCTURES.contains(&name) => {
                self.within_line(id, styles, flow);
            }
            _ if is_within && DIVISIONS.contains(&name) => {
                self.line_break(flow, styles);
                self.all(children, styles, flow);
                self.line_break(flow, styles);
            }
            "ul" | "ol" => {
                flow.end_line();
                let list = self.list(id, styles);
                flow.blocks.push(list);
            }
            "blockquote" => {
                flow.end_line();
                let (alert, children) = self.alert(id);
                let content = self.blocks(children, styles);
                flow.blocks.push(Block::Quote { alert, content });
            }
            "pre" if self.plain_text(id).is_some() => {
                flow.end_line();
                let text = self.plain_text(id).unwrap_or_default();
                let language = self.language(id);
                flow.blocks.push(Block::Code { language, text });
            }
            "hr" => {
                flow.end_line();
                flow.blocks.push(Block::Rule);
            }
            "table" => {
                flow.end_line();
                let table = self.table(id, styles);
                flow.blocks.extend(table);
            }
            "details" => {
                flow.end_line();
                let content = self.details(id, styles);
                flow.blocks.push(content);
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                flow.end_line();
                let level = usize::from(name.as_bytes()[1] - b'0');
                flow.heading = (level + 3).min(6);
                self.all(children, styles, flow);
                flow.end_line();
                flow.heading = 0;
            }
            _ if DIVISIONS.contains(&name) || matches!(name, "pre" | "tr" | "td" | "th") => {
                self.end_block(flow);
                let style = style::of_element(dom, id);
                let styles = join(styles, style);
                self.all(children, &styles, flow);
                self.end_block(flow);
            }
            _ => {
                let styles = join(styles, style::of_element(dom, id));
                self.all(children, &styles, flow);
            }
        }
    }

    /// Ends a paragraph, unless a gap goes on beyond it.
    fn end_block(&self, flow: &mut Flow) {
        if self.gaps == 0 {
            flow.end_line();
        } else {
            self.line_break(flow, &[]);
        }
    }

    /// Begins a new line within a paragraph, if there is something before it.
    fn line_break(&self, flow: &mut Flow, styles: &[Style]) {
        let is_begun = flow.line.iter().rev().find_map(|(_, piece)| match piece {
            Piece::Text(text) if text.trim().is_empty() => None,
            Piece::Break | Piece::Mark(Mark::Gap(_) | Mark::Hint) => Some(false),
            Piece::Tag(tag) if tag == "</summary>" => Some(false),
            Piece::Tag(tag) => Some(tag.starts_with("</") && self.gaps == 0),
            _ => Some(true),
        });
        if is_begun == Some(true) {
            flow.line.push((styles.to_vec(), Piece::Break));
        }
    }

    /// Writes a block into a line, as HTML.
    fn within_line(&mut self, id: Id, styles: &[Style], flow: &mut Flow) {
        let name = self.dom.name(id);
        let children = self.dom.children(id);
        if name == "hr" {
            flow.line.push((styles.to_vec(), Piece::Tag("<hr>".to_owned())));
            return;
        }
        let start = self.dom.attribute(id, "start").and_then(|start| start.parse::<u32>().ok());
        let start = start.filter(|start| name == "ol" && *start != 1);
        let start = start.map(|start| format!(" start=\"{start}\"")).unwrap_or_default();
        let more = self.spans(id) + &start + self.opened(id);
        flow.line.push((styles.to_vec(), Piece::Tag(format!("<{name}{more}>"))));
        for child in children {
            if self.dom.name(*child) == "li" {
                flow.line.push((styles.to_vec(), Piece::Tag("<li>".to_owned())));
                self.all(self.dom.children(*child), styles, flow);
                trim_break(&mut flow.line);
                flow.line.push((styles.to_vec(), Piece::Tag("</li>".to_owned())));
            } else {
                self.node(*child, styles, flow);
            }
        }
        trim_break(&mut flow.line);
        flow.line.push((styles.to_vec(), Piece::Tag(format!("</{name}>"))));
    }

    fn text(&mut self, text: &str, styles: &[Style], flow: &mut Flow) {
        let mut plain = String::new();
        for c in text.chars() {
            let Some(mark) = self.marked.get(c) else {
                if !c.is_control() || c.is_whitespace() {
                    plain.push(c);
                }
                continue;
            };
            if !plain.is_empty() {
                self.push_text(std::mem::take(&mut plain), styles, flow);
            }
            match mark {
                Mark::Gap(_) => self.gaps += 1,
                Mark::GapEnd => {
                    self.gaps = self.gaps.saturating_sub(1);
                    trim_break(&mut flow.line);
                }
                Mark::Latex(_) => self.lose("latex"),
                _ => {}
            }
            flow.line.push((styles.to_vec(), Piece::Mark(mark.clone())));
        }
        if !plain.is_empty() {
            self.push_text(plain, styles, flow);
        }
    }

    /// Returns whether an element shows white space as it is.
    fn shows_space(&self, id: Id) -> bool {
        let style = self.dom.attribute(id, "style").unwrap_or_default();
        let space =
            style.split(';').filter_map(|it| it.split_once(':')).find_map(|(name, value)| {
                name.trim().eq_ignore_ascii_case("white-space").then(|| value.trim().to_lowercase())
            });
        space.map_or(self.dom.name(id) == "pre", |value| value.starts_with("pre"))
    }

    fn push_text(&self, text: String, styles: &[Style], flow: &mut Flow) {
        if self.spaced > 0 && text.contains(['\n', '\t']) {
            return push_spaced(&text, styles, flow);
        }
        if self.notation.has_readings {
            for (styles, piece) in readings::read(&text, styles) {
                flow.line.push((styles, piece));
            }
        } else {
            flow.line.push((styles.to_vec(), Piece::Text(text)));
        }
    }

    /// Writes code into a line, or line by line where white space is shown.
    fn code(&self, text: &str, styles: &[Style], flow: &mut Flow) {
        if self.spaced == 0 {
            let words = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
            flow.line.extend((!words.is_empty()).then(|| (styles.to_vec(), Piece::Code(words))));
            return;
        }
        for (at, line) in text.trim_end().split('\n').enumerate() {
            if at > 0 {
                flow.line.push((styles.to_vec(), Piece::Tag("<br>".to_owned())));
            }
            let indent = line.len() - line.trim_start().len();
            let (blanks, line) = line.split_at(indent);
            push_spaced(blanks, styles, flow);
            let line = line.trim_end().to_owned();
            flow.line.extend((!line.is_empty()).then(|| (styles.to_vec(), Piece::Code(line))));
        }
    }

    fn image(&mut self, id: Id, styles: &[Style], flow: &mut Flow) {
        let Some(source) = self.dom.attribute(id, "src").map(str::trim).filter(|s| !s.is_empty())
        else {
            return self.lose("image-without-source");
        };
        let size = |name: &str| {
            let value = self.dom.attribute(id, name)?.trim().trim_end_matches("px");
            let number = value.trim_end_matches('%');
            let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
            is_number.then(|| value.to_owned())
        };
        let alt = self.dom.attribute(id, "alt").unwrap_or_default().trim().to_owned();
        let (width, height) = (size("width"), size("height"));
        let source = source.to_owned();
        flow.line.push((styles.to_vec(), Piece::Image { source, alt, width, height }));
    }

    fn player(&mut self, id: Id, styles: &[Style], flow: &mut Flow) {
        let within = self.dom.children(id).iter();
        let inner = within.filter(|child| self.dom.name(**child) == "source");
        let mut sources = std::iter::once(id).chain(inner.copied());
        let found = sources.find_map(|id| self.dom.attribute(id, "src"));
        match found {
            Some(source) if !source.trim().is_empty() => {
                let mark = Mark::Sound(source.trim().to_owned());
                flow.line.push((styles.to_vec(), Piece::Mark(mark)));
            }
            _ => self.lose("foreign-element"),
        }
    }

    /// Returns the text of code, unless it holds more than text.
    pub(super) fn plain_text(&self, id: Id) -> Option<String> {
        let mut text = String::new();
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            match self.dom.kind(id) {
                Kind::Text(part) if part.chars().any(|c| self.marked.get(c).is_some()) => {
                    return None;
                }
                Kind::Text(part) => text.push_str(part),
                Kind::Element { .. } => match self.dom.name(id) {
                    "img" | "table" | "ul" | "ol" | "audio" | "video" => return None,
                    "br" => text.push('\n'),
                    "div" | "p" if !text.is_empty() && !text.ends_with('\n') => text.push('\n'),
                    _ => {}
                },
                Kind::Other => {}
            }
            pending.extend(self.dom.children(id).iter().rev());
        }
        Some(text)
    }

    /// Returns all text in a node.
    pub(super) fn text_of(&self, id: Id) -> String {
        let mut text = String::new();
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            if let Kind::Text(part) = self.dom.kind(id) {
                text.push_str(part);
            }
            pending.extend(self.dom.children(id).iter().rev());
        }
        text
    }
}

fn join(styles: &[Style], more: Vec<Style>) -> Vec<Style> {
    let new = more.into_iter().filter(|style| !styles.contains(style));
    let mut all = styles.to_vec();
    all.extend(new);
    all
}

/// Writes text whose white space is shown: each line on its own, and indented.
fn push_spaced(text: &str, styles: &[Style], flow: &mut Flow) {
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            flow.line.push((styles.to_vec(), Piece::Tag("<br>".to_owned())));
        }
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let blanks = line[..indent].chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
        let line = format!("{}{}", "\u{a0}".repeat(blanks), &line[indent..]);
        flow.line.push((styles.to_vec(), Piece::Text(line)));
    }
}
