//! What speaks for and against a question being one of the lock, in nats.
//!
//! A nat more makes it e times as likely. Each part of a card speaks for itself, and the parts are
//! added up:
//!
//! ```text
//! What is the capital of France?  Paris.
//! What is the capital of Spain?   Madrid.    the stock phrase is everywhere: 0.1; both facts are replaced: -8
//! What is an inode?               It holds …
//! What is an inode, and why?      It holds … the rare word stayed: 5; words were only added: -0.3; same answer: 5
//! ```

use super::forms::is_form_of;
use super::rarity::{Card, Feature, Part, Rarity, Wholes, from_count, word};
use super::sketch::{Sketch, short};
use super::words::{Word, mix, words};

/// How the words that both have, only the old one has and only the new one has count.
mod weight {
    /// What was *replaced* speaks against: two cards of one form differ in just such words. A
    /// little more than what stayed, since a card that became another keeps more of its form than
    /// an edited one loses.
    pub(super) const REPLACED: f64 = 1.2;
    /// What only grew or shrank hardly does: authors add to their questions, and split them.
    pub(super) const GROWN: f64 = 0.1;
    /// No part says more against than this: an answer can be written anew, or a heading, if all
    /// else speaks for it.
    pub(super) const LEAST: f64 = -4.5;
    /// Another form of a word, or one with a slip mended, says so much of what the word does.
    pub(super) const FORM: f64 = 0.5;
    /// Growth alone never says more against than this.
    pub(super) const GROWN_MOST: f64 = 1.5;
    /// A text of several words that is the same to the last one says more than one that is nearly
    /// so: of several drafts of a text, each is its own.
    pub(super) const EXACT: f64 = 1.0;
    /// A text that no other card has says all that its words do, up to this: nobody writes the same
    /// words twice by chance, also in a bank so small that none of them is rare.
    pub(super) const UNIQUE_MOST: f64 = 9.0;
    /// What one or two words are alone says no more than this: years and places stand on many
    /// cards.
    pub(super) const SHORT_MOST: f64 = 5.0;
    /// So many words of a longer text are enough to tell what it is like; of fewer, chance has a
    /// part.
    pub(super) const SAMPLE: usize = 8;
    /// Of sketches that older versions drew, what all of their word pairs say if both have them.
    pub(super) const PAIRS: f64 = 12.0;
    /// And if they do not. A share of word pairs is lower than that of words, so this is less.
    pub(super) const OTHER_PAIRS: f64 = 5.0;
}

/// From here on a word is rare enough to be what a question is about: one card in eight has it.
pub(super) const RARE: f64 = 2.1;

/// More than this of a heading must not have been replaced where the same answer speaks for itself.
pub(super) const SLIGHT: f64 = 0.7;

/// So many of the rarest words of each part lead to other cards.
const MOST_LEADS: usize = 5;

/// If no more than this share of what two cards have in common is in one of them alone, the other
/// one holds it.
const LITTLE: f64 = 0.15;

/// A text whose words are weighed.
#[derive(Debug)]
struct Weighed<'t> {
    /// The whole of it; `None` if it is empty.
    whole: Option<Feature>,
    /// What the whole of it says.
    says: f64,
    /// Each word once, in the order of the features.
    words: Vec<Weight<'t>>,
}

/// A word with its weight in nats, and as it is written.
type Weight<'t> = (Feature, f64, &'t str);

/// A card whose words are weighed.
#[derive(Debug)]
pub(super) struct Profile<'c> {
    pub(super) card: Card<'c>,
    question: Option<Feature>,
    heading: Weighed<'c>,
    below: Weighed<'c>,
    answer: Weighed<'c>,
    sample: Sample,
    /// A sample of all that stands below the heading, if that is more than the answer.
    rest: Option<Sample>,
    /// A key that is equal for cards with the same words in any order.
    pub(super) bag: Feature,
    /// Sketches of the answer as older locks drew them, to compare with theirs.
    older: &'c [Sketch],
}

