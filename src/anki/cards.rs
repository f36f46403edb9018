//! Determines the cards of a note.
//!
//! Anki derives them from the front of each template: a card exists if at least one field on the
//! front is not empty. The rules here are those of our own templates, see `*.front.html`.

use super::Kind;
use super::notetype::{ANSWER, QUESTION, REVERSE};
use crate::template::{self, cloze};

/// The highest cloze number; Anki gives all higher ones the same card, which is then blank.
const LAST_CLOZE: u16 = 500;

/// Returns the ordinals of a note's cards: the templates whose front is not empty, or the distinct
/// cloze numbers minus one.
///
/// Only clozes in the field Text count. Anki would also count those in other fields, and show a
/// blank card for each.
#[must_use]
pub fn card_ords(kind: Kind, fields: &[String]) -> Vec<u16> {
    match kind {
        Kind::Qa => {
            let filled =
                |field: usize| fields.get(field).is_some_and(|html| !template::is_empty(html));
            let recall = filled(QUESTION);
            let reverse = filled(ANSWER) && filled(REVERSE);
            [recall, reverse]
                .into_iter()
                .zip(0..)
                .filter_map(|(exists, ord)| exists.then_some(ord))
                .collect()
        }
        Kind::Cloze => cloze::numbers(fields.first().map_or("", String::as_str))
            .range(1..=LAST_CLOZE)
            .map(|number| number - 1)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, card_ords};

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
