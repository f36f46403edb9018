//! What a bank is like: how long its questions and answers are, and which stand out.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::config::lint::{Limits, Lint};
use crate::diagnostic::{Code, Diagnostic};
use crate::identity::alike::{Text, alike, count_words};
use crate::identity::{Identities, Note};
use crate::markdown;
use crate::media::Media;
use crate::model::{Library, Question, SectionKind};
use crate::source::{Sources, Span};

/// Where the lengths of questions are cut into classes, in words.
const PROMPT_STEPS: &[usize] = &[5, 10, 15, 20, 30, 40];

/// The same for answers.
const ANSWER_STEPS: &[usize] = &[10, 25, 50, 100, 150, 200, 400];

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
    /// Files that are large, with where they are shown first, and their size in bytes.
    pub large: Vec<(String, Span, u64)>,
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
    media: &Media,
    identities: &Identities,
    notes: &[Note<'_>],
    limits: Limits,
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
        long: beyond(|it| it.answer.unwrap_or(0), limits.answer_words),
        pointed: beyond(|it| it.key_points, limits.key_points),
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
        large: large_media(sources, library, media, limits.media_mib),
    };
    stats.large.sort_by_key(|(.., size)| std::cmp::Reverse(*size));
    stats.long.sort_by_key(|(_, words)| std::cmp::Reverse(*words));
    stats.pointed.sort_by_key(|(_, points)| std::cmp::Reverse(*points));
    stats
}

fn large_media(
    sources: &Sources,
    library: &Library,
    media: &Media,
    most_mib: usize,
) -> Vec<(String, Span, u64)> {
    let most = (most_mib as u64).saturating_mul(1 << 20);
    let mut places: BTreeMap<&str, Span> = BTreeMap::new();
    for reference in &library.media {
        if let Some(path) = reference.path() {
            places.entry(path).or_insert_with(|| sources.locate(reference.span));
        }
    }
    let large = media.iter().filter(|(_, file)| file.size() > most);
    large
        .filter_map(|(path, file)| Some((path.to_owned(), *places.get(path)?, file.size())))
        .collect()
}

/// Reports what the settings want to be told of.
pub fn lint(stats: &Stats, lint: &Lint, diagnostics: &mut Vec<Diagnostic>) {
    let mut report = |code, span, message: String, help: &str| {
        diagnostics.push(Diagnostic::new(code, span, message).help(help));
    };
    for (named, words) in stats.long.iter().filter(|_| lint.answer_words.is_some()) {
        let message = format!("an answer of {words} words");
        report(Code::LongAnswer, named.span, message, "shorten it, or make two questions of it");
    }
    for (named, points) in stats.pointed.iter().filter(|_| lint.key_points.is_some()) {
        let message = format!("{points} key points");
        report(Code::ManyKeyPoints, named.span, message, "leave the least important ones out");
    }
    for (path, span, size) in stats.large.iter().filter(|_| lint.media_mib.is_some()) {
        let message = format!("`{path}` has {} MiB", size >> 20);
        report(Code::LargeFile, *span, message, "make it smaller: every learner downloads it");
    }
    for named in stats.without_topic.iter().filter(|_| lint.no_topic) {
        let message = "this question is in no topic".to_owned();
        report(Code::NoTopic, named.span, message, "put it below a `##` heading");
    }
    for (one, other, _) in stats.alike.iter().filter(|_| lint.alike) {
        let problem = Diagnostic::new(Code::AlikeQuestions, other.span, "nearly the same question");
        let problem = problem.label("here again").related(one.span, "first here");
        diagnostics.push(problem.help("take one of them out, or make them differ"));
    }
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
