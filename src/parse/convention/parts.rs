//! Headings within an answer that have the level of its question.
//!
//! These are the label of the answer, and the numbered parts of it right below the label:
//!
//! ```text
//! ## What are the SOLID principles?
//! ## Answer
//! ## 1. Single responsibility
//! ```

use super::document::{Document, Heading};
use super::labels;
use super::prompt::{number_width, strip_decoration, strip_wrappers};

/// The state of a walk over the headings of an answer.
#[derive(Debug)]
pub(super) struct Parts<'d> {
    doc: &'d Document<'d>,
    answers: &'d [String],
    /// The number of the last part; 0 if there is none.
    last: u64,
}

impl<'d> Parts<'d> {
    pub(super) fn new(doc: &'d Document<'d>, answers: &'d [String]) -> Self {
        Self { doc, answers, last: 0 }
    }

    /// Returns whether the next heading belongs to the answer, whatever its level.
    pub(super) fn hold(&mut self, heading: &Heading) -> bool {
        let text = self.doc.text;
        let is_label = |snippet: &str| labels::answer(snippet, self.answers).is_some();
        if is_label(&text[heading.title.clone()]) {
            return true;
        }
        let title = strip_decoration(text, strip_wrappers(text, heading.title.clone()));
        let is_next = counted(&text[title]) == Some(self.last + 1);
        let above = || (0..heading.line).rev().find(|line| !self.doc.line_text(*line).is_empty());
        let is_alone = |snippet: &str| {
            labels::answer(snippet, self.answers).is_some_and(|label| label.after == snippet.len())
        };
        let is_labelled = || above().is_some_and(|line| is_alone(self.doc.open_text(line)));
        let is_part = is_next && (self.last > 0 || is_labelled());
        self.last = if is_part { self.last + 1 } else { 0 };
        is_part
    }
}

/// Parses the number before a title.
fn counted(snippet: &str) -> Option<u64> {
    let digits = snippet.bytes().take_while(u8::is_ascii_digit).count();
    number_width(snippet).and_then(|_| snippet[..digits].parse().ok())
}
