//! Bold labels: the sections that they open, and the text between them.

use super::blocks::{Block, Kind, Label};
use super::file::File;
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Excerpt, SectionKind};

/// Returns the section that a label opens, while `current` is open.
///
/// A bold text with more text on its line is part of the answer, and opens no section. Exceptions
/// are hints, and any label below the key points, where there is no place for other text.
pub(super) fn meaning(
    config: &Config,
    label: &Label,
    current: Option<SectionKind>,
) -> Option<(SectionKind, Option<String>)> {
    let answers = ["answer"].into_iter().chain(config.answer_labels.iter().map(String::as_str));
    if let Some(rest) = strip_words(&label.text, answers) {
        let rest = rest.trim();
        if rest.is_empty() {
            return Some((SectionKind::Answer, None));
        }
        if let Some(qualifier) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            let qualifier = Some(qualifier.trim().to_owned()).filter(|q| !q.is_empty());
            return Some((SectionKind::Answer, qualifier));
        }
    }
    let points = strip_words(&label.text, ["key point"].into_iter());
    let mut added = config.key_point_labels.iter();
    if points.is_some_and(|rest| ["", "s"].contains(&&*rest.to_lowercase()))
        || strip_words(&label.text, ["key points "].into_iter()).is_some()
        || added.any(|word| *word == label.text.to_lowercase())
    {
        return Some((SectionKind::KeyPoints, Some(label.text.clone())));
    }
    let is_hint = ["hint", "hints"].contains(&&*label.text.to_lowercase());
    let is_after_points = matches!(current, Some(SectionKind::KeyPoints | SectionKind::Extra));
    let opens = !label.text.is_empty() && (label.alone || is_after_points || is_hint);
    opens.then(|| (SectionKind::Extra, Some(label.text.clone())))
}

/// Strips the first of some words that a text begins with in any case.
fn strip_words<'t, 'w>(text: &'t str, mut words: impl Iterator<Item = &'w str>) -> Option<&'t str> {
    words.find_map(|word| {
        let (head, rest) = text.split_at_checked(word.len())?;
        (head.to_lowercase() == *word).then_some(rest)
    })
}

/// Splits a block at the labels that open its lines.
pub(super) fn lines<'b>(file: &File<'b>, block: &Block) -> Vec<(Option<&'b Label>, Excerpt)> {
    let mut all = file.whole(block);
    let mut labels = file.scan.labels(block).iter().filter(|label| !label.is_swallowed).peekable();
    if labels.peek().is_none() {
        return vec![(None, all)];
    }
    if block.kind != Kind::Definitions {
        all.content = block.inline.clone();
    }
    let mut parts = Vec::new();
    let mut start = all.content.start;
    let mut label = None;
    let ends = labels.map(Some).chain([None]);
    for next in ends {
        let end = next.map_or(all.content.end, |next| next.range.start);
        let end = match next {
            Some(_) => start + unbroken(&file.text()[start..end]).len(),
            None => all.content.end,
        };
        if label.is_some() || end > start {
            parts.push((label, Excerpt { blocks: all.blocks, content: start..end }));
        }
        label = next;
        start = next.map_or(end, |next| next.range.start);
    }
    parts
}

/// Returns whether the text beside a label is the first item of a list that continues below.
pub(super) fn begins_list(text: &str) -> bool {
    let sign = |line: &str| {
        let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let signs: &[char] = if digits.len() < line.len() { &['.', ')'] } else { &['-', '*', '+'] };
        let sign = digits.chars().next().filter(|sign| signs.contains(sign))?;
        digits[1..].starts_with([' ', '\t']).then_some(sign)
    };
    let mut lines = text.lines();
    let first = lines.next().and_then(sign);
    first.is_some() && lines.next().is_some_and(|line| sign(line.trim_start()) == first)
}

/// Strips white space and a hard line break from the end of a text.
fn unbroken(text: &str) -> &str {
    let text = text.trim_end();
    let backslashes = text.len() - text.trim_end_matches('\\').len();
    text[..text.len() - backslashes % 2].trim_end()
}

/// Reports labels that are lazy continuations of the list, quote or table above them.
pub(super) fn swallowed(
    file: &File<'_>,
    block: &Block,
    opens: impl Fn(&Label) -> bool,
) -> impl Iterator<Item = Diagnostic> {
    let is_meant = move |label: &&Label| label.is_swallowed && opens(label);
    file.scan.labels(block).iter().filter(is_meant).map(|label| {
        let message = "this label belongs to the block above it";
        Diagnostic::new(Code::SwallowedLabel, file.span(&label.range), message)
            .label("opens no section")
            .help("put a blank line above it")
    })
}
