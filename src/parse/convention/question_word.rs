//! `### Q: …`, `## Q. …`, `#### Q5 …`, `**Question 3:** …`: a word before a question says that it
//! is one, in a heading or in bold.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, Row, rows};
use super::document::{Document, Heading, marker};
use super::heuristics;
use super::labels;
use super::prompt::{
    Pieces, asks, closing, has_mark, in_brackets, longest, number, pieces, question_word,
    undecorated, unwrapped,
};
use super::recognizer_input::RecognizerInput;
use super::vocabulary;
use crate::model::Convention;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let mut marks = Vec::new();
    for line in 0..doc.lines.len() {
        if !search.is_free(line) || doc.open(line).is_empty() {
            continue;
        }
        if let Some(heading) = doc.heading(line) {
            let asked = asked(doc.text, heading.title.clone(), true);
            if let Some(prompt) =
                asked.filter(|prompt| !answers_last(search, &marks, prompt, heading))
            {
                let (prompt, more) = without_remark(doc.text, without_word(doc.text, prompt));
                let below = question_below(doc, heading, &prompt);
                let title = |heading: &Heading| {
                    vec![undecorated(doc.text, unwrapped(doc.text, heading.title.clone()))]
                };
                let prompt = below.map_or(prompt, title);
                let extent = AnswerExtent::Below {
                    line: below.unwrap_or(heading).below,
                    level: heading.level,
                    column: if heading.is_item { heading.column } else { 0 },
                    beside: Vec::new(),
                };
                marks.push(Candidate { more, ..mark(line, prompt, extent) });
            }
        } else if let Some((mut prompt, beside, column)) =
            bold(doc, line).filter(|(prompt, ..)| !is_label(search, &marks, line, prompt))
        {
            let below = goes_on(doc, line, &mut prompt);
            let extent = AnswerExtent::Below { line: below, level: 7, column, beside };
            let (prompt, more) = without_remark(doc.text, prompt);
            marks.push(Candidate { more, ..mark(line, prompt, extent) });
        }
    }
    below_headings(search, &mut marks);
    // One question within much else is a figure of speech.
    let is_one = search.is_told
        || (!marks.iter().all(|mark| is_quarter(doc.text, mark))
            && (marks.len() > 1 || heuristics::covers(search, &marks, 3)));
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

/// Whether a heading says that the answer to the last question follows: `Question 1 - Answer`.
fn answers_last(
    search: &RecognizerInput<'_>,
    marks: &[Candidate],
    prompt: &Pieces,
    heading: &Heading,
) -> bool {
    let doc = search.doc;
    let above = marks.last().and_then(|last| doc.heading(last.line));
    let before = |above: &Heading, start: usize| {
        let width = start - heading.title.start;
        doc.text[above.title.clone()].starts_with(&doc.text[heading.title.start..][..width])
    };
    let is_same = prompt.first().zip(above).is_some_and(|(p, above)| before(above, p.start));
    let title = &doc.text[heading.title.clone()];
    is_same && labels::answer(title, search.answers).is_some_and(|l| l.after == title.len())
}

/// Whether a word in bold without a number only says where the question of the heading above is asked,
/// which has one: `## Question 3`, and below it a scenario and `**Question**: …`.
fn is_label(
    search: &RecognizerInput<'_>,
    marks: &[Candidate],
    line: usize,
    prompt: &Pieces,
) -> bool {
    let doc = search.doc;
    let has_number = |line: usize, prompt: &Pieces| {
        let end = prompt.first().map_or(doc.lines[line].inner.end, |piece| piece.start);
        doc.text[doc.start(line)..end].contains(|c: char| c.is_ascii_digit())
    };
    let Some(last) = marks.last().filter(|_| !has_number(line, prompt)) else { return false };
    let after = doc.headings.partition_point(|heading| heading.line <= last.line);
    let is_open = doc.headings.get(after).is_none_or(|next| next.line > line);
    let is_counted = doc.heading(last.line).is_some() && has_number(last.line, &last.prompt);
    let is_answer = |line: usize| labels::answer(doc.open(line), search.answers).is_some();
    is_open && is_counted && !(last.line + 1..line).any(is_answer)
}

