//! Paragraphs that ask, each with its answer in the blocks below.
//!
//! Where the answers are quotes, the form alone tells questions from answers, and only most of the
//! paragraphs need a question mark. Where they are paragraphs, too, each question needs one, and a
//! third of all blocks must be questions: few texts ask so often.
//!
//! ```text
//! What is a bend?
//!
//! > It joins two ropes.
//! ```

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, Row, rows};
use super::document::{Document, is_thematic_break, marker};
use super::fold::remove_quote_sign;
use super::heuristics;
use super::prompt::{plain_text, strip_decoration, strip_wrappers};
use super::recognizer_input::RecognizerInput;
use super::vocabulary;
use crate::model::Convention;

/// How many pairs a file must have.
const ENOUGH: usize = 3;

/// How many it must have if the answers are no quotes, and nothing promises questions.
const MANY: usize = 5;

/// A block of a file.
struct Block {
    lines: Range<usize>,
    kind: Kind,
    /// Whether it is a paragraph that ends with a question mark.
    is_asking: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Quote,
    Other,
    /// A heading or a thematic break.
    Boundary,
}

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    if !input.taken.is_empty() {
        return Vec::new();
    }
    let blocks = split_blocks(doc);
    let is_pair = |at: &usize| {
        let next = blocks.get(at + 1).map(|next| next.kind);
        blocks[*at].kind == Kind::Text && next == Some(Kind::Quote)
    };
    let of_kind = |kind: Kind| blocks.iter().filter(|block| block.kind == kind).count();
    let asking = blocks.iter().filter(|block| block.is_asking).count();
    let pairs = (0..blocks.len()).filter(is_pair);
    let marked = pairs.clone().filter(|at| blocks[*at].is_asking).count();
    let pairs = pairs.count();
    let is_quoted = marked >= ENOUGH && marked * 5 >= pairs * 3 && pairs * 2 >= of_kind(Kind::Text);
    let is_answered = |at: &usize| {
        let next = blocks.get(at + 1);
        blocks[*at].is_asking
            && next.is_some_and(|next| next.kind != Kind::Boundary && !next.is_asking)
    };
    let answered = (0..blocks.len()).filter(is_answered).count();
    let all = blocks.len() - of_kind(Kind::Boundary);
    let enough = if input.is_question_bank { ENOUGH } else { MANY };
    let is_alternating = answered >= enough && answered * 5 >= asking * 4 && asking * 3 >= all;
    if !is_quoted && !is_alternating {
        return Vec::new();
    }
    let is_one = |at: &usize| blocks[*at].is_asking || (is_quoted && is_pair(at));
    let ones: Vec<usize> = (0..blocks.len()).filter(is_one).collect();
    let candidates: Vec<Candidate> =
        ones.into_iter().map(|at| make_candidate(doc, &blocks[at..], is_quoted)).collect();
    if heuristics::covers_enough(input, &candidates, 2) { candidates } else { Vec::new() }
}

/// Splits a file into blocks, as far as that can be seen from the beginnings of lines.
fn split_blocks(doc: &Document<'_>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_apart = true;
    for line in 0..doc.lines.len() {
        let (snippet, is_closed) = (doc.line_text(line), doc.lines[line].is_closed);
        if snippet.is_empty() && !is_closed {
            is_apart = true;
            continue;
        }
        let is_boundary = doc.heading_at(line).is_some() || is_thematic_break(snippet);
        let kind = match snippet.as_bytes().first() {
            _ if is_closed => Kind::Other,
            _ if is_boundary => Kind::Boundary,
            Some(b'>') => Kind::Quote,
            Some(b'|' | b'<' | b'!' | b'$') => Kind::Other,
            _ if marker(snippet).is_some() || doc.lines[line].column > 3 => Kind::Other,
            _ => Kind::Text,
        };
        let goes_on = |last: &Block| match (last.kind, kind) {
            (Kind::Boundary, _) | (_, Kind::Boundary | Kind::Quote) => {
                last.kind == Kind::Quote && kind == Kind::Quote
            }
            (Kind::Quote, _) => false,
            (_, Kind::Other) if is_closed => last.kind == Kind::Other,
            (Kind::Other, Kind::Text) => !doc.lines[last.lines.end - 1].is_closed,
            _ => true,
        };
        match blocks.last_mut().filter(|last| !is_apart && goes_on(last)) {
            Some(last) => last.lines.end = line + 1,
            None => blocks.push(Block { lines: line..line + 1, kind, is_asking: false }),
        }
        is_apart = false;
    }
    for block in blocks.iter_mut().filter(|block| block.kind == Kind::Text) {
        let last = plain_text(doc.line_text(block.lines.end - 1));
        let shown = last.trim_end_matches([')', '"', '”', '»', '.', ':', ' ']);
        block.is_asking = shown.ends_with(vocabulary::MARKS);
    }
    blocks
}

/// Makes a candidate of the first of some blocks. Its answer goes on up to the next paragraph that
/// asks, or that stands above a quote if the answers are quotes.
fn make_candidate(doc: &Document<'_>, blocks: &[Block], is_quoted: bool) -> Candidate {
    let first = &blocks[0].lines;
    let ends = |at: &usize| {
        let is_above_quote = blocks.get(at + 1).is_some_and(|next| next.kind == Kind::Quote);
        let block = &blocks[*at];
        block.kind == Kind::Boundary
            || block.is_asking
            || (is_quoted && block.kind == Kind::Text && is_above_quote)
    };
    let last = (1..blocks.len()).find(ends).unwrap_or(blocks.len()) - 1;
    let below = blocks[last].lines.end;
    let mut all = rows(doc, doc.line_start(first.end)..doc.line_start(below));
    let is_quote = |row: &Row| !row.is_closed() && row.trimmed(doc.text).starts_with('>');
    if all.iter().all(|row| row.trimmed(doc.text).is_empty() || is_quote(row)) {
        for row in &mut all {
            remove_quote_sign(doc.text, row);
        }
    }
    let piece = |line: usize| {
        let inner = doc.lines[line].inner.clone();
        let shown = doc.text[inner.clone()].trim_end_matches(['\\', ' ']);
        inner.start..inner.start + shown.len()
    };
    let mut prompt: Vec<Range<usize>> = first.clone().map(piece).collect();
    if let [only] = &mut prompt[..] {
        *only = strip_decoration(doc.text, strip_wrappers(doc.text, only.clone()));
    }
    Candidate {
        convention: Convention::QaLines,
        line: first.start,
        prompt,
        more: Vec::new(),
        extent: AnswerExtent::Within { rows: all, column: 0, below },
    }
}
