//! Which number a gap or a key point has, for as long as it is there.
//!
//! Anki knows a card by its note and its number alone. If numbers followed the order, a key point
//! put in at the top would move all reviews by one; so a number belongs to a text, is kept while
//! the text is reworded or moved, and is never given to another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::rewording::{pair, pair_in_place};
use crate::markdown::cloze::LAST;

/// A number and the text it belongs to.
pub type Numbered = (u16, String);

/// Gives each of today's texts a number: its own from before, else one that was never given; none
/// if those are used up.
///
/// `old` is in its former order; `gone` are texts that were there once; no number in `taken` is
/// given to a text that does not have it already.
#[must_use]
pub fn assign(
    texts: &[String],
    old: &[Numbered],
    gone: &[Numbered],
    taken: &BTreeSet<u16>,
) -> Vec<Option<u16>> {
    let former: Vec<&str> = old.iter().map(|(_, text)| text.as_str()).collect();
    let mut given = taken.clone();
    let mut numbers: Vec<Option<u16>> = pair(texts, &former)
        .into_iter()
        .map(|at| at.map(|at| old[at].0).filter(|number| given.insert(*number)))
        .collect();
    let mut used: BTreeSet<u16> = old.iter().chain(gone).map(|(number, _)| *number).collect();
    used.extend(taken);
    let mut back: BTreeMap<&str, VecDeque<u16>> = BTreeMap::new();
    for (number, text) in gone.iter().filter(|(number, _)| !given.contains(number)) {
        back.entry(text).or_default().push_back(*number);
    }
    for (number, text) in numbers.iter_mut().zip(texts).filter(|(number, _)| number.is_none()) {
        let former = back.get_mut(text.as_str()).and_then(VecDeque::pop_front);
        let former = former.filter(|number| !given.contains(number));
        *number = former.or_else(|| unused(&used));
        given.extend(*number);
        used.extend(*number);
    }
    numbers
}

/// Returns `before` with the texts of `after`, so that a text that was edited in place keeps its
/// number; `None` if it does so anyway.
#[must_use]
pub fn reword(before: &[Numbered], after: &[Numbered]) -> Option<Vec<Numbered>> {
    let texts: Vec<String> = after.iter().map(|(_, text)| text.clone()).collect();
    let former: Vec<&str> = before.iter().map(|(_, text)| text.as_str()).collect();
    let mut reworded = before.to_vec();
    for (at, (number, text)) in pair_in_place(&texts, &former).into_iter().zip(after) {
        if let Some((_, former)) = at.map(|at| &mut reworded[at]).filter(|it| it.0 != *number) {
            former.clone_from(text);
        }
    }
    (reworded != before).then_some(reworded)
}

/// Returns the number after the last one that was used, or, after the end, one that was left out.
fn unused(used: &BTreeSet<u16>) -> Option<u16> {
    let next = used.last().map_or(1, |last| last.saturating_add(1));
    if next <= LAST { Some(next) } else { (1..=LAST).find(|number| !used.contains(number)) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{assign, reword};

    #[test]
    fn numbers_stay_with_their_texts() {
        let check = |texts: &[&str], old: &[(u16, &str)], gone: &[(u16, &str)], expect: &[u16]| {
            let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
            let own = |list: &[(u16, &str)]| {
                list.iter().map(|(n, text)| (*n, (*text).to_owned())).collect::<Vec<_>>()
            };
            let numbers = assign(&texts, &own(old), &own(gone), &BTreeSet::new());
            let expect: Vec<_> = expect.iter().copied().map(Some).collect();
            assert_eq!(numbers, expect, "{texts:?}");
        };
        let old = [(1, "a cat"), (2, "the dog"), (3, "some bird")];
        check(&["a", "b"], &[], &[], &[1, 2]);
        check(&["new", "a cat", "the dog", "some bird"], &old, &[], &[4, 1, 2, 3]);
        check(&["some bird", "a cat", "the dog"], &old, &[], &[3, 1, 2]);
        check(&["a cat", "the dogs", "some bird"], &old, &[], &[1, 2, 3]);
        check(&["a cat", "entirely else", "some bird"], &old, &[], &[1, 4, 3]);
        check(&["a cat", "some bird"], &old, &[], &[1, 3]);
        check(&["a cat", "x", "y", "some bird"], &old, &[], &[1, 4, 5, 3]);
        check(&["a cat", "the dog", "z"], &[(1, "a cat")], &[(2, "the dog")], &[1, 2, 3]);
        check(&["same", "same"], &[(7, "same"), (9, "same")], &[], &[7, 9]);
        check(&["a", "b"], &[(499, "z")], &[], &[1, 2]);
    }

    #[test]
    fn an_edit_in_place_keeps_the_number() {
        let own = |list: &[(u16, &str)]| {
            list.iter().map(|(n, text)| (*n, (*text).to_owned())).collect::<Vec<_>>()
        };
        let check = |before: &[(u16, &str)], after: &[&str], expect: &[u16]| {
            let after: Vec<String> = after.iter().map(ToString::to_string).collect();
            let number = |before: &[(u16, String)]| {
                assign(&after, before, &[], &BTreeSet::new()).into_iter().flatten()
            };
            let numbered = number(&own(before)).zip(after.iter().cloned()).collect::<Vec<_>>();
            let reworded = reword(&own(before), &numbered).unwrap_or_else(|| own(before));
            assert_eq!(number(&reworded).collect::<Vec<_>>(), expect, "{after:?}");
        };
        let before = [(1, "Speed"), (4, "Memory"), (2, "Cost")];
        check(&before, &["Speed", "Memory", "Cost"], &[1, 4, 2]);
        check(&before, &["Pace", "Memory", "Cost"], &[1, 4, 2]);
        check(&before, &["Pace", "Room", "Price"], &[1, 4, 2]);
        check(&before, &["Memory", "Cost", "Latency"], &[4, 2, 5]);
        check(&before, &["New", "Speed", "Room", "Cost"], &[5, 1, 4, 2]);
    }

    #[test]
    fn a_number_that_is_taken_is_not_given() {
        let numbers = assign(&["x".to_owned()], &[], &[], &BTreeSet::from([1, 2, 5]));
        assert_eq!(numbers, [Some(6)]);
    }

    #[test]
    fn numbers_end() {
        let texts: Vec<String> = (0..501).map(|at| format!("point {at}")).collect();
        let numbers = assign(&texts, &[], &[], &BTreeSet::new());
        assert_eq!(numbers[498], Some(499));
        assert_eq!(numbers[499..], [None, None]);
        let gone: Vec<_> = (1..=499).zip(texts.iter().cloned()).collect();
        assert_eq!(assign(&["new".to_owned()], &[], &gone, &BTreeSet::new()), [None]);
        assert_eq!(assign(&texts[4..5], &[], &gone, &BTreeSet::new()), [Some(5)]);
    }
}
