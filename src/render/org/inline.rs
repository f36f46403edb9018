//! Renders inline content as Org.

use super::super::tree::{Inline, Media, TextStyle, plain_text, superscript};
use super::{JOINER, Org, OrgContainer, ZWSP, link};
use crate::markdown::attributes::is_harmless;

/// The characters that may stand before emphasis, besides white space
/// (`org-emphasis-regexp-components`).
const BEFORE_EMPHASIS: &str = "-('\"{";
/// The characters that may stand behind it.
const AFTER_EMPHASIS: &str = "-.,:!?;'\")}\\[";
/// The characters that begin or end emphasis.
const EMPHASIS_MARKS: &str = "*/_=~+";

/// The link types of Org and its modules that a text may appear to contain, without those of the
/// web (`org-link-parameters`).
const LINK_TYPES: [&str; 19] = [
    "attachment",
    "bbdb",
    "docview",
    "doi",
    "elisp",
    "eww",
    "file",
    "file+emacs",
    "file+sys",
    "gnus",
    "help",
    "id",
    "info",
    "irc",
    "man",
    "mhe",
    "rmail",
    "shell",
    "w3m",
];

impl Org {
    /// Renders inline nodes. A hard break is `\\` and a new line.
    pub fn line(&mut self, line: &[Inline]) -> String {
        let mut out = String::new();
        for piece in line {
            match piece {
                Inline::Text(text) => self.push_text(text, &mut out),
                Inline::Code(code) => self.code(code, &mut out),
                Inline::Math(tex, is_display) => self.math(tex, *is_display, &mut out),
                Inline::Styled(mark, inner) => {
                    let mark = match mark {
                        TextStyle::Emphasis(_) | TextStyle::Highlight => '/',
                        TextStyle::Strong(_) => '*',
                        TextStyle::Strike => '+',
                    };
                    self.emphasis(mark, inner, &mut out);
                }
                Inline::Link(link, inner) => self.link(&link.target, inner, &mut out),
                Inline::VaultLink(_, inner) => {
                    let inner = self.line(inner);
                    append(&mut out, &inner);
                }
                Inline::Media(media) => self.media(media, &mut out),
                Inline::Footnote(number) => append(&mut out, &superscript(*number)),
                Inline::Break if self.is_in(OrgContainer::Cloze) => append(&mut out, " "),
                Inline::Break => append(&mut out, "\\\\\n"),
                Inline::Checkbox(is_right) => {
                    let text = match (is_right, self.is_question) {
                        (true, true) => "☑ ",
                        (false, true) => "☐ ",
                        (true, false) => "[X] ",
                        (false, false) => "[ ] ",
                    };
                    append(&mut out, text);
                }
                Inline::Cloze(_, inner, hint) => self.cloze(inner, hint.as_deref(), &mut out),
                // `to_plain` leaves none of them.
                Inline::SoftBreak | Inline::Html(_) | Inline::ClozeFormula(..) => {}
            }
        }
        out
    }

    fn cloze(&mut self, inner: &[Inline], hint: Option<&str>, out: &mut String) {
        if self.is_in(OrgContainer::Cloze) {
            let inner = self.line(inner);
            append(out, &inner);
            return;
        }
        self.within.push(OrgContainer::Cloze);
        let mut text = self.line(inner);
        if let Some(hint) = hint {
            let mut hinted = String::new();
            self.push_text(hint, &mut hinted);
            text = format!("{}||{hinted}", break_up_hint(&text));
        } else {
            text = break_up_hint(&text);
        }
        self.within.pop();
        append(out, &format!("[{text}]"));
    }

    fn emphasis(&mut self, mark: char, inner: &[Inline], out: &mut String) {
        if self.is_in(OrgContainer::Emphasis(mark)) {
            let inner = self.line(inner);
            append(out, &inner);
            return;
        }
        self.within.push(OrgContainer::Emphasis(mark));
        let text = self.line(inner);
        self.within.pop();
        let core = text.trim();
        if core.is_empty() || core.contains('\n') {
            append(out, &text);
            return;
        }
        let before = &text[..text.len() - text.trim_start().len()];
        let behind = &text[text.trim_end().len()..];
        append(out, before);
        push_emphasis(out, mark, core);
        if !behind.is_empty() {
            append(out, behind);
        }
    }

