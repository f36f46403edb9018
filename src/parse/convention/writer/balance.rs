//! Repair of written questions: no block of a question may continue into the next one.
//!
//! Only a parser knows what the lines of a foreign file mean in Markdown. So each question is
//! parsed once it is written. Code or HTML that would swallow a label or the next question gets
//! closed or escaped, and headings get deeper levels. For example, in
//!
//! ```text
//! ### Q: What is a tag?
//! <!-- `<b>`
//! ### Q: Next?
//! ```
//!
//! the comment gets a backslash, so that it is text.

use std::ops::Range;

use super::Writer;
use crate::markdown;
use crate::model::Definitions;
use crate::parse::blocks::{self, Block, Kind};
use crate::parse::raw;

/// The next question, for the parser.
const NEXT: &str = "\n\n### Q: Next?\n";

/// How often each part of a question is repaired at most. A repair may uncover another unclosed
/// block, but not many times.
const TIMES: usize = 16;

impl Writer<'_> {
    /// Repairs the last question, which begins at a byte of the translation.
    pub(in crate::parse) fn balance(&mut self, start: usize) {
        for _ in 0..TIMES * (self.labels.len() + 1) {
            let text = &self.translation.text[start..];
            if !text.lines().skip(1).any(is_doubtful) {
                break;
            }
            let labels: Vec<usize> = self.labels.iter().map(|at| at - start).collect();
            let mends = find_mends(text, &labels);
            if mends.is_empty() {
                break;
            }
            self.insert(mends.into_iter().map(|(at, ours)| (start + at, ours)).collect());
        }
        self.labels.clear();
    }

    /// Inserts text at places of the translation, in order, and adapts the source map.
    fn insert(&mut self, mends: Vec<(usize, String)>) {
        let Some((from, _)) = mends.first().cloned() else { return };
        let shift = |label: &usize| {
            let before = mends.iter().take_while(|(at, _)| at <= label);
            label + before.map(|(_, ours)| ours.len()).sum::<usize>()
        };
        self.labels = self.labels.iter().map(shift).collect();
        let end = self.translation.text.len();
        let old = self.translation.text.split_off(from);
        let first =
            self.translation.parts.partition_point(|part| part.translated + part.len <= from);
        let parts = self.translation.parts.split_off(first);
        let mut parts = parts.into_iter().peekable();
        if let Some(part) = parts.peek().filter(|part| part.translated < from) {
            let mut before = *part;
            before.len = from - part.translated;
            self.translation.parts.push(before);
        }
        let mut at = from;
        for (place, ours) in mends.into_iter().chain([(end, String::new())]) {
            while let Some(part) = parts.peek().filter(|part| part.translated < place).copied() {
                let until = part.translated + part.len;
                if part.translated > at {
                    self.push(&old[at - from..part.translated - from]);
                    at = part.translated;
                }
                let stop = until.min(place);
                self.copy(
                    part.original + at - part.translated..part.original + stop - part.translated,
                );
                at = stop;
                if until > place {
                    break;
                }
                parts.next();
            }
            self.push(&old[at - from..place - from]);
            self.push(&ours);
            at = place;
        }
    }
}

/// Returns whether a line may open a block of several lines, or be a heading.
fn is_doubtful(line: &str) -> bool {
    let shown = line.trim_start();
    let is_line = |sign: &str| {
        shown.starts_with(sign)
            && shown.trim_end_matches([' ', '\t']).trim_start_matches(sign).is_empty()
    };
    ["```", "~~~", "<", "#"].iter().any(|sign| shown.starts_with(sign))
        || is_line("=")
        || is_line("-")
}

/// Finds the insertions that repair the text of a question, in order. `labels` are the places of
/// the labels that the writer has added.
fn find_mends(text: &str, labels: &[usize]) -> Vec<(usize, String)> {
    let whole = format!("{text}{NEXT}");
    let none = Definitions::default();
    let events = markdown::parse(&whole, &none);
    let (blocks, _) = blocks::of(&whole, &events);
    let next = text.len() + 2;
    let mut ends = labels.iter().copied().chain([next]).peekable();
    let mut mends = Vec::new();
    for block in blocks.iter().skip(1) {
        while ends.next_if(|end| *end <= block.range.start).is_some() {}
        let Some(end) = ends.peek().copied() else { break };
        if end < block.range.end {
            mends.extend(close_block(&whole, block, end));
            // The rest is parsed again after this repair.
            break;
        }
        match block.kind {
            Kind::Heading(level @ 1..=3) => {
                mends.push((block.range.start, "#".repeat(4 - usize::from(level))));
            }
            Kind::Underlined(_) => {
                let shown = whole[block.range.clone()].trim_end();
                let line = shown.rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
                let sign = line + shown[line..].len() - shown[line..].trim_start().len();
                mends.push((block.range.start + sign, "\\".to_owned()));
            }
            _ => {}
        }
    }
    mends
}

/// Ends a block at a place: code gets a closing fence; the openings of unclosed HTML get a
/// backslash.
fn close_block(text: &str, block: &Block, end: usize) -> Vec<(usize, String)> {
    let Range { start, .. } = block.range;
    let within = &text[start..end];
    // A fence named `math` is a paragraph with a formula.
    if within.starts_with(['`', '~']) {
        let shown = within.trim_end();
        let sign = shown.chars().next().unwrap_or('`');
        let count = shown.chars().take_while(|c| *c == sign).count();
        return vec![(start + shown.len(), format!("\n{}", sign.to_string().repeat(count)))];
    }
    let closer = raw::end(within);
    let mut at = start;
    let mut mends = Vec::new();
    for line in within.split_inclusive('\n') {
        let shown = line.trim_start_matches(' ');
        let column = line.len() - shown.len();
        if column <= 3 && (at == start || (closer.is_some() && raw::end(shown) == closer)) {
            mends.push((at + column, "\\".to_owned()));
        }
        at += line.len();
    }
    mends
}
