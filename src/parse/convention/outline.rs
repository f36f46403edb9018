//! The outline of a file: its title, topics and questions, and the lines that belong to none of
//! them.
//!
//! The recognizers run one after the other, the most reliable first, and each sees only the lines
//! that belong to no question so far. So a numbered heading in the answer to `## Q5` is no
//! question, and a file may hold questions in several conventions.

use std::cmp::Reverse;
use std::ops::Range;

use super::OUTSIDE;
use super::answered::{is_answered, remove_unanswered};
use super::boilerplate::is_only_tags;
use super::candidate::{AnswerExtent, Candidate};
use super::document::is_thematic_break;
use super::document::{Document, Heading};
use super::extents::find_ends;
use super::fold::Fold;
use super::folder_habits::FolderHabits;
use super::heuristics::{self, LinkTarget};
use super::prompt::{is_back_link, plain_text};
use super::question_form::is_question_like;
use super::recognizer_input::RecognizerInput;
use super::repeats::{is_within, remove_repeats};
use super::run;
use super::siblings::find_siblings;
use crate::config::Config;
use crate::markdown;
use crate::model::{Convention, Definitions};
use crate::parse::blocks::{self, Kind};

/// The structure of a file.
#[derive(Debug, Default)]
pub(in crate::parse) struct Outline<'d> {
    /// The heading that names the whole file.
    pub title: Option<&'d Heading>,
    /// The topics and questions, in order.
    pub entries: Vec<Entry<'d>>,
    /// The text outside of them, each with the reason why it is skipped.
    pub skipped: Vec<(Range<usize>, &'static str)>,
    /// The lines outside of them that define links and footnotes.
    pub definitions: Vec<usize>,
}

impl Outline<'_> {
    /// Returns the lines that questions begin on, in order.
    pub(in crate::parse) fn question_lines(&self) -> Vec<usize> {
        let line = |entry: &Entry<'_>| match entry {
            Entry::Question(candidate, _) => Some(candidate.line),
            Entry::Topic(..) | Entry::TopicEnd(_) => None,
        };
        self.entries.iter().filter_map(line).collect()
    }
}

/// An entry of an outline.
#[derive(Debug)]
pub(in crate::parse) enum Entry<'d> {
    /// The heading of a topic, and the depth of the topic, from 1.
    Topic(&'d Heading, usize),
    /// The end of a topic whose heading has the level of the question below, and the depth of what
    /// follows.
    TopicEnd(usize),
    /// A question, and the line below its answer.
    Question(Candidate, usize),
}

