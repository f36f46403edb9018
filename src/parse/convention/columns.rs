//! The roles of the columns of a table, by the words above them.

use std::ops::Range;

use super::candidate::{Candidate, CardBack, Row, RowKind};
use super::prompt::plain_text;
use super::two_sided;
use super::vocabulary;
use crate::config::clean_tag;
use crate::model::Convention;

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    /// The place of its text, without quotes around it.
    pub range: Range<usize>,
    /// The places of escape characters in it.
    pub skips: Vec<usize>,
}

/// The role of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The question.
    Front,
    /// The answer.
    Back,
    /// Tags, between spaces or commas.
    Tags,
    /// The name of a topic or deck.
    Topic,
    /// Numbers of rows, which are skipped.
    Number,
    /// More of the answer.
    Extra,
}

/// The columns of a table.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    /// The role of each column.
    pub roles: Vec<Role>,
    /// The cell above each column; empty without a header.
    pub heads: Vec<Cell>,
    /// Whether the words above can only mean questions and answers.
    pub is_sure: bool,
}

impl Columns {
    /// Determines the roles from a header that names questions and answers.
    pub(super) fn parse_header(text: &str, heads: &[Cell]) -> Option<Self> {
        let names: Vec<String> = heads.iter().map(|head| normalize_header(text, head)).collect();
        let find = |kind: &dyn Fn(&str) -> bool, not: Option<usize>| {
            (0..names.len()).find(|at| Some(*at) != not && kind(&names[*at]))
        };
        let is_asked =
            |name: &str| is_one(name, vocabulary::QUESTION) || is_one(name, vocabulary::FRONT);
        let is_answer =
            |name: &str| is_one(name, vocabulary::ANSWER) || is_one(name, vocabulary::BACK);
        let is_term = |name: &str| is_one(name, vocabulary::TERM);
        let is_meaning = |name: &str| is_one(name, vocabulary::MEANING);
        let asked = find(&is_asked, None);
        let pair = asked.or_else(|| find(&is_term, None)).and_then(|front| {
            let back = find(&is_answer, Some(front)).map(|back| (front, back));
            back.or_else(|| Some((front, find(&is_meaning, Some(front))?)))
        });
        let is_clear = pair.is_some_and(|(_, back)| is_answer(&names[back]));
        let (front, back) = pair.or_else(|| find_languages(&names))?;
        let mut columns = Self::with_sides(text, heads, front, back);
        columns.is_sure = asked.is_some() && is_clear;
        Some(columns)
    }

    /// Determines the roles of the other columns, given those of the question and the answer.
    pub(super) fn with_sides(text: &str, heads: &[Cell], front: usize, back: usize) -> Self {
        let role = |(at, head): (usize, &Cell)| {
            let name = normalize_header(text, head);
            let is = |words: &[&str]| words.contains(&name.as_str());
            match at {
                _ if at == front => Role::Front,
                _ if at == back => Role::Back,
                _ if is(vocabulary::TAGS) => Role::Tags,
                _ if is(vocabulary::TOPIC) => Role::Topic,
                _ if is(vocabulary::NUMBER) => Role::Number,
                _ => Role::Extra,
            }
        };
        let roles = heads.iter().enumerate().map(role).collect();
        Self { roles, heads: heads.to_vec(), is_sure: false }
    }

    /// Returns the first column with a role.
    pub(super) fn find(&self, role: Role) -> Option<usize> {
        self.roles.iter().position(|other| *other == role)
    }

