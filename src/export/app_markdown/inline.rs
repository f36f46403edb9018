//! Writes the inline content of a block.

use std::borrow::Cow;

use super::signs::{escape_punctuation, guard_signs};
use super::text::{TextPlace, escape_text};
use super::{AppMarkdownWriter, EmbeddedFile, JOINER, MathSyntax, Room, longest_run};
use crate::config::Html;
use crate::markdown::attributes::is_harmless;
use crate::markdown::html::is_allowed;
use crate::render::clean_tag;
use crate::render::tree::{Inline, Link, LinkKind, Media, TexPart, TextStyle, plain_text};

impl AppMarkdownWriter<'_> {
    /// Writes inline nodes in the room that they have.
    pub(super) fn line(&self, line: &[Inline], room: Room) -> String {
        self.inline(line, room, false)
    }

    /// Writes inline nodes; `is_link` says that they are the text of a link.
    fn inline(&self, line: &[Inline], room: Room, is_link: bool) -> String {
        let mut out = String::new();
        for (at, piece) in line.iter().enumerate() {
            match piece {
                Inline::Text(text) => {
                    let next = line.get(at + 1);
                    let place = TextPlace { before: &out, next, room, is_link };
                    let text = escape_text(self.rules, text, &place);
                    out.push_str(&text);
                }
                Inline::Code(code) => out.push_str(&self.code_span(code, room)),
                Inline::Math(tex, is_display) => {
                    out.push_str(&self.math(tex, *is_display, room));
                }
                Inline::ClozeFormula(parts, is_display) => {
                    out.push_str(&self.cloze_formula(parts, *is_display, room));
                }
                Inline::Html(html) => out.push_str(&self.inline_html(html)),
                Inline::Footnote(number) => out.push_str(&self.footnote(*number)),
                Inline::SoftBreak if self.rules.has_alerts && is_callout_title(&out) => {
                    out.push('\n');
                }
                Inline::SoftBreak if room != Room::Lines || self.rules.shows_breaks => {
                    out.push(' ');
                }
                Inline::SoftBreak => out.push('\n'),
                Inline::Break if room != Room::Lines || self.rules.shows_breaks => {
                    out.push_str("<br>");
                }
                Inline::Break => out.push_str("\\\n"),
                Inline::Checkbox(is_done) => {
                    out.push_str(self.rules.boxes[usize::from(*is_done)]);
                    out.push(' ');
                }
                Inline::Styled(style, inner) => {
                    let [begin, end] = self.style_marks(*style);
                    let inner = self.inline(inner, room, is_link);
                    out.push_str(&format!("{begin}{inner}{end}"));
                }
                Inline::Link(link, inner) => out.push_str(&self.link(link, inner, room)),
                Inline::VaultLink(target, inner) if self.rules.has_vault_links => {
                    out.push_str(&vault_link(target, &plain_text(inner), room));
                }
                Inline::VaultLink(_, inner) => {
                    out.push_str(&self.inline(inner, room, is_link));
                }
                Inline::Media(media) => {
                    let is_alone = self.rules.must_isolate_embeds && room == Room::Lines;
                    let gap = if is_alone { "\n" } else { "" };
                    out.push_str(&format!("{gap}{}{gap}", self.media(media, room)));
                }
                Inline::Cloze(number, inner, hint) => {
                    let inner = self.inline(inner, room, is_link);
                    let place = TextPlace { before: " ", next: None, room, is_link: false };
                    let hint = hint.as_ref().map(|hint| escape_text(self.rules, hint, &place));
                    out.push_str(&(self.write_cloze)(*number, &inner, hint.as_deref()));
                }
            }
        }
        out
    }

    fn style_marks(&self, style: TextStyle) -> [String; 2] {
        let pair = |mark: String| [mark.clone(), mark];
        match style {
            TextStyle::Emphasis(sign) => pair(sign.to_string()),
            TextStyle::Strong(sign) => pair(sign.to_string().repeat(2)),
            TextStyle::Strike => self.rules.strike.map(str::to_owned),
            TextStyle::Highlight => self.rules.highlight.map(str::to_owned),
        }
    }

    fn link(&self, link: &Link, inner: &[Inline], room: Room) -> String {
        let Link { target, title, kind } = link;
        let is_plain = guard_signs(self.rules, target, None) == *target;
        if *kind != LinkKind::Text && is_plain {
            return format!("<{target}>");
        }
        let mail = if *kind == LinkKind::Mail { "mailto:" } else { "" };
        let inner = self.inline(inner, room, true);
        format!("[{inner}{}", self.link_end(&format!("{mail}{target}"), title))
    }

    /// Puts a word joiner before code that the app would run.
    pub(super) fn disarm_program<'c>(&self, code: &'c str) -> Cow<'c, str> {
        let start = code.len() - code.trim_start().len();
        if (self.rules.opens_program)(&code[start..]) {
            Cow::Owned(format!("{}{JOINER}{}", &code[..start], &code[start..]))
        } else {
            Cow::Borrowed(code)
        }
    }

    fn code_span(&self, code: &str, room: Room) -> String {
        let code = &*self.disarm_program(code);
        if !(self.rules.is_plain_code)(code) {
            let tag = self.rules.code;
            let code = guard_signs(self.rules, &escape_punctuation(code), None);
            return format!("<{tag}>{code}</{tag}>");
        }
        let mark = "`".repeat(longest_run(code) + 1);
        let is_padded = code.starts_with('`') || code.ends_with('`');
        let is_blank = code.trim_matches(' ').is_empty();
        let is_padded = is_padded || code.starts_with(' ') && code.ends_with(' ') && !is_blank;
        let pad = if is_padded { " " } else { "" };
        let code = if room == Room::Cell { code.replace('|', "\\|") } else { code.to_owned() };
        format!("{mark}{pad}{code}{pad}{mark}")
    }

    fn math(&self, tex: &str, is_display: bool, room: Room) -> String {
        let mut tex = tex.trim().to_owned();
        if !tex.contains('%') {
            tex = tex.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        if self.rules.math == MathSyntax::Brackets {
            let [open, close] = if is_display { ["\\[", "\\]"] } else { ["\\(", "\\)"] };
            return escape_punctuation(&format!("{open}{tex}{close}")).replace('\n', " ");
        }
        // In Anki, `<` before such a character would begin a tag.
        let opens_tag =
            |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        let parts: Vec<&str> = tex.split('<').collect();
        let gaps = parts.iter().skip(1).map(|rest| if opens_tag(rest) { "< " } else { "<" });
        let first = parts[0].to_owned();
        tex = gaps.zip(&parts[1..]).fold(first, |tex, (sign, rest)| tex + sign + rest);
        for sign in self.rules.tex {
            let first = sign.chars().next().map_or(0, char::len_utf8);
            let (one, rest) = sign.split_at(first);
            let is_brace = sign.contains(['{', '}']);
            let apart = if is_brace { format!("{one} {rest}") } else { format!("{{{one}}}{rest}") };
            while tex.contains(sign) {
                tex = tex.replace(sign, &apart);
            }
        }
        if room == Room::Cell {
            tex = tex.replace('|', "\\|");
        }
        if room != Room::Lines {
            tex = tex.replace('\n', " ");
        }
        match (is_display, self.rules.math) {
            (false, _) => format!("${tex}$"),
            (true, MathSyntax::DollarLines) if room == Room::Lines => format!("\n$$\n{tex}\n$$\n"),
            (true, _) => format!("$${tex}$$"),
        }
    }

    /// Writes an HTML tag. Comments are dropped, and unknown tags are written as text.
    fn inline_html(&self, html: &str) -> String {
        let inner = html.trim_start_matches(['<', '/']);
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
        if html.starts_with("<!--") {
            String::new()
        } else if is_allowed(&inner[..end].to_lowercase()) {
            let html = html.split_whitespace().collect::<Vec<_>>().join(" ");
            let html = (self.rules.rewrite_html)(&self.clean_tag(&html));
            guard_signs(self.rules, &html, None)
        } else {
            escape_punctuation(html)
        }
    }

    /// Removes the attributes that a tag may not have.
    pub(super) fn clean_tag<'h>(&self, tag: &'h str) -> Cow<'h, str> {
        match self.rules.html {
            Html::Allow => Cow::Borrowed(tag),
            Html::Sanitize | Html::Escape => Cow::Owned(clean_tag(tag)),
        }
    }

    /// Writes the end of a link: `](target "title")`.
    fn link_end(&self, url: &str, title: &str) -> String {
        let is_plain = !url.is_empty()
            && !url.contains(|c: char| c.is_whitespace() || c.is_control() || "()<>\\".contains(c));
        let url = url.replace('&', "&amp;");
        let url = guard_signs(self.rules, &url, None);
        let url = if is_plain {
            url
        } else {
            let hex = |c: char| format!("%{:02X}", u32::from(c));
            let hidden = |c: char| c.is_ascii() && (c.is_whitespace() || "()<>\\".contains(c));
            url.chars().map(|c| if hidden(c) { hex(c) } else { c.to_string() }).collect()
        };
        let title = if title.is_empty() {
            String::new()
        } else {
            format!(" \"{}\"", escape_punctuation(title))
        };
        format!("]({url}{title})")
    }

    fn media(&self, media: &Media, room: Room) -> String {
        let place = TextPlace { before: " ", next: None, room, is_link: true };
        let alt = escape_text(self.rules, &media.alt_text, &place);
        let tail = self.link_end(&media.target, "");
        let target = &tail[2..tail.len() - 1];
        let (size, is_cell) = (obsidian_size(media), room == Room::Cell);
        let file =
            EmbeddedFile { alt: &alt, target, size: &size, is_embed: media.is_embed, is_cell };
        if let Some(embedded) = (self.rules.embed)(&file) {
            return embedded;
        }
        let url = &media.target;
        let name = url.rsplit('/').next().unwrap_or(url);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
        let name = match &*alt {
            "" if name.chars().all(is_plain) => name.to_owned(),
            "" => escape_punctuation(name),
            alt => alt.to_owned(),
        };
        if self.rules.html == Html::Allow || is_harmless(url) {
            format!("[{name}{}", self.link_end(url, &media.title))
        } else {
            format!("{name} ({})", escape_punctuation(url))
        }
    }

    /// Writes a formula with its clozes in it.
    fn cloze_formula(&self, parts: &[TexPart], is_display: bool, room: Room) -> String {
        let mut clozes = Vec::new();
        let tex = mark_clozes(parts, &mut clozes);
        let mut text = self.math(&tex, is_display, room);
        // The outer ones come last, and hold the marks of those within.
        for (at, (number, inner, hint)) in clozes.iter().enumerate().rev() {
            let inner = self.bare_tex(inner, room);
            let hint = hint.as_ref().map(|hint| self.bare_tex(hint, room));
            let cloze = (self.write_cloze)(*number, &inner, hint.as_deref());
            text = text.replace(&cloze_mark(at), &cloze);
        }
        text
    }

    /// Writes TeX without delimiters, as a part of a formula.
    fn bare_tex(&self, tex: &str, room: Room) -> String {
        let math = self.math(tex, false, room);
        let inner = math.strip_prefix('$').and_then(|math| math.strip_suffix('$'));
        inner.map(str::to_owned).unwrap_or(math)
    }
}

