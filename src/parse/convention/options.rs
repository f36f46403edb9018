//! Options of multiple-choice questions: `- [ ]` and `- [x]`, or `A.` to `D.` with the correct ones
//! named in the answer, in bold, or with a sign behind them.
//!
//! All of them become boxes, as that is how the native convention writes options.

use std::ops::Range;

use super::candidate::{Row, RowKind};
use super::document::marker;
use super::file_context::FileContext;
use super::option_sign::{Sign, parse_letter, parse_sign};
use super::option_table::{find_table, open_table};
use super::prompt::is_emoji;
use super::question_form::{has_question_mark, is_question_like};
use super::{boilerplate, labels, verdict};

/// The list of options in some rows.
struct Options {
    /// The row of each option, with its letter if it has one.
    starts: Vec<(usize, Option<char>)>,
    /// Whether they have boxes.
    is_boxed: bool,
    /// Whether a box among them is ticked.
    is_ticked: bool,
    /// The row below the last.
    end: usize,
}

/// Ticks the options of a question that its answer names, and removes the row that names them if it
/// says nothing else. Options that stand in the answer, below those letters, move to the question.
pub(super) fn tick(context: FileContext<'_>, prompt: &mut Vec<Row>, answer: &mut Vec<Row>) {
    let text = context.text;
    if find_options(text, prompt).is_none() {
        take_named_options(context, prompt, answer);
    }
    let Some(options) = find_options(text, prompt) else { return };
    if let Some((right, at, are_leading)) = find_named(context, &options, answer) {
        tick_highlighted(text, prompt, &options, &[find_sign_behind]);
        mark_choices(text, prompt, &options, &right);
        if are_leading {
            answer.remove(at);
        }
    } else {
        tick_highlighted(text, prompt, &options, WAYS);
    }
    remove_options_label(text, prompt, &options);
}

/// Moves the options of an answer to its question, if only the letters of the correct ones stand
/// above them.
fn take_named_options(context: FileContext<'_>, prompt: &mut Vec<Row>, answer: &mut Vec<Row>) {
    let text = context.text;
    let Some(options) = find_options(text, answer).filter(|options| !options.is_ticked) else {
        return;
    };
    let start = options.starts[0].0;
    let Some((_, at, true)) =
        find_named(context, &options, answer).filter(|(_, at, _)| *at < start)
    else {
        return;
    };
    let mut above = answer[..start].iter().enumerate();
    let is_key = |(row, other): (usize, &Row)| {
        row == at || other.trimmed(text).is_empty() || is_options_label(text, other)
    };
    if above.all(is_key) {
        prompt.push(Row::text(answer[at + 1].range.start..answer[at + 1].range.start));
        prompt.extend(answer.drain(at + 1..options.end));
    }
}

/// Returns the row where the question ends and the answer begins, in rows without a label: below
/// the options, if the correct ones are marked, or if it is clear that they are options.
pub(super) fn split_off_prompt(context: FileContext<'_>, rows: &mut Vec<Row>) -> Option<usize> {
    let text = context.text;
    if let Some(end) = open_table(text, rows) {
        return Some(end);
    }
    let options = find_options(text, rows)?;
    let mut answer = rows.split_off(options.end);
    let named = find_named(context, &options, &answer);
    if let Some((right, at, are_leading)) = &named {
        tick_highlighted(text, rows, &options, &[find_sign_behind]);
        mark_choices(text, rows, &options, right);
        if *are_leading {
            answer.remove(*at);
        }
    }
    let is_marked = named.is_some() || tick_highlighted(text, rows, &options, WAYS);
    let is_choice = context.is_choice
        && are_leading(text, rows, &options)
        && boilerplate::trim_rows(text, answer.clone()).is_empty();
    if !is_marked && (is_choice || are_announced(text, rows, &options)) {
        mark_choices(text, rows, &options, &[]);
    } else if !is_marked {
        rows.append(&mut answer);
        return None;
    }
    let end = rows.len() - usize::from(remove_options_label(text, rows, &options));
    rows.append(&mut answer);
    Some(end)
}