    /// Makes a candidate of a row whose cells are of a kind.
    pub(super) fn make_candidate(
        &self,
        text: &str,
        (convention, kind): (Convention, RowKind),
        lines: Range<usize>,
        cells: &[Cell],
    ) -> Option<Candidate> {
        let mut front = Vec::new();
        let mut back = CardBack { below: lines.end, ..CardBack::default() };
        for (at, cell) in cells.iter().enumerate() {
            let mut rows = split_cell(text, cell, kind);
            if rows.iter().all(|row| row.trimmed(text).is_empty()) {
                continue;
            }
            let head = self.heads.get(at).filter(|head| !text[head.range.clone()].is_empty());
            match self.roles.get(at).copied().unwrap_or(Role::Extra) {
                Role::Front => front = rows,
                Role::Back => {
                    rows.append(&mut back.rows);
                    back.rows = rows;
                }
                Role::Tags => back.classes.extend(parse_tags(&text[cell.range.clone()])),
                Role::Number => {}
                Role::Topic if convention == Convention::Csv => {}
                Role::Topic | Role::Extra => {
                    if let Some(head) = head {
                        back.extras.push((head.range.clone(), rows));
                    } else {
                        back.rows.push(Row::text(cell.range.start..cell.range.start));
                        back.rows.append(&mut rows);
                    }
                }
            }
        }
        let asked = front.iter().map(|row| &text[row.range.clone()]);
        let has_gap = |snippet: &str| {
            snippet.split("{{c").skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        if asked.into_iter().any(has_gap) {
            back.classes.push("cloze".to_owned());
        }
        two_sided::make_candidate(text, convention, lines.start, front, back)
    }
}

/// Splits a cell into rows of a kind.
fn split_cell(text: &str, cell: &Cell, kind: RowKind) -> Vec<Row> {
    if kind == RowKind::Html {
        return vec![Row { range: cell.range.clone(), skips: cell.skips.clone(), kind }];
    }
    let mut rows = Vec::new();
    let mut start = cell.range.start;
    let mut skips = cell.skips.iter().copied().peekable();
    for line in text[cell.range.clone()].split_inclusive(['\n', '\r']) {
        let end = start + line.trim_end_matches(['\n', '\r']).len();
        let own = std::iter::from_fn(|| skips.next_if(|skip| *skip < end)).collect();
        // The second half of a line end.
        if line != "\n" || !text[..start].ends_with('\r') || start == cell.range.start {
            rows.push(Row { range: start..end, skips: own, kind });
        }
        start += line.len();
    }
    match &mut rows[..] {
        _ if kind != RowKind::Text => {}
        [only] => only.kind = RowKind::Inline,
        rows => two_sided::mark_code(text, rows),
    }
    rows
}

/// Returns the header of a column in a form for comparisons.
fn normalize_header(text: &str, head: &Cell) -> String {
    let snippet = plain_text(&text[head.range.clone()]).to_lowercase();
    let snippet = snippet.split(['(', '（', '[']).next().unwrap_or_default();
    let is_sign = |c: char| !c.is_alphanumeric() && c != '#' && c != '№';
    snippet.trim_matches(is_sign).to_owned()
}

/// Finds the columns of a vocabulary: the first two, if they are two languages, or one and
/// definitions.
fn find_languages(names: &[String]) -> Option<(usize, usize)> {
    let is_number = |name: &str| vocabulary::NUMBER.contains(&name);
    let mut shown = (0..names.len()).filter(|at| !is_number(&names[*at]));
    let (front, back) = (shown.next()?, shown.next()?);
    let is_language = |at: usize| is_one(&names[at], vocabulary::LANGUAGE);
    let is_other = is_language(back) && names[front] != names[back];
    (is_language(front) && (is_other || is_one(&names[back], vocabulary::MEANING)))
        .then_some((front, back))
}

/// Returns whether a header is one of some words, or has one among a few words.
fn is_one(name: &str, words: &[&str]) -> bool {
    let is_word = |word: &str| {
        words.contains(&word) || word.strip_suffix('s').is_some_and(|word| words.contains(&word))
    };
    let mut parts = name.split([' ', '/', '_', '-']).filter(|part| !part.is_empty());
    is_word(name)
        || (parts.clone().count() <= 3
            && parts.any(|part| part.chars().count() > 1 && is_word(part)))
}

fn parse_tags(snippet: &str) -> Vec<String> {
    let signs: &[char] =
        if snippet.contains([',', ';']) { &[',', ';'] } else { &[' ', '\t', '\n'] };
    snippet.split(signs).map(clean_tag).filter(|tag| !tag.is_empty()).collect()
}
