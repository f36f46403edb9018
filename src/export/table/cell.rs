//! Escapes the text of a cell for the program that reads the table.

use super::super::formula::{is_formula, is_plain_number};
use super::{breaks_line, mnemosyne};
use crate::config::TextForm;

/// The escaping that the reader of a table needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellFormat {
    /// Any text, quoted where necessary (RFC 4180).
    Quoted,
    /// Quoted, and not to be calculated by a spreadsheet.
    Calculated,
    /// One line without the separator; quotes are text.
    Bare,
    /// One line of HTML, for Mnemosyne.
    Mnemosyne,
}

impl CellFormat {
    pub(super) fn are_quoted(self) -> bool {
        matches!(self, CellFormat::Quoted | CellFormat::Calculated)
    }

    /// Returns a text as a cell, and whether its reader will see a changed text.
    pub(super) fn escape(self, text: String, form: TextForm, separator: char) -> (String, bool) {
        match (self, form) {
            (CellFormat::Quoted, _) => (text, false),
            (CellFormat::Calculated, _) => spreadsheet_text(&text),
            (CellFormat::Bare, _) => bare_line(&text, form, separator),
            (CellFormat::Mnemosyne, TextForm::Html) => mnemosyne::html_line(&text),
            (CellFormat::Mnemosyne, _) => (mnemosyne::text_line(&text), false),
        }
    }
}

/// The English names of months, as in dates.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Returns a cell that a spreadsheet shows as it is written, and whether it was changed.
///
/// An apostrophe is what a person types for that. `LibreOffice` and Excel show it when they open
/// CSV. A space or a tab would be cut off by some version of either, and a zero-width space would
/// be copied along unseen. Tabs within a text are cut off as well.
pub(super) fn spreadsheet_text(text: &str) -> (String, bool) {
    let text = text.replace('\t', "    ");
    let text: String = text.chars().filter(|&c| !c.is_control() || c == '\n').collect();
    if is_formula(&text) || is_changed_number(&text) {
        (format!("'{text}"), true)
    } else {
        (text, false)
    }
}

/// Returns whether a spreadsheet would show a number, date or time differently from how it is
/// written: `007`, `1/2`, `1e5`, `May 5`.
fn is_changed_number(text: &str) -> bool {
    let is_word = |word: &str| {
        let word = word.to_lowercase();
        let is_month = |month: &&str| **month == word || month[..3] == word || word == "sept";
        word.is_empty() || ["e", "am", "pm"].contains(&word.as_str()) || MONTHS.iter().any(is_month)
    };
    let is_sign = |c: char| c.is_ascii_digit() || " .,:/-+%$€£¥()".contains(c);
    text.contains(|c: char| c.is_ascii_digit())
        && text.split(is_sign).all(is_word)
        && !is_plain_number(text)
}

/// Returns a text as one line, its separators replaced by a character that looks similar; and
/// whether any was.
fn bare_line(text: &str, form: TextForm, separator: char) -> (String, bool) {
    let line = if form == TextForm::Html {
        mnemosyne::join_lines(text)
    } else {
        let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join(" / ")
    };
    let similar = match separator {
        ' ' => '\u{a0}',
        '!'..='~' => char::from_u32(u32::from(separator) + 0xfee0).unwrap_or(' '),
        _ => ' ',
    };
    let mut is_changed = false;
    let letter = |c: char| {
        if breaks_line(c) || c == '\t' {
            ' '
        } else if c == separator {
            is_changed = true;
            similar
        } else {
            c
        }
    };
    let line: String = line.trim().chars().map(letter).collect();
    (line, is_changed)
}

#[cfg(test)]
mod tests {
    use super::{bare_line, spreadsheet_text};
    use crate::config::TextForm;

    #[test]
    fn spreadsheets_calculate_nothing() {
        for text in [
            "=1+1",
            "+1",
            "-1-1",
            "@SUM(A1)",
            " =1+1",
            "=cmd|' /C calc'!A0",
            "＝1+1",
            "－print0",
            "- a",
            "+",
            "1/2",
            "1-2",
            "007",
            "1e5",
            "0.50",
            "May 5",
            "5 March 2020",
            "12:30",
            "-0",
            "50%",
            "$5",
            "1,5",
            "12345678901234567890",
            "3:00 PM",
            "2024-01-01",
            "1.",
            "Sept 3",
            "(5)",
        ] {
            assert_eq!(spreadsheet_text(text), (format!("'{text}"), true));
        }
        for text in [
            "• =1+1", "\"=1+1\"", "'=1", "|x", "a=b", "−1", "-5", "0", "1945", "3.14", "-0.5", "",
            "Mark 5", "Python 3", "e", "May", "x-1", "1a", "TRUE", "[1] x",
        ] {
            assert_eq!(spreadsheet_text(text), (text.to_owned(), false));
        }
        assert_eq!(spreadsheet_text("a\rb\0\tc\n").0, "ab    c\n");
    }

    #[test]
    fn a_line_is_a_line() {
        let check = |text, separator, expect: &str, is_changed| {
            let (line, changed) = bare_line(text, TextForm::Text, separator);
            assert_eq!((&*line, changed), (expect, is_changed));
        };
        check("a\n\nb\tc\u{2028}d\r\u{b}e\u{85}f", '\t', "a / b c d  e f", false);
        check("a;b, c|d", ';', "a；b, c|d", true);
        check("a b", ' ', "a\u{a0}b", true);
    }
}
