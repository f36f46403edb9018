//! Which questions of a bank say nearly the same.
//!
//! Two are compared only if they share a word that few others have: of words that
//! many have, there would be as many pairs as questions squared.

use rayon::prelude::*;

use super::rarity::from_count;
use super::sketch::{Sketch, short};
use super::words::{mix, words};

/// What of a question is compared.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// What it asks, without markup.
    pub question: &'t str,
    /// What its answer is like.
    pub answer: &'t Sketch,
}

/// A word that so many questions have says nothing of any of them.
const FREQUENT: usize = 40;

/// How many of its rarest words are looked up for a question.
const TRIED: usize = 6;

/// The least share of words that two questions have in common that are alike.
const LEAST: f64 = 0.8;

/// The least of it in each part.
const LEAST_IN_PART: f64 = 0.5;

/// The words of a question and those that are kept of its answer, each in order.
struct Words {
    question: Vec<u32>,
    answer: Vec<u32>,
    /// Up to where those of the answer are all there.
    reach: u32,
}

/// Returns the pairs of questions that are alike, by their places, with the share of their words
/// that is the same; sorted.
#[must_use]
pub fn alike(texts: &[Text<'_>]) -> Vec<(usize, usize, f64)> {
    let words: Vec<Words> = texts.par_iter().map(words_of).collect();
    let mut places: Vec<(u64, usize)> = Vec::new();
    for (at, words) in words.iter().enumerate() {
        places.extend(features(words).map(|feature| (feature, at)));
    }
    places.par_sort_unstable();
    let mut rare: Vec<(usize, usize, u64)> = Vec::new();
    for group in places.chunk_by(|one, other| one.0 == other.0) {
        if (2..=FREQUENT).contains(&group.len()) {
            rare.extend(group.iter().map(|&(feature, at)| (at, group.len(), feature)));
        }
    }
    rare.par_sort_unstable();
    let tried = rare.chunk_by(|one, other| one.0 == other.0);
    let mut tried: Vec<(u64, usize)> = tried
        .flat_map(|group| group.iter().take(TRIED).map(|&(at, _, feature)| (feature, at)))
        .collect();
    tried.par_sort_unstable();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for group in tried.chunk_by(|one, other| one.0 == other.0) {
        for (nth, &(_, one)) in group.iter().enumerate() {
            pairs.extend(group[nth + 1..].iter().map(|&(_, other)| (one, other)));
        }
    }
    pairs.par_sort_unstable();
    pairs.dedup();
    let share =
        |(one, other): (usize, usize)| Some((one, other, similarity(&words[one], &words[other])?));
    pairs.into_par_iter().filter_map(share).collect()
}

/// Returns how many words a text has.
#[must_use]
pub fn count_words(text: &str) -> usize {
    words(text).len()
}

fn words_of(text: &Text<'_>) -> Words {
    let mut question: Vec<u32> = words(text.question).iter().map(|word| short(word.hash)).collect();
    question.sort_unstable();
    question.dedup();
    Words { question, answer: text.answer.words().to_vec(), reach: text.answer.reach() }
}

/// The words of a question, those of its answer as other words.
fn features(words: &Words) -> impl Iterator<Item = u64> {
    let question = words.question.iter().map(|&word| u64::from(word));
    let answer = words.answer.iter().map(|&word| mix(u64::from(word)) | 1 << 63);
    question.chain(answer)
}

/// Returns the share of words that two questions have in common, if they are alike.
fn similarity(one: &Words, other: &Words) -> Option<f64> {
    let question = common(&one.question, &other.question, u32::MAX);
    let answer = common(&one.answer, &other.answer, one.reach.min(other.reach));
    let share = |(both, all): (usize, usize)| from_count(both) / from_count(all.max(1));
    let total = share((question.0 + answer.0, question.1 + answer.1));
    let is_alike = |part: (usize, usize)| part.1 == 0 || share(part) >= LEAST_IN_PART;
    (total >= LEAST && is_alike(question) && is_alike(answer)).then_some(total)
}

/// Returns how many words up to a limit are in both of two lists, and how many there are.
fn common(one: &[u32], other: &[u32], limit: u32) -> (usize, usize) {
    let [one, other] =
        [one, other].map(|words| &words[..words.partition_point(|word| *word <= limit)]);
    let both = one.iter().filter(|word| other.binary_search(word).is_ok()).count();
    (both, one.len() + other.len() - both)
}

#[cfg(test)]
mod tests {
    use super::{Text, alike};
    use crate::identity::sketch::{Sketch, SketchVersion};

    #[test]
    fn what_says_nearly_the_same_is_found() {
        let check = |cards: &[(&str, &str)], expect: &[(usize, usize)]| {
            let sketches: Vec<Sketch> = cards
                .iter()
                .map(|(_, answer)| Sketch::of(answer, SketchVersion::default()))
                .collect();
            let texts = cards.iter().zip(&sketches);
            let texts: Vec<Text<'_>> =
                texts.map(|((question, _), answer)| Text { question, answer }).collect();
            let found: Vec<_> = alike(&texts).iter().map(|&(a, b, _)| (a, b)).collect();
            assert_eq!(found, expect, "{cards:?}");
        };
        let tree = "A tree in which each node is at most as large as those below it.";
        check(&[("What is a heap?", tree), ("So what is a heap?", tree)], &[(0, 1)]);
        check(&[("What is a heap?", tree), ("What is a trie?", "A tree of letters.")], &[]);
        let capital = |of| format!("What is the capital city of the country of {of} today?");
        let (spain, france) = (capital("Spain"), capital("France"));
        check(&[(&spain, "Madrid"), (&france, "Paris")], &[]);
        check(&[("Is it true?", "Yes"), ("Is that false?", "Yes")], &[]);
    }
}