/// Returns whether rows begin with options that have letters, in a list or a table, below no more
/// than code.
pub(super) fn are_lettered(text: &str, rows: &[Row]) -> bool {
    let is_above = |row: &Row| row.is_closed() || row.trimmed(text).is_empty();
    let are_lettered = |options: Options| {
        options.starts.iter().all(|(_, letter)| letter.is_some())
            && rows[..options.starts[0].0].iter().all(is_above)
    };
    let leads = |table: Range<usize>| rows[..table.start - 2].iter().all(is_above);
    find_table(text, rows).is_some_and(leads) || find_options(text, rows).is_some_and(are_lettered)
}

/// Returns whether a row is a label for options.
fn is_options_label(text: &str, row: &Row) -> bool {
    let snippet = row.trimmed(text);
    let shown = &snippet[marker(snippet).unwrap_or_default()..];
    row.kind == RowKind::Text && labels::options(shown).is_some()
}

/// Removes the label above options; returns whether there was one.
fn remove_options_label(text: &str, rows: &mut Vec<Row>, options: &Options) -> bool {
    let above = rows[..options.starts[0].0].iter().rposition(|row| !row.trimmed(text).is_empty());
    let label = above.filter(|at| is_options_label(text, &rows[*at]));
    label.map(|at| rows.remove(at)).is_some()
}

/// Returns whether a list is clearly one of options: below a label for options, or empty boxes
/// below a question. Boxes with letters and round ones need neither, as no to-do list has them.
fn are_announced(text: &str, rows: &[Row], options: &Options) -> bool {
    let above = rows[..options.starts[0].0].iter().rfind(|row| !row.trimmed(text).is_empty());
    let is_lettered = options.starts.iter().all(|(_, letter)| letter.is_some());
    let is_asked =
        |row: &Row| has_question_mark(row.trimmed(text).trim_end_matches(['*', '_', ':']));
    let is_round =
        |(at, _): &(usize, _)| matches!(parse_row_sign(&rows[*at], text), Some(Sign::Round(_)));
    above.is_some_and(|row| is_options_label(text, row))
        || options.starts.iter().all(is_round)
        || (options.is_boxed && (is_lettered || above.is_some_and(is_asked)))
}

/// A way to mark an option as correct.
type Way = fn(&str) -> Option<Highlight>;

/// All of them.
const WAYS: &[Way] = &[find_sign_behind, find_bold_option];

/// Ticks the options that one of some ways marks as correct; returns whether there are any. Options
/// with boxes are ticked already.
fn tick_highlighted(text: &str, rows: &mut [Row], options: &Options, ways: &[Way]) -> bool {
    if options.is_boxed {
        if options.is_ticked {
            mark_choices(text, rows, options, &[]);
        }
        return options.is_ticked;
    }
    for way in ways {
        let found: Vec<(usize, Option<Highlight>)> =
            options.starts.iter().map(|(at, _)| (*at, way(rows[*at].trimmed(text)))).collect();
        let count = found.iter().filter(|(_, apart)| apart.is_some()).count();
        if count == 0 || count == found.len() {
            continue;
        }
        let mut right = Vec::new();
        for (at, apart) in found {
            let inner = rows[at].trimmed_range(text);
            let Some(apart) = apart else { continue };
            rows[at].range.end = inner.start + apart.end;
            rows[at].skips = apart.skips.into_iter().map(|skip| inner.start + skip).collect();
            right.push(at);
        }
        mark_choices(text, rows, options, &right);
        return true;
    }
    false
}

/// An option that is marked as correct: the end of its text, and the bytes to skip in it.
struct Highlight {
    end: usize,
    skips: Vec<usize>,
}

/// Finds a sign for a correct option at the end of a line: `B. Paris ✓`; a remark in brackets may
/// stand behind it.
fn find_sign_behind(snippet: &str) -> Option<Highlight> {
    let remark = || snippet.strip_suffix(')')?.rfind(" (");
    find_sign_at_end(snippet).or_else(|| {
        find_sign_at_end(&snippet[..remark()?]).filter(|_| !snippet.contains(['[', '<']))
    })
}

/// Finds a sign for a correct option that ends a text.
fn find_sign_at_end(snippet: &str) -> Option<Highlight> {
    let lower = snippet.to_lowercase();
    let words = ["(correct)", "(correct answer)", "(right)", "(true)", "(answer)"];
    let word = words.iter().find(|word| lower.len() == snippet.len() && lower.ends_with(**word));
    let sign = || ["*", "✓", "✔", "✔️", "✅", "☑", "☑️"].into_iter().find(|s| snippet.ends_with(s));
    let width = word.map(|word| word.len()).or_else(|| sign().map(str::len))?;
    let rest = &snippet[..snippet.len() - width];
    let shown = rest.trim_end();
    // A star right behind a word belongs to the mark before it.
    let is_apart = shown.len() < rest.len() && shown.contains(char::is_alphanumeric);
    let plain = || Highlight { end: shown.len(), skips: Vec::new() };
    is_apart.then(|| find_bold_option(shown).unwrap_or_else(plain))
}

