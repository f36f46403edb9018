//! `Q: …` and `A: …` at the beginning of lines, also with numbers: `Q3) …`.

use super::evidence;
use super::labels;
use super::mark::{Extent, Mark, Search};
use super::marked::{asked, beside};
use super::prompt::undecorated;
use crate::model::Convention;

pub(super) fn find(search: &Search<'_>) -> Vec<Mark> {
    let doc = search.doc;
    let mut marks: Vec<Mark> = Vec::new();
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
            let (prompt, beside) = beside(doc, prompt);
            is_open = beside.is_empty();
            answered += usize::from(!is_open);
            let extent = Extent::Below { line: at + 1, level: 7, column: 0, beside };
            let convention = Convention::QaLines;
            marks.push(Mark { convention, line: at, prompt, more: Vec::new(), extent });
        } else if is_open && labels::answer(says, search.answers).is_some() {
            answered += 1;
            is_open = false;
        }
    }
    let has_text = |pair: &&[Mark]| doc.visible(pair[0].line + 1) < pair[1].line;
    let with_text = marks.windows(2).filter(has_text).count();
    let is_answered = answered * 2 >= marks.len();
    let is_many = marks.len() >= 3 && with_text * 2 >= marks.len();
    let is_all = marks.len() > 1 || evidence::covers(search, &marks, 3);
    if search.is_told || ((is_answered || is_many) && is_all) { marks } else { Vec::new() }
}