/// Returns TeX with a mark in place of each cloze, which is added to `clozes`.
fn mark_clozes(parts: &[TexPart], clozes: &mut Vec<(u16, String, Option<String>)>) -> String {
    let mut tex = String::new();
    for part in parts {
        match part {
            TexPart::Tex(part) => tex.push_str(part),
            TexPart::Cloze(number, inner, hint) => {
                let inner = mark_clozes(inner, clozes);
                tex.push_str(&cloze_mark(clozes.len()));
                clozes.push((*number, inner, hint.clone()));
            }
        }
    }
    tex
}

/// The place of a cloze in a formula: a control character, which no source contains.
fn cloze_mark(number: usize) -> String {
    format!("\u{5}{number}\u{8}")
}

/// Returns the size of an image as Obsidian writes it.
fn obsidian_size(media: &Media) -> String {
    let is_number = |size: &&String| size.bytes().all(|byte| byte.is_ascii_digit());
    let [width, height] = media.size.each_ref().map(|size| size.as_ref().filter(is_number));
    match (width, height) {
        (Some(width), Some(height)) => format!("{width}x{height}"),
        (Some(width), None) => width.clone(),
        (None, _) => String::new(),
    }
}

/// Writes a link to a note of the vault. In a table the bar is escaped.
fn vault_link(target: &str, shown: &str, room: Room) -> String {
    let shown = shown.replace("]]", "] ]");
    let bar = if room == Room::Cell { "\\|" } else { "|" };
    if target == shown { format!("[[{target}]]") } else { format!("[[{target}{bar}{shown}]]") }
}

/// Returns whether a text is the title of a callout that was not read as one, which ends with its
/// line.
fn is_callout_title(out: &str) -> bool {
    let is_type = |inner: &str| inner.find(']').is_some_and(|end| end > 0);
    !out.contains('\n') && out.strip_prefix("[!").is_some_and(is_type)
}
