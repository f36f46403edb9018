//! The translation of a foreign file into the native convention.
//!
//! It holds topics and questions and nothing else, and maps each word to its place in the original.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::boilerplate;
use super::candidate::{AnswerExtent, Candidate, CardBack, Row, RowKind, find_detached, rows};
use super::document::{Document, beside};
use super::file_context::FileContext;
use super::fold::Fold;
use super::folder_habits::FolderHabits;
use super::is_values;
use super::options;
use super::outline::{Entry, Outline};
use super::prompt::{
    Pieces, between_tags, is_emoji, number_width, strip_decoration, strip_wrappers,
};
use super::sections::{self, Part};
use super::single;
use super::translation::Translation;
use super::unaccounted;
use super::writer::{self, Writer};
use crate::config::Config;
use crate::model::Convention;

/// How many answers must end with the same line to make it boilerplate.
const ENOUGH: usize = 3;

/// How many lines at the end of an answer may be such boilerplate.
const LAST: usize = 3;

/// Translates a file.
pub(in crate::parse) fn translate(
    doc: &Document<'_>,
    folds: &[Fold],
    outline: &Outline<'_>,
    habits: &FolderHabits,
    config: &Config,
) -> Translation {
    let last = find_shared_endings(doc, outline, habits);
    let mut writer =
        Writer { source: doc.text, translation: Translation::default(), labels: Vec::new() };
    let is_choice = are_choices(doc, outline);
    let context = FileContext { text: doc.text, folds, last: &last, is_choice, config };
    if let Some(title) = outline.title {
        writer.push("# ");
        let title = strip_decoration(doc.text, strip_wrappers(doc.text, title.title.clone()));
        writer.write_heading(between_tags(doc.text, title));
    }
    for entry in &outline.entries {
        match entry {
            Entry::Topic(heading, depth) => {
                writer.push_blank_line();
                writer.translation.topics.insert(writer.translation.text.len(), *depth);
                writer.push("## ");
                let title =
                    strip_decoration(doc.text, strip_wrappers(doc.text, heading.title.clone()));
                writer.write_heading(between_tags(doc.text, strip_hashes(doc.text, title)));
            }
            Entry::TopicEnd(depth) => {
                writer.push_blank_line();
                writer.translation.topics.insert(writer.translation.text.len(), depth + 1);
                writer.push("##");
            }
            Entry::Question(candidate, end) => {
                write_question(&mut writer, doc, context, candidate, *end);
            }
        }
    }
    writer.translation.skipped.extend(outline.skipped.iter().cloned());
    write_definitions(&mut writer, doc, outline);
    writer.translation.skipped.sort_by_key(|(range, _)| range.start);
    let Translation { parts, skipped, .. } = &mut writer.translation;
    if !is_values(doc.path) {
        skipped.extend(unaccounted::find(doc, folds, config, parts, skipped));
    }
    skipped.sort_by_key(|(range, _)| range.start);
    writer.push("\n");
    let is_note = |entry: &Entry<'_>| {
        let Entry::Question(candidate, _) = entry else { return false };
        let AnswerExtent::Card(CardBack { head: Some(head), .. }) = &candidate.extent else {
            return false;
        };
        candidate.line == doc.next_nonblank(0) && doc.text[head.clone()].contains('\n')
    };
    let is_agreed = !habits.asked.is_empty() || outline.entries.iter().any(is_note);
    writer.translation.is_one = is_agreed && writer.translation.questions.len() == 1;
    writer.translation
}

/// Returns the words of the links that most answers end with.
fn find_shared_endings(
    doc: &Document<'_>,
    outline: &Outline<'_>,
    habits: &FolderHabits,
) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = 0;
    for entry in &outline.entries {
        let Entry::Question(candidate, end) = entry else { continue };
        all += 1;
        // If an answer is only one line, that is no boilerplate.
        let first = doc.next_nonblank(candidate.line + 1);
        let lines = (first + 1..*end).rev().filter(|line| !doc.line_text(*line).is_empty());
        for words in
            lines.take(LAST).filter_map(|line| boilerplate::outward_link_words(doc.open_text(line)))
        {
            *counts.entry(words).or_default() += 1;
        }
    }
    let shared = counts.into_iter().filter(|(_, count)| *count >= ENOUGH && count * 2 > all);
    shared.map(|(words, _)| words).chain(habits.last.iter().cloned()).collect()
}

/// Removes `#`s that decorate a title: `## # 1. BASICS`.
fn strip_hashes(text: &str, range: Range<usize>) -> Range<usize> {
    let snippet = &text[range.clone()];
    let shown = snippet.trim_start_matches(['#', ' ']);
    let is_ornament = snippet.starts_with("# ") && !shown.is_empty();
    if is_ornament && number_width(shown).is_some() {
        range.end - shown.len()..range.end
    } else {
        range
    }
}

