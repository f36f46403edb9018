//! Headings that ask, without number or label. This is the last resort, and only for a file that
//! clearly consists of questions.

use super::candidate::{AnswerExtent, Candidate};
use super::document::{Document, Heading, marker};
use super::heuristics;
use super::prompt::{longest_prefix, number_width, strip_decoration, strip_wrappers};
use super::question_form::{has_question_mark, is_clear_question, is_question_like};
use super::recognizer_input::RecognizerInput;
use super::vocabulary;
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let headings = heuristics::select_levels(
        input,
        |heading| !heuristics::is_noise(doc, heading) && !leads_away(doc, heading),
        |input, headings| {
            let snippet = |title: &std::ops::Range<usize>| &input.doc.text[title.clone()];
            let marked = headings
                .iter()
                .filter(|heading| has_question_mark(snippet(&heading.title)))
                .count();
            let is_asking = |heading: &&&Heading| heuristics::is_asking(input.doc, heading);
            let asking = headings.iter().filter(is_asking).count();
            let all = headings.len();
            let is_sure = all >= 3 && (marked * 2 >= all || (asking * 3 >= all * 2 && marked > 0));
            // An article about interviews has titles such as `How to prepare`.
            let is_guide = |heading: &&&Heading| {
                is_asking(heading) && !is_clear_question(snippet(&heading.title))
            };
            let guides = headings.iter().filter(is_guide).count();
            let is_likely = all >= 3
                && input.is_question_bank
                && asking * 2 >= all
                && (marked > 0 || guides * 2 <= asking);
            is_sure || is_likely
        },
    );
    let asking = |level: usize| {
        let of_level = headings.iter().filter(|heading| heading.level == level);
        let all = of_level.clone().count();
        of_level.filter(|heading| heuristics::is_asking(doc, heading)).count() * 10 >= all * 7
    };
    // Headings that are all in quotes quote an interviewer: `## “Tell me about yourself”`.
    let quoted = |level: usize| {
        let mut of_level = headings.iter().filter(|heading| heading.level == level);
        of_level.all(|heading| is_quoted(&doc.text[heading.title.clone()]))
    };
    let clear: Vec<usize> = (1..=6).filter(|level| asking(*level) || quoted(*level)).collect();
    // If nearly all headings of a level ask, the others are questions, too: `## Closures`.
    let is_one = |heading: &&Heading| {
        input.is_requested
            || clear.contains(&heading.level)
            || is_question_like(&doc.text[heading.title.clone()])
            || has_ticked_box(doc, heading)
    };
    let ends = [headings.first(), headings.last()].map(|end| end.map(|heading| heading.line));
    let is_about_others =
        |heading: &&Heading| ends.contains(&Some(heading.line)) && is_overview(doc, heading);
    let candidates = headings.iter().copied().filter(is_one);
    let candidates = candidates.filter(|heading| input.is_requested || !is_about_others(heading));
    let mut candidates: Vec<Candidate> =
        candidates.map(|heading| make_candidate(doc, heading)).collect();
    candidates.extend(find_above(input, &headings));
    candidates.sort_by_key(|candidate| candidate.line);
    remove_numbers(doc, &mut candidates);
    let is_made_of_them = input.is_requested
        || input.is_question_bank
        || heuristics::covers_enough(input, &candidates, 2);
    if is_made_of_them { candidates } else { Vec::new() }
}

/// Finds questions of a higher level among the others: headings with a question mark and text right
/// below.
fn find_above(input: &RecognizerInput<'_>, headings: &[&Heading]) -> Vec<Candidate> {
    let doc = input.doc;
    let Some((first, last)) = headings.first().zip(headings.last()) else { return Vec::new() };
    let highest = headings.iter().map(|heading| heading.level).min().unwrap_or_default();
    let is_one = |heading: &&Heading| {
        let below = doc.next_nonblank(heading.below);
        let has_text = below < doc.lines.len() && doc.heading_at(below).is_none();
        heading.level < highest
            && !heading.is_item
            && (first.line..last.line).contains(&heading.line)
            && has_text
            && has_question_mark(&doc.text[heading.title.clone()])
            && input.is_free(heading.line)
    };
    doc.headings.iter().filter(is_one).map(|heading| make_candidate(doc, heading)).collect()
}

