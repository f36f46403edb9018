//! The words of a text, as far as they tell one question from another.
//!
//! Case is folded and punctuation left out, and nothing else: `compile` and `compiles`, `C++` and
//! `C#`, `x²` and `x³` are different words, since they may be what two cards differ in. Scripts
//! that put no space between words give pairs of characters.

use unicode_normalization::UnicodeNormalization as _;

/// A word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'t> {
    /// The same for the same word in small letters and capitals.
    pub(super) hash: u64,
    /// As it is written.
    pub(super) text: &'t str,
}

/// What the hash of a word begins with.
const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// What a byte of a text is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Letter,
    /// A sign that says something wherever it stands, as in `a += b`.
    Sign,
    /// A sign that is punctuation after a word, and says something before one, as in `-5` or `!x`.
    Prefix,
    /// Part of a character beyond ASCII.
    Wide,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Space; 256];
    let mut byte = 0u8;
    loop {
        classes[byte as usize] = match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'+' | b'=' | b'<' | b'>' | b'&' | b'|' | b'^' | b'%' | b'~' | b'#' | b'@' | b'$' => {
                Class::Sign
            }
            b'-' | b'!' | b'*' | b'/' | b'\\' | b'.' | b':' | b'?' => Class::Prefix,
            0x80.. => Class::Wide,
            _ => Class::Space,
        };
        if byte == u8::MAX {
            break classes;
        }
        byte += 1;
    }
};

/// Returns the words of a text, in order.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let bytes = text.as_bytes();
    let mut words = Vec::with_capacity(text.len() / 5);
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match CLASSES[usize::from(bytes[at])] {
            Class::Space => at += 1,
            Class::Letter => {
                let mut is_plain = true;
                while let Some(&byte) = bytes.get(at) {
                    match CLASSES[usize::from(byte)] {
                        Class::Letter => at += 1,
                        Class::Wide => {
                            let c = char_at(text, at);
                            if !c.is_alphanumeric() {
                                break;
                            }
                            is_plain = false;
                            at += c.len_utf8();
                        }
                        _ => break,
                    }
                }
                push_run(&text[start..at], is_plain, &mut words);
            }
            Class::Sign | Class::Prefix => {
                let is_sign =
                    |byte: &u8| matches!(CLASSES[usize::from(*byte)], Class::Sign | Class::Prefix);
                at += bytes[at..].iter().take_while(|byte| is_sign(byte)).count();
                if says_something(text, start, at) {
                    words.push(plain(&text[start..at]));
                }
            }
            Class::Wide => {
                let c = char_at(text, at);
                at += c.len_utf8();
                if c.is_alphanumeric() {
                    while let Some(c) = text[at..].chars().next().filter(|c| c.is_alphanumeric()) {
                        at += c.len_utf8();
                    }
                    push_run(&text[start..at], false, &mut words);
                } else if !is_wide_punctuation(c) {
                    words.push(wide(&text[start..at]));
                }
            }
        }
    }
    words
}

/// Returns whether a run of signs is more than punctuation: `+=` is, the `-` of `-5`, and what
/// stands alone between words, as in `What does ! do?`; the `-` of `well-known` is not, nor the `!`
/// of `Stop!`, nor a dash.
fn says_something(text: &str, start: usize, end: usize) -> bool {
    let run = &text.as_bytes()[start..end];
    let is_strong = run.iter().any(|byte| CLASSES[usize::from(*byte)] == Class::Sign);
    let is_doubled =
        run.len() > 1 && run.iter().all(|byte| *byte == run[0]) && !b".?!".contains(&run[0]);
    let is_letter = |byte: u8| matches!(CLASSES[usize::from(byte)], Class::Letter | Class::Wide);
    let before = start.checked_sub(1).map(|at| text.as_bytes()[at]);
    let after = text.as_bytes().get(end).copied();
    let leads = !before.is_some_and(is_letter) && after.is_some_and(is_letter);
    let is_alone = before.is_none_or(|byte| byte == b' ') && after == Some(b' ');
    is_strong || is_doubled || leads || (is_alone && run != b"-" && run != b":")
}

