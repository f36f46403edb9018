//! The parts of a question as strings, for targets that put them into columns or one below the
//! other.

use super::{Input, deck_name, tags};
use crate::config::{NoteType, TextForm};
use crate::identity::Note;
use crate::model::{Excerpt, SectionKind};
use crate::render::text::{self, Shape};
use crate::render::{Context, Footnotes, card, markdown};
use crate::target::{ColumnPart, Field, Target};

/// The separator between two blocks of a page.
const BLOCK_SEPARATOR: &str = "\n\n";

/// The rendered parts of a question, each a list of blocks.
#[derive(Debug)]
pub(super) struct CardText {
    shape: Shape,
    /// The question as the front shows it: clozes are blank, options are not ticked.
    pub(super) front: Vec<String>,
    /// The answer, below the part of the question that the back repeats.
    pub(super) answer: Vec<String>,
    /// The key points, as lists.
    pub(super) key_points: Vec<String>,
    /// All other sections under their labels, and whether each is a hint.
    pub(super) extra: Vec<(bool, String)>,
    /// The hints without their labels.
    hints: Vec<String>,
    /// The back of the card, where it is not just the parts one below the other.
    whole: Option<String>,
    /// The names and texts of the fields, if the note type is the author's own.
    own_fields: Vec<(String, String)>,
}

impl CardText {
    /// Renders a question in a form. Footnotes are numbered through all parts.
    pub(super) fn render(input: &Input<'_>, note: &Note<'_>, form: TextForm) -> Self {
        match form {
            TextForm::Text => render_plain(Shape::Page, input, note),
            TextForm::Markdown => {
                let (front, back) = input.context.side_contexts(note.question);
                render_markdown(input, note, &front, back)
            }
            TextForm::Html => render_html(input, note),
        }
    }

    /// Renders a question as plain text, each part as a single line.
    pub(super) fn render_lines(input: &Input<'_>, note: &Note<'_>) -> Self {
        render_plain(Shape::Line, input, note)
    }

    fn new(shape: Shape) -> Self {
        let (front, answer, key_points, extra, hints) = Default::default();
        let own_fields = Vec::new();
        Self { shape, front, answer, key_points, extra, hints, whole: None, own_fields }
    }

    fn add_extra(&mut self, is_hint: bool, labelled: Option<String>, body: String) {
        self.extra.push((is_hint, labelled.unwrap_or_else(|| body.clone())));
        self.hints.extend(is_hint.then_some(body));
    }

    /// Adds the first field of a note type of the author's own, which is the question, with its
    /// gaps filled in.
    fn add_first_field(&mut self, input: &Input<'_>, note: &Note<'_>) {
        let first = own_note_type(input, note).and_then(|note_type| note_type.fields.first());
        let filled = if note.question.has_gaps() { &self.answer } else { &self.front };
        let text = self.joined(filled);
        self.own_fields.extend(first.map(|field| (field.name.clone(), text)));
    }

    /// Adds the field that a section of a note fills, if its note type is the author's own.
    fn add_field(&mut self, note: &Note<'_>, name: Option<&str>, text: &str) {
        let name = name.filter(|_| note.question.note_type.is_some());
        self.own_fields.extend(name.map(|name| (name.to_owned(), text.to_owned())));
    }

    /// Joins blocks with an empty line, or with a space if the parts are single lines.
    pub(super) fn joined(&self, blocks: &[impl AsRef<str>]) -> String {
        self.shape.join(blocks, BLOCK_SEPARATOR)
    }

    /// Returns the front of the card.
    pub(super) fn front(&self) -> String {
        self.joined(&self.front)
    }

    /// Returns the back of the card: the answer, the key points, then all other sections with
    /// labels.
    pub(super) fn back(&self) -> String {
        if let Some(whole) = &self.whole {
            return whole.clone();
        }
        let own = self.answer.iter().chain(&self.key_points);
        let blocks = own.chain(self.extra.iter().map(|(_, text)| text));
        self.joined(&blocks.collect::<Vec<_>>())
    }

