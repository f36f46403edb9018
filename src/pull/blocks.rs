//! The blocks of a field as a reader sees them.
//!
//! Anki's editor writes a line as bare text, with a `<br>`, or into a `<div>`, where Markdown makes a
//! paragraph; a blank as `&nbsp;`; and it cuts code in two where somebody begins a line. Here they are
//! the same.

use crate::connect::canonical::{BLOCKS, end_line, write_nodes, write_tag};
use crate::dom::{Dom, Id, Kind};

/// How the block of the footnotes of a text begins.
pub const FOOTNOTES: &str = "<div class=\"footnotes\"";

/// Returns the blocks of a field, in one spelling. A tag that opens or closes an element around
/// several of them is a block of its own.
#[must_use]
pub fn blocks(html: &str) -> Vec<String> {
    let dom = Dom::parse(html);
    let mut reader =
        Reader { dom: &dom, line: Vec::new(), is_behind_code: false, blocks: Vec::new() };
    reader.read();
    reader.blocks
}

/// Returns whether two fields show the same, whatever HTML Anki's editor has made of them.
#[must_use]
pub fn shows_same(one: &str, other: &str) -> bool {
    blocks(one) == blocks(other)
}

/// A step through the nodes of a field; a list of them replaces recursion, since nesting may be deep.
enum Step {
    Enter(Id),
    EndLine,
    Close(&'static str),
}

struct Reader<'d> {
    dom: &'d Dom,
    /// The nodes of the line that has begun.
    line: Vec<Id>,
    /// Whether the node before this one is code.
    is_behind_code: bool,
    blocks: Vec<String>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let enter = |nodes: &[Id]| nodes.iter().rev().map(|id| Step::Enter(*id)).collect();
        let mut steps: Vec<Step> = enter(self.dom.top());
        while let Some(step) = steps.pop() {
            let id = match step {
                Step::Enter(id) => id,
                Step::EndLine => {
                    self.end_line();
                    continue;
                }
                Step::Close(name) => {
                    self.end_line();
                    self.blocks.push(format!("</{name}>"));
                    continue;
                }
            };
            let name = self.dom.name(id);
            let is_cut = std::mem::replace(&mut self.is_behind_code, name == "pre");
            let is_line = name == "br" || !BLOCKS.contains(&name);
            if is_line {
                if !matches!(self.dom.kind(id), Kind::Other) {
                    self.line.push(id);
                }
                continue;
            }
            self.end_line();
            let attributes = self.dom.attributes(id);
            let is_plain = attributes.is_empty();
            match name {
                "p" | "div" if is_plain => steps.push(Step::EndLine),
                "div" if attributes.iter().all(|it| ["lang", "dir"].contains(&&*it.name.local)) => {
                    self.open(id);
                    steps.push(Step::Close("div"));
                }
                "section" => {
                    self.open(id);
                    steps.push(Step::Close("section"));
                }
                _ => {
                    let mut block = String::new();
                    write_nodes(self.dom, &[id], &mut block);
                    let block = tidy(&block);
                    let last = self.blocks.last_mut().filter(|_| is_cut && name == "pre");
                    if !last.is_some_and(|last| join_code(last, &block)) {
                        self.blocks.push(block);
                    }
                    continue;
                }
            }
            steps.extend(enter(self.dom.children(id)));
        }
        self.end_line();
    }

    fn open(&mut self, id: Id) {
        let mut tag = String::new();
        write_tag(self.dom.name(id), self.dom.attributes(id), &mut tag);
        self.blocks.push(tag);
    }

    /// Ends a line: it is a paragraph, or several where two breaks follow one another.
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let is_break = |id: &Id| self.dom.name(*id) == "br";
        let is_blank = |id: &Id| match self.dom.kind(*id) {
            Kind::Text(text) => text.chars().all(is_space),
            _ => false,
        };
        let mut paragraph: Vec<Id> = Vec::new();
        let mut breaks = 0;
        for id in line {
            if is_break(&id) {
                breaks += 1;
            } else if breaks > 0 && is_blank(&id) {
                // White space between two breaks shows nothing.
            } else {
                if breaks > 1 {
                    self.push_paragraph(&paragraph);
                    paragraph.clear();
                } else if breaks == 1 && !paragraph.is_empty() {
                    paragraph.push(BREAK);
                }
                breaks = 0;
                paragraph.push(id);
            }
        }
        self.push_paragraph(&paragraph);
    }

    fn push_paragraph(&mut self, nodes: &[Id]) {
        let mut block = String::from("<p>");
        for line in nodes.split(|id| *id == BREAK) {
            if block.len() > 3 {
                block.push_str("<br>");
            }
            write_nodes(self.dom, line, &mut block);
        }
        end_line("p", &mut block);
        let block = tidy(&block);
        if block != "<p>" {
            self.blocks.push(block + "</p>");
        }
    }
}

