//! Headings that say no more than what is below them: `### Question`, `## Answer (EN)`.

use super::document::{Document, Heading};
use super::vocabulary;

/// A heading that consists of a word for a question or an answer, and maybe a remark in brackets.
pub(super) struct HeadingLabel {
    /// Its index among all headings of the document.
    pub index: usize,
    /// Whether it stands above a question, not an answer.
    pub is_question: bool,
    /// Whether it may stand above a task that is no question, as `Problem` does.
    pub is_task: bool,
    /// The text in brackets.
    pub remark: String,
}

/// Returns whether a heading is only a label for the question below it.
pub(super) fn is_question(doc: &Document<'_>, heading: &Heading) -> bool {
    find_label(doc, heading).is_some_and(|word| word.is_question && !word.is_task)
}

/// Returns whether a heading is only a label for a question or an answer.
pub(super) fn is_label(doc: &Document<'_>, heading: &Heading) -> bool {
    find_label(doc, heading).is_some()
}

fn find_label(doc: &Document<'_>, heading: &Heading) -> Option<HeadingLabel> {
    let index = doc.headings.binary_search_by_key(&heading.line, |heading| heading.line);
    index.ok().and_then(|index| parse_label(doc, index))
}

/// Parses the heading with an index, if it is a label for a question or an answer.
pub(super) fn parse_label(doc: &Document<'_>, index: usize) -> Option<HeadingLabel> {
    let heading = doc.headings.get(index).filter(|heading| !heading.is_item)?;
    let snippet = doc.plain_title(heading).to_lowercase();
    let snippet = snippet.trim_end_matches([':', '：', ' ']);
    let (word, remark) = match snippet.strip_suffix(')').and_then(|snippet| snippet.split_once('('))
    {
        Some((word, remark)) => (word.trim_end(), remark),
        None => (snippet, ""),
    };
    let is_task = vocabulary::TASK.contains(&word);
    let is_question = is_task || (word.chars().count() > 1 && vocabulary::QUESTION.contains(&word));
    let is_answer = word.chars().count() > 1 && vocabulary::ANSWER.contains(&word);
    let remark = remark.to_owned();
    (is_question || is_answer).then_some(HeadingLabel { index, is_question, is_task, remark })
}