fn write_question(
    writer: &mut Writer<'_>,
    doc: &Document<'_>,
    context: FileContext<'_>,
    candidate: &Candidate,
    end: usize,
) {
    if let AnswerExtent::Card(CardBack { head: Some(head), .. }) = &candidate.extent {
        writer.translation.skipped.push((head.clone(), "the head of a card"));
    }
    let below = doc.line_start(end);
    let is_own = |row: &Row| row.range.start < below;
    let (mut content, column) = collect_content(doc, candidate, end);
    let is_text = |piece: &&Range<usize>| {
        doc.text[(*piece).clone()].contains(|c: char| !is_emoji(c) && !c.is_whitespace())
    };
    let mut prompt: Pieces =
        candidate.prompt.iter().filter(|piece| !piece.is_empty()).cloned().collect();
    if !candidate.prompt.iter().any(|piece| is_text(&piece)) {
        prompt.clear();
    }
    let is_card = matches!(candidate.extent, AnswerExtent::Card(_));
    let mut code = take_code(doc, &mut prompt);
    if !is_card {
        content.splice(..0, code.take());
    }
    let is_named = candidate.convention == Convention::File && prompt.is_empty();
    // Behind `Question 5` there may be only remarks: `## Question 5 (easy)`.
    let is_remark =
        matches!(candidate.convention, Convention::QuestionWord | Convention::NestedList);
    let is_more = !(candidate.more.is_empty() || is_remark);
    let is_asked = is_card || is_named || !prompt.is_empty() || is_more;
    let mut sections = sections::read(context, content, column, is_asked);
    prompt.extend(sections.asked.clone());
    writer.translation.skipped.append(&mut sections.skipped);
    if !is_asked && prompt.is_empty() && sections.prompt.rows.is_empty() {
        let line = doc.lines[candidate.line].inner.clone();
        writer.translation.skipped.push((line, "a question that asks nothing"));
        return;
    }
    let mut candidate = Cow::Borrowed(candidate);
    let mut tags = take_tags(doc, &mut candidate, context.config, &mut prompt);
    let candidate = &*candidate;
    writer.push_blank_line();
    let start = writer.translation.text.len();
    writer.translation.questions.insert(start, candidate.convention);
    writer.push("### Q: ");
    if is_named {
        writer.write_name(&single::name(doc.path));
    }
    writer.write_heading(prompt);
    let lead = writer.write_lead(candidate);
    tags.extend(writer::classes(candidate));
    writer.write_tags(&tags);
    let more =
        code.iter().chain(&candidate.more[lead..]).filter(|row| is_own(row)).cloned().collect();
    writer.write_part(&Part { rows: more, column }, true);
    writer.write_part(&sections.prompt, true);
    let has_gaps = candidate.more.iter().any(|row| matches!(row.kind, RowKind::Cloze(_)));
    if sections.is_labelled || !(candidate.more.len() == lead || has_gaps) {
        writer.write_label("**Answer:**");
    }
    writer.write_part(&sections.answer, false);
    if let Some(points) = &sections.key_points {
        writer.write_label("**Key points:**");
        writer.write_part(points, false);
    }
    writer.write_extras(candidate);
    writer.balance(start);
}

/// Returns the rows below the first line of a question, and the column where the text of its list
/// item begins.
fn collect_content(doc: &Document<'_>, candidate: &Candidate, end: usize) -> (Vec<Row>, usize) {
    let (mut content, column) = match &candidate.extent {
        AnswerExtent::Within { rows, column, .. } => (rows.clone(), *column),
        AnswerExtent::Below { line, column, beside, .. } => {
            let mut all = beside.clone();
            all.extend(rows(doc, doc.line_start(*line)..doc.line_start(end)));
            (all, *column)
        }
        AnswerExtent::Card(back) => (back.content(), back.column),
    };
    // The rows end where the next question begins; only a detached answer may be below that.
    let below = doc.line_start(end);
    let apart = content.split_off(find_detached(&content, below));
    content.retain(|row| row.range.start < below);
    content.extend(apart);
    (content, column)
}

/// Returns whether most questions have options below them and nothing else: the correct ones are
/// named elsewhere, or not at all.
fn are_choices(doc: &Document<'_>, outline: &Outline<'_>) -> bool {
    let asked = outline.entries.iter().filter_map(|entry| match entry {
        Entry::Question(candidate, end) if !matches!(candidate.extent, AnswerExtent::Card(_)) => {
            Some((candidate, *end))
        }
        _ => None,
    });
    let is_choice = |(candidate, end): &(&Candidate, usize)| {
        doc.next_nonblank(candidate.line + 1) < *end
            && options::are_only_options(doc.text, &collect_content(doc, candidate, *end).0)
    };
    let (all, choices) = (asked.clone().count(), asked.filter(is_choice).count());
    choices >= ENOUGH && choices * 2 > all
}

