//! A question as JSON, for programs. The book documents the format in `json/decks.md`.

use serde::Serialize;

use super::anki_fields::{cloze_mode, cloze_numbers};
use super::{Input, tags};
use crate::identity::Note;
use crate::model::{Direction, Excerpt, Section, SectionKind};
use crate::render::{Context, Footnotes, card, html, markdown, text};

/// A question with its cards, texts and origin.
#[derive(Serialize)]
pub(super) struct NoteRecord<'b> {
    id: &'b str,
    deck: &'b str,
    topic: &'b [String],
    tags: Vec<String>,
    lang: Option<&'b str>,
    dir: Option<&'static str>,
    source: SourceLine<'b>,
    kind: &'static str,
    cards: Vec<&'static str>,
    question: TextForms,
    qualifier: Option<&'b str>,
    answer: TextForms,
    key_points: Vec<TextForms>,
    extra: Vec<ExtraRecord<'b>>,
}

#[derive(Serialize)]
struct SourceLine<'b> {
    file: &'b str,
    line: usize,
}

#[derive(Serialize)]
struct ExtraRecord<'b> {
    label: Option<&'b str>,
    #[serde(flatten)]
    text: TextForms,
}

/// A text in three forms.
#[derive(Default, Serialize)]
pub(super) struct TextForms {
    markdown: String,
    html: String,
    text: String,
}

/// Builds the record of a question.
pub(super) fn build<'b>(input: &Input<'b>, note: &'b Note<'b>) -> NoteRecord<'b> {
    let question = note.question;
    let mut writer = TextWriter::new(input);
    let prompt = writer.render_question(note);
    let answers: Vec<&Section> = question.of(SectionKind::Answer).collect();
    let sources = input.context.sources;
    let mut answer = TextForms::default();
    let repeated = input.context.side_contexts(question).1.filter(|_| !question.has_gaps());
    if let Some((context, lists)) = repeated {
        for list in &lists {
            answer.append(Some(writer.render_in(&context, list)));
        }
    }
    let below = input.context.below(question);
    let mut key_points = Vec::new();
    let mut extra = Vec::new();
    for section in &question.sections {
        match section.kind {
            SectionKind::Answer => {
                let is_first = answers.first().is_some_and(|first| std::ptr::eq(*first, section));
                let caption = section.label.as_deref().filter(|_| !is_first);
                answer.append(caption.map(TextForms::caption));
                answer.append(Some(writer.render_in(&below, &section.body)));
            }
            SectionKind::KeyPoints => {
                let points = input.context.parsed_points(std::iter::once(&section.body));
                let context = Context { parsed: Some(&points), ..input.context };
                key_points
                    .extend(points.values().map(|(point, _)| writer.render_point(&context, point)));
            }
            SectionKind::Extra => {
                let text = writer.render(&section.body);
                extra.push(ExtraRecord { label: section.label.as_deref(), text });
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
        source: SourceLine {
            file: sources.path(question.span.file),
            line: sources.position(question.span).0,
        },
        kind: if question.has_gaps() { "cloze" } else { "qa" },
        cards: question.kinds.iter().map(|kind| kind.name()).collect(),
        question: prompt,
        qualifier: answers.first().and_then(|section| section.label.as_deref()),
        answer,
        key_points,
        extra,
    }
}

/// Renders some excerpts in all forms.
pub(super) fn render_all(input: &Input<'_>, bodies: &[Excerpt]) -> TextForms {
    TextWriter::new(input).render_all(bodies.iter())
}

impl TextForms {
    fn caption(qualifier: &str) -> Self {
        Self {
            markdown: format!("*{}*", markdown::escape(qualifier)),
            html: format!("<p class=\"qualifier\">{}</p>", html::escape_plain(qualifier)),
            text: format!("({qualifier})"),
        }
    }

    fn append(&mut self, more: Option<TextForms>) {
        let Some(more) = more else { return };
        let gap = |text: &str, gap| if text.is_empty() { "" } else { gap };
        self.markdown += &format!("{}{}", gap(&self.markdown, "\n\n"), more.markdown);
        self.html += &format!("{}{}", gap(&self.html, "\n"), more.html);
        self.text += &format!("{}{}", gap(&self.text, "\n\n"), more.text);
    }
}

/// Renders the texts of one record, with footnotes numbered through all of them.
struct TextWriter<'i, 'b> {
    input: &'i Input<'b>,
    html: Footnotes,
    text: Footnotes,
    labels: markdown::FootnoteLabels,
    links: markdown::PageLinks,
}

impl<'i, 'b> TextWriter<'i, 'b> {
    fn new(input: &'i Input<'b>) -> Self {
        Self {
            input,
            html: Footnotes::default(),
            text: Footnotes::default(),
            labels: markdown::FootnoteLabels::default(),
            links: markdown::PageLinks::new(),
        }
    }

    fn render(&mut self, body: &Excerpt) -> TextForms {
        self.render_in(&self.input.context, body)
    }

    fn render_in(&mut self, context: &Context<'_>, body: &Excerpt) -> TextForms {
        let source = markdown::render(context, body, &self.links, &mut self.labels);
        TextForms {
            markdown: self.with_footnotes(source),
            html: html::render(context, body, &mut self.html),
            text: text::render(context, body, &mut self.text),
        }
    }

    fn render_point(&mut self, context: &Context<'_>, point: &Excerpt) -> TextForms {
        let source = markdown::render_item(context, point, &self.links, &mut self.labels);
        TextForms {
            markdown: self.with_footnotes(source),
            html: html::render(context, point, &mut self.html),
            text: text::render_item(context, point, &mut self.text),
        }
    }

    /// Appends the definitions of the footnotes that a piece of Markdown uses.
    fn with_footnotes(&mut self, source: String) -> String {
        let footnotes = self.labels.definitions(&self.input.context, &self.links);
        std::iter::once(source).chain(footnotes).collect::<Vec<_>>().join("\n\n")
    }

    fn render_all<'a>(&mut self, bodies: impl Iterator<Item = &'a Excerpt>) -> TextForms {
        let mut all = TextForms::default();
        for body in bodies {
            all.append(Some(self.render(body)));
        }
        all
    }

    /// Renders the question: Markdown as the author wrote it, HTML as in Anki's field, and text
    /// with blank clozes.
    fn render_question(&mut self, note: &Note<'_>) -> TextForms {
        let question = note.question;
        let context = &self.input.context;
        let asked = context.side_contexts(question).0;
        let texts = question.prompt.iter().map(|body| text::render(&asked, body, &mut self.text));
        let text = texts.collect::<Vec<_>>().join("\n\n");
        let numbers = cloze_numbers(self.input, note);
        let cloze_mode = cloze_mode(note, &numbers);
        let field = Context { cloze_mode, ..*context };
        let html = card::render_question(&field, question, &mut self.html);
        let mut all = TextForms::default();
        for body in &question.prompt {
            let source = markdown::render(context, body, &self.links, &mut self.labels);
            let markdown = self.with_footnotes(source);
            all.append(Some(TextForms { markdown, ..TextForms::default() }));
        }
        TextForms { html, text, ..all }
    }
}
