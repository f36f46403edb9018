//! Decides whether dollar signs enclose math, or are money, shell variables or regular expressions.
//!
//! Two signs enclose math by the rule of Pandoc and GitLab: no space right inside either of them,
//! no digit right behind the second, no other dollar sign between them. The parser pairs the signs.
//! Here each pair is checked for three things that fit the rule and are not math: signs that belong
//! to a name or a word beside them (`begins_name`, `ends_word`), amounts and sentences
//! (`is_prose`), and pairs that would cut code or a link in two. The first sign of such a pair is
//! hidden behind a placeholder, and the text is parsed once more, so that the text between the
//! signs is read as prose.

use std::ops::Range;

use pulldown_cmark::Event;

use super::{SpannedEvent, backslash, code_math, placeholder};

/// Returns the events with money and the like as text, or `None` if every pair is math.
///
/// The ranges in `known`, in order, are math already: they are not checked, and no other pair may
/// extend into them.
pub(super) fn hide_money(
    text: &str,
    known: &[Range<usize>],
    events: &[SpannedEvent<'_>],
    parse: impl Fn(&str) -> Vec<SpannedEvent<'static>>,
) -> Option<Vec<SpannedEvent<'static>>> {
    let mut wrong = find_non_math(text, known, events, None);
    if wrong.is_empty() {
        return None;
    }
    let placeholder = placeholder::find_free(text)?;
    let mut bytes = text.as_bytes().to_vec();
    loop {
        for at in wrong {
            bytes[at] = placeholder;
        }
        let edited = std::str::from_utf8(&bytes).ok()?;
        let mut events = parse(edited);
        wrong = find_non_math(edited, known, &events, Some(char::from(placeholder)));
        if wrong.is_empty() {
            placeholder::restore(&mut events, placeholder, "$");
            return Some(events);
        }
    }
}

/// Returns the offsets of the signs that begin pairs that are not math; of `$$` both. A pair that
/// extends over a `hidden` sign is not math.
fn find_non_math(
    text: &str,
    known: &[Range<usize>],
    events: &[SpannedEvent<'_>],
    hidden: Option<char>,
) -> Vec<usize> {
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
        let holds_hidden = hidden.is_some_and(|sign| content.contains(sign));
        if holds_hidden || !is_math(before, content, after, width == 2) {
            wrong.extend(range.start..range.start + width);
        }
    }
    wrong
}

/// Returns the end of an inline formula if a dollar sign at this byte opens one.
#[must_use]
pub fn formula(line: &str, at: usize) -> Option<usize> {
    let rest = line[at..].strip_prefix('$')?;
    let before = line[..at].chars().next_back();
    let content = &rest[..rest.find('$')?];
    let is_tight = !content.is_empty() && content.trim() == content && before != Some('\\');
    let end = at + content.len() + 2;
    let is_one = is_tight && is_math(before, content, line[end..].chars().next(), false);
    is_one.then_some(end)
}

/// Returns whether `content` between dollar signs is math. The beginning and the end of a text are
/// those of a line: a block is read alike alone and within its file.
fn is_math(before: Option<char>, content: &str, after: Option<char>, is_display: bool) -> bool {
    let (before, after) = (before.unwrap_or('\n'), after.unwrap_or('\n'));
    if code_math::strip_backticks(content).is_some() {
        return true;
    }
    let has_letter = content.contains(|c: char| c.is_alphanumeric() || c == '\\');
    // `"$"`, `($)` and `[$]x[/$]`, which would be LaTeX in Anki, show a lone sign.
    let is_lone = content.chars().next().is_some_and(|first| is_enclosed((before, first)));
    // Between `$5 for \(x\) and 5$` stands math of its own.
    let holds_math = backslash::has_opener(content) && !content.contains("\\text");
    let holds_sign = content.starts_with('$') || content.contains("$$") || content.ends_with('\\');
    if is_lone || holds_sign || holds_math || contains_markup(content) {
        return false;
    }
    if is_display {
        let is_apart = content.starts_with('\n') && content.trim_end_matches(' ').ends_with('\n');
        let is_more = before == '$' || after == '$';
        let is_tight = content.trim() == content && !is_prose(content);
        let has_sign =
            content.contains(['\\', '^', '_', '=', '+', '-', '*', '/', '<', '>', '(', '|']);
        return has_letter
            && !is_more
            && (is_apart || is_tight || has_sign || !has_word(content, 3));
    }
    !(begins_name(content, after)
        || ends_word(before, content)
        || (!has_letter && content.contains(char::is_whitespace))
        || is_prose(content))
}

/// Returns whether the characters before and behind a sign enclose it.
fn is_enclosed(around: (char, char)) -> bool {
    let (open, close) = around;
    (open == close && matches!(open, '"' | '\'' | '`'))
        || ["()", "[]", "<>", "“”", "‘’", "«»", "„“", "「」"]
            .iter()
            .any(|pair| pair.chars().eq([open, close]))
}

