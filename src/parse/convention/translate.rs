//! A foreign file, said in the native convention.
//!
//! The reading holds what belongs to questions and nothing else, each word with its place in the
//! original.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::boilerplate;
use super::candidate::{AnswerExtent, Candidate, CardBack, Row, RowKind, apart, rows};
use super::document::{Document, beside};
use super::file_context::FileContext;
use super::fold::Fold;
use super::folder_habits::FolderHabits;
use super::is_values;
use super::options;
use super::outline::{Entry, Outline};
use super::prompt::{Pieces, between_tags, is_emoji, number, undecorated, unwrapped};
use super::sections::{self, Part};
use super::single;
use super::translation::Translation;
use super::unaccounted;
use super::writer::{self, Writer};
use crate::config::Config;
use crate::model::Convention;

/// How many answers end in a line that is no part of any.
const ENOUGH: usize = 3;

/// How many such lines an answer ends in, at most.
const LAST: usize = 3;

/// Translates a file.
pub(in crate::parse) fn translate(
    doc: &Document<'_>,
    folds: &[Fold],
    outline: &Outline<'_>,
    common: &FolderHabits,
    config: &Config,
) -> Translation {
    let last = last_lines(doc, outline, common);
    let mut writer =
        Writer { source: doc.text, translation: Translation::default(), labels: Vec::new() };
    let is_choice = are_choices(doc, outline);
    let context = FileContext { text: doc.text, folds, last: &last, is_choice, config };
    if let Some(title) = outline.title {
        writer.glue("# ");
        let title = undecorated(doc.text, unwrapped(doc.text, title.title.clone()));
        writer.heading(between_tags(doc.text, title));
    }
    for entry in &outline.entries {
        match entry {
            Entry::Topic(heading, depth) => {
                writer.gap();
                writer.translation.topics.insert(writer.translation.text.len(), *depth);
                writer.glue("## ");
                let title = undecorated(doc.text, unwrapped(doc.text, heading.title.clone()));
                writer.heading(between_tags(doc.text, unhashed(doc.text, title)));
            }
            Entry::CardBack(depth) => {
                writer.gap();
                writer.translation.topics.insert(writer.translation.text.len(), depth + 1);
                writer.glue("##");
            }
            Entry::Question(mark, end) => question(&mut writer, doc, context, mark, *end),
        }
    }
    writer.translation.left.extend(outline.left.iter().cloned());
    definitions(&mut writer, doc, outline);
    writer.translation.left.sort_by_key(|(range, _)| range.start);
    let Translation { parts, left, .. } = &mut writer.translation;
    if !is_values(doc.path) {
        left.extend(unaccounted::find(doc, folds, config, parts, left));
    }
    left.sort_by_key(|(range, _)| range.start);
    writer.glue("\n");
    let is_note = |entry: &Entry<'_>| {
        let Entry::Question(mark, _) = entry else { return false };
        let AnswerExtent::Card(CardBack { head: Some(head), .. }) = &mark.extent else {
            return false;
        };
        mark.line == doc.visible(0) && doc.text[head.clone()].contains('\n')
    };
    let is_agreed = !common.asked.is_empty() || outline.entries.iter().any(is_note);
    writer.translation.is_one = is_agreed && writer.translation.questions.len() == 1;
    writer.translation
}

/// What the last lines of most answers say, if that leads elsewhere.
fn last_lines(
    doc: &Document<'_>,
    outline: &Outline<'_>,
    common: &FolderHabits,
) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = 0;
    for entry in &outline.entries {
        let Entry::Question(mark, end) = entry else { continue };
        all += 1;
        // What is all of an answer is the answer.
        let first = doc.visible(mark.line + 1);
        let lines = (first + 1..*end).rev().filter(|line| !doc.line(*line).is_empty());
        for words in lines.take(LAST).filter_map(|line| boilerplate::link_words(doc.open(line))) {
            *counts.entry(words).or_default() += 1;
        }
    }
    let shared = counts.into_iter().filter(|(_, count)| *count >= ENOUGH && count * 2 > all);
    shared.map(|(words, _)| words).chain(common.last.iter().cloned()).collect()
}

/// A title without `#`s that were meant as an ornament: `## # 1. BASICS`.
fn unhashed(text: &str, range: Range<usize>) -> Range<usize> {
    let says = &text[range.clone()];
    let shown = says.trim_start_matches(['#', ' ']);
    let is_ornament = says.starts_with("# ") && !shown.is_empty();
    if is_ornament && number(shown).is_some() { range.end - shown.len()..range.end } else { range }
}