impl<'c> Profile<'c> {
    pub(super) fn new(card: Card<'c>, older: &'c [Sketch], rarity: &Rarity) -> Self {
        let wholes = Wholes::of(&card);
        let features = |part, words: Vec<Word<'c>>| {
            words.into_iter().map(|found| (word(part, found.hash), found.text)).collect()
        };
        let heading = features(Part::Heading, words(without_number(card.heading)));
        let below = features(Part::Below, words(card.below));
        let answer = card.sketch.words().iter().map(|&hash| (word(Part::Answer, hash.into()), ""));
        let heading = weigh(wholes.heading, heading, rarity);
        let below = weigh(wholes.below, below, rarity);
        let answer = weigh(wholes.answer, answer.collect(), rarity);
        let words = [&heading, &below, &answer].into_iter().flat_map(|part| &part.words);
        Self {
            card,
            question: wholes.question,
            bag: words.fold(0, |bag, (feature, ..)| bag ^ mix(*feature)),
            heading,
            below,
            answer,
            sample: Sample::of_answer(&card, rarity),
            rest: (!card.below.is_empty()).then(|| Sample::of_rest(&card, rarity)),
            older,
        }
    }

    /// Returns what leads to other cards that may be the same: whole texts, then the rarest words.
    pub(super) fn leads(&self) -> Vec<Feature> {
        let parts = [&self.heading, &self.below, &self.answer];
        let mut words: Vec<(f64, Feature)> = Vec::new();
        for part in parts {
            let start = words.len();
            words.extend(part.words.iter().map(|(feature, weight, _)| (*weight, *feature)));
            words[start..].sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            words.truncate(start + MOST_LEADS);
        }
        words.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let wholes = parts.into_iter().filter_map(|part| part.whole);
        let words = words.into_iter().map(|(_, feature)| feature);
        wholes.chain(words).chain(self.combined()).collect()
    }

    /// Returns two words of a part at a time, of its rarest: where every word is common, they are
    /// not.
    fn combined(&self) -> Vec<Feature> {
        let mut combined = Vec::new();
        for part in [&self.heading, &self.below, &self.answer] {
            let mut words: Vec<(f64, Feature)> =
                part.words.iter().map(|(feature, weight, _)| (*weight, *feature)).collect();
            words.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            words.truncate(MOST_LEADS);
            for (at, (_, first)) in words.iter().enumerate() {
                let others = words[at + 1..]
                    .iter()
                    .map(|(_, second)| first.min(second).rotate_left(9) ^ first.max(second));
                combined.extend(others.map(mix));
            }
        }
        combined
    }

    /// Returns everything that a lead may be compared with.
    pub(super) fn features(&self) -> impl Iterator<Item = Feature> {
        let parts = [&self.heading, &self.below, &self.answer];
        parts
            .into_iter()
            .flat_map(|part| part.words.iter().map(|(feature, ..)| *feature).chain(part.whole))
            .chain(self.combined())
    }

    /// Returns a sample of all that stands below the heading.
    fn rest(&self) -> &Sample {
        self.rest.as_ref().unwrap_or(&self.sample)
    }

    /// Returns a key that is equal for cards that are copies of each other.
    pub(super) fn copy_key(&self) -> Feature {
        mix(self.question.unwrap_or(0) ^ self.answer.whole.unwrap_or(1).rotate_left(1))
    }
}

/// Returns a heading without the number that a list gave it, as in `12. What is a token?`: it
/// changes with every question put in above.
fn without_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = (rest.len() < text.len()).then(|| rest.strip_prefix(['.', ')', ':'])).flatten();
    let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with(' '));
    rest.map_or(text, str::trim_start)
}

fn weigh<'t>(
    whole: Option<Feature>,
    mut words: Vec<(Feature, &'t str)>,
    rarity: &Rarity,
) -> Weighed<'t> {
    words.sort_unstable_by_key(|(feature, _)| *feature);
    words.dedup_by_key(|(feature, _)| *feature);
    let words = words.into_iter().map(|(feature, text)| (feature, rarity.of(feature), text));
    let words: Vec<Weight<'_>> = words.collect();
    let says = whole.map_or(0.0, |whole| say(&words, whole, rarity));
    Weighed { whole, says, words }
}

