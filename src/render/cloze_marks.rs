//! Splits an excerpt into the events of Markdown and the marks of a card: clozes and option lists.
//!
//! A cloze may begin or end within a text or a formula, so these are cut at its delimiters:
//!
//! ```text
//! The {{capital}} is $a^{{2}}$   →   Text "The ", Mark open, Text "capital", Mark close, Text " is ",
//!                                    Mark math, Tex "a^", Mark open, Tex "2", Mark close, Mark end
//! ```

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::placeholder::{CLOZE, DISPLAY_MATH, INLINE_MATH, remove_control};
use super::{Checkboxes, ClozeMode, Context, sanitize_tex};
use crate::config::Html;
use crate::markdown::SpannedEvent;
use crate::markdown::cloze::{Cloze, join_text};
use crate::markdown::code_math;
use crate::model::Excerpt;
use crate::source::FileId;

/// A piece of an excerpt.
#[derive(Debug)]
pub(super) enum Piece<'e> {
    /// An event of Markdown, and its place.
    Event(Event<'e>, Range<usize>),
    /// A placeholder for the delimiter of a cloze, or of a formula with clozes; or the tag of an
    /// option list.
    Mark(String),
    /// A part of a formula with clozes.
    Tex(String),
}

/// Splits an excerpt at its clozes and option lists.
pub(super) fn split<'b>(context: &Context<'b>, body: &Excerpt) -> Vec<Piece<'b>> {
    let events = context.events(body);
    let none = BTreeMap::new();
    let numbers = match context.cloze_mode {
        ClozeMode::Anki(numbers) => Some(numbers),
        ClozeMode::Numbered => Some(&none),
        ClozeMode::Text | ClozeMode::Blank | ClozeMode::Filled => None,
    };
    let mut clozes = numbers.map(|_| context.clozes(body)).unwrap_or_default();
    if matches!(context.cloze_mode, ClozeMode::Numbered) {
        clozes.retain(|cloze| cloze.number.is_some());
    }
    let lists = if context.boxes == Checkboxes::Shown { Vec::new() } else { context.choices(body) };
    if clozes.is_empty() && lists.is_empty() {
        return events.into_iter().map(|(event, range)| Piece::Event(event, range)).collect();
    }
    let text = context.sources.text(body.blocks.file);
    let marks = numbers.map(|numbers| delimiters(&clozes, body.blocks.file, numbers));
    let marks = marks.unwrap_or_default();
    let is_choices = |range: &Range<usize>| {
        let at = lists.binary_search_by_key(&range.start, |list| list.range.start);
        at.is_ok_and(|at| lists[at].range == *range)
    };
    let mut pieces = Vec::new();
    for (event, range) in join_text(events, text) {
        let first = marks.partition_point(|(place, _)| place.start < range.start);
        let within = marks[first..].iter().take_while(|(place, _)| place.end <= range.end);
        let within: Vec<&Delimiter> =
            if may_hold_clozes(&event) { within.collect() } else { Vec::new() };
        match event {
            Event::Start(Tag::List(first)) if is_choices(&range) => {
                let tag = if first.is_some() { "ol" } else { "ul" };
                pieces.push(Piece::Mark(format!("<{tag} class=\"choices\">\n")));
            }
            Event::End(TagEnd::List(is_ordered)) if is_choices(&range) => {
                let tag = if is_ordered { "ol" } else { "ul" };
                pieces.push(Piece::Mark(format!("</{tag}>\n")));
            }
            event if within.is_empty() => pieces.push(Piece::Event(event, range)),
            Event::Text(_) => split_at(&range, &within, &mut pieces, |part| {
                Piece::Event(Event::Text(CowStr::from(text[part.clone()].to_owned())), part)
            }),
            event => {
                let is_display = matches!(event, Event::DisplayMath(_));
                let [open, close] = if is_display { DISPLAY_MATH } else { INLINE_MATH };
                let inner = code_math::inner(text, &range);
                pieces.push(Piece::Mark(open.to_string()));
                split_formula(text, &inner, &within, context.html, &mut pieces);
                pieces.push(Piece::Mark(close.to_string()));
            }
        }
    }
    pieces
}

fn may_hold_clozes(event: &Event<'_>) -> bool {
    matches!(event, Event::Text(_) | Event::InlineMath(_) | Event::DisplayMath(_))
}

type Delimiter = (Range<usize>, String);

/// Returns the places of all delimiters in order, each with its placeholder.
fn delimiters(
    clozes: &[Cloze],
    file: FileId,
    numbers: &BTreeMap<(FileId, usize), u16>,
) -> Vec<Delimiter> {
    let [open, numbered, hint, close] = CLOZE;
    let number = |cloze: &Cloze| {
        let given = || numbers.get(&(file, cloze.open.start)).copied();
        cloze.number.or_else(given).unwrap_or(1)
    };
    let mut marks: Vec<Delimiter> = Vec::new();
    for cloze in clozes {
        marks.push((cloze.open.clone(), format!("{open}{}{numbered}", number(cloze))));
        marks.extend(cloze.hint.clone().map(|place| (place, hint.to_string())));
        marks.push((cloze.close.clone(), close.to_string()));
    }
    marks.sort_by_key(|(place, _)| place.start);
    marks
}

