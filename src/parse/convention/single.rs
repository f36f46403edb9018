//! One question a file: its front matter, its first heading or its name asks, and the rest is the
//! answer.
//!
//! A single file like that may be an article. So most files of a folder must be so, as [`folder`]
//! finds out; or a heading says that an answer is below.
//!
//! [`folder`]: super::folder

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate};
use super::document::{Document, Heading};
use super::folder_habits::Place;
use super::labels;
use super::prompt::{Pieces, asks, asks_clearly, number, plain, undecorated, unwrapped};
use super::recognizer_input::RecognizerInput;
use super::{heading_label, vocabulary};
use crate::markdown;
use crate::model::Convention;

/// How clearly something asks.
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
            _ if asks_clearly(text) => Asking::Clearly,
            _ if asks(text) => Asking::Likely,
            _ => Asking::Not,
        }
    }
}

/// A file that asks where most files of its folder do, or whose author says that it is one question;
/// or whose first heading asks, with a heading above its answer.
pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let (doc, answers) = (search.doc, search.answers);
    let asks = |place: &Place| asking(doc, *place, answers) > Asking::Not;
    let agreed = search.common.asked.iter().map(|(place, _)| *place);
    let place = if search.is_told {
        let any = || Place::ALL.into_iter().find(|place| mark(doc, *place).is_some());
        Place::ALL.into_iter().find(asks).or_else(any)
    } else {
        let answered = || is_answered_question(doc, answers).then_some(Place::Heading);
        agreed.into_iter().find(asks).or_else(answered)
    };
    question(search, place)
}

/// A file whose front matter calls something a question.
pub(super) fn find_field(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let is_asked = asking(search.doc, Place::Question, search.answers) > Asking::Not;
    question(search, is_asked.then_some(Place::Question))
}

/// Any other file where nearly all of its folder are questions.
pub(super) fn find_odd(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let nearly_all = search.common.asked.iter().filter(|(_, is_nearly_all)| *is_nearly_all);
    let mut places = nearly_all.map(|(place, _)| *place).filter(|place| search.own.asks(*place));
    question(search, places.next().filter(|_| !is_about_others(search.doc.path)))
}

fn question(search: &RecognizerInput<'_>, place: Option<Place>) -> Vec<Candidate> {
    let is_free = search.taken.is_empty() && search.doc.visible(0) < search.doc.lines.len();
    place.filter(|_| is_free).and_then(|place| mark(search.doc, place)).into_iter().collect()
}

/// How clearly a place of a file asks.
pub(super) fn asking(doc: &Document<'_>, place: Place, answers: &[String]) -> Asking {
    match place {
        Place::Heading => heading(doc).map_or(Asking::Not, |heading| {
            let is_answered = answer(doc, heading, answers).is_some();
            let says = Asking::of(&doc.text[heading.title.clone()]);
            if is_answered { Asking::Clearly } else { says }
        }),
        Place::Word => {
            let first = doc.heading(doc.visible(0));
            let is_word = first.is_some_and(|first| heading_label::is_question(doc, first));
            if is_word { Asking::Clearly } else { Asking::Not }
        }
        Place::Question => field(doc, place).map_or(Asking::Not, |_| Asking::Clearly),
        Place::Title | Place::Description => {
            field(doc, place).map_or(Asking::Not, |says| Asking::of(&said(doc.text, &says)))
        }
        Place::Name => Asking::of(&name(doc.path)),
    }
}

/// Whether a file is about others, going by its name.
pub(super) fn is_about_others(path: &str) -> bool {
    let name = name(path).to_lowercase();
    ["readme", "index"].contains(&name.as_str()) || vocabulary::is_noise(&name)
}

fn mark(doc: &Document<'_>, place: Place) -> Option<Candidate> {
    let first = doc.visible(0);
    let (prompt, line, level) = match place {
        Place::Heading => {
            let heading = heading(doc)?;
            let mut title = undecorated(doc.text, unwrapped(doc.text, heading.title.clone()));
            title.start += number(&doc.text[title.clone()]).unwrap_or_default();
            (vec![title], heading.below, heading.level)
        }
        Place::Word => return None,
        // A heading above all text names the subject.
        Place::Question | Place::Title | Place::Description => {
            let says = field(doc, place)?;
            let below = below_title(doc, &said(doc.text, &says));
            (says, below, 0)
        }
        Place::Name => (Vec::new(), below_title(doc, ""), 0),
    };
    let extent = AnswerExtent::Below { line, level, column: 0, beside: Vec::new() };
    Some(Candidate { convention: Convention::File, line: first, prompt, more: Vec::new(), extent })
}

