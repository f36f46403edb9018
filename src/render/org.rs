//! Renders a tree of blocks as Org, the format of Emacs.
//!
//! Org's own syntax is broken up by a zero-width space, as its manual recommends ("Escape
//! Character"). Behind a dollar sign stands a word joiner instead, as a dollar sign before white
//! space has a meaning too. On the question's side of a card org-drill hides everything between
//! brackets (`org-drill-cloze-regexp`) but links, formulas and code blocks, so brackets that
//! delimit no cloze are replaced by fullwidth ones there.

mod inline;

use pulldown_cmark::Alignment;

use super::tree::{Block, Callout, Inline, TextStyle, superscript};
use crate::markdown::attributes::is_harmless;

const ZWSP: char = '\u{200b}';
const JOINER: char = '\u{2060}';

/// A construct that inline content can be nested in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OrgContainer {
    Cell,
    Cloze,
    Quote,
    /// Emphasis between two of these characters.
    Emphasis(char),
}

/// Renders Org, and counts the changes that were necessary.
#[derive(Debug, Default)]
pub struct Org {
    /// Whether this is shown before the answer.
    is_question: bool,
    /// The number of changes to the content.
    pub changed: usize,
    /// The constructs that are open.
    within: Vec<OrgContainer>,
}

impl Org {
    /// Returns a renderer for the question's side.
    #[must_use]
    pub fn question() -> Self {
        Self { is_question: true, ..Self::default() }
    }

    /// Returns a renderer for the other parts.
    #[must_use]
    pub fn answer() -> Self {
        Self::default()
    }

    fn is_in(&self, place: OrgContainer) -> bool {
        self.within.contains(&place)
    }

    /// Renders blocks one below the other.
    pub fn blocks(&mut self, blocks: &[Block]) -> String {
        let mut out = String::new();
        for (at, block) in blocks.iter().enumerate() {
            let is_list = |block: &Block| {
                matches!(block, Block::List(..) | Block::Term(_) | Block::Definition(_))
            };
            let before = at.checked_sub(1).map(|before| &blocks[before]);
            out += match (before, block) {
                (None, _) => "",
                (Some(Block::Term(_)), Block::Definition(_)) => " ",
                (Some(Block::Definition(_)), Block::Definition(_)) => "\n\n  ",
                (Some(Block::Definition(_)), Block::Term(_)) => "\n",
                // Only two empty lines end a list.
                (Some(before), _) if is_list(before) && is_list(block) => "\n\n\n",
                _ => "\n\n",
            };
            out += &self.block(block);
        }
        out
    }

    fn block(&mut self, block: &Block) -> String {
        match block {
            Block::Text(line) => self.paragraph(line),
            Block::Heading(_, line) => {
                let line = [Inline::Styled(TextStyle::Strong('*'), line.clone())];
                self.paragraph(&line)
            }
            Block::Code(lang, code) if self.is_question => {
                let shown = replace_open_brackets(code);
                self.changed += usize::from(shown != *code);
                code_block(lang, &shown)
            }
            Block::Code(lang, code) => code_block(lang, code),
            Block::List(first, items) => self.list(*first, items),
            Block::Table(alignments, rows) => self.table(alignments, rows),
            Block::Quote(callout, blocks) => self.quote(callout.as_ref(), blocks),
            Block::Html(_) => String::new(),
            Block::Term(line) => {
                let term = self.line(line).replace("\\\\\n", " ");
                format!("- {} ::", break_up_term(&term))
            }
            Block::Definition(blocks) => {
                indent_lines(&self.blocks(blocks), "  ").trim_start().to_owned()
            }
            Block::Rule => "-----".to_owned(),
            Block::Footnote(number, blocks) => {
                let note = self.blocks(blocks);
                format!("{} {note}", superscript(*number))
            }
        }
    }

