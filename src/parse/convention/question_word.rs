//! Questions with a label in a heading or in bold: `### Q: …`, `## Q. …`, `#### Q5 …`, `**Question
//! 3:** …`.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, Row, rows};
use super::document::{Document, Heading, marker};
use super::heuristics;
use super::labels;
use super::prompt::{
    Pieces, find_closing_bracket, longest_prefix, number_width, pieces, question_word_width,
    strip_decoration, strip_wrappers,
};
use super::question_form::{has_question_mark, in_brackets, is_question_like};
use super::recognizer_input::RecognizerInput;
use super::vocabulary;
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let mut candidates = Vec::new();
    for line in 0..doc.lines.len() {
        if !input.is_free(line) || doc.open_text(line).is_empty() {
            continue;
        }
        if let Some(heading) = doc.heading_at(line) {
            let asked = parse_labelled(doc.text, heading.title.clone(), true);
            if let Some(prompt) =
                asked.filter(|prompt| !is_answer_label(input, &candidates, prompt, heading))
            {
                let (prompt, more) = split_remark(doc.text, drop_label(doc.text, prompt));
                let below = find_question_below(doc, heading, &prompt);
                let title = |heading: &Heading| {
                    vec![strip_decoration(
                        doc.text,
                        strip_wrappers(doc.text, heading.title.clone()),
                    )]
                };
                let prompt = below.map_or(prompt, title);
                let extent = AnswerExtent::Below {
                    line: below.unwrap_or(heading).below,
                    level: heading.level,
                    column: if heading.is_item { heading.column } else { 0 },
                    beside: Vec::new(),
                };
                candidates.push(Candidate { more, ..make_candidate(line, prompt, extent) });
            }
        } else if let Some((mut prompt, beside, column)) = parse_bold_line(doc, line)
            .filter(|(prompt, ..)| !is_label(input, &candidates, line, prompt))
        {
            let below = extend_prompt(doc, line, &mut prompt);
            let extent = AnswerExtent::Below { line: below, level: 7, column, beside };
            let (prompt, more) = split_remark(doc.text, prompt);
            candidates.push(Candidate { more, ..make_candidate(line, prompt, extent) });
        }
    }
    merge_with_headings(input, &mut candidates);
    // One question within much else is a figure of speech.
    let are_quarters = !input.is_question_bank
        && candidates.iter().all(|candidate| is_quarter(doc.text, candidate));
    let is_one = input.is_requested
        || (!are_quarters
            && (candidates.len() > 1 || heuristics::covers_enough(input, &candidates, 3)));
    if is_one { candidates } else { Vec::new() }
}

/// Finds the heading that asks right below one that is only a label, as `## Question 5`.
fn find_question_below<'d>(
    doc: &'d Document<'_>,
    heading: &Heading,
    prompt: &Pieces,
) -> Option<&'d Heading> {
    let below = doc.heading_at(doc.next_nonblank(heading.below))?;
    let after = doc.headings.partition_point(|other| other.line <= below.line);
    let mut inside = doc.headings[after..].iter().take_while(|other| other.level > heading.level);
    let asks_itself = prompt.iter().any(|piece| is_question_like(&doc.text[piece.clone()]));
    let is_one = below.level > heading.level
        && is_question_like(&doc.text[below.title.clone()])
        && question_word_width(&doc.text[below.title.clone()]).is_none();
    (is_one && !asks_itself && inside.all(|other| other.level > below.level)).then_some(below)
}

/// Returns whether a heading labels the answer of the last question: `Question 1 - Answer`.
fn is_answer_label(
    input: &RecognizerInput<'_>,
    candidates: &[Candidate],
    prompt: &Pieces,
    heading: &Heading,
) -> bool {
    let doc = input.doc;
    let above = candidates.last().and_then(|last| doc.heading_at(last.line));
    let before = |above: &Heading, start: usize| {
        let width = start - heading.title.start;
        doc.text[above.title.clone()].starts_with(&doc.text[heading.title.start..][..width])
    };
    let is_same = prompt.first().zip(above).is_some_and(|(p, above)| before(above, p.start));
    let title = &doc.text[heading.title.clone()];
    is_same && labels::answer(title, input.answer_labels).is_some_and(|l| l.after == title.len())
}

