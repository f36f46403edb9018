//! Copies the Markdown of an excerpt so that it stands by itself.
//!
//! The source is copied, not rewritten, so that everything an author chose stays. Only what would
//! break elsewhere is edited: reference links become inline links, relative paths lead to the media
//! folder, footnotes get labels that are unique in the new file.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};

use super::{Checkboxes, ClozeMode, Context, cloze_marks, sanitize};
use crate::markdown::{html, size};
use crate::model::{Excerpt, fold_label, resolve};
use crate::source::FileId;

/// The new file that holds the questions of each source file, by the source's path, for links
/// between files.
pub type PageLinks = BTreeMap<String, String>;

/// The labels of the footnotes in one new file.
#[derive(Debug, Default)]
pub struct FootnoteLabels {
    names: BTreeMap<(FileId, String), String>,
    taken: BTreeSet<String>,
    pending: Vec<(FileId, String)>,
}

impl FootnoteLabels {
    fn name(&mut self, file: FileId, label: &str) -> String {
        let key = (file, fold_label(label));
        if let Some(name) = self.names.get(&key) {
            return name.clone();
        }
        let numbered = (2..).map(|n| format!("{}-{n}", key.1));
        let mut names = std::iter::once(key.1.clone()).chain(numbered);
        let name = names.find(|name| self.taken.insert(name.clone())).unwrap_or_default();
        self.names.insert(key.clone(), name.clone());
        self.pending.push(key);
        name
    }

    /// Returns the definitions of the footnotes that were referred to since the last call.
    pub fn definitions(&mut self, context: &Context<'_>, pages: &PageLinks) -> Vec<String> {
        let mut definitions = Vec::new();
        while let Some((file, label)) = self.pending.pop() {
            let name = self.name(file, &label);
            if let Some(body) = context.definitions(file).footnotes.get(&label) {
                let text = render(context, body, pages, self);
                definitions.push(format!("[^{name}]: {text}"));
            }
        }
        definitions
    }
}

/// Returns whether an excerpt begins within a line, after a label or a bullet.
#[must_use]
pub fn is_inline(context: &Context<'_>, body: &Excerpt) -> bool {
    let text = context.sources.text(body.blocks.file);
    !text[body.blocks.start..body.content.start].trim().is_empty()
}

/// Returns whether an excerpt begins at the start of a line.
#[must_use]
pub fn opens_line(context: &Context<'_>, body: &Excerpt) -> bool {
    let before = &context.sources.text(body.blocks.file)[..body.content.start];
    before.trim_end_matches([' ', '\t']).ends_with(['\n', '\r'])
}

/// Returns an excerpt as Markdown.
pub fn render(
    context: &Context<'_>,
    body: &Excerpt,
    pages: &PageLinks,
    labels: &mut FootnoteLabels,
) -> String {
    let file = body.blocks.file;
    let text = context.sources.text(file);
    let edits = edits(context, body, pages, labels);
    let mut out = String::with_capacity(body.content.len());
    let mut at = if is_inline(context, body) { body.content.start } else { body.blocks.start };
    for (range, replacement) in edits {
        if range.start >= at && range.end <= body.content.end {
            out.push_str(&text[at..range.start]);
            out.push_str(&replacement);
            at = range.end;
        }
    }
    out.push_str(&text[at..body.content.end]);
    if out.contains('\r') {
        out = out.replace("\r\n", "\n").replace('\r', "\n");
    }
    out.trim_end().trim_start_matches('\n').to_owned()
}

/// Returns a list item as Markdown, without the indentation of its later lines.
pub fn render_item(
    context: &Context<'_>,
    body: &Excerpt,
    pages: &PageLinks,
    labels: &mut FootnoteLabels,
) -> String {
    let text = context.sources.text(body.blocks.file);
    let line = text[..body.content.start].rfind('\n').map_or(0, |newline| newline + 1);
    let indent = text[line..body.content.start].chars().count();
    let mut lines = Vec::new();
    for line in render(context, body, pages, labels).lines() {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        lines.push(line[if lines.is_empty() { 0 } else { spaces.min(indent) }..].to_owned());
    }
    lines.join("\n")
}

type Edit = (Range<usize>, String);