/// What is asked, if it is more than remarks in brackets, and else these.
fn without_remark(text: &str, prompt: Pieces) -> (Pieces, Vec<Row>) {
    let says: String = prompt.iter().map(|piece| &text[piece.clone()]).collect();
    if !in_brackets(&says) {
        return (prompt, Vec::new());
    }
    (Pieces::new(), prompt.into_iter().map(Row::text).collect())
}

/// What is asked, if it is more than a word for a question: `Question 1 - Problem` asks nothing.
fn without_word(text: &str, prompt: Pieces) -> Pieces {
    let is_word = |piece: &Range<usize>| {
        let says = &text[piece.clone()];
        labels::question(&format!("# {says}")).is_some_and(|label| label.after == says.len() + 2)
    };
    let is_bare = matches!(&prompt[..], [piece] if is_word(piece));
    if is_bare { Pieces::new() } else { prompt }
}

/// Moves a question in bold up to the heading right above it, if that asks and is about no other:
/// `### What is it?` and then `**Question:** …` are one.
fn below_headings(search: &RecognizerInput<'_>, marks: &mut [Candidate]) {
    let doc = search.doc;
    for at in 0..marks.len() {
        let AnswerExtent::Below { level: 7, .. } = marks[at].extent else { continue };
        let below = doc.headings.partition_point(|heading| heading.line < marks[at].line);
        let Some(above) = below.checked_sub(1) else { continue };
        let heading = &doc.headings[above];
        let end = doc.headings.get(below).map_or(doc.lines.len(), |next| next.line);
        let is_only = marks.get(at + 1).is_none_or(|next| next.line >= end);
        let is_right_below = doc.visible(heading.below) == marks[at].line;
        if !is_only || !is_right_below || !search.is_free(heading.line) {
            continue;
        }
        let title = undecorated(doc.text, unwrapped(doc.text, heading.title.clone()));
        let width = number(&doc.text[title.clone()]).unwrap_or_default();
        let title = undecorated(doc.text, title.start + width..title.end);
        if has_mark(&doc.text[title.clone()]) {
            let line = heading.below;
            let extent = AnswerExtent::Below { line, level: 7, column: 0, beside: Vec::new() };
            marks[at] = mark(heading.line, vec![title], extent);
        }
    }
}

/// Whether a mark may be a part of a year, as in `Q3 results`.
fn is_quarter(text: &str, mark: &Candidate) -> bool {
    let Some(first) = mark.prompt.first() else { return false };
    let word = text[..first.start].trim_end().strip_suffix(['1', '2', '3', '4']);
    word.is_some_and(|word| word.ends_with(['Q', 'q'])) && !asks(&text[first.clone()])
}

fn mark(line: usize, prompt: Pieces, extent: AnswerExtent) -> Candidate {
    let is_item = matches!(&extent, AnswerExtent::Below { level: 7, column: 1.., .. });
    let convention = if is_item { Convention::NestedList } else { Convention::QuestionWord };
    Candidate { convention, line, prompt, more: Vec::new(), extent }
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

/// How wide the word is for who asks: `Interviewer: What is it?`
fn asker(text: &str) -> Option<usize> {
    let word = longest(text, vocabulary::ASKER.iter().copied())?;
    let behind = text[word..].trim_start().strip_prefix([':', '：'])?.trim_start();
    asks(behind).then_some(text.len() - behind.len())
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
    let says = &text[shown.clone()];
    let width = question_word(says).or_else(|| asker(says).filter(|_| is_heading))?;
    let found = pieces(text, undecorated(text, shown.start + width..shown.end), close);
    Some(found.into_iter().filter(|piece| !piece.is_empty()).collect())
}
