//! Plain headings that ask something: the last resort, and only in a file that is clearly made of
//! questions.

use super::document::{Document, Heading, marker};
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
            let is_asking = |heading: &&&Heading| evidence::is_asking(search.doc, heading);
            let asking = headings.iter().filter(is_asking).count();
            let all = headings.len();
            let is_sure = all >= 3 && (marked * 2 >= all || (asking * 3 >= all * 2 && marked > 0));
            let is_likely = all >= 3 && search.is_bank && asking * 2 >= all;
            is_sure || is_likely
        },
    );
    let asking = |level: usize| {
        let of_level = headings.iter().filter(|heading| heading.level == level);
        let all = of_level.clone().count();
        of_level.filter(|heading| evidence::is_asking(doc, heading)).count() * 10 >= all * 7
    };
    let clear: Vec<usize> = (1..=6).filter(|level| asking(*level)).collect();
    // Where nearly all headings of a level ask, the others do it in fewer words.
    let is_one = |heading: &&Heading| {
        search.is_told
            || clear.contains(&heading.level)
            || asks(&doc.text[heading.title.clone()])
            || is_choice(doc, heading)
    };
    let marks = headings.iter().copied().filter(is_one);
    let marks: Vec<Mark> = marks
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
        .collect();
    let is_made_of_them = search.is_told || search.is_bank || evidence::covers(search, &marks, 2);
    if is_made_of_them { marks } else { Vec::new() }
}

/// Whether there are options with boxes below a heading, and a box is ticked.
fn is_choice(doc: &Document<'_>, heading: &Heading) -> bool {
    let below = (heading.below..doc.lines.len()).take_while(|line| doc.heading(*line).is_none());
    below.into_iter().any(|line| {
        let says = doc.open(line);
        let ticked = says.get(marker(says).unwrap_or_default()..).unwrap_or_default();
        ticked.starts_with("[x] ") || ticked.starts_with("[X] ")
    })
}
