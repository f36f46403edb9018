//! The front and back of a card as Markdown, or its text with clozes, for apps that read Markdown
//! files.

use std::collections::BTreeMap;

use pulldown_cmark::Event;

use super::app_markdown::{self, Rules};
use super::card_text::CardText;
use super::loss::Losses;
use super::{Input, card_excerpts, find_media_refs};
use crate::config::{Html, TextForm};
use crate::identity::Note;
use crate::identity::lock::NumberedNote;
use crate::markdown::{self, SpannedEvent, cloze};
use crate::media::{MediaKind, media_kind};
use crate::model::{CardKind, Definitions};
use crate::render::markdown::{FootnoteLabels, PageLinks, render};
use crate::render::{CLOZE, ClozeMode, Context};
use crate::target::Loss;

/// The front and back of a card, as CommonMark; [`app_markdown`] rewrites them by an app's rules.
pub(super) struct MarkdownCard {
    front: String,
    back: String,
    /// The labels of the footnotes, in order of reference. All are defined on the back.
    labels: Vec<String>,
    html: Html,
}

/// A cloze question, its delimiters replaced by placeholders.
pub(super) struct ClozeCard {
    text: String,
    labels: Vec<String>,
    html: Html,
    /// The number of each cloze.
    pub(super) numbers: Vec<u16>,
    /// How many clozes have a hint.
    pub(super) hints: usize,
    /// Whether no cloze is nested or within a formula.
    pub(super) are_clozes_plain: bool,
    /// The text that is shown with the answer.
    pub(super) rest: Option<MarkdownCard>,
}

/// Returns the same input with media in the folder `media/`.
pub(super) fn with_media_folder<'b>(input: &Input<'b>) -> Input<'b> {
    Input { context: Context { media_folder: "media/", ..input.context }, ..*input }
}

/// Counts the embedded files that an app cannot show or play.
pub(super) fn count_unsupported_media(input: &Input<'_>, is_held: fn(&str) -> bool) -> Losses {
    let mut losses = Losses::default();
    for media in find_media_refs(input, card_excerpts(input.notes), |media| media.embedded) {
        if !is_held(&media.target) {
            let is_picture = media_kind(&media.target) == MediaKind::Image;
            losses.add(if is_picture { Loss::Images } else { Loss::Audio }, media.span);
        }
    }
    losses
}

/// Builds the card of a question that is asked as a whole.
pub(super) fn build(input: &Input<'_>, note: &Note<'_>) -> MarkdownCard {
    let mut parts = CardText::render(input, note, TextForm::Markdown);
    let labels = sort_footnotes(&mut parts);
    MarkdownCard { front: parts.front(), back: parts.back(), labels, html: input.config.html }
}

/// Sorts the footnotes of a card by their first reference; returns their labels.
fn sort_footnotes(parts: &mut CardText) -> Vec<String> {
    let whole = format!("{}\n\n{}", parts.front(), parts.back());
    let mut labels = app_markdown::footnote_labels(&parts.back());
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, _) in whole.match_indices("[^") {
        if let Some((label, _)) = whole[at + 2..].split_once(']') {
            places.entry(label).or_insert(at);
        }
    }
    labels.sort_by_key(|label| places.get(label.as_str()));
    let numbers: BTreeMap<&str, usize> = labels.iter().map(String::as_str).zip(1..).collect();
    let number = |text: &str| {
        let (label, _) = text.strip_prefix("[^")?.split_once("]:")?;
        numbers.get(label).copied()
    };
    parts.extra.sort_by_key(|(_, text)| number(text).unwrap_or_default());
    drop(numbers);
    labels
}

impl MarkdownCard {
    pub(super) fn front(&self, rules: &Rules) -> String {
        app_markdown::rewrite(&Rules { html: self.html, ..*rules }, &self.front, &self.labels)
    }

    pub(super) fn back(&self, rules: &Rules) -> String {
        app_markdown::rewrite(&Rules { html: self.html, ..*rules }, &self.back, &self.labels)
    }
}

