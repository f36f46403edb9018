//! The odd member of a run: a heading that its number makes the next of a row of questions, though
//! it is written in another way than they are.

use std::ops::Range;

use super::document::{Document, Heading};
use super::mark::{Extent, Mark};
use super::prompt::{undecorated, unwrapped};

/// The number before a title.
struct Count<'t> {
    /// All of its parts but the last, as `4.` of `4.12`.
    above: &'t str,
    /// The last.
    last: u64,
}

/// The questions between those of a run, where its count leaves one out and a single heading has
/// its number; `is_free` says of a line whether it may be one.
pub(super) fn missing(
    doc: &Document<'_>,
    marks: &[Mark],
    is_free: impl Fn(usize) -> bool,
) -> Vec<Mark> {
    let mut found = Vec::new();
    for pair in marks.windows(2) {
        let [first, second] = pair else { continue };
        let (Some(before), Some(after)) = (counted(doc, first), counted(doc, second)) else {
            continue;
        };
        if before.above != after.above || before.last + 2 != after.last {
            continue;
        }
        let from = doc.headings.partition_point(|heading| heading.line <= first.line);
        let to = doc.headings.partition_point(|heading| heading.line < second.line);
        let mut fitting = doc.headings[from..to].iter().filter_map(|heading| {
            let title = goes_on(doc, heading, before.above, before.last + 1)?;
            (is_free(heading.line) && !heading.is_item).then_some((heading, title))
        });
        let is_anew = || {
            let mut inside = doc.headings[from..to].iter();
            inside.any(|heading| goes_on(doc, heading, before.above, before.last).is_some())
        };
        if let (Some((heading, title)), None) = (fitting.next(), fitting.next())
            && !is_anew()
        {
            let Heading { line, below, level, .. } = *heading;
            let extent = Extent::Below { line: below, level, column: 0, beside: Vec::new() };
            let (convention, prompt) = (first.convention, vec![title]);
            found.push(Mark { convention, line, prompt, more: Vec::new(), extent });
        }
    }
    found
}

/// The number of a question that is a heading.
fn counted<'t>(doc: &Document<'t>, mark: &Mark) -> Option<Count<'t>> {
    let heading = doc.heading(mark.line)?;
    let start = mark.prompt.first()?.start;
    let before = doc.text.get(heading.title.start..start)?;
    let at = before.find(|c: char| c.is_ascii_digit())?;
    count(&before[at..])
}

/// The number at the beginning of a text.
fn count(text: &str) -> Option<Count<'_>> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    let all = &text[..text.find(|c: char| !is_part(c)).unwrap_or(text.len())];
    let all = all.trim_end_matches('.');
    let cut = all.rfind('.').map_or(0, |dot| dot + 1);
    let last = all[cut..].parse().ok()?;
    Some(Count { above: &all[..cut], last })
}

/// What a heading says behind a number, if it has that number.
fn goes_on(
    doc: &Document<'_>,
    heading: &Heading,
    above: &str,
    number: u64,
) -> Option<Range<usize>> {
    let title = undecorated(doc.text, unwrapped(doc.text, heading.title.clone()));
    let says = &doc.text[title.clone()];
    let rest = says.strip_prefix(above)?.strip_prefix(&number.to_string())?;
    let shown =
        rest.trim_start().strip_prefix(['.', '、', '．', ')', '）', ':', '：', '-', '–'])?;
    let end = title.end - shown.trim_start().len();
    (end < title.end).then(|| undecorated(doc.text, unwrapped(doc.text, end..title.end)))
}
