//! What a target cannot hold, counted, so that nothing is left out in silence.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Tag};

use super::{Input, media_within, shown};
use crate::diagnostic::{Code, Diagnostic};
use crate::identity::Note;
use crate::media::{Medium, medium};
use crate::model::CardKind;
use crate::source::Span;
use crate::target::{Loss, Target};

/// How often each loss occurs, and where first.
#[derive(Debug, Default)]
pub(super) struct Losses(BTreeMap<Loss, (usize, Span)>);

impl Losses {
    /// Counts one more.
    pub(super) fn add(&mut self, loss: Loss, place: Span) {
        let (count, first) = self.0.entry(loss).or_insert((0, place));
        *count += 1;
        *first = (*first).min(place);
    }

    /// Counts all of another.
    pub(super) fn join(&mut self, other: Losses) {
        for (loss, (count, place)) in other.0 {
            let (known, first) = self.0.entry(loss).or_insert((0, place));
            *known += count;
            *first = (*first).min(place);
        }
    }

    /// The one warning about a target, at the first place of the first loss.
    pub(super) fn report(&self, target: Target) -> Option<Diagnostic> {
        let (_, (_, place)) = self.0.first_key_value()?;
        let counted = self.0.iter().map(|(loss, (count, _))| loss.counted(*count));
        let name = target.about().name;
        let message = format!("`{name}` cannot hold {}", listed(&counted.collect::<Vec<_>>()));
        let problem = Diagnostic::new(Code::LossyExport, *place, message)
            .label("the first is here")
            .help("`deckpress targets` says what each target keeps");
        Some(problem)
    }
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
    let wanted = input.export.target.about().loses;
    let mut losses = Losses::default();
    if wanted.is_empty() {
        return losses;
    }
    for media in media_within(input, shown(input.notes), |media| media.embedded) {
        let loss = match medium(&media.target) {
            Medium::Sound | Medium::Film => Loss::Sounds,
            Medium::Picture => Loss::Pictures,
        };
        if wanted.contains(&loss) {
            losses.add(loss, media.span);
        }
    }
    for note in input.notes {
        for loss in wanted {
            let count = of_note(input, note, *loss);
            (0..count).for_each(|_| losses.add(*loss, note.question.span));
        }
    }
    losses
}

/// How often a question loses something.
fn of_note(input: &Input<'_>, note: &Note<'_>, loss: Loss) -> usize {
    let question = note.question;
    match loss {
        Loss::Pictures | Loss::Sounds | Loss::Syntax => 0,
        Loss::Gaps => usize::from(question.makes(CardKind::Cloze)),
        Loss::Cards(kind) => usize::from(question.makes(kind)),
        Loss::Tags => usize::from(!question.tags.is_empty()),
        Loss::Lines => {
            let bodies = question.prompt.iter().chain(question.sections.iter().map(|s| &s.body));
            let blocks = bodies.map(|body| {
                let events = input.context.events(body);
                events.iter().filter(|(event, _)| is_lines(event)).count()
            });
            blocks.sum()
        }
    }
}

/// Whether lines stand below each other for a reason.
fn is_lines(event: &Event<'_>) -> bool {
    matches!(event, Event::Start(Tag::CodeBlock(_) | Tag::Table(_)))
}
