//! Bullets for `RemNote`: one file to paste, or one file per topic to import.
//!
//! Written from its manual ("How to Import Flashcards from Text"): `>>` stands between question and
//! answer, `<>` if the card is asked both ways, `>>>` above the bullets of an answer, `>>1.` above
//! a list of which each point is asked, `{{…}}` around a cloze and `{({…})}` around its hint. This
//! has not been tried in `RemNote` itself, so such signs are broken up wherever the content
//! contains them.

use std::fmt::Write as _;

use super::app_annotations;
use super::card_tree::{CardTree, build_card_tree, count_cloze_numbers};
use super::loss::Losses;
use super::pages::split_into_pages;
use super::{Input, Outputs, add_media, card_excerpts, find_media};
use crate::identity::Note;
use crate::model::CardKind;
use crate::render::outline::{Bullet, Outline, Outliner, write_bullets};
use crate::render::tree::{Block, Inline, TextStyle};
use crate::target::{Loss, Target};

/// The indentation of each level.
const INDENT: &str = "    ";

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let mut losses = Losses::default();
    let path = input.path();
    if input.export.target == Target::RemNote {
        let text = write_outline(input, &mut losses);
        outputs.add(&path, |file| Ok(file.write_all(text.as_bytes())?))?;
        return Ok(losses);
    }
    let mut files = Vec::new();
    for page in split_into_pages(input) {
        let mut cards = Vec::new();
        for note in page.notes {
            let before = write_bullets(&card_bullets(input, note, &mut losses), 0, INDENT);
            let (id, above, after) = (note.id.to_owned(), String::new(), String::new());
            cards.push(app_annotations::AppCard { id, above, before, after });
        }
        files.push(app_annotations::AppPage {
            name: format!("{}.md", page.name),
            cards,
            end: String::new(),
        });
    }
    app_annotations::write_pages(input, outputs, app_annotations::find_none, &files)?;
    let media = find_media(input, card_excerpts(input.notes), |_| true);
    add_media(outputs, &format!("{path}media/"), &media)?;
    Ok(losses)
}

/// Writes all questions below their decks and topics.
fn write_outline(input: &Input<'_>, losses: &mut Losses) -> String {
    let mut out = String::new();
    let mut above: Vec<&str> = Vec::new();
    for note in input.notes {
        let deck = std::iter::once(note.deck.title.as_str());
        let path: Vec<&str> = deck.chain(note.topic.path.iter().map(String::as_str)).collect();
        let common = above.iter().zip(&path).take_while(|(one, other)| one == other).count();
        let mut outline = Outline::new(Outliner::RemNote);
        for (level, title) in path.iter().enumerate().skip(common) {
            let line = outline.bullets(&[Block::Text(vec![Inline::Text((*title).to_owned())])]);
            out += &write_bullets(&line, level, INDENT);
        }
        out += &write_bullets(&card_bullets(input, note, losses), path.len(), INDENT);
        above = path;
    }
    out
}

/// Returns the cards of a question as bullets.
fn card_bullets(input: &Input<'_>, note: &Note<'_>, losses: &mut Losses) -> Vec<Bullet> {
    let sides = build_card_tree(input, note, "media/");
    let mut outline = Outline::new(Outliner::RemNote);
    let question = note.question;
    let is_reverse = question.makes(CardKind::Reverse);
    let mut cards = if count_cloze_numbers(&sides.question) > 0 {
        cloze_bullets(&mut outline, &sides)
    } else {
        let (card, is_both) = question_bullet(&mut outline, &sides, is_reverse);
        if is_reverse && !is_both {
            losses.add(Loss::Cards(CardKind::Reverse), question.span);
        }
        vec![card]
    };
    if question.makes(CardKind::Recall) {
        let (line, _) = question_line(&mut outline, &sides.question);
        let mut card = Bullet::new(vec![format!("{line} >>1.")]);
        card.below = outline.bullets(&[Block::List(None, sides.points.clone())]);
        cards.push(card);
    }
    if outline.changed > 0 {
        losses.add(Loss::Syntax, question.span);
    }
    cards
}

/// Returns the bullets of a cloze question. Its other sections are below the last bullet.
fn cloze_bullets(outline: &mut Outline, sides: &CardTree) -> Vec<Bullet> {
    let mut cards = outline.bullets(&sides.question);
    let answer = answer_bullets(outline, sides);
    if let Some(last) = cards.last_mut() {
        last.below.extend(answer);
    }
    let is_above = sides
        .question
        .first()
        .is_some_and(|block| count_cloze_numbers(std::slice::from_ref(block)) == 0);
    if is_above && cards.len() > 1 {
        let below = cards.split_off(1);
        cards[0].below.extend(below);
    }
    cards
}

/// Returns a question with its answer, and whether the card is asked both ways.
fn question_bullet(outline: &mut Outline, sides: &CardTree, is_reverse: bool) -> (Bullet, bool) {
    let (line, context) = question_line(outline, &sides.question);
    let mut answer = answer_bullets(outline, sides);
    if answer.is_empty() {
        // A card has two sides.
        answer.push(Bullet::new(vec!["…".to_owned()]));
    }
    let is_line = answer.len() == 1 && answer[0].is_line() && answer[0].number.is_none();
    let mut card = if is_line {
        let sign = if is_reverse { "<>" } else { ">>" };
        Bullet::new(vec![format!("{line} {sign} {}", answer.remove(0).lines.concat())])
    } else {
        Bullet { below: answer, ..Bullet::new(vec![format!("{line} >>>")]) }
    };
    // A question is one line; blocks that need several lines become bullets above it.
    for mut above in context.into_iter().rev() {
        above.below.push(card);
        card = above;
    }
    (card, is_line && is_reverse)
}

/// Returns a question as one line, and the bullets for those of its blocks that need several.
fn question_line(outline: &mut Outline, blocks: &[Block]) -> (String, Vec<Bullet>) {
    let (mut line, mut context) = (String::new(), Vec::new());
    for block in blocks {
        match block {
            Block::Code(_, code) if code.contains('\n') => {
                context.extend(outline.bullets(std::slice::from_ref(block)));
            }
            Block::Code(_, code) => {
                let code = outline.line(&[Inline::Code(code.trim().to_owned())]);
                let _ = write!(line, " {code}");
            }
            Block::Table(..) => context.extend(outline.bullets(std::slice::from_ref(block))),
            block => {
                let text = outline.flatten(std::slice::from_ref(block)).join(" ");
                let _ = write!(line, " {text}");
            }
        }
    }
    (line.trim().to_owned(), context)
}

/// Returns the bullets of the answer and of all other sections.
fn answer_bullets(outline: &mut Outline, sides: &CardTree) -> Vec<Bullet> {
    let mut below = outline.bullets(&sides.answer);
    let label = |label: &str| {
        Block::Text(vec![Inline::Styled(
            TextStyle::Strong('*'),
            vec![Inline::Text(format!("{label}:"))],
        )])
    };
    if !sides.points.is_empty() {
        let points = Block::List(None, sides.points.clone());
        below.extend(outline.bullets(&[label("Key points"), points]));
    }
    for (name, blocks) in &sides.extra {
        let mut part = outline.bullets(&[label(name.as_deref().unwrap_or("More"))]);
        let own = outline.bullets(blocks);
        if let Some(part) = part.first_mut() {
            part.below.extend(own);
        }
        below.extend(part);
    }
    below
}
