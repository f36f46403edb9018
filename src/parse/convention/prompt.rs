//! What a line says, without what stands around it: numbers, emoji, stars, links, closing signs.
//!
//! A prompt is pieces of the source, one after the other, so that a star can be left out before a
//! word and kept behind it.

use std::ops::Range;

use super::vocabulary;
use crate::markdown::html::is_element;

/// The pieces of the source that make a text of one line.
pub(in crate::parse) type Pieces = Vec<Range<usize>>;

/// Marks that stand around a whole text, opening and closing.
const WRAPPERS: &[(&str, &str)] = &[
    ("***", "***"),
    ("**", "**"),
    ("__", "__"),
    ("<b>", "</b>"),
    ("<strong>", "</strong>"),
    ("<B>", "</B>"),
    ("<h1>", "</h1>"),
    ("<h2>", "</h2>"),
    ("<h3>", "</h3>"),
    ("<h4>", "</h4>"),
    ("<h5>", "</h5>"),
    ("<h6>", "</h6>"),
    ("<em>", "</em>"),
    ("<i>", "</i>"),
    ("<u>", "</u>"),
    ("<p>", "</p>"),
    ("<font>", "</font>"),
    ("<span>", "</span>"),
];

/// A text without white space, marks, anchors and page links around it.
pub(in crate::parse) fn unwrapped(text: &str, mut range: Range<usize>) -> Range<usize> {
    // As many as anybody would put around a question.
    for _ in 0..16 {
        let before = range.clone();
        range = trimmed(text, range);
        let says = &text[range.clone()];
        let wrappers = if says.starts_with(['*', '_', '<']) { WRAPPERS } else { &[] };
        for (open, close) in wrappers {
            let inner = says.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
            if let Some(inner) = inner
                && !inner.is_empty()
                && !inner.contains(close)
            {
                range = range.start + open.len()..range.end - close.len();
                break;
            }
        }
        if range != before {
            continue;
        }
        if let Some(width) = stars(says) {
            range.end -= width;
        } else if let Some(inner) = page_link(says) {
            range = range.start + inner.start..range.start + inner.end;
        } else if let Some(width) = leading_anchor(says) {
            range.start += width;
        } else if let Some(width) = trailing_anchor(says) {
            range.end -= width;
        } else {
            break;
        }
    }
    range
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let says = &text[range.clone()];
    let start = range.start + says.len() - says.trim_start().len();
    let says = says.trim();
    // A backslash or `<br>` at the end breaks a line, and there is nothing behind it.
    let mut shown = says;
    while shown.ends_with('>') {
        let lower = ["<br>", "<br/>", "<br />", "</br>", "<BR>"];
        let cut = lower.iter().find_map(|tag| shown.strip_suffix(tag));
        match cut {
            Some(rest) => shown = rest.trim_end(),
            None => break,
        }
    }
    start..start + shown.len()
}

/// The width of stars behind a question that make nothing bold and say how hard it is.
fn stars(text: &str) -> Option<usize> {
    let rest = text.trim_end_matches('*');
    let count = text.len() - rest.len();
    let shown = rest.trim_end();
    let is_apart = shown.len() < rest.len() && !shown.contains(['*', '`']);
    let is_end = shown.ends_with(vocabulary::MARKS) || (count > 2 && !shown.is_empty());
    (count > 0 && is_apart && is_end).then_some(count)
}

/// The text of a link that is all of a text, and leads to a place in the same page or nowhere.
fn page_link(text: &str) -> Option<Range<usize>> {
    let rest = text.strip_prefix('[')?;
    let close = closing(rest)?;
    let target = rest[close + 1..].strip_prefix('(')?.strip_suffix(')')?;
    let leads_here = target.is_empty() || target.starts_with('#');
    (leads_here && !target.contains(')') && close > 0).then_some(1..1 + close)
}