fn question(
    writer: &mut Writer<'_>,
    doc: &Document<'_>,
    context: FileContext<'_>,
    mark: &Candidate,
    end: usize,
) {
    if let AnswerExtent::Card(CardBack { head: Some(head), .. }) = &mark.extent {
        writer.translation.left.push((head.clone(), "the head of a card"));
    }
    let below = doc.start(end);
    let is_own = |row: &Row| row.range.start < below;
    let (mut content, column) = content(doc, mark, end);
    let is_text = |piece: &&Range<usize>| {
        doc.text[(*piece).clone()].contains(|c: char| !is_emoji(c) && !c.is_whitespace())
    };
    let mut prompt: Pieces =
        mark.prompt.iter().filter(|piece| !piece.is_empty()).cloned().collect();
    if !mark.prompt.iter().any(|piece| is_text(&piece)) {
        prompt.clear();
    }
    let is_card = matches!(mark.extent, AnswerExtent::Card(_));
    let mut code = take_code(doc, &mut prompt);
    if !is_card {
        content.splice(..0, code.take());
    }
    let is_named = mark.convention == Convention::File && prompt.is_empty();
    // Behind a word and a number there may be no more than remarks.
    let is_remark = matches!(mark.convention, Convention::QuestionWord | Convention::NestedList);
    let is_more = !(mark.more.is_empty() || is_remark);
    let is_asked = is_card || is_named || !prompt.is_empty() || is_more;
    let mut sections = sections::read(context, content, column, is_asked);
    prompt.extend(sections.asked.clone());
    writer.translation.left.append(&mut sections.left);
    if !is_asked && prompt.is_empty() && sections.prompt.rows.is_empty() {
        let line = doc.lines[mark.line].inner.clone();
        writer.translation.left.push((line, "a question that asks nothing"));
        return;
    }
    let mut mark = Cow::Borrowed(mark);
    let mut tags = take_tags(doc, &mut mark, context.config, &mut prompt);
    let mark = &*mark;
    writer.gap();
    let start = writer.translation.text.len();
    writer.translation.questions.insert(start, mark.convention);
    writer.glue("### Q: ");
    if is_named {
        writer.name(&single::name(doc.path));
    }
    writer.heading(prompt);
    let lead = writer.lead(mark);
    tags.extend(writer::classes(mark));
    writer.tags(&tags);
    let more = code.iter().chain(&mark.more[lead..]).filter(|row| is_own(row)).cloned().collect();
    writer.part(&Part { rows: more, column }, true);
    writer.part(&sections.prompt, true);
    let has_gaps = mark.more.iter().any(|row| matches!(row.kind, RowKind::ClozeMode(_)));
    if sections.is_labelled || !(mark.more.len() == lead || has_gaps) {
        writer.label("**Answer:**");
    }
    writer.part(&sections.answer, false);
    if let Some(points) = &sections.key_points {
        writer.label("**Key points:**");
        writer.part(points, false);
    }
    writer.extras(mark);
    writer.balance(start);
}

/// What stands below a question, and the column where the text of its list item begins.
fn content(doc: &Document<'_>, mark: &Candidate, end: usize) -> (Vec<Row>, usize) {
    let (mut content, column) = match &mark.extent {
        AnswerExtent::Within { rows, column, .. } => (rows.clone(), *column),
        AnswerExtent::Below { line, column, beside, .. } => {
            let mut all = beside.clone();
            all.extend(rows(doc, doc.start(*line)..doc.start(end)));
            (all, *column)
        }
        AnswerExtent::Card(back) => (back.content(), back.column),
    };
    // What another question begins in is its own from there on; but an answer may stand apart.
    let below = doc.start(end);
    let apart = content.split_off(apart(&content, below));
    content.retain(|row| row.range.start < below);
    content.extend(apart);
    (content, column)
}

/// Whether most questions have options below them and nothing else: which are right stands elsewhere.
fn are_choices(doc: &Document<'_>, outline: &Outline<'_>) -> bool {
    let asked = outline.entries.iter().filter_map(|entry| match entry {
        Entry::Question(mark, end) if !matches!(mark.extent, AnswerExtent::Card(_)) => {
            Some((mark, *end))
        }
        _ => None,
    });
    let is_choice = |(mark, end): &(&Candidate, usize)| {
        doc.visible(mark.line + 1) < *end && options::are_all(doc.text, &content(doc, mark, *end).0)
    };
    let (all, choices) = (asked.clone().count(), asked.filter(is_choice).count());
    choices >= ENOUGH && choices * 2 > all
}

