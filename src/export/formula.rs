//! Detects cells that a spreadsheet would calculate when it opens a table.

/// The signs that begin a formula, the last four in East Asian versions (OWASP, "CSV Injection").
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Returns whether a spreadsheet would calculate a cell.
pub(super) fn is_formula(cell: &str) -> bool {
    cell.starts_with(['\t', '\r']) || cell.trim_start().starts_with(SIGNS) && !is_plain_number(cell)
}

/// Returns whether a number is written as a spreadsheet would write it.
pub(super) fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "1"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_short = whole.len() + part.len() <= 10;
    let is_usual = (whole == "0" || !whole.starts_with('0')) && !part.ends_with('0');
    are_digits(whole) && are_digits(part) && is_short && is_usual && text != "-0"
}
