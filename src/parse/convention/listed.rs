//! Sections that are lists of questions without answers: `## 2. Knots` with `- What is a bend?` and
//! `- What is a hitch?` below it.
//!
//! The sections become topics; the questions are reported as unanswered.

use super::candidate::{AnswerExtent, Candidate};
use super::document::{Heading, marker};
use super::heuristics;
use super::prompt::{number_width, strip_decoration, strip_wrappers};
use super::question_form::has_question_mark;
use super::recognizer_input::RecognizerInput;
use super::vocabulary;
use crate::model::Convention;

/// How many such sections a file must have.
const ENOUGH: usize = 3;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let mut candidates = Vec::new();
    let mut sections = 0;
    for (at, heading) in doc.headings.iter().enumerate() {
        let end = doc.headings.get(at + 1).map_or(doc.lines.len(), |next| next.line);
        let items = collect_items(input, heading, end);
        sections += usize::from(!items.is_empty());
        candidates.extend(items);
    }
    let is_one = input.is_requested
        || (sections >= ENOUGH
            && input.is_question_bank
            && heuristics::covers_enough(input, &candidates, 2));
    if is_one { candidates } else { Vec::new() }
}

/// Returns the questions below a heading, if it does not ask and nothing else is below it.
fn collect_items(input: &RecognizerInput<'_>, heading: &Heading, end: usize) -> Vec<Candidate> {
    let doc = input.doc;
    if heading.is_item
        || !input.is_free(heading.line)
        || has_question_mark(&doc.text[heading.title.clone()])
    {
        return Vec::new();
    }
    let mut candidates = Vec::new();
    let mut others = 0;
    for line in heading.below..end {
        let inner = doc.lines[line].inner.clone();
        if inner.is_empty() {
            continue;
        }
        let is_item = doc.lines[line].column <= 1 && input.is_free(line);
        let width = marker(doc.open_text(line)).filter(|_| is_item);
        let Some(width) = width else { return Vec::new() };
        let item = strip_wrappers(doc.text, inner.start + width..inner.end);
        let mut title = strip_decoration(doc.text, item);
        title.start += number_width(&doc.text[title.clone()]).unwrap_or_default();
        let snippet =
            doc.text[title.clone()].trim_end_matches(['*', '_', ' ', ')', '"', '.', '”', '»']);
        if heuristics::find_link_target(&doc.text[inner.start + width..inner.end]).is_some() {
            return Vec::new();
        }
        others += usize::from(!snippet.ends_with(vocabulary::MARKS));
        let extent = AnswerExtent::Within { rows: Vec::new(), column: 0, below: line + 1 };
        let (convention, prompt) = (Convention::NestedList, vec![title]);
        candidates.push(Candidate { convention, line, prompt, more: Vec::new(), extent });
    }
    if candidates.len() >= 2 && others * 5 <= candidates.len() { candidates } else { Vec::new() }
}