/// What the words of two texts say.
#[derive(Clone, Debug)]
struct Words<'t> {
    shared: f64,
    /// That of each word which both have.
    weights: Vec<f64>,
    /// How much the texts can be relied upon to be like their samples, from 0 to 1.
    trust: f64,
    /// The rarest word that both have.
    rarest: f64,
    /// The rarest word that one of them has alone, of which the other has no form.
    rarest_alone: f64,
    old: f64,
    new: f64,
    only_old: Vec<(f64, &'t str)>,
    only_new: Vec<(f64, &'t str)>,
}

impl Words<'_> {
    fn nats(&self) -> f64 {
        let replaced = self.old.min(self.new);
        let grown = (weight::GROWN * (self.old - self.new).abs()).min(weight::GROWN_MOST);
        let nats = self.shared - weight::REPLACED * replaced - grown;
        let nats = if nats > 0.0 { nats * discount(&self.weights) / self.shared } else { nats };
        (nats * self.trust).max(weight::LEAST)
    }
}

/// Returns what several words say together, which is less than their sum, as the words of one text
/// depend on each other: the rarest counts whole, the next by half, the third by a third. It goes
/// on growing, or all long texts would be equally near.
fn discount(weights: &[f64]) -> f64 {
    let mut weights = weights.to_vec();
    weights.sort_unstable_by(|a, b| b.total_cmp(a));
    (1u32..).zip(weights).map(|(rank, weight)| weight / f64::from(rank)).sum()
}

/// What speaks for a pair.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Evidence {
    /// In the heading.
    pub(super) heading: f64,
    /// In the rest of what is asked.
    pub(super) below: f64,
    /// In answer and key points.
    pub(super) answer: f64,
    /// Whether both ask the same, and no other card does.
    pub(super) is_same_question: bool,
    /// Whether both have the same heading, and no other card does.
    pub(super) is_same_heading: bool,
    /// Whether what stands below the heading is the same, and no other card has it.
    pub(super) is_same_rest: bool,
    /// Whether both headings read the same.
    pub(super) reads_same: bool,
    /// How much of the old heading is gone.
    pub(super) gone: f64,
    /// The rarest word of a heading that was replaced by others, or that replaced others.
    pub(super) rarest_replaced: f64,
    /// How many different words below the heading both are known to have.
    pub(super) words_below: usize,
    /// How much of the rest of what is asked was replaced by other words.
    pub(super) replaced_below: f64,
    /// The rarest word that both headings have.
    pub(super) rarest: f64,
    /// Whether both headings have the same words.
    pub(super) has_same_words: bool,
    /// Whether all that the old one says is in the new one, as when two were joined.
    pub(super) holds_old: bool,
    /// Whether all that the new one says is in the old one, as when one was split.
    pub(super) is_held: bool,
}

impl Evidence {
    /// Returns the sum of what the words say.
    pub(super) fn nats(&self) -> f64 {
        self.heading + self.below + self.answer
    }
}

