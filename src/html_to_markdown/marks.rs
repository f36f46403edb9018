//! The notations that Anki reads in a field before a browser reads the HTML: gaps, sounds, formulas.
//!
//! They are found in the HTML and replaced by marks of one character each, so that the parser of
//! HTML cannot cut them in two. A mark is a character that no text may hold.

use std::borrow::Cow;

use super::field::Notation;
use super::gaps::{self, Gap};
use crate::entities;

/// The marks stand from here on; a text with one of these characters of its own loses it.
const FIRST: char = '\u{f0000}';
const LAST: char = '\u{ffffd}';

/// The content that a mark stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// `{{c1::`, with the numbers as they are written.
    Gap(String),
    /// The `::` before a hint.
    Hint,
    /// The `}}` that ends a gap.
    GapEnd,
    /// The name of a file that is played.
    Sound(String),
    /// TeX within a line, or on a line of its own.
    Math { tex: String, is_display: bool },
    /// A piece of LaTeX that is no formula.
    Latex(String),
}

/// HTML with marks.
#[derive(Debug)]
pub(super) struct Marked {
    pub(super) html: String,
    marks: Vec<Mark>,
}

impl Marked {
    /// Returns the content that a character stands for, if it is a mark.
    pub(super) fn get(&self, c: char) -> Option<&Mark> {
        is_mark(c).then(|| self.marks.get((c as usize) - (FIRST as usize))).flatten()
    }

    fn push(&mut self, mark: Mark) {
        let number = u32::try_from(self.marks.len()).unwrap_or(u32::MAX);
        let c = (FIRST as u32).checked_add(number).and_then(char::from_u32);
        // A field with more marks than there are characters keeps the rest as it would be shown.
        if let Some(c) = c.filter(|c| is_mark(*c)) {
            self.marks.push(mark);
            self.html.push(c);
        }
    }
}

fn is_mark(c: char) -> bool {
    (FIRST..=LAST).contains(&c)
}

/// Finds the gaps, sounds and formulas in a field.
pub(super) fn mark(html: &str, notation: Notation) -> Marked {
    let clean: String;
    let html = if html.contains(is_mark) {
        clean = html.replace(is_mark, "");
        &clean
    } else {
        html
    };
    let nested = if notation.has_gaps { gaps::nest(html) } else { Cow::Borrowed(html) };
    let html: &str = &nested;
    let mut marked = Marked { html: String::with_capacity(html.len()), marks: Vec::new() };
    let all = if notation.has_gaps { gaps::find(html) } else { Vec::new() };
    // The places where each open gap ends, and whether its hint has begun.
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut gaps = all.iter().peekable();
    let (mut at, mut copied) = (0, 0);
    // How many elements are open in which MathJax reads nothing.
    let mut code = 0_usize;
    while let Some(found) = html[at..].find(['{', '}', ':', '[', '\\', '<']) {
        at += found;
        let rest = &html[at..];
        while gaps.peek().is_some_and(|gap| gap.start < at) {
            gaps.next();
        }
        open.retain(|(end, _)| *end >= at);
        let (mark, length) = if let Some(&&Gap { start, end, opening, .. }) = gaps.peek()
            && start == at
        {
            gaps.next();
            open.push((end, false));
            let numbers = rest[3..opening - 2].to_owned();
            (Mark::Gap(numbers), opening)
        } else if open.last().is_some_and(|(end, _)| *end == at) {
            open.pop();
            (Mark::GapEnd, 2)
        } else if rest.starts_with("::")
            && let Some((_, has_hint @ false)) = open.last_mut()
        {
            *has_hint = true;
            (Mark::Hint, 2)
        } else if rest.starts_with("<!--") {
            at += rest.find("-->").map_or(rest.len(), |end| end + 3);
            continue;
        } else if rest.starts_with('<') {
            let (length, step) = read_tag(rest);
            code = code.saturating_add_signed(step);
            at += length;
            continue;
        } else if let Some(found) =
            find_sound(rest).or_else(|| find_tex(rest, code > 0)).filter(|found| {
                // What a gap ends in is cut in two by it.
                open.last().is_none_or(|(end, _)| *end >= at + found.1)
                    && (!matches!(found.0, Mark::Math { .. })
                        || gaps::fit_formula(html, &all, at, at + found.1))
            })
        {
            found
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        // A formula may hold whole gaps, which belong to it.
        while gaps.peek().is_some_and(|gap| gap.start < at + length) {
            gaps.next();
        }
        marked.html.push_str(&html[copied..at]);
        marked.push(mark);
        at += length;
        copied = at;
    }
    marked.html.push_str(&html[copied..]);
    marked
}

/// Returns the length of the tag at the start of a text, and by how many elements of code it makes
/// the nesting deeper.
fn read_tag(text: &str) -> (usize, isize) {
    let inner = &text[1..];
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
        return (1, 0);
    }
    let mut quote = None;
    let end = inner.char_indices().find(|(_, c)| match quote {
        Some(open) => {
            if *c == open {
                quote = None;
            }
            false
        }
        None if *c == '"' || *c == '\'' => {
            quote = Some(*c);
            false
        }
        None => *c == '>',
    });
    let Some((end, _)) = end else { return (1, 0) };
    let tag = inner[..end].to_ascii_lowercase();
    let name = tag.trim_start_matches('/');
    let name_end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    let step = match &name[..name_end] {
        "code" | "pre" if tag.starts_with('/') => -1,
        "code" | "pre" => 1,
        _ => 0,
    };
    (end + 2, step)
}

