//! Obsidian's syntax in files whose dialect is not known, which would reach a card as it is.

use std::collections::BTreeMap;
use std::ops::Range;

use super::clean::size;
use super::lines::is_field;
use super::lines::{is_deck, is_tag};
use super::syntax::{self, Syntax};
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::ALERTS;
use crate::source::Span;

/// The first place of each kind of syntax, and how many there are.
pub(in crate::parse) type Unread = BTreeMap<&'static str, (usize, Span)>;

/// Counts what is in some parts of a text. `place` returns the place of a range of it.
pub(in crate::parse) fn count(
    text: &str,
    parts: &[Range<usize>],
    place: impl Fn(Range<usize>) -> Span,
    unread: &mut Unread,
) {
    let is_shown = |range: &Range<usize>| {
        let after = parts.partition_point(|part| part.start <= range.start);
        after.checked_sub(1).is_some_and(|before| range.start < parts[before].end)
    };
    let signs =
        ["[[", "%%", "[!", ":: ", "::\n", " ^", "\n^", "((", "dataview", "```query", "```tasks"];
    let may_size = || text.contains("![") && text.contains('|');
    let may_tag = || text.contains(" #");
    if !signs.iter().any(|sign| text.contains(sign)) && !may_size() && !may_tag() {
        return;
    }
    let found = syntax::find(text, 0);
    let mut add = |what: &'static str, range: Range<usize>| {
        if is_shown(&range) {
            let entry = unread.entry(what).or_insert_with(|| (0, place(range.clone())));
            entry.0 += 1;
        }
    };
    for piece in &found.pieces {
        let what = match piece.syntax {
            Syntax::Link => "links in double brackets",
            Syntax::Embed => "embedded files in double brackets",
            Syntax::Comment => "comments between `%%`",
            Syntax::BlockId => "ids of blocks",
            Syntax::Field => "fields in brackets",
            Syntax::Query => "queries",
            Syntax::BlockReference | Syntax::BlockLink => "references to blocks",
            Syntax::Properties => "properties",
            Syntax::Tag => "tags in double brackets",
            Syntax::Image if has_size(&text[piece.range.clone()]) => "sizes of pictures",
            Syntax::Image => continue,
        };
        add(what, piece.range.clone());
    }
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let range = at..at + line.trim_end().len();
        at += line.len();
        if found.closed.around(range.start).is_some() {
            continue;
        }
        if is_callout(line) {
            add("callouts", range);
        } else if let Some(tag) = last_tag(line) {
            add("tags of questions", range.end - tag.len()..range.end);
        } else if is_field(line.trim_end()) {
            add("fields", range);
        }
    }
}

/// Returns whether a line is the title of a callout that is no alert of GitHub.
fn is_callout(line: &str) -> bool {
    let Some(inner) = line.trim_start().strip_prefix('>') else { return false };
    let Some(inner) = inner.trim_start().strip_prefix("[!") else { return false };
    let Some((kind, rest)) = inner.split_once(']') else { return false };
    let is_known = ALERTS.iter().any(|alert| alert.eq_ignore_ascii_case(kind));
    let is_alert = is_known && rest.trim().is_empty();
    !kind.is_empty() && !is_alert
}

/// Returns whether the description of a picture ends with its size.
fn has_size(image: &str) -> bool {
    let description = image.split("](").next().unwrap_or_default();
    description.rsplit_once('|').is_some_and(|(_, word)| size(word).is_some())
}

/// Returns the tag at the end of a heading that is plainly one: of several levels, or a plugin's.
fn last_tag(line: &str) -> Option<&str> {
    let word = line.split_whitespace().next_back()?;
    let is_plain = is_tag(word) && (word.contains('/') || is_deck(word));
    (line.starts_with("##") && is_plain).then_some(word)
}

/// Returns a warning for each kind of syntax.
pub(in crate::parse) fn report(unread: Unread) -> impl Iterator<Item = Diagnostic> {
    unread.into_iter().map(|(what, (count, span))| {
        let message = match count {
            1 => format!("Obsidian's syntax is not read here: {what}"),
            more => format!("Obsidian's syntax is not read here: {what} ({more} times)"),
        };
        Diagnostic::new(Code::ForeignSyntax, span, message).label("stands on a card as it is").help(
            "`dialect = \"obsidian\"` in `deckpress.toml` reads it, and \
                 `dialect = \"commonmark\"` says that it is meant so",
        )
    })
}
