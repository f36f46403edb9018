//! Counts the content that a target cannot hold, and cells that a spreadsheet would calculate, so
//! that nothing is dropped silently.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Tag};

use super::card_text::text_form;
use super::formula::is_formula;
use super::{Input, card_excerpts, find_media_refs};
use crate::config::TextForm;
use crate::diagnostic::{Code, Diagnostic};
use crate::identity::Note;
use crate::markdown::SpannedEvent;
use crate::media::{MediaKind, media_kind};
use crate::source::Span;
use crate::target::{ColumnPart, Field, Loss, Target};

/// The number of occurrences, and the place of the first.
type Count = (usize, Span);

/// The count of each loss, and of cells that a spreadsheet would calculate.
#[derive(Debug, Default)]
pub struct Losses {
    losses: BTreeMap<Loss, Count>,
    formulas: Option<Count>,
}

impl Losses {
    /// Counts one loss.
    pub(super) fn add(&mut self, loss: Loss, place: Span) {
        add_count(self.losses.entry(loss).or_insert((0, place)), (1, place));
    }

    /// Counts the cells of a question that a spreadsheet would calculate.
    pub(super) fn add_formulas(&mut self, cells: &[String], place: Span) {
        let count = cells.iter().filter(|cell| is_formula(cell)).count();
        if count > 0 {
            add_count(self.formulas.get_or_insert((0, place)), (count, place));
        }
    }

    /// Adds the counts of another value.
    pub(super) fn join(&mut self, other: Losses) {
        for (loss, count) in other.losses {
            add_count(self.losses.entry(loss).or_insert((0, count.1)), count);
        }
        if let Some(count) = other.formulas {
            add_count(self.formulas.get_or_insert((0, count.1)), count);
        }
    }

    /// Returns the warning about cells that a spreadsheet would calculate, at the first of them.
    pub(super) fn formula_warning(&self, target: Target) -> Option<Diagnostic> {
        let (count, place) = self.formulas?;
        let name = target.about().name;
        let cells = if count == 1 { "1 cell" } else { &format!("{count} cells") };
        let message = format!("a spreadsheet would calculate {cells} of `{name}`");
        let problem = Diagnostic::new(Code::FormulaCell, place, message)
            .label("the first is here")
            .help("open what `--to spreadsheet` writes: there every cell is text");
        Some(problem)
    }

    /// Returns the warning about the losses of a target, at the first place of the first loss.
    pub(super) fn loss_warning(&self, target: Target) -> Option<Diagnostic> {
        let (_, (_, place)) = self.losses.first_key_value()?;
        let counted = self.losses.iter().map(|(loss, (count, _))| loss.counted(*count));
        let name = target.about().name;
        let message = format!("`{name}` cannot hold {}", join_words(&counted.collect::<Vec<_>>()));
        let problem = Diagnostic::new(Code::LossyExport, *place, message)
            .label("the first is here")
            .help("`deckpress targets` says what each target keeps");
        Some(problem)
    }
}

fn add_count((known, first): &mut Count, (count, place): Count) {
    *known += count;
    *first = (*first).min(place);
}

/// Joins words as `a, b and c`.
fn join_words(words: &[String]) -> String {
    match words {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        words => words.concat(),
    }
}

/// Counts everything in the notes that the target cannot hold.
pub(super) fn count_losses(input: &Input<'_>) -> Losses {
    let wanted = lost_kinds(input);
    let mut losses = Losses::default();
    if wanted.is_empty() {
        return losses;
    }
    for media in find_media_refs(input, card_excerpts(input.notes), |media| media.embedded) {
        let loss = match media_kind(&media.target) {
            MediaKind::Audio | MediaKind::Video => Loss::Audio,
            MediaKind::Image => Loss::Images,
        };
        if wanted.contains(&loss) {
            losses.add(loss, input.context.sources.locate(media.span));
        }
    }
    for note in input.notes {
        for loss in &wanted {
            let count = count_in_note(input, note, *loss);
            (0..count).for_each(|_| losses.add(*loss, note.question.span));
        }
    }
    losses
}

/// Returns the kinds of content that the target loses with these settings.
fn lost_kinds(input: &Input<'_>) -> Vec<Loss> {
    let export = input.export;
    let mut wanted = export.target.about().loses.to_vec();
    if !export.target.has_columns() {
        return wanted;
    }
    let is_media = |loss: &Loss| matches!(loss, Loss::Images | Loss::Audio);
    match (text_form(input), export.target) {
        (TextForm::Text, _) if !wanted.iter().any(is_media) => {
            wanted.extend([Loss::Images, Loss::Audio]);
        }
        (TextForm::Markdown | TextForm::Html, Target::Csv | Target::Spreadsheet) => {
            wanted.retain(|loss| !is_media(loss));
        }
        _ => {}
    }
    let tags = ColumnPart::Field(Field::Tags);
    if export.columns.iter().flatten().flatten().any(|part| *part == tags) {
        wanted.retain(|loss| *loss != Loss::Tags);
    }
    wanted
}

/// Returns how often a question has one kind of loss.
fn count_in_note(input: &Input<'_>, note: &Note<'_>, loss: Loss) -> usize {
    let question = note.question;
    match loss {
        Loss::Images | Loss::Audio | Loss::Syntax => 0,
        Loss::Clozes => usize::from(question.has_gaps()),
        Loss::Cards(kind) => usize::from(question.makes(kind)),
        Loss::Tags => usize::from(!question.tags.is_empty()),
        Loss::Lines => {
            let bodies = question.prompt.iter().chain(question.sections.iter().map(|s| &s.body));
            let blocks = bodies.map(|body| {
                let events = input.context.events(body);
                (0..events.len()).filter(|&at| begins_lines(&events[at..])).count()
            });
            blocks.sum()
        }
    }
}

/// Returns whether a table or a code block of several lines begins here, whose line breaks matter.
fn begins_lines(events: &[SpannedEvent<'_>]) -> bool {
    match events {
        [(Event::Start(Tag::Table(_)), _), ..] => true,
        [(Event::Start(Tag::CodeBlock(_)), _), rest @ ..] => {
            let is_code = |event: &&SpannedEvent<'_>| matches!(event.0, Event::Text(_));
            let code = rest.iter().take_while(is_code);
            let text = code.map(|(event, _)| if let Event::Text(text) = event { text } else { "" });
            text.collect::<String>().trim().contains('\n')
        }
        _ => false,
    }
}
