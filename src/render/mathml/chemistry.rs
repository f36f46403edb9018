//! The chemistry of `mhchem`, `\ce{…}` and `\pu{…}`, in terms of plain TeX.
//!
//! It reads the common notation of reactions and formulas: amounts, indices, charges, isotopes,
//! bonds, arrows with their conditions, precipitates and gases. Anything else is not guessed.

/// The arrows, the longest first, with the TeX of each, and the macro that stretches it over words.
const ARROWS: [(&str, &str, Option<&str>); 8] = [
    ("<=>>", r"\rightleftharpoons", None),
    ("<<=>", r"\rightleftharpoons", None),
    ("<-->", r"\rightleftarrows", None),
    ("<=>", r"\rightleftharpoons", None),
    ("<->", r"\leftrightarrow", None),
    ("->", r"\longrightarrow", Some(r"\xrightarrow")),
    ("<-", r"\longleftarrow", Some(r"\xleftarrow")),
    ("=>", r"\Longrightarrow", None),
];

/// The deepest nesting of groups and conditions.
const DEEPEST: usize = 8;

/// Returns a reaction or a formula as TeX; `None` if it is not understood.
pub(super) fn reaction(text: &str) -> Option<String> {
    read(text, 0)
}

fn read(text: &str, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    let mut out = String::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (tex, length) = part(rest, depth)?;
        out.push_str(&tex);
        rest = rest[length..].trim_start();
    }
    Some(out)
}

/// Reads an arrow, a sign or a substance at the start of a text; returns its TeX and its length.
fn part(text: &str, depth: usize) -> Option<(String, usize)> {
    if let Some(found) = ARROWS.into_iter().find(|(sign, ..)| text.starts_with(sign)) {
        return arrow(text, found, depth);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let sign = match &text[..end] {
        "+" => Some(" + "),
        "-" => Some(" - "),
        "=" => Some(" = "),
        "v" | "(v)" => Some(r"\,\downarrow "),
        "^" | "(^)" => Some(r"\,\uparrow "),
        "." | "*" => Some(r" \cdot "),
        "..." => Some(r" \cdots "),
        _ => None,
    };
    sign.map_or_else(|| substance(text, depth), |tex| Some((tex.to_owned(), end)))
}

/// Reads an arrow with what stands above and below it in brackets.
fn arrow(
    text: &str,
    (sign, plain, stretched): (&str, &str, Option<&str>),
    depth: usize,
) -> Option<(String, usize)> {
    let mut length = sign.len();
    let mut words = Vec::new();
    while words.len() < 2 && text[length..].starts_with('[') {
        let inside = enclosed(&text[length..], '[', ']')?;
        words.push(read(inside, depth + 1)?);
        length += inside.len() + 2;
    }
    let above = words.first().map(String::as_str).unwrap_or_default();
    let below = words.get(1).map(String::as_str).unwrap_or_default();
    let tex = match stretched {
        _ if words.is_empty() => plain.to_owned(),
        Some(stretched) if below.is_empty() => format!("{stretched}{{{above}}}"),
        Some(stretched) => format!("{stretched}[{below}]{{{above}}}"),
        None if below.is_empty() => format!("\\overset{{{above}}}{{{plain}}}"),
        None => format!("\\overset{{{above}}}{{\\underset{{{below}}}{{{plain}}}}}"),
    };
    Some((format!(r"\;{tex}\;"), length))
}

/// Reads a substance with its amount, up to a blank or an arrow.
fn substance(text: &str, depth: usize) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut at = amount(text, &mut out);
    // Whether an index or a charge may follow.
    let mut has_base = false;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if c.is_whitespace() || ARROWS.iter().any(|(sign, ..)| rest.starts_with(sign)) {
            break;
        }
        let (tex, length) = match c {
            _ if c.is_alphabetic() => {
                let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
                has_base = true;
                (format!("\\mathrm{{{}}}", &rest[..end]), end)
            }
            '0'..='9' => {
                let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                let digits = &rest[..end];
                (if has_base { format!("_{{{digits}}}") } else { digits.to_owned() }, end)
            }
            '^' | '_' => {
                let (script, length) = script(&rest[1..], depth)?;
                let base = if has_base || out.ends_with('}') { "" } else { "{}" };
                (format!("{base}{c}{{{script}}}"), length + 1)
            }
            '+' | '-' if has_base && is_charge(&rest[1..]) => (format!("^{{{c}}}"), 1),
            '-' | '=' => (format!("{{{c}}}"), 1),
            '#' => (r"{\equiv}".to_owned(), 1),
            '.' | '*' | '·' => {
                has_base = false;
                let mut tex = r"\cdot ".to_owned();
                let length = amount(&rest[c.len_utf8()..], &mut tex);
                (tex, c.len_utf8() + length)
            }
            '(' | '[' => {
                has_base = false;
                (c.to_string(), 1)
            }
            ')' | ']' => {
                has_base = true;
                (c.to_string(), 1)
            }
            ',' | '/' | '\'' => (c.to_string(), 1),
            '{' => {
                let inside = enclosed(rest, '{', '}')?;
                has_base = true;
                (format!("{{{}}}", read(inside, depth + 1)?), inside.len() + 2)
            }
            '$' => {
                let inside = rest[1..].split_once('$')?.0;
                has_base = true;
                (format!("{{{inside}}}"), inside.len() + 2)
            }
            '\\' => {
                let letters = rest[1..].bytes().take_while(u8::is_ascii_alphabetic).count();
                // A macro without arguments, such as a Greek letter.
                if letters == 0 || rest[1 + letters..].starts_with(['{', '[']) {
                    return None;
                }
                has_base = true;
                (format!("{{{}}}", &rest[..=letters]), letters + 1)
            }
            _ => return None,
        };
        out.push_str(&tex);
        at += length;
    }
    Some((out, at))
}

