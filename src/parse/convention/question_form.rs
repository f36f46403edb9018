//! Whether a text has the form of a question, in any of the languages of [`vocabulary`].

use super::prompt::{is_emoji, plain_text};
use super::vocabulary;

/// Returns whether a text is likely a question.
pub(in crate::parse) fn is_question_like(text: &str) -> bool {
    let snippet = plain_text(text);
    let snippet = snippet.trim_matches(|c: char| is_emoji(c) || c.is_whitespace());
    if snippet.contains(vocabulary::MARKS) || text.contains("___") || has_gap(text) {
        return true;
    }
    let lower = snippet.to_lowercase();
    begins(&lower, vocabulary::INTERROGATIVE)
        || begins(&lower, vocabulary::ASKING)
        || contains(&lower, vocabulary::INTERROGATIVE_WITHIN)
        || contains(&lower, vocabulary::ASKING_WITHIN)
}

/// Returns whether a text has empty brackets for an answer: `the longest river is ( ).` Those of a
/// function follow its name, as in `main()`.
fn has_gap(text: &str) -> bool {
    text.match_indices(['(', '（']).any(|(at, open)| {
        let behind = &text[at + open.len()..];
        let rest = behind.trim_start();
        let is_name = text[..at].ends_with(|c: char| c.is_ascii_graphic());
        rest.starts_with([')', '）'])
            && (open == "（" || rest.len() < behind.len() || (at > 0 && !is_name))
    })
}

/// Returns whether a text is clearly a question, not a title such as `How to …` or `What to …`.
pub(in crate::parse) fn is_clear_question(text: &str) -> bool {
    let lower = plain_text(text).to_lowercase();
    let is_guide = lower.split_whitespace().nth(1) == Some("to");
    has_question_mark(text)
        || (begins(&lower, vocabulary::INTERROGATIVE) && !is_guide)
        || contains(&lower, vocabulary::INTERROGATIVE_WITHIN)
}

/// Returns whether a text of several words begins with one of some words.
fn begins(lower: &str, words: &[&str]) -> bool {
    let first = lower.split(|c: char| c.is_whitespace() || ",:;".contains(c)).next();
    let is_long = lower.split_whitespace().count() > 1;
    first.is_some_and(|first| is_long && words.contains(&first))
}

fn contains(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Returns whether a text contains a question mark.
pub(in crate::parse) fn has_question_mark(text: &str) -> bool {
    plain_text(text).contains(vocabulary::MARKS)
}

/// Returns whether a text consists of remarks in brackets: `*(Easy)*`, `[2 points] [hard]`.
pub(in crate::parse) fn in_brackets(text: &str) -> bool {
    let mut rest = text.trim_matches(|c: char| "*_ ".contains(c));
    if rest.contains("](") || has_question_mark(rest) {
        return false;
    }
    while let Some(inner) = rest.strip_prefix(['(', '[', '（', '【']) {
        let Some(end) = inner.find([')', ']', '）', '】']) else { return false };
        let width = inner[end..].chars().next().map_or(1, char::len_utf8);
        rest = inner[end + width..].trim_start_matches(['*', '_', ' ', ',']);
        if rest.is_empty() {
            return true;
        }
    }
    false
}