    fn list(&mut self, first: Option<u64>, items: &[Vec<Block>]) -> String {
        let mut lines = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let number = first.map(|first| first.saturating_add(at as u64));
            let mut marker = number.map_or_else(|| "- ".to_owned(), |number| format!("{number}. "));
            let indent = " ".repeat(marker.len());
            if let (Some(number), 0, false) = (number.filter(|n| *n != 1), at, self.is_question) {
                marker += &format!("[@{number}] ");
            }
            let mut text = String::new();
            for (at, block) in item.iter().enumerate() {
                text += match block {
                    Block::List(..) if at > 0 => "\n",
                    _ if at > 0 => "\n\n",
                    Block::Text(_) | Block::Heading(..) => "",
                    _ => "\n",
                };
                text += &self.block(block);
            }
            let text = indent_lines(&break_up_term(&text), &indent);
            lines.push(format!("{marker}{}", text.trim_start_matches(' ')));
        }
        lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
    }

    fn table(&mut self, alignments: &[Alignment], rows: &[Vec<Vec<Inline>>]) -> String {
        self.within.push(OrgContainer::Cell);
        let mut cells: Vec<Vec<String>> = Vec::new();
        for row in rows {
            cells.push(row.iter().map(|cell| self.line(cell).replace("\\\\\n", " ")).collect());
        }
        self.within.pop();
        if alignments.iter().any(|side| *side != Alignment::None) {
            let cookie = |side: &Alignment| match side {
                Alignment::None => String::new(),
                Alignment::Left => "<l>".to_owned(),
                Alignment::Center => "<c>".to_owned(),
                Alignment::Right => "<r>".to_owned(),
            };
            cells.insert(0, alignments.iter().map(cookie).collect());
        }
        let columns = cells.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let of = |row: &Vec<String>| row.get(column).map_or(0, |cell| cell.chars().count());
            cells.iter().map(of).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let line = |row: &Vec<String>| {
            let cells = widths
                .iter()
                .enumerate()
                .map(|(at, &width)| format!(" {:width$} ", row.get(at).map_or("", String::as_str)));
            format!("|{}|", cells.collect::<Vec<_>>().join("|"))
        };
        let mut lines: Vec<String> = cells.iter().map(line).collect();
        let rule: Vec<String> = widths.iter().map(|&width| "-".repeat(width + 2)).collect();
        let head = 1 + cells.len() - rows.len();
        lines.insert(head.min(lines.len()), format!("|{}|", rule.join("+")));
        lines.join("\n")
    }

    fn quote(&mut self, callout: Option<&Callout>, blocks: &[Block]) -> String {
        let is_nested = self.is_in(OrgContainer::Quote);
        if !is_nested {
            self.within.push(OrgContainer::Quote);
        }
        let title =
            callout.map(|callout| Inline::Styled(TextStyle::Strong('*'), callout.title.clone()));
        let title = title.map(|title| self.paragraph(&[title]));
        let text = self.blocks(blocks);
        let text = title.into_iter().chain([text]).filter(|text| !text.is_empty());
        let text = text.collect::<Vec<_>>().join("\n\n");
        if is_nested {
            // A quote block cannot contain another one.
            return indent_lines(&text, "> ");
        }
        self.within.pop();
        format!("#+begin_quote\n{text}\n#+end_quote")
    }

    /// Renders a paragraph. An image that is all of it keeps its size and alt text.
    fn paragraph(&mut self, line: &[Inline]) -> String {
        let media = match line {
            [Inline::Media(media)] if is_harmless(&media.target) => Some(media),
            _ => None,
        };
        let Some(media) = media else {
            let text = self.line(line);
            let lines: Vec<String> = text.split('\n').map(escape_line_start).collect();
            return lines.join("\n");
        };
        let mut above = String::new();
        let [width, height] = &media.size;
        for (name, value) in [("width", width), ("height", height)] {
            if let Some(value) = value {
                above += &format!("#+attr_html: :{name} {value}\n#+attr_org: :{name} {value}\n");
            }
        }
        if !media.alt_text.is_empty() {
            let text = media.alt_text.replace('\n', " ");
            above += &format!("#+attr_html: :alt {text}\n");
        }
        above + &link(&media.target, None)
    }
}

/// Escapes a line that Org would take for a heading, an item, a table or another block.
fn escape_line_start(line: &str) -> String {
    let rest = line.trim_start_matches('*');
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_item = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let is_numbered =
        digits.len() < line.len() && digits.strip_prefix(['.', ')']).is_some_and(is_item);
    let is_live = (rest.len() < line.len() && rest.starts_with(' '))
        || line.strip_prefix(['-', '+']).is_some_and(is_item)
        || is_numbered
        || line.starts_with(['#', '|', ':'])
        || line.starts_with("%%(")
        || (line.len() > 4 && line.chars().all(|c| c == '-'))
        || ["CLOCK:", "SCHEDULED:", "DEADLINE:", "CLOSED:"]
            .iter()
            .any(|word| line.starts_with(word));
    if is_live { format!("{ZWSP}{line}") } else { line.to_owned() }
}

fn link(target: &str, text: Option<&str>) -> String {
    let is_file = !target.contains(':') && !target.starts_with(['#', '/']);
    let target = target.replace('[', "%5B").replace(']', "%5D").replace('\n', " ");
    let target = if is_file { format!("file:{target}") } else { target };
    text.map_or_else(|| format!("[[{target}]]"), |text| format!("[[{target}][{text}]]"))
}

/// Writes a code block. Org needs a comma before lines that look like its syntax. The code is
/// indented, as org-drill hides lines that begin with `#`.
fn code_block(lang: &str, code: &str) -> String {
    let lang: String = lang.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let lang = if lang.is_empty() { "text".to_owned() } else { lang };
    let line = |line: &str| {
        let text = line.trim_start_matches([' ', '\t']);
        let rest = text.trim_start_matches(',');
        let is_own = rest.starts_with('*') || rest.starts_with("#+");
        let comma = if is_own { "," } else { "" };
        let indent = &line[..line.len() - text.len()];
        if line.is_empty() { String::new() } else { format!("  {indent}{comma}{text}") }
    };
    let lines: Vec<String> = code.split('\n').map(line).collect();
    format!("#+begin_src {lang}\n{}\n#+end_src", lines.join("\n"))
}

/// Breaks up ` ::` in an item, which would make the text before it a term.
fn break_up_term(text: &str) -> String {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.replace(" ::", &format!(" :{ZWSP}:"));
    if rest.is_empty() { first } else { format!("{first}\n{rest}") }
}

/// Replaces brackets in code that are not closed behind at least one character: otherwise the text
/// behind the block up to some bracket would be hidden with them.
fn replace_open_brackets(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some((before, after)) = rest.split_once('[') {
        out += before;
        let first = after.chars().next().map_or(0, char::len_utf8);
        if let Some(end) = after.get(first..).and_then(|inner| inner.find(']')) {
            let end = first + end + 1;
            out.push('[');
            out += &after[..end];
            rest = &after[end..];
        } else {
            out.push('［');
            let is_pair = after.starts_with(']');
            out += if is_pair { "］" } else { "" };
            rest = &after[usize::from(is_pair)..];
        }
    }
    out + rest
}

fn indent_lines(text: &str, indent: &str) -> String {
    let line = |line: &str| {
        if line.is_empty() { indent.trim_end().to_owned() } else { format!("{indent}{line}") }
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}
