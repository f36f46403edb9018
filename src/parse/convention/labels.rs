//! Labels of answers and other parts, in any form: `**Answer:**`, `### Answer`, `_Ans._`.

use std::ops::Range;

use super::prompt::{longest_prefix, question_word_width, strip_decoration};
use super::vocabulary;

/// A label at the beginning of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parse) struct Label {
    /// Where the text behind it begins.
    pub after: usize,
    /// The closing half of emphasis around the label, if it is further behind: `**Answer: B**
    /// because`.
    pub close: Range<usize>,
    /// Whether it is a heading.
    pub is_heading: bool,
}

/// Emphasis around a label, opening and closing.
const MARKS: &[(&str, &str)] = &[
    ("***", "***"),
    ("**", "**"),
    ("__", "__"),
    ("*", "*"),
    ("_", "_"),
    ("<b>", "</b>"),
    ("<strong>", "</strong>"),
    ("<em>", "</em>"),
    ("<i>", "</i>"),
    ("<u>", "</u>"),
    ("`", "`"),
];

/// Parses the label of an answer at the beginning of a line.
pub(in crate::parse) fn answer(line: &str, added: &[String]) -> Option<Label> {
    let known =
        || vocabulary::ANSWER.iter().copied().chain(["a"]).chain(added.iter().map(String::as_str));
    parse_label(line, known()).or_else(|| {
        // `Question 1 - Answer`
        let start = counted_question(line)?;
        let label = parse_label(&line[start..], known())?;
        let is_alone = start + label.after == line.len();
        is_alone.then_some(Label { after: line.len(), close: line.len()..line.len(), ..label })
    })
}

/// Returns the place behind the label of a question with a number.
pub(in crate::parse) fn counted_question(line: &str) -> Option<usize> {
    let snippet = line.trim_start_matches('#').trim_start();
    let width = question_word_width(snippet)?;
    let has_number = snippet[..width].contains(|c: char| c.is_ascii_digit());
    has_number.then_some(line.len() - snippet.len() + width)
}

/// Parses the label of a question below a heading such as `### Question 5`.
pub(in crate::parse) fn question(line: &str) -> Option<Label> {
    let words = vocabulary::QUESTION.iter().filter(|word| **word != "q").chain(vocabulary::TASK);
    parse_label(line, words.copied())
}

/// Parses the label of a question below a heading that already asks.
pub(in crate::parse) fn second_question(line: &str) -> Option<Label> {
    parse_label(line, vocabulary::QUESTION.iter().copied())
}

/// Parses the label of options on a line of its own.
pub(in crate::parse) fn options(line: &str) -> Option<Label> {
    parse_label(line, vocabulary::OPTIONS.iter().copied()).filter(|label| label.after == line.len())
}

/// Parses the label of key points on a line of its own.
pub(in crate::parse) fn key_points(line: &str, added: &[String]) -> Option<Label> {
    let known = ["key points to hit", "key points to cover", "key points", "key point"];
    let found = parse_label(line, known.into_iter().chain(added.iter().map(String::as_str)))?;
    (found.after == line.len()).then_some(found)
}

/// Parses the label of an explanation at the beginning of a line.
pub(in crate::parse) fn explanation(line: &str) -> Option<Label> {
    parse_label(line, vocabulary::EXPLANATION.iter().copied())
}

