//! Files with one question each: the front matter, the first heading or the file name asks, and the
//! rest of the file is the answer.
//!
//! A single such file may be an article. So most files of its folder must be alike, as [`folder`]
//! finds out; or a heading must label the answer.
//!
//! [`folder`]: super::folder

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate};
use super::document::{Document, Heading};
use super::folder_habits::QuestionPlace;
use super::labels;
use super::prompt::{Pieces, number_width, plain_text, strip_decoration, strip_wrappers};
use super::question_form::{is_clear_question, is_question_like};
use super::recognizer_input::RecognizerInput;
use super::{heading_label, single_choice, vocabulary};
use crate::markdown;
use crate::model::Convention;

/// How clearly a text asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asking {
    #[default]
    Not,
    Likely,
    Clearly,
}

impl Asking {
    fn of(text: &str) -> Self {
        match text {
            _ if is_clear_question(text) => Asking::Clearly,
            _ if is_question_like(text) => Asking::Likely,
            _ => Asking::Not,
        }
    }
}

/// Finds the question of a file that asks in the same place as most files of its folder, or whose
/// first heading asks and is followed by a heading for the answer; or of any file, if the settings
/// say so.
pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let (doc, answers) = (input.doc, input.answer_labels);
    let is_question_like =
        |place: &QuestionPlace| measure_asking(doc, *place, answers) > Asking::Not;
    let agreed = input.habits.asked.iter().map(|(place, _)| *place);
    let place = if input.is_requested {
        let any =
            || QuestionPlace::ALL.into_iter().find(|place| make_candidate(doc, *place).is_some());
        QuestionPlace::ALL.into_iter().find(is_question_like).or_else(any)
    } else {
        let answered = || is_answered_question(doc, answers).then_some(QuestionPlace::Heading);
        agreed.into_iter().find(is_question_like).or_else(answered)
    };
    find_question(input, place)
}

/// Finds the question of a file in a `question` field of its front matter.
pub(super) fn find_field(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let is_asked =
        measure_asking(input.doc, QuestionPlace::Question, input.answer_labels) > Asking::Not;
    find_question(input, is_asked.then_some(QuestionPlace::Question))
}

/// Finds the question of a file in its front matter, if nearly all files of its folder have theirs
/// there. Then headings within it are parts of the answer, though they may ask or count, too.
pub(super) fn find_titled(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let in_front = [QuestionPlace::Title, QuestionPlace::Description];
    let mut asked = input.habits.asked.iter().filter(|(_, is_nearly_all)| *is_nearly_all);
    let place = asked.find(|(place, _)| in_front.contains(place)).map(|(place, _)| *place);
    let is_own = |place: &QuestionPlace| input.own_habits.has_question_in(*place);
    let place = place.filter(is_own).filter(|_| !input.is_requested);
    find_question(input, place.filter(|_| !is_about_others(input.doc.path)))
}

/// Finds the question of a file that is unlike the others of its folder, if nearly all of them are
/// questions.
pub(super) fn find_odd(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let nearly_all = input.habits.asked.iter().filter(|(_, is_nearly_all)| *is_nearly_all);
    let mut places = nearly_all
        .map(|(place, _)| *place)
        .filter(|place| input.own_habits.has_question_in(*place));
    find_question(input, places.next().filter(|_| !is_about_others(input.doc.path)))
}

fn find_question(input: &RecognizerInput<'_>, place: Option<QuestionPlace>) -> Vec<Candidate> {
    let is_free = input.taken.is_empty() && input.doc.next_nonblank(0) < input.doc.lines.len();
    place
        .filter(|_| is_free)
        .and_then(|place| make_candidate(input.doc, place))
        .into_iter()
        .collect()
}

