//! Fills in templates.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::cloze::{self, Side};
use super::filters::{self, Place};
use super::sounds::{self, Sound};
use super::{Field, Node, Section, Template, TemplateError, TemplateErrorKind};

/// The values that a card's templates may show.
#[derive(Clone, Copy, Debug, Default)]
pub struct Card<'c> {
    /// The note's fields, each with its name.
    pub fields: &'c [(&'c str, &'c str)],
    /// The note's tags, separated by spaces: `{{Tags}}`.
    pub tags: &'c str,
    /// The name of the note type: `{{Type}}`.
    pub note_type: &'c str,
    /// The card's deck, its levels separated by `::`: `{{Deck}}` and `{{Subdeck}}`.
    pub deck: &'c str,
    /// The name of the template: `{{Card}}`.
    pub template: &'c str,
    /// The template's number from 0, or that of the gap.
    pub ordinal: u16,
    /// Whether the note type is for clozes.
    pub is_cloze: bool,
}

/// Both sides of a card as HTML, each with its sounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    /// The question; sounds are `[anki:play:q:0]`.
    pub front: String,
    /// The sounds of the question.
    pub front_sounds: Vec<Sound>,
    /// The answer; sounds are `[anki:play:a:0]`, and those of the question where it is repeated.
    pub back: String,
    /// The sounds of the answer.
    pub back_sounds: Vec<Sound>,
}

/// Renders both sides of a card. `None`: it is blank, and Anki would say so.
///
/// # Errors
/// If a template uses a field that is not there; the front is looked at first.
pub fn render(
    front: &Template<'_>,
    back: &Template<'_>,
    card: &Card<'_>,
) -> Result<Option<Sides>, TemplateError> {
    let Some(front) = render_front(front, card)? else { return Ok(None) };
    let (front, front_sounds) = sounds::extract(&front, 'q');
    let back = render_back(back, card, &front)?;
    let (back, back_sounds) = sounds::extract(&back, 'a');
    Ok(Some(Sides { front, front_sounds, back, back_sounds }))
}

/// Renders the question. `None`: it is blank.
///
/// # Errors
/// If the template uses a field that is not there.
pub fn render_front(
    front: &Template<'_>,
    card: &Card<'_>,
) -> Result<Option<String>, TemplateError> {
    let filler = Filler::new(card, Side::Front, "");
    let html = filler.fill_in(front)?;
    let number = card.ordinal + 1;
    let is_shown = if card.is_cloze {
        card.fields.iter().any(|(_, text)| cloze::numbers(text).contains(&number))
    } else {
        front.shows_any(&|name| filler.is_filled(name))
    };
    Ok(is_shown.then_some(html))
}

/// Renders the answer, given the question.
///
/// # Errors
/// If the template uses a field that is not there.
pub fn render_back(
    back: &Template<'_>,
    card: &Card<'_>,
    front: &str,
) -> Result<String, TemplateError> {
    Filler::new(card, Side::Back, front).fill_in(back)
}

/// Returns whether Anki takes a field for empty: it holds only white space, `<br>` and `<div>`.
#[must_use]
pub fn is_empty(html: &str) -> bool {
    const BLANKS: [char; 6] = [' ', '\t', '\n', '\r', '\x0b', '\x0c'];
    let mut rest = html.trim_start_matches(BLANKS);
    while !rest.is_empty() {
        let Some((tag, after)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'))
        else {
            return false;
        };
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let tag = tag.strip_suffix('/').unwrap_or(tag);
        let tag = tag.strip_suffix(' ').unwrap_or(tag);
        if !tag.eq_ignore_ascii_case("br") && !tag.eq_ignore_ascii_case("div") {
            return false;
        }
        rest = after.trim_start_matches(BLANKS);
    }
    true
}

/// Fills in the templates of one side.
struct Filler<'c> {
    values: BTreeMap<Cow<'c, str>, Cow<'c, str>>,
    number: u16,
    side: Side,
    front: &'c str,
}

impl<'c> Filler<'c> {
    fn new(card: &Card<'c>, side: Side, front: &'c str) -> Self {
        let number = card.ordinal + 1;
        let subdeck = card.deck.rsplit("::").next().unwrap_or_default();
        let special = [
            ("Tags", card.tags),
            ("Type", card.note_type),
            ("Deck", card.deck),
            ("Subdeck", subdeck),
            ("Card", card.template),
            // No flag: the card is new.
            ("CardFlag", "flag0"),
            ("CardID", "0"),
        ];
        // What is last counts: a note's own field hides a special one.
        let all = special
            .iter()
            .chain(card.fields)
            .map(|(name, value)| ((*name).into(), (*value).into()));
        let mut values: BTreeMap<Cow<'_, str>, Cow<'_, str>> = all.collect();
        values.entry(format!("c{number}").into()).or_insert("1".into());
        Self { values, number, side, front }
    }

