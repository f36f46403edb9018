//! `12. ### …`: headings in the items of a list, with the answer somewhere to the right below.
//!
//! In outlines every item may be a heading. So where they have no numbers, half of them must have the
//! mark of a question.

use super::candidate::{AnswerExtent, Candidate};
use super::document::Heading;
use super::heuristics;
use super::prompt::{asks, number, undecorated, unwrapped};
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let items =
        doc.headings.iter().filter(|heading| heading.is_item && search.is_free(heading.line));
    let items: Vec<_> = items.collect();
    let is_counted =
        |heading: &Heading| doc.line(heading.line).starts_with(|c: char| c.is_ascii_digit());
    let asking = items.iter().filter(|heading| heuristics::is_asking(doc, heading)).count();
    let counted = items.iter().filter(|heading| is_counted(heading)).count();
    let is_likely = asking * 2 >= items.len() || (search.is_bank && counted * 2 >= items.len());
    if !search.is_told && (asking.max(counted) < 2 || !is_likely) {
        return Vec::new();
    }
    let marks: Vec<Candidate> = items
        .into_iter()
        .filter(|heading| {
            search.is_told || is_counted(heading) || asks(&doc.text[heading.title.clone()])
        })
        .filter_map(|heading| {
            let mut title = undecorated(doc.text, unwrapped(doc.text, heading.title.clone()));
            title.start += number(&doc.text[title.clone()]).unwrap_or_default();
            let title = undecorated(doc.text, unwrapped(doc.text, title));
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
    let is_one = search.is_told || search.is_bank || heuristics::covers(search, &marks, 2);
    if is_one { marks } else { Vec::new() }
}