/// The first heading, if it stands above all text and there is none above it or beside it. Where it
/// only says which question this is, the one below it.
fn heading<'d>(doc: &'d Document<'_>) -> Option<&'d Heading> {
    let first = doc.heading(doc.visible(0)).filter(|heading| !heading.is_item)?;
    let is_only = |heading: &Heading| {
        let others = doc.headings.iter().filter(|other| other.line > heading.line);
        others.into_iter().all(|other| other.level > heading.level)
    };
    let asks = |heading: &&Heading| asks(&doc.text[heading.title.clone()]);
    let below = doc.heading(doc.visible(first.below)).filter(|_| !asks(&first));
    let below = below.filter(|below| below.level > first.level && is_only(below) && asks(below));
    below.or_else(|| Some(first).filter(|first| is_only(first)))
}

/// The line below the heading that a file begins with, if that is its title or repeats the question.
fn below_title(doc: &Document<'_>, asked: &str) -> usize {
    let says = |heading: &Heading| plain(&doc.text[heading.title.clone()]);
    let is_title = |heading: &&Heading| heading.level == 1 || says(heading) == plain(asked);
    let first = doc.heading(doc.visible(0)).filter(is_title);
    first.map_or(0, |heading| heading.below)
}

/// Whether a file is a question by its first heading, with a heading above its answer.
fn is_answered_question(doc: &Document<'_>, answers: &[String]) -> bool {
    let Some(heading) = heading(doc) else { return false };
    let Some(answer) = answer(doc, heading, answers) else { return false };
    asks(&doc.text[doc.start(heading.line)..doc.start(answer.line)])
}

/// The heading that says that an answer is below, if it is the first one below a question.
fn answer<'d>(
    doc: &'d Document<'_>,
    question: &Heading,
    answers: &[String],
) -> Option<&'d Heading> {
    let below = doc.headings.iter().find(|heading| heading.line > question.line)?;
    let says = &doc.text[below.title.clone()];
    let is_label = labels::answer(&format!("# {says}"), answers).is_some();
    (below.level > question.level && is_label).then_some(below)
}

/// What the front matter says in a field that may ask, without what encloses it.
fn field(doc: &Document<'_>, place: Place) -> Option<Pieces> {
    let top = &doc.text[..doc.lines.first()?.start];
    let is_meant = |key: &str| match place {
        Place::Question => key != "q" && vocabulary::QUESTION.contains(&key),
        Place::Title => key == "title",
        Place::Description => key == "description",
        Place::Heading | Place::Word | Place::Name => false,
    };
    let mut at = 0;
    for line in top.split_inclusive('\n') {
        let key = line.find([':', '=']).filter(|end| is_meant(line[..*end].trim_end()));
        if let Some(key) = key {
            let below = top[at + line.len()..].split_inclusive('\n');
            let more: usize = below.take_while(|line| line.starts_with(' ')).map(str::len).sum();
            let is_block = line[key + 1..].trim_start().starts_with(['|', '>']);
            let start = at + if is_block { line.len() } else { key + 1 };
            let value = pieces(top, start..at + line.len() + more);
            return Some(value).filter(|value| !value.is_empty());
        }
        at += line.len();
    }
    None
}

/// What a value of YAML says, without its quotes and what protects a quote in it.
fn pieces(text: &str, range: Range<usize>) -> Pieces {
    let shown = text[range.clone()].trim();
    let start = range.start + text[range.clone()].len() - text[range].trim_start().len();
    let quoted = [('"', "\\\""), ('\'', "''")].into_iter().find_map(|(quote, inner)| {
        let rest = shown.strip_prefix(quote)?.strip_suffix(quote)?;
        Some((start + 1, rest, inner))
    });
    let (mut start, mut rest, inner) = quoted.unwrap_or((start, shown, "\0"));
    let mut pieces = Vec::new();
    while let Some(at) = rest.find(inner) {
        pieces.push(start..start + at);
        (start, rest) = (start + at + 1, &rest[at + 1..]);
        // The quote itself is text, also where another follows.
        pieces.push(start..start + 1);
        (start, rest) = (start + 1, &rest[1..]);
    }
    pieces.push(start..start + rest.len());
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// What some pieces of a text say together.
fn said(text: &str, pieces: &[Range<usize>]) -> String {
    pieces.iter().map(|piece| &text[piece.clone()]).collect()
}

/// What a file is called, without a number before it; words may be joined by `-` or `_`.
pub(super) fn name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = if stem.contains(' ') { stem.to_owned() } else { stem.replace(['-', '_'], " ") };
    let digits = stem.trim_start_matches(|c: char| c.is_ascii_digit());
    let shown = digits.trim_start_matches([' ', '.', '-', '_', ')']);
    let is_numbered = shown.len() < digits.len() && digits.len() < stem.len();
    markdown::fold(if is_numbered && !shown.is_empty() { shown } else { &stem })
}
