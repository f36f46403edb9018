//! Lists, tables and code.

use super::block;
use super::piece::{Block, Styled};
use super::style::Style;
use super::tree::Walker;
use crate::dom::{Id, Kind};
use crate::markdown::ALERTS;

impl<'w> Walker<'w> {
    pub(super) fn list(&mut self, id: Id, styles: &[Style]) -> Block {
        let start = match self.dom.name(id) {
            "ol" => Some(
                self.dom.attribute(id, "start").and_then(|start| start.parse().ok()).unwrap_or(1),
            ),
            _ => None,
        };
        let mut items: Vec<Vec<Block>> = Vec::new();
        for child in self.dom.children(id) {
            let name = self.dom.name(*child);
            self.boxes.extend(self.box_of(*child));
            let content = match name {
                "li" => self.blocks(self.dom.children(*child), styles),
                _ => self.blocks(&[*child], styles),
            };
            match items.last_mut() {
                _ if content.is_empty() && name != "li" => {}
                // A list or a text right within a list belongs to the item before it.
                Some(last) if name != "li" => last.extend(content),
                _ => items.push(content),
            }
        }
        Block::List { start, items }
    }

    /// Returns the box that an item begins with. An item of a question would become a choice by it.
    fn box_of(&self, item: Id) -> Option<Id> {
        let is_blank =
            |id: &&Id| matches!(self.dom.kind(**id), Kind::Text(text) if text.trim().is_empty());
        let first = self.dom.children(item).iter().find(|id| !is_blank(id))?;
        match self.dom.name(*first) {
            "input" => {
                let is_box = self.dom.attribute(*first, "type") == Some("checkbox");
                (is_box && self.takes_boxes).then_some(*first)
            }
            "p" | "label" => self.box_of(*first),
            _ => None,
        }
    }

    /// Returns what kind of alert a quote of ours is, and what it says.
    pub(super) fn alert(&self, quote: Id) -> (Option<&'static str>, &'w [Id]) {
        let children = self.dom.children(quote);
        let has_class = |id: Id, name: &str| {
            let classes = self.dom.attribute(id, "class").unwrap_or_default();
            classes.split_ascii_whitespace().any(|class| class == name)
        };
        let is_element = |id: &Id| !self.dom.name(*id).is_empty();
        let Some(at) = children.iter().position(is_element) else { return (None, children) };
        let title = children[at];
        let says = self.text_of(title);
        let is_kind =
            |kind: &&str| has_class(quote, kind) && says.trim().eq_ignore_ascii_case(kind);
        let kind = ALERTS.into_iter().find(is_kind);
        match kind.filter(|_| has_class(quote, "alert") && has_class(title, "alert-title")) {
            Some(kind) => (Some(kind), &children[at + 1..]),
            None => (None, children),
        }
    }

    pub(super) fn details(&mut self, id: Id, styles: &[Style]) -> Block {
        let (mut content, mut summary) = (Vec::new(), String::new());
        for child in self.dom.children(id) {
            // A line of HTML holds no more than text.
            let text = Some(*child).filter(|child| self.dom.name(*child) == "summary");
            match text.and_then(|child| self.plain_text(child)) {
                Some(text) => summary = block::escape_html(&text),
                None => content.push(*child),
            }
        }
        let content = self.blocks(&content, styles);
        let open = format!("<details{}>\n<summary>{summary}</summary>", self.opened(id));
        Block::Element { open, content, close: "</details>".to_owned() }
    }

