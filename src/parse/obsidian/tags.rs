//! The tags of a question: `#a/b` at its end, or alone on a line below it.

use std::ops::Range;

use super::decks::{make_attributes, names_deck};
use super::lines::{is_deck, is_tag};
use super::notes::Walked;
use crate::config::clean_tag;
use crate::parse::attributes;
use crate::source::Version;

/// Writes the heading of a question with its tags as attributes, or else those that name a deck in
/// the line above; returns the place below the lines that were read, or nothing if the line is no
/// such heading.
pub(super) fn read_question(
    walked: Walked<'_>,
    line: Range<usize>,
    end: usize,
    above: &[String],
    out: &mut Version,
) -> Option<usize> {
    let text = &walked.version.text;
    let snippet = &text[line.clone()];
    if !snippet.starts_with('#') || !snippet.contains("Q:") {
        return None;
    }
    let inner = snippet.trim_end();
    let from = inner.find("Q:").filter(|at| inner[..*at].trim() == "###")? + 2;
    let title = &inner[from..];
    let mut tags = Vec::new();
    let mut shown = strip_tags(title, title.len(), &mut tags);
    // Tags may stand before the braces, and behind them.
    let braces = attributes::find(&title[..shown]).and_then(|_| title[..shown].rfind('{'));
    let braces = braces.map(|open| open + 1..title[..shown].trim_end().len());
    if let Some(braces) = &braces {
        shown = strip_tags(title, braces.start - 1, &mut tags);
    }
    let mut start = 0;
    let mut decks = Vec::new();
    while let Some(word) = first_word(&title[start..shown]).filter(|word| is_deck(word)) {
        decks.push(word);
        start = title[start..shown].find(word).map_or(start, |at| start + at + word.len());
    }
    if title[start..shown].trim().is_empty() {
        return None;
    }
    let below = tag_lines(walked, line.end, end);
    tags.extend(below.iter().flat_map(|line| text[line.clone()].split_whitespace()));
    let is_same = tags.is_empty() && start == 0 && above.is_empty();
    if is_same {
        return None;
    }
    let at = line.start + from;
    out.append(walked.version, line.start..at);
    let gap = title[start..shown].len() - title[start..shown].trim_start().len();
    out.push(" ");
    out.append(walked.version, at + start + gap..at + start + title[start..shown].trim_end().len());
    let (named, tags): (Vec<&str>, Vec<&str>) = tags.into_iter().partition(|tag| is_deck(tag));
    decks.extend(named);
    decks.retain(|tag| names_deck(tag));
    if decks.is_empty() {
        decks = above.iter().map(String::as_str).collect();
    }
    let tags = tags.into_iter().map(clean_tag).filter(|tag| !tag.is_empty());
    let tags = tags.map(|tag| format!(".{tag}"));
    let tags = tags.chain(make_attributes(&decks)).collect::<Vec<_>>().join(" ");
    if let Some(braces) = braces {
        out.push(&format!(" {{{tags}"));
        out.push(if tags.is_empty() { "" } else { " " });
        out.append(walked.version, at + braces.start..at + braces.end);
    } else if !tags.is_empty() {
        out.push(&format!(" {{{tags}}}"));
    }
    out.append(walked.version, line.start + inner.len()..line.end);
    out.end_line();
    Some(match below.last() {
        Some(last) => {
            // What separates them from the text below stays.
            out.push("\n");
            last.end
        }
        None => line.end,
    })
}

/// Takes the tags off the end of a text; returns where it ends then.
fn strip_tags<'t>(text: &'t str, end: usize, tags: &mut Vec<&'t str>) -> usize {
    let mut end = end;
    while let Some(word) = last_word(&text[..end]).filter(|word| is_tag(word)) {
        tags.insert(0, word);
        end = text[..end].trim_end().len() - word.len();
    }
    end
}

/// Returns the lines right below a question that hold nothing but tags, if there is more below them.
fn tag_lines(walked: Walked<'_>, from: usize, end: usize) -> Vec<Range<usize>> {
    let text = &walked.version.text;
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = from;
    while at < end {
        let line = at..text[at..end].find('\n').map_or(end, |end| at + end + 1);
        let words = || text[line.clone()].split_whitespace();
        let is_blank = words().next().is_none();
        if !is_blank && !words().all(is_tag) {
            break;
        }
        if !is_blank {
            found.push(line.clone());
        }
        at = line.end;
    }
    let rest = text[at.min(end)..end].trim_start();
    let has_more =
        !rest.is_empty() && !["# ", "## ", "### "].iter().any(|sign| rest.starts_with(sign));
    if has_more { found } else { Vec::new() }
}

fn last_word(text: &str) -> Option<&str> {
    text.split_whitespace().next_back()
}

fn first_word(text: &str) -> Option<&str> {
    text.split_whitespace().next()
}

/// Returns a line without the mark of a card at its end, `#card`, which is none within another one.
pub(super) fn without_mark(line: &str) -> &str {
    let shown = line.trim_end();
    let word = shown.split_whitespace().next_back().unwrap_or_default();
    let name = word.trim_start_matches('#').trim_start_matches("[[").trim_end_matches("]]");
    let is_mark = word.len() > name.len() && ["card", "flashcard", "flashcards"].contains(&name);
    let before = shown[..shown.len() - word.len()].trim_end();
    if is_mark && !before.is_empty() { before } else { line }
}
