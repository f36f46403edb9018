//! What went into no question and was not put aside either: nothing is dropped silently.
//!
//! Recognisers leave words out because they know them: numbers, labels, tags. Here a reading is
//! held against its original, and what none of them could have meant is listed as left out.

use std::ops::Range;

use super::OUTSIDE;
use super::document::Document;
use super::fold::{Fold, Summary};
use super::labels;
use super::prompt::{is_back, longest, number, plain, question_word};
use super::{heading_label, vocabulary};
use crate::config::Config;
use crate::source::Segment;

/// The text that is neither in the parts of a reading nor left out, and why it is not said.
pub(super) fn find(
    doc: &Document<'_>,
    folds: &[Fold],
    config: &Config,
    parts: &[Segment],
    left: &[(Range<usize>, &'static str)],
) -> Vec<(Range<usize>, &'static str)> {
    let said = parts.iter().map(|part| part.original..part.original + part.len);
    let mut known: Vec<Range<usize>> =
        said.chain(left.iter().map(|(range, _)| range.clone())).collect();
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
            let says = plain(&doc.text[gap.clone()]);
            let bare = says.trim_matches(|c: char| !c.is_alphanumeric());
            let is_emoji = says.starts_with(':') && says.ends_with(':') && !says.contains(' ');
            if bare.is_empty()
                || is_emoji
                || is_structure(bare, config)
                || is_summary(doc, folds, config, &gap)
                || doc.heading(at).is_some_and(|heading| heading_label::is_label(doc, heading))
            {
                continue;
            }
            let is_heading = is_whole && doc.heading(at).is_some();
            let why = match &doc.text[gap.clone()] {
                _ if is_heading => "a heading above questions",
                says if says.starts_with("<!--") => "a comment",
                says if is_property(says) => "a property",
                says if says.split_whitespace().all(is_tag) => "tags",
                _ if is_whole => OUTSIDE,
                _ => "beside a question",
            };
            match lost.last_mut() {
                Some((last, reason)) if *reason == why && is_next(doc, last.end, gap.start) => {
                    last.end = gap.end;
                }
                _ => lost.push((gap, why)),
            }
        }
    }
    lost
}

/// Whether a line is what a program keeps with a card: `collapsed:: true`.
pub(super) fn is_property(says: &str) -> bool {
    says.split_once(":: ").is_some_and(|(key, _)| {
        !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    })
}

/// Whether a word is a tag, also as a link: `[#tag]()`.
fn is_tag(word: &str) -> bool {
    word.trim_start_matches('[').starts_with('#')
}

/// Whether nothing but white space stands between two places.
fn is_next(doc: &Document<'_>, end: usize, start: usize) -> bool {
    doc.text[end..start].trim_start().is_empty()
}

/// Whether a gap is in the summary of a fold that says no more than that an answer is below.
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
            && fold.means(doc.text, &config.answer_labels) == Summary::Answer
        })
}

/// Whether a text is a number, a letter or a label, as stands before or behind what is said.
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
        let says = &labelled[labels::counted_question(&labelled).unwrap_or(0)..];
        labels::question(says).is_some_and(|label| label.after == says.len())
    };
    let is_verdict = || {
        let width = longest(bare, vocabulary::VERDICT.iter().copied());
        width.is_some_and(|width| is_short(bare[width..].trim_start_matches([' ', ':'])))
    };
    is_short(bare)
        || bare.chars().all(|c| c.is_numeric() || c.is_ascii_punctuation())
        || number(&numbered) == Some(numbered.len() - 1)
        || question_word(&labelled) == Some(labelled.len())
        || vocabulary::QUESTION.contains(&lower.as_str())
        || vocabulary::CONTAINER.contains(&lower.as_str())
        || is_back(bare)
        || is_answer()
        || vocabulary::ASKER.contains(&lower.as_str())
        || is_question()
        || is_verdict()
        || labels::options(&labelled).is_some()
        || labels::key_points(&labelled, &config.key_point_labels).is_some()
}
