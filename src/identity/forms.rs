//! Which words are other forms of a word.
//!
//! Most words have none in a note, so they are looked for once, and not again for each pair of
//! texts.

use std::collections::BTreeMap;

use super::words::Word;

/// Another form of a word, by its hash.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) hash: u64,
    /// Whether it is the same word without doubt; `sulfur` and `sulfuric` are two things.
    pub(super) is_slip: bool,
}

/// The forms that each of today's words, by its hash, has among the old ones; those without any are
/// left out.
pub(super) type Forms = BTreeMap<u64, Vec<Form>>;

/// Finds the forms of today's words.
pub(super) fn find_forms<'t>(
    new: impl Iterator<Item = Word<'t>>,
    old: impl Iterator<Item = Word<'t>>,
) -> Forms {
    // All forms of a word begin with the same letter.
    let first = |word: &str| word.chars().flat_map(char::to_lowercase).next();
    let mut olds: BTreeMap<Option<char>, BTreeMap<u64, &str>> = BTreeMap::new();
    for word in old {
        olds.entry(first(word.text)).or_default().insert(word.hash, word.text);
    }
    let new: BTreeMap<u64, &str> = new.map(|word| (word.hash, word.text)).collect();
    let of = |(hash, text): (u64, &str)| {
        let others = olds.get(&first(text)).into_iter().flatten();
        let forms = others.filter(|(other, _)| **other != hash).filter_map(|(&hash, other)| {
            let is_slip = is_slip(text, other);
            (is_slip || is_form_of(text, other)).then_some(Form { hash, is_slip })
        });
        let forms: Vec<Form> = forms.collect();
        (!forms.is_empty()).then_some((hash, forms))
    };
    new.into_iter().filter_map(of).collect()
}

/// Returns whether two words differ in an ending, a letter that is doubled, or two letters that are
/// swapped.
fn is_slip(a: &str, b: &str) -> bool {
    let letters = |word: &str| word.to_lowercase().chars().collect::<Vec<char>>();
    let (a, b) = (letters(a), letters(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 3 || !short.iter().chain(&long).all(|c| c.is_alphabetic()) {
        return false;
    }
    let start = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let (rest, more) = (&short[start..], &long[start..]);
    match (rest, more) {
        ([], [] | ['s']) => true,
        ([], ['d'] | ['e', 's' | 'd']) => short.len() > 3,
        ([first, next, rest @ ..], [new_first, new_next, more @ ..])
            if first == new_next && next == new_first =>
        {
            start > 0 && short.len() > 3 && rest == more
        }
        (rest, [c, more @ ..]) => start > 2 && long[start - 1] == *c && rest == more,
        _ => false,
    }
}

/// Returns whether a word may be another form of the same, or the same with a slip mended: some
/// letters more at the end (`index`, `indexes`), an ending in place of another (`property`,
/// `properties`), one letter more or less, or two letters swapped (`Serivce`, `Service`). A letter replaced by another makes too many other words: `afferent` and
/// `efferent`, `abduction` and `adduction`.
pub(super) fn is_form_of(a: &str, b: &str) -> bool {
    // Most words begin otherwise, and few bytes say so.
    let first = |word: &str| word.bytes().next().filter(u8::is_ascii).map(|byte| byte | 0x20);
    if first(a) != first(b) {
        return false;
    }
    let letters = |word: &str| word.chars().flat_map(char::to_lowercase).collect::<Vec<char>>();
    let (a, b) = (letters(a), letters(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let is_word = |word: &[char]| word.iter().all(|c| c.is_alphabetic());
    if short.len() < 4 || short[0] != long[0] || !is_word(short) || !is_word(long) {
        return false;
    }
    let start = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    match long.len() - start {
        // Equal but for case.
        0 => true,
        more if start == short.len() => more <= 3,
        3 if matches!(
            (&short[start..], &long[start..]),
            (['y'], ['i', 'e', 's']) | (['e'], ['i', 'n', 'g'])
        ) =>
        {
            true
        }
        _ if long.len() == short.len() => {
            let (x, y) = (&short[start..], &long[start..]);
            x.len() >= 2 && x[0] == y[1] && x[1] == y[0] && x[2..] == y[2..]
        }
        _ => {
            long.len() == short.len() + 1 && short.len() >= 5 && short[start..] == long[start + 1..]
        }
    }
}
