//! Markdown written anew, as an app that reads it line by line must have it.
//!
//! Such an app finds its cards by signs at the beginning of a line, or anywhere in it, and takes no
//! heed of what Markdown says there. So the text is not copied but written again from what it
//! means: every block in the plainest form there is, and each sign of the app's own as an entity,
//! which shows the same. Code that holds one becomes HTML, where it can be an entity as well.

mod inline;
mod markup;
mod signs;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Tag, TagEnd};

use signs::{entities, entity, guarded, hidden};

use crate::config::Html;
use crate::markdown::cloze::joined;
use crate::markdown::{self, SpannedEvent, alert, level};
use crate::model::{Definitions, fold_label};

/// What an app wants of Markdown.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// What parts two blocks.
    pub(super) gap: Gap,
    /// What parts them within an item of a list.
    pub(super) item_gap: &'static str,
    /// Whether a line break within a paragraph is shown as one.
    pub(super) shows_breaks: bool,
    /// Whether what follows, behind this character, is a sign of the app's own.
    pub(super) is_sign: fn(Option<char>, &str) -> bool,
    /// The same at the beginning of this line.
    pub(super) opens_line: fn(&str) -> bool,
    /// The same at the beginning of a line of code that is written as HTML.
    pub(super) opens_code: fn(&str) -> bool,
    /// Signs that are broken up within a formula.
    pub(super) tex: &'static [&'static str],
    /// Whether code within a line can stand between backticks.
    pub(super) is_plain_code: fn(&str) -> bool,
    /// The element that shows other code.
    pub(super) code: &'static str,
    /// Whether code can stand in a fence; the second says whether it is within another block.
    pub(super) is_plain_block: fn(&str, bool) -> bool,
    /// Whether a fence may bear a name, so that the app shows what stands below it and does not run it.
    pub(super) is_language: fn(&str) -> bool,
    /// Whether the app runs code that begins so, be it in a line or in a block.
    pub(super) opens_program: fn(&str) -> bool,
    /// What becomes of raw HTML, and of links that only it may hold.
    pub(super) html: Html,
    /// How formulas are written.
    pub(super) math: Math,
    /// What stands before the labels of footnotes, where there are footnotes.
    pub(super) footnotes: Option<usize>,
    /// The highest level of a heading; without one they are bold.
    pub(super) headings: Option<u8>,
    /// Whether an alert has a form of its own.
    pub(super) has_alerts: bool,
    /// What stands before an item that is to be ticked, and before one that is.
    pub(super) boxes: [&'static str; 2],
    /// What strikes through the text that it encloses.
    pub(super) strike: [&'static str; 2],
    /// Whether a backslash takes its meaning from this sign.
    pub(super) escapes: fn(char) -> bool,
    /// How a picture, sound or film is written, if it is not a link.
    pub(super) embed: fn(&str, &str) -> Option<String>,
    /// Whether it must be alone on its line.
    pub(super) has_lone_embeds: bool,
}

/// What parts two blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// An empty line.
    Line,
    /// A comment, as an empty line would end the card.
    Comment,
    /// The same, but nothing between a paragraph and its list.
    CommentOrList,
}

/// How formulas are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Math {
    /// Between dollar signs.
    Dollars,
    /// The same, but one that is displayed has lines of its own.
    DollarLines,
    /// Between the brackets that Anki knows, all signs as entities.
    Brackets,
}

/// A line, and whether it is code, in which nothing is changed.
struct Line {
    text: String,
    is_code: bool,
}

type Lines = Vec<Line>;

/// A title, with nothing in it that means anything to an app.
pub(super) fn title(rules: &Rules, title: &str) -> String {
    let is_mark = |c: char| r"\`*_[]<>#&$~|!{}".contains(c);
    let text = title.chars().map(|c| if is_mark(c) { entity(c) } else { c.to_string() });
    guarded(rules, &text.collect::<String>(), None)
}

/// What parts blocks where no empty line can.
pub(super) const COMMENT: &str = " <!-- -->";

