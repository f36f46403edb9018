//! What a spreadsheet calculates when it opens a table, instead of showing it.

/// What a spreadsheet takes a cell's first letter for, as a sign of a formula: the last four in
/// East Asian versions (OWASP, "CSV Injection").
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Whether a cell would be calculated.
pub(super) fn is_formula(cell: &str) -> bool {
    cell.starts_with(['\t', '\r']) || cell.trim_start().starts_with(SIGNS) && !is_plain_number(cell)
}

/// Whether a number is written as a spreadsheet would write it.
pub(super) fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "1"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_short = whole.len() + part.len() <= 10;
    let is_usual = (whole == "0" || !whole.starts_with('0')) && !part.ends_with('0');
    are_digits(whole) && are_digits(part) && is_short && is_usual && text != "-0"
}
