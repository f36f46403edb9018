//! Options to choose from: `- [ ]` and `- [x]`, or `A.` with the right one named below, or set
//! apart from the others.
//!
//! Letters become boxes, so that a card can hide and show which are ticked.

use super::candidate::{Row, RowKind};
use super::document::marker;
use super::file_context::FileContext;
use super::prompt::{asks, has_mark};
use super::{boilerplate, labels, verdict};

/// The options in some rows.
struct Options {
    /// The rows that an option begins on, with its letter if it has one.
    starts: Vec<(usize, Option<char>)>,
    /// Whether they have boxes.
    is_boxed: bool,
    /// Whether a box among them is ticked.
    is_ticked: bool,
    /// The row below the last.
    end: usize,
}

/// Ticks the options of a question whose answer names them, and drops the answer if it says no
/// more. Options below the letters of the right ones are the question's, too.
pub(super) fn tick(context: FileContext<'_>, asked: &mut Vec<Row>, told: &mut Vec<Row>) {
    let text = context.text;
    if find(text, asked).is_none() {
        take_named(context, asked, told);
    }
    let Some(options) = find(text, asked) else { return };
    if let Some((right, at, is_all)) = named_in(context, &options, told) {
        tick_apart(text, asked, &options, &[signed]);
        mark(text, asked, &options, &right);
        if is_all {
            told.remove(at);
        }
    } else {
        tick_apart(text, asked, &options, WAYS);
    }
    unlabel(text, asked, &options);
}

/// Moves the options of an answer to its question, if all that stands above them is which of them
/// are right.
fn take_named(context: FileContext<'_>, asked: &mut Vec<Row>, told: &mut Vec<Row>) {
    let text = context.text;
    let Some(options) = find(text, told).filter(|options| !options.is_ticked) else { return };
    let start = options.starts[0].0;
    let Some((_, at, true)) = named_in(context, &options, told).filter(|(_, at, _)| *at < start)
    else {
        return;
    };
    let mut above = told[..start].iter().enumerate();
    let is_key = |(row, other): (usize, &Row)| {
        row == at || other.says(text).is_empty() || offers(text, other)
    };
    if above.all(is_key) {
        asked.push(Row::text(told[at + 1].range.start..told[at + 1].range.start));
        asked.extend(told.drain(at + 1..options.end));
    }
}

/// Where the options end in rows that no label divides, if it is said which of them are right, or
/// that they are options.
pub(super) fn end(context: FileContext<'_>, rows: &mut Vec<Row>) -> Option<usize> {
    let text = context.text;
    let options = find(text, rows)?;
    let mut told = rows.split_off(options.end);
    let named = named_in(context, &options, &told);
    if let Some((right, at, is_all)) = &named {
        tick_apart(text, rows, &options, &[signed]);
        mark(text, rows, &options, right);
        if *is_all {
            told.remove(*at);
        }
    }
    let is_told = named.is_some() || tick_apart(text, rows, &options, WAYS);
    let is_choice = context.is_choice
        && is_all(text, rows, &options)
        && boilerplate::trimmed(text, told.clone()).is_empty();
    if !is_told && (is_choice || is_offered(text, rows, &options)) {
        mark(text, rows, &options, &[]);
    } else if !is_told {
        rows.append(&mut told);
        return None;
    }
    let end = rows.len() - usize::from(unlabel(text, rows, &options));
    rows.append(&mut told);
    Some(end)
}

/// Whether a row is a label that says that options are below.
fn offers(text: &str, row: &Row) -> bool {
    let says = row.says(text);
    let shown = &says[marker(says).unwrap_or_default()..];
    row.kind == RowKind::Text && labels::options(shown).is_some()
}

/// Takes out the label above options, and says whether there is one.
fn unlabel(text: &str, rows: &mut Vec<Row>, options: &Options) -> bool {
    let above = rows[..options.starts[0].0].iter().rposition(|row| !row.says(text).is_empty());
    let label = above.filter(|at| offers(text, &rows[*at]));
    label.map(|at| rows.remove(at)).is_some()
}

/// Whether what stands above options says that they are some: a label for them, or a question with
/// empty boxes below it. Round boxes and those with letters need neither: a list of things to do
/// has none.
fn is_offered(text: &str, rows: &[Row], options: &Options) -> bool {
    let above = rows[..options.starts[0].0].iter().rfind(|row| !row.says(text).is_empty());
    let is_lettered = options.starts.iter().all(|(_, letter)| letter.is_some());
    let is_asked = |row: &Row| has_mark(row.says(text).trim_end_matches(['*', '_', ':']));
    let is_round = |(at, _): &(usize, _)| matches!(sign(&rows[*at], text), Some(Sign::Round(_)));
    above.is_some_and(|row| offers(text, row))
        || options.starts.iter().all(is_round)
        || (options.is_boxed && (is_lettered || above.is_some_and(is_asked)))
}

