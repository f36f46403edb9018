//! `**A bold line that asks something?**`, with its answer below or behind it.
//!
//! Bold lines are also titles within answers, so what counts is what asks; and lines of one shape,
//! as with a number or in a list with a link behind them, are questions together.

use std::collections::BTreeMap;
use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, Row};
use super::document::{Document, marker};
use super::heuristics;
use super::prompt::{asks, has_mark, is_emoji, number, undecorated, unwrapped};
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;
use crate::parse::attributes;

/// A bold line.
struct Line {
    mark: Candidate,
    shape: Shape,
}

/// What lines of one kind have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    head: Head,
    tail: Tail,
}

/// What stands before the stars, or right behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Head {
    Nothing,
    Bullet,
    Number,
}

/// What the line ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tail {
    Nothing,
    Emoji,
    Text,
}

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let free = (0..doc.lines.len()).filter(|line| search.is_free(*line));
    let lines: Vec<Line> = free.filter_map(|line| question(search, line)).collect();
    let says = |line: &Line| &doc.text[line.mark.prompt[0].clone()];
    let mut shapes: BTreeMap<Shape, (usize, usize, usize)> = BTreeMap::new();
    for line in &lines {
        let (all, asking, marked) = shapes.entry(line.shape).or_default();
        *all += 1;
        *asking += usize::from(asks(says(line)));
        *marked += usize::from(has_mark(says(line)));
    }
    let all_marked: usize = shapes.values().map(|(_, _, marked)| marked).sum();
    if !search.is_told && all_marked < 2 {
        return Vec::new();
    }
    let is_one = |line: &Line| {
        let (all, asking, marked) = shapes[&line.shape];
        let is_marked = has_mark(says(line));
        let Shape { head, tail } = line.shape;
        let is_odd = head != Head::Nothing || tail == Tail::Emoji;
        let is_alike = is_odd && marked >= 2 && asking * 10 >= all * 6;
        let is_counted = head == Head::Number && search.is_bank && all >= 5;
        let is_asked = is_marked || (search.is_bank && asks(says(line)));
        is_alike || is_counted || (is_asked && (tail != Tail::Text || marked * 2 >= all))
    };
    let mut lines: Vec<Line> = lines.into_iter().filter(is_one).collect();
    ask_beside(doc, &mut lines);
    // Items within the answers to other bold lines are parts of these.
    let items = lines.iter().filter(|line| line.shape.head == Head::Bullet).count();
    if items * 2 < lines.len() {
        lines.retain(|line| line.shape.head != Head::Bullet);
    }
    let marks: Vec<Candidate> = lines.into_iter().map(|line| line.mark).collect();
    if search.is_told || search.is_bank || heuristics::covers(search, &marks, 2) {
        marks
    } else {
        Vec::new()
    }
}

/// Makes what stands behind the stars a part of the questions, if all of them are items of lists
/// with nothing below them, some have nothing there, and the others a remark in brackets or one
/// more question.
fn ask_beside(doc: &Document<'_>, lines: &mut [Line]) {
    let is_bare = |line: usize| {
        let says = doc.open(line);
        says.is_empty() || marker(says).is_some() || doc.heading(line).is_some()
    };
    let is_apart = lines.windows(2).all(|pair| {
        let mut between = pair[0].mark.line + 1..pair[1].mark.line;
        between.all(is_bare)
    });
    let beside = |line: &Line| match &line.mark.extent {
        AnswerExtent::Below { beside, .. } => beside.first().map(|row| row.inner(doc.text)),
        _ => None,
    };
    let is_remark = |range: &Range<usize>| {
        let says = &doc.text[range.clone()];
        has_mark(says) || (says.starts_with('(') && says.trim_end_matches('.').ends_with(')'))
    };
    let all: Vec<_> = lines.iter().filter_map(beside).collect();
    let is_more = lines.iter().all(|line| line.shape.head != Head::Nothing)
        && is_apart
        && all.len() < lines.len()
        && all.iter().all(is_remark);
    for line in lines.iter_mut().filter(|_| is_more) {
        if let AnswerExtent::Below { beside, .. } = &mut line.mark.extent {
            let places = beside.drain(..).map(|row| row.inner(doc.text));
            let spaced = |range: Range<usize>| {
                range.start - usize::from(doc.text[..range.start].ends_with(' '))..range.end
            };
            line.mark.prompt.extend(places.map(spaced));
        }
    }
}

/// A line that begins with what asks, in bold.
fn question(search: &RecognizerInput<'_>, line: usize) -> Option<Line> {
    let doc = search.doc;
    if doc.open(line).is_empty() || doc.heading(line).is_some() || is_second_line(search, line) {
        return None;
    }
    let whole = doc.lines[line].inner.clone();
    let width = marker(&doc.text[whole.clone()]).unwrap_or_default();
    let mut range = undecorated(doc.text, whole.start + width..whole.end);
    let outer = number(&doc.text[range.clone()]).unwrap_or_default();
    range.start += outer;
    let says = doc.text[range.clone()].trim_end_matches(['\\', ' ']);
    let open = ["**", "__", "<b>", "<strong>"].into_iter().find(|open| says.starts_with(open))?;
    let close = match open {
        "<b>" => "</b>",
        "<strong>" => "</strong>",
        same => same,
    };
    let inner = &says[open.len()..];
    let end = inner.find(close)?;
    let start = range.start + open.len();
    let mut title = undecorated(doc.text, unwrapped(doc.text, start..start + end));
    let within = number(&doc.text[title.clone()]).unwrap_or_default();
    title.start += within;
    let title = undecorated(doc.text, unwrapped(doc.text, title));
    let rest = start + end + close.len();
    let mut rest = rest..(range.start + says.len()).max(rest);
    let braces = attributes::find(&doc.text[rest.clone()]).map(|(end, _)| rest.start + end);
    let braces = braces.map(|end| end..std::mem::replace(&mut rest.end, end));
    let behind = doc.text[rest.clone()].trim_end_matches("<br>").trim_end_matches("<br/>").trim();
    let is_tail = behind.chars().all(|c| is_emoji(c) || c.is_whitespace() || "?:.".contains(c));
    let shown = behind.trim_start_matches(['-', '–', '—', ':', ' ']);
    // A label or the first words of a sentence are in bold, too.
    let is_sentence = !is_tail && !has_mark(&doc.text[title.clone()]) && !shown.starts_with('[');
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
    let mark = Candidate { convention, line, prompt, more: Vec::new(), extent };
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
    Some(Line { mark, shape })
}

/// Whether a line goes on with the paragraph above it.
fn is_second_line(search: &RecognizerInput<'_>, line: usize) -> bool {
    let doc = search.doc;
    let Some(above) = line.checked_sub(1) else { return false };
    let says = doc.line(above);
    let closes = says.ends_with('>') || says.starts_with("---") || doc.lines[above].is_closed;
    !says.is_empty() && doc.heading(above).is_none() && !closes && marker(doc.line(line)).is_none()
}