/// The code that opens behind what is asked and goes on below it, taken out of the question.
fn take_code(doc: &Document<'_>, prompt: &mut Pieces) -> Option<Row> {
    let last = prompt.last_mut()?;
    let line = doc.line_of(last.start);
    let at = doc.lines.get(line)?.inner.start + beside(doc.open(line))?;
    let is_open = doc.lines.get(line + 1).is_some_and(|below| below.is_closed);
    (last.contains(&at) && is_open).then(|| {
        let code = Row::text(at..last.end);
        last.end = last.start + doc.text[last.start..at].trim_end().len();
        code
    })
}

/// The tags that emoji on the line of a question stand for, or on its side of a card; the emoji are
/// taken out of it.
fn take_tags(
    doc: &Document<'_>,
    mark: &mut Cow<'_, Candidate>,
    config: &Config,
    prompt: &mut Pieces,
) -> Vec<String> {
    let mut tags = Vec::new();
    let is_side = |row: &&mut Row| !row.is_closed() && !matches!(row.kind, RowKind::ClozeMode(_));
    for (emoji, added) in &config.emoji_tags {
        let is_card = matches!(mark.extent, AnswerExtent::Card(_));
        let has_one = |range: &Range<usize>| first_emoji(&doc.text[range.clone()], emoji).is_some();
        let mut is_there = if is_card {
            prompt.iter().any(has_one)
        } else {
            first_emoji(doc.line(mark.line), emoji).is_some()
        };
        if is_card && prompt.is_empty() && mark.more.iter().any(|row| has_one(&row.range)) {
            for row in mark.to_mut().more.iter_mut().filter(is_side) {
                is_there |= has_one(&row.range);
                row.skips.extend(emoji_places(doc.text, row.range.clone(), emoji));
                row.skips.sort_unstable();
                row.skips.dedup();
            }
        }
        if is_there {
            tags.extend(added.iter().cloned());
        }
        let pieces = std::mem::take(prompt);
        for mut piece in pieces {
            while let Some(at) = first_emoji(&doc.text[piece.clone()], emoji) {
                let (before, after) = (piece.start + at, piece.start + at + emoji.len());
                let shown = doc.text[piece.start..before].trim_end_matches(is_unseen);
                prompt.push(piece.start..piece.start + shown.len());
                let rest = doc.text[after..piece.end].trim_start_matches(is_unseen);
                // One blank stays, as braces stand apart from what is before them.
                let blank = doc.text[after..piece.end - rest.len()].chars().next_back();
                let is_apart = !shown.is_empty() && blank == Some(' ');
                piece.start = piece.end - rest.len() - usize::from(is_apart);
            }
            prompt.push(piece);
        }
        prompt.retain(|piece| !piece.is_empty());
    }
    tags
}

/// Where an emoji stands that is no part of another.
fn emojis<'t>(says: &'t str, emoji: &'t str) -> impl Iterator<Item = usize> + 't {
    const JOINER: char = '\u{200d}';
    let is_alone = move |at: usize| {
        let behind = says[at + emoji.len()..].trim_start_matches('\u{fe0f}');
        !says[..at].ends_with(JOINER) && !behind.starts_with(JOINER)
    };
    says.match_indices(emoji).map(|(at, _)| at).filter(move |at| is_alone(*at))
}

fn first_emoji(says: &str, emoji: &str) -> Option<usize> {
    emojis(says, emoji).next()
}

/// Where the characters of an emoji are, and of the white space that would be left over.
fn emoji_places(text: &str, range: Range<usize>, emoji: &str) -> Vec<usize> {
    let says = &text[range.clone()];
    let mut places = Vec::new();
    for at in emojis(says, emoji) {
        let rest = &says[at + emoji.len()..];
        let behind = rest.len() - rest.trim_start_matches(is_unseen).len();
        let is_last = behind == rest.len();
        let before = if is_last { says[..at].trim_end_matches(is_unseen).len() } else { at };
        let gone = before..at + emoji.len() + behind;
        places.extend(says[gone.clone()].char_indices().map(|(c, _)| range.start + gone.start + c));
    }
    places
}

/// Whether a character only joins or colours emoji, or is white space.
fn is_unseen(c: char) -> bool {
    c.is_whitespace() || c == '\u{fe0f}' || c == '\u{200d}'
}

/// Definitions of links and footnotes that stand outside any question go to the end.
fn definitions(writer: &mut Writer<'_>, doc: &Document<'_>, outline: &Outline<'_>) {
    for line in &outline.definitions {
        writer.gap();
        writer.copy(doc.lines[*line].inner.clone());
    }
}
