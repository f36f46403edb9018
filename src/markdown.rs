//! The Markdown dialect, and the events of an [`Excerpt`].
//!
//! CommonMark with GitHub's tables, strikethrough, task lists, footnotes and alerts, definition
//! lists, and math between dollar signs or escaped brackets. A file is parsed once, when it is
//! scanned. After that the events of an excerpt come from the file's [`EventCache`], or are parsed
//! again if they are not cached; debug builds compare both. Definitions elsewhere in the file are
//! in [`Definitions`].
//!
//! Nothing is rendered here; [`plain_text`] and its relatives serve comparison only.

mod angle_brackets;
pub mod attributes;
mod backslash;
mod callouts;
pub mod cloze;
pub mod code_math;
mod definition;
pub mod dollar;
mod elements;
mod end_tag;
mod fold;
mod highlights;
pub mod html;
mod links;
mod lists;
mod placeholder;
pub mod size;
pub mod tex;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{
    BlockQuoteKind, BrokenLink, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd,
};

pub use crate::event_cache::SpannedEvent;
use crate::event_cache::{self, EventCache};
use crate::model::{Definitions, Excerpt, Library, Question, fold_label};
use crate::source::Sources;
pub use callouts::{ALERTS, Callout, callout, callout_title};
pub use fold::{composed, fold, push_folded};
pub use lists::{Choices, choices, point_events, points, points_in};

/// Returns the extensions of CommonMark that are enabled.
#[must_use]
pub fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
}

/// Returns the events of an excerpt.
///
/// A block that lies only partly in the content is left out, but the events within it stay; a
/// paragraph stays as well. Definitions of footnotes are left out, as they are excerpts of their
/// own. The range of an image includes the attribute list behind it.
#[must_use]
pub fn events<'s>(
    sources: &'s Sources,
    definitions: &'s Definitions,
    body: &Excerpt,
) -> Vec<SpannedEvent<'s>> {
    if body.is_empty() {
        return Vec::new();
    }
    let mut events = blocks(sources, definitions, body);
    restrict(&mut events, sources, definitions, body);
    events
}

/// Returns the events of an excerpt's blocks, from the cache or the parser.
fn blocks<'s>(
    sources: &'s Sources,
    definitions: &'s Definitions,
    body: &Excerpt,
) -> Vec<SpannedEvent<'s>> {
    let text = sources.text(body.blocks.file);
    let place = body.blocks.range();
    let known = definitions.event_cache.events(text, &place);
    let parsed = || parse_at(text, &place, definitions);
    debug_assert!(known.as_ref().is_none_or(|known| {
        let again = EventCache::encode(text, place.start, &parsed()).events(text, &place);
        again.is_some_and(|again| event_cache::are_alike(text, known, &again))
    }));
    known.unwrap_or_else(parsed)
}

/// Parses whole blocks where they stand in a text.
#[must_use]
pub fn parse_at<'s>(
    text: &'s str,
    place: &Range<usize>,
    definitions: &'s Definitions,
) -> Vec<SpannedEvent<'s>> {
    let mut events = parse(&text[place.clone()], definitions);
    for (_, range) in &mut events {
        *range = range.start + place.start..range.end + place.start;
    }
    events
}

/// Returns the events of some parts of an excerpt, given in order.
#[must_use]
pub fn events_of_parts<'s>(
    sources: &'s Sources,
    definitions: &'s Definitions,
    body: &Excerpt,
    parts: &[Excerpt],
) -> Vec<Vec<SpannedEvent<'s>>> {
    if parts.is_empty() {
        return Vec::new();
    }
    let all = blocks(sources, definitions, body);
    // The number of events before a place.
    let before = |place: usize| {
        all.partition_point(|(event, range)| match event {
            Event::End(_) => range.end <= place,
            _ => range.start < place,
        })
    };
    let part = |part: &Excerpt| {
        let mut first = before(part.content.start);
        if let Some((event, range)) = first.checked_sub(1).map(|first| &all[first])
            && !matches!(event, Event::Start(_) | Event::End(_))
            && range.end > part.content.start
        {
            first -= 1;
        }
        let mut events = all[first..before(part.content.end).max(first)].to_vec();
        restrict(&mut events, sources, definitions, part);
        events
    };
    parts.iter().map(part).collect()
}

