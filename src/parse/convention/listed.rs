//! Sections that are lists of questions, none of them answered: `## 2. Knots` and below it
//! `- What is a bend?`, `- What is a hitch?`.
//!
//! The sections are topics; what is asked is not answered, and that is said.

use super::candidate::{AnswerExtent, Candidate};
use super::document::{Heading, marker};
use super::heuristics;
use super::prompt::{has_mark, number, undecorated, unwrapped};
use super::recognizer_input::RecognizerInput;
use super::vocabulary;
use crate::model::Convention;

/// How many sections must be such lists.
const ENOUGH: usize = 3;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let mut marks = Vec::new();
    let mut sections = 0;
    for (at, heading) in doc.headings.iter().enumerate() {
        let end = doc.headings.get(at + 1).map_or(doc.lines.len(), |next| next.line);
        let items = items(search, heading, end);
        sections += usize::from(!items.is_empty());
        marks.extend(items);
    }
    let is_one = search.is_told
        || (sections >= ENOUGH && search.is_bank && heuristics::covers(search, &marks, 2));
    if is_one { marks } else { Vec::new() }
}

/// The questions below a heading, if it asks nothing and there is nothing else below it.
fn items(search: &RecognizerInput<'_>, heading: &Heading, end: usize) -> Vec<Candidate> {
    let doc = search.doc;
    if heading.is_item
        || !search.is_free(heading.line)
        || has_mark(&doc.text[heading.title.clone()])
    {
        return Vec::new();
    }
    let mut marks = Vec::new();
    let mut others = 0;
    for line in heading.below..end {
        let inner = doc.lines[line].inner.clone();
        if inner.is_empty() {
            continue;
        }
        let is_item = doc.lines[line].column <= 1 && search.is_free(line);
        let width = marker(doc.open(line)).filter(|_| is_item);
        let Some(width) = width else { return Vec::new() };
        let item = unwrapped(doc.text, inner.start + width..inner.end);
        let mut title = undecorated(doc.text, item);
        title.start += number(&doc.text[title.clone()]).unwrap_or_default();
        let says =
            doc.text[title.clone()].trim_end_matches(['*', '_', ' ', ')', '"', '.', '”', '»']);
        if heuristics::links(&doc.text[inner.start + width..inner.end]).is_some() {
            return Vec::new();
        }
        others += usize::from(!says.ends_with(vocabulary::MARKS));
        let extent = AnswerExtent::Within { rows: Vec::new(), column: 0, below: line + 1 };
        let (convention, prompt) = (Convention::NestedList, vec![title]);
        marks.push(Candidate { convention, line, prompt, more: Vec::new(), extent });
    }
    if marks.len() >= 2 && others * 5 <= marks.len() { marks } else { Vec::new() }
}