/// Finds an option that is bold as a whole, or behind its letter.
fn find_bold_option(snippet: &str) -> Option<Highlight> {
    let width = marker(snippet).unwrap_or_default();
    let rest = &snippet[width..];
    let mark = ["***", "**", "__"].into_iter().find(|mark| rest.ends_with(mark))?;
    let (open, len) = (rest.find(mark)?, mark.len());
    let (before, inner) = (&rest[..open], rest.get(open + len..rest.len() - len)?);
    let is_whole = before.is_empty()
        || parse_letter(&format!("{before} x")).is_some_and(|_| {
            before.trim_matches(|c: char| !c.is_alphanumeric()).chars().count() == 1
        });
    let open = width + open;
    (is_whole && !inner.is_empty() && !inner.contains(mark))
        .then(|| Highlight { end: snippet.len() - len, skips: (open..open + len).collect() })
}

/// Returns whether the first row is the option `A`, with `B` below it in the same form.
pub(super) fn is_first_option(text: &str, rows: &[Row]) -> bool {
    let letter = |row: &Row| match parse_row_sign(row, text) {
        Some(Sign::Letter(letter)) => Some(letter),
        _ => None,
    };
    // The signs around a letter, without the marker before it.
    let form = |row: &Row| {
        let snippet = row.trimmed(text);
        let shown = &snippet[marker(snippet).unwrap_or_default()..];
        let signs = shown.split_once(|c: char| c.is_alphanumeric());
        signs.map(|(before, behind)| {
            (before, &behind[..behind.find(char::is_whitespace).unwrap_or(behind.len())])
        })
    };
    let is_sign = |c: char| is_emoji(c) || c.is_whitespace();
    let Some((first, below)) = rows.split_first() else { return false };
    let next = || below.iter().find(|row| letter(row).is_some());
    let is_right = find_bold_option(first.trimmed(text).trim_end_matches(is_sign)).is_some();
    letter(first) == Some('A')
        && next().is_some_and(|next| {
            letter(next) == Some('B') && (is_right || form(next) == form(first))
        })
}

/// Returns whether a row is an option with a box.
pub(super) fn is_option(row: &Row, text: &str) -> bool {
    matches!(row.kind, RowKind::Choice(_))
        || matches!(parse_row_sign(row, text), Some(Sign::Box(_)))
}

/// Returns whether rows consist of options with letters or empty boxes.
pub(super) fn are_only_options(text: &str, rows: &[Row]) -> bool {
    find_options(text, rows).is_some_and(|options| {
        let below = boilerplate::trim_rows(text, rows[options.end..].to_vec());
        below.is_empty() && are_leading(text, rows, &options)
    })
}

/// Returns whether rows consist of lettered items that ask: the parts of a question.
pub(super) fn are_subquestions(text: &str, rows: &[Row]) -> bool {
    find_options(text, rows).is_some_and(|options| {
        let is_above = rows[..options.starts[0].0].iter().all(|row| row.trimmed(text).is_empty());
        let below = boilerplate::trim_rows(text, rows[options.end..].to_vec());
        let ask = |(at, letter): &(usize, Option<char>)| {
            let behind = rows[*at].trimmed(text).split_once([')', '.', ':']);
            letter.is_some() && behind.is_some_and(|(_, behind)| is_question_like(behind))
        };
        !options.is_ticked && is_above && below.is_empty() && options.starts.iter().all(ask)
    })
}

/// Returns whether options with letters or empty boxes stand above everything else.
fn are_leading(text: &str, rows: &[Row], options: &Options) -> bool {
    let is_lettered = options.starts.iter().all(|(_, letter)| letter.is_some());
    let is_list = options.starts.len() > 2 && is_lettered;
    let is_first_option =
        rows[..options.starts[0].0].iter().all(|row| row.trimmed(text).is_empty());
    !options.is_ticked && (options.is_boxed || is_list) && is_first_option
}

