//! Writes a card's tree as Markdown for apps that search it line by line for signs of their own.
//!
//! Such an app finds its cards by signs at the beginning of a line, or anywhere in it, and ignores
//! what Markdown says there. So every block is written in its plainest form, and each sign of the
//! app as an entity, which looks the same. Code that contains such a sign becomes HTML, where
//! entities work as well.
//!
//! For instance, Obsidian's plugin Spaced Repetition takes `a :: b` for a card, so its
//! [`Rules::is_sign`] accepts `::`:
//!
//! ```text
//! a :: b, `x::y`   →   a &colon;: b, `x::y`
//! ```

mod inline;
mod markup;
mod signs;
mod text;

use pulldown_cmark::Alignment;

use signs::{entity, guard_signs, hide_first};

use crate::config::Html;
use crate::render::tree::{Block, Callout, Inline};

/// The syntax that an app supports, and the signs that it would misread.
#[expect(clippy::struct_excessive_bools, reason = "each says whether an app knows something")]
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// What separates two blocks.
    pub(super) gap: BlockGap,
    /// The separator between two blocks within a list item.
    pub(super) item_gap: &'static str,
    /// How far the later lines of a list item are indented at least.
    pub(super) indent: usize,
    /// Whether the app shows a line break within a paragraph as one.
    pub(super) shows_breaks: bool,
    /// Returns whether the rest of the text, which follows this character, begins with a sign of
    /// the app.
    pub(super) is_sign: fn(Option<char>, &str) -> bool,
    /// Returns whether a line begins with a sign that has a meaning only there.
    pub(super) opens_line: fn(&str) -> bool,
    /// Returns the same for a line of code that is written as HTML.
    pub(super) opens_code: fn(&str) -> bool,
    /// Signs that are broken up within a formula, where an entity is not possible.
    pub(super) tex: &'static [&'static str],
    /// Returns whether inline code can be written between backticks.
    pub(super) is_plain_code: fn(&str) -> bool,
    /// The HTML element for code that cannot.
    pub(super) code: &'static str,
    /// Returns whether a code block can be written with a fence. The second argument is whether it
    /// is nested in another block.
    pub(super) is_plain_block: fn(&str, bool) -> bool,
    /// Returns whether a fence may have this info string; some apps run the code of some languages.
    pub(super) is_language: fn(&str) -> bool,
    /// Returns whether the app runs code that begins so, inline or in a block.
    pub(super) opens_program: fn(&str) -> bool,
    /// How raw HTML is treated.
    pub(super) html: Html,
    /// Rewrites a tag, or a block of HTML, for an app that does not find media in it.
    pub(super) rewrite_html: fn(&str) -> String,
    /// How formulas are written.
    pub(super) math: MathSyntax,
    /// The number of the card, which makes the labels of its footnotes unique on the page; `None`
    /// if the app has no footnotes.
    pub(super) footnotes: Option<usize>,
    /// The highest level that a heading may have; `None` if headings become bold text.
    pub(super) headings: Option<u8>,
    /// Whether the app knows alerts, such as `> [!NOTE]`.
    pub(super) has_alerts: bool,
    /// The marks of task list items that are not done, and that are.
    pub(super) boxes: [&'static str; 2],
    /// The marks before and behind text that is struck through.
    pub(super) strike: [&'static str; 2],
    /// The marks before and behind highlighted text.
    pub(super) highlight: [&'static str; 2],
    /// Whether the app knows links to other notes, such as `[[Note]]`.
    pub(super) has_vault_links: bool,
    /// Whether a backslash escapes a sign of the app in a text; else an entity does.
    pub(super) has_escaped_signs: bool,
    /// Returns whether a backslash escapes this sign.
    pub(super) escapes: fn(char) -> bool,
    /// Writes an embedded file; `None` if it must become a link.
    pub(super) embed: fn(&EmbeddedFile<'_>) -> Option<String>,
    /// Whether an embedded file must be alone on its line.
    pub(super) must_isolate_embeds: bool,
}

/// An embedded file, escaped for Markdown.
pub(super) struct EmbeddedFile<'m> {
    pub(super) alt: &'m str,
    pub(super) target: &'m str,
    /// The width and height in pixels as Obsidian has them, such as `300` or `300x200`; empty
    /// without.
    pub(super) size: &'m str,
    /// Whether it was written as Obsidian embeds files.
    pub(super) is_embed: bool,
    /// Whether it is in a table, in which a bar is escaped.
    pub(super) is_cell: bool,
}

/// Writes an embedded file as Markdown does.
pub(super) fn write_embed(file: &EmbeddedFile<'_>) -> String {
    format!("![{}]({})", file.alt, file.target)
}

/// The separator between two blocks of a card.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockGap {
    /// An empty line.
    Line,
    /// A comment, as an empty line would end the card.
    Comment,
    /// A comment, but nothing between a paragraph and its list.
    CommentOrList,
}

/// The syntax of formulas.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MathSyntax {
    /// Between dollar signs.
    Dollars,
    /// Between dollar signs; display math is on lines of its own.
    DollarLines,
    /// Between the brackets that Anki knows, with all punctuation as entities.
    Brackets,
}

