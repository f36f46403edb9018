//! Writes blocks as Markdown.

use super::inline::{self, Place};
use super::piece::{Block, Piece, Styled};

/// Writes blocks, a blank line between them.
pub(super) fn write(blocks: &[Block], place: Place<'_>) -> String {
    let mut out = String::new();
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            out.push_str("\n\n");
            let is_list = |block: &Block| match block {
                Block::List { start, .. } => Some(start.is_some()),
                _ => None,
            };
            // Two lists would be one.
            if is_list(block).is_some() && is_list(block) == is_list(&blocks[at - 1]) {
                out.push_str("<!-- -->\n\n");
            }
        }
        out.push_str(&write_block(block, place));
    }
    out
}

fn write_block(block: &Block, place: Place<'_>) -> String {
    match block {
        Block::Paragraph(line) => inline::write(line, place),
        Block::Heading(level, line) => {
            let place = Place { is_single: true, ..place };
            let text = inline::write(line, place);
            let text = match text.strip_suffix('#') {
                Some(rest) => format!("{rest}\\#"),
                None => text,
            };
            format!("{} {text}", "#".repeat(*level))
        }
        Block::List { start, items } => write_list(*start, items, place),
        Block::Quote { alert, content } => {
            let title =
                alert.map(|kind| format!("[!{}]\n", kind.to_uppercase())).unwrap_or_default();
            let lines = title + &write(content, place);
            let quoted = |line: &str| match line {
                "" => ">".to_owned(),
                line => format!("> {line}"),
            };
            lines.split('\n').map(quoted).collect::<Vec<_>>().join("\n")
        }
        Block::Code { language, text } => write_code(language, text),
        Block::Rule => "<hr>".to_owned(),
        Block::Table { rows, rule } => write_table(rows, rule, place),
        Block::Element { open, content, close } => {
            let inner = write(content, place);
            let is_structure = open == "<table>" || open == "<tr>";
            match inner.as_str() {
                "" => format!("{open}{close}"),
                inner if is_structure => {
                    format!("{open}\n{}\n{close}", inner.replace("\n\n<t", "\n<t"))
                }
                inner => format!("{open}\n\n{inner}\n\n{close}"),
            }
        }
    }
}

fn write_list(start: Option<u64>, items: &[Vec<Block>], place: Place<'_>) -> String {
    // Items of several paragraphs are parted by blank lines.
    let is_tight = |item: &Vec<Block>| {
        matches!(item.as_slice(), [] | [_] | [Block::Paragraph(_), Block::List { .. }])
    };
    let gap = if items.iter().all(is_tight) { "\n" } else { "\n\n" };
    let mut out = String::new();
    for (at, item) in items.iter().enumerate() {
        let marker = match start {
            Some(start) => format!("{}. ", start.saturating_add(at as u64).min(999_999_999)),
            None => "- ".to_owned(),
        };
        let mut text = write(item, place);
        if let [Block::Paragraph(_), Block::List { .. }] = item.as_slice() {
            text = text.replacen("\n\n", "\n", 1);
        }
        // Brackets at the start would be a box to tick.
        let is_box = matches!(item.first(), Some(Block::Paragraph(line)) if has_box(line));
        if !is_box && ["[ ]", "[x]", "[X]"].iter().any(|box_| text.starts_with(box_)) {
            text.insert(0, '\\');
        }
        if at > 0 {
            out.push_str(gap);
        }
        let indent = " ".repeat(marker.len());
        out.push_str(&marker);
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                out.push('\n');
                out.push_str(if line.is_empty() { "" } else { &indent });
            }
            out.push_str(line);
        }
        out.truncate(out.trim_end().len());
    }
    out
}

fn has_box(line: &[Styled]) -> bool {
    matches!(line.first(), Some((_, Piece::Box(_))))
}

fn write_code(language: &str, text: &str) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text).replace('\u{a0}', " ");
    let mut longest = 2;
    for line in text.lines() {
        let line = line.trim_start();
        longest = longest.max(line.len() - line.trim_start_matches('`').len());
    }
    let fence = "`".repeat(longest + 1);
    format!("{fence}{language}\n{}\n{fence}", text.trim_end_matches(['\n', ' ']))
}

fn write_table(rows: &[Vec<Vec<Styled>>], rule: &[&str], place: Place<'_>) -> String {
    let place = Place { is_single: true, is_cell: true, ..place };
    let mut out = String::new();
    for (at, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| inline::write(cell, place)).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
        if at == 0 {
            out.push_str(&format!("| {} |\n", rule.join(" | ")));
        }
    }
    out.trim_end().to_owned()
}

/// Escapes a text for HTML.
pub(super) fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
