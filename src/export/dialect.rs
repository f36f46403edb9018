//! Markdown written anew, as an app that reads it line by line must have it.
//!
//! Such an app finds its cards by signs at the beginning of a line, or anywhere in it, and takes no
//! heed of what Markdown says there. So the text is not copied but written again from what it
//! means: every block in the plainest form there is, and each sign of the app's own as an entity,
//! which shows the same. Code that holds one becomes HTML, where it can be an entity as well.

mod inline;

use std::fmt::Write as _;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Tag, TagEnd};

use crate::markdown::cloze::joined;
use crate::markdown::{self, Placed, alert, html, level};
use crate::model::{Definitions, fold_label};
use crate::render::is_element;

/// What an app wants of Markdown.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// Whether an empty line would end a card: blocks are parted by an empty comment then.
    pub(super) is_dense: bool,
    /// Whether a list needs nothing between itself and the paragraph above it.
    pub(super) has_tight_lists: bool,
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
    /// How formulas are written.
    pub(super) math: Math,
    /// What stands before the labels of footnotes, where there are footnotes.
    pub(super) footnotes: Option<usize>,
    /// The highest level of a heading; without one they are bold.
    pub(super) headings: Option<u8>,
    /// Whether an alert has a form of its own.
    pub(super) has_alerts: bool,
    /// Whether `~~` strikes through.
    pub(super) strikes: bool,
    /// Whether a backslash takes its meaning from this sign.
    pub(super) escapes: fn(char) -> bool,
    /// How a picture, sound or film is written, if it is not a link.
    pub(super) embed: fn(&str, &str) -> Option<String>,
    /// Whether it must be alone on its line.
    pub(super) has_lone_embeds: bool,
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

/// Writes a text anew. The labels are those of a card's footnotes, which have numbers in this order.
pub(super) fn written(rules: &Rules, text: &str, labels: &[String]) -> String {
    let mut whole = text.to_owned();
    for label in labels {
        let _ = write!(whole, "\n\n[^{label}]: .");
    }
    let definitions = Definitions::default();
    let mut events = joined(markdown::parse(&whole, &definitions), &whole);
    events.retain(|(_, range)| range.start < text.len());
    let mut writer = Writer { rules, text: &whole, labels, events, at: 0 };
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

/// A line whose first sign is an entity.
fn hidden(line: &str) -> String {
    let rest = line.trim_start();
    let indent = &line[..line.len() - rest.len()];
    let mut chars = rest.chars();
    let first = chars.next().map(entity).unwrap_or_default();
    format!("{indent}{first}{}", chars.as_str())
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

/// A character that means nothing.
pub(super) fn entity(c: char) -> String {
    format!("&#{};", u32::from(c))
}

/// A text in which no sign means anything, neither to Markdown nor to HTML.
pub(super) fn entities(text: &str) -> String {
    let is_safe = |c: char| c.is_alphanumeric() || " ,\n".contains(c) || !c.is_ascii();
    text.chars().map(|c| if is_safe(c) { c.to_string() } else { entity(c) }).collect()
}

/// A text, Markdown or HTML, in which each sign of an app is an entity.
pub(super) fn guarded(rules: &Rules, text: &str, before: Option<char>) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut before) = (text, before);
    while let Some(c) = rest.chars().next() {
        let width = if let Some(width) = entity_width(rest) {
            out.push_str(&rest[..width]);
            width
        } else {
            // A backtick that opens no code to us may do so to an app.
            let is_sign = c == '`' || (rules.is_sign)(before, rest);
            out.push_str(&if is_sign { entity(c) } else { c.to_string() });
            c.len_utf8()
        };
        before = Some(c);
        rest = &rest[width..];
    }
    out
}

/// How long the entity is that a text begins with.
fn entity_width(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('&')?;
    let end = inner.find(';').filter(|end| (1..32).contains(end))?;
    let name = inner[..end].strip_prefix('#').unwrap_or(&inner[..end]);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
    is_name.then_some(end + 2)
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
    labels: &'r [String],
    events: Vec<Placed<'t>>,
    at: usize,
}

