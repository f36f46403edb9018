//! Whether two texts read the same, to the letter that matters.
//!
//! Evidence folds words, so that what was edited is found; that no confirmation is needed rests on
//! more. White space, the shape of quotes and dashes, the length of a blank to fill in, the full
//! stop or question mark at the end, and a capital at the start of a word are ways of writing. All
//! else may be what two cards differ in: `mW` and `MW`, `US` and `us`, `()` and `[]`, `\d` and `\D`,
//! `3!` and `3`, `6 * 3` and `6 / 3`.

use super::words::{mix, words};

/// So many words in common tell a heading that was touched from another one.
const WORDS: usize = 5;

/// Returns a hash that is equal for texts that read the same; `None` for an empty text.
pub(super) fn hash(text: &str) -> Option<u64> {
    let text = without_stop(text.trim());
    if text.is_empty() {
        return None;
    }
    let mut hash = text.len().min(1) as u64;
    let (mut rest, mut is_after_word) = (text, false);
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.is_empty() {
            rest = &rest[first.len_utf8()..];
            if first == '_' && !is_after_word {
                rest = without_blank(rest);
            }
            if !first.is_whitespace() {
                hash = mix(hash ^ u64::from(u32::from(plain(first))));
            }
        } else {
            hash = mix(hash_word(word, hash) ^ u64::MAX);
            rest = after;
        }
        is_after_word = !word.is_empty();
    }
    Some(hash)
}

/// Returns what follows the underscores of a blank, of which the first is read: it is one blank,
/// however long. Those of `__init__` stay.
fn without_blank(rest: &str) -> &str {
    let after = rest.trim_start_matches('_');
    if after.starts_with(char::is_alphanumeric) { rest } else { after }
}

/// Adds a word to a hash: its first letter may be a capital if that is the only one, and not all of
/// it.
fn hash_word(word: &str, hash: u64) -> u64 {
    let add = |hash, letter: char| mix(hash ^ u64::from(u32::from(letter)));
    let mut letters = word.chars();
    let first = letters.next().unwrap_or_default();
    let rest = letters.as_str();
    if rest.is_empty() || rest.chars().any(char::is_uppercase) {
        return word.chars().fold(hash, add);
    }
    rest.chars().fold(first.to_lowercase().fold(hash, add), add)
}

/// Returns a text without what ends its sentence.
fn without_stop(text: &str) -> &str {
    let stops = ['.', '?', '!', ':', '…', '。', '？', '！', '：', '؟'];
    let cut = text.trim_end_matches(|c: char| stops.contains(&c) || c.is_whitespace());
    // After a digit or a sign it may mean something, and a text of nothing else is what it is.
    if cut.ends_with(char::is_alphabetic) { cut } else { text }
}

/// Returns a sign in its plain shape.
fn plain(sign: char) -> char {
    match sign {
        '“' | '”' | '„' | '«' | '»' => '"',
        '‘' | '’' | '‚' => '\'',
        '–' | '—' | '‐' | '‑' => '-',
        other => other,
    }
}

/// Returns whether a heading is long enough to be known by its words, of which most are the same,
/// in the same order, and whether it has other words at all: if only signs or capitals differ, they
/// are what two cards differ in.
pub(super) fn is_kept(old: &str, new: &str) -> bool {
    let keys = |text: &str| -> Vec<u64> {
        words(text).iter().map(|word| hash_word(word.text, 0)).collect()
    };
    let signs = |text: &str| -> String {
        text.chars().filter(|c| !c.is_alphanumeric() && !is_punctuation(*c)).map(plain).collect()
    };
    let (was, is) = (keys(old), keys(new));
    let shared: Vec<&u64> = was.iter().filter(|key| is.contains(key)).collect();
    let mut left = is.iter();
    let is_in_order = shared.iter().all(|key| left.any(|other| other == *key));
    was != is
        && signs(old) == signs(new)
        && is_in_order
        && shared.len() >= WORDS
        && 3 * shared.len() >= 2 * was.len().max(is.len())
}

/// Returns whether a sign may come and go with the words around it.
fn is_punctuation(sign: char) -> bool {
    sign.is_whitespace() || ",.;:?!()\"'-".contains(plain(sign))
}

#[cfg(test)]
mod tests {
    use super::{hash, is_kept};

    #[test]
    fn ways_of_writing_read_the_same() {
        for (a, b) in [
            ("What is a token?", "what is a  Token"),
            ("Is it “big”?", "Is it \"big\" ?"),
            ("a – b", "a - b."),
            ("CSS is _____.", "CSS is _."),
            ("___ is red", "_____ is red"),
            ("Was ist das：", "Was ist das"),
        ] {
            assert_eq!(hash(a), hash(b), "{a} {b}");
        }
    }

    #[test]
    fn what_two_cards_may_differ_in_does_not() {
        for (a, b) in [
            ("How big is a mW?", "How big is a MW?"),
            ("Is US big?", "Is us big?"),
            ("What is `()`?", "What is `[]`?"),
            (r"\d+", r"\D+"),
            ("ls -a", "ls -A"),
            ("3!", "3"),
            ("6 * 3", "6 / 3"),
            ("6:3", "6/3"),
            ("f'(x)", "f(x)"),
            ("a.b", "a->b"),
            ("_x", "x"),
            ("__x", "_x"),
            ("x__", "x_"),
            ("is red", "_ is red"),
            ("-5 °C?", "5 °C?"),
            ("x²", "x³"),
            ("A", "B"),
            ("ab c", "a bc"),
            (".", "?"),
            ("", "a"),
        ] {
            assert_ne!(hash(a), hash(b), "{a} {b}");
        }
    }

    #[test]
    fn long_headings_are_kept() {
        assert!(is_kept("What is the use of an inode?", "What is the main use of an inode?"));
        assert!(!is_kept("Which gases are noble?", "Which gases are not noble?"));
        assert!(!is_kept(
            "How do you get from Paris to Rome?",
            "How do you get from Rome to Paris?"
        ));
        assert!(!is_kept("What is a stack, and what is it for?", "What is a queue?"));
    }
}
