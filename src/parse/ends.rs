//! Where the answer to a native question ends before the next heading, and what stands below that.

use super::blocks::{Block, Kind, first_line};
use super::convention::is_schedule;
use super::file::File;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Question;
use crate::source::Span;

/// Why text below a question is left out.
pub(super) const ENDED: &str = "below what ends an answer";

/// Whether something stands in the section that is open.
pub(super) fn has_text(question: &Question) -> bool {
    question.sections.last().is_some_and(|section| !section.body.is_empty())
}

/// Whether the answer above a block ends there, or with it: at `---`, or at what a program that
/// makes cards of notes leaves below each.
pub(super) fn ends_answer(file: &File<'_>, block: &Block) -> bool {
    let says = file.text()[block.range.clone()].trim();
    match block.kind {
        Kind::Rule => says.starts_with('-'),
        Kind::Underlined(_) => says.ends_with('-'),
        Kind::Invisible => is_schedule(says),
        _ => false,
    }
}

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

/// Says what stands below a question and is not its.
pub(super) fn report_ended(file: &File<'_>, left: &[Span]) -> Option<Diagnostic> {
    let span = first_line(file.sources, *left.first()?);
    let message = "this text belongs to no question";
    let found = Diagnostic::new(Code::LeftOut, span, message).label("left out of every deck");
    Some(found.help("`---` ends an answer; a line across it is written `***`"))
}