/// Writes a text anew. The labels are those of a card's footnotes, which have numbers in this order.
pub(super) fn written(rules: &Rules, text: &str, labels: &[String]) -> String {
    let mut whole = text.to_owned();
    for label in labels {
        let _ = write!(whole, "\n\n[^{label}]: .");
    }
    let definitions = Definitions::default();
    let mut events = joined(markdown::parse(&whole, &definitions), &whole);
    events.retain(|(_, range)| range.start < text.len());
    let labels = labels.iter().map(|label| fold_label(label)).zip(1..).collect();
    let mut writer = Writer { rules, text: &whole, labels, events, at: 0, depth: 0 };
    let lines = writer.blocks(Place::Top);
    let line = |Line { text, is_code }: &Line| {
        if *is_code {
            return text.clone();
        }
        let text = text.trim_end();
        if (rules.opens_line)(text) { hidden(text) } else { text.to_owned() }
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The labels of the footnotes that a text defines.
pub(super) fn labels(text: &str) -> Vec<String> {
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

/// Whether a text that was written anew begins with a paragraph, which may begin within a line.
pub(super) fn begins_text(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = digits.len() < line.len() && digits.starts_with(". ");
    let opens_block = ["- ", "#", ">", "|", "```", "***", "<pre", "$$", "[^"];
    !line.is_empty() && !is_numbered && !opens_block.iter().any(|mark| line.starts_with(mark))
}

/// What a block stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    Item,
    Quote,
}

struct Writer<'r, 't> {
    rules: &'r Rules,
    text: &'t str,
    /// The numbers of the footnotes.
    labels: BTreeMap<String, usize>,
    events: Vec<SpannedEvent<'t>>,
    at: usize,
    /// How many blocks and pictures are open.
    depth: usize,
}

/// No person nests deeper; what does is written without its structure.
const DEEPEST: usize = 60;

impl<'t> Writer<'_, 't> {
    /// How a footnote is referred to, and marked.
    fn footnote(&self, label: &str) -> String {
        let number = self.labels.get(&fold_label(label));
        let number = number.map_or_else(|| entities(label), ToString::to_string);
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

    /// The blocks up to the end of the one that is open.
    fn blocks(&mut self, place: Place) -> Lines {
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
                    let is_deep = self.depth > DEEPEST;
                    let block = if is_deep { self.flat() } else { self.block(&tag, place) };
                    self.depth -= 1;
                    self.next();
                    (block, is_text)
                }
                Event::Rule => {
                    self.next();
                    (prose("***"), false)
                }
                _ => (prose(&self.inline(false)), true),
            };
            if block.is_empty() {
                continue;
            }
            let is_close = place == Place::Item || self.rules.gap == Gap::CommentOrList;
            let is_tight = is_definition && was_definition || is_list && was_text && is_close;
            if !lines.is_empty() && !is_tight {
                lines.push(self.gap(place));
            }
            lines.extend(block);
            (was_text, was_definition) = (is_text, is_definition);
        }
        lines
    }

    /// All text up to the end of the block that is open, without what nests in it.
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
                    lines.extend(prose(&self.inline(false)));
                    continue;
                }
            }
            self.next();
        }
        lines
    }

    /// What parts two blocks. A comment must not begin its line, where it means something to an app.
    fn gap(&self, place: Place) -> Line {
        let text = match place {
            Place::Item => self.rules.item_gap,
            Place::Top if self.rules.gap != Gap::Line => COMMENT,
            Place::Top | Place::Quote => "",
        };
        Line { text: text.to_owned(), is_code: false }
    }

    fn block(&mut self, tag: &Tag<'_>, place: Place) -> Lines {
        match tag {
            Tag::Heading { level: number, .. } => {
                let text = self.inline(true);
                let text = text.trim();
                let lowest = self.rules.headings;
                prose(&match lowest {
                    _ if text.is_empty() => String::new(),
                    Some(lowest) => {
                        format!("{} {text}", "#".repeat(level(*number).max(lowest).into()))
                    }
                    None if text.contains(['*', '_']) => format!("<b>{text}</b>"),
                    None => format!("**{text}**"),
                })
            }
            Tag::CodeBlock(kind) => self.code(kind, place),
            Tag::List(first) => self.list(*first),
            Tag::BlockQuote(kind) => self.quote(*kind),
            Tag::Table(alignments) => self.table(alignments),
            Tag::HtmlBlock => self.html(),
            Tag::FootnoteDefinition(label) => {
                let body = self.blocks(Place::Item);
                let mark = self.footnote(label);
                match self.rules.footnotes {
                    Some(_) => hung(&format!("{mark}: "), 4, body),
                    None => hung(&format!("{mark} "), 0, body),
                }
            }
            Tag::DefinitionListTitle => prose(&format!("**{}**", self.inline(true).trim())),
            Tag::DefinitionListDefinition => {
                let body = self.blocks(Place::Item);
                hung("- ", 4, body)
            }
            Tag::Paragraph => prose(&self.inline(false)),
            _ => self.blocks(place),
        }
    }

    fn list(&mut self, first: Option<u64>) -> Lines {
        let mut number = first;
        let mut lines = Lines::new();
        while let Some((Event::Start(Tag::Item), _)) = self.peek() {
            self.next();
            let body = self.blocks(Place::Item);
            self.next();
            let marker = number.map_or_else(|| "- ".to_owned(), |number| format!("{number}. "));
            lines.extend(hung(&marker, marker.len().max(4), body));
            number = number.map(|number| number.saturating_add(1));
        }
        lines
    }

    fn quote(&mut self, kind: Option<BlockQuoteKind>) -> Lines {
        let mut lines = self.blocks(Place::Quote);
        if let Some(kind) = kind {
            let title = alert(kind);
            let title = if self.rules.has_alerts {
                format!("[!{}]", title.to_uppercase())
            } else {
                lines.insert(0, Line { text: String::new(), is_code: false });
                format!("**{title}**")
            };
            lines.insert(0, Line { text: title, is_code: false });
        }
        let quoted = |line: Line| Line { text: format!("> {}", line.text), is_code: false };
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
        rows.into_iter().map(|row| Line { text: line(row), is_code: false }).collect()
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>, place: Place) -> Lines {
        let mut code = String::new();
        while let Some((Event::Text(part), _)) = self.peek() {
            code.push_str(part);
            self.next();
        }
        let code = &*self.at_rest(code.strip_suffix('\n').unwrap_or(&code));
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        let is_plain_info = guarded(self.rules, info, None) == info
            && !info.contains('`')
            && (self.rules.is_language)(info);
        let info = if is_plain_info { info } else { "" };
        if !(self.rules.is_plain_block)(code, place != Place::Top) {
            return self.html_code(info, code, place);
        }
        let line = |text: String| Line { text, is_code: true };
        let fence = "`".repeat(longest_run(code).max(2) + 1);
        let mut lines = vec![line(format!("{fence}{info}"))];
        lines.extend(code.split('\n').map(|text| line(text.to_owned())));
        lines.push(line(fence));
        lines
    }
}

/// What keeps signs apart and is not seen.
const JOINER: char = '\u{2060}';

/// The most backticks that stand side by side.
fn longest_run(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn prose(text: &str) -> Lines {
    let lines = text.split('\n').filter(|line| !line.trim().is_empty());
    lines.map(|line| Line { text: line.to_owned(), is_code: false }).collect()
}

/// Lines behind a marker, the later ones below its text.
fn hung(marker: &str, indent: usize, body: Lines) -> Lines {
    let indent = " ".repeat(indent);
    let mut lines: Lines = body
        .into_iter()
        .enumerate()
        .map(|(at, line)| {
            let before = if at == 0 { marker } else { &indent };
            let text = format!("{before}{}", line.text);
            let text = if line.text.is_empty() { text.trim_end().to_owned() } else { text };
            Line { text, ..line }
        })
        .collect();
    if lines.is_empty() {
        lines.push(Line { text: marker.trim_end().to_owned(), is_code: false });
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