/// Restricts the events of an excerpt's blocks to its content.
fn restrict(
    events: &mut Vec<SpannedEvent<'_>>,
    sources: &Sources,
    definitions: &Definitions,
    body: &Excerpt,
) {
    let text = sources.text(body.blocks.file);
    select(events, text, &body.content);
    size::attach(text, events);
    if definitions.is_obsidian {
        callouts::read(text, events);
        let has_highlights = || text[body.content.clone()].contains("==");
        if !definitions.marked.is_empty() && has_highlights() {
            highlights::read(text, &definitions.marked, events);
        }
    }
}

/// Parses whole blocks. Dollar signs and brackets that are not math become text, and so do colons
/// that define no term.
#[must_use]
pub fn parse<'s>(text: &'s str, definitions: &'s Definitions) -> Vec<SpannedEvent<'s>> {
    let stubs = footnote_stubs(text, definitions);
    let hidden = definition::hide_prose_colons(text);
    if stubs.is_empty() && hidden.is_none() {
        return parse_with_math(text, definitions);
    }
    let mut whole = hidden.as_ref().map_or(text, |(hidden, _)| hidden).to_owned();
    if !stubs.is_empty() {
        let _ = write!(whole, "\n\n{stubs}");
    }
    let mut events = into_static_events(parse_with_math(&whole, definitions));
    if let Some((_, placeholder)) = hidden {
        placeholder::restore(&mut events, placeholder, ":");
    }
    // An empty cell may stand at the very end.
    events.retain(|(_, range)| range.start <= text.len());
    // The last block would reach over the blank line before the stubs.
    for (_, range) in &mut events {
        range.end = range.end.min(text.len());
    }
    events
}

/// Returns the link definitions in a text whose first byte is at `offset`.
#[must_use]
pub fn links(text: &str, offset: usize) -> Definitions {
    let mut definitions = Definitions::default();
    if !text.contains("]:") {
        return definitions;
    }
    let hidden = definition::hide_prose_colons(text);
    let shown = |text: &str| match hidden {
        Some((_, placeholder)) => text.replace(char::from(placeholder), ":"),
        None => text.to_owned(),
    };
    let parsed = hidden.as_ref().map_or(text, |(hidden, _)| hidden);
    let small = end_tag::lower_case(parsed);
    let parser = Parser::new_ext(small.as_deref().unwrap_or(parsed), options());
    for (label, link) in parser.reference_definitions().iter() {
        let target = (shown(&link.dest), link.title.as_ref().map(|title| shown(title)));
        definitions.links.insert(fold_label(&shown(label)), target);
        definitions.spans.push(link.span.start + offset..link.span.end + offset);
    }
    definitions
}

/// Parses a text, and decides which parts of it are math.
fn parse_with_math<'s>(text: &'s str, definitions: &'s Definitions) -> Vec<SpannedEvent<'s>> {
    let parse = |text: &str| into_static_events(parse_with_brackets(text, definitions));
    let events = parse_with_brackets(text, definitions);
    let events = dollar::hide_money(text, &[], &events, parse).unwrap_or(events);
    let parse_with = |text: &str, known: &[Range<usize>]| {
        let events = parse(text);
        dollar::hide_money(text, known, &events, parse).unwrap_or(events)
    };
    let mut events = backslash::read_math(text, &events, parse_with).unwrap_or(events);
    code_math::read(text, &mut events);
    links::read(text, &mut events);
    events
}

fn parse_with_brackets<'s>(text: &'s str, definitions: &'s Definitions) -> Vec<SpannedEvent<'s>> {
    let events = parse_raw(text, definitions);
    angle_brackets::read_inline(text, &events, |text| {
        into_static_events(parse_raw(text, definitions))
    })
    .unwrap_or(events)
}

/// Returns the parser's events, with end tags recognized in any case.
fn parse_raw<'s>(text: &'s str, definitions: &'s Definitions) -> Vec<SpannedEvent<'s>> {
    let Some(small) = end_tag::lower_case(text) else { return parse_events(text, definitions) };
    let mut events = into_static_events(parse_events(&small, definitions));
    end_tag::restore(text, &small, &mut events);
    events
}

