//! `### Q: …`, `## Q. …`, `#### Q5 …`, `**Question 3:** …`: a word before a question says that it
//! is one, in a heading or in bold.

use std::ops::Range;

use super::document::{Document, Heading, marker};
use super::evidence;
use super::mark::{Extent, Mark, Row, Search, rows};
use super::prompt::{Pieces, asks, closing, number, pieces, question_word, undecorated, unwrapped};
use crate::model::Convention;

pub(super) fn find(search: &Search<'_>) -> Vec<Mark> {
    let doc = search.doc;
    let mut marks = Vec::new();
    for line in 0..doc.lines.len() {
        if !search.is_free(line) || doc.open(line).is_empty() {
            continue;
        }
        if let Some(heading) = doc.heading(line) {
            if let Some(prompt) = asked(doc.text, heading.title.clone(), true) {
                let below = question_below(doc, heading, &prompt);
                let title = |heading: &Heading| {
                    vec![undecorated(doc.text, unwrapped(doc.text, heading.title.clone()))]
                };
                let prompt = below.map_or(prompt, title);
                let extent = Extent::Below {
                    line: below.unwrap_or(heading).below,
                    level: heading.level,
                    column: if heading.is_item { heading.column } else { 0 },
                    beside: Vec::new(),
                };
                marks.push(mark(line, prompt, extent));
            }
        } else if let Some((mut prompt, beside, column)) = bold(doc, line) {
            let below = goes_on(doc, line, &mut prompt);
            let extent = Extent::Below { line: below, level: 7, column, beside };
            marks.push(mark(line, prompt, extent));
        }
    }
    // One question within much else is a figure of speech.
    let is_one = search.is_told
        || (!marks.iter().all(|mark| is_quarter(doc.text, mark))
            && (marks.len() > 1 || evidence::covers(search, &marks, 3)));
    if is_one { marks } else { Vec::new() }
}

/// The heading right below another that only says which question this is, if it asks it.
fn question_below<'d>(
    doc: &'d Document<'_>,
    heading: &Heading,
    prompt: &Pieces,
) -> Option<&'d Heading> {
    let below = doc.heading(doc.visible(heading.below))?;
    let after = doc.headings.partition_point(|other| other.line <= below.line);
    let mut inside = doc.headings[after..].iter().take_while(|other| other.level > heading.level);
    let asks_itself = prompt.iter().any(|piece| asks(&doc.text[piece.clone()]));
    let is_one = below.level > heading.level
        && asks(&doc.text[below.title.clone()])
        && question_word(&doc.text[below.title.clone()]).is_none();
    (is_one && !asks_itself && inside.all(|other| other.level > below.level)).then_some(below)
}

/// Whether a mark may be a part of a year, as in `Q3 results`.
fn is_quarter(text: &str, mark: &Mark) -> bool {
    let Some(first) = mark.prompt.first() else { return false };
    let word = text[..first.start].trim_end().strip_suffix(['1', '2', '3', '4']);
    word.is_some_and(|word| word.ends_with(['Q', 'q'])) && !asks(&text[first.clone()])
}

fn mark(line: usize, prompt: Pieces, extent: Extent) -> Mark {
    let is_item = matches!(&extent, Extent::Below { level: 7, column: 1.., .. });
    let convention = if is_item { Convention::NestedList } else { Convention::QuestionWord };
    Mark { convention, line, prompt, more: Vec::new(), extent }
}

/// A line in bold with the word, or whose word is in bold.
fn bold(doc: &Document<'_>, line: usize) -> Option<(Pieces, Vec<Row>, usize)> {
    let whole = doc.lines[line].inner.clone();
    let says = &doc.text[whole.clone()];
    let shown = says.trim_start_matches(|c: char| !c.is_alphanumeric() && !"*_<".contains(c));
    if !shown.starts_with("**") && !shown.starts_with("__") && !shown.starts_with('<') {
        // A number may stand before: `1. **Q: …`.
        marker(says)?;
    }
    let width = marker(says).unwrap_or_default();
    let column = if width > 0 { doc.lines[line].column + width } else { 0 };
    let range = undecorated(doc.text, whole.start + width..whole.end);
    let says = &doc.text[range.clone()];
    let is_bold = ["**", "__", "<b>", "<strong>"].iter().any(|open| says.starts_with(open));
    if !is_bold {
        return None;
    }
    let prompt = asked(doc.text, range, false)?;
    let (prompt, beside) = beside(doc, prompt);
    Some((prompt, beside, column))
}

