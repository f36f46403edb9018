//! Finds the syntax that Obsidian and Logseq add to Markdown, outside code, formulas and HTML.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag};

use super::logseq::{Cloze, logseq_cloze, logseq_size, reference};
use crate::markdown;
use crate::model::Definitions;
use crate::parse::convention::marker;

/// A piece of such syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// Its kind.
    pub(super) syntax: Syntax,
}

/// A kind of syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Syntax {
    /// `[[Note]]`
    Link,
    /// `![[Note]]`, `![[a.png|300]]`, `{{embed [[Note]]}}`, `{{embed ((uuid))}}`
    Embed,
    /// `#[[two words]]`
    Tag,
    /// `((uuid))`
    BlockReference,
    /// `[text](((uuid)))`
    BlockLink,
    /// `![text|300](a.png)`
    Image,
    /// `%%…%%`
    Comment,
    /// ` ^id` at the end of a block.
    BlockId,
    /// `[key:: value]`, `(key:: value)`
    Field,
    /// A fence whose content a plugin runs.
    Query,
    /// Lines that Logseq writes into a block: `card-repeats:: 4`.
    Properties,
    /// What opens or closes a cloze of Logseq: the `{{cloze ` or the `}}` of `{{cloze text}}`.
    ClozeMark,
    /// What closes one with a hint, ` \\ hint}}`.
    ClozeHint,
}

/// The longest link, field or reference, in bytes.
const LONGEST: usize = 1000;

/// The first words of fences whose content a plugin runs.
const QUERIES: [&str; 4] = ["dataview", "dataviewjs", "tasks", "query"];

/// Returns whether a text may hold any of it; where the dialect is not known, only what names
/// something counts.
pub(super) fn may_hold(text: &str, is_known: bool) -> bool {
    let bytes = text.as_bytes();
    let has = |sign: &&str| memchr::memmem::find(bytes, sign.as_bytes()).is_some();
    let has_reference = || {
        let mut places = memchr::memmem::find_iter(bytes, b"((");
        places.any(|at| reference(&text[at..]).is_some())
    };
    if ["[[", "{:"].iter().any(has) || has_reference() {
        return true;
    }
    let is_begun = |at: usize| at == 0 || matches!(bytes[at - 1], b' ' | b'\t' | b'\n');
    is_known
        && (["%%", "::", "![", "```", "~~~", "{{cloze "].iter().any(has)
            || memchr::memchr_iter(b'^', bytes).any(is_begun))
}

/// The pieces of a text, and the places in which there are none.
#[derive(Debug, Default)]
pub(super) struct Syntaxes {
    /// In order, none within another.
    pub(super) pieces: Vec<Piece>,
    /// Code, formulas and HTML, in order.
    pub(super) closed: Closed,
    /// The target and title of each image, by the place where it begins.
    pub(super) images: BTreeMap<usize, (String, String)>,
}

/// Places in which text is not Markdown, in order.
#[derive(Debug, Default)]
pub(super) struct Closed(Vec<Range<usize>>);

impl Closed {
    /// Returns the place that a byte is in.
    pub(super) fn around(&self, at: usize) -> Option<&Range<usize>> {
        let next = self.0.partition_point(|range| range.start <= at);
        next.checked_sub(1).map(|before| &self.0[before]).filter(|range| at < range.end)
    }
}

/// Finds all pieces in a text, from a byte on.
pub(super) fn find(text: &str, start: usize) -> Syntaxes {
    let mut closed: Vec<Range<usize>> = Vec::new();
    let (mut pieces, mut images) = (Vec::new(), BTreeMap::new());
    let none = Definitions::default();
    let events = if needs_parsing(&text[start..]) {
        markdown::parse(&text[start..], &none)
    } else {
        Vec::new()
    };
    for (event, range) in events {
        let range = range.start + start..range.end + start;
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match &kind {
                    CodeBlockKind::Fenced(info) => info.split_whitespace().next(),
                    CodeBlockKind::Indented => None,
                };
                let is_query =
                    info.is_some_and(|info| QUERIES.iter().any(|it| it.eq_ignore_ascii_case(info)));
                // What is indented too far is an outline of a graph, not code.
                let snippet = text[range.clone()].trim_start();
                if kind == CodeBlockKind::Indented && marker(snippet).is_some() {
                    continue;
                }
                if is_query {
                    pieces.push(Piece { range: range.clone(), syntax: Syntax::Query });
                }
                closed.push(range);
            }
            Event::Start(Tag::HtmlBlock)
            | Event::Code(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::InlineHtml(_) => closed.push(range),
            Event::Start(Tag::Image { link_type: LinkType::Inline, dest_url, title, .. }) => {
                images.insert(range.start, (dest_url.to_string(), title.to_string()));
                let end = range.end + logseq_size(&text[range.end..]).map_or(0, |size| size.len);
                pieces.push(Piece { range: range.start..end, syntax: Syntax::Image });
            }
            _ => {}
        }
    }
    closed.sort_by_key(|range| (range.start, range.end));
    closed.dedup_by(|next, last| {
        let is_within = next.start < last.end;
        last.end = if is_within { last.end.max(next.end) } else { last.end };
        is_within
    });
    let closed = Closed(closed);
    scan(text, start, &closed, &mut pieces, &mut images);
    find_properties(text, start, &closed, &mut pieces);
    pieces.sort_by_key(|piece| (piece.range.start, std::cmp::Reverse(piece.range.end)));
    let mut end = 0;
    pieces.retain(|piece| {
        let is_apart = piece.range.start >= end;
        end = if is_apart { piece.range.end } else { end };
        is_apart
    });
    Syntaxes { pieces, closed, images }
}