/// A way to set an option apart.
type Way = fn(&str) -> Option<Apart>;

/// All of them.
const WAYS: &[Way] = &[signed, bold];

/// Ticks the options with round boxes, and those with letters that are set apart from the others
/// by a sign behind them or in bold; says whether there are any.
fn tick_apart(text: &str, rows: &mut [Row], options: &Options, ways: &[Way]) -> bool {
    if options.is_boxed {
        if options.is_ticked {
            mark(text, rows, options, &[]);
        }
        return options.is_ticked;
    }
    for way in ways {
        let found: Vec<(usize, Option<Apart>)> =
            options.starts.iter().map(|(at, _)| (*at, way(rows[*at].says(text)))).collect();
        let count = found.iter().filter(|(_, apart)| apart.is_some()).count();
        if count == 0 || count == found.len() {
            continue;
        }
        let mut right = Vec::new();
        for (at, apart) in found {
            let inner = rows[at].inner(text);
            let Some(apart) = apart else { continue };
            rows[at].range.end = inner.start + apart.end;
            rows[at].skips = apart.skips.into_iter().map(|skip| inner.start + skip).collect();
            right.push(at);
        }
        mark(text, rows, options, &right);
        return true;
    }
    false
}

/// What sets an option apart: its text ends here, and these bytes are no part of it.
struct Apart {
    end: usize,
    skips: Vec<usize>,
}

/// An option with a sign behind it that says that it is right.
fn signed(says: &str) -> Option<Apart> {
    let lower = says.to_lowercase();
    let words = ["(correct)", "(correct answer)", "(right)", "(true)", "(answer)"];
    let word = words.iter().find(|word| lower.len() == says.len() && lower.ends_with(**word));
    let sign = || ["*", "✓", "✔", "✔️", "✅", "☑", "☑️"].into_iter().find(|s| says.ends_with(s));
    let width = word.map(|word| word.len()).or_else(|| sign().map(str::len))?;
    let rest = &says[..says.len() - width];
    let shown = rest.trim_end();
    // A star right behind a word belongs to the mark before it.
    let is_apart = shown.len() < rest.len() && shown.contains(char::is_alphanumeric);
    is_apart.then_some(Apart { end: shown.len(), skips: Vec::new() })
}

/// An option in bold: all of it, or all behind its letter.
fn bold(says: &str) -> Option<Apart> {
    let width = marker(says).unwrap_or_default();
    let rest = &says[width..];
    let mark = ["**", "__"].into_iter().find(|mark| rest.ends_with(mark))?;
    let open = rest.find(mark)?;
    let (before, inner) = (&rest[..open], rest.get(open + 2..rest.len() - 2)?);
    let is_whole = before.is_empty()
        || letter(&format!("{before} x")).is_some_and(|_| {
            before.trim_matches(|c: char| !c.is_alphanumeric()).chars().count() == 1
        });
    let open = width + open;
    (is_whole && !inner.is_empty() && !inner.contains(mark))
        .then(|| Apart { end: says.len() - 2, skips: vec![open, open + 1] })
}

/// Whether the first row is the option `A`, with `B` below it in the same form.
pub(super) fn is_first(text: &str, rows: &[Row]) -> bool {
    let letter = |row: &Row| match sign(row, text) {
        Some(Sign::Letter(letter)) => Some(letter),
        _ => None,
    };
    // The signs around a letter, without the marker before it.
    let form = |row: &Row| {
        let says = row.says(text);
        let shown = &says[marker(says).unwrap_or_default()..];
        let signs = shown.split_once(|c: char| c.is_alphanumeric());
        signs.map(|(before, behind)| {
            (before, &behind[..behind.find(char::is_whitespace).unwrap_or(behind.len())])
        })
    };
    let Some((first, below)) = rows.split_first() else { return false };
    let next = || below.iter().find(|row| letter(row).is_some());
    letter(first) == Some('A')
        && next().is_some_and(|next| letter(next) == Some('B') && form(next) == form(first))
}

/// Whether a row is an option with a box.
pub(super) fn is_option(row: &Row, text: &str) -> bool {
    matches!(row.kind, RowKind::Choice(_)) || matches!(sign(row, text), Some(Sign::Box(_)))
}

