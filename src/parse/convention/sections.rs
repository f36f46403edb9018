//! The sections below a question: the rest of its text, the answer, key points.

use std::ops::Range;

use super::candidate::{Row, RowKind};
use super::document::{bare, marker};
use super::file_context::FileContext;
use super::fold::{self, SummaryKind};
use super::prompt::strip_wrappers;
use super::question_form::{has_question_mark, in_brackets};
use super::{boilerplate, labels, options};

/// A part of a question below its first line.
#[derive(Debug, Default)]
pub(in crate::parse) struct Part {
    /// The rows of it.
    pub rows: Vec<Row>,
    /// The column where the text of its list item begins; 0 outside lists.
    pub column: usize,
}

/// The sections of a question.
#[derive(Debug, Default)]
pub(in crate::parse) struct Sections {
    /// The line that asks, if it is below the first line of the question.
    pub asked: Option<Range<usize>>,
    /// The rest of the question, options included.
    pub prompt: Part,
    /// The answer.
    pub answer: Part,
    /// Whether the answer has a label or the like, so that the text above it belongs to the
    /// question.
    pub is_labelled: bool,
    /// The list of key points.
    pub key_points: Option<Part>,
    /// The text that was skipped, each with the reason.
    pub skipped: Vec<(Range<usize>, &'static str)>,
}

/// Splits the rows below the first line of a question into sections. If that line does not ask, as
/// in `## Question 5`, the text of the question is looked for below it.
pub(in crate::parse) fn read(
    context: FileContext<'_>,
    rows: Vec<Row>,
    column: usize,
    is_asked: bool,
) -> Sections {
    let mut sections = Sections::default();
    let text = context.text;
    let rows = boilerplate::remove_back_links(text, rows, &mut sections.skipped);
    let rows = boilerplate::remove_shared_endings(text, rows, context.last, &mut sections.skipped);
    let mut answer = remove_quote(context, replace_folds(context, rows));
    let mut prompt: Vec<Row> = Vec::new();
    let mut inner = column;
    if let Some(label) = find_label(context, &answer) {
        prompt = answer.drain(..label.row).collect();
        prompt.truncate(label.first);
        let row = Row::text(label.after..answer[0].range.end.max(label.after));
        answer[0] = Row { skips: label.skips.collect(), ..row };
        inner = label.column.unwrap_or(column);
        sections.is_labelled = true;
    }
    let is_points = |row: &Row| {
        let snippet = row.trimmed(text);
        let width = marker(snippet).unwrap_or_default();
        let label = || labels::key_points(&snippet[width..], &context.config.key_point_labels);
        row.kind == RowKind::Text && label().is_some()
    };
    if let Some(at) = answer.iter().position(is_points) {
        let rows = boilerplate::trim_rows(text, answer.split_off(at).split_off(1));
        sections.key_points = Some(Part { rows, column: inner });
    }
    if sections.is_labelled {
        options::tick(context, &mut prompt, &mut answer);
    } else if options::are_subquestions(text, &answer) {
        prompt = std::mem::take(&mut answer);
        sections.is_labelled = true;
    } else if let Some(end) = options::split_off_prompt(context, &mut answer) {
        prompt = answer.drain(..end).collect();
        sections.is_labelled = true;
    }
    if is_asked && sections.is_labelled {
        remove_second_label(text, &mut prompt);
    } else if !is_asked {
        if !sections.is_labelled {
            (prompt, answer) = split_paragraph(text, answer);
            // Options are no answer.
            if options::are_lettered(text, &answer) && options::are_only_options(text, &answer) {
                prompt.append(&mut answer);
            }
            sections.is_labelled = true;
        }
        sections.asked = take_question_line(text, &mut prompt);
    }
    let mut part = |rows: Vec<Row>, column: usize| {
        let rows = boilerplate::trim_rows(text, rows);
        if !boilerplate::is_placeholder(text, &rows) {
            return Part { rows, column };
        }
        let places =
            rows.iter().map(|row| row.trimmed_range(text)).filter(|place| !place.is_empty());
        sections.skipped.extend(places.map(|place| (place, "a placeholder")));
        Part { rows: Vec::new(), column }
    };
    let (prompt, answer) = (part(prompt, column), part(answer, inner));
    Sections { prompt, answer, ..sections }
}

/// Removes a second label for the question from the rows below it.
fn remove_second_label(text: &str, rows: &mut [Row]) {
    let Some(at) = rows.iter().position(|row| !row.trimmed(text).is_empty()) else { return };
    let inner = rows[at].trimmed_range(text);
    if rows[at].kind == RowKind::Text
        && let Some(label) = labels::second_question(&text[inner.clone()])
    {
        rows[at].range.start = inner.start + label.after;
    }
}

/// Splits rows into the first paragraph and the rest.
fn split_paragraph(text: &str, mut rows: Vec<Row>) -> (Vec<Row>, Vec<Row>) {
    let is_blank = |row: &Row| row.trimmed(text).is_empty();
    let first = rows.iter().position(|row| !is_blank(row)).unwrap_or(rows.len());
    let end = first + rows[first..].iter().take_while(|row| !is_blank(row)).count();
    let below = rows.split_off(end);
    (rows, below)
}

/// Removes the line that asks from the rows of a question, and returns its place. It is the line
/// behind or below a label for the question, or else the first line of text.
fn take_question_line(text: &str, rows: &mut Vec<Row>) -> Option<Range<usize>> {
    let is_text = |row: &Row| row.kind == RowKind::Text && !row.trimmed(text).is_empty();
    let label = rows.iter().enumerate().find_map(|(at, row)| {
        let inner = row.trimmed_range(text);
        let width = marker(&text[inner.clone()]).unwrap_or_default();
        let label = labels::question(&text[inner.start + width..inner.end])?;
        is_text(row).then(|| (at, inner.start + width + label.after..inner.end))
    });
    if let Some((at, rest)) = label {
        if rest.is_empty() {
            rows.remove(at);
        } else {
            rows[at].range = rest;
        }
        // What stands above the label, as a level or a scenario, comes after what is asked.
        let above: Vec<Row> = rows.drain(..at).collect();
        let is_blank = |row: &Row| row.trimmed(text).is_empty();
        let start = rows.iter().take_while(|row| is_blank(row)).count();
        let end = start + rows[start..].iter().take_while(|row| !is_blank(row)).count();
        let gap = rows[..end].last().map_or(0..0, |row| row.range.end..row.range.end);
        rows.splice(end..end, [Row::text(gap)].into_iter().chain(above));
    }
    let is_line = |row: &Row| is_text(row) && !opens_block(row.trimmed(text));
    let mut visible = rows.iter().take_while(|row| row.kind == RowKind::Text);
    let own = visible.position(|row| is_line(row) && !is_remark(row.trimmed(text)));
    let first = own.or_else(|| rows.iter().position(|row| !row.trimmed(text).is_empty()))?;
    let mut range = rows[first].trimmed_range(text);
    if let Some(quote) = text[range.clone()].strip_prefix('>') {
        range.start = range.end - quote.trim_start().len();
    }
    if rows[first].kind != RowKind::Text || opens_block(&text[range.clone()]) {
        return None;
    }
    rows.remove(first);
    // What stands above the question, as a level or a category, comes after it.
    if first > 0 {
        let count = rows.iter().skip(first).take_while(|row| !row.trimmed(text).is_empty()).count();
        rows[..first + count].rotate_left(first);
        let gap = rows[..count].last().map_or(0..0, |row| row.range.end..row.range.end);
        rows.insert(count, Row::text(gap));
    }
    Some(strip_wrappers(text, range))
}

/// Returns whether a line is a remark about a question: `**Category:** logic`, `Level 1`.
fn is_remark(snippet: &str) -> bool {
    if in_brackets(snippet) {
        return true;
    }
    let is_short = snippet.split_whitespace().count() <= 2 && !has_question_mark(snippet);
    let label = snippet.strip_prefix("**").and_then(|rest| rest.split_once("**"));
    is_short
        || label.is_some_and(|(bold, after)| bold.ends_with([':', '：']) || after.starts_with(':'))
}

/// Returns whether a line begins a list, a table, a quote, an image or HTML.
fn opens_block(snippet: &str) -> bool {
    marker(snippet).is_some() || snippet.starts_with(['|', '>', '!', '<'])
}

/// Replaces the tags and summaries of folds around an answer by an empty label.
fn replace_folds(context: FileContext<'_>, rows: Vec<Row>) -> Vec<Row> {
    let text = context.text;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return rows };
    let (start, end) = (first.range.start, last.range.end);
    let from = context.folds.partition_point(|fold| fold.whole.start < start);
    let mut cuts: Vec<(Range<usize>, bool)> = Vec::new();
    let mut quotes: Vec<Range<usize>> = Vec::new();
    for fold in context.folds[from..].iter().take_while(|fold| fold.whole.start < end) {
        if fold.summary_kind(text, &context.config.answer_labels) == SummaryKind::Answer {
            cuts.push((fold.whole.start..fold.content.start, true));
            cuts.push((fold.content.end..fold.whole.end, false));
            quotes.extend(fold.is_callout.then(|| fold.content.clone()));
        }
    }
    if cuts.is_empty() {
        return rows;
    }
    cuts.sort_by_key(|(range, _)| range.start);
    let mut kept = Vec::with_capacity(rows.len());
    let mut cuts = cuts.into_iter().peekable();
    let mut skip = 0;
    for row in rows {
        if skip > row.range.end {
            continue;
        }
        let mut start = row.range.start.max(skip);
        while let Some((range, opens)) = cuts.next_if(|(range, _)| range.start < row.range.end) {
            if range.start > start {
                kept.push(Row { range: start..range.start, ..row.clone() });
            }
            if opens {
                kept.push(Row { kind: RowKind::Label, ..Row::text(range.start..range.start) });
            }
            (start, skip) = (range.end, range.end);
        }
        if start < row.range.end || start == row.range.start {
            let mut row = Row { range: start..row.range.end, ..row };
            let after = quotes.partition_point(|quote| quote.start <= start);
            if after.checked_sub(1).is_some_and(|at| start < quotes[at].end) {
                fold::remove_quote_sign(text, &mut row);
            }
            kept.push(row);
        }
    }
    kept
}

