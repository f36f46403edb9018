//! Questions in list items: `- **Question**: …` followed by `- **Answer**: …`; or an item that asks
//! or holds a label, with the answer nested in it.

use std::collections::BTreeMap;

use super::candidate::{AnswerExtent, Candidate, Row, RowKind, rows};
use super::document::Document;
use super::document::is_thematic_break;
use super::document::marker;
use super::heuristics;
use super::labels;
use super::options;
use super::prompt::{strip_decoration, strip_wrappers};
use super::question_form::has_question_mark;
use super::question_word::{beside, parse_labelled};
use super::recognizer_input::RecognizerInput;
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut open: Option<usize> = None;
    let (mut answered, mut settled) = (Vec::new(), Vec::new());
    for at in 0..doc.lines.len() {
        let snippet = doc.open_text(at);
        let Some(width) = marker(snippet).filter(|_| input.is_free(at)) else { continue };
        let line = &doc.lines[at];
        let range = strip_decoration(doc.text, line.inner.start + width..line.inner.end);
        if let Some(prompt) = parse_labelled(doc.text, range.clone(), false)
            && doc.heading_at(at).is_none()
            && !prompt.is_empty()
        {
            let (prompt, beside) = beside(doc, prompt);
            open = beside.is_empty().then_some(candidates.len());
            answered.push(!beside.is_empty());
            let below = find_end(input, at, line.column, false);
            let mut rows = rows(doc, doc.line_start(at + 1)..doc.line_start(below));
            rows.splice(..0, beside);
            settled.push(options::has_options(doc.text, &rows));
            let column = line.column + width;
            let extent = AnswerExtent::Within { rows, column, below };
            let convention = Convention::NestedList;
            candidates.push(Candidate { convention, line: at, prompt, more: Vec::new(), extent });
        } else if let Some(open) =
            open.take_if(|_| labels::answer(&doc.text[range], input.answer_labels).is_some())
        {
            answered[open] = true;
        }
    }
    // If most items of a section have an answer or options, the others are questions, too.
    let section = |line: usize| doc.headings.partition_point(|heading| heading.line <= line);
    let mut sections: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let (all, known) = sections.entry(section(candidate.line)).or_default();
        *all += 1;
        *known += usize::from(answered[at] || settled[at]);
    }
    let mut answered = answered.into_iter();
    candidates.retain(|candidate| {
        let (all, known) = sections[&section(candidate.line)];
        answered.next().unwrap_or_default() || (known >= 2 && known * 3 >= all * 2)
    });
    if candidates.is_empty() { find_asking_items(input) } else { candidates }
}

/// How many items without a label must ask and have nested text.
const ENOUGH: usize = 3;

/// How many must, so that the other items of a file that promises questions are questions, too.
const MANY: usize = 6;

/// How many must, if ticked options are nested in them.
const TICKED: usize = 2;

/// Finds outermost items that ask, if nearly all that have nested text do.
fn find_asking_items(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let mut candidates: Vec<Candidate> = Vec::new();
    // Items that do not ask.
    let mut others: Vec<Candidate> = Vec::new();
    let (mut holding, mut labelled, mut ticked, mut floor) = (0, 0, 0, 0);
    // The line below the last item without nested text.
    let mut bare = None;
    for at in 0..doc.lines.len() {
        let line = &doc.lines[at];
        let Some(width) = marker(doc.open_text(at)) else { continue };
        if at < floor || line.column > 1 || !input.is_free(at) || doc.heading_at(at).is_some() {
            continue;
        }
        let range = line.inner.start + width..line.inner.end;
        let title = strip_decoration(doc.text, strip_wrappers(doc.text, range));
        if options::has_letter(&doc.text[title.clone()]) {
            continue;
        }
        // Lines beside an item belong to it only if they are an answer or ticked options.
        let within = find_end(input, at, line.column, false);
        let beside = find_end(input, at, line.column, true);
        let mut inner = rows(doc, doc.line_start(at + 1)..doc.line_start(beside));
        let label = find_answer_label(input, &inner);
        let is_ticked = options::have_ticks(doc.text, &inner);
        floor = if label.is_some() || is_ticked { beside } else { within };
        inner.retain(|row| row.range.start < doc.line_start(floor));
        // A label in an item of its own is the answer of an item that asks, no sign of a question.
        let is_own = |row: &Row| marker(row.trimmed(doc.text)).is_none();
        let is_labelled = label.and_then(|row| inner.get(row)).is_some_and(is_own);
        if doc.next_nonblank(at + 1) >= floor {
            bare = Some(floor);
            continue;
        }
        // If only the last of some items has an answer, they are options, and this is the last one.
        let is_asking = has_question_mark(&doc.text[title.clone()]);
        let is_option = bare.is_some_and(|below| doc.next_nonblank(below) == at);
        if is_option && !is_asking {
            continue;
        }
        holding += 1;
        labelled += usize::from(is_labelled);
        let column = line.column + width;
        let extent = AnswerExtent::Within { rows: inner, column, below: floor };
        let (convention, prompt) = (Convention::NestedList, vec![title]);
        let candidate = Candidate { convention, line: at, prompt, more: Vec::new(), extent };
        if is_labelled || is_asking {
            ticked += usize::from(is_ticked);
            candidates.push(candidate);
        } else {
            others.push(candidate);
        }
    }
    // Where the file promises questions, most of its items decide on the others.
    let share = if input.is_question_bank { 5 } else { 8 };
    let is_made_of_them = (candidates.len() >= ENOUGH || ticked >= TICKED)
        && candidates.len() * 10 >= holding * share
        && (labelled.max(ticked) * 10 >= candidates.len() * 8
            || heuristics::covers_enough(input, &candidates, 2));
    if !input.is_requested && !is_made_of_them {
        return Vec::new();
    }
    if input.is_question_bank && candidates.len() >= MANY {
        candidates.append(&mut others);
        candidates.sort_by_key(|candidate| candidate.line);
    } else {
        add_members(doc, &mut candidates, others);
    }
    candidates
}

