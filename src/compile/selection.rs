//! Chooses the questions of each output. This comes after identity, so that no question counts as
//! retired because an output leaves it out.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Compiled;
use crate::config::selector::Selector;
use crate::config::tree::similar;
use crate::config::{Export, Selected, file_name};
use crate::diagnostic::{Code, Diagnostic};
use crate::export::{deck_name, tags};
use crate::identity::Note;
use crate::model::Deck;
use crate::source::Sources;
use crate::target::Target;

/// An output with the questions that it holds.
#[derive(Debug)]
pub struct Selection<'n, 'c> {
    /// The target and its settings.
    pub export: Export,
    /// The questions, in source order.
    pub notes: Cow<'n, [Note<'c>]>,
    /// The ids of the questions whose pages are written; `None` for all.
    pub written: Option<BTreeSet<&'c str>>,
    /// True if the user has named this target.
    pub is_asked_for: bool,
}

impl<'n, 'c> Selection<'n, 'c> {
    /// Returns an output that holds these questions, whatever its settings choose.
    #[must_use]
    pub fn of_all(export: Export, notes: &'n [Note<'c>]) -> Self {
        Self { export, notes: notes.into(), written: None, is_asked_for: false }
    }
}

impl Compiled {
    /// Returns the outputs of these targets, or else of the settings, with the questions that each
    /// of them holds: those that its settings choose, and of these the ones that `only` chooses, if
    /// it is not empty. An output that is left without any is not written.
    ///
    /// A folder of pages, and a file that an app writes into, is no place to take questions from:
    /// there `only` chooses what is written anew, and not what it holds.
    #[must_use]
    pub fn select<'n, 'c>(
        &self,
        targets: &[Target],
        only: &[Selector],
        notes: &'n [Note<'c>],
    ) -> Vec<Selection<'n, 'c>> {
        let mut selections = Vec::new();
        for export in self.exports(targets) {
            let is_asked_for = self.is_asked_for(&export, targets);
            let chosen = choose(&self.sources, &export, notes);
            let parts =
                if export.is_split { split(&export, &chosen) } else { vec![(export, chosen)] };
            for (export, notes) in parts {
                let (notes, written) = self.narrow(&export, only, notes);
                if !notes.is_empty() && written.as_ref().is_none_or(|ids| !ids.is_empty()) {
                    selections.push(Selection { export, notes, written, is_asked_for });
                }
            }
        }
        selections
    }

    /// Returns what is left of the questions of an output where only some are wanted, and whose
    /// pages are written.
    fn narrow<'n, 'c>(
        &self,
        export: &Export,
        only: &[Selector],
        notes: Cow<'n, [Note<'c>]>,
    ) -> (Cow<'n, [Note<'c>]>, Option<BTreeSet<&'c str>>) {
        if only.is_empty() {
            return (notes, None);
        }
        let is_chosen = |note: &&Note<'_>| only.iter().any(|it| selects(&self.sources, it, note));
        let chosen = notes.iter().filter(is_chosen);
        if export.target.is_kept_by_an_app() {
            let ids = chosen.map(|note| note.id).collect();
            return (notes, Some(ids));
        }
        (chosen.cloned().collect(), None)
    }

    /// Returns how many of the questions some selectors select.
    #[must_use]
    pub fn count_selected(&self, only: &[Selector], notes: &[Note<'_>]) -> usize {
        let is_selected = |note: &&Note<'_>| only.iter().any(|it| selects(&self.sources, it, note));
        notes.iter().filter(is_selected).count()
    }

    /// Returns the selectors among these that select none of the questions, each with one that was
    /// perhaps meant.
    #[must_use]
    pub fn find_idle<'s>(
        &self,
        selectors: impl Iterator<Item = &'s Selector>,
        notes: &[Note<'_>],
    ) -> Vec<(&'s Selector, Option<Selector>)> {
        find_idle(&self.sources, selectors, notes)
    }
}

fn find_idle<'s>(
    sources: &Sources,
    selectors: impl Iterator<Item = &'s Selector>,
    notes: &[Note<'_>],
) -> Vec<(&'s Selector, Option<Selector>)> {
    let selects_any = |it: &Selector| notes.iter().any(|note| selects(sources, it, note));
    let idle = selectors.filter(|it| !selects_any(it));
    idle.map(|it| (it, guess(sources, it, notes))).collect()
}