fn parse_events<'s>(text: &'s str, definitions: &'s Definitions) -> Vec<SpannedEvent<'s>> {
    let resolve = |link: BrokenLink<'s>| {
        let (target, title) = definitions.links.get(&fold_label(&link.reference))?;
        Some((CowStr::from(target.as_str()), CowStr::from(title.as_deref().unwrap_or_default())))
    };
    let parser = Parser::new_with_broken_link_callback(text, options(), Some(resolve));
    // An event has about twenty bytes of text.
    let mut events = Vec::with_capacity(text.len() / 20 + 4);
    events.extend(parser.into_offset_iter());
    definition::trim(&mut events);
    lists::trim(text, &mut events);
    events
}

fn into_static_events(events: Vec<SpannedEvent<'_>>) -> Vec<SpannedEvent<'static>> {
    events.into_iter().map(|(event, range)| (event.into_static(), range)).collect()
}

/// Returns stub definitions, without which the parser would not recognize references to footnotes
/// that are defined elsewhere in the file.
fn footnote_stubs(text: &str, definitions: &Definitions) -> String {
    let mut stubs = String::new();
    if definitions.footnotes.is_empty() || !text.contains("[^") {
        return stubs;
    }
    let mut seen = BTreeSet::new();
    for candidate in text.split("[^").skip(1) {
        let label = candidate.split(']').next().unwrap_or_default();
        let folded = fold_label(label);
        if definitions.footnotes.contains_key(&folded) && seen.insert(folded) {
            let _ = writeln!(stubs, "[^{label}]: .\n");
        }
    }
    stubs
}

/// The longest formula that is copied for each of its clozes, in bytes.
const MAX_COPIED_FORMULA: usize = 2000;

/// Keeps the events within `content`.
fn select(events: &mut Vec<SpannedEvent<'_>>, text: &str, content: &Range<usize>) {
    let mut footnotes = 0usize;
    events.retain_mut(|(event, range)| {
        let is_outside = range.end <= content.start || range.start >= content.end;
        let is_within = content.start <= range.start && range.end <= content.end;
        // An empty cell has no width.
        if is_outside && !(range.start == range.end && is_within) {
            return false;
        }
        match event {
            Event::Start(Tag::FootnoteDefinition(_)) => {
                footnotes += usize::from(is_within);
                return false;
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                footnotes = footnotes.saturating_sub(1);
                return false;
            }
            _ if footnotes > 0 => return false,
            Event::Start(Tag::Heading { .. }) if is_underlined(text, range) => {
                *event = Event::Start(Tag::Paragraph);
            }
            Event::End(TagEnd::Heading(_)) if is_underlined(text, range) => {
                *event = Event::End(TagEnd::Paragraph);
            }
            Event::Start(Tag::Paragraph | Tag::DefinitionList | Tag::DefinitionListTitle)
            | Event::End(
                TagEnd::Paragraph | TagEnd::DefinitionList | TagEnd::DefinitionListTitle,
            ) => {}
            Event::Text(shown) if !is_within => {
                let Some(part) = cut_text(shown, range, content) else { return false };
                *range = range.start.max(content.start)..range.end.min(content.end);
                *event = Event::Text(part);
            }
            // A part within a formula stands for the whole formula, unless that is too long to be
            // copied for each part.
            Event::InlineMath(tex) | Event::DisplayMath(tex)
                if !is_within && tex.len() > MAX_COPIED_FORMULA =>
            {
                *range = range.start.max(content.start)..range.end.min(content.end);
                *event = Event::InlineMath(text[range.clone()].to_owned().into());
            }
            Event::Start(_) | Event::End(_) if !is_within => return false,
            _ => {}
        }
        true
    });
}

/// Returns the part of a text event within `content`.
fn cut_text<'s>(text: &str, range: &Range<usize>, content: &Range<usize>) -> Option<CowStr<'s>> {
    let start = content.start.max(range.start) - range.start;
    let end = content.end.min(range.end) - range.start;
    text.get(start..end).map(|part| CowStr::from(part.to_owned()))
}

/// Returns whether a heading is underlined (a setext heading).
#[must_use]
pub fn is_underlined(text: &str, heading: &Range<usize>) -> bool {
    !text[heading.clone()].trim_start().starts_with('#')
}

/// Returns the level of a heading as a number.
#[must_use]
pub fn level(level: HeadingLevel) -> u8 {
    level as u8
}

/// Returns the text of an excerpt without markup, which does not depend on wrapping or emphasis.
#[must_use]
pub fn plain_text(sources: &Sources, definitions: &Definitions, body: &Excerpt) -> String {
    text_content(&events(sources, definitions, body))
}

/// Returns the text of some events without markup.
#[must_use]
pub fn text_content(events: &[SpannedEvent<'_>]) -> String {
    fold(&raw_text(events))
}

/// Returns the same text before white space is normalized.
#[must_use]
pub fn raw_text(events: &[SpannedEvent<'_>]) -> String {
    let mut raw = String::new();
    let mut block = String::new();
    for (event, _) in events {
        match event {
            Event::Html(line) => block.push_str(line),
            Event::End(TagEnd::HtmlBlock) => {
                raw.push_str(&html::without_comments(&block));
                raw.push(' ');
                block.clear();
            }
            Event::InlineHtml(tag) => raw.push_str(&html::without_comments(tag)),
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => raw.push_str(text),
            Event::Start(Tag::Image { dest_url, .. }) => raw.push_str(dest_url),
            Event::Start(Tag::BlockQuote(Some(kind))) => {
                raw.push_str(alert(*kind));
                raw.push(' ');
            }
            Event::SoftBreak | Event::HardBreak | Event::Rule | Event::Start(Tag::List(_)) => {
                raw.push(' ');
            }
            Event::End(end) if is_block(*end) => raw.push(' '),
            Event::TaskListMarker(done) => raw.push_str(if *done { "[x] " } else { "[ ] " }),
            Event::Start(_) | Event::End(_) => {}
        }
    }
    raw
}

/// Returns whether an excerpt shows nothing: it has no text and no images, at most empty HTML
/// elements.
#[must_use]
pub fn is_blank(sources: &Sources, definitions: &Definitions, body: &Excerpt) -> bool {
    let is_unseen = |text: &str| text.chars().all(|c| c.is_whitespace() || c.is_control());
    let mut raw = String::new();
    for (event, _) in events(sources, definitions, body) {
        match event {
            Event::Html(part) | Event::InlineHtml(part) => raw.push_str(&part),
            Event::Text(text) | Event::Code(text) if is_unseen(&text) => {}
            Event::Start(Tag::Image { .. } | Tag::Table(_) | Tag::BlockQuote(Some(_))) => {
                return false;
            }
            Event::Start(_) | Event::End(_) | Event::SoftBreak | Event::HardBreak => {}
            _ => return false,
        }
    }
    let raw = html::without_comments(&raw);
    let tags = html::tags(&raw);
    let starts = std::iter::once(0).chain(tags.iter().map(|tag| tag.range.end));
    let ends = tags.iter().map(|tag| tag.range.start).chain([raw.len()]);
    !tags.iter().any(|tag| html::embeds(tag) || !html::is_element(&tag.name))
        && starts.zip(ends).all(|(start, end)| is_unseen(&raw[start..end]))
}

/// Returns the text of a question without its answer and without markup.
#[must_use]
pub fn question_text(sources: &Sources, library: &Library, question: &Question) -> String {
    let definitions = &library.definitions[question.span.file.index()];
    let parts = question.prompt.iter().map(|body| plain_text(sources, definitions, body));
    parts.collect::<Vec<_>>().join("\n")
}

/// Returns the title of an alert.
#[must_use]
pub fn alert(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "Note",
        BlockQuoteKind::Tip => "Tip",
        BlockQuoteKind::Important => "Important",
        BlockQuoteKind::Warning => "Warning",
        BlockQuoteKind::Caution => "Caution",
    }
}

/// Returns whether an end tag ends a block, not an inline element.
#[must_use]
pub fn is_block(end: TagEnd) -> bool {
    !matches!(
        end,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

/// Finds the clozes of an excerpt, and text that looks like the beginning of one.
#[must_use]
pub fn clozes(
    sources: &Sources,
    definitions: &Definitions,
    body: &Excerpt,
) -> (Vec<cloze::Cloze>, Vec<cloze::Broken>) {
    let source = sources.text_at(body.span());
    if !["{{c", "{{C", "=="].iter().any(|open| source.contains(open)) {
        return (Vec::new(), Vec::new());
    }
    let text = sources.text(body.blocks.file);
    cloze::find(&cloze::join_text(events(sources, definitions, body), text), text)
}