/// Returns whether there is code or a link between the signs, or would be cut in two.
fn contains_markup(content: &str) -> bool {
    let is_in_link = content.find("](").is_some_and(|at| !content[..at].contains('['));
    let ticks = content.matches('`').count();
    is_in_link || ticks % 2 == 1 || (ticks > 0 && !backslash::has_tex(content))
}

fn is_cased(c: char) -> bool {
    c.is_lowercase() || c.is_uppercase()
}

/// Returns whether a run of letters has at least this length.
fn has_word(content: &str, length: usize) -> bool {
    content.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() >= length)
}

/// Returns whether the closing sign belongs to the text behind it: `$5-$10`, `$HOME/$USER`,
/// `${a}${b}`, but not `$n$th`, `$k$-means`, `$\mu$M` and, in scripts without case, `其中$x$是`.
fn begins_name(content: &str, after: char) -> bool {
    if after.is_ascii_digit() {
        return true;
    }
    if !is_cased(after) && !"_{(".contains(after) {
        return false;
    }
    let mut end = content.chars().rev();
    let (last, before) = (end.next().unwrap_or_default(), end.next().unwrap_or_default());
    let is_command = content.split('\\').skip(1).any(|rest| rest.starts_with(is_cased));
    let is_ended = last.is_alphanumeric() || ")]}-".contains(last) || "^_".contains(before);
    let is_short = !has_word(content, if after.is_lowercase() { 3 } else { 2 });
    after == '{' || !(is_command || is_ended && (is_short || backslash::has_tex(content)))
}

/// Returns whether the opening sign belongs to the text before it: `US$5`, `100$, or 200$`,
/// `(a$|b$)`, but not `H$_2$O` and `2$\sigma$`.
fn ends_word(before: char, content: &str) -> bool {
    let mut start = content.chars();
    let (first, second) = (start.next().unwrap_or_default(), start.next().unwrap_or_default());
    if second.is_whitespace() && ",;.:?!)".contains(first) {
        return true;
    }
    let is_raised = "^_".contains(first) || (first == '\\' && second.is_alphabetic());
    let is_formula = first.is_alphanumeric()
        && backslash::has_tex(content)
        && (before.is_ascii_digit() && !content.contains(char::is_whitespace));
    (is_cased(before) || before.is_ascii_digit()) && !is_raised && !is_formula
}

/// Returns whether the text is an amount with words, as in `from $5 to 10$` and `$5 each ($x$
/// more)`, or a sentence, and contains no sign of a formula.
fn is_prose(content: &str) -> bool {
    if content.contains(['^', '=', '<', '>', '≤', '≥', '+', '*']) || backslash::has_tex(content)
    {
        return false;
    }
    let count = |signs: &[char]| content.matches(signs).count();
    let is_spaced = content.contains(char::is_whitespace);
    if is_spaced && count(&['(', '[']) != count(&[')', ']']) {
        return true;
    }
    let is_uncased = |c: char| c.is_alphabetic() && !is_cased(c);
    let is_gap = |c: char| c.is_whitespace() || is_uncased(c);
    let parts =
        || content.split(is_gap).map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()));
    let is_amount = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    let is_word = |part: &str| part.chars().count() > 1 && part.chars().all(char::is_alphabetic);
    let (mut run, mut longest) = (0, 0);
    for part in parts() {
        run = if is_word(part) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let has_words = longest > 0 || content.contains(is_uncased);
    let is_range = has_words && parts().next_back().is_some_and(is_amount);
    let begins_with_amount = content.starts_with(|c: char| c.is_ascii_digit());
    longest > 3 || (begins_with_amount && (longest > 1 || is_range))
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::Event;

    use super::hide_money;
    use crate::markdown::{into_static_events, parse_with_brackets};
    use crate::model::Definitions;

    fn math(text: &str) -> Vec<String> {
        let definitions = Definitions::default();
        let events = into_static_events(parse_with_brackets(text, &definitions));
        let events = hide_money(text, &[], &events, |text| {
            into_static_events(parse_with_brackets(text, &definitions))
        })
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
            "100$, or 200$; from $5 to 10$, $20/month and more for two$; US$5 (or 6$)",
            "'$' and \"$\" and ($); $, $$, $$$",
            "[$x](u) and [y$](v)",
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
        check("$f'$ $f(x) =$ 3 H$_2$CO$_3$ 10 $\\mu$M", &["f'", "f(x) =", "_2", "_3", "\\mu"]);
        check("$sin(x) + cos(x)$ $for all x$ $$ABC$$", &["sin(x) + cos(x)", "for all x", "ABC"]);
        check("costs $5/$10, but $O(n^2)$ time", &["O(n^2)"]);
        check("**$5** and *$10* and $a_1 * b_2 * c_3$", &["a_1 * b_2 * c_3"]);
    }
}
