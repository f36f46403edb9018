//! The sides of a question-and-answer card as HTML.

use std::fmt::Write as _;

use super::{Context, Footnotes, html};
use crate::config::Direction;
use crate::model::{Question, SectionKind};

/// A card's parts, each as HTML; a part that a question does not have is empty.
#[derive(Debug, Default)]
pub struct Card {
    /// What is asked.
    pub question: String,
    /// What is to be said, with its qualifier as a caption.
    pub answer: String,
    /// The points to check oneself against.
    pub key_points: String,
    /// All other sections, each under its label.
    pub extra: String,
}

impl Card {
    /// Everything but the question, for apps with two sides and no style sheet of ours.
    #[must_use]
    pub fn back(&self) -> String {
        let points = match self.key_points.as_str() {
            "" => String::new(),
            points => format!("<hr>\n{points}"),
        };
        let parts = [self.answer.as_str(), points.as_str(), self.extra.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

/// Renders a question. Footnotes are numbered through all of the card.
#[must_use]
pub fn render(context: &Context<'_>, question: &Question) -> Card {
    let mut footnotes = Footnotes::default();
    let wrap = |html: String| in_language(question, html);
    let prompt = prompt(context, question, &mut footnotes);
    let mut sides = Card { question: wrap(prompt), ..Card::default() };
    let mut parts = [String::new(), String::new(), String::new()];
    for section in &question.sections {
        let html = html::render(context, &section.body, &mut footnotes);
        let label = section.label.as_deref().map(html::plain);
        let (part, html) = match (section.kind, label) {
            (SectionKind::Answer, Some(qualifier)) => {
                (0, format!("<p class=\"qualifier\">{qualifier}</p>\n{html}"))
            }
            (SectionKind::Answer, None) => (0, html),
            (SectionKind::KeyPoints, _) => (1, html),
            (SectionKind::Extra, Some(label)) => (
                2,
                format!(
                    "<section class=\"extra\">\n<h4 class=\"extra-label\">{label}</h4>\n{html}\n</section>"
                ),
            ),
            (SectionKind::Extra, None) => {
                (2, format!("<section class=\"extra\">\n{html}\n</section>"))
            }
        };
        let separator = if parts[part].is_empty() { "" } else { "\n" };
        let _ = write!(parts[part], "{separator}{html}");
    }
    let [answer, key_points, extra] = parts;
    sides.answer = wrap(answer);
    sides.key_points = wrap(key_points);
    sides.extra = wrap(extra);
    sides
}

/// The question itself: the heading's text, and what stands between it and the answer.
pub fn prompt(context: &Context<'_>, question: &Question, footnotes: &mut Footnotes) -> String {
    let mut parts = question.prompt.iter().map(|body| html::render(context, body, footnotes));
    let heading = parts.next().unwrap_or_default();
    let below: Vec<String> = parts.collect();
    if below.is_empty() { heading } else { format!("<p>{heading}</p>\n{}", below.join("\n")) }
}

/// Says which language a part is in, and which way it runs if that is not for the card to say.
fn in_language(question: &Question, html: String) -> String {
    let lang = question.lang.as_deref();
    let dir = question.dir.or(lang.filter(|lang| is_right_to_left(lang)).map(|_| Direction::Rtl));
    if html.is_empty() || (lang.is_none() && dir.is_none()) {
        return html;
    }
    let lang = lang.map(|lang| format!(" lang=\"{}\"", html::plain(lang))).unwrap_or_default();
    let dir = dir.map(|dir| format!(" dir=\"{}\"", dir.name())).unwrap_or_default();
    format!("<div{lang}{dir}>{html}</div>")
}

fn is_right_to_left(lang: &str) -> bool {
    const LANGS: [&str; 11] = ["ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
    let primary = lang.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    LANGS.contains(&primary.as_str())
}

/// How many key points a question has.
#[must_use]
pub fn key_points(context: &Context<'_>, question: &Question) -> usize {
    question.of(SectionKind::KeyPoints).map(|section| context.points(&section.body).len()).sum()
}
