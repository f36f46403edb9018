//! The kinds of cards that a question makes.
//!
//! A class of the question, the front matter of the file and the settings decide; clozes in the
//! text and options to tick make their kinds by themselves. This is the same for every convention,
//! so it comes after a question is read.

use super::file::File;
use crate::config::CardKindOverrides;
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::{self, cloze};
use crate::model::{CardKind, Excerpt, Question, Section, SectionKind};
use crate::source::Span;

/// A class of a question that requests a kind of cards, or rejects it, with its place.
pub(super) type Class = (CardKind, bool, Span);

/// Decides on the kinds of one question; `is_labelled` tells whether its answer has a label.
pub(super) fn settle(
    file: &File<'_>,
    question: &mut Question,
    classes: &[Class],
    is_labelled: bool,
    problems: &mut Vec<Diagnostic>,
) {
    let mut wishes: CardKindOverrides = file.config.kinds.clone();
    wishes.extend(&file.settings.kinds);
    wishes.extend(classes.iter().map(|(kind, wish, _)| (*kind, *wish)));
    move_choices(file, question, is_labelled);
    let is_said =
        decide_cloze(file, question, wishes.remove(&CardKind::Cloze), is_labelled, problems);
    for kind in wishes.into_iter().filter_map(|(kind, wish)| wish.then_some(kind)) {
        if find_lack(file, question, kind).is_none() {
            question.kinds.insert(kind);
        }
    }
    for (kind, _, span) in classes.iter().filter(|(kind, wish, _)| *wish && !question.makes(*kind))
    {
        if *kind == CardKind::Cloze && is_said {
            continue;
        }
        let is_denied = classes.iter().any(|(other, wish, _)| other == kind && !wish);
        let why = match find_lack(file, question, *kind) {
            _ if is_denied => "another of its classes says no",
            Some(why) => why,
            None => "there is no gap in its text",
        };
        let message = format!("this question cannot make `{}` cards", kind.name());
        problems.push(Diagnostic::new(Code::IdleClass, *span, message).label(why));
    }
}

/// Returns what a question lacks to make cards of a kind.
fn find_lack(file: &File<'_>, question: &Question, kind: CardKind) -> Option<&'static str> {
    let has_answer = question.of(SectionKind::Answer).any(|section| !section.body.is_empty());
    let has_points = || {
        let mut bodies = question.of(SectionKind::KeyPoints).map(|section| &section.body);
        bodies.any(|body| !file.points(body).is_empty())
    };
    match kind {
        CardKind::Recall if !has_points() => Some("it has no key points"),
        CardKind::Reverse if question.makes(CardKind::Cloze) => {
            Some("a text with gaps has no other side")
        }
        CardKind::Reverse if !has_answer => Some("it has no answer"),
        CardKind::Type if !has_answer && !question.makes(CardKind::Cloze) => {
            Some("it has no answer")
        }
        _ => None,
    }
}

/// Moves options from the answer to the question, with the text above them.
fn move_choices(file: &File<'_>, question: &mut Question, is_labelled: bool) {
    let asked = question.prompt.iter().skip(1).flat_map(|body| file.choices(body));
    let asked: Vec<markdown::Choices> = asked.collect();
    if !asked.is_empty() {
        let has_answer = question.of(SectionKind::Answer).any(|answer| !answer.body.is_empty());
        if has_answer || asked.iter().any(|list| list.right > 0) {
            question.kinds.insert(CardKind::Choice);
        }
        return;
    }
    let is_answer = |section: &Section| section.kind == SectionKind::Answer && !is_labelled;
    let Some(at) = question.sections.iter().position(is_answer) else { return };
    let body = question.sections[at].body.clone();
    let mut lists = file.choices(&body).into_iter();
    if let Some(list) = lists.find(|list| list.right > 0 && list.wrong > 0) {
        let split = list.range.end.min(body.content.end);
        let asked = Excerpt { content: body.content.start..split, ..body.clone() };
        let rest = Excerpt { content: split..body.content.end, ..body };
        question.prompt.push(asked);
        question.kinds.insert(CardKind::Choice);
        question.sections[at].body = rest;
        if file.is_blank(&question.sections[at].body) {
            question.sections.remove(at);
        }
    }
}

/// Makes a cloze of a text with gaps. Text below it without a label becomes part of it. If the
/// question has a labelled answer, only the class makes it a cloze; if all gaps are in the answer,
/// the answer then becomes part of it. Returns whether it reported a problem.
fn decide_cloze(
    file: &File<'_>,
    question: &mut Question,
    wish: Option<bool>,
    is_labelled: bool,
    problems: &mut Vec<Diagnostic>,
) -> bool {
    if wish == Some(false) || (wish.is_none() && is_labelled) {
        return false;
    }
    let is_wanted = wish == Some(true);
    let has_gaps = |body: &Excerpt| !file.clozes(body).0.is_empty();
    let is_told = is_wanted && is_labelled && !question.prompt.iter().any(has_gaps);
    let belongs = |section: &Section| {
        section.kind == SectionKind::Answer
            && section.label.is_none()
            && (!is_labelled || (is_told && has_gaps(&section.body)))
    };
    let text = question.sections.iter().filter(|section| belongs(section));
    let text: Vec<Excerpt> = text.map(|section| section.body.clone()).collect();
    let is_bare = question.of(SectionKind::Answer).next().is_none();
    let bodies: Vec<Excerpt> = question.prompt.iter().chain(&text).cloned().collect();
    let (mut numbered, mut highlights) = (0, 0);
    let (mut broken, mut asked) = (Vec::new(), 0);
    for (at, body) in bodies.iter().enumerate() {
        let (found, wrong) = file.clozes(body);
        // In what is asked, a gap is meant whatever else there is.
        asked += if at < question.prompt.len() { wrong.len() } else { 0 };
        numbered += cloze::numbers(&found).len();
        highlights += found.iter().filter(|cloze| cloze.number.is_none()).count();
        broken.extend(wrong);
    }
    let is_cloze = numbered > 0 || (highlights > 0 && (is_wanted || is_bare));
    // A gap that has to be mended makes no other question of it.
    if is_cloze || (is_wanted && !broken.is_empty() && !text.is_empty()) {
        question.sections.retain(|section| !text.contains(&section.body));
        question.prompt.extend(text);
        question.kinds.insert(CardKind::Cloze);
    }
    if !is_cloze && !is_wanted {
        broken.truncate(asked);
    }
    let is_said = !broken.is_empty();
    problems.extend(broken.into_iter().map(|broken| report_broken_gap(file, broken)));
    is_said
}

pub(super) fn report_broken_gap(file: &File<'_>, (range, why): cloze::Broken) -> Diagnostic {
    Diagnostic::new(Code::BrokenCloze, file.span(&range), "this is no gap")
        .label(why)
        .help("write a gap as `{{c1::text}}` or `{{c1::text::hint}}`; `\\{{c1::` is no gap")
}