/// Determines how clearly a file asks in a place.
pub(super) fn measure_asking(
    doc: &Document<'_>,
    place: QuestionPlace,
    answers: &[String],
) -> Asking {
    match place {
        QuestionPlace::Heading => find_heading(doc).map_or(Asking::Not, |heading| {
            let is_answered = find_answer_heading(doc, heading, answers).is_some();
            let snippet = Asking::of(&doc.text[heading.title.clone()]);
            if is_answered { Asking::Clearly } else { snippet }
        }),
        QuestionPlace::Word => {
            let first = doc.heading_at(doc.next_nonblank(0));
            let is_word = first.is_some_and(|first| heading_label::is_question(doc, first));
            if is_word { Asking::Clearly } else { Asking::Not }
        }
        QuestionPlace::Question => {
            find_field_value(doc, place).map_or(Asking::Not, |_| Asking::Clearly)
        }
        QuestionPlace::Title | QuestionPlace::Description => find_field_value(doc, place)
            .map_or(Asking::Not, |snippet| Asking::of(&joined(doc.text, &snippet))),
        QuestionPlace::Name => Asking::of(&name(doc.path)),
        QuestionPlace::Options => match single_choice::find(doc) {
            Some(choice) if choice.is_clear(doc) => Asking::Clearly,
            Some(_) => Asking::Likely,
            None => Asking::Not,
        },
    }
}

/// Returns whether a file is about the other files of its folder, going by its name: `README`.
pub(super) fn is_about_others(path: &str) -> bool {
    let name = name(path).to_lowercase();
    ["readme", "index"].contains(&name.as_str()) || vocabulary::is_noise(&name)
}

fn make_candidate(doc: &Document<'_>, place: QuestionPlace) -> Option<Candidate> {
    let first = doc.next_nonblank(0);
    let (prompt, line, level) = match place {
        QuestionPlace::Heading => {
            let heading = find_heading(doc)?;
            let mut title =
                strip_decoration(doc.text, strip_wrappers(doc.text, heading.title.clone()));
            title.start += number_width(&doc.text[title.clone()]).unwrap_or_default();
            (vec![title], heading.below, heading.level)
        }
        QuestionPlace::Word => return None,
        QuestionPlace::Options => return Some(single_choice::find(doc)?.make_candidate(doc)),
        // A heading above all text names the subject.
        QuestionPlace::Question | QuestionPlace::Title | QuestionPlace::Description => {
            let snippet = find_field_value(doc, place)?;
            let below = skip_title(doc, &joined(doc.text, &snippet));
            (snippet, below, 0)
        }
        QuestionPlace::Name => (Vec::new(), skip_title(doc, ""), 0),
    };
    let extent = AnswerExtent::Below { line, level, column: 0, beside: Vec::new() };
    Some(Candidate { convention: Convention::File, line: first, prompt, more: Vec::new(), extent })
}

/// Finds the heading that may ask the question of a file: the first line, and the only heading of
/// its level or above. If it does not ask, as `Question 5`, the heading right below it may.
fn find_heading<'d>(doc: &'d Document<'_>) -> Option<&'d Heading> {
    let first = doc.heading_at(doc.next_nonblank(0)).filter(|heading| !heading.is_item)?;
    let is_only = |heading: &Heading| {
        let others = doc.headings.iter().filter(|other| other.line > heading.line);
        others.into_iter().all(|other| other.level > heading.level)
    };
    let is_question_like = |heading: &&Heading| is_question_like(&doc.text[heading.title.clone()]);
    let below =
        doc.heading_at(doc.next_nonblank(first.below)).filter(|_| !is_question_like(&first));
    let below = below
        .filter(|below| below.level > first.level && is_only(below) && is_question_like(below));
    below.or_else(|| Some(first).filter(|first| is_only(first)))
}

/// Returns the line below the first heading of a file, if that is its title or repeats the
/// question; else the first line.
fn skip_title(doc: &Document<'_>, asked: &str) -> usize {
    let snippet = |heading: &Heading| plain_text(&doc.text[heading.title.clone()]);
    let is_title = |heading: &&Heading| heading.level == 1 || snippet(heading) == plain_text(asked);
    let first = doc.heading_at(doc.next_nonblank(0)).filter(is_title);
    first.map_or(0, |heading| heading.below)
}