/// Reads `[sound:x.mp3]` at the start of a text.
fn find_sound(text: &str) -> Option<(Mark, usize)> {
    let name = text.strip_prefix("[sound:")?;
    let end = name.find(']')?;
    let written = &name[..end];
    let is_name = !written.trim().is_empty() && !written.contains(['<', '\n']);
    is_name.then(|| (Mark::Sound(entities::decode(written).trim().to_owned()), end + 8))
}

/// The signs that open and close a formula, and whether it is a display formula, if they say so.
const DELIMITERS: [(&str, &str, Option<bool>); 5] = [
    ("\\(", "\\)", Some(false)),
    ("\\[", "\\]", Some(true)),
    ("[$$]", "[/$$]", Some(true)),
    ("[$]", "[/$]", Some(false)),
    ("[latex]", "[/latex]", None),
];

/// Reads a formula at the start of a text.
fn find_tex(text: &str, is_code: bool) -> Option<(Mark, usize)> {
    if is_code && text.starts_with('\\') {
        return None;
    }
    let starts =
        |open: &str| text.get(..open.len()).is_some_and(|start| start.eq_ignore_ascii_case(open));
    let (open, close, display) = DELIMITERS.into_iter().find(|(open, ..)| starts(open))?;
    let inner = &text[open.len()..];
    let end = inner.find(close)?;
    let length = open.len() + end + close.len();
    let written = &inner[..end];
    if open.starts_with('\\') {
        // MathJax looks at one text; a tag in it keeps it from being a formula.
        let is_text = written.replace("<br>", "").replace("<br/>", "").replace("<br />", "");
        if is_text.contains('<') || written.trim().is_empty() {
            return None;
        }
    }
    let tex = text_of(written);
    let tex = tex.trim();
    let mark = match display {
        Some(is_display) => Mark::Math { tex: tex.to_owned(), is_display },
        None => read_latex(tex),
    };
    Some((mark, length))
}

/// The environments that are formulas for MathJax and LaTeX.
const ENVIRONMENTS: [&str; 8] =
    ["align", "align*", "equation", "equation*", "displaymath", "gather", "gather*", "eqnarray"];

