//! Decides whether a line that begins with a colon is a definition or prose.
//!
//! The parser takes the paragraph above any such line for a term, even above `:smile:`, `::: note`,
//! or the answer of a label. Here a term is one line, and a space follows the colon. A label may
//! open the line of the first term or stand above it, but is not a term itself. All other colons
//! are hidden behind placeholders, so that they are read as text.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::{SpannedEvent, html, options, placeholder};

/// How often the text is parsed again before all its definitions are given up.
const ROUNDS: usize = 8;

/// Hides colons that define nothing behind a placeholder; returns `None` if there are none.
pub(super) fn hide_prose_colons(text: &str) -> Option<(String, u8)> {
    let colons = find_colons(text);
    if colons.is_empty() {
        return None;
    }
    let placeholder = placeholder::find_free(text)?;
    let mut hidden = text.as_bytes().to_vec();
    let may_define = |at: usize| text[at + 1..].starts_with([' ', '\t']);
    let (maybe, never): (Vec<usize>, Vec<usize>) =
        colons.into_iter().partition(|&at| may_define(at));
    let mut wrong = never;
    for _ in 0..ROUNDS {
        for at in wrong {
            hidden[at] = placeholder;
        }
        let edited = std::str::from_utf8(&hidden).ok()?;
        wrong = if maybe.is_empty() { Vec::new() } else { find_prose_colons(edited) };
        if wrong.is_empty() {
            let is_same = edited == text;
            return (!is_same).then(|| (edited.to_owned(), placeholder));
        }
    }
    for at in maybe {
        hidden[at] = placeholder;
    }
    Some((String::from_utf8(hidden).ok()?, placeholder))
}

/// Returns the colons at the start of lines, at least those that the parser could take for
/// definitions.
fn find_colons(text: &str) -> Vec<usize> {
    let opens_line = |at: &usize| {
        let before = text[..*at].trim_end_matches([' ', '\t', '>']);
        before.is_empty() || before.ends_with(['\n', '\r'])
    };
    text.match_indices(':').map(|(at, _)| at).filter(opens_line).collect()
}

/// Returns the colons of definitions whose term is not one.
fn find_prose_colons(text: &str) -> Vec<usize> {
    let mut wrong = Vec::new();
    // For each open list, whether a term was seen, and whether the last one is valid.
    let mut open: Vec<(bool, bool)> = Vec::new();
    // The open term, and the bold text that it begins with.
    let mut term: Option<(Range<usize>, Option<Range<usize>>)> = None;
    let mut is_first = false;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::DefinitionList) => open.push((false, false)),
            Event::End(TagEnd::DefinitionList) => {
                open.pop();
            }
            Event::Start(Tag::DefinitionListTitle) => {
                term = Some((range, None));
                is_first = true;
            }
            Event::End(TagEnd::DefinitionListTitle) => {
                if let (Some((term, bold)), Some(list)) = (term.take(), open.last_mut()) {
                    *list = (true, is_term(text, term, bold, !list.0));
                }
            }
            Event::Start(Tag::DefinitionListDefinition) => {
                let line = text[range.clone()].trim_start();
                let marker = range.end - line.len();
                let is_blank = line.lines().next().is_none_or(|line| line[1..].trim().is_empty());
                if is_blank || !open.last().is_some_and(|list| list.1) {
                    wrong.push(marker);
                }
            }
            event => {
                if let Some((_, bold)) = &mut term
                    && is_first
                    && event == Event::Start(Tag::Strong)
                {
                    *bold = Some(range);
                }
                is_first = false;
            }
        }
    }
    wrong
}

/// Returns whether a paragraph, without a label at its start, is a term.
fn is_term(
    text: &str,
    term: Range<usize>,
    bold: Option<Range<usize>>,
    may_be_labelled: bool,
) -> bool {
    const COLONS: [char; 2] = [':', '：'];
    let mut rest = &text[term.clone()];
    if let Some(bold) = bold {
        let says = text[bold.clone()].trim_matches(['*', '_']);
        let after = &text[bold.end..term.end];
        if says.ends_with(COLONS) || after.starts_with(COLONS) {
            if !may_be_labelled {
                return false;
            }
            rest = after.trim_start_matches(COLONS);
        }
    }
    let rest = html::without_comments(rest);
    let rest = rest.trim().trim_start_matches('\\').trim_start();
    // A line that begins with a colon, which is hidden now, is not a term either.
    !rest.is_empty() && !rest.contains(['\n', '\r']) && !rest.starts_with(char::is_control)
}

/// Ends each list with its last definition: the parser extends it over the paragraph below.
pub(super) fn trim(events: &mut [SpannedEvent<'_>]) {
    let mut open: Vec<(usize, usize)> = Vec::new();
    for at in 0..events.len() {
        let (event, range) = &events[at];
        match event {
            Event::Start(Tag::DefinitionList) => open.push((at, range.end)),
            Event::End(TagEnd::DefinitionListTitle | TagEnd::DefinitionListDefinition) => {
                if let Some((_, end)) = open.last_mut() {
                    *end = range.end;
                }
            }
            Event::End(TagEnd::DefinitionList) => {
                if let Some((start, end)) = open.pop() {
                    events[start].1.end = end;
                    events[at].1.end = end;
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Tag};

    use crate::markdown::parse;
    use crate::model::Definitions;

    /// Counts the definitions in a text.
    fn definitions(text: &str) -> usize {
        let definitions = Definitions::default();
        let events = parse(text, &definitions);
        for (event, range) in &events {
            assert!(text.get(range.clone()).is_some(), "{event:?} of {text}");
            if let Event::Text(shown) = event {
                assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
            }
        }
        let is_one = |event: &Event<'_>| *event == Event::Start(Tag::DefinitionListDefinition);
        events.iter().filter(|(event, _)| is_one(event)).count()
    }

    #[test]
    fn definitions_are_found() {
        let check = |text, expect| assert_eq!(definitions(text), expect, "{text}");
        check("Term\n: a", 1);
        check("Term\r\n: a\r\n: b\r\n\r\nOther\r\n\r\n:\tc", 3);
        check("> - Term\n>   : a", 1);
        check("**Label:** Term\n: a", 1);
        check("**Label**:\\\nTerm\n: a", 1);
        check("**Term**\n: a\n: b", 2);
        check("Term\n: a\n:b\n\n:c\n: d", 1);
    }

    #[test]
    fn prose_defines_nothing() {
        for text in [
            ": a",
            "two\nlines\n: a\n: b",
            "Word\n:smile:\n: a",
            "Word\n:\n: a",
            "::: note\na\n:::",
            "**Label:**\n: a",
            "**Label:** <!-- x -->\n: a",
            "**Label:**\ntwo\nlines\n: a",
            "__Label__：\n\n: a",
            "    Term\n    : a\n\n```\nTerm\n: a\n```",
            "# Heading\n: a",
            "- item\n: a",
        ] {
            assert_eq!(definitions(text), 0, "{text}");
        }
    }

    #[test]
    fn a_list_ends_with_its_last_definition() {
        let definitions = Definitions::default();
        let text = "Term\n: a\n\nBelow\n\nMore";
        let events = parse(text, &definitions);
        assert_eq!(events[0], (Event::Start(Tag::DefinitionList), 0..10));
    }

    #[test]
    fn many_colons_take_no_time() {
        let definitions = Definitions::default();
        for piece in ["a\n: b\n", "a\nb\n: c\n\n", ":x\n", "t\n: - l\n\n  : z\n", "> : "] {
            assert!(!parse(&piece.repeat(10_000), &definitions).is_empty());
        }
    }
}
