//! What a question lacks: an answer, or points below a label that promises some.

use super::native::File;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Body, CardKind, Question, SectionKind};
use crate::source::Span;

/// Reports key points of which there are none.
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

/// Reports a question that has nothing to say on the other side.
pub(super) fn report_unanswered(question: &Question, problems: &mut Vec<Diagnostic>) {
    let has_answer = question.of(SectionKind::Answer).any(|answer| !answer.body.is_empty());
    if has_answer || question.makes(CardKind::Cloze) || question.makes(CardKind::Choice) {
        return;
    }
    let (message, effect) = if question.is_answered() {
        ("this question has key points but no answer", "the card shows the key points alone")
    } else {
        ("this question has no answer", "left out of every deck until it has one")
    };
    problems.push(
        Diagnostic::new(Code::UnansweredQuestion, question.span, message)
            .label(effect)
            .help("write the answer below it, after `**Answer:**`"),
    );
}

/// Whether a list holds no more than its bullets.
fn is_pointless(file: &File<'_>, body: &Body) -> bool {
    let text = file.sources.slice(body.span());
    !text.contains(char::is_alphabetic) && file.points(body).is_empty()
}