/// Where the bracket closes that is open before a text.
pub(in crate::parse) fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'[' => depth += 1,
            b']' if depth == 0 => return Some(at),
            b']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The width of an anchor at the beginning, which nobody sees: `<a id="x"></a>`; or of a link to
/// the top.
fn leading_anchor(text: &str) -> Option<usize> {
    if let Some(rest) = text.strip_prefix('[') {
        let shown = &rest[..closing(rest)?];
        let target = rest[shown.len() + 1..].strip_prefix("(#")?;
        let end = target.find(')')?;
        let width = text.len() - target.len() + end + 1;
        return (is_back(shown) && width < text.len()).then_some(width);
    }
    let rest = text.strip_prefix("<a ").or_else(|| text.strip_prefix("<A "))?;
    let open = rest.find('>')?;
    let after = &rest[open + 1..];
    let is_empty = after.starts_with("</a>") || after.starts_with("</A>");
    let is_anchor = rest[..open].starts_with("name=") || rest[..open].starts_with("id=");
    match (is_empty, is_anchor) {
        (true, _) => Some(3 + open + 1 + "</a>".len()),
        (false, true) if !after.contains("</a>") || rest[..open].ends_with('/') => {
            Some(3 + open + 1)
        }
        _ => None,
    }
}

/// The width of an anchor or of a link to the top at the end.
fn trailing_anchor(text: &str) -> Option<usize> {
    if let Some(before) = text.strip_suffix("</a>") {
        let open = before.rfind("<a ")?;
        let shown = before[open..].split_once('>')?.1;
        return is_back(shown)
            .then_some(text.len() - open)
            .or_else(|| shown.is_empty().then_some(text.len() - open));
    }
    let before = text.strip_suffix(')')?;
    let open = before.rfind("](#")?;
    let start = before[..open].rfind('[')?;
    let shown = &before[start + 1..open];
    (start > 0 && is_back(shown)).then_some(text.len() - start)
}

/// The pieces of a text between the tags of a few elements that only set it.
pub(in crate::parse) fn between_tags(text: &str, range: Range<usize>) -> Pieces {
    let names = ["a", "b", "strong", "i", "em", "u", "span", "font", "br", "img", "sup", "sub"];
    let mut pieces = Pieces::new();
    let mut start = range.start;
    let mut from = range.start;
    while let Some(open) = text[from..range.end].find('<').map(|at| from + at) {
        let rest = &text[open + 1..range.end];
        let name = rest.trim_start_matches('/').split(['>', ' ', '/']).next().unwrap_or_default();
        let end = rest.find('>').filter(|_| names.contains(&name.to_ascii_lowercase().as_str()));
        from = open + 1;
        if let Some(end) = end {
            pieces.push(start..open);
            start = open + 1 + end + 1;
            from = start;
        }
    }
    pieces.push(start..range.end);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Whether a text leads back to the top, or is an arrow and nothing else.
pub(in crate::parse) fn is_back(text: &str) -> bool {
    let says = plain(text);
    let bare = says.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    vocabulary::BACK.contains(&bare.as_str())
        || (bare.is_empty()
            && says.chars().any(|c| matches!(c, '⬆' | '↑' | '↥' | '🔝' | '⇧' | '▲' | '⏫' | '🔼')))
}

/// A text without emoji, arrows and bullets before it.
pub(in crate::parse) fn undecorated(text: &str, range: Range<usize>) -> Range<usize> {
    let says = &text[range.clone()];
    let mut start = 0;
    let mut chars = says.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let is_keycap = c.is_ascii_digit() || c == '#' || c == '*';
        let mut ahead = says[at + c.len_utf8()..].chars();
        let next = ahead.next();
        let is_keycap = is_keycap
            && (next == Some('\u{20e3}')
                || (next == Some('\u{fe0f}') && ahead.next() == Some('\u{20e3}')));
        if is_emoji(c) || is_keycap || (start > 0 && c.is_whitespace()) {
            start = at + c.len_utf8();
        } else if let Some(width) = short_code(&says[at..]) {
            start = at + width;
            while chars.peek().is_some_and(|(next, _)| *next < start) {
                chars.next();
            }
        } else {
            break;
        }
    }
    // What is nothing but decoration is left as it is.
    if start >= says.len() { range } else { range.start + start..range.end }
}

