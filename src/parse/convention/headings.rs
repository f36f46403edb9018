//! Plain headings that ask something: the last resort, and only in a file that is clearly made of
//! questions.

use super::candidate::{AnswerExtent, Candidate};
use super::document::{Document, Heading, marker};
use super::heuristics;
use super::prompt::{asks, has_mark, longest, number, undecorated, unwrapped};
use super::recognizer_input::RecognizerInput;
use super::vocabulary;
use crate::model::Convention;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let headings = heuristics::levels(
        search,
        |heading| !heuristics::is_noise(doc, heading) && !leads_away(doc, heading),
        |search, headings| {
            let says = |title: &std::ops::Range<usize>| &search.doc.text[title.clone()];
            let marked = headings.iter().filter(|heading| has_mark(says(&heading.title))).count();
            let is_asking = |heading: &&&Heading| heuristics::is_asking(search.doc, heading);
            let asking = headings.iter().filter(is_asking).count();
            let all = headings.len();
            let is_sure = all >= 3 && (marked * 2 >= all || (asking * 3 >= all * 2 && marked > 0));
            let is_likely = all >= 3 && search.is_bank && asking * 2 >= all;
            is_sure || is_likely
        },
    );
    let asking = |level: usize| {
        let of_level = headings.iter().filter(|heading| heading.level == level);
        let all = of_level.clone().count();
        of_level.filter(|heading| heuristics::is_asking(doc, heading)).count() * 10 >= all * 7
    };
    // All in quotes, they are what somebody says who asks.
    let quoted = |level: usize| {
        let mut of_level = headings.iter().filter(|heading| heading.level == level);
        of_level.all(|heading| is_quoted(&doc.text[heading.title.clone()]))
    };
    let clear: Vec<usize> = (1..=6).filter(|level| asking(*level) || quoted(*level)).collect();
    // Where nearly all headings of a level ask, the others do it in fewer words.
    let is_one = |heading: &&Heading| {
        search.is_told
            || clear.contains(&heading.level)
            || asks(&doc.text[heading.title.clone()])
            || is_choice(doc, heading)
    };
    let ends = [headings.first(), headings.last()].map(|end| end.map(|heading| heading.line));
    let is_about_others =
        |heading: &&Heading| ends.contains(&Some(heading.line)) && is_overview(doc, heading);
    let marks = headings.iter().copied().filter(is_one);
    let marks = marks.filter(|heading| search.is_told || !is_about_others(heading));
    let mut marks: Vec<Candidate> = marks.map(|heading| mark(doc, heading)).collect();
    marks.extend(above(search, &headings));
    marks.sort_by_key(|mark| mark.line);
    uncount(doc, &mut marks);
    let is_made_of_them = search.is_told || search.is_bank || heuristics::covers(search, &marks, 2);
    if is_made_of_them { marks } else { Vec::new() }
}

/// The questions between others that are headings of a level above all of them: they have the mark and
/// text right below.
fn above(search: &RecognizerInput<'_>, headings: &[&Heading]) -> Vec<Candidate> {
    let doc = search.doc;
    let Some((first, last)) = headings.first().zip(headings.last()) else { return Vec::new() };
    let highest = headings.iter().map(|heading| heading.level).min().unwrap_or_default();
    let is_one = |heading: &&Heading| {
        let below = doc.visible(heading.below);
        let has_text = below < doc.lines.len() && doc.heading(below).is_none();
        heading.level < highest
            && !heading.is_item
            && (first.line..last.line).contains(&heading.line)
            && has_text
            && has_mark(&doc.text[heading.title.clone()])
            && search.is_free(heading.line)
    };
    doc.headings.iter().filter(is_one).map(|heading| mark(doc, heading)).collect()
}

/// Whether a heading is a link to another page and asks nothing.
fn leads_away(doc: &Document<'_>, heading: &Heading) -> bool {
    let says = &doc.text[heading.title.clone()];
    heuristics::links(says) == Some(heuristics::Target::Elsewhere) && !asks(says)
}