/// Whether some rows are options with letters or empty boxes and nothing else.
pub(super) fn are_all(text: &str, rows: &[Row]) -> bool {
    find(text, rows).is_some_and(|options| {
        let below = boilerplate::trimmed(text, rows[options.end..].to_vec());
        below.is_empty() && is_all(text, rows, &options)
    })
}

/// Whether some rows are items with letters that ask, and nothing else: the parts of a question.
pub(super) fn are_asked(text: &str, rows: &[Row]) -> bool {
    find(text, rows).is_some_and(|options| {
        let is_above = rows[..options.starts[0].0].iter().all(|row| row.says(text).is_empty());
        let below = boilerplate::trimmed(text, rows[options.end..].to_vec());
        let ask = |(at, letter): &(usize, Option<char>)| {
            let behind = rows[*at].says(text).split_once([')', '.', ':']);
            letter.is_some() && behind.is_some_and(|(_, behind)| asks(behind))
        };
        !options.is_ticked && is_above && below.is_empty() && options.starts.iter().all(ask)
    })
}

/// Whether options have letters or empty boxes and stand above everything else.
fn is_all(text: &str, rows: &[Row], options: &Options) -> bool {
    let is_lettered = options.starts.iter().all(|(_, letter)| letter.is_some());
    let is_list = options.starts.len() > 2 && is_lettered;
    let is_first = rows[..options.starts[0].0].iter().all(|row| row.says(text).is_empty());
    !options.is_ticked && (options.is_boxed || is_list) && is_first
}

/// Whether there are options in some rows.
pub(super) fn are_in(text: &str, rows: &[Row]) -> bool {
    find(text, rows).is_some()
}

/// Whether there are options in some rows, and they say themselves which of them are right.
pub(super) fn are_told(text: &str, rows: &[Row]) -> bool {
    find(text, rows).is_some_and(|options| {
        options.is_ticked || tick_apart(text, &mut rows.to_vec(), &options, WAYS)
    })
}

/// Whether a line begins like an option with a letter.
pub(super) fn has_letter(says: &str) -> bool {
    letter(says).is_some()
}

/// Whether a line begins like an option with a box.
pub(super) fn begins(says: &str) -> bool {
    matches!(sign_of(says), Some(Sign::Box(_) | Sign::Round(_)))
}

/// What an option begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Box(bool),
    Round(bool),
    Letter(char),
}

/// The first list of options in some rows.
fn find(text: &str, rows: &[Row]) -> Option<Options> {
    let mut starts: Vec<(usize, Option<char>)> = Vec::new();
    let (mut is_boxed, mut is_ticked) = (false, false);
    for (at, row) in rows.iter().enumerate() {
        let Some(sign) = sign(row, text) else { continue };
        let (letter, has_box) = match sign {
            Sign::Box(_) | Sign::Round(_) => (boxed_letter(row, text), true),
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
        (starts, is_boxed, is_ticked) = (offered(text, rows), false, false);
    }
    let last = starts.last().filter(|_| starts.len() >= 2)?.0;
    let end = below(text, rows, &starts, last);
    Some(Options { starts, is_boxed, is_ticked, end })
}

/// The items of the list below a label for options, whatever they begin with.
fn offered(text: &str, rows: &[Row]) -> Vec<(usize, Option<char>)> {
    let Some(label) = rows.iter().position(|row| offers(text, row)) else { return Vec::new() };
    let column = |row: &Row| row.inner(text).start - row.range.start;
    let is_item = |row: &Row| row.kind == RowKind::Text && marker(row.says(text)).is_some();
    let mut starts: Vec<(usize, Option<char>)> = Vec::new();
    for (at, row) in rows.iter().enumerate().skip(label + 1) {
        let first = starts.first().map_or(column(row), |(first, _)| column(&rows[*first]));
        if is_item(row) && column(row) <= first {
            starts.push((at, None));
        } else if !row.says(text).is_empty() && column(row) <= first {
            break;
        }
    }
    starts
}

/// Where the last option ends: it goes on as the others do, with code below it or without.
fn below(text: &str, rows: &[Row], starts: &[(usize, Option<char>)], last: usize) -> usize {
    let code = |from: usize| {
        let first = (from..rows.len()).find(|at| !rows[*at].says(text).is_empty())?;
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
        let says = row.says(text);
        row.kind == RowKind::Text && !says.is_empty() && !is_remark(says)
    };
    last + 1 + rows[last + 1..].iter().take_while(goes_on).count()
}

/// Whether a line below an option is about all of them, even if Markdown takes it for its text.
fn is_remark(says: &str) -> bool {
    says.starts_with(['[', '<', '#', '>', '*', '_'])
        || labels::explanation(says).is_some()
        || labels::answer(says, &[]).is_some()
}

fn sign(row: &Row, text: &str) -> Option<Sign> {
    (row.kind == RowKind::Text).then(|| sign_of(row.says(text))).flatten()
}

fn sign_of(says: &str) -> Option<Sign> {
    // `-[ ]` is meant for a box, too.
    let width = marker(says).or_else(|| says.starts_with("-[").then_some(1));
    let rest = &says[width.unwrap_or_default()..];
    if width.is_some()
        && let Some(inner) = rest.strip_prefix('[')
    {
        return ticked(inner, ']').map(Sign::Box);
    }
    let round = rest.strip_prefix('(').filter(|_| width.is_some());
    if let Some(is_right) = round.and_then(|inner| ticked(inner, ')')) {
        return Some(Sign::Round(is_right));
    }
    letter(rest).map(Sign::Letter)
}

/// Whether a box is ticked that is open before a text.
fn ticked(inner: &str, close: char) -> Option<bool> {
    if close == ']' && inner.starts_with("] ") {
        return Some(false);
    }
    let after = inner.get(1..)?.strip_prefix(close)?;
    let is_apart = after.is_empty() || after.starts_with([' ', '\t']);
    match inner.as_bytes()[0] {
        b' ' if is_apart => Some(false),
        b'x' | b'X' if is_apart => Some(true),
        _ => None,
    }
}

/// What stands behind a box.
fn boxed<'t>(row: &Row, text: &'t str) -> &'t str {
    row.says(text).split_once([']', ')']).map_or("", |(_, rest)| rest.trim_start())
}

