//! Collects the inline nodes of a block for a markup without HTML.

use super::super::html_to_text;
use super::Inline;

/// Inline nodes, and the text behind the last of them.
#[derive(Default)]
pub(super) struct Line {
    pieces: Vec<Inline>,
    /// The text behind the last node.
    text: String,
    /// The offset in `text` at which an open `<sup>` began.
    raised: Option<usize>,
}

impl Line {
    pub(super) fn push_text(&mut self, text: &str) {
        let text = text.chars().map(|c| if c == '\t' { ' ' } else { c });
        self.text.extend(text.filter(|c| !c.is_control() || *c == '\n'));
    }

    /// Adds a space between two words.
    pub(super) fn space(&mut self) {
        if !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
    }

    pub(super) fn push_html(&mut self, html: &str) {
        let is_after = self.text.is_empty() && !self.pieces.is_empty();
        if is_after && html.starts_with(char::is_whitespace) {
            self.text.push(' ');
        }
        html_to_text::push(html, &mut self.raised, &mut self.text);
    }

    pub(super) fn push(&mut self, piece: Inline) {
        self.flush();
        self.pieces.push(piece);
    }

    fn flush(&mut self) {
        self.raised = None;
        let text = std::mem::take(&mut self.text);
        for (at, line) in text.split('\n').enumerate() {
            let line = if at > 0 { line.trim_start() } else { line };
            if at > 0 {
                self.pieces.push(Inline::Break);
            }
            if !line.is_empty() {
                self.pieces.push(Inline::Text(line.to_owned()));
            }
        }
    }

    pub(super) fn finish(mut self) -> Vec<Inline> {
        self.flush();
        self.pieces
    }
}

/// Trims white space and line breaks at both ends.
pub(super) fn trim_line(mut line: Vec<Inline>) -> Vec<Inline> {
    let is_space = |piece: &Inline| match piece {
        Inline::Text(text) => text.trim().is_empty(),
        piece => matches!(piece, Inline::Break | Inline::SoftBreak),
    };
    let from = line.iter().take_while(|piece| is_space(piece)).count();
    line.drain(..from);
    while line.last().is_some_and(is_space) {
        line.pop();
    }
    if let Some(Inline::Text(first)) = line.first_mut() {
        *first = first.trim_start().to_owned();
    }
    if let Some(Inline::Text(last)) = line.last_mut() {
        *last = last.trim_end().to_owned();
    }
    line
}
