//! Facts about a file that are the same for all of its questions.

use std::collections::BTreeSet;

use super::fold::Fold;
use crate::config::Config;

/// What is the same for all questions of a file.
#[derive(Clone, Copy, Debug)]
pub(in crate::parse) struct FileContext<'k> {
    /// Its text.
    pub text: &'k str,
    /// Its `<details>` and callouts.
    pub folds: &'k [Fold],
    /// The words of links that most answers end with, and that are part of none.
    pub last: &'k BTreeSet<String>,
    /// Whether most questions have options below them and nothing else.
    pub is_choice: bool,
    /// The settings.
    pub config: &'k Config,
}
