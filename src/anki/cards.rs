//! Determines the cards of a note.
//!
//! Anki derives them from the front of each template: a card exists if at least one field on the
//! front is not empty. The rules here are those of our own templates, see `*.front.html`.

use std::collections::BTreeSet;

use super::Kind;
use super::notetype::{ANSWER, QUESTION, REVERSE};

/// The highest cloze number; Anki gives all higher ones the same card, which is then blank.
const LAST_CLOZE: u16 = 500;

/// The deepest nesting of clozes; Anki ignores deeper ones.
const CLOZE_DEPTH: usize = 10;

/// Returns the ordinals of a note's cards: the templates whose front is not empty, or the distinct
/// cloze numbers minus one.
///
/// Only clozes in the field Text count. Anki would also count those in other fields, and show a
/// blank card for each.
#[must_use]
pub fn card_ords(kind: Kind, fields: &[String]) -> Vec<u16> {
    match kind {
        Kind::Qa => {
            let filled = |field: usize| fields.get(field).is_some_and(|html| !is_empty(html));
            let recall = filled(QUESTION);
            let reverse = filled(ANSWER) && filled(REVERSE);
            [recall, reverse]
                .into_iter()
                .zip(0..)
                .filter_map(|(exists, ord)| exists.then_some(ord))
                .collect()
        }
        Kind::Cloze => cloze_numbers(fields.first().map_or("", String::as_str))
            .range(1..=LAST_CLOZE)
            .map(|number| number - 1)
            .collect(),
    }
}

/// Returns whether Anki takes a field for empty: it contains only white space, `<br>` and `<div>`.
fn is_empty(html: &str) -> bool {
    let mut rest = html.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    while !rest.is_empty() {
        let Some((tag, after)) = rest.strip_prefix('<').and_then(|r| r.split_once('>')) else {
            return false;
        };
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let tag = tag.strip_suffix('/').unwrap_or(tag);
        let tag = tag.strip_suffix(' ').unwrap_or(tag);
        if !tag.eq_ignore_ascii_case("br") && !tag.eq_ignore_ascii_case("div") {
            return false;
        }
        rest = after.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    }
    true
}

/// Returns the numbers of the clozes that are closed and not inside an unclosed one.
fn cloze_numbers(html: &str) -> BTreeSet<u16> {
    let mut found = BTreeSet::new();
    let mut open: Vec<Vec<u16>> = Vec::new();
    let mut at = 0;
    while let Some(brace) = html[at..].find(['{', '}']) {
        at += brace;
        let rest = &html[at..];
        if let Some((numbers, length)) = opened_cloze(rest) {
            if open.len() < CLOZE_DEPTH {
                open.push(numbers);
            }
            at += length;
        } else if rest.starts_with("}}") {
            if let Some(numbers) = open.pop() {
                match open.last_mut() {
                    Some(outer) => outer.extend(numbers),
                    None => found.extend(numbers),
                }
            }
            at += 2;
        } else {
            at += 1;
        }
    }
    found
}

/// Reads `{{c1::` or `{{c1,2::`; returns the numbers and its length.
fn opened_cloze(html: &str) -> Option<(Vec<u16>, usize)> {
    let rest = html.strip_prefix("{{c")?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',')?;
    let numbers: Vec<u16> = rest[..end].split(',').filter_map(|n| n.parse().ok()).collect();
    let is_open = !numbers.is_empty() && rest[end..].starts_with("::");
    is_open.then(|| (numbers, "{{c".len() + end + "::".len()))
}

#[cfg(test)]
mod tests {
    use super::{Kind, card_ords, is_empty};

    fn qa(question: &str, answer: &str, reverse: &str) -> Vec<u16> {
        let fields = [question, answer, "", "", "", "topic", "source", reverse, "", "id"];
        card_ords(Kind::Qa, &fields.map(String::from))
    }

    fn cloze(text: &str) -> Vec<u16> {
        let fields = [text, "{{c9::no}}", "", "", "", "", "", "", "id"];
        card_ords(Kind::Cloze, &fields.map(String::from))
    }

    #[test]
    fn templates_with_an_empty_front_have_no_card() {
        assert_eq!(qa("q", "a", ""), [0]);
        assert_eq!(qa("q", "a", "y"), [0, 1]);
        assert_eq!(qa("q", "<br>", "y"), [0]);
        assert_eq!(qa(" ", "a", ""), [0_u16; 0]);
        assert_eq!(qa("<div></div>", "a", "y"), [1]);
    }

    #[test]
    fn emptiness_is_that_of_anki() {
        for html in ["", " \n\t", "<br>", "<BR />", "<div>\n</div>", "</br>", "<div/>"] {
            assert!(is_empty(html), "{html:?}");
        }
        for html in ["a", "<p></p>", "<br", "<br  />", "<div class=a>", "&nbsp;", "\u{a0}", "<"] {
            assert!(!is_empty(html), "{html:?}");
        }
    }

    #[test]
    fn clozes_are_found_as_anki_finds_them() {
        assert_eq!(cloze("{{c2::b}} {{c1::a::hint}} {{c2::again}}"), [0, 1]);
        assert_eq!(cloze("{{c1::a {{c3::b}} c}}"), [0, 2]);
        assert_eq!(cloze("{{c1,2::both}}"), [0, 1]);
        assert_eq!(cloze("{{c1::open {{c2::b}}"), [0_u16; 0]);
        assert_eq!(cloze("{{C1::a}} {{c 1::a}} {{c::a}} {{c0::a}} {{c1:a}}"), [0_u16; 0]);
        assert_eq!(cloze("{{c500::a}} {{c501::b}} {{c70000::c}}"), [499]);
        assert_eq!(cloze("é{{{c1::é}}}"), [0]);
        assert_eq!(cloze(&format!("{}x{}", "{{c1::".repeat(12), "}}".repeat(10))), [0]);
    }
}
