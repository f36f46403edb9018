//! Text that is neither in a translation nor recorded as skipped: nothing is dropped silently.
//!
//! Recognizers drop what they know: numbers, labels, tags. Here the translation is compared with
//! its original, and any other text that is missing in it is recorded as skipped.

use std::ops::Range;

use super::OUTSIDE;
use super::document::Document;
use super::fold::{Fold, SummaryKind};
use super::labels;
use super::prompt::{is_back_link, longest_prefix, number_width, plain_text, question_word_width};
use super::{heading_label, vocabulary};
use crate::config::Config;
use crate::source::Segment;

/// Finds the text that is neither in the segments of a translation nor skipped, with a reason for
/// each.
pub(super) fn find(
    doc: &Document<'_>,
    folds: &[Fold],
    config: &Config,
    parts: &[Segment],
    skipped: &[(Range<usize>, &'static str)],
) -> Vec<(Range<usize>, &'static str)> {
    let said = parts.iter().map(|part| part.original..part.original + part.len);
    let mut known: Vec<Range<usize>> =
        said.chain(skipped.iter().map(|(range, _)| range.clone())).collect();
    known.sort_by_key(|range| range.start);
    let mut known = known.into_iter().peekable();
    let mut lost: Vec<(Range<usize>, &'static str)> = Vec::new();
    let mut end = 0;
    for (at, line) in doc.lines.iter().enumerate() {
        let mut start = line.inner.start.max(end);
        let mut gaps = Vec::new();
        while let Some(range) = known.next_if(|range| range.start < line.inner.end) {
            gaps.push(start..range.start);
            start = start.max(range.end);
            end = end.max(range.end);
        }
        gaps.push(start..line.inner.end);
        let is_whole = gaps == [line.inner.clone()];
        for gap in gaps.into_iter().filter(|gap| gap.start < gap.end) {
            let snippet = plain_text(&doc.text[gap.clone()]);
            let bare = snippet.trim_matches(|c: char| !c.is_alphanumeric());
            let is_emoji =
                snippet.starts_with(':') && snippet.ends_with(':') && !snippet.contains(' ');
            if bare.is_empty()
                || is_emoji
                || is_structure(bare, config)
                || is_summary(doc, folds, config, &gap)
                || doc.heading_at(at).is_some_and(|heading| heading_label::is_label(doc, heading))
            {
                continue;
            }
            let is_heading = is_whole && doc.heading_at(at).is_some();
            let reason = match &doc.text[gap.clone()] {
                _ if is_heading => "a heading above questions",
                snippet if snippet.starts_with("<!--") => "a comment",
                snippet if is_property(snippet) => "a property",
                snippet if snippet.split_whitespace().all(is_tag) => "tags",
                _ if is_whole => OUTSIDE,
                _ => "beside a question",
            };
            match lost.last_mut() {
                Some((last, last_reason))
                    if *last_reason == reason && is_next(doc, last.end, gap.start) =>
                {
                    last.end = gap.end;
                }
                _ => lost.push((gap, reason)),
            }
        }
    }
    lost
}

/// Returns whether a line is a property of a note-taking app: `collapsed:: true`.
pub(super) fn is_property(snippet: &str) -> bool {
    snippet.split_once(":: ").is_some_and(|(key, _)| {
        !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    })
}

/// Returns whether a word is a tag, also as a link: `[#tag]()`.
fn is_tag(word: &str) -> bool {
    word.trim_start_matches('[').starts_with('#')
}

/// Returns whether only white space stands between two places.
fn is_next(doc: &Document<'_>, end: usize, start: usize) -> bool {
    doc.text[end..start].trim_start().is_empty()
}

/// Returns whether a gap is in the summary of a fold, where that is only a label for an answer.
fn is_summary(doc: &Document<'_>, folds: &[Fold], config: &Config, gap: &Range<usize>) -> bool {
    let below = folds.partition_point(|fold| fold.whole.start < gap.end);
    let fold = below.checked_sub(1).map(|at| &folds[at]);
    let is_kind = |fold: &&Fold| fold.is_callout && gap.end <= fold.summary.start;
    fold.as_ref().is_some_and(is_kind)
        || fold.is_some_and(|fold| {
            gap.start < fold.content.start
            && fold.whole.start <= gap.start
            && !doc.text[fold.summary.clone()].trim().contains('\n')
            // One that nothing closes may hold more than that.
            && (fold.is_callout || doc.text[fold.summary.end..].starts_with('<'))
            && fold.summary_kind(doc.text, &config.answer_labels) == SummaryKind::Answer
        })
}

/// Returns whether a text is a number, a letter or a label, which recognizers drop on purpose.
fn is_structure(bare: &str, config: &Config) -> bool {
    let lower = bare.to_lowercase();
    let (labelled, numbered) = (format!("{bare}:"), format!("{bare}. x"));
    let is_short = |text: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        // The letters of options have ticked them.
        let is_letters =
            |word: &str| word.len() < 5 && word.chars().all(|c| c.is_ascii_uppercase());
        words.all(|word| {
            word.chars().count() <= 1 || is_letters(word) || ["and", "or", "option"].contains(&word)
        })
    };
    let is_answer = || {
        let label = labels::answer(&labelled, &config.answer_labels);
        label.is_some_and(|label| is_short(&labelled[label.after..]))
    };
    let is_question = || {
        let snippet = &labelled[labels::counted_question(&labelled).unwrap_or(0)..];
        labels::question(snippet).is_some_and(|label| label.after == snippet.len())
    };
    let is_verdict = || {
        let width = longest_prefix(bare, vocabulary::VERDICT.iter().copied());
        width.is_some_and(|width| is_short(bare[width..].trim_start_matches([' ', ':'])))
    };
    is_short(bare)
        || bare.chars().all(|c| c.is_numeric() || c.is_ascii_punctuation())
        || number_width(&numbered) == Some(numbered.len() - 1)
        || question_word_width(&labelled) == Some(labelled.len())
        || vocabulary::QUESTION.contains(&lower.as_str())
        || vocabulary::CONTAINER.contains(&lower.as_str())
        || is_back_link(bare)
        || is_answer()
        || vocabulary::ASKER.contains(&lower.as_str())
        || is_question()
        || is_verdict()
        || labels::options(&labelled).is_some()
        || labels::key_points(&labelled, &config.key_point_labels).is_some()
}