/// The `find` function of a recognizer.
type Find = fn(&RecognizerInput<'_>) -> Vec<Candidate>;

/// All recognizers, the most reliable first.
const RECOGNIZERS: &[(Convention, Find)] = &[
    (Convention::File, super::single::find_field),
    (Convention::File, super::single::find_titled),
    (Convention::Cards, super::separated_cards::find),
    (Convention::Cards, super::start_end::find),
    (Convention::Cards, super::tagged_cards::find),
    (Convention::Cards, super::front_back::find),
    (Convention::QuestionMark, super::question_mark::find),
    (Convention::Inline, super::inline::find),
    (Convention::NestedList, super::nested_list::find),
    (Convention::QuestionWord, super::worded::find),
    (Convention::QuestionWord, super::question_word::find),
    (Convention::QaLines, super::cloze_lines::find),
    (Convention::QaLines, super::qa_lines::find),
    (Convention::File, super::single::find),
    (Convention::NestedList, super::one_line::find),
    (Convention::NestedList, super::listed::find),
    (Convention::NumberedList, super::numbered_list::find),
    (Convention::Table, super::table::find_vocabulary),
    (Convention::Numbered, super::numbered::find),
    (Convention::Details, super::details::find),
    (Convention::Bold, super::bold::find),
    (Convention::Table, super::table::find),
    (Convention::Spoiler, super::spoiler::find),
    (Convention::QaLines, super::paragraphs::find),
    (Convention::QaLines, super::paragraph_pairs::find),
    (Convention::Headings, super::headings::find),
    (Convention::NumberedList, super::counted::find),
    (Convention::File, super::single::find_odd),
];

/// Finds the convention that, if the settings named it, would find the most questions with an
/// answer; returns it with their number.
///
/// An outline is built only for conventions whose recognizers find so many candidates that theirs
/// may be the most.
pub(in crate::parse) fn find_nearest(
    doc: &Document<'_>,
    folds: &[Fold],
    config: &Config,
) -> Option<(Convention, usize)> {
    let nothing = FolderHabits::default();
    let input = RecognizerInput {
        doc,
        folds,
        habits: &nothing,
        own_habits: &nothing,
        taken: Vec::new(),
        is_question_bank: heuristics::is_question_bank(doc),
        is_requested: true,
        answer_labels: &config.answer_labels,
    };
    let found = |convention: Convention| -> usize {
        let own = RECOGNIZERS.iter().filter(|(other, _)| *other == convention);
        own.map(|(_, find)| find(&input).len()).sum()
    };
    let count = |convention: Convention| {
        let outline = build_outline(doc, folds, (&nothing, &nothing), config, &[convention]);
        let is_answered = |entry: &&Entry<'_>| match entry {
            Entry::Question(candidate, end) => is_answered(doc, candidate, *end),
            _ => false,
        };
        outline.entries.iter().filter(is_answered).count()
    };
    let conventions = Convention::ALL.iter().map(|(_, convention)| *convention);
    let mut bounds: Vec<(usize, usize, Convention)> = conventions
        .enumerate()
        .map(|(at, convention)| (found(convention), at, convention))
        .collect();
    bounds.sort_by_key(|(found, at, _)| (Reverse(*found), *at));
    let mut best: Option<(usize, usize, Convention)> = None;
    for (found, at, convention) in bounds {
        let is_beaten = best.is_some_and(|(most, ..)| found < most);
        if found < 2 || is_beaten {
            break;
        }
        let count = count(convention);
        let is_better =
            |(most, before, _): (usize, usize, _)| count > most || (count == most && at < before);
        if best.is_none_or(is_better) {
            best = Some((count, at, convention));
        }
    }
    best.filter(|(count, ..)| *count > 1).map(|(count, _, convention)| (convention, count))
}

/// Builds the outline of a file. `requested` are the conventions that the settings name; if there
/// are any, only their recognizers run, and they need no evidence.
pub(in crate::parse) fn build_outline<'d>(
    doc: &'d Document<'d>,
    folds: &'d [Fold],
    (habits, own_habits): (&FolderHabits, &FolderHabits),
    config: &Config,
    requested: &[Convention],
) -> Outline<'d> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut ends: Vec<usize> = Vec::new();
    let is_question_bank = heuristics::is_question_bank(doc);
    for (convention, find) in RECOGNIZERS {
        let is_requested = requested.contains(convention);
        let is_last_resort = *convention == Convention::Headings;
        let is_settled = || count_covered(doc, &candidates, &ends) * 2 > doc.lines.len();
        if !is_requested && (!requested.is_empty() || (is_last_resort && is_settled())) {
            continue;
        }
        let taken = taken_lines(doc, &candidates, &ends);
        let answer_labels = &config.answer_labels;
        let found = find(&RecognizerInput {
            doc,
            folds,
            habits,
            own_habits,
            taken,
            is_question_bank,
            is_requested,
            answer_labels,
        });
        if !found.is_empty() {
            candidates.extend(found.into_iter().filter(|candidate| is_meaningful(doc, candidate)));
            candidates.sort_by_key(|candidate| candidate.line);
            candidates.dedup_by_key(|candidate| candidate.line);
            ends = find_ends(doc, &candidates, config);
        }
    }
    if requested.is_empty() {
        remove_unanswered(doc, &mut candidates);
        let missing = run::find_missing(doc, &candidates);
        candidates.extend(missing);
        candidates.sort_by_key(|candidate| candidate.line);
        ends = find_ends(doc, &candidates, config);
        candidates.extend(find_siblings(doc, &candidates, &ends));
        candidates.sort_by_key(|candidate| candidate.line);
    }
    let repeats = remove_repeats(doc, &mut candidates);
    ends = find_ends(doc, &candidates, config);
    // A section that is left out is in no answer.
    for (candidate, end) in candidates.iter().zip(&mut ends) {
        let next = repeats.partition_point(|repeat| repeat.start <= candidate.line);
        *end = repeats.get(next).map_or(*end, |repeat| repeat.start.min(*end));
    }
    arrange(doc, candidates, &ends, &repeats)
}

