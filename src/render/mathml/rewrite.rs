//! Rewrites TeX that MathJax reads and pulldown-latex does not, as TeX that both read.

use super::chemistry;
use crate::markdown::tex::enclosed;

/// Macros that TeX itself defines by others.
pub(super) const MACROS: &str = concat!(
    // Text and names.
    r"\def\mathscr#1{\mathcal{#1}}",
    r"\def\bra#1{\langle#1|}\def\ket#1{|#1\rangle}\def\braket#1{\langle#1\rangle}\def\Set#1{\{#1\}}",
    r"\def\injlim{\operatorname{inj}\operatorname{lim}}\def\projlim{\operatorname{proj}\operatorname{lim}}",
    r"\def\varinjlim{\underset{\rightarrow}{\operatorname{lim}}}",
    r"\def\varprojlim{\underset{\leftarrow}{\operatorname{lim}}}",
    r"\def\pod#1{\quad(#1)}\def\mod{\quad\operatorname{mod}\,}",
    // Numbers of equations.
    r"\def\notag{}\def\nonumber{}\def\label#1{}",
    // Sizes and places, which a line of text has none of.
    r"\def\limits{}\def\tiny{}\def\scriptsize{}\def\small{}\def\normalsize{}\def\large{}\def\Large{}",
    r"\def\LARGE{}\def\huge{}\def\Huge{}\def\smash#1{#1}\def\mathchoice#1#2#3#4{#2}",
    r"\def\llap#1{#1}\def\rlap#1{#1}\def\mathllap#1{#1}\def\mathrlap#1{#1}\def\mathclap#1{#1}",
    r"\def\phantom#1{\quad}\def\hphantom#1{\quad}\def\vphantom#1{}\def\skew#1#2#3{#2{#3}}",
    // What stands on, over and around something.
    r"\def\boxed#1{\begin{array}{|c|}\hline#1\\\hline\end{array}}",
    r"\def\dddot#1{\overset{...}{#1}}\def\ddddot#1{\overset{....}{#1}}",
    r"\def\bcancel#1{\cancel{#1}}\def\xcancel#1{\cancel{#1}}\def\prescript#1#2#3{{}^{#1}_{#2}#3}",
    r"\def\xleftrightarrow#1{\overset{#1}{\longleftrightarrow}}",
    r"\def\xRightarrow#1{\overset{#1}{\Longrightarrow}}\def\xLeftarrow#1{\overset{#1}{\Longleftarrow}}",
    r"\def\xmapsto#1{\overset{#1}{\longmapsto}}",
);

/// The deepest nesting of groups.
const DEEPEST: usize = 60;

/// Macros whose first argument says how the second one looks.
const LOOKS: [&str; 5] = ["style", "class", "cssId", "href", "enclose"];

/// Macros whose argument is text.
const TEXTS: [&str; 8] =
    ["text", "mbox", "hbox", "textrm", "textbf", "textit", "texttt", "operatorname"];

/// The macros of plain TeX that are environments of LaTeX.
const TABLES: [(&str, &str); 5] = [
    ("matrix", "matrix"),
    ("pmatrix", "pmatrix"),
    ("cases", "cases"),
    ("eqalign", "aligned"),
    ("displaylines", "gathered"),
];

/// Returns a formula without such macros; `None` if it holds one that cannot be rewritten.
pub(super) fn rewrite(tex: &str) -> Option<String> {
    let mut reader = Reader { rest: tex, depth: 0 };
    let out = reader.group()?;
    reader.rest.is_empty().then_some(out)
}

/// Macros that stand between two parts, with the TeX before, between and behind these.
fn infix(name: &str) -> Option<[&'static str; 3]> {
    Some(match name {
        "over" => [r"\frac{", "}{", "}"],
        "choose" => [r"\binom{", "}{", "}"],
        "atop" => [r"\begin{matrix}", r"\\", r"\end{matrix}"],
        "brack" => [r"\left[\begin{matrix}", r"\\", r"\end{matrix}\right]"],
        "brace" => [r"\left\{\begin{matrix}", r"\\", r"\end{matrix}\right\}"],
        _ => return None,
    })
}

struct Reader<'t> {
    rest: &'t str,
    depth: usize,
}