/// Returns whether a text may hold code, formulas, HTML or images. Most notes of a vault hold none, and
/// parsing them would be most of what their links cost.
fn needs_parsing(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_sign = |byte: &u8| matches!(byte, b'`' | b'$' | b'<' | b'\\' | b'\t');
    let has = |sign: &&str| memchr::memmem::find(bytes, sign.as_bytes()).is_some();
    bytes.iter().any(is_sign) || ["![", "~~~", "    "].iter().any(has)
}

fn scan(
    text: &str,
    start: usize,
    closed: &Closed,
    pieces: &mut Vec<Piece>,
    images: &mut BTreeMap<usize, (String, String)>,
) {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut has_comments = true;
    while let Some(&byte) = bytes.get(at) {
        if !matches!(byte, b'\\' | b'%' | b'!' | b'[' | b'(' | b'{' | b'^' | b'#') {
            at += 1;
            continue;
        }
        if let Some(range) = closed.around(at) {
            at = range.end;
            continue;
        }
        let rest = &text[at..];
        let found = match byte {
            b'\\' => {
                at += 2;
                continue;
            }
            b'%' if rest.starts_with("%%") && has_comments => {
                let limit = comment_limit(text, at);
                let end = comment_end(&text[..limit], at + 2, closed);
                has_comments = end.is_some() || limit < text.len();
                end.map(|end| (end - at, Syntax::Comment))
            }
            b'!' if rest.starts_with("![[") => {
                link(&rest[1..]).map(|len| (len + 1, Syntax::Embed)).map(|(len, syntax)| {
                    (len + logseq_size(&rest[len..]).map_or(0, |size| size.len), syntax)
                })
            }
            b'#' if rest.starts_with("#[[") => link(&rest[1..]).map(|len| (len + 1, Syntax::Tag)),
            b'[' => link(rest)
                .map(|len| (len, Syntax::Link))
                .or_else(|| field(rest, ']'))
                .or_else(|| block_link(rest).map(|len| (len, Syntax::BlockLink))),
            b'(' => reference(rest)
                .map(|len| (len, Syntax::BlockReference))
                .or_else(|| field(rest, ')')),
            b'{' => embed(rest).map(|len| (len, Syntax::Embed)).or_else(|| {
                let Cloze { text, has_hint, len } = logseq_cloze(rest)?;
                let syntax = if has_hint { Syntax::ClozeHint } else { Syntax::ClozeMark };
                pieces.push(Piece { range: at + text.end..at + len, syntax });
                Some((text.start, Syntax::ClozeMark))
            }),
            b'!' if rest.starts_with("![") => image(rest).map(|(len, target)| {
                images.entry(at).or_insert((target, String::new()));
                (len, Syntax::Image)
            }),
            b'^' => block_id(text, start, at).map(|len| (len, Syntax::BlockId)),
            _ => None,
        };
        match found {
            Some((len, syntax)) => {
                pieces.push(Piece { range: at..at + len, syntax });
                at += len;
            }
            None => at += 1,
        }
    }
}

/// Finds the properties that Logseq writes into blocks; those right behind the marker of an item go
/// up to its text.
fn find_properties(text: &str, start: usize, closed: &Closed, pieces: &mut Vec<Piece>) {
    if !["card-", "collapsed:: ", "id:: "].iter().any(|key| text.contains(key)) {
        return;
    }
    let mut at = start;
    let mut open: Option<Range<usize>> = None;
    let mut add = |range| pieces.push(Piece { range, syntax: Syntax::Properties });
    for line in text[start..].split_inclusive('\n') {
        let inner = at + line.len() - line.trim_start_matches([' ', '\t', '\n', '\r']).len();
        let width = marker(&text[inner..at + line.len()]).unwrap_or_default();
        let shown = text[inner + width..at + line.len()].trim_end();
        let is_property = is_property(shown) && closed.around(inner).is_none();
        match &mut open {
            Some(range) if is_property && width == 0 => range.end = at + line.len(),
            Some(range) => {
                let is_text = width == 0 && !shown.is_empty();
                let end = if is_text {
                    inner
                } else {
                    range.start + text[range.clone()].trim_end().len()
                };
                add(range.start..end);
                open = None;
            }
            None => {}
        }
        if open.is_none() && is_property {
            if width > 0 {
                open = Some(inner + width..at + line.len());
            } else {
                add(inner..inner + shown.len());
            }
        }
        at += line.len();
    }
    open.into_iter().for_each(add);
}

