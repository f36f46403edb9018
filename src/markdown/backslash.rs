//! Decides whether `\(…\)` and `\[…\]` are math or escaped brackets.
//!
//! To CommonMark these are escaped brackets, so it would interpret the TeX between them. So both
//! delimiters of a pair that is math are replaced by `$$`, which is as long, and the text is parsed
//! once more; the display math at this place is what the author wrote. A pair that does not become
//! a single formula stays text.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{SpannedEvent, is_block, placeholder};

/// How often pairs that do not become formulas are dropped before all of them are.
const ROUNDS: usize = 8;

/// A pair of delimiters.
struct Pair {
    /// From the first backslash to behind the last bracket.
    range: Range<usize>,
    is_display: bool,
}

/// Returns the events with math between these delimiters, or `None` if there is none.
///
/// `parse` also gets the ranges of the pairs of `$$` that are known to be math.
pub(super) fn read_math(
    text: &str,
    events: &[SpannedEvent<'_>],
    parse: impl Fn(&str, &[Range<usize>]) -> Vec<SpannedEvent<'static>>,
) -> Option<Vec<SpannedEvent<'static>>> {
    if !text.contains("\\(") && !text.contains("\\[") {
        return None;
    }
    let mut pairs = find_pairs(text, events);
    let placeholder = placeholder::find_free(text)?;
    for _ in 0..ROUNDS {
        if pairs.is_empty() {
            return None;
        }
        let known: Vec<Range<usize>> = pairs.iter().map(|pair| pair.range.clone()).collect();
        let mut events = parse(&replace_delimiters(text, &pairs, placeholder), &known);
        let mut came_out = vec![0; pairs.len()];
        for (event, range) in &mut events {
            let at = pairs.partition_point(|pair| pair.range.start < range.start);
            if let Event::DisplayMath(tex) = event
                && let Some(pair) = pairs.get(at).filter(|pair| pair.range == *range)
            {
                came_out[at] += 1;
                if !pair.is_display {
                    *event = Event::InlineMath(std::mem::replace(tex, "".into()));
                }
            }
        }
        if came_out.iter().all(|&times| times == 1) {
            placeholder::restore(&mut events, placeholder, "$");
            return Some(events);
        }
        let mut came_out = came_out.into_iter();
        pairs.retain(|_| came_out.next() == Some(1));
    }
    None
}

