//! Numbered lines at the margin that ask, each with its answer on the lines below: `1. What is
//! it?`, `2、Why?`.
//!
//! Steps are numbered, too, and so are the parts of an answer. So most of the lines must ask, and a
//! list that begins again at 1 within an answer is a part of it. A numbered list below a heading
//! such as `Answers` is a key: each of its items is the answer to the question with its number.
//!
//! ```text
//! 1. What is the capital of France?
//! 2. What is the capital of Spain?
//!
//! Answers
//! 1. Paris
//! 2. Madrid
//! ```

use std::collections::BTreeSet;
use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, Row, RowKind, rows};
use super::document::is_thematic_break;
use super::document::marker;
use super::heuristics;
use super::prompt::{longest_prefix, number_width, strip_decoration, strip_wrappers};
use super::question_form::{has_question_mark, is_clear_question, is_question_like};
use super::recognizer_input::RecognizerInput;
use super::vocabulary;
use crate::model::Convention;

/// How many numbered lines a file must have.
const ENOUGH: usize = 3;

/// How many numbered lines in a row are questions in any case, if the file promises questions.
const COUNTED: usize = 8;

/// A numbered line.
struct Counted {
    line: usize,
    value: u64,
    /// Its text behind the number.
    title: Range<usize>,
    /// The lines of its answer in a key.
    key: Option<Range<usize>>,
}

/// Lines with consecutive numbers, and the line that ends them, if that is known.
#[derive(Default)]
struct Run {
    lines: Vec<Counted>,
    end: Option<usize>,
}

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    if !input.is_requested && !input.taken.is_empty() {
        return Vec::new();
    }
    let doc = input.doc;
    let snippet = |line: &Counted| &doc.text[line.title.clone()];
    let asking =
        |run: &Run| run.lines.iter().filter(|line| is_question_like(snippet(line))).count();
    let is_answered = |run: &Run| run.lines.iter().any(|line| line.key.is_some());
    let mut runs = find_runs(input);
    // A section may count something else than questions.
    runs.retain(|run| input.is_requested || is_answered(run) || asking(run) * 4 >= run.lines.len());
    let lines = || runs.iter().flat_map(|run| &run.lines);
    let all = lines().count();
    let clear = lines().filter(|line| has_question_mark(snippet(line))).count();
    let likely: usize = runs.iter().map(asking).sum();
    let is_counted = runs.iter().any(|run| run.lines.len() >= COUNTED);
    let is_asking = if input.is_question_bank {
        likely * 2 >= all || is_counted
    } else {
        clear * 3 >= all * 2 || (clear * 5 >= all && likely * 10 >= all * 9)
    };
    let has_keys = !runs.is_empty() && runs.iter().all(is_answered);
    if !input.is_requested && (all < ENOUGH || !(is_asking || has_keys)) {
        return Vec::new();
    }
    let starts: Vec<usize> = lines().map(|line| line.line).collect();
    let mut candidates = Vec::with_capacity(all);
    for run in runs {
        let last = run.lines.len() - 1;
        for (at, line) in run.lines.into_iter().enumerate() {
            let next = starts.get(candidates.len() + 1).copied();
            let end = run.end.filter(|_| at == last).into_iter().chain(next).min();
            candidates.push(make_candidate(input, line, end));
        }
    }
    go_on(input, &mut candidates);
    if input.is_requested
        || heuristics::covers_enough(input, &candidates, 2 + usize::from(has_keys))
    {
        candidates
    } else {
        Vec::new()
    }
}