/// Whether a title is in quotes.
fn is_quoted(title: &str) -> bool {
    let quotes = ["\"\"", "“”", "„“", "«»", "「」"];
    let mut pairs = quotes.iter().filter_map(|pair| {
        let close = pair.char_indices().next_back()?.0;
        Some((&pair[..close], &pair[close..]))
    });
    pairs.any(|(open, close)| title.len() > 2 && title.starts_with(open) && title.ends_with(close))
}

/// Whether a heading asks nothing and opens what is said about all others.
fn is_overview(doc: &Document<'_>, heading: &Heading) -> bool {
    let says = doc.plain_title(heading);
    !asks(&says) && longest(&says, vocabulary::OVERVIEW.iter().copied()).is_some()
}

/// The question that a heading is.
pub(super) fn mark(doc: &Document<'_>, heading: &Heading) -> Candidate {
    Candidate {
        convention: Convention::Headings,
        line: heading.line,
        prompt: vec![undecorated(doc.text, unwrapped(doc.text, heading.title.clone()))],
        more: Vec::new(),
        extent: AnswerExtent::Below {
            line: heading.below,
            level: heading.level,
            column: if heading.is_item { heading.column } else { 0 },
            beside: Vec::new(),
        },
    }
}

/// Takes off the numbers that most questions begin with, and the word before them that all begin
/// with, in whatever language: `Galdera 3: …`.
fn uncount(doc: &Document<'_>, marks: &mut [Candidate]) {
    let numbered = |mark: &Candidate| number(&doc.text[mark.prompt.first()?.clone()]);
    if marks.iter().filter_map(numbered).count() * 2 > marks.len() {
        for mark in marks {
            mark.prompt[0].start += numbered(mark).unwrap_or_default();
        }
        return;
    }
    // `a) …`, `b) …`
    let lettered = |mark: &Candidate| {
        let says = &doc.text[mark.prompt.first()?.clone()];
        let behind =
            says.strip_prefix(|c: char| c.is_ascii_lowercase())?.strip_prefix([')', '.'])?;
        behind.starts_with(' ').then(|| says.len() - behind.trim_start().len())
    };
    if marks.iter().filter_map(lettered).count() * 10 > marks.len() * 8 {
        for mark in marks {
            mark.prompt[0].start += lettered(mark).unwrap_or_default();
        }
        return;
    }
    let counted = |mark: &Candidate| {
        let title = mark.prompt.first()?.clone();
        let says = &doc.text[title.clone()];
        let word = &says[..says.find(|c: char| !c.is_alphabetic())?];
        let rest = says[word.len()..].trim_start_matches([' ', '#', '№']);
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let behind =
            rest[digits..].trim_start().strip_prefix(['.', ':', '：', ')', '-', '–', '—'])?;
        let start = title.end - behind.trim_start().len();
        let is_counted = !word.is_empty() && digits > 0 && start < title.end;
        is_counted.then_some((word, rest[..digits].parse::<u64>().ok()?, start))
    };
    let counts: Vec<_> = marks.iter().filter_map(counted).collect();
    let is_next = |pair: &[(&str, u64, usize)]| pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1;
    if counts.len() < 3 || counts.len() < marks.len() || !counts.windows(2).all(is_next) {
        return;
    }
    let starts: Vec<usize> = counts.into_iter().map(|(_, _, start)| start).collect();
    for (mark, start) in marks.iter_mut().zip(starts) {
        mark.prompt[0].start = start;
    }
}

/// Whether there are options with boxes below a heading, and a box is ticked.
fn is_choice(doc: &Document<'_>, heading: &Heading) -> bool {
    let below = (heading.below..doc.lines.len()).take_while(|line| doc.heading(*line).is_none());
    below.into_iter().any(|line| {
        let says = doc.open(line);
        let ticked = says.get(marker(says).unwrap_or_default()..).unwrap_or_default();
        ticked.starts_with("[x] ") || ticked.starts_with("[X] ")
    })
}
