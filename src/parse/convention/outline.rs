//! Which conventions a file is written in, and what it holds: questions, topics, and the rest.
//!
//! The recognisers are asked in an order, the surest first; each sees only what belongs to no
//! question so far. So a heading with a number in the answer to `## Q5` is no question, and a file
//! may hold questions in several conventions one after the other.

use std::ops::Range;

use super::OUTSIDE;
use super::answered::{is_answered, without_unanswered};
use super::boilerplate::is_tags;
use super::candidate::{AnswerExtent, Candidate};
use super::document::is_thematic_break;
use super::document::{Document, Heading};
use super::extents::limits;
use super::fold::Fold;
use super::folder_habits::FolderHabits;
use super::heuristics::{self, Target};
use super::prompt::{asks, is_back, plain};
use super::recognizer_input::RecognizerInput;
use super::repeats::{is_within, without_repeats};
use super::run;
use crate::config::Config;
use crate::markdown;
use crate::model::{Convention, Definitions};
use crate::parse::blocks::{self, Kind};

/// What a file holds.
#[derive(Debug, Default)]
pub(in crate::parse) struct Outline<'d> {
    /// What the file as a whole is called.
    pub title: Option<&'d Heading>,
    /// Its topics and questions in order.
    pub entries: Vec<Entry<'d>>,
    /// Lines that belong to neither, and why.
    pub left: Vec<(Range<usize>, &'static str)>,
    /// Lines that define links and footnotes and belong to neither.
    pub definitions: Vec<usize>,
}

impl Outline<'_> {
    /// The lines that questions begin on, in order.
    pub(in crate::parse) fn asked(&self) -> Vec<usize> {
        let line = |entry: &Entry<'_>| match entry {
            Entry::Question(mark, _) => Some(mark.line),
            Entry::Topic(..) | Entry::CardBack(_) => None,
        };
        self.entries.iter().filter_map(line).collect()
    }
}

/// A topic or a question.
#[derive(Debug)]
pub(in crate::parse) enum Entry<'d> {
    /// A heading above questions, and how many are above it, itself included.
    Topic(&'d Heading, usize),
    /// The end of a topic, and how many are still above what follows.
    CardBack(usize),
    /// A question, and the line below its answer.
    Question(Candidate, usize),
}

/// A recogniser.
type Find = fn(&RecognizerInput<'_>) -> Vec<Candidate>;

/// Every recogniser, the surest first.
const RECOGNISERS: &[(Convention, Find)] = &[
    (Convention::File, super::single::find_field),
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
    (Convention::NestedList, super::listed::find),
    (Convention::NumberedList, super::numbered_list::find),
    (Convention::Table, super::table::find_vocabulary),
    (Convention::Numbered, super::numbered::find),
    (Convention::Details, super::details::find),
    (Convention::Bold, super::bold::find),
    (Convention::Table, super::table::find),
    (Convention::Spoiler, super::spoiler::find),
    (Convention::Headings, super::headings::find),
    (Convention::NumberedList, super::counted::find),
    (Convention::File, super::single::find_odd),
];

/// The convention in which most questions of a file would be read that have an answer, if its
/// author named it, and how many.
pub(in crate::parse) fn nearest(
    doc: &Document<'_>,
    folds: &[Fold],
    config: &Config,
) -> Option<(Convention, usize)> {
    let count = |convention: Convention| {
        let nothing = FolderHabits::default();
        let outline = read(doc, folds, (&nothing, &nothing), config, &[convention]);
        let is_answered = |entry: &&Entry<'_>| match entry {
            Entry::Question(mark, end) => is_answered(doc, mark, *end),
            _ => false,
        };
        (convention, outline.entries.iter().filter(is_answered).count())
    };
    let counts = Convention::ALL.iter().map(|(_, convention)| count(*convention));
    let best = counts.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.filter(|(_, count)| *count > 1)
}

/// Reads a file; `told` are the conventions that its author names.
pub(in crate::parse) fn read<'d>(
    doc: &'d Document<'d>,
    folds: &'d [Fold],
    (common, own): (&FolderHabits, &FolderHabits),
    config: &Config,
    told: &[Convention],
) -> Outline<'d> {
    let mut marks: Vec<Candidate> = Vec::new();
    let mut ends: Vec<usize> = Vec::new();
    let is_bank = heuristics::is_bank(doc);
    for (convention, find) in RECOGNISERS {
        let is_told = told.contains(convention);
        let is_last_resort = *convention == Convention::Headings;
        let is_settled = || covered(doc, &marks, &ends) * 2 > doc.lines.len();
        if !is_told && (!told.is_empty() || (is_last_resort && is_settled())) {
            continue;
        }
        let taken = taken(doc, &marks, &ends);
        let answers = &config.answer_labels;
        let found =
            find(&RecognizerInput { doc, folds, common, own, taken, is_bank, is_told, answers });
        if !found.is_empty() {
            marks.extend(found.into_iter().filter(|mark| says_something(doc, mark)));
            marks.sort_by_key(|mark| mark.line);
            marks.dedup_by_key(|mark| mark.line);
            ends = limits(doc, &marks, config);
        }
    }
    if told.is_empty() {
        without_unanswered(doc, &mut marks);
        let missing = run::missing(doc, &marks);
        marks.extend(missing);
        marks.sort_by_key(|mark| mark.line);
    }
    let repeats = without_repeats(doc, &mut marks);
    ends = limits(doc, &marks, config);
    // A section that is left out is in no answer.
    for (mark, end) in marks.iter().zip(&mut ends) {
        let next = repeats.partition_point(|repeat| repeat.start <= mark.line);
        *end = repeats.get(next).map_or(*end, |repeat| repeat.start.min(*end));
    }
    arrange(doc, marks, &ends, &repeats)
}