/// Adds the words of a run of letters and digits.
fn push_run<'t>(run: &'t str, is_plain: bool, words: &mut Vec<Word<'t>>) {
    if is_plain {
        words.push(plain(run));
    } else if run.chars().any(is_unspaced) {
        let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
        let last = starts.len() - 1;
        let pairs = (0..(last - 1).max(1)).map(|at| &run[starts[at]..starts[(at + 2).min(last)]]);
        words.extend(pairs.map(wide));
    } else {
        words.push(wide(run));
    }
}

/// Returns whether a letter belongs to a script that puts no space between words.
fn is_unspaced(c: char) -> bool {
    // Thai and Lao, Myanmar, Khmer, and all from the radicals of Chinese on.
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..)
}

/// Returns whether a sign beyond ASCII only parts words: quotes, dashes, brackets, full stops.
fn is_wide_punctuation(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '¡' | '¿' | '«' | '»' | '·' | '\u{ad}' | '\u{60c}' | '\u{61b}' | '\u{61f}')
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}')
        || matches!(c, '\u{fe00}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}')
}

fn char_at(text: &str, at: usize) -> char {
    text[at..].chars().next().unwrap_or_default()
}

/// Returns a word in ASCII, hashed eight bytes at a time.
fn plain(text: &str) -> Word<'_> {
    let hash = text.as_bytes().chunks(8).fold(SEED, |hash, chunk| {
        let letters = chunk
            .iter()
            .fold(0, |letters, &byte| letters << 8 | u64::from(byte.to_ascii_lowercase()));
        mix(hash ^ letters)
    });
    Word { hash, text }
}

/// Returns a word in whatever letters, without the marks that many leave out: accents, vowel signs.
fn wide(text: &str) -> Word<'_> {
    let is_mark = |c: &char| matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}');
    let letters = text.nfd().filter(|c| !is_mark(c)).flat_map(char::to_lowercase);
    let hash = letters.fold(!SEED, |hash, letter| mix(hash ^ u64::from(u32::from(letter))));
    Word { hash, text }
}

/// Mixes bits, always in the same way (`SplitMix64`).
#[inline]
pub(super) fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_what_tells_questions_apart() {
        let check = |text: &str, expect: &[&str]| {
            let found: Vec<&str> = words(text).iter().map(|word| word.text).collect();
            assert_eq!(found, expect, "{text}");
        };
        check("What is a token?", &["What", "is", "a", "token"]);
        check("C++ or C#, x += 1", &["C", "++", "or", "C", "#", "x", "+=", "1"]);
        check(
            "a well-known path and/or /etc, -5!",
            &["a", "well", "known", "path", "and", "or", "/", "etc", "-", "5"],
        );
        check(
            "a && b || !c -- d... e::f",
            &["a", "&&", "b", "||", "!", "c", "--", "d", "e", "::", "f"],
        );
        check("What does ! do, or ?. ?", &["What", "does", "!", "do", "or", "?."]);
        check("Why ? Because - so: yes?!", &["Why", "?", "Because", "so", "yes"]);
        check("x² ≤ x³ — “Größe” …", &["x²", "≤", "x³", "Größe"]);
        check("注意力", &["注意", "意力"]);
        check("词 和", &["词", "和"]);
        check("Что такое мьютекс?", &["Что", "такое", "мьютекс"]);
        check("", &[]);
    }

    #[test]
    fn case_is_folded() {
        let hashes = |text| words(text).iter().map(|word| word.hash).collect::<Vec<_>>();
        assert_eq!(hashes("What Is Größe TransFormers"), hashes("what is GRÖßE transformers"));
        assert_ne!(hashes("transformer"), hashes("transformers"));
        assert_ne!(hashes("entscheiden"), hashes("entschuldigen"));
    }
}
