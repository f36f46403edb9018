//! Files of comma- or tab-separated values with a question in each row.
//!
//! Most such files hold other data, and are skipped without a message. So the header, or the header
//! of Anki's text files, must name questions and answers; or the rows must ask.

use std::collections::BTreeSet;
use std::ops::Range;

use super::candidate::RowKind;
use super::columns::{Cell, Columns, Role};
use super::document::{Document, Heading};
use super::folder_habits::FolderHabits;
use super::outline::{Entry, Outline};
use super::question_form::is_question_like;
use super::translate::translate;
use super::translation::Translation;
use super::vocabulary;
use crate::config::{Config, TextForm};
use crate::model::Convention;

/// Returns whether a file holds separated values, going by its name.
pub(in crate::parse) fn is_values(path: &str) -> bool {
    usual_delimiter(path).is_some()
}

fn usual_delimiter(path: &str) -> Option<u8> {
    let (_, extension) = path.rsplit_once('.')?;
    let known = [("csv", b','), ("tsv", b'\t')];
    known.iter().find(|(name, _)| extension.eq_ignore_ascii_case(name)).map(|(_, sign)| *sign)
}

/// Returns the places of all cells, without their quotes, in order.
pub(in crate::parse) fn find_cells(text: &str, path: &str) -> Vec<Range<usize>> {
    if !is_values(path) {
        return Vec::new();
    }
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let header = Header::read(text, start);
    let delimiter = header.delimiter.unwrap_or_else(|| guess_delimiter(&text[header.end..], path));
    let records = parse_records(text, header.end, delimiter).into_iter();
    records.flat_map(|record| record.cells).map(|cell| cell.range).collect()
}

/// Translates a file of values. If it holds no questions, all of it is skipped.
pub(super) fn read(
    text: &str,
    path: &str,
    config: &Config,
    requested: &[Convention],
) -> Translation {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let is_requested = requested.contains(&Convention::Csv);
    let header = Header::read(text, start);
    let rest = || {
        let shown = start + text[start..].len() - text[start..].trim_start().len();
        let all = shown..shown + text[shown..].trim_end().len();
        let skipped = (!all.is_empty()).then_some((all, "values that are no questions"));
        Translation { skipped: skipped.into_iter().collect(), ..Translation::default() }
    };
    let first = text[header.end..].lines().next().unwrap_or_default();
    let is_ours = first == "front,back,topic,tags,id" || header.is_ours;
    if (is_ours || !requested.is_empty()) && !is_requested {
        return rest();
    }
    let delimiter = header.delimiter.unwrap_or_else(|| guess_delimiter(&text[header.end..], path));
    let mut records = parse_records(text, header.end, delimiter);
    let Some(columns) = determine_columns(text, path, &header, &mut records, is_requested) else {
        return rest();
    };
    let form = if header.is_html { TextForm::Html } else { TextForm::Text };
    let kind = match config.csv_cells.unwrap_or(form) {
        TextForm::Text => RowKind::Plain,
        TextForm::Html => RowKind::Html,
        TextForm::Markdown => RowKind::Text,
    };
    write(text, path, (&records, kind), &columns, config)
}

fn write(
    text: &str,
    path: &str,
    (records, kind): (&[Record], RowKind),
    columns: &Columns,
    config: &Config,
) -> Translation {
    let mut doc = Document::values(text, path);
    let topic = columns.find(Role::Topic);
    let topic = |record: &Record| {
        let cell = record.cells.get(topic?)?;
        (!text[cell.range.clone()].trim().is_empty()).then(|| cell.range.clone())
    };
    let mut above = "";
    let mut steps: Vec<Vec<usize>> = Vec::new();
    for record in records {
        let mut step = Vec::new();
        if let Some(range) = topic(record).filter(|range| text[range.clone()] != *above) {
            above = &text[range.clone()];
            let mut at = range.start;
            for part in above.split("::") {
                let (line, level) = (doc.line_at(record.range.start), step.len() + 1);
                let title = at..at + part.len();
                step.push(doc.headings.len());
                doc.headings.push(Heading {
                    line,
                    below: line,
                    level,
                    title,
                    column: 0,
                    is_item: false,
                });
                at += part.len() + 2;
            }
        }
        steps.push(step);
    }
    let mut outline = Outline::default();
    for (record, step) in records.iter().zip(steps) {
        for at in step {
            let heading = &doc.headings[at];
            outline.entries.push(Entry::Topic(heading, heading.level));
        }
        let lines = doc.line_at(record.range.start)..doc.line_at(record.range.end) + 1;
        match columns.make_candidate(text, (Convention::Csv, kind), lines.clone(), &record.cells) {
            Some(candidate) => outline.entries.push(Entry::Question(candidate, lines.end)),
            None => outline.skipped.push((record.range.clone(), "a row without a question")),
        }
    }
    let numbers =
        columns.roles.iter().zip(&columns.heads).filter(|(role, _)| **role == Role::Number);
    let numbers =
        numbers.map(|(_, head)| (head.range.clone(), "a column of numbers or names of rows"));
    outline.skipped.extend(numbers.filter(|(range, _)| !range.is_empty()));
    translate(&doc, &[], &outline, &FolderHabits::default(), config)
}

