//! Writes the inline content of a block.

use std::borrow::Cow;

use pulldown_cmark::{Event, LinkType, Tag};

use super::signs::{entity, escape_punctuation, guard_signs};
use super::{AppMarkdownWriter, JOINER, MAX_DEPTH, MathSyntax, is_block, longest_run};
use crate::config::Html;
use crate::markdown::attributes::is_harmless;
use crate::markdown::html::is_allowed;
use crate::markdown::size::{self, Size};
use crate::render::{clean_tag, clean_tex};

impl AppMarkdownWriter<'_, '_> {
    /// Writes the inline content up to the end of the open block, or up to the next block in it.
    /// With `is_single` it must fit into one line.
    pub(super) fn inline(&mut self, is_single: bool) -> String {
        let mut out = String::new();
        // The text that closes each open markup.
        let mut open: Vec<String> = Vec::new();
        // How many bytes of the next text are the attributes of the image before it.
        let mut braces = 0;
        while let Some((event, range)) = self.peek().cloned() {
            let skipped = std::mem::take(&mut braces);
            match &event {
                Event::Start(tag) if is_block(tag) => break,
                Event::End(_) if open.is_empty() => break,
                _ => self.at += 1,
            }
            match event {
                Event::Text(_) => {
                    let text = &self.text[range.start + skipped.min(range.len())..range.end];
                    let is_escaped = skipped == 0 && is_escaped(&self.text[..range.start]);
                    let text = if is_escaped {
                        self.write_escaped_text(text, &out)
                    } else {
                        self.write_text(text, &out)
                    };
                    let is_first = out.ends_with('\n');
                    out.push_str(if is_first { text.trim_start() } else { &text });
                }
                Event::Code(code) => out.push_str(&self.code_span(&code, is_single)),
                Event::InlineMath(tex) => out.push_str(&self.math(&tex, false, is_single)),
                Event::DisplayMath(tex) => out.push_str(&self.math(&tex, true, is_single)),
                Event::InlineHtml(_) | Event::Html(_) => {
                    out.push_str(&self.inline_html(&self.text[range]));
                }
                Event::FootnoteReference(label) => out.push_str(&self.footnote(&label)),
                Event::SoftBreak if self.rules.has_alerts && is_callout_title(&out) => {
                    out.push('\n');
                }
                Event::SoftBreak if is_single || self.rules.shows_breaks => out.push(' '),
                Event::SoftBreak => out.push('\n'),
                Event::HardBreak if is_single || self.rules.shows_breaks => out.push_str("<br>"),
                Event::HardBreak => out.push_str("\\\n"),
                Event::TaskListMarker(is_done) => {
                    out.push_str(self.rules.boxes[usize::from(is_done)]);
                    out.push(' ');
                }
                Event::Start(tag) => {
                    let [begin, end] = match tag {
                        Tag::Emphasis => mark_pair(&self.text[range.start..=range.start]),
                        Tag::Strong => mark_pair(&self.text[range.start..range.start + 2]),
                        Tag::Strikethrough => self.rules.strike.map(str::to_owned),
                        Tag::Link { link_type, dest_url, title, .. } => {
                            if !self.may_link(&dest_url) {
                                let is_said = self.text[range].starts_with('<');
                                let place = format!(" ({})", escape_punctuation(&dest_url));
                                open.push(if is_said { String::new() } else { place });
                                continue;
                            }
                            let is_auto = matches!(link_type, LinkType::Autolink | LinkType::Email);
                            let is_plain = guard_signs(self.rules, &dest_url, None) == *dest_url;
                            if is_auto && is_plain {
                                self.skip();
                                out.push_str(&self.text[range]);
                                continue;
                            }
                            let mail = if link_type == LinkType::Email { "mailto:" } else { "" };
                            ["[".to_owned(), self.link_end(&format!("{mail}{dest_url}"), &title)]
                        }
                        Tag::Image { dest_url, title, .. } if self.depth < MAX_DEPTH => {
                            self.depth += 1;
                            let alt = self.inline(true);
                            self.depth -= 1;
                            self.at += 1;
                            braces = self.size_attribute_len(range.start, range.end);
                            let image = self.write_image(&alt, &dest_url, &title);
                            let is_alone = self.rules.must_isolate_embeds && !is_single;
                            let gap = if is_alone { "\n" } else { "" };
                            out.push_str(&format!("{gap}{image}{gap}"));
                            continue;
                        }
                        _ => [String::new(), String::new()],
                    };
                    out.push_str(&begin);
                    open.push(end);
                }
                Event::End(_) => out.push_str(&open.pop().unwrap_or_default()),
                Event::Rule => {}
            }
        }
        out
    }