/// Parses a label that consists of one of some words, with a number, a remark in brackets, a colon
/// and emphasis.
fn parse_label<'w>(line: &str, words: impl Iterator<Item = &'w str> + Clone) -> Option<Label> {
    let hashes = line.len() - line.trim_start_matches('#').len();
    let is_heading = hashes > 0 && line[hashes..].starts_with(' ');
    let start = if is_heading { hashes } else { 0 };
    let mut at = start + line[start..].len() - line[start..].trim_start().len();
    let skip = |at: usize| strip_decoration(line, at..line.len()).start;
    at = skip(at);
    let mut open: Vec<&str> = Vec::new();
    while line[at..].starts_with(['*', '_', '<', '`'])
        && let Some((mark, close)) = MARKS.iter().find(|(mark, _)| line[at..].starts_with(mark))
    {
        at += mark.len();
        open.push(close);
        at = skip(at);
    }
    // Another word may stand before it: `Work/answer:`.
    let other = &line[at..];
    let other =
        other.find(|c: char| !c.is_alphabetic()).filter(|end| other[*end..].starts_with('/'));
    let width = longest_prefix(&line[at..], words.clone()).or_else(|| {
        at += other? + 1;
        longest_prefix(&line[at..], words)
    })?;
    let word = &line[at..at + width];
    let is_letter = word.eq_ignore_ascii_case("a");
    at += width;
    let digits = line[at..].trim_start_matches([' ', '#', '-']);
    let shown = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    if shown.len() < digits.len() {
        at = line.len() - shown.len();
    }
    at += remark_width(&line[at..]).unwrap_or_default();
    let (mut has_sign, mut has_closed) = (false, false);
    loop {
        let rest = &line[at..];
        let shown = rest.trim_start();
        let gap = rest.len() - shown.len();
        if let Some(close) = open.last()
            && shown.starts_with(close)
        {
            at += gap + close.len();
            open.pop();
            has_closed = true;
        } else if !has_sign
            && let Some(sign) = punctuation_width(shown, is_letter, has_closed || !open.is_empty())
        {
            at += gap + sign;
            has_sign = true;
        } else {
            break;
        }
    }
    let rest = line[at..].trim_end_matches(['\\', ' ', '#']).trim();
    let rest = if is_heading || has_closed { rest.trim_end_matches("<br>").trim() } else { rest };
    let is_alone = rest.chars().all(|c| !c.is_alphanumeric() && !"![<`~$(".contains(c));
    let close = open.first().and_then(|close| {
        let start = at + line[at..].find(close)?;
        Some(start..start + close.len())
    });
    let is_label = open.is_empty() && (has_sign || (has_closed && (is_alone || !is_letter)) || (is_alone && !is_letter))
        // `**Answer: B** because`, bold beyond the label, is one, too.
        || (has_sign && close.is_some());
    let is_whole_bold = !open.is_empty();
    let after =
        if is_alone { line.len() } else { at + line[at..].len() - line[at..].trim_start().len() };
    let close = close.filter(|_| !is_alone).unwrap_or(after..after);
    let is_label = is_label && !(is_whole_bold && is_alone && !has_sign);
    is_label.then_some(Label { after, close, is_heading })
}

/// Returns the width of a remark in brackets before the colon of a label: `Answer (an example):`. A
/// single letter in brackets is no remark but an option.
fn remark_width(text: &str) -> Option<usize> {
    let inner = text.trim_start().strip_prefix(['(', '（'])?;
    let end = inner.find([')', '）'])?;
    let rest = inner[end..].trim_start_matches([')', '）', '*', '_']);
    let is_word = inner[..end].chars().filter(|c| c.is_alphabetic()).nth(2).is_some();
    let behind = inner[end..].chars().next()?.len_utf8();
    (is_word && rest.starts_with([':', '：'])).then(|| text.len() - inner.len() + end + behind)
}

/// Returns the width of the punctuation between a label and what follows.
fn punctuation_width(text: &str, is_letter: bool, is_marked: bool) -> Option<usize> {
    let colon = [":-", ":", "："].iter().find(|sign| text.starts_with(**sign));
    let others: &[&str] = match (is_letter, is_marked) {
        (true, true) => &[".", ")", "-"],
        (true, false) => &[],
        (false, _) => &[".", "->", "=>", "→", "-", "–", "—", "="],
    };
    let is_apart = |sign: &&&str| {
        text.strip_prefix(**sign).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || "*_<".contains(c))
        })
    };
    colon.or_else(|| others.iter().find(is_apart)).map(|sign| sign.len())
}