/// Weighs what two cards have in common against what differs.
pub(super) fn weigh_pair(new: &Profile<'_>, old: &Profile<'_>, rarity: &Rarity) -> Evidence {
    let is_unique = |feature: Option<Feature>| {
        feature.is_some_and(|feature| {
            rarity.is_in_at_most(if old.card.is_retired { 1 } else { 2 }, feature)
        })
    };
    let is_unique_rest =
        |feature: Option<Feature>| feature.is_some_and(|feature| rarity.is_in_at_most(2, feature));
    let mut headings = compare(&new.heading.words, &old.heading.words);
    forgive(&mut headings);
    let is_same = |new: &Weighed<'_>, old: &Weighed<'_>| new.whole == old.whole;
    let heading = part(&new.heading, &old.heading, &headings);
    let mut belows = compare(&new.below.words, &old.below.words);
    forgive(&mut belows);
    // Text that went from the answer into the question, or back, is still below the heading.
    let is_alike = new.below.whole.is_none() == old.below.whole.is_none();
    let rest = compare_samples(new.rest(), old.rest());
    let (below, answer) = if is_alike {
        (part(&new.below, &old.below, &belows), weigh_answers(new, old, &rest))
    } else {
        (0.0, rest.nats())
    };
    let shared = headings.shared + rest.shared;
    let is_little = |only: f64| only <= LITTLE * shared;
    Evidence {
        heading,
        below,
        answer,
        is_same_question: new.question == old.question && is_unique(new.question),
        is_same_heading: is_same(&new.heading, &old.heading)
            && is_unique(new.heading.whole)
            && !without_number(new.card.heading).is_empty(),
        is_same_rest: is_same(&new.below, &old.below)
            && is_same(&new.answer, &old.answer)
            && (is_unique_rest(new.answer.whole) || is_unique_rest(new.below.whole)),
        reads_same: is_same(&new.heading, &old.heading) && new.heading.whole.is_some(),
        gone: headings.old,
        rarest_replaced: if headings.old.min(headings.new) < SLIGHT {
            0.0
        } else {
            headings.rarest_alone
        },
        words_below: rest.weights.len(),
        replaced_below: if is_same(&new.below, &old.below) {
            0.0
        } else {
            belows.old.min(belows.new)
        },
        rarest: headings.rarest,
        holds_old: is_little(headings.old + rest.old),
        is_held: is_little(headings.new + rest.new),
        has_same_words: headings.rarest > 0.0
            && headings.only_old.is_empty()
            && headings.only_new.is_empty(),
    }
}

/// Returns what a part of two cards says.
fn part(new: &Weighed<'_>, old: &Weighed<'_>, words: &Words<'_>) -> f64 {
    match (new.whole, old.whole) {
        (None, None) => 0.0,
        (Some(a), Some(b)) if a == b => match new.words.len() {
            0..=2 => new.says.min(weight::SHORT_MOST),
            _ => new.says + weight::EXACT,
        },
        (a, b) => {
            // What is nearly a text says no more than the text itself.
            let most = |text: &Weighed<'_>, whole: Option<_>| whole.map_or(f64::MAX, |_| text.says);
            words.nats().min(most(new, a)).min(most(old, b))
        }
    }
}

/// Returns what a whole text says: if other cards have it too, no more than that they are few.
fn say(words: &[Weight<'_>], whole: Feature, rarity: &Rarity) -> f64 {
    let alone = rarity.of(whole);
    if !rarity.is_in_at_most(2, whole) {
        return alone;
    }
    let weights: Vec<f64> = words.iter().map(|(_, weight, _)| *weight).collect();
    let sum = weights.iter().sum::<f64>().min(weight::UNIQUE_MOST);
    alone.max(discount(&weights)).max(sum)
}

/// Returns what answer and key points of two cards say, with what the words of all that stands
/// below their headings do.
fn weigh_answers(new: &Profile<'_>, old: &Profile<'_>, rest: &Words<'_>) -> f64 {
    let is_same = new.answer.whole == old.answer.whole;
    if !is_same && old.answer.whole.is_some() && old.card.sketch.drawn() != new.card.sketch.drawn()
    {
        return weigh_older(new, old);
    }
    if new.rest.is_none() && old.rest.is_none() {
        return part(&new.answer, &old.answer, rest);
    }
    part(&new.answer, &old.answer, &compare_samples(&new.sample, &old.sample))
}

/// Returns what answers say of which an older lock has the sketch.
fn weigh_older(new: &Profile<'_>, old: &Profile<'_>) -> f64 {
    let shares = new.older.iter().filter_map(|sketch| sketch.share_of_pairs(old.card.sketch));
    let share = shares.fold(0.0, f64::max);
    let points = |card: &Card<'_>| card.answer.map(|[_, points]| points).filter(|it| *it != 0);
    let is_same = points(&new.card).is_some() && points(&new.card) == points(&old.card);
    let least = if is_same { 0.0 } else { weight::LEAST };
    (weight::PAIRS * share - weight::OTHER_PAIRS * (1.0 - share)).max(least)
}

/// A sample of words, each with its weight, and up to where it holds every one.
#[derive(Debug)]
struct Sample {
    words: Vec<Weight<'static>>,
    reach: u32,
}

impl Sample {
    /// Returns that of answer and key points.
    fn of_answer(card: &Card<'_>, rarity: &Rarity) -> Self {
        Self::new(card.sketch.words().to_vec(), card.sketch.reach(), rarity)
    }

    /// Returns that of all that stands below the heading.
    fn of_rest(card: &Card<'_>, rarity: &Rarity) -> Self {
        let mut words = card.sketch.words().to_vec();
        words.extend(super::words::words(card.below).iter().map(|word| short(word.hash)));
        words.sort_unstable();
        words.dedup();
        Self::new(words, card.sketch.reach(), rarity)
    }

    fn new(words: Vec<u32>, reach: u32, rarity: &Rarity) -> Self {
        let weigh = |hash: u32| (hash.into(), rarity.of(word(Part::Answer, hash.into())), "");
        Self { words: words.into_iter().map(weigh).collect(), reach }
    }
}

/// Compares two samples as far as both hold every word.
fn compare_samples(new: &Sample, old: &Sample) -> Words<'static> {
    let reach = u64::from(new.reach.min(old.reach));
    let within = |sample: &Sample| sample.words.partition_point(|(hash, ..)| *hash <= reach);
    let trust = |sample: &Sample, within: usize| {
        let is_whole = within == sample.words.len() && sample.reach == u32::MAX;
        let share = from_count(within.min(weight::SAMPLE)) / from_count(weight::SAMPLE);
        if is_whole { 1.0 } else { share }
    };
    let (in_new, in_old) = (within(new), within(old));
    let trust = trust(new, in_new).min(trust(old, in_old));
    Words { trust, ..compare(&new.words[..in_new], &old.words[..in_old]) }
}

