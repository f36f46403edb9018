//! Who a question is, in every format and for years.
//!
//! One id stands for a question everywhere: the Anki GUID, the `ID` field, the column in a CSV,
//! the heading attribute in a Markdown deck, the key in the lock. A new id is derived from what
//! the question says, so an unedited question has the same id even where the lock is lost; the
//! lock keeps it while the words change.
//!
//! In reading order: [`facts`] are what is known of a question, [`fingerprint`] says whether a note
//! changed, [`sketch`] what its answer was like, and [`lock`] remembers both. [`matching`] finds
//! today's questions in the lock, by `evidence` from `words` whose `rarity` in the bank says how
//! much each of them weighs, and from their `place`. [`numbering`] keeps the numbers of cards
//! (`rewording` says which text is which), and [`plan`] says what all that means for a learner.
//! Time comes in as a value, and nothing is written here.

pub mod alike;
mod assign;
pub mod base32;
mod evidence;
mod facts;
pub mod fingerprint;
mod forms;
pub mod lock;
pub mod matching;
mod note_types;
pub mod numbering;
pub mod pairing;
mod place;
pub mod plan;
mod rarity;
mod reading;
pub mod reasons;
mod rewording;
pub mod sketch;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::config::{Highlights, NoteType};
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::markdown;
use crate::model::{CardKind, Deck, Library, Question, Topic};
use crate::source::Span;
use assign::Assigner;
pub use assign::derive;
pub use facts::{QuestionFacts, facts, renew_fingerprints};
use lock::{Entry, Former, Lock, NumberedNote};
use matching::Matching;
use pairing::{Basis, Pair};
use plan::Plan;

/// A question with its identity.
#[derive(Clone, Debug)]
pub struct Note<'b> {
    /// Its id.
    pub id: &'b str,
    /// The GUID of its note in Anki.
    pub guid: &'b str,
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
    /// Its cloze note, which it has in place of the usual one.
    pub cloze: Option<&'b NumberedNote>,
    /// Its recall list, which it has beside the usual note.
    pub recall: Option<&'b NumberedNote>,
}

impl Note<'_> {
    /// Returns how many cards Anki makes of it.
    #[must_use]
    pub fn cards(&self) -> usize {
        if self.question.note_type.is_some() {
            return self.question.own_cards.len();
        }
        let usual = 1 + usize::from(self.question.makes(CardKind::Reverse));
        let of = |series: &NumberedNote| series.cards().len();
        self.cloze.map_or(usual, of) + self.recall.map_or(0, of)
    }
}

/// Returns the id of a question's cloze note, as Anki never lets a note change its type.
#[must_use]
pub fn cloze_id(id: &str) -> String {
    format!("{id}+cloze")
}

/// Returns the id of a question's recall list.
#[must_use]
pub fn recall_id(id: &str) -> String {
    format!("{id}+recall")
}

/// When, and how, identities are given.
#[derive(Clone, Copy, Debug)]
pub struct IdentityOptions<'m> {
    /// Seconds since 1970.
    pub now: i64,
    /// The namespace of new ids, if it is not the deck's title.
    pub namespace: Option<&'m str>,
    /// Counts every note as changed.
    pub refresh: bool,
    /// How highlights become gaps.
    pub highlights: Highlights,
    /// A hash of the author's own style sheet, if there is one.
    pub style: Option<&'m str>,
    /// The note types of the author's own.
    pub note_types: &'m [NoteType],
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
    /// The GUID of its note in Anki, if that is not made of the id.
    pub guid: Option<String>,
    /// Milliseconds since 1970.
    pub created: i64,
    /// Seconds since 1970.
    pub modified: i64,
    /// What the note of question and answer last showed, while there is none.
    pub shown: Option<String>,
    /// Its cloze note, if it ever had one.
    pub cloze: Option<Box<NumberedNote>>,
    /// Its recall list, if it ever had one.
    pub recall: Option<Box<NumberedNote>>,
}

/// Gives every question its identity. Without a lock every question is new.
#[must_use]
pub fn identify<'i>(
    facts: &'i [QuestionFacts<'i>],
    old: &'i Lock,
    options: IdentityOptions<'i>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Identities {
    let today = assign::date(options.now);
    let matching = matching::pair(facts, &old.entries, &today);
    let mut giver = Assigner::new(facts, old, options);
    let earlier = |pair: &Option<Pair>| pair.map(|pair| &old.entries[pair.entry]);
    let pairs = facts.iter().zip(&matching.pairs);
    let of = pairs.map(|(question, pair)| giver.identity(question, earlier(pair)));
    let of: Vec<Identity> = of.collect();
    let known = facts.par_iter().zip(&matching.pairs).zip(&of);
    let entries = known.flat_map_iter(|((question, pair), identity)| {
        let basis = pair.map(|pair| pair.basis);
        remember(question, earlier(pair), basis, identity)
    });
    let used: BTreeSet<&str> = facts.iter().filter_map(|question| question.note_type).collect();
    let note_types = note_types::freeze(
        options.note_types,
        &old.note_types,
        |note_type| used.contains(note_type.name.as_str()),
        (options.namespace, options.now),
        diagnostics,
    );
    let mut lock = Lock {
        style: giver.style(old.style.as_ref()),
        entries: entries.collect(),
        note_types,
        rest: old.rest.clone(),
        others: old.others.clone(),
        is_old: false,
    };
    let mut seen = vec![false; old.entries.len()];
    matching.pairs.iter().flatten().for_each(|pair| seen[pair.entry] = true);
    let gone = old.entries.iter().zip(seen).filter(|(_, seen)| !seen);
    let new = facts.iter().filter(|question| question.wants_new_id);
    let declined: BTreeSet<&str> = new.map(|question| question.text.as_str()).collect();
    lock.entries.extend(gone.map(|(entry, _)| retire(entry, &today, &declined)));
    diagnostics.append(&mut giver.diagnostics);
    let open = open_pairs(facts, &lock, &of);
    report(facts, old, &matching, &of, &open, diagnostics);
    report_other_types(facts, old, &matching, diagnostics);
    let plan = plan::of(facts, &matching, old, &lock, &of, &open);
    Identities { of, lock, plan }
}

