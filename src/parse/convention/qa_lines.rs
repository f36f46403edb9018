//! Lines that begin with `Q: …` and `A: …`, also with numbers: `Q3) …`.

use super::candidate::{AnswerExtent, Candidate};
use super::document::is_thematic_break;
use super::document::marker;
use super::heuristics;
use super::labels;
use super::prompt::Pieces;
use super::prompt::strip_decoration;
use super::question_form::has_question_mark;
use super::question_word::{beside, parse_labelled};
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut answered = 0;
    let mut is_open = false;
    for at in 0..doc.lines.len() {
        let snippet = doc.open_text(at);
        if snippet.is_empty() || !input.is_free(at) || doc.heading_at(at).is_some() {
            continue;
        }
        let line = &doc.lines[at];
        let range = strip_decoration(doc.text, line.inner.clone());
        let prompt = parse_labelled(doc.text, range, false).filter(|prompt| !prompt.is_empty());
        if let Some(prompt) = prompt.filter(|_| line.column <= 3) {
            let (mut prompt, beside) = beside(doc, prompt);
            is_open = beside.is_empty();
            answered += usize::from(!is_open);
            let below = if is_open { extend_prompt(input, at, &mut prompt) } else { at + 1 };
            let extent = AnswerExtent::Below { line: below, level: 7, column: 0, beside };
            let convention = Convention::QaLines;
            candidates.push(Candidate { convention, line: at, prompt, more: Vec::new(), extent });
        } else if is_open && labels::answer(snippet, input.answer_labels).is_some() {
            answered += 1;
            is_open = false;
        }
    }
    let has_text = |pair: &&[Candidate]| doc.next_nonblank(pair[0].line + 1) < pair[1].line;
    let with_text = candidates.windows(2).filter(has_text).count();
    let is_answered = answered * 2 >= candidates.len();
    let is_many = candidates.len() >= 3 && with_text * 2 >= candidates.len();
    let is_all = candidates.len() > 1 || heuristics::covers_enough(input, &candidates, 3);
    if input.is_requested || ((is_answered || is_many) && is_all) { candidates } else { Vec::new() }
}

/// Adds the lines below to a question that continues on them, up to the answer or the blank line
/// above it. Returns the line below.
fn extend_prompt(input: &RecognizerInput<'_>, line: usize, prompt: &mut Pieces) -> usize {
    let doc = input.doc;
    let is_text = |at: usize| {
        let snippet = doc.open_text(at);
        let opens = marker(snippet).is_some()
            || is_thematic_break(snippet)
            || snippet.starts_with(['|', '>', '<', '$', '!']);
        let is_own = doc.heading_at(at).is_none() && input.is_free(at) && !opens;
        is_own && !snippet.is_empty() && labels::answer(snippet, input.answer_labels).is_none()
    };
    let mut end = line + 1;
    while end < doc.lines.len() && !has_question_mark(doc.open_text(end - 1)) && is_text(end) {
        end += 1;
    }
    let next = doc.next_nonblank(end);
    let is_answer = next < doc.lines.len()
        && labels::answer(doc.open_text(next), input.answer_labels).is_some();
    if !is_answer {
        return line + 1;
    }
    prompt.extend((line + 1..end).map(|at| doc.lines[at].inner.clone()));
    end
}
