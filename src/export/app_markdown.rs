//! Rewrites Markdown for apps that search it line by line for signs of their own.
//!
//! Such an app finds its cards by signs at the beginning of a line, or anywhere in it, and ignores
//! what Markdown says there. So the text is not copied but parsed and written again: every block in
//! its plainest form, and each sign of the app as an entity, which looks the same. Code that
//! contains such a sign becomes HTML, where entities work as well.
//!
//! For instance, Obsidian's plugin Spaced Repetition takes `a :: b` for a card, so its
//! [`Rules::is_sign`] accepts `::`:
//!
//! ```text
//! a :: b, `x::y`   →   a &colon;&colon; b, `x::y`
//! ```

mod inline;
mod markup;
mod signs;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Tag, TagEnd};

use signs::{entity, escape_punctuation, guard_signs, hide_first};

use crate::config::Html;
use crate::markdown::cloze::join_text;
use crate::markdown::{self, SpannedEvent, alert, level};
use crate::model::{Definitions, fold_label};

/// The syntax that an app supports, and the signs that it would misread.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// What separates two blocks.
    pub(super) gap: BlockGap,
    /// The separator between two blocks within a list item.
    pub(super) item_gap: &'static str,
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
    /// How raw HTML is treated, and links that are allowed only with it.
    pub(super) html: Html,
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
    /// Returns whether a backslash escapes this sign.
    pub(super) escapes: fn(char) -> bool,
    /// Writes an embedded file, given its alt text and target; `None` if it must become a link.
    pub(super) embed: fn(&str, &str) -> Option<String>,
    /// Whether an embedded file must be alone on its line.
    pub(super) must_isolate_embeds: bool,
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

/// Escapes a plain-text title for Markdown and for the app.
pub(super) fn escape_title(rules: &Rules, title: &str) -> String {
    let is_mark = |c: char| r"\`*_[]<>#&$~|!{}".contains(c);
    let text = title.chars().map(|c| if is_mark(c) { entity(c) } else { c.to_string() });
    guard_signs(rules, &text.collect::<String>(), None)
}

/// The separator between two blocks where an empty line would end the card.
pub(super) const COMMENT: &str = " <!-- -->";

