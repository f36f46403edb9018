//! Bold lines that ask, with the answer below or behind them: `**What is a closure?**`.
//!
//! Bold lines are also titles within answers, so they must ask. But lines of the same shape, for
//! example with a number before them, are questions together.

use std::collections::BTreeMap;
use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, Row};
use super::document::{Document, marker};
use super::heuristics;
use super::prompt::{is_emoji, number_width, strip_decoration, strip_wrappers};
use super::question_form::{has_question_mark, is_question_like};
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;
use crate::parse::attributes;

/// A bold line.
struct Line {
    candidate: Candidate,
    shape: Shape,
}

/// The shape of a line: lines with the same one are judged together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    head: Head,
    tail: Tail,
}

/// The beginning of a line, before or right behind its stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Head {
    Nothing,
    Bullet,
    Number,
}

/// The end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tail {
    Nothing,
    Emoji,
    Text,
}

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let free = (0..doc.lines.len()).filter(|line| input.is_free(*line));
    let lines: Vec<Line> = free.filter_map(|line| parse_line(input, line)).collect();
    let snippet = |line: &Line| &doc.text[line.candidate.prompt[0].clone()];
    let mut shapes: BTreeMap<Shape, (usize, usize, usize)> = BTreeMap::new();
    for line in &lines {
        let (all, asking, marked) = shapes.entry(line.shape).or_default();
        *all += 1;
        *asking += usize::from(is_question_like(snippet(line)));
        *marked += usize::from(has_question_mark(snippet(line)));
    }
    let all_marked: usize = shapes.values().map(|(_, _, marked)| marked).sum();
    if !input.is_requested && all_marked < 2 {
        return Vec::new();
    }
    let is_one = |line: &Line| {
        let (all, asking, marked) = shapes[&line.shape];
        let is_marked = has_question_mark(snippet(line));
        let Shape { head, tail } = line.shape;
        let is_odd = head != Head::Nothing || tail == Tail::Emoji;
        let is_alike = is_odd && marked >= 2 && asking * 10 >= all * 6;
        let is_counted = head == Head::Number && input.is_question_bank && all >= 5;
        let is_asked = is_marked || (input.is_question_bank && is_question_like(snippet(line)));
        is_alike || is_counted || (is_asked && (tail != Tail::Text || marked * 2 >= all))
    };
    let mut lines: Vec<Line> = lines.into_iter().filter(is_one).collect();
    move_remarks(doc, &mut lines);
    // Items within the answers to other bold lines are parts of these.
    let items = lines.iter().filter(|line| line.shape.head == Head::Bullet).count();
    if items * 2 < lines.len() {
        lines.retain(|line| line.shape.head != Head::Bullet);
    }
    let candidates: Vec<Candidate> = lines.into_iter().map(|line| line.candidate).collect();
    if input.is_requested
        || input.is_question_bank
        || heuristics::covers_enough(input, &candidates, 2)
    {
        candidates
    } else {
        Vec::new()
    }
}

/// Moves the text behind the stars to the questions, if it is no answer: all of them are list items
/// with nothing below, and behind the stars is nothing, a remark in brackets, or another question.
fn move_remarks(doc: &Document<'_>, lines: &mut [Line]) {
    let is_bare = |line: usize| {
        let snippet = doc.open_text(line);
        snippet.is_empty() || marker(snippet).is_some() || doc.heading_at(line).is_some()
    };
    let is_apart = lines.windows(2).all(|pair| {
        let mut between = pair[0].candidate.line + 1..pair[1].candidate.line;
        between.all(is_bare)
    });
    let beside = |line: &Line| match &line.candidate.extent {
        AnswerExtent::Below { beside, .. } => beside.first().map(|row| row.trimmed_range(doc.text)),
        _ => None,
    };
    let is_remark = |range: &Range<usize>| {
        let snippet = &doc.text[range.clone()];
        has_question_mark(snippet)
            || (snippet.starts_with('(') && snippet.trim_end_matches('.').ends_with(')'))
    };
    let all: Vec<_> = lines.iter().filter_map(beside).collect();
    let is_more = lines.iter().all(|line| line.shape.head != Head::Nothing)
        && is_apart
        && all.len() < lines.len()
        && all.iter().all(is_remark);
    for line in lines.iter_mut().filter(|_| is_more) {
        if let AnswerExtent::Below { beside, .. } = &mut line.candidate.extent {
            let places = beside.drain(..).map(|row| row.trimmed_range(doc.text));
            let spaced = |range: Range<usize>| {
                range.start - usize::from(doc.text[..range.start].ends_with(' '))..range.end
            };
            line.candidate.prompt.extend(places.map(spaced));
        }
    }
}