/// Returns the selector that was perhaps meant by one that selects nothing.
fn guess(sources: &Sources, idle: &Selector, notes: &[Note<'_>]) -> Option<Selector> {
    let selects_any = |it: &Selector| notes.iter().any(|note| selects(sources, it, note));
    if let Some(other) = idle.others().find(selects_any) {
        return Some(other);
    }
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |name: String| {
        names.entry(name.to_lowercase()).or_insert(name);
    };
    for note in notes {
        match idle {
            Selector::Topic(_) => {
                note.topic.path.iter().cloned().for_each(&mut add);
                add(note.topic.path.join("::"));
            }
            Selector::Tag(_) => tags(note).into_iter().for_each(&mut add),
            Selector::Deck(_) => {
                let name = deck_name(note.deck, note.topic);
                name.match_indices("::").for_each(|(end, _)| add(name[..end].to_owned()));
                add(name);
            }
            Selector::File(_) => {
                let path = sources.path(note.question.span.file);
                path.split('/').map(str::to_owned).for_each(&mut add);
                add(path.to_owned());
            }
        }
    }
    let folded: Vec<&str> = names.keys().map(String::as_str).collect();
    let near = similar(idle.pattern().text(), &folded)?;
    idle.with(&names[near])
}

fn selects(sources: &Sources, selector: &Selector, note: &Note<'_>) -> bool {
    match selector {
        Selector::Topic(topic) => topic.is_above(note.topic.path.iter().map(String::as_str)),
        Selector::Tag(tag) => tags(note).iter().any(|own| tag.is_above(own.split("::"))),
        Selector::Deck(deck) => deck.is_above(deck_name(note.deck, note.topic).split("::")),
        Selector::File(file) => {
            let path = sources.path(note.question.span.file);
            file.is_above(path.split('/'))
        }
    }
}

/// Returns the questions that the settings of an export choose.
fn choose<'n, 'c>(
    sources: &Sources,
    export: &Export,
    notes: &'n [Note<'c>],
) -> Cow<'n, [Note<'c>]> {
    let Export { only, except, .. } = export;
    if only.is_empty() && except.is_empty() {
        return notes.into();
    }
    let is_any = |all: &[Selected], note: &Note<'_>| {
        all.iter().any(|(selector, _)| selects(sources, selector, note))
    };
    let is_chosen =
        |note: &&Note<'_>| (only.is_empty() || is_any(only, note)) && !is_any(except, note);
    notes.iter().filter(is_chosen).cloned().collect()
}

/// Returns an export for each deck, with its questions.
fn split<'n, 'c>(
    export: &Export,
    notes: &Cow<'n, [Note<'c>]>,
) -> Vec<(Export, Cow<'n, [Note<'c>]>)> {
    let mut decks: Vec<(&Deck, Vec<Note<'c>>)> = Vec::new();
    for note in notes.iter() {
        match decks.last_mut() {
            Some((deck, own)) if std::ptr::eq(*deck, note.deck) => own.push(note.clone()),
            _ => decks.push((note.deck, vec![note.clone()])),
        }
    }
    let folder = export.target.about().file.strip_suffix('/');
    let first = export.name.as_deref().or(folder);
    let mut taken = BTreeSet::new();
    let mut name_of = |deck: &Deck| {
        let parts = first.into_iter().map(str::to_owned);
        let name = parts.chain([file_name(&deck.title, "deck")]).collect::<Vec<_>>().join("-");
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        names.find(|name| taken.insert(name.to_lowercase()))
    };
    let part = |(deck, notes): (&Deck, Vec<Note<'c>>)| {
        (Export { name: name_of(deck), ..export.clone() }, notes.into())
    };
    decks.into_iter().map(part).collect()
}

/// Reports selectors in the settings that select nothing, and exports that are left without
/// questions. What leaves out nothing does no harm, so it is a warning.
pub(super) fn check(
    sources: &Sources,
    exports: &[Export],
    notes: &[Note<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for export in exports {
        let Export { only, except, .. } = export;
        let all = only.iter().zip(std::iter::repeat(true));
        let all = all.chain(except.iter().zip(std::iter::repeat(false)));
        let before = diagnostics.len();
        for ((selector, span), is_wanted) in all {
            let mut idle = find_idle(sources, [selector].into_iter(), notes);
            let Some((_, meant)) = idle.pop() else { continue };
            let message = format!("`{selector}` selects no question");
            let mut problem =
                Diagnostic::new(Code::EmptySelection, *span, message).help(help(meant));
            if !is_wanted {
                problem.soften();
            }
            diagnostics.push(problem);
        }
        let first = only.iter().chain(except).map(|(_, span)| *span).next();
        if let (Some(span), true) = (first, before == diagnostics.len())
            && choose(sources, export, notes).is_empty()
        {
            let name = export.target.about().name;
            let message = format!("nothing is left for this export to `{name}`");
            let problem = Diagnostic::new(Code::EmptySelection, span, message);
            diagnostics.push(problem.help("what `only` selects, `except` leaves out again"));
        }
    }
}

/// Returns help about a selector that selects nothing, if it is known which one was meant.
#[must_use]
pub fn help(meant: Option<Selector>) -> String {
    meant.map_or_else(
        || "`deckpress explain empty-selection` says how selectors are written".to_owned(),
        |meant| format!("did you mean `{meant}`?"),
    )
}
