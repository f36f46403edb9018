//! Which gap or key point of before is which of today.
//!
//! Words are weighed by how rare they are in the old and new texts of the note, as those of
//! questions are in the bank: what both have speaks for a pair, what was *replaced* against it, and
//! what only grew or shrank hardly at all. A note is too small to show that `the` is in every text;
//! so short words weigh less as well. A new card costs a learner some reviews; another fact
//! under the reviews of an old one costs the trust in all of them. So what is not clear is new.

use std::collections::{BTreeMap, VecDeque};

use super::forms::{Forms, find_forms};
use super::rarity::from_count;
use super::words::{self, words};

/// What was replaced counts this much against a pair.
const REPLACED: f64 = 4.0;
/// The same for the only text that was edited between two that stayed.
const REPLACED_ALONE: f64 = 2.0;
/// What only grew or shrank counts this much against a pair.
const GROWN: f64 = 0.1;
/// A pair needs this much: a word that no other text has.
const LEAST: f64 = 1.0;
/// The same for the only text that was edited between two that stayed.
const LEAST_ALONE: f64 = 0.3;
/// A pair needs this much more than any other of the same texts.
const AHEAD: f64 = 0.5;
/// Words of this many letters weigh all that their rarity says, shorter ones less.
const LONG: usize = 5;
/// Added to the texts that are counted, as if so many more were known.
const PRIOR: f64 = 4.0;

/// Returns for each of today's texts which of the old ones it is.
pub(super) fn pair(texts: &[String], old: &[&str]) -> Vec<Option<usize>> {
    let mut of = pair_equal(texts, old);
    let mut is_free = vec![true; old.len()];
    of.iter().flatten().for_each(|&at| is_free[at] = false);
    let alone = alone(&of, &is_free);
    let rarity = count(texts.iter().map(String::as_str).chain(old.iter().copied()));
    let weighed_old: Vec<_> = old.iter().map(|text| Weighed::new(text, &rarity)).collect();
    let edited = texts.iter().zip(&of).filter(|(_, of)| of.is_none());
    let left = old.iter().zip(&is_free).filter(|(_, is_free)| **is_free);
    let forms = find_forms(
        edited.flat_map(|(text, _)| words(text)),
        left.flat_map(|(text, _)| words(text)),
    );
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for new in (0..texts.len()).filter(|&new| of[new].is_none()) {
        let weighed = Weighed::new(&texts[new], &rarity);
        for at in (0..old.len()).filter(|&at| is_free[at]) {
            let is_alone = alone[new] == Some(at);
            let nats = weighed.compare(&weighed_old[at], &forms, is_alone);
            pairs.extend(nats.map(|nats| (nats, new, at)));
        }
    }
    // The two best of each text, to see which pairs have no rival.
    let mut news = vec![[f64::NEG_INFINITY; 2]; texts.len()];
    let mut olds = vec![[f64::NEG_INFINITY; 2]; old.len()];
    for &(nats, new, at) in &pairs {
        push_best(&mut news[new], nats);
        push_best(&mut olds[at], nats);
    }
    let is_clear = |[best, second]: [f64; 2], nats: f64| nats >= best && nats >= second + AHEAD;
    for (nats, new, at) in pairs {
        if is_clear(news[new], nats) && is_clear(olds[at], nats) {
            of[new] = Some(at);
        }
    }
    of
}

/// Returns the same for texts that were edited in place: what stands where others stood, between the
/// same neighbours, is these in other words, if they are as many.
pub(super) fn pair_in_place(texts: &[String], old: &[&str]) -> Vec<Option<usize>> {
    let mut of = pair(texts, old);
    let mut is_free = vec![true; old.len()];
    of.iter().flatten().for_each(|&at| is_free[at] = false);
    let mut new = 0;
    while new < of.len() {
        let end = (new..of.len()).find(|&at| of[at].is_some()).unwrap_or(of.len());
        let from = new.checked_sub(1).map_or(Some(0), |at| of[at].map(|old| old + 1));
        let to = of.get(end).map_or(Some(old.len()), |at| *at);
        if let Some((from, to)) = from.zip(to)
            && to.checked_sub(from) == Some(end - new)
            && is_free[from..to].iter().all(|is_free| *is_free)
        {
            (new..end).zip(from..to).for_each(|(new, old)| of[new] = Some(old));
        }
        new = end + 1;
    }
    of
}

/// Pairs equal texts, in order.
fn pair_equal(texts: &[String], old: &[&str]) -> Vec<Option<usize>> {
    let mut places: BTreeMap<&str, VecDeque<usize>> = BTreeMap::new();
    for (at, text) in old.iter().enumerate() {
        places.entry(text).or_default().push_back(at);
    }
    texts.iter().map(|text| places.get_mut(text.as_str())?.pop_front()).collect()
}

/// Returns for each text that is the only new one between two that stayed which old one is the only
/// one that is no longer there between the same two.
fn alone(of: &[Option<usize>], is_free: &[bool]) -> Vec<Option<usize>> {
    let only = |new: usize| {
        if of[new].is_some() {
            return None;
        }
        let from = if new == 0 { 0 } else { of[new - 1]? + 1 };
        let to = if new + 1 == of.len() { is_free.len() } else { of[new + 1]? };
        (to == from + 1 && is_free[from]).then_some(from)
    };
    (0..of.len()).map(only).collect()
}