/// The header of a text file that Anki exports: `#separator:tab`, `#html:true`.
#[derive(Debug, Default)]
struct Header {
    /// The place where the values begin.
    end: usize,
    delimiter: Option<u8>,
    /// The names of the columns.
    names: Option<Range<usize>>,
    /// The columns, from 1, that are no fields of a note.
    tags: Option<usize>,
    deck: Option<usize>,
    ids: Vec<usize>,
    is_there: bool,
    is_ours: bool,
    /// Whether the values are HTML.
    is_html: bool,
}

impl Header {
    fn read(text: &str, start: usize) -> Self {
        let mut header = Self { end: start, ..Self::default() };
        for line in text[start..].split_inclusive('\n') {
            let Some((key, value)) = line.strip_prefix('#').and_then(|line| line.split_once(':'))
            else {
                break;
            };
            let number = || value.trim().parse().ok();
            match key.trim().to_ascii_lowercase().as_str() {
                "separator" => header.delimiter = parse_separator(value),
                "columns" => {
                    let from = header.end + line.len() - value.len();
                    header.names = Some(from..from + value.trim_end().len());
                }
                "tags column" => header.tags = number(),
                "deck column" => header.deck = number(),
                "guid column" | "notetype column" => header.ids.extend(number()),
                "if matches" => header.is_ours = value.trim() == "update current",
                "html" => header.is_html = value.trim().eq_ignore_ascii_case("true"),
                "tags" | "deck" | "notetype" => {}
                _ => break,
            }
            header.is_there = true;
            header.end += line.len();
        }
        header
    }
}

/// Parses a separator as Anki names it.
fn parse_separator(value: &str) -> Option<u8> {
    let known = [
        ("comma", b','),
        ("semicolon", b';'),
        ("tab", b'\t'),
        ("space", b' '),
        ("pipe", b'|'),
        ("colon", b':'),
    ];
    let name = value.trim();
    let sign =
        known.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, sign)| *sign);
    sign.or_else(|| value.bytes().next().filter(|byte| b",;\t|:".contains(byte)))
}

/// Guesses the delimiter: the character that all of the first lines have equally many of, or else
/// the usual one for the extension of the file.
fn guess_delimiter(text: &str, path: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    let count = |line: &str, sign: u8| {
        let mut is_quoted = false;
        let bytes = line.bytes().filter(|byte| {
            is_quoted ^= *byte == b'"';
            !is_quoted && *byte == sign
        });
        bytes.count()
    };
    let usual = usual_delimiter(path).unwrap_or(b',');
    let first = lines.first().copied().unwrap_or_default();
    let all = [usual, b'\t', b';', b',', b'|'];
    let mut signs = all.into_iter();
    let is_even = |sign: &u8| {
        let width = count(first, *sign);
        width > 0 && lines.iter().all(|line| count(line, *sign) == width)
    };
    let in_first = all.into_iter().find(|sign| count(first, *sign) > 0);
    signs.find(is_even).or(in_first).unwrap_or(usual)
}

/// A row of a file.
#[derive(Debug)]
struct Record {
    range: Range<usize>,
    cells: Vec<Cell>,
}

/// Parses all rows that are not blank. An opening quote without a closing one is text.
fn parse_records(text: &str, start: usize, delimiter: u8) -> Vec<Record> {
    let bytes = text.as_bytes();
    let mut records = Vec::new();
    let mut at = start;
    let mut has_quotes = true;
    while at < bytes.len() {
        let from = at;
        let mut cells = Vec::new();
        loop {
            let closed =
                (has_quotes && bytes.get(at) == Some(&b'"')).then(|| parse_quoted(bytes, at + 1));
            has_quotes &= !matches!(closed, Some(None));
            let rest = at;
            if let Some(Some((cell, end))) = closed {
                cells.push(cell);
                at = end;
            }
            let is_end = |byte: &u8| *byte == delimiter || *byte == b'\n' || *byte == b'\r';
            let stray = bytes[at..].iter().position(is_end).map_or(bytes.len(), |width| at + width);
            match cells.last_mut().filter(|cell| cell.range.start > rest) {
                // What stands behind a closing quote belongs to the cell, and so does the quote.
                Some(cell) if !text[at..stray].trim().is_empty() => cell.range.end = stray,
                Some(_) => {}
                None => cells.push(Cell { range: at..stray, skips: Vec::new() }),
            }
            at = stray;
            if bytes.get(at) != Some(&delimiter) {
                break;
            }
            at += 1;
        }
        if cells.iter().any(|cell| !text[cell.range.clone()].trim().is_empty()) {
            records.push(Record { range: from..at, cells });
        }
        at += usize::from(bytes[at..].starts_with(b"\r\n")) + 1;
    }
    records
}

/// Parses a quoted cell, and returns it with the place behind its closing quote.
fn parse_quoted(bytes: &[u8], start: usize) -> Option<(Cell, usize)> {
    let mut skips = Vec::new();
    let mut at = start;
    loop {
        at += bytes[at..].iter().position(|byte| *byte == b'"')?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some((Cell { range: start..at, skips }, at + 1));
        }
        skips.push(at);
        at += 2;
    }
}

