//! Ids and times that nobody else has, and when a note was last changed.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::fingerprint::Fingerprint;
use super::lock::{Entry, Lock, NumberedNote, Stamp};
use super::numbering::{self, Numbered};
use super::rewording::pair;
use super::{Identity, IdentityOptions, QuestionFacts, base32};
use crate::config::Highlights;
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::cloze::LAST;
use crate::model::CardKind;
use crate::source::Span;

/// Stands for the number of a text that gets none; a lock that holds it is never written.
const NONE: u16 = 0;

/// The length of a derived id: 60 bits.
const ID_LENGTH: usize = 12;

/// Gives out ids and times that nobody else has.
pub(super) struct Assigner<'g> {
    options: IdentityOptions<'g>,
    /// The ids of the lock and of authors.
    taken: HashSet<&'g str>,
    /// Those that were given since.
    given: HashSet<String>,
    occurrences: HashMap<(&'g str, &'g str), u32>,
    times: BTreeSet<i64>,
    /// What has more cards than there are numbers.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'g> Assigner<'g> {
    pub(super) fn new(
        facts: &'g [QuestionFacts<'g>],
        old: &'g Lock,
        options: IdentityOptions<'g>,
    ) -> Self {
        let explicit = facts.iter().filter_map(|question| question.explicit);
        Self {
            options,
            taken: explicit.chain(old.entries.iter().map(|entry| entry.id.as_str())).collect(),
            given: HashSet::with_capacity(facts.len()),
            occurrences: HashMap::with_capacity(facts.len()),
            times: old.entries.iter().flat_map(Entry::times).collect(),
            diagnostics: Vec::new(),
        }
    }

    pub(super) fn identity(
        &mut self,
        question: &'g QuestionFacts<'_>,
        entry: Option<&Entry>,
    ) -> Identity {
        let IdentityOptions { now, refresh, .. } = self.options;
        let Some(entry) = entry else {
            let explicit = question.explicit.map(str::to_owned);
            let id = explicit.unwrap_or_else(|| self.derive(question));
            let created = self.time();
            let cloze = self.cloze(question, None);
            let recall = self.recall(question, None);
            let guid = None;
            return Identity { id, guid, created, modified: now, shown: None, cloze, recall };
        };
        let (id, guid, created) = (entry.id.clone(), entry.guid.clone(), entry.created);
        if !question.is_answered {
            let modified = self.later(entry.modified, refresh);
            let Entry { shown, cloze, recall, .. } = entry.clone();
            return Identity { id, guid, created, modified, shown, cloze, recall };
        }
        let is_cloze = |kinds: &BTreeSet<CardKind>| kinds.contains(&CardKind::Cloze);
        let now =
            (!is_cloze(&question.kinds)).then(|| shows(question.fingerprint, &question.kinds));
        let (mut modified, shown) = self.stamp(
            (entry.modified, entry.shown.as_ref()),
            (!is_cloze(&entry.kinds)).then(|| shows(entry.fingerprint, &entry.kinds)),
            now.as_ref(),
        );
        if !question.has_type_of(entry) && modified == entry.modified {
            modified = self.later(modified, true);
        }
        let cloze = self.cloze(question, Some(entry));
        let recall = self.recall(question, Some(entry));
        Identity { id, guid, created, modified, shown, cloze, recall }
    }

    /// Returns when a note was last changed, and what it last showed if it is not built now.
    fn stamp(
        &self,
        (modified, shown): (i64, Option<&String>),
        before: Option<String>,
        now: Option<&String>,
    ) -> (i64, Option<String>) {
        let last = before.or_else(|| shown.cloned());
        if now.is_none() {
            return (modified, last);
        }
        (self.later(modified, self.options.refresh || last.as_ref() != now), None)
    }

    /// Returns now, or one second after `before` if that is later, if something changed; else `before`.
    fn later(&self, before: i64, is_changed: bool) -> i64 {
        if is_changed { self.options.now.max(before.saturating_add(1)) } else { before }
    }

    /// When the author's style sheet last changed, or was taken out.
    pub(super) fn style(&self, old: Option<&Stamp>) -> Option<Stamp> {
        let hash = self.options.style.unwrap_or_default();
        let is_none = old.is_none() && hash.is_empty();
        let is_changed = old.is_none_or(|old| old.hash != hash);
        let modified = self.later(old.map_or(0, |old| old.modified), is_changed);
        (!is_none).then(|| Stamp { hash: hash.to_owned(), modified })
    }

    fn cloze(
        &mut self,
        question: &QuestionFacts<'_>,
        entry: Option<&Entry>,
    ) -> Option<Box<NumberedNote>> {
        let old = entry.and_then(|entry| entry.cloze.as_deref());
        let shows = |fingerprint, kinds: &BTreeSet<CardKind>| {
            kinds.contains(&CardKind::Cloze).then(|| shows(fingerprint, kinds))
        };
        let before = entry.and_then(|entry| shows(entry.fingerprint, &entry.kinds));
        let now = shows(question.fingerprint, &question.kinds);
        let taken = question.numbered.iter().map(|(number, _)| *number).collect();
        let mut series = self.series(old, before, now.as_ref(), &question.highlights, &taken)?;
        if question.kinds.contains(&CardKind::Cloze) {
            series.explicit.clone_from(&question.numbered);
            if let Some(old) = old {
                self.report_taken(old, &series, question);
            }
            match self.options.highlights {
                Highlights::Each => {
                    self.report_missing(&series, &question.highlight_spans, "highlights");
                }
                // One number is enough for all.
                Highlights::Together => share_last(&mut series.numbers),
            }
            let first = series.numbers.iter().map(|(number, _)| *number).min();
            let kept = old.and_then(|old| old.together).filter(|number| !taken.contains(number));
            series.together = match self.options.highlights {
                Highlights::Each => None,
                Highlights::Together => first.map(|first| kept.unwrap_or(first)),
            };
            let is_moved = old.is_some_and(|old| !old.given().eq(series.given()));
            if is_moved && old.is_some_and(|old| old.modified == series.modified) {
                series.modified = self.later(series.modified, true);
            }
        }
        Some(Box::new(series))
    }

    fn recall(
        &mut self,
        question: &QuestionFacts<'_>,
        entry: Option<&Entry>,
    ) -> Option<Box<NumberedNote>> {
        let old = entry.and_then(|entry| entry.recall.as_deref());
        let shows = |fingerprint: Fingerprint, kinds: &BTreeSet<CardKind>| {
            kinds.contains(&CardKind::Recall).then(|| fingerprint.recalled().to_text())
        };
        let before = entry.and_then(|entry| shows(entry.fingerprint, &entry.kinds));
        let now = shows(question.fingerprint, &question.kinds);
        let series = self.series(old, before, now.as_ref(), &question.points, &BTreeSet::new())?;
        if question.kinds.contains(&CardKind::Recall) {
            self.report_missing(&series, &question.point_spans, "key points");
        }
        Some(Box::new(series))
    }

    /// Reports a gap with the number of a highlight that is still there: Anki would take its card
    /// for that of the gap.
    fn report_taken(
        &mut self,
        old: &NumberedNote,
        new: &NumberedNote,
        question: &QuestionFacts<'_>,
    ) {
        let is_taken = |number: u16| {
            let has_it = |gaps: &[Numbered]| gaps.iter().any(|(other, _)| *other == number);
            has_it(&new.explicit) && !has_it(&old.explicit)
        };
        let former: Vec<&str> = old.numbers.iter().map(|(_, text)| text.as_str()).collect();
        let (number, at) = match self.options.highlights {
            Highlights::Together => (old.together, 0),
            Highlights::Each => {
                let pairs = pair(&question.highlights, &former).into_iter().enumerate();
                let mut numbers =
                    pairs.filter_map(|(at, old_at)| Some((old.numbers[old_at?].0, at)));
                numbers
                    .find(|(number, _)| is_taken(*number))
                    .map_or((None, 0), |(number, at)| (Some(number), at))
            }
        };
        let span = question.highlight_spans.get(at).copied();
        let Some((number, span)) = number.filter(|number| is_taken(*number)).zip(span) else {
            return;
        };
        let explicit = new.explicit.iter().map(|(number, _)| *number);
        let used = new.given().chain(explicit).max().unwrap_or_default();
        let free = used + 1;
        self.diagnostics.push(
            Diagnostic::new(
                Code::TakenNumber,
                span,
                format!(
                    "the card of this highlight becomes that of the gap `{{{{c{number}::…}}}}`"
                ),
            )
            .label(format!("had number {number} so far"))
            .help(format!("number the gap `c{free}`, which is free, and both keep their reviews")),
        );
    }

    /// Reports a note with more texts than there are numbers left.
    fn report_missing(&mut self, series: &NumberedNote, spans: &[Span], what: &str) {
        let missing = series.numbers.iter().zip(spans).filter(|((number, _), _)| *number == NONE);
        let missing: Vec<Span> = missing.map(|(_, span)| *span).collect();
        let Some(&first) = missing.first() else { return };
        let count = series.numbers.len();
        let message = format!(
            "{count} {what}, {} of them without a card: Anki's numbers end at {LAST}",
            missing.len(),
        );
        let help = if series.gone.is_empty() {
            "split the question"
        } else {
            "split the question, or write `{id=new}` after its heading: the numbers of what was taken \
             out are not given again"
        };
        self.diagnostics.push(
            Diagnostic::new(Code::TooManyCards, first, message)
                .label("the first one without a number")
                .help(help),
        );
    }

    /// Returns a note with numbered cards. While none is made it is remembered, and with it what it
    /// last showed.
    fn series(
        &mut self,
        old: Option<&NumberedNote>,
        before: Option<String>,
        now: Option<&String>,
        texts: &[String],
        taken: &BTreeSet<u16>,
    ) -> Option<NumberedNote> {
        let is_made = now.is_some();
        let Some(old) = old else {
            if !is_made {
                return None;
            }
            let numbers = numbering::assign(texts, &[], &[], taken);
            let numbers = numbered(&numbers, texts);
            let modified = self.options.now;
            return Some(NumberedNote {
                created: self.time(),
                modified,
                numbers,
                ..NumberedNote::default()
            });
        };
        let (modified, shown) = self.stamp((old.modified, old.shown.as_ref()), before, now);
        if !is_made {
            return Some(NumberedNote { modified, shown, ..old.clone() });
        }
        let dropped = old.explicit.iter().filter(|(number, _)| !taken.contains(number));
        let gone: Vec<Numbered> = old.gone.iter().chain(dropped).cloned().collect();
        let numbers = numbering::assign(texts, &old.numbers, &gone, taken);
        let is_there =
            |(number, _): &&Numbered| numbers.contains(&Some(*number)) || taken.contains(number);
        let gone = gone.iter().chain(&old.numbers).filter(|gone| !is_there(gone)).cloned();
        let mut gone: Vec<Numbered> = gone.collect();
        gone.sort();
        gone.dedup_by_key(|(number, _)| *number);
        let numbers = numbered(&numbers, texts);
        Some(NumberedNote { modified, shown, numbers, gone, ..old.clone() })
    }

    fn derive(&mut self, question: &'g QuestionFacts<'_>) -> String {
        let namespace = self.options.namespace.unwrap_or(question.deck);
        let occurrence = self.occurrences.entry((namespace, &question.text)).or_default();
        loop {
            let id = derive(namespace, &question.text, *occurrence);
            *occurrence += 1;
            if !self.taken.contains(id.as_str()) && self.given.insert(id.clone()) {
                return id;
            }
        }
    }

    /// Returns the next millisecond from now on that is free.
    fn time(&mut self) -> i64 {
        let now = self.options.now.saturating_mul(1000);
        let last = self.times.last().copied().unwrap_or(now);
        let mut time = if last >= now && last - now < 1_000_000_000 { last + 1 } else { now };
        while !self.times.insert(time) {
            time += 1;
        }
        time
    }
}