fn push_best(best: &mut [f64; 2], nats: f64) {
    if nats > best[0] {
        *best = [nats, best[0]];
    } else {
        best[1] = best[1].max(nats);
    }
}

/// Returns how rare each word is, in nats.
fn count<'t>(texts: impl Iterator<Item = &'t str>) -> BTreeMap<u64, f64> {
    let mut counts: BTreeMap<u64, u32> = BTreeMap::new();
    let mut total = 0_u32;
    for text in texts {
        total += 1;
        let mut hashes: Vec<u64> = words(text).iter().map(|word| word.hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        for hash in hashes {
            *counts.entry(hash).or_default() += 1;
        }
    }
    let of = |count: u32| ((f64::from(total) + PRIOR) / f64::from(count.max(2))).ln();
    counts.into_iter().map(|(hash, count)| (hash, of(count))).collect()
}

/// A word, by its hash, with its weight.
type Word<'t> = (u64, f64, &'t str);

/// A text whose words are weighed.
struct Weighed<'t> {
    /// Each word once, in the order of the hashes.
    words: Vec<Word<'t>>,
    /// The numbers and signs, in their order.
    exact: Vec<&'t str>,
}

impl<'t> Weighed<'t> {
    fn new(text: &'t str, rarity: &BTreeMap<u64, f64>) -> Self {
        let found = words(text);
        let is_exact = |word: &&str| !word.chars().all(char::is_alphabetic);
        let exact = found.iter().map(|word| word.text).filter(is_exact).collect();
        let weigh = |at: usize, word: &words::Word<'_>| {
            // In the middle of a text, capitals write names: `vitamin A`.
            let is_name = at > 0 && word.text.chars().any(char::is_uppercase);
            let letters = if is_name { LONG } else { word.text.chars().take(LONG).count() };
            rarity[&word.hash] * from_count(letters) / from_count(LONG)
        };
        let each = found.iter().enumerate();
        let mut words: Vec<_> =
            each.map(|(at, word)| (word.hash, weigh(at, word), word.text)).collect();
        words.sort_unstable_by_key(|(hash, ..)| *hash);
        words.dedup_by_key(|(hash, ..)| *hash);
        Self { words, exact }
    }

    /// Returns what speaks for two texts being one that was reworded, if it is enough.
    ///
    /// `10 mg` and `100 mg`, `C` and `C++` are different facts whatever else is the same.
    fn compare(&self, old: &Self, forms: &Forms, is_alone: bool) -> Option<f64> {
        if self.exact != old.exact {
            return None;
        }
        let has =
            |words: &[Word<'_>], hash| words.binary_search_by_key(&hash, |word| word.0).is_ok();
        let (both, mut only_new): (Vec<&Word<'_>>, Vec<&Word<'_>>) =
            self.words.iter().partition(|word| has(&old.words, word.0));
        let mut only_old: Vec<_> =
            old.words.iter().filter(|word| !has(&self.words, word.0)).collect();
        let mut shared: f64 = both.iter().map(|word| word.1).sum();
        only_new.retain(|new| {
            for form in forms.get(&new.0).into_iter().flatten() {
                if let Some(at) = only_old.iter().position(|old| old.0 == form.hash) {
                    only_old.remove(at);
                    shared += if form.is_slip { new.1 } else { 0.0 };
                    return false;
                }
            }
            true
        });
        let (replaced, grown) = replaced_and_grown(&weights(&only_new), &weights(&only_old));
        let (against, least) =
            if is_alone { (REPLACED_ALONE, LEAST_ALONE) } else { (REPLACED, LEAST) };
        let nats = shared - against * replaced - GROWN * grown;
        (nats >= least).then_some(nats)
    }
}

