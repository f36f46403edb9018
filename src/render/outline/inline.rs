//! Writes inline content for an outliner.
//!
//! Logseq's syntax was checked with its parser (mldoc 1.6.0); a backslash escapes most of it, and a
//! word joiner the rest. `RemNote`'s rules are known only from its manual, so there every sign that
//! makes a card, a cloze or a reference is broken up, in code as well.

use super::super::tree::{Inline, Media, TextStyle, plain_text, superscript};
use super::{Outline, Outliner};
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
                Inline::Text(text) => out += &self.escape_text(text, &out),
                Inline::Code(code) => out += &self.code_span(code),
                Inline::Math(tex, is_display) => out += &self.math(tex, *is_display),
                Inline::Styled(mark, inner) => {
                    let mark = match (mark, self.app) {
                        (TextStyle::Strong(_), _) => "**",
                        (TextStyle::Strike, _) => "~~",
                        (_, Outliner::Logseq) => "*",
                        (_, Outliner::RemNote) => "_",
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
                Inline::Link(link, inner) => out += &self.link(&link.target, inner),
                Inline::VaultLink(_, inner) => out += &self.line(inner),
                Inline::Media(media) => out += &self.media(media),
                Inline::Footnote(number) => out += &superscript(*number),
                Inline::Break if self.is_in_cloze || self.is_in_cell => out.push(' '),
                Inline::Break => out.push('\n'),
                Inline::Checkbox(is_right) => out += if *is_right { "☑ " } else { "☐ " },
                Inline::Cloze(_, inner, hint) => out += &self.cloze(inner, hint.as_deref()),
                // `to_plain` leaves none of them.
                Inline::SoftBreak | Inline::Html(_) | Inline::ClozeFormula(..) => {}
            }
        }
        out
    }

    fn cloze(&mut self, inner: &[Inline], hint: Option<&str>) -> String {
        if std::mem::replace(&mut self.is_in_cloze, true) {
            return self.line(inner);
        }
        let text = self.line(inner);
        let hint = hint.map(|hint| self.escape_text(hint, ""));
        self.is_in_cloze = false;
        match (self.app, hint) {
            (Outliner::Logseq, None) => format!("{{{{cloze {}}}}}", self.escape_argument(&text)),
            (Outliner::Logseq, Some(hint)) => {
                let text =
                    self.escape_argument(&text).replace(" \\\\ ", &format!(" \\\\{JOINER} "));
                let hint = self.escape_argument(&hint);
                format!("{{{{cloze {text} \\\\ {hint}}}}}")
            }
            (Outliner::RemNote, None) => format!("{{{{{text}}}}}"),
            (Outliner::RemNote, Some(hint)) => format!("{{{{{text}}}}}{{({{{hint}}})}}"),
        }
    }

    /// Escapes the argument of a Logseq macro, which ends at the first `}}`, and in which Logseq
    /// writes each comma with one space behind it.
    fn escape_argument(&mut self, text: &str) -> String {
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

    fn code_span(&mut self, code: &str) -> String {
        let mut code = code.replace('\n', " ");
        let mut change = |from: &str, to: &str| {
            if code.contains(from) {
                code = code.replace(from, to);
                self.changed += 1;
            }
        };
        if self.is_in_cell {
            change("|", "∣");
        }
        match self.app {
            // Logseq allows only one or two backticks around a code span.
            Outliner::Logseq => change("``", &format!("`{JOINER}`")),
            Outliner::RemNote => {
                for sign in SIGNS {
                    change(sign, &break_up(sign));
                    change(sign, &break_up(sign));
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
        let signs = if self.app == Outliner::RemNote { &SIGNS[..] } else { logseq };
        for sign in signs.iter().chain(signs) {
            let (first, second) = sign.split_at(1);
            tex = tex.replace(sign, &format!("{first} {second}"));
        }
        if self.is_in_cell {
            tex = tex.replace('|', "\\vert ");
        }
        let mark = if is_display && !self.is_in_cell { "$$" } else { "$" };
        format!("{mark}{tex}{mark}")
    }

    fn link(&mut self, target: &str, inner: &[Inline]) -> String {
        let text = plain_text(inner);
        if target.is_empty() {
            return self.line(inner);
        }
        let is_url = target.starts_with("http://") || target.starts_with("https://");
        if is_url && text == target && self.app == Outliner::Logseq {
            return format!("<{}>", target.replace(['<', '>'], ""));
        }
        format!("[{}]({})", self.line(inner).replace('\n', " "), encode_address(target))
    }

    fn media(&mut self, media: &Media) -> String {
        let text = self.escape_text(&media.alt_text.replace('\n', " "), "");
        let target = encode_address(&media.target);
        if self.app == Outliner::RemNote && media_kind(&media.target) != MediaKind::Image {
            let text = if text.is_empty() { self.escape_text(&media.target, "") } else { text };
            return format!("[{text}]({target})");
        }
        let mut size = Vec::new();
        for (name, value) in ["width", "height"].into_iter().zip(&media.size) {
            if let Some(value) = value.as_ref().filter(|value| value.parse::<u32>().is_ok()) {
                size.push(format!(":{name} {value}"));
            }
        }
        let size = if size.is_empty() || self.app == Outliner::RemNote {
            String::new()
        } else {
            format!("{{{}}}", size.join(", "))
        };
        format!("![{text}]({target}){size}")
    }

    /// Escapes text that follows `before` on its line.
    fn escape_text(&mut self, text: &str, before: &str) -> String {
        let mut text = text.to_owned();
        if self.is_in_cell && text.contains('|') {
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
                (_, '*' | '`' | '$') | (Outliner::Logseq, '\\' | '_' | '~' | '#' | '<') => true,
                (Outliner::Logseq, '=' | '^' | '{' | '}') | (Outliner::RemNote, '~') => is_pair,
                (Outliner::RemNote, '\\') => next.is_some_and(|next| next.is_ascii_punctuation()),
                (Outliner::RemNote, '_') => {
                    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                    !is_word(last) || !is_word(next)
                }
                (Outliner::RemNote, '<') => {
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
                Outliner::Logseq => {
                    let is_pair = matches!(
                        (c, next),
                        ('[', '[' | ':' | '^') | (']' | '(', '(') | (':', ':') | ('@', '@')
                    );
                    is_pair || (c == '[' && is_count(&chars[at + 1..]))
                }
                Outliner::RemNote => {
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
    pub(super) fn escape_line_start(&mut self, line: &str) -> String {
        let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_numbered = digits.len() < line.len() && digits.starts_with(['.', ')']);
        let word = line.split(' ').next().unwrap_or_default();
        let is_live = line.starts_with(['-', '+', '>', '|', ':', '#'])
            || is_numbered
            || TASKS.contains(&word)
            || ["SCHEDULED:", "DEADLINE:"].contains(&word)
            || line.starts_with("```")
            || line.starts_with("~~~");
        if self.app == Outliner::Logseq && word.ends_with("::") {
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
fn break_up(sign: &str) -> String {
    let (first, second) = sign.split_at(1);
    format!("{first}{JOINER}{second}")
}

/// Percent-encodes the characters that would end an address early.
fn encode_address(target: &str) -> String {
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