/// Returns whether there are options in rows.
pub(super) fn has_options(text: &str, rows: &[Row]) -> bool {
    find_options(text, rows).is_some()
}

/// Returns whether there are options in rows, and the correct ones are marked.
pub(super) fn have_ticks(text: &str, rows: &[Row]) -> bool {
    find_options(text, rows).is_some_and(|options| {
        options.is_ticked || tick_highlighted(text, &mut rows.to_vec(), &options, WAYS)
    })
}

/// Returns whether a line begins like an option with a letter.
pub(super) fn has_letter(snippet: &str) -> bool {
    parse_letter(snippet).is_some()
}

/// Returns whether a line begins like an option with a box.
pub(super) fn starts_with_box(snippet: &str) -> bool {
    matches!(parse_sign(snippet), Some(Sign::Box(_) | Sign::Round(_)))
}

/// Finds the first list of options in rows.
fn find_options(text: &str, rows: &[Row]) -> Option<Options> {
    let mut starts: Vec<(usize, Option<char>)> = Vec::new();
    let (mut is_boxed, mut is_ticked) = (false, false);
    for (at, row) in rows.iter().enumerate() {
        let Some(sign) = parse_row_sign(row, text) else { continue };
        let (letter, has_box) = match sign {
            Sign::Box(_) | Sign::Round(_) => (letter_behind_box(row, text), true),
            Sign::Letter(letter) => (Some(letter), false),
        };
        let follows = match starts.last() {
            None => has_box || letter == Some('A'),
            Some(_) if has_box || is_boxed => has_box && is_boxed,
            Some((_, before)) => before.zip(letter).is_some_and(|(a, b)| b as u32 == a as u32 + 1),
        };
        if !follows && starts.len() >= 2 {
            break;
        }
        if !follows {
            starts.clear();
            is_ticked = false;
        }
        if follows || has_box || letter == Some('A') {
            starts.push((at, letter));
            is_boxed = has_box;
            is_ticked |= matches!(sign, Sign::Box(true) | Sign::Round(true));
        }
    }
    if starts.len() < 2 {
        (starts, is_boxed, is_ticked) = (find_announced(text, rows), false, false);
    }
    let last = starts.last().filter(|_| starts.len() >= 2)?.0;
    let end = find_end(text, rows, &starts, last);
    Some(Options { starts, is_boxed, is_ticked, end })
}

/// Finds the items of the list below a label for options, whatever they begin with.
fn find_announced(text: &str, rows: &[Row]) -> Vec<(usize, Option<char>)> {
    let Some(label) = rows.iter().position(|row| is_options_label(text, row)) else {
        return Vec::new();
    };
    let column = |row: &Row| row.column(text);
    let is_item = |row: &Row| row.kind == RowKind::Text && marker(row.trimmed(text)).is_some();
    let mut starts: Vec<(usize, Option<char>)> = Vec::new();
    for (at, row) in rows.iter().enumerate().skip(label + 1) {
        let first = starts.first().map_or(column(row), |(first, _)| column(&rows[*first]));
        if is_item(row) && column(row) <= first {
            starts.push((at, None));
        } else if !row.trimmed(text).is_empty() && column(row) <= first {
            break;
        }
    }
    starts
}

/// Finds the row below the last option. If all other options have code below them, it has, too.
fn find_end(text: &str, rows: &[Row], starts: &[(usize, Option<char>)], last: usize) -> usize {
    let code = |from: usize| {
        let first = (from..rows.len()).find(|at| !rows[*at].trimmed(text).is_empty())?;
        let len = rows[first..].iter().take_while(|row| row.is_closed()).count();
        (len > 0).then_some(first + len)
    };
    let mut others = starts.windows(2);
    if others.all(|pair| code(pair[0].0 + 1).is_some_and(|end| end <= pair[1].0))
        && let Some(end) = code(last + 1)
    {
        return end;
    }
    let goes_on = |row: &&Row| {
        let snippet = row.trimmed(text);
        row.kind == RowKind::Text && !snippet.is_empty() && !is_about_all(snippet)
    };
    last + 1 + rows[last + 1..].iter().take_while(goes_on).count()
}

