//! The letters of the correct options in an answer: `The answer is B`.

use super::prompt::{longest_prefix, plain_text};
use super::vocabulary;

/// Parses a line that says whether one option is correct: `B is not correct because …`. Returns its
/// letter, and whether it is.
pub(super) fn parse_judgement(snippet: &str) -> Option<(char, bool)> {
    let plain = plain_text(snippet);
    let rest = plain.trim();
    let width = longest_prefix(rest, ["option", "answer", "choice"].into_iter());
    let rest = rest[width.unwrap_or_default()..].trim_start();
    let letter = rest.chars().next().filter(|c| matches!(c, 'A'..='J'))?;
    let behind = rest[1..].strip_prefix(' ')?.to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| behind.starts_with(word));
    if begins(vocabulary::IS_WRONG) {
        return Some((letter, false));
    }
    begins(vocabulary::IS_RIGHT).then_some((letter, true))
}

/// Parses the letters of options that a text begins with, and returns whether it holds nothing
/// else.
pub(super) fn parse_letters(snippet: &str) -> (Vec<char>, bool) {
    if parse_judgement(snippet).is_some_and(|(_, is_right)| !is_right) {
        return (Vec::new(), false);
    }
    let plain_text = plain_text(snippet);
    let mut rest = plain_text.trim();
    let verdict = longest_prefix(rest, vocabulary::VERDICT.iter().copied()).unwrap_or_default();
    rest = rest[verdict..].trim_start_matches([' ', ':']);
    for word in ["option ", "options ", "Option ", "Options ", "choice ", "(", "["] {
        rest = rest.strip_prefix(word).unwrap_or(rest).trim_start();
    }
    let mut letters = Vec::new();
    // `ACD` names three.
    let word = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_rising = word.as_bytes().windows(2).all(|pair| pair[0] < pair[1]);
    let is_upper = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_upper && is_rising && !rest[word.len()..].contains(char::is_alphanumeric) {
        return (word.chars().collect(), true);
    }
    // So does `**A** static`, where the mark ends with the letter.
    let shown = snippet.trim_start_matches(['*', '_', '`']);
    let is_marked = shown.get(1..).is_some_and(|rest| rest.starts_with(['*', '_', '`', '<']));
    loop {
        let mut chars = rest.chars();
        let Some(letter) = chars.next().filter(|c| matches!(c, 'A'..='J' | 'a'..='j')) else {
            break;
        };
        let after = chars.as_str();
        let is_word = after.starts_with(|c: char| c.is_alphanumeric() || c == '\'' || c == '’');
        // `A static method` names no option, `A.` does, and so does `A` alone.
        let behind = after.trim_start();
        let is_joined = ["and ", "or ", "is ", "are "].iter().any(|word| behind.starts_with(word));
        let is_article = behind.len() < after.len() && behind.starts_with(char::is_alphanumeric);
        let is_set_apart = is_joined || (is_marked && letters.is_empty());
        if is_word || (is_article && !is_set_apart) {
            break;
        }
        letters.push(letter.to_ascii_uppercase());
        rest = after.trim_start_matches([' ', ')', ']', '.', ':']);
        let signs = [",", "&", "and ", "/", "+", ";", "or "];
        let Some(after) = signs.iter().find_map(|sign| rest.strip_prefix(sign)) else { break };
        rest = after.trim_start();
    }
    let is_all = !letters.is_empty() && !rest.contains(char::is_alphanumeric);
    (letters, is_all)
}
