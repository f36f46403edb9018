//! Sanitizes TeX.
//!
//! MathJax has macros that write HTML, and Anki allows them: a link may contain a script, a style
//! may cover the card or load an image. Each macro below was seen to do so in Anki 26.9.3. A use
//! that is plainly safe stays, in braces, so that no other macro takes it apart; any other is shown
//! as text.

use super::placeholder::{CLOZE, is_control};
use super::sanitize;
use crate::config::Html;

/// The macros, with a letter for the kind of each argument; a macro without any is never safe.
const MACROS: [(&str, &str); 9] = [
    ("bbox", "b*"),
    ("class", "c*"),
    ("cssId", ""),
    ("definecolor", "www"),
    ("fcolorbox", "oww*"),
    ("href", "u*"),
    ("mmlToken", ""),
    ("style", ""),
    ("unicode", "oo*"),
];

/// The deepest nesting of macros; deeper ones are shown as text.
const MAX_DEPTH: usize = 50;

/// The longest argument that is not a text, in bytes.
const MAX_ARGUMENT: usize = 2000;

/// Sanitizes TeX, unless all HTML is allowed. It may contain the placeholders of clozes: the name
/// of a macro ends at a placeholder, and a macro is safe only if there are none in its arguments;
/// its text may contain whole clozes.
#[must_use]
pub(super) fn sanitize(tex: &str, html: Html) -> String {
    let tex: String = tex.chars().filter(|&c| !is_control(c) || CLOZE.contains(&c)).collect();
    match html {
        Html::Allow => tex,
        Html::Sanitize | Html::Escape => disarm(&tex),
    }
}

/// Disarms all macros that are not safe.
fn disarm(tex: &str) -> String {
    let tex = disarm_nested(tex, 0);
    let mut out = String::with_capacity(tex.len());
    for part in tex.split_inclusive(CLOZE) {
        let text = part.trim_end_matches(CLOZE);
        let letters = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let is_cut = text.len() < part.len() && letters.ends_with('\\');
        out.extend([text, if is_cut { " " } else { "" }, &part[text.len()..]]);
    }
    out
}

/// Disarms macros at a depth of nesting.
fn disarm_nested(tex: &str, depth: usize) -> String {
    let mut out = String::with_capacity(tex.len());
    let mut rest = tex;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let name = name(after);
        let mut length = name.len();
        if let Some((_, signature)) = find(name) {
            let arguments = (depth < MAX_DEPTH)
                .then(|| arguments(signature, &after[length..], depth))
                .flatten();
            if let Some(arguments) = arguments {
                length += arguments.length;
                out.push_str(&format!("{{\\{name}{}}}", arguments.tex));
            } else {
                // A word joiner behind the backslash makes the name that of no macro.
                out.push_str("\\\u{2060}");
                out.push_str(name);
            }
        } else {
            length = length.max(after.chars().next().map_or(0, char::len_utf8));
            out.push('\\');
            out.push_str(&after[..length]);
            // After `\verb\x\` the second of two backslashes begins a macro.
            if after.starts_with('\\') && find(self::name(&after[1..])).is_some() {
                out.push(' ');
            }
        }
        rest = &after[length..];
    }
    out.push_str(rest);
    out
}

/// Joins the lines of TeX without their comments, which would make a comment of the rest.
pub(super) fn join_lines(tex: &str) -> String {
    let lines = tex.lines().map(|line| line[..comment(line).unwrap_or(line.len())].trim());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Returns the offset of the comment in a line.
fn comment(line: &str) -> Option<usize> {
    let mut is_escaped = false;
    line.bytes().position(|byte| {
        let is_comment = byte == b'%' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_comment
    })
}

/// Returns the letters at the start of a text.
fn name(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len())]
}

fn find(name: &str) -> Option<(&'static str, &'static str)> {
    MACROS.into_iter().find(|(known, _)| *known == name)
}

/// The sanitized arguments of a macro, and their length in the source.
#[derive(Default)]
struct Arguments {
    tex: String,
    length: usize,
}

/// Returns the arguments of a macro if they are safe.
fn arguments(signature: &str, text: &str, depth: usize) -> Option<Arguments> {
    let mut found = Arguments::default();
    for kind in signature.chars() {
        let rest = text[found.length..].trim_start_matches(is_blank);
        let is_optional = matches!(kind, 'b' | 'o');
        if is_optional && !rest.starts_with('[') {
            continue;
        }
        let longest = if kind == '*' { usize::MAX } else { MAX_ARGUMENT };
        let content = if is_optional {
            let end = rest.bytes().take(longest).position(|byte| byte == b']')?;
            &rest[1..end]
        } else {
            group(rest, longest)?
        };
        if kind != '*' && content.contains(CLOZE) {
            return None;
        }
        let is_safe = match kind {
            'b' => content
                .split(',')
                .all(|part| is_words(part.trim_start().strip_prefix("border:").unwrap_or(part))),
            'c' => is_words(content) && sanitize::allowed_classes(content) == content,
            'o' | 'w' => is_words(content),
            'u' => {
                let schemes = ["http://", "https://", "mailto:", "tel:"];
                schemes.iter().any(|scheme| content.starts_with(scheme))
            }
            _ => true,
        };
        if !is_safe {
            return None;
        }
        let is_text = kind == '*';
        let inner = if is_text { disarm_nested(content, depth + 1) } else { content.to_owned() };
        let [open, close] = if is_optional { ['[', ']'] } else { ['{', '}'] };
        found.tex.extend([open.to_string(), inner, close.to_string()]);
        found.length = text.len() - rest.len() + content.len() + 2;
    }
    (!signature.is_empty()).then_some(found)
}

