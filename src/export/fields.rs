//! The parts of a question as texts, for whatever puts them side by side.

use super::anki_fields::numbers;
use super::{Input, deck_name, tags};
use crate::config::TextForm;
use crate::identity::Note;
use crate::model::{Body, SectionKind};
use crate::render::{Context, Footnotes, Gaps, card, markdown, text};
use crate::target::Field;

/// What stands between the blocks of a text.
const GAP: &str = "\n\n";

/// The texts of a question, each a list of blocks.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The question as it is asked: gaps are blank, options are not ticked.
    pub(super) front: Vec<String>,
    /// The answer, below what of the question stands on the back again.
    pub(super) answer: Vec<String>,
    /// The points to check oneself against, as lists.
    pub(super) key_points: Vec<String>,
    /// Everything else under its label, and whether it is a hint.
    pub(super) extra: Vec<(bool, String)>,
    /// The back of a card, where it is more than these one below the other.
    whole: Option<String>,
}

impl Parts {
    /// Those of a question in a form. Footnotes are numbered through all of them.
    pub(super) fn of(input: &Input<'_>, note: &Note<'_>, form: TextForm) -> Self {
        match form {
            TextForm::Text => plain(input, note),
            TextForm::Markdown => {
                let (front, back) = input.context.asked(note.question);
                source(input, note, &front, back)
            }
            TextForm::Html => html(input, note),
        }
    }

    /// Those of a question as Markdown, with stand-ins for the delimiters of its gaps.
    pub(super) fn gapped(input: &Input<'_>, note: &Note<'_>) -> Self {
        let numbers = numbers(input, note);
        let (front, back) = input.context.asked(note.question);
        if note.cloze.is_none() {
            return source(input, note, &front, back);
        }
        let front = Context { gaps: Gaps::Anki(&numbers), ..front };
        let right = input.context.right_choices(note.question);
        source(input, note, &front, back.map(|(context, _)| (context, right)))
    }

    /// The front of a card.
    pub(super) fn front(&self) -> String {
        self.front.join(GAP)
    }

    /// The back of a card: the answer, the key points, then all else under its label.
    pub(super) fn back(&self) -> String {
        if let Some(whole) = &self.whole {
            return whole.clone();
        }
        let own = self.answer.iter().chain(&self.key_points);
        let blocks = own.chain(self.extra.iter().map(|(_, text)| text));
        blocks.map(String::as_str).collect::<Vec<_>>().join(GAP)
    }

    /// What a column holds.
    pub(super) fn field(&self, field: Field, input: &Input<'_>, note: &Note<'_>) -> String {
        let extra = |hints: bool| {
            let wanted = self.extra.iter().filter(|(is_hint, _)| *is_hint == hints);
            wanted.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(GAP)
        };
        match field {
            Field::Front => self.front(),
            Field::Back => self.back(),
            Field::Answer => self.answer.join(GAP),
            Field::KeyPoints => self.key_points.join(GAP),
            Field::Extra => extra(false),
            Field::Hint => extra(true),
            Field::Topic => note.topic.path.join(" / "),
            Field::Deck => deck_name(note.deck, note.topic),
            Field::Tags => tags(note).join(" "),
            Field::Id => note.id.to_owned(),
            Field::Source => {
                let sources = input.context.sources;
                let (line, _) = sources.position(note.question.span);
                format!("{}:{line}", sources.path(note.question.span.file))
            }
        }
    }
}

fn plain(input: &Input<'_>, note: &Note<'_>) -> Parts {
    let context = &input.context;
    let notes = &mut Footnotes::default();
    let (front, back) = context.asked(note.question);
    let mut prompt = |context: &Context<'_>, bodies: &[Body]| {
        let texts = bodies.iter().map(|body| text::render(context, body, notes));
        texts.collect::<Vec<String>>()
    };
    let mut parts = Parts { front: prompt(&front, &note.question.prompt), ..Parts::default() };
    if let Some((context, bodies)) = back {
        parts.answer = prompt(&context, &bodies);
    }
    for section in &note.question.sections {
        let label = section.label.as_deref();
        match section.kind {
            SectionKind::Answer => {
                parts.answer.extend(label.map(|qualifier| format!("({qualifier})")));
                parts.answer.push(text::render(context, &section.body, notes));
            }
            SectionKind::KeyPoints => {
                let points = text::render_points(context, &section.body, notes);
                let bullets = points.iter().map(|point| text::hang("• ", point));
                parts.key_points.push(bullets.collect::<Vec<String>>().join("\n"));
            }
            SectionKind::Extra => {
                let body = text::render(context, &section.body, notes);
                let labelled = label.map(|label| format!("{label}:\n{body}"));
                parts.extra.push((section.is_hint(), labelled.unwrap_or(body)));
            }
        }
    }
    parts
}

fn source(
    input: &Input<'_>,
    note: &Note<'_>,
    front: &Context<'_>,
    back: Option<(Context<'_>, Vec<Body>)>,
) -> Parts {
    let context = &input.context;
    let links = markdown::Pages::new();
    let mut labels = markdown::Labels::default();
    let mut render =
        |context: &Context<'_>, body: &Body| markdown::render(context, body, &links, &mut labels);
    let front = note.question.prompt.iter().map(|body| render(front, body)).collect();
    let mut parts = Parts { front, ..Parts::default() };
    if let Some((context, bodies)) = back {
        parts.answer = bodies.iter().map(|body| render(&context, body)).collect();
    }
    for section in &note.question.sections {
        let label = section.label.as_deref().map(markdown::escape);
        let body = render(context, &section.body);
        match section.kind {
            SectionKind::Answer => {
                parts.answer.extend(label.map(|qualifier| format!("*{qualifier}*")));
                parts.answer.push(body);
            }
            SectionKind::KeyPoints => parts.key_points.push(body),
            SectionKind::Extra => {
                let labelled = label.map(|label| format!("**{label}:**{GAP}{body}"));
                parts.extra.push((section.is_hint(), labelled.unwrap_or(body)));
            }
        }
    }
    parts.extra.extend(labels.definitions(context, &links).into_iter().map(|text| (false, text)));
    parts
}

fn html(input: &Input<'_>, note: &Note<'_>) -> Parts {
    let card = card::render(&input.context, note.question);
    let whole = Some(card.back());
    let block = |html: String| if html.is_empty() { Vec::new() } else { vec![html] };
    let extra = block(card.extra).into_iter().map(|html| (false, html));
    Parts {
        front: vec![card.question],
        answer: block(card.answer),
        key_points: block(card.key_points),
        extra: extra.chain(block(card.hint).into_iter().map(|html| (true, html))).collect(),
        whole,
    }
}
