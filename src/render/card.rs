//! Renders the sides of a card as HTML.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Checkboxes, ClozeMode, Context, Footnotes, html, text};
use crate::model::{CardKind, Direction, Excerpt, Question, SectionKind};
use crate::source::FileId;

/// The parts of a card as HTML. A part that the question does not have is empty.
#[derive(Debug, Default)]
pub struct Card {
    /// The question.
    pub question: String,
    /// The answer, with its qualifier as a caption.
    pub answer: String,
    /// The key points.
    pub key_points: String,
    /// All other sections with their labels.
    pub extra: String,
    /// The hints, which may be shown before the answer.
    pub hint: String,
}

impl Card {
    /// Returns all parts but the question, for apps with two sides and without our style sheet.
    #[must_use]
    pub fn back(&self) -> String {
        let points = match self.key_points.as_str() {
            "" => String::new(),
            points => format!("<hr>\n{points}"),
        };
        let hint = match self.hint.as_str() {
            "" => String::new(),
            hint => render_extra(Some("Hint"), hint),
        };
        let parts = [self.answer.as_str(), points.as_str(), self.extra.as_str(), &hint];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

/// The numbers of clozes by place.
pub type ClozeNumbers = BTreeMap<(FileId, usize), u16>;

/// Renders a question. Footnotes are numbered through all parts of the card.
///
/// The clozes of a cloze question are blank on the front, and filled in on the back.
#[must_use]
pub fn render(context: &Context<'_>, question: &Question) -> Card {
    let mut footnotes = Footnotes::default();
    let context = &Context { cloze_mode: ClozeMode::Text, ..*context };
    if !question.has_gaps() {
        return render_sides(context, question, &mut footnotes);
    }
    let (front, back) = context.side_contexts(question);
    let mut card = render_sides(&front, question, &mut footnotes);
    if let Some((filled, _)) = back {
        let filled = wrap(question, render_question(&filled, question, &mut footnotes));
        card.answer = join([filled, card.answer]);
    }
    card
}

/// Renders a cloze question for Anki, with the numbers of its clozes.
#[must_use]
pub fn render_cloze(context: &Context<'_>, question: &Question, numbers: &ClozeNumbers) -> Card {
    let context = &Context { cloze_mode: ClozeMode::Anki(numbers), ..*context };
    render_sides(context, question, &mut Footnotes::default())
}

/// Returns the places of a question's clozes that the author did not number, in order.
#[must_use]
pub fn unnumbered_clozes(context: &Context<'_>, question: &Question) -> Vec<(FileId, usize)> {
    let mut places = Vec::new();
    for body in &question.prompt {
        let found = context.clozes(body).into_iter().filter(|cloze| cloze.number.is_none());
        places.extend(found.map(|cloze| (body.blocks.file, cloze.open.start)));
    }
    places
}

/// Renders a question above a list of its key points, each of which is a cloze with a number.
#[must_use]
pub fn render_recall(context: &Context<'_>, question: &Question, numbers: &[u16]) -> String {
    let mut footnotes = Footnotes::default();
    let asked = render_question(&context.side_contexts(question).0, question, &mut footnotes);
    let lists = question.of(SectionKind::KeyPoints);
    let points = context.parsed_points(lists.map(|section| &section.body));
    let plain = &Context { boxes: Checkboxes::Hidden, parsed: Some(&points), ..*context };
    let items = points.values().zip(numbers).map(|((point, _), number)| {
        format!("<li>{}</li>", html::render_cloze(plain, point, &mut footnotes, *number))
    });
    let items: Vec<String> = items.collect();
    let html = format!(
        "<div class=\"question\">{asked}</div>\n<ul class=\"recall\">\n{}\n</ul>",
        items.join("\n")
    );
    wrap(question, html)
}

/// Renders the fields of a note type of the author's own: the question fills the first, and each
/// other one the sections of its name. Footnotes are numbered through all of them.
///
/// A field that is one paragraph has no element around it, as templates put fields into lines.
#[must_use]
pub fn render_fields(context: &Context<'_>, question: &Question, names: &[&str]) -> Vec<String> {
    let mut footnotes = Footnotes::default();
    let mut fields = vec![String::new(); names.len()];
    if let Some(first) = fields.first_mut() {
        *first = render_question(context, question, &mut footnotes);
    }
    for section in &question.sections {
        let is_named = |name: &&str| section.label.as_deref() == Some(*name);
        let Some(at) = names.iter().position(is_named) else { continue };
        let html = html::render(context, &section.body, &mut footnotes);
        if !fields[at].is_empty() {
            fields[at].push('\n');
        }
        fields[at].push_str(&html);
    }
    fields.into_iter().map(|html| wrap(question, unwrap_paragraph(html))).collect()
}

/// Renders each text of a question by itself, with the footnotes numbered as on its card: those that
/// ask, and then its sections.
#[must_use]
pub fn render_excerpts<'q>(
    asked: &Context<'_>,
    below: &Context<'_>,
    question: &'q Question,
) -> (Vec<(&'q Excerpt, String)>, Vec<String>) {
    let mut footnotes = Footnotes::default();
    let boxes = if question.makes(CardKind::Choice) { Checkboxes::Hidden } else { asked.boxes };
    let asked = &Context { boxes, ..*asked };
    let prompt = question.prompt.iter();
    let prompt = prompt.map(|body| (body, html::render(asked, body, &mut footnotes))).collect();
    if question.note_type.is_none() {
        right_choices(below, question, &mut footnotes);
    }
    let sections = question.sections.iter();
    let sections = sections.map(|section| html::render(below, &section.body, &mut footnotes));
    (prompt, sections.collect())
}

/// Returns what is in a paragraph, if it is all of the text.
fn unwrap_paragraph(html: String) -> String {
    let inner = html.trim_end().strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>"));
    match inner.filter(|inner| !inner.contains("</p>")) {
        Some(inner) => inner.to_owned(),
        None => html,
    }
}

/// Returns the text to type: the first block of the answer, as one line.
#[must_use]
pub fn text_to_type(context: &Context<'_>, question: &Question) -> String {
    let answer = question.of(SectionKind::Answer).find(|section| !section.body.is_empty());
    let text = answer.map(|section| text::first_block(context, &section.body));
    text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn render_sides(context: &Context<'_>, question: &Question, footnotes: &mut Footnotes) -> Card {
    let mut parts: [Vec<String>; 4] = Default::default();
    let asked = wrap(question, render_question(context, question, footnotes));
    parts[0].extend(right_choices(context, question, footnotes));
    let below = Context { cloze_mode: ClozeMode::Text, ..*context }.below(question);
    for section in &question.sections {
        let html = html::render(&below, &section.body, footnotes);
        let label = section.label.as_deref().map(html::escape_plain);
        let (part, html) = match (section.kind, label) {
            (SectionKind::Answer, Some(qualifier)) => {
                (0, format!("<p class=\"qualifier\">{qualifier}</p>\n{html}"))
            }
            (SectionKind::Answer, None) => (0, html),
            (SectionKind::KeyPoints, _) => (1, html),
            (SectionKind::Extra, _) if section.is_hint() => (3, html),
            (SectionKind::Extra, label) => (2, render_extra(label.as_deref(), &html)),
        };
        parts[part].push(html);
    }
    let [answer, key_points, extra, hint] = parts.map(|parts| wrap(question, parts.join("\n")));
    Card { question: asked, answer, key_points, extra, hint }
}

fn render_extra(label: Option<&str>, html: &str) -> String {
    let mut section = String::from("<section class=\"extra\">\n");
    if let Some(label) = label {
        let _ = writeln!(section, "<h4 class=\"extra-label\">{label}</h4>");
    }
    section + html + "\n</section>"
}

fn join(parts: [String; 2]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Renders the question: the text of the heading, and the blocks between it and the answer. Right
/// options are not marked.
pub fn render_question(
    context: &Context<'_>,
    question: &Question,
    footnotes: &mut Footnotes,
) -> String {
    let boxes = if question.makes(CardKind::Choice) { Checkboxes::Hidden } else { context.boxes };
    let context = &Context { boxes, ..*context };
    let mut parts = question.prompt.iter().map(|body| html::render(context, body, footnotes));
    let heading = parts.next().unwrap_or_default();
    let below: Vec<String> = parts.collect();
    if heading.is_empty() {
        // A question may begin with code.
        return below.join("\n");
    }
    if below.is_empty() { heading } else { format!("<p>{heading}</p>\n{}", below.join("\n")) }
}

/// Renders the option lists again, with marks at the right ones.
fn right_choices(
    context: &Context<'_>,
    question: &Question,
    footnotes: &mut Footnotes,
) -> Option<String> {
    let lists = context.right_choices(question);
    let context = &Context { boxes: Checkboxes::Marked, ..*context };
    let lists = lists.iter().map(|list| html::render(context, list, footnotes));
    let lists: Vec<String> = lists.collect();
    (!lists.is_empty()).then(|| lists.join("\n"))
}

/// Wraps a part in an element with its language; and with its direction, if this is set or the
/// language is written from right to left.
fn wrap(question: &Question, html: String) -> String {
    let lang = question.lang.as_deref();
    let dir = question.dir.or(lang.filter(|lang| is_right_to_left(lang)).map(|_| Direction::Rtl));
    if html.is_empty() || (lang.is_none() && dir.is_none()) {
        return html;
    }
    let lang =
        lang.map(|lang| format!(" lang=\"{}\"", html::escape_plain(lang))).unwrap_or_default();
    let dir = dir.map(|dir| format!(" dir=\"{}\"", dir.name())).unwrap_or_default();
    format!("<div{lang}{dir}>{html}</div>")
}

fn is_right_to_left(lang: &str) -> bool {
    const LANGS: [&str; 11] = ["ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
    let primary = lang.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    LANGS.contains(&primary.as_str())
}
