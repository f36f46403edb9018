//! Renders the sides of a note's cards from the templates that the package holds.

use super::notetype::{self, Template};
use super::{Kind, OwnCards, Style, card_ords};
use crate::template::{self, Sides};

/// A card of a note, as Anki shows it.
#[derive(Clone, Debug)]
pub struct CardSides {
    /// The name of its template.
    pub template: String,
    /// The number of its template, or of its gap, from 0.
    pub ordinal: u16,
    /// Both sides.
    pub sides: Sides,
}

/// Returns the cards of a note with their sides.
#[must_use]
pub fn card_sides(kind: Kind, fields: &[String], tags: &[String], deck: &str) -> Vec<CardSides> {
    let names = notetype::fields(kind).iter().map(notetype::Field::name);
    let fields_by_name: Vec<(&str, &str)> = names.zip(fields.iter().map(String::as_str)).collect();
    let tags = tags.join(" ");
    let templates = notetype::templates(kind);
    let card = |ordinal: u16| {
        let at = if kind == Kind::Cloze { 0 } else { usize::from(ordinal) };
        let Template { name, front, back, .. } = templates.get(at)?;
        let card = template::Card {
            fields: &fields_by_name,
            tags: &tags,
            note_type: notetype::name(kind),
            deck,
            template: name,
            ordinal,
            is_cloze: kind == Kind::Cloze,
        };
        render(front, back, &card)
    };
    card_ords(kind, fields).into_iter().filter_map(card).collect()
}

/// Returns the cards of a note of the author's own type with their sides. What is wrong with its
/// templates is reported elsewhere, and makes no card.
#[must_use]
pub fn own_card_sides(
    cards: &OwnCards<'_>,
    fields: &[String],
    tags: &[String],
    deck: &str,
) -> Vec<CardSides> {
    let note_type = cards.note_type();
    let names = note_type.fields.iter().map(|(name, _)| *name);
    let fields_by_name: Vec<(&str, &str)> = names.zip(fields.iter().map(String::as_str)).collect();
    let card = |ordinal: u16| {
        let at = if note_type.is_cloze { 0 } else { usize::from(ordinal) };
        let own = note_type.cards.get(at)?;
        let card = template::Card {
            fields: &fields_by_name,
            tags: &tags.join(" "),
            note_type: note_type.name,
            deck,
            template: own.name,
            ordinal,
            is_cloze: note_type.is_cloze,
        };
        render(own.front, own.back, &card)
    };
    cards.card_ords(fields, !tags.is_empty()).into_iter().filter_map(card).collect()
}

fn render(front: &str, back: &str, card: &template::Card<'_>) -> Option<CardSides> {
    let (front, back) = (template::parse(front).ok()?, template::parse(back).ok()?);
    let sides = template::render(&front, &back, card).ok()??;
    Some(CardSides { template: card.template.to_owned(), ordinal: card.ordinal, sides })
}

/// Returns the style sheet of the note types.
#[must_use]
pub fn css(style: Style<'_>) -> String {
    notetype::css(style)
}

#[cfg(test)]
mod tests {
    use super::{Kind, card_sides, notetype};
    use crate::template;

    #[test]
    fn our_templates_name_fields_that_are_there() {
        for kind in [Kind::Qa, Kind::Cloze] {
            let fields: Vec<&str> =
                notetype::fields(kind).iter().map(notetype::Field::name).collect();
            for text in notetype::templates(kind).iter().flat_map(|it| [it.front, it.back]) {
                let template = template::parse(text).unwrap_or_else(|error| panic!("{error}"));
                let names = template.names();
                assert!(names.iter().all(|(name, _)| fields.contains(name)), "{names:?}");
            }
        }
    }

    #[test]
    fn each_card_has_its_sides() {
        let fields = ["q", "a", "", "", "", "", "", "yes", "", "id"].map(String::from);
        let cards = card_sides(Kind::Qa, &fields, &[], "Deck");
        let names: Vec<&str> = cards.iter().map(|card| &*card.template).collect();
        assert_eq!(names, ["Recall", "Reverse"]);
        assert!(cards[0].sides.front.contains("<div class=\"question\">q</div>"));
        assert!(cards[1].sides.back.contains("<div class=\"question\">q</div>"));
        let fields = ["{{c1::a}} {{c3::b}}", "", "", "", "", "", "", "", "id"].map(String::from);
        let cards = card_sides(Kind::Cloze, &fields, &[], "Deck");
        assert_eq!(cards.iter().map(|card| card.ordinal).collect::<Vec<_>>(), [0, 2]);
    }
}