/// Removes the `>`s of a quote that begins with a label for the answer.
fn remove_quote(context: FileContext<'_>, mut rows: Vec<Row>) -> Vec<Row> {
    let text = context.text;
    let inner = |row: &Row| {
        let inner = row.trimmed_range(text);
        let rest = text[inner.clone()].strip_prefix('>')?;
        Some(inner.end - rest.strip_prefix(' ').unwrap_or(rest).len())
    };
    let is_label = |row: &Row| {
        let start = inner(row).filter(|_| row.kind == RowKind::Text);
        start.is_some_and(|start| {
            let snippet = text[start..row.range.end].trim();
            labels::answer(snippet, &context.config.answer_labels).is_some()
        })
    };
    let first = rows.iter().position(is_label).unwrap_or(rows.len());
    for row in &mut rows[first..] {
        let Some(start) = inner(row) else { break };
        row.range.start = start;
    }
    rows
}

/// The place of the label of an answer.
struct Found {
    /// The first row that is no longer part of the question.
    first: usize,
    /// The row of the label.
    row: usize,
    /// Where the answer begins.
    after: usize,
    /// The bytes behind it that close the emphasis around it.
    skips: Range<usize>,
    /// The column of its text, if it is in a list item.
    column: Option<usize>,
}

/// Finds the first label of an answer.
fn find_label(context: FileContext<'_>, rows: &[Row]) -> Option<Found> {
    let added = &context.config.answer_labels;
    let mut found = None;
    for (at, row) in rows.iter().enumerate() {
        if row.kind == RowKind::Label {
            let (after, skips) = (row.range.end, 0..0);
            found = Some(Found { first: at, row: at, after, skips, column: None });
        } else if row.kind == RowKind::Text {
            let inner = row.trimmed_range(context.text);
            let snippet = &context.text[inner.clone()];
            let width = marker(snippet).unwrap_or_default();
            let is_option = || options::is_first_option(context.text, &rows[at..]);
            let label = labels::answer(&snippet[width..], added);
            if let Some(label) = label.filter(|_| !is_option()) {
                let column = row.column(context.text) + width;
                let after = inner.start + width + label.after;
                let column = (width > 0).then_some(column);
                let start = inner.start + width;
                let skips = start + label.close.start..start + label.close.end;
                found = Some(Found { first: at, row: at, after, skips, column });
            }
        }
        if found.is_some() {
            break;
        }
    }
    let found = found?;
    Some(find_second_label(context, rows, &found).unwrap_or(found))
}

/// Finds a second label right below the summary of a fold: `<summary>Answer</summary>**Answer:**
/// …`.
fn find_second_label(context: FileContext<'_>, rows: &[Row], found: &Found) -> Option<Found> {
    let is_fold = rows[found.row].kind == RowKind::Label;
    let below = rows.iter().enumerate().skip(found.row + 1);
    let mut visible = below.filter(|(_, row)| !row.trimmed(context.text).is_empty());
    let (at, row) = visible
        .find(|(_, row)| !boilerplate::is_only_tags(row.trimmed(context.text)))
        .filter(|_| is_fold)?;
    let inner = row.trimmed_range(context.text);
    let snippet = boilerplate::strip_leading_tags(bare(&context.text[inner.clone()]));
    let label = labels::answer(snippet, &context.config.answer_labels);
    let label = label.filter(|_| row.kind == RowKind::Text)?;
    let start = inner.end - snippet.len();
    let after = start + label.after;
    let skips = start + label.close.start..start + label.close.end;
    Some(Found { first: found.first, row: at, after, skips, column: None })
}
