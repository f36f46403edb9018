//! What a target cannot hold, and what its readers may come to harm by: counted, so that nothing
//! is left out in silence.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Tag};

use super::card_text::form;
use super::formula::is_formula;
use super::{Input, media_within, shown};
use crate::config::TextForm;
use crate::diagnostic::{Code, Diagnostic};
use crate::identity::Note;
use crate::markdown::SpannedEvent;
use crate::media::{MediaKind, media_kind};
use crate::model::CardKind;
use crate::source::Span;
use crate::target::{Field, Loss, Target};

/// How often something occurs, and where first.
type Count = (usize, Span);

/// How often each loss occurs, and cells that a spreadsheet would calculate.
#[derive(Debug, Default)]
pub struct Losses {
    losses: BTreeMap<Loss, Count>,
    formulas: Option<Count>,
}

impl Losses {
    /// Counts one more.
    pub(super) fn add(&mut self, loss: Loss, place: Span) {
        add(self.losses.entry(loss).or_insert((0, place)), (1, place));
    }

    /// Counts those cells of a question that a spreadsheet would calculate.
    pub(super) fn add_formulas(&mut self, cells: &[String], place: Span) {
        let count = cells.iter().filter(|cell| is_formula(cell)).count();
        if count > 0 {
            add(self.formulas.get_or_insert((0, place)), (count, place));
        }
    }

    /// Counts all of another.
    pub(super) fn join(&mut self, other: Losses) {
        for (loss, count) in other.losses {
            add(self.losses.entry(loss).or_insert((0, count.1)), count);
        }
        if let Some(count) = other.formulas {
            add(self.formulas.get_or_insert((0, count.1)), count);
        }
    }

    /// The one warning about cells that a spreadsheet would calculate, at the first of them.
    pub(super) fn formulas(&self, target: Target) -> Option<Diagnostic> {
        let (count, place) = self.formulas?;
        let name = target.about().name;
        let cells = if count == 1 { "1 cell" } else { &format!("{count} cells") };
        let message = format!("a spreadsheet would calculate {cells} of `{name}`");
        let problem = Diagnostic::new(Code::FormulaCell, place, message)
            .label("the first is here")
            .help("open what `--to spreadsheet` writes: there every cell is text");
        Some(problem)
    }

    /// The one warning about a target, at the first place of the first loss.
    pub(super) fn report(&self, target: Target) -> Option<Diagnostic> {
        let (_, (_, place)) = self.losses.first_key_value()?;
        let counted = self.losses.iter().map(|(loss, (count, _))| loss.counted(*count));
        let name = target.about().name;
        let message = format!("`{name}` cannot hold {}", listed(&counted.collect::<Vec<_>>()));
        let problem = Diagnostic::new(Code::LossyExport, *place, message)
            .label("the first is here")
            .help("`deckpress targets` says what each target keeps");
        Some(problem)
    }
}

fn add((known, first): &mut Count, (count, place): Count) {
    *known += count;
    *first = (*first).min(place);
}

/// Words as one names them: `a, b and c`.
fn listed(words: &[String]) -> String {
    match words {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        words => words.concat(),
    }
}

/// What the notes hold of all that the target loses.
pub(super) fn of(input: &Input<'_>) -> Losses {
    let wanted = wanted(input);
    let mut losses = Losses::default();
    if wanted.is_empty() {
        return losses;
    }
    for media in media_within(input, shown(input.notes), |media| media.embedded) {
        let loss = match media_kind(&media.target) {
            MediaKind::Audio | MediaKind::Video => Loss::Audio,
            MediaKind::Image => Loss::Images,
        };
        if wanted.contains(&loss) {
            losses.add(loss, media.span);
        }
    }
    for note in input.notes {
        for loss in &wanted {
            let count = of_note(input, note, *loss);
            (0..count).for_each(|_| losses.add(*loss, note.question.span));
        }
    }
    losses
}

/// What the target loses, as it is to be written.
fn wanted(input: &Input<'_>) -> Vec<Loss> {
    let export = input.export;
    let mut wanted = export.target.about().loses.to_vec();
    if !export.target.has_columns() {
        return wanted;
    }
    let is_media = |loss: &Loss| matches!(loss, Loss::Images | Loss::Audio);
    match (form(input), export.target) {
        (TextForm::Text, _) if !wanted.iter().any(is_media) => {
            wanted.extend([Loss::Images, Loss::Audio]);
        }
        (TextForm::Markdown | TextForm::Html, Target::Csv | Target::Spreadsheet) => {
            wanted.retain(|loss| !is_media(loss));
        }
        _ => {}
    }
    if export.columns.iter().flatten().flatten().any(|field| *field == Field::Tags) {
        wanted.retain(|loss| *loss != Loss::Tags);
    }
    wanted
}

/// How often a question loses something.
fn of_note(input: &Input<'_>, note: &Note<'_>, loss: Loss) -> usize {
    let question = note.question;
    match loss {
        Loss::Images | Loss::Audio | Loss::Syntax => 0,
        Loss::Gaps => usize::from(question.makes(CardKind::Cloze)),
        Loss::Cards(kind) => usize::from(question.makes(kind)),
        Loss::Tags => usize::from(!question.tags.is_empty()),
        Loss::Lines => {
            let bodies = question.prompt.iter().chain(question.sections.iter().map(|s| &s.body));
            let blocks = bodies.map(|body| {
                let events = input.context.events(body);
                (0..events.len()).filter(|&at| are_lines(&events[at..])).count()
            });
            blocks.sum()
        }
    }
}

/// Whether a block begins here of which the lines stand below each other for a reason.
fn are_lines(events: &[SpannedEvent<'_>]) -> bool {
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
