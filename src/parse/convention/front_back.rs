//! `## Front` and `## Back`: headings that name the two sides of a card.
//!
//! One pair is enough, if the file holds little else. Above it there may be what a program keeps
//! with a note: fields in a fence, and tags in another.

use std::ops::Range;

use super::candidate::{Candidate, CardBack};
use super::document::{Document, Heading, fence};
use super::recognizer_input::RecognizerInput;
use super::two_sided;
use super::{boilerplate, heuristics, vocabulary};
use crate::config::clean_tag;
use crate::model::Convention;

pub(super) fn find(search: &RecognizerInput<'_>) -> Vec<Candidate> {
    let doc = search.doc;
    let mut marks: Vec<Candidate> = Vec::new();
    let mut floor = 0;
    for at in 0..doc.headings.len() {
        let Some((front, below)) = front(doc, at).filter(|(front, _)| search.is_free(front.line))
        else {
            continue;
        };
        let back = &doc.headings[below];
        let after = doc.headings[below + 1..].iter().find(|other| other.level <= back.level);
        let end = after.map_or(doc.lines.len(), |after| after.line);
        let (line, tags) = note(doc, floor..front.line).unwrap_or((front.line, Vec::new()));
        let head = doc.start(line)..doc.lines[front.line].inner.end;
        let side =
            |lines: Range<usize>| boilerplate::trimmed(doc.text, two_sided::side(doc, lines));
        let rows = side(back.below..end);
        let other =
            CardBack { rows, below: end, classes: tags, head: Some(head), ..CardBack::default() };
        let front = side(front.below..back.line);
        marks.extend(two_sided::mark(doc.text, Convention::Cards, line, front, other));
        floor = end;
    }
    let is_made_of_them = search.is_told || search.is_bank || heuristics::covers(search, &marks, 2);
    if is_made_of_them { marks } else { Vec::new() }
}

/// The heading at a place, if it names the front of a card, and which one names the back.
fn front<'d>(doc: &'d Document<'_>, at: usize) -> Option<(&'d Heading, usize)> {
    let front = doc.headings.get(at).filter(|heading| is_named(doc, heading, vocabulary::FRONT))?;
    let mut below = at + 1..doc.headings.len();
    let next = below.find(|below| doc.headings[*below].level <= front.level)?;
    let back = &doc.headings[next];
    let is_back = back.level == front.level && is_named(doc, back, vocabulary::REVERSE);
    is_back.then_some((front, next))
}

fn is_named(doc: &Document<'_>, heading: &Heading, names: &[&str]) -> bool {
    names.contains(&doc.plain_title(heading).to_lowercase().as_str())
}

/// Where what a program keeps with a note begins, and the tags in it, if that is all there is between
/// the end of the card before and its front.
fn note(doc: &Document<'_>, above: Range<usize>) -> Option<(usize, Vec<String>)> {
    let lines = doc.visible(above.start)..above.end;
    let is_closed = |at: usize| doc.lines[at].is_closed;
    let is_known =
        |at: usize| is_closed(at) || doc.line(at).is_empty() || doc.heading(at).is_some();
    if !lines.clone().all(is_known) || !lines.clone().any(is_closed) {
        return None;
    }
    let mut tags = Vec::new();
    let mut is_tags = false;
    for at in lines.clone() {
        if let Some(heading) = doc.heading(at) {
            is_tags = is_named(doc, heading, vocabulary::TAGS);
        } else if is_tags && is_closed(at) && fence(doc.line(at)).is_none() {
            tags.push(clean_tag(doc.line(at)));
        }
    }
    tags.retain(|tag| !tag.is_empty());
    Some((lines.start, tags))
}
