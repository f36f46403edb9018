//! Cards on one line: `question :: answer`; `:::` makes a reversed card, too.
//!
//! Two colons have other meanings: `std::move`, `map :: a -> b`, and in note-taking apps the value
//! of a field, `tags:: physics`. So a file must have a tag for flashcards or consist of such lines;
//! a field is a card only in a file with such a tag, and if its key occurs once.

use std::collections::{BTreeMap, BTreeSet};

use super::candidate::{self, Candidate, CardBack, Row, RowKind};
use super::document::{Document, beside, fence, marker};
use super::question_form::has_question_mark;
use super::recognizer_input::RecognizerInput;
use super::two_sided::{self, is_schedule, side_rows};
use crate::markdown::dollar;
use crate::model::Convention;
use std::ops::Range;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let lines = 0..doc.lines.len();
    let is_open = |line: usize| {
        let is_text = input.is_free(line) && doc.heading_at(line).is_none();
        is_text && !doc.open_text(line).is_empty()
    };
    let cuts: Vec<Option<Cut>> = lines
        .clone()
        .map(|line| find_colons(doc.open_text(line)).filter(|_| is_open(line)))
        .collect();
    let is_tagged = input.is_requested || two_sided::is_tagged(input);
    let mut keys: BTreeMap<&str, usize> = BTreeMap::new();
    for cut in
        cuts.iter().enumerate().filter_map(|(line, cut)| cut.as_ref()?.key(doc.open_text(line)))
    {
        *keys.entry(cut).or_default() += 1;
    }
    let is_repeated = |key: &str| {
        keys.get(key).is_some_and(|count| *count > 1)
            || input.habits.fields.contains(&key.to_lowercase())
    };
    let field = |line: usize, cut: &Cut| {
        let key = cut.key(doc.open_text(line))?;
        let is_long = key.split(' ').count() > 2 && !cut.is_bold(doc.open_text(line));
        (!is_long || is_repeated(key)).then_some(key)
    };
    let is_sure = |(line, cut): (usize, &Option<Cut>)| {
        let cut = cut.as_ref().filter(|cut| cut.strength <= Strength::Loose);
        cut.is_some_and(|cut| field(line, cut).is_none())
    };
    let sure = cuts.iter().enumerate().filter(|cut| is_sure(*cut)).count();
    let is_content =
        |line: &usize| is_open(*line) && doc.open_text(*line).contains(char::is_alphanumeric);
    let share = if input.is_question_bank { 4 } else { 2 };
    // Where other cards have a `?` between their sides, a line with colons is a card, too.
    let signs = lines.clone().filter(|line| matches!(doc.open_text(*line), "?" | "??")).count();
    if !is_tagged && signs < 2 && (sure < 3 || sure * share < lines.filter(is_content).count()) {
        return Vec::new();
    }
    let mut candidates = Vec::new();
    for (line, cut) in cuts.iter().enumerate() {
        let Some(cut) = cut else { continue };
        let is_one = match field(line, cut) {
            Some(key) => is_tagged && !is_repeated(key) && !is_property(key),
            None => is_tagged || cut.strength != Strength::Type,
        };
        if is_one {
            candidates.extend(make_candidate(input, line, cut, &cuts));
        }
    }
    candidates
}

/// Returns the keys of all lines of the form `key:: value`.
pub(super) fn fields(doc: &Document<'_>) -> BTreeSet<String> {
    let lines = (0..doc.lines.len()).map(|line| doc.open_text(line));
    let keys = lines.filter_map(|snippet| find_colons(snippet)?.key(snippet));
    keys.map(str::to_lowercase).collect()
}

