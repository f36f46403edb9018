//! The native convention: `#` deck, `##` topic, `### Q:` question, bold labels below it.
//!
//! The file is split at its headings of level 1 to 3, and each part is read by itself: only the
//! current deck and topic carry over. Text that belongs to none of them is always reported.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::blocks::{Block, Kind, Label, first_line};
use super::ends::{ENDED, ends_answer, has_text, report_ended, underlined};
use super::file::{File, Foreign};
use super::labels::{begins_list, lines, meaning, swallowed};
use super::stray::{orphans, stray};
use super::{attributes, kinds, missing, note_types};
use crate::config::{self, NoteType, invalid_tag, read_tag};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::model::{
    CardKind, Convention, Deck, Excerpt, Library, Question, Section, SectionKind, Topic,
};
use crate::source::Span;

/// The indices of the decks and topics of a [`Library`].
#[derive(Debug, Default)]
pub struct Index {
    decks: BTreeMap<String, usize>,
    /// The topics of each deck.
    topics: Vec<BTreeMap<Vec<String>, usize>>,
}

impl Index {
    fn deck<'b>(&mut self, library: &'b mut Library, title: &str) -> (usize, &'b mut Deck) {
        let at = self.decks.get(title).copied().unwrap_or_else(|| {
            let (title, at) = (title.to_owned(), library.decks.len());
            self.decks.insert(title.clone(), at);
            self.topics.push(BTreeMap::new());
            library.decks.push(Deck { title, description: Vec::new(), topics: Vec::new() });
            at
        });
        (at, &mut library.decks[at])
    }

    fn topic<'b>(
        &mut self,
        library: &'b mut Library,
        deck: &str,
        path: &[String],
    ) -> &'b mut Topic {
        let (at, deck) = self.deck(library, deck);
        let topics = &mut self.topics[at];
        let topic = topics.get(path).copied().unwrap_or_else(|| {
            let (path, at) = (path.to_vec(), deck.topics.len());
            topics.insert(path.clone(), at);
            deck.topics.push(Topic { path, description: Vec::new(), questions: Vec::new() });
            at
        });
        &mut deck.topics[topic]
    }
}

/// Reads a file into the library, and returns how many headings ask a question.
pub fn read(
    file: &File<'_>,
    index: &mut Index,
    library: &mut Library,
    problems: &mut Vec<Diagnostic>,
) -> usize {
    let mut count = 0;
    let mut deck = file.settings.deck.clone().unwrap_or_else(|| file.stem());
    let mut above = file.settings.topic.clone();
    let mut path = above.clone();
    let mut preface = Vec::new();
    // How long the path is below each topic that is open.
    let mut ends: Vec<usize> = Vec::new();
    let levels = |heading: &Block| {
        let title = file.words(&file.whole(heading));
        // `std::vec` in code is a name.
        let is_name = file.text()[heading.inline.clone()].contains('`');
        if is_name { vec![title] } else { config::levels(&title) }
    };
    let pieces = split_at_headings(&file.scan.blocks);
    let each = pieces.par_iter().with_max_len(64);
    let asked: Vec<_> = each.map(|piece| read_part(file, piece)).collect();
    for ((heading, content), asked) in pieces.into_iter().zip(asked) {
        match heading.map(|heading| (heading, rank(heading))) {
            None => preface.extend(make_description(file, content, problems)),
            Some((heading, 1)) => {
                let mut levels = levels(heading);
                above.clone_from(&file.settings.topic);
                match &file.settings.deck {
                    None if !levels.is_empty() => {
                        deck = levels.remove(0);
                        above.splice(..0, levels);
                    }
                    Some(_) if !file.settings.names(&levels) => above.extend(levels),
                    _ => {}
                }
                path.clone_from(&above);
                ends.clear();
                let text = make_description(file, content, problems);
                let place = describe(index, library, &deck, &path);
                place.append(&mut preface);
                place.extend(text);
            }
            Some((heading, 2)) => {
                let depth = |foreign: &Foreign| foreign.topics.get(&heading.range.start).copied();
                let depth = file.foreign.and_then(depth).unwrap_or(1);
                ends.truncate(depth - 1);
                path.truncate(ends.last().copied().unwrap_or(above.len()));
                path.extend(levels(heading));
                ends.push(path.len());
                let text = make_description(file, content, problems);
                describe(index, library, &deck, &path).extend(text);
            }
            Some((heading, _)) => {
                let Some(Asked { question, deck: own, problems: mut found, left }) = asked else {
                    stray(file, heading, content, problems);
                    let span = section_span(file, heading, content);
                    library.left.push((span, "below a heading that belongs to no question"));
                    continue;
                };
                count += 1;
                problems.append(&mut found);
                let left = left.iter().map(|text| (file.span(&text.content), ENDED));
                library.left.extend(left);
                if let Some(question) = question {
                    if question.is_broken {
                        let span = section_span(file, heading, content);
                        library.left.push((span, "a question that has to be mended"));
                    }
                    let topic = match own {
                        Some(mut levels) => {
                            let title = levels.remove(0);
                            // The headings of topics hold in each deck.
                            let of_deck = file
                                .settings
                                .deck
                                .as_ref()
                                .map_or(&above, |_| &file.settings.topic);
                            levels.extend(path[of_deck.len()..].iter().cloned());
                            index.topic(library, &title, &levels)
                        }
                        None => index.topic(library, &deck, &path),
                    };
                    topic.questions.push(question);
                }
            }
        }
    }
    if !preface.is_empty() {
        describe(index, library, &deck, &above).append(&mut preface);
    }
    count
}