/// An output line, and whether it is code, in which nothing is changed.
struct OutputLine {
    text: String,
    is_code: bool,
}

type Lines = Vec<OutputLine>;

/// Writes a cloze, given its number, its text and its hint.
pub(super) type WriteCloze<'c> = &'c dyn Fn(u16, &str, Option<&str>) -> String;

/// Escapes a plain-text title for Markdown and for the app.
pub(super) fn escape_title(rules: &Rules, title: &str) -> String {
    let is_mark = |c: char| r"\`*_[]<>#&$~|!{}".contains(c);
    let text = title.chars().map(|c| if is_mark(c) { entity(c) } else { c.to_string() });
    guard_signs(rules, &text.collect::<String>(), None)
}

/// The separator between two blocks where an empty line would end the card.
pub(super) const COMMENT: &str = " <!-- -->";

/// Writes blocks by an app's rules.
pub(super) fn write(rules: &Rules, blocks: &[Block], write_cloze: WriteCloze<'_>) -> String {
    let writer = AppMarkdownWriter { rules, write_cloze };
    let lines = writer.blocks(blocks, Container::Top);
    let line = |OutputLine { text, is_code }: &OutputLine| {
        if *is_code {
            return text.clone();
        }
        let text = text.trim_end();
        if (rules.opens_line)(text) { hide_first(text) } else { text.to_owned() }
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Returns whether a text of these rules begins with a paragraph, which may begin within a line.
pub(super) fn begins_text(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = digits.len() < line.len() && digits.starts_with(". ");
    let opens_block = ["- ", "#", ">", "|", "```", "***", "<pre", "$$", "[^"];
    !line.is_empty() && !is_numbered && !opens_block.iter().any(|mark| line.starts_with(mark))
}

/// The block that contains another block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    Top,
    Item,
    Quote,
}

/// The room that inline content has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    /// The lines of a paragraph.
    Lines,
    /// One line.
    Line,
    /// A cell of a table, in which a bar is escaped.
    Cell,
}

struct AppMarkdownWriter<'r> {
    rules: &'r Rules,
    write_cloze: WriteCloze<'r>,
}

