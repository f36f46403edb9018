//! Finds formulas that are no TeX: a brace, `\left` or `\begin` without its end, two exponents, an
//! argument that is not there.
//!
//! Which macros there are, MathJax knows. Here only what no macro could make right is found, so that
//! nothing is reported that MathJax typesets; where a formula defines macros, nothing is.

use std::ops::Range;

/// What is wrong in a formula, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// The place in the formula.
    pub range: Range<usize>,
    /// What is wrong there.
    pub what: String,
}

/// Macros after which nothing can be said of a formula.
const DEFINING: [&str; 10] = [
    "def",
    "gdef",
    "let",
    "newcommand",
    "renewcommand",
    "newenvironment",
    "renewenvironment",
    "DeclareMathOperator",
    "DeclarePairedDelimiter",
    "require",
];

/// Macros whose argument is not read as a formula.
const RAW: [&str; 27] = [
    "text",
    "mbox",
    "hbox",
    "fbox",
    "textrm",
    "textbf",
    "textit",
    "textsf",
    "texttt",
    "textup",
    "textnormal",
    "ce",
    "pu",
    "label",
    "ref",
    "eqref",
    "tag",
    "href",
    "style",
    "class",
    "cssId",
    "color",
    "textcolor",
    "colorbox",
    "fcolorbox",
    "unicode",
    "hspace",
];

/// Macros with one argument, and with two.
const ONE: [&str; 19] = [
    "sqrt",
    "hat",
    "widehat",
    "bar",
    "vec",
    "dot",
    "ddot",
    "tilde",
    "widetilde",
    "overline",
    "underline",
    "overbrace",
    "underbrace",
    "mathbb",
    "mathrm",
    "mathbf",
    "mathcal",
    "operatorname",
    "boxed",
];
const TWO: [&str; 8] =
    ["frac", "dfrac", "tfrac", "cfrac", "binom", "dbinom", "overset", "underset"];

/// What is open.
#[derive(Debug)]
enum Open<'t> {
    /// A brace: the scripts of what it is an exponent or an index of, and the macro whose first
    /// argument of two it is.
    Brace {
        of: Option<Scripts>,
        first: Option<&'t str>,
    },
    Left,
    Begin(&'t str),
}

/// The scripts that the last thing has.
#[derive(Clone, Copy, Debug, Default)]
struct Scripts {
    above: bool,
    below: bool,
}

/// Returns the first fault of a formula.
#[must_use]
pub fn fault(tex: &str) -> Option<Fault> {
    // Gaps are taken out before MathJax reads it, and comments are read in more than one way.
    let is_gap = |at: usize| tex[at + 3..].starts_with(|c: char| c.is_ascii_digit());
    if tex.contains('%') || tex.match_indices("{{c").any(|(at, _)| is_gap(at)) {
        return None;
    }
    let mut checker = Checker { tex, at: 0, open: Vec::new(), scripts: Scripts::default() };
    match checker.read() {
        Err(found) => found,
        Ok(()) => checker.open.last().map(|(open, at)| match open {
            Open::Brace { .. } => fault_at(*at..*at + 1, "this `{` is never closed"),
            Open::Left => fault_at(*at..*at + 5, r"this `\left` has no `\right`"),
            Open::Begin(name) => {
                let what = format!("`\\begin{{{name}}}` has no `\\end{{{name}}}`");
                fault_at(*at..*at + 6, &what)
            }
        }),
    }
}

fn fault_at(range: Range<usize>, what: &str) -> Fault {
    Fault { range, what: what.to_owned() }
}

fn few_arguments(range: Range<usize>, name: &str) -> Fault {
    fault_at(range, &format!("`\\{name}` has too few arguments"))
}

struct Checker<'t> {
    tex: &'t str,
    at: usize,
    open: Vec<(Open<'t>, usize)>,
    scripts: Scripts,
}

/// Why the reading ends: a fault, or something of which nothing can be said.
type End = Option<Fault>;