/// Returns the content of the braces at the start of a text, if it is shorter than `longest`.
fn group(text: &str, longest: usize) -> Option<&str> {
    let mut depth = 0usize;
    let mut chars = text.char_indices().take_while(|(at, _)| *at < longest);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '{' => depth += 1,
            '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return text.starts_with('{').then(|| &text[1..at]);
        }
    }
    None
}

/// Returns whether MathJax skips a character before an argument.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// Returns whether an argument contains only names, numbers and colors, and no parameter of a
/// macro.
fn is_words(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " .,-_!#".contains(c);
    let mut after_signs = text.split('#').skip(1);
    text.chars().all(is_plain)
        && !after_signs.any(|after| after.starts_with(|c| ('1'..='9').contains(&c)))
}

#[cfg(test)]
mod tests {
    use super::disarm;
    use crate::markdown::cloze::is_closed;

    #[test]
    fn ordinary_tex_stays_as_it_is() {
        for tex in [
            r"\frac{a}{b} \\ \text{\(x\)} \{ \} \hrefs \classy{x} \\[2pt] \ ",
            r"\require{cancel}\cancel{x}",
            r"\color{red}{x} \colorbox{#fed}{x}",
            r"ends with \",
        ] {
            assert_eq!(disarm(tex), tex);
        }
    }

    #[test]
    fn what_is_plainly_fine_stays() {
        for tex in [
            r"\href{https://example.org/a_b#c}{x}",
            r"\bbox[#fed, 5px, border: 2px solid red]{\frac{a}{b}}",
            r"\bbox{x}",
            r"\class{my-class other}{x}",
            r"\unicode[0.8,0.2][Arial]{x263A}",
            r"\fcolorbox{red}{#0ff}{x}",
            r"\definecolor{mine}{RGB}{10,20,30}",
        ] {
            assert_eq!(disarm(tex), format!("{{{tex}}}"));
        }
        assert_eq!(disarm(r"a\href {tel:1} {b}c"), r"a{\href{tel:1}{b}}c");
    }

    #[test]
    fn what_does_harm_is_shown() {
        let check = |tex: &str| assert_eq!(disarm(tex), tex.replacen('\\', "\\\u{2060}", 1));
        check(r"\href{javascript:x}{y}");
        check(r"\href{ javascript:x}{y}");
        check(r"\href{#1}{y}");
        check(r"\href%");
        check(r"\href{https://x}");
        check(r"\href{https://x}\y");
        check(r"\style{color:red}{x}");
        check(r"\cssId{qa}{x}");
        check(r#"\mmlToken{mi}[href="javascript:x"]{y}"#);
        check(r"\class{CtxtMenu_Info}{x}");
        check(r"\class{#1}{x}");
        check(r"\bbox[position:fixed]{x}");
        check("\\bbox\u{feff}[position:fixed]{x}");
        check(r"\bbox[red,border:1px;position:fixed]{x}");
        check(r"\bbox[#1]{x}");
        check(r"\bbox#1{x}");
        check(r"\bbox");
        check(r"\unicode[x;position:fixed]{x41}");
        check(r"\unicode[1,1][x;position:fixed]{x41}");
        check(r"\fcolorbox{red;position:fixed}{red}{x}");
        check(r"\definecolor{x}{named}{red;position:fixed}");
    }

    #[test]
    fn a_text_may_have_gaps() {
        let check = |tex: &str, expect: &str| {
            let stand_ins = |text: &str| text.replace("⟨", "\u{5}1\u{6}").replace("⟩", "\u{8}");
            assert_eq!(disarm(&stand_ins(tex)), stand_ins(expect));
        };
        check(r"\bbox[red]{a ⟨\frac{b}{c}⟩}", r"{\bbox[red]{a ⟨\frac{b}{c}⟩}}");
        check(r"⟨\href{https://x}{y}⟩", r"⟨{\href{https://x}{y}}⟩");
        check(r"\href{https://x}{⟨\style{a}{b}⟩}", "{\\href{https://x}{⟨\\\u{2060}style{a}{b}⟩}}");
        check(r"\href{https://⟨x⟩}{y}", "\\\u{2060}href{https://⟨x⟩}{y}");
        check(r"\href{https://x}⟨{y}⟩", "\\\u{2060}href{https://x}⟨{y}⟩");
        check(r"\st⟨yle⟩{a}\⟨href⟩{b}", r"\st ⟨yle⟩{a}\ ⟨href⟩{b}");
    }

    #[test]
    fn no_macro_takes_another_apart() {
        let check = |tex: &str, expect: &str| assert_eq!(disarm(tex), expect);
        check(r"\let\h\href\h{javascript:x}{y}", "\\let\\h\\\u{2060}href\\h{javascript:x}{y}");
        check(r"\l\href{https://x}{y}", r"\l{\href{https://x}{y}}");
        check(r"\verb\x\\href{javascript:x}{y}", r"\verb\x\\ href{javascript:x}{y}");
        check(r"\\\style{x}", "\\\\\\\u{2060}style{x}");
        check(
            r"\href{https://x}{\href{javascript:x}{y}}",
            "{\\href{https://x}{\\\u{2060}href{javascript:x}{y}}}",
        );
    }

    #[test]
    fn nothing_is_too_deep() {
        for piece in [r"\bbox{", r"\href{", r"\href{https://x}{", r"\bbox[red]{", r"\class{"] {
            let tex = format!("{}x{}", piece.repeat(20_000), "}".repeat(20_000));
            assert!(disarm(&tex).len() >= tex.len());
        }
    }

    #[test]
    fn braces_are_closed() {
        let check = |tex, expect| assert_eq!(is_closed(tex), expect, "{tex}");
        check(r"\frac{a}{b} \{ \\ }", true);
        check(r"{", false);
        check(r"\\{", false);
        check(r"}{", false);
    }
}
