//! Writes inline content for an outliner.
//!
//! Logseq's syntax was checked with its parser (mldoc 1.6.0); a backslash escapes most of it, and a
//! word joiner the rest. `RemNote`'s rules are known only from its manual, so there every sign that
//! makes a card, a cloze or a reference is broken up, in code as well.

use super::super::tree::{Inline, Mark, Media, raised, words};
use super::{App, Outline};
use crate::media::{MediaKind, media_kind};

/// Word joiner, an invisible character that keeps two signs apart.
const JOINER: char = '\u{2060}';

/// The first words that make a bullet a task.
const TASKS: [&str; 10] = [
    "TODO",
    "DOING",
    "NOW",
    "LATER",
    "DONE",
    "WAITING",
    "WAIT",
    "CANCELED",
    "CANCELLED",
    "STARTED",
];

/// The signs from which `RemNote` makes cards, clozes, references and marks.
const SIGNS: [&str; 11] = ["{{", "}}", ">>", "<<", "<>", "==", "::", ";;", "[[", "((", "^^"];

impl Outline {
    /// Writes inline nodes. A hard break is a new line.
    pub fn line(&mut self, line: &[Inline]) -> String {
        let mut out = String::new();
        for piece in line {
            match piece {
                Inline::Text(text) => out += &self.words(text, &out),
                Inline::Code(code) => out += &self.span(code),
                Inline::Math(tex, is_display) => out += &self.math(tex, *is_display),
                Inline::Marked(mark, inner) => {
                    let mark = match (mark, self.app) {
                        (Mark::Strong, _) => "**",
                        (Mark::Strike, _) => "~~",
                        (Mark::Emphasis, App::Logseq) => "*",
                        (Mark::Emphasis, App::RemNote) => "_",
                    };
                    let text = self.line(inner);
                    let core = text.trim();
                    if core.is_empty() || core.contains('\n') || core.starts_with(mark) {
                        out += &text;
                    } else {
                        let (before, behind) = text.split_once(core).unwrap_or_default();
                        out += &format!("{before}{mark}{core}{mark}{behind}");
                    }
                }
                Inline::Link(target, inner) => out += &self.link(target, inner),
                Inline::Media(media) => out += &self.media(media),
                Inline::Footnote(number) => out += &raised(*number),
                Inline::Break if self.is_gap || self.is_cell => out.push(' '),
                Inline::Break => out.push('\n'),
                Inline::Box(is_right) => out += if *is_right { "☑ " } else { "☐ " },
                Inline::Gap(_, inner, hint) => out += &self.gap(inner, hint.as_deref()),
            }
        }
        out
    }

    fn gap(&mut self, inner: &[Inline], hint: Option<&str>) -> String {
        if std::mem::replace(&mut self.is_gap, true) {
            return self.line(inner);
        }
        let text = self.line(inner);
        let hint = hint.map(|hint| self.words(hint, ""));
        self.is_gap = false;
        match (self.app, hint) {
            (App::Logseq, None) => format!("{{{{cloze {}}}}}", self.argument(&text)),
            (App::Logseq, Some(hint)) => {
                let text = self.argument(&text).replace(" \\\\ ", &format!(" \\\\{JOINER} "));
                let hint = self.argument(&hint);
                format!("{{{{cloze {text} \\\\ {hint}}}}}")
            }
            (App::RemNote, None) => format!("{{{{{text}}}}}"),
            (App::RemNote, Some(hint)) => format!("{{{{{text}}}}}{{({{{hint}}})}}"),
        }
    }

    /// Escapes the argument of a Logseq macro, which ends at the first `}}`, and in which Logseq
    /// writes each comma with one space behind it.
    fn argument(&mut self, text: &str) -> String {
        self.changed += usize::from(text.contains("}}"));
        let text = text.replace("}}", &format!("}}{JOINER}}}"));
        let parts: Vec<&str> = text.split(',').collect();
        let (last, before) = parts.split_last().unwrap_or((&"", &[]));
        let mut out = String::new();
        for (part, next) in before.iter().zip(&parts[1..]) {
            let is_same = next.starts_with(' ') && !next.starts_with("  ") && !part.ends_with(' ');
            self.changed += usize::from(!is_same);
            out += part;
            out.push(if is_same { ',' } else { '‚' });
        }
        out + last
    }

    fn span(&mut self, code: &str) -> String {
        let mut code = code.replace('\n', " ");
        let mut change = |from: &str, to: &str| {
            if code.contains(from) {
                code = code.replace(from, to);
                self.changed += 1;
            }
        };
        if self.is_cell {
            change("|", "∣");
        }
        match self.app {
            // Logseq allows only one or two backticks around a code span.
            App::Logseq => change("``", &format!("`{JOINER}`")),
            App::RemNote => {
                for sign in SIGNS {
                    change(sign, &apart(sign));
                    change(sign, &apart(sign));
                }
                change("`", "ˋ");
            }
        }
        if code.contains('`') {
            let (before, behind) = (
                if code.starts_with('`') { " " } else { "" },
                if code.ends_with('`') { " " } else { "" },
            );
            return format!("``{before}{code}{behind}``");
        }
        format!("`{code}`")
    }

