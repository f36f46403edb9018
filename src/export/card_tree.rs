//! The parts of a question as trees, for apps whose markup is not Markdown.

use super::Input;
use super::anki_fields::{cloze_mode, cloze_numbers};
use crate::identity::Note;
use crate::model::{Excerpt, SectionKind};
use crate::render::tree::{self, Block, Inline, TextStyle};
use crate::render::{Context, Footnotes};

/// The parts of a question.
#[derive(Debug, Default)]
pub(super) struct CardTree {
    /// The question: clozes are nodes, options are not ticked.
    pub(super) question: Vec<Block>,
    /// The answer, below the options with marks at the right ones.
    pub(super) answer: Vec<Block>,
    /// The key points.
    pub(super) points: Vec<Vec<Block>>,
    /// All other sections, each with its label.
    pub(super) extra: Vec<(Option<String>, Vec<Block>)>,
}

/// Builds the trees of a question, with its media in a folder. Footnotes are numbered through all
/// of them.
pub(super) fn build_card_tree(input: &Input<'_>, note: &Note<'_>, media_folder: &str) -> CardTree {
    let context = &Context { media_folder, ..input.context };
    let question = note.question;
    let numbers = cloze_numbers(input, note);
    let notes = &mut Footnotes::default();
    let (mut front, back) = context.side_contexts(question);
    if question.has_gaps() {
        front.cloze_mode = cloze_mode(note, &numbers);
    }
    let context = &context.below(question);
    let mut render = |context: &Context<'_>, bodies: &[Excerpt]| {
        let blocks = bodies.iter().flat_map(|body| tree::render(context, body, notes));
        tree::to_plain(blocks.collect())
    };
    let mut tree = CardTree { question: render(&front, &question.prompt), ..CardTree::default() };
    if let Some((context, _)) = back {
        tree.answer = render(&context, &context.right_choices(question));
    }
    for section in &question.sections {
        let label = section.label.clone();
        match section.kind {
            SectionKind::Answer => {
                let qualifier = label.map(|label| vec![Inline::Text(label)]);
                let qualifier =
                    qualifier.map(|text| vec![Inline::Styled(TextStyle::Emphasis('*'), text)]);
                tree.answer.extend(qualifier.map(Block::Text));
                tree.answer.extend(render(context, std::slice::from_ref(&section.body)));
            }
            SectionKind::KeyPoints => {
                let points = context.parsed_points(std::iter::once(&section.body));
                let within = Context { parsed: Some(&points), ..*context };
                tree.points.extend(
                    points.values().map(|(point, _)| render(&within, std::slice::from_ref(point))),
                );
            }
            SectionKind::Extra => {
                let blocks = render(context, std::slice::from_ref(&section.body));
                tree.extra.push((label, blocks));
            }
        }
    }
    tree
}

/// Returns how many different cloze numbers there are, which is the number of cloze cards.
pub(super) fn count_cloze_numbers(blocks: &[Block]) -> usize {
    let mut found = Vec::new();
    tree::visit_lines(blocks, &mut |line| collect_line_numbers(line, &mut found));
    found.sort_unstable();
    found.dedup();
    found.len()
}

fn collect_line_numbers(line: &[Inline], found: &mut Vec<u16>) {
    for piece in line {
        match piece {
            Inline::Cloze(number, inner, _) => {
                found.push(*number);
                collect_line_numbers(inner, found);
            }
            Inline::Styled(_, inner) | Inline::Link(_, inner) => collect_line_numbers(inner, found),
            _ => {}
        }
    }
}