/// Removes the first line of code that begins on the line of a question, and returns it.
fn take_code(doc: &Document<'_>, prompt: &mut Pieces) -> Option<Row> {
    let last = prompt.last_mut()?;
    let line = doc.line_at(last.start);
    let at = doc.lines.get(line)?.inner.start + beside(doc.open_text(line))?;
    let is_open = doc.lines.get(line + 1).is_some_and(|below| below.is_closed);
    (last.contains(&at) && is_open).then(|| {
        let code = Row::text(at..last.end);
        last.end = last.start + doc.text[last.start..at].trim_end().len();
        code
    })
}

/// Removes the emoji of `emoji_tags` from a question, and returns the tags that they stand for.
fn take_tags(
    doc: &Document<'_>,
    candidate: &mut Cow<'_, Candidate>,
    config: &Config,
    prompt: &mut Pieces,
) -> Vec<String> {
    let mut tags = Vec::new();
    let is_side = |row: &&mut Row| !row.is_closed() && !matches!(row.kind, RowKind::Cloze(_));
    for (emoji, added) in &config.emoji_tags {
        let is_card = matches!(candidate.extent, AnswerExtent::Card(_));
        let has_one =
            |range: &Range<usize>| find_first_emoji(&doc.text[range.clone()], emoji).is_some();
        let mut is_there = if is_card {
            prompt.iter().any(has_one)
        } else {
            find_first_emoji(doc.line_text(candidate.line), emoji).is_some()
        };
        if is_card && prompt.is_empty() && candidate.more.iter().any(|row| has_one(&row.range)) {
            for row in candidate.to_mut().more.iter_mut().filter(is_side) {
                is_there |= has_one(&row.range);
                row.skips.extend(find_emoji_places(doc.text, row.range.clone(), emoji));
                row.skips.sort_unstable();
                row.skips.dedup();
            }
        }
        if is_there {
            tags.extend(added.iter().cloned());
        }
        let pieces = std::mem::take(prompt);
        for mut piece in pieces {
            while let Some(at) = find_first_emoji(&doc.text[piece.clone()], emoji) {
                let (before, after) = (piece.start + at, piece.start + at + emoji.len());
                let shown = doc.text[piece.start..before].trim_end_matches(is_unseen);
                prompt.push(piece.start..piece.start + shown.len());
                let rest = doc.text[after..piece.end].trim_start_matches(is_unseen);
                // One space stays, as attributes in braces need one before them.
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

/// Finds an emoji where it is no part of another one.
fn find_emoji<'t>(snippet: &'t str, emoji: &'t str) -> impl Iterator<Item = usize> + 't {
    const JOINER: char = '\u{200d}';
    let is_alone = move |at: usize| {
        let behind = snippet[at + emoji.len()..].trim_start_matches('\u{fe0f}');
        !snippet[..at].ends_with(JOINER) && !behind.starts_with(JOINER)
    };
    snippet.match_indices(emoji).map(|(at, _)| at).filter(move |at| is_alone(*at))
}

fn find_first_emoji(snippet: &str, emoji: &str) -> Option<usize> {
    find_emoji(snippet, emoji).next()
}

/// Returns the places of the characters of an emoji, and of the white space beside it that would be
/// left over.
fn find_emoji_places(text: &str, range: Range<usize>, emoji: &str) -> Vec<usize> {
    let snippet = &text[range.clone()];
    let mut places = Vec::new();
    for at in find_emoji(snippet, emoji) {
        let rest = &snippet[at + emoji.len()..];
        let behind = rest.len() - rest.trim_start_matches(is_unseen).len();
        let is_last = behind == rest.len();
        let before = if is_last { snippet[..at].trim_end_matches(is_unseen).len() } else { at };
        let gone = before..at + emoji.len() + behind;
        places.extend(
            snippet[gone.clone()].char_indices().map(|(c, _)| range.start + gone.start + c),
        );
    }
    places
}

/// Returns whether a character is white space, a joiner or a variation selector.
fn is_unseen(c: char) -> bool {
    c.is_whitespace() || c == '\u{fe0f}' || c == '\u{200d}'
}

/// Writes the definitions of links and footnotes outside of questions to the end.
fn write_definitions(writer: &mut Writer<'_>, doc: &Document<'_>, outline: &Outline<'_>) {
    for line in &outline.definitions {
        writer.push_blank_line();
        writer.copy(doc.lines[*line].inner.clone());
    }
}
