//! Writes text so that Markdown reads it as the text that it is, with as few signs as that takes.

/// The characters beside a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Neighbours {
    pub(super) before: Option<char>,
    pub(super) after: Option<char>,
}

/// The place of a text, which decides on the characters that are signs in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signs {
    pub(super) is_careful: bool,
    pub(super) is_cell: bool,
    pub(super) has_dollars: bool,
    /// How many gaps are open.
    pub(super) gaps: usize,
}

/// Escapes a text within a line.
pub(super) fn escape(text: &str, neighbours: Neighbours, signs: Signs) -> String {
    if signs.is_careful {
        return escape_all(text);
    }
    let has_link = ["](", "][", "]:", "[^", "[[", "[!", "[ ]", "[x]", "[X]"]
        .iter()
        .any(|sign| text.contains(sign))
        || (text.contains('[') && !text.contains(']'))
        || (text.ends_with(']') && neighbours.after.is_some_and(|c| "([:{!".contains(c)));
    let has_link = has_link || neighbours.after == Some(']') || text.contains("[sound:");
    let mut out = String::with_capacity(text.len());
    let mut before = neighbours.before;
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let after = rest.chars().next().or(neighbours.after);
        let is_blank = |side: Option<char>| side.is_none_or(char::is_whitespace);
        let is_apart = is_blank(before) && is_blank(after);
        let is_word = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
        let is_sign = match c {
            '\\' => after.is_none_or(|c| c.is_ascii_punctuation() || c == '\n'),
            '`' => true,
            '*' => !is_apart,
            '_' => !(is_apart || is_word(before) && is_word(after)),
            '~' => before == Some('~') || after == Some('~') || !is_blank(before),
            '<' => after.is_none_or(|c| c.is_ascii_alphabetic() || "/!?".contains(c)),
            '&' => is_entity(rest),
            '[' | ']' => has_link,
            '!' => after == Some('['),
            '$' => signs.has_dollars || neighbours.after == Some('$') || before == Some('$'),
            '=' => (before == Some('=') || after == Some('=')) && !is_comparison(text, at),
            '{' => {
                rest.starts_with("{c")
                    || rest.starts_with("{C")
                    || (at == 0 && matches!(before, Some(')')))
            }
            '|' => signs.is_cell,
            // They would begin the hint, or end the gap.
            ':' | '}' if signs.gaps > 0 => after == Some(c) || (at == 0 && before == Some(c)),
            _ => false,
        };
        if is_sign {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}

/// Escapes every sign of a text.
pub(super) fn escape_all(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() && !"',.;?%@/\"".contains(c) {
            out.push('\\');
        }
        out.push(if c.is_ascii_whitespace() { ' ' } else { c });
    }
    out
}

/// Returns whether signs of equality stand apart, as in `a == b`.
fn is_comparison(text: &str, at: usize) -> bool {
    let run = |c: char| c == '=';
    let before = text[..at].trim_end_matches(run);
    let after = text[at..].trim_start_matches(run);
    before.ends_with(' ') && after.starts_with(' ')
}

/// Returns whether an ampersand before this would begin an entity.
fn is_entity(rest: &str) -> bool {
    let Some((name, _)) = rest.split_once(';') else { return false };
    let name = name.strip_prefix('#').unwrap_or(name);
    (1..=40).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Escapes what would open a block at the start of a line.
pub(super) fn escape_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(escape_line).collect();
    lines.join("\n")
}

fn escape_line(line: &str) -> String {
    let text = line.strip_suffix('\\').unwrap_or(line);
    let Some(first) = text.chars().next() else { return line.to_owned() };
    let is_run = |signs: &str| text.chars().all(|c| signs.contains(c) || c == ' ');
    let ends = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']);
    let opens = match first {
        '#' => ends(text.trim_start_matches('#')),
        '-' | '+' | '*' => ends(&text[1..]) || is_run("-") || is_run("*") || is_run("-|:"),
        '=' => is_run("="),
        '>' => true,
        ':' => ends(&text[1..]) || text.starts_with("::") || is_run("-|:"),
        '|' => is_run("-|:"),
        '~' => text.starts_with("~~~"),
        '[' => text.contains("]:"),
        '%' => text.starts_with("%%"),
        '0'..='9' => {
            let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
            let number = text.len() - rest.len();
            if number < 10 && rest.starts_with(['.', ')']) && ends(&rest[1..]) {
                return format!("{}\\{}", &line[..number], &line[number..]);
            }
            false
        }
        _ => false,
    };
    if opens { format!("\\{line}") } else { line.to_owned() }
}

