//! Notes of any type as questions of deckpress, by what their templates show.

use std::collections::BTreeSet;

use super::model::NoteType;
use super::note_type::{self, Shown};

/// The class of a question that is asked both ways.
pub(super) const REVERSED: &str = "reverse";

/// The parts of a question that the fields of a note type become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Roles {
    /// The fields that ask, in order.
    pub(super) question: Vec<usize>,
    /// The fields that answer.
    pub(super) answer: Vec<usize>,
    /// The fields that are shown on a click.
    pub(super) hints: Vec<usize>,
    /// The fields that only other cards show.
    pub(super) others: Vec<usize>,
    /// The fields that no card shows.
    pub(super) unseen: Vec<usize>,
    /// The fields whose readings are shown.
    pub(super) readings: BTreeSet<usize>,
    /// The kinds of cards, as classes.
    pub(super) classes: Vec<&'static str>,
}

/// Returns the parts of a question that the fields of a note type become.
pub(super) fn roles(note_type: &NoteType) -> Roles {
    let mut roles = Roles::default();
    let mut seen = BTreeSet::new();
    let has = |shown: &Shown<'_>, name: &str| shown.filters.iter().any(|it| it.starts_with(name));
    let place = |shown: &Shown<'_>| note_type::position(note_type, shown.field);
    for (number, card) in note_type.cards.iter().enumerate() {
        for (is_front, template) in [(true, &card.front), (false, &card.back)] {
            for shown in note_type::shown(template) {
                let Some(field) = place(&shown) else { continue };
                if has(&shown, "furigana") {
                    roles.readings.insert(field);
                }
                if has(&shown, "type") {
                    if number == 0 && is_front {
                        roles.classes.push("type");
                    }
                    // What is typed is shown on the back, as the answer.
                    if is_front {
                        continue;
                    }
                }
                if !seen.insert(field) {
                    continue;
                }
                let list = match (number, is_front) {
                    _ if has(&shown, "hint") => &mut roles.hints,
                    (0, true) => &mut roles.question,
                    (0, false) => &mut roles.answer,
                    _ => &mut roles.others,
                };
                list.push(field);
            }
        }
    }
    roles.unseen = (0..note_type.fields.len()).filter(|field| !seen.contains(field)).collect();
    // Without a template that asks, the first field does.
    if roles.question.is_empty() && !note_type.fields.is_empty() {
        for list in [&mut roles.answer, &mut roles.hints, &mut roles.others, &mut roles.unseen] {
            list.retain(|field| *field != 0);
        }
        roles.question.push(0);
    }
    if roles.answer.is_empty() && !note_type.is_cloze && !roles.unseen.is_empty() {
        roles.answer.push(roles.unseen.remove(0));
    }
    if note_type.is_cloze {
        // The text with the gaps comes first.
        roles.question.sort_by_key(|field| !note_type::has_gaps(note_type, *field));
        roles.classes.push("cloze");
    } else if is_mirrored(note_type, &roles) {
        roles.classes.push(REVERSED);
        // A field on which the second card depends says no more than that it is there.
        let conditions: BTreeSet<usize> = note_type.cards[1..]
            .iter()
            .flat_map(|card| note_type::conditions(&card.front))
            .filter_map(|name| note_type::position(note_type, name))
            .collect();
        roles.unseen.retain(|field| !conditions.contains(field));
    }
    roles
}

/// Returns whether the second card asks for what the first one asks with.
fn is_mirrored(note_type: &NoteType, roles: &Roles) -> bool {
    let [_, second] = note_type.cards.as_slice() else { return false };
    let of = |template: &str| -> BTreeSet<usize> {
        let all = note_type::shown(template);
        all.iter().filter_map(|shown| note_type::position(note_type, shown.field)).collect()
    };
    let (front, back) = (of(&second.front), of(&second.back));
    roles.answer.first().is_some_and(|field| front.contains(field))
        && roles
            .question
            .first()
            .is_some_and(|field| back.contains(field) && !front.contains(field))
}

#[cfg(test)]
mod tests {
    use super::{Roles, roles};
    use crate::import::model::{NoteType, Template};

    fn of(fields: &[&str], cards: &[(&str, &str)], is_cloze: bool) -> Roles {
        let card = |(front, back): &(&str, &str)| Template {
            front: (*front).to_owned(),
            back: (*back).to_owned(),
            ..Template::default()
        };
        roles(&NoteType {
            is_cloze,
            fields: fields.iter().map(|field| ((*field).to_owned(), None)).collect(),
            cards: cards.iter().map(card).collect(),
            ..NoteType::default()
        })
    }

    #[test]
    fn the_first_card_tells() {
        let found = of(
            &["Word", "Reading", "Meaning", "Hint", "Key"],
            &[("{{furigana:Word}}{{hint:Hint}}", "{{FrontSide}}{{Meaning}} {{Reading}}")],
            false,
        );
        assert_eq!((found.question, found.answer), (vec![0], vec![2, 1]));
        assert_eq!((found.hints, found.unseen), (vec![3], vec![4]));
        assert!(found.readings.contains(&0));
    }

    #[test]
    fn mirrored_cards_are_reversed_ones() {
        let cards =
            [("{{Front}}", "{{FrontSide}}{{Back}}"), ("{{Back}}", "{{FrontSide}}{{Front}}")];
        assert_eq!(of(&["Front", "Back"], &cards, false).classes, ["reverse"]);
        let cards = [("{{Front}}", "{{Back}}"), ("{{Front}} again", "{{Back}}")];
        assert_eq!(of(&["Front", "Back"], &cards, false).classes, [""; 0]);
    }

    #[test]
    fn typed_answers_and_gaps() {
        let typed =
            of(&["Front", "Back"], &[("{{Front}}{{type:Back}}", "{{Front}}{{type:Back}}")], false);
        assert_eq!((typed.classes, typed.answer), (vec!["type"], vec![1]));
        let cloze = of(
            &["Title", "Text", "Extra"],
            &[("{{Title}}{{cloze:Text}}", "{{cloze:Text}}{{Extra}}")],
            true,
        );
        assert_eq!(
            (cloze.classes, cloze.question, cloze.answer),
            (vec!["cloze"], vec![1, 0], vec![2])
        );
    }
}
