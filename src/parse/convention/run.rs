//! The odd member of a run: a heading that its number makes the next of a row of questions, though
//! it is written in another way than they are.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate};
use super::document::{Document, Heading};
use super::prompt::{has_mark, undecorated, unwrapped};

/// The number before a title.
struct Count<'t> {
    /// All of its parts but the last, as `4.` of `4.12`.
    above: &'t str,
    /// The last.
    last: u64,
}

/// The questions between those of a run, or above the second, where its count leaves one out and a
/// single heading has its number, or has none, asks and is of their level.
pub(super) fn missing(doc: &Document<'_>, marks: &[Candidate]) -> Vec<Candidate> {
    let mut found = Vec::new();
    let before = [None].into_iter().chain(marks.iter().map(Some));
    for (first, second) in before.zip(marks) {
        let (Some(level), Some(after)) = (level(doc, second), counted(doc, second)) else {
            continue;
        };
        let before = first.and_then(|first| counted(doc, first));
        let is_gap = match (&first, &before) {
            (_, Some(before)) => {
                before.above == after.above && before.last.checked_add(2) == Some(after.last)
            }
            (None, None) => after.last == 2,
            (Some(_), None) => false,
        };
        if !is_gap {
            continue;
        }
        let number = after.last - 1;
        let start = first.map_or(0, |first| first.line + 1);
        let from = doc.headings.partition_point(|heading| heading.line < start);
        let to = doc.headings.partition_point(|heading| heading.line < second.line);
        let inside = &doc.headings[from..to];
        let is_anew = first.is_some()
            && inside.iter().any(|other| goes_on(doc, other, after.above, number - 1).is_some());
        let goes_on = |heading: &Heading| goes_on(doc, heading, after.above, number);
        let asks = |heading: &Heading| {
            let title = bare(doc, heading);
            let says = &doc.text[title.clone()];
            let is_like = heading.level == level && !says.starts_with(|c: char| c.is_numeric());
            (is_like && has_mark(says)).then_some(title)
        };
        let fitting = only(inside, goes_on).or_else(|| only(inside, asks));
        if let Some((heading, title)) = fitting.filter(|_| !is_anew) {
            let Heading { line, below, level, .. } = *heading;
            let extent = AnswerExtent::Below { line: below, level, column: 0, beside: Vec::new() };
            let (convention, prompt) = (second.convention, vec![title]);
            found.push(Candidate { convention, line, prompt, more: Vec::new(), extent });
        }
    }
    found
}

/// The only one of some headings that fits, with what it says.
fn only(
    headings: &[Heading],
    fits: impl Fn(&Heading) -> Option<Range<usize>>,
) -> Option<(&Heading, Range<usize>)> {
    let free = headings.iter().filter(|heading| !heading.is_item);
    let mut fitting = free.filter_map(|heading| Some((heading, fits(heading)?)));
    fitting.next().filter(|_| fitting.next().is_none())
}

/// The level of a question that is a heading.
fn level(doc: &Document<'_>, mark: &Candidate) -> Option<usize> {
    doc.heading(mark.line).map(|heading| heading.level)
}

/// What a heading says, without what stands around it.
fn bare(doc: &Document<'_>, heading: &Heading) -> Range<usize> {
    undecorated(doc.text, unwrapped(doc.text, heading.title.clone()))
}

/// The number of a question that is a heading.
fn counted<'t>(doc: &Document<'t>, mark: &Candidate) -> Option<Count<'t>> {
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
    let title = bare(doc, heading);
    let says = &doc.text[title.clone()];
    let rest = says.strip_prefix(above)?.strip_prefix(&number.to_string())?;
    let shown =
        rest.trim_start().strip_prefix(['.', '、', '．', ')', '）', ':', '：', '-', '–'])?;
    let end = title.end - shown.trim_start().len();
    (end < title.end).then(|| undecorated(doc.text, unwrapped(doc.text, end..title.end)))
}