/// Whether there is a question in a mark, or room for one below it.
fn says_something(doc: &Document<'_>, mark: &Candidate) -> bool {
    let is_sign = |c: char| c.is_ascii_punctuation() || c.is_whitespace();
    let is_text = |piece: &Range<usize>| !doc.text[piece.clone()].chars().all(is_sign);
    let is_bare = mark.prompt.iter().all(Range::is_empty);
    let is_below = matches!(mark.extent, AnswerExtent::Below { .. });
    // A word and a number say that there is one, whatever it asks.
    let is_counted = mark.convention == Convention::QuestionWord && is_below && !is_bare;
    if matches!(mark.extent, AnswerExtent::Card(_)) || is_counted {
        return true;
    }
    mark.prompt.iter().any(is_text) || !mark.more.is_empty() || (is_bare && is_below)
}

/// The lines that belong to questions, in order.
fn taken(doc: &Document<'_>, marks: &[Candidate], ends: &[usize]) -> Vec<Range<usize>> {
    let asked = || marks.iter().zip(ends);
    let mut taken: Vec<Range<usize>> = asked().map(|(mark, end)| mark.line..*end).collect();
    taken.extend(asked().filter_map(|(mark, end)| mark.apart(doc, *end)));
    taken.sort_by_key(|lines| lines.start);
    taken
}

/// How many lines belong to questions.
fn covered(doc: &Document<'_>, marks: &[Candidate], ends: &[usize]) -> usize {
    let lines = marks.iter().zip(ends).map(|(mark, end)| *end - mark.line);
    lines.sum::<usize>().min(doc.lines.len())
}

/// Puts questions under the headings above them.
fn arrange<'d>(
    doc: &'d Document<'d>,
    marks: Vec<Candidate>,
    ends: &[usize],
    repeats: &[Range<usize>],
) -> Outline<'d> {
    let taken: Vec<Range<usize>> =
        marks.iter().zip(ends).map(|(mark, end)| mark.line..*end).collect();
    let is_free = |line: usize| {
        let after = taken.partition_point(|taken| taken.start <= line);
        after.checked_sub(1).is_none_or(|before| taken[before].end <= line)
    };
    let free = doc.headings.iter().filter(|heading| is_free(heading.line));
    let free: Vec<&Heading> = free.filter(|heading| !is_within(repeats, heading.line)).collect();
    let lines: Vec<usize> = marks.iter().map(|mark| mark.line).collect();
    // A heading is a topic if there are questions between it and the next one of its level. With
    // text below it, that may be a question: it was none of its topic.
    let is_bare = |heading: &Heading| {
        let is_unseen =
            |line: &usize| is_thematic_break(doc.line(*line)) || is_tags(doc.line(*line));
        let below = (heading.below..doc.lines.len()).find(|line| !is_unseen(line));
        let below = below.unwrap_or(doc.lines.len());
        doc.heading(below).is_some_and(|below| below.level == heading.level)
            && lines.binary_search(&below).is_ok()
    };
    let mut below = vec![doc.lines.len(); free.len()];
    let mut open: Vec<usize> = Vec::new();
    let mut asked = marks.iter().filter_map(|mark| doc.heading(mark.line)).peekable();
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
        let first = marks.partition_point(|mark| mark.line < free[at].line);
        marks.get(first).is_some_and(|mark| mark.line < below[at])
    };
    let topics = (0..free.len()).filter(|at| holds(*at)).map(|at| free[at]);
    let topics: Vec<&Heading> = topics.filter(|topic| !is_contents(doc, topic, &marks)).collect();
    let title = title(doc, &free, &topics, &marks);
    let all = self::taken(doc, &marks, ends);
    let mut outline =
        Outline { title, entries: Vec::new(), left: Vec::new(), definitions: Vec::new() };
    let mut path: Vec<(usize, bool)> = Vec::new();
    let mut topics = topics.iter().copied().peekable();
    let mut structure: Vec<Range<usize>> = title.iter().map(|h| h.line..h.below).collect();
    for (mark, end) in marks.into_iter().zip(ends) {
        while let Some(heading) = topics.next_if(|heading| heading.line < mark.line) {
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
        let level = doc.heading(mark.line).map_or(0, |heading| heading.level);
        if let Some(depth) = path.iter().position(|above| *above == (level, false)) {
            path.truncate(depth);
            outline.entries.push(Entry::CardBack(depth));
        }
        outline.entries.push(Entry::Question(mark, *end));
    }
    structure.extend(all);
    structure.sort_by_key(|range| range.start);
    leave_out(doc, &structure, repeats, &mut outline);
    outline
}

