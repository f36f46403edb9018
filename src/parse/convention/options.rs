//! Options to choose from: `- [ ]` and `- [x]`, or `A.` with the right one named below.
//!
//! Letters become boxes, so that a card can hide and show which are ticked.

use super::document::marker;
use super::labels;
use super::mark::{Row, RowKind};
use super::prompt::plain;
use super::sections::Known;

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
/// more.
pub(super) fn tick(known: Known<'_>, asked: &mut [Row], told: &mut Vec<Row>) {
    let Some(options) = find(known.text, asked) else { return };
    if let Some((right, at, is_all)) = named_in(known, &options, told) {
        mark(known.text, asked, &options, &right);
        if is_all {
            told.remove(at);
        }
    }
}

/// Where the options end in rows that no label divides, if it is said which of them are right.
pub(super) fn end(known: Known<'_>, rows: &mut Vec<Row>) -> Option<usize> {
    let options = find(known.text, rows)?;
    if options.is_ticked {
        return Some(options.end);
    }
    let mut told = rows.split_off(options.end);
    let named = named_in(known, &options, &told);
    if let Some((right, at, is_all)) = &named {
        mark(known.text, rows, &options, right);
        if *is_all {
            told.remove(*at);
        }
    }
    rows.append(&mut told);
    named.map(|_| options.end)
}

/// Whether the first row is the option `A`, with `B` below it.
pub(super) fn is_first(text: &str, rows: &[Row]) -> bool {
    let letter = |row: &Row| match sign(row, text) {
        Some(Sign::Letter(letter)) => Some(letter),
        _ => None,
    };
    let Some((first, below)) = rows.split_first() else { return false };
    letter(first) == Some('A') && below.iter().find_map(letter) == Some('B')
}

/// Whether a row is an option with a box.
pub(super) fn is_option(row: &Row, text: &str) -> bool {
    matches!(row.kind, RowKind::Choice(_)) || matches!(sign(row, text), Some(Sign::Box(_)))
}

/// What an option begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Box(bool),
    Letter(char),
}

/// The first list of options in some rows.
fn find(text: &str, rows: &[Row]) -> Option<Options> {
    let mut starts: Vec<(usize, Option<char>)> = Vec::new();
    let (mut is_boxed, mut is_ticked) = (false, false);
    for (at, row) in rows.iter().enumerate() {
        let Some(sign) = sign(row, text) else { continue };
        let (letter, has_box) = match sign {
            Sign::Box(_) => (boxed_letter(row, text), true),
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
            is_ticked |= sign == Sign::Box(true);
        }
    }
    let last = starts.last().filter(|_| starts.len() >= 2)?.0;
    let end = below(text, rows, &starts, last);
    Some(Options { starts, is_boxed, is_ticked, end })
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
    if row.kind != RowKind::Text {
        return None;
    }
    let says = row.says(text);
    let width = marker(says);
    let rest = &says[width.unwrap_or_default()..];
    if width.is_some()
        && let Some(inner) = rest.strip_prefix('[')
    {
        let after = inner.get(1..)?.strip_prefix(']')?;
        let is_apart = after.is_empty() || after.starts_with([' ', '\t']);
        return match inner.as_bytes()[0] {
            b' ' if is_apart => Some(Sign::Box(false)),
            b'x' | b'X' if is_apart => Some(Sign::Box(true)),
            _ => None,
        };
    }
    letter(rest).map(Sign::Letter)
}

/// The letter behind a box.
fn boxed_letter(row: &Row, text: &str) -> Option<char> {
    letter(row.says(text).split_once(']')?.1.trim_start())
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

/// Makes boxes of letters.
fn mark(text: &str, rows: &mut [Row], options: &Options, right: &[char]) {
    for (at, letter) in &options.starts {
        let Some(letter) = letter else { continue };
        let row = &mut rows[*at];
        let says = row.says(text);
        let inner = row.inner(text);
        let shown = &says[marker(says).unwrap_or_default()..];
        let shown = if options.is_boxed { shown[3..].trim_start() } else { shown };
        row.range.start = inner.end - shown.len();
        row.kind = RowKind::Choice(right.contains(letter));
    }
}

/// Which options an answer says are right, on which row, and whether that row says no more.
fn named_in(known: Known<'_>, options: &Options, told: &[Row]) -> Option<(Vec<char>, usize, bool)> {
    if options.is_ticked {
        return None;
    }
    options.starts[0].1?;
    let visible = told.iter().enumerate().filter(|(_, row)| !row.says(known.text).is_empty());
    for (at, row) in visible.take(3) {
        let says = row.says(known.text);
        // `A) because` is an option, and `A: because` opens an answer: neither is the other here.
        let label = labels::answer(says, &known.config.answer_labels);
        let label = label.filter(|_| letter(says).is_none());
        let (letters, is_all) = named(&says[label.map_or(0, |label| label.after)..]);
        let is_known =
            |letter: &char| options.starts.iter().any(|(_, known)| *known == Some(*letter));
        if !letters.is_empty() && letters.iter().all(is_known) {
            return Some((letters, at, is_all));
        }
    }
    None
}

/// The letters that a text begins with, and whether it says nothing else.
fn named(says: &str) -> (Vec<char>, bool) {
    let plain = plain(says);
    let mut rest = plain.trim();
    for word in ["option ", "options ", "Option ", "Options ", "choice ", "(", "["] {
        rest = rest.strip_prefix(word).unwrap_or(rest).trim_start();
    }
    let mut letters = Vec::new();
    // `ACD` names three.
    let word = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_rising = word.as_bytes().windows(2).all(|pair| pair[0] < pair[1]);
    let is_upper = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_upper && is_rising && !rest[word.len()..].contains(char::is_alphanumeric) {
        return (word.chars().collect(), true);
    }
    // So does `**A** static`, where the mark ends with the letter.
    let shown = says.trim_start_matches(['*', '_', '`']);
    let is_marked = shown.get(1..).is_some_and(|rest| rest.starts_with(['*', '_', '`', '<']));
    loop {
        let mut chars = rest.chars();
        let Some(letter) = chars.next().filter(|c| matches!(c, 'A'..='J' | 'a'..='j')) else {
            break;
        };
        let after = chars.as_str();
        let is_word = after.starts_with(|c: char| c.is_alphanumeric() || c == '\'' || c == '’');
        // `A static method` names no option, `A.` does, and so does `A` alone.
        let behind = after.trim_start();
        let is_joined = ["and ", "or ", "is ", "are "].iter().any(|word| behind.starts_with(word));
        let is_article = behind.len() < after.len() && behind.starts_with(char::is_alphanumeric);
        let is_set_apart = is_joined || (is_marked && letters.is_empty());
        if is_word || (is_article && !is_set_apart) {
            break;
        }
        letters.push(letter.to_ascii_uppercase());
        rest = after.trim_start_matches([' ', ')', ']', '.', ':']);
        let signs = [",", "&", "and ", "/", "+", ";", "or "];
        let Some(after) = signs.iter().find_map(|sign| rest.strip_prefix(sign)) else { break };
        rest = after.trim_start();
    }
    let is_all = !letters.is_empty() && !rest.contains(char::is_alphanumeric);
    (letters, is_all)
}