fn make_candidate(
    input: &RecognizerInput<'_>,
    line: usize,
    cut: &Cut,
    cuts: &[Option<Cut>],
) -> Option<Candidate> {
    let doc = input.doc;
    let inner = doc.lines[line].inner.clone();
    let front = Row::text(inner.start + cut.front..inner.start + cut.at);
    let beside = inner.start + cut.at + cut.width..inner.start + cut.end;
    let start = find_continuation(input, line);
    let is_code = is_code_beside(doc, line, &beside);
    let below = find_end(input, line, start, cuts);
    let mut rows = Vec::new();
    let kind = if is_code { RowKind::Text } else { RowKind::Inline };
    rows.extend(
        (!doc.text[beside.clone()].trim().is_empty()).then(|| Row { kind, ..Row::text(beside) }),
    );
    if is_code {
        rows.extend(candidate::rows(doc, doc.line_start(line + 1)..doc.line_start(below)));
    } else if below > start {
        rows.push(Row::text(inner.end..inner.end));
        rows.extend(side_rows(doc, start..below));
    }
    let classes = if cut.width == 3 { vec!["reverse".to_owned()] } else { Vec::new() };
    let back = CardBack { rows, below: below.max(line + 1), classes, ..CardBack::default() };
    two_sided::make_candidate(doc.text, Convention::Inline, line, vec![front], back).filter(
        |candidate| matches!(&candidate.extent, candidate::AnswerExtent::Card(back) if !back.rows.is_empty()),
    )
}

/// Returns whether an answer is code that continues below its line.
fn is_code_beside(doc: &Document<'_>, line: usize, answer: &Range<usize>) -> bool {
    let opens = doc.lines[line].inner.start + beside(doc.line_text(line)).unwrap_or_default();
    let shown = doc.text[answer.clone()].len() - doc.text[answer.clone()].trim_start().len();
    let is_open = doc.lines.get(line + 1).is_some_and(|below| below.is_closed);
    is_open && opens == answer.start + shown
}

/// Returns the line where the answer of a card may continue.
fn find_continuation(input: &RecognizerInput<'_>, line: usize) -> usize {
    let next = line + 1;
    next + usize::from(is_schedule(input.doc.line_text(next)))
}

/// Returns the line below an answer: code right below its line, and indented lines, belong to it.
fn find_end(input: &RecognizerInput<'_>, line: usize, start: usize, cuts: &[Option<Cut>]) -> usize {
    let doc = input.doc;
    let column = doc.lines[line].column;
    let mut end = start;
    if fence(doc.line_text(start)).is_some() || beside(doc.line_text(line)).is_some() {
        while doc.lines.get(end).is_some_and(|line| line.is_closed)
            && !doc.line_text(end).starts_with("<!--")
        {
            end += 1;
        }
        return end;
    }
    while let Some(next) = doc.lines.get(end) {
        let is_within = next.column > column && !next.inner.is_empty() && input.is_free(end);
        if !is_within || cuts[end].is_some() {
            break;
        }
        end += 1;
    }
    end
}

/// The colons that split a line into question and answer.
struct Cut {
    /// Where the question begins, behind list markers and `>`s.
    front: usize,
    /// The place of the first colon.
    at: usize,
    /// How many colons there are.
    width: usize,
    /// Where the answer ends.
    end: usize,
    strength: Strength,
}

impl Cut {
    /// Returns the key, if the line may be a field: a few words right before two colons, also in
    /// bold.
    fn key<'t>(&self, snippet: &'t str) -> Option<&'t str> {
        let key = snippet[self.front..self.at].trim_matches(['*', '_']);
        let is_sentence = has_question_mark(key) || key.contains([',', ';', '!', '`', '$', '|']);
        let is_tight = !key.is_empty() && !key.ends_with([' ', '.', '…', '"']);
        let value = &snippet[self.at + self.width..self.end];
        let is_apart = value.is_empty() || value.starts_with(char::is_whitespace);
        (self.width == 2 && is_tight && !is_sentence && is_apart).then_some(key)
    }

    /// Returns whether the text before the colons is bold.
    fn is_bold(&self, snippet: &str) -> bool {
        let before = &snippet[self.front..self.at];
        ["**", "__"]
            .iter()
            .any(|candidate| before.starts_with(candidate) && before.ends_with(candidate))
    }
}

/// How much colons look like those of a card; the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// `question :: answer`.
    Spaced,
    /// `Question?::answer`, `a question:: answer`.
    Loose,
    /// `one::two`, which may be a name in a program.
    Tight,
    /// `map :: a -> b`.
    Type,
    /// `key:: value`.
    Property,
}

