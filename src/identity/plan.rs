//! What a build means for a learner, before it is written.
//!
//! An import into Anki adds and updates notes; it never deletes one and never moves a card. What
//! it cannot do, a learner can in Anki's browser, so the plan has ready-made searches for that.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::lock::{Entry, Former, Lock, NumberedNote};
use super::matching::Matching;
use super::reasons::{self, Reasons};
use super::{Identity, QuestionFacts, cloze_id, recall_id};
use crate::model::CardKind;
use crate::slug::deck_name;
use crate::source::Span;

/// What has changed since the lock was written.
#[derive(Debug, Default)]
pub struct Plan {
    /// New questions.
    pub added: Vec<Item>,
    /// Questions that ask the same in other words, with the old ones.
    pub reworded: Vec<(Item, String)>,
    /// Questions of which something else changed, with the names of what.
    pub changed: Vec<(Item, Vec<&'static str>)>,
    /// Questions whose cards belong into another deck, with the old and the new one.
    pub moved: Vec<(Item, String, String)>,
    /// Questions that were paired by evidence and not confirmed, with how they read before and the
    /// words that decided.
    pub open: Vec<(Item, String, Reasons)>,
    /// Questions that were taken out.
    pub retired: Vec<Item>,
    /// Questions that were taken out before this.
    pub retired_before: Vec<Item>,
    /// Questions that are there again.
    pub revived: Vec<Item>,
    /// Questions that no longer make one of their notes, with what that note asks.
    pub unmade: Vec<(Item, &'static str)>,
    /// Notes that stay, with those of their cards that are no longer made.
    pub blank: Vec<(Item, Vec<Blank>)>,
    /// Questions that a learner will not notice.
    pub unchanged: usize,
    /// Whether the lock must be written.
    pub writes_lock: bool,
}

/// A question in a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// The ids of its notes in Anki.
    pub notes: Vec<String>,
    /// What it asks.
    pub question: String,
    /// Where it stands, unless it was taken out.
    #[serde(skip)]
    pub span: Option<Span>,
}

/// A card that is no longer made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blank {
    /// Its number in its note.
    pub number: u16,
    /// What it asked for; `None` of a reverse card, which asked for the question.
    pub text: Option<String>,
}

impl Plan {
    /// Returns the plan of a build that changes nothing.
    #[must_use]
    pub fn settled(lock: &Lock) -> Self {
        let (removed, kept): (Vec<&Entry>, Vec<&Entry>) =
            lock.entries.iter().partition(|entry| entry.removed.is_some());
        let retired_before = removed.into_iter().map(retired).collect();
        Self { unchanged: kept.len(), retired_before, ..Self::default() }
    }

    /// Returns whether a learner would notice anything, or the lock would.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.writes_lock
    }

    /// Returns how many notes an import would update.
    #[must_use]
    pub fn counts(&self) -> [(&'static str, usize); 7] {
        [
            ("added", self.added.len()),
            ("reworded", self.reworded.len()),
            ("changed", self.changed.len()),
            ("moved", self.moved.len()),
            ("retired", self.retired.len()),
            ("revived", self.revived.len()),
            ("unchanged", self.unchanged),
        ]
    }

    /// Per deck that cards must be moved to, the search that finds them in Anki's browser.
    #[must_use]
    pub fn moves(&self) -> BTreeMap<&str, String> {
        let mut decks: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
        for (item, _, to) in &self.moved {
            decks.entry(to).or_default().push(item);
        }
        decks.into_iter().map(|(deck, items)| (deck, search(items.into_iter()))).collect()
    }

    /// Returns the search that finds every note that was taken out and not forgotten.
    #[must_use]
    pub fn retired_search(&self) -> Option<String> {
        let mut all = self.retired.iter().chain(&self.retired_before).peekable();
        all.peek()?;
        Some(search(all))
    }

    /// Returns the search that finds every note that questions no longer make.
    #[must_use]
    pub fn unmade_search(&self) -> Option<String> {
        let items = || self.unmade.iter().map(|(item, _)| item);
        (!self.unmade.is_empty()).then(|| search(items()))
    }

    /// Returns how many cards of notes that stay are no longer made.
    #[must_use]
    pub fn blank_cards(&self) -> usize {
        self.blank.iter().map(|(_, cards)| cards.len()).sum()
    }
}