/// Returns what the usual note of a question shows.
fn shows(fingerprint: Fingerprint, kinds: &BTreeSet<CardKind>) -> String {
    let sides = [CardKind::Reverse, CardKind::Type].into_iter().filter(|kind| kinds.contains(kind));
    std::iter::once(fingerprint.to_text())
        .chain(sides.map(|kind| kind.name().to_owned()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Gives the last number to every text that has none.
fn share_last(numbers: &mut [Numbered]) {
    numbers.iter_mut().filter(|(number, _)| *number == NONE).for_each(|(number, _)| *number = LAST);
}

/// Returns the texts with their numbers.
fn numbered(numbers: &[Option<u16>], texts: &[String]) -> Vec<Numbered> {
    let numbers = numbers.iter().map(|number| number.unwrap_or(NONE));
    numbers.zip(texts.iter().cloned()).collect()
}

/// Returns the id of a question: the same wherever, whenever and in whatever order it is built.
#[must_use]
pub fn derive(namespace: &str, text: &str, occurrence: u32) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [namespace, text] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.update(&occurrence.to_le_bytes());
    let hash = hasher.finalize();
    let head = hash.as_bytes().iter().take(8);
    let bits = head.fold(0u64, |number, &byte| number << 8 | u64::from(byte));
    base32::encode(bits >> 4, ID_LENGTH)
}

/// Returns a day, as in `2026-11-23` (the civil calendar from days, after Howard Hinnant).
pub(super) fn date(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