impl<'t> Reader<'t> {
    /// Reads up to the end of a group, whose brace stays.
    fn group(&mut self) -> Option<String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut out = String::new();
        // Where the parts of `\over` and its like begin and end.
        let mut start = 0;
        let mut pending: Option<([&str; 3], String)> = None;
        let close = |out: &mut String, start: usize, pending: &mut Option<([&str; 3], String)>| {
            if let Some(([before, between, after], first)) = pending.take() {
                let second = out.split_off(start);
                out.extend([before, &first, between, &second, after]);
            }
        };
        while let Some(c) = self.rest.chars().next() {
            match c {
                '}' => break,
                '{' => {
                    self.rest = &self.rest[1..];
                    let inside = self.group()?;
                    self.rest = self.rest.strip_prefix('}')?;
                    out.extend(["{", &inside, "}"]);
                }
                '&' => {
                    close(&mut out, start, &mut pending);
                    out.push('&');
                    start = out.len();
                    self.rest = &self.rest[1..];
                }
                '\\' => {
                    let name = self.name();
                    if let Some(parts) = infix(name) {
                        if pending.is_some() {
                            return None;
                        }
                        pending = Some((parts, out.split_off(start)));
                    } else if ["\\", "cr", "begin", "end"].contains(&name) {
                        close(&mut out, start, &mut pending);
                        self.separate(name, &mut out)?;
                        start = out.len();
                    } else {
                        self.command(name, &mut out)?;
                    }
                }
                _ => {
                    out.push(c);
                    self.rest = &self.rest[c.len_utf8()..];
                }
            }
        }
        close(&mut out, start, &mut pending);
        self.depth -= 1;
        Some(out)
    }

    /// Takes a backslash, and the letters or the sign behind it.
    fn name(&mut self) -> &'t str {
        let after = &self.rest[1..];
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let sign = || after.chars().next().map_or(0, char::len_utf8);
        let length = if letters == 0 { sign() } else { letters };
        self.rest = &after[length..];
        &after[..length]
    }

    /// Takes what stands in braces, as it is.
    fn argument(&mut self) -> Option<&'t str> {
        let text = self.rest.trim_start();
        let inside = enclosed(text)?;
        self.rest = &text[inside.len() + 2..];
        Some(inside)
    }

    /// Takes what stands in square brackets, if there are any.
    fn option(&mut self) -> Option<&'t str> {
        let (inside, after) = self.rest.trim_start().strip_prefix('[')?.split_once(']')?;
        self.rest = after;
        Some(inside)
    }

    /// Writes what ends a cell.
    fn separate(&mut self, name: &str, out: &mut String) -> Option<()> {
        match name {
            "\\" | "cr" => out.push_str(r"\\"),
            _ => {
                let environment = self.argument()?;
                match environment.trim_end_matches('*') {
                    "eqnarray" if name == "begin" => out.push_str(r"\begin{array}{rcl}"),
                    "eqnarray" => out.push_str(r"\end{array}"),
                    _ => out.extend(["\\", name, "{", environment, "}"]),
                }
            }
        }
        Some(())
    }

    /// Writes a macro with what belongs to it.
    fn command(&mut self, name: &str, out: &mut String) -> Option<()> {
        match name {
            "ce" => out.extend(["{", &chemistry::reaction(self.argument()?)?, "}"]),
            "pu" => out.extend(["{", &chemistry::unit(self.argument()?)?, "}"]),
            "unicode" => {
                let number = self.argument()?;
                let number = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                out.push(char::from_u32(number).filter(|c| !c.is_control())?);
            }
            "verb" => {
                let sign = self.rest.chars().next()?;
                let (inside, after) = self.rest[sign.len_utf8()..].split_once(sign)?;
                if inside.contains(['\\', '{', '}', '$', '%']) {
                    return None;
                }
                out.extend([r"\texttt{", inside, "}"]);
                self.rest = after;
            }
            "root" => {
                let (degree, after) = self.rest.split_once(r"\of")?;
                out.extend([r"\sqrt[", degree.trim(), "]"]);
                self.rest = after;
            }
            "bbox" => drop(self.option()),
            "newcommand" | "renewcommand" => self.define(out)?,
            _ if LOOKS.contains(&name) => {
                self.argument()?;
                self.option();
            }
            "tag" => {
                self.rest = self.rest.strip_prefix('*').unwrap_or(self.rest);
                out.extend([r"\qquad(\text{", self.argument()?, "})"]);
            }
            _ if TEXTS.contains(&name) && self.rest.trim_start().starts_with('{') => {
                let name = if ["mbox", "hbox"].contains(&name) { "text" } else { name };
                write_text(name, self.argument()?, out)?;
            }
            _ => match TABLES.iter().find(|(known, _)| *known == name) {
                Some((_, environment)) if self.rest.trim_start().starts_with('{') => {
                    self.rest = &self.rest.trim_start()[1..];
                    let inside = self.group()?;
                    self.rest = self.rest.strip_prefix('}')?;
                    let inside = inside.trim_end().trim_end_matches(r"\\");
                    out.push_str(&format!(
                        "\\begin{{{environment}}}{inside}\\end{{{environment}}}"
                    ));
                }
                _ => out.extend(["\\", name]),
            },
        }
        Some(())
    }

    /// Writes a macro's definition as plain TeX does.
    fn define(&mut self, out: &mut String) -> Option<()> {
        let text = self.rest.trim_start();
        let name = if text.starts_with('{') {
            self.argument()?.trim()
        } else {
            self.rest = text;
            let length = 1 + text.strip_prefix('\\').map(|_| self.name())?.len();
            &text[..length]
        };
        let count: u32 = self.option().map_or(Some(0), |count| count.trim().parse().ok())?;
        if self.rest.trim_start().starts_with('[') {
            return None;
        }
        out.extend(["\\def", name]);
        out.extend((1..=count.min(9)).map(|number| format!("#{number}")));
        out.extend(["{", self.argument()?, "}"]);
        Some(())
    }
}