/// A question, with what is wrong with it.
struct Asked {
    /// The question; none if it is empty.
    question: Option<Question>,
    /// The deck that it names for itself, by its levels.
    deck: Option<Vec<String>>,
    problems: Vec<Diagnostic>,
    /// The text below it that does not belong to it.
    left: Vec<Excerpt>,
}

/// Reads the question of a part, if its heading asks one.
///
/// In a translated file, an error is no error of the build: it leaves out only the question, since
/// the user may not be the author of the file.
fn read_part(file: &File<'_>, (heading, content): &(Option<&Block>, &[Block])) -> Option<Asked> {
    let heading = heading.filter(|heading| rank(heading) > 2)?;
    let start = question_start(file, heading)?;
    let (mut problems, mut left) = (Vec::new(), Vec::new());
    let (mut question, deck) =
        read_question(file, heading, start, content, &mut problems, &mut left);
    problems.extend(report_ended(file, &left));
    let is_empty = question.prompt.iter().all(|body| file.is_blank(body));
    if is_empty {
        problems.push(
            Diagnostic::new(Code::EmptyQuestion, question.span, "empty question")
                .help("write the question after `Q:`"),
        );
    }
    if file.foreign.is_some() {
        question.is_broken = diagnostic::any_error(&problems);
        problems.iter_mut().for_each(Diagnostic::leave_out);
    }
    let is_kept = !is_empty || question.is_broken;
    if question.is_broken {
        // All of it is left out.
        left.clear();
    }
    Some(Asked { question: is_kept.then_some(question), deck, problems, left })
}

/// Returns the description of a deck or topic, to add to it.
fn describe<'b>(
    index: &mut Index,
    library: &'b mut Library,
    deck: &str,
    path: &[String],
) -> &'b mut Vec<Excerpt> {
    if path.is_empty() {
        &mut index.deck(library, deck).1.description
    } else {
        &mut index.topic(library, deck, path).description
    }
}

/// Returns the place of a heading and its content in the original.
fn section_span(file: &File<'_>, heading: &Block, content: &[Block]) -> Span {
    let end = content.last().map_or(heading.range.end, |last| last.range.end);
    file.span(&(heading.range.start..end))
}

/// Splits a file at its headings of level 1 to 3.
///
/// An underlined `---` heading below a question is no heading: see
/// [`Code::HeadingBySeparator`].
fn split_at_headings(blocks: &[Block]) -> Vec<(Option<&Block>, &[Block])> {
    let mut pieces = Vec::new();
    let mut heading = None;
    let mut start = 0;
    for (at, block) in blocks.iter().enumerate() {
        let is_below_question = heading.is_some_and(|heading| rank(heading) == 3);
        let opens = match block.kind {
            Kind::Heading(level) => level <= 3,
            Kind::Underlined(level) => level == 1 || !is_below_question,
            _ => false,
        };
        if opens {
            pieces.push((heading, &blocks[start..at]));
            heading = Some(block);
            start = at + 1;
        }
    }
    pieces.push((heading, &blocks[start..]));
    pieces
}

