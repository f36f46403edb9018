//! Who a question is, in every format and for years.
//!
//! One id stands for a question everywhere: the Anki GUID, the `ID` field, the column in a CSV,
//! the heading attribute in a Markdown deck, the key in the lock. A new id is derived from what
//! the question says, so an unedited question has the same id even where the lock is lost; the
//! lock keeps it while the words change.
//!
//! In reading order: [`fingerprint`] says whether a note changed and [`similar`] how much,
//! [`lock`] remembers both, [`matching`] finds today's questions in it, [`plan`] says what that
//! means for a learner. Time comes in as a value, and nothing is written here.

pub mod base32;
pub mod fingerprint;
pub mod lock;
pub mod matching;
pub mod plan;
pub mod similar;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::markdown;
use crate::media::Media;
use crate::model::{Bank, Deck, Question, SectionKind, Topic};
use crate::source::{Sources, Span};
use fingerprint::Fingerprint;
use lock::{Entry, Lock};
use matching::{Evidence, Matching};
use plan::Plan;
use similar::Sketch;

/// A question with its identity.
#[derive(Debug)]
pub struct Note<'b> {
    /// Its id.
    pub id: &'b str,
    /// When it was first built, in milliseconds since 1970; unique within a build.
    pub created: i64,
    /// When its content last changed, in seconds since 1970.
    pub modified: i64,
    /// The deck it is in.
    pub deck: &'b Deck,
    /// The topic it is in.
    pub topic: &'b Topic,
    /// The question.
    pub question: &'b Question,
}

/// What identity needs to know of a question.
#[derive(Debug)]
pub struct Facts {
    /// What it asks, without markup.
    pub text: String,
    /// The deck's title.
    pub deck: String,
    /// The topic below the deck.
    pub topic: Vec<String>,
    /// The file it stands in.
    pub file: String,
    /// The id that the author wrote.
    pub explicit: Option<String>,
    /// Whether it reaches the outputs.
    pub is_answered: bool,
    /// What a learner studies.
    pub fingerprint: Fingerprint,
    /// What the answer is like.
    pub sketch: Sketch,
    /// How long the answer is.
    pub answer_words: usize,
    /// Its heading.
    pub span: Span,
    /// Where an id can be written, and whether braces are there already.
    pub id_place: (usize, bool),
}

/// When, and how, identities are given.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'m> {
    /// Seconds since 1970.
    pub now: i64,
    /// The namespace of new ids, if it is not the deck's title.
    pub namespace: Option<&'m str>,
    /// Whether every note counts as changed.
    pub refresh: bool,
}

/// The identities of all questions, in source order, and what has changed since the lock.
#[derive(Debug)]
pub struct Identities {
    /// Per question: id, created, modified.
    pub of: Vec<Identity>,
    /// The lock as it must be after this build.
    pub lock: Lock,
    /// What has changed.
    pub plan: Plan,
}

/// The identity of one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its id.
    pub id: String,
    /// Milliseconds since 1970.
    pub created: i64,
    /// Seconds since 1970.
    pub modified: i64,
}

/// The length of a derived id: 60 bits.
const ID_LENGTH: usize = 12;

/// What identity needs to know of every question, in source order.
#[must_use]
pub fn facts(sources: &Sources, bank: &Bank, media: &Media) -> Vec<Facts> {
    let one = |(deck, topic, question): (&Deck, &Topic, &Question)| {
        let definitions = &bank.definitions[question.span.file.index()];
        let answer: Vec<String> = question
            .sections
            .iter()
            .filter(|section| section.kind != SectionKind::Extra)
            .map(|section| markdown::words(sources, definitions, &section.body))
            .collect();
        let answer = answer.join(" ");
        Facts {
            text: markdown::prompt(sources, bank, question),
            deck: deck.title.clone(),
            topic: topic.path.clone(),
            file: sources.path(question.span.file).to_owned(),
            explicit: question.id.as_ref().map(|(id, _)| id.clone()),
            is_answered: question.is_answered(),
            fingerprint: fingerprint::of(sources, bank, media, topic, question),
            sketch: Sketch::of(&answer),
            answer_words: answer.split(' ').count(),
            span: question.span,
            id_place: question.id_place,
        }
    };
    bank.questions().map(one).collect()
}

