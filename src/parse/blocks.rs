//! The top-level blocks of a file, with the bold labels at the beginning of lines.
//!
//! The native convention needs no more of Markdown: headings, the extents of blocks, and labels.
//! Code, quotes and lists are opaque, so that `### Q:` or `**Answer:**` in them are no structure.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use crate::markdown::{self, SpannedEvent, html};

/// A top-level block.
#[derive(Debug)]
pub struct Block {
    /// The place of the block, without the indent of its first line.
    pub range: Range<usize>,
    /// The kind of the block.
    pub kind: Kind,
    /// The place of the text of a heading or a paragraph, or of the first term of definitions.
    pub inline: Range<usize>,
    /// The indices of its labels.
    pub labels: Range<usize>,
}

impl Block {
    /// Updates the block by an event in it, at a nesting depth, and finds labels.
    fn see(
        &mut self,
        event: &Event<'_>,
        range: &Range<usize>,
        depth: usize,
        text: &str,
        lines: &mut Lines,
        found: &mut Vec<Label>,
    ) {
        match self.kind {
            Kind::Heading(_) | Kind::Paragraph | Kind::Underlined(_)
                if depth == 1 && !matches!(event, Event::End(_)) =>
            {
                self.inline.start = self.inline.start.min(range.start);
                self.inline.end = range.end;
            }
            Kind::Definitions
                if range.start == self.range.start
                    && *event == Event::Start(Tag::DefinitionListTitle) =>
            {
                self.inline = range.clone();
            }
            _ => {}
        }
        let (may_label, may_swallow) = match self.kind {
            Kind::Paragraph | Kind::Underlined(_) => (true, false),
            Kind::List | Kind::Other => (false, true),
            // Before its first term there is nothing of it.
            Kind::Definitions => (
                self.inline.start <= range.start && range.end <= self.inline.end,
                self.inline.end <= range.start,
            ),
            _ => (false, false),
        };
        if may_label {
            lines.see(event, range, text, found);
        }
        if may_swallow && *event == Event::Start(Tag::Strong) {
            found.extend(parse_swallowed_label(text, range, &mut lines.is_never_closed));
        }
        self.labels.end = found.len();
    }
}

/// The kind of a block, as far as a convention needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `#` to `######`.
    Heading(u8),
    /// A paragraph with `===` (1) or `---` (2) directly below it.
    Underlined(u8),
    /// A paragraph.
    Paragraph,
    /// A list.
    List,
    /// `---` and the like.
    Rule,
    /// A footnote definition or an HTML comment, which are not shown here.
    Invisible,
    /// Terms, each with its definitions. A label may stand before the first term.
    Definitions,
    /// Code between fences.
    Fenced,
    /// HTML that shows something.
    Html,
    /// A table, a quote, indented code.
    Other,
}

/// A bold text with a colon, at the start of a line.
#[derive(Debug)]
pub struct Label {
    /// From the first star to the colon or the last star.
    pub range: Range<usize>,
    /// Its text without the colon.
    pub text: String,
    /// The place where the text after it begins.
    pub after: usize,
    /// Whether it is alone on its line.
    pub alone: bool,
    /// Whether it is a lazy continuation of a list, quote or table, as there is no blank line above
    /// it.
    pub is_swallowed: bool,
}

