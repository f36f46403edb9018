//! What only cards have: classes, gaps, cells, and more than one text on the other side.

use std::ops::Range;

use super::super::candidate::{AnswerExtent, Candidate, Row, RowKind};
use super::super::document::{fence, marker};
use super::super::sections::Part;
use super::{Writer, level};

/// The classes that a card has by the way it is written, and its tags.
pub(in crate::parse) fn classes(mark: &Candidate) -> Vec<String> {
    match &mark.extent {
        AnswerExtent::Card(back) => back.classes.clone(),
        _ => Vec::new(),
    }
}

impl Writer<'_> {
    /// More of the answer, each below its label.
    pub(in crate::parse) fn extras(&mut self, mark: &Candidate) {
        let AnswerExtent::Card(back) = &mark.extent else { return };
        for (label, rows) in &back.extras {
            self.label("**");
            if rows.iter().any(Row::is_literal) {
                self.plain(&Row::text(label.clone()));
            } else {
                self.copy(label.clone());
            }
            self.glue(":**");
            self.part(&Part { rows: rows.clone(), column: 0 }, false);
        }
    }

    /// The first paragraph of a text with gaps, in one line; says how many rows it has.
    pub(in crate::parse) fn lead(&mut self, mark: &Candidate) -> usize {
        if !mark.prompt.is_empty() || !matches!(mark.extent, AnswerExtent::Card(_)) {
            return 0;
        }
        let is_text = |row: &&Row| {
            let says = row.says(self.source);
            let opens = marker(says).is_some()
                || says.starts_with("$$")
                || says.starts_with(['>', '|', '#']);
            !row.is_closed() && !says.is_empty() && (row.is_literal() || !opens)
        };
        let rows: Vec<&Row> = mark.more.iter().take_while(is_text).collect();
        for (at, row) in rows.iter().enumerate() {
            let gap = if row.kind == RowKind::Plain { "<br>" } else { " " };
            self.glue(if at > 0 { gap } else { "" });
            match row.kind {
                RowKind::ClozeMode(first) => self.gaps(row, first),
                RowKind::Plain => self.plain(row),
                RowKind::Html => self.html_line(row),
                _ => self.copy_but(row.inner(self.source), &row.skips),
            }
        }
        rows.len()
    }

    /// A row with gaps, which open and close at the bytes to skip.
    pub(super) fn gaps(&mut self, row: &Row, first: u16) {
        let Range { mut start, end } = row.inner(self.source);
        for (number, gap) in (first..).zip(row.skips.chunks_exact(2)) {
            self.copy(start..gap[0]);
            self.glue(&format!("{{{{c{number}::"));
            self.copy(gap[0] + 1..gap[1]);
            // A brace at the end of a gap would close it too early.
            self.glue(if self.source[..gap[1]].ends_with('}') { " }}" } else { "}}" });
            start = gap[1] + 1;
        }
        self.copy(start..end);
    }

    /// A row that is text in a line, even if it begins like a list, a heading or code.
    pub(super) fn inline(&mut self, row: &Row) {
        let inner = row.inner(self.source);
        let says = &self.source[inner.clone()];
        let digits = says.bytes().take_while(u8::is_ascii_digit).count();
        let is_rule = says.len() > 1 && says.bytes().all(|byte| b"-=*_ ".contains(&byte));
        let opens = marker(says).is_some()
            || fence(says).is_some()
            || level(self.source, &Row::text(inner.clone())).is_some();
        if opens || is_rule || says.starts_with('>') {
            self.copy(inner.start..inner.start + digits);
            self.glue("\\");
            self.copy_but(inner.start + digits..inner.end, &row.skips);
        } else {
            self.copy_but(inner, &row.skips);
        }
    }
}
