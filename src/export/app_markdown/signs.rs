//! Signs that mean something, and how they do not.

use super::Rules;

/// The names of entities, which are easier to read than numbers, and hold no sign of a tag.
const NAMES: &[(char, &str)] = &[
    ('!', "excl"),
    ('"', "quot"),
    ('#', "num"),
    ('$', "dollar"),
    ('%', "percnt"),
    ('&', "amp"),
    ('\'', "apos"),
    ('(', "lpar"),
    (')', "rpar"),
    ('*', "ast"),
    ('+', "plus"),
    ('.', "period"),
    ('/', "sol"),
    (':', "colon"),
    (';', "semi"),
    ('<', "lt"),
    ('=', "equals"),
    ('>', "gt"),
    ('?', "quest"),
    ('@', "commat"),
    ('[', "lsqb"),
    ('\\', "bsol"),
    (']', "rsqb"),
    ('^', "Hat"),
    ('_', "lowbar"),
    ('`', "grave"),
    ('{', "lcub"),
    ('|', "verbar"),
    ('}', "rcub"),
];

/// A character that means nothing.
pub(super) fn entity(c: char) -> String {
    match NAMES.iter().find(|(known, _)| *known == c) {
        Some((_, name)) => format!("&{name};"),
        None => format!("&#{};", u32::from(c)),
    }
}

/// A text in which no sign means anything, neither to Markdown nor to HTML.
pub(super) fn entities(text: &str) -> String {
    let is_safe = |c: char| c.is_alphanumeric() || " ,-\n".contains(c) || !c.is_ascii();
    text.chars().map(|c| if is_safe(c) { c.to_string() } else { entity(c) }).collect()
}

/// A text, Markdown or HTML, in which each sign of an app is an entity.
pub(super) fn guarded(rules: &Rules, text: &str, before: Option<char>) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut before) = (text, before);
    while let Some(c) = rest.chars().next() {
        let width = if let Some(width) = entity_width(rest) {
            out.push_str(&rest[..width]);
            width
        } else {
            // A backtick that opens no code to us may do so to an app.
            let is_sign = c == '`' || (rules.is_sign)(before, rest);
            out.push_str(&if is_sign { entity(c) } else { c.to_string() });
            c.len_utf8()
        };
        before = Some(c);
        rest = &rest[width..];
    }
    out
}

/// How long the entity is that a text begins with.
pub(super) fn entity_width(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('&')?;
    let end = inner.find(';').filter(|end| (1..32).contains(end))?;
    let name = inner[..end].strip_prefix('#').unwrap_or(&inner[..end]);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
    is_name.then_some(end + 2)
}

/// A line whose first sign is an entity.
pub(super) fn hidden(line: &str) -> String {
    let rest = line.trim_start();
    if entity_width(rest).is_some() {
        return line.to_owned();
    }
    let indent = &line[..line.len() - rest.len()];
    let mut chars = rest.chars();
    let first = chars.next().map(entity).unwrap_or_default();
    format!("{indent}{first}{}", chars.as_str())
}

/// A text as HTML.
pub(super) fn html_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