/// The width of an emoji by its name, as in `:star:`.
fn short_code(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(':')?;
    let end = rest.find(':')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_+-".contains(c);
    (end > 1 && rest[..end].chars().all(is_name)).then_some(end + 2)
}

/// Whether a character is a picture or an arrow, or belongs to one.
pub(in crate::parse) fn is_emoji(c: char) -> bool {
    matches!(
        c,
        '\u{1f000}'..='\u{1faff}'
            | '\u{2600}'..='\u{27bf}'
            | '\u{2b00}'..='\u{2bff}'
            | '\u{2190}'..='\u{21ff}'
            | '\u{2300}'..='\u{23ff}'
            | '\u{25a0}'..='\u{25ff}'
            | '\u{fe0f}'
            | '\u{200d}'
            | '\u{20e3}'
            | '•'
            | '·'
            | '\u{e0020}'..='\u{e007f}'
    )
}

/// How wide the number before a text is, as in `1.`, `2)`, `(3)`, `4.1`, `#5`.
pub(in crate::parse) fn number(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("#").map_or(text, str::trim_start);
    let opened = rest.strip_prefix(['(', '[']).unwrap_or(rest);
    let is_open = opened.len() < rest.len();
    let digits = opened.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return numeral(opened).filter(|_| !is_open).map(|width| text.len() - opened.len() + width);
    }
    if digits > 4 {
        return None;
    }
    let mut at = digits;
    let mut parts = 1;
    while let Some(after) = opened[at..].strip_prefix('.') {
        let more = after.bytes().take_while(u8::is_ascii_digit).count();
        if more == 0 {
            break;
        }
        at += 1 + more;
        parts += 1;
    }
    let after = &opened[at..];
    let sign = [
        "\\.", ".)", ".", "\\)", ")", "]", ":", "：", "、", "．", " -", " –", " —", "-", "–", "/",
        " .", " )",
    ]
    .iter()
    .find(|sign| after.starts_with(**sign));
    let has_number_sign = rest.len() < text.len();
    let width = sign.map_or(0, |sign| sign.len());
    let behind = &after[width..];
    let is_apart = behind.is_empty()
        || behind.starts_with(char::is_whitespace)
        || (sign.is_some_and(|sign| !["-", "/", ":", " .", " )"].contains(sign))
            && (sign == Some(&"、") || behind.starts_with(|c: char| !c.is_ascii_digit())));
    let is_number = match sign {
        Some(&(")" | "]")) => true,
        Some(_) => !is_open,
        None => (parts > 1 || has_number_sign) && !is_open,
    };
    (is_apart && is_number).then(|| {
        let shown = behind.trim_start();
        text.len() - shown.len()
    })
}

/// How wide a number in Chinese letters is, as in `三、`.
fn numeral(text: &str) -> Option<usize> {
    let rest = text.trim_start_matches(|c: char| "〇零一二三四五六七八九十百".contains(c));
    let after = rest.trim_start_matches(['、', '．', '.', ' ', '\u{3000}']);
    (rest.len() < text.len() && after.len() < rest.len() && !after.is_empty())
        .then_some(text.len() - after.len())
}