/// Finds the runs of numbered lines; each begins with number 1.
fn find_runs(input: &RecognizerInput<'_>) -> Vec<Run> {
    let doc = input.doc;
    let mut runs: Vec<Run> = Vec::new();
    // The number of the last item that is a part of an answer.
    let mut part = 0;
    let (mut floor, mut answered, mut is_labelled) = (0, 0, false);
    for line in 0..doc.lines.len() {
        if line < floor {
            continue;
        }
        let label = parse_key(input, line);
        // Where one line has a label of its own, the others have, too.
        is_labelled |= label.as_ref().is_some_and(|key| !is_key(&mut runs[answered..], key));
        if let Some(key) = label.filter(|_| !is_labelled) {
            assign_answers(&mut runs[answered..], &key);
            if let Some(run) = runs.last_mut() {
                run.end = Some(line);
            }
            (answered, part) = (runs.len(), 0);
            floor = key.last().map_or(line, |(_, lines)| lines.end);
            continue;
        }
        let Some(counted) = parse_numbered_line(input, line) else { continue };
        let last = runs[answered..].last().and_then(|run| run.lines.last());
        let snippet = &doc.text[counted.title.clone()];
        let heading = doc.headings.partition_point(|heading| heading.line < line);
        let is_apart = last.is_none_or(|last| {
            let is_rule =
                |line: usize| is_thematic_break(doc.open_text(line)) && doc.lines[line].column == 0;
            heading.checked_sub(1).is_some_and(|at| doc.headings[at].line > last.line)
                || (counted.value == 1 && (last.line..line).any(is_rule))
        });
        let is_next = last.is_some_and(|last| last.value + 1 == counted.value);
        // A number left out, or twice.
        let is_near = last.is_some_and(|last| counted.value.abs_diff(last.value) <= 2);
        let is_anew = counted.value == 1 && (is_apart || is_clear_question(snippet));
        if is_anew {
            runs.push(Run { lines: vec![counted], end: None });
        } else if counted.value == part + 1 && !(is_next && is_clear_question(snippet)) && !is_apart
        {
            part = counted.value;
            continue;
        } else if let Some(run) = runs[answered..]
            .last_mut()
            .filter(|_| is_next || (is_near && is_question_like(snippet)))
        {
            run.lines.push(counted);
        } else {
            continue;
        }
        part = 0;
    }
    runs
}

/// Parses the key that begins on a line: the numbers of questions, each with the lines of its
/// answer.
fn parse_key(input: &RecognizerInput<'_>, line: usize) -> Option<Vec<(u64, Range<usize>)>> {
    let doc = input.doc;
    let snippet = doc.open_text(line).trim_start_matches(['#', '*', '_', ' ']);
    let word =
        longest_prefix(snippet, vocabulary::ANSWER.iter().copied()).filter(|width| *width > 3)?;
    let is_title = snippet[word..].split_whitespace().count() < 6 && !snippet.ends_with(['.', '?']);
    if !is_title || line.checked_sub(1).is_some_and(|above| !doc.line_text(above).is_empty()) {
        return None;
    }
    let mut items: Vec<(u64, Range<usize>)> = Vec::new();
    for at in line + 1..doc.lines.len() {
        let Some(item) = parse_numbered_line(input, at) else { continue };
        let last = items.last().map_or(0, |(value, _)| *value);
        let is_near = items.last().map_or(line, |(_, lines)| lines.end) + 8 > at;
        if item.value <= last || !is_near {
            break;
        }
        let end = (at..doc.lines.len()).find(|end| {
            doc.line_text(*end).is_empty()
                || (*end > at && parse_numbered_line(input, *end).is_some())
        });
        items.push((item.value, at..end.unwrap_or(doc.lines.len())));
    }
    Some(items)
}

/// Returns the lines that a key may answer. If numbers occur twice, these are the lines of the last
/// run.
fn open_lines(runs: &mut [Run]) -> Vec<&mut Counted> {
    let values = runs.iter().flat_map(|run| &run.lines).map(|line| line.value);
    let is_unique = values.clone().collect::<BTreeSet<_>>().len() == values.count();
    let from = if is_unique { 0 } else { runs.len() - 1 };
    runs[from..].iter_mut().flat_map(|run| &mut run.lines).collect()
}

/// Returns whether a key has answers to most lines, and hardly any other items.
fn is_key(runs: &mut [Run], key: &[(u64, Range<usize>)]) -> bool {
    let lines = open_lines(runs);
    let is_in = |line: &&&mut Counted| key.iter().any(|(value, _)| *value == line.value);
    let matching = lines.iter().filter(is_in).count();
    matching >= 2 && matching * 2 >= lines.len() && matching * 3 >= key.len() * 2
}