/// Returns whether a candidate has a text, or can have one below its first line.
fn is_meaningful(doc: &Document<'_>, candidate: &Candidate) -> bool {
    let is_sign = |c: char| c.is_ascii_punctuation() || c.is_whitespace();
    let is_text = |piece: &Range<usize>| !doc.text[piece.clone()].chars().all(is_sign);
    let is_bare = candidate.prompt.iter().all(Range::is_empty);
    let is_below = matches!(candidate.extent, AnswerExtent::Below { .. });
    // `## Question 5` is a question even if its text is only punctuation.
    let is_counted = candidate.convention == Convention::QuestionWord && is_below && !is_bare;
    if matches!(candidate.extent, AnswerExtent::Card(_)) || is_counted {
        return true;
    }
    candidate.prompt.iter().any(is_text) || !candidate.more.is_empty() || (is_bare && is_below)
}

/// Returns the lines that belong to questions, in order.
fn taken_lines(doc: &Document<'_>, candidates: &[Candidate], ends: &[usize]) -> Vec<Range<usize>> {
    let asked = || candidates.iter().zip(ends);
    let mut taken: Vec<Range<usize>> =
        asked().map(|(candidate, end)| candidate.line..*end).collect();
    taken.extend(asked().filter_map(|(candidate, end)| candidate.detached_lines(doc, *end)));
    taken.sort_by_key(|lines| lines.start);
    taken
}

/// Returns how many lines belong to questions.
fn count_covered(doc: &Document<'_>, candidates: &[Candidate], ends: &[usize]) -> usize {
    let lines = candidates.iter().zip(ends).map(|(candidate, end)| *end - candidate.line);
    lines.sum::<usize>().min(doc.lines.len())
}

