//! Labels and headings of a native file that belong to no question.

use super::blocks::Block;
use super::file::File;
use super::labels::meaning;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::SectionKind;

/// Reports labels that have no question above them.
pub(super) fn orphans(file: &File<'_>, content: &[Block], problems: &mut Vec<Diagnostic>) {
    let labels = content.iter().flat_map(|block| file.scan.labels(block));
    for label in labels.filter(|label| !label.is_swallowed) {
        let (code, what) = match meaning(file.config, label, None) {
            Some((SectionKind::Answer, _)) => (Code::OrphanAnswer, "answer"),
            Some((SectionKind::KeyPoints, _)) => (Code::OrphanKeyPoints, "key points"),
            _ => continue,
        };
        let message = format!("{what} without a question");
        problems.push(
            Diagnostic::new(code, file.span(&label.range), message)
                .label("no question above it")
                .help("ask the question in a heading above: `### Q: …`"),
        );
    }
}

/// Reports a heading that is neither deck, topic nor question, and what stands below it.
pub(super) fn stray(
    file: &File<'_>,
    heading: &Block,
    content: &[Block],
    problems: &mut Vec<Diagnostic>,
) {
    orphans(file, content, problems);
    let span = file.first_line(&heading.range);
    let text = if content.is_empty() { "" } else { ", nor does the text below it" };
    problems.push(
        Diagnostic::new(
            Code::StrayText,
            span,
            format!("this heading belongs to no question{text}"),
        )
        .label("left out of every deck")
        .help("begin it with `Q:` if it asks a question; inside an answer, use `####`"),
    );
}