/// Rewrites a text by an app's rules. The labels are those of the card's footnotes, which are
/// numbered in this order.
pub(super) fn rewrite(rules: &Rules, text: &str, labels: &[String]) -> String {
    let mut whole = text.to_owned();
    for label in labels {
        let _ = write!(whole, "\n\n[^{label}]: .");
    }
    let definitions = Definitions::default();
    let mut events = join_text(markdown::parse(&whole, &definitions), &whole);
    events.retain(|(_, range)| range.start < text.len());
    let labels = labels.iter().map(|label| fold_label(label)).zip(1..).collect();
    let mut writer = AppMarkdownWriter { rules, text: &whole, labels, events, at: 0, depth: 0 };
    let lines = writer.blocks(Container::Top);
    let line = |OutputLine { text, is_code }: &OutputLine| {
        if *is_code {
            return text.clone();
        }
        let text = text.trim_end();
        if (rules.opens_line)(text) { hide_first(text) } else { text.to_owned() }
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Returns the labels of the footnotes that a text defines.
pub(super) fn footnote_labels(text: &str) -> Vec<String> {
    if !text.contains("[^") {
        return Vec::new();
    }
    let definitions = Definitions::default();
    let labels =
        markdown::parse(text, &definitions).into_iter().filter_map(|(event, _)| match event {
            Event::Start(Tag::FootnoteDefinition(label)) => Some(label.into_string()),
            _ => None,
        });
    labels.collect()
}

/// Returns whether a rewritten text begins with a paragraph, which may begin within a line.
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

struct AppMarkdownWriter<'r, 't> {
    rules: &'r Rules,
    text: &'t str,
    /// The numbers of the footnotes, by folded label.
    labels: BTreeMap<String, usize>,
    events: Vec<SpannedEvent<'t>>,
    at: usize,
    /// How many blocks and images are open.
    depth: usize,
}

/// The deepest nesting that is written out; anything deeper is written without its structure.
const MAX_DEPTH: usize = 60;

impl<'t> AppMarkdownWriter<'_, 't> {
    /// Writes the label of a footnote, for its reference and its definition.
    fn footnote(&self, label: &str) -> String {
        let number = self.labels.get(&fold_label(label));
        let number = number.map_or_else(|| escape_punctuation(label), ToString::to_string);
        match self.rules.footnotes {
            Some(card) => format!("[^{card}-{number}]"),
            None => format!("&#91;{number}&#93;"),
        }
    }

    fn peek(&self) -> Option<&SpannedEvent<'t>> {
        self.events.get(self.at)
    }

    fn next(&mut self) -> Option<SpannedEvent<'t>> {
        let next = self.events.get(self.at).cloned();
        self.at += 1;
        next
    }

    /// Writes all blocks up to the end of the open block.
    fn blocks(&mut self, container: Container) -> Lines {
        let mut lines = Lines::new();
        let (mut was_text, mut was_definition) = (false, false);
        while let Some((event, _)) = self.peek() {
            let is_definition = matches!(event, Event::Start(Tag::DefinitionListDefinition));
            let is_list = is_definition || matches!(event, Event::Start(Tag::List(_)));
            let (block, is_text) = match event.clone() {
                Event::End(_) => break,
                Event::Start(tag) if is_block(&tag) => {
                    self.next();
                    let is_text = matches!(tag, Tag::Paragraph | Tag::DefinitionListTitle);
                    self.depth += 1;
                    let is_deep = self.depth > MAX_DEPTH;
                    let block = if is_deep { self.flat() } else { self.block(&tag, container) };
                    self.depth -= 1;
                    self.next();
                    (block, is_text)
                }
                Event::Rule => {
                    self.next();
                    (text_lines("***"), false)
                }
                _ => (text_lines(&self.inline(false)), true),
            };
            if block.is_empty() {
                continue;
            }
            let is_close =
                container == Container::Item || self.rules.gap == BlockGap::CommentOrList;
            let is_tight = is_definition && was_definition || is_list && was_text && is_close;
            if !lines.is_empty() && !is_tight {
                lines.push(self.gap(container));
            }
            lines.extend(block);
            (was_text, was_definition) = (is_text, is_definition);
        }
        lines
    }

    /// Writes all text up to the end of the open block, without the structure of nested blocks.
    fn flat(&mut self) -> Lines {
        let mut lines = Lines::new();
        let mut open = 0usize;
        while let Some((event, _)) = self.peek() {
            match event {
                Event::Start(tag) if is_block(tag) => open += 1,
                Event::End(_) if open == 0 => break,
                Event::End(_) => open -= 1,
                Event::Rule => {}
                _ => {
                    lines.extend(text_lines(&self.inline(false)));
                    continue;
                }
            }
            self.next();
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

    fn block(&mut self, tag: &Tag<'_>, container: Container) -> Lines {
        match tag {
            Tag::Heading { level: number, .. } => {
                let text = self.inline(true);
                let text = text.trim();
                let lowest = self.rules.headings;
                text_lines(&match lowest {
                    _ if text.is_empty() => String::new(),
                    Some(lowest) => {
                        format!("{} {text}", "#".repeat(level(*number).max(lowest).into()))
                    }
                    None if text.contains(['*', '_']) => format!("<b>{text}</b>"),
                    None => format!("**{text}**"),
                })
            }
            Tag::CodeBlock(kind) => self.code(kind, container),
            Tag::List(first) => self.list(*first),
            Tag::BlockQuote(kind) => self.quote(*kind),
            Tag::Table(alignments) => self.table(alignments),
            Tag::HtmlBlock => self.write_html_block(),
            Tag::FootnoteDefinition(label) => {
                let body = self.blocks(Container::Item);
                let mark = self.footnote(label);
                match self.rules.footnotes {
                    Some(_) => hang(&format!("{mark}: "), 4, body),
                    None => hang(&format!("{mark} "), 0, body),
                }
            }
            Tag::DefinitionListTitle => text_lines(&format!("**{}**", self.inline(true).trim())),
            Tag::DefinitionListDefinition => {
                let body = self.blocks(Container::Item);
                hang("- ", 4, body)
            }
            Tag::Paragraph => text_lines(&self.inline(false)),
            _ => self.blocks(container),
        }
    }

    fn list(&mut self, first: Option<u64>) -> Lines {
        let mut number = first;
        let mut lines = Lines::new();
        while let Some((Event::Start(Tag::Item), _)) = self.peek() {
            self.next();
            let body = self.blocks(Container::Item);
            self.next();
            let marker = number.map_or_else(|| "- ".to_owned(), |number| format!("{number}. "));
            lines.extend(hang(&marker, marker.len().max(4), body));
            number = number.map(|number| number.saturating_add(1));
        }
        lines
    }

    fn quote(&mut self, kind: Option<BlockQuoteKind>) -> Lines {
        let mut lines = self.blocks(Container::Quote);
        if let Some(kind) = kind {
            let title = alert(kind);
            let title = if self.rules.has_alerts {
                format!("[!{}]", title.to_uppercase())
            } else {
                lines.insert(0, OutputLine { text: String::new(), is_code: false });
                format!("**{title}**")
            };
            lines.insert(0, OutputLine { text: title, is_code: false });
        }
        let quoted =
            |line: OutputLine| OutputLine { text: format!("> {}", line.text), is_code: false };
        lines.into_iter().map(quoted).collect()
    }

    fn table(&mut self, alignments: &[Alignment]) -> Lines {
        let mut rows: Vec<Vec<String>> = Vec::new();
        while let Some((event, _)) = self.peek() {
            match event.clone() {
                Event::End(TagEnd::Table) => break,
                Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
                Event::Start(Tag::TableCell) => {
                    self.next();
                    let cell = self.inline(true).trim().to_owned();
                    rows.last_mut().into_iter().for_each(|row| row.push(cell.clone()));
                    self.next();
                    continue;
                }
                _ => {}
            }
            self.next();
        }
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

    fn code(&mut self, kind: &CodeBlockKind<'_>, container: Container) -> Lines {
        let mut code = String::new();
        while let Some((Event::Text(part), _)) = self.peek() {
            code.push_str(part);
            self.next();
        }
        let code = &*self.disarm_program(code.strip_suffix('\n').unwrap_or(&code));
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        let is_plain_info = guard_signs(self.rules, info, None) == info
            && !info.contains('`')
            && (self.rules.is_language)(info);
        let info = if is_plain_info { info } else { "" };
        if !(self.rules.is_plain_block)(code, container != Container::Top) {
            return self.html_code(info, code, container);
        }
        let line = |text: String| OutputLine { text, is_code: true };
        let fence = "`".repeat(longest_run(code).max(2) + 1);
        let mut lines = vec![line(format!("{fence}{info}"))];
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

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}