/// Returns whether a bold label without a number belongs to the numbered heading above: `##
/// Question 3`, and below it a scenario and `**Question**: …`.
fn is_label(
    input: &RecognizerInput<'_>,
    candidates: &[Candidate],
    line: usize,
    prompt: &Pieces,
) -> bool {
    let doc = input.doc;
    let has_number = |line: usize, prompt: &Pieces| {
        let end = prompt.first().map_or(doc.lines[line].inner.end, |piece| piece.start);
        doc.text[doc.line_start(line)..end].contains(|c: char| c.is_ascii_digit())
    };
    let Some(last) = candidates.last().filter(|_| !has_number(line, prompt)) else { return false };
    let after = doc.headings.partition_point(|heading| heading.line <= last.line);
    let is_open = doc.headings.get(after).is_none_or(|next| next.line > line);
    let is_counted = doc.heading_at(last.line).is_some() && has_number(last.line, &last.prompt);
    let is_answer =
        |line: usize| labels::answer(doc.open_text(line), input.answer_labels).is_some();
    is_open && is_counted && !(last.line + 1..line).any(is_answer)
}

/// Splits a prompt that consists of remarks in brackets into no prompt and the remarks.
fn split_remark(text: &str, prompt: Pieces) -> (Pieces, Vec<Row>) {
    let snippet: String = prompt.iter().map(|piece| &text[piece.clone()]).collect();
    if !in_brackets(&snippet) {
        return (prompt, Vec::new());
    }
    (Pieces::new(), prompt.into_iter().map(Row::text).collect())
}

/// Empties a prompt that is only another label, `Question 1 - Problem`, or the same in another
/// language: `Question 1 / Frage 1`.
fn drop_label(text: &str, prompt: Pieces) -> Pieces {
    let is_word = |piece: &Range<usize>| {
        let snippet = &text[piece.clone()];
        let is_same = snippet.strip_prefix(['/', '|', '／']).is_some_and(|other| {
            let words = other.trim_end_matches(|c: char| c.is_numeric());
            words.len() < other.len() && words.split_whitespace().count() <= 2
        });
        let label = || labels::question(&format!("# {snippet}"));
        is_same || label().is_some_and(|label| label.after == snippet.len() + 2)
    };
    let is_bare = matches!(&prompt[..], [piece] if is_word(piece));
    if is_bare { Pieces::new() } else { prompt }
}

/// Merges a bold question with the heading right above it, if that asks and is above no other
/// question: `### What is it?` and `**Question:** …` are one.
fn merge_with_headings(input: &RecognizerInput<'_>, candidates: &mut [Candidate]) {
    let doc = input.doc;
    for at in 0..candidates.len() {
        let AnswerExtent::Below { level: 7, .. } = candidates[at].extent else { continue };
        let below = doc.headings.partition_point(|heading| heading.line < candidates[at].line);
        let Some(above) = below.checked_sub(1) else { continue };
        let heading = &doc.headings[above];
        let end = doc.headings.get(below).map_or(doc.lines.len(), |next| next.line);
        let is_only = candidates.get(at + 1).is_none_or(|next| next.line >= end);
        let is_right_below = doc.next_nonblank(heading.below) == candidates[at].line;
        if !is_only || !is_right_below || !input.is_free(heading.line) {
            continue;
        }
        let title = strip_decoration(doc.text, strip_wrappers(doc.text, heading.title.clone()));
        let width = number_width(&doc.text[title.clone()]).unwrap_or_default();
        let title = strip_decoration(doc.text, title.start + width..title.end);
        if has_question_mark(&doc.text[title.clone()]) {
            let line = heading.below;
            let extent = AnswerExtent::Below { line, level: 7, column: 0, beside: Vec::new() };
            candidates[at] = make_candidate(heading.line, vec![title], extent);
        }
    }
}

/// Returns whether a candidate may be a quarter of a year: `Q3 results`.
fn is_quarter(text: &str, candidate: &Candidate) -> bool {
    let Some(first) = candidate.prompt.first() else { return false };
    let label = text[..first.start].trim_end_matches([' ', ':', '*', '_', '-', '–', '—']);
    let word = label.strip_suffix(['1', '2', '3', '4']);
    word.is_some_and(|word| word.ends_with(['Q', 'q'])) && !is_question_like(&text[first.clone()])
}

fn make_candidate(line: usize, prompt: Pieces, extent: AnswerExtent) -> Candidate {
    let is_item = matches!(&extent, AnswerExtent::Below { level: 7, column: 1.., .. });
    let convention = if is_item { Convention::NestedList } else { Convention::QuestionWord };
    Candidate { convention, line, prompt, more: Vec::new(), extent }
}

