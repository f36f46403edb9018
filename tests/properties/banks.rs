//! Banks of short cards that look alike, and how they are edited, version after version.
//!
//! A card is about a [`Fact`], and every heading names its fact by two key words that no other fact
//! has both of. Cards about different facts are different cards, however alike they read; those
//! about the same are one card and its copies. A light edit puts a filler, a word that no fact has,
//! into the heading, or writes the answer anew, and leaves the card the one that it was.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// The key words of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fact(&'static str, &'static str);

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) fact: Fact,
    /// All that it asks: the heading and, in some banks, a line of code below it.
    pub(crate) asks: String,
    pub(crate) answer: &'static str,
}

impl Card {
    /// Returns what it asks in its first line.
    pub(crate) fn heading(&self) -> &str {
        self.asks.lines().next().unwrap_or_default()
    }
}

/// What is done to the card at a place.
#[derive(Clone, Debug)]
enum Edit {
    Keep,
    Delete,
    /// Another card stands there from now on.
    Replace(Fact, &'static str),
    /// A new card is put before it.
    Insert(Fact, &'static str),
    /// A filler is put into the heading, behind so many words.
    Reword(usize, &'static str),
    Answer(&'static str),
    RewordAndAnswer(usize, &'static str, &'static str),
    /// A copy of it follows.
    Copy,
    /// It becomes the first.
    Move,
}

/// How all headings of a bank read; `#` and `@` stand for the key words.
const FORMS: &[&str] = &[
    "# @",
    "Is # the same as @?",
    "What is the # of @?",
    "What does it print?\n\n`#(@)`",
    "Which holds for # and @?\n\n- [ ] always\n- [x] never",
];

/// First key words: some differ in a letter or a sign.
const FIRST: &[&str] =
    &["afferent", "efferent", "C++", "C#", "x²", "x³", "7", "8", "слово", "слава"];
const SECOND: &[&str] = &["nerve", "nerves", "Oslo", "Riga", "&&", "|", "日", "月", "10", "100"];

const FILLERS: &[&str] = &["exactly", "today", "again", "roughly", "(adj.)", "ещё"];

/// Few enough that many cards share one.
const ANSWERS: &[&str] = &[
    "Yes.",
    "No.",
    "42",
    "brick",
    "bricks",
    "See the table in the fourth chapter of the course book.",
    "It keeps the balance between what comes in and what goes out, until one of them stops.",
    "It keeps the balance between what comes in and what goes out, unless someone stops it.",
    "Nobody knows.",
    "木",
];

/// Makes the versions of a bank, the first one as it is written, each other one edited.
pub(crate) fn history() -> impl Strategy<Value = Vec<Vec<Card>>> {
    let cards = vec((fact(), select(ANSWERS)), 2..14);
    let steps = vec(vec(edit(), 14), 1..4);
    (select(FORMS), cards, steps).prop_map(|(form, cards, steps)| {
        let first = cards.into_iter().map(|(fact, answer)| card(form, fact, answer)).collect();
        let mut versions: Vec<Vec<Card>> = vec![first];
        for edits in steps {
            let before = versions.last().map_or(&[][..], Vec::as_slice);
            versions.push(apply(form, before, &edits));
        }
        versions
    })
}

/// Returns the file of a bank.
pub(crate) fn page(cards: &[Card]) -> String {
    let source = |card: &Card| format!("### Q: {}\n\n**Answer:** {}\n\n", card.asks, card.answer);
    format!("# Library\n\n{}", cards.iter().map(source).collect::<String>())
}

fn fact() -> impl Strategy<Value = Fact> {
    (select(FIRST), select(SECOND)).prop_map(|(first, second)| Fact(first, second))
}

fn edit() -> impl Strategy<Value = Edit> {
    let (place, filler, answer) = (0..6_usize, select(FILLERS), select(ANSWERS));
    prop_oneof![
        6 => Just(Edit::Keep),
        1 => Just(Edit::Delete),
        2 => (fact(), answer.clone()).prop_map(|(fact, answer)| Edit::Replace(fact, answer)),
        1 => (fact(), answer.clone()).prop_map(|(fact, answer)| Edit::Insert(fact, answer)),
        2 => (place.clone(), filler.clone()).prop_map(|(at, word)| Edit::Reword(at, word)),
        1 => answer.clone().prop_map(Edit::Answer),
        1 => (place, filler, answer)
            .prop_map(|(at, word, answer)| Edit::RewordAndAnswer(at, word, answer)),
        1 => Just(Edit::Copy),
        1 => Just(Edit::Move),
    ]
}

fn card(form: &str, fact: Fact, answer: &'static str) -> Card {
    Card { fact, asks: form.replacen('@', fact.1, 1).replacen('#', fact.0, 1), answer }
}

fn apply(form: &str, before: &[Card], edits: &[Edit]) -> Vec<Card> {
    let mut after = Vec::new();
    for (old, edit) in before.iter().zip(edits.iter().cycle()) {
        match edit {
            Edit::Keep => after.push(old.clone()),
            Edit::Delete => {}
            Edit::Replace(fact, answer) => after.push(card(form, *fact, answer)),
            Edit::Insert(fact, answer) => {
                after.extend([card(form, *fact, answer), old.clone()]);
            }
            Edit::Reword(at, word) => {
                after.push(Card { asks: fill(&old.asks, *at, word), ..old.clone() });
            }
            Edit::Answer(answer) => after.push(Card { answer, ..old.clone() }),
            Edit::RewordAndAnswer(at, word, answer) => {
                after.push(Card { asks: fill(&old.asks, *at, word), answer, fact: old.fact });
            }
            Edit::Copy => after.extend([old.clone(), old.clone()]),
            Edit::Move => after.insert(0, old.clone()),
        }
    }
    after
}

/// Puts a word into the first line of a text, behind `at` words or at its end.
fn fill(text: &str, at: usize, word: &str) -> String {
    let (heading, below) = text.split_at(text.find('\n').unwrap_or(text.len()));
    let mut words: Vec<&str> = heading.split(' ').collect();
    words.insert(at.min(words.len()), word);
    words.join(" ") + below
}
