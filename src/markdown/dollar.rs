//! Dollar signs: is it money, a shell variable, a regular expression, or math?
//!
//! The parser pairs dollar signs by their neighbours alone. Here each pair is looked at again; the
//! first sign of a pair that is no math is hidden behind a stand-in of the same length, and the
//! text is parsed once more, so that what stands between the signs is read as the prose that it is.

use std::ops::Range;

use pulldown_cmark::Event;

use super::{Placed, backslash, stand_in};

/// The events with money and the like as text, or `None` if every pair is math already.
///
/// What is `known` to be math, in order, is not looked at, and no other pair may reach into it.
pub(super) fn without_money(
    text: &str,
    known: &[Range<usize>],
    events: &[Placed<'_>],
    parse: impl Fn(&str) -> Vec<Placed<'static>>,
) -> Option<Vec<Placed<'static>>> {
    let mut wrong = not_math(text, known, events);
    if wrong.is_empty() {
        return None;
    }
    let stand_in = stand_in::free(text)?;
    let mut bytes = text.as_bytes().to_vec();
    loop {
        for at in wrong {
            bytes[at] = stand_in;
        }
        let edited = std::str::from_utf8(&bytes).ok()?;
        let mut events = parse(edited);
        wrong = not_math(edited, known, &events);
        if wrong.is_empty() {
            stand_in::restore(&mut events, stand_in, "$");
            return Some(events);
        }
    }
}

/// Where pairs begin that are no math; of `$$` both signs.
fn not_math(text: &str, known: &[Range<usize>], events: &[Placed<'_>]) -> Vec<usize> {
    let mut wrong = Vec::new();
    for (event, range) in events {
        let (content, width) = match event {
            Event::InlineMath(content) => (content, 1),
            Event::DisplayMath(content) => (content, 2),
            _ => continue,
        };
        let next = known.partition_point(|math| math.end <= range.start);
        match known.get(next) {
            Some(math) if math.start <= range.start => continue,
            Some(math) if math.start < range.end => {
                wrong.extend(range.start..(range.start + width).min(math.start));
                continue;
            }
            _ => {}
        }
        let before = text[..range.start].chars().next_back();
        let after = text[range.end..].chars().next();
        if !is_math(before, content, after, width == 2) {
            wrong.extend(range.start..range.start + width);
        }
    }
    wrong
}

/// Whether `content` between dollar signs is math.
fn is_math(before: Option<char>, content: &str, after: Option<char>, display: bool) -> bool {
    let tex = content.contains(['\\', '^', '_']);
    let operator = tex || content.contains(['=', '+', '-', '*', '/', '<', '>', '(', '|']);
    let words =
        content.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 2).count();
    // `[$]x[/$]` is Anki's own, and would be LaTeX there.
    if content.ends_with("[/") {
        return false;
    }
    // Between `$5 for \(x\) and 5$` stands math of its own.
    if backslash::has_opener(content) && !content.contains("\\text") {
        return false;
    }
    if display {
        return operator || words == 0;
    }
    // `$5-$10`: a sign before a number opens something of its own.
    if after.is_some_and(|c| c.is_ascii_digit()) {
        return false;
    }
    // `$HOME/$USER`, `${a}${b}`, but `$n$th` and `$k$-means`.
    if after.is_some_and(|c| c.is_uppercase() || "_{".contains(c)) {
        return false;
    }
    // `(a$|b$)` and `US$5 to CA$`, but `2$\sigma$` and, in scripts without spaces, `其中$x$是`.
    let is_cased = |c: char| c.is_lowercase() || c.is_uppercase();
    if before.is_some_and(|c| is_cased(c) || (c.is_ascii_digit() && !tex)) {
        return false;
    }
    // `"$name"` in quotes is left to the author; `$HOME/bin:$` is a path.
    if content.ends_with(['/', ':', '=', '"', '\'', ',', ';', '(', '\\']) {
        return false;
    }
    // "$10; `$x$`" would cut code in two.
    if content.matches('`').count() % 2 == 1 {
        return false;
    }
    // `$] [$` says nothing.
    if content.contains(char::is_whitespace) && !content.contains(char::is_alphanumeric) && !tex {
        return false;
    }
    // `$20 for one and more for two$` is prose.
    tex || words < 2
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::Event;

    use super::without_money;
    use crate::markdown::{run, thaw};
    use crate::model::Definitions;

    fn math(text: &str) -> Vec<String> {
        let definitions = Definitions::default();
        let events = thaw(run(text, &definitions));
        let events = without_money(text, &[], &events, |text| thaw(run(text, &definitions)))
            .unwrap_or(events);
        let shown: String = events
            .iter()
            .filter_map(|(event, _)| match event {
                Event::Text(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        assert!(!shown.contains(char::is_control), "{shown:?}");
        events
            .into_iter()
            .filter_map(|(event, _)| match event {
                Event::InlineMath(tex) | Event::DisplayMath(tex) => Some(tex.into_string()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn money_is_not_math() {
        for text in [
            "$5 and $10",
            "$5-$10",
            "$5/$10 a month",
            "it is $20/month (or $200/year)",
            "$HOME/$USER and $PATH:$HOME",
            "`a` ${A}/${B}",
            "US$5 or CA$7",
            "(foo$|bar$)",
            "kill $$ and $$ again",
            "$1$2$3$4$5$6",
            "between $5 and more than ten$",
            "$5, not $10; `$x$` is code",
            "$PATH. After a backslash, \\\\$ is money",
            "[$]x[/$] [$$]y[/$$]",
        ] {
            assert_eq!(math(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn math_is_math() {
        let check = |text, expect: &[&str]| assert_eq!(math(text), expect, "{text}");
        check("$x^2$", &["x^2"]);
        check("the $n$th of $k$-means, 2$\\sigma$", &["n", "k", "\\sigma"]);
        check("$5 for $x$ and $y$", &["x", "y"]);
        check("其中$x$是, و$y$", &["x", "y"]);
        check("$$\\sum_i x_i$$", &["\\sum_i x_i"]);
        check("$100$", &["100"]);
        check("$P(A|B) < 0.5$", &["P(A|B) < 0.5"]);
        check("costs $5/$10, but $O(n^2)$ time", &["O(n^2)"]);
        check("**$5** and *$10* and $a_1 * b_2 * c_3$", &["a_1 * b_2 * c_3"]);
    }
}
