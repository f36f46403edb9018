//! The list of all questions, for the left side of the page.
//!
//! It may be long, and an edit changes little of it. So a page that has the list of the version
//! before gets only the topics that are others now.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::problems::{QuestionStarts, problem};
use super::{Shown, State, frame};
use crate::compile::Compiled;
use crate::diagnostic::{Diagnostic, Severity};
use crate::identity::plan::{Item, Plan};

/// Decks, topics and questions.
#[derive(Debug)]
pub(super) struct Listing {
    /// The titles of the decks, each with how many topics it has.
    decks: Vec<(String, usize)>,
    /// The topics of all decks, as the page gets them.
    topics: Vec<String>,
}

impl Listing {
    /// Makes the list of what was compiled.
    pub(super) fn of(compiled: &Compiled, beginnings: &QuestionStarts) -> Self {
        let severities = severities(compiled, beginnings);
        let marks = marks(&compiled.identities.plan);
        let entries = compiled.identities.lock.entries.iter();
        let texts: BTreeMap<&str, &str> =
            entries.map(|entry| (entry.id.as_str(), entry.question.as_str())).collect();
        let context = compiled.context();
        let mut identities = compiled.identities.of.iter().enumerate();
        let mut listing = Self { decks: Vec::new(), topics: Vec::new() };
        for deck in &compiled.library.decks {
            listing.decks.push((deck.title.clone(), deck.topics.len()));
            for topic in &deck.topics {
                let questions = topic.questions.iter().zip(&mut identities);
                let rows = questions.map(|(question, (at, identity))| {
                    let id = identity.id.as_str();
                    let text = texts.get(id).map_or_else(
                        || {
                            let parts = question.prompt.iter().map(|body| context.plain_text(body));
                            Cow::Owned(parts.collect::<Vec<_>>().join(" "))
                        },
                        |text| Cow::Borrowed(*text),
                    );
                    let marks = marks.get(id).map_or(&[][..], |marks| marks);
                    let severity = severities.get(&at).map(|severity| severity.name());
                    Row(id, text, marks, severity)
                });
                let topic = Topic { path: &topic.path, questions: rows.collect() };
                listing.topics.push(serde_json::to_string(&topic).unwrap_or_default());
            }
        }
        listing
    }

    /// Returns the decks as JSON. A topic that `earlier` has, too, is its number there.
    fn to_json(&self, earlier: Option<&Listing>) -> Box<RawValue> {
        let topics = earlier.iter().flat_map(|earlier| &earlier.topics).enumerate();
        let known: BTreeMap<&str, usize> = topics.map(|(at, topic)| (&**topic, at)).collect();
        let short = |topic: &String| match known.get(&**topic) {
            Some(at) => at.to_string(),
            None => topic.clone(),
        };
        let mut topics = self.topics.iter();
        let decks = self.decks.iter().map(|(title, count)| {
            let topics: Vec<String> = topics.by_ref().take(*count).map(short).collect();
            format!("{{\"title\":{},\"topics\":[{}]}}", json!(title), topics.join(","))
        });
        let decks = decks.collect::<Vec<_>>().join(",");
        RawValue::from_string(format!("[{decks}]")).unwrap_or_default()
    }
}

/// A topic with its questions.
#[derive(Serialize)]
struct Topic<'t> {
    path: &'t [String],
    questions: Vec<Row<'t>>,
}

/// A question: its id, its text, its marks, and how bad what is wrong with it is.
#[derive(Serialize)]
struct Row<'t>(&'t str, Cow<'t, str>, &'t [&'static str], Option<&'static str>);

/// What has changed of a question, by its id.
type Marks<'p> = BTreeMap<&'p str, Vec<&'static str>>;

/// Returns what has changed of each question since the last build.
fn marks<'p>(plan: &'p Plan) -> Marks<'p> {
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

/// What the page gets.
#[derive(Serialize)]
pub(super) struct List<'l> {
    version: u64,
    unreadable: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decks: Option<Box<RawValue>>,
    #[serde(flatten)]
    rest: Option<Value>,
    editor: Value,
}

/// Returns the list, with what is wrong and belongs to no question, for a page that has that of
/// the version `after`.
pub(super) fn list<'l>(
    state: &'l State,
    origin: &str,
    editor: Value,
    after: Option<u64>,
) -> List<'l> {
    let shown = state.shown.as_deref();
    let earlier = state.listed.as_ref().filter(|(version, _)| Some(*version) == after);
    let earlier = earlier.map(|(_, earlier)| &**earlier);
    List {
        version: state.version,
        unreadable: state.unreadable.as_deref(),
        decks: shown.map(|shown| shown.listing().to_json(earlier)),
        rest: shown.map(|shown| rest(state, shown, origin)),
        editor,
    }
}

fn rest(state: &State, shown: &Shown, origin: &str) -> Value {
    let Shown { compiled, .. } = shown;
    let is_general = |found: &&Diagnostic| shown.beginnings().question_at(found.span).is_none();
    let general = compiled.diagnostics.iter().filter(is_general);
    json!({
        "retired": retired(&compiled.identities.plan),
        "problems": general.map(|found| problem(&compiled.sources, found)).collect::<Vec<_>>(),
        "errors": errors(state),
        "counts": counts(compiled),
        "frame": frame::head(origin),
    })
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

/// Returns how bad what is wrong with each question is, by its number.
fn severities(compiled: &Compiled, beginnings: &QuestionStarts) -> BTreeMap<usize, Severity> {
    let mut severities: BTreeMap<usize, Severity> = BTreeMap::new();
    for found in &compiled.diagnostics {
        if let Some(at) = beginnings.question_at(found.span) {
            let known = severities.entry(at).or_insert(found.severity);
            *known = (*known).min(found.severity);
        }
    }
    severities
}
