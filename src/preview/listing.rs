//! The list of all questions, for the left side of the page.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::problems::{Beginnings, problem};
use super::{Shown, State, frame};
use crate::compile::Compiled;
use crate::diagnostic::{Diagnostic, Severity};
use crate::identity::plan::{Item, Plan};

/// What has changed of a question, by its id.
pub(super) type Marks<'p> = BTreeMap<&'p str, Vec<&'static str>>;

/// Returns what has changed of each question since the last build.
pub(super) fn marks<'p>(plan: &'p Plan) -> Marks<'p> {
    let mut marks = Marks::new();
    let mut add = |item: &'p Item, mark| marks.entry(&*item.id).or_default().push(mark);
    plan.added.iter().for_each(|item| add(item, "new"));
    plan.revived.iter().for_each(|item| add(item, "back"));
    plan.reworded.iter().for_each(|(item, _)| add(item, "reworded"));
    plan.changed.iter().for_each(|(item, _)| add(item, "changed"));
    plan.moved.iter().for_each(|(item, ..)| add(item, "moved"));
    plan.open.iter().for_each(|(item, ..)| add(item, "open"));
    marks
}

/// Returns the list, with what is wrong and belongs to no question.
pub(super) fn list(state: &State, origin: &str) -> Value {
    let mut answer = json!({ "version": state.version, "unreadable": state.unreadable });
    let Some(shown) = &state.shown else { return answer };
    let compiled = &shown.compiled;
    let beginnings = Beginnings::of(compiled);
    let mut severities: BTreeMap<usize, Severity> = BTreeMap::new();
    let mut general = Vec::new();
    for found in &compiled.diagnostics {
        match beginnings.question_at(found.span) {
            Some(at) => {
                let known = severities.entry(at).or_insert(found.severity);
                *known = (*known).min(found.severity);
            }
            None => general.push(problem(&compiled.sources, found)),
        }
    }
    answer["decks"] = decks(compiled, &severities);
    answer["retired"] = retired(&compiled.identities.plan);
    answer["problems"] = json!(general);
    answer["errors"] = json!(errors(state));
    answer["counts"] = counts(compiled);
    answer["frame"] = json!(frame::head(origin));
    answer["css"] = json!(frame::css(compiled));
    answer
}

/// Returns the errors that keep the present state from being shown.
fn errors(state: &State) -> Vec<Value> {
    let failing = state.failing.as_deref();
    let of = |Shown { compiled, .. }: &Shown| {
        let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
        let errors = compiled.diagnostics.iter().filter(is_error);
        errors.map(|found| problem(&compiled.sources, found)).collect::<Vec<_>>()
    };
    failing.map(of).unwrap_or_default()
}

fn counts(compiled: &Compiled) -> Value {
    let counts = compiled.counts();
    let plan = compiled.identities.plan.counts().into_iter().filter(|(_, count)| *count > 0);
    let plan: BTreeMap<&str, usize> = plan.collect();
    json!({ "questions": counts.questions, "cards": counts.cards, "plan": plan })
}

fn retired(plan: &Plan) -> Value {
    json!(plan.retired.iter().map(|item| json!([item.id, item.question])).collect::<Vec<_>>())
}

/// Returns decks, topics and questions; a question is its id, its text, its marks, and how bad
/// what is wrong with it is.
fn decks(compiled: &Compiled, severities: &BTreeMap<usize, Severity>) -> Value {
    let marks = marks(&compiled.identities.plan);
    let entries = compiled.identities.lock.entries.iter();
    let texts: BTreeMap<&str, &str> =
        entries.map(|entry| (entry.id.as_str(), entry.question.as_str())).collect();
    let context = compiled.context();
    let mut identities = compiled.identities.of.iter().enumerate();
    let mut decks = Vec::new();
    for deck in &compiled.library.decks {
        let mut topics = Vec::new();
        for topic in &deck.topics {
            let questions = topic.questions.iter().zip(&mut identities);
            let rows = questions.map(|(question, (at, identity))| {
                let id = identity.id.as_str();
                let text = texts.get(id).map_or_else(
                    || {
                        let parts = question.prompt.iter().map(|body| context.plain_text(body));
                        parts.collect::<Vec<_>>().join(" ")
                    },
                    |text| (*text).to_owned(),
                );
                let marks = marks.get(id).cloned().unwrap_or_default();
                let severity = severities.get(&at).map(|severity| severity.name());
                json!([id, text, marks, severity])
            });
            topics.push(json!({ "path": topic.path, "questions": rows.collect::<Vec<_>>() }));
        }
        decks.push(json!({ "title": deck.title, "topics": topics }));
    }
    json!(decks)
}