/// Determines the roles of the columns, and removes the header row. Returns nothing if there are no
/// questions.
fn determine_columns(
    text: &str,
    path: &str,
    header: &Header,
    records: &mut Vec<Record>,
    is_requested: bool,
) -> Option<Columns> {
    let width = records.iter().map(|record| record.cells.len()).max()?;
    if header.is_there {
        let names = header.names.clone().and_then(|names| {
            let sign = char::from(header.delimiter.unwrap_or(b'\t'));
            let mut at = names.start;
            let cells = text[names].split(sign).map(|name| {
                let range = at..at + name.len();
                at = range.end + 1;
                Cell { range, skips: Vec::new() }
            });
            Some(cells.collect::<Vec<Cell>>()).filter(|cells| !cells.is_empty())
        });
        let mut heads = names.unwrap_or_default();
        heads.resize(width.max(heads.len()), Cell::default());
        let known = |at: usize| {
            let number = Some(at + 1);
            header.tags == number || header.deck == number || header.ids.contains(&(at + 1))
        };
        let mut others = (0..heads.len()).filter(|at| !known(*at));
        let (front, back) = (others.next()?, others.next()?);
        let named = Columns::parse_header(text, &heads).filter(|columns| {
            let free = |role: Role| columns.find(role).is_some_and(|at| !known(at));
            free(Role::Front) && free(Role::Back)
        });
        let mut columns = named.unwrap_or_else(|| Columns::with_sides(text, &heads, front, back));
        for (at, role) in columns.roles.iter_mut().enumerate().filter(|(at, _)| known(*at)) {
            let number = Some(at + 1);
            *role = match number {
                _ if header.tags == number => Role::Tags,
                _ if header.deck == number => Role::Topic,
                _ => Role::Number,
            };
        }
        return Some(columns);
    }
    let first = &records.first()?.cells;
    if let Some(columns) = Columns::parse_header(text, first).filter(|_| records.len() > 1) {
        records.remove(0);
        return Some(columns);
    }
    let heads = vec![Cell::default(); width];
    let is_one = width >= 2 && (is_requested || is_deck(text, path, records));
    is_one.then(|| Columns::with_sides(text, &heads, 0, 1))
}

/// Returns whether rows without a header are questions with answers: two or three columns of text,
/// no question twice, and evidence that the rows ask.
fn is_deck(text: &str, path: &str, records: &[Record]) -> bool {
    let width = records[0].cells.len();
    let mut fronts = BTreeSet::new();
    let mut backs = BTreeSet::new();
    let (mut texts, mut asking, mut words, mut phrases, mut odd) = (0, 0, 0, 0, 0);
    for record in records {
        let snippet =
            |at: usize| record.cells.get(at).map_or("", |cell| text[cell.range.clone()].trim());
        odd += usize::from(record.cells.len() != width);
        fronts.insert(snippet(0));
        let is_text = |snippet: &str| snippet.contains(char::is_alphabetic);
        texts += usize::from(is_text(snippet(0)) && !snippet(1).is_empty());
        asking += usize::from(is_question_like(snippet(0)) || snippet(0).contains("__"));
        words += usize::from(is_words(snippet(0)) && is_words(snippet(1)));
        phrases += usize::from(is_phrase(snippet(1)));
        backs.insert(snippet(1));
    }
    let all = records.len();
    let lower = path.to_lowercase();
    let is_question_bank = vocabulary::BANK.iter().any(|word| lower.contains(word));
    let is_text = (2..=3).contains(&width) && all >= 3 && texts * 10 >= all * 9;
    // Two columns and nothing else: a vocabulary, unless one is a list of kinds. Between commas
    // most files hold data, often below a name; so the second must tell what the first means.
    let first = &records[0].cells;
    let has_phrases = || phrases * 2 > all && is_phrase(&text[first[1].range.clone()]);
    let is_vocabulary = || {
        let is_paired = width == 2 && (usual_delimiter(path) == Some(b'\t') || has_phrases());
        is_paired && words * 10 >= all * 9 && backs.len() * 10 >= all * 8
    };
    // In a long list a word may stand twice, or the sign between cells within one.
    let is_unique = fronts.len() * 40 >= all * 39;
    let is_even = odd * 20 <= all;
    is_text && is_unique && is_even && (is_question_bank || asking * 2 >= all || is_vocabulary())
}

/// Returns whether a cell has three words or more.
fn is_phrase(snippet: &str) -> bool {
    is_words(snippet) && snippet.split_whitespace().nth(2).is_some()
}

/// Returns whether a cell consists of words, not of file names, numbers, dates or addresses.
fn is_words(snippet: &str) -> bool {
    let is_word = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_plain =
            bare.chars().all(|c| c.is_alphabetic() || "'’-".contains(c) || !c.is_ascii());
        !bare.is_empty() && is_plain
    };
    let mut words = snippet.split_whitespace();
    let count = words.clone().count();
    snippet.contains(char::is_alphabetic)
        && words.by_ref().filter(|word| is_word(word)).count() * 2 > count
}
