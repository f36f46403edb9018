//! The input that all recognizers get.

use std::ops::Range;

use super::document::Document;
use super::fold::Fold;
use super::folder_habits::FolderHabits;

/// The file that a recognizer searches, and what is known about it.
#[derive(Debug)]
pub(in crate::parse) struct RecognizerInput<'d> {
    /// The file.
    pub doc: &'d Document<'d>,
    /// Its `<details>` and callouts.
    pub folds: &'d [Fold],
    /// What the files of its folder have in common.
    pub habits: &'d FolderHabits,
    /// The same for its innermost folder, where that folder is too small to have habits of its own.
    pub own_habits: &'d FolderHabits,
    /// The lines of the questions that earlier recognizers have found, in order.
    pub taken: Vec<Range<usize>>,
    /// Whether the title or the name of the file promises questions: `interview-questions.md`.
    pub is_question_bank: bool,
    /// Whether the settings name the recognizer's convention, so that no evidence is needed.
    pub is_requested: bool,
    /// The labels for answers that the settings add.
    pub answer_labels: &'d [String],
}

impl RecognizerInput<'_> {
    /// Returns whether a line belongs to no question so far.
    pub(in crate::parse) fn is_free(&self, line: usize) -> bool {
        let after = self.taken.partition_point(|taken| taken.start <= line);
        after.checked_sub(1).is_none_or(|before| self.taken[before].end <= line)
    }
}