/// Returns the questions whose pair nobody has confirmed, each with how it read before.
fn open_pairs<'l>(
    facts: &[QuestionFacts<'_>],
    lock: &'l Lock,
    identities: &[Identity],
) -> Vec<(usize, &'l Former)> {
    let lines = lock.entries.iter().filter_map(|entry| Some((&*entry.id, entry.open.as_deref()?)));
    let lines: BTreeMap<&str, &Former> = lines.collect();
    let known = identities.iter().enumerate().filter(|(at, _)| facts[*at].is_answered);
    known.filter_map(|(at, identity)| Some((at, *lines.get(&*identity.id)?))).collect()
}

/// Returns the line of a question that is no longer there. If its last words came by a pair that
/// its author has declined with `{id=new}`, the words before are restored.
fn retire(entry: &Entry, today: &str, declined: &BTreeSet<&str>) -> Entry {
    let removed = Some(entry.removed.clone().unwrap_or_else(|| today.to_owned()));
    let former = entry.open.as_deref().filter(|_| declined.contains(entry.question.as_str()));
    let Some(Former { question, fingerprint, sketch }) = former.cloned() else {
        return Entry { removed, ..entry.clone() };
    };
    Entry { removed, question, fingerprint, sketch, open: None, ..entry.clone() }
}

