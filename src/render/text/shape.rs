//! Lays out the blocks of a text: as a page, or all in one line.
//!
//! Some apps take one line for each side of a card. There, lines are separated by ` / `, as in a
//! quoted poem, unless a sentence ends anyway. Code keeps its indentation, items keep their bullets
//! and numbers, and nested lists stand in parentheses:
//!
//! ```text
//! Brakes               →   Brakes (• left • right)
//!   • left
//!   • right
//! ```

use unicode_width::UnicodeWidthStr;

/// The layout of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Below each other.
    Page,
    /// All in one line.
    Line,
}

/// The separator of lines that are joined.
const LINE_SEPARATOR: &str = " / ";

/// The characters that end a sentence or a clause.
const SENTENCE_ENDS: [char; 16] =
    ['.', '!', '?', ':', ',', '…', '，', '。', '！', '？', '：', '؟', '।', '”', '」', '』'];

impl Shape {
    /// Joins blocks: with `gap` on a page, with the separator that fits both blocks in a line.
    #[must_use]
    pub fn join(self, blocks: &[impl AsRef<str>], gap: &str) -> String {
        let room = |block: &str| block.len() + gap.len().max(LINE_SEPARATOR.len());
        let room = blocks.iter().map(|block| room(block.as_ref())).sum();
        let mut out = String::with_capacity(room);
        for block in blocks.iter().map(AsRef::as_ref).filter(|block| !block.is_empty()) {
            if !out.is_empty() {
                out.push_str(match self {
                    Shape::Page => gap,
                    Shape::Line => separator(&out, block),
                });
            }
            out.push_str(block);
        }
        out
    }

    /// Puts a marker before the first line of a text, and indents the others by its width.
    pub(crate) fn hang(self, marker: &str, text: &str) -> String {
        let (first, others) = text.split_once('\n').unwrap_or((text, ""));
        let mut out = String::with_capacity(marker.len() + text.len());
        out.push_str(marker);
        out.push_str(first);
        let indent = marker.width();
        for line in others.lines().filter(|_| self == Shape::Page) {
            out.push('\n');
            if !line.is_empty() {
                out.extend(std::iter::repeat_n(' ', indent));
            }
            out.push_str(line);
        }
        out.truncate(out.trim_end().len());
        out
    }

    pub(super) fn list(self, items: &[String]) -> String {
        items.join(self.pick("\n", " "))
    }

    /// Lays out a list within an item of another list.
    pub(super) fn inner_list(self, list: String) -> String {
        match self {
            Shape::Page => list,
            Shape::Line => format!("({list})"),
        }
    }

    pub(super) fn rule(self) -> &'static str {
        self.pick("———", "")
    }

    /// Lays out a paragraph, which may have line breaks.
    pub(super) fn paragraph(self, text: &str) -> String {
        match self {
            Shape::Page => text.to_owned(),
            Shape::Line => {
                let lines: Vec<&str> = text.lines().map(str::trim).collect();
                self.join(&lines, LINE_SEPARATOR)
            }
        }
    }

    pub(super) fn code(self, text: &str) -> String {
        match self {
            Shape::Page => text.trim_end_matches('\n').to_owned(),
            Shape::Line => {
                let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
                lines
                    .collect::<Vec<_>>()
                    .join(LINE_SEPARATOR)
                    .replace('\t', "    ")
                    .trim_start()
                    .to_owned()
            }
        }
    }

    pub(super) fn quote(self, text: &str) -> String {
        match self {
            Shape::Page => quote_lines(text),
            Shape::Line => format!("“{text}”"),
        }
    }

    /// Lays out an alert, with its title beside or above the text.
    pub(super) fn alert(self, title: &str, is_beside: bool, text: &str) -> String {
        match self {
            Shape::Page => {
                let gap = if is_beside { " " } else { "\n" };
                quote_lines(format!("{title}:{gap}{text}").trim_end())
            }
            Shape::Line => format!("{title}: {text}"),
        }
    }

    pub(super) fn definition(self, text: &str) -> String {
        self.hang(self.pick("  ", "– "), text)
    }

    /// Lays out terms, each before its definitions.
    pub(super) fn definitions(self, blocks: &[String]) -> String {
        match self {
            Shape::Page => blocks.join("\n"),
            Shape::Line => {
                let mut out = String::new();
                for block in blocks {
                    let gap = if block.starts_with("– ") { " " } else { LINE_SEPARATOR };
                    out.push_str(if out.is_empty() { "" } else { gap });
                    out.push_str(block);
                }
                out
            }
        }
    }

    pub(super) fn table(self, rows: &[Vec<String>]) -> String {
        match self {
            Shape::Page => align_columns(rows),
            Shape::Line => {
                let rows = rows.iter().map(|row| row.join(" | "));
                rows.collect::<Vec<_>>().join(LINE_SEPARATOR)
            }
        }
    }

    fn pick(self, page: &'static str, line: &'static str) -> &'static str {
        match self {
            Shape::Page => page,
            Shape::Line => line,
        }
    }
}

/// Returns the separator between a block and the text before it in the same line.
fn separator(before: &str, block: &str) -> &'static str {
    let is_after_list = is_list_item(before) || before.contains(" • ");
    let is_formula = before.ends_with("$$") || block.starts_with("$$");
    if is_after_list && !block.starts_with('(') {
        LINE_SEPARATOR
    } else if is_list_item(block) || before.ends_with(SENTENCE_ENDS) || is_formula {
        " "
    } else {
        LINE_SEPARATOR
    }
}

/// Returns whether a text begins with a list item.
fn is_list_item(text: &str) -> bool {
    let text = text.strip_prefix('(').unwrap_or(text);
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    text.starts_with("• ") || (number.len() < text.len() && number.starts_with(". "))
}

fn quote_lines(text: &str) -> String {
    let lines = text.lines().map(|line| format!("> {line}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// Aligns the columns of a table, for fonts in which letters have one width, or twice that.
fn align_columns(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| {
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            format!("{cell}{blanks}")
        });
        cells.collect::<Vec<_>>().join(" | ").trim_end().to_owned()
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    let rule: Vec<String> = widths.iter().map(|&width| "-".repeat(width)).collect();
    lines.insert(1.min(lines.len()), rule.join("-|-"));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Shape, align_columns};

    #[test]
    fn blocks_in_a_line() {
        let check = |blocks: &[&str], expect| {
            assert_eq!(Shape::Line.join(blocks, ""), expect);
        };
        check(&["A sentence.", "Another."], "A sentence. Another.");
        check(&["A title", "", "Another"], "A title / Another");
        check(&["These:", "• a • b", "Then."], "These: • a • b / Then.");
        check(&["• a.", "• b"], "• a. / • b");
        check(&["Brakes", "(• left • right)"], "Brakes (• left • right)");
        check(&["For real $x$", "$$y$$", "then z"], "For real $x$ $$y$$ then z");
        check(&["1. one 2. two", "3.5 is no item"], "1. one 2. two / 3.5 is no item");
    }

    #[test]
    fn columns_are_as_wide_as_they_look() {
        let rows = [["語", "x"], ["abc", "🌕"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(align_columns(&rows), "語  | x\n----|---\nabc | 🌕");
    }
}