/// Puts questions under the headings above them.
fn arrange<'d>(
    doc: &'d Document<'d>,
    candidates: Vec<Candidate>,
    ends: &[usize],
    repeats: &[Range<usize>],
) -> Outline<'d> {
    let taken: Vec<Range<usize>> =
        candidates.iter().zip(ends).map(|(candidate, end)| candidate.line..*end).collect();
    let is_free = |line: usize| {
        let after = taken.partition_point(|taken| taken.start <= line);
        after.checked_sub(1).is_none_or(|before| taken[before].end <= line)
    };
    let free = doc.headings.iter().filter(|heading| is_free(heading.line));
    let free: Vec<&Heading> = free.filter(|heading| !is_within(repeats, heading.line)).collect();
    let lines: Vec<usize> = candidates.iter().map(|candidate| candidate.line).collect();
    // A heading is a topic if there are questions before the next heading of its level. A heading
    // right above a question of its own level is a topic, too, but not if it has text of its own.
    let is_bare = |heading: &Heading| {
        let is_unseen = |line: &usize| {
            is_thematic_break(doc.line_text(*line)) || is_only_tags(doc.line_text(*line))
        };
        let below = (heading.below..doc.lines.len()).find(|line| !is_unseen(line));
        let below = below.unwrap_or(doc.lines.len());
        doc.heading_at(below).is_some_and(|below| below.level == heading.level)
            && lines.binary_search(&below).is_ok()
    };
    let mut below = vec![doc.lines.len(); free.len()];
    let mut open: Vec<usize> = Vec::new();
    let mut asked =
        candidates.iter().filter_map(|candidate| doc.heading_at(candidate.line)).peekable();
    for at in 0..=free.len() {
        let line = free.get(at).map_or(doc.lines.len(), |heading| heading.line);
        while let Some(asked) = asked.next_if(|asked| asked.line < line) {
            let is_like = |at: &usize| free[*at].level == asked.level && !is_bare(free[*at]);
            let first = open.iter().position(is_like);
            for last in open.drain(first.unwrap_or(open.len())..) {
                below[last] = asked.line;
            }
        }
        let Some(heading) = free.get(at) else { break };
        while let Some(last) = open.pop_if(|last| free[*last].level >= heading.level) {
            below[last] = heading.line;
        }
        open.push(at);
    }
    let holds = |at: usize| {
        let first = candidates.partition_point(|candidate| candidate.line < free[at].line);
        candidates.get(first).is_some_and(|candidate| candidate.line < below[at])
    };
    let topics = (0..free.len()).filter(|at| holds(*at)).map(|at| free[at]);
    let topics: Vec<&Heading> =
        topics.filter(|topic| !is_contents(doc, topic, &candidates)).collect();
    let title = find_title(doc, &free, &topics, &candidates);
    let all = self::taken_lines(doc, &candidates, ends);
    let mut outline =
        Outline { title, entries: Vec::new(), skipped: Vec::new(), definitions: Vec::new() };
    let mut path: Vec<(usize, bool)> = Vec::new();
    let mut topics = topics.iter().copied().peekable();
    let mut structure: Vec<Range<usize>> = title.iter().map(|h| h.line..h.below).collect();
    for (candidate, end) in candidates.into_iter().zip(ends) {
        while let Some(heading) = topics.next_if(|heading| heading.line < candidate.line) {
            structure.push(heading.line..heading.below);
            if Some(heading.line) == title.map(|title| title.line) {
                continue;
            }
            while path.last().is_some_and(|(level, _)| *level >= heading.level) {
                path.pop();
            }
            if !heuristics::is_container(doc, heading, title) {
                path.push((heading.level, is_bare(heading)));
                outline.entries.push(Entry::Topic(heading, path.len()));
            }
        }
        let level = doc.heading_at(candidate.line).map_or(0, |heading| heading.level);
        if let Some(depth) = path.iter().position(|above| *above == (level, false)) {
            path.truncate(depth);
            outline.entries.push(Entry::TopicEnd(depth));
        }
        outline.entries.push(Entry::Question(candidate, *end));
    }
    structure.extend(all);
    structure.sort_by_key(|range| range.start);
    collect_skipped(doc, &structure, repeats, &mut outline);
    outline
}

/// Finds the heading that names the file: the only one of the highest level, above all questions.
fn find_title<'d>(
    doc: &Document<'_>,
    free: &[&'d Heading],
    topics: &[&'d Heading],
    candidates: &[Candidate],
) -> Option<&'d Heading> {
    let is_above = |heading: &&&Heading| {
        candidates.first().is_some_and(|candidate| heading.line < candidate.line)
    };
    let highest = topics.iter().map(|heading| heading.level).min();
    let mut of_level = topics.iter().filter(|heading| Some(heading.level) == highest);
    let (first, second) = (of_level.next(), of_level.next());
    // Without topics, the first heading may be the title, whatever its level.
    let is_name = |heading: &&&Heading| {
        let is_highest = highest.is_none_or(|highest| heading.level < highest);
        is_highest
            && !is_question_like(&doc.text[heading.title.clone()])
            && !heuristics::is_noise(doc, heading)
    };
    let name = free.first().filter(is_above).filter(is_name);
    name.or(first.filter(|_| second.is_none()).filter(is_above)).copied()
}

/// Returns whether a heading opens a table of contents, and nothing else stands above the next
/// question.
fn is_contents(doc: &Document<'_>, heading: &Heading, candidates: &[Candidate]) -> bool {
    let next = candidates.partition_point(|candidate| candidate.line < heading.line);
    let end = candidates.get(next).map_or(doc.lines.len(), |candidate| candidate.line);
    let lines = (heading.below..end).filter(|line| doc.heading_at(*line).is_none());
    heuristics::is_noise(doc, heading)
        && heuristics::find_common_target(doc, lines) == Some(LinkTarget::Page)
}