/// Returns every question that reaches the outputs, with its identity.
#[must_use]
pub fn notes<'b>(library: &'b Library, identities: &'b Identities) -> Vec<Note<'b>> {
    let questions = library.questions().zip(&identities.of);
    let answered = questions.filter(|((_, _, question), _)| question.is_shown());
    let note = |((deck, topic, question), identity): ((_, _, &'b Question), &'b Identity)| {
        let Identity { id, guid, created, modified, cloze, recall, .. } = identity;
        let cloze = cloze.as_deref().filter(|_| question.makes(CardKind::Cloze));
        let recall = recall.as_deref().filter(|_| question.makes(CardKind::Recall));
        let (created, modified) = (*created, *modified);
        let guid = guid.as_ref().unwrap_or(id);
        Note { id, guid, created, modified, deck, topic, question, cloze, recall }
    };
    answered.map(note).collect()
}

/// Reports questions that share an id that their authors wrote.
pub fn duplicate_ids(library: &Library, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for (_, _, question) in library.questions() {
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

/// Returns the line of the lock for a question.
///
/// A question that has lost its answer keeps its line as it was, since learners still have it; a
/// new one without an answer has none yet.
fn remember(
    question: &QuestionFacts<'_>,
    entry: Option<&Entry>,
    basis: Option<Basis>,
    identity: &Identity,
) -> Option<Entry> {
    if !question.is_answered {
        return entry.map(|entry| Entry { removed: None, ..entry.clone() });
    }
    Some(line(question, entry, basis, identity))
}

/// Returns the line that a question gets without regard to whether it is answered.
fn line(
    question: &QuestionFacts<'_>,
    entry: Option<&Entry>,
    basis: Option<Basis>,
    identity: &Identity,
) -> Entry {
    let name = question.explicit.map(str::to_owned);
    Entry {
        id: identity.id.clone(),
        name,
        guid: entry.and_then(|entry| entry.guid.clone()),
        note_type: question.note_type.map(str::to_owned),
        cards: question.own_cards.clone(),
        nid: entry.and_then(|entry| entry.nid),
        question: question.text.clone(),
        deck: question.deck.to_owned(),
        topic: question.topic.to_vec(),
        file: question.file.to_owned(),
        fingerprint: question.fingerprint,
        sketch: question.sketch.clone(),
        created: identity.created,
        modified: identity.modified,
        shown: identity.shown.clone(),
        kinds: question.kinds.clone(),
        cloze: identity.cloze.clone(),
        recall: identity.recall.clone(),
        open: entry.zip(basis).and_then(|(entry, basis)| former(entry, basis)),
        renewed: question.wants_new_id || entry.is_some_and(|entry| entry.renewed),
        removed: None,
        rest: entry.map(|entry| entry.rest.clone()).unwrap_or_default(),
    }
}

/// Returns the line of a question that no lock knows, whether it is answered or not: a note that is
/// taken over has its GUID before somebody writes its answer.
#[must_use]
pub fn first_line(question: &QuestionFacts<'_>, identity: &Identity) -> Entry {
    line(question, None, None, identity)
}

/// Returns how a question read when its pair was last certain, if that needs to be confirmed.
fn former(entry: &Entry, basis: Basis) -> Option<Box<Former>> {
    match basis {
        Basis::Id | Basis::FormerWords => None,
        Basis::SameWords | Basis::Unique => entry.open.clone(),
        Basis::Evidence => entry.open.clone().or_else(|| {
            let Entry { question, fingerprint, sketch, .. } = entry.clone();
            Some(Box::new(Former { question, fingerprint, sketch }))
        }),
    }
}

/// Says which pairs are not confirmed, which were not made, and where an id was written that
/// another question has.
fn report(
    facts: &[QuestionFacts<'_>],
    old: &Lock,
    matching: &Matching,
    identities: &[Identity],
    open: &[(usize, &Former)],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for &(at, former) in open {
        let (question, identity) = (&facts[at], &identities[at]);
        let message = "this question is taken for an earlier one that read otherwise";
        diagnostics.push(
            Diagnostic::new(Code::NearMatch, question.span, message)
                .label(format!("was: {}", former.question.replace('\n', " ")))
                .help(format!(
                    "if it is, `deckpress lock accept {0}` or `deckpress check --fix`, which writes \
                     `{{#{0}}}`, confirms it; if it is a new question, write `{{id=new}}`",
                    identity.id
                ))
                .fix(write_id(question, &identity.id)),
        );
    }
    for (question, candidates) in &matching.doubts {
        let question = &facts[*question];
        let list: Vec<String> = candidates
            .iter()
            .map(|&at| &old.entries[at])
            .map(|entry| format!("`{{#{}}}` was: {}", entry.id, entry.question.replace('\n', " ")))
            .collect();
        let message = "this question may be an earlier one that is gone";
        diagnostics.push(
            Diagnostic::new(Code::AmbiguousMatch, question.span, message)
                .label("taken for a new question")
                .help(format!("if it is the earlier one, write its id: {}", list.join("; "))),
        );
    }
    for &(question, back) in &matching.displaced {
        let message = "this question was taken for an earlier one, which is back";
        diagnostics.push(
            Diagnostic::new(Code::AmbiguousMatch, facts[question].span, message)
                .label("a new question now"),
        );
        let message = "this question is back, and has its id again";
        diagnostics.push(
            Diagnostic::new(Code::AmbiguousMatch, facts[back].span, message)
                .label("another one was taken for it"),
        );
    }
    for &(by_id, by_words) in &matching.conflicts {
        let (by_id, by_words) = (&facts[by_id], &facts[by_words]);
        let message = "this id belongs to a question that still stands with its own words";
        diagnostics.push(
            Diagnostic::new(Code::DuplicateId, by_id.span, message)
                .label("written here")
                .related(by_words.span, "the question that has it")
                .help("take the id away, or give this question one of its own"),
        );
    }
}

/// Says which questions fill another note type than before, once for all that do the same: Anki
/// updates no note whose type is another.
fn report_other_types(
    facts: &[QuestionFacts<'_>],
    old: &Lock,
    matching: &Matching,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut changes: BTreeMap<(&str, &str), (Span, usize)> = BTreeMap::new();
    for (question, pair) in facts.iter().zip(&matching.pairs) {
        let Some(pair) = pair.filter(|_| question.is_answered) else { continue };
        let entry = &old.entries[pair.entry];
        if question.has_type_of(entry) {
            continue;
        }
        let before = entry.note_type.as_deref().unwrap_or(OURS);
        let now = question.note_type.unwrap_or(OURS);
        changes.entry((before, now)).or_insert((question.span, 0)).1 += 1;
    }
    for ((before, now), (span, count)) in changes {
        let message = match count {
            1 => format!("this note was of the type `{before}` and is of the type `{now}` now"),
            _ => format!(
                "this note, and {} more, were of the type `{before}` and are of the type `{now}` now",
                count - 1
            ),
        };
        let mut problem = Diagnostic::new(Code::NoteTypeChanged, span, message)
            .label("Anki does not update it as it is")
            .help(
                "select it in Anki's browser, Notes ▸ Change Note Type, and import with *Update \
                 notes: Always* once; or write `{id=new}` for a new note beside the old one",
            );
        problem.soften();
        diagnostics.push(problem);
    }
}

/// What our own note types are called where an author has others.
const OURS: &str = "Deckpress Q&A";

fn write_id(question: &QuestionFacts<'_>, id: &str) -> Fix {
    let (span, has_braces) = question.id_place;
    let text = if has_braces { format!("#{id} ") } else { format!(" {{#{id}}}") };
    Fix { span, text }
}

#[cfg(test)]
mod tests;