fn edits(
    context: &Context<'_>,
    body: &Excerpt,
    pages: &PageLinks,
    labels: &mut FootnoteLabels,
) -> Vec<Edit> {
    let file = body.blocks.file;
    let text = context.sources.text(file);
    let definitions = context.definitions(file);
    let mut edits: Vec<Edit> = Vec::new();
    let first = definitions.spans.partition_point(|range| range.start < body.content.start);
    let within =
        definitions.spans[first..].iter().take_while(|range| range.end <= body.content.end);
    edits.extend(within.map(|range| definition_edit(text, range, body.content.start)));
    edits.extend(cloze_edits(context, body, text));
    if needs_no_edits(text, body) {
        return edits;
    }
    let mut open: Vec<(usize, LinkType, Option<String>)> = Vec::new();
    let mut depth = 0usize;
    for (event, range) in context.events(body) {
        let is_last = depth == 0 && range.end == text.len();
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some((inner_end, ..)) = open.last_mut()
            && !matches!(event, Event::End(TagEnd::Link | TagEnd::Image))
        {
            *inner_end = (*inner_end).max(range.end);
        }
        match event {
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                let tail = link_end(context, file, link_type, &dest_url, &title, pages);
                open.push((range.start + 1, link_type, tail));
            }
            Event::Start(Tag::Image { link_type, dest_url, title, .. }) => {
                let tail = link_end(context, file, link_type, &dest_url, &title, pages);
                open.push((range.start + 2, link_type, tail));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some((inner_end, link_type, Some(tail))) = open.pop() {
                    // The parser ends a collapsed reference before its empty brackets.
                    let is_collapsed =
                        matches!(link_type, LinkType::Collapsed | LinkType::CollapsedUnknown);
                    let has_more = is_collapsed && text[range.end..].starts_with("[]");
                    let braces = size::attribute_range(&text[range.clone()])
                        .map_or(0, |braces| braces.len());
                    let end = range.end - braces + if has_more { 2 } else { 0 };
                    edits.push((inner_end..end, tail));
                }
                if let Some((inner_end, ..)) = open.last_mut() {
                    *inner_end = (*inner_end).max(range.end);
                }
            }
            Event::FootnoteReference(label) => {
                edits.push((range, format!("[^{}]", labels.name(file, &label))));
            }
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                let written = &text[range.clone()];
                // Other apps would take it for an element and show nothing.
                if matches!(event, Event::InlineHtml(_))
                    && sanitize::is_placeholder(written, context.html)
                {
                    edits.push((range.start..range.start, "\\".to_owned()));
                }
                for tag in html::tags(written) {
                    let Some(source) = tag.source.clone().filter(|_| html::embeds(&tag)) else {
                        continue;
                    };
                    let source = range.start + source.start..range.start + source.end;
                    let target = html::decode_value(&text[source.clone()]);
                    if let Some(path) = context.media_path(file, &target) {
                        edits.push((source, path));
                    }
                }
            }
            Event::TaskListMarker(is_right) => match context.boxes {
                Checkboxes::Shown => {}
                Checkboxes::Marked if is_right => edits.push((range, "✓".to_owned())),
                Checkboxes::Marked | Checkboxes::Hidden => {
                    let gap = usize::from(text[range.end..].starts_with(' '));
                    edits.push((range.start..range.end + gap, String::new()));
                }
            },
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) if is_last => {
                let end = body.content.end;
                edits.extend(closing_fence(&text[range]).map(|fence| (end..end, fence)));
            }
            _ => {}
        }
    }
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    edits
}

/// Returns whether an excerpt needs no edits: it contains no links, checkboxes or HTML, and is not
/// at the end of the file, which may close a fence. Most excerpts need no parsing.
fn needs_no_edits(text: &str, body: &Excerpt) -> bool {
    let is_last = body.content.end == text.len();
    let written = &text.as_bytes()[body.content.clone()];
    !is_last && memchr::memchr2(b'[', b'<', written).is_none()
}

/// Returns the edits that blank or fill clozes.
fn cloze_edits(context: &Context<'_>, body: &Excerpt, text: &str) -> Vec<Edit> {
    let is_blank = match context.cloze_mode {
        ClozeMode::Text | ClozeMode::Numbered | ClozeMode::Anki(_) => return Vec::new(),
        ClozeMode::Blank => true,
        ClozeMode::Filled => false,
    };
    cloze_marks::cloze_edits(text, &context.clozes(body), is_blank)
}

/// Removes a definition with its indentation. Behind a bullet or `>` the line itself stays.
fn definition_edit(text: &str, range: &Range<usize>, from: usize) -> Edit {
    let line = text[..range.start].rfind(['\n', '\r']).map_or(0, |newline| newline + 1).max(from);
    let is_alone = text[line..range.start].trim().is_empty();
    let ends_line = text[range.clone()].ends_with(['\n', '\r']);
    let start = if is_alone { line.min(range.start) } else { range.start };
    let rest = if ends_line && !is_alone { "\n" } else { "" };
    (start..range.end, rest.to_owned())
}

/// Returns the closing fence of a code block that only the end of the file closes.
fn closing_fence(code: &str) -> Option<String> {
    let code = code.trim_start();
    let mark = code.chars().next()?;
    let width = code.len() - code.trim_start_matches(mark).len();
    let (_, last) = code.trim_end().rsplit_once(['\n', '\r']).unwrap_or_default();
    let is_closed = last.trim().len() >= width && last.trim().chars().all(|c| c == mark);
    let gap = if code.ends_with('\n') { "" } else { "\n" };
    (!is_closed).then(|| format!("{gap}{}", mark.to_string().repeat(width)))
}

/// Returns the new end of a link or image, from the bracket that closes its text, if it must
/// change.
fn link_end(
    context: &Context<'_>,
    file: FileId,
    link_type: LinkType,
    url: &str,
    title: &str,
    pages: &PageLinks,
) -> Option<String> {
    let moved = new_target(context, file, url, pages);
    match link_type {
        LinkType::Autolink | LinkType::Email | LinkType::WikiLink { .. } => return None,
        LinkType::Inline if moved.is_none() => return None,
        _ => {}
    }
    let url = moved.unwrap_or_else(|| url.to_owned());
    let is_plain =
        !url.is_empty() && !url.contains(|c: char| c.is_whitespace() || "()<>\\".contains(c));
    let url = if is_plain {
        url
    } else {
        format!("<{}>", url.replace('\\', "\\\\").replace('<', "\\<").replace('>', "\\>"))
    };
    let title = title.replace('\\', "\\\\").replace('"', "\\\"");
    let title = if title.is_empty() { title } else { format!(" \"{title}\"") };
    Some(format!("]({url}{title})"))
}

/// Returns the target of a relative link in the new file.
fn new_target(context: &Context<'_>, file: FileId, url: &str, pages: &PageLinks) -> Option<String> {
    if let Some(path) = context.media_path(file, url) {
        return Some(path);
    }
    let path = resolve(context.sources.path(file), url)?.inside()?;
    let page = pages.get(&path)?;
    let anchor = url.find('#').map_or("", |at| &url[at..]);
    Some(format!("{page}{anchor}"))
}

/// Escapes a plain text for Markdown.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\`*_[]<>#&$~|!{}".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