    /// Skips the events up to the end of the markup that was just opened.
    fn skip(&mut self) {
        let mut depth = 1;
        while depth > 0 {
            match self.next() {
                Some((Event::Start(_), _)) => depth += 1,
                Some((Event::End(_), _)) => depth -= 1,
                Some(_) => {}
                None => break,
            }
        }
    }

    fn write_text(&self, text: &str, before: &str) -> String {
        guard_signs(self.rules, text, before.chars().next_back())
    }

    /// Writes a text whose first character the author escaped with a backslash.
    fn write_escaped_text(&self, text: &str, before: &str) -> String {
        let mut chars = text.chars();
        let Some(first) = chars.next() else { return String::new() };
        let rest = guard_signs(self.rules, chars.as_str(), Some(first));
        let is_sign = (self.rules.is_sign)(before.chars().next_back(), text);
        if is_sign || !(self.rules.escapes)(first) {
            format!("{}{rest}", entity(first))
        } else {
            format!("\\{first}{rest}")
        }
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

    fn code_span(&self, code: &str, is_cell: bool) -> String {
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
        let code = if is_cell { code.replace('|', "\\|") } else { code.to_owned() };
        format!("{mark}{pad}{code}{pad}{mark}")
    }

    fn math(&self, tex: &str, is_display: bool, is_single: bool) -> String {
        let mut tex = clean_tex(tex.trim(), self.rules.html);
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
        if is_single {
            tex = tex.replace('|', "\\|").replace('\n', " ");
        }
        match (is_display, self.rules.math) {
            (false, _) => format!("${tex}$"),
            (true, MathSyntax::DollarLines) if !is_single => format!("\n$$\n{tex}\n$$\n"),
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
            guard_signs(self.rules, &self.clean_tag(&html), None)
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

    /// Returns whether a link to this address is allowed.
    fn may_link(&self, url: &str) -> bool {
        self.rules.html == Html::Allow || is_harmless(url)
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

    fn write_image(&self, alt: &str, url: &str, title: &str) -> String {
        let tail = self.link_end(url, "");
        let target = &tail[2..tail.len() - 1];
        if let Some(embedded) = (self.rules.embed)(alt, target) {
            return embedded;
        }
        let name = url.rsplit('/').next().unwrap_or(url);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
        let name = match alt {
            "" if name.chars().all(is_plain) => name.to_owned(),
            "" => escape_punctuation(name),
            alt => alt.to_owned(),
        };
        if self.may_link(url) {
            format!("[{name}{}", self.link_end(url, title))
        } else {
            format!("{name} ({})", escape_punctuation(url))
        }
    }

    /// Returns the length of an attribute list with a size behind an image, such as `{width=50}`.
    fn size_attribute_len(&self, start: usize, end: usize) -> usize {
        let rest = &self.text[end..];
        let Some(close) = rest.starts_with('{').then(|| rest.find('}')).flatten() else { return 0 };
        let has_size = size::parse(&self.text[start..=end + close]) != Size::default();
        if has_size { close + 1 } else { 0 }
    }
}

fn mark_pair(mark: &str) -> [String; 2] {
    [mark.to_owned(), mark.to_owned()]
}

/// Returns whether a text is the title of a callout, which ends with its line.
fn is_callout_title(out: &str) -> bool {
    let is_type = |inner: &str| inner.find(']').is_some_and(|end| end > 0);
    !out.contains('\n') && out.strip_prefix("[!").is_some_and(is_type)
}

/// Returns whether a text ends with a backslash that escapes the next character.
fn is_escaped(before: &str) -> bool {
    let slashes = before.len() - before.trim_end_matches('\\').len();
    slashes % 2 == 1
}