/// Stands for a break between two lines of a paragraph.
const BREAK: Id = Id::MAX;

fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{a0}'
}

/// Elements that the editor writes, and those that Markdown makes for the same.
const SPELLINGS: &[(&str, &str)] = &[("b", "strong"), ("i", "em"), ("s", "del"), ("strike", "del")];

/// Collapses white space as a browser does, except for runs of non-breaking spaces; removes the
/// colours of code.
fn tidy(block: &str) -> String {
    if block.starts_with("<pre") {
        return uncolour(block);
    }
    let block = tidy_attributes(block);
    let block = SPELLINGS.iter().fold(block, |block, (one, other)| {
        let tags = |name: &str| [format!("<{name}>"), format!("</{name}>")];
        let pairs = tags(one).into_iter().zip(tags(other));
        pairs.fold(block, |block, (one, other)| block.replace(&one, &other))
    });
    let block = move_blanks_out(block);
    let mut out = String::with_capacity(block.len());
    let mut rest = block.as_str();
    while let Some(at) = rest.find([' ', '\u{a0}']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(|c| c != ' ' && c != '\u{a0}').unwrap_or(rest.len());
        let hard = rest[..end].matches('\u{a0}').count();
        let is_edge = out == "<p>" || end == rest.len();
        if hard > 1 {
            out.extend(std::iter::repeat_n('\u{a0}', hard));
        } else if !is_edge {
            out.push(' ');
        }
        rest = &rest[end..];
    }
    out + rest
}

/// Writes attributes in the way of a build: pictures without a text have none, and declarations of
/// styles are parted alike.
fn tidy_attributes(block: &str) -> String {
    let mut out = String::with_capacity(block.len());
    let mut rest = block;
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end);
        out.push_str(&rest[..at]);
        let tag = &rest[at..end];
        let tag = if tag.starts_with("<img ") { tag.replace(" alt=\"\"", "") } else { tag.into() };
        match tag.split_once(" style=\"").and_then(|(a, rest)| Some((a, rest.split_once('"')?))) {
            Some((before, (style, after))) => {
                let part = |part: &str| {
                    let (name, value) = part.split_once(':').unwrap_or((part, ""));
                    format!("{}: {}", name.trim(), value.trim())
                };
                let parts = style.split(';').filter(|part| !part.trim().is_empty()).map(part);
                let style = parts.collect::<Vec<_>>().join("; ");
                out.push_str(&format!("{before} style=\"{style}\"{after}"));
            }
            None => out.push_str(&tag),
        }
        rest = &rest[end..];
    }
    out + rest
}

/// Styles of text, which show nothing of a blank at their edges.
const STYLES: &[&str] = &["strong", "em", "del", "u", "sub", "sup"];

/// So many styles within each other have their blanks moved.
const DEEPEST: usize = 16;

/// Moves the blanks at the edges of styles out of them, where Markdown has them: who selects a word in
/// Anki's editor often has the blank behind it, too.
fn move_blanks_out(mut block: String) -> String {
    // Within code blanks count.
    if block.contains("<pre") {
        return block;
    }
    // No deeper, so that no input takes long.
    for _ in 0..DEEPEST {
        let length = block.len();
        let mut is_moved = false;
        for name in STYLES {
            let (open, close) = (format!("<{name}>"), format!("</{name}>"));
            for blank in [" ", "\u{a0}"] {
                for (wrong, right) in [
                    (format!("{blank}{close}"), format!("{close}{blank}")),
                    (format!("{open}{blank}"), format!("{blank}{open}")),
                ] {
                    if block.contains(&wrong) {
                        block = block.replace(&wrong, &right);
                        is_moved = true;
                    }
                }
            }
            block = block.replace(&(open + &close), "");
        }
        if !is_moved && block.len() == length {
            break;
        }
    }
    block
}

