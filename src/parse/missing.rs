//! Missing parts of questions: an answer, or points below the label for key points.

use super::file::File;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{CardKind, Convention, Excerpt, Question, SectionKind};
use crate::source::Span;

/// Reports labels for key points without any point below them.
pub(super) fn report_pointless(
    file: &File<'_>,
    question: &mut Question,
    labels: &[Span],
    problems: &mut Vec<Diagnostic>,
) {
    for (section, label) in question.sections.iter_mut().zip(labels) {
        if section.kind == SectionKind::KeyPoints && is_pointless(file, &section.body) {
            section.body.content.end = section.body.content.start;
            problems.push(
                Diagnostic::new(Code::EmptyKeyPoints, *label, "no key points below this label")
                    .help("list them below it, or take the label out"),
            );
        }
    }
}

/// Reports a question without an answer.
pub(super) fn report_unanswered(question: &Question, problems: &mut Vec<Diagnostic>) {
    let has_answer = question.of(SectionKind::Answer).any(|answer| !answer.body.is_empty());
    if has_answer || question.makes(CardKind::Cloze) || question.makes(CardKind::Choice) {
        return;
    }
    let (message, effect) = if question.is_answered() {
        ("this question has key points but no answer", "the card shows the key points alone")
    } else {
        (UNANSWERED, "left out of every deck until it has one")
    };
    let help = match question.convention {
        Convention::Native => "write the answer below it, after `**Answer:**`",
        Convention::Csv | Convention::Table => "write the answer into its row",
        _ => "write the answer below it, as the other questions of this file have theirs",
    };
    problems.push(
        Diagnostic::new(Code::UnansweredQuestion, question.span, message).label(effect).help(help),
    );
}

/// Merges the reports of many questions without an answer in a file. In a foreign file in which no
/// question has an answer, a few are enough, as it is a list of questions.
pub(super) fn count_unanswered(asked: usize, is_foreign: bool, problems: &mut Vec<Diagnostic>) {
    let is_one = |problem: &Diagnostic| problem.message == UNANSWERED;
    let count = problems.iter().filter(|problem| is_one(problem)).count();
    let least = if is_foreign { 3 } else { SEVERAL + 1 };
    let is_list = count == asked && count >= least;
    if count <= SEVERAL && !is_list {
        return;
    }
    let mut is_first = true;
    problems.retain(|problem| !is_one(problem) || std::mem::take(&mut is_first));
    if let Some(first) = problems.iter_mut().find(|problem| is_one(problem)) {
        first.message = if is_list {
            format!("none of the {count} questions in this file has an answer")
        } else {
            format!("this question, and {} more below, have no answer", count - 1)
        };
        first.label = "left out of every deck until they have one".into();
    }
}

/// How many questions without an answer are reported one by one.
const SEVERAL: usize = 5;

const UNANSWERED: &str = "this question has no answer";

/// Returns whether all items of a list are empty.
fn is_pointless(file: &File<'_>, body: &Excerpt) -> bool {
    let text = file.sources.text_at(body.span());
    !text.contains(char::is_alphabetic) && file.points(body).is_empty()
}