/// Writes text, which may hold formulas between dollar signs.
fn write_text(name: &str, text: &str, out: &mut String) -> Option<()> {
    let parts: Vec<&str> = text.split('$').collect();
    if parts.len().is_multiple_of(2) || (parts.len() > 1 && text.contains(r"\$")) {
        return None;
    }
    for (at, part) in parts.into_iter().enumerate() {
        match at % 2 {
            _ if part.is_empty() => {}
            0 => out.extend(["\\", name, "{", part, "}"]),
            _ => out.extend(["{", &rewrite(part)?, "}"]),
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::rewrite;

    #[test]
    fn plain_tex_is_written_as_latex() {
        let check =
            |tex: &str, expect: &str| assert_eq!(rewrite(tex).as_deref(), Some(expect), "{tex}");
        check(r"{a \over b}", r"{\frac{a }{ b}}");
        check(r"{n \choose k} + 1", r"{\binom{n }{ k}} + 1");
        check(r"\matrix{a & b \cr c & d \cr}", r"\begin{matrix}a & b \\ c & d \end{matrix}");
        check(
            r"\begin{matrix} a \over b & c \\ d \end{matrix}",
            r"\begin{matrix}\frac{ a }{ b }& c \\ d \end{matrix}",
        );
        check(
            r"\begin{eqnarray*} a &=& b \end{eqnarray*}",
            r"\begin{array}{rcl} a &=& b \end{array}",
        );
        check(r"\newcommand{\R}[1]{\mathbb{#1}} \R{x}", r"\def\R#1{\mathbb{#1}} \R{x}");
        check(r"\root 3 \of x", r"\sqrt[3] x");
        check(r"\href{https://x.org}{x} \bbox[red]{y} \unicode{x263A}", r"{x} {y} ☺");
        check(r"\mbox{if $x$ is} \tag*{1}", r"\text{if }{x}\text{ is} \qquad(\text{1})");
        check(r"\ce{H2O}", r"{\mathrm{H}_{2}\mathrm{O}}");
        check(r"\text{a \over b} \{", r"\text{a \over b} \{");
    }

    #[test]
    fn what_has_no_other_words() {
        for tex in [r"a } b", r"{a", r"\ce{\frac{a}{b}}", r"a \over b \over c", r"\unicode{x0}"] {
            assert_eq!(rewrite(tex), None, "{tex}");
        }
        assert_eq!(rewrite(&"{".repeat(10_000)), None);
    }
}