/// The letter behind a box.
fn boxed_letter(row: &Row, text: &str) -> Option<char> {
    letter(boxed(row, text))
}

/// The letter of an option.
fn letter(text: &str) -> Option<char> {
    let rest = text.trim_start_matches(['*', '_', '`']);
    let opened = rest.strip_prefix('(').unwrap_or(rest);
    let letter = opened.chars().next().filter(char::is_ascii_alphabetic)?;
    let after = opened[1..].trim_start_matches(['*', '_', '`']);
    let behind = after.strip_prefix(['.', ')', ':'])?.trim_start_matches(['*', '_']);
    let is_apart = behind.starts_with([' ', '\t', '`', '$']);
    let letter = letter.to_ascii_uppercase();
    (is_apart && letter <= 'J').then_some(letter)
}

/// Makes boxes of options, and ticks those on some of the rows.
fn mark(text: &str, rows: &mut [Row], options: &Options, right: &[usize]) {
    for (at, _) in &options.starts {
        let row = &mut rows[*at];
        let says = row.says(text);
        let is_named = right.contains(at);
        let (shown, is_right) = match (row.kind, sign(row, text)) {
            (RowKind::Choice(is_right), _) => (says, is_right),
            (_, Some(Sign::Box(_))) if !is_named && is_task(says) => continue,
            (_, Some(Sign::Box(is_right) | Sign::Round(is_right))) => (boxed(row, text), is_right),
            _ => (&says[marker(says).unwrap_or_default()..], false),
        };
        row.range.start = row.inner(text).end - shown.len();
        row.kind = RowKind::Choice(is_right || is_named);
    }
}

/// Whether an option is a box in Markdown, too.
fn is_task(says: &str) -> bool {
    let inner = marker(says).and_then(|width| says[width..].strip_prefix('['));
    inner.is_some_and(|inner| inner.get(1..).is_some_and(|rest| rest.starts_with(']')))
}

/// The rows of the options that an answer says are right, on which row it does, and whether that
/// row says no more.
fn named_in(
    context: FileContext<'_>,
    options: &Options,
    told: &[Row],
) -> Option<(Vec<usize>, usize, bool)> {
    if options.is_ticked {
        return None;
    }
    options.starts[0].1?;
    let visible = told.iter().enumerate().filter(|(_, row)| !row.says(context.text).is_empty());
    for (at, row) in visible.take(3) {
        let says = row.says(context.text);
        // `A) because` is an option, and `A: because` opens an answer: neither is the other here.
        let label = labels::answer(says, &context.config.answer_labels);
        let label = label.filter(|_| letter(says).is_none());
        let (letters, is_all) = verdict::named(&says[label.map_or(0, |label| label.after)..]);
        let row = |letter: &char| options.starts.iter().find(|(_, other)| *other == Some(*letter));
        let right: Option<Vec<usize>> = letters.iter().map(|letter| Some(row(letter)?.0)).collect();
        if let Some(right) = right.filter(|right| !right.is_empty()) {
            return Some((right, at, is_all));
        }
    }
    None
}