fn split_at<'e>(
    range: &Range<usize>,
    marks: &[&Delimiter],
    pieces: &mut Vec<Piece<'e>>,
    piece: impl Fn(Range<usize>) -> Piece<'e>,
) {
    let mut at = range.start;
    for (place, mark) in marks {
        if at < place.start {
            pieces.push(piece(at..place.start));
        }
        pieces.push(Piece::Mark(mark.clone()));
        at = place.end;
    }
    if at < range.end {
        pieces.push(piece(at..range.end));
    }
}

/// Splits a formula with clozes, after its TeX was sanitized as a whole.
fn split_formula(
    text: &str,
    inner: &Range<usize>,
    marks: &[&Delimiter],
    html: Html,
    pieces: &mut Vec<Piece<'_>>,
) {
    let mut parts = Vec::new();
    split_at(inner, marks, &mut parts, |part| Piece::Tex(remove_control(&text[part]).into_owned()));
    let parts = parts.into_iter().filter_map(|part| match part {
        Piece::Mark(part) | Piece::Tex(part) => Some(part),
        Piece::Event(..) => None,
    });
    let tex = sanitize_tex::sanitize(&parts.collect::<String>(), html);
    let [open, numbered, ..] = CLOZE;
    let mut rest = &*tex;
    while !rest.is_empty() {
        let end = if rest.starts_with(open) {
            rest.find(numbered).map_or(rest.len(), |end| end + 1)
        } else if rest.starts_with(CLOZE) {
            1
        } else {
            rest.find(CLOZE).unwrap_or(rest.len())
        };
        let part = rest[..end].to_owned();
        let is_mark = rest.starts_with(CLOZE);
        pieces.push(if is_mark { Piece::Mark(part) } else { Piece::Tex(part) });
        rest = &rest[end..];
    }
}

/// Returns the text of a blank: the hint of the cloze, or an ellipsis.
pub(super) fn blank_text(text: &str, cloze: &Cloze) -> String {
    let hint = cloze.hint.as_ref().map(|hint| text[hint.end..cloze.close.start].trim());
    format!("[{}]", hint.filter(|hint| !hint.is_empty()).unwrap_or("…"))
}

/// Replaces clozes in events by blanks or by their text.
pub(super) fn replace_clozes<'b>(
    context: &Context<'b>,
    body: &Excerpt,
    events: Vec<SpannedEvent<'b>>,
    is_blank: bool,
) -> Vec<SpannedEvent<'b>> {
    let clozes = context.clozes(body);
    if clozes.is_empty() {
        return events;
    }
    let text = context.sources.text(body.blocks.file);
    let edits = cloze_edits(text, &clozes, is_blank);
    let mut shown = Vec::with_capacity(events.len());
    for (event, range) in join_text(events, text) {
        let first = edits.partition_point(|(edit, _)| edit.end <= range.start);
        let touching = edits[first..].iter().take_while(|(edit, _)| edit.start < range.end);
        let is_leaf = !matches!(event, Event::Start(_) | Event::End(_));
        let touching: Vec<&Edit> = touching.take(if is_leaf { usize::MAX } else { 1 }).collect();
        let is_hidden =
            touching.iter().any(|(edit, _)| edit.start <= range.start && range.end <= edit.end);
        let event = match event {
            event if touching.is_empty() => event,
            Event::Text(_) => Event::Text(apply_edits(text, &range, &touching).into()),
            _ if is_hidden => continue,
            Event::InlineMath(_) | Event::DisplayMath(_) => {
                let is_display = matches!(event, Event::DisplayMath(_));
                let inner = code_math::inner(text, &range);
                let tex = apply_edits(text, &inner, &touching).into();
                if is_display { Event::DisplayMath(tex) } else { Event::InlineMath(tex) }
            }
            event => event,
        };
        shown.push((event, range));
    }
    shown
}

type Edit = (Range<usize>, String);

/// Returns the edits that blank or fill all clozes. They do not overlap: a blank replaces the
/// clozes nested in it as well.
pub(super) fn cloze_edits(text: &str, clozes: &[Cloze], is_blank: bool) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for cloze in clozes {
        if is_blank {
            if edits.last().is_none_or(|(last, _)| last.end <= cloze.open.start) {
                edits.push((cloze.open.start..cloze.close.end, blank_text(text, cloze)));
            }
        } else {
            let end = cloze.content().end;
            edits.push((cloze.open.clone(), String::new()));
            edits.push((end..cloze.close.end, String::new()));
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    edits.dedup_by(|(next, _), (last, _)| next.start < last.end);
    edits
}

/// Applies edits to a part of a text. An edit that crosses its start was applied to the part
/// before.
fn apply_edits(text: &str, range: &Range<usize>, edits: &[&Edit]) -> String {
    let mut out = String::new();
    let mut at = range.start;
    for (edit, replacement) in edits {
        if edit.start >= range.start {
            out.push_str(&text[at..edit.start.max(at)]);
            out.push_str(replacement);
        }
        at = edit.end.min(range.end).max(at);
    }
    out.push_str(&text[at..range.end]);
    out
}
