//! Questions and answers for `SuperMemo`'s Q&A import, which Mnemosyne reads too.
//!
//! A line of a question begins with `Q:`, one of an answer with `A:`, and an empty line ends the
//! item (Mnemosyne's `libmnemosyne/file_formats/supermemo_7_txt.py`; wiki.supermemo.org, "Data
//! formats and exchange"). So no line is empty within an item, and since readers cut off the blanks
//! around a text and fold those within, blanks that matter do not look like any. `SuperMemo` takes
//! `<b>` for HTML where Mnemosyne shows it, both read `&#…;`, and Mnemosyne fails at a `src="…"`: a
//! sign of no width keeps all readers from seeing more in them than a person does.

use super::card_text::CardText;
use super::{Input, Outputs, rendered};
use crate::config::TextForm;
use crate::identity::Note;

/// A sign without any width that is no blank.
const NOTHING: char = '\u{200b}';

/// A blank that no reader folds or cuts off, but for some at the ends of a text.
const BLANK: char = '\u{a0}';

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<()> {
    let item = |note: &Note<'_>| {
        let parts = CardText::of(input, note, TextForm::Text);
        lines("Q:", &parts.front()) + &lines("A:", &parts.back()) + "\r\n"
    };
    outputs.add(&input.path(), |file| {
        let mut items = rendered(input.notes, item);
        items.try_for_each(|item| Ok(file.write_all(item.as_bytes())?))
    })
}

/// A text with a mark before each line; one without lines has an empty one.
fn lines(mark: &str, text: &str) -> String {
    let line = |line: &str| format!("{mark} {}", shown(line)).trim_end().to_owned() + "\r\n";
    let text = text.trim();
    if text.is_empty() { line("") } else { text.lines().map(line).collect() }
}

/// A line of which readers show what a person sees.
fn shown(line: &str) -> String {
    let line = line.trim_end().replace('\t', "    ");
    let mut out = String::with_capacity(line.len());
    let mut rest = line.as_str();
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            ' ' if out.is_empty() => out.extend([NOTHING, BLANK]),
            ' ' if out.ends_with(BLANK) || rest.starts_with(' ') => out.push(BLANK),
            c if c.is_control() || "\u{2028}\u{2029}".contains(c) => out.push(' '),
            c => {
                let is_file = c == '=' && ["src", "data"].iter().any(|name| ends_with(&out, name));
                out.extend(is_file.then_some(NOTHING));
                out.push(c);
                let is_live = match c {
                    '<' => opens_tag(rest),
                    '&' => opens_entity(rest),
                    _ => false,
                };
                out.extend(is_live.then_some(NOTHING));
            }
        }
    }
    out
}

fn ends_with(text: &str, word: &str) -> bool {
    let start = text.len().checked_sub(word.len());
    start.and_then(|start| text.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// Whether HTML would begin here, after `<`.
fn opens_tag(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c)) && rest.contains('>')
}

/// Whether a character's name or number may stand here, after `&`.
fn opens_entity(rest: &str) -> bool {
    let name = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    rest.starts_with('#') || (name.len() < rest.len() && name.starts_with(';'))
}

#[cfg(test)]
mod tests {
    use super::{lines, shown};

    #[test]
    fn lines_have_marks() {
        assert_eq!(lines("Q:", "a\n\nb\n"), "Q: a\r\nQ:\r\nQ: b\r\n");
        assert_eq!(lines("A:", ""), "A:\r\n");
    }

    #[test]
    fn lines_show_what_they_say() {
        let check = |line, expect: &str| {
            assert_eq!(shown(line).replace('\u{200b}', "|").replace('\u{a0}', "_"), expect);
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
