//! The targets `json` and `jsonl`: a record per question, whose Markdown is taken as it is.

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use super::model::Collection;
use super::questions::{self, Question};
use crate::model::CardKind;

/// The newest version of the format that is known.
const VERSION: u32 = 1;

#[derive(Deserialize)]
struct Library {
    version: u32,
    notes: Vec<Record>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Record {
    id: String,
    deck: String,
    topic: Vec<String>,
    tags: Vec<String>,
    lang: Option<String>,
    dir: Option<String>,
    kind: String,
    cards: Vec<String>,
    question: Forms,
    qualifier: Option<String>,
    answer: Forms,
    key_points: Vec<Forms>,
    extra: Vec<Extra>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Forms {
    markdown: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Extra {
    label: Option<String>,
    markdown: String,
}

/// Reads a file of one object, or of one per line.
///
/// # Errors
/// If it is damaged, or of a newer version.
pub fn read(text: &str) -> Result<Collection> {
    let text = text.trim_start_matches('\u{feff}');
    let records = match serde_json::from_str::<Library>(text) {
        Ok(library) => {
            ensure!(
                library.version <= VERSION,
                "it is of version {} of this format, which is newer than this deckpress",
                library.version
            );
            library.notes
        }
        Err(error) if is_whole(text) => return Err(error).context("it is damaged"),
        Err(_) => {
            let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
            let record = |(number, line): (usize, &str)| {
                serde_json::from_str(line).with_context(|| format!("its line {number} is damaged"))
            };
            lines.map(record).collect::<Result<_>>()?
        }
    };
    Ok(questions::collect(records.into_iter().map(question).collect(), true))
}

/// Returns whether a text is a single object over several lines, or names itself a whole library.
fn is_whole(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or_default();
    first.trim_end() == "{" || first.trim_start().starts_with("{\"version\"")
}

fn question(record: Record) -> Question {
    let is_hint =
        |extra: &Extra| extra.label.as_deref().is_some_and(|it| it.eq_ignore_ascii_case("hint"));
    let (hints, others): (Vec<Extra>, Vec<Extra>) = record.extra.into_iter().partition(is_hint);
    let hints: Vec<String> = hints.into_iter().map(|hint| hint.markdown).collect();
    let point = |point: &Forms| format!("- {}", point.markdown.trim().replace('\n', "\n  "));
    // The text itself says where there are options to tick.
    let asked = [CardKind::Reverse, CardKind::Type, CardKind::Recall];
    let kinds = record.cards.iter().filter_map(|name| CardKind::of_class(name));
    let classes = kinds.filter(|(kind, wish)| *wish && asked.contains(kind));
    let classes = classes.map(|(kind, _)| format!(".{}", kind.name()));
    let lang = record.lang.map(|lang| format!("lang={lang}"));
    let dir = record.dir.map(|dir| format!("dir={dir}"));
    Question {
        id: record.id,
        deck: std::iter::once(record.deck).chain(record.topic).collect(),
        tags: record.tags,
        has_gaps: record.kind == "cloze",
        attributes: classes.chain(lang).chain(dir).collect(),
        prompt: record.question.markdown,
        qualifier: record.qualifier.unwrap_or_default(),
        answer: record.answer.markdown,
        key_points: record.key_points.iter().map(point).collect::<Vec<_>>().join("\n"),
        hint: hints.join("\n\n"),
        extra: others
            .into_iter()
            .map(|extra| (extra.label.unwrap_or_else(|| "More".to_owned()), extra.markdown))
            .collect(),
    }
}
