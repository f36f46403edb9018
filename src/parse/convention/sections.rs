//! What stands below a question, taken apart: more of the question, the answer, key points.

use std::ops::Range;

use super::candidate::{Row, RowKind};
use super::document::{bare, marker};
use super::file_context::FileContext;
use super::fold::{self, Summary};
use super::prompt::{has_mark, in_brackets, unwrapped};
use super::{boilerplate, labels, options};

/// A part of a question below its first line.
#[derive(Debug, Default)]
pub(in crate::parse) struct Part {
    /// What it says.
    pub rows: Vec<Row>,
    /// The column where the text of its list item begins; 0 outside lists.
    pub column: usize,
}

/// All of them.
#[derive(Debug, Default)]
pub(in crate::parse) struct Sections {
    /// What the question asks, if it is not said on its own line.
    pub asked: Option<Range<usize>>,
    /// More of the question, options included.
    pub prompt: Part,
    /// The answer.
    pub answer: Part,
    /// Whether the answer is set apart, so that what stands above it is the question's.
    pub is_labelled: bool,
    /// Lists of key points.
    pub key_points: Option<Part>,
    /// What was left out, and why.
    pub left: Vec<(Range<usize>, &'static str)>,
}

/// Takes the rows below a question apart. Where its own line asks nothing, the question is what
/// stands below it.
pub(in crate::parse) fn read(
    context: FileContext<'_>,
    rows: Vec<Row>,
    column: usize,
    is_asked: bool,
) -> Sections {
    let mut sections = Sections::default();
    let text = context.text;
    let rows = boilerplate::without_links(text, rows, &mut sections.left);
    let rows = boilerplate::without_last(text, rows, context.last, &mut sections.left);
    let mut answer = unquoted(context, unfolded(context, rows));
    let mut prompt: Vec<Row> = Vec::new();
    let mut inner = column;
    if let Some(label) = first_label(context, &answer) {
        prompt = answer.drain(..label.row).collect();
        prompt.truncate(label.first);
        let row = Row::text(label.after..answer[0].range.end.max(label.after));
        answer[0] = Row { skips: label.skips.collect(), ..row };
        inner = label.column.unwrap_or(column);
        sections.is_labelled = true;
    }
    let is_points = |row: &Row| {
        let says = row.says(text);
        let width = marker(says).unwrap_or_default();
        let label = || labels::key_points(&says[width..], &context.config.key_point_labels);
        row.kind == RowKind::Text && label().is_some()
    };
    if let Some(at) = answer.iter().position(is_points) {
        let rows = boilerplate::trimmed(text, answer.split_off(at).split_off(1));
        sections.key_points = Some(Part { rows, column: inner });
    }
    if sections.is_labelled {
        options::tick(context, &mut prompt, &mut answer);
    } else if options::are_asked(text, &answer) {
        prompt = std::mem::take(&mut answer);
        sections.is_labelled = true;
    } else if let Some(end) = options::end(context, &mut answer) {
        prompt = answer.drain(..end).collect();
        sections.is_labelled = true;
    }
    if is_asked && sections.is_labelled {
        unlabelled(text, &mut prompt);
    } else if !is_asked {
        if !sections.is_labelled {
            (prompt, answer) = paragraph(text, answer);
            sections.is_labelled = true;
        }
        sections.asked = asked_below(text, &mut prompt);
    }
    let mut part = |rows: Vec<Row>, column: usize| {
        let rows = boilerplate::trimmed(text, rows);
        if !boilerplate::is_placeholder(text, &rows) {
            return Part { rows, column };
        }
        let places = rows.iter().map(|row| row.inner(text)).filter(|place| !place.is_empty());
        sections.left.extend(places.map(|place| (place, "a placeholder")));
        Part { rows: Vec::new(), column }
    };
    let (prompt, answer) = (part(prompt, column), part(answer, inner));
    Sections { prompt, answer, ..sections }
}

/// Takes the word that says once more that a question is one off the rows below it.
fn unlabelled(text: &str, rows: &mut [Row]) {
    let Some(at) = rows.iter().position(|row| !row.says(text).is_empty()) else { return };
    let inner = rows[at].inner(text);
    if rows[at].kind == RowKind::Text
        && let Some(label) = labels::question_again(&text[inner.clone()])
    {
        rows[at].range.start = inner.start + label.after;
    }
}

/// The first paragraph, and what is below it.
fn paragraph(text: &str, mut rows: Vec<Row>) -> (Vec<Row>, Vec<Row>) {
    let is_blank = |row: &Row| row.says(text).is_empty();
    let first = rows.iter().position(|row| !is_blank(row)).unwrap_or(rows.len());
    let end = first + rows[first..].iter().take_while(|row| !is_blank(row)).count();
    let below = rows.split_off(end);
    (rows, below)
}

/// Takes the line that asks out of the rows of a question: below a label for it, or the first.
fn asked_below(text: &str, rows: &mut Vec<Row>) -> Option<Range<usize>> {
    let is_text = |row: &Row| row.kind == RowKind::Text && !row.says(text).is_empty();
    let label = rows.iter().enumerate().find_map(|(at, row)| {
        let inner = row.inner(text);
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
        let is_blank = |row: &Row| row.says(text).is_empty();
        let start = rows.iter().take_while(|row| is_blank(row)).count();
        let end = start + rows[start..].iter().take_while(|row| !is_blank(row)).count();
        let gap = rows[..end].last().map_or(0..0, |row| row.range.end..row.range.end);
        rows.splice(end..end, [Row::text(gap)].into_iter().chain(above));
    }
    let is_line = |row: &Row| is_text(row) && !opens_block(row.says(text));
    let mut visible = rows.iter().take_while(|row| row.kind == RowKind::Text);
    let own = visible.position(|row| is_line(row) && !is_remark(row.says(text)));
    let first = own.or_else(|| rows.iter().position(|row| !row.says(text).is_empty()))?;
    let mut range = rows[first].inner(text);
    if let Some(quote) = text[range.clone()].strip_prefix('>') {
        range.start = range.end - quote.trim_start().len();
    }
    if rows[first].kind != RowKind::Text || opens_block(&text[range.clone()]) {
        return None;
    }
    rows.remove(first);
    // What stands above the question, as a level or a category, comes after it.
    if first > 0 {
        let count = rows.iter().skip(first).take_while(|row| !row.says(text).is_empty()).count();
        rows[..first + count].rotate_left(first);
        let gap = rows[..count].last().map_or(0..0, |row| row.range.end..row.range.end);
        rows.insert(count, Row::text(gap));
    }
    Some(unwrapped(text, range))
}

/// Whether a line says something about a question: `**Category:** logic`, `Level 1`.
fn is_remark(says: &str) -> bool {
    if in_brackets(says) {
        return true;
    }
    let is_short = says.split_whitespace().count() <= 2 && !has_mark(says);
    let label = says.strip_prefix("**").and_then(|rest| rest.split_once("**"));
    is_short
        || label.is_some_and(|(bold, after)| bold.ends_with([':', '：']) || after.starts_with(':'))
}

/// Whether a line cannot be a question by itself: an item of a list, a table, a picture.
fn opens_block(says: &str) -> bool {
    marker(says).is_some() || says.starts_with(['|', '>', '!', '<'])
}

/// Rows without the tags of folds that hold no more than the answer, and with a label instead.
fn unfolded(context: FileContext<'_>, rows: Vec<Row>) -> Vec<Row> {
    let text = context.text;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return rows };
    let (start, end) = (first.range.start, last.range.end);
    let from = context.folds.partition_point(|fold| fold.whole.start < start);
    let mut cuts: Vec<(Range<usize>, bool)> = Vec::new();
    let mut quotes: Vec<Range<usize>> = Vec::new();
    for fold in context.folds[from..].iter().take_while(|fold| fold.whole.start < end) {
        if fold.means(text, &context.config.answer_labels) == Summary::Answer {
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
                fold::unquote(text, &mut row);
            }
            kept.push(row);
        }
    }
    kept
}