/// How wide the word before a question is, with its number and sign, as in `Q:`, `Question 5.`.
pub(in crate::parse) fn question_word(text: &str) -> Option<usize> {
    if let Some(width) = counted(text) {
        return Some(width);
    }
    let word = longest(text, vocabulary::QUESTION.iter().copied())?;
    let is_letter = text[..word].eq_ignore_ascii_case("q");
    let rest = &text[word..];
    let shown = rest.trim_start_matches([' ', '\u{a0}', '-', '_', '.', '#', '№']);
    let signs = ["no.", "n°", "nº", "nr."];
    let shown =
        signs.iter().find_map(|sign| shown.strip_prefix(sign)).map_or(shown, str::trim_start);
    let digits = shown.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let has_number = shown.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    if has_number {
        let digits = shown[..digits].trim_end_matches('.').len();
        let after = &shown[digits..];
        // `Question 17a.`
        let lettered = after.strip_prefix(|c: char| c.is_ascii_lowercase());
        let after = lettered.filter(|rest| rest.starts_with(['.', ')', ':'])).unwrap_or(after);
        let signs = after.trim_start_matches([
            '.', ')', ':', '：', ']', '-', '–', '—', '|', '、', ' ', '\u{a0}',
        ]);
        let is_apart = signs.len() < after.len() || after.is_empty();
        return (is_apart || after.starts_with(['*', '_', '<']))
            .then_some(text.len() - signs.len());
    }
    let signs: &[char] = if is_letter { &['.', ':', '：', ')'] } else { &[':', '：'] };
    let after = rest.trim_start();
    let behind = after.strip_prefix(signs).or_else(|| {
        // `Q - What is it?`
        let dash = after.strip_prefix(['-', '–', '—'])?;
        (is_letter && rest.starts_with(' ') && dash.starts_with(' ')).then_some(dash)
    });
    // A colon within the stars, and what they make bold ends there: `**Question**: …`.
    let behind = behind.or_else(|| {
        let closed = ["**", "__", "</b>", "</strong>"].iter().find_map(|c| rest.strip_prefix(c))?;
        closed.strip_prefix(signs).map(|_| rest)
    });
    behind.map(|behind| text.len() - behind.trim_start().len())
}

/// How wide a word is that stands around its number: `第 3 题`.
fn counted(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('第')?.trim_start();
    let rest =
        inner.trim_start_matches(|c: char| c.is_numeric() || "一二三四五六七八九十百".contains(c));
    let after = rest.trim_start().strip_prefix(['题', '題', '问', '問'])?;
    let shown = after.trim_start_matches([':', '：', '.', '、', ' ']);
    (rest.len() < inner.len()).then_some(text.len() - shown.len())
}

/// The length of the longest of some words in lower case that a text begins with, whatever its
/// case.
pub(in crate::parse) fn longest<'w>(
    text: &str,
    words: impl Iterator<Item = &'w str>,
) -> Option<usize> {
    let mut found = None;
    // Nearly no line begins with any of them, and its first letter says so.
    let first = text.chars().next()?.to_lowercase().next()?;
    for word in words.filter(|word| word.starts_with(first)) {
        let mut chars = text.char_indices();
        let mut end = 0;
        let is_same = word.chars().all(|c| {
            chars.next().is_some_and(|(at, other)| {
                end = at + other.len_utf8();
                other == c || other.to_lowercase().eq(c.to_lowercase())
            })
        });
        let is_whole = || {
            let last = word.chars().next_back();
            let is_spaced = last.is_some_and(|c| c.is_alphabetic() && (c as u32) < 0x2e80);
            let next = text[end..].chars().next();
            !is_spaced || next.is_none_or(|c| !c.is_alphabetic())
        };
        if is_same && is_whole() && found.is_none_or(|best| end > best) {
            found = Some(end);
        }
    }
    found
}

/// The pieces of a question, of which the word before it has been found and left out; a mark that
/// was open around the word closes somewhere behind it.
pub(in crate::parse) fn pieces(text: &str, range: Range<usize>, open: Option<&str>) -> Pieces {
    let says = &text[range.clone()];
    let Some(at) = open.and_then(|close| says.find(close).map(|at| (at, close.len()))) else {
        return vec![unwrapped(text, range)];
    };
    let (at, width) = at;
    let first = trimmed(text, range.start..range.start + at);
    let mut rest = range.start + at + width..range.end;
    let says = &text[rest.clone()];
    if first.is_empty() {
        let skipped = says.trim_start_matches([' ', ':', '.', '：', '-', '–']).len();
        rest.start += says.len() - skipped;
        return vec![unwrapped(text, rest)];
    }
    let rest = rest.start..trimmed(text, rest).end;
    [first, rest].into_iter().filter(|piece| !piece.is_empty()).collect()
}