/// Reads the LaTeX between `[latex]` and `[/latex]`, which may be a formula.
fn read_latex(latex: &str) -> Mark {
    let between = |open: &str, close: &str| {
        let inner = latex.strip_prefix(open)?.strip_suffix(close)?;
        let is_whole = !inner.is_empty() && !inner.contains(close.trim_start_matches('\\'));
        is_whole.then(|| inner.trim().to_owned())
    };
    if let Some(tex) = between("$$", "$$").or_else(|| between("\\[", "\\]")) {
        return Mark::Math { tex, is_display: true };
    }
    if let Some(tex) = between("$", "$").or_else(|| between("\\(", "\\)")) {
        return Mark::Math { tex, is_display: false };
    }
    let is_environment = |name: &&&str| {
        let (open, close) = (format!("\\begin{{{name}}}"), format!("\\end{{{name}}}"));
        latex.starts_with(&open) && latex.ends_with(&close) && latex.matches("\\begin{").count() < 3
    };
    match ENVIRONMENTS.iter().find(is_environment) {
        Some(&"displaymath") => {
            let tex = latex.replace("\\begin{displaymath}", "").replace("\\end{displaymath}", "");
            Mark::Math { tex: tex.trim().to_owned(), is_display: true }
        }
        Some(_) => Mark::Math { tex: latex.to_owned(), is_display: true },
        None => Mark::Latex(latex.to_owned()),
    }
}

/// Returns the text of HTML as LaTeX gets it: a line break is one, other tags are nothing.
fn text_of(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        match tag.split_once('>') {
            Some((name, after)) if name.starts_with(|c: char| c == '/' || c.is_alphabetic()) => {
                let is_break = name.starts_with("br") || name.starts_with("div") || name == "/p";
                out.push_str(if is_break { "\n" } else { "" });
                rest = after;
            }
            _ => {
                out.push('<');
                rest = tag;
            }
        }
    }
    out.push_str(rest);
    let text = entities::decode(&out).replace('\u{a0}', " ");
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::Notation;
    use super::{Mark, mark};

    fn marks(html: &str) -> Vec<Mark> {
        let marked = mark(html, Notation { has_gaps: true, ..Notation::default() });
        marked.html.chars().filter_map(|c| marked.get(c).cloned()).collect()
    }

    fn math(tex: &str, is_display: bool) -> Vec<Mark> {
        vec![Mark::Math { tex: tex.to_owned(), is_display }]
    }

    #[test]
    fn gaps_are_found_as_anki_finds_them() {
        let gap = |number: &str| Mark::Gap(number.to_owned());
        assert_eq!(
            marks("{{c1::a::b::c}} :: {{c2::<b>d}}"),
            [gap("1"), Mark::Hint, Mark::GapEnd, gap("2"), Mark::GapEnd]
        );
        assert_eq!(
            marks("{{c1::a {{c2::b::x}} c}} {{c3::open"),
            [gap("1"), gap("2"), Mark::Hint, Mark::GapEnd, Mark::GapEnd]
        );
        assert_eq!(marks("{{c::a}} {{C1::b}} }} {{c1:x}}"), []);
        assert_eq!(marks("\\({{c1::\\frac{a}{b}\\)}}"), [gap("1"), Mark::GapEnd]);
        assert_eq!(marks("\\(\\frac{ {{c1::a}{b}} }\\)"), [gap("1"), Mark::GapEnd]);
    }

    #[test]
    fn formulas_and_sounds_are_found() {
        assert_eq!(marks("[sound:a &amp; b.mp3]"), [Mark::Sound("a & b.mp3".to_owned())]);
        assert_eq!(marks("[sound:] [sound:a<br>]"), []);
        assert_eq!(marks("a\\(x &lt; y\\)"), math("x < y", false));
        assert_eq!(marks("\\[x<br>y\\]"), math("x\ny", true));
        assert_eq!(marks("\\(x<b>y</b>\\)"), []);
        assert_eq!(marks("<code>\\(x\\)</code><b title='\\(x\\)'>\\(y\\)"), math("y", false));
        assert_eq!(marks("[$]\\frac{a}{b}[/$]"), math("\\frac{a}{b}", false));
        assert_eq!(marks("[latex]$x$[/latex]"), math("x", false));
        assert_eq!(
            marks("[latex]\\begin{align}a\\end{align}[/latex]"),
            math("\\begin{align}a\\end{align}", true)
        );
        assert_eq!(
            marks("[latex]Let $x$ be $y$[/latex]"),
            [Mark::Latex("Let $x$ be $y$".to_owned())]
        );
    }
}