/// Begins the name of a note that is searched by its id in the collection.
const NOTE_ID: &str = "nid:";

/// Returns a search for Anki's browser that finds exactly these notes, by their `ID` field; those of
/// the author's own note types, by the id that they were made with.
fn search<'i>(items: impl Iterator<Item = &'i Item>) -> String {
    let term = |id: &String| {
        if id.starts_with(NOTE_ID) {
            return id.clone();
        }
        // An underscore would stand for any character.
        let id = id.replace('_', "\\_").replace(':', "\\:");
        format!("ID:{id}")
    };
    items.flat_map(|item| &item.notes).map(term).collect::<Vec<_>>().join(" OR ")
}

/// Compares today's questions with the lock.
pub(super) fn of(
    facts: &[QuestionFacts<'_>],
    matching: &Matching,
    old: &Lock,
    new: &Lock,
    identities: &[Identity],
    open: &[(usize, &Former)],
) -> Plan {
    let mut plan = Plan { writes_lock: old != new, ..Plan::default() };
    plan.open = open_pairs(facts, identities, open);
    for ((question, pair), identity) in facts.iter().zip(&matching.pairs).zip(identities) {
        let entry = pair.map(|pair| &old.entries[pair.entry]);
        let item = Item {
            id: identity.id.clone(),
            notes: entry.map_or_else(Vec::new, notes),
            question: question.text.clone(),
            span: Some(question.span),
        };
        match entry {
            None if question.is_answered => plan.added.push(item),
            None => {}
            Some(entry) => compare(&mut plan, question, entry, identity, &item),
        }
    }
    let removed = old.entries.iter().filter(|entry| entry.removed.is_some());
    let removed: BTreeSet<&str> = removed.map(|entry| entry.id.as_str()).collect();
    for entry in new.entries.iter().filter(|entry| entry.removed.is_some()) {
        let is_old = removed.contains(entry.id.as_str());
        let list = if is_old { &mut plan.retired_before } else { &mut plan.retired };
        list.push(retired(entry));
    }
    plan
}

/// Returns the pairs that nobody has confirmed, with the words that decided.
fn open_pairs(
    facts: &[QuestionFacts<'_>],
    identities: &[Identity],
    open: &[(usize, &Former)],
) -> Vec<(Item, String, Reasons)> {
    let pair = |&(at, former): &(usize, &Former)| {
        let (question, id) = (&facts[at], identities[at].id.clone());
        let reasons = reasons::explain(question, former);
        let (text, span) = (question.text.clone(), Some(question.span));
        let item = Item { notes: vec![id.clone()], id, question: text, span };
        (item, former.question.clone(), reasons)
    };
    open.iter().map(pair).collect()
}

fn retired(entry: &Entry) -> Item {
    let (id, question) = (entry.id.clone(), entry.question.clone());
    Item { id, notes: notes(entry), question, span: None }
}

/// Returns the ids of the notes that a learner may have of a question.
pub(crate) fn notes(entry: &Entry) -> Vec<String> {
    let id = &entry.id;
    if entry.note_type.is_some() {
        // Only our own note types have an `ID` field. The id of the note is what it was made with.
        return vec![format!("{NOTE_ID}{}", entry.nid.unwrap_or(entry.created))];
    }
    let cloze = entry.cloze.as_ref().map(|_| cloze_id(id));
    let recall = entry.recall.as_ref().map(|_| recall_id(id));
    [Some(id.clone()), cloze, recall].into_iter().flatten().collect()
}

/// The number of the reverse card: its template is the second one.
const REVERSE: u16 = 2;

/// Says which notes and cards a question no longer makes.
fn compare_kinds(
    plan: &mut Plan,
    question: &QuestionFacts<'_>,
    entry: &Entry,
    identity: &Identity,
    item: &Item,
) {
    let made = |kind| (entry.kinds.contains(&kind), question.kinds.contains(&kind));
    let mut unmade = |note: String, what| {
        plan.unmade.push((Item { notes: vec![note], ..item.clone() }, what));
    };
    let mut blank = blank_templates(question, entry);
    if made(CardKind::Reverse) == (true, false) {
        blank.push(Blank { number: REVERSE, text: None });
    }
    match made(CardKind::Cloze) {
        (false, true) => {
            unmade(entry.id.clone(), "question and answer");
            blank.clear();
        }
        (true, false) => unmade(cloze_id(&entry.id), "cloze"),
        _ => {}
    }
    if made(CardKind::Recall) == (true, false) {
        unmade(recall_id(&entry.id), "recall list");
    }
    for (kind, before, now) in [
        (CardKind::Cloze, &entry.cloze, &identity.cloze),
        (CardKind::Recall, &entry.recall, &identity.recall),
    ] {
        // Of a list that is made again, cards may be left over from before.
        if made(kind).1
            && let (Some(before), Some(now)) = (before, now)
        {
            let numbers = before.cards().difference(&now.cards()).copied().collect::<Vec<_>>();
            let card = |number| Blank { number, text: Some(before.text_of(number)) };
            blank.extend(numbers.into_iter().map(card));
        }
    }
    if !blank.is_empty() {
        plan.blank.push((item.clone(), blank));
    }
}

/// Returns the cards that a note of the author's own type no longer makes.
fn blank_templates(question: &QuestionFacts<'_>, entry: &Entry) -> Vec<Blank> {
    if question.note_type.is_none() || !question.has_type_of(entry) {
        return Vec::new();
    }
    let gone = entry.cards.iter().filter(|ord| !question.own_cards.contains(ord));
    let blank = |ord: &u16| {
        let number = ord.saturating_add(1);
        let template = question.templates.get(usize::from(*ord)).map(|name| (*name).to_owned());
        Blank { number, text: Some(template.unwrap_or_else(|| format!("{{{{c{number}::…}}}}"))) }
    };
    gone.map(blank).collect()
}

/// Returns why a note is sent again although it shows the same.
fn change_of_cards(entry: &Entry, identity: &Identity) -> Option<&'static str> {
    let pairs = [(&entry.cloze, &identity.cloze), (&entry.recall, &identity.recall)];
    let given = |series: &Option<Box<NumberedNote>>| {
        series.iter().flat_map(|series| series.given()).collect::<Vec<_>>()
    };
    let modified =
        |series: &Option<Box<NumberedNote>>| series.as_ref().map(|series| series.modified);
    if pairs.iter().any(|(before, now)| given(before) != given(now)) {
        return Some("card numbers");
    }
    let is_sent = identity.modified != entry.modified
        || pairs.iter().any(|(before, now)| modified(before) != modified(now));
    is_sent.then_some("refreshed")
}

fn compare(
    plan: &mut Plan,
    question: &QuestionFacts<'_>,
    entry: &Entry,
    identity: &Identity,
    item: &Item,
) {
    let mut is_noticed = false;
    if entry.removed.is_some() {
        plan.revived.push(item.clone());
        is_noticed = true;
    }
    let from = deck_name(&entry.deck, &entry.topic);
    let to = deck_name(question.deck, question.topic);
    // Anki does not tell decks apart by case.
    if from.to_lowercase() != to.to_lowercase() {
        plan.moved.push((item.clone(), from, to));
        is_noticed = true;
    }
    if question.is_answered && entry.fingerprint != question.fingerprint {
        let mut changes = entry.fingerprint.changes(question.fingerprint);
        if entry.question != question.text {
            plan.reworded.push((item.clone(), entry.question.clone()));
            changes.retain(|&part| part != "question");
            is_noticed = true;
        }
        // The topic is what makes it moved.
        changes.retain(|&part| part != "topic" || entry.topic == question.topic);
        changes.extend((entry.kinds != question.kinds).then_some("card kinds"));
        changes.extend((!question.has_type_of(entry)).then_some("note type"));
        if !changes.is_empty() {
            plan.changed.push((item.clone(), changes));
            is_noticed = true;
        }
    } else if question.is_answered && !question.has_type_of(entry) {
        plan.changed.push((item.clone(), vec!["note type"]));
        is_noticed = true;
    } else if question.is_answered && entry.kinds != question.kinds {
        plan.changed.push((item.clone(), vec!["card kinds"]));
        is_noticed = true;
    } else if let Some(change) = change_of_cards(entry, identity) {
        plan.changed.push((item.clone(), vec![change]));
        is_noticed = true;
    }
    if question.is_answered {
        compare_kinds(plan, question, entry, identity, item);
    }
    plan.unchanged += usize::from(!is_noticed);
}
