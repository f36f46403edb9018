//! Headings of the level of a question that are in its answer: the one that says that the answer
//! follows, and right below a label the parts that the answer counts up.

use super::document::{Document, Heading};
use super::labels;
use super::prompt::{number, undecorated, unwrapped};

/// The headings of an answer, seen in order.
#[derive(Debug)]
pub(super) struct Parts<'d> {
    doc: &'d Document<'d>,
    answers: &'d [String],
    /// The number of the last part.
    last: u64,
}

impl<'d> Parts<'d> {
    pub(super) fn new(doc: &'d Document<'d>, answers: &'d [String]) -> Self {
        Self { doc, answers, last: 0 }
    }

    /// Whether the next heading belongs to the answer, whatever its level.
    pub(super) fn hold(&mut self, heading: &Heading) -> bool {
        let text = self.doc.text;
        let is_label = |says: &str| labels::answer(says, self.answers).is_some();
        if is_label(&text[heading.title.clone()]) {
            return true;
        }
        let title = undecorated(text, unwrapped(text, heading.title.clone()));
        let is_next = counted(&text[title]) == Some(self.last + 1);
        let above = || (0..heading.line).rev().find(|line| !self.doc.line(*line).is_empty());
        let is_alone = |says: &str| {
            labels::answer(says, self.answers).is_some_and(|label| label.after == says.len())
        };
        let is_labelled = || above().is_some_and(|line| is_alone(self.doc.open(line)));
        let is_part = is_next && (self.last > 0 || is_labelled());
        self.last = if is_part { self.last + 1 } else { 0 };
        is_part
    }
}

/// The number before a title.
fn counted(says: &str) -> Option<u64> {
    let digits = says.bytes().take_while(u8::is_ascii_digit).count();
    number(says).and_then(|_| says[..digits].parse().ok())
}
