//! The parts that only cards have: classes, clozes, cells, and extra texts on the back.

use std::ops::Range;

use super::super::candidate::{AnswerExtent, Candidate, Row, RowKind};
use super::super::document::{fence, marker};
use super::super::sections::Part;
use super::{Writer, heading_level};

/// Returns the classes of a card, its tags included.
pub(in crate::parse) fn classes(candidate: &Candidate) -> Vec<String> {
    match &candidate.extent {
        AnswerExtent::Card(back) => back.classes.clone(),
        _ => Vec::new(),
    }
}

impl Writer<'_> {
    /// Writes the extra texts on the back, each below its label.
    pub(in crate::parse) fn write_extras(&mut self, candidate: &Candidate) {
        let AnswerExtent::Card(back) = &candidate.extent else { return };
        for (label, rows) in &back.extras {
            self.write_label("**");
            if rows.iter().any(Row::is_literal) {
                self.write_plain(&Row::text(label.clone()));
            } else {
                self.copy(label.clone());
            }
            self.push(":**");
            self.write_part(&Part { rows: rows.clone(), column: 0 }, false);
        }
    }

    /// Writes the first paragraph of a text with clozes on one line; returns how many rows it has.
    pub(in crate::parse) fn write_lead(&mut self, candidate: &Candidate) -> usize {
        if !candidate.prompt.is_empty() || !matches!(candidate.extent, AnswerExtent::Card(_)) {
            return 0;
        }
        let is_text = |row: &&Row| {
            let snippet = row.trimmed(self.source);
            let opens = marker(snippet).is_some()
                || snippet.starts_with("$$")
                || snippet.starts_with(['>', '|', '#']);
            !row.is_closed() && !snippet.is_empty() && (row.is_literal() || !opens)
        };
        let rows: Vec<&Row> = candidate.more.iter().take_while(is_text).collect();
        for (at, row) in rows.iter().enumerate() {
            let gap = if row.kind == RowKind::Plain { "<br>" } else { " " };
            self.push(if at > 0 { gap } else { "" });
            match row.kind {
                RowKind::Cloze(first) => self.write_clozes(row, first),
                RowKind::Plain => self.write_plain(row),
                RowKind::Html => self.write_html_line(row),
                _ => self.copy_without(row.trimmed_range(self.source), &row.skips),
            }
        }
        rows.len()
    }

    /// Writes a row with clozes, whose brackets are the skipped bytes.
    pub(super) fn write_clozes(&mut self, row: &Row, first: u16) {
        let Range { mut start, end } = row.trimmed_range(self.source);
        for (number, gap) in (first..).zip(row.skips.chunks_exact(2)) {
            self.copy(start..gap[0]);
            self.push(&format!("{{{{c{number}::"));
            self.copy(gap[0] + 1..gap[1]);
            // A brace at the end of a gap would close it too early.
            self.push(if self.source[..gap[1]].ends_with('}') { " }}" } else { "}}" });
            start = gap[1] + 1;
        }
        self.copy(start..end);
    }

    /// Writes a row as text of a paragraph, even if it begins like a list, a heading or code.
    pub(super) fn write_inline(&mut self, row: &Row) {
        let inner = row.trimmed_range(self.source);
        let snippet = &self.source[inner.clone()];
        let digits = snippet.bytes().take_while(u8::is_ascii_digit).count();
        let is_rule = snippet.len() > 1 && snippet.bytes().all(|byte| b"-=*_ ".contains(&byte));
        let opens = marker(snippet).is_some()
            || fence(snippet).is_some()
            || heading_level(self.source, &Row::text(inner.clone())).is_some();
        if opens || is_rule || snippet.starts_with('>') {
            self.copy(inner.start..inner.start + digits);
            self.push("\\");
            self.copy_without(inner.start + digits..inner.end, &row.skips);
        } else {
            self.copy_without(inner, &row.skips);
        }
    }
}