/// Rows without the signs of the quote that the answer is in, if it begins with a label.
fn unquoted(context: FileContext<'_>, mut rows: Vec<Row>) -> Vec<Row> {
    let text = context.text;
    let inner = |row: &Row| {
        let inner = row.inner(text);
        let rest = text[inner.clone()].strip_prefix('>')?;
        Some(inner.end - rest.strip_prefix(' ').unwrap_or(rest).len())
    };
    let is_label = |row: &Row| {
        let start = inner(row).filter(|_| row.kind == RowKind::Text);
        start.is_some_and(|start| {
            let says = text[start..row.range.end].trim();
            labels::answer(says, &context.config.answer_labels).is_some()
        })
    };
    let first = rows.iter().position(is_label).unwrap_or(rows.len());
    for row in &mut rows[first..] {
        let Some(start) = inner(row) else { break };
        row.range.start = start;
    }
    rows
}

/// The label that opens an answer.
struct Found {
    /// The first row that is not the question's.
    first: usize,
    /// Its row.
    row: usize,
    /// Where the answer begins.
    after: usize,
    /// The bytes behind it that close the mark around it.
    skips: Range<usize>,
    /// The column of its text, if it is in an item of a list.
    column: Option<usize>,
}

fn first_label(context: FileContext<'_>, rows: &[Row]) -> Option<Found> {
    let added = &context.config.answer_labels;
    let mut found = None;
    for (at, row) in rows.iter().enumerate() {
        if row.kind == RowKind::Label {
            let (after, skips) = (row.range.end, 0..0);
            found = Some(Found { first: at, row: at, after, skips, column: None });
        } else if row.kind == RowKind::Text {
            let inner = row.inner(context.text);
            let says = &context.text[inner.clone()];
            let width = marker(says).unwrap_or_default();
            let is_option = || options::is_first(context.text, &rows[at..]);
            let label = labels::answer(&says[width..], added);
            if let Some(label) = label.filter(|_| !is_option()) {
                let column = inner.start - row.range.start + width;
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
    Some(label_below(context, rows, &found).unwrap_or(found))
}

/// The label that is the first thing in a fold that says the same.
fn label_below(context: FileContext<'_>, rows: &[Row], found: &Found) -> Option<Found> {
    let is_fold = rows[found.row].kind == RowKind::Label;
    let below = rows.iter().enumerate().skip(found.row + 1);
    let mut visible = below.filter(|(_, row)| !row.says(context.text).is_empty());
    let (at, row) = visible
        .find(|(_, row)| !boilerplate::is_tags(row.says(context.text)))
        .filter(|_| is_fold)?;
    let inner = row.inner(context.text);
    let says = boilerplate::untagged(bare(&context.text[inner.clone()]));
    let label = labels::answer(says, &context.config.answer_labels);
    let label = label.filter(|_| row.kind == RowKind::Text)?;
    let start = inner.end - says.len();
    let after = start + label.after;
    let skips = start + label.close.start..start + label.close.end;
    Some(Found { first: found.first, row: at, after, skips, column: None })
}