/// Collects the top-level blocks of a text from its events, and the labels in all of them.
pub(super) fn of(text: &str, events: &[SpannedEvent<'_>]) -> (Vec<Block>, Vec<Label>) {
    let (mut blocks, mut labels): (Vec<Block>, Vec<Label>) = (Vec::new(), Vec::new());
    let mut depth = 0usize;
    let mut lines = Lines::default();
    for (event, range) in events {
        if depth == 0
            && let Some(kind) = kind_of(event, text, range)
        {
            let inline = range.end..range.end;
            let within = labels.len()..labels.len();
            blocks.push(Block { range: range.clone(), kind, inline, labels: within });
            lines = lines.anew();
        }
        if let Some(block) = blocks.last_mut() {
            block.see(event, range, depth, text, &mut lines, &mut labels);
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    blocks.shrink_to_fit();
    labels.shrink_to_fit();
    (blocks, labels)
}

fn kind_of(event: &Event<'_>, text: &str, range: &Range<usize>) -> Option<Kind> {
    Some(match event {
        Event::Start(Tag::Heading { level, .. }) if markdown::is_underlined(text, range) => {
            Kind::Underlined(markdown::level(*level))
        }
        Event::Start(Tag::Heading { level, .. }) => Kind::Heading(markdown::level(*level)),
        Event::Start(Tag::Paragraph) => Kind::Paragraph,
        Event::Start(Tag::List(_)) => Kind::List,
        Event::Start(Tag::DefinitionList) => Kind::Definitions,
        Event::Start(Tag::FootnoteDefinition(_)) => Kind::Invisible,
        Event::Start(Tag::HtmlBlock) if is_comment(&text[range.clone()]) => Kind::Invisible,
        Event::Start(Tag::HtmlBlock) => Kind::Html,
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => Kind::Fenced,
        Event::Start(_) => Kind::Other,
        Event::Rule => Kind::Rule,
        _ => return None,
    })
}

/// Returns whether HTML consists of comments.
fn is_comment(html: &str) -> bool {
    let mut rest = html.trim();
    while let Some(after) = rest.strip_prefix("<!--") {
        match after.split_once("-->") {
            Some((_, after)) => rest = after.trim_start(),
            None => return true,
        }
    }
    rest.is_empty()
}

/// Returns the first line of a range of a text.
#[must_use]
pub fn first_line(text: &str, range: &Range<usize>) -> Range<usize> {
    let line = text[range.clone()].lines().next().unwrap_or_default().trim_end();
    range.start..range.start + line.len()
}

/// The colons that may end a label.
pub(super) const COLONS: [char; 2] = [':', '：'];

/// A finder for the labels of a paragraph, which sees its events one by one.
#[derive(Default)]
struct Lines {
    depth: usize,
    /// Whether there is text before, on the same line.
    is_within_line: bool,
    /// The bold text at the start of this line, so far.
    bold: Option<String>,
    /// A bold text that has ended, and is a label if a colon comes next.
    ended: Option<(Range<usize>, String)>,
    /// Whether a comment behind a label is unclosed.
    is_never_closed: bool,
}

impl Lines {
    /// Returns the finder for the next block.
    fn anew(&self) -> Self {
        Self { is_never_closed: self.is_never_closed, ..Self::default() }
    }

    fn see(&mut self, event: &Event<'_>, range: &Range<usize>, text: &str, found: &mut Vec<Label>) {
        if let Some((bold, says)) = self.ended.take()
            && let Event::Text(after) = event
            && after.starts_with(COLONS)
            && text[range.start..].starts_with(COLONS)
            && !text[..range.start].ends_with('\\')
        {
            let colon = after.chars().next().map_or(0, char::len_utf8);
            let bold = bold.start..bold.end + colon;
            found.push(make_label(bold, &says, text, &mut self.is_never_closed));
        }
        match event {
            Event::Start(Tag::Strong) if !self.is_within_line && self.depth == 1 => {
                self.bold = Some(String::new());
                self.is_within_line = true;
            }
            Event::End(TagEnd::Strong) if self.depth == 2 => {
                if let Some(says) = self.bold.take() {
                    let is_escaped = text[..range.end].trim_end_matches(['*', '_', ' ']);
                    let is_escaped = is_escaped.ends_with("\\:") || is_escaped.ends_with(';');
                    match says.trim_end().strip_suffix(COLONS) {
                        Some(_) if is_escaped => {}
                        Some(says) => {
                            let is_never_closed = &mut self.is_never_closed;
                            found.push(make_label(range.clone(), says, text, is_never_closed));
                        }
                        None => self.ended = Some((range.clone(), says)),
                    }
                }
            }
            Event::Text(_) if !self.is_within_line && self.depth == 1 && self.bold.is_none() => {
                found.extend(parse_tight_label(text, range.start, &mut self.is_never_closed));
                self.is_within_line = true;
            }
            Event::Text(part) | Event::Code(part) => {
                if let Some(says) = &mut self.bold {
                    says.push_str(part);
                }
                self.is_within_line = true;
            }
            Event::InlineHtml(tag) if !tag.starts_with("<!--") => {
                if let Some(says) = &mut self.bold {
                    says.push_str(tag);
                }
                self.is_within_line = true;
            }
            Event::InlineMath(tex) => {
                if let Some(says) = &mut self.bold {
                    says.push_str(&format!("${tex}$"));
                }
                self.is_within_line = true;
            }
            Event::SoftBreak | Event::HardBreak => match &mut self.bold {
                Some(says) => says.push(' '),
                None => self.is_within_line = false,
            },
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::DefinitionListTitle) => {}
            _ => self.is_within_line = true,
        }
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// Returns the label that a bold text at the very start of a line would be in a paragraph.
fn parse_swallowed_label(
    text: &str,
    bold: &Range<usize>,
    is_never_closed: &mut bool,
) -> Option<Label> {
    let starts_line = text[..bold.start].ends_with(['\n', '\r']);
    let says = text[bold.clone()].trim_matches(['*', '_']);
    let colon = text[bold.end..].chars().next().filter(|c| COLONS.contains(c));
    let says = if colon.is_some() { says } else { says.strip_suffix(COLONS)? };
    if says.ends_with('\\') {
        return None;
    }
    let range = bold.start..bold.end + colon.map_or(0, char::len_utf8);
    let label = || make_label(range, says, text, is_never_closed);
    starts_line.then(|| Label { is_swallowed: true, ..label() })
}

/// Returns a label with a letter right behind its stars, which in Markdown do not close the bold
/// text: `**Answer:**It does.`
fn parse_tight_label(text: &str, start: usize, is_never_closed: &mut bool) -> Option<Label> {
    let line = text[start..].lines().next()?;
    let mark = ["**", "__"].into_iter().find(|mark| line.starts_with(mark))?;
    let width = line[2..].find(mark)?;
    let says = line[2..2 + width].strip_suffix(COLONS)?;
    let is_words = says.chars().all(|c| c.is_alphanumeric() || " ()-".contains(c));
    let range = start..start + width + 4;
    let is_tight = text[range.end..].starts_with(char::is_alphanumeric);
    (is_words && is_tight).then(|| make_label(range, says, text, is_never_closed))
}

fn make_label(range: Range<usize>, says: &str, text: &str, is_never_closed: &mut bool) -> Label {
    let rest = &text[range.end..];
    let line = html::without_comments(rest.lines().next().unwrap_or_default());
    let alone = line.trim().is_empty() || line.trim() == "\\";
    let mut shown = rest.trim_start();
    while let Some(after) = skip_unseen(shown, is_never_closed) {
        shown = after.trim_start();
    }
    let after = text.len() - shown.len();
    Label { range, text: markdown::fold(says), after, alone, is_swallowed: false }
}

/// Returns the text behind a comment or a hard line break. If a comment is unclosed, so are all
/// behind it.
fn skip_unseen<'t>(text: &'t str, is_never_closed: &mut bool) -> Option<&'t str> {
    let after_break = || text.strip_prefix('\\').filter(|after| after.starts_with(['\r', '\n']));
    let Some(comment) = text.strip_prefix("<!--").filter(|_| !*is_never_closed) else {
        return after_break();
    };
    let closed = comment.split_once("-->");
    *is_never_closed = closed.is_none();
    closed.map(|(_, after)| after)
}