/// How many lines a question in bold has at most.
const LINES: usize = 4;

/// Adds the lines below to a question in bold that does not end on its own line, and says where the
/// next line is.
fn goes_on(doc: &Document<'_>, line: usize, prompt: &mut Pieces) -> usize {
    let says = doc.line(line);
    let Some(mark) = ["**", "__"].into_iter().find(|mark| says.matches(mark).count() == 1) else {
        return line + 1;
    };
    let below = line + 1..line + LINES;
    let below = below.take_while(|at| !doc.open(*at).is_empty() && doc.heading(*at).is_none());
    let lines: Vec<usize> = below.collect();
    let Some(last) = lines.iter().position(|at| doc.line(*at).contains(mark)) else {
        return line + 1;
    };
    if !doc.line(lines[last]).ends_with(mark) || doc.line(lines[last]).matches(mark).count() > 1 {
        return line + 1;
    }
    for at in &lines[..last] {
        prompt.push(doc.lines[*at].inner.clone());
    }
    let inner = doc.lines[lines[last]].inner.clone();
    prompt.push(inner.start..inner.end - mark.len());
    lines[last] + 1
}

/// Cuts off an answer that stands on the line of its question: `**Q:** Why? **A:** Because.`
pub(super) fn beside(doc: &Document<'_>, mut prompt: Pieces) -> (Pieces, Vec<Row>) {
    let Some(last) = prompt.last_mut() else { return (prompt, Vec::new()) };
    let says = &doc.text[last.clone()];
    let signs =
        ["**A:**", "**A**:", "**Answer:**", "**Answer**:", "**Ans:**", "__A:__", "<b>A:</b>"];
    let cut = signs.iter().filter_map(|sign| says.find(sign)).min().or_else(|| {
        let at = ["? A: ", "? Answer: ", "? Ans: "].iter().filter_map(|sign| says.find(sign)).min();
        at.map(|at| at + 2)
    });
    let Some(cut) = cut else { return (prompt, Vec::new()) };
    let answer = last.start + cut..last.end;
    *last = unwrapped(doc.text, last.start..last.start + cut);
    prompt.retain(|piece| !piece.is_empty());
    (prompt, rows(doc, answer))
}

/// What is asked behind the word, if the text begins with it.
pub(super) fn asked(text: &str, range: Range<usize>, is_heading: bool) -> Option<Pieces> {
    let mut range = unwrapped(text, undecorated(text, unwrapped(text, range)));
    let mut close = None;
    for (open, closing) in [("**", "**"), ("__", "__"), ("<b>", "</b>"), ("<strong>", "</strong>")]
    {
        if text[range.clone()].starts_with(open) {
            range.start += open.len();
            close = Some(closing);
            break;
        }
    }
    range = undecorated(text, range);
    let says = &text[range.clone()];
    if let Some(link) = says.strip_prefix('[')
        && let Some(end) = closing(link)
    {
        let width = question_word(link)?;
        if width < end {
            // The link stays, as it leads somewhere else; the word within it does not.
            let bracket = range.start..range.start + 1;
            return Some(vec![bracket, range.start + 1 + width..range.end]);
        }
        // A link around nothing but the word goes with it, and so do brackets.
        let behind = &link[end + 1..];
        let target = behind.strip_prefix('(').and_then(|target| target.find(')'));
        if target.is_none() && behind.starts_with(':') {
            return None;
        }
        let shown = behind[target.map_or(0, |at| at + 2)..]
            .trim_start_matches([' ', ':', '：', '.', ')', '-', '–', '—']);
        range.start = range.end - shown.len();
        let found = pieces(text, undecorated(text, range), close);
        return Some(found.into_iter().filter(|piece| !piece.is_empty()).collect());
    }
    let after_number = number(says).filter(|_| is_heading).unwrap_or_default();
    let shown = undecorated(text, range.start + after_number..range.end);
    let width = question_word(&text[shown.clone()])?;
    let found = pieces(text, undecorated(text, shown.start + width..shown.end), close);
    Some(found.into_iter().filter(|piece| !piece.is_empty()).collect())
}
