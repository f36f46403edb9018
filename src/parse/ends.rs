//! Ends of native answers above the next heading, and the text below such an end.

use super::blocks::{Block, Kind};
use super::convention::is_schedule;
use super::file::File;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Excerpt, Question};

/// The reason why text below the end of an answer is left out.
pub(super) const ENDED: &str = "below what ends an answer";

/// Returns whether the current section has text.
pub(super) fn has_text(question: &Question) -> bool {
    question.sections.last().is_some_and(|section| !section.body.is_empty())
}

/// Returns whether a block ends the answer above it: `---`, or the data of a scheduler below a
/// card.
pub(super) fn ends_answer(file: &File<'_>, block: &Block) -> bool {
    let says = file.text()[block.range.clone()].trim();
    match block.kind {
        Kind::Rule => says.starts_with('-'),
        Kind::Underlined(_) => says.ends_with('-'),
        Kind::Invisible => is_schedule(says),
        _ => false,
    }
}

/// Reports a `---` right below a paragraph, which in Markdown makes a heading of it.
pub(super) fn underlined(file: &File<'_>, block: &Block) -> Diagnostic {
    let under = block.range.start + file.text()[block.range.clone()].trim_end().len();
    let line = file.text()[..under].rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
    Diagnostic::new(
        Code::HeadingBySeparator,
        file.span(&(line..under)),
        "this line makes a heading of the paragraph above it",
    )
    .label("read as a separator between questions")
    .help("put a blank line above it; write a topic as `## Topic`")
}

/// Reports text below the end of an answer.
pub(super) fn report_ended(file: &File<'_>, left: &[Excerpt]) -> Option<Diagnostic> {
    let span = file.first_line(&left.first()?.content);
    let message = "this text belongs to no question";
    let found = Diagnostic::new(Code::LeftOut, span, message).label("left out of every deck");
    Some(found.help("`---` ends an answer; a line across it is written `***`"))
}