/// Parses a bold line with a label, or a line whose label is bold.
fn parse_bold_line(doc: &Document<'_>, line: usize) -> Option<(Pieces, Vec<Row>, usize)> {
    let whole = doc.lines[line].inner.clone();
    let snippet = &doc.text[whole.clone()];
    let shown = snippet.trim_start_matches(|c: char| !c.is_alphanumeric() && !"*_<".contains(c));
    if !shown.starts_with("**") && !shown.starts_with("__") && !shown.starts_with('<') {
        // A number may stand before: `1. **Q: …`.
        marker(snippet)?;
    }
    let width = marker(snippet).unwrap_or_default();
    let column = if width > 0 { doc.lines[line].column + width } else { 0 };
    let range = strip_decoration(doc.text, whole.start + width..whole.end);
    let snippet = &doc.text[range.clone()];
    let is_bold = ["**", "__", "<b>", "<strong>"].iter().any(|open| snippet.starts_with(open));
    if !is_bold {
        return None;
    }
    let prompt = parse_labelled(doc.text, range, false)?;
    let (prompt, beside) = beside(doc, prompt);
    Some((prompt, beside, column))
}

/// How many lines a bold question may have.
const LINES: usize = 4;

/// Adds the lines below to a question in bold that does not end on its own line, and says where the
/// next line is.
fn extend_prompt(doc: &Document<'_>, line: usize, prompt: &mut Pieces) -> usize {
    let snippet = doc.line_text(line);
    let Some(candidate) =
        ["**", "__"].into_iter().find(|candidate| snippet.matches(candidate).count() == 1)
    else {
        return line + 1;
    };
    let below = line + 1..line + LINES;
    let below =
        below.take_while(|at| !doc.open_text(*at).is_empty() && doc.heading_at(*at).is_none());
    let lines: Vec<usize> = below.collect();
    let Some(last) = lines.iter().position(|at| doc.line_text(*at).contains(candidate)) else {
        return line + 1;
    };
    if !doc.line_text(lines[last]).ends_with(candidate)
        || doc.line_text(lines[last]).matches(candidate).count() > 1
    {
        return line + 1;
    }
    for at in &lines[..last] {
        prompt.push(doc.lines[*at].inner.clone());
    }
    let inner = doc.lines[lines[last]].inner.clone();
    prompt.push(inner.start..inner.end - candidate.len());
    lines[last] + 1
}

/// Splits a prompt from an answer on the same line: `**Q:** Why? **A:** Because.`
pub(super) fn beside(doc: &Document<'_>, mut prompt: Pieces) -> (Pieces, Vec<Row>) {
    let Some(last) = prompt.last_mut() else { return (prompt, Vec::new()) };
    let snippet = &doc.text[last.clone()];
    let signs =
        ["**A:**", "**A**:", "**Answer:**", "**Answer**:", "**Ans:**", "__A:__", "<b>A:</b>"];
    let cut = signs.iter().filter_map(|sign| snippet.find(sign)).min().or_else(|| {
        let at =
            ["? A: ", "? Answer: ", "? Ans: "].iter().filter_map(|sign| snippet.find(sign)).min();
        at.map(|at| at + 2)
    });
    let Some(cut) = cut else { return (prompt, Vec::new()) };
    let answer = last.start + cut..last.end;
    *last = strip_wrappers(doc.text, last.start..last.start + cut);
    prompt.retain(|piece| !piece.is_empty());
    (prompt, rows(doc, answer))
}

/// Returns the width of the name of the asker: `Interviewer: What is it?`
fn asker_width(text: &str) -> Option<usize> {
    let word = longest_prefix(text, vocabulary::ASKER.iter().copied())?;
    let behind = text[word..].trim_start().strip_prefix([':', '：'])?.trim_start();
    is_question_like(behind).then_some(text.len() - behind.len())
}

/// Returns the prompt behind the label of a question, if a text begins with one.
pub(super) fn parse_labelled(text: &str, range: Range<usize>, is_heading: bool) -> Option<Pieces> {
    let mut range = strip_wrappers(text, strip_decoration(text, strip_wrappers(text, range)));
    let mut close = None;
    for (open, closing) in [("**", "**"), ("__", "__"), ("<b>", "</b>"), ("<strong>", "</strong>")]
    {
        if text[range.clone()].starts_with(open) {
            range.start += open.len();
            close = Some(closing);
            break;
        }
    }
    range = strip_decoration(text, range);
    let snippet = &text[range.clone()];
    if let Some(link) = snippet.strip_prefix('[')
        && let Some(end) = find_closing_bracket(link)
    {
        let width = question_word_width(link)?;
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
        let found = pieces(text, strip_decoration(text, range), close);
        return Some(found.into_iter().filter(|piece| !piece.is_empty()).collect());
    }
    let after_number = number_width(snippet).filter(|_| is_heading).unwrap_or_default();
    let shown = strip_decoration(text, range.start + after_number..range.end);
    let snippet = &text[shown.clone()];
    let width =
        question_word_width(snippet).or_else(|| asker_width(snippet).filter(|_| is_heading))?;
    let found = pieces(text, strip_decoration(text, shown.start + width..shown.end), close);
    Some(found.into_iter().filter(|piece| !piece.is_empty()).collect())
}
