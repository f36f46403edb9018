//! Gaps in the HTML of a field, as Anki finds them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::markdown::cloze::{MAX_DEPTH, count_braces};

/// A gap that is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Gap {
    /// Where it begins.
    pub(super) start: usize,
    /// Where the `}}` at its end is.
    pub(super) end: usize,
    /// How long its opening is.
    pub(super) opening: usize,
    /// Where the `::` before its hint is.
    hint: Option<usize>,
}

/// Returns the gaps of a field, in order.
pub(super) fn find(html: &str) -> Vec<Gap> {
    let mut found = Vec::new();
    let mut open: Vec<Gap> = Vec::new();
    let mut at = 0;
    while let Some(next) = html[at..].find(['{', '}', ':']) {
        at += next;
        let rest = &html[at..];
        if let Some(opening) = read_opening(rest) {
            open.push(Gap { start: at, end: at, opening, hint: None });
            at += opening;
        } else if rest.starts_with("}}") {
            found.extend(open.pop().map(|gap| Gap { end: at, ..gap }));
            at += 2;
        } else if rest.starts_with("::") {
            if let Some(gap) = open.last_mut() {
                gap.hint = gap.hint.or(Some(at));
            }
            at += 2;
        } else {
            at += 1;
        }
    }
    found.sort_unstable();
    found
}

/// Returns the length of `{{c1::` at the start of a text.
fn read_opening(text: &str) -> Option<usize> {
    let numbers = text.strip_prefix("{{c")?;
    let length = numbers.find(|c: char| !c.is_ascii_digit() && c != ',')?;
    let is_number = numbers[..length].starts_with(|c: char| c.is_ascii_digit());
    (is_number && numbers[length..].starts_with("::")).then_some(length + 5)
}

/// Writes a gap of several cards, `{{c1,2::x::hint}}`, as gaps within each other. Markdown has
/// those, and Anki shows the same on each card.
pub(super) fn nest(html: &str) -> Cow<'_, str> {
    let gaps = find(html);
    let mut edits = Vec::new();
    for gap in &gaps {
        let content = gap.start + gap.opening;
        let numbers = &html[gap.start + 3..content - 2];
        if !numbers.contains(',') {
            continue;
        }
        let numbers: BTreeSet<u16> = numbers.split(',').filter_map(|it| it.parse().ok()).collect();
        let open =
            numbers.iter().fold(String::new(), |open, number| open + &format!("{{{{c{number}::"));
        // Anki opens no gaps that are deeper.
        if numbers.len() > MAX_DEPTH {
            continue;
        }
        let close = match gap.hint {
            Some(hint) => format!("{}}}}}", &html[hint..gap.end]),
            None => "}}".to_owned(),
        };
        edits.push((gap.start..content, open));
        let more = close.repeat(numbers.len().saturating_sub(1));
        edits.push((gap.end..gap.end + 2, format!("}}}}{more}")));
    }
    if edits.is_empty() {
        return Cow::Borrowed(html);
    }
    edits.sort_by_key(|(place, _)| place.start);
    let (mut out, mut at) = (String::with_capacity(html.len() * 2), 0);
    for (place, text) in edits {
        out.push_str(&html[at..place.start]);
        out.push_str(&text);
        at = place.end;
    }
    out.push_str(&html[at..]);
    Cow::Owned(out)
}

/// Returns whether a place may be a formula: all gaps that begin in it end in it, and each hides
/// both braces of a pair, or none.
pub(super) fn fit_formula(html: &str, gaps: &[Gap], start: usize, end: usize) -> bool {
    let first = gaps.partition_point(|gap| gap.start < start);
    let is_paired = |text: &str| count_braces(text) == (0, 0);
    gaps[first..].iter().take_while(|gap| gap.start < end).all(|gap| {
        let content = gap.start + gap.opening;
        gap.end + 2 <= end
            && is_paired(&html[content..gap.hint.unwrap_or(gap.end)])
            && gap.hint.is_none_or(|hint| is_paired(&html[hint + 2..gap.end]))
    })
}

#[cfg(test)]
mod tests {
    use super::nest;

    #[test]
    fn a_gap_of_several_cards_is_several_gaps() {
        let check = |html: &str, expect: &str| assert_eq!(nest(html), expect, "{html}");
        check("{{c1,2::x}} {{c1::y}}", "{{c1::{{c2::x}}}} {{c1::y}}");
        check("{{c2,1::x::a hint}}", "{{c1::{{c2::x::a hint}}::a hint}}");
        check("{{c1,3::x {{c2::y::z}} w}}", "{{c1::{{c3::x {{c2::y::z}} w}}}}");
        check("{{c1,1::x}}", "{{c1::x}}");
        check("{{c1::a, b}} {{c1,2::open", "{{c1::a, b}} {{c1,2::open");
    }
}
