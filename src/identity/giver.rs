//! Ids and times that nobody else has, and when a note was last changed.

use std::collections::{BTreeMap, BTreeSet};

use super::lock::{Entry, Lock, Series, Stamp};
use super::numbering::{self, Numbered};
use super::{Facts, Identity, Moment, base32};
use crate::config::Highlights;
use crate::model::CardKind;

/// The length of a derived id: 60 bits.
const ID_LENGTH: usize = 12;

/// Gives out ids and times that nobody else has.
pub(super) struct Giver<'g> {
    moment: Moment<'g>,
    taken: BTreeSet<String>,
    occurrences: BTreeMap<(String, String), u32>,
    times: BTreeSet<i64>,
}

impl<'g> Giver<'g> {
    pub(super) fn new(facts: &[Facts], old: &Lock, moment: Moment<'g>) -> Self {
        let explicit = facts.iter().filter_map(|question| question.explicit.clone());
        Self {
            moment,
            taken: explicit.chain(old.entries.iter().map(|entry| entry.id.clone())).collect(),
            occurrences: BTreeMap::new(),
            times: old.entries.iter().flat_map(Entry::times).collect(),
        }
    }

    pub(super) fn identity(&mut self, question: &Facts, entry: Option<&Entry>) -> Identity {
        let Moment { now, refresh, .. } = self.moment;
        let Some(entry) = entry else {
            let id = question.explicit.clone().unwrap_or_else(|| self.derive(question));
            let created = self.time();
            let cloze = self.cloze(question, None, true);
            let recall = self.recall(question, None, true);
            return Identity { id, created, modified: now, cloze, recall };
        };
        let is_answered = question.is_answered;
        let (old, new) = (entry.fingerprint, question.fingerprint);
        let sides = [CardKind::Reverse, CardKind::Type];
        let turns = |kind| entry.kinds.contains(kind) != question.kinds.contains(kind);
        let is_changed = refresh || (is_answered && (old != new || sides.iter().any(turns)));
        Identity {
            id: entry.id.clone(),
            created: entry.created,
            modified: self.later(entry.modified, is_changed),
            cloze: self.cloze(question, entry.cloze.as_ref(), is_changed),
            recall: self.recall(
                question,
                entry.recall.as_ref(),
                refresh || (is_answered && old.recalls(new)),
            ),
        }
    }

    /// When a note was last changed: now, and later than ever, if it is.
    fn later(&self, before: i64, is_changed: bool) -> i64 {
        if is_changed { self.moment.now.max(before.saturating_add(1)) } else { before }
    }

    /// When the author's style sheet last changed, or was taken out.
    pub(super) fn style(&self, old: Option<&Stamp>) -> Option<Stamp> {
        let hash = self.moment.style.unwrap_or_default();
        let is_none = old.is_none() && hash.is_empty();
        let is_changed = old.is_none_or(|old| old.hash != hash);
        let modified = self.later(old.map_or(0, |old| old.modified), is_changed);
        (!is_none).then(|| Stamp { hash: hash.to_owned(), modified })
    }

    fn cloze(
        &mut self,
        question: &Facts,
        old: Option<&Series>,
        is_changed: bool,
    ) -> Option<Series> {
        let is_made = question.kinds.contains(&CardKind::Cloze);
        let numbers = is_made.then(|| {
            let (before, gone) = old.map_or((&[][..], &[][..]), |old| (&old.numbers, &old.gone));
            let numbers = numbering::assign(&question.highlights, before, gone, &question.numbers);
            match self.moment.highlights {
                Highlights::Each => numbers,
                Highlights::Together => {
                    let first = numbers.iter().copied().min().unwrap_or(1);
                    vec![first; numbers.len()]
                }
            }
        });
        let explicit = question.numbers.clone();
        let series = self.series(old, numbers, &question.highlights, is_changed)?;
        Some(if is_made { Series { explicit, ..series } } else { series })
    }

    fn recall(
        &mut self,
        question: &Facts,
        old: Option<&Series>,
        is_changed: bool,
    ) -> Option<Series> {
        let is_made = question.kinds.contains(&CardKind::Recall);
        let numbers = is_made.then(|| {
            let (before, gone) = old.map_or((&[][..], &[][..]), |old| (&old.numbers, &old.gone));
            numbering::assign(&question.points, before, gone, &BTreeSet::new())
        });
        self.series(old, numbers, &question.points, is_changed)
    }

    /// A note with numbered cards. While none is made it is remembered, and with it whether what
    /// it would show has changed.
    fn series(
        &mut self,
        old: Option<&Series>,
        numbers: Option<Vec<u16>>,
        texts: &[String],
        is_changed: bool,
    ) -> Option<Series> {
        let Some(numbers) = numbers else {
            let modified = |old: &Series| self.later(old.modified, is_changed);
            return old.map(|old| Series { modified: modified(old), ..old.clone() });
        };
        let numbers: Vec<Numbered> = numbers.into_iter().zip(texts.iter().cloned()).collect();
        let Some(old) = old else {
            let (created, modified) = (self.time(), self.moment.now);
            return Some(Series { created, modified, numbers, ..Series::default() });
        };
        let is_there = |gone: &&Numbered| numbers.iter().all(|(number, _)| *number != gone.0);
        let gone = old.gone.iter().chain(&old.numbers).filter(is_there).cloned();
        let mut gone: Vec<Numbered> = gone.collect();
        gone.sort();
        gone.dedup_by_key(|(number, _)| *number);
        let order = |list: &[Numbered]| list.iter().map(|(number, _)| *number).collect::<Vec<_>>();
        let is_changed = is_changed || order(&numbers) != order(&old.numbers);
        let modified = self.later(old.modified, is_changed);
        Some(Series { modified, numbers, gone, ..old.clone() })
    }

    fn derive(&mut self, question: &Facts) -> String {
        let namespace = self.moment.namespace.unwrap_or(&question.deck);
        let key = (namespace.to_owned(), question.text.clone());
        loop {
            let occurrence = self.occurrences.entry(key.clone()).or_default();
            let id = derive(&key.0, &key.1, *occurrence);
            *occurrence += 1;
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }

    /// The next millisecond from now on that is free.
    fn time(&mut self) -> i64 {
        let now = self.moment.now.saturating_mul(1000);
        let last = self.times.last().copied().unwrap_or(now);
        let mut time = if last >= now && last - now < 1_000_000_000 { last + 1 } else { now };
        while !self.times.insert(time) {
            time += 1;
        }
        time
    }
}

/// The id of a question: the same wherever, whenever and in whatever order it is built.
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

/// A day, as in `2026-11-23` (the civil calendar from days, after Howard Hinnant).
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
