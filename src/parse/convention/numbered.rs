//! `## 1. …`, `#### 2) …`: headings with numbers.
//!
//! Chapters have numbers, too, so most headings of a level must ask something.

use super::document::Heading;
use super::mark::{Extent, Mark, Search};
use super::prompt::{asks, number, undecorated, unwrapped};
use super::evidence;
use crate::model::Convention;

pub(super) fn find(search: &Search<'_>) -> Vec<Mark> {
    let numbered = |heading: &Heading| !heading.is_item && title(search, heading).is_some();
    evidence::levels(search, numbered, |search, headings| {
        let asking = headings.iter().filter(|heading| asks(&search.doc.text[heading.title.clone()]));
        let enough = if search.is_bank { headings.len() / 4 } else { headings.len() / 2 };
        headings.len() >= 3 && asking.count() > enough
    })
    .into_iter()
    .map(|heading| Mark {
        convention: Convention::Numbered,
        line: heading.line,
        prompt: title(search, heading).into_iter().collect(),
        more: Vec::new(),
        extent: Extent::Below {
            line: heading.below,
            level: heading.level,
            column: 0,
            beside: Vec::new(),
        },
    })
    .collect()
}

/// A title without its number, if it has one.
fn title(search: &Search<'_>, heading: &Heading) -> Option<std::ops::Range<usize>> {
    let text = search.doc.text;
    let range = undecorated(text, unwrapped(text, heading.title.clone()));
    // The number may be in bold by itself: `**1.** What is it?`
    let says = &text[range.clone()];
    let bold = says.strip_prefix("**").and_then(|rest| {
        let width = number(rest)?;
        rest[width..].strip_prefix("**").map(|rest| says.len() - rest.len())
    });
    let width = bold.or_else(|| number(says))?;
    let inner = undecorated(text, unwrapped(text, range.start + width..range.end));
    (!inner.is_empty()).then_some(inner)
}
