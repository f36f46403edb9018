//! Questions and answers for `SuperMemo`'s Q&A import, which Mnemosyne reads as well.
//!
//! A line of a question begins with `Q:`, a line of an answer with `A:`, and an empty line ends the
//! item (Mnemosyne's `libmnemosyne/file_formats/supermemo_7_txt.py`; wiki.supermemo.org, "Data
//! formats and exchange"). So no line within an item is empty. Readers fold and trim spaces, so
//! spaces that matter become no-break spaces. `SuperMemo` takes `<b>` for HTML, which Mnemosyne
//! shows as text; both decode `&#…;`; and Mnemosyne fails at `src="…"`. A zero-width space breaks
//! up such sequences.

use super::card_text::CardText;
use super::{Input, Outputs, render_in_order};
use crate::config::TextForm;
use crate::identity::Note;

/// The zero-width space.
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// The no-break space, which readers fold nowhere and trim only at the ends of a text.
const NO_BREAK_SPACE: char = '\u{a0}';

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<()> {
    let item = |note: &Note<'_>| {
        let parts = CardText::render(input, note, TextForm::Text);
        prefix_lines("Q:", &parts.front()) + &prefix_lines("A:", &parts.back()) + "\r\n"
    };
    outputs.add(&input.path(), |file| {
        let mut items = render_in_order(input.notes, item);
        items.try_for_each(|item| Ok(file.write_all(item.as_bytes())?))
    })
}

/// Puts a mark before each line of a text. An empty text becomes one empty line.
fn prefix_lines(mark: &str, text: &str) -> String {
    let line = |line: &str| format!("{mark} {}", escape_line(line)).trim_end().to_owned() + "\r\n";
    let text = text.trim();
    if text.is_empty() { line("") } else { text.lines().map(line).collect() }
}

/// Escapes a line so that readers show it as it is.
fn escape_line(line: &str) -> String {
    let line = line.trim_end().replace('\t', "    ");
    let mut out = String::with_capacity(line.len());
    let mut rest = line.as_str();
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            ' ' if out.is_empty() => out.extend([ZERO_WIDTH_SPACE, NO_BREAK_SPACE]),
            ' ' if out.ends_with(NO_BREAK_SPACE) || rest.starts_with(' ') => {
                out.push(NO_BREAK_SPACE);
            }
            c if c.is_control() || "\u{2028}\u{2029}".contains(c) => out.push(' '),
            c => {
                let is_file = c == '=' && ["src", "data"].iter().any(|name| ends_with(&out, name));
                out.extend(is_file.then_some(ZERO_WIDTH_SPACE));
                out.push(c);
                let is_live = match c {
                    '<' => opens_tag(rest),
                    '&' => opens_entity(rest),
                    _ => false,
                };
                out.extend(is_live.then_some(ZERO_WIDTH_SPACE));
            }
        }
    }
    out
}

fn ends_with(text: &str, word: &str) -> bool {
    let start = text.len().checked_sub(word.len());
    start.and_then(|start| text.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// Returns whether an HTML tag would begin here, after `<`.
fn opens_tag(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c)) && rest.contains('>')
}

/// Returns whether a character reference may stand here, after `&`.
fn opens_entity(rest: &str) -> bool {
    let name = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    rest.starts_with('#') || (name.len() < rest.len() && name.starts_with(';'))
}

#[cfg(test)]
mod tests {
    use super::{escape_line, prefix_lines};

    #[test]
    fn lines_have_marks() {
        assert_eq!(prefix_lines("Q:", "a\n\nb\n"), "Q: a\r\nQ:\r\nQ: b\r\n");
        assert_eq!(prefix_lines("A:", ""), "A:\r\n");
    }

    #[test]
    fn lines_show_what_they_say() {
        let check = |line, expect: &str| {
            assert_eq!(escape_line(line).replace('\u{200b}', "|").replace('\u{a0}', "_"), expect);
        };
        check("a b", "a b");
        check("  • a", "|__• a");
        check("\tx = 1;", "|____x = 1;");
        check("a   | b", "a___| b");
        check("Vec<T>, a < b, <3", "Vec<|T>, a < b, <3");
        check("&lt; &#foo; Q&A & b", "&|lt; &|#foo; Q&A & b");
        check("SRC=\"x\" data=1 src = 2", "SRC|=\"x\" data|=1 src = 2");
        check("Q: b\u{3}\u{2028}c ", "Q: b  c");
    }
}
