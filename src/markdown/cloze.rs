//! Finds clozes: `{{c1::Paris::city}}` as in Anki, and `==Paris==` (a highlight).
//!
//! Only text and TeX is searched, so `}}` or `::` in code has no meaning. A cloze ends in the block
//! and the inline element in which it begins, so that the rest of the card stays well-formed
//! whichever cloze is hidden. For the same reason a cloze in a formula contains both braces of a
//! pair, or none.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::SpannedEvent;

/// The highest cloze number for which Anki makes a card.
pub const LAST: u16 = 499;

/// A cloze, as the ranges of its delimiters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloze {
    /// The number that the author gave it; a highlight has none.
    pub number: Option<u16>,
    /// The opening delimiter.
    pub open: Range<usize>,
    /// The delimiter between text and hint.
    pub hint: Option<Range<usize>>,
    /// The closing delimiter.
    pub close: Range<usize>,
}

impl Cloze {
    /// Returns the range of the hidden text.
    #[must_use]
    pub fn content(&self) -> Range<usize> {
        self.open.end..self.hint.as_ref().unwrap_or(&self.close).start
    }

    /// Returns whether the braces in the text and in the hint are paired.
    fn is_apart(&self, text: &str) -> bool {
        let hint = self.hint.as_ref().map(|hint| hint.end..self.close.start);
        let parts = std::iter::once(self.content()).chain(hint);
        parts.map(|part| count_braces(&text[part])).all(|counts| counts == (0, 0))
    }
}

/// The beginning of a broken cloze, and the reason.
pub type Broken = (Range<usize>, &'static str);

const UNCLOSED: &str = "this gap is not closed in the block and the markup in which it begins";
const MISSPELT: &str = "a gap begins with a small `c`, one number and two colons; one of two cards \
                        is a gap in a gap, `{{c1::{{c2::text}}}}`";
const BAD_NUMBER: &str = "the number of a gap is one from 1 to 499";
const TOO_DEEP: &str = "Anki knows no more than ten gaps within each other";
const IN_HINT: &str = "a hint holds no gaps";
const UNPAIRED: &str = "in a formula, a gap and its hint hold both braces of a pair or none";

/// The deepest nesting of clozes.
pub const MAX_DEPTH: usize = 10;

/// Finds all clozes in order, and text that looks like the beginning of one.
#[must_use]
pub fn find(events: &[SpannedEvent<'_>], text: &str) -> (Vec<Cloze>, Vec<Broken>) {
    let (found, broken) = Finder::run(events, text, true);
    // Unbalanced braces within a cloze are text, so search again without balancing.
    if broken.iter().any(|(_, why)| *why == UNCLOSED) {
        let (again, fewer) = Finder::run(events, text, false);
        if fewer.len() < broken.len() {
            return (again, fewer);
        }
    }
    (found, broken)
}

/// Joins adjacent text events that are unchanged from the source.
#[must_use]
pub fn join_text<'s>(events: Vec<SpannedEvent<'s>>, text: &str) -> Vec<SpannedEvent<'s>> {
    let mut joined: Vec<SpannedEvent<'s>> = Vec::with_capacity(events.len());
    // The events that were joined.
    let mut grown: Vec<usize> = Vec::new();
    let mut may_grow = false;
    for (event, range) in events {
        let is_as_written = matches!(&event, Event::Text(part) if text[range.clone()] == **part);
        match joined.last_mut() {
            Some((_, place)) if is_as_written && may_grow && place.end == range.start => {
                place.end = range.end;
                grown.push(joined.len() - 1);
            }
            _ => joined.push((event, range)),
        }
        may_grow = is_as_written;
    }
    grown.dedup();
    for at in grown {
        let (event, place) = &mut joined[at];
        *event = Event::Text(CowStr::from(text[place.clone()].to_owned()));
    }
    joined
}

struct Open {
    cloze: Cloze,
    container: usize,
    /// How many braces are open within it.
    braces: usize,
}

struct Finder<'t> {
    text: &'t str,
    is_balanced: bool,
    open: Vec<Open>,
    highlight: Option<(Range<usize>, usize)>,
    found: Vec<Cloze>,
    broken: Vec<Broken>,
}