    fn math(&mut self, tex: &str, is_display: bool) -> String {
        let tex = tex.split_whitespace().collect::<Vec<_>>().join(" ");
        // Spaces between signs are ignored in TeX. Three signs are two pairs, so all are replaced
        // twice.
        let mut tex = tex;
        let logseq = &SIGNS[..2];
        let signs = if self.app == App::RemNote { &SIGNS[..] } else { logseq };
        for sign in signs.iter().chain(signs) {
            let (first, second) = sign.split_at(1);
            tex = tex.replace(sign, &format!("{first} {second}"));
        }
        if self.is_cell {
            tex = tex.replace('|', "\\vert ");
        }
        let mark = if is_display && !self.is_cell { "$$" } else { "$" };
        format!("{mark}{tex}{mark}")
    }

    fn link(&mut self, target: &str, inner: &[Inline]) -> String {
        let text = words(inner);
        if target.is_empty() {
            return self.line(inner);
        }
        let is_url = target.starts_with("http://") || target.starts_with("https://");
        if is_url && text == target && self.app == App::Logseq {
            return format!("<{}>", target.replace(['<', '>'], ""));
        }
        format!("[{}]({})", self.line(inner).replace('\n', " "), address(target))
    }

    fn media(&mut self, media: &Media) -> String {
        let text = self.words(&media.alt_text.replace('\n', " "), "");
        let target = address(&media.target);
        if self.app == App::RemNote && media_kind(&media.target) != MediaKind::Image {
            let text = if text.is_empty() { self.words(&media.target, "") } else { text };
            return format!("[{text}]({target})");
        }
        let mut size = Vec::new();
        for (name, value) in ["width", "height"].into_iter().zip(&media.size) {
            if let Some(value) = value.as_ref().filter(|value| value.parse::<u32>().is_ok()) {
                size.push(format!(":{name} {value}"));
            }
        }
        let size = if size.is_empty() || self.app == App::RemNote {
            String::new()
        } else {
            format!("{{{}}}", size.join(", "))
        };
        format!("![{text}]({target}){size}")
    }

    /// Escapes text that follows `before` on its line.
    fn words(&mut self, text: &str, before: &str) -> String {
        let mut text = text.to_owned();
        if self.is_cell && text.contains('|') {
            text = text.replace('|', "∣");
            self.changed += 1;
        }
        let mut out = String::with_capacity(text.len());
        let chars: Vec<char> = text.chars().collect();
        let mut last = before.chars().next_back();
        for (at, &c) in chars.iter().enumerate() {
            let next = chars.get(at + 1).copied();
            let is_pair = last == Some(c) || next == Some(c);
            let is_escaped = match (self.app, c) {
                (_, '*' | '`' | '$') | (App::Logseq, '\\' | '_' | '~' | '#' | '<') => true,
                (App::Logseq, '=' | '^' | '{' | '}') | (App::RemNote, '~') => is_pair,
                (App::RemNote, '\\') => next.is_some_and(|next| next.is_ascii_punctuation()),
                (App::RemNote, '_') => {
                    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                    !is_word(last) || !is_word(next)
                }
                (App::RemNote, '<') => {
                    next.is_some_and(|next| next.is_alphabetic() || "/!".contains(next))
                }
                _ => false,
            };
            if is_escaped {
                out.push('\\');
            }
            out.push(c);
            last = Some(c);
            let Some(next) = next else { continue };
            let is_live = match self.app {
                App::Logseq => {
                    let is_pair = matches!(
                        (c, next),
                        ('[', '[' | ':' | '^') | (']' | '(', '(') | (':', ':') | ('@', '@')
                    );
                    is_pair || (c == '[' && is_count(&chars[at + 1..]))
                }
                App::RemNote => {
                    let is_tag = c == '#' && !next.is_whitespace();
                    let is_sign = SIGNS.iter().any(|sign| sign.chars().eq([c, next]));
                    is_tag || is_sign || (c, next) == (']', '(')
                }
            };
            if is_live {
                out.push(JOINER);
            }
        }
        out
    }

    /// Escapes a line that the app would take for a list, a quote, a task or another block.
    pub(super) fn harmless(&mut self, line: &str) -> String {
        let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_numbered = digits.len() < line.len() && digits.starts_with(['.', ')']);
        let word = line.split(' ').next().unwrap_or_default();
        let is_live = line.starts_with(['-', '+', '>', '|', ':', '#'])
            || is_numbered
            || TASKS.contains(&word)
            || ["SCHEDULED:", "DEADLINE:"].contains(&word)
            || line.starts_with("```")
            || line.starts_with("~~~");
        if self.app == App::Logseq && word.ends_with("::") {
            // Even code is read as the name of a property.
            self.changed += 1;
            return line.replacen("::", &format!(":{JOINER}:"), 1);
        }
        if is_live { format!("{JOINER}{line}") } else { line.to_owned() }
    }
}

/// Returns whether a progress count follows, as in `[1/2]` and `[50%]`.
fn is_count(chars: &[char]) -> bool {
    let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    chars.get(digits).is_some_and(|c| "/%".contains(*c))
}

/// Puts a word joiner between two signs.
fn apart(sign: &str) -> String {
    let (first, second) = sign.split_at(1);
    format!("{first}{JOINER}{second}")
}

/// Percent-encodes the characters that would end an address early.
fn address(target: &str) -> String {
    let mut out = String::new();
    for c in target.chars() {
        match c {
            ' ' => out += "%20",
            '(' => out += "%28",
            ')' => out += "%29",
            '<' => out += "%3C",
            '>' => out += "%3E",
            '[' => out += "%5B",
            ']' => out += "%5D",
            '{' => out += "%7B",
            '}' => out += "%7D",
            c if c.is_whitespace() || c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
