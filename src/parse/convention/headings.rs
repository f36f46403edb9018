//! Plain headings that ask something: the last resort, and only in a file that is clearly made of
//! questions.

use super::evidence;
use super::mark::{Extent, Mark, Search};
use super::prompt::{asks, has_mark, undecorated, unwrapped};
use crate::model::Convention;

pub(super) fn find(search: &Search<'_>) -> Vec<Mark> {
    let doc = search.doc;
    let headings = evidence::levels(
        search,
        |heading| !evidence::is_noise(doc, heading),
        |search, headings| {
            let says = |title: &std::ops::Range<usize>| &search.doc.text[title.clone()];
            let marked = headings.iter().filter(|heading| has_mark(says(&heading.title))).count();
            let asking = headings.iter().filter(|heading| asks(says(&heading.title))).count();
            let all = headings.len();
            let is_sure = all >= 3 && (marked * 2 >= all || (asking * 3 >= all * 2 && marked > 0));
            let is_likely = all >= 3 && search.is_bank && asking * 2 >= all;
            is_sure || is_likely
        },
    );
    let is_one = |title: &std::ops::Range<usize>| asks(&doc.text[title.clone()]);
    let marks = headings.into_iter().filter(|heading| search.is_told || is_one(&heading.title));
    marks
        .map(|heading| Mark {
            convention: Convention::Headings,
            line: heading.line,
            prompt: vec![undecorated(doc.text, unwrapped(doc.text, heading.title.clone()))],
            more: Vec::new(),
            extent: Extent::Below {
                line: heading.below,
                level: heading.level,
                column: if heading.is_item { heading.column } else { 0 },
                beside: Vec::new(),
            },
        })
        .collect()
}
