//! The words that decided on a pair, for those who have to confirm it.

use super::facts::QuestionFacts;
use super::lock::Former;
use super::words::{Word, words};

/// How many words of each kind are named.
const MOST: usize = 5;

/// What two headings have in common and what differs, the longest words first: short ones are
/// mostly in every question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reasons {
    /// What both headings have.
    pub shared: Vec<String>,
    /// What only the old heading had.
    pub gone: Vec<String>,
    /// What only today's heading has.
    pub new: Vec<String>,
    /// Whether answer and key points are the same.
    pub is_same_answer: bool,
}

/// Returns the words that decided on a question's pair with how it read before.
pub(super) fn explain(question: &QuestionFacts<'_>, former: &Former) -> Reasons {
    let heading = |text: &'_ str| text.split('\n').next().map_or(0, str::len);
    let new = words(&question.text[..heading(&question.text)]);
    let old = words(&former.question[..heading(&former.question)]);
    let (shared, only_new) = partition(&new, &old);
    let (_, only_old) = partition(&old, &new);
    Reasons {
        shared: name(shared),
        gone: name(only_old),
        new: name(only_new),
        is_same_answer: question.fingerprint.answer() == former.fingerprint.answer(),
    }
}

/// Parts words into those that others have too, and the rest.
fn partition<'t>(words: &[Word<'t>], others: &[Word<'_>]) -> (Vec<&'t str>, Vec<&'t str>) {
    let is_shared = |word: &&Word<'_>| others.iter().any(|other| other.hash == word.hash);
    let (shared, rest): (Vec<&Word<'_>>, Vec<&Word<'_>>) = words.iter().partition(is_shared);
    let texts = |words: Vec<&Word<'t>>| words.into_iter().map(|word| word.text).collect();
    (texts(shared), texts(rest))
}

fn name(mut words: Vec<&str>) -> Vec<String> {
    // Of the same length, they stay in order.
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.dedup();
    words.into_iter().take(MOST).map(str::to_owned).collect()
}