/// Joins code with what the editor has cut off it, which stands behind it without a blank and has the
/// same tags; returns whether it is of this kind.
fn join_code(code: &mut String, rest: &str) -> bool {
    let close = "</code></pre>";
    let opening = rest.find("<code").and_then(|at| Some(at + rest[at..].find('>')? + 1));
    let opening = opening.filter(|end| code.ends_with(close) && code.starts_with(&rest[..*end]));
    let Some(end) = opening else { return false };
    code.truncate(code.len() - close.len());
    code.push('\n');
    code.push_str(&rest[end..]);
    true
}

/// Returns code without its colours, and with its lines as text.
fn uncolour(block: &str) -> String {
    let mut out = String::with_capacity(block.len());
    let mut rest = block.replace("<br>", "\n").replace("</span>", "");
    while let Some(at) = rest.find("<span") {
        out.push_str(&rest[..at]);
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        rest.drain(..end);
    }
    out + &rest
}

#[cfg(test)]
mod tests {
    use super::{blocks, shows_same};

    #[test]
    fn what_the_editor_writes_is_a_paragraph() {
        for (edited, built) in [
            ("a", "<p>a</p>"),
            ("<p>a</p>b", "<p>a</p>\n<p>b</p>"),
            ("<p>a</p><div>b</div>", "<p>a</p>\n<p>b</p>"),
            ("a<div>b</div><div><br></div>", "<p>a</p><p>b</p>"),
            ("a<br>b", "<p>a<br />\nb</p>"),
            ("a<br><br>b<br>", "<p>a</p><p>b</p>"),
            ("<div>a <b>b</b></div>", "<p>a <b>b</b></p>"),
            ("a&nbsp;b&nbsp;", "<p>a b</p>"),
            ("<p>a<br></p>", "<p>a</p>"),
            ("<div lang=\"de\">a</div>", "<div lang='de'><p>a</p></div>"),
            (
                "<pre><code>a<br>b</code></pre>",
                "<pre><code><span class=\"k\">a</span>\nb</code></pre>",
            ),
            (
                "<pre><code class=\"x\">a</code></pre><pre><code class=\"x\">b\n</code></pre>",
                "<pre><code class=\"x\">a\nb\n</code></pre>",
            ),
            ("<b>a</b><i>b</i>", "<p><strong>a</strong><em>b</em></p>"),
            ("<br>", ""),
            ("<p><b>a </b>b</p>", "<p><strong>a</strong> b</p>"),
            ("<p>a<i><b>&nbsp;b</b></i></p>", "<p>a <em><strong>b</strong></em></p>"),
            ("<p>a<b> </b>b</p>", "<p>a b</p>"),
            ("<img src=\"a\">", "<p><img src=\"a\" alt=\"\"></p>"),
            (
                "<span style=\"color:rgb(1, 2, 3); top: 0;\">a</span>",
                "<p><span style=\"color: rgb(1, 2, 3); top: 0\">a</span></p>",
            ),
        ] {
            assert_eq!(blocks(edited), blocks(built), "{edited:?} {built:?}");
        }
    }

    #[test]
    fn what_a_reader_sees_counts() {
        for (one, other) in [
            ("a<br>b", "a b"),
            ("<p>a</p><p>b</p>", "<p>a b</p>"),
            ("a&nbsp;&nbsp;b", "a b"),
            ("<b>a</b>", "<i>a</i>"),
            ("<div class=\"x\">a</div>", "a"),
            ("<ul><li>a</li></ul>", "a"),
            (
                "<pre><code>a</code></pre>\n<pre><code>b</code></pre>",
                "<pre><code>a\nb</code></pre>",
            ),
            ("<pre>a</pre><pre><code>b</code></pre>", "<pre>a\nb</pre>"),
        ] {
            assert!(!shows_same(one, other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn sections_open_and_close() {
        assert_eq!(
            blocks("<section class=\"extra\">\n<h4>a</h4>b</section>"),
            ["<section class=\"extra\">", "<h4>a</h4>", "<p>b</p>", "</section>"]
        );
    }

    #[test]
    fn what_is_deep_is_read_too() {
        assert_eq!(blocks(&"<div>".repeat(2_000)), [""; 0]);
        assert_eq!(blocks(&("<div>".repeat(2_000) + "a")), ["<p>a</p>"]);
    }
}