impl<'t> Checker<'t> {
    fn rest(&self) -> &'t str {
        &self.tex[self.at..]
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Returns whether nothing comes any more, in the formula or in its group.
    fn is_over(&self) -> bool {
        let rest = self.rest().trim_start();
        rest.is_empty() || rest.starts_with('}')
    }

    fn read(&mut self) -> Result<(), End> {
        while let Some(c) = self.rest().chars().next() {
            let start = self.at;
            match c {
                _ if c.is_whitespace() => self.at += c.len_utf8(),
                '{' => self.open_brace(None, None),
                '}' => self.close_brace()?,
                '^' | '_' => self.script(c)?,
                '\\' => {
                    let name = self.name();
                    self.command(name, start)?;
                }
                _ => {
                    self.at += c.len_utf8();
                    self.scripts = Scripts::default();
                }
            }
        }
        Ok(())
    }

    fn open_brace(&mut self, of: Option<Scripts>, first: Option<&'t str>) {
        self.open.push((Open::Brace { of, first }, self.at));
        self.at += 1;
        self.scripts = Scripts::default();
    }

    fn close_brace(&mut self) -> Result<(), End> {
        match self.open.pop() {
            Some((Open::Brace { of, first }, _)) => {
                self.at += 1;
                self.scripts = of.unwrap_or_default();
                match first.filter(|_| self.is_over()) {
                    Some(name) => Err(Some(few_arguments(self.at - 1..self.at, name))),
                    None => Ok(()),
                }
            }
            Some((Open::Left, from)) => {
                Err(Some(fault_at(from..from + 5, r"this `\left` has no `\right` before `}`")))
            }
            Some((Open::Begin(name), from)) => {
                let what = format!("`\\begin{{{name}}}` has no `\\end{{{name}}}` before `}}`");
                Err(Some(fault_at(from..from + 6, &what)))
            }
            None => Err(Some(fault_at(self.at..self.at + 1, "this `}` closes nothing"))),
        }
    }

    /// Reads `^` or `_`, and what stands there.
    fn script(&mut self, sign: char) -> Result<(), End> {
        let start = self.at;
        let has = if sign == '^' { &mut self.scripts.above } else { &mut self.scripts.below };
        if std::mem::replace(has, true) {
            let what = if sign == '^' {
                "a second exponent: braces say what it belongs to"
            } else {
                "a second index: braces say what it belongs to"
            };
            return Err(Some(fault_at(start..start + 1, what)));
        }
        self.at += 1;
        if self.is_over() {
            return Err(Some(fault_at(
                start..start + 1,
                &format!("nothing stands behind this `{sign}`"),
            )));
        }
        self.skip_blanks();
        match self.rest().chars().next() {
            Some('{') => self.open_brace(Some(self.scripts), None),
            Some('\\') => drop(self.name()),
            Some(c) => self.at += c.len_utf8(),
            None => {}
        }
        Ok(())
    }