/// Reads the amount before a substance, `2`, `0.5`, `1/2` or `n`; returns its length.
fn amount(text: &str, out: &mut String) -> usize {
    let end = text.find(|c: char| !(c.is_ascii_digit() || "./".contains(c))).unwrap_or(text.len());
    let number = &text[..end];
    if number.starts_with(|c: char| c.is_ascii_digit()) {
        let after = text[end..].chars().find(|c| !c.is_whitespace());
        let tex = match number.split_once('/') {
            Some((above, below)) => format!("\\tfrac{{{above}}}{{{below}}}"),
            None => number.to_owned(),
        };
        let is_amount = after.is_some_and(|c| c.is_alphabetic() || "([{\\^".contains(c));
        out.extend([&*tex, if is_amount { r"\," } else { "" }]);
        return end;
    }
    let mut letters = text.chars();
    let is_letter = letters.next().is_some_and(|c| c.is_ascii_lowercase());
    if is_letter && letters.next() == Some(' ') {
        out.extend([&text[..1], r"\,"]);
        return 1;
    }
    0
}

/// Reads a superscript or subscript; returns its TeX and its length.
fn script(text: &str, depth: usize) -> Option<(String, usize)> {
    if text.starts_with('{') {
        let inside = enclosed(text, '{', '}')?;
        let is_plain = inside.chars().all(|c| c.is_ascii_digit() || "+-. ".contains(c));
        let tex = if is_plain { inside.to_owned() } else { read(inside, depth + 1)? };
        return Some((tex, inside.len() + 2));
    }
    let is_part = |c: char| c.is_ascii_digit() || "+-.•".contains(c);
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    if end > 0 {
        return Some((text[..end].to_owned(), end));
    }
    let letters = text.chars().next().filter(|c| c.is_alphabetic())?;
    Some((letters.to_string(), letters.len_utf8()))
}

/// Returns whether a sign before this is a charge, and no bond.
fn is_charge(after: &str) -> bool {
    after.chars().next().is_none_or(|c| c.is_whitespace() || ")]}+-,^".contains(c))
}

/// Returns the text in the brackets at the start of a text.
fn enclosed(text: &str, open: char, close: char) -> Option<&str> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(&text[1..at]);
            }
        }
    }
    None
}

