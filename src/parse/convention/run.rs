//! Missing members of numbered questions: between `## Q3` and `## Q5`, a heading `## 4. …` is a
//! question, too, though it has another form.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate};
use super::document::{Document, Heading};
use super::prompt::{strip_decoration, strip_wrappers};
use super::question_form::has_question_mark;

/// The number before a title.
struct Count<'t> {
    /// All of its parts but the last: `4.` in `4.12`.
    above: &'t str,
    /// The last part.
    last: u64,
}

/// Finds the questions that are missing between candidates with consecutive numbers, or before
/// number 2. Such a heading must be the only one there with the missing number; or the only one of
/// their level without a number that asks.
pub(super) fn find_missing(doc: &Document<'_>, candidates: &[Candidate]) -> Vec<Candidate> {
    let mut found = Vec::new();
    let before = [None].into_iter().chain(candidates.iter().map(Some));
    for (first, second) in before.zip(candidates) {
        let (Some(level), Some(after)) = (level_of(doc, second), number_of(doc, second)) else {
            continue;
        };
        let before = first.and_then(|first| number_of(doc, first));
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
            && inside
                .iter()
                .any(|other| title_behind_number(doc, other, after.above, number - 1).is_some());
        let goes_on = |heading: &Heading| title_behind_number(doc, heading, after.above, number);
        let is_question_like = |heading: &Heading| {
            let title = bare_title(doc, heading);
            let snippet = &doc.text[title.clone()];
            let is_like = heading.level == level && !snippet.starts_with(|c: char| c.is_numeric());
            (is_like && has_question_mark(snippet)).then_some(title)
        };
        let fitting = find_only(inside, goes_on).or_else(|| find_only(inside, is_question_like));
        if let Some((heading, title)) = fitting.filter(|_| !is_anew) {
            let Heading { line, below, level, .. } = *heading;
            let extent = AnswerExtent::Below { line: below, level, column: 0, beside: Vec::new() };
            let (convention, prompt) = (second.convention, vec![title]);
            found.push(Candidate { convention, line, prompt, more: Vec::new(), extent });
        }
    }
    found
}

/// Returns the only one of some headings that fits, with the place of its text.
fn find_only(
    headings: &[Heading],
    fits: impl Fn(&Heading) -> Option<Range<usize>>,
) -> Option<(&Heading, Range<usize>)> {
    let free = headings.iter().filter(|heading| !heading.is_item);
    let mut fitting = free.filter_map(|heading| Some((heading, fits(heading)?)));
    fitting.next().filter(|_| fitting.next().is_none())
}

/// Returns the level of a candidate that is a heading.
fn level_of(doc: &Document<'_>, candidate: &Candidate) -> Option<usize> {
    doc.heading_at(candidate.line).map(|heading| heading.level)
}

/// Returns the place of a heading's text without decoration.
fn bare_title(doc: &Document<'_>, heading: &Heading) -> Range<usize> {
    strip_decoration(doc.text, strip_wrappers(doc.text, heading.title.clone()))
}

/// Parses the number of a candidate that is a heading.
fn number_of<'t>(doc: &Document<'t>, candidate: &Candidate) -> Option<Count<'t>> {
    let heading = doc.heading_at(candidate.line)?;
    let start = candidate.prompt.first()?.start;
    let before = doc.text.get(heading.title.start..start)?;
    let at = before.find(|c: char| c.is_ascii_digit())?;
    parse_number(&before[at..])
}

/// Parses the number at the beginning of a text.
fn parse_number(text: &str) -> Option<Count<'_>> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    let all = &text[..text.find(|c: char| !is_part(c)).unwrap_or(text.len())];
    let all = all.trim_end_matches('.');
    let cut = all.rfind('.').map_or(0, |dot| dot + 1);
    let last = all[cut..].parse().ok()?;
    Some(Count { above: &all[..cut], last })
}

/// Returns the place of a heading's text behind a number, if it has that number.
fn title_behind_number(
    doc: &Document<'_>,
    heading: &Heading,
    above: &str,
    number: u64,
) -> Option<Range<usize>> {
    let title = bare_title(doc, heading);
    let snippet = &doc.text[title.clone()];
    let rest = snippet.strip_prefix(above)?.strip_prefix(&number.to_string())?;
    let shown =
        rest.trim_start().strip_prefix(['.', '、', '．', ')', '）', ':', '：', '-', '–'])?;
    let end = title.end - shown.trim_start().len();
    (end < title.end).then(|| strip_decoration(doc.text, strip_wrappers(doc.text, end..title.end)))
}