/// Returns whether emphasis can begin, or from the other side end, between two characters.
pub(super) fn can_open(outside: Option<char>, inside: Option<char>) -> bool {
    let is_mark =
        |c: char| c.is_ascii_punctuation() || (!c.is_alphanumeric() && !c.is_whitespace());
    match (outside, inside) {
        (_, None) => false,
        (_, Some(c)) if c.is_whitespace() => false,
        (None, _) => true,
        (Some(out), Some(c)) => !is_mark(c) || out.is_whitespace() || is_mark(out),
    }
}

/// Writes code within a line.
pub(super) fn write_code(code: &str, is_cell: bool) -> String {
    let mut longest = 0;
    let mut run = 0;
    for c in code.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let blanks = code.starts_with(' ') && code.ends_with(' ');
    let pad = if code.starts_with('`') || code.ends_with('`') || blanks { " " } else { "" };
    let code = if is_cell { code.replace('|', "\\|") } else { code.to_owned() };
    format!("{fence}{pad}{code}{pad}{fence}")
}

/// Writes an address of a link or a picture.
#[must_use]
pub fn write_target(target: &str) -> String {
    let target = target.replace(['\n', '\r'], "");
    let is_plain = !target.is_empty()
        && !target
            .contains(|c: char| c.is_whitespace() || c.is_control() || "()<>\\*_".contains(c))
        && !target.match_indices('&').any(|(at, _)| is_entity(&target[at + 1..]));
    let is_plain = is_plain
        || (!target.is_empty()
            && target.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:?=#%+,@~".contains(c)));
    if is_plain {
        return target;
    }
    let target = target.replace('\\', "\\\\").replace('<', "\\<").replace('>', "\\>");
    format!("<{}>", target.replace('&', "&amp;"))
}

/// Writes a formula: with dollar signs where they are read as such, else as code.
pub(super) fn write_math(
    tex: &str,
    is_display: bool,
    [before, after]: [Option<char>; 2],
    is_single: bool,
) -> String {
    let tex = if is_single { tex.replace('\n', " ") } else { tex.to_owned() };
    if is_display {
        let is_plain = !tex.contains('$') && !tex.contains("\n\n");
        let sign = if is_plain { "$$" } else { return format!("\\[{tex}\\]") };
        return format!("{sign}{tex}{sign}");
    }
    let tex = tex.replace('\n', " ");
    let is_beside = |side: Option<char>| side.is_some_and(|c| c.is_alphanumeric() || c == '$');
    let begins = tex.starts_with(['_', '^'])
        || (tex.starts_with('\\') && tex[1..].starts_with(|c: char| c.is_ascii_alphabetic()));
    let is_clear = tex.contains(['\\', '^', '_', '=', '+', '*', '<', '>']) || tex.len() == 1;
    let is_blank = tex.starts_with(' ') || tex.ends_with(' ') || tex.is_empty();
    let is_plain = !tex.contains(['$', '`']) && !is_blank && !tex.ends_with('\\');
    let math = if is_plain && is_clear && !tex.contains('|') {
        format!("${tex}$")
    } else if tex.contains('`') {
        format!("\\({tex}\\)")
    } else {
        format!("$`{tex}`$")
    };
    // A comment parts a formula from a letter beside it, and is not shown.
    let may_follow = math.starts_with("$\\") || math.starts_with("$_") || math.starts_with("$^");
    let before = if is_beside(before) && !(may_follow && begins) { "<!-- -->" } else { "" };
    let after = if is_beside(after) { "<!-- -->" } else { "" };
    format!("{before}{math}{after}")
}