/// Returns whether a line below an option is about all options, though Markdown takes it for a lazy
/// continuation of the last one.
fn is_about_all(snippet: &str) -> bool {
    snippet.starts_with(['[', '<', '#', '>', '*', '_'])
        || labels::explanation(snippet).is_some()
        || labels::answer(snippet, &[]).is_some()
}

fn parse_row_sign(row: &Row, text: &str) -> Option<Sign> {
    (row.kind == RowKind::Text).then(|| parse_sign(row.trimmed(text))).flatten()
}

/// Returns the text behind a box.
fn text_behind_box<'t>(row: &Row, text: &'t str) -> &'t str {
    row.trimmed(text).split_once([']', ')']).map_or("", |(_, rest)| rest.trim_start())
}

/// Parses the letter behind a box.
fn letter_behind_box(row: &Row, text: &str) -> Option<char> {
    parse_letter(text_behind_box(row, text))
}

/// Turns options into boxes, and ticks those on the rows `right`.
fn mark_choices(text: &str, rows: &mut [Row], options: &Options, right: &[usize]) {
    for (at, _) in &options.starts {
        let row = &mut rows[*at];
        let snippet = row.trimmed(text);
        let is_named = right.contains(at);
        let (shown, is_right) = match (row.kind, parse_row_sign(row, text)) {
            (RowKind::Choice(is_right), _) => (snippet, is_right),
            (_, Some(Sign::Box(_))) if !is_named && is_task_item(snippet) => continue,
            (_, Some(Sign::Box(is_right) | Sign::Round(is_right))) => {
                (text_behind_box(row, text), is_right)
            }
            _ => (&snippet[marker(snippet).unwrap_or_default()..], false),
        };
        row.range.start = row.trimmed_range(text).end - shown.len();
        row.kind = RowKind::Choice(is_right || is_named);
    }
}

/// Returns whether a line is a task list item of GitHub's Markdown.
fn is_task_item(snippet: &str) -> bool {
    let inner = marker(snippet).and_then(|width| snippet[width..].strip_prefix('['));
    inner.is_some_and(|inner| inner.get(1..).is_some_and(|rest| rest.starts_with(']')))
}

/// Finds the correct options of an answer that judges at least two of them, each on a row. Returns
/// their rows, and the first row that judges.
fn find_judged(text: &str, options: &Options, answer: &[Row]) -> Option<(Vec<usize>, usize, bool)> {
    let judge = |(at, row): (usize, &Row)| {
        let snippet = row.trimmed(text);
        let (letter, is_right) =
            verdict::parse_judgement(&snippet[marker(snippet).unwrap_or(0)..])?;
        let (option, _) = options.starts.iter().find(|(_, other)| *other == Some(letter))?;
        (row.kind == RowKind::Text).then_some((at, *option, is_right))
    };
    let judged: Vec<(usize, usize, bool)> = answer.iter().enumerate().filter_map(judge).collect();
    let right = judged.iter().filter(|(.., is_right)| *is_right);
    let right: Vec<usize> = right.map(|(_, option, _)| *option).collect();
    (judged.len() >= 2 && !right.is_empty()).then(|| (right, judged[0].0, false))
}

/// Finds the row of an answer that names the correct options. Returns the rows of these options,
/// the row that names them, and whether that row says nothing else.
fn find_named(
    context: FileContext<'_>,
    options: &Options,
    answer: &[Row],
) -> Option<(Vec<usize>, usize, bool)> {
    if options.is_ticked {
        return None;
    }
    options.starts[0].1?;
    if let Some(found) = find_judged(context.text, options, answer) {
        return Some(found);
    }
    let visible =
        answer.iter().enumerate().filter(|(_, row)| !row.trimmed(context.text).is_empty());
    for (at, row) in visible.take(3) {
        let snippet = row.trimmed(context.text);
        // `A) because` is an option, and `A: because` opens an answer: neither is the other here.
        let label = labels::answer(snippet, &context.config.answer_labels);
        let label = label.filter(|_| parse_letter(snippet).is_none());
        let (letters, are_leading) =
            verdict::parse_letters(&snippet[label.map_or(0, |label| label.after)..]);
        let row = |letter: &char| options.starts.iter().find(|(_, other)| *other == Some(*letter));
        let right: Option<Vec<usize>> = letters.iter().map(|letter| Some(row(letter)?.0)).collect();
        if let Some(right) = right.filter(|right| !right.is_empty()) {
            return Some((right, at, are_leading));
        }
    }
    None
}
