//! What stands within a line.

use std::borrow::Cow;

use pulldown_cmark::{Event, LinkType, Tag};

use super::signs::{entities, entity, guarded};
use super::{DEEPEST, JOINER, Math, Writer, is_block, longest_run};
use crate::config::Html;
use crate::markdown::attributes::is_harmless;
use crate::markdown::html::is_allowed;
use crate::markdown::size::{self, Size};
use crate::render::{clean_tag, shown_tex};

impl Writer<'_, '_> {
    /// The text up to the end of the block that is open, or to the next block within it.
    pub(super) fn inline(&mut self, is_single: bool) -> String {
        let mut out = String::new();
        // What closes the markup that is open.
        let mut open: Vec<String> = Vec::new();
        // How much of the next text belongs to the picture before it.
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
                    let text =
                        if is_escaped { self.escaped(text, &out) } else { self.plain(text, &out) };
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
                        Tag::Emphasis => twice(&self.text[range.start..=range.start]),
                        Tag::Strong => twice(&self.text[range.start..range.start + 2]),
                        Tag::Strikethrough => self.rules.strike.map(str::to_owned),
                        Tag::Link { link_type, dest_url, title, .. } => {
                            if !self.is_followed(&dest_url) {
                                let is_said = self.text[range].starts_with('<');
                                let place = format!(" ({})", entities(&dest_url));
                                open.push(if is_said { String::new() } else { place });
                                continue;
                            }
                            let is_auto = matches!(link_type, LinkType::Autolink | LinkType::Email);
                            let is_plain = guarded(self.rules, &dest_url, None) == *dest_url;
                            if is_auto && is_plain {
                                self.skip();
                                out.push_str(&self.text[range]);
                                continue;
                            }
                            let mail = if link_type == LinkType::Email { "mailto:" } else { "" };
                            ["[".to_owned(), self.tail(&format!("{mail}{dest_url}"), &title)]
                        }
                        Tag::Image { dest_url, title, .. } if self.depth < DEEPEST => {
                            self.depth += 1;
                            let alt = self.inline(true);
                            self.depth -= 1;
                            self.at += 1;
                            braces = self.braces(range.start, range.end);
                            let picture = self.picture(&alt, &dest_url, &title);
                            let is_alone = self.rules.has_lone_embeds && !is_single;
                            let gap = if is_alone { "\n" } else { "" };
                            out.push_str(&format!("{gap}{picture}{gap}"));
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

    /// Passes over what is within the markup that has been opened.
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

    fn plain(&self, text: &str, before: &str) -> String {
        guarded(self.rules, text, before.chars().next_back())
    }

    /// A text whose first character an author has escaped.
    fn escaped(&self, text: &str, before: &str) -> String {
        let mut chars = text.chars();
        let Some(first) = chars.next() else { return String::new() };
        let rest = guarded(self.rules, chars.as_str(), Some(first));
        let is_sign = (self.rules.is_sign)(before.chars().next_back(), text);
        if is_sign || !(self.rules.escapes)(first) {
            format!("{}{rest}", entity(first))
        } else {
            format!("\\{first}{rest}")
        }
    }

    /// Code that no app takes for a program of its own.
    pub(super) fn at_rest<'c>(&self, code: &'c str) -> Cow<'c, str> {
        let start = code.len() - code.trim_start().len();
        if (self.rules.opens_program)(&code[start..]) {
            Cow::Owned(format!("{}{JOINER}{}", &code[..start], &code[start..]))
        } else {
            Cow::Borrowed(code)
        }
    }

    fn code_span(&self, code: &str, is_cell: bool) -> String {
        let code = &*self.at_rest(code);
        if !(self.rules.is_plain_code)(code) {
            let tag = self.rules.code;
            let code = guarded(self.rules, &entities(code), None);
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
        let mut tex = shown_tex(tex.trim(), self.rules.html);
        if !tex.contains('%') {
            tex = tex.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        if self.rules.math == Math::Brackets {
            let [open, close] = if is_display { ["\\[", "\\]"] } else { ["\\(", "\\)"] };
            return entities(&format!("{open}{tex}{close}")).replace('\n', " ");
        }
        // What is sent to Anki as HTML would have a tag there.
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
            (true, Math::DollarLines) if !is_single => format!("\n$$\n{tex}\n$$\n"),
            (true, _) => format!("$${tex}$$"),
        }
    }

    /// A tag; what is none is shown as the text it is, and a comment is not shown.
    fn inline_html(&self, html: &str) -> String {
        let inner = html.trim_start_matches(['<', '/']);
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
        if html.starts_with("<!--") {
            String::new()
        } else if is_allowed(&inner[..end].to_lowercase()) {
            let html = html.split_whitespace().collect::<Vec<_>>().join(" ");
            guarded(self.rules, &self.tag(&html), None)
        } else {
            entities(html)
        }
    }

    /// A tag with what it may have.
    pub(super) fn tag<'h>(&self, tag: &'h str) -> Cow<'h, str> {
        match self.rules.html {
            Html::Allow => Cow::Borrowed(tag),
            Html::Sanitize | Html::Escape => Cow::Owned(clean_tag(tag)),
        }
    }

    /// Whether a link may lead there.
    fn is_followed(&self, url: &str) -> bool {
        self.rules.html == Html::Allow || is_harmless(url)
    }

    /// The end of a link.
    fn tail(&self, url: &str, title: &str) -> String {
        let is_plain = !url.is_empty()
            && !url.contains(|c: char| c.is_whitespace() || c.is_control() || "()<>\\".contains(c));
        let url = url.replace('&', "&amp;");
        let url = guarded(self.rules, &url, None);
        let url = if is_plain {
            url
        } else {
            let hex = |c: char| format!("%{:02X}", u32::from(c));
            let hidden = |c: char| c.is_ascii() && (c.is_whitespace() || "()<>\\".contains(c));
            url.chars().map(|c| if hidden(c) { hex(c) } else { c.to_string() }).collect()
        };
        let title =
            if title.is_empty() { String::new() } else { format!(" \"{}\"", entities(title)) };
        format!("]({url}{title})")
    }

    fn picture(&self, alt: &str, url: &str, title: &str) -> String {
        let tail = self.tail(url, "");
        let target = &tail[2..tail.len() - 1];
        if let Some(embedded) = (self.rules.embed)(alt, target) {
            return embedded;
        }
        let name = url.rsplit('/').next().unwrap_or(url);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
        let name = match alt {
            "" if name.chars().all(is_plain) => name.to_owned(),
            "" => entities(name),
            alt => alt.to_owned(),
        };
        if self.is_followed(url) {
            format!("[{name}{}", self.tail(url, title))
        } else {
            format!("{name} ({})", entities(url))
        }
    }

    /// How long the braces behind a picture are, with its size in them.
    fn braces(&self, start: usize, end: usize) -> usize {
        let rest = &self.text[end..];
        let Some(close) = rest.starts_with('{').then(|| rest.find('}')).flatten() else { return 0 };
        let has_size = size::of(&self.text[start..=end + close]) != Size::default();
        if has_size { close + 1 } else { 0 }
    }
}

fn twice(mark: &str) -> [String; 2] {
    [mark.to_owned(), mark.to_owned()]
}

/// Whether a backslash before takes the meaning from what follows.
fn is_escaped(before: &str) -> bool {
    let slashes = before.len() - before.trim_end_matches('\\').len();
    slashes % 2 == 1
}