/// Finds the words that both texts have, and those that only one of them has.
fn compare<'t>(new: &[Weight<'t>], old: &[Weight<'t>]) -> Words<'t> {
    let mut found = Words {
        shared: 0.0,
        weights: Vec::with_capacity(new.len()),
        trust: 1.0,
        rarest: 0.0,
        rarest_alone: 0.0,
        old: 0.0,
        new: 0.0,
        only_old: Vec::new(),
        only_new: Vec::new(),
    };
    // Of a sample, no text is known.
    let keep = |words: &mut Vec<(f64, &'t str)>, weight, text: &'t str| {
        if !text.is_empty() {
            words.push((weight, text));
        }
    };
    let mut olds = old.iter().peekable();
    let only_old = |found: &mut Words<'t>, &(_, weight, text): &Weight<'t>| {
        found.old += weight;
        keep(&mut found.only_old, weight, text);
    };
    for &(feature, weight, text) in new {
        while let Some(word) = olds.next_if(|(known, ..)| *known < feature) {
            only_old(&mut found, word);
        }
        if olds.next_if(|(known, ..)| *known == feature).is_some() {
            found.shared += weight;
            found.weights.push(weight);
            found.rarest = found.rarest.max(weight);
        } else {
            found.new += weight;
            keep(&mut found.only_new, weight, text);
        }
    }
    olds.for_each(|word| only_old(&mut found, word));
    found
}

/// How many words of each side are looked at for other forms of the same.
const MOST_FORMS: usize = 8;

/// Takes other forms of the same word, and mended slips, out of what was replaced.
fn forgive(words: &mut Words<'_>) {
    let mut free: Vec<&(f64, &str)> = words.only_old.iter().collect();
    let is_few = words.only_old.len() <= MOST_FORMS && words.only_new.len() <= MOST_FORMS;
    for (weight, text) in &words.only_new {
        let form = if is_few { free.iter().position(|it| is_form_of(text, it.1)) } else { None };
        if let Some(at) = form {
            let other = free.remove(at).0;
            words.new -= weight;
            words.old -= other;
            let shared = weight::FORM * weight.min(other);
            words.shared += shared;
            words.weights.push(shared);
            words.rarest = words.rarest.max(shared);
        } else {
            words.rarest_alone = words.rarest_alone.max(*weight);
        }
    }
    words.rarest_alone = free.iter().map(|it| it.0).fold(words.rarest_alone, f64::max);
}
