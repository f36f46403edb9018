//! Headings in list items, with the answer indented below: `12. ### …`.
//!
//! In outlines every item may be a heading. So without numbers, half of them must have a question
//! mark.

use super::candidate::{AnswerExtent, Candidate};
use super::document::Heading;
use super::heuristics;
use super::prompt::{number_width, strip_decoration, strip_wrappers};
use super::question_form::is_question_like;
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let items =
        doc.headings.iter().filter(|heading| heading.is_item && input.is_free(heading.line));
    let items: Vec<_> = items.collect();
    let is_counted =
        |heading: &Heading| doc.line_text(heading.line).starts_with(|c: char| c.is_ascii_digit());
    let asking = items.iter().filter(|heading| heuristics::is_asking(doc, heading)).count();
    let counted = items.iter().filter(|heading| is_counted(heading)).count();
    let is_likely =
        asking * 2 >= items.len() || (input.is_question_bank && counted * 2 >= items.len());
    if !input.is_requested && (asking.max(counted) < 2 || !is_likely) {
        return Vec::new();
    }
    let candidates: Vec<Candidate> = items
        .into_iter()
        .filter(|heading| {
            input.is_requested
                || is_counted(heading)
                || is_question_like(&doc.text[heading.title.clone()])
        })
        .filter_map(|heading| {
            let mut title =
                strip_decoration(doc.text, strip_wrappers(doc.text, heading.title.clone()));
            title.start += number_width(&doc.text[title.clone()]).unwrap_or_default();
            let title = strip_decoration(doc.text, strip_wrappers(doc.text, title));
            (!title.is_empty()).then(|| Candidate {
                convention: Convention::NumberedList,
                line: heading.line,
                prompt: vec![title],
                more: Vec::new(),
                extent: AnswerExtent::Below {
                    line: heading.below,
                    level: heading.level,
                    column: heading.column,
                    beside: Vec::new(),
                },
            })
        })
        .collect();
    let is_one = input.is_requested
        || input.is_question_bank
        || heuristics::covers_enough(input, &candidates, 2);
    if is_one { candidates } else { Vec::new() }
}