    fn code(&mut self, code: &str, out: &mut String) {
        let mut shown: String = code.replace('\n', " ");
        shown = self.without_brackets(shown);
        if self.is_in(OrgContainer::Cell) && shown.contains('|') {
            shown = shown.replace('|', "∣");
            self.changed += 1;
        }
        if shown.trim().is_empty() {
            return;
        }
        for (is_edge, at) in [(shown.ends_with(' '), shown.len()), (shown.starts_with(' '), 0)] {
            if is_edge {
                shown.insert(at, JOINER);
                self.changed += 1;
            }
        }
        let mark = ['~', '='].into_iter().find(|mark| !ends_early(&shown, *mark));
        let Some(mark) = mark else {
            self.changed += 1;
            let apart = shown.replace('~', &format!("~{JOINER}"));
            push_emphasis(out, '~', &apart);
            return;
        };
        push_emphasis(out, mark, &shown);
    }

    fn math(&mut self, tex: &str, is_display: bool, out: &mut String) {
        let lines = tex.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
        let mut tex = lines.collect::<Vec<_>>().join(if is_display { "\n" } else { " " });
        if self.is_in(OrgContainer::Cell) {
            tex = tex.replace('|', "\\vert ");
        }
        if self.is_in(OrgContainer::Cloze) {
            tex = self.without_brackets(tex);
        }
        let text = match (is_display, self.is_question) {
            (false, _) => format!("\\({}\\)", tex.trim()),
            (true, _) if self.is_in(OrgContainer::Cell) || self.is_in(OrgContainer::Cloze) => {
                format!("\\({}\\)", tex.replace('\n', " ").trim())
            }
            // Text between `\[` and `\]` would be hidden.
            (true, true) => format!("$${tex}$$"),
            (true, false) => format!("\\[{tex}\\]"),
        };
        append(out, &text);
    }

    fn link(&mut self, target: &str, inner: &[Inline], out: &mut String) {
        let text = plain_text(inner);
        // Any other link may run a program when it is followed.
        if self.is_in(OrgContainer::Cloze) || !is_harmless(target) {
            let mut shown = String::new();
            self.push_text(&text, &mut shown);
            if target.trim_start_matches("mailto:") != text {
                self.push_text(&format!(" ({target})"), &mut shown);
            }
            append(out, &shown);
            return;
        }
        if target.is_empty() || target.trim_start_matches("mailto:") == text {
            let whole = if target.is_empty() { self.line(inner) } else { link(target, None) };
            append(out, &whole);
            return;
        }
        // A link that holds another one, or an image, is followed by what it leads to.
        if inner.iter().any(|piece| matches!(piece, Inline::Media(_) | Inline::Link(..))) {
            let inner = self.line(inner);
            append(out, &inner);
            append(out, &format!(" ({})", link(target, None)));
            return;
        }
        let text = self.line(inner).replace("\\\\\n", " ").replace("]]", &format!("]{ZWSP}]"));
        let text = if text.ends_with(']') { format!("{text}{ZWSP}") } else { text };
        append(out, &link(target, Some(&text)));
    }

    fn media(&mut self, media: &Media, out: &mut String) {
        if self.is_in(OrgContainer::Cloze) || !is_harmless(&media.target) {
            self.changed += 1;
            let text = [&media.alt_text, &media.target].into_iter().find(|text| !text.is_empty());
            self.push_text(text.map_or("", String::as_str), out);
            return;
        }
        append(out, &link(&media.target, None));
        if !media.alt_text.is_empty() {
            self.push_text(&format!(" ({})", media.alt_text), out);
        }
    }