/// Collects the lines outside the ranges of `structure`, with the reason why they are skipped.
/// Neighbors with the same reason become one.
fn collect_skipped(
    doc: &Document<'_>,
    structure: &[Range<usize>],
    repeats: &[Range<usize>],
    outline: &mut Outline<'_>,
) {
    let skipped = &mut outline.skipped;
    let mut section = None;
    let mut ranges = structure.iter().peekable();
    let mut line = 0;
    while line < doc.lines.len() {
        if let Some(range) = ranges.next_if(|range| range.start <= line) {
            if range.end > line {
                line = range.end;
                section = None;
            }
            continue;
        }
        if let Some(heading) = doc.heading_at(line) {
            let noise = heuristics::find_noise(doc, heading);
            section = noise.or_else(|| heuristics::find_link_section(doc, heading));
        }
        let snippet = doc.line_text(line);
        if is_definition(doc.open_text(line)) {
            outline.definitions.push(line);
        } else if snippet.contains(char::is_alphanumeric) {
            let inner = doc.lines[line].inner.clone();
            let is_head =
                snippet.contains('|') && super::table::is_delimiter_row(doc.open_text(line + 1));
            let is_table = ranges.peek().is_some_and(|range| range.start == line + 2);
            let head = match is_head {
                true if is_table => Some("the head of a table"),
                true if line + 2 < doc.lines.len() => {
                    Some(skip_reason(doc, line + 2)).filter(|reason| *reason == "table of contents")
                }
                _ => None,
            };
            let repeat = is_within(repeats, line).then_some("questions that are asked elsewhere");
            let reason = head.or(repeat).or(section).unwrap_or_else(|| skip_reason(doc, line));
            match skipped.last_mut() {
                Some((last, last_reason))
                    if *last_reason == reason
                        && !has_structure_between(structure, doc, last.end, inner.start) =>
                {
                    last.end = inner.end;
                }
                _ => skipped.push((inner, reason)),
            }
        }
        line += 1;
    }
}

/// Returns whether a line defines a link or a footnote: `[name]: …`.
fn is_definition(snippet: &str) -> bool {
    let label = snippet.strip_prefix('[').and_then(|rest| rest.split_once("]:"));
    let is_label = label.is_some_and(|(label, _)| !label.is_empty() && !label.contains(['[', ']']));
    let shows_nothing = || {
        let none = Definitions::default();
        let (blocks, _) = blocks::of(snippet, &markdown::parse(snippet, &none));
        blocks.iter().all(|block| block.kind == Kind::Invisible)
    };
    is_label && shows_nothing()
}

/// Returns whether a question or a topic stands between two bytes.
fn has_structure_between(
    structure: &[Range<usize>],
    doc: &Document<'_>,
    from: usize,
    to: usize,
) -> bool {
    let after = structure.partition_point(|range| doc.line_start(range.start) < from);
    structure.get(after).is_some_and(|range| doc.line_start(range.start) < to)
}

/// Returns the reason why a line outside of questions is skipped.
fn skip_reason(doc: &Document<'_>, line: usize) -> &'static str {
    let snippet = doc.line_text(line);
    let shown = plain_text(snippet);
    let is_page_link = snippet.contains("](#") || snippet.contains("href=\"#");
    if doc.lines[line].is_closed && !snippet.starts_with("<!--") {
        return OUTSIDE;
    }
    let is_tag = |word: &str| word.len() > 1 && word.rfind('#') == Some(0);
    if snippet.starts_with("<!--") {
        "a comment"
    } else if super::unaccounted::is_property(snippet) {
        "a property"
    } else if snippet.contains("img.shields.io") || snippet.contains("badge") || shown.is_empty() {
        "badges, pictures and tags"
    } else if snippet.split_whitespace().all(is_tag) {
        "tags"
    } else if is_back_link(snippet) && (snippet.contains("](") || snippet.contains("<a ")) {
        "a link back to the top"
    } else if is_page_link {
        "table of contents"
    } else {
        OUTSIDE
    }
}