/// Whether a text begins with a tag of an HTML element, and not with a text in angle brackets.
pub(in crate::parse) fn is_tag(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('<') else { return false };
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    is_element(&inner[..end].to_ascii_lowercase()) && !inner[end..].starts_with('-')
}

/// Whether a text is remarks in brackets and nothing else: `*(Easy)*`, `[2 points] [hard]`.
pub(in crate::parse) fn in_brackets(text: &str) -> bool {
    let mut rest = text.trim_matches(|c: char| "*_ ".contains(c));
    if rest.contains("](") || has_mark(rest) {
        return false;
    }
    while let Some(inner) = rest.strip_prefix(['(', '[', '（', '【']) {
        let Some(end) = inner.find([')', ']', '）', '】']) else { return false };
        let width = inner[end..].chars().next().map_or(1, char::len_utf8);
        rest = inner[end + width..].trim_start_matches(['*', '_', ' ', ',']);
        if rest.is_empty() {
            return true;
        }
    }
    false
}

/// What a text shows, without marks: enough to compare, not to show.
pub(in crate::parse) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Where nothing closes, nothing behind it does.
    let (mut may_tag, mut may_link) = (true, true);
    while let Some(c) = rest.chars().next() {
        let width = c.len_utf8();
        let behind = |sign: char| rest.find(sign).map(|end| &rest[end + 1..]);
        rest = match c {
            '<' if may_tag && is_tag(rest) => {
                let after = behind('>');
                may_tag = after.is_some();
                after.unwrap_or(&rest[width..])
            }
            ']' if may_link && rest[1..].starts_with('(') => {
                let after = behind(')');
                may_link = after.is_some();
                after.unwrap_or(&rest[width..])
            }
            '*' | '_' | '`' | '[' | ']' | '\\' => &rest[width..],
            _ => {
                out.push(c);
                &rest[width..]
            }
        };
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text asks something.
pub(in crate::parse) fn asks(text: &str) -> bool {
    let says = plain(text);
    let says = says.trim_matches(|c: char| is_emoji(c) || c.is_whitespace());
    if says.contains(vocabulary::MARKS) || text.contains("___") {
        return true;
    }
    let lower = says.to_lowercase();
    begins(&lower, vocabulary::INTERROGATIVE)
        || begins(&lower, vocabulary::ASKING)
        || contains(&lower, vocabulary::INTERROGATIVE_WITHIN)
        || contains(&lower, vocabulary::ASKING_WITHIN)
}

/// Whether a text asks something, and tells nobody how to do it, as titles of other texts do.
pub(in crate::parse) fn asks_clearly(text: &str) -> bool {
    let lower = plain(text).to_lowercase();
    let is_guide = lower.starts_with("how to ");
    has_mark(text)
        || (begins(&lower, vocabulary::INTERROGATIVE) && !is_guide)
        || contains(&lower, vocabulary::INTERROGATIVE_WITHIN)
}

/// Whether a text of several words begins with one of some.
fn begins(lower: &str, words: &[&str]) -> bool {
    let first = lower.split(|c: char| c.is_whitespace() || ",:;".contains(c)).next();
    let is_long = lower.split_whitespace().count() > 1;
    first.is_some_and(|first| is_long && words.contains(&first))
}

fn contains(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Whether a text has the sign of a question in it.
pub(in crate::parse) fn has_mark(text: &str) -> bool {
    plain(text).contains(vocabulary::MARKS)
}
