//! A question as data, for the formats that programs read. The book documents it, in
//! `json/decks.md`.

use serde::Serialize;

use super::anki_fields::numbers;
use super::{Input, tags};
use crate::identity::Note;
use crate::model::{Direction, Excerpt, Section, SectionKind};
use crate::render::{ClozeMode, Context, Footnotes, card, html, markdown, text};

/// All that is known of a question.
#[derive(Serialize)]
pub(super) struct NoteRecord<'b> {
    id: &'b str,
    deck: &'b str,
    topic: &'b [String],
    tags: Vec<String>,
    lang: Option<&'b str>,
    dir: Option<&'static str>,
    source: Place<'b>,
    kind: &'static str,
    cards: Vec<&'static str>,
    question: Text,
    qualifier: Option<&'b str>,
    answer: Text,
    key_points: Vec<Text>,
    extra: Vec<Extra<'b>>,
}

#[derive(Serialize)]
struct Place<'b> {
    file: &'b str,
    line: usize,
}

#[derive(Serialize)]
struct Extra<'b> {
    label: Option<&'b str>,
    #[serde(flatten)]
    text: Text,
}

/// One piece of content in the three forms that programs want.
#[derive(Default, Serialize)]
#[expect(clippy::struct_field_names, reason = "these are the names in the output")]
pub(super) struct Text {
    markdown: String,
    html: String,
    text: String,
}

/// The record of a question.
pub(super) fn of<'b>(input: &Input<'b>, note: &'b Note<'b>) -> NoteRecord<'b> {
    let question = note.question;
    let mut writer = Writer::new(input);
    let prompt = writer.prompt(note);
    let answers: Vec<&Section> = question.of(SectionKind::Answer).collect();
    let sources = input.context.sources;
    let mut answer = Text::default();
    if let (Some((context, lists)), None) = (input.context.asked(question).1, note.cloze) {
        for list in &lists {
            answer.append(Some(writer.body_in(&context, list)));
        }
    }
    let mut key_points = Vec::new();
    let mut extra = Vec::new();
    for section in &question.sections {
        match section.kind {
            SectionKind::Answer => {
                let is_first = answers.first().is_some_and(|first| std::ptr::eq(*first, section));
                let caption = section.label.as_deref().filter(|_| !is_first);
                answer.append(caption.map(Text::caption));
                answer.append(Some(writer.body(&section.body)));
            }
            SectionKind::KeyPoints => {
                let points = input.context.parsed_points(std::iter::once(&section.body));
                let context = Context { parsed: Some(&points), ..input.context };
                key_points.extend(points.values().map(|(point, _)| writer.point(&context, point)));
            }
            SectionKind::Extra => {
                let text = writer.body(&section.body);
                extra.push(Extra { label: section.label.as_deref(), text });
            }
        }
    }
    NoteRecord {
        id: note.id,
        deck: &note.deck.title,
        topic: &note.topic.path,
        tags: tags(note),
        lang: question.lang.as_deref(),
        dir: question.dir.map(Direction::name),
        source: Place {
            file: sources.path(question.span.file),
            line: sources.position(question.span).0,
        },
        kind: if note.cloze.is_some() { "cloze" } else { "qa" },
        cards: question.kinds.iter().map(|kind| kind.name()).collect(),
        question: prompt,
        qualifier: answers.first().and_then(|section| section.label.as_deref()),
        answer,
        key_points,
        extra,
    }
}

/// Some text in all forms.
pub(super) fn text(input: &Input<'_>, bodies: &[Excerpt]) -> Text {
    Writer::new(input).joined(bodies.iter())
}

impl Text {
    fn caption(qualifier: &str) -> Self {
        Self {
            markdown: format!("*{}*", markdown::escape(qualifier)),
            html: format!("<p class=\"qualifier\">{}</p>", html::plain(qualifier)),
            text: format!("({qualifier})"),
        }
    }

    fn append(&mut self, more: Option<Text>) {
        let Some(more) = more else { return };
        let gap = |text: &str, gap| if text.is_empty() { "" } else { gap };
        self.markdown += &format!("{}{}", gap(&self.markdown, "\n\n"), more.markdown);
        self.html += &format!("{}{}", gap(&self.html, "\n"), more.html);
        self.text += &format!("{}{}", gap(&self.text, "\n\n"), more.text);
    }
}

/// Renders the parts of one note, with footnotes numbered through all of them.
struct Writer<'i, 'b> {
    input: &'i Input<'b>,
    html: Footnotes,
    text: Footnotes,
    labels: markdown::Labels,
    links: markdown::Pages,
}

impl<'i, 'b> Writer<'i, 'b> {
    fn new(input: &'i Input<'b>) -> Self {
        Self {
            input,
            html: Footnotes::default(),
            text: Footnotes::default(),
            labels: markdown::Labels::default(),
            links: markdown::Pages::new(),
        }
    }

    fn body(&mut self, body: &Excerpt) -> Text {
        self.body_in(&self.input.context, body)
    }

    fn body_in(&mut self, context: &Context<'_>, body: &Excerpt) -> Text {
        let source = markdown::render(context, body, &self.links, &mut self.labels);
        Text {
            markdown: self.with_footnotes(source),
            html: html::render(context, body, &mut self.html),
            text: text::render(context, body, &mut self.text),
        }
    }

    fn point(&mut self, context: &Context<'_>, point: &Excerpt) -> Text {
        let source = markdown::render_item(context, point, &self.links, &mut self.labels);
        Text {
            markdown: self.with_footnotes(source),
            html: html::render(context, point, &mut self.html),
            text: text::render_item(context, point, &mut self.text),
        }
    }

    /// Markdown above the footnotes that it uses.
    fn with_footnotes(&mut self, source: String) -> String {
        let footnotes = self.labels.definitions(&self.input.context, &self.links);
        std::iter::once(source).chain(footnotes).collect::<Vec<_>>().join("\n\n")
    }

    fn joined<'a>(&mut self, bodies: impl Iterator<Item = &'a Excerpt>) -> Text {
        let mut all = Text::default();
        for body in bodies {
            all.append(Some(self.body(body)));
        }
        all
    }

    /// The source as it is written, the field as Anki has it, the text as it is asked.
    fn prompt(&mut self, note: &Note<'_>) -> Text {
        let question = note.question;
        let context = &self.input.context;
        let asked = context.asked(question).0;
        let texts = question.prompt.iter().map(|body| text::render(&asked, body, &mut self.text));
        let text = texts.collect::<Vec<_>>().join("\n\n");
        let numbers = numbers(self.input, note);
        let gaps = if note.cloze.is_some() { ClozeMode::Anki(&numbers) } else { ClozeMode::Text };
        let field = Context { gaps, ..*context };
        let html = card::prompt(&field, question, &mut self.html);
        let mut all = Text::default();
        for body in &question.prompt {
            let source = markdown::render(context, body, &self.links, &mut self.labels);
            let markdown = self.with_footnotes(source);
            all.append(Some(Text { markdown, ..Text::default() }));
        }
        Text { html, text, ..all }
    }
}
