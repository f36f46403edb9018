//! Which number a gap or a key point has, for as long as it is there.
//!
//! Anki knows a card by its note and its number alone. If numbers followed the order, a key point
//! put in at the top would move all reviews by one; so a number belongs to a text, is kept while
//! the text is reworded or moved, and is never given to another.

use std::collections::BTreeSet;

use crate::markdown::cloze::LAST;

/// A number and the text it belongs to.
pub type Numbered = (u16, String);

/// How near two texts must be to be one that was reworded.
const NEAR: f64 = 0.6;

/// Gives each of today's texts a number: its own from before, else one that is free.
///
/// `old` is in its former order; `gone` are texts that were there once; no number in `taken` is
/// given to a text that does not have it already.
#[must_use]
pub fn assign(
    texts: &[String],
    old: &[Numbered],
    gone: &[Numbered],
    taken: &BTreeSet<u16>,
) -> Vec<u16> {
    let mut of: Vec<Option<usize>> = vec![None; texts.len()];
    let mut free: BTreeSet<usize> = (0..old.len()).collect();
    for (place, text) in of.iter_mut().zip(texts) {
        *place = free.iter().copied().find(|&at| old[at].1 == *text);
        if let Some(at) = place {
            free.remove(at);
        }
    }
    near(texts, old, &mut of, &mut free);
    between(&mut of, &mut free, old.len());
    let mut used: BTreeSet<u16> = old.iter().chain(gone).map(|(number, _)| *number).collect();
    used.extend(taken);
    let mut given: BTreeSet<u16> = taken.clone();
    let mut numbers = vec![0; texts.len()];
    for (number, place) in numbers.iter_mut().zip(&of) {
        if let Some(at) = *place
            && given.insert(old[at].0)
        {
            *number = old[at].0;
        }
    }
    for (number, text) in numbers.iter_mut().zip(texts).filter(|(number, _)| **number == 0) {
        let back = gone.iter().find(|(number, was)| was == text && !given.contains(number));
        let next = used.last().map_or(1, |last| last.saturating_add(1));
        let unused = || (1..=LAST).find(|number| !used.contains(number) && !given.contains(number));
        *number = match back {
            Some((number, _)) => *number,
            None if next <= LAST => next,
            None => unused().unwrap_or(LAST),
        };
        given.insert(*number);
        used.insert(*number);
    }
    numbers
}

/// Pairs what is nearly the same, the nearest first.
fn near(texts: &[String], old: &[Numbered], of: &mut [Option<usize>], free: &mut BTreeSet<usize>) {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (new, text) in texts.iter().enumerate().filter(|(new, _)| of[*new].is_none()) {
        for &at in free.iter() {
            let score = strsim::normalized_damerau_levenshtein(text, &old[at].1);
            if score >= NEAR {
                pairs.push((score, new, at));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for (_, new, at) in pairs {
        if of[new].is_none() && free.remove(&at) {
            of[new] = Some(at);
        }
    }
}

/// Pairs what stands alone between the same two neighbours as before.
fn between(of: &mut [Option<usize>], free: &mut BTreeSet<usize>, count: usize) {
    let mut start = 0;
    while start < of.len() {
        if of[start].is_some() {
            start += 1;
            continue;
        }
        let end = (start..of.len()).find(|&at| of[at].is_some()).unwrap_or(of.len());
        let from = start.checked_sub(1).and_then(|before| of[before]).map_or(0, |at| at + 1);
        let to = of.get(end).copied().flatten().unwrap_or(count);
        let gap: Vec<usize> = (from..to).filter(|at| free.contains(at)).collect();
        if end - start == 1
            && let [only] = gap[..]
        {
            of[start] = Some(only);
            free.remove(&only);
        }
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::assign;

    #[test]
    fn numbers_stay_with_their_texts() {
        let check = |texts: &[&str], old: &[(u16, &str)], gone: &[(u16, &str)], expect: &[u16]| {
            let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
            let own = |list: &[(u16, &str)]| {
                list.iter().map(|(n, text)| (*n, (*text).to_owned())).collect::<Vec<_>>()
            };
            let numbers = assign(&texts, &own(old), &own(gone), &BTreeSet::new());
            assert_eq!(numbers, expect, "{texts:?}");
        };
        let old = [(1, "a cat"), (2, "the dog"), (3, "some bird")];
        check(&["a", "b"], &[], &[], &[1, 2]);
        check(&["new", "a cat", "the dog", "some bird"], &old, &[], &[4, 1, 2, 3]);
        check(&["some bird", "a cat", "the dog"], &old, &[], &[3, 1, 2]);
        check(&["a cat", "the dogs", "some bird"], &old, &[], &[1, 2, 3]);
        check(&["a cat", "entirely else", "some bird"], &old, &[], &[1, 2, 3]);
        check(&["a cat", "some bird"], &old, &[], &[1, 3]);
        check(&["a cat", "x", "y", "some bird"], &old, &[], &[1, 4, 5, 3]);
        check(&["a cat", "the dog", "z"], &[(1, "a cat")], &[(2, "the dog")], &[1, 2, 3]);
        check(&["same", "same"], &[(7, "same"), (9, "same")], &[], &[7, 9]);
        check(&["a", "b"], &[(499, "z")], &[], &[1, 2]);
    }

    #[test]
    fn a_number_that_is_taken_is_not_given() {
        let numbers = assign(&["x".to_owned()], &[], &[], &BTreeSet::from([1, 2, 5]));
        assert_eq!(numbers, [6]);
    }
}