impl<'t> Finder<'t> {
    fn run(
        events: &[SpannedEvent<'_>],
        text: &'t str,
        is_balanced: bool,
    ) -> (Vec<Cloze>, Vec<Broken>) {
        let mut finder = Self {
            text,
            is_balanced,
            open: Vec::new(),
            highlight: None,
            found: Vec::new(),
            broken: Vec::new(),
        };
        let mut containers = vec![0];
        let mut count = 0;
        let mut closed = 0;
        let mut before = 0;
        for (event, range) in events {
            let container = containers.last().copied().unwrap_or_default();
            match event {
                Event::Start(tag) => {
                    count += 1;
                    containers.push(count);
                    closed += usize::from(excludes_clozes(tag));
                }
                Event::End(end) => {
                    finder.leave(container);
                    containers.pop();
                    closed -= usize::from(matches!(end, TagEnd::CodeBlock | TagEnd::Image));
                }
                Event::Text(part) if closed == 0 && text[range.clone()] == **part => {
                    let is_escaped = before != range.start && text[..range.start].ends_with('\\');
                    let first = part.chars().next().map_or(0, char::len_utf8);
                    let start = range.start + if is_escaped { first } else { 0 };
                    finder.scan(start..range.end, container, false);
                }
                Event::InlineMath(tex) | Event::DisplayMath(tex)
                    if closed == 0 && is_closed(tex) =>
                {
                    count += 1;
                    finder.scan(range.clone(), count, true);
                    finder.leave(count);
                }
                _ => {}
            }
            before = range.end;
        }
        finder.leave(0);
        finder.found.sort_by_key(|cloze| cloze.open.start);
        (finder.found, finder.broken)
    }

    fn leave(&mut self, container: usize) {
        // Nested containers were left before.
        let first = self.open.partition_point(|open| open.container < container);
        let unclosed = self.open.drain(first..).map(|open| (open.cloze.open, UNCLOSED));
        self.broken.extend(unclosed);
        self.highlight.take_if(|(_, opened)| *opened == container);
    }

    fn scan(&mut self, range: Range<usize>, container: usize, is_tex: bool) {
        let mut at = range.start;
        while at < range.end {
            let rest = &self.text[at..range.end];
            at += self.step(rest, at, container, is_tex);
        }
    }

    /// Reads the token at the start of `rest`; returns its length.
    fn step(&mut self, rest: &str, at: usize, container: usize, is_tex: bool) -> usize {
        let is_inside = self.open.last().is_some_and(|open| open.container == container);
        if is_tex && rest.starts_with('\\') {
            return 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
        }
        if let Some((number, length)) = opening(rest) {
            if self.open.last().is_some_and(|open| open.cloze.hint.is_some()) {
                self.broken.push((at..at + length, IN_HINT));
            } else if (1..=LAST).contains(&number) {
                let open = at..at + length;
                if self.open.len() == MAX_DEPTH {
                    self.broken.push((open.clone(), TOO_DEEP));
                }
                let close = open.end..open.end;
                let cloze = Cloze { number: Some(number), open, hint: None, close };
                self.open.push(Open { cloze, container, braces: 0 });
            } else {
                self.broken.push((at..at + length, BAD_NUMBER));
            }
            return length;
        }
        if !is_tex && let Some(length) = misspelt(rest) {
            self.broken.push((at..at + length, MISSPELT));
            return length;
        }
        if is_inside && let Some(open) = self.open.last_mut() {
            if rest.starts_with('{') {
                open.braces += 1;
            } else if rest.starts_with('}') && self.is_balanced && open.braces > 0 {
                open.braces -= 1;
            } else if rest.starts_with("}}") {
                let mut cloze = open.cloze.clone();
                cloze.close = at..at + 2;
                self.open.pop();
                if is_tex && !cloze.is_apart(self.text) {
                    self.broken.push((cloze.open, UNPAIRED));
                } else if self.open.len() < MAX_DEPTH {
                    self.found.push(cloze);
                }
                return 2;
            } else if rest.starts_with("::") && open.cloze.hint.is_none() {
                open.cloze.hint = Some(at..at + 2);
                return 2;
            }
        } else if !is_tex && self.open.is_empty() && rest.starts_with("==") {
            return self.highlight(rest, at, container);
        }
        rest.chars().next().map_or(1, char::len_utf8)
    }

    /// Reads `==`, which opens before a word and closes behind one; returns its length.
    fn highlight(&mut self, rest: &str, at: usize, container: usize) -> usize {
        let width = rest.len() - rest.trim_start_matches('=').len();
        let after = self.text[at + width..].chars().next().filter(|c| !c.is_whitespace());
        let before = self.text[..at].chars().next_back().filter(|c| !c.is_whitespace());
        if width != 2 {
            return width;
        }
        let mark = at..at + width;
        match self.highlight.take() {
            Some((open, opened)) if opened == container && before.is_some() && open.end < at => {
                self.found.push(Cloze { number: None, open, hint: None, close: mark });
            }
            _ if after.is_some() => self.highlight = Some((mark, container)),
            other => self.highlight = other,
        }
        width
    }
}

/// Returns whether an element can contain no clozes.
fn excludes_clozes(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::CodeBlock(_) | Tag::Image { .. })
}

/// Reads `{{c1::`; returns its number and length.
fn opening(text: &str) -> Option<(u16, usize)> {
    let digits = text.strip_prefix("{{c")?;
    let length = digits.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let is_open = length > 0 && digits[length..].starts_with("::");
    is_open.then(|| (digits[..length].parse().unwrap_or(u16::MAX), "{{c".len() + length + 2))
}