/// Returns a physical unit with its number as TeX; `None` if it is not understood.
pub(super) fn unit(text: &str) -> Option<String> {
    let mut out = String::new();
    let text = text.trim();
    let is_number = |c: char| c.is_ascii_digit() || "+-.,".contains(c);
    let end = text.find(|c| !is_number(c)).unwrap_or(text.len());
    let (number, mut rest) = text.split_at(end);
    out.push_str(&number.replace(',', "{,}"));
    if let Some(after) = rest.strip_prefix(['e', 'E']).filter(|_| !number.is_empty()) {
        let end = after.find(|c| !is_number(c)).unwrap_or(after.len());
        if end > 0 {
            out.push_str(&format!("\\times 10^{{{}}}", &after[..end]));
            rest = &after[end..];
        }
    }
    let units = rest.trim_start();
    if !number.is_empty() && !units.is_empty() {
        out.push_str(r"\,");
    }
    let mut chars = units.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '%' => out.push_str(r"\%"),
            _ if c.is_alphabetic() || c == '°' => {
                out.push_str(r"\mathrm{");
                out.push(c);
                while let Some((_, c)) = chars.next_if(|(_, c)| c.is_alphabetic()) {
                    out.push(c);
                }
                out.push('}');
            }
            '/' => out.push('/'),
            '*' | '.' | '·' => out.push_str(r"\cdot "),
            ' ' => out.push_str(r"\,"),
            '^' | '-' | '0'..='9' => {
                let from = if c == '^' { at + 1 } else { at };
                let is_power = |c: char| c.is_ascii_digit() || c == '-';
                let end = units[from..].find(|c| !is_power(c)).unwrap_or(units.len() - from);
                if end == 0 {
                    return None;
                }
                out.push_str(&format!("^{{{}}}", &units[from..from + end]));
                while chars.next_if(|(at, _)| *at < from + end).is_some() {}
            }
            _ => return None,
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{reaction, unit};

    #[test]
    fn formulas_and_reactions() {
        let check =
            |text: &str, tex: &str| assert_eq!(reaction(text).as_deref(), Some(tex), "{text}");
        check("H2O", r"\mathrm{H}_{2}\mathrm{O}");
        check("SO4^2-", r"\mathrm{SO}_{4}^{2-}");
        check("Na+", r"\mathrm{Na}^{+}");
        check("CH3-CH2-OH", r"\mathrm{CH}_{3}{-}\mathrm{CH}_{2}{-}\mathrm{OH}");
        check("^{14}_{6}C", r"{}^{14}_{6}\mathrm{C}");
        check("[Cu(NH3)4]^2+", r"[\mathrm{Cu}(\mathrm{NH}_{3})_{4}]^{2+}");
        check(
            "2H2 + O2 -> 2H2O",
            r"2\,\mathrm{H}_{2} + \mathrm{O}_{2}\;\longrightarrow\;2\,\mathrm{H}_{2}\mathrm{O}",
        );
        check(
            "A <=>[H+] B",
            r"\mathrm{A}\;\overset{\mathrm{H}^{+}}{\rightleftharpoons}\;\mathrm{B}",
        );
        check(
            "CaCO3 ->[\\Delta] CaO + CO2 ^",
            r"\mathrm{CaCO}_{3}\;\xrightarrow{{\Delta}}\;\mathrm{CaO} + \mathrm{CO}_{2}\,\uparrow ",
        );
        check("CuSO4*5H2O", r"\mathrm{CuSO}_{4}\cdot 5\,\mathrm{H}_{2}\mathrm{O}");
        check("1/2 O2", r"\tfrac{1}{2}\,\mathrm{O}_{2}");
    }

    #[test]
    fn what_is_not_understood() {
        for text in ["a & b", r"\frac{a}{b}", "{a", "->[x", "$x"] {
            assert_eq!(reaction(text), None, "{text}");
        }
        assert_eq!(reaction(&"{".repeat(100)), None);
    }

    #[test]
    fn units() {
        let check = |text: &str, tex: &str| assert_eq!(unit(text).as_deref(), Some(tex), "{text}");
        check("123 kJ/mol", r"123\,\mathrm{kJ}/\mathrm{mol}");
        check("1.2e3 m s-1", r"1.2\times 10^{3}\,\mathrm{m}\,\mathrm{s}^{-1}");
        assert_eq!(unit("{"), None);
    }
}
