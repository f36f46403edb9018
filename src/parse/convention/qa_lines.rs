//! `Q: …` and `A: …` at the beginning of lines, also with numbers: `Q3) …`.

use super::candidate::{AnswerExtent, Candidate};
use super::document::is_thematic_break;
use super::document::marker;
use super::heuristics;
use super::labels;
use super::prompt::undecorated;
use super::prompt::{Pieces, has_mark};
use super::question_word::{asked, beside};
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let mut marks: Vec<Candidate> = Vec::new();
    let mut answered = 0;
    let mut is_open = false;
    for at in 0..doc.lines.len() {
        let says = doc.open(at);
        if says.is_empty() || !search.is_free(at) || doc.heading(at).is_some() {
            continue;
        }
        let line = &doc.lines[at];
        let range = undecorated(doc.text, line.inner.clone());
        let prompt = asked(doc.text, range, false).filter(|prompt| !prompt.is_empty());
        if let Some(prompt) = prompt.filter(|_| line.column <= 3) {
            let (mut prompt, beside) = beside(doc, prompt);
            is_open = beside.is_empty();
            answered += usize::from(!is_open);
            let below = if is_open { goes_on(search, at, &mut prompt) } else { at + 1 };
            let extent = AnswerExtent::Below { line: below, level: 7, column: 0, beside };
            let convention = Convention::QaLines;
            marks.push(Candidate { convention, line: at, prompt, more: Vec::new(), extent });
        } else if is_open && labels::answer(says, search.answers).is_some() {
            answered += 1;
            is_open = false;
        }
    }
    let has_text = |pair: &&[Candidate]| doc.visible(pair[0].line + 1) < pair[1].line;
    let with_text = marks.windows(2).filter(has_text).count();
    let is_answered = answered * 2 >= marks.len();
    let is_many = marks.len() >= 3 && with_text * 2 >= marks.len();
    let is_all = marks.len() > 1 || heuristics::covers(search, &marks, 3);
    if search.is_told || ((is_answered || is_many) && is_all) { marks } else { Vec::new() }
}

/// Adds the lines below to a question whose sentence does not end on its own line, and says where the
/// next line is. They go up to the answer, or to the blank line above it.
fn goes_on(search: &RecognizerInput<'_>, line: usize, prompt: &mut Pieces) -> usize {
    let doc = search.doc;
    let is_text = |at: usize| {
        let says = doc.open(at);
        let opens = marker(says).is_some()
            || is_thematic_break(says)
            || says.starts_with(['|', '>', '<', '$', '!']);
        let is_own = doc.heading(at).is_none() && search.is_free(at) && !opens;
        is_own && !says.is_empty() && labels::answer(says, search.answers).is_none()
    };
    let mut end = line + 1;
    while end < doc.lines.len() && !has_mark(doc.open(end - 1)) && is_text(end) {
        end += 1;
    }
    let next = doc.visible(end);
    let is_answer =
        next < doc.lines.len() && labels::answer(doc.open(next), search.answers).is_some();
    if !is_answer {
        return line + 1;
    }
    prompt.extend((line + 1..end).map(|at| doc.lines[at].inner.clone()));
    end
}
