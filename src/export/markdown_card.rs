//! The front and back of a card as trees, or its text with clozes, for apps that read Markdown
//! files.

use super::anki_fields::{cloze_mode, cloze_numbers};
use super::app_markdown::{self, Rules};
use super::loss::Losses;
use super::{Input, card_excerpts, find_media_refs};
use crate::config::Html;
use crate::identity::Note;
use crate::media::{MediaKind, media_kind};
use crate::model::{Excerpt, SectionKind};
use crate::render::tree::{self, Block, Inline, TextStyle};
use crate::render::{Context, Footnotes};
use crate::target::Loss;

/// The front and back of a card; [`app_markdown`] writes them by an app's rules.
pub(super) struct MarkdownCard {
    pub(super) front: Vec<Block>,
    /// The answer, the key points, all other sections under their labels, and the footnotes.
    pub(super) back: Vec<Block>,
    html: Html,
}

/// A cloze question.
pub(super) struct ClozeCard {
    text: Vec<Block>,
    html: Html,
    /// The number of each cloze.
    pub(super) numbers: Vec<u16>,
    /// How many clozes have a hint.
    pub(super) hints: usize,
    /// Whether no cloze is nested or within a formula.
    pub(super) are_clozes_plain: bool,
    /// The text that is shown with the answer.
    pub(super) rest: Option<MarkdownCard>,
}

/// Returns the same input with media in the folder `media/`.
pub(super) fn with_media_folder<'b>(input: &Input<'b>) -> Input<'b> {
    Input { context: Context { media_folder: "media/", ..input.context }, ..*input }
}

/// Counts the embedded files that an app cannot show or play.
pub(super) fn count_unsupported_media(input: &Input<'_>, is_held: fn(&str) -> bool) -> Losses {
    let mut losses = Losses::default();
    for media in find_media_refs(input, card_excerpts(input.notes), |media| media.embedded) {
        if !is_held(&media.target) {
            let is_picture = media_kind(&media.target) == MediaKind::Image;
            let loss = if is_picture { Loss::Images } else { Loss::Audio };
            losses.add(loss, input.context.sources.locate(media.span));
        }
    }
    losses
}

/// Builds the card of a question that is asked as a whole.
pub(super) fn build(input: &Input<'_>, note: &Note<'_>) -> MarkdownCard {
    let (front, back) = input.context.side_contexts(note.question);
    build_sides(input, note, &front, back)
}

/// Builds the card of a question whose clozes are nodes, for an app with clozes on two-sided cards.
pub(super) fn build_with_clozes(input: &Input<'_>, note: &Note<'_>) -> MarkdownCard {
    let numbers = cloze_numbers(input, note);
    let (front, back) = input.context.side_contexts(note.question);
    if !note.question.has_gaps() {
        return build_sides(input, note, &front, back);
    }
    let front = Context { cloze_mode: cloze_mode(note, &numbers), ..front };
    let right = input.context.right_choices(note.question);
    build_sides(input, note, &front, back.map(|(context, _)| (context, right)))
}

/// Builds the card of a cloze question; returns `None` for any other question.
pub(super) fn build_cloze(input: &Input<'_>, note: &Note<'_>) -> Option<ClozeCard> {
    if !note.question.has_gaps() {
        return None;
    }
    let numbers = cloze_numbers(input, note);
    let (front, _) = input.context.side_contexts(note.question);
    let front = Context { cloze_mode: cloze_mode(note, &numbers), ..front };
    let card = build_sides(input, note, &front, None);
    let html = card.html;
    let mut found = ClozeCard {
        text: Vec::new(),
        html,
        numbers: Vec::new(),
        hints: 0,
        are_clozes_plain: true,
        rest: None,
    };
    found.count(&card.front, false);
    found.text = card.front;
    let rest = MarkdownCard { front: Vec::new(), back: card.back, html };
    found.rest = Some(rest).filter(|rest| !rest.back.is_empty());
    Some(found)
}

/// Builds the sides of a card. `repeated` is what the back repeats of the question.
fn build_sides(
    input: &Input<'_>,
    note: &Note<'_>,
    front: &Context<'_>,
    repeated: Option<(Context<'_>, Vec<Excerpt>)>,
) -> MarkdownCard {
    let (context, question) = (&input.context.below(note.question), note.question);
    let footnotes = &mut Footnotes::default();
    let mut render = |context: &Context<'_>, bodies: &[Excerpt]| {
        let blocks = bodies.iter().flat_map(|body| tree::render_body(context, body, footnotes));
        blocks.collect::<Vec<Block>>()
    };
    let front = render(front, &question.prompt);
    let (mut answer, mut points, mut extra) = (Vec::new(), Vec::new(), Vec::new());
    if let Some((context, bodies)) = repeated {
        answer = render(&context, &bodies);
    }
    for section in &question.sections {
        let label = section.label.clone();
        let part = match section.kind {
            SectionKind::Answer => {
                let qualifier = label.map(|label| styled(TextStyle::Emphasis('*'), label));
                answer.extend(qualifier);
                &mut answer
            }
            SectionKind::KeyPoints => &mut points,
            SectionKind::Extra => {
                let label = label.map(|label| styled(TextStyle::Strong('*'), format!("{label}:")));
                extra.extend(label);
                &mut extra
            }
        };
        part.extend(render(context, std::slice::from_ref(&section.body)));
    }
    let footnotes = tree::render_footnotes(context, footnotes);
    let back = [answer, points, extra, footnotes].concat();
    MarkdownCard { front, back, html: input.config.html }
}

fn styled(style: TextStyle, text: String) -> Block {
    Block::Text(vec![Inline::Styled(style, vec![Inline::Text(text)])])
}

impl MarkdownCard {
    pub(super) fn front(&self, rules: &Rules) -> String {
        write(rules, self.html, &self.front)
    }

    pub(super) fn back(&self, rules: &Rules) -> String {
        write(rules, self.html, &self.back)
    }
}

fn write(rules: &Rules, html: Html, blocks: &[Block]) -> String {
    // The clozes of such a card are blank or filled in.
    app_markdown::write(&Rules { html, ..*rules }, blocks, &|_, text, _| text.to_owned())
}

impl ClozeCard {
    /// Returns the text by an app's rules, with each cloze written by a function of its number,
    /// text and hint.
    pub(super) fn text(
        &self,
        rules: &Rules,
        write_cloze: impl Fn(u16, &str, Option<&str>) -> String,
    ) -> String {
        app_markdown::write(&Rules { html: self.html, ..*rules }, &self.text, &write_cloze)
    }

    fn count(&mut self, blocks: &[Block], is_nested: bool) {
        tree::visit_lines(blocks, &mut |line| self.count_in_line(line, is_nested));
    }

    fn count_in_line(&mut self, line: &[Inline], is_nested: bool) {
        for piece in line {
            match piece {
                Inline::Cloze(number, inner, hint) => {
                    self.numbers.push(*number);
                    self.hints += usize::from(hint.is_some());
                    self.are_clozes_plain &= !is_nested;
                    self.count_in_line(inner, true);
                }
                Inline::ClozeFormula(..) => self.are_clozes_plain = false,
                Inline::Styled(_, inner)
                | Inline::Link(_, inner)
                | Inline::VaultLink(_, inner)
                | Inline::NoteEmbed(_, inner) => {
                    self.count_in_line(inner, is_nested);
                }
                _ => {}
            }
        }
    }
}