fn is_property(line: &str) -> bool {
    let Some((key, value)) = line.split_once("::") else { return false };
    let is_known = key.starts_with("card-") || ["id", "collapsed"].contains(&key);
    is_known && is_key(key) && value.starts_with(' ')
}

/// Returns the length of an image with the size that Logseq writes, and its target.
fn image(rest: &str) -> Option<(usize, String)> {
    let line = rest.lines().next()?;
    let open = line.find("](")?;
    let size = line.find("){:").filter(|close| *close > open && *close < LONGEST)?;
    let len = size + 1 + logseq_size(&line[size + 1..])?.len;
    let is_one = !line[2..open].contains("![");
    is_one.then(|| (len, line[open + 2..size].to_owned()))
}

/// Returns how far a comment may go: one that begins within a line, where its paragraph ends, so
/// that two stray signs do not take away what is between them.
fn comment_limit(text: &str, at: usize) -> usize {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    if text[line..at].trim().is_empty() {
        return text.len();
    }
    let mut end = at;
    for line in text[at..].split_inclusive('\n') {
        if line.trim().is_empty() {
            return end;
        }
        end += line.len();
    }
    end
}

/// Returns the end of the comment that is open at a place.
fn comment_end(text: &str, from: usize, closed: &Closed) -> Option<usize> {
    let ends = memchr::memmem::find_iter(&text.as_bytes()[from..], b"%%").map(|end| from + end);
    ends.into_iter().find(|end| closed.around(*end).is_none()).map(|end| end + 2)
}

/// Returns the length of a link in double brackets.
fn link(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix("[[")?;
    let limit = (0..=inner.len().min(LONGEST)).rev().find(|at| inner.is_char_boundary(*at))?;
    let end = inner[..limit].find("]]")?;
    let name = &inner[..end];
    let is_name = !name.trim().is_empty() && !name.contains(['\n', '\r']) && !name.contains("[[");
    // `[[1]](https://…)` is a link whose text is in brackets, `[[cell]](s)` is none.
    let target = inner[end + 2..].strip_prefix('(').and_then(|rest| rest.split(')').next());
    let is_target = target.is_some_and(|target| target.contains(['/', '.', ':', '#', '\\']));
    (is_name && !is_target).then_some(end + 4)
}

/// Returns the length of a field in brackets.
fn field(rest: &str, close: char) -> Option<(usize, Syntax)> {
    let inner = &rest[1..];
    let colons = inner.bytes().take(60).position(|byte| byte == b':')?;
    let key = &inner[..colons];
    let value = inner[colons..].strip_prefix("::")?;
    let limit = (0..=value.len().min(LONGEST)).rev().find(|at| value.is_char_boundary(*at))?;
    let end = find_close(&value[..limit], close)?;
    let is_apart = value[..end].is_empty() || value.starts_with(' ');
    let after = &value[end..];
    let is_field = is_key(key) && is_apart && after.starts_with(close);
    let is_link = close == ']' && after[1..].starts_with(['(', '[']);
    (is_field && !is_link).then_some((1 + colons + 2 + end + 1, Syntax::Field))
}