/// Returns whether the first heading of a file asks and is followed by a heading for the answer.
fn is_answered_question(doc: &Document<'_>, answers: &[String]) -> bool {
    let Some(heading) = find_heading(doc) else { return false };
    let Some(answer) = find_answer_heading(doc, heading, answers) else { return false };
    is_question_like(&doc.text[doc.line_start(heading.line)..doc.line_start(answer.line)])
}

/// Finds the heading that labels the answer, if it is the first one below a question.
fn find_answer_heading<'d>(
    doc: &'d Document<'_>,
    question: &Heading,
    answers: &[String],
) -> Option<&'d Heading> {
    let below = doc.headings.iter().find(|heading| heading.line > question.line)?;
    let snippet = &doc.text[below.title.clone()];
    let is_label = labels::answer(&format!("# {snippet}"), answers).is_some();
    (below.level > question.level && is_label).then_some(below)
}

/// Finds the value of the field of the front matter for a place, without its quotes.
fn find_field_value(doc: &Document<'_>, place: QuestionPlace) -> Option<Pieces> {
    let top = &doc.text[..doc.lines.first()?.start];
    let is_meant = |key: &str| match place {
        QuestionPlace::Question => key != "q" && vocabulary::QUESTION.contains(&key),
        QuestionPlace::Title => key == "title",
        QuestionPlace::Description => key == "description",
        QuestionPlace::Heading
        | QuestionPlace::Word
        | QuestionPlace::Name
        | QuestionPlace::Options => false,
    };
    let mut at = 0;
    for line in top.split_inclusive('\n') {
        let key = line.find([':', '=']).filter(|end| is_meant(line[..*end].trim_end()));
        if let Some(key) = key {
            let below = top[at + line.len()..].split_inclusive('\n');
            let more: usize = below.take_while(|line| line.starts_with(' ')).map(str::len).sum();
            let is_block = line[key + 1..].trim_start().starts_with(['|', '>']);
            let start = at + if is_block { line.len() } else { key + 1 };
            let value = parse_value(top, start..at + line.len() + more);
            return Some(value).filter(|value| !value.is_empty());
        }
        at += line.len();
    }
    None
}

/// Returns the pieces of a YAML value, without its quotes and the escape characters in it.
fn parse_value(text: &str, range: Range<usize>) -> Pieces {
    let shown = text[range.clone()].trim();
    let start = range.start + text[range.clone()].len() - text[range].trim_start().len();
    let quoted = [('"', "\\\""), ('\'', "''")].into_iter().find_map(|(quote, inner)| {
        let rest = shown.strip_prefix(quote)?.strip_suffix(quote)?;
        Some((start + 1, rest, Some(inner)))
    });
    let (mut start, mut rest, inner) = quoted.unwrap_or((start, shown, None));
    let mut pieces = Vec::new();
    while let Some(at) = inner.and_then(|inner| rest.find(inner)) {
        pieces.push(start..start + at);
        // The quote itself is text, also where another follows.
        pieces.push(start + at + 1..start + at + 2);
        (start, rest) = (start + at + 2, &rest[at + 2..]);
    }
    pieces.push(start..start + rest.len());
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Joins the pieces of a text.
fn joined(text: &str, pieces: &[Range<usize>]) -> String {
    pieces.iter().map(|piece| &text[piece.clone()]).collect()
}

/// Returns the name of a file without its extension and number; `-` and `_` become spaces.
pub(super) fn name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = if stem.contains(' ') { stem.to_owned() } else { stem.replace(['-', '_'], " ") };
    let digits = stem.trim_start_matches(|c: char| c.is_ascii_digit());
    let shown = digits.trim_start_matches([' ', '.', '-', '_', ')']);
    let is_numbered = shown.len() < digits.len() && digits.len() < stem.len();
    markdown::fold(if is_numbered && !shown.is_empty() { shown } else { &stem })
}