/// Returns the weights of words, the heaviest first.
fn weights(words: &[&Word<'_>]) -> Vec<f64> {
    let mut weights: Vec<f64> = words.iter().map(|word| word.1).collect();
    weights.sort_by(|a, b| b.total_cmp(a));
    weights
}

/// Returns how much was replaced, a word for a word, of which the heavier one counts, and how much
/// was only added or taken out.
fn replaced_and_grown(new: &[f64], old: &[f64]) -> (f64, f64) {
    let replaced = new.iter().zip(old).map(|(new, old)| new.max(*old)).sum();
    let both = new.len().min(old.len());
    (replaced, new[both..].iter().chain(&old[both..]).sum())
}

#[cfg(test)]
mod tests {
    use super::{pair, pair_in_place};

    #[test]
    fn texts_edited_in_place_are_paired_by_it() {
        let check = |texts: &[&str], old: &[&str], expect: &[Option<usize>]| {
            let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
            assert_eq!(pair_in_place(&texts, old), expect, "{texts:?}");
        };
        check(&["Speed", "Room"], &["Speed", "Memory"], &[Some(0), Some(1)]);
        check(&["Pace", "Room"], &["Speed", "Memory"], &[Some(0), Some(1)]);
        check(
            &["a", "Pace", "Room", "b"],
            &["a", "Speed", "Memory", "b"],
            &[Some(0), Some(1), Some(2), Some(3)],
        );
        check(&["Memory", "Latency"], &["Speed", "Memory"], &[Some(1), None]);
        check(&["Pace", "Room", "Memory"], &["Speed", "Memory"], &[None, None, Some(1)]);
        check(&["b", "x", "a"], &["a", "y", "b"], &[Some(2), None, Some(0)]);
        check(&[], &["a"], &[]);
        check(&["a"], &[], &[None]);
    }

    fn paired(texts: &[&str], old: &[&str]) -> Vec<Option<usize>> {
        let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
        pair(&texts, old)
    }

    /// Texts that are one, in other words.
    const SAME: &[(&str, &str)] = &[
        ("exactly one owner", "each value has exactly one owner"),
        ("the front end", "front end"),
        ("the front end", "a front end"),
        ("Serivce", "Service"),
        ("recieves the packets", "receives the packets"),
        ("the dog", "the dogs"),
        ("index", "indexes"),
        ("occurence", "occurrence"),
        ("commited", "committed"),
        ("thier own heap", "their own heap"),
        ("Paris", "paris"),
        ("Paris", "Paris."),
        ("mutex", "a mutex"),
        ("mitochondrion", "the mitochondrion"),
        ("compile", "compiled"),
        ("class", "classes"),
        ("moves are free", "moves are free, copies are not"),
        ("it borrows the value, and never owns it", "it borrows the value and never owns it."),
        ("the optimizer removes dead code", "the optimizer removes the dead code"),
        ("no garbage collector runs", "no garbage collector ever runs"),
        ("10 mg", "10 mg daily"),
        (
            "memory is freed when the owner goes out of scope",
            "memory is freed as soon as the owner goes out of scope",
        ),
        ("a process has its own address space", "every process has its own address space"),
        ("threads share the heap of their process", "threads share the heap of the process"),
        ("enviroment variables of the shell", "environment variables of the shell"),
        ("definately safe across threads", "definitely safe across all threads"),
        ("lowers blood pressure", "lowers the blood pressure quickly"),
        ("注意力机制", "注意力机制的计算"),
        ("x²", "x² "),
        ("C++", "C++,"),
        (
            "stores keys and values of earlier tokens",
            "stores the keys and values of all earlier tokens",
        ),
    ];

    /// Texts that are different facts.
    const OTHER: &[(&str, &str)] = &[
        ("Paris", "Rome"),
        ("afferent", "efferent"),
        ("10 mg", "100 mg"),
        ("x²", "x³"),
        ("C++", "C#"),
        ("C", "C++"),
        ("mitosis", "meiosis"),
        ("abduction", "adduction"),
        ("the front end", "the back end"),
        ("red blood cells", "white blood cells"),
        ("10 mg every six hours", "100 mg every six hours"),
        ("vitamin A", "vitamin B"),
        ("true", "false"),
        ("yes", "no"),
        ("valid", "invalid"),
        ("hypertonic", "hypotonic"),
        ("nitrate", "nitrite"),
        ("ileum", "ilium"),
        ("glucagon", "glycogen"),
        ("ligase", "lipase"),
        ("sulfur", "sulfuric"),
        ("form", "formal"),
        ("O(n)", "O(n²)"),
        ("a stack", "a queue"),
        ("TCP", "UDP"),
        ("1914", "1918"),
        ("--force", "--hard"),
        ("see", "seed"),
        ("one thread", "two threads"),
        ("old mutex", "new mutex"),
        ("one lock", "two locks"),
        ("cat food", "dog food"),
        ("left ventricle", "right ventricle"),
        ("the client sends", "the server sends"),
        ("&&", "||"),
        ("left atrium", "right atrium"),
        ("entscheiden", "entschuldigen"),
        ("der Hund", "die Katze"),
        ("port 80", "port 443"),
        ("US", "UK"),
        ("a cat", "entirely else"),
        ("no garbage collector", "moves are free"),
        ("x += 1", "x -= 1"),
        ("prostate", "prostrate"),
        ("write", "writer"),
    ];

    #[test]
    fn reworded_texts_are_told_from_others() {
        let wrong: Vec<_> =
            OTHER.iter().filter(|(old, new)| paired(&[new], &[old]) != [None]).collect();
        let lost: Vec<_> =
            SAME.iter().filter(|(old, new)| paired(&[new], &[old]) != [Some(0)]).collect();
        assert!(wrong.is_empty() && lost.is_empty(), "wrong: {wrong:#?}, lost: {lost:#?}");
    }

    #[test]
    fn equal_texts_pair_in_order() {
        assert_eq!(paired(&["same", "new", "same"], &["same", "same"]), [Some(0), None, Some(1)]);
        assert_eq!(paired(&["b", "a"], &["a", "b"]), [Some(1), Some(0)]);
    }

    #[test]
    fn what_fits_two_is_new() {
        assert_eq!(paired(&["blood cell"], &["red blood cell", "white blood cell"]), [None]);
    }
}