fn rank(heading: &Block) -> u8 {
    match heading.kind {
        Kind::Heading(level) | Kind::Underlined(level) => level,
        _ => 0,
    }
}

/// Returns where the text of a question begins, if the heading asks one.
fn question_start(file: &File<'_>, heading: &Block) -> Option<usize> {
    let text = &file.text()[heading.inline.clone()];
    let question = text.strip_prefix("Q:")?;
    Some(heading.inline.end - question.trim_start().len())
}

/// Returns all visible content as the description of a deck or topic.
fn make_description(
    file: &File<'_>,
    content: &[Block],
    problems: &mut Vec<Diagnostic>,
) -> Option<Excerpt> {
    orphans(file, content, problems);
    let is_visible = |block: &&Block| !matches!(block.kind, Kind::Rule | Kind::Invisible);
    let first = content.iter().find(is_visible)?;
    let last = content.iter().rfind(is_visible)?;
    let mut body = file.whole(first);
    body.blocks.end = last.range.end;
    body.content.end = file.whole(last).content.end;
    Some(body)
}

/// Reads a question; returns it with the deck that it names for itself.
fn read_question(
    file: &File<'_>,
    heading: &Block,
    start: usize,
    content: &[Block],
    problems: &mut Vec<Diagnostic>,
    left: &mut Vec<Excerpt>,
) -> (Question, Option<Vec<String>>) {
    let mut prompt = file.whole(heading);
    prompt.content.start = start;
    let mut question = Question {
        span: file.sources.locate_own(file.place(&first_line(file.text(), &heading.range))),
        prompt: Vec::with_capacity(1),
        sections: Vec::new(),
        tags: Vec::new(),
        id: None,
        wants_new_id: false,
        id_place: (file.place(&(prompt.content.end..prompt.content.end)), false),
        lang: file.settings.lang.clone(),
        dir: file.settings.dir,
        note_type: None,
        own_cards: Vec::new(),
        own_gaps: None,
        kinds: BTreeSet::new(),
        convention: Convention::default(),
        is_broken: false,
    };
    if let Some(foreign) = file.foreign {
        let found = foreign.questions.get(&heading.range.start);
        question.convention = found.copied().unwrap_or_default();
    }
    let mut classes = Vec::new();
    let (mut named, mut deck) = (None, None);
    let mut tags = file.config.tags.clone();
    tags.extend(file.settings.tags.iter().cloned());
    let heading_text = prompt.content.clone();
    if let Some((end, attributes)) = attributes::find(&file.text()[heading_text.clone()]) {
        let from = prompt.content.start;
        prompt.content.end = from + end;
        let inner = from + attributes[0].0.start;
        // Braces that a translation has added are not there to write into.
        let has_braces = file.sources.is_copied(file.place(&(inner..inner + 1)));
        let at = if has_braces { inner } else { prompt.content.end };
        question.id_place = (file.place(&(at..at)), has_braces);
        for (range, attribute) in attributes {
            let span = file.span(&(from + range.start..from + range.end));
            if let Some(id) = attribute.strip_prefix('#') {
                if question.id.is_some() || !attributes::is_id(id) {
                    problems.push(attributes::invalid_id(id, span, question.id.is_some()));
                } else {
                    question.id = Some((id.to_owned(), span));
                }
            } else if attribute == attributes::NEW_ID {
                question.wants_new_id = true;
            } else if let Some(id) = attribute.strip_prefix("id=") {
                problems.push(attributes::invalid_new_id(id, span));
            } else if let Some((kind, wish)) =
                attribute.strip_prefix('.').and_then(CardKind::of_class)
            {
                classes.push((kind, wish, span));
            } else if let Some(tag) = attribute.strip_prefix('.') {
                let (clean, is_changed) = read_tag(tag);
                if is_changed {
                    problems.push(invalid_tag(span, tag, &clean));
                }
                tags.push(clean);
            } else if let Some(lang) = attribute.strip_prefix("lang=") {
                question.lang = config::lang(lang.trim_matches('"'), span, problems);
            } else if let Some(dir) = attribute.strip_prefix("dir=") {
                question.dir = config::direction(dir.trim_matches('"'), span, problems);
            } else if attribute.starts_with(attributes::NOTE_TYPE) {
                named = Some((attribute, span));
            } else if let Some(levels) = attributes::find_deck(attribute) {
                deck.get_or_insert(levels);
            }
        }
    }
    let mut seen = BTreeSet::new();
    tags.retain(|tag| !tag.is_empty() && seen.insert(tag.clone()));
    question.tags = tags;
    question.prompt.push(prompt);
    if named.is_none() {
        problems.extend(note_types::report_nearly_named(file, heading_text));
    }
    let note_type = note_types::choose(file, named, problems);
    let is_labelled = read_sections(file, content, note_type, &mut question, problems, left);
    if let Some(note_type) = note_type {
        note_types::settle(file, note_type, &mut question, &classes, problems);
    } else {
        kinds::settle(file, &mut question, &classes, is_labelled, problems);
        let has_broken_gap = problems.iter().any(|problem| problem.code == Code::BrokenCloze);
        if !has_broken_gap {
            missing::report_unanswered(&question, problems);
        }
    }
    question.sections.retain(|section| !section.body.is_empty());
    // There are many of them.
    question.sections.shrink_to_fit();
    (question, deck)
}

