//! Cards with a heading for each side: `## Front` and `## Back`.
//!
//! One pair is enough, if the file holds little else. Above it there may be the data of an app: the
//! fields of a note and its tags, each in a code block.

use std::ops::Range;

use super::candidate::{Candidate, CardBack};
use super::document::{Document, Heading, fence};
use super::recognizer_input::RecognizerInput;
use super::two_sided;
use super::{boilerplate, heuristics, vocabulary};
use crate::config::clean_tag;
use crate::model::Convention;

pub(super) fn find(input: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = input.doc;
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut floor = 0;
    for at in 0..doc.headings.len() {
        let Some((front, below)) =
            find_front(doc, at).filter(|(front, _)| input.is_free(front.line))
        else {
            continue;
        };
        let back = &doc.headings[below];
        let after = doc.headings[below + 1..].iter().find(|other| other.level <= back.level);
        let end = after.map_or(doc.lines.len(), |after| after.line);
        let (line, tags) =
            find_note_data(doc, floor..front.line).unwrap_or((front.line, Vec::new()));
        let head = doc.line_start(line)..doc.lines[front.line].inner.end;
        let side = |lines: Range<usize>| {
            boilerplate::trim_rows(doc.text, two_sided::side_rows(doc, lines))
        };
        let rows = side(back.below..end);
        let other =
            CardBack { rows, below: end, classes: tags, head: Some(head), ..CardBack::default() };
        let front = side(front.below..back.line);
        candidates.extend(two_sided::make_candidate(
            doc.text,
            Convention::Cards,
            line,
            front,
            other,
        ));
        floor = end;
    }
    let is_made_of_them = input.is_requested
        || input.is_question_bank
        || heuristics::covers_enough(input, &candidates, 2);
    if is_made_of_them { candidates } else { Vec::new() }
}

/// Returns the heading with an index, if it names the front of a card, and the index of the one
/// that names the back.
fn find_front<'d>(doc: &'d Document<'_>, at: usize) -> Option<(&'d Heading, usize)> {
    let front = doc.headings.get(at).filter(|heading| is_named(doc, heading, vocabulary::FRONT))?;
    let mut below = at + 1..doc.headings.len();
    let next = below.find(|below| doc.headings[*below].level <= front.level)?;
    let back = &doc.headings[next];
    let is_back = back.level == front.level && is_named(doc, back, vocabulary::BACK);
    is_back.then_some((front, next))
}

fn is_named(doc: &Document<'_>, heading: &Heading, names: &[&str]) -> bool {
    names.contains(&doc.plain_title(heading).to_lowercase().as_str())
}

/// Returns the line that the data of an app begins on, and the tags in it, if nothing else is
/// between the card before and the front.
fn find_note_data(doc: &Document<'_>, above: Range<usize>) -> Option<(usize, Vec<String>)> {
    let lines = doc.next_nonblank(above.start)..above.end;
    let is_closed = |at: usize| doc.lines[at].is_closed;
    let is_known =
        |at: usize| is_closed(at) || doc.line_text(at).is_empty() || doc.heading_at(at).is_some();
    if !lines.clone().all(is_known) || !lines.clone().any(is_closed) {
        return None;
    }
    let mut tags = Vec::new();
    let mut is_only_tags = false;
    for at in lines.clone() {
        if let Some(heading) = doc.heading_at(at) {
            is_only_tags = is_named(doc, heading, vocabulary::TAGS);
        } else if is_only_tags && is_closed(at) && fence(doc.line_text(at)).is_none() {
            tags.push(clean_tag(doc.line_text(at)));
        }
    }
    tags.retain(|tag| !tag.is_empty());
    Some((lines.start, tags))
}