/// Adds the items that do not ask, but whose numbers go on from or lead up to a question next to
/// them.
fn add_members(doc: &Document<'_>, candidates: &mut Vec<Candidate>, others: Vec<Candidate>) {
    let number = |candidate: &Candidate| {
        let snippet = doc.open_text(candidate.line);
        let digits = snippet.bytes().take_while(u8::is_ascii_digit).count();
        snippet[..digits].parse::<u64>().ok()
    };
    let numbers: Vec<(usize, u64)> =
        candidates.iter().filter_map(|c| Some((c.line, number(c)?))).collect();
    if numbers.len() < ENOUGH || others.len() * 3 > numbers.len() {
        return;
    }
    let section = |line: usize| doc.headings.partition_point(|heading| heading.line <= line);
    let is_member = |other: &Candidate| {
        let Some(own) = number(other) else { return false };
        let next = numbers.partition_point(|(line, _)| *line < other.line);
        let before = next.checked_sub(1).map(|at| numbers[at]).filter(|(_, n)| n + 1 == own);
        let after = numbers.get(next).copied().filter(|(_, n)| own + 1 == *n);
        before.or(after).is_some_and(|(line, _)| section(line) == section(other.line))
    };
    candidates.extend(others.into_iter().filter(is_member));
    candidates.sort_by_key(|candidate| candidate.line);
}

/// Finds the row with the label of an answer.
fn find_answer_label(input: &RecognizerInput<'_>, rows: &[Row]) -> Option<usize> {
    let text = input.doc.text;
    let is_label = |at: &usize| {
        let snippet = rows[*at].trimmed(text);
        let shown = &snippet[marker(snippet).unwrap_or_default()..];
        // A single letter, as `A:`, is an option.
        let is_letter = shown
            .chars()
            .filter(|c| !c.is_ascii_punctuation())
            .nth(1)
            .is_none_or(|second| !second.is_alphabetic());
        rows[*at].kind == RowKind::Text
            && !is_letter
            && labels::answer(shown, input.answer_labels).is_some()
            && !options::is_first_option(text, &rows[*at..])
    };
    (0..rows.len()).find(is_label)
}

/// Returns the line below an item and its answer, which may be nested in it or beside it. With
/// `is_wide`, options beside it and their continuation lines belong to it, too.
fn find_end(input: &RecognizerInput<'_>, at: usize, column: usize, is_wide: bool) -> usize {
    let doc = input.doc;
    let (mut last, mut is_beside) = (at, false);
    // How many items the list below a label has so far.
    let mut listed: Option<u64> = None;
    for next in at + 1..doc.lines.len() {
        let line = &doc.lines[next];
        if line.inner.is_empty() {
            continue;
        }
        let snippet = doc.open_text(next);
        if doc.heading_at(next).is_some() {
            break;
        }
        if line.column <= column && !line.is_closed {
            let width = marker(snippet);
            let range = line.inner.start + width.unwrap_or_default()..line.inner.end;
            let shown = &doc.text[strip_decoration(doc.text, range)];
            let label = labels::answer(shown, input.answer_labels);
            let is_label = label.is_some();
            let digits = snippet.bytes().take_while(u8::is_ascii_digit).count();
            let value = snippet[..digits].parse().ok();
            let is_next = |count: u64| digits == 0 || value == Some(count + 1);
            if width.is_some() && listed.is_some_and(is_next) && !has_question_mark(shown) {
                listed = listed.map(|count| count + 1);
                last = next;
                continue;
            }
            listed = label.filter(|l| is_wide && l.after == shown.len()).map(|_| 0);
            // In Markdown, a line right below is a lazy continuation of the paragraph.
            let goes_on =
                || width.is_none() && is_beside && last + 1 == next && !is_thematic_break(snippet);
            let is_more = is_wide
                && (options::starts_with_box(snippet) || options::has_letter(shown) || goes_on());
            if !(is_label && (is_wide || width.is_some())) && !is_more {
                break;
            }
            is_beside = true;
        }
        last = next;
    }
    last + 1
}