/// Reads the sections below a question, and returns whether its answer has a label.
fn read_sections(
    file: &File<'_>,
    content: &[Block],
    note_type: Option<&NoteType>,
    question: &mut Question,
    problems: &mut Vec<Diagnostic>,
    left: &mut Vec<Excerpt>,
) -> bool {
    let opens = |label: &Label, current| match note_type {
        Some(note_type) => note_types::meaning(note_type, label),
        None => meaning(file.config, label, current),
    };
    let mut is_labelled = false;
    let mut is_ended = false;
    let mut has_list = false;
    let mut labels: Vec<Span> = Vec::new();
    for block in content {
        let ends = ends_answer(file, block);
        if matches!(block.kind, Kind::Rule | Kind::Invisible) {
            is_ended |= ends && has_text(question);
            continue;
        }
        if let Kind::Underlined(_) = block.kind {
            problems.push(underlined(file, block));
        }
        problems.extend(swallowed(file, block, |label| opens(label, None).is_some()));
        for (label, text) in lines(file, block) {
            let current = question.sections.last().map(|section| section.kind);
            let opened = label.and_then(|label| Some((label, opens(label, current)?)));
            if let (None, Some(label), Some(note_type)) = (&opened, label, note_type) {
                problems.extend(note_types::report_unknown(file, note_type, label));
            }
            if let Some((label, (kind, name))) = opened {
                let is_first_answer = kind == SectionKind::Answer && !is_labelled;
                let has_text = question.sections.first().map(|section| section.kind)
                    == Some(SectionKind::Answer);
                if is_first_answer && has_text {
                    question.prompt.push(question.sections.remove(0).body);
                    labels.remove(0);
                }
                is_labelled |= kind == SectionKind::Answer;
                is_ended = false;
                has_list = false;
                labels.push(file.span(&label.range));
                let content = label.after.min(text.content.end)..text.content.end;
                let mut blocks = text.blocks;
                if begins_list(&file.text()[content.start..]) {
                    // The first item is meant to be one as if it stood on a line of its own.
                    blocks.start = content.start;
                }
                let body = Excerpt { blocks, content };
                question.sections.push(Section { kind, label: name, body });
                continue;
            }
            if is_ended {
                left.push(text);
                continue;
            }
            let is_list = block.kind == Kind::List;
            let is_remark = current == Some(SectionKind::KeyPoints) && has_list && !is_list;
            has_list |= is_list;
            match question.sections.last_mut().filter(|_| !is_remark) {
                Some(section) if section.body.is_empty() => section.body = text,
                Some(section) => {
                    section.body.blocks.end = text.blocks.end;
                    section.body.content.end = text.content.end;
                }
                None => {
                    let kind = if is_remark { SectionKind::Extra } else { SectionKind::Answer };
                    labels.push(question.span);
                    question.sections.push(Section { kind, label: None, body: text });
                }
            }
        }
        is_ended |= ends && has_text(question);
    }
    missing::report_pointless(file, question, &labels, problems);
    is_labelled
}
