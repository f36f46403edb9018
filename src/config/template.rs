//! `deckpress.toml` as a folder begins with it: every setting, and none of them set.

use super::settings::{ANKI, CSV, EXPORT, LINT, SETTINGS, Setting};

/// How many characters a line of prose has, at most.
const WIDTH: usize = 80;

const HEAD: &str = "\
# The settings of this folder. Each holds the value that is there without it, or an example; take
# the `#` before a setting away to set it. The book has them all on its page \"Settings\".
";

/// Returns a settings file in which every setting stands behind a `#`.
#[must_use]
pub fn template() -> String {
    let is_table = |setting: &&Setting| setting.default.is_empty();
    let mut text = HEAD.to_owned();
    for setting in SETTINGS.iter().filter(|setting| !is_table(setting)) {
        push(&mut text, setting);
    }
    for (table, settings, line) in [
        ("csv", CSV, "[csv]"),
        ("anki", ANKI, "[anki]"),
        ("lint", LINT, "[lint]"),
        ("export", EXPORT, "#[[export]]"),
    ] {
        let about = SETTINGS.iter().find(|setting| setting.key == table);
        let about = about.map_or("", |setting| setting.about.trim_end_matches("; see below."));
        text.push('\n');
        push_prose(&mut text, &format!("{}.", about.trim_end_matches('.')));
        text.push_str(&format!("{line}\n"));
        for setting in settings {
            push(&mut text, setting);
        }
    }
    text
}

fn push(text: &mut String, Setting { key, values, default, about, example }: &Setting) {
    text.push('\n');
    push_prose(text, about);
    push_prose(text, &format!("Value: {values}."));
    let literal = default.strip_prefix('`').and_then(|default| default.strip_suffix('`'));
    if literal.is_none() && !default.is_empty() {
        push_prose(text, &format!("Default: {default}."));
    }
    text.push_str(&format!("#{key} = {}\n", literal.unwrap_or(example)));
}

/// Adds Markdown as comments, without the places that its links lead to.
fn push_prose(text: &mut String, markdown: &str) {
    let mut line = String::from("#");
    for word in without_links(markdown).split(' ') {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            text.push_str(&format!("{line}\n"));
            "#".clone_into(&mut line);
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&format!("{line}\n"));
}

fn without_links(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some((before, (name, after))) = rest.split_once('[').and_then(|(before, after)| {
        let (name, after) = after.split_once("](")?;
        Some((before, (name, after.split_once(')')?.1)))
    }) {
        text.push_str(before);
        text.push_str(name);
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::{template, without_links};
    use crate::config;
    use crate::source::Sources;

    #[test]
    fn links_are_left_out() {
        let check = |text, expect| assert_eq!(without_links(text), expect);
        check("a list of [targets](targets.md)", "a list of targets");
        check("as [`{.recall}`](kinds.md#recall-lists) does", "as `{.recall}` does");
        check("`[]` and [x]", "`[]` and [x]");
    }

    #[test]
    fn every_setting_can_be_set_as_it_stands_there() {
        let is_setting = |line: &str| line.starts_with('#') && !line.starts_with("# ");
        let set = template();
        let lines = set.lines().map(|line| if is_setting(line) { &line[1..] } else { line });
        let text = lines.collect::<Vec<_>>().join("\n");
        let mut sources = Sources::new("");
        let (file, _) = sources.add_bytes(config::FILE_NAME, text.clone().into_bytes());
        let mut diagnostics = Vec::new();
        let config = config::read(&sources, file, &mut diagnostics);
        assert_eq!(diagnostics, [], "{text}");
        assert_eq!(config.exports.len(), 1);
        assert!(text.lines().all(|line| !line.ends_with("= ")), "{text}");
    }

    #[test]
    fn as_it_stands_nothing_is_set() {
        let mut sources = Sources::new("");
        let (file, _) = sources.add_bytes(config::FILE_NAME, template().into_bytes());
        let mut diagnostics = Vec::new();
        let config = config::read(&sources, file, &mut diagnostics);
        assert_eq!((config, diagnostics), (config::Config::default(), Vec::new()));
    }
}
