//! What a bank is like: how long its questions and answers are, and which stand out.

use rayon::prelude::*;

use crate::identity::alike::{Text, alike, count_words};
use crate::identity::{Identities, Note};
use crate::markdown;
use crate::model::{Library, Question, SectionKind};
use crate::source::{Sources, Span};

/// An answer of more words than this is long.
pub const LONG_ANSWER: usize = 200;

/// More key points than this are many.
pub const MANY_POINTS: usize = 7;

/// Where the lengths of questions are cut into classes, in words.
const PROMPT_STEPS: &[usize] = &[5, 10, 15, 20, 30, 40];

/// The same for answers.
const ANSWER_STEPS: &[usize] = &[10, 25, 50, 100, 150, LONG_ANSWER, 400];

/// A question that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What it asks, without markup.
    pub question: String,
    /// Its heading.
    pub span: Span,
}

/// How many texts are how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lengths {
    /// Classes: from so many words, to so many if there is an end, how many texts.
    pub classes: Vec<(usize, Option<usize>, usize)>,
    /// The length that as many are below as above.
    pub median: usize,
    /// The greatest length.
    pub longest: usize,
    /// How many texts there are.
    pub texts: usize,
}

/// What a bank is like.
#[derive(Debug)]
pub struct Stats {
    /// How long the questions are, in words.
    pub prompts: Lengths,
    /// How long the answers are.
    pub answers: Lengths,
    /// Questions with a long answer, and how many words it has.
    pub long: Vec<(Named, usize)>,
    /// Questions with many key points, and how many.
    pub pointed: Vec<(Named, usize)>,
    /// Questions without an answer.
    pub unanswered: Vec<Named>,
    /// Questions that belong to no topic, where others do.
    pub without_topic: Vec<Named>,
    /// Pairs of questions that are nearly the same, and the share of words that they have in
    /// common.
    pub alike: Vec<(Named, Named, f64)>,
}

/// What is measured of one question.
struct Measured {
    question: String,
    prompt: usize,
    answer: Option<usize>,
    key_points: usize,
}

/// Measures every question that reaches the outputs.
#[must_use]
pub fn of(
    sources: &Sources,
    library: &Library,
    identities: &Identities,
    notes: &[Note<'_>],
) -> Stats {
    let measured: Vec<Measured> =
        notes.par_iter().map(|note| measure(sources, library, note.question)).collect();
    let named = |at: usize| Named {
        question: measured[at].question.clone(),
        span: notes[at].question.span,
    };
    let beyond = |of: fn(&Measured) -> usize, most: usize| {
        let all = measured.iter().map(of).enumerate();
        all.filter(|(_, count)| *count > most).map(|(at, count)| (named(at), count)).collect()
    };
    let is_bare = |at: &usize| notes[*at].topic.path.is_empty();
    let bare: Vec<usize> = (0..notes.len()).filter(is_bare).collect();
    let has_topics = bare.len() < notes.len();
    let unanswered = library.questions().filter(|(_, _, it)| !it.is_broken && !it.is_answered());
    let mut stats = Stats {
        prompts: lengths(measured.iter().map(|it| it.prompt), PROMPT_STEPS),
        answers: lengths(measured.iter().filter_map(|it| it.answer), ANSWER_STEPS),
        long: beyond(|it| it.answer.unwrap_or(0), LONG_ANSWER),
        pointed: beyond(|it| it.key_points, MANY_POINTS),
        unanswered: unanswered
            .map(|(_, _, question)| Named {
                question: markdown::question_text(sources, library, question),
                span: question.span,
            })
            .collect(),
        without_topic: bare.into_iter().filter(|_| has_topics).map(named).collect(),
        alike: pairs(&measured, identities, notes)
            .into_iter()
            .map(|(one, other, share)| (named(one), named(other), share))
            .collect(),
    };
    stats.long.sort_by_key(|(_, words)| std::cmp::Reverse(*words));
    stats.pointed.sort_by_key(|(_, points)| std::cmp::Reverse(*points));
    stats
}

fn measure(sources: &Sources, library: &Library, question: &Question) -> Measured {
    let definitions = &library.definitions[question.span.file.index()];
    let says = markdown::question_text(sources, library, question);
    let answers: Vec<usize> = question
        .of(SectionKind::Answer)
        .map(|section| count_words(&markdown::plain_text(sources, definitions, &section.body)))
        .collect();
    let points = question.of(SectionKind::KeyPoints);
    let points = points.map(|it| markdown::points(sources, definitions, &it.body).len());
    Measured {
        prompt: count_words(&says),
        question: says,
        answer: (!answers.is_empty()).then(|| answers.iter().sum()),
        key_points: points.sum(),
    }
}

/// Returns the pairs that are alike, by the sketches that the lock keeps of the answers.
fn pairs(
    measured: &[Measured],
    identities: &Identities,
    notes: &[Note<'_>],
) -> Vec<(usize, usize, f64)> {
    let mut entries: Vec<_> = identities.lock.entries.iter().collect();
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    let known = measured.iter().zip(notes).enumerate().filter_map(|(at, (measured, note))| {
        let found = entries.binary_search_by(|entry| (*entry.id).cmp(note.id)).ok()?;
        Some((at, Text { question: &measured.question, answer: &entries[found].sketch }))
    });
    let (places, texts): (Vec<usize>, Vec<Text<'_>>) = known.unzip();
    let found = alike(&texts).into_iter();
    found.map(|(one, other, share)| (places[one], places[other], share)).collect()
}

fn lengths(texts: impl Iterator<Item = usize>, steps: &[usize]) -> Lengths {
    let mut sizes: Vec<usize> = texts.collect();
    sizes.sort_unstable();
    let starts = std::iter::once(0).chain(steps.iter().map(|step| step + 1));
    let ends = steps.iter().copied().map(Some).chain([None]);
    let class = |(from, to): (usize, Option<usize>)| {
        let before = sizes.partition_point(|size| *size < from);
        let until = to.map_or(sizes.len(), |to| sizes.partition_point(|size| *size <= to));
        (from, to, until - before)
    };
    Lengths {
        classes: starts.zip(ends).map(class).collect(),
        median: sizes.get(sizes.len() / 2).copied().unwrap_or(0),
        longest: sizes.last().copied().unwrap_or(0),
        texts: sizes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::lengths;

    #[test]
    fn every_text_is_in_one_class() {
        let found = lengths([3, 0, 5, 6, 40].into_iter(), &[5, 10]);
        assert_eq!(found.classes, [(0, Some(5), 3), (6, Some(10), 1), (11, None, 1)]);
        assert_eq!((found.median, found.longest, found.texts), (5, 40, 5));
    }
}