/// Finds the colons of a line, outside code, that most likely split it.
fn find_colons(snippet: &str) -> Option<Cut> {
    if !snippet.contains("::") {
        return None;
    }
    let mut front = snippet.len() - snippet.trim_start_matches(['>', ' ']).len();
    front += marker(&snippet[front..]).unwrap_or_default();
    let end = snippet.find("<!--").unwrap_or(snippet.len());
    if snippet.starts_with(['|', '<']) || snippet[front..].starts_with("..") {
        return None;
    }
    let bytes = snippet.as_bytes();
    let mut best: Option<(Strength, usize, usize)> = None;
    let arrow = snippet.rfind("->").unwrap_or_default();
    let (mut is_code, mut has_word, mut at) = (false, false, front);
    while at < end && best.is_none_or(|(strength, ..)| strength > Strength::Spaced) {
        is_code ^= bytes[at] == b'`';
        if !is_code
            && bytes[at] == b'$'
            && let Some(formula) = dollar::formula(&snippet[..end], at)
        {
            (has_word, at) = (true, formula);
            continue;
        }
        has_word |= bytes[at].is_ascii_alphanumeric() || !bytes[at].is_ascii();
        let width = bytes[at..end].iter().take_while(|byte| **byte == b':').count();
        if !is_code
            && matches!(width, 2 | 3)
            && has_word
            && let Some(strength) = rate_colons(
                &snippet[front..at],
                &snippet[at + width..end],
                best.is_none(),
                arrow > at,
            )
            && best.is_none_or(|(other, ..)| strength < other)
        {
            best = Some((strength, at, width));
        }
        at += width.max(1);
    }
    let (strength, at, width) = best?;
    Some(Cut { front, at, width, end, strength })
}

/// Returns whether colons are those of a field in brackets: `[due:: tomorrow]`.
fn is_in_brackets(before: &str, after: &str) -> bool {
    let key = before.rfind(['[', '(']).map(|at| &before[at + 1..]);
    let close =
        if before[..before.len() - key.map_or(0, str::len)].ends_with('[') { ']' } else { ')' };
    let is_key = |key: &str| key.ends_with(char::is_alphanumeric) && !key.contains([']', ')']);
    key.is_some_and(is_key) && after.starts_with(' ') && after.contains(close)
}

/// Rates the colons between two texts. Are they the first ones on the line, and does an arrow
/// follow?
fn rate_colons(before: &str, after: &str, is_first: bool, has_arrow: bool) -> Option<Strength> {
    let last = before.chars().next_back()?;
    let Some(next) = after.chars().next().filter(|_| !after.trim().is_empty()) else {
        // The answer may stand below.
        return before.ends_with(['?', '.']).then_some(Strength::Loose);
    };
    if is_in_brackets(before, after) {
        return None;
    }
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let is_key = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    if is_first && next.is_whitespace() && before.chars().all(is_key) {
        return Some(Strength::Property);
    }
    if last.is_whitespace() && next.is_whitespace() {
        return Some(if has_arrow { Strength::Type } else { Strength::Spaced });
    }
    let word = before.rsplit(|c| !is_name(c)).next().unwrap_or_default();
    if before[..before.len() - word.len()].ends_with("{{") {
        // A gap.
        return None;
    }
    let is_tight = (is_name(last) || last == '>') && (is_name(next) || "~*<".contains(next));
    if !is_tight {
        return Some(Strength::Loose);
    }
    let is_path = ["std", "boost", "self", "crate", "super", "Self", "core"].contains(&word);
    (!is_path && last != '>').then_some(Strength::Tight)
}

/// Returns whether a key is that of a property in note-taking apps.
#[rustfmt::skip]
fn is_property(key: &str) -> bool {
    let known = [
        "alias", "aliases", "author", "collapsed", "created", "date", "deck", "exclude", "file",
        "icon", "id", "logseq", "public", "query", "refs", "related", "source", "status", "tags",
        "template", "title", "type", "updated", "url", "up",
    ];
    let lower = key.to_lowercase();
    known.contains(&lower.as_str()) || lower.contains(['-', '_', '.'])
}