/// Reads `{{C1::`, `{{c1:` or `{{c1,2::`; returns its length.
fn misspelt(text: &str) -> Option<usize> {
    let digits = text.strip_prefix("{{")?.strip_prefix(['c', 'C'])?;
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit());
    let behind = digits.trim_start_matches(|c: char| c.is_ascii_digit() || (is_number && c == ','));
    let is_meant = behind.len() < digits.len() && behind.starts_with(':');
    is_meant.then(|| text.len() - behind.trim_start_matches(':').len())
}

/// Returns whether all braces of `tex` are closed. MathJax ignores a closing delimiter within
/// braces, and would take the text that follows for TeX.
#[must_use]
pub fn is_closed(tex: &str) -> bool {
    count_braces(tex).1 == 0
}

/// Counts the braces of TeX that close nothing, and those that are open at its end.
#[must_use]
pub fn count_braces(tex: &str) -> (usize, usize) {
    let (mut unopened, mut open) = (0, 0);
    let mut chars = tex.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '{' => open += 1,
            '}' if open == 0 => unopened += 1,
            '}' => open -= 1,
            _ => {}
        }
    }
    (unopened, open)
}

/// Returns the numbers that the author gave.
#[must_use]
pub fn numbers(clozes: &[Cloze]) -> BTreeSet<u16> {
    clozes.iter().filter_map(|cloze| cloze.number).collect()
}

#[cfg(test)]
mod tests {
    use super::{find, join_text};
    use crate::markdown::parse;
    use crate::model::Definitions;

    fn clozes(text: &str) -> (Vec<String>, usize) {
        let definitions = Definitions::default();
        let events = join_text(parse(text, &definitions), text);
        let (found, broken) = find(&events, text);
        let shown = found.iter().map(|cloze| {
            let number = cloze.number.map_or("=".to_owned(), |n| n.to_string());
            let hint = cloze.hint.clone().map(|hint| &text[hint.end..cloze.close.start]);
            let hint = hint.map_or(String::new(), |hint| format!(" ({hint})"));
            format!("{number} {}{hint}", &text[cloze.content()])
        });
        (shown.collect(), broken.len())
    }

    #[test]
    fn gaps_are_found() {
        let check = |text, expect: &[&str]| {
            let expect = expect.iter().map(ToString::to_string).collect();
            assert_eq!(clozes(text), (expect, 0), "{text}");
        };
        check("{{c1::Paris}} and {{c2::Rome::city}}", &["1 Paris", "2 Rome (city)"]);
        check("{{c1::**bold** and `a::b}}`}}", &["1 **bold** and `a::b}}`"]);
        check("{{c1::a {b} c}} }}", &["1 a {b} c"]);
        check("{{c1::a { b}}", &["1 a { b"]);
        check("{{c1::a {{c2::b}}}}", &["1 a {{c2::b}}", "2 b"]);
        check("{{c1::$\\frac{a}{b}$}}", &["1 $\\frac{a}{b}$"]);
        check("$x = {{c1::\\frac{a}{b}::a fraction}}$", &["1 \\frac{a}{b} (a fraction)"]);
        check("==a== and ==`b`== c", &["= a", "= `b`"]);
        check("a == b and c == d, === e ===", &[]);
        check("`{{c1::a}}` \\{{c1::b}}", &[]);
        check("- {{c1::a}}\n- {{c2::b\n  c}}", &["1 a", "2 b\n  c"]);
        check("| a |\n|---|\n| {{c3::x}} |", &["3 x"]);
    }

    #[test]
    fn what_is_no_gap_is_said() {
        let check = |text: &str, count| assert_eq!(clozes(text).1, count, "{text}");
        check("{{c1::a", 1);
        check("{{c0::a}}", 1);
        check("{{c500::a}}", 1);
        check("{{c1::a\n\nb}}", 1);
        check("{{c1::**a}}** b", 1);
        check("{{C1::a}} and {{c1:a}}", 2);
        check("{{c:a}} {{c1}} {{C1 :", 0);
        check("{{c1,2::a}} {{c,2::b}}", 1);
        check("{{c1::a::b {{c2::c}}}}", 1);
        check("{{c1::a {{c2::b::c}}::d}}", 0);
        check("${a {{c1:: } }}$", 1);
        check("${a {{c1::b:: } }}$", 1);
        check("$\\frac{ {{c1:: a}{b }} }$", 1);
        check("$\\{ {{c1:: \\} }}$", 0);
    }

    #[test]
    fn gaps_nest_as_deep_as_in_anki() {
        for (depth, found, broken) in [(10, 10, 0), (11, 10, 1), (99, 10, 1)] {
            let text = format!("{}a{}", "{{c1::".repeat(depth), "}}".repeat(depth));
            let (shown, wrong) = clozes(&text);
            assert_eq!((shown.len(), wrong), (found, broken), "{text}");
        }
    }
}