impl<'t> Writer<'_, 't> {
    /// How a footnote is referred to, and marked.
    fn footnote(&self, label: &str) -> String {
        let at = self.labels.iter().position(|known| fold_label(known) == fold_label(label));
        let number = at.map_or_else(|| entities(label), |at| (at + 1).to_string());
        match self.rules.footnotes {
            Some(card) => format!("[^{card}-{number}]"),
            None => format!("&#91;{number}&#93;"),
        }
    }

    fn peek(&self) -> Option<&Placed<'t>> {
        self.events.get(self.at)
    }

    fn next(&mut self) -> Option<Placed<'t>> {
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
                    let block = self.block(&tag, place);
                    self.next();
                    (block, is_text)
                }
                Event::Rule => {
                    self.next();
                    (prose("***".to_owned()), false)
                }
                _ => (prose(self.inline(false)), true),
            };
            if block.is_empty() {
                continue;
            }
            let is_close =
                place == Place::Item || self.rules.is_dense && self.rules.has_tight_lists;
            let is_tight = is_definition && was_definition || is_list && was_text && is_close;
            if !lines.is_empty() && !is_tight {
                lines.push(self.gap(place));
            }
            lines.extend(block);
            (was_text, was_definition) = (is_text, is_definition);
        }
        lines
    }

    /// What parts two blocks. Before the comment there is a blank, as one at the beginning of a line
    /// has a meaning of its own to an app.
    fn gap(&self, place: Place) -> Line {
        let is_dense = self.rules.is_dense && place != Place::Quote;
        let text = if is_dense { " <!-- -->" } else { "" };
        Line { text: text.to_owned(), is_code: false }
    }

    fn block(&mut self, tag: &Tag<'_>, place: Place) -> Lines {
        match tag {
            Tag::Heading { level: number, .. } => {
                let text = self.inline(true);
                let text = text.trim();
                let lowest = self.rules.headings;
                prose(match lowest {
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
            Tag::DefinitionListTitle => prose(format!("**{}**", self.inline(true).trim())),
            Tag::DefinitionListDefinition => {
                let body = self.blocks(Place::Item);
                hung("- ", 4, body)
            }
            Tag::Paragraph => prose(self.inline(false)),
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
            Alignment::Left => ":--".to_owned(),
            Alignment::Center => ":-:".to_owned(),
            Alignment::Right => "--:".to_owned(),
        });
        rows.insert(rows.len().min(1), rule.collect());
        let line = |row: Vec<String>| format!("| {} |", row.join(" | "));
        rows.into_iter().map(|row| Line { text: line(row), is_code: false }).collect()
    }

    /// A block of HTML without its comments.
    fn html(&mut self) -> Lines {
        let mut source = String::new();
        while let Some((Event::Html(line) | Event::Text(line), _)) = self.peek() {
            source.push_str(line);
            self.next();
        }
        let source = self.tags(&html::without_comments(&source));
        let lines: Vec<&str> = source.lines().filter(|line| !line.trim().is_empty()).collect();
        let Some(first) = lines.first() else { return Lines::new() };
        let opens = |tag: &str| first.trim_start().to_lowercase().starts_with(tag);
        if opens("<pre") || !self.rules.is_dense && opens("<") {
            return lines.into_iter().flat_map(|line| prose(line.to_owned())).collect();
        }
        // Nothing but an empty line would end such a block; a paragraph ends like any other.
        let text = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        prose(format!("&#8203;{text}"))
    }

    /// HTML in which nothing means anything but its tags.
    fn tags(&self, html: &str) -> String {
        let mut out = String::with_capacity(html.len());
        let mut at = 0;
        for tag in html::tags(html) {
            let text = &html[tag.range.clone()];
            out.push_str(&self.between_tags(&html[at..tag.range.start]));
            if is_element(&tag.name) {
                out.push_str(&guarded(self.rules, text, None));
            } else {
                out.push_str(&entities(text));
            }
            at = tag.range.end;
        }
        out + &self.between_tags(&html[at..])
    }

    fn between_tags(&self, text: &str) -> String {
        let text = guarded(self.rules, text, None);
        let (mut out, mut rest) = (String::with_capacity(text.len()), text.as_str());
        while let Some(c) = rest.chars().next() {
            let width = entity_width(rest).unwrap_or(c.len_utf8());
            if width == 1 && r"\`*_[]<>&$~#|!{}=+-".contains(c) {
                out.push_str(&entity(c));
            } else {
                out.push_str(&rest[..width]);
            }
            rest = &rest[width..];
        }
        out
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>, place: Place) -> Lines {
        let mut code = String::new();
        while let Some((Event::Text(part), _)) = self.peek() {
            code.push_str(part);
            self.next();
        }
        let code = code.strip_suffix('\n').unwrap_or(&code);
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        let is_plain_info = guarded(self.rules, info, None) == info && !info.contains('`');
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

    /// Code as HTML. An empty line would end a card, or the HTML, so it is an entity too; within a
    /// list every line is, as it would begin with the blanks that make it belong there.
    fn html_code(&self, info: &str, code: &str, place: Place) -> Lines {
        let class = match info {
            "" => String::new(),
            info => format!(" class=\"language-{}\"", html_text(info)),
        };
        let mut text = format!("<pre><code{class}>");
        for (at, line) in code.split('\n').enumerate() {
            let is_hidden = place == Place::Item || line.trim().is_empty();
            let gap = if is_hidden { "&#10;" } else { "\n" };
            text.push_str(if at == 0 { "" } else { gap });
            let html = guarded(self.rules, &html_text(line), None);
            text.push_str(&if (self.rules.opens_code)(line) { hidden(&html) } else { html });
        }
        text.push_str("</code></pre>");
        prose(text)
    }
}

/// A text as HTML.
fn html_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The most backticks that stand side by side.
fn longest_run(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn prose(text: String) -> Lines {
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