/// Returns whether a heading is a link to another page and does not ask.
fn leads_away(doc: &Document<'_>, heading: &Heading) -> bool {
    let snippet = &doc.text[heading.title.clone()];
    heuristics::find_link_target(snippet) == Some(heuristics::LinkTarget::Elsewhere)
        && !is_question_like(snippet)
}

/// Returns whether a title is in quotes.
fn is_quoted(title: &str) -> bool {
    let quotes = ["\"\"", "“”", "„“", "«»", "「」"];
    let mut pairs = quotes.iter().filter_map(|pair| {
        let close = pair.char_indices().next_back()?.0;
        Some((&pair[..close], &pair[close..]))
    });
    pairs.any(|(open, close)| title.len() > 2 && title.starts_with(open) && title.ends_with(close))
}

/// Returns whether a heading does not ask and opens an overview, a summary or the like.
fn is_overview(doc: &Document<'_>, heading: &Heading) -> bool {
    let snippet = doc.plain_title(heading);
    !is_question_like(&snippet)
        && longest_prefix(&snippet, vocabulary::OVERVIEW.iter().copied()).is_some()
}

/// Makes a candidate of a heading.
pub(super) fn make_candidate(doc: &Document<'_>, heading: &Heading) -> Candidate {
    Candidate {
        convention: Convention::Headings,
        line: heading.line,
        prompt: vec![strip_decoration(doc.text, strip_wrappers(doc.text, heading.title.clone()))],
        more: Vec::new(),
        extent: AnswerExtent::Below {
            line: heading.below,
            level: heading.level,
            column: if heading.is_item { heading.column } else { 0 },
            beside: Vec::new(),
        },
    }
}

/// Removes the numbers that most questions begin with, and a word before the numbers that all have
/// in common, in whatever language: `Galdera 3: …`.
fn remove_numbers(doc: &Document<'_>, candidates: &mut [Candidate]) {
    let numbered =
        |candidate: &Candidate| number_width(&doc.text[candidate.prompt.first()?.clone()]);
    if candidates.iter().filter_map(numbered).count() * 2 > candidates.len() {
        for candidate in candidates {
            candidate.prompt[0].start += numbered(candidate).unwrap_or_default();
        }
        return;
    }
    // `a) …`, `b) …`
    let lettered = |candidate: &Candidate| {
        let snippet = &doc.text[candidate.prompt.first()?.clone()];
        let behind =
            snippet.strip_prefix(|c: char| c.is_ascii_lowercase())?.strip_prefix([')', '.'])?;
        behind.starts_with(' ').then(|| snippet.len() - behind.trim_start().len())
    };
    if candidates.iter().filter_map(lettered).count() * 10 > candidates.len() * 8 {
        for candidate in candidates {
            candidate.prompt[0].start += lettered(candidate).unwrap_or_default();
        }
        return;
    }
    let counted = |candidate: &Candidate| {
        let title = candidate.prompt.first()?.clone();
        let snippet = &doc.text[title.clone()];
        let word = &snippet[..snippet.find(|c: char| !c.is_alphabetic())?];
        let rest = snippet[word.len()..].trim_start_matches([' ', '#', '№']);
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let behind =
            rest[digits..].trim_start().strip_prefix(['.', ':', '：', ')', '-', '–', '—'])?;
        let start = title.end - behind.trim_start().len();
        let is_counted = !word.is_empty() && digits > 0 && start < title.end;
        is_counted.then_some((word, rest[..digits].parse::<u64>().ok()?, start))
    };
    let counts: Vec<_> = candidates.iter().filter_map(counted).collect();
    let is_next = |pair: &[(&str, u64, usize)]| pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1;
    if counts.len() < 3 || counts.len() < candidates.len() || !counts.windows(2).all(is_next) {
        return;
    }
    let starts: Vec<usize> = counts.into_iter().map(|(_, _, start)| start).collect();
    for (candidate, start) in candidates.iter_mut().zip(starts) {
        candidate.prompt[0].start = start;
    }
}

/// Returns whether there is a ticked box below a heading.
fn has_ticked_box(doc: &Document<'_>, heading: &Heading) -> bool {
    let below = (heading.below..doc.lines.len()).take_while(|line| doc.heading_at(*line).is_none());
    below.into_iter().any(|line| {
        let snippet = doc.open_text(line);
        let ticked = snippet.get(marker(snippet).unwrap_or_default()..).unwrap_or_default();
        ticked.starts_with("[x] ") || ticked.starts_with("[X] ")
    })
}
