//! Escapes signs by HTML entities, for Markdown and for the app.

use super::Rules;

/// Names of entities: easier to read than numbers, and without the `#` that apps take for a tag.
const ENTITY_NAMES: &[(char, &str)] = &[
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

/// Returns a character as an entity.
pub(super) fn entity(c: char) -> String {
    match ENTITY_NAMES.iter().find(|(known, _)| *known == c) {
        Some((_, name)) => format!("&{name};"),
        None => format!("&#{};", u32::from(c)),
    }
}

/// Returns a text with all ASCII punctuation as entities, for Markdown and HTML alike.
pub(super) fn escape_punctuation(text: &str) -> String {
    let is_safe = |c: char| c.is_alphanumeric() || " ,-\n".contains(c) || !c.is_ascii();
    text.chars().map(|c| if is_safe(c) { c.to_string() } else { entity(c) }).collect()
}

/// Replaces each sign of the app in Markdown or HTML by an entity. `before` is the character before
/// the text.
pub(super) fn guard_signs(rules: &Rules, text: &str, before: Option<char>) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut before) = (text, before);
    while let Some(c) = rest.chars().next() {
        let width = if let Some(width) = entity_width(rest) {
            out.push_str(&rest[..width]);
            width
        } else {
            // A backtick that opens no code in CommonMark may do so in an app.
            let is_sign = c == '`' || (rules.is_sign)(before, rest);
            out.push_str(&if is_sign { entity(c) } else { c.to_string() });
            c.len_utf8()
        };
        before = Some(c);
        rest = &rest[width..];
    }
    out
}

/// Returns the length of the entity at the start of a text.
pub(super) fn entity_width(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('&')?;
    let end = inner.find(';').filter(|end| (1..32).contains(end))?;
    let name = inner[..end].strip_prefix('#').unwrap_or(&inner[..end]);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
    is_name.then_some(end + 2)
}

/// Replaces the first character of a line, behind its indentation, by an entity.
pub(super) fn hide_first(line: &str) -> String {
    let rest = line.trim_start();
    if entity_width(rest).is_some() {
        return line.to_owned();
    }
    let indent = &line[..line.len() - rest.len()];
    let mut chars = rest.chars();
    let first = chars.next().map(entity).unwrap_or_default();
    format!("{indent}{first}{}", chars.as_str())
}

/// Escapes a plain text for HTML.
pub(super) fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