    fn is_filled(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|value| !is_empty(value))
    }

    fn fill_in(&self, template: &Template<'_>) -> Result<String, TemplateError> {
        let mut out = String::new();
        self.fill(&template.nodes, &mut out)?;
        Ok(out)
    }

    fn fill(&self, nodes: &[Node<'_>], out: &mut String) -> Result<(), TemplateError> {
        for node in nodes {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Field(Field { name: "FrontSide", .. }) => out.push_str(self.front),
                // Filters of add-ons make a text of their own.
                Node::Field(Field { name: "", filters, .. }) if !filters.is_empty() => {}
                Node::Field(Field { name, filters, at }) => {
                    let Some(value) = self.values.get(*name) else {
                        let kind = TemplateErrorKind::NoField((*name).to_owned());
                        return Err(TemplateError { kind, at: at.clone() });
                    };
                    let place = Place { field: name, number: self.number, side: self.side };
                    out.push_str(&filters::apply(value, filters, place));
                }
                Node::Section(Section { name, is_negated, at, nodes }) => {
                    let is_filled = self.is_filled(name);
                    if !is_filled && !self.values.contains_key(*name) && !names_a_gap(name) {
                        let kind = TemplateErrorKind::NoField((*name).to_owned());
                        return Err(TemplateError { kind, at: at.clone() });
                    }
                    if is_filled == *is_negated {
                        // Errors are found in what is not shown, too.
                        self.fill(nodes, &mut String::new())?;
                    } else {
                        self.fill(nodes, out)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Returns whether a section is for a card of a gap: `{{#c1}}`.
fn names_a_gap(name: &str) -> bool {
    name.strip_prefix('c').is_some_and(|number| number.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::super::{TemplateErrorKind, parse};
    use super::{Card, Sides, is_empty, render};

    const FIELDS: &[(&str, &str)] = &[
        ("Front", "<b>f</b>[sound:a.mp3]"),
        ("Back", "b"),
        ("Empty", "<br>"),
        ("Text", "{{c1::x}} {{c2::y}}"),
    ];

    fn card(ordinal: u16, is_cloze: bool) -> Card<'static> {
        Card {
            fields: FIELDS,
            tags: "one two",
            note_type: "Mine",
            deck: "A::B",
            template: "Card 1",
            ordinal,
            is_cloze,
        }
    }

    fn sides(front: &str, back: &str, card: &Card<'_>) -> Option<Sides> {
        let read = |text| parse(text).unwrap_or_default();
        render(&read(front), &read(back), card).unwrap_or_default()
    }

    fn check(front: &str, back: &str, shown: &str, answer: &str) {
        let sides = sides(front, back, &card(0, false)).unwrap_or_default();
        assert_eq!((&*sides.front, &*sides.back), (shown, answer), "{front}");
    }

    #[test]
    fn both_sides() {
        check(
            "{{Front}}",
            "{{FrontSide}}<hr>{{Back}}",
            "<b>f</b>[anki:play:q:0]",
            "<b>f</b>[anki:play:q:0]<hr>b",
        );
        check("{{text:Front}}", "{{x:FrontSide}}", "f[anki:play:q:0]", "f[anki:play:q:0]");
        check("{{Back}}{{#Empty}}no{{/Empty}}{{^Empty}}yes{{/Empty}}", "", "byes", "");
        check("{{Back}}{{#c1}}one{{/c1}}{{#c2}}two{{/c2}}{{c1}}", "", "bone1", "");
        check(
            "{{Tags}} {{Type}} {{Deck}} {{Subdeck}} {{Card}} {{CardFlag}}",
            "",
            "one two Mine A::B B Card 1 flag0",
            "",
        );
        check("{{Back}}{{addon:}}", "{{addon:text:Front}}", "b", "f[anki:play:a:0]");
    }

    #[test]
    fn gaps_have_cards() {
        let sides = sides("{{cloze:Text}}", "{{cloze:Text}}{{#c2}}!{{/c2}}", &card(1, true));
        let sides = sides.unwrap_or_default();
        assert!(sides.front.ends_with("data-ordinal=\"2\">[...]</span>"), "{}", sides.front);
        assert!(sides.back.ends_with("data-ordinal=\"2\">y</span>!"), "{}", sides.back);
    }

    #[test]
    fn blank_cards_are_none() {
        assert_eq!(sides("{{Empty}}", "", &card(0, false)), None);
        assert_eq!(sides("text", "", &card(0, false)), None);
        assert_eq!(sides("{{cloze:Text}}", "", &card(2, true)), None);
        assert!(sides("{{Tags}}", "", &card(0, false)).is_some());
    }

    #[test]
    fn unknown_fields_are_errors_wherever_they_stand() {
        let check = |front: &str, expect: &str| {
            let front = parse(front).unwrap_or_default();
            let error = render(&front, &front, &card(0, false)).map_err(|error| error.kind);
            assert_eq!(error, Err(TemplateErrorKind::NoField(expect.into())));
        };
        check("{{Nothing}}", "Nothing");
        check("{{Front}}{{#Other}}x{{/Other}}", "Other");
        check("{{Front}}{{#Empty}}{{text:Inner}}{{/Empty}}", "Inner");
        check("{{}}", "");
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
}