    /// Returns the content of a part of a column; none of a field that the note does not have.
    pub(super) fn column(&self, part: &ColumnPart, input: &Input<'_>, note: &Note<'_>) -> String {
        let field = match part {
            ColumnPart::Field(field) => field,
            ColumnPart::Own(name) => {
                let texts = self.own_fields.iter().filter(|(own, _)| own == name);
                return self.joined(&texts.map(|(_, text)| text).collect::<Vec<_>>());
            }
        };
        match field {
            Field::Front | Field::Question => self.front(),
            Field::Back => self.back(),
            Field::Answer => self.joined(&self.answer),
            Field::KeyPoints => self.joined(&self.key_points),
            Field::Extra => {
                let wanted = self.extra.iter().filter(|(is_hint, _)| !is_hint);
                self.joined(&wanted.map(|(_, text)| text).collect::<Vec<_>>())
            }
            Field::Hint => self.joined(&self.hints),
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

/// Returns the form in which a table holds its texts.
pub(super) fn text_form(input: &Input<'_>) -> TextForm {
    let usual = match input.export.target {
        Target::Csv => input.config.csv_text,
        Target::Mnemosyne => TextForm::Html,
        _ => TextForm::Text,
    };
    input.export.text.unwrap_or(usual)
}

fn render_plain(shape: Shape, input: &Input<'_>, note: &Note<'_>) -> CardText {
    let context = &input.context.below(note.question);
    let notes = &mut Footnotes::default();
    let (front, back) = input.context.side_contexts(note.question);
    let mut prompt = |context: &Context<'_>, bodies: &[Excerpt]| {
        let texts = bodies.iter().map(|body| text::render_in(shape, context, body, notes));
        texts.collect::<Vec<String>>()
    };
    let mut parts =
        CardText { front: prompt(&front, &note.question.prompt), ..CardText::new(shape) };
    if let Some((context, bodies)) = back {
        parts.answer = prompt(&context, &bodies);
    }
    parts.add_first_field(input, note);
    for section in &note.question.sections {
        let label = section.label.as_deref();
        match section.kind {
            SectionKind::Answer => {
                let body = text::render_in(shape, context, &section.body, notes);
                parts.add_field(note, label, &body);
                parts.answer.extend(label.map(|qualifier| format!("({qualifier})")));
                parts.answer.push(body);
            }
            SectionKind::KeyPoints => {
                let points = text::render_points(shape, context, &section.body, notes);
                parts.key_points.push(points);
            }
            SectionKind::Extra => {
                let body = text::render_in(shape, context, &section.body, notes);
                let gap = if shape == Shape::Page { '\n' } else { ' ' };
                let labelled = label.map(|label| format!("{label}:{gap}{body}"));
                parts.add_extra(section.is_hint(), labelled, body);
            }
        }
    }
    parts
}

fn render_markdown(
    input: &Input<'_>,
    note: &Note<'_>,
    front: &Context<'_>,
    back: Option<(Context<'_>, Vec<Excerpt>)>,
) -> CardText {
    let context = &input.context.below(note.question);
    let links = markdown::PageLinks::new();
    let mut labels = markdown::FootnoteLabels::default();
    let mut render = |context: &Context<'_>, body: &Excerpt| {
        markdown::render(context, body, &links, &mut labels)
    };
    let front = note.question.prompt.iter().map(|body| render(front, body)).collect();
    let mut parts = CardText { front, ..CardText::new(Shape::Page) };
    if let Some((context, bodies)) = back {
        parts.answer = bodies.iter().map(|body| render(&context, body)).collect();
    }
    parts.add_first_field(input, note);
    for section in &note.question.sections {
        let label = section.label.as_deref().map(markdown::escape);
        let body = render(context, &section.body);
        match section.kind {
            SectionKind::Answer => {
                parts.add_field(note, section.label.as_deref(), &body);
                parts.answer.extend(label.map(|qualifier| format!("*{qualifier}*")));
                parts.answer.push(body);
            }
            SectionKind::KeyPoints => parts.key_points.push(body),
            SectionKind::Extra => {
                let labelled = label.map(|label| format!("**{label}:**{BLOCK_SEPARATOR}{body}"));
                parts.add_extra(section.is_hint(), labelled, body);
            }
        }
    }
    parts.extra.extend(labels.definitions(context, &links).into_iter().map(|text| (false, text)));
    parts
}

fn render_html(input: &Input<'_>, note: &Note<'_>) -> CardText {
    let card = card::render(&input.context, note.question);
    let whole = Some(card.back());
    let block = |html: String| if html.is_empty() { Vec::new() } else { vec![html] };
    let extra = block(card.extra).into_iter().map(|html| (false, html));
    let hints = block(card.hint);
    CardText {
        shape: Shape::Page,
        front: vec![card.question],
        answer: block(card.answer),
        key_points: block(card.key_points),
        extra: extra.chain(hints.iter().map(|html| (true, html.clone()))).collect(),
        hints,
        whole,
        own_fields: own_fields_as_html(input, note),
    }
}

fn own_fields_as_html(input: &Input<'_>, note: &Note<'_>) -> Vec<(String, String)> {
    let Some(note_type) = own_note_type(input, note) else { return Vec::new() };
    let names: Vec<&str> = note_type.fields.iter().map(|field| &*field.name).collect();
    let fields = card::render_fields(&input.context.below(note.question), note.question, &names);
    names.into_iter().map(str::to_owned).zip(fields).collect()
}

/// Returns the note type of a note, if it is the author's own.
fn own_note_type<'b>(input: &Input<'b>, note: &Note<'_>) -> Option<&'b NoteType> {
    let name = note.question.note_type.as_deref()?;
    input.config.note_types.iter().find(|own| own.name == name)
}