/// Gives every question its identity. Without a lock every question is new.
#[must_use]
pub fn identify(
    facts: &[Facts],
    old: &Lock,
    moment: Moment<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Identities {
    let matching = matching::pair(facts, &old.entries);
    report(facts, &old.entries, &matching, diagnostics);
    let mut giver = Giver::new(facts, old, moment);
    let mut of = Vec::with_capacity(facts.len());
    let mut lock = Lock::default();
    let mut seen = vec![false; old.entries.len()];
    for (question, pair) in facts.iter().zip(&matching.pairs) {
        let entry = pair.map(|(at, _)| {
            seen[at] = true;
            &old.entries[at]
        });
        let identity = giver.identity(question, entry);
        if let Some(entry) = remember(question, entry, &identity) {
            lock.entries.push(entry);
        }
        of.push(identity);
    }
    let today = date(moment.now);
    for (entry, seen) in old.entries.iter().zip(seen) {
        if !seen {
            let removed = entry.removed.clone().unwrap_or_else(|| today.clone());
            lock.entries.push(Entry { removed: Some(removed), ..entry.clone() });
        }
    }
    let plan = plan::of(facts, &matching, old, &lock, &of);
    Identities { of, lock, plan }
}

/// Every question that reaches the outputs, with its identity.
#[must_use]
pub fn notes<'b>(bank: &'b Bank, identities: &'b Identities) -> Vec<Note<'b>> {
    let questions = bank.questions().zip(&identities.of);
    let answered = questions.filter(|((_, _, question), _)| question.is_answered());
    let note = |((deck, topic, question), identity): (_, &'b Identity)| {
        let Identity { id, created, modified } = identity;
        Note { id, created: *created, modified: *modified, deck, topic, question }
    };
    answered.map(note).collect()
}

/// Reports questions that share an id that their authors wrote.
pub fn duplicate_ids(bank: &Bank, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for (_, _, question) in bank.questions() {
        let Some((id, span)) = &question.id else { continue };
        // A search in Anki finds both of two that differ in case alone.
        let folded = markdown::fold(id).to_lowercase();
        if let Some(first) = seen.get(&folded) {
            let message = format!("two questions have the id `{id}`");
            diagnostics.push(
                Diagnostic::new(Code::DuplicateId, *span, message)
                    .label("here again")
                    .related(*first, "first here")
                    .help("an id names one question for ever; give one of them another"),
            );
        } else {
            seen.insert(folded, *span);
        }
    }
}

/// Gives out ids and times that nobody else has.
struct Giver<'g> {
    moment: Moment<'g>,
    taken: BTreeSet<String>,
    occurrences: BTreeMap<(String, String), u32>,
    times: BTreeSet<i64>,
}

impl<'g> Giver<'g> {
    fn new(facts: &[Facts], old: &Lock, moment: Moment<'g>) -> Self {
        let explicit = facts.iter().filter_map(|question| question.explicit.clone());
        Self {
            moment,
            taken: explicit.chain(old.entries.iter().map(|entry| entry.id.clone())).collect(),
            occurrences: BTreeMap::new(),
            times: old.entries.iter().map(|entry| entry.created).collect(),
        }
    }

    fn identity(&mut self, question: &Facts, entry: Option<&Entry>) -> Identity {
        let Moment { now, refresh, .. } = self.moment;
        let Some(entry) = entry else {
            let id = question.explicit.clone().unwrap_or_else(|| self.derive(question));
            return Identity { id, created: self.time(), modified: now };
        };
        let is_changed = question.is_answered && entry.fingerprint != question.fingerprint;
        let modified = if is_changed || refresh {
            now.max(entry.modified.saturating_add(1))
        } else {
            entry.modified
        };
        Identity { id: entry.id.clone(), created: entry.created, modified }
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

/// The line of the lock for a question.
///
/// A question that has lost its answer keeps its line as it was, since learners still have it; a
/// new one without an answer has none yet.
fn remember(question: &Facts, entry: Option<&Entry>, identity: &Identity) -> Option<Entry> {
    let name = question.explicit.clone().filter(|name| *name != identity.id);
    let known = entry.map(|entry| (entry.fingerprint, entry.sketch.clone()));
    let (fingerprint, sketch) = match known {
        Some(known) if !question.is_answered => known,
        None if !question.is_answered => return None,
        _ => (question.fingerprint, question.sketch.clone()),
    };
    Some(Entry {
        id: identity.id.clone(),
        name,
        question: question.text.clone(),
        deck: question.deck.clone(),
        topic: question.topic.clone(),
        file: question.file.clone(),
        fingerprint,
        sketch,
        created: identity.created,
        modified: identity.modified,
        removed: None,
    })
}

/// Says which pairs rest on weak evidence, and which were not made.
fn report(
    facts: &[Facts],
    entries: &[Entry],
    matching: &Matching,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (question, pair) in facts.iter().zip(&matching.pairs) {
        let Some((at, Evidence::Near)) = pair else { continue };
        let Entry { id, question: old, .. } = &entries[*at];
        let message = "this question is taken for an earlier one that was reworded";
        diagnostics.push(
            Diagnostic::new(Code::NearMatch, question.span, message)
                .label(format!("was: {old}"))
                .help(format!(
                    "if it is, `deckpress check --fix` writes its id, `{{#{id}}}`; if it is a new \
                     question, give it an id of its own"
                ))
                .fix(write_id(question, id)),
        );
    }
    for (question, candidates) in &matching.ambiguous {
        let question = &facts[*question];
        let list: Vec<String> = candidates
            .iter()
            .map(|&at| format!("`{{#{}}}` was: {}", entries[at].id, entries[at].question))
            .collect();
        let message = "several earlier questions are equally near to this one";
        diagnostics.push(
            Diagnostic::new(Code::AmbiguousMatch, question.span, message)
                .label("taken for a new question")
                .help(format!("if it is one of them, write its id: {}", list.join("; "))),
        );
    }
}

fn write_id(question: &Facts, id: &str) -> Fix {
    let (at, has_braces) = question.id_place;
    let text = if has_braces { format!("#{id} ") } else { format!(" {{#{id}}}") };
    Fix { span: Span::new(question.span.file, at..at), text }
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
fn date(seconds: i64) -> String {
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

#[cfg(test)]
mod tests;
