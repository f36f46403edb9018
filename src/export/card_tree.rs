//! The parts of a question as trees, for apps whose markup is not Markdown.

use super::Input;
use super::anki_fields::numbers;
use crate::identity::Note;
use crate::model::{Excerpt, SectionKind};
use crate::render::tree::{self, Block, Inline, Mark};
use crate::render::{ClozeMode, Context, Footnotes};

/// The parts of a question.
#[derive(Debug, Default)]
pub(super) struct CardTree {
    /// What is asked: gaps are gaps, options are not ticked.
    pub(super) asked: Vec<Block>,
    /// The answer, below the options with marks at those that are right.
    pub(super) answer: Vec<Block>,
    /// The points to check oneself against.
    pub(super) points: Vec<Vec<Block>>,
    /// Everything else, under its label.
    pub(super) extra: Vec<(Option<String>, Vec<Block>)>,
}

/// Those of a question, with its media in a folder. Footnotes are numbered through all of them.
pub(super) fn sides(input: &Input<'_>, note: &Note<'_>, media_folder: &str) -> CardTree {
    let context = &Context { media_folder, ..input.context };
    let question = note.question;
    let numbers = numbers(input, note);
    let notes = &mut Footnotes::default();
    let (mut front, back) = context.asked(question);
    if note.cloze.is_some() {
        front.gaps = ClozeMode::Anki(&numbers);
    }
    let mut render = |context: &Context<'_>, bodies: &[Excerpt]| {
        let blocks = bodies.iter().flat_map(|body| tree::render(context, body, notes));
        blocks.collect::<Vec<Block>>()
    };
    let mut sides = CardTree { asked: render(&front, &question.prompt), ..CardTree::default() };
    if let Some((context, _)) = back {
        sides.answer = render(&context, &context.right_choices(question));
    }
    for section in &question.sections {
        let label = section.label.clone();
        match section.kind {
            SectionKind::Answer => {
                let qualifier = label.map(|label| vec![Inline::Text(label)]);
                let qualifier = qualifier.map(|text| vec![Inline::Marked(Mark::Emphasis, text)]);
                sides.answer.extend(qualifier.map(Block::Text));
                sides.answer.extend(render(context, std::slice::from_ref(&section.body)));
            }
            SectionKind::KeyPoints => {
                let points = context.parsed_points(std::iter::once(&section.body));
                let within = Context { parsed: Some(&points), ..*context };
                sides.points.extend(
                    points.values().map(|(point, _)| render(&within, std::slice::from_ref(point))),
                );
            }
            SectionKind::Extra => {
                let blocks = render(context, std::slice::from_ref(&section.body));
                sides.extra.push((label, blocks));
            }
        }
    }
    sides
}

/// How many gaps are blank at different times.
pub(super) fn gap_numbers(blocks: &[Block]) -> usize {
    let mut found = Vec::new();
    collect(blocks, &mut found);
    found.sort_unstable();
    found.dedup();
    found.len()
}

fn collect(blocks: &[Block], found: &mut Vec<u16>) {
    for block in blocks {
        match block {
            Block::Text(line) | Block::Heading(line) | Block::Term(line) => within(line, found),
            Block::List(_, items) => items.iter().for_each(|item| collect(item, found)),
            Block::Table(_, rows) => rows.iter().flatten().for_each(|cell| within(cell, found)),
            Block::Quote(_, inner) | Block::Definition(inner) | Block::Footnote(_, inner) => {
                collect(inner, found);
            }
            Block::Code(..) | Block::Rule => {}
        }
    }
}

fn within(line: &[Inline], found: &mut Vec<u16>) {
    for piece in line {
        match piece {
            Inline::Gap(number, inner, _) => {
                found.push(*number);
                within(inner, found);
            }
            Inline::Marked(_, inner) | Inline::Link(_, inner) => within(inner, found),
            _ => {}
        }
    }
}
