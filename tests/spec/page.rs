//! Pages of the specification and the examples in them.

use std::fmt::Write as _;
use std::ops::Range;

/// A page of the specification.
pub(crate) struct Page {
    text: String,
    pub(crate) examples: Vec<Example>,
}

/// A fenced block with the info string `deckpress`: a source, a line with a dot, what it means.
pub(crate) struct Example {
    /// The line of the fence, from 1.
    pub(crate) line: usize,
    /// Which view of the result is expected; the outline if the info string names none.
    pub(crate) view: String,
    /// The files of the source.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) expect: String,
    /// Where the expectation stands in the page.
    range: Range<usize>,
}

impl Page {
    pub(crate) fn read(text: &str) -> Self {
        let mut examples = Vec::new();
        let mut open: Option<(&str, Example, String)> = None;
        let mut at = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
            let words: Vec<&str> = line[ticks.len()..].split_whitespace().collect();
            if let Some((fence, example, source)) = &mut open {
                if line.trim_end() == *fence {
                    assert!(!example.range.is_empty(), "line {}: no dot", example.line);
                    example.range.end = at;
                    text[example.range.clone()].clone_into(&mut example.expect);
                    example.files = files(source);
                    examples.extend(open.take().map(|(_, example, _)| example));
                } else if example.range.is_empty() && line == ".\n" {
                    example.range = at + line.len()..usize::MAX;
                } else if example.range.is_empty() {
                    source.push_str(line);
                }
            } else if ticks.len() >= 4 && words.first() == Some(&"deckpress") {
                let view = words.get(1).copied().unwrap_or("outline").to_owned();
                let (files, expect) = (Vec::new(), String::new());
                let example = Example { line: number + 1, view, files, expect, range: 0..0 };
                open = Some((ticks, example, String::new()));
            }
            at += line.len();
        }
        assert!(open.is_none(), "the last example has no end");
        Self { text: text.to_owned(), examples }
    }

    /// The page with other expectations.
    pub(crate) fn with(&self, expectations: &[String]) -> String {
        let mut out = String::new();
        let mut at = 0;
        for (example, expect) in self.examples.iter().zip(expectations) {
            out += &self.text[at..example.range.start];
            out += expect;
            at = example.range.end;
        }
        out + &self.text[at..]
    }
}

/// Cuts a source at its lines `@file PATH`; without one it is the file `example.md`.
fn files(source: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for line in source.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("@file ") {
            files.push((path.trim_end().to_owned(), Vec::new()));
            continue;
        }
        if files.is_empty() {
            files.push(("example.md".to_owned(), Vec::new()));
        }
        files.last_mut().unwrap().1.extend(hidden(line));
    }
    files
}

/// The bytes that a line of a source stands for.
fn hidden(line: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '→' => bytes.push(b'\t'),
            '␍' => bytes.push(b'\r'),
            '␠' => bytes.push(b' '),
            // The end of the file, without the line's own newline.
            '␄' => break,
            '⟦' => {
                let (hex, after) = rest.split_once('⟧').unwrap();
                rest = after;
                if let Some(byte) = hex.strip_prefix('!') {
                    bytes.push(u8::from_str_radix(byte, 16).unwrap());
                } else {
                    let c = char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap();
                    bytes.extend(c.to_string().bytes());
                }
            }
            _ => bytes.extend(c.to_string().bytes()),
        }
    }
    bytes
}

/// A text with stand-ins for what cannot be seen.
pub(crate) fn show(text: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let seen = line.trim_end_matches(' ');
        for c in seen.chars() {
            match c {
                '\t' => out.push('→'),
                '\r' => out.push('␍'),
                '\u{a0}'
                | '\u{300}'..='\u{36f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2060}'
                | '\u{feff}' => {
                    let _ = write!(out, "⟦{:X}⟧", u32::from(c));
                }
                c if c.is_control() => {
                    let _ = write!(out, "⟦{:X}⟧", u32::from(c));
                }
                c => out.push(c),
            }
        }
        out += &"␠".repeat(line.len() - seen.len());
        out.push('\n');
    }
    out
}