/// Replaces each delimiter by `$$`, and hides other dollar signs between two of them.
fn replace_delimiters(text: &str, pairs: &[Pair], placeholder: u8) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Pair { range, .. } in pairs {
        out.push_str(&text[at..range.start]);
        out.push_str("$$");
        let tex = &text[range.start + 2..range.end - 2];
        out.push_str(&tex.replace('$', char::from(placeholder).encode_utf8(&mut [0; 4])));
        out.push_str("$$");
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// Returns the pairs that are math, in order, none nested.
fn find_pairs(text: &str, events: &[SpannedEvent<'_>]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    // The last open `\(` and the last open `\[` in this block.
    let mut open: [Option<usize>; 2] = [None, None];
    let mut is_code = false;
    for (event, range) in events {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Text(_) if !is_code && is_escaped(text, range.start) => {
                let start = range.start - 1;
                let sign = text.as_bytes()[range.start];
                let is_display = matches!(sign, b'[' | b']');
                let same = &mut open[usize::from(is_display)];
                if matches!(sign, b'(' | b'[') {
                    *same = Some(start);
                } else if let Some(from) = same.take()
                    && is_math(text, from..start + 2, is_display)
                {
                    while pairs.last().is_some_and(|pair| pair.range.start > from) {
                        pairs.pop();
                    }
                    open = open.map(|other| other.filter(|&other| other < from));
                    pairs.push(Pair { range: from..start + 2, is_display });
                }
            }
            _ => {}
        }
        let opens = matches!(event, Event::Start(tag) if is_block(tag.to_end()));
        let closes = matches!(event, Event::End(end) if is_block(*end));
        if opens || closes {
            open = [None, None];
        }
    }
    pairs
}

/// Returns whether the backslash before `at` is not escaped itself.
fn is_escaped(text: &str, at: usize) -> bool {
    let behind = || text[..at].bytes().rev().take_while(|&byte| byte == b'\\').count();
    text[at..].starts_with(['(', ')', '[', ']']) && behind() % 2 == 1
}

/// Returns whether a text contains an opening delimiter.
pub(super) fn has_opener(text: &str) -> bool {
    text.match_indices(['(', '[']).any(|(at, _)| is_escaped(text, at))
}

/// Returns whether the text between two delimiters is math.
fn is_math(text: &str, range: Range<usize>, is_display: bool) -> bool {
    let content = &text[range.start + 2..range.end - 2];
    let before = text[..range.start].chars().next_back();
    let after = &text[range.end..];
    // `f\(x\)`, `file\(s\)`, `list\[0\]`; in scripts without case, `其中\(x\)是` is math.
    if before.is_some_and(|c| c.is_lowercase() || c.is_uppercase()) {
        return false;
    }
    // An escaped link, or the rest of a regular expression.
    if (is_display && after.starts_with(['(', '[', ':']))
        || ["\\{", "\\+", "\\?", "\\1"].iter().any(|sign| after.starts_with(sign))
    {
        return false;
    }
    // MathJax would end it at the first delimiter.
    if content.contains(if is_display { "\\]" } else { "\\)" }) {
        return false;
    }
    // "`\(` and `\)`" would cut code in two.
    if content.matches('`').count() % 2 == 1 || is_regex(content.trim()) {
        return false;
    }
    // `7\[1\]` is a citation, `20\(^\circ\)` an angle.
    let is_behind_digit = before.is_some_and(|c| c.is_ascii_digit());
    has_tex(content) || (!is_behind_digit && is_formula(content, is_display))
}

/// Returns whether a text looks like a regular expression, as `\(` opens a group in many of them.
fn is_regex(content: &str) -> bool {
    const SIGNS: [&str; 9] = [".*", ".+", ".?", "[^", "(?", "[a-z", "[A-Z", "[0-9", "[:"];
    const CLASSES: &str = "dDwWsSbBntAZzGKQEpPx";
    let mut has_command = false;
    let mut at = 0;
    while let Some(found) = content[at..].find('\\') {
        let (before, command) = (&content[..at + found], &content[at + found + 1..]);
        let mut signs = command.chars();
        let (first, second) = (signs.next().unwrap_or_default(), signs.next().unwrap_or_default());
        let is_word = first.is_ascii_alphabetic() && second.is_ascii_alphabetic();
        // `\d`, `\1` and `\.`, but not `\delta`; `a\{3`, but not `=\{3`.
        let is_class = (!is_word && CLASSES.contains(first)) || first.is_ascii_digit();
        let is_class = is_class || ".*+?[]".contains(first);
        let is_count = first == '{' && second.is_ascii_digit();
        if is_class || (is_count && before.ends_with(|c: char| c.is_alphanumeric() || c == ']')) {
            return true;
        }
        has_command |= is_word;
        at += found + 1 + first.len_utf8().min(command.len());
    }
    // `^\d`, but not `^{14}`.
    let is_anchored = content.starts_with('^') && !content.starts_with("^{");
    let is_repeated = content.strip_suffix(['*', '+', '?']);
    if !has_command
        && (is_anchored
            || SIGNS.iter().any(|sign| content.contains(sign))
            || is_repeated.is_some_and(|rest| !rest.ends_with(['^', '_', ' '])))
    {
        return true;
    }
    // `foo\|bar`, but not the norm `\|x\|`.
    let parts: Vec<&str> = content.split("\\|").collect();
    let is_plain = |part: &str| !part.trim().is_empty() && !part.contains(['\\', '^', '_']);
    parts.len().is_multiple_of(2) || (parts.len() > 1 && parts.iter().all(|part| is_plain(part)))
}

/// Returns whether a text contains something that only TeX has: a command, or a sub- or
/// superscript.
pub(super) fn has_tex(content: &str) -> bool {
    let letters = |text: &str| text.chars().take_while(char::is_ascii_alphabetic).count();
    let mut at = 0;
    while let Some(found) = content[at..].find(['\\', '^', '_']) {
        let (before, rest) = content.split_at(at + found);
        let (sign, after) = rest.split_at(1);
        let is_tex = match sign {
            "\\" => letters(after) > 1 || after.starts_with(['{', ',', ';', '!', '%', '|']),
            "^" => !after.is_empty(),
            // `snake_case` is a name.
            _ => {
                let word = before.chars().rev().take_while(char::is_ascii_alphabetic).count();
                !after.is_empty() && (word < 2 || letters(after) < 2)
            }
        };
        if is_tex {
            return true;
        }
        // The second of `\\` begins no command.
        at += found + 1 + usize::from(rest.starts_with("\\\\"));
    }
    false
}

/// Returns whether a text is a formula although nothing in it is TeX: `n`, `a + b`, `P(A|B)`.
fn is_formula(content: &str, is_display: bool) -> bool {
    let is_padded = content.starts_with(char::is_whitespace);
    let content = content.trim();
    let words = content.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let lengths: Vec<usize> = words.map(|word| word.chars().count()).collect();
    let long = lengths.iter().filter(|&&length| length > 2).count();
    let is_placeholder = content.starts_with(['<', '-']) && !content.contains(' ');
    let is_abbreviation = content.ends_with('.') || content.contains(". ");
    if !content.contains(char::is_alphanumeric)
        || long > 1
        || is_placeholder
        || is_abbreviation
        || content.contains("++")
    {
        return false;
    }
    let is_comparison = content.contains(['=', '<', '>', '≤', '≥', '≈']);
    let is_call = content.find('(').is_some_and(|at| content[..at].ends_with(char::is_alphabetic));
    let is_apart = [" + ", " - ", " * ", " / "].iter().any(|sign| content.contains(sign));
    if is_comparison || (is_padded && is_call) || is_apart {
        return true;
    }
    // Other text in square brackets is a citation, a checkbox or an index.
    if is_display || long == 1 {
        return is_call && !is_display;
    }
    // `as is` is prose, `a b` a product; `-1` and `5-10` are numbers.
    let operator = is_call || content.contains(['+', '*', '/', '|']);
    let is_prose = lengths.len() > 1 && lengths.iter().all(|&length| length > 1);
    operator || (!lengths.is_empty() && !is_prose)
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::Event;

    use crate::markdown::parse;
    use crate::model::Definitions;

    /// The math of a text, display math within brackets.
    fn math(text: &str) -> Vec<String> {
        let definitions = Definitions::default();
        let events = parse(text, &definitions);
        for (event, range) in &events {
            assert!(text.get(range.clone()).is_some(), "{event:?} of {text}");
            if let Event::Text(shown) = event {
                assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
            }
        }
        events
            .into_iter()
            .filter_map(|(event, _)| match event {
                Event::InlineMath(tex) => Some(tex.into_string()),
                Event::DisplayMath(tex) => Some(format!("[{tex}]")),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn math_is_math() {
        let check = |text: &str, expect: &[&str]| assert_eq!(math(text), expect, "{text}");
        check(r"\(n\)", &["n"]);
        check(r"is \(x^2\), the \(n\)th of \(k\)-means (\(m\))", &["x^2", "n", "k", "m"]);
        check(r"\(a \lt b\) \(a < b\) \(P(A|B)\)", &[r"a \lt b", "a < b", "P(A|B)"]);
        check(r"\( n \) and \(2n - 1\), \(i, j\)", &[" n ", "2n - 1", "i, j"]);
        check(r"\(f(x)\), \(O(n \log n)\), \(max(a, b)\)", &["f(x)", r"O(n \log n)", "max(a, b)"]);
        check(r"\(loss = 0.5\) \(1/2\)", &["loss = 0.5", "1/2"]);
        check(r"\(\ce{H2O}\) \(^{14}C\)", &[r"\ce{H2O}", "^{14}C"]);
        check(r"20\(^\circ\)C", &[r"^\circ"]);
        check(r"\(\|x\|_2 \le \|y\|\)", &[r"\|x\|_2 \le \|y\|"]);
        check(r"\(f: \mathbb{R}^+ \to \mathbb{R}\)", &[r"f: \mathbb{R}^+ \to \mathbb{R}"]);
        check(r"\(S = \{1, 2\}\)", &[r"S = \{1, 2\}"]);
        check(r"其中\(x\)是", &["x"]);
        check(r"\(x\)\(y\) **\(z\)** [\(w\)](u)", &["x", "y", "z", "w"]);
        check(r"\[ E = mc^2 \]", &["[ E = mc^2 ]"]);
        check(r"\[ \sum_i x_i \]", &[r"[ \sum_i x_i ]"]);
        check(r"\[ f(x) \] \[a + b\]", &["[ f(x) ]", "[a + b]"]);
        check("\\[\na \\\\\nb = c\n\\]", &["[\na \\\\\nb = c\n]"]);
        check("> \\[\n> x_1\n> \\]", &["[\nx_1\n]"]);
        check(r"\\\(x^2\)", &["x^2"]);
        check("# \\(x\\)\n\n- \\(y\\)\n\n| \\(z\\) |\n|---|", &["x", "y", "z"]);
    }

    #[test]
    fn tex_arrives_as_it_is_written() {
        for tex in [
            "a <b> c_1 &amp; d",
            r"{{a}}_{{b}}",
            "a_1 * b_2 * c_3 _x_",
            r"a \\ b \\[2pt] c_1",
            r"\left\{ x \right.",
            r"\{a_1\} \_ \# \% \$5 \&",
            r"\text{costs $5 or $x$} ~~x~~",
            r"x_1 [a](b) ![c](d) <https://e.f>",
            r"\text{`a`}",
            "x^2\n= y^2",
        ] {
            assert_eq!(math(&format!("a \\({tex}\\) b")), [tex], "{tex}");
            assert_eq!(math(&format!("a \\[{tex}\\] b")), [format!("[{tex}]")], "{tex}");
        }
        assert_eq!(math(r"\[ x_1 \text{ if \(y\)} \]"), [r"[ x_1 \text{ if \(y\)} ]"]);
        assert_eq!(math(r"\( x_1 \(y_1\)"), ["y_1"]);
    }

    #[test]
    fn money_stays_money() {
        let check = |text: &str, expect: &[&str]| assert_eq!(math(text), expect, "{text}");
        check(r"$5 for \(x\) or $10 for \(y\)", &["x", "y"]);
        check(r"US$5 or so:\(b\) and $5\(x^2\)", &["b", "x^2"]);
        check(r"$$ twice \(x\) $$ and \(y\)", &["x", "y"]);
        check(r"$x$\(y\)$z$ and \[ a = b \] for $5", &["x", "y", "z", "[ a = b ]"]);
        check(r"**$5** *a* \(a_1 * b_2\) and *$10*", &["a_1 * b_2"]);
    }

    #[test]
    fn brackets_are_not_math() {
        for text in [
            r"\(foo\|bar\) \(a\|b\|c\) \(\d+\) \(.*\) \(^foo$\) \([a-z]*\) \(a*\)\{2\}",
            r"s/\(\w+\) \([^)]*\)/\2 \1/, \(ab\)\1, \(a\{3\}\), \(-x\)",
            r"\[not a link\](x) \[not\][x] \[1\] \[1, 2\] \[ \] todo \[x\] done \[sic\]",
            r"\[Smith, 2020\] \[a-z\] \[^1\] \[key_name\] \[y/n\] \[--foo=bar\] \[i+1\]",
            r"file\(s\) f\(x\) list\[i=0\] \(1\) \(12\) \(3.14\) \(5-10\) \(optional\)",
            r"\(see the book\) \(e.g. x\) \(as is\) \(well-known\) \(and/or\) \(C++\)",
            r"\(snake_case\) \(\) \( \) \(...\)",
            r"\\(x^2\\) `\(x^2\)` \\[x^2\\] \\\\(x^2\\)",
            "    \\(x^2\\)\n\n```\n\\(x^2\\)\n```\n\n<div title='\\(x^2\\)'>\n\\(y^2\\)\n</div>",
            "\\(x^2\n\nand y^2\\)",
            "| \\(x^2 | y^2\\) |\n|---|---|",
            r"<b title='\(x^2\)'> [a](<\(x^2\)>) \(x^2",
            r"\(a^2 `\)` \)`",
        ] {
            assert_eq!(math(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn many_delimiters_are_read_once() {
        let formulas = |piece: &str| {
            let (text, definitions) = (piece.repeat(20_000), Definitions::default());
            let events = parse(&text, &definitions);
            let is_formula =
                |event: &Event<'_>| matches!(event, Event::InlineMath(_) | Event::DisplayMath(_));
            events.iter().filter(|(event, _)| is_formula(event)).count()
        };
        assert_eq!(formulas("\\("), 0);
        assert_eq!(formulas("\\(x^2\\) "), 20_000);
        assert_eq!(formulas("\\( \\[ x_1 "), 0);
        for piece in ["$\\(x^2\\)", "\\({x^2\\)", "\\(x_1\\]"] {
            assert!(formulas(piece) <= 20_000, "{piece}");
        }
    }
}