/// Assigns the answers of a key to the lines with their numbers.
fn assign_answers(runs: &mut [Run], key: &[(u64, Range<usize>)]) {
    for line in open_lines(runs) {
        let own = key.iter().find(|(value, _)| *value == line.value);
        line.key = own.map(|(_, lines)| lines.clone());
    }
}

/// Parses a numbered line, if it stands at the margin.
fn parse_numbered_line(input: &RecognizerInput<'_>, line: usize) -> Option<Counted> {
    let doc = input.doc;
    let snippet = doc.open_text(line);
    let digits = snippet.bytes().take_while(u8::is_ascii_digit).count();
    let behind = snippet[digits..].strip_prefix(['.', '、', '．', ')', '）'])?;
    let is_free = input.is_free(line) && doc.heading_at(line).is_none();
    let is_part =
        snippet[digits..].starts_with('.') && behind.starts_with(|c: char| c.is_ascii_digit());
    let is_number = digits > 0 && !is_part;
    if !is_free || !is_number || doc.lines[line].column > 1 {
        return None;
    }
    let inner = doc.lines[line].inner.clone();
    let range = inner.start + number_width(snippet)?..inner.end;
    let title = strip_decoration(doc.text, strip_wrappers(doc.text, range.clone()));
    let is_link = heuristics::find_link_target(&doc.text[range]).is_some();
    let value = snippet[..digits].parse().ok()?;
    (!is_link && !title.is_empty()).then_some(Counted { line, value, title, key: None })
}

/// Makes a candidate of a numbered line, whose answer ends above the line `next` or a heading.
fn make_candidate(input: &RecognizerInput<'_>, counted: Counted, next: Option<usize>) -> Candidate {
    let doc = input.doc;
    let Counted { line, title, key, .. } = counted;
    let after = doc.headings.partition_point(|heading| heading.line <= line);
    let heading = doc.headings.get(after).map(|heading| heading.line);
    let last = || heuristics::find_footer(doc).max(line + 1);
    let mut below = next.into_iter().chain(heading).min().unwrap_or_else(last);
    // A line above the first of some may count chapters: `二、`.
    let above = (line + 1..below).rev().find(|at| !doc.line_text(*at).is_empty());
    let is_chapter = |at: &usize| {
        let snippet = doc.open_text(*at);
        next == Some(below)
            && number_width(snippet).is_some()
            && !snippet.starts_with(|c: char| c.is_ascii())
    };
    below = above.filter(is_chapter).unwrap_or(below);
    let column = doc.lines[line].column + marker(doc.open_text(line)).unwrap_or_default();
    let mut all = rows(doc, doc.line_start(line + 1)..doc.line_start(below));
    if let Some(lines) = key {
        let start = doc.lines[lines.start].inner.start;
        let start = start + number_width(doc.line_text(lines.start)).unwrap_or_default();
        all.push(Row { kind: RowKind::Label, ..Row::text(start..start) });
        all.extend(rows(doc, start..doc.line_start(lines.end)));
    }
    let extent = AnswerExtent::Within { rows: all, column, below };
    let convention = Convention::NumberedList;
    Candidate { convention, line, prompt: vec![title], more: Vec::new(), extent }
}

/// Adds the lines right below a question to it, if most questions have none: then these are its
/// text, not its answer.
fn go_on(input: &RecognizerInput<'_>, candidates: &mut [Candidate]) {
    let text = input.doc.text;
    let is_text = |row: &Row| !row.trimmed(text).is_empty();
    let bare = |candidate: &Candidate| match &candidate.extent {
        AnswerExtent::Within { rows, .. } => !rows.iter().any(is_text),
        _ => false,
    };
    if candidates.iter().filter(|candidate| bare(candidate)).count() * 2 <= candidates.len() {
        return;
    }
    for candidate in candidates {
        if let AnswerExtent::Within { rows, .. } = &mut candidate.extent {
            let goes_on = |row: &&Row| is_text(row) && row.kind == RowKind::Text;
            let count = rows.iter().take_while(goes_on).count();
            candidate.prompt.extend(rows.drain(..count).map(|row| row.trimmed_range(text)));
        }
    }
}