/// Parses a line that begins with bold text.
fn parse_line(input: &RecognizerInput<'_>, line: usize) -> Option<Line> {
    let doc = input.doc;
    if doc.open_text(line).is_empty()
        || doc.heading_at(line).is_some()
        || is_second_line(input, line)
    {
        return None;
    }
    let whole = doc.lines[line].inner.clone();
    let width = marker(&doc.text[whole.clone()]).unwrap_or_default();
    let mut range = strip_decoration(doc.text, whole.start + width..whole.end);
    let outer = number_width(&doc.text[range.clone()]).unwrap_or_default();
    range.start += outer;
    let snippet = doc.text[range.clone()].trim_end_matches(['\\', ' ']);
    let open =
        ["**", "__", "<b>", "<strong>"].into_iter().find(|open| snippet.starts_with(open))?;
    let close = match open {
        "<b>" => "</b>",
        "<strong>" => "</strong>",
        same => same,
    };
    let inner = &snippet[open.len()..];
    let end = inner.find(close)?;
    let start = range.start + open.len();
    let mut title = strip_decoration(doc.text, strip_wrappers(doc.text, start..start + end));
    let within = number_width(&doc.text[title.clone()]).unwrap_or_default();
    title.start += within;
    let title = strip_decoration(doc.text, strip_wrappers(doc.text, title));
    let rest = start + end + close.len();
    let mut rest = rest..(range.start + snippet.len()).max(rest);
    let braces = attributes::find(&doc.text[rest.clone()]).map(|(end, _)| rest.start + end);
    let braces = braces.map(|end| end..std::mem::replace(&mut rest.end, end));
    let behind = doc.text[rest.clone()].trim_end_matches("<br>").trim_end_matches("<br/>").trim();
    let is_tail = behind.chars().all(|c| is_emoji(c) || c.is_whitespace() || "?:.".contains(c));
    let shown = behind.trim_start_matches(['-', '–', '—', ':', ' ']);
    // A label or the first words of a sentence are in bold, too.
    let shape_asks = outer > 0 && is_question_like(&doc.text[title.clone()]);
    let is_sentence = !is_tail
        && !has_question_mark(&doc.text[title.clone()])
        && !shape_asks
        && !shown.starts_with('[');
    if title.is_empty() || is_sentence {
        return None;
    }
    let text = doc.text[title.clone()].chars().rev().take(4);
    let emoji = |c: char| is_emoji(c) && !matches!(c, '\u{fe0f}' | '\u{200d}');
    let has_emoji = text.chain(behind.chars().filter(|_| is_tail)).any(emoji);
    let gap = doc.text[rest.clone()].len()
        - doc.text[rest.clone()].trim_start_matches(['-', '–', '—', ':', ' ']).len();
    let beside = if is_tail { Vec::new() } else { vec![Row::text(rest.start + gap..rest.end)] };
    let column = if width > 0 { doc.lines[line].column + width } else { 0 };
    let mut prompt = vec![title];
    if is_tail && behind.chars().any(emoji) {
        // An emoji behind the stars belongs to the question as one before them does.
        prompt.push(rest);
    }
    prompt.extend(braces);
    let extent = AnswerExtent::Below { line: line + 1, level: 7, column, beside };
    let convention = Convention::Bold;
    let candidate = Candidate { convention, line, prompt, more: Vec::new(), extent };
    let head = match (outer + within, width) {
        (0, 0) => Head::Nothing,
        (0, _) => Head::Bullet,
        _ => Head::Number,
    };
    let tail = match has_emoji {
        _ if !is_tail => Tail::Text,
        true => Tail::Emoji,
        false => Tail::Nothing,
    };
    let shape = Shape { head, tail };
    Some(Line { candidate, shape })
}

/// Returns whether a line is a continuation of the paragraph above it.
fn is_second_line(input: &RecognizerInput<'_>, line: usize) -> bool {
    let doc = input.doc;
    let Some(above) = line.checked_sub(1) else { return false };
    let snippet = doc.line_text(above);
    let closes = snippet.ends_with('>') || snippet.starts_with("---") || doc.lines[above].is_closed;
    !snippet.is_empty()
        && doc.heading_at(above).is_none()
        && !closes
        && marker(doc.line_text(line)).is_none()
}