/// Builds the card of a cloze question; returns `None` for any other question.
pub(super) fn build_cloze(input: &Input<'_>, note: &Note<'_>) -> Option<ClozeCard> {
    let question = note.question;
    if !question.makes(CardKind::Cloze) {
        return None;
    }
    let context =
        Context { cloze_mode: ClozeMode::Text, ..input.context.side_contexts(question).0 };
    let (links, mut footnotes) = (PageLinks::new(), FootnoteLabels::default());
    let blocks = question.prompt.iter().map(|body| render(&context, body, &links, &mut footnotes));
    let text = blocks.collect::<Vec<String>>().join("\n\n");
    let mut parts = CardText::render(input, note, TextForm::Markdown);
    let shown = question.prompt.len().min(parts.answer.len());
    parts.answer.drain(..shown);
    let labels = sort_footnotes(&mut parts);
    let back = parts.back();
    let definitions = Definitions::default();
    let events = cloze::join_text(markdown::parse(&text, &definitions), &text);
    let (clozes, _) = cloze::find(&events, &text);
    let is_math = |(event, _): &&SpannedEvent<'_>| {
        matches!(event, Event::InlineMath(_) | Event::DisplayMath(_))
    };
    let formulas: Vec<_> = events.iter().filter(is_math).map(|(_, range)| range).collect();
    let mut given = note.cloze.into_iter().flat_map(NumberedNote::given);
    let [open, numbered, hint, close] = CLOZE;
    let mut edits = Vec::new();
    let (mut numbers, mut hints, mut are_clozes_plain, mut end) = (Vec::new(), 0, true, 0);
    for cloze in &clozes {
        let number = cloze.number.or_else(|| given.next()).unwrap_or(1);
        let after = formulas.partition_point(|range| range.start <= cloze.open.start);
        let formula = after.checked_sub(1).map(|before| formulas[before]);
        let is_math = formula.is_some_and(|range| cloze.close.end <= range.end);
        are_clozes_plain &= !is_math && cloze.open.start >= end;
        end = end.max(cloze.close.end);
        numbers.push(number);
        edits.push((cloze.open.clone(), format!("{open}{number}{numbered}")));
        if let Some(place) = &cloze.hint {
            hints += 1;
            edits.push((place.clone(), hint.to_string()));
        }
        edits.push((cloze.close.clone(), close.to_string()));
    }
    edits.sort_by_key(|(range, _)| range.start);
    let (mut out, mut at) = (String::new(), 0);
    for (range, mark) in edits {
        out.push_str(&text[at..range.start]);
        out.push_str(&mark);
        at = range.end;
    }
    out.push_str(&text[at..]);
    let html = input.config.html;
    let rest = (!back.is_empty()).then(|| MarkdownCard {
        front: String::new(),
        back,
        labels: labels.clone(),
        html,
    });
    Some(ClozeCard { text: out, labels, html, numbers, hints, are_clozes_plain, rest })
}

impl ClozeCard {
    /// Returns the text by an app's rules, with each cloze written by a function of its number,
    /// text and hint.
    pub(super) fn text(
        &self,
        rules: &Rules,
        gap: impl Fn(u16, &str, Option<&str>) -> String,
    ) -> String {
        let [open, numbered, hint, close] = CLOZE;
        let rules = &Rules { html: self.html, ..*rules };
        let text = app_markdown::rewrite(rules, &self.text, &self.labels);
        let mut out = String::with_capacity(text.len());
        let mut starts = Vec::new();
        for part in text.split_inclusive([open, close]) {
            out.push_str(part.trim_end_matches([open, close]));
            if part.ends_with(open) {
                starts.push(out.len());
            }
            let Some(start) = part.ends_with(close).then(|| starts.pop()).flatten() else {
                continue;
            };
            let inner = out.split_off(start);
            let (number, inner) = inner.split_once(numbered).unwrap_or(("", &inner));
            let (shown, cue) = match inner.split_once(hint) {
                Some((shown, cue)) => (shown, Some(cue)),
                None => (inner, None),
            };
            out.push_str(&gap(number.parse().unwrap_or(1), shown, cue));
        }
        out
    }
}