/// Returns where the bracket closes that is open before a text; others within it are closed there.
fn find_close(text: &str, close: char) -> Option<usize> {
    let open = if close == ']' { '[' } else { '(' };
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '\n' => return None,
            c if c == open => depth += 1,
            c if c == close && depth == 0 => return Some(at),
            c if c == close => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Returns whether a text is the key of a field.
pub(super) fn is_key(key: &str) -> bool {
    let key = key.trim_matches(['*', '_']);
    let is_sign = |c: char| c.is_alphanumeric() || "-_/ .".contains(c);
    key.starts_with(char::is_alphanumeric)
        && key.chars().all(is_sign)
        && key.split(' ').count() <= 3
}

/// Returns the length of a link with a text that leads to a block.
fn block_link(rest: &str) -> Option<usize> {
    let limit = (0..=rest.len().min(LONGEST)).rev().find(|at| rest.is_char_boundary(*at))?;
    let end = rest[..limit].find(['\n', ']']).filter(|end| rest[*end..].starts_with("](("))?;
    let len = reference(&rest[end + 2..])?;
    rest[end + 2 + len..].starts_with(')').then_some(end + 2 + len + 1)
}

/// Returns the length of `{{embed [[Note]]}}` or `{{embed ((uuid))}}`.
fn embed(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix("{{embed ")?;
    let shown = inner.trim_start();
    let len = link(shown).or_else(|| reference(shown))?;
    let after = shown[len..].trim_start();
    after.starts_with("}}").then(|| rest.len() - after.len() + 2)
}

/// Returns the length of the block id at a place: at the end of a line, behind a blank or alone.
fn block_id(text: &str, start: usize, at: usize) -> Option<usize> {
    let len =
        text[at + 1..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
    let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    if len == 0 || !text[at + 1 + len..line_end].trim().is_empty() {
        return None;
    }
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1).max(start);
    let before = &text[line_start..at];
    let is_alone = before.trim_matches([' ', '\t', '>']).is_empty();
    if !is_alone && !before.ends_with([' ', '\t']) {
        return None;
    }
    let id = &text[at + 1..at + 1 + len];
    let digits = id.bytes().filter(u8::is_ascii_digit).count();
    let is_made = (digits == len && len >= 10) || (len == 6 && (1..6).contains(&digits));
    let below = text.get(line_end + 1..).unwrap_or_default();
    let below = below.lines().next().unwrap_or_default().trim_start_matches([' ', '\t', '>']);
    let is_title = before.trim_start_matches([' ', '\t', '>']).starts_with("[!");
    let ends_block = before.starts_with('#')
        || is_title
        || below.trim().is_empty()
        || below.contains("::")
        || begins_card(below)
        || below.starts_with(['#', '|', '`', '~', '?', '<'])
        || marker(below).is_some();
    (is_alone || is_made || ends_block).then_some(1 + len)
}

/// Returns whether a line begins a card of its own, `Q: …`, whatever stands above it.
fn begins_card(line: &str) -> bool {
    let word = line.split(':').next().unwrap_or_default().trim_matches(['*', '_']);
    line.len() > word.len()
        && ["q", "a", "question", "answer"].iter().any(|it| word.eq_ignore_ascii_case(it))
}

#[cfg(test)]
mod tests {
    use super::{Syntax, find};

    fn check(text: &str, expect: &[(&str, Syntax)]) {
        let found = find(text, 0);
        let found: Vec<_> =
            found.pieces.iter().map(|it| (&text[it.range.clone()], it.syntax)).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn pieces_are_found() {
        check("see [[A b#c|d]] now", &[("[[A b#c|d]]", Syntax::Link)]);
        check("![[a.png|300]]", &[("![[a.png|300]]", Syntax::Embed)]);
        check("![x|30](a.png)", &[("![x|30](a.png)", Syntax::Image)]);
        check(
            "![x](a.png){:height 2, :width 3} y",
            &[("![x](a.png){:height 2, :width 3}", Syntax::Image)],
        );
        check("a %%b\nc%% d", &[("%%b\nc%%", Syntax::Comment)]);
        check("a\n\n%%b\n\nc%% d", &[("%%b\n\nc%%", Syntax::Comment)]);
        check("5%% a\n\nb 6%%\n\nc %%d%%", &[("%%d%%", Syntax::Comment)]);
        check("[[cell]](s)", &[("[[cell]]", Syntax::Link)]);
        check(
            "[up:: [[x]]] [c:: d [e] f]",
            &[("[up:: [[x]]]", Syntax::Field), ("[c:: d [e] f]", Syntax::Field)],
        );
        check("text ^id-1\n", &[("^id-1", Syntax::BlockId)]);
        check("text\n^id\n", &[("^id", Syntax::BlockId)]);
        check(
            "a [due:: today] b (x:: y)",
            &[("[due:: today]", Syntax::Field), ("(x:: y)", Syntax::Field)],
        );
        check("```dataview\nLIST\n```\n", &[("```dataview\nLIST\n```", Syntax::Query)]);
        let id = "((0123abcd-0123-4567-89ab-0123456789ab))";
        check(id, &[(id, Syntax::BlockReference)]);
        let embed = format!("{{{{embed {id}}}}}");
        check(&embed, &[(&embed, Syntax::Embed)]);
    }

    #[test]
    fn others_are_text() {
        for text in [
            "`[[a]]`",
            "```\n![[a]] ^x\n```\n",
            "$x ^2$",
            "$$\nx ^n\n$$\n",
            "\\[[a]]",
            "[[1]](https://example.org)",
            "[[]]",
            "a %% b",
            "x^2\n",
            "x ^two\nmore",
            "std::move",
            "[a::b]",
            "[^1]",
            "[a](((b)))",
            "<b title=\"[[a]]\">",
        ] {
            check(text, &[]);
        }
    }
}