    /// Takes a backslash, and the letters or the sign behind it.
    fn name(&mut self) -> &'t str {
        let after = &self.rest()[1..];
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let sign = || after.chars().next().map_or(0, char::len_utf8);
        let length = if letters == 0 { sign() } else { letters };
        self.at += 1 + length;
        &after[..length]
    }

    fn command(&mut self, name: &'t str, start: usize) -> Result<(), End> {
        self.scripts = Scripts::default();
        let place = start..self.at;
        match name {
            "verb" => return Err(None),
            _ if DEFINING.contains(&name) => return Err(None),
            "left" => {
                self.open.push((Open::Left, start));
                self.delimiter();
            }
            "right" => {
                if !matches!(self.open.last(), Some((Open::Left, _))) {
                    return Err(Some(fault_at(place, r"this `\right` has no `\left`")));
                }
                self.open.pop();
                self.delimiter();
            }
            "begin" | "end" => {
                let Some(environment) = self.raw_argument()? else { return Err(None) };
                if name == "begin" {
                    self.open.push((Open::Begin(environment), start));
                } else {
                    let is_open = matches!(self.open.last(), Some((Open::Begin(open), _)) if *open == environment);
                    if !is_open {
                        let what =
                            format!("`\\end{{{environment}}}` ends nothing that has begun here");
                        return Err(Some(fault_at(place, &what)));
                    }
                    self.open.pop();
                }
            }
            _ if RAW.contains(&name) => drop(self.raw_argument()?),
            _ if TWO.contains(&name) || ONE.contains(&name) => {
                if self.is_over() {
                    return Err(Some(few_arguments(place, name)));
                }
                self.skip_blanks();
                if TWO.contains(&name) && self.rest().starts_with('{') {
                    self.open_brace(None, Some(name));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes what stands in braces here, as it is.
    fn raw_argument(&mut self) -> Result<Option<&'t str>, End> {
        self.skip_blanks();
        if !self.rest().starts_with('{') {
            return Ok(None);
        }
        let Some(inside) = enclosed(self.rest()) else {
            return Err(Some(fault_at(self.at..self.at + 1, "this `{` is never closed")));
        };
        self.at += inside.len() + 2;
        Ok(Some(inside))
    }

    /// Takes the sign of a `\left` or `\right`.
    fn delimiter(&mut self) {
        self.skip_blanks();
        match self.rest().chars().next() {
            Some('\\') => drop(self.name()),
            Some(c) if !"{}".contains(c) => self.at += c.len_utf8(),
            _ => {}
        }
    }
}

/// Returns what stands in the braces at the start of a text.
pub(crate) fn enclosed(text: &str) -> Option<&str> {
    let mut depth = 0usize;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'{' => depth += 1,
            b'}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return (at > 0).then(|| &text[1..at]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn faults_have_a_place() {
        let check = |tex: &str, at: usize, what: &str| {
            let found = fault(tex).unwrap_or_else(|| panic!("{tex} has a fault"));
            assert!(found.what.contains(what), "{tex}: {found:?}");
            assert_eq!(found.range.start, at, "{tex}: {found:?}");
        };
        check("a}", 1, "closes nothing");
        check(r"\frac{a}{b", 8, "never closed");
        check(r"\text{a", 5, "never closed");
        check(r"\left( x", 0, r"no `\right`");
        check(r"{\left( x} \right)", 1, r"no `\right` before");
        check(r"x \right)", 2, r"no `\left`");
        check(r"\begin{aligned} a", 0, r"no `\end{aligned}`");
        check(r"\begin{aligned} a \end{align}", 18, "ends nothing");
        check("x^2^3", 3, "second exponent");
        check("x_{1}^{2}_3", 9, "second index");
        check("x^", 1, "nothing stands behind");
        check("{x_ }", 2, "nothing stands behind");
        check(r"\frac{a}", 7, "too few");
        check(r"\sqrt", 0, "too few");
    }

    #[test]
    fn what_mathjax_reads_has_none() {
        for tex in [
            "x^{a^b}_{c_d}",
            "x^a{}^b",
            "x'^2",
            r"\left\{ x \right.",
            r"\left. x \right\rangle",
            r"\text{a_b_c $x^2$ \}}",
            r"\sqrt[3]{x}",
            r"\frac12",
            r"\frac{a} b",
            r"\hat x",
            "a \\\\ b",
            r"\ce{SO4^2- ^}",
            r"\def\a#1{#1} \a",
            r"{{c1::\left( x}} \right)",
            "",
            r"\verb|{|",
        ] {
            assert_eq!(fault(tex), None, "{tex}");
        }
    }

    #[test]
    fn nothing_is_reported_that_mathjax_typesets() {
        let formulas = include_str!("../../tests/formulas/typeset.txt");
        assert!(formulas.lines().count() > 250);
        for tex in formulas.lines() {
            assert_eq!(fault(tex), None, "{tex}");
        }
    }

    /// It takes linear time, and no stack.
    #[test]
    fn deep_nesting() {
        for part in ["{", "^{", r"\frac{", r"\left(", r"\text{", r"\begin{a}", "}", "^a_"] {
            let _ = fault(&part.repeat(200_000));
        }
    }
}