impl AppMarkdownWriter<'_> {
    /// Writes the label of a footnote, for its reference and its definition.
    fn footnote(&self, number: usize) -> String {
        match self.rules.footnotes {
            Some(card) => format!("[^{card}-{number}]"),
            None if self.rules.has_escaped_signs => format!("\\[{number}\\]"),
            None => format!("&#91;{number}&#93;"),
        }
    }

    /// Writes blocks one below the other.
    fn blocks(&self, blocks: &[Block], container: Container) -> Lines {
        let mut lines = Lines::new();
        let (mut was_text, mut was_definition, mut was_bullets) = (false, false, false);
        for block in blocks {
            let is_definition = matches!(block, Block::Definition(_));
            let is_list = is_definition || matches!(block, Block::List(..));
            let is_text = matches!(block, Block::Text(_) | Block::Term(_));
            let is_bullets = matches!(block, Block::List(None, _));
            let block = self.block(block, container);
            if block.is_empty() {
                continue;
            }
            let is_close =
                container == Container::Item || self.rules.gap == BlockGap::CommentOrList;
            let is_tight = is_definition && was_definition
                || is_list && was_text && is_close
                // Markdown takes both for one list, and an empty line would spread it.
                || is_bullets && was_bullets && self.rules.gap == BlockGap::Line;
            if !lines.is_empty() && !is_tight {
                lines.push(self.gap(container));
            }
            lines.extend(block);
            (was_text, was_definition, was_bullets) = (is_text, is_definition, is_bullets);
        }
        lines
    }

    /// Returns the separator between two blocks. A comment must not begin its line, where an app
    /// may give it a meaning.
    fn gap(&self, container: Container) -> OutputLine {
        let text = match container {
            Container::Item => self.rules.item_gap,
            Container::Top if self.rules.gap != BlockGap::Line => COMMENT,
            Container::Top | Container::Quote => "",
        };
        OutputLine { text: text.to_owned(), is_code: false }
    }

    fn block(&self, block: &Block, container: Container) -> Lines {
        match block {
            Block::Text(line) => text_lines(&self.line(line, Room::Lines)),
            Block::Heading(level, line) => {
                let text = self.line(line, Room::Line);
                let text = text.trim();
                let lowest = self.rules.headings;
                text_lines(&match lowest {
                    _ if text.is_empty() => String::new(),
                    Some(lowest) => format!("{} {text}", "#".repeat((*level).max(lowest).into())),
                    None if text.contains(['*', '_']) => format!("<b>{text}</b>"),
                    None => format!("**{text}**"),
                })
            }
            Block::Code(lang, code) => self.code(lang, code, container),
            Block::List(first, items) => self.list(*first, items),
            Block::Quote(callout, blocks) => self.quote(callout.as_ref(), blocks),
            Block::Table(alignments, rows) => self.table(alignments, rows),
            Block::Html(html) => self.write_html_block(html),
            Block::Footnote(number, blocks) => {
                let body = self.blocks(blocks, Container::Item);
                let mark = self.footnote(*number);
                match self.rules.footnotes {
                    Some(_) => hang(&format!("{mark}: "), 4, body),
                    None => hang(&format!("{mark} "), 0, body),
                }
            }
            Block::Term(line) => text_lines(&format!("**{}**", self.line(line, Room::Line).trim())),
            Block::Definition(blocks) => hang("- ", 4, self.blocks(blocks, Container::Item)),
            Block::Rule => text_lines("***"),
        }
    }

    fn list(&self, first: Option<u64>, items: &[Vec<Block>]) -> Lines {
        let mut number = first;
        let mut lines = Lines::new();
        for item in items {
            let body = self.blocks(item, Container::Item);
            let marker = number.map_or_else(|| "- ".to_owned(), |number| format!("{number}. "));
            lines.extend(hang(&marker, marker.len().max(self.rules.indent), body));
            number = number.map(|number| number.saturating_add(1));
        }
        lines
    }

    fn quote(&self, callout: Option<&Callout>, blocks: &[Block]) -> Lines {
        let mut lines = Lines::new();
        if let Some(callout) = callout {
            let title = self.callout_title(callout);
            lines.push(OutputLine { text: title, is_code: false });
            if !self.rules.has_alerts && !blocks.is_empty() {
                lines.push(OutputLine { text: String::new(), is_code: false });
            }
        }
        lines.extend(self.blocks(blocks, Container::Quote));
        let quoted =
            |line: OutputLine| OutputLine { text: format!("> {}", line.text), is_code: false };
        lines.into_iter().map(quoted).collect()
    }

    fn callout_title(&self, callout: &Callout) -> String {
        if !self.rules.has_alerts {
            let title = self.line(&callout.title, Room::Line);
            let is_plain = !title.contains(['*', '_']);
            return if is_plain { format!("**{title}**") } else { format!("<b>{title}</b>") };
        }
        let fold = match callout.fold {
            Some(true) => "+",
            Some(false) => "-",
            None => "",
        };
        let title = if callout.is_untitled {
            String::new()
        } else {
            format!(" {}", self.line(&callout.title, Room::Line).trim())
        };
        format!("[!{}]{fold}{title}", callout.kind)
    }

    fn table(&self, alignments: &[Alignment], rows: &[Vec<Vec<Inline>>]) -> Lines {
        let cell = |cell: &Vec<Inline>| self.line(cell, Room::Cell).trim().to_owned();
        let row = |row: &Vec<Vec<Inline>>| row.iter().map(cell).collect::<Vec<_>>();
        let mut rows: Vec<Vec<String>> = rows.iter().map(row).collect();
        let rule = alignments.iter().map(|alignment| match alignment {
            Alignment::None => "---".to_owned(),
            Alignment::Left => ":---".to_owned(),
            Alignment::Center => ":---:".to_owned(),
            Alignment::Right => "---:".to_owned(),
        });
        rows.insert(rows.len().min(1), rule.collect());
        let line = |row: Vec<String>| format!("| {} |", row.join(" | "));
        rows.into_iter().map(|row| OutputLine { text: line(row), is_code: false }).collect()
    }

    fn code(&self, lang: &str, code: &str, container: Container) -> Lines {
        let code = &*self.disarm_program(code);
        let is_plain_lang = guard_signs(self.rules, lang, None) == lang
            && !lang.contains('`')
            && (self.rules.is_language)(lang);
        let lang = if is_plain_lang { lang } else { "" };
        if !(self.rules.is_plain_block)(code, container != Container::Top) {
            return self.html_code(lang, code, container);
        }
        let line = |text: String| OutputLine { text, is_code: true };
        let fence = "`".repeat(longest_run(code).max(2) + 1);
        let mut lines = vec![line(format!("{fence}{lang}"))];
        lines.extend(code.split('\n').map(|text| line(text.to_owned())));
        lines.push(line(fence));
        lines
    }
}

/// Word joiner, an invisible character that keeps two signs apart.
const JOINER: char = '\u{2060}';

/// Returns the length of the longest run of backticks.
fn longest_run(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn text_lines(text: &str) -> Lines {
    let lines = text.split('\n').filter(|line| !line.trim().is_empty());
    lines.map(|line| OutputLine { text: line.to_owned(), is_code: false }).collect()
}

/// Puts a marker before the first line and indents the others.
fn hang(marker: &str, indent: usize, body: Lines) -> Lines {
    let indent = " ".repeat(indent);
    let mut lines: Lines = body
        .into_iter()
        .enumerate()
        .map(|(at, line)| {
            let before = if at == 0 { marker } else { &indent };
            let text = format!("{before}{}", line.text);
            let text = if line.text.is_empty() { text.trim_end().to_owned() } else { text };
            OutputLine { text, ..line }
        })
        .collect();
    if lines.is_empty() {
        lines.push(OutputLine { text: marker.trim_end().to_owned(), is_code: false });
    }
    lines
}