/// The heading that names the file: the only one of the highest level, above all questions.
fn title<'d>(
    doc: &Document<'_>,
    free: &[&'d Heading],
    topics: &[&'d Heading],
    marks: &[Candidate],
) -> Option<&'d Heading> {
    let is_above = |heading: &&&Heading| marks.first().is_some_and(|mark| heading.line < mark.line);
    let highest = topics.iter().map(|heading| heading.level).min();
    let mut of_level = topics.iter().filter(|heading| Some(heading.level) == highest);
    let (first, second) = (of_level.next(), of_level.next());
    // Of the level of the questions themselves, the first may name them all.
    let is_name = |heading: &&&Heading| {
        let is_highest = highest.is_none_or(|highest| heading.level < highest);
        is_highest && !asks(&doc.text[heading.title.clone()]) && !heuristics::is_noise(doc, heading)
    };
    let name = free.first().filter(is_above).filter(is_name);
    name.or(first.filter(|_| second.is_none()).filter(is_above)).copied()
}

/// Whether a heading opens a table of contents and there is nothing between it and the first
/// question below it but that.
fn is_contents(doc: &Document<'_>, heading: &Heading, marks: &[Candidate]) -> bool {
    let next = marks.partition_point(|mark| mark.line < heading.line);
    let end = marks.get(next).map_or(doc.lines.len(), |mark| mark.line);
    let lines = (heading.below..end).filter(|line| doc.heading(*line).is_none());
    heuristics::is_noise(doc, heading) && heuristics::are_links(doc, lines) == Some(Target::Page)
}

/// Leaves out the lines that are in none of some ranges, cut where the reason changes.
fn leave_out(
    doc: &Document<'_>,
    structure: &[Range<usize>],
    repeats: &[Range<usize>],
    outline: &mut Outline<'_>,
) {
    let left = &mut outline.left;
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
        if let Some(heading) = doc.heading(line) {
            let noise = heuristics::noise(doc, heading);
            section = noise.or_else(|| heuristics::links_below(doc, heading));
        }
        let says = doc.line(line);
        if is_definition(doc.open(line)) {
            outline.definitions.push(line);
        } else if says.contains(char::is_alphanumeric) {
            let inner = doc.lines[line].inner.clone();
            let is_head = says.contains('|') && super::table::is_delimiter_row(doc.open(line + 1));
            let is_table = ranges.peek().is_some_and(|range| range.start == line + 2);
            let head = match is_head {
                true if is_table => Some("the head of a table"),
                true if line + 2 < doc.lines.len() => {
                    Some(why(doc, line + 2)).filter(|why| *why == "table of contents")
                }
                _ => None,
            };
            let repeat = is_within(repeats, line).then_some("questions that are asked elsewhere");
            let why = head.or(repeat).or(section).unwrap_or_else(|| why(doc, line));
            match left.last_mut() {
                Some((last, reason))
                    if *reason == why
                        && !structure_between(structure, doc, last.end, inner.start) =>
                {
                    last.end = inner.end;
                }
                _ => left.push((inner, why)),
            }
        }
        line += 1;
    }
}

/// Whether a line defines a link or a footnote: `[name]: …`.
fn is_definition(says: &str) -> bool {
    let label = says.strip_prefix('[').and_then(|rest| rest.split_once("]:"));
    let is_label = label.is_some_and(|(label, _)| !label.is_empty() && !label.contains(['[', ']']));
    let shows_nothing = || {
        let none = Definitions::default();
        let (blocks, _) = blocks::of(says, &markdown::parse(says, &none));
        blocks.iter().all(|block| block.kind == Kind::Invisible)
    };
    is_label && shows_nothing()
}

/// Whether a question or a topic stands between two bytes.
fn structure_between(
    structure: &[Range<usize>],
    doc: &Document<'_>,
    from: usize,
    to: usize,
) -> bool {
    let after = structure.partition_point(|range| doc.start(range.start) < from);
    structure.get(after).is_some_and(|range| doc.start(range.start) < to)
}

/// Why a line is left out.
fn why(doc: &Document<'_>, line: usize) -> &'static str {
    let says = doc.line(line);
    let shown = plain(says);
    let is_page_link = says.contains("](#") || says.contains("href=\"#");
    if doc.lines[line].is_closed && !says.starts_with("<!--") {
        return OUTSIDE;
    }
    let is_tag = |word: &str| word.len() > 1 && word.rfind('#') == Some(0);
    if says.starts_with("<!--") {
        "a comment"
    } else if super::unaccounted::is_property(says) {
        "a property"
    } else if says.contains("img.shields.io") || says.contains("badge") || shown.is_empty() {
        "badges, pictures and tags"
    } else if says.split_whitespace().all(is_tag) {
        "tags"
    } else if is_back(says) && (says.contains("](") || says.contains("<a ")) {
        "a link back to the top"
    } else if is_page_link {
        "table of contents"
    } else {
        OUTSIDE
    }
}