    /// Escapes text for Org.
    fn push_text(&mut self, text: &str, out: &mut String) {
        let mut text = self.without_brackets(text.to_owned());
        if self.is_in(OrgContainer::Cell) && text.contains('|') {
            text = text.replace('|', "∣");
            self.changed += 1;
        }
        let chars: Vec<char> = text.chars().collect();
        if let Some(first) = chars.first() {
            join(out, *first);
        }
        for (at, &c) in chars.iter().enumerate() {
            let before = out.chars().next_back();
            let next = chars.get(at + 1).copied();
            let is_space = |c: char| c.is_whitespace() || c == ZWSP;
            let is_apart = before.is_none_or(|c| is_space(c) || BEFORE_EMPHASIS.contains(c));
            let is_ending = next.is_none_or(|c| c.is_whitespace() || AFTER_EMPHASIS.contains(c));
            let is_word = before.is_some_and(|c| !is_space(c));
            if self.is_in(OrgContainer::Emphasis(c)) && is_word && is_ending {
                out.push(ZWSP);
            }
            let (is_type, is_babel) = match c {
                ':' => (ends_with_word(out, &LINK_TYPES) && next.is_some_and(|c| c != ' '), false),
                '_' => (false, ends_with_word(out, &["src", "call"])),
                _ => (false, false),
            };
            if is_type || is_babel {
                out.push(ZWSP);
            }
            out.push(c);
            let is_live = match (c, next) {
                ('$', _) => {
                    out.push(JOINER);
                    false
                }
                (_, None) => EMPHASIS_MARKS.contains(c) && is_apart,
                (_, Some(next)) if EMPHASIS_MARKS.contains(c) => is_apart && !next.is_whitespace(),
                ('[', Some(next)) => "[fc%/".contains(next) || next.is_ascii_digit(),
                ('<', Some(next)) => "<%".contains(next) || next.is_ascii_alphanumeric(),
                ('{', Some('{')) | ('@', Some('@')) => true,
                ('\\', Some(next)) => next.is_ascii_alphabetic() || "([\\])_".contains(next),
                _ => false,
            };
            if is_live {
                out.push(ZWSP);
            }
        }
    }

    /// Replaces brackets by fullwidth ones on the question's side.
    fn without_brackets(&mut self, text: String) -> String {
        if !(self.is_question || self.is_in(OrgContainer::Cloze)) || !text.contains(['[', ']']) {
            return text;
        }
        self.changed += 1;
        text.replace('[', "［").replace(']', "］")
    }
}

/// Breaks up `||`, which would begin the hint of a cloze.
fn break_up_hint(text: &str) -> String {
    text.replace("||", &format!("|{JOINER}|"))
}

/// Appends a piece, separated from emphasis before it if necessary.
fn append(out: &mut String, piece: &str) {
    if let Some(first) = piece.chars().next() {
        join(out, first);
    }
    out.push_str(piece);
}

/// Appends a zero-width space if emphasis at the end would not end before `next`.
fn join(out: &mut String, next: char) {
    let ends_markup = out.ends_with(|c| EMPHASIS_MARKS.contains(c));
    if ends_markup && !next.is_whitespace() && !AFTER_EMPHASIS.contains(next) {
        out.push(ZWSP);
    }
}

fn push_emphasis(out: &mut String, mark: char, text: &str) {
    let is_apart = |c: char| c.is_whitespace() || c == ZWSP || BEFORE_EMPHASIS.contains(c);
    if out.chars().next_back().is_some_and(|c| !is_apart(c)) {
        out.push(ZWSP);
    }
    out.push(mark);
    out.push_str(text);
    out.push(mark);
}

/// Returns whether code between two such marks would end early.
fn ends_early(code: &str, mark: char) -> bool {
    let chars: Vec<char> = code.chars().collect();
    let ends = |at: usize| match chars.get(at + 1) {
        None => true,
        Some(next) => next.is_whitespace() || AFTER_EMPHASIS.contains(*next),
    };
    (0..chars.len()).any(|at| chars[at] == mark && ends(at))
}

fn ends_with_word(out: &str, words: &[&str]) -> bool {
    let before = |word: &&&str| {
        let rest = out.strip_suffix(**word);
        rest.is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric()))
    };
    words.iter().any(|word| before(&word))
}