    /// Returns the attribute by which an element shows what is in it.
    pub(super) fn opened(&self, id: Id) -> &'static str {
        let is_open = self.dom.name(id) == "details" && self.dom.attribute(id, "open").is_some();
        if is_open { " open" } else { "" }
    }

    pub(super) fn table(&mut self, id: Id, styles: &[Style]) -> Vec<Block> {
        let rows = self.rows(id);
        let is_spanned = rows.iter().flatten().any(|cell| !self.spans(*cell).is_empty());
        let mut cells: Vec<Vec<Vec<Block>>> = Vec::new();
        for row in &rows {
            let of_row = row.iter().map(|cell| self.blocks(self.dom.children(*cell), styles));
            cells.push(of_row.collect());
        }
        let columns = cells.iter().map(Vec::len).max().unwrap_or(0);
        let is_line = |cell: &Vec<Block>| matches!(cell.as_slice(), [] | [Block::Paragraph(_)]);
        let is_plain = !is_spanned
            && columns > 0
            && cells.iter().all(|row| row.len() == columns && row.iter().all(is_line));
        let mut out = Vec::new();
        let captions = self.dom.children(id).iter().copied();
        for caption in captions.filter(|child| self.dom.name(*child) == "caption") {
            out.extend(self.blocks(self.dom.children(caption), styles));
        }
        if is_plain {
            let has_header = rows[0].iter().all(|cell| self.dom.name(*cell) == "th");
            let line = |cell: Vec<Block>| match cell.into_iter().next() {
                Some(Block::Paragraph(line)) => line,
                _ => Vec::new(),
            };
            let mut lines: Vec<Vec<Vec<Styled>>> =
                cells.into_iter().map(|row| row.into_iter().map(line).collect()).collect();
            if !has_header {
                lines.insert(0, vec![Vec::new(); columns]);
            }
            let rule = rows[0].iter().map(|cell| self.rule_of(*cell)).collect();
            out.push(Block::Table { rows: lines, rule });
        } else if columns > 0 {
            let content = rows.iter().zip(cells).map(|(row, cells)| {
                let content = row.iter().zip(cells).map(|(cell, content)| {
                    let name = self.dom.name(*cell);
                    let open = format!("<{name}{}>", self.spans(*cell));
                    Block::Element { open, content, close: format!("</{name}>") }
                });
                let content = content.collect();
                Block::Element { open: "<tr>".to_owned(), content, close: "</tr>".to_owned() }
            });
            let content = content.collect();
            let (open, close) = ("<table>".to_owned(), "</table>".to_owned());
            out.push(Block::Element { open, content, close });
        }
        out
    }

    /// Returns the cells of each row of a table.
    fn rows(&self, table: Id) -> Vec<Vec<Id>> {
        let mut rows = Vec::new();
        for child in self.dom.children(table) {
            match self.dom.name(*child) {
                "tr" => {
                    let cells = self.dom.children(*child).iter().copied();
                    let is_cell = |cell: &Id| matches!(self.dom.name(*cell), "td" | "th");
                    rows.push(cells.filter(is_cell).collect());
                }
                "thead" | "tbody" | "tfoot" => rows.extend(self.rows(*child)),
                _ => {}
            }
        }
        rows.retain(|row: &Vec<Id>| !row.is_empty());
        rows
    }

    /// Returns what stands below the header of a column, which says where its texts stand.
    fn rule_of(&self, cell: Id) -> &'static str {
        let style = self.dom.attribute(cell, "style").unwrap_or_default().to_ascii_lowercase();
        let declared = style.split(';').find_map(|declaration| {
            let (name, value) = declaration.split_once(':')?;
            (name.trim() == "text-align").then(|| value.trim().to_owned())
        });
        let align = declared.or_else(|| self.dom.attribute(cell, "align").map(str::to_lowercase));
        match align.as_deref() {
            Some("left") => ":---",
            Some("center") => ":---:",
            Some("right") => "---:",
            _ => "---",
        }
    }

    /// Returns the attributes by which a cell takes the place of several.
    pub(super) fn spans(&self, cell: Id) -> String {
        let span = |name: &str| {
            let value: u16 = self.dom.attribute(cell, name)?.trim().parse().ok()?;
            (value > 1).then(|| format!(" {name}=\"{value}\""))
        };
        ["colspan", "rowspan"].into_iter().filter_map(span).collect()
    }

    /// Returns the language of a block of code, if its classes tell.
    pub(super) fn language(&self, pre: Id) -> String {
        let within = self.dom.children(pre).iter().copied();
        let mut all = std::iter::once(pre).chain(within);
        let found = all.find_map(|id| {
            let classes = self.dom.attribute(id, "class")?;
            classes.split_ascii_whitespace().find_map(|class| {
                class.strip_prefix("language-").or_else(|| class.strip_prefix("lang-"))
            })
        });
        let is_sign = |c: char| c.is_ascii_alphanumeric() || "+-_#.".contains(c);
        let is_name = |name: &&str| name.chars().all(is_sign);
        found.filter(is_name).unwrap_or_default().to_owned()
    }
}
